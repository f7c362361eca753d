//! `cohorts attend --from` without a terminal: Zoom's reports in each of their
//! forms, as `examples/` has them.

use std::path::Path;

use snapbox::{assert_data_eq, str};

use crate::office::Office;

pub(crate) fn example(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name);
    std::fs::read_to_string(path).unwrap()
}

/// Winter 2024 of `examples/`, of whom ten agreed in time; Kit and Sara did
/// not, Milo has withdrawn, another Sara waits. Nothing is recorded yet.
pub(crate) fn winter() -> Office {
    let office = Office::winter();
    office.write("signups.csv", &example("winter-2024-signups.csv"));
    office.at("2024-01-16 09:00").ok("import signups.csv");
    office.at("2024-01-18 09:00").ok("withdraw milo@example.org --reason schedule");
    office.ok("place");
    for name in ["amara", "bea", "chen", "dara", "elif", "finn", "grace", "hugo", "ines", "jonas"] {
        office.ok(&format!("consent agreed {name}@example.org"));
    }
    for name in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples")).unwrap() {
        let name = name.unwrap().file_name().into_string().unwrap();
        if name.starts_with("zoom-") {
            office.write(&name, &example(&name));
        }
    }
    office.at("2024-01-23 11:40");
    office
}

/// The marks of the first week, without those who have none: "Amara P, Bea P".
pub(crate) fn week(office: &Office, number: usize) -> String {
    let marks = office.marks("winter");
    let marked = marks.lines().skip(1).filter_map(|line| {
        let cells: Vec<&str> = line.split(',').collect();
        (!cells[number].is_empty()).then(|| format!("{} {}", cells[0], cells[number]))
    });
    let mut marked: Vec<String> = marked.collect();
    marked.sort();
    marked.join(", ")
}

const WEEK_1: &str =
    "Amara P, Bea P, Chen L, Dara P, Elif P, Finn A, Grace P, Hugo P, Inês P, Jonas P";

#[test]
fn each_join_in_a_row() {
    let office = winter();
    let said = office.says("attend --from zoom-joins.csv --who iPhone=hugo@example.org");
    assert_data_eq!(
        said,
        str![[r#"
Winter 2024, week 1, Tue 23 January: from zoom-joins.csv.

   Amara  P  120 min              Elif   P  118 min    Inês   P  120 min
   Bea    P  120 min              Finn   A             Jonas  P  120 min
   Chen   L  97 min, from 9:53    Grace  P  120 min    Kit    x  not agreed
   Dara   P  120 min              Hugo   P  119 min    Sara   x  not agreed

  8 present        Amara, Bea, Dara, Elif, Grace, Hugo, Inês, Jonas
  1 late           Chen
  1 absent         Finn
Left out: 1 facilitator and 2 rows in the waiting room.
Saved week 1 of winter-2024: 10 marks.  To take it back: cohorts undo

"#]]
    );
    assert_eq!(week(&office, 1), WEEK_1);
    assert_eq!(office.run("check").code, 0);
}

#[test]
fn each_join_in_the_columns_of_2021() {
    let office = winter();
    office.edit("facilitators = []", "facilitators = [\"robin lee\"]");
    office.at("2024-01-29 17:00").ok("consent agreed kit@example.org");
    office.ok("excuse jonas@example.org --week 2");
    office.at("2024-01-30 11:40");
    office.ok("attend --from zoom-joins-2021.csv --who 'Hugo Tremblay=hugo@example.org'");
    assert_eq!(
        week(&office, 2),
        "Amara P, Bea P, Chen L, Dara P, Elif P, Finn A, Grace P, Hugo P, Inês P, Jonas E, Kit P"
    );
}

#[test]
fn below_the_meeting_as_windows_writes_it() {
    let office = winter();
    let report = example("zoom-joins-with-meeting.csv");
    assert!(report.starts_with('\u{feff}') && report.contains(",,\r\n"));
    office.at("2024-01-29 17:00").ok("consent agreed kit@example.org");
    office.at("2024-02-06 11:40").ok("excuse grace@example.org --week 3");
    let said = office.says("attend --from zoom-joins-with-meeting.csv");
    assert!(said.contains("week 3, Tue 6 February"), "{said}");
    assert_eq!(
        week(&office, 3),
        "Amara P, Bea P, Chen P, Dara P, Elif P, Finn P, Grace E, Hugo D, Inês P, Jonas P, Kit P"
    );
}

#[test]
fn of_unique_users_the_week_has_to_be_said_and_only_minutes_are_known() {
    let office = winter();
    office.at("2024-01-29 17:00").ok("consent agreed kit@example.org");
    office.at("2024-02-13 11:40");
    let said = office.refuses(2, "attend --from zoom-unique-users.csv");
    assert_data_eq!(
        said,
        str![[r#"
error: zoom-unique-users.csv does not say of which day it is
hint: add --week N, for the session that it is of
hint: it can be of 1 (Tue 23 January), 2 (Tue 30 January), 3 (Tue 6 February) and 4 (Tue 13 February)

"#]]
    );
    let said = office.says("attend --from zoom-unique-users.csv --week 4");
    assert!(said.contains("Hugo   D  20 min"), "{said}");
    assert!(said.contains("do not tell who came late or left early"), "{said}");
    assert_eq!(
        week(&office, 4),
        "Amara P, Bea P, Chen P, Dara P, Elif P, Finn P, Grace P, Hugo D, Inês P, Jonas P, Kit P"
    );
}

#[test]
fn of_a_range_of_dates_only_the_meetings_of_the_session_count() {
    let office = winter();
    // On the day after the first session, the second is still to come.
    office.at("2024-01-24 09:00");
    let said = office.says("attend --from zoom-date-range.csv");
    assert!(said.contains("week 1, Tue 23 January"), "{said}");
    assert!(!said.contains("Alex"), "{said}");
    assert_eq!(week(&office, 1), WEEK_1);
    office.at("2024-01-29 17:00").ok("consent agreed kit@example.org");
    office.ok("excuse jonas@example.org --week 2");
    // Then the second is the only one not recorded. It was cut in two by a crash.
    let said = office.at("2024-01-31 09:00").says("attend --from zoom-date-range.csv");
    assert!(said.contains("week 2, Tue 30 January"), "{said}");
    assert!(said.contains("Amara  P  118 min"), "{said}");
    assert_eq!(
        week(&office, 2),
        "Amara P, Bea P, Chen L, Dara P, Elif P, Finn A, Grace P, Hugo P, Inês P, Jonas E, Kit P"
    );
    // Now both are recorded, and it has to be said which is meant.
    let said = office.refuses(2, "attend --from zoom-date-range.csv");
    assert!(said.contains("more than one session"), "{said}");
    let said = office.says("attend --from zoom-date-range.csv --week 1");
    assert_eq!(said, "This report was recorded on 24 January; nothing was changed.\n");
}

#[test]
fn the_same_file_twice_changes_nothing_until_it_is_taken_back() {
    let office = winter();
    let line = "attend --from zoom-joins.csv --who iPhone=hugo@example.org --always";
    office.ok(line);
    let before = office.files();
    office.at("2024-01-24 09:00");
    for line in ["attend --week 1 --from zoom-joins.csv", line] {
        let said = office.says(line);
        assert_eq!(said, "This report was recorded on 23 January; nothing was changed.\n");
    }
    let said = office.says(&format!("{line} --replace"));
    assert!(said.ends_with("recorded so already; nothing was changed.\n"), "{said}");
    assert!(!said.contains("undo"), "{said}");
    assert!(office.files() == before);

    // All of it goes in one go, the name too.
    assert!(office.ok("participant show hugo@example.org").contains("in Zoom    iPhone"));
    office.ok("undo");
    assert_eq!(week(&office, 1), "");
    assert!(!office.ok("participant show hugo@example.org").contains("iPhone"));
    office.ok(line);
    assert_eq!(week(&office, 1), WEEK_1);
    let history = office.ok("history --format csv");
    assert!(
        history.contains("\"week 1 of winter-2024, 10 marks, from Zoom's report\""),
        "{history}"
    );
}

#[test]
fn the_same_file_with_another_answer_or_after_a_wrong_one_is_taken_again() {
    let office = winter();
    office.ok("attend --from zoom-joins.csv --who iPhone=nobody");
    assert!(week(&office, 1).contains("Hugo A"));
    let before = office.files();
    // Who was not known is known by the answer given then, which can be mended.
    let again = "attend --week 1 --from zoom-joins.csv";
    let said = "This report was recorded on 23 January; nothing was changed.
  to say otherwise who `iPhone` is  cohorts attend winter-2024 --week 1 --from zoom-joins.csv --who 'iPhone=CODE'
";
    assert_eq!(office.says(again), said);
    assert!(office.files() == before);
    let right = format!("{again} --who iPhone=hugo@example.org");
    let said = office.uncoded(&office.says(&right));
    assert!(said.contains("Hugo (HUGO_): absent -> present"), "{said}");
    assert!(
        said.ends_with(
            "if incident 1 came of a mistake  cohorts incident close 1 --done mistake\n"
        ),
        "{said}"
    );
    assert_eq!(week(&office, 1), WEEK_1);
    office.ok("incident close 1 --done mistake");
    let before = office.files();
    for line in [again, &right] {
        assert!(office.says(line).starts_with("This report was recorded on 23 January; nothing"));
    }
    assert!(office.files() == before);

    // A wrong report makes others of all of them; the right one mends that.
    let right_one = example("zoom-joins.csv");
    let heading = right_one.lines().next().unwrap();
    let finn = "Finn,finn@example.org,01/23/2024 09:28,01/23/2024 11:31,123,Yes,,No";
    office.write("wrong.csv", &format!("{heading}\n{finn}\n"));
    office.ok("attend --week 1 --from wrong.csv");
    assert!(week(&office, 1).starts_with("Amara A, Bea A"));
    office.ok(&right);
    assert_eq!(week(&office, 1), WEEK_1);
    // An incident that was closed was noted; a mark that is named counts.
    office.ok(&format!("{right} --absent hugo@example.org"));
    assert!(week(&office, 1).contains("Hugo A"));
}

#[test]
fn a_dry_run_shows_it_and_changes_nothing() {
    let office = winter();
    let before = office.files();
    let said = office.says("attend --from zoom-joins.csv --who iPhone=hugo@example.org --dry-run");
    assert!(said.contains("Chen   L  97 min, from 9:53"), "{said}");
    assert!(said.contains("Dry run, nothing was changed."), "{said}");
    assert!(office.files() == before);
}

#[test]
fn a_report_is_read_from_a_pipe() {
    use std::io::Write;
    use std::process::Stdio;
    let office = winter();
    let mut child = office
        .command("attend --from - --who iPhone=hugo@example.org")
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(example("zoom-joins.csv").as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert_eq!(week(&office, 1), WEEK_1);
}

#[test]
fn the_order_of_day_and_month_is_the_one_that_fits_a_session() {
    let office = winter();
    office.at("2024-02-06 11:40");
    let head = "Name (original name),Email,Join time,Leave time\n";
    let row = |day: &str| format!("{head}Amara,amara@example.org,{day} 09:30,{day} 11:30\n");
    for (day, fits) in [("06/02/2024", true), ("02/06/2024", true), ("02/05/2024", false)] {
        office.write("report.csv", &row(day));
        let done = office.run("attend --from report.csv --dry-run");
        assert_eq!(done.code == 0, fits, "{day}: {}", done.stderr);
        if fits {
            assert!(done.stderr.contains("week 3, Tue 6 February"), "{}", done.stderr);
        } else {
            assert!(
                done.stderr.contains("the meeting of 5 February 2024 in report.csv is no session"),
                "{}",
                done.stderr
            );
        }
    }
    // Said to be of a week, it is taken by its hours.
    office.write("report.csv", &row("02/05/2024"));
    let said = office.says("attend --from report.csv --week 3");
    let note =
        "The report is of Mon 5 February; it is taken for Tue 6 February by its hours alone.";
    assert!(said.contains(note), "{said}");
    assert!(week(&office, 3).starts_with("Amara P"));
}

#[test]
fn a_day_that_could_be_of_two_sessions_is_asked_about() {
    let office = Office::new();
    office.ok("new winter-2024 --starts 2024-01-02");
    office.ok("move winter --week 4 --to 2024-02-01");
    office.at("2024-01-01 09:00").sign_up("winter", &["amara"]);
    office.agree("winter", &["amara"]);
    office.at("2024-02-01 12:00");
    office.write(
        "report.csv",
        "Name (original name),Email,Join time,Leave time\n\
         Amara,amara@example.org,01/02/2024 09:30,01/02/2024 11:30\n",
    );
    let said = office.refuses(2, "attend --from report.csv");
    assert!(said.contains("day and month of the report can be read in two orders"), "{said}");
    assert!(said.contains("1 (Tue 2 January) and 4 (Thu 1 February)"), "{said}");
    let said = office.says("attend --from report.csv --week 4");
    assert!(said.contains("Thu 1 February"), "{said}");
}

#[test]
fn a_meeting_of_another_cohort_is_told_from_a_day_without_one() {
    let office = winter();
    office.ok("new spring-2024 --starts 2024-04-02");
    office.at("2024-02-01 09:00");
    let report = example("zoom-joins.csv");
    office.write("report.csv", &report.replace("01/23/2024", "04/02/2024"));
    let said = office.refuses(2, "attend winter --from report.csv");
    assert!(
        said.contains("it is one of spring-2024: cohorts attend spring-2024 --from report.csv"),
        "{said}"
    );
    // Nor is a week recorded that has not come.
    let said = office.refuses(1, "attend spring --from report.csv");
    assert!(said.contains("has not come"), "{said}");
}

#[test]
fn a_report_of_other_hours_makes_nobody_absent() {
    let office = winter();
    office.write(
        "report.csv",
        &example("zoom-joins.csv")
            .replace("/2024 09:", "/2024 17:")
            .replace("/2024 11:", "/2024 19:")
            .replace("/2024 10:", "/2024 18:"),
    );
    let said = office.refuses(1, "attend --from report.csv");
    assert_data_eq!(
        said,
        str![[r#"
error: nobody in report.csv was there between 9:30 and 11:30 on Tue 23 January
hint: Zoom writes times in the zone of your Zoom profile: is it that of the sessions?

"#]]
    );
}

#[test]
fn a_meeting_that_was_short_makes_nobody_late_or_departed() {
    let office = winter();
    let report = example("zoom-joins-with-meeting.csv")
        .replace("2/6/2024", "1/23/2024")
        .replace("9:09:58 AM,1/23/2024 11:33:31", "9:45:00 AM,1/23/2024 10:50:00");
    let mut short = String::new();
    for line in report.lines() {
        let is_join = line.contains("@example.org,1/23");
        let line = if is_join {
            let cells: Vec<&str> = line.split(',').collect();
            format!("{},{},1/23/2024 9:47:00 AM,1/23/2024 10:49:00 AM,62", cells[0], cells[1])
        } else {
            line.to_owned()
        };
        short += &format!("{line}\n");
    }
    office.write("report.csv", &short);
    let said = office.says("attend --from report.csv --unmatched ignore");
    assert!(
        said.contains(
            "The meeting was on from 9:45 to 10:50; nobody is late or departed for that."
        ),
        "{said}"
    );
    assert!(week(&office, 1).starts_with("Amara P, Bea P"), "{}", week(&office, 1));
}

#[test]
fn what_is_late_is_said_in_the_definitions() {
    let office = winter();
    office.edit("late_after = \"10 min\"", "late_after = \"30 min\"");
    office.edit("present_from = \"60 min\"", "present_from = \"119 min\"");
    office.ok("attend --from zoom-joins.csv --who iPhone=hugo@example.org");
    // Elif was away for two minutes, and Chen came 23 minutes late.
    assert_eq!(
        week(&office, 1),
        "Amara P, Bea P, Chen D, Dara P, Elif D, Finn A, Grace P, Hugo P, Inês P, Jonas P"
    );
}

#[test]
fn what_cannot_be_read_is_said_with_all_its_lines() {
    let office = winter();
    let report = example("zoom-joins.csv")
        .replace("01/23/2024 09:24", "soon")
        .replace("01/23/2024 11:32", "")
        .replace(",Yes,,Yes", ",Yes,,No");
    office.write("report.csv", &report);
    let said = office.refuses(1, "attend --from report.csv");
    assert_data_eq!(
        said,
        str![[r#"
report.csv:3: has a join time that cannot be read: `soon`
report.csv:6: has no leave time; was the meeting over?
error: report.csv cannot be read as Zoom's attendance report; nothing was changed
hint: in Zoom: Reports, Meeting and webinar history, the number of participants, Export; do not change the file

"#]]
    );
}

#[test]
fn what_is_no_report_is_refused() {
    let office = winter();
    for (bytes, said) in [
        (
            &b"Timestamp,First name\n2024,Amara\n"[..],
            "report.csv:1: is no heading of Zoom's attendance reports",
        ),
        (b"", "report.csv is empty"),
        (
            b"Name (original name),Join time,Leave time\nKit\0,1,2\n",
            "report.csv:2: holds a sign that no text has",
        ),
        (
            b"Name (original name),Join time,Leave time\nIn\xc3\xaas,1,2\nIn\xeas,1,2\n",
            "report.csv:3: has letters such as é written in two ways",
        ),
        (b"\x89PNG\r\n\x1a\n", "report.csv"),
    ] {
        std::fs::write(office.path("report.csv"), bytes).unwrap();
        let refused = office.refuses(1, "attend --from report.csv");
        assert!(refused.contains(said), "{refused}");
    }
    let head = "Name (original name),Join time,Leave time\n";
    office.write("report.csv", &(head.to_owned() + &"x,".repeat(100_000)));
    assert!(
        office
            .refuses(1, "attend --from report.csv")
            .contains("report.csv:2: has more than 256 columns")
    );
    office.write("report.csv", &(head.to_owned() + "\"" + &"x".repeat(20 << 20)));
    let said = office.refuses(1, "attend --from report.csv");
    assert!(said.contains("of more than 4 MB"), "{said}");
    assert!(office.refuses(1, "attend --from nowhere.csv").contains("there is no"));
    office.refuses(2, "attend --from zoom-joins.csv --rest present");
    office.refuses(2, "attend --unmatched ignore");
}

//! `cohorts attend --from`: what counts where answers, names, and addresses differ,
//! are missing, or belong to more than one.

use snapbox::{assert_data_eq, str};

use crate::attend_report::{example, week, winter};
use crate::attend_report_people::report;
use crate::office::Office;

#[test]
fn somebody_is_called_the_same_in_the_columns_and_below_them() {
    let office = winter();
    // Another Sara waits for a place, and is not on the screen.
    office.ok("consent agreed sara.vogel@example.org");
    report(&office, &[("Sara Vogel", "sara.vogel@example.org", "")]);
    let said = office.says("attend --from report.csv");
    assert!(
        said.contains("Sara   P  120 min") && said.contains("  1 present        Sara\n"),
        "{said}"
    );
}

#[test]
fn a_report_of_another_day_and_other_hours_is_said_to_be_of_that_day() {
    let office = winter();
    office.ok("move winter --week 2 --to 2024-02-01 --at 13:00");
    office.at("2024-02-01 15:30");
    let said = office.refuses(1, "attend --from zoom-joins.csv --week 2");
    assert_eq!(
        said,
        "error: zoom-joins.csv is of Tue 23 January, and nobody in it was there between 13:00 and \
         15:00: week 2 is on Thu 1 February
hint: say --week 1, for the session of that day
"
    );
    // A day without a session is most likely that one in another zone.
    office.write("report.csv", &example("zoom-joins.csv").replace("01/23/", "02/02/"));
    let said = office.refuses(1, "attend --from report.csv --week 2");
    assert!(
        said.contains("report.csv is of Fri 2 February") && said.contains("hint: Zoom writes"),
        "{said}"
    );
}

#[test]
fn an_address_decides_its_own_row_and_a_name_the_others() {
    let office = winter();
    let two = [("Amara Diallo", "a.diallo@example.net", ""), ("Amara Diallo", "", "09:53-11:31")];
    report(&office, &two);
    let line =
        "attend --from report.csv --who a.diallo@example.net=amara@example.org --who 'Amara Diallo";
    office.ok(&format!("{line}=bea@example.org'"));
    assert!(week(&office, 1).starts_with("Amara P, Bea L"), "{}", week(&office, 1));
    office.ok("undo");
    // Twice the same of one row is once; two people are not.
    report(&office, &two[..1]);
    office.ok(&format!("{line}=amara@example.org' --dry-run"));
    let said = office.refuses(2, &format!("{line}=bea@example.org'"));
    assert_eq!(
        said,
        "error: `Amara Diallo` is said to be two people
hint: say it once for each address, such as --who 'a.diallo@example.net=CODE'
"
    );
}

#[test]
fn a_known_name_that_two_have_at_once_is_neithers() {
    let office = winter();
    report(&office, &[("Amara", "amara@example.org", ""), ("iPhone", "", "")]);
    office.ok("attend --from report.csv --who iPhone=bea@example.org --always");
    office.ok("undo");
    office.ok("participant edit bea@example.org --zoom-name iPhone");
    let two =
        [("Amara", "amara@example.org", ""), ("iPhone", "", ""), ("iPhone", "", "09:50-11:31")];
    report(&office, &two);
    let said = office.refuses(2, "attend --from report.csv");
    assert!(
        said.contains("report.csv:4: `iPhone`, two at once, from 9:28 (also line 5)"),
        "{said}"
    );
    let said = office.says("attend --from report.csv --unmatched ignore");
    assert!(said.contains("warning: two people may have been in the room as `iPhone`"), "{said}");
    // One of them may be hers even so.
    assert!(said.contains("has no mark: `iPhone` (lines 4 and 5) was left out"), "{said}");
    assert!(week(&office, 1).starts_with("Amara P, Chen A"), "{}", week(&office, 1));
    office.ok("undo");
    // One after the other is a device that lost its connection.
    report(&office, &[("iPhone", "", "09:28-10:00"), ("iPhone", "", "10:01-11:31")]);
    office.ok("attend --from report.csv");
    assert!(week(&office, 1).starts_with("Amara A, Bea P"), "{}", week(&office, 1));
    office.ok("undo");
    // Whoever has the address of one is there anyway, with a second device.
    report(&office, &[("iPhone", "bea@example.org", ""), ("iPhone", "", "")]);
    office.ok("attend --from report.csv");
    assert!(week(&office, 1).starts_with("Amara A, Bea P"), "{}", week(&office, 1));
}

#[test]
fn an_address_shared_with_somebody_who_left_is_whose_is_in_the_group() {
    let office = winter();
    office.ok("participant edit milo@example.org --email amara@example.org");
    // Another one is called so too, and comes first in the alphabet.
    office.ok(
        "participant edit chen@example.org --first-name Amara --last-name Diallo --goes-by Aba",
    );
    report(&office, &[("Amara Diallo", "amara@example.org", "")]);
    office.ok("attend --from report.csv");
    assert!(week(&office, 1).starts_with("Aba A, Amara P"), "{}", week(&office, 1));
    office.ok("undo");
    // The name of the one who left is not hers.
    report(&office, &[("Milo Petrov", "amara@example.org", "")]);
    let said = office.uncoded(&office.refuses(2, "attend --from report.csv"));
    assert!(said.contains("from 9:28, like Milo (MILO_)\n"), "{said}");
    // Of two who are in the group, those who have the address come before whoever is called so.
    office.ok("participant edit bea@example.org --email amara@example.org");
    report(&office, &[("Aba", "amara@example.org", ""), ("Amara Diallo", "", "")]);
    let said = office.refuses(2, "attend --from report.csv");
    let said = office.uncoded(&said);
    assert!(said.contains("`Aba`, amara@example.org, from 9:28, like Amara (AMARA) or Bea ("));
    // Whom nothing tells apart are all said, and none is proposed.
    assert!(
        said.contains("report.csv:4: `Amara Diallo`, from 9:28, like Aba (AMARA) or Amara ("),
        "{said}"
    );
    assert!(said.contains("--who 'Aba=CODE'"), "{said}");
}

#[test]
fn nobody_comes_to_be_absent_because_an_answer_is_missing() {
    let office = winter();
    let line = "attend --from zoom-joins.csv --week 1";
    office.ok(&format!("{line} --who iPhone=hugo@example.org"));
    let before = office.files();
    let said = office.says(&format!("{line} --unmatched ignore"));
    assert!(
        said.starts_with("This report was recorded on 23 January; nothing was changed."),
        "{said}"
    );
    assert!(office.files() == before);
    // Another export of the same meeting may tell more, and no less.
    let other = example("zoom-joins.csv").replace("01/23/2024 09:53", "01/23/2024 09:38");
    office.write("other.csv", &other);
    let said = office.says("attend --from other.csv --week 1 --unmatched ignore");
    let said = office.uncoded(&said);
    assert!(
        said.contains(
            "Recorded as there, and left so, since not everybody in the report is known: Hugo (HUGO_)."
        ),
        "{said}"
    );
    assert!(
        said.contains("Chen (CHEN_): late -> present") && !said.contains("-> absent"),
        "{said}"
    );
    assert!(week(&office, 1).contains("Hugo P"), "{}", week(&office, 1));
    // Whoever is said to be nobody is.
    office.ok(&format!("{line} --who iPhone=nobody"));
    assert!(week(&office, 1).contains("Hugo A"), "{}", week(&office, 1));
}

#[test]
fn a_report_of_a_group_with_nobody_in_it_marks_nobody() {
    let office = Office::winter();
    office.at("2024-01-23 12:00");
    report(&office, &[("Milo", "milo@example.org", "")]);
    let line = "attend --from report.csv --who 'Robin Lee=facilitator' --unmatched ignore";
    assert_eq!(
        office.says(line),
        "Winter 2024, week 1, Tue 23 January: from report.csv.

Left out: 1 facilitator.
Not to be asked about `Robin Lee` again, add `Robin Lee <robin@example.org>` to facilitators in cohorts.toml.
warning: somebody was in the room who matches nobody in the group (line 3)
Recorded the report of week 1 of winter-2024: no mark is changed, 1 incident.  To take it back: cohorts undo
  once something was done  cohorts incident close 1
"
    );
}

/// The first session of Ann Bell, Ben and Cy, of whom the first two came; Ben by
/// his address.
fn ann_by_her_name(others: &str) -> Office {
    let office = Office::winter();
    let ann = "enroll --first-name Ann --last-name Bell --email ann@example.org";
    office.ok(ann);
    office.sign_up("winter", &["ben", "cy"]);
    office.agree("winter", &["ann", "ben", "cy"]);
    office.at("2024-01-23 12:00");
    let rows = "Name (original name),Email,Total duration (minutes)\n\
                Ben Example,ben@example.org,120\nAnn Bell,,122\n";
    office.write("zoom.csv", &format!("{rows}{others}"));
    office
}

#[test]
fn whoever_a_name_that_is_left_out_is_like_is_not_made_absent() {
    let office = ann_by_her_name("");
    let said = office.says("attend --week 1 --from zoom.csv --unmatched ignore");
    assert_data_eq!(
        office.uncoded(&said),
        str![[r#"
Winter 2024, week 1, Tue 23 January: from zoom.csv.

   Ann  -  no mark    Ben  P  120 min    Cy   A

  1 present        Ben
  1 absent         Cy
warning: Ann (ANN__) has no mark: `Ann Bell` (line 3) was left out and is like them
  to say who `Ann Bell` is  cohorts attend winter-2024 --week 1 --from zoom.csv --unmatched ignore --who 'Ann Bell=ANN__'
Saved week 1 of winter-2024: 2 marks.  To take it back: cohorts undo

"#]]
    );
    assert_eq!(week(&office, 1), "Ben P, Cy A");
    assert_eq!(office.ok("incident list --format csv").lines().count(), 1);
    // Again, nothing is otherwise; and what is proposed does.
    let again = office.says("attend --week 1 --from zoom.csv --unmatched ignore");
    assert!(again.contains("nothing was changed") && again.contains("has no mark"), "{again}");
    let (_, proposed) = said.split_once("is  cohorts ").unwrap();
    office.ok(proposed.lines().next().unwrap());
    assert_eq!(week(&office, 1), "Ann P, Ben P, Cy A");
    // Somebody who has that mark already keeps it; who is there is another device's.
    let said = office.uncoded(&office.says("attend --week 1 --from zoom.csv --unmatched ignore"));
    assert!(said.starts_with("This report was recorded on 23 January"), "{said}");
}

#[test]
fn a_name_that_is_left_out_is_said_to_match_nobody_only_where_it_does() {
    let office = ann_by_her_name("Ben,,20\niPhone,,120\n");
    let said = office.uncoded(&office.says("attend --week 1 --from zoom.csv --unmatched ignore"));
    for told in [
        "warning: Ann (ANN__) has no mark: `Ann Bell` (line 3) was left out and is like them\n",
        "warning: `Ben` (line 4) was in the room and left out, like Ben (BEN__)\n",
        "warning: somebody was in the room who matches nobody in the group (line 5)\n",
        "2 marks, 1 incident.",
    ] {
        assert!(said.contains(told), "{told}: {said}");
    }
    // Of two whom a name is like, neither is made absent.
    let office = ann_by_her_name("Ann,,100\n");
    office.ok(
        "enroll -c winter --late --from-week 1 --first-name Ann --last-name Gray --email gray@example.org",
    );
    office.ok("consent agreed gray@example.org --on 2024-01-22");
    let said =
        office.says("attend --week 1 --from zoom.csv --who 'Ann Bell=nobody' --unmatched ignore");
    assert!(said.contains("have no mark: `Ann` (line 4) was left out and is like them"), "{said}");
    assert!(said.contains("--who 'Ann=CODE'"), "{said}");
    assert_eq!(week(&office, 1), "Ben P, Cy A");
}

#[test]
fn a_report_in_which_nobody_is_known_by_an_address_makes_nobody_absent() {
    let office = ann_by_her_name("Cy Example,,100\n");
    office.write("zoom.csv", &office.read("zoom.csv").replace("ben@example.org", ""));
    let said = office.says("attend --week 1 --from zoom.csv --unmatched ignore");
    assert!(said.contains("Recorded the report of week 1 of winter-2024: no mark"), "{said}");
    assert_eq!(week(&office, 1), "");
    assert!(office.ok("").contains("cohorts attend"));
}

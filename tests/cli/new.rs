//! `new`: a cohort is added to cohorts.toml.

use snapbox::{assert_data_eq, str};

use crate::office::Office;

/// Asserts that `after` is `before` with one piece put in, and gives that.
fn put_in<'a>(before: &str, after: &'a str) -> &'a str {
    let start = before.bytes().zip(after.bytes()).take_while(|(a, b)| a == b).count();
    let rest = &before[start..];
    assert!(after.ends_with(rest), "more than one place was edited");
    &after[start..after.len() - rest.len()]
}

#[test]
fn the_dates_are_printed_and_the_cohort_is_there() {
    let office = Office::new();
    let done = office.run("new winter-2024 --starts 2024-01-23");
    assert_eq!((done.code, done.stdout.as_str()), (0, ""));
    assert_data_eq!(
        done.stderr,
        str![[r#"
Added winter-2024 to cohorts.toml: 4 sessions,
Tuesdays 9:30 - 11:30 (Vancouver time), Zoom
  1  Tue 23 January 2024    What is mindful self-compassion?
  2  Tue 30 January 2024    Practising mindfulness and loving-kindness
  3  Tue 6 February 2024    Finding your compassionate voice
  4  Tue 13 February 2024   Meeting difficult emotions
Next:
  sign people up                     cohorts enroll -c winter-2024
  the dates in words, for an e-mail  cohorts show winter-2024 --text
  take it back                       cohorts undo

"#]]
    );
    let list = office.ok("list --format csv");
    assert!(
        list.contains("winter-2024,2024-01-23,2024-02-13,upcoming,0,12,0,0,2024-01-23,"),
        "{list}"
    );
}

#[test]
fn every_other_byte_of_the_file_stays() {
    let office = Office::new();
    let before = office.read("cohorts.toml");
    office.ok("new winter-2024 --starts 2024-01-23");
    let after = office.read("cohorts.toml");
    assert_data_eq!(
        put_in(&before, &after),
        str![[r#"

[[cohort]]
id = "winter-2024"
starts_on = 2024-01-23

"#]]
    );
    office.ok("new spring-2024 --starts 2024-04-02");
    let second = office.read("cohorts.toml");
    assert_data_eq!(
        put_in(&after, &second),
        str![[r#"

[[cohort]]
id = "spring-2024"
starts_on = 2024-04-02

"#]]
    );
}

#[test]
fn comments_order_and_odd_spacing_stay() {
    let office = Office::winter();
    let text = office.read("cohorts.toml").replace(
        "[[cohort]]\nid = \"winter-2024\"\nstarts_on = 2024-01-23\n",
        "[[cohort]]   # the first one\n  starts_on   =   2024-01-23 # a Tuesday\n  id=\"winter-2024\"\n  # moved once, then back\n\n# THE END\n",
    );
    office.write("cohorts.toml", &text);
    office.ok("new spring-2024 --starts 2024-04-02");
    let after = office.read("cohorts.toml");
    let new = put_in(&text, &after);
    assert_eq!(new.matches("[[cohort]]").count(), 1, "{new}");
    assert!(after.contains("  starts_on   =   2024-01-23 # a Tuesday\n  id=\"winter-2024\"\n"));
    assert!(after.contains("# THE END\n"));
}

#[test]
fn lines_that_end_as_windows_ends_them_stay_so() {
    let office = Office::new();
    let text = office.read("cohorts.toml").replace('\n', "\r\n");
    office.write("cohorts.toml", &text);
    office.ok("new winter-2024 --starts 2024-01-23");
    let after = office.read("cohorts.toml");
    assert!(put_in(&text, &after).contains("id = \"winter-2024\"\r\n"));
    assert_eq!(after.matches('\n').count(), after.matches("\r\n").count());
    office.ok("undo");
    assert!(office.read("cohorts.toml") == text, "undo puts the old bytes back");
}

#[test]
fn a_file_without_a_last_newline_and_with_a_byte_order_mark_is_fine() {
    let office = Office::new();
    let text = format!("\u{feff}{}", office.read("cohorts.toml").trim_end());
    office.write("cohorts.toml", &text);
    office.ok("new winter-2024 --starts 2024-01-23");
    let after = office.read("cohorts.toml");
    assert!(after.starts_with(&text), "a piece is added at the end");
    assert!(office.ok("list").contains("winter-2024"));
}

#[test]
fn another_weekday_is_refused_with_the_nearest_good_days() {
    let office = Office::new();
    let said = office.refuses(1, "new winter-2024 --starts 2024-01-24");
    assert_data_eq!(
        said,
        str![[r#"
error: 2024-01-24 is a Wednesday, and sessions are on Tuesdays
hint: the nearest good days are 2024-01-23 and 2024-01-30

"#]]
    );
}

#[test]
fn a_day_without_sessions_is_refused_with_the_nearest_good_days() {
    let office = Office::new();
    office.edit("no_session_on = [] ", "no_session_on = [2025-07-01, 2025-07-08] ");
    let said = office.refuses(1, "new summer-2025 --starts 2025-07-01");
    assert_data_eq!(
        said,
        str![[r#"
error: 2025-07-01 is one of the days without sessions
hint: the nearest good days are 2025-06-24 and 2025-07-15

"#]]
    );
}

#[test]
fn days_without_sessions_are_passed_over() {
    let office = Office::new();
    office.edit("no_session_on = [] ", "no_session_on = [2025-07-01, 2025-09-30] ");
    office.ok("new summer-2025 --starts 2025-06-24");
    office.ok("new fall-2025 --starts 2025-09-23");
    assert_data_eq!(
        office.ok("list"),
        str![[r#"
Cohort       Dates            Stage     Places  Wait  Agreed  Next    To record
-------------------------------------------------------------------------------
summer-2025  24 Jun - 22 Jul  upcoming  0/12          0       24 Jun
fall-2025    23 Sep - 21 Oct  upcoming  0/12          0       23 Sep

"#]]
    );
    let text = office.ok("show summer --text");
    assert!(text.contains("24 June, 8, 15 and 22 July 2025"), "{text}");
}

#[test]
fn a_cohort_may_run_into_the_next_year() {
    let office = Office::new();
    let said = office.says("new --starts 2024-12-17");
    assert!(said.starts_with("Added fall-2024 to cohorts.toml: 4 sessions"), "{said}");
    let dates: Vec<&str> = said.lines().filter(|line| line.contains(" Tue ")).collect();
    assert_eq!(dates.len(), 4);
    assert!(dates[3].starts_with("  4  Tue 7 January 2025"), "{dates:?}");
    assert!(office.ok("list --format csv").contains("fall-2024,2024-12-17,2025-01-07,"));
}

#[test]
fn the_id_follows_from_the_season_when_it_is_left_out() {
    let office = Office::new();
    for (starts, id) in [
        ("2024-01-02", "winter-2024"),
        ("2024-06-25", "spring-2024"),
        ("2024-09-24", "summer-2024"),
        ("2024-10-01", "fall-2024"),
    ] {
        let said = office.says(&format!("new --starts {starts}"));
        assert!(said.starts_with(&format!("Added {id} to")), "{said}");
    }
    let said = office.refuses(1, "new --starts 2024-10-08");
    assert!(said.contains("`fall-2024` is in cohorts.toml already"), "{said}");
}

#[test]
fn an_id_is_used_once() {
    let office = Office::winter();
    let said = office.refuses(1, "new winter-2024 --starts 2024-04-02");
    assert_data_eq!(
        said,
        str![[r#"
error: `winter-2024` is in cohorts.toml already
hint: cohorts show winter-2024

"#]]
    );
}

#[test]
fn ids_that_cannot_be_are_wrong_usage() {
    let office = Office::new();
    for (id, what) in [
        ("current", "`current` has a meaning of its own on the command line"),
        ("next", "`next` has a meaning of its own"),
        ("all", "`all` has a meaning of its own"),
        ("Winter-2024", "lower-case letters, digits and single dashes"),
        ("'winter 2024'", "lower-case letters"),
        ("winter--2024", "single dashes"),
        ("winter-", "single dashes"),
        ("''", "an id is made of"),
        ("w/../x", "an id is made of"),
    ] {
        let said = office.refuses(2, &format!("new {id} --starts 2024-04-02"));
        assert!(said.contains(what), "{id}: {said}");
    }
}

#[test]
fn a_day_that_is_none_is_wrong_usage() {
    let office = Office::new();
    for day in ["2024-02-30", "23.1.2024", "tuesday", "1024-01-23", "2999-01-01", "0000-00-00"] {
        let said = office.refuses(2, &format!("new winter-2024 --starts {day}"));
        assert!(said.contains("--starts"), "{day}: {said}");
    }
}

#[test]
fn without_a_terminal_the_missing_day_is_named() {
    let office = Office::new();
    for line in ["new", "new spring-2024"] {
        let said = office.refuses(2, line);
        assert!(said.contains("--starts DATE"), "{line}: {said}");
    }
}

#[test]
fn a_dry_run_says_the_same_and_changes_nothing() {
    let office = Office::new();
    let before = office.files();
    let would = office.says("new winter-2024 --starts 2024-01-23 --dry-run");
    assert!(office.files() == before);
    let did = office.says("new winter-2024 --starts 2024-01-23");
    assert_eq!(would, format!("Dry run, nothing was changed. Otherwise:\n{did}"));
    assert!(office.ok("history").contains("winter-2024 added, starting 2024-01-23"));
}

#[test]
fn what_the_edit_would_break_is_refused() {
    let office = Office::new();
    // No agreement is in force before 2024.
    let said = office.refuses(1, "new fall-2023 --starts 2023-10-03");
    assert_data_eq!(
        said,
        str![[r#"
error: no agreement is in force on 2023-10-03: the first one is since 2024-01-01
hint: start later, or add an `[[agreement]]` since 2023-10-03 or earlier

"#]]
    );
}

/// Who was in it would be in the new one, with what they agreed to.
#[test]
fn the_id_of_a_cohort_that_is_gone_is_not_given_again() {
    let office = Office::winter();
    office.sign_up("winter", &["amara"]);
    let toml = office.read("cohorts.toml");
    let (without, _) = toml.split_once("\n[[cohort]]").unwrap();
    office.write("cohorts.toml", without);
    let said = office.refuses(1, "new winter-2024 --starts 2024-04-02");
    assert_eq!(
        said,
        "error: `winter-2024` has records, of a cohort that is gone from cohorts.toml
hint: choose another id
hint: cohorts check, to see how that cohort is put back
"
    );
    office.ok("new spring-2024 --starts 2024-04-02");
}

use chrono::{NaiveDate, NaiveTime};

use super::{AGREEMENT, PROGRAM, read};
use crate::definitions::TEMPLATE;
use crate::definitions::edit::{add_cohort, move_session};
use crate::definitions::splice::Splice;
use crate::domain::program::{CohortId, Move};

fn id(text: &str) -> CohortId {
    CohortId::parse(text).unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Adds `fall` to a file of the shortest program and `rest`; returns what
/// follows the program. The edit is one insertion, and the result is right.
fn added(rest: &str) -> String {
    let text = format!("{PROGRAM}{AGREEMENT}{rest}");
    read(&text);
    let edited = add_cohort(&text, &id("fall"), day("2024-10-01")).unwrap();
    assert_eq!(Splice::between(&text, &edited).removed, "");
    assert!(read(&edited).program.cohort("fall").is_some());
    edited.strip_prefix(&format!("{PROGRAM}{AGREEMENT}")).unwrap().to_owned()
}

const A: &str = "[[cohort]]\nid = 'a' # first\nstarts_on = 2024-01-23\n";
const FALL: &str = "[[cohort]]\nid = \"fall\"\nstarts_on = 2024-10-01\n";

#[test]
fn a_cohort_is_added_below_the_last_one() {
    let roster = "[roster.x]\ncolumns = ['code']\n";
    for (rest, expected) in [
        (String::new(), format!("\n{FALL}")),
        ("\n\n".into(), format!("\n\n{FALL}")),
        ("\n# the end".into(), format!("\n# the end\n\n{FALL}")),
        (A.into(), format!("{A}\n{FALL}")),
        (A.trim_end().into(), format!("{A}\n{FALL}")),
        (format!("{A}# about a\n\n# the end\n"), format!("{A}# about a\n\n{FALL}\n# the end\n")),
        (format!("{A}# about a"), format!("{A}# about a\n\n{FALL}")),
        (format!("{A}\n{roster}"), format!("{A}\n{FALL}\n{roster}")),
        (format!("{A}{roster}"), format!("{A}\n{FALL}\n{roster}")),
        (format!("{A}# about x\n{roster}"), format!("{A}\n{FALL}\n# about x\n{roster}")),
        (
            format!("{A}[[cohort.moved]]\nweek = 4\nto = 2024-02-14 # why\n\n\n{roster}"),
            format!("{A}[[cohort.moved]]\nweek = 4\nto = 2024-02-14 # why\n\n{FALL}\n\n{roster}"),
        ),
        (
            format!("{A}topics = [\n  'a', 'b', # two\n  'c', 'd',\n] # four\n\n# end\n"),
            format!("{A}topics = [\n  'a', 'b', # two\n  'c', 'd',\n] # four\n\n{FALL}\n# end\n"),
        ),
    ] {
        assert_eq!(added(&rest), expected, "{rest}");
    }
}

#[test]
fn a_cohort_is_added_to_the_template_and_to_a_file_from_windows() {
    let edited = add_cohort(TEMPLATE, &id("fall"), day("2024-10-01")).unwrap();
    assert_eq!(edited, format!("{TEMPLATE}\n{FALL}"));

    let windows = |text: &str| format!("\u{feff}{}", text.replace('\n', "\r\n"));
    let edited = add_cohort(&windows(TEMPLATE), &id("fall"), day("2024-10-01")).unwrap();
    assert_eq!(edited, windows(&format!("{TEMPLATE}\n{FALL}")));
    let edited = add_cohort(&edited, &id("later"), day("2025-01-07")).unwrap();
    let later = FALL.replace("fall", "later").replace("2024-10-01", "2025-01-07");
    assert_eq!(edited, windows(&format!("{TEMPLATE}\n{FALL}\n{later}")));
    assert_eq!(read(&edited).program.cohorts.len(), 2);
}

#[test]
fn a_cohort_is_added_to_a_list() {
    let new = "{ id = \"fall\", starts_on = 2024-10-01 }";
    let a = "{ id = 'a', starts_on = 2024-01-23 }";
    for (list, expected) in [
        ("[]".into(), format!("[{new}]")),
        (format!("[{a}]"), format!("[{a}, {new}]")),
        (format!("[ {a}, ]"), format!("[ {a}, {new}, ]")),
        (format!("[\n  {a} # first\n]"), format!("[\n  {a}, # first\n  {new}\n]")),
        (format!("[\n  {a}, # first\n]"), format!("[\n  {a}, # first\n  {new},\n]")),
        (
            format!("[\n  {a} # first\n  , # odd\n]"),
            format!("[\n  {a}, {new} # first\n  , # odd\n]"),
        ),
    ] {
        let file = |list: &str| format!("cohort = {list}\n{PROGRAM}{AGREEMENT}");
        read(&file(&list));
        let edited = add_cohort(&file(&list), &id("fall"), day("2024-10-01")).unwrap();
        assert_eq!(edited, file(&expected));
        read(&edited);
    }
}

#[test]
fn a_session_is_moved() {
    let to = Move { week: 3, to: day("2024-02-08"), at: NaiveTime::from_hms_opt(13, 0, 0) };
    let new = "{ week = 3, to = 2024-02-08, at = 13:00:00 }";
    let w2 = "{ week = 2, to = 2024-01-31 }";
    let w3 = "{ week = 3, to = 2024-02-07 }";
    let w4 = "{ week = 4, to = 2024-02-14 }";
    let start = "[[cohort]]\nid = 'a'\nstarts_on = 2024-01-23";
    let block = "[[cohort.moved]]\nweek = 3\nto = 2024-02-08\nat = 13:00:00\n";
    for (before, after) in [
        (start.to_owned(), format!("{start}\nmoved = [{new}]")),
        (
            format!("{start} # why\ncapacity = 10\n# end\n"),
            format!("{start} # why\nmoved = [{new}]\ncapacity = 10\n# end\n"),
        ),
        (
            "[[cohort]]\n  starts_on = 2024-01-23\n  id = 'a'\n".into(),
            format!("[[cohort]]\n  starts_on = 2024-01-23\n  moved = [{new}]\n  id = 'a'\n"),
        ),
        (format!("{start}\nmoved = [] # no\n"), format!("{start}\nmoved = [{new}] # no\n")),
        (format!("{start}\nmoved = [{w3}]\n"), format!("{start}\nmoved = [{new}]\n")),
        (
            format!("{start}\nmoved = [{w2}, {w3}, {w4},]\n"),
            format!("{start}\nmoved = [{w2}, {new}, {w4},]\n"),
        ),
        (format!("{start}\nmoved = [{w4}]\n"), format!("{start}\nmoved = [{new}, {w4}]\n")),
        (format!("{start}\nmoved = [{w2}]\n"), format!("{start}\nmoved = [{w2}, {new}]\n")),
        (
            format!("{start}\nmoved = [\n  {w2}, # snow\n  {w4}, # storm\n]\n"),
            format!("{start}\nmoved = [\n  {w2}, # snow\n  {new},\n  {w4}, # storm\n]\n"),
        ),
        (
            format!("{start}\nmoved = [\n\t{w2} # snow\n]\n"),
            format!("{start}\nmoved = [\n\t{w2}, # snow\n\t{new}\n]\n"),
        ),
        (
            format!("{start}\n[[cohort.moved]]\nweek = 3 # three\nto = 2024-02-07 # why\n# end\n"),
            format!("{start}\n{} # why\n# end\n", block.trim_end()),
        ),
        (
            format!("{start}\n\n[[cohort.moved]]\nweek = 4\nto = 2024-02-14\n"),
            format!("{start}\n\n{block}\n[[cohort.moved]]\nweek = 4\nto = 2024-02-14\n"),
        ),
        (
            format!(
                "{start}\n[[cohort.moved]]\nweek = 2\nto = 2024-01-31\n\n[[cohort]]\nid = 'b'\nstarts_on = 2024-04-02\n"
            ),
            format!(
                "{start}\n[[cohort.moved]]\nweek = 2\nto = 2024-01-31\n\n{block}\n[[cohort]]\nid = 'b'\nstarts_on = 2024-04-02\n"
            ),
        ),
    ] {
        for newline in ["\n", "\r\n"] {
            let file = |rest: &str| {
                let other = "[[cohort]]\nid = 'z'\nstarts_on = 2024-07-02\n\n";
                format!("\u{feff}{PROGRAM}{AGREEMENT}{other}{rest}").replace('\n', newline)
            };
            read(&file(&before));
            let edited = move_session(&file(&before), &id("a"), &to).unwrap();
            assert_eq!(edited, file(&after));
            let found = read(&edited);
            let moved = &found.program.cohort("a").unwrap().moved;
            assert_eq!(moved.iter().filter(|one| one.week == 3).collect::<Vec<_>>(), [&to]);
            assert!(moved.is_sorted_by_key(|one| one.week));
        }
    }
}

#[test]
fn a_session_of_a_cohort_in_a_list_is_moved_by_its_day_alone() {
    let to = Move { week: 1, to: day("2024-01-24"), at: None };
    let file = |cohort: &str| format!("cohort = [{cohort}] # all\n{PROGRAM}{AGREEMENT}");
    let before = file("{ id = 'a', starts_on = 2024-01-23 }");
    let edited = move_session(&before, &id("a"), &to).unwrap();
    let moved = "moved = [{ week = 1, to = 2024-01-24 }]";
    assert_eq!(edited, file(&format!("{{ id = 'a', starts_on = 2024-01-23, {moved} }}")));
    read(&edited);
    assert_eq!(move_session(&before, &id("b"), &to).unwrap(), before);
}

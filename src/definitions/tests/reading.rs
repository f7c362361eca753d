use std::rc::Rc;

use chrono::{NaiveDate, Weekday};

use super::{AGREEMENT, PROGRAM, mistakes, read};
use crate::definitions::{Definitions, TEMPLATE};
use crate::domain::participant::Email;
use crate::domain::program::Program;
use crate::domain::roster::People;

fn days(program: &Program, id: &str) -> Vec<String> {
    let sessions = program.cohort(id).unwrap().sessions();
    sessions.iter().map(|session| session.date.to_string()).collect()
}

#[test]
fn the_cohorts_of_2024_meet_when_they_met() {
    let found = read(include_str!("../../../cohorts.toml"));
    assert_eq!(found.warnings, []);
    assert_eq!(
        days(&found.program, "winter-2024"),
        ["2024-01-23", "2024-01-30", "2024-02-06", "2024-02-13"]
    );
    assert_eq!(
        days(&found.program, "spring-2024"),
        ["2024-04-02", "2024-04-09", "2024-04-16", "2024-04-23"]
    );
    assert!(include_str!("../../../cohorts.toml").starts_with(TEMPLATE));
}

#[test]
fn a_facilitator_may_have_an_address() {
    let found =
        read(&format!("{PROGRAM}facilitators = ['Robin Lee', '\"Ito, Sam\" <Sam@Example.org>']"));
    let all = found.program.terms.facilitators.iter();
    let all: Vec<_> =
        all.map(|one| (&*one.name, one.address.as_ref().map(Email::as_str))).collect();
    assert_eq!(all, [("Robin Lee", None), ("Ito, Sam", Some("Sam@Example.org"))]);
}

#[test]
fn the_template_is_the_program_that_it_was_asked_for() {
    let found = read(TEMPLATE);
    assert_eq!(found.warnings, []);
    let terms = &found.program.terms;
    assert_eq!(terms.name, "Aim. Focus. Release.");
    assert_eq!(terms.timezone, "America/Vancouver");
    assert_eq!(terms.weekday, Weekday::Tue);
    assert_eq!(terms.starts_at.to_string(), "09:30:00");
    assert_eq!(terms.ends_at.to_string(), "11:30:00");
    assert_eq!((terms.sessions, terms.capacity), (4, 12));
    assert_eq!((terms.joins_until_week, terms.consent_due_days), (1, 4));
    assert_eq!(terms.location.as_deref(), Some("Zoom"));
    assert_eq!(terms.leave, ["medical", "maternity", "parental"]);
    assert_eq!((terms.facilitators.len(), terms.topics.len()), (0, 4));
    assert!(found.program.cohorts.is_empty());

    let [agreement] = &found.program.agreements[..] else { panic!("one agreement") };
    assert_eq!(agreement.version, "2024-01");
    let [facilitator, zoom] = &found.program.purposes[..] else { panic!("two rosters") };
    assert_eq!((&*facilitator.name, facilitator.people), ("facilitator", People::Enrolled));
    assert_eq!((&*zoom.name, zoom.people), ("zoom", People::Agreed));
    assert_eq!(zoom.columns[0].header.as_deref(), Some("Email"));
    assert_eq!((&*zoom.columns[0].column, zoom.columns[0].required), ("email", true));
    assert!(!zoom.columns[1].required);
}

#[test]
fn what_is_left_out_has_a_default() {
    let terms = read(PROGRAM).program.terms;
    assert_eq!((terms.joins_until_week, terms.consent_due_days), (1, 0));
    assert_eq!(terms.location, None);
    assert!(terms.leave.is_empty() && terms.topics.is_empty() && terms.no_session_on.is_empty());
}

#[test]
fn a_byte_order_mark_and_crlf_make_no_difference() {
    let text = include_str!("../../../cohorts.toml");
    let windows = format!("\u{feff}{}", text.replace('\n', "\r\n"));
    let (found, plain) = (read(&windows), read(text));
    assert_eq!(found.text, windows);
    assert_eq!(found.program.agreements, plain.program.agreements);
    assert_eq!(found.program.terms, plain.program.terms);
    let place = found.places.cohort("spring-2024");
    assert_eq!(&windows[place], "\"spring-2024\"");
    let place = found.places.agreement("2024-01");
    assert_eq!(&windows[place], "\"2024-01\"");
    assert_eq!(found.places.cohort("nowhere"), 0..0);
}

#[test]
fn a_cohort_may_override_any_term_and_shares_the_rest() {
    let found = read(&format!(
        "{PROGRAM}topics = ['a', 'b', 'c', 'd']\n{AGREEMENT}
[[cohort]]
id = 'later'
starts_on = 2024-04-02
[[cohort]]
id = 'evening'
starts_on = 2024-01-25
weekday = 'THURSDAY'
starts_at = 18:00
ends_at = 20:00
sessions = 2
topics = ['x', 'y']
moved = [{{ week = 2, to = 2024-02-02, at = 21:30:00 }}]
"
    ));
    let [evening, later] = &found.program.cohorts[..] else { panic!("two cohorts, by first day") };
    assert!(Rc::ptr_eq(&later.terms, &found.program.terms));
    assert_eq!(evening.terms.topics, ["x", "y"]);
    assert_eq!(evening.terms.capacity, 12);
    let last = evening.sessions()[1];
    assert_eq!(last.begins().to_string(), "2024-02-02 21:30:00");
    assert_eq!(last.ends().to_string(), "2024-02-02 23:30:00");
}

#[test]
fn agreements_are_in_the_order_of_their_days_with_plain_line_ends() {
    let found = read(&format!(
        "{PROGRAM}
[[agreement]]
version = 'b'
since = 2025-01-01
text = \"one\\r\\ntwo\\rthree\"
[[agreement]]
version = 'a'
since = 2024-01-01
text = 'x'
"
    ));
    let versions: Vec<_> = found.program.agreements.iter().map(|a| &*a.version).collect();
    assert_eq!(versions, ["a", "b"]);
    assert_eq!(found.program.agreements[1].text, "one\ntwo\nthree");
}

#[test]
fn cohorts_at_the_same_time_are_a_warning() {
    let cohort = |id: &str, day: &str| format!("[[cohort]]\nid = '{id}'\nstarts_on = {day}\n");
    let text = [
        PROGRAM,
        AGREEMENT,
        &cohort("b", "2024-01-30"),
        &cohort("c", "2024-02-20"),
        &cohort("a", "2024-01-23"),
        &cohort("d", "2024-03-19"),
    ]
    .concat();
    assert_eq!(
        mistakes(&text),
        "14:6 warning: `b` begins before `a` is over (the last session of `a` is on 2024-02-13)\n\
         17:6 warning: `c` begins before `b` is over (the last session of `b` is on 2024-02-20)"
    );
    read(&text);
}

#[test]
fn thousands_of_cohorts_are_read_at_once() {
    let first = NaiveDate::from_ymd_opt(1900, 1, 2).unwrap();
    let mut parts = vec![PROGRAM.to_owned(), AGREEMENT.replace("2024", "1900")];
    parts.extend(
        first
            .iter_weeks()
            .take(5000)
            .enumerate()
            .map(|(n, day)| format!("[[cohort]]\nid = 'c{n}'\nstarts_on = {day}\nsessions = 1\n")),
    );
    let text = parts.concat();
    let begun = std::time::Instant::now();
    assert_eq!(read(&text).program.cohorts.len(), 5000);
    // A hundredth of a second when optimised; a reader that looks through all
    // cohorts for each takes minutes.
    assert!(begun.elapsed().as_secs() < 10);
}

#[test]
fn a_file_in_another_encoding_says_where() {
    let found = Definitions::read(b"[program]\nname = \"Caf\xe9\"\n").unwrap_err();
    let [problem] = &found.list[..] else { panic!("one problem") };
    assert_eq!(problem.what, "the file is not in UTF-8");
    assert_eq!(&found.text[problem.place.clone()], "\u{fffd}");
}

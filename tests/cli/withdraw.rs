//! `cohorts withdraw`: somebody leaves.

use snapbox::{assert_data_eq, str};

use crate::office::Office;

fn full() -> Office {
    let office = Office::winter();
    office.edit("capacity = 12", "capacity = 2");
    office.sign_up("winter", &["amara", "bea", "chen", "dara"]);
    office
}

fn standing(office: &Office, name: &str) -> String {
    let listed = office
        .ok("roster winter --status all --columns goes_by,status,withdrawn_on,reason --format csv");
    listed.lines().find(|line| line.starts_with(name)).unwrap().to_owned()
}

#[test]
fn a_reason_is_needed_and_the_words_are_listed() {
    let office = full();
    let said = office.refuses(2, "withdraw bea@example.org");
    let listed = "schedule, back-at-work, other-support, another-cohort, no-longer-needed, no-reply, not-said";
    assert!(said.contains("--reason") && said.contains(listed), "{said}");
    assert!(office.refuses(2, "withdraw bea@example.org --reason tired").contains("schedule"));
}

#[test]
fn whoever_is_first_in_line_is_named_with_the_command() {
    let office = full();
    let said = office.says("withdraw bea@example.org --reason back-at-work");
    assert_data_eq!(
        office.uncoded(&said),
        str![[r#"
Bea (BEA__) has withdrawn from winter-2024.
  Chen is first in line  cohorts place CHEN_ -c winter-2024

"#]]
    );
    assert_eq!(standing(&office, "Bea"), "Bea,withdrawn,2024-01-02,back-at-work");
}

#[test]
fn leaving_the_waitlist_frees_no_place() {
    let office = full();
    let said = office.says("withdraw chen@example.org --reason no-reply");
    assert_eq!(said.lines().count(), 1, "{said}");
    assert_eq!(standing(&office, "Chen"), "Chen,withdrawn,2024-01-02,no-reply");
    let line = office.ok("roster --status waitlisted --columns place_in_line,goes_by --format csv");
    assert_eq!(line, "place_in_line,goes_by\n1,Dara\n");
}

#[test]
fn twice_is_refused() {
    let office = full();
    office.ok("withdraw bea@example.org --reason schedule");
    let said = office.refuses(1, "withdraw bea@example.org --reason schedule");
    assert!(said.contains("has withdrawn from `winter-2024` already"), "{said}");
}

#[test]
fn the_day_may_be_earlier_but_not_to_come() {
    let office = full();
    office.at("2024-01-10 09:00");
    office.refuses(2, "withdraw bea@example.org --reason schedule --on 2024-01-11");
    office.refuses(2, "withdraw bea@example.org --reason schedule --on 1066-01-11");
    office.refuses(2, "withdraw bea@example.org --reason schedule --on 10/01/2024");
    office.ok("withdraw bea@example.org --reason schedule --on 2024-01-08");
    assert_eq!(standing(&office, "Bea"), "Bea,withdrawn,2024-01-08,schedule");
}

#[test]
fn nobody_leaves_before_they_signed_up() {
    let office = full();
    office.refuses(1, "withdraw bea@example.org --reason schedule --on 2023-12-01");
}

#[test]
fn nobody_leaves_before_a_session_they_have_a_mark_in() {
    let office = full();
    office.agree("winter", &["amara", "bea"]);
    office.at("2024-01-23 12:00").ok("attend --absent bea@example.org --rest present");
    for name in ["amara", "bea"] {
        let line = format!("withdraw {name}@example.org --reason schedule --on 2024-01-22");
        let said = office.refuses(1, &line);
        assert!(said.contains("week 1, Tue 23 January"), "{said}");
    }
    // The session's own day will do: they left after it.
    office.ok("withdraw amara@example.org --reason schedule --on 2024-01-23");
    assert_eq!(office.marks("winter").lines().nth(1).unwrap(), "Amara,P,,,");
}

#[test]
fn an_excuse_after_the_day_is_in_nobodys_way() {
    let office = full();
    office.agree("winter", &["amara", "bea"]);
    office.ok("excuse bea@example.org --week 1");
    let said = office.says("withdraw bea@example.org --reason schedule");
    assert!(said.contains("What they were excused from later is not kept."), "{said}");
    office.at("2024-01-23 12:00").ok("attend --rest present");
    assert_eq!(office.marks("winter").lines().nth(2), Some("Bea,,,,"));
    let show = office.ok("show");
    assert!(show.contains("1 present") && !show.contains("excused"), "{show}");
    office.ok("check");
}

#[test]
fn a_place_that_nobody_can_take_any_more_is_not_offered() {
    let office = full();
    let said = office.at("2024-02-14 09:00").says("withdraw bea@example.org --reason no-reply");
    assert_eq!(office.uncoded(&said), "Bea (BEA__) has withdrawn from winter-2024.\n");
}

#[test]
fn who_withdrew_is_not_expected_from_then_on() {
    let office = full();
    office.agree("winter", &["amara", "bea"]);
    office.at("2024-01-23 12:00").ok("attend --rest present");
    office.at("2024-01-25 09:00").ok("withdraw bea@example.org --reason schedule");
    office.at("2024-01-30 12:00").ok("attend --rest present");
    assert!(office.marks("winter").contains("Amara,P,P,,\nBea,P,,,\n"));
    let strip = office.ok("roster --status withdrawn");
    assert!(strip.lines().last().unwrap().ends_with("2 Jan   P"), "{strip}");
}

#[test]
fn who_leaves_after_the_deadline_leaves_a_seat_that_takes_late() {
    let office = full();
    office.at("2024-01-25 09:00");
    let said = office.says("withdraw bea@example.org --reason schedule");
    // A command that is proposed has to work.
    if let Some(line) = said.lines().find(|line| line.contains("cohorts place")) {
        let (_, command) = line.split_once("cohorts ").unwrap();
        office.ok(command);
    }
}

/// Whoever had a place, left, and then waited in vain was not in the group meanwhile.
#[test]
fn a_wait_that_ends_leaves_no_session_to_record() {
    let office = full();
    office.agree("winter", &["amara", "bea"]);
    // Amara leaves before the first session, Bea after it; both want to come back.
    office.ok("withdraw amara@example.org --reason schedule");
    office.ok("place chen@example.org -c winter");
    office.agree("winter", &["chen"]);
    office.sign_up("winter", &["amara"]);
    office.at("2024-01-23 12:00").ok("attend --rest present");
    office.ok("withdraw bea@example.org --reason schedule");
    office.ok("place dara@example.org -c winter --late");
    office.ok("consent declined dara@example.org");
    office.ok("enroll -c winter --late --email bea@example.org");
    for day in ["2024-01-30", "2024-02-06", "2024-02-13"] {
        office.at(&format!("{day} 12:00")).ok("attend --rest present");
    }
    office.at("2024-02-14 09:00").ok("withdraw amara@example.org -c winter --reason no-reply");
    assert_eq!(standing(&office, "Amara"), "Amara,withdrawn,2024-02-14,no-reply");
    office.ok("new spring-2024 --starts 2024-04-02");
    office.ok("carry winter spring --waiting");
    assert_eq!(standing(&office, "Bea"), "Bea,withdrawn,2024-01-23,another-cohort");
    let marks = office.marks("winter");
    assert!(marks.contains("Amara,,,,\n") && marks.contains("Bea,P,,,\n"), "{marks}");
    office.ok("check");
    office.ok("finish winter");
}

#[test]
fn a_place_that_is_not_free_is_not_offered() {
    let office = full();
    office.ok("place chen@example.org --beyond-capacity");
    let said = office.says("withdraw chen@example.org --reason no-reply");
    assert!(!said.contains("cohorts place"), "two of two are taken: {said}");
    office.edit("capacity = 2", "capacity = 1");
    let said = office.says("withdraw bea@example.org --reason no-reply");
    assert!(!said.contains("cohorts place"), "one of one is taken: {said}");
    let said = office.says("withdraw amara@example.org --reason no-reply");
    let (_, command) = said.split_once("first in line  cohorts ").unwrap();
    office.ok(command.trim_end());
}

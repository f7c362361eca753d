//! `cohorts place`: from the waitlist into the group.

use snapbox::{assert_data_eq, str};

use crate::office::Office;

/// Two places, taken by Amara and Bea; Chen and Dara wait.
fn full() -> Office {
    let office = Office::winter();
    office.edit("capacity = 12", "capacity = 2");
    office.sign_up("winter", &["amara", "bea", "chen", "dara"]);
    office
}

fn with_a_free_place() -> Office {
    let office = full();
    office.ok("withdraw bea@example.org --reason schedule");
    office
}

#[test]
fn the_first_in_line_gets_the_place() {
    let office = with_a_free_place();
    let said = office.says("place");
    assert_data_eq!(
        office.uncoded(&said),
        str![[r#"
Chen (CHEN_) has a place in winter-2024 from week 1: 2 of 2 taken.
  the text to agree to   cohorts agreement winter-2024
  once they have agreed  cohorts consent agreed CHEN_ -c winter-2024

"#]]
    );
    assert_eq!(
        office.ok(
            "roster --status all --columns goes_by,status,joined_week --sort signed_up --format csv"
        ),
        "goes_by,status,joined_week\nAmara,enrolled,1\nBea,withdrawn,1\nChen,enrolled,1\nDara,waitlisted,\n"
    );
}

#[test]
fn out_of_order_is_done_and_warned_about() {
    let office = with_a_free_place();
    let said = office.says("place dara@example.org");
    assert!(said.contains("warning: 1 other waited longer"), "{said}");
    assert!(!office.says("place chen@example.org --beyond-capacity").contains("warning"));
}

#[test]
fn a_full_cohort_takes_nobody_unless_beyond_capacity() {
    let office = full();
    for line in ["place", "place chen@example.org"] {
        let said = office.refuses(1, line);
        assert!(said.contains("is full: 2 of 2 places are taken"), "{said}");
        assert!(said.contains("--beyond-capacity"), "{said}");
    }
    assert!(office.says("place --beyond-capacity").contains("3 of 2 taken"));
}

#[test]
fn after_the_last_week_for_joining_it_takes_late() {
    let office = with_a_free_place();
    office.at("2024-01-23 11:31");
    let said = office.refuses(1, "place");
    assert!(said.contains("week 1, Tue 23 January 2024") && said.contains("--late"), "{said}");
    assert!(office.says("place --late").contains("from week 2"));
}

#[test]
fn on_the_last_day_for_joining_it_is_this_week_until_the_session_ends() {
    let office = with_a_free_place();
    office.at("2024-01-23 11:29");
    assert!(office.says("place").contains("from week 1"));
}

#[test]
fn a_program_may_let_people_join_later() {
    let office = with_a_free_place();
    office.edit("joins_until_week = 1", "joins_until_week = 2");
    office.at("2024-01-30 09:00");
    assert!(office.says("place").contains("from week 2"));
}

#[test]
fn when_the_cohort_is_over_there_is_no_week_to_join() {
    let office = with_a_free_place();
    office.at("2024-02-20 09:00");
    let said = office.refuses(1, "place --late");
    assert!(said.contains("`winter-2024` is over"), "{said}");
}

#[test]
fn only_who_waits_gets_a_place() {
    let office = with_a_free_place();
    let said = office.refuses(1, "place amara@example.org");
    assert!(said.contains("does not wait for `winter-2024`: they are enrolled"), "{said}");
    let said = office.refuses(1, "place bea@example.org");
    assert!(said.contains("withdrawn") && said.contains("cohorts enroll"), "{said}");
    let said = office.refuses(1, "place nobody@example.org");
    assert!(said.contains("nobody in `winter-2024` matches"), "{said}");
    office.ok("place");
    office.ok("place --beyond-capacity");
    assert!(office.refuses(1, "place").contains("nobody waits for `winter-2024`"));
}

#[test]
fn who_agreed_while_waiting_need_not_be_asked_again() {
    let office = with_a_free_place();
    office.agree("winter", &["chen"]);
    let said = office.says("place");
    assert_eq!(said.lines().count(), 1, "{said}");
}

/// The proposal in what was said, without `if ...` after it.
fn proposed(said: &str, command: &str) -> String {
    let line = said.lines().find(|line| line.contains(command)).unwrap_or_else(|| panic!("{said}"));
    let line = line.split_once(command).unwrap().1;
    format!("{command}{}", line.split(", if").next().unwrap()).replace("cohorts ", "")
}

#[test]
fn whoever_left_and_is_back_comes_in_by_what_is_proposed_whatever_week_it_is() {
    let office = Office::winter();
    office.sign_up("winter", &["amara", "bea", "chen"]);
    office.agree("winter", &["amara", "chen"]);
    let amara = office.code("amara");
    office.at("2024-01-24 09:00").ok("attend --week 1 --rest present");
    for now in ["2024-01-24 09:00", "2024-01-31 09:00"] {
        office.at(now);
        for line in ["consent agreed", "place"] {
            office.ok(&format!("withdraw {amara} -c winter --reason schedule"));
            let said = office.refuses(1, &format!("{line} {amara} -c winter"));
            let said = office.says(&proposed(&said, "cohorts enroll -c winter-2024"));
            assert!(said.contains("Enrolled Amara Example again"), "{said}");
            assert!(!said.contains("agree"), "she has agreed: {said}");
        }
    }
    // Whoever did not agree still has to, and whoever took it back is not hurried.
    office.ok("withdraw bea@example.org -c winter --reason schedule");
    let said = office.says("enroll -c winter --email bea@example.org --late");
    assert!(said.contains("the text to agree to") && said.contains("consent agreed"), "{said}");
    office.ok("consent withdrawn chen@example.org");
    office.ok("withdraw chen@example.org -c winter --reason schedule");
    let said = office.says("enroll -c winter --email chen@example.org --late");
    assert!(said.contains("the text to agree to") && !said.contains("consent agreed"), "{said}");
    // Afterwards it has to be said when they were in it.
    office.at("2024-02-14 09:00").ok("withdraw bea@example.org -c winter --reason schedule");
    let said = office.refuses(1, "consent agreed bea@example.org -c winter");
    let line = proposed(&said, "cohorts enroll -c winter-2024");
    office.ok(&line.replace("--from-week N", "--from-week 2"));
}

#[test]
fn who_waits_and_was_there_gets_a_place_by_what_is_proposed() {
    let office = with_a_free_place();
    office.agree("winter", &["amara", "chen"]);
    office.at("2024-01-31 09:00");
    let attend = "attend winter --week 1 --present chen@example.org --rest present";
    let said = office.refuses(1, attend);
    office.ok(&proposed(&said, "cohorts place"));
    office.ok(attend);
    // And where there was nobody at all.
    let office = Office::winter();
    office.at("2024-01-31 09:00");
    let said = office.refuses(1, "attend --week 1 --rest present");
    let line = proposed(&said, "cohorts enroll -c winter-2024");
    office.ok(&format!("{line} --first-name Kit --last-name Tran --email kit@example.org"));
    office.ok("consent agreed kit@example.org --on 2024-01-22");
    office.ok("attend --week 1 --rest present");
}

#[test]
fn who_waits_since_the_last_week_for_joining_is_placed_by_what_is_proposed() {
    let office = full();
    office.at("2024-01-24 09:00");
    let said = office
        .says("enroll -c winter --late --first-name Kit --last-name Tran --email kit@example.org");
    office.ok("withdraw bea@example.org --reason schedule");
    office.ok(&proposed(&said, "cohorts place"));
}

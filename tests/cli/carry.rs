//! `cohorts carry`: who waited or missed some comes again, on request.

use snapbox::{assert_data_eq, str};

use crate::office::Office;

/// Winter is over. Amara completed it, Bea missed week 2, Chen withdrew for the
/// schedule, Gina for good; Dara, Elif and Finn wait, Elif since before Dara.
pub(super) fn office() -> Office {
    let office = Office::winter();
    office.edit("capacity = 12", "capacity = 4");
    office.sign_up("winter", &["amara", "bea", "chen", "gina"]);
    office.at("2024-01-03 09:00");
    for (first, at) in [("Dara", "2024-01-02"), ("Elif", "2024-01-01"), ("Finn", "2024-01-03")] {
        let email = first.to_lowercase();
        office.ok(&format!(
            "enroll -c winter --first-name {first} --last-name Example --email {email}@example.org \
             --signed-up {at} --leave medical --site Victoria --residency Pediatrics"
        ));
    }
    office.at("2024-01-18 09:00").agree("winter", &["amara", "bea"]);
    office.at("2024-01-20 09:00").ok("withdraw chen@example.org --reason schedule");
    office.ok("withdraw gina@example.org --reason no-longer-needed");
    for (now, more) in [
        ("2024-01-23 12:00", ""),
        ("2024-01-30 12:00", "--absent bea@example.org"),
        ("2024-02-06 12:00", ""),
        ("2024-02-13 12:00", ""),
    ] {
        office.at(now).ok(&format!("attend {more} --rest present"));
    }
    office.at("2024-02-14 09:00").ok("new spring-2024 --starts 2024-04-02");
    office
}

fn people(office: &Office, cohort: &str) -> String {
    office.ok(&format!(
        "roster {cohort} --status all --columns goes_by,status,reason,leave,site,residency,consent \
         --sort place_in_line,goes_by --format csv"
    ))
}

#[test]
fn those_who_waited_come_first_and_keep_their_order_and_details() {
    let office = office();
    office.edit("id = \"spring-2024\"", "id = \"spring-2024\"\ncapacity = 2");
    let said = office.says("carry winter spring --waiting");
    assert_data_eq!(
        office.uncoded(&said),
        str![[r#"
Elif (ELIF_) and Dara (DARA_) have a place in spring-2024: 2 of 2 taken.
Finn (FINN_) waits for spring-2024: 1 in line altogether.
  when a place is free   cohorts place -c spring-2024
  the text to agree to   cohorts agreement spring-2024
  once they have agreed  cohorts consent agreed ELIF_ DARA_ -c spring-2024

"#]]
    );
    assert_data_eq!(
        people(&office, "spring"),
        str![[r#"
goes_by,status,reason,leave,site,residency,consent
Dara,enrolled,,medical,Victoria,Pediatrics,
Elif,enrolled,,medical,Victoria,Pediatrics,
Finn,waitlisted,,medical,Victoria,Pediatrics,

"#]]
    );
    // Their wait for winter is over, and everybody else is as they were.
    assert_data_eq!(
        people(&office, "winter"),
        str![[r#"
goes_by,status,reason,leave,site,residency,consent
Amara,enrolled,,,,,agreed
Bea,enrolled,,,,,agreed
Chen,withdrawn,schedule,,,,
Dara,withdrawn,another-cohort,medical,Victoria,Pediatrics,
Elif,withdrawn,another-cohort,medical,Victoria,Pediatrics,
Finn,withdrawn,another-cohort,medical,Victoria,Pediatrics,
Gina,withdrawn,no-longer-needed,,,,

"#]]
    );
    // Whoever comes now is behind them, and undo takes all of it back.
    office.sign_up("spring", &["hugo"]);
    assert!(
        people(&office, "spring")
            .ends_with("Finn,waitlisted,,medical,Victoria,Pediatrics,\nHugo,waitlisted,,,,,\n")
    );
    office.ok("undo");
    let said = office.says("undo");
    assert!(said.starts_with("Took back: "), "{said}");
    assert!(people(&office, "winter").contains("Dara,waitlisted,"));
    assert_eq!(people(&office, "spring").lines().count(), 1);
    assert_eq!(office.run("check").code, 0);
}

#[test]
fn both_at_once_and_those_who_missed_some_come_after_those_who_waited() {
    let office = office();
    office.sign_up("spring", &["lena"]);
    let said = office.says("carry winter spring --waiting --incomplete");
    assert_data_eq!(
        office.uncoded(&said),
        str![[r#"
Elif (ELIF_), Dara (DARA_) and Finn (FINN_) have a place in spring-2024: 4 of 4 taken.
Bea (BEA__) and Chen (CHEN_) wait for spring-2024: 2 in line altogether.
  when a place is free   cohorts place -c spring-2024
  the text to agree to   cohorts agreement spring-2024
  once they have agreed  cohorts consent agreed ELIF_ DARA_ FINN_ -c spring-2024

"#]]
    );
    // What was, stays: those who had a place are still in winter.
    assert!(people(&office, "winter").contains("Bea,enrolled,,,,,agreed\n"));
    assert!(people(&office, "winter").contains("Chen,withdrawn,schedule,"));
}

#[test]
fn nobody_overtakes_those_who_wait_for_the_later_cohort_already() {
    let office = office();
    office.sign_up("spring", &["lena"]);
    office.ok("carry winter spring --waiting");
    office.sign_up("spring", &["hugo"]);
    // A place is free, and Hugo's turn.
    office.ok("withdraw lena@example.org -c spring --reason schedule");
    let said = office.says("carry winter spring bea@example.org");
    assert_data_eq!(
        office.uncoded(&said),
        str![[r#"
Bea (BEA__) waits for spring-2024: 2 in line altogether.
  when a place is free  cohorts place -c spring-2024

"#]]
    );
}

#[test]
fn whoever_is_in_a_later_cohort_already_is_left_alone() {
    let office = office();
    office.ok("enroll -c spring --email bea@example.org");
    office.ok("enroll -c spring --email dara@example.org");
    office.ok("withdraw dara@example.org -c spring --reason schedule");
    let before = office.files();
    let said = office.says("carry winter spring bea@example.org");
    assert_eq!(
        office.uncoded(&said),
        "Bea (BEA__) is in spring-2024 already, and was left alone.\n"
    );
    assert!(office.files() == before);
    // But nobody waits for ever for a cohort that is over.
    let waiting = |number: usize| {
        assert!(office.ok("roster winter").contains(&format!(", {number} waiting")));
    };
    waiting(3);
    let said = office.says("carry winter spring dara@example.org");
    assert_eq!(
        office.uncoded(&said),
        "Dara (DARA_) withdrew from spring-2024, and waits for winter-2024 no longer.\n"
    );
    waiting(2);
    office.ok("undo");
    waiting(3);
    // Nor does it stop those who come.
    let said = office.says("carry winter spring --incomplete elif@example.org");
    assert!(
        said.contains("was left alone")
            && office.uncoded(&said).contains("Elif (ELIF_) and Chen (CHEN_) have a place"),
        "{said}"
    );
    // Whose wait ended with it is written down too.
    office.ok("undo");
    office.ok("carry winter spring dara@example.org elif@example.org");
    let last = office.ok("history --format csv");
    let last = office.uncoded(last.lines().nth(1).unwrap());
    assert!(last.contains("; the wait of DARA_ ended"), "{last}");
}

#[test]
fn who_comes_again_is_said_and_never_guessed() {
    let office = office();
    let said = office.refuses(2, "carry winter spring");
    assert_data_eq!(
        office.uncoded(&said),
        str![[r#"
error: who is to come again is missing
hint: add --waiting, --incomplete, or their codes:
hint: ELIF_  Elif E.  still waits
hint: DARA_  Dara E.  still waits
hint: FINN_  Finn E.  still waits
hint: BEA__  Bea E.  was at 3 of 4
hint: CHEN_  Chen E.  withdrew for the schedule

"#]]
    );
    for (line, why) in [
        ("carry winter spring amara@example.org", "completed `winter-2024`"),
        ("carry winter spring gina@example.org", "withdrew from `winter-2024`"),
        ("carry winter spring lena@example.org", "nobody in `winter-2024` matches"),
        ("carry spring winter --waiting", ""),
        ("carry winter winter --waiting", ""),
    ] {
        let code = if why.is_empty() { 2 } else { 1 };
        let said = office.refuses(code, line);
        assert!(said.contains(why), "{line}: {said}");
    }
    // All or none: Elif is not carried where Amara cannot be.
    office.refuses(1, "carry winter spring elif@example.org amara@example.org");
    office.ok("carry winter spring --waiting");
    assert_eq!(
        office.says("carry winter spring --waiting"),
        "Nobody waits for winter-2024; nothing was changed.\n"
    );
}

#[test]
fn whoever_was_erased_is_not_carried() {
    let office = office();
    office.ok("participant erase dara@example.org --yes");
    office.ok("participant erase bea@example.org --yes");
    office.ok("carry winter spring --waiting --incomplete");
    let spring = office.ok("roster spring --columns goes_by --format csv");
    assert_eq!(spring, "goes_by\nChen\nElif\nFinn\n");
}

#[test]
fn before_the_end_only_those_who_wait_can_go_on() {
    let office = office();
    office.at("2024-02-07 09:00");
    let said = office.refuses(1, "carry winter spring bea@example.org");
    assert!(said.contains("has a place in `winter-2024`, which is not over"), "{said}");
    assert_eq!(
        office.says("carry winter spring --incomplete"),
        "Nobody missed some of winter-2024; nothing was changed.\n"
    );
    office.ok("carry winter spring elif@example.org");
    assert!(people(&office, "spring").contains("Elif,enrolled,"));
}

#[test]
fn a_cohort_that_nobody_can_join_any_more_takes_nobody() {
    let office = office();
    let said = office.at("2024-04-10 09:00").refuses(1, "carry winter spring --waiting");
    assert!(said.contains("joining `spring-2024` was possible until week 1"), "{said}");
    office.ok("carry winter spring --waiting --late");
    let said = office.at("2024-05-10 09:00").refuses(1, "carry winter spring --incomplete");
    assert!(said.contains("`spring-2024` is over"), "{said}");
}

#[test]
fn a_kind_of_leave_that_the_later_cohort_lacks_is_left_unsaid() {
    let office = office();
    office.edit("id = \"spring-2024\"", "id = \"spring-2024\"\nleave = [\"maternity\"]");
    let said = office.says("carry winter spring dara@example.org");
    let warned = "spring-2024 does not have the kind of leave of DARA_";
    assert!(office.uncoded(&said).contains(warned), "{said}");
    let row = office.ok("roster spring --status all --columns goes_by,leave,site --format csv");
    assert_eq!(row, "goes_by,leave,site\nDara,,Victoria\n");
}

//! `cohorts enroll`: who somebody is, whether there is a place, and when.

use snapbox::{assert_data_eq, str};

use crate::office::Office;

const KIT: &str = "--first-name Kit --last-name Tran --email kit@example.org";

/// A Winter 2024 with two places.
fn small() -> Office {
    let office = Office::winter();
    office.edit("capacity = 12", "capacity = 2");
    office
}

/// Who waits for Winter 2024, first in line first.
fn line_of(office: &Office) -> String {
    office.ok("roster winter --status waitlisted --sort place_in_line --columns place_in_line,goes_by --format csv")
}

#[test]
fn signing_up_gives_a_code_and_says_what_comes_next() {
    let office = Office::winter();
    let said = office.says(&format!("enroll {KIT}"));
    assert_data_eq!(
        office.uncoded(&said),
        str![[r#"
Enrolled Kit Tran in winter-2024 as KIT__: 1 of 12 places taken.
  the text to agree to   cohorts agreement winter-2024
  once they have agreed  cohorts consent agreed KIT__ -c winter-2024

"#]]
    );
    let code = office.code("kit");
    let signs: Vec<char> = code.chars().collect();
    assert!(signs.len() == 5 && signs[0].is_ascii_uppercase() && signs[1].is_ascii_digit());
    assert!(!code.contains(['I', 'L', 'O', 'U']), "{code}");
}

#[test]
fn details_are_kept_and_never_said() {
    let office = Office::winter();
    let details = "--goes-by Kitty --phone '+1 604 555 0101' --residency Psychiatry --site Victoria --leave Maternity";
    let done = office.run(&format!("enroll {KIT} {details}"));
    let printed = done.stdout + &done.stderr;
    for detail in ["604", "Psychiatry", "Victoria", "aternity", "kit@"] {
        assert!(!printed.contains(detail), "{printed}");
    }
    let columns = "first_name,last_name,goes_by,email,phone,residency,site,leave,signed_up";
    assert_eq!(
        office.ok(&format!("roster --columns {columns} --format csv")).lines().nth(1).unwrap(),
        "Kit,Tran,Kitty,kit@example.org,'+1 604 555 0101,Psychiatry,Victoria,maternity,2024-01-02 09:00:00"
    );
}

#[test]
fn the_next_cohort_is_meant_unless_one_is_named() {
    let office = Office::winter();
    office.ok("new spring-2024 --starts 2024-04-02");
    office.at("2024-01-25 09:00");
    assert!(office.says(&format!("enroll {KIT}")).contains("in spring-2024"));
    office.at("2024-04-05 09:00");
    let said = office.refuses(1, "enroll --first-name Ann --last-name Bo --email ann@example.org");
    assert!(said.contains("no cohort is to come") && said.contains("cohorts new"), "{said}");
}

#[test]
fn a_known_address_is_the_same_participant_in_a_new_cohort() {
    let office = Office::winter();
    office.ok("new spring-2024 --starts 2024-04-02");
    office.ok(&format!("enroll -c winter {KIT} --leave medical"));
    let code = office.code("kit");
    let said =
        office.says("enroll -c spring --first-name kit --last-name TRAN --email KIT@Example.org");
    assert!(said.contains(&format!("{code} is the same participant as in winter-2024")), "{said}");
    assert!(said.contains(&format!("in spring-2024 as {code}")), "{said}");
    assert_eq!(
        office.ok("participant list --format csv").lines().nth(1).unwrap(),
        format!("{code},\"Tran, Kit\",Kit,winter-2024 spring-2024")
    );
    let counts = "SELECT (SELECT count(*) FROM participant), (SELECT count(*) FROM enrollment)";
    let counts: (i64, i64) =
        office.records().query_row(counts, [], |r| Ok((r.get(0)?, r.get(1)?))).unwrap();
    assert_eq!(counts, (1, 2));
    // Leave belongs to an enrollment: it may have changed.
    assert_eq!(
        office.ok("roster --all --columns cohort,leave --format csv"),
        "cohort,leave\nwinter-2024,medical\nspring-2024,\n"
    );
}

#[test]
fn the_address_alone_is_enough_for_somebody_known() {
    let office = Office::winter();
    office.ok("new spring-2024 --starts 2024-04-02");
    office.ok(&format!("enroll -c winter {KIT}"));
    assert!(office.says("enroll -c spring --email kit@example.org").contains("Enrolled Kit Tran"));
}

#[test]
fn a_former_address_still_finds_them() {
    let office = Office::winter();
    office.ok("new spring-2024 --starts 2024-04-02");
    office.ok(&format!("enroll -c winter {KIT}"));
    let code = office.code("kit");
    office.ok("participant edit kit@example.org --email new@example.org");
    let said = office.says(&format!("enroll -c spring {KIT}"));
    assert!(said.contains(&format!("as {code}")), "{said}");
    assert_eq!(office.ok("participant list --format csv").lines().count(), 2);
}

#[test]
fn the_same_address_under_another_name_is_a_question() {
    let office = Office::winter();
    office.ok("new spring-2024 --starts 2024-04-02");
    office.ok(&format!("enroll -c winter {KIT}"));
    let code = office.code("kit");
    let ann = "enroll -c spring --first-name Ann --last-name Lee --email kit@example.org";
    let said = office.refuses(2, ann);
    assert!(
        said.contains(&format!("--same-person {code}")) && said.contains("--new-person"),
        "{said}"
    );
    office.refuses(2, &format!("{ann} --new-person --same-person {code}"));

    let said = office.says(&format!("{ann} --same-person {code}"));
    assert!(said.contains(&format!("Enrolled Kit Tran in spring-2024 as {code}")), "{said}");
    office.ok("undo");
    let said = office.says(&format!("{ann} --new-person"));
    assert!(said.contains("Enrolled Ann Lee in spring-2024") && !said.contains(&code), "{said}");
    // From now on the address alone names two people.
    let said = office.refuses(2, "consent agreed kit@example.org -c spring --method nothing");
    assert!(said.contains("--method"), "{said}");
    let said = office.refuses(2, "participant edit kit@example.org --phone 1");
    assert!(said.contains(&code) && said.contains("could be 2 people"), "{said}");
}

#[test]
fn a_namesake_with_another_address_is_somebody_else_and_pointed_out() {
    let office = Office::winter();
    office.ok(&format!("enroll {KIT}"));
    let code = office.code("kit");
    let said = office.says("enroll --first-name Kit --last-name Tran --email other@example.org");
    assert!(
        said.contains(&format!("warning: {code} has the same name, with another address")),
        "{said}"
    );
    assert_eq!(office.ok("participant list --format csv").lines().count(), 3);
}

#[test]
fn somebody_without_an_address_signs_up_too() {
    let office = Office::winter();
    office.ok("enroll --first-name Kit --last-name Tran");
    assert_eq!(
        office.ok("roster --columns email,name --format csv"),
        "email,name\n,\"Tran, Kit\"\n"
    );
}

#[test]
fn whoever_comes_when_it_is_full_waits_in_order() {
    let office = small();
    office.sign_up("winter", &["amara", "bea"]);
    let said = office.says("enroll --first-name Chen --last-name Liu --email chen@example.org");
    assert_data_eq!(
        office.uncoded(&said),
        str![[r#"
Chen Liu waits for winter-2024 as CHEN_, 1st in line.
  when a place is free  cohorts place CHEN_ -c winter-2024

"#]]
    );
    office.at("2024-01-03 09:00").sign_up("winter", &["dara"]);
    // Elif phoned before either of them, and is entered last.
    office.at("2024-01-04 09:00");
    let elif = "--first-name Elif --last-name Kaya --email elif@example.org --signed-up 2024-01-01";
    assert!(office.says(&format!("enroll {elif}")).contains("1st in line"));
    assert_eq!(line_of(&office), "place_in_line,goes_by\n1,Elif\n2,Chen\n3,Dara\n");
}

#[test]
fn two_of_the_same_moment_wait_in_the_order_of_entry() {
    let office = small();
    office.sign_up("winter", &["amara", "bea", "zoe", "chen"]);
    assert_eq!(line_of(&office), "place_in_line,goes_by\n1,Zoe\n2,Chen\n");
}

#[test]
fn nobody_overtakes_the_waiting_when_a_place_frees_up() {
    let office = small();
    office.sign_up("winter", &["amara", "bea", "chen"]);
    office.ok("withdraw bea@example.org --reason schedule");
    office.at("2024-01-03 09:00").sign_up("winter", &["dara"]);
    assert_eq!(line_of(&office), "place_in_line,goes_by\n1,Chen\n2,Dara\n");
}

#[test]
fn whoever_enrolls_again_goes_to_the_end() {
    let office = small();
    office.sign_up("winter", &["amara", "bea", "chen", "dara"]);
    office.ok("withdraw amara@example.org --reason schedule");
    let said = office.says("enroll --email amara@example.org --signed-up 2024-01-01");
    assert!(said.contains("waits again for winter-2024") && said.contains("3rd in line"), "{said}");
    assert_eq!(line_of(&office), "place_in_line,goes_by\n1,Chen\n2,Dara\n3,Amara\n");
    // One enrollment, taken up again.
    let rows: i64 =
        office.records().query_row("SELECT count(*) FROM enrollment", [], |r| r.get(0)).unwrap();
    assert_eq!(rows, 4);
}

#[test]
fn twice_is_refused_wherever_they_stand() {
    let office = small();
    office.sign_up("winter", &["amara", "bea", "chen"]);
    for (name, status) in [("amara", "enrolled"), ("chen", "waitlisted")] {
        let said = office.refuses(1, &format!("enroll --email {name}@example.org"));
        assert!(said.contains(&format!("is in `winter-2024` already, {status}")), "{said}");
    }
}

#[test]
fn what_cannot_be_is_refused() {
    let office = Office::winter();
    for (line, words) in [
        ("--leave sick", "medical, maternity and parental"),
        ("--signed-up 2024-01-03", "still to come"),
        ("--signed-up '2024-01-02 09:01'", "still to come"),
        ("--signed-up 1066-10-14", "1900"),
        ("--signed-up yesterday", "2024-01-08"),
        ("--phone ''", "must not be empty"),
    ] {
        let said = office.refuses(2, &format!("enroll {KIT} {line}"));
        assert!(said.contains(words), "{line}: {said}");
    }
    let said = office.refuses(1, &format!("enroll {KIT} --from-week 5"));
    assert!(said.contains("has no week 5: it has 4 sessions"), "{said}");
    for email in ["kit", "kit@", "@example.org", "kit tran@example.org", "kit@localhost"] {
        let line = format!("enroll --first-name Kit --last-name Tran --email '{email}'");
        assert!(office.refuses(2, &line).contains("is not an e-mail address"), "{email}");
    }
    let said = office.refuses(2, "enroll --first-name Kit --email kit@example.org");
    assert!(said.contains("--last-name"), "{said}");
    office.refuses(1, "enroll --same-person K7QM2");
    office.refuses(1, &format!("enroll {KIT} -c autumn"));
}

#[test]
fn joining_late_has_to_be_said_and_counts_from_the_next_week() {
    let office = Office::winter();
    office.sign_up("winter", &["amara"]);
    office.agree("winter", &["amara"]);
    // The first session's day is not late until the session has ended.
    office.at("2024-01-23 10:00").sign_up("winter", &["bea"]);
    office.at("2024-01-23 11:31");
    let said = office.refuses(1, &format!("enroll -c winter {KIT}"));
    assert!(said.contains("--late") && said.contains("week 1"), "{said}");
    office.ok(&format!("enroll -c winter {KIT} --late"));
    office.ok("consent agreed kit@example.org bea@example.org");
    let weeks = "roster --columns goes_by,joined_week --format csv";
    assert_eq!(office.ok(weeks), "goes_by,joined_week\nAmara,1\nBea,1\nKit,2\n");
    // Week 1 is complete without Kit, and Kit cannot be marked in it.
    let said = office.refuses(1, "attend --week 1 --late kit@example.org --rest present");
    assert!(said.contains("week 2"), "{said}");
    office.ok("attend --rest present");
    assert_eq!(office.marks("winter").lines().nth(3).unwrap(), "Kit,,,,");
    assert!(office.ok("roster").lines().any(|l| l.contains("Kit") && l.ends_with("  . . .")));
}

#[test]
fn a_first_week_can_be_said() {
    let office = Office::winter();
    office.at("2024-01-31 09:00");
    office.ok(&format!("enroll -c winter {KIT} --late --from-week 2"));
    assert_eq!(office.ok("roster --columns joined_week --format csv"), "joined_week\n2\n");
}

#[test]
fn a_dry_run_says_all_and_keeps_nothing() {
    let office = Office::winter();
    let before = office.files();
    let said = office.says(&format!("enroll {KIT} --dry-run"));
    assert!(
        said.starts_with("Dry run, nothing was changed. Otherwise:\nEnrolled Kit Tran"),
        "{said}"
    );
    assert!(office.files() == before);
}

#[test]
fn a_first_week_goes_with_a_place() {
    let office = Office::winter();
    office.edit("capacity = 12", "capacity = 1");
    office.sign_up("winter", &["amara"]);
    let said = office.refuses(2, &format!("enroll {KIT} --late --from-week 2"));
    assert!(said.contains("--from-week goes with a place"), "{said}");
}

#[test]
fn whoever_is_to_join_after_the_last_week_for_that_is_late() {
    let office = Office::winter();
    let said = office.refuses(1, &format!("enroll {KIT} --from-week 2"));
    assert!(said.contains("is possible until week 1, Tue 23 January 2024"), "{said}");
    office.ok(&format!("enroll {KIT} --late --from-week 2"));
}

#[test]
fn a_day_may_be_written_as_it_is_printed() {
    let office = Office::winter();
    office.at("2024-01-12 09:00").ok(&format!("enroll {KIT} --signed-up '8 Jan 2024'"));
    assert!(office.ok("roster --columns signed_up --format csv").contains("2024-01-08 00:00:00"));
}

#[test]
fn a_place_in_another_cohort_at_the_same_time_is_said() {
    let office = Office::winter();
    office.ok("new late-2024 --starts 2024-02-13");
    office.ok("new spring-2024 --starts 2024-04-02");
    office.sign_up("winter", &["amara", "bea"]);
    let at_once = "has a place in winter-2024 as well, which runs at the same time";
    let said = office.says("enroll -c late --email amara@example.org");
    assert!(said.contains(at_once), "{said}");
    let said = office.says("enroll -c spring --email amara@example.org");
    assert!(!said.contains("winter-2024 as well"), "{said}");
    office.ok("withdraw bea@example.org -c winter --reason another-cohort");
    let said = office.says("enroll -c late --email bea@example.org");
    assert!(!said.contains("as well"), "{said}");
}

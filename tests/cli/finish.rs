//! `cohorts finish`: what is missing, and that nothing is forgotten afterwards.

use snapbox::{assert_data_eq, str};

use crate::office::Office;

/// Winter is over. Three had a place, Dara waits; Chen decided nothing, week 4 is
/// not recorded, and an incident is open.
fn office() -> Office {
    let office = Office::winter();
    office.edit("capacity = 12", "capacity = 3");
    office.sign_up("winter", &["amara", "bea", "chen", "dara"]);
    office.at("2024-01-18 09:00").agree("winter", &["amara", "bea"]);
    office.at("2024-01-23 12:00").ok("attend --rest present");
    office.ok("incident add --week 1 --kind notetaker");
    office.at("2024-01-30 12:00").ok("attend --absent bea@example.org --rest present");
    office.at("2024-02-06 12:00").ok("attend --rest present");
    office.at("2024-02-14 09:00");
    office
}

/// Does all that was missing.
fn mended(office: &Office) {
    office.ok("attend winter --week 4 --rest present");
    office.ok("incident close 1 --done removed");
    office.ok("withdraw chen@example.org -c winter --reason no-reply");
    office.ok("new spring-2024 --starts 2024-04-02");
    office.ok("carry winter spring --waiting");
}

#[test]
fn what_is_missing_is_shown_with_the_command_that_mends_it() {
    let office = office();
    let done = office.run("finish");
    assert_eq!(done.code, 1);
    assert_data_eq!(
        office.uncoded(&done.stdout),
        str![[r#"
  Week 4 is not recorded                     cohorts attend winter-2024 --week 4
  Chen (CHEN_) has neither agreed nor declined
                                     cohorts consent agreed CHEN_ -c winter-2024
  1 still waits, and no cohort is to come       cohorts new
  Open: Winter 2024, week 1: an AI notetaker    cohorts incident close 1

"#]]
    );
    assert_data_eq!(
        office.uncoded(&done.stderr),
        str![[r#"
error: `winter-2024` is not finished: 4 things are missing
hint: whoever gives no answer: cohorts withdraw WHO -c winter-2024

"#]]
    );
    office.refuses(1, "finish winter");
    office.ok("new spring-2024 --starts 2024-04-02");
    let shown = office.run("finish winter").stdout;
    assert!(shown.lines().all(|line| line.chars().count() <= 80), "{shown}");
    assert!(
        shown.contains(
            "  1 still waits                  cohorts carry winter-2024 spring-2024 --waiting\n"
        ),
        "{shown}"
    );
    // Each of the commands does it.
    for (line, left) in [
        ("attend winter-2024 --week 4 --rest present", 3),
        ("consent declined chen@example.org -c winter-2024", 2),
        ("carry winter-2024 spring-2024 --waiting", 1),
        ("incident close 1 --done removed", 0),
    ] {
        office.ok(line);
        let done = office.run("finish --dry-run");
        let commands = done.stdout.matches("  cohorts ").count();
        assert_eq!(commands, left, "{line}: {}", done.stdout);
        assert_eq!(done.code, i32::from(left > 0), "{line}: {}", done.stderr);
    }
}

#[test]
fn once_nothing_is_missing_it_is_finished_and_said_so() {
    let office = office();
    let shown = office.ok("");
    let line = shown.lines().find(|line| line.contains("Winter 2024 is over, and not finished"));
    assert!(line.unwrap().ends_with("  cohorts finish winter-2024"), "{shown}");
    mended(&office);
    assert_data_eq!(
        office.says("finish"),
        str![[r#"
winter-2024 is finished: 4 sessions, 2 enrolled, 1 completed.
  whoever wants to come again  cohorts carry winter-2024 spring-2024
  to take it back              cohorts undo

"#]]
    );
    assert!(office.ok("list --format csv").contains("winter-2024,2024-01-23,2024-02-13,finished,"));
    let shown = office.ok("show winter");
    assert!(shown.starts_with("Winter 2024 (winter-2024), finished\n"), "{shown}");
    assert!(shown.ends_with("\nFinished  14 February 2024\n"), "{shown}");
    assert!(!office.ok("").contains("Winter"), "{}", office.ok(""));
    // Once more changes nothing.
    let before = office.files();
    let said = office.at("2024-02-20 09:00").says("finish");
    assert_eq!(said, "winter-2024 is finished since 14 February 2024; nothing was changed.\n");
    assert!(office.files() == before);
    office.at("2024-02-20 09:00").ok("undo");
    assert!(office.ok("list --format csv").contains("2024-02-13,over,"));
    assert!(office.ok("").contains("Winter 2024 is over, and not finished"));
}

#[test]
fn whoever_did_not_complete_is_not_forgotten_at_the_end() {
    let office = office();
    mended(&office);
    office.ok("carry winter spring bea@example.org");
    assert_eq!(
        office.says("finish"),
        "winter-2024 is finished: 4 sessions, 2 enrolled, 1 completed.\n  \
         to take it back  cohorts undo\n"
    );
}

#[test]
fn what_is_missing_again_later_is_not_hidden() {
    let office = office();
    mended(&office);
    office.ok("finish");
    // A late change is possible, and alone changes nothing about it.
    office.ok("attend winter --week 2 --excused bea@example.org");
    office.ok("consent withdrawn amara@example.org -c winter");
    assert!(office.ok("list --format csv").contains("2024-02-13,finished,"));
    office.ok("incident add -c winter --kind told-outside");
    assert!(office.ok("list --format csv").contains("2024-02-13,over,"));
    let shown = office.run("show winter");
    assert!(shown.stdout.starts_with("Winter 2024 (winter-2024), over\n"), "{shown:?}");
    assert!(shown.stdout.ends_with("Finished  14 February 2024, but something is missing\n"));
    assert_eq!(shown.stderr, "  what is missing again  cohorts finish winter-2024\n");
    let said = office.says("check");
    let warning = "warning: winter-2024 was marked finished, and 1 thing is missing again\n  \
                   cohorts finish winter-2024\n";
    assert!(said.contains(warning), "{said}");
    let said = office.refuses(1, "finish winter");
    let error =
        "`winter-2024` was marked finished on 14 February 2024, and 1 thing is missing again";
    assert!(said.contains(error), "{said}");
    office.ok("incident close 2 --done talked");
    assert!(!office.says("check").contains("warning"));
    assert!(office.ok("list --format csv").contains("2024-02-13,finished,"));
}

#[test]
fn a_cohort_that_is_not_over_is_not_finished() {
    let office = office();
    let said = office.at("2024-02-13 12:00").refuses(1, "finish winter");
    assert_eq!(
        said,
        "error: `winter-2024` is not over: its last session is on Tue 13 February 2024\n\
         hint: it can be finished from the day after\n"
    );
    assert!(office.refuses(1, "finish").contains("no cohort is over yet"));
}

#[test]
fn whoever_signed_up_for_a_later_cohort_by_themselves_waits_no_more() {
    let office = office();
    office.ok("new spring-2024 --starts 2024-04-02");
    office.ok("enroll -c spring --email dara@example.org");
    let shown = office.run("finish").stdout;
    assert!(!shown.contains("wait"), "{shown}");
}

#[test]
fn a_cohort_where_nobody_agreed_has_no_week_to_record() {
    let office = Office::winter();
    office.sign_up("winter", &["amara"]);
    office.ok("consent declined amara@example.org");
    let said = office.at("2024-02-14 09:00").says("finish");
    assert!(said.starts_with("winter-2024 is finished: 4 sessions, 1 enrolled, 0 completed."));
}

#[test]
fn whoever_took_back_an_earlier_text_has_decided() {
    let office = Office::winter();
    office.sign_up("winter", &["amara", "bea"]);
    office.agree("winter", &["amara", "bea"]);
    let newer = "\n[[agreement]]\nversion = \"2024-02\"\nsince = 2024-01-10\ntext = \"New.\"\n";
    office.write("cohorts.toml", &(office.read("cohorts.toml") + newer));
    office.at("2024-01-18 09:00").ok("consent withdrawn amara@example.org");
    let shown = office.at("2024-02-14 09:00").run("finish").stdout;
    assert!(!shown.contains("Amara") && shown.contains("Bea"), "{shown}");
    office.ok("consent declined bea@example.org");
    office.ok("finish");
}

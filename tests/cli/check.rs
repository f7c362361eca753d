//! `check`: mistakes in cohorts.toml, and what does not fit the records.

use snapbox::{assert_data_eq, str};

use crate::office::Office;

/// A file in which nearly everything is wrong that can be.
const MISTAKES: &str = r#"[program]
name = "Aim. Focus. Release."
timezone = "America/Vancover"
weekday = "Tuesday"
starts_at = 13:30:00
ends_at = 11:30:00
sessions = 4
capacity = "12"
locaton = "Zoom"
topics = ["One", "Two", "Three"]
no_session_on = [2024-07-02]

[[agreement]]
version = "2024-01"
since = 2024-01-01
text = "We keep it to ourselves."

[roster.zoom]
columns = ["emial", "first_name"]

[[cohort]]
id = "winter-2024"
starts_on = 2024-01-24

[[cohort]]
id = "winter-2024"
starts_on = 2024-04-02

[[cohort]]
id = "summer-2024"
starts_on = 2024-07-02

[[cohort]]
id = "next"
starts_on = 2024-10-01

[[cohort]]
id = "Winter 2025"
starts_on = 2025-01-07
"#;

#[test]
fn every_mistake_is_shown_at_once_with_its_place_and_what_would_be_right() {
    let office = Office::new();
    office.write("cohorts.toml", MISTAKES);
    let said = office.refuses(5, "check");
    assert_data_eq!(&said, str![[]]);
    // In the order of the file, so that one can go through it from the top.
    let lines: Vec<usize> = said
        .lines()
        .filter_map(|line| line.trim().strip_prefix("--> cohorts.toml:"))
        .map(|place| place.split(':').next().unwrap().parse().unwrap())
        .collect();
    assert!(lines.is_sorted(), "{lines:?}");
    assert_eq!(lines.len(), 11, "{lines:?}");
}

#[test]
fn any_other_command_refuses_a_broken_file_the_same_way_and_does_nothing() {
    let office = Office::winter();
    office.sign_up("winter", &["amara"]);
    office.edit("sessions = 4 ", "sesions = 4 ");
    let check = office.refuses(5, "check");
    let mistake = "cohorts.toml:10:1";
    assert!(check.contains(mistake) && check.contains("did you mean `sessions`?"), "{check}");
    for line in [
        "",
        "list",
        "show winter-2024",
        "roster",
        "new spring-2024 --starts 2024-04-02",
        "move --week 3 --to 2024-02-08",
        "enroll --first-name Bea --last-name Example",
        "consent agreed amara@example.org",
        "consent list",
        "attend --week 1 --rest present",
        "excuse amara@example.org --week 2",
        "withdraw amara@example.org --reason schedule",
        "participant edit amara@example.org --goes-by Ama",
        "agreement",
        "undo",
    ] {
        let said = office.refuses(1, line);
        assert!(said.contains(mistake), "{line}: {said}");
        assert!(said.contains("nothing was done"), "{line}: {said}");
        assert!(
            said.contains("hint: mend the file, then look with: cohorts check"),
            "{line}: {said}"
        );
    }
}

#[test]
fn text_that_is_not_toml_is_shown_with_its_line() {
    let office = Office::new();
    office.edit("sessions = 4 ", "sessions 4 ");
    assert_data_eq!(office.refuses(5, "check"), str![[]]);
}

#[test]
fn all_is_well_says_how_much_was_looked_at() {
    let office = Office::winter();
    office.sign_up("winter", &["amara", "bea"]);
    let done = office.run("check");
    assert_eq!((done.code, done.stdout.as_str()), (0, ""));
    assert_eq!(done.stderr, "All is well: 1 cohort, 2 enrollments.\n");
}

#[test]
fn an_agreement_must_not_be_edited_once_somebody_agreed_to_it() {
    let office = Office::winter();
    office.sign_up("winter", &["amara", "bea"]);
    let old = office.ok("agreement");
    office.edit("What is said in the group stays", "What is said in the group mostly stays");
    assert_eq!(office.run("check").code, 0, "nobody has agreed to it yet");
    office.edit("group mostly stays", "group stays");

    office.agree("winter", &["amara"]);
    office.edit("What is said in the group stays", "What is said in the group mostly stays");
    assert_data_eq!(office.refuses(5, "check"), str![[]]);
    assert_eq!(office.ok("agreement --kept 2024-01"), old);
    assert_ne!(office.ok("agreement"), old);
    office.refuses(1, "agreement --kept 2023-01");

    // Until it is mended, nobody can decide about a text that others did not see.
    let said = office.refuses(1, "consent agreed bea@example.org");
    assert!(said.contains("hint: cohorts check"), "{said}");
    office.edit("group mostly stays", "group stays");
    assert_eq!(office.run("check").code, 0);
}

#[test]
fn an_agreement_that_somebody_agreed_to_must_not_go() {
    let office = Office::winter();
    office.sign_up("winter", &["amara"]);
    office.agree("winter", &["amara"]);
    office.edit("version = \"2024-01\"", "version = \"2024-02\"");
    assert_data_eq!(office.refuses(5, "check"), str![[]]);
}

#[test]
fn a_recorded_session_must_not_move_in_the_file() {
    let office = Office::winter();
    office.sign_up("winter", &["amara"]);
    office.agree("winter", &["amara"]);
    office.at("2024-01-23 12:00").ok("attend --rest present");
    let toml = office.read("cohorts.toml");
    office.edit(
        "starts_on = 2024-01-23",
        "starts_on = 2024-01-23\nmoved = [{ week = 1, to = 2024-01-25, at = 13:00:00 }]",
    );
    // The template shows `starts_on` in a comment too.
    let text = office.read("cohorts.toml").replace(
        "#     starts_on = 2024-01-23\nmoved = [{ week = 1, to = 2024-01-25, at = 13:00:00 }]\n",
        "#     starts_on = 2024-01-23\n",
    );
    office.write("cohorts.toml", &text);
    let said = office.refuses(5, "check");
    assert_data_eq!(&said, str![[]]);

    // What `check` says to write mends it.
    let mend = said.split("put the day back: ").nth(1).unwrap().lines().next().unwrap();
    office.edit("moved = [{ week = 1, to = 2024-01-25, at = 13:00:00 }]", mend);
    assert_eq!(office.run("check").code, 0, "{mend}");
    office.write("cohorts.toml", &toml);
    assert_eq!(office.run("check").code, 0);
}

#[test]
fn a_recorded_week_must_not_be_cut_off() {
    let office = Office::winter();
    office.sign_up("winter", &["amara"]);
    office.agree("winter", &["amara"]);
    office.at("2024-02-13 12:00").ok("attend --week 4 --rest present");
    let text = office.read("cohorts.toml") + "sessions = 3\ntopics = []\n";
    office.write("cohorts.toml", &text);
    assert_data_eq!(office.refuses(5, "check"), str![[]]);
}

#[test]
fn a_cohort_with_records_must_not_go() {
    let office = Office::winter();
    office.ok("new spring-2024 --starts 2024-04-02");
    office.sign_up("winter", &["amara"]);
    office.agree("winter", &["amara"]);
    office.at("2024-01-23 12:00").ok("attend --rest present");
    let toml = office.read("cohorts.toml");
    let gone = toml.replace("\n[[cohort]]\nid = \"winter-2024\"\nstarts_on = 2024-01-23\n", "\n");
    assert_ne!(gone, toml);
    office.write("cohorts.toml", &gone);
    let said = office.refuses(5, "check");
    assert_data_eq!(&said, str![[]]);
    // A cohort without records may go.
    let other = toml.replace("\n[[cohort]]\nid = \"spring-2024\"\nstarts_on = 2024-04-02\n", "\n");
    assert_ne!(other, toml);
    office.write("cohorts.toml", &other);
    assert_eq!(office.run("check").code, 0);
}

#[test]
fn overlapping_cohorts_are_a_warning() {
    let office = Office::winter();
    office.ok("new second-2024 --starts 2024-02-13");
    let done = office.run("check");
    assert_eq!(done.code, 0);
    assert_data_eq!(done.stderr, str![[]]);
    office.ok("list");
    // One that starts a week after the last session of another does not.
    office.edit("starts_on = 2024-02-13", "starts_on = 2024-02-20");
    assert_eq!(office.says("check"), "All is well: 2 cohorts, 0 enrollments.\n");
}

#[test]
fn mistakes_of_the_file_and_of_the_records_come_together() {
    let office = Office::winter();
    office.ok("new second-2024 --starts 2024-02-13");
    office.sign_up("winter", &["amara"]);
    office.agree("winter", &["amara"]);
    office.edit("I treat the other", "I usually treat the other");
    let said = office.refuses(5, "check");
    assert!(said.contains("warning: `second-2024` begins before"), "{said}");
    assert!(said.contains("error: the text of agreement `2024-01` was edited"), "{said}");
    assert!(said.ends_with("error: 1 problem found\n"), "{said}");
}

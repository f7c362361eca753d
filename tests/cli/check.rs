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
    assert_data_eq!(
        &said,
        str![[r#"
error: `America/Vancover` is no time zone
 --> cohorts.toml:3:12
  |
3 | timezone = "America/Vancover"
  |            ^^^^^^^^^^^^^^^^^^ did you mean `America/Vancouver`?

error: a session must end after it starts, not start at 13:30 and end at 11:30
 --> cohorts.toml:6:11
  |
6 | ends_at = 11:30:00
  |           ^^^^^^^^ hours are counted to 24: half past one is 13:30:00

error: `capacity` must be a whole number, not text
 --> cohorts.toml:8:12
  |
8 | capacity = "12"
  |            ^^^^ write it without quotation marks: `capacity = 12`

error: unknown key `locaton`
 --> cohorts.toml:9:1
  |
9 | locaton = "Zoom"
  | ^^^^^^^ did you mean `location`?

error: there are 3 topics, but 4 sessions
  --> cohorts.toml:10:10
   |
10 | topics = ["One", "Two", "Three"]
   |          ^^^^^^^^^^^^^^^^^^^^^^^ `topics` must have one for each session, or none at all

error: unknown column `emial`
  --> cohorts.toml:19:12
   |
19 | columns = ["emial", "first_name"]
   |            ^^^^^^^ did you mean `email`?

error: 2024-01-24 is a Wednesday, and sessions are on Tuesdays
  --> cohorts.toml:23:13
   |
23 | starts_on = 2024-01-24
   |             ^^^^^^^^^^ the nearest Tuesdays are 23 and 30 January 2024

error: there is another cohort `winter-2024`
  --> cohorts.toml:26:6
   |
26 | id = "winter-2024"
   |      ^^^^^^^^^^^^^ the first of that id is at line 22

error: 2024-07-02 is in `no_session_on`
  --> cohorts.toml:31:13
   |
31 | starts_on = 2024-07-02
   |             ^^^^^^^^^^ the nearest Tuesdays are 25 June and 9 July 2024

error: `next` has a meaning of its own on the command line
  --> cohorts.toml:34:6
   |
34 | id = "next"
   |      ^^^^^^ choose another, like `winter-2024`

error: an id is made of lower-case letters, digits and single dashes, like `winter-2024`
  --> cohorts.toml:38:6
   |
38 | id = "Winter 2025"
   |      ^^^^^^^^^^^^^ perhaps `winter-2025`

error: cohorts.toml has 11 mistakes

"#]]
    );
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
    assert_data_eq!(
        office.refuses(5, "check"),
        str![[r#"
error: a line here is one word, then `=` and its value
  --> cohorts.toml:10:10
   |
10 | sessions 4                     # how many a cohort has, one a week
   |          ^ like `capacity = 12`

error: cohorts.toml has a mistake

"#]]
    );
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
    assert_data_eq!(
        office.refuses(5, "check"),
        str![[r#"
error: the text of agreement `2024-01` was edited after 1 decision about it
  --> cohorts.toml:33:11
   |
33 | version = "2024-01"
   |           ^^^^^^^^^
   |
   = help: put the old text back (cohorts agreement --kept 2024-01), and add the new one as another [[agreement]]
error: 1 problem found

"#]]
    );
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
    assert_data_eq!(
        office.refuses(5, "check"),
        str![[r#"
error: agreement `2024-01` is gone from cohorts.toml, and 1 decision rests on it
  put it back; its text is kept: cohorts agreement --kept 2024-01
error: 1 problem found

"#]]
    );
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
    assert_data_eq!(
        &said,
        str![[r#"
error: week 1 of `winter-2024` was recorded on 23 Jan 2024, 9:30, and cohorts.toml now says 25 Jan 2024, 13:00
  --> cohorts.toml:79:6
   |
79 | id = "winter-2024"
   |      ^^^^^^^^^^^^^
   |
   = help: put the day back: moved = [{ week = 1, to = 2024-01-23, at = 09:30:00 }]
error: 1 problem found

"#]]
    );

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
    assert_data_eq!(
        office.refuses(5, "check"),
        str![[r#"
error: `winter-2024` has a record of week 4, which cohorts.toml does not have
  --> cohorts.toml:79:6
   |
79 | id = "winter-2024"
   |      ^^^^^^^^^^^^^ set `sessions` to at least 4 again

error: 1 problem found

"#]]
    );
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
    assert_data_eq!(
        &said,
        str![[r#"
error: cohort `winter-2024` has records, and is gone from cohorts.toml
  put it back:

  [[cohort]]
  id = "winter-2024"
  starts_on = 2024-01-23
error: 1 problem found

"#]]
    );
    // A cohort without records may go.
    let other = toml.replace("\n[[cohort]]\nid = \"spring-2024\"\nstarts_on = 2024-04-02\n", "\n");
    assert_ne!(other, toml);
    office.write("cohorts.toml", &other);
    assert_eq!(office.run("check").code, 0);
}

#[test]
fn a_cohort_is_put_back_to_the_day_it_started_whatever_week_was_recorded_first() {
    let office = Office::winter();
    office.sign_up("winter", &["amara"]);
    office.agree("winter", &["amara"]);
    office.at("2024-01-30 12:00").ok("attend --week 2 --rest present");
    let toml = office.read("cohorts.toml");
    let cohort = "\n[[cohort]]\nid = \"winter-2024\"\nstarts_on = 2024-01-23\n";
    office.write("cohorts.toml", &toml.replace(cohort, ""));
    let said = office.refuses(5, "check");
    let mend = said.split("put it back:").nth(1).unwrap().split("error:").next().unwrap();
    office.write("cohorts.toml", &toml.replace(cohort, &mend.replace("\n  ", "\n")));
    let done = office.run("check");
    assert_eq!(
        done.code, 0,
        "what `check` says to write does not mend it: {mend}\n{}",
        done.stderr
    );
}

#[test]
fn overlapping_cohorts_are_a_warning() {
    let office = Office::winter();
    office.ok("new second-2024 --starts 2024-02-13");
    let done = office.run("check");
    assert_eq!(done.code, 0);
    assert_data_eq!(
        done.stderr,
        str![[r#"
warning: `second-2024` begins before `winter-2024` is over
  --> cohorts.toml:83:6
   |
83 | id = "second-2024"
   |      ^^^^^^^^^^^^^ the last session of `winter-2024` is on 2024-02-13
All is well: 2 cohorts, 0 enrollments.

"#]]
    );
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

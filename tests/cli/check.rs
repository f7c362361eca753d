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

The records are whole: every row is as its history says (0 changes).
Whether they fit cohorts.toml is seen once it has no mistakes.

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

The records are whole: every row is as its history says (0 changes).
Whether they fit cohorts.toml is seen once it has no mistakes.

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
    assert_data_eq!(
        done.stderr,
        str![[r#"
All is well: 1 cohort, 2 enrollments.
Every row is as its history says (8 changes), and the file is whole.

"#]]
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
   --> cohorts.toml:106:6
    |
106 | id = "second-2024"
    |      ^^^^^^^^^^^^^ the last session of `winter-2024` is on 2024-02-13

All is well: 2 cohorts, 0 enrollments.
Every row is as its history says (2 changes), and the file is whole.

"#]]
    );
    office.ok("list");
    // One that starts a week after the last session of another does not.
    office.edit("starts_on = 2024-02-13", "starts_on = 2024-02-20");
    let said = office.says("check");
    assert!(said.starts_with("All is well: 2 cohorts, 0 enrollments.\n"), "{said}");
}

//! `check`: what does not fit between cohorts.toml and the records.

use snapbox::{assert_data_eq, str};

use crate::office::Office;

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
  --> cohorts.toml:34:11
   |
34 | version = "2024-01"
   |           ^^^^^^^^^
   |
   = help: put the old text back, which is kept: cohorts agreement --kept 2024-01, and add the new one as another [[agreement]]

error: 1 problem found

"#]]
    );
    let said = office.refuses(5, "check --folder .");
    assert!(said.contains(": cohorts agreement --kept 2024-01 --folder ., and add"), "{said}");
    assert_eq!(office.ok("agreement --kept 2024-01"), old);
    office.refuses(1, "agreement");
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
    let said = office.refuses(5, "check --folder .");
    assert!(said.contains(": cohorts agreement --kept 2024-01 --folder .\n"), "{said}");
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
error: week 1 of `winter-2024` took place on 23 Jan 2024, 9:30, and cohorts.toml now says 25 Jan 2024, 13:00
   --> cohorts.toml:102:6
    |
102 | id = "winter-2024"
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
   --> cohorts.toml:102:6
    |
102 | id = "winter-2024"
    |      ^^^^^^^^^^^^^ set `sessions` to at least 4 again, here or for all

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

#[test]
fn new_hours_for_all_are_one_problem_of_each_recorded_cohort() {
    let office = Office::winter();
    office.sign_up("winter", &["amara"]);
    office.agree("winter", &["amara"]);
    for day in ["2024-01-23", "2024-01-30"] {
        office.at(&format!("{day} 12:00")).ok("attend --rest present");
    }
    office.edit("starts_at = 09:30:00", "starts_at = 10:00:00");
    let said = office.refuses(5, "check");
    assert!(said.contains("1 problem found"), "{said}");
    let own_hours = "\nstarts_on = 2024-01-23\nstarts_at = 09:30:00\nends_at = 11:30:00";
    assert!(said.contains("starts_at = 09:30:00 and ends_at = 11:30:00"), "{said}");
    office.edit("\nstarts_on = 2024-01-23", own_hours);
    office.ok("check");
}

#[test]
fn people_whose_cohort_is_gone_from_the_file_are_not_hidden_in_silence() {
    let office = Office::winter();
    office.sign_up("winter", &["amara"]);
    office.edit("id = \"winter-2024\"", "id = \"snow-2024\"");
    let hidden = "warning: winter-2024 has records, and is gone from cohorts.toml: \
                  who is in it is not shown\n";
    for line in ["list", "roster", "roster --format csv", "consent list"] {
        let said = office.says(line);
        assert!(said.contains(hidden) && said.contains("cohorts check"), "{line}: {said}");
    }
    office.ok("new spring-2024 --starts 2024-04-02");
    office.sign_up("spring", &["bea"]);
    let said = office.says("roster --all");
    assert!(said.contains(hidden), "{said}");
    // What `check` proposes is the day that the history knows.
    let said = office.refuses(5, "check");
    assert!(said.contains("\n  id = \"winter-2024\"\n  starts_on = 2024-01-23\n"), "{said}");
    office.edit("id = \"snow-2024\"", "id = \"winter-2024\"");
    for line in ["list", "roster", "consent list"] {
        let said = office.says(line);
        assert!(!said.contains("gone"), "{line}: {said}");
    }
}

#[test]
fn a_day_that_nobody_knows_any_more_is_not_proposed() {
    let office = Office::new();
    let toml = office.read("cohorts.toml");
    let cohort = "\n[[cohort]]\nid = \"spring-2024\"\nstarts_on = 2024-04-02\n";
    office.write("cohorts.toml", &(toml.clone() + cohort));
    office.sign_up("spring-2024", &["amara"]);
    office.write("cohorts.toml", &toml);
    let said = office.refuses(5, "check");
    assert!(said.contains("starts_on = YYYY-MM-DD   # the day of its first session"), "{said}");
}

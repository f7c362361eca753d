//! What `import` asks on a terminal.
#![cfg(unix)]

use crate::prompts::{Desk, ENTER, ESC, answer};

const DOWN: &str = "\u{1b}[B";
const UP: &str = "\u{1b}[A";

fn desk_with(form: &str) -> Desk {
    let desk = Desk::new();
    std::fs::write(desk.home.path().join("form.csv"), form).unwrap();
    desk
}

#[test]
fn the_preview_is_asked_about_before_anything_is_written() {
    let desk = desk_with("Name,Email\nElif Kaya,elif@example.org\n");
    let before = desk.records();
    let code = desk.at_terminal("import form.csv", |talk| answer(talk, "Sign this one up?", "n\r"));
    assert_eq!((code, desk.records() == before), (3, true));
    let code = desk.at_terminal("import form.csv", |talk| answer(talk, "Sign this one up?", ESC));
    assert_eq!((code, desk.records() == before), (3, true));
    let code = desk.at_terminal("import form.csv", |talk| {
        talk.exp_string("Elif        Kaya").unwrap();
        answer(talk, "Sign this one up?", ENTER);
        talk.exp_string("Signed up 1 person").unwrap();
    });
    assert_eq!(code, 0);
}

#[test]
fn columns_are_asked_about_once_and_written_down() {
    let desk =
        desk_with("Say who you are,Your mailbox,Anything else\nElif Kaya,elif@example.org,no\n");
    let code = desk.at_terminal("import form.csv", |talk| {
        answer(talk, "\"Say who you are\" is", &[DOWN, DOWN, DOWN, ENTER].concat());
        answer(talk, "\"Your mailbox\" is", &[DOWN, DOWN, DOWN, DOWN, ENTER].concat());
        answer(talk, "\"Anything else\" is", ENTER);
        answer(talk, "Sign this one up?", ENTER);
        answer(talk, "so that it is not asked again?", ENTER);
        talk.exp_string("Wrote what the columns are into cohorts.toml, [import.forms].").unwrap();
    });
    assert_eq!(code, 0);
    let toml = String::from_utf8(desk.records().0).unwrap();
    let wanted = "[import.forms]\nname = \"Say who you are\"\nemail = \"Your mailbox\"\n";
    assert!(toml.ends_with(wanted), "{toml}");
    // The next time, only what is still not read is offered.
    let code = desk.at_terminal("import form.csv", |talk| {
        answer(talk, "\"Anything else\" is not read. Say what it is?", ENTER);
        talk.exp_string("nothing was changed").unwrap();
    });
    assert_eq!(code, 0);
    desk.quietly("undo");
    let toml = String::from_utf8(desk.records().0).unwrap();
    assert!(!toml.contains("import.forms"), "undone with the sign-ups: {toml}");
}

#[test]
fn the_address_is_asked_about_where_the_column_of_that_name_has_none() {
    let desk = desk_with(
        "Name,Email,Where do we reach you?\n\
         Elif Kaya,anonymous,elif@example.org\nUma Ray,anonymous,uma@example.org\n",
    );
    let code = desk.at_terminal("import form.csv", |talk| {
        answer(talk, "\"Where do we reach you?\" is not read. Say what it is?", "y\r");
        answer(talk, "\"Where do we reach you?\" is:", &[DOWN, DOWN, DOWN, DOWN, ENTER].concat());
        answer(talk, "Sign these 2 up?", ENTER);
        answer(talk, "so that it is not asked again?", ENTER);
        talk.exp_string("Wrote what the columns are into cohorts.toml").unwrap();
    });
    assert_eq!(code, 0);
    let toml = String::from_utf8(desk.records().0).unwrap();
    assert!(toml.ends_with("[import.forms]\nemail = \"Where do we reach you?\"\n"), "{toml}");
}

#[test]
fn nothing_is_asked_to_be_written_down_that_would_be_lost() {
    let desk = desk_with("Say who you are,Timestamp\nElif Kaya,soon\n");
    let before = desk.records();
    let code = desk.at_terminal("import form.csv", |talk| {
        answer(talk, "\"Say who you are\" is", &[DOWN, DOWN, DOWN, ENTER].concat());
        talk.exp_string("cannot be taken; nothing was written").unwrap();
    });
    assert_eq!((code, desk.records() == before), (1, true));
}

#[test]
fn who_types_the_form_is_told_so() {
    let desk = desk_with("");
    let code = desk.at_terminal("import -", |talk| {
        talk.exp_string("Paste the form here, with its headings").unwrap();
        talk.send("Name,Email\nElif Kaya,elif@example.org\n\u{4}").unwrap();
        talk.flush().unwrap();
        answer(talk, "Sign this one up?", ENTER);
    });
    assert_eq!(code, 0);
}

#[test]
fn who_has_a_known_address_is_asked() {
    let desk = desk_with("Name,Email\nSam Lee,kit@example.org\nTom Lee,finn@example.org\n");
    let code = desk.at_terminal("import form.csv", |talk| {
        answer(
            talk,
            "Line 2: Sam Lee has an address that is known under another name",
            &[DOWN, ENTER].concat(),
        );
        answer(
            talk,
            "Line 3: Tom Lee has an address that is known under another name",
            &[UP, ENTER].concat(),
        );
        talk.exp_string("left out by you, skipped").unwrap();
        answer(talk, "Sign this one up?", ENTER);
        talk.exp_string("Signed up 1 person").unwrap();
    });
    assert_eq!(code, 0);
}

#[test]
fn consents_are_asked_about_and_not_taken_for_granted() {
    let desk = desk_with("Name,Email,Agree\nElif Kaya,elif@example.org,yes\n");
    let code = desk.at_terminal("import form.csv", |talk| {
        answer(talk, "is it to be recorded?", ENTER);
        answer(talk, "Sign this one up?", ENTER);
        talk.exp_string("which is not recorded").unwrap();
    });
    assert_eq!(code, 0);
    let code = desk.at_terminal("import form.csv", |talk| {
        answer(talk, "is it to be recorded?", "y\r");
        answer(talk, "Record 1 consent?", ENTER);
        talk.exp_string("Recorded 1 consent").unwrap();
    });
    assert_eq!(code, 0);
}

//! Incidents at a terminal.
#![cfg(unix)]

use crate::prompts::{Desk, ENTER, ESC, answer};

#[test]
fn an_incident_is_asked_about_in_words_and_closed_so() {
    let mut desk = Desk::new();
    desk.now = "2024-01-30 11:40";
    let before = desk.records();
    let ended = desk.at_terminal("incident add kit@example.org", |session| {
        answer(session, "What happened in winter-2024", "\u{1b}[B\r");
        answer(session, "In which week", ESC);
    });
    assert_eq!(ended, 3);
    assert!(desk.records() == before);
    let ended = desk.at_terminal("incident add kit@example.org", |session| {
        answer(session, "What happened in winter-2024", "\u{1b}[B\r");
        // The last session that has begun comes first.
        session.exp_string("2 (Tue 30 January)").unwrap();
        answer(session, "1 (Tue 23 January)", ENTER);
        session.exp_string("week 2: there without agreement (Kit, ").unwrap();
    });
    assert_eq!(ended, 0);
    // What was told outside need not have been at a session.
    let ended = desk.at_terminal("incident add --kind told-outside", |session| {
        answer(session, "not at a session", "\u{1b}[A\r");
        session.exp_string("Noted incident 2. Winter 2024: told outside the group.").unwrap();
    });
    assert_eq!(ended, 0);
    let ended = desk.at_terminal("incident close 1 2", |session| {
        session.exp_string("1  Winter 2024, week 2: there without agreement (Kit, ").unwrap();
        session.exp_string("2  Winter 2024: told outside the group").unwrap();
        answer(session, "What was done", "\u{1b}[B\r");
        session.exp_string("Closed incident 1 (talked).").unwrap();
    });
    assert_eq!(ended, 0);
    assert_eq!(desk.quietly("incident list --format csv").lines().count(), 1);
}

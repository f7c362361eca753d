//! What destroys asks first, and Enter, Esc and Ctrl-C say no.
#![cfg(unix)]

use crate::prompts::{CTRL_C, Desk, ENTER, ESC, answer};

/// Each leaves both files as they were, with this exit code.
const NO: [(&str, i32); 4] = [(ENTER, 3), (ESC, 3), (CTRL_C, 3), ("n\r", 3)];

#[test]
fn an_erasure_is_asked_about() {
    let desk = Desk::new();
    let question = "Erase Kit (";
    for (keys, code) in NO {
        let before = desk.records();
        let ended = desk.at_terminal("participant erase kit@example.org", |session| {
            session.exp_string("would leave it.").unwrap();
            answer(session, question, keys);
        });
        assert_eq!(ended, code, "{keys:?}");
        assert!(desk.records() == before, "{keys:?}");
    }
    let ended = desk.at_terminal("participant erase kit@example.org", |session| {
        answer(session, question, "y\r");
        session.exp_string("nothing here says any more who they are").unwrap();
    });
    assert_eq!(ended, 0);
    assert!(!desk.quietly("participant list --format csv").contains("Tran"));
}

#[test]
fn joining_two_entries_is_asked_about() {
    let desk = Desk::new();
    let line = "participant merge kit@example.org finn@example.org";
    for (keys, code) in NO {
        let before = desk.records();
        let ended = desk.at_terminal(line, |session| {
            session.exp_string("Kit Tran, winter-2024: stays").unwrap();
            session.exp_string("Finn Murphy, winter-2024: becomes a part of it").unwrap();
            answer(session, "Are they one person?", keys);
        });
        assert_eq!(ended, code, "{keys:?}");
        assert!(desk.records() == before, "{keys:?}");
    }
}

#[test]
fn a_restore_says_what_would_be_lost_and_asks() {
    let desk = Desk::new();
    desk.quietly("backup copy.backup");
    desk.quietly("withdraw kit@example.org --reason schedule");
    for (keys, code) in NO {
        let before = desk.records();
        let ended = desk.at_terminal("restore copy.backup", |session| {
            session.exp_string("1 later change would be lost:").unwrap();
            answer(session, "Put it into", keys);
        });
        assert_eq!(ended, code, "{keys:?}");
        assert!(desk.records() == before, "{keys:?}");
    }
    let ended = desk.at_terminal("restore copy.backup", |session| {
        answer(session, "Put it into", "y\r");
        session.exp_string("Restored the backup").unwrap();
    });
    assert_eq!(ended, 0);
    assert!(desk.quietly("list").contains("3/12"));
}

#[test]
fn who_is_to_be_joined_is_shown_again_where_that_changed_meanwhile() {
    let desk = Desk::new();
    let line = "participant merge kit@example.org finn@example.org";
    let code = desk.at_terminal(line, |session| {
        session.exp_string("Finn Murphy, winter-2024: becomes a part of it").unwrap();
        session.exp_string("Are they one person?").unwrap();
        desk.quietly("participant edit finn@example.org --last-name Quite-Another");
        session.send("y\r").unwrap();
        session.flush().unwrap();
        session.exp_string("Finn Quite-Another, winter-2024: becomes a part of it").unwrap();
        answer(session, "Are they one person?", "n\r");
    });
    assert_eq!(code, 3);
    // Another window may even have joined them already.
    let code = desk.at_terminal(line, |session| {
        session.exp_string("Are they one person?").unwrap();
        desk.quietly("participant merge finn@example.org kit@example.org --yes");
        session.send("y\r").unwrap();
        session.flush().unwrap();
        session.exp_string("are one entry already").unwrap();
    });
    assert_eq!(code, 2);
    let shown = desk.quietly("participant show kit@example.org --all");
    assert!(shown.contains("finn@example.org") && shown.contains("Winter 2024"), "{shown}");
    desk.quietly("check");
}

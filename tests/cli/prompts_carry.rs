//! Who wants to come again, asked at a terminal.
#![cfg(unix)]

use crate::prompts::{CTRL_C, DOWN, Desk, ENTER, ESC, answer};

/// Winter is over for Amara and Finn, and Kit waited for it in vain.
fn desk() -> Desk {
    let mut desk = Desk::new();
    desk.quietly("withdraw kit@example.org --reason schedule");
    let path = desk.home.path().join("cohorts.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("capacity = 12 ", "capacity = 2 ")).unwrap();
    desk.quietly("enroll -c winter --first-name Kit --last-name Tran --email kit@example.org");
    desk.quietly("new spring-2024 --starts 2024-04-02");
    for (now, more) in [
        ("2024-01-23 12:00", "--absent finn@example.org"),
        ("2024-01-30 12:00", ""),
        ("2024-02-06 12:00", ""),
        ("2024-02-13 12:00", ""),
    ] {
        desk.now = now;
        desk.quietly(&format!("attend winter {more} --rest present"));
    }
    desk.now = "2024-02-14 09:00";
    desk
}

fn spring(desk: &Desk) -> String {
    desk.quietly("roster spring --status all --columns goes_by --format csv")
}

#[test]
fn those_who_waited_are_chosen_unless_somebody_says_otherwise() {
    let desk = desk();
    let ended = desk.at_terminal("carry winter spring", |session| {
        session.exp_string("Who wants to come again").unwrap();
        session.exp_string("[x]").unwrap();
        session.exp_string("Kit T.  still waits").unwrap();
        session.exp_string("[ ]").unwrap();
        answer(session, "Finn M.  was at 3 of 4", ENTER);
        session.exp_string("Kit (T93X0) has a place in spring-2024").unwrap();
    });
    assert_eq!(ended, 0);
    assert_eq!(spring(&desk), "goes_by\nKit\n");
}

#[test]
fn others_are_chosen_with_the_space_bar() {
    let desk = desk();
    let ended = desk.at_terminal("carry winter spring", |session| {
        answer(session, "Finn M.  was at 3 of 4", &format!(" {DOWN} {ENTER}"));
        session.exp_string("has a place in spring-2024").unwrap();
    });
    assert_eq!(ended, 0);
    assert_eq!(spring(&desk), "goes_by\nFinn\n");
}

#[test]
fn leaving_the_question_or_choosing_nobody_changes_nothing() {
    let desk = desk();
    let before = desk.records();
    for (keys, code) in [(ESC, 3), (CTRL_C, 3), (" \r", 0)] {
        let ended = desk.at_terminal("carry winter spring", |session| {
            answer(session, "Finn M.  was at 3 of 4", keys);
        });
        assert_eq!(ended, code, "{keys:?}");
        assert!(desk.records() == before, "{keys:?}");
    }
}

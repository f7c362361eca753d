//! Support at a terminal.
#![cfg(unix)]

use crate::prompts::{Desk, ENTER, ESC, answer};

const DOWN: &str = "\u{1b}[B\r";

#[test]
fn a_request_is_asked_about_step_by_step() {
    let desk = Desk::new();
    let before = desk.records();
    for answers in 0..4 {
        let ended = desk.at_terminal("support add", |session| {
            let questions = ["E-mail", "First name", "Last name", "Phone"];
            let typed = ["noor@example.org\r", "Noor\r", "Haddad\r", "\r"];
            for (question, typed) in questions.iter().zip(typed).take(answers) {
                answer(session, question, typed);
            }
            answer(session, questions[answers], ESC);
        });
        assert_eq!(ended, 3);
        assert!(desk.records() == before, "Esc at question {answers}");
    }
    let ended = desk.at_terminal("support add", |session| {
        answer(session, "E-mail (Enter if none)", "noor@example.org\r");
        answer(session, "First name", "Noor\r");
        answer(session, "Last name", "Haddad\r");
        answer(session, "Phone (Enter if none)", ENTER);
        session.exp_string("Noted that Noor Haddad (").unwrap();
    });
    assert_eq!(ended, 0);
    // Somebody known is not asked for a name again.
    let ended = desk.at_terminal("support add", |session| {
        answer(session, "E-mail", "kit@example.org\r");
        answer(session, "That is Kit Tran (", ENTER);
        session.exp_string("Noted that Kit Tran (").unwrap();
    });
    assert_eq!(ended, 0);

    let before = desk.records();
    for answers in 0..3 {
        let ended = desk.at_terminal("support contact", |session| {
            let questions = ["Who", "In touch", "Next contact (Enter: Mon 22 January 2024;"];
            for question in questions.iter().take(answers) {
                answer(session, question, ENTER);
            }
            answer(session, questions[answers], ESC);
        });
        assert_eq!(ended, 3);
        assert!(desk.records() == before, "Esc at question {answers}");
    }
    let ended = desk.at_terminal("support contact", |session| {
        answer(session, "Who", ENTER);
        answer(session, "In touch", DOWN);
        answer(session, "Next contact", "soon\r");
        session.exp_string("a date is written").unwrap();
        answer(session, "Next contact", "none\r");
        session.exp_string("in touch by phone. No next contact is planned.").unwrap();
    });
    assert_eq!(ended, 0);
    let ended = desk.at_terminal("support close noor@example.org", |session| {
        answer(session, "What became of the request of Noor (", DOWN);
        session.exp_string("on the day they asked: they were referred to").unwrap();
    });
    assert_eq!(ended, 0);
}

#[test]
fn signing_somebody_up_offers_to_close_their_request() {
    let desk = Desk::new();
    desk.quietly("new spring-2024 --starts 2024-04-02");
    desk.quietly("support add kit@example.org");
    let before = desk.records();
    let enroll = "enroll -c spring --email kit@example.org --first-name Kit --last-name Tran";
    let question = "asked for support on 15 January. Close that? [Y/n]";
    let ended = desk.at_terminal(enroll, |session| answer(session, question, ESC));
    assert_eq!(ended, 3);
    assert!(desk.records() == before);
    let ended = desk.at_terminal(enroll, |session| {
        answer(session, question, ENTER);
        session.exp_string("Closed their request for support.").unwrap();
    });
    assert_eq!(ended, 0);
    assert_eq!(desk.quietly("support list --format csv").lines().count(), 1);
}

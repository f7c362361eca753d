//! A yes or a no is a line: what is typed for one question never answers the next.
#![cfg(unix)]

use crate::prompts::{CTRL_C, Desk, ENTER, ESC, answer};

#[test]
fn a_line_meant_for_the_question_before_is_neither_yes_nor_no() {
    let mut desk = Desk::new();
    desk.quietly("consent agreed kit@example.org");
    desk.now = "2024-01-23 11:40";
    let code = desk.at_terminal("attend", |session| {
        answer(session, "Number and letter", "1l\r3a\r");
        session.exp_string("`3a` is neither yes nor no").unwrap();
        answer(session, "Save? [Y/n]", "N\r");
        answer(session, "Number and letter", "1l 3a\r");
        answer(session, "Save? [Y/n]", " Yes \r");
        session.exp_string("3 marks").unwrap();
    });
    assert_eq!(code, 0);
    let marks = desk.quietly("roster --columns goes_by,attendance --format csv");
    assert!(marks.contains("Amara,L,") && marks.contains("Kit,A,"), "{marks}");
}

#[test]
fn the_enter_after_a_yes_does_not_answer_the_next_question() {
    let desk = Desk::new();
    desk.quietly("new spring-2024 --starts 2024-04-02");
    desk.quietly("support add kit@example.org");
    let code = desk.at_terminal("enroll -c spring", |session| {
        answer(session, "E-mail", "kit@example.org\r");
        answer(session, "The same person? [Y/n]", "y\r");
        answer(session, "Close that? [Y/n]", "no\r");
        session.exp_string("Enrolled Kit Tran in spring-2024").unwrap();
    });
    assert_eq!(code, 0);
    assert!(desk.quietly("support list --format csv").contains("Kit"));
}

#[test]
fn a_yes_to_the_consents_of_a_form_is_not_one_to_the_form() {
    let desk = Desk::new();
    let before = desk.records();
    std::fs::write(
        desk.home.path().join("form.csv"),
        "Name,Email,Agree\nElif Kaya,elif@example.org,yes\n",
    )
    .unwrap();
    for leave in ["n\r", ESC, CTRL_C] {
        let code = desk.at_terminal("import form.csv", |session| {
            answer(session, "is it to be recorded? [y/N]", "yes\r");
            answer(session, "and record 1 consent? [Y/n]", leave);
        });
        assert_eq!(code, 3, "{leave:?}");
        assert!(desk.records() == before, "{leave:?}");
    }
}

#[test]
fn what_destroys_is_not_done_at_a_word_that_is_no_yes() {
    let desk = Desk::new();
    let before = desk.records();
    let code = desk.at_terminal("participant erase kit@example.org", |session| {
        for neither in ["q\r", "1\r", "yn\r", "yes!\r"] {
            answer(session, "[y/N]", neither);
            session.exp_string("is neither yes nor no").unwrap();
        }
        answer(session, "[y/N]", ENTER);
    });
    assert_eq!(code, 3);
    assert!(desk.records() == before);
}

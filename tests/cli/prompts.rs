//! Questions on a terminal, answered through a pseudo-terminal as a person
//! would; Esc and Ctrl-C leave everything as it was.
#![cfg(unix)]

use std::path::Path;
use std::process::Command;

use rexpect::process::WaitStatus;
use rexpect::session::{PtySession, spawn_command};

use crate::encrypted;

/// A folder with two cohorts, of which Winter has three people, two agreed.
pub(crate) struct Desk {
    pub(crate) home: tempfile::TempDir,
    pub(crate) now: &'static str,
}

impl Desk {
    pub(crate) fn new() -> Self {
        let desk = Self { home: tempfile::tempdir().unwrap(), now: "2024-01-15 09:00" };
        desk.quietly("init .");
        encrypted::keep_key(desk.home.path());
        encrypted::encrypt(&desk.home.path().join("cohorts.db"));
        desk.quietly("new winter-2024 --starts 2024-01-23");
        for (first, last) in [("Amara", "Diallo"), ("Finn", "Murphy"), ("Kit", "Tran")] {
            let email = format!("{}@example.org", first.to_lowercase());
            desk.quietly(&format!(
                "enroll --first-name {first} --last-name {last} --email {email}"
            ));
        }
        desk.quietly("consent agreed amara@example.org finn@example.org");
        desk
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cohorts"));
        command
            .current_dir(self.home.path())
            .env_clear()
            .env("TERM", "xterm")
            .env("HOME", self.home.path())
            .env("COHORTS_NOW", self.now)
            .env("COHORTS_SEED", "11");
        command
    }

    /// Runs a command without a terminal.
    pub(crate) fn quietly(&self, line: &str) -> String {
        let output = self.command().args(line.split_whitespace()).output().unwrap();
        assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs a command at a terminal, where questions are answered in `talk`,
    /// and gives its exit code.
    pub(crate) fn at_terminal(&self, line: &str, talk: impl FnOnce(&mut PtySession)) -> i32 {
        let mut command = self.command();
        command.args(line.split_whitespace());
        at_terminal(command, talk)
    }

    pub(crate) fn records(&self) -> (Vec<u8>, Vec<u8>) {
        let read = |name: &str| std::fs::read(Path::new(self.home.path()).join(name)).unwrap();
        (read("cohorts.toml"), read("cohorts.db"))
    }
}

/// Runs a command at a terminal, where questions are answered in `talk`, and gives
/// its exit code.
pub(crate) fn at_terminal(command: Command, talk: impl FnOnce(&mut PtySession)) -> i32 {
    let mut session = spawn_command(command, Some(20_000)).unwrap();
    talk(&mut session);
    // Seen where a test fails.
    eprintln!("{}", session.exp_eof().unwrap());
    match session.process().wait().unwrap() {
        WaitStatus::Exited(_, code) => code,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn answer(session: &mut PtySession, question: &str, keys: &str) {
    session.exp_string(question).unwrap_or_else(|error| panic!("no `{question}`: {error}"));
    session.send(keys).unwrap();
    session.flush().unwrap();
}

pub(crate) const ENTER: &str = "\r";
pub(crate) const ESC: &str = "\u{1b}";
pub(crate) const CTRL_C: &str = "\u{3}";
pub(crate) const DOWN: &str = "\u{1b}[B";

#[test]
fn a_week_is_one_line_of_exceptions_and_enter() {
    let mut desk = Desk::new();
    desk.now = "2024-01-23 11:40";
    let code = desk.at_terminal("attend", |session| {
        session
            .exp_string("Winter 2024, week 1, Tue 23 January: all present unless you say so.")
            .unwrap();
        session.exp_string("1 Amara  P    2 Finn   P    3 Kit    x  not agreed").unwrap();
        answer(session, "Number and letter", "2l\r");
        session.exp_string("1 present        Amara").unwrap();
        session.exp_string("1 late           Finn").unwrap();
        answer(session, "Save?", ENTER);
        session.exp_string("Saved week 1 of winter-2024: 2 marks.").unwrap();
    });
    assert_eq!(code, 0);
    let marks = desk.quietly("roster --columns goes_by,attendance --format csv");
    assert_eq!(marks, "goes_by,week_1,week_2,week_3,week_4\nAmara,P,,,\nFinn,L,,,\nKit,,,,\n");
}

#[test]
fn twelve_people_with_two_exceptions_take_at_most_25_keys() {
    let mut desk = Desk::new();
    for number in 4..=12 {
        let email = format!("p{number}@example.org");
        desk.quietly(&format!("enroll --first-name P{number} --last-name Example --email {email}"));
        desk.quietly(&format!("consent agreed {email}"));
    }
    desk.quietly("consent agreed kit@example.org");
    desk.now = "2024-01-23 11:40";
    let keys = ["attend", "3l 6a\r", ENTER];
    let code = desk.at_terminal(keys[0], |session| {
        answer(session, "Number and letter", keys[1]);
        answer(session, "Save?", keys[2]);
        session.exp_string("12 marks").unwrap();
    });
    assert_eq!(code, 0);
    let typed = "cohorts attend\r".len() + keys[1].len() + keys[2].len();
    assert!(typed <= 25, "{typed} keys");
}

#[test]
fn what_cannot_be_read_or_is_not_allowed_is_asked_again() {
    let mut desk = Desk::new();
    desk.now = "2024-01-23 11:40";
    let code = desk.at_terminal("attend", |session| {
        answer(session, "Number and letter", "9l\r");
        session.exp_string("there is no number 9").unwrap();
        answer(session, "Number and letter", "3p\r");
        session.exp_string("has not agreed").unwrap();
        answer(session, "Number and letter", "3a\r");
        answer(session, "Save?", "y\r");
    });
    assert_eq!(code, 0);
    assert!(desk.quietly("roster --columns goes_by,attendance --format csv").contains("Kit,A,"));
}

#[test]
fn leaving_a_question_changes_nothing() {
    let mut desk = Desk::new();
    desk.now = "2024-01-23 11:40";
    let before = desk.records();
    let leave_at: [(&str, &str, &str); 9] = [
        ("attend", "Number and letter", ESC),
        ("attend", "Number and letter", CTRL_C),
        ("new", "Id [", ESC),
        ("new", "Id [", CTRL_C),
        ("withdraw kit@example.org", "Why", ESC),
        ("withdraw kit@example.org", "Why", CTRL_C),
        ("consent agreed ki", "Kit T.? [Y/n]", ESC),
        ("consent agreed ki", "Kit T.? [Y/n]", CTRL_C),
        ("consent agreed ki", "Kit T.? [Y/n]", "n\r"),
    ];
    for (line, question, key) in leave_at {
        let code = desk.at_terminal(line, |session| answer(session, question, key));
        assert_eq!(code, 3, "{line} {key:?}");
        assert_eq!(desk.records(), before, "{line} {key:?}");
    }
    let code = desk.at_terminal("attend", |session| {
        answer(session, "Number and letter", ENTER);
        answer(session, "Save?", ESC);
    });
    assert_eq!((code, desk.records()), (3, before));
}

/// A key that is pressed as soon as the question is seen is an answer to it, and
/// the terminal is as it was afterwards.
#[test]
fn a_question_is_seen_only_once_its_keys_are_waited_for() {
    let desk = Desk::new();
    // Ctrl-S holds back what is written until the keys go to the question.
    let script = "stty -g; echo ready; read go; \"$1\" new; echo \"left with $?\"; stty -g";
    let mut command = Command::new("sh");
    command.current_dir(desk.home.path()).env("HOME", desk.home.path()).env("TERM", "xterm");
    command.env("COHORTS_NOW", desk.now).args(["-c", script, "sh", env!("CARGO_BIN_EXE_cohorts")]);
    let (mut before, mut after) = (String::new(), String::new());
    at_terminal(command, |session| {
        before = session.exp_string("ready").unwrap();
        session.send("\u{13}\r").unwrap();
        session.flush().unwrap();
        answer(session, "Id [spring-2024]", CTRL_C);
        session.exp_string("left with 3").unwrap();
        after = session.exp_eof().unwrap();
    });
    assert!(before.contains(':'), "{before}");
    assert_eq!(after.trim(), before.trim());
}

#[test]
fn no_at_the_end_of_a_roll_call_asks_again() {
    let mut desk = Desk::new();
    desk.now = "2024-01-23 11:40";
    let code = desk.at_terminal("attend", |session| {
        answer(session, "Number and letter", "1a\r");
        answer(session, "Save?", "n\r");
        answer(session, "Number and letter", "2a\r");
        answer(session, "Save?", ENTER);
    });
    assert_eq!(code, 0);
    let marks = desk.quietly("roster --columns goes_by,attendance --format csv");
    assert!(marks.contains("Amara,P,") && marks.contains("Finn,A,"), "{marks}");
}

#[test]
fn undo_says_what_it_takes_back_and_asks() {
    let desk = Desk::new();
    let before = desk.records();
    let question = "Takes back: T93X0 enrolled in winter-2024";
    let last = desk.quietly("history --format csv");
    let number = last.lines().find(|line| line.contains("T93X0 enrolled")).unwrap();
    let line = format!("undo {}", number.split(',').next().unwrap());
    assert_eq!(desk.at_terminal(&line, |session| answer(session, question, ESC)), 3);
    assert_eq!(desk.at_terminal(&line, |session| answer(session, question, "n\r")), 3);
    assert_eq!(desk.records(), before);
    assert_eq!(desk.at_terminal(&line, |session| answer(session, question, ENTER)), 0);
    assert!(!desk.quietly("roster --format csv").contains("Kit"));
}

#[test]
fn passing_over_every_question_of_a_sign_up_records_no_leave() {
    let desk = Desk::new();
    let code = desk.at_terminal("enroll", |session| {
        answer(session, "E-mail", ENTER);
        answer(session, "First name", "Mia\r");
        answer(session, "Last name", "Young\r");
        for question in ["Goes by", "Phone", "Residency", "Site", "Leave"] {
            answer(session, question, ENTER);
        }
    });
    assert_eq!(code, 0);
    let roster = desk.quietly("roster --columns first_name,leave --format csv");
    assert!(roster.contains("Mia,\n"), "{roster}");
}

#[test]
fn the_cursor_is_there_again_after_ctrl_c() {
    let desk = Desk::new();
    desk.at_terminal("withdraw kit@example.org", |session| {
        answer(session, "Why", CTRL_C);
        session.exp_string("\u{1b}[?25h").unwrap();
        session.exp_string("nothing was changed").unwrap();
    });
}

#[test]
fn the_next_quarter_is_proposed() {
    let desk = Desk::new();
    let code = desk.at_terminal("new", |session| {
        answer(session, "Id [spring-2024]", ENTER);
        answer(session, "First session [2024-04-02, Tue 2 April]", "2024-04-03\r");
        session.exp_string("2024-04-03 is a Wednesday").unwrap();
        answer(session, "First session [2024-04-02, Tue 2 April]", ENTER);
        session.exp_string("Added spring-2024 to cohorts.toml").unwrap();
    });
    assert_eq!(code, 0);
    assert!(desk.quietly("list --format csv").contains("spring-2024,2024-04-02,2024-04-23"));
}

#[test]
fn signing_up_asks_for_everything() {
    let desk = Desk::new();
    let code = desk.at_terminal("enroll", |session| {
        answer(session, "E-mail", "not an address\r");
        session.exp_string("is not an e-mail address").unwrap();
        answer(session, "E-mail", "zoe@example.org\r");
        answer(session, "First name", "Zox\u{7f}e\r");
        answer(session, "Last name", "Young\r");
        answer(session, "Goes by", ENTER);
        answer(session, "Phone", "+1 604 555 0199\r");
        answer(session, "Residency", "Psychiatry\r");
        answer(session, "Site", ENTER);
        answer(session, "> not said", DOWN);
        answer(session, "> medical", DOWN);
        answer(session, "> maternity", ENTER);
        session.exp_string("Enrolled Zoe Young in winter-2024").unwrap();
    });
    assert_eq!(code, 0);
    let columns = "first_name,email,phone,residency,site,leave";
    let roster = desk.quietly(&format!("roster --columns {columns} --format csv"));
    assert!(
        roster.contains("Zoe,zoe@example.org,'+1 604 555 0199,Psychiatry,,maternity"),
        "{roster}"
    );
}

#[test]
fn a_known_address_is_asked_about() {
    let desk = Desk::new();
    desk.quietly("new spring-2024 --starts 2024-04-02");
    let code = desk.at_terminal("enroll -c spring", |session| {
        answer(session, "E-mail", "amara@example.org\r");
        answer(session, "Amara Diallo", ENTER);
        session.exp_string("the same participant as in winter-2024").unwrap();
    });
    assert_eq!(code, 0);
    let known = desk.quietly("participant list --format csv");
    assert_eq!(known.matches("Amara").count(), 2, "{known}");
    let line = "enroll -c spring --first-name Ann --last-name Diallo --email finn@example.org";
    let code = desk.at_terminal(line, |session| {
        answer(session, "under another name", DOWN);
        answer(session, "> somebody new", ENTER);
        session.exp_string("Enrolled Ann Diallo").unwrap();
    });
    assert_eq!(code, 0);
}

#[test]
fn a_session_is_chosen_where_none_was_said() {
    let mut desk = Desk::new();
    desk.now = "2024-01-24 09:00";
    let code = desk.at_terminal("excuse kit@example.org", |session| {
        // The next one first, those that were last.
        answer(session, "> week 2, Tue 30 January", &DOWN.repeat(3));
        answer(session, "> week 1, Tue 23 January", &(DOWN.repeat(2) + ENTER));
        session.exp_string("is excused from week 3 of winter-2024").unwrap();
    });
    assert_eq!(code, 0);
    let code = desk.at_terminal("move", |session| {
        answer(session, "> week 2, Tue 30 January", ENTER);
        answer(session, "The new day", "yesterday\r");
        answer(session, "The new day", "2024-01-31\r");
        session.exp_string("2  Wed 31 January 2024").unwrap();
    });
    assert_eq!(code, 0);
}

#[test]
fn nothing_is_asked_without_a_terminal() {
    let desk = Desk::new();
    for (line, flag) in [
        ("new", "--starts"),
        ("enroll", "--first-name"),
        ("withdraw kit@example.org", "--reason"),
        ("excuse kit@example.org", "--week"),
        ("move --to 2024-02-08", "--week"),
        ("move --week 3", "--to"),
    ] {
        let output = desk.command().args(line.split_whitespace()).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{line}: {said}");
        assert!(said.contains(flag), "{line}: {said}");
    }
}

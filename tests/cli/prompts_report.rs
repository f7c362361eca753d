//! Questions about who was in the room, and before it is saved.
#![cfg(unix)]

use crate::prompts::{CTRL_C, Desk, ENTER, ESC, answer};

const DOWN: &str = "\u{1b}[B";

/// From "nobody of ours" to the first participant.
pub(crate) const FIRST_OF_OURS: &str = "\u{1b}[B\u{1b}[B\u{1b}[B\r";

/// The desk after the first session, with a report of it: Amara by her address,
/// and others.
fn desk(rows: &[(&str, &str)]) -> Desk {
    let mut desk = Desk::new();
    desk.now = "2024-01-23 11:40";
    let head = "Name (original name),Email,Join time,Leave time\n";
    let row = |name: &str, from: &str| format!("{name},01/23/2024 {from},01/23/2024 11:31\n");
    let rows: String = rows.iter().map(|(name, from)| row(name, from)).collect();
    let amara = row("Amara,amara@example.org", "09:28");
    std::fs::write(desk.home.path().join("report.csv"), format!("{head}{amara}{rows}")).unwrap();
    desk
}

fn marks(desk: &Desk) -> String {
    desk.quietly("roster --columns goes_by,attendance --format csv")
}

#[test]
fn whoever_is_not_known_is_asked_about_and_today_only_is_the_default() {
    let desk = desk(&[("iPhone,", "09:53"), ("Finn M.,", "10:00")]);
    let code = desk.at_terminal("attend --from report.csv", |session| {
        // Whom a name is like comes first; else nobody, and whoever is not there yet.
        session.exp_string("Who is `iPhone`, from 9:53 (line 3)").unwrap();
        answer(session, "Finn M.", FIRST_OF_OURS);
        answer(session, "Finn is `iPhone`", ENTER);
        session.exp_string("Who is `Finn M.`, from 10:00, like Finn (").unwrap();
        answer(session, "Finn M.", ENTER);
        answer(session, "Finn is `Finn M.`", &format!("{DOWN}{ENTER}"));
        session.exp_string("Finn   L  97 min, from 9:53").unwrap();
        answer(session, "Save?", ENTER);
        session.exp_string("Saved week 1 of winter-2024: 2 marks.").unwrap();
    });
    assert_eq!(code, 0);
    assert!(marks(&desk).contains("Amara,P,") && marks(&desk).contains("Finn,L,"));
    let shown = desk.quietly("participant show finn@example.org");
    assert!(shown.contains("in Zoom    Finn M.") && !shown.contains("iPhone"), "{shown}");
}

#[test]
fn several_with_the_names_of_people_in_the_group_are_asked_about_at_once() {
    let desk = desk(&[("Finn Murphy,", "09:28"), ("\"Tran, Kit\",", "09:28")]);
    let before = desk.records();
    let code = desk.at_terminal("attend --from report.csv", |session| {
        session.exp_string("These are called like people in the group:").unwrap();
        session.exp_string("Finn Murphy").unwrap();
        answer(session, "They are", &format!("{DOWN}{ENTER}"));
        session.exp_string("Kit").unwrap();
        session.exp_string("has not agreed: not marked").unwrap();
        answer(session, "Save?", "n\r");
    });
    assert_eq!((code, desk.records()), (3, before));
    let code = desk.at_terminal("attend --from report.csv", |session| {
        answer(session, "They are", &format!("{DOWN}{ENTER}"));
        answer(session, "Save?", "y\r");
        session.exp_string("2 marks, 1 incident.").unwrap();
    });
    assert_eq!(code, 0);
    let shown = desk.quietly("participant show kit@example.org");
    assert!(shown.contains("in Zoom    Tran, Kit"), "{shown}");
}

#[test]
fn leaving_any_question_changes_nothing() {
    let desk = desk(&[("Finn Murphy,", "09:28"), ("Kit Tran,", "09:28"), ("iPhone,", "09:28")]);
    let before = desk.records();
    for key in [ESC, CTRL_C] {
        let code = desk.at_terminal("attend --from report.csv", |s| answer(s, "They are", key));
        assert_eq!((code, &desk.records()), (3, &before));
        let code = desk.at_terminal("attend --from report.csv", |session| {
            answer(session, "They are", ENTER);
            answer(session, "Who is `iPhone`", key);
        });
        assert_eq!((code, &desk.records()), (3, &before));
        let code = desk.at_terminal("attend --from report.csv", |session| {
            answer(session, "They are", ENTER);
            answer(session, "Who is `iPhone`", FIRST_OF_OURS);
            answer(session, "Amara is `iPhone`", key);
        });
        assert_eq!((code, &desk.records()), (3, &before));
        let code = desk.at_terminal("attend --from report.csv --unmatched ignore", |session| {
            answer(session, "Save?", key);
        });
        assert_eq!((code, &desk.records()), (3, &before));
    }
}

#[test]
fn nobody_of_ours_is_an_incident() {
    let desk = desk(&[("Sam,", "09:28")]);
    let code = desk.at_terminal("attend --from report.csv", |session| {
        answer(session, "Who is `Sam`", &format!("letters{ENTER}"));
        session.exp_string("somebody was in the room who matches nobody in the group").unwrap();
        answer(session, "Save?", ENTER);
        session.exp_string("1 incident.").unwrap();
        session.exp_string("cohorts incident close 1").unwrap();
    });
    assert_eq!(code, 0);
    assert!(desk.quietly("incident list --format csv").contains("stranger"));
}

#[test]
fn marks_made_by_hand_are_replaced_only_on_purpose() {
    let desk = desk(&[]);
    desk.quietly("attend --late amara@example.org --rest present");
    let code = desk.at_terminal("attend --from report.csv --week 1", |session| {
        session.exp_string("late by hand, present in the report").unwrap();
        answer(session, "Replace 2 marks made by hand? [y/N]", ENTER);
        answer(session, "Save?", ENTER);
        session.exp_string("no mark is changed").unwrap();
    });
    assert_eq!(code, 0);
    assert!(marks(&desk).contains("Amara,L,") && marks(&desk).contains("Finn,P,"));
    desk.quietly("undo");
    let code = desk.at_terminal("attend --from report.csv --week 1", |session| {
        answer(session, "Replace 2 marks made by hand? [y/N]", "y\r");
        answer(session, "Save?", ENTER);
        session.exp_string("late -> present").unwrap();
    });
    assert_eq!(code, 0);
    assert!(marks(&desk).contains("Amara,P,") && marks(&desk).contains("Finn,A,"));
}

#[test]
fn the_week_is_asked_for_where_the_report_does_not_tell() {
    let mut desk = Desk::new();
    desk.now = "2024-01-30 11:40";
    let text = "Name (original name),Email,Total duration (minutes)\n\
                Amara,amara@example.org,118\nFinn,finn@example.org,20\n";
    std::fs::write(desk.home.path().join("report.csv"), text).unwrap();
    let code = desk.at_terminal("attend --from report.csv", |session| {
        session.exp_string("Which week is report.csv").unwrap();
        answer(session, "2 (Tue 30 January)", ENTER);
        session.exp_string("week 2, Tue 30 January").unwrap();
        answer(session, "Save?", ENTER);
    });
    assert_eq!(code, 0);
    assert!(marks(&desk).contains("Amara,,P,") && marks(&desk).contains("Finn,,D,"));
}

#[test]
fn whoever_is_not_in_the_group_is_offered_only_where_the_name_is_theirs() {
    let desk = desk(&[("iPhone,", "09:28"), ("Zoe,", "09:28"), ("Kit,", "09:28")]);
    desk.quietly(
        "enroll -c winter --late --first-name Zoe --last-name Young --email zoe@example.org",
    );
    desk.quietly("withdraw zoe@example.org -c winter --reason schedule");
    let code = desk.at_terminal("attend --from report.csv", |session| {
        session.exp_string("Who is `iPhone`").unwrap();
        let offered = session.exp_string("Amara D.").unwrap();
        assert!(offered.contains("Kit T.") && !offered.contains("Zoe"), "{offered}");
        session.send(ENTER).unwrap();
        session.flush().unwrap();
        // The name of somebody who left is not enough for Enter.
        session.exp_string("Who is `Zoe`, from 9:28, like Zoe (").unwrap();
        answer(session, "Zoe Y.", ENTER);
        answer(session, "Who is `Kit`", &format!("{DOWN}{ENTER}"));
        session.exp_string("left out, like Kit (").unwrap();
        session.exp_string("2 people were in the room who match nobody").unwrap();
        answer(session, "Save?", ENTER);
    });
    assert_eq!(code, 0);
    assert!(marks(&desk).contains("Kit,,"), "{}", marks(&desk));
}

#[test]
fn a_name_like_one_persons_starts_on_them_and_said_to_be_nobodys_leaves_them_without_a_mark() {
    let desk = desk(&[("Finn,", "09:28")]);
    let code = desk.at_terminal("attend --from report.csv", |session| {
        session.exp_string("Who is `Finn`, from 9:28, like Finn (").unwrap();
        answer(session, "Finn M.", &format!("{DOWN}{ENTER}"));
        session.exp_string("has no mark: `Finn` (line 3) was left out and is like them").unwrap();
        answer(session, "Save?", ENTER);
        session.exp_string("Saved week 1 of winter-2024: 1 mark.").unwrap();
    });
    assert_eq!(code, 0);
    assert!(marks(&desk).contains("Finn,,"), "{}", marks(&desk));
    let code = desk.at_terminal("attend --from report.csv --week 1 --replace", |session| {
        answer(session, "Who is `Finn`", ENTER);
        answer(session, "Finn is `Finn`", ENTER);
        answer(session, "Save?", ENTER);
    });
    assert_eq!(code, 0);
    assert!(marks(&desk).contains("Finn,P,"), "{}", marks(&desk));
}

#[test]
fn a_guest_with_the_name_of_a_facilitator_is_proposed_to_be_one() {
    let desk = desk(&[("Robin Lee (she/her),robin@example.org", "09:28")]);
    let path = desk.home.path().join("report.csv");
    let text = std::fs::read_to_string(&path).unwrap();
    let text = text.replace("Leave time\n", "Leave time,Guest\n").replace("11:31\n", "11:31,Yes\n");
    std::fs::write(&path, text).unwrap();
    let path = desk.home.path().join("cohorts.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("facilitators = []", "facilitators = [\"Robin Lee\"]"))
        .unwrap();
    let code = desk.at_terminal("attend --from report.csv", |session| {
        answer(session, "Who is `Robin Lee (she/her)`, robin@example.org", ENTER);
        session.exp_string("Left out: 1 facilitator").unwrap();
        session.exp_string("Not to be asked about `Robin Lee (she/her)` again").unwrap();
        answer(session, "Save?", ENTER);
    });
    assert_eq!(code, 0);
}

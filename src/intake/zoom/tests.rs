mod random;

use super::super::Source;
use super::reading::*;
use super::*;

fn report(text: &str) -> Result<Report, Vec<String>> {
    let source = Source::of_bytes("participants.csv", text.as_bytes().to_vec()).unwrap();
    read(&mut source.rows().unwrap()).map_err(|problems| {
        problems.iter().map(|problem| format!("{}: {}", problem.line, problem.what)).collect()
    })
}

/// The only meeting of a report whose days are clear.
fn room(text: &str) -> Room {
    let report = report(text).unwrap();
    let orders = report.orders();
    assert_eq!(orders.len(), 1, "{text}");
    let [room] = report.in_order(orders[0]).try_into().unwrap();
    room
}

/// Who was there when, a line a row.
fn joins(room: &Room) -> Vec<String> {
    room.joins
        .iter()
        .map(|join| {
            let address = join.address.as_deref().unwrap_or("-");
            let time = match join.time {
                Time::From(Stay { from, to }) => {
                    format!("{} {}-{}", from.date(), from.time(), to.time())
                }
                Time::Total(minutes) => minutes.to_string(),
            };
            format!("{}: {} {address} {time}", join.line, join.name.whole)
        })
        .collect()
}

const KIT: [&str; 1] = ["2: Kit Tran kit@example.org 2024-01-23 09:28:05-11:30:02"];

#[test]
fn a_row_a_join_in_the_columns_of_every_year() {
    for text in [
        "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest,Recording Consent
Kit Tran,kit@example.org,01/23/2024 09:28:05 AM,01/23/2024 11:30:02 AM,122,Yes,
",
        "Name (original name),Email,Join time,Leave time,Duration (minutes),Guest,Recording disclaimer response,In waiting room
Kit Tran,Kit@Example.org,01/23/2024 09:28:05 AM,01/23/2024 11:30:02 AM,122,Yes,,No
",
        // Without a leading zero, in quotation marks, with trailing commas.
        "\u{feff}Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),,\r
\"Kit Tran\",kit@example.org,\"1/23/2024 9:28:05 AM\",\"1/23/2024 11:30:02 AM\",122,,\r
",
        "Name (original name);Email;Join time;Leave time;Duration (minutes)
Kit Tran;kit@example.org;23/01/2024 09:28:05;23/01/2024 11:30:02;122
",
        "Name (original name)\tEmail\tJoin time\tLeave time\tDuration (minutes)
Kit Tran\tkit@example.org\tJan 23, 2024 9:28:05 AM\tJan 23, 2024 11:30:02 AM\t122
",
        "Name (original name),Email,Join time,Leave time,Duration (minutes)
Kit Tran,kit@example.org,2024-01-23 09:28:05,2024-01-23 11:30:02,122
",
        "Nom (nom original),Adresse e-mail de l’utilisateur,Heure d’arrivée,Heure de départ,Durée (minutes),Invité,Salle d’attente
Kit Tran,kit@example.org,23/01/24 09:28:05,23/01/24 11:30:02,122,Oui,Non
",
        "Nombre (nombre original),Correo electrónico,Hora de entrada,Hora de salida,Duración (minutos),Invitado,En sala de espera
Kit Tran,kit@example.org,23/01/2024 09:28:05,23/01/2024 11:30:02,122,Sí,No
",
    ] {
        assert_eq!(joins(&room(text)), KIT, "{text}");
    }
}

#[test]
fn below_the_meeting_with_an_empty_row_between() {
    for (text, held, host) in [
        (
            "Meeting ID,Topic,Start Time,End Time,User Email,Duration (Minutes),Participants,
81234567890,Aim. Focus. Release.,01/23/2024 09:15:00 AM,01/23/2024 11:33:10 AM,robin@example.org,139,12,

Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest
",
            "09:15:00-11:33:10",
            Some("robin@example.org"),
        ),
        (
            "Topic,ID,Host,Duration (minutes),Start time,End time,Participants,,
\"Aim, Focus\",812 3456 7890,Robin Lee (Robin@example.org),139,01/23/2024 09:15,01/23/2024 11:33,12,,
,,,,,,,,
Name (original name),Email,Join time,Leave time,Duration (minutes),Guest,,,
",
            "09:15:00-11:33:00",
            Some("robin@example.org"),
        ),
    ] {
        let row = "Kit Tran,kit@example.org,01/23/2024 09:28:05 AM,01/23/2024 11:30:02 AM,122,Yes\n";
        let room = room(&format!("{text}{row}"));
        assert_eq!(joins(&room), [KIT[0].replace("2:", "5:")], "{text}");
        let Stay { from, to } = room.held.unwrap();
        assert_eq!(format!("{}-{}", from.time(), to.time()), held);
        assert_eq!(room.host.as_deref(), host);
    }
}

#[test]
fn of_unique_users_only_the_minutes_are_known() {
    let plain = "Name (Original Name),User Email,Total Duration (Minutes),Guest
Kit Tran,kit@example.org,118,Yes
Amara,,7,Yes
";
    let below = format!(
        "Topic,ID,Host,Duration (minutes),Start time,End time,Participants
Aim,1,Robin (robin@example.org),139,1/23/2024 09:15,1/23/2024 11:33,12

{plain}"
    );
    assert_eq!(joins(&room(plain)), ["2: Kit Tran kit@example.org 118 min", "3: Amara - 7 min"]);
    assert_eq!(room(plain).held, None);
    assert_eq!(room(&below).held.unwrap().from.to_string(), "2024-01-23 09:15:00");
}

#[test]
fn of_many_meetings_each_row_belongs_to_its_own() {
    for text in [
        "Topic,Meeting ID,User Name,User Email,Department,Group,Has Zoom Rooms?,Creation Time,Start Time,End Time,Duration (Minutes),Participants,Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest,Recording Consent,In Waiting Room
Aim,812,Robin,robin@example.org,,,No,01/02/2024 08:00:00 AM,01/23/2024 09:15:00 AM,01/23/2024 11:33:00 AM,138,2,Kit,kit@example.org,01/23/2024 09:28:00 AM,01/23/2024 11:30:00 AM,122,Yes,,No
Aim,812,Robin,robin@example.org,,,No,01/02/2024 08:00:00 AM,01/23/2024 09:15:00 AM,01/23/2024 11:33:00 AM,138,2,Kit,,01/23/2024 09:20:00 AM,01/23/2024 09:28:00 AM,8,Yes,,Yes

Staff,777,Robin,robin@example.org,,,No,01/02/2024 08:00:00 AM,01/24/2024 09:00:00 AM,01/24/2024 10:00:00 AM,60,1,Ana,ana@example.org,01/24/2024 09:00:00 AM,01/24/2024 10:00:00 AM,60,No,,No
",
        "Topic,Type,ID,Host name,Host email,Start time,End time,Participants,Duration (minutes),Total participant minutes,Name (original name),Email,Join time,Leave time,Duration (minutes),Guest,Recording disclaimer response,In waiting room
Aim,Meeting,812,Robin,robin@example.org,01/23/2024 09:15:00 AM,01/23/2024 11:33:00 AM,2,138,122,Kit,kit@example.org,01/23/2024 09:28:00 AM,01/23/2024 11:30:00 AM,122,Yes,,No
,,,,,,,,,,,,,,,,,
Aim,Meeting,812,Robin,robin@example.org,01/23/2024 09:15:00 AM,01/23/2024 11:33:00 AM,2,138,122,Kit,,01/23/2024 09:20:00 AM,01/23/2024 09:28:00 AM,8,Yes,,Yes
Staff,Meeting,777,Robin,robin@example.org,01/24/2024 09:00:00 AM,01/24/2024 10:00:00 AM,1,60,60,Ana,ana@example.org,01/24/2024 09:00:00 AM,01/24/2024 10:00:00 AM,60,No,,No
",
    ] {
        let report = report(text).unwrap();
        let rooms = report.in_order(report.orders()[0]);
        let [aim, staff] = rooms.as_slice() else { panic!("{rooms:?}") };
        assert_eq!(joins(aim), ["2: Kit kit@example.org 2024-01-23 09:28:00-11:30:00"]);
        assert_eq!((aim.waited, aim.host.as_deref()), (1, Some("robin@example.org")));
        let line = text.lines().count();
        assert_eq!(joins(staff), [format!("{line}: Ana ana@example.org 2024-01-24 09:00:00-10:00:00")]);
        assert_eq!(staff.held.unwrap().length(), TimeDelta::hours(1));
    }
}

#[test]
fn who_only_waited_needs_no_times() {
    let room = room(
        "Name (original name),Join time,Leave time,Duration (minutes),In waiting room
Waiting,,,,Yes
Kit,01/23/2024 09:28:00 AM,01/23/2024 11:30:00 AM,122,No
",
    );
    assert_eq!((room.joins.len(), room.waited), (1, 1));
}

#[test]
fn days_can_be_read_in_the_orders_in_which_all_can() {
    use Order::{DayFirst, MonthFirst};
    let orders = |days: &[(&str, &str)]| {
        let rows: String =
            days.iter().map(|(from, to)| format!("Kit,{from} 9:30,{to} 11:30\n")).collect();
        report(&format!("Name (original name),Join time,Leave time\n{rows}")).unwrap().orders()
    };
    assert_eq!(orders(&[("1/2/2024", "1/2/2024"), ("1/23/2024", "1/23/2024")]), [MonthFirst]);
    assert_eq!(orders(&[("1/2/2024", "1/2/2024"), ("23/1/2024", "23/1/2024")]), [DayFirst]);
    assert_eq!(orders(&[("1/2/2024", "1/2/2024")]), [MonthFirst, DayFirst]);
    assert_eq!(orders(&[("2/2/2024", "2/2/2024")]), [MonthFirst]);
    // In the other order it would last a month.
    assert_eq!(orders(&[("1/2/2024", "2/2/2024")]), [DayFirst]);
}

#[test]
fn everything_wrong_is_said_at_once() {
    let wrong = report(
        "Name (original name),Email,Join time,Leave time,Duration (minutes),In waiting room
,,01/23/2024 9:30,01/23/2024 11:30,120,No
Kit,,,01/23/2024 11:30,120,No
Kit,,--,--,--,Yes
Kit,,01/23/2024 9:30,soon\u{1b}[2J,120,No
Kit,,01/23/2024 11:30,01/23/2024 9:30,120,No
Kit,,01/23/2024,01/23/2024,120,No
",
    );
    assert_eq!(
        wrong.unwrap_err(),
        [
            "2: has no name",
            "3: has no join time; was the meeting over?",
            "5: has a leave time that cannot be read: `soon[2J`",
            "6: does not leave within a day after it joins",
            "7: has a join time that cannot be read: `01/23/2024`",
        ]
    );
    let wrong = report(
        "Name (original name),Total duration (minutes)
Kit,many
Kit,99999
Kit,
",
    );
    assert_eq!(
        wrong.unwrap_err(),
        [
            "2: has no number of minutes, but `many`",
            "3: has no number of minutes, but `99999`",
            "4: has no number of minutes, but ``",
        ]
    );
    let mixed = report(
        "Name (original name),Join time,Leave time
Kit,1/23/2024 9:30,1/23/2024 11:30
Ana,23/1/2024 9:30,23/1/2024 11:30
",
    );
    assert_eq!(
        mixed.unwrap_err(),
        ["3: has day and month the other way round than the rows above"]
    );
}

#[test]
fn what_is_no_report_is_said_at_its_first_line() {
    for (text, said) in [
        (
            "Timestamp,First name,Email\n2024-01-03,Amara,amara@example.org\n",
            "1: is no heading of Zoom's attendance reports",
        ),
        ("a\n", "1: is no heading of Zoom's attendance reports"),
        (
            "Topic,ID,Start time,End time\nAim,1,1/23/2024 9:30,1/23/2024 11:30\n",
            "1: no heading of Zoom's attendance reports follows",
        ),
        (
            "Topic,ID,Start time,End time\nAim,1,1/23/2024 9:30,1/23/2024 11:30\nKit,kit@example.org\n",
            "3: stands where the heading of the participants is expected",
        ),
    ] {
        assert_eq!(report(text).unwrap_err()[0], said, "{text}");
    }
}

#[test]
fn names_are_told_from_what_zoom_adds() {
    for (cell, whole, shown, original, is_host) in [
        ("Kit Tran", "Kit Tran", "Kit Tran", None, false),
        ("Kit (Kit Tran)", "Kit (Kit Tran)", "Kit", Some("Kit Tran"), false),
        ("Robin Lee (Host)", "Robin Lee", "Robin Lee", None, true),
        ("Robin (Robin Lee) (Host)", "Robin (Robin Lee)", "Robin", Some("Robin Lee"), true),
        ("Robin (Host, me)", "Robin", "Robin", None, true),
        ("Ana (Co-host)", "Ana", "Ana", None, false),
        ("Kit (Guest)", "Kit", "Kit", None, false),
        ("iPhone (2)", "iPhone (2)", "iPhone", Some("2"), false),
        ("Kit ( Kit Tran )", "Kit ( Kit Tran )", "Kit", Some("Kit Tran"), false),
        (
            "Kit (Kit (she/her) Tran)",
            "Kit (Kit (she/her) Tran)",
            "Kit",
            Some("Kit (she/her) Tran"),
            false,
        ),
        ("(Host)", "(Host)", "(Host)", None, false),
        ("Kit :)", "Kit :)", "Kit :)", None, false),
        ("Kit ()", "Kit ()", "Kit ()", None, false),
        ("16045550101", "16045550101", "16045550101", None, false),
        ("  Kit\u{200b}  \u{202e}Tran ", "Kit Tran", "Kit Tran", None, false),
    ] {
        let name = Name::read(cell);
        let seen = (&*name.whole, &*name.shown, name.original.as_deref(), name.is_host);
        assert_eq!(seen, (whole, shown, original, is_host), "{cell}");
    }
}

#[test]
fn an_answer_to_the_recording_notice_is_seen() {
    for (answer, is_said) in [
        ("", false),
        ("-", false),
        ("None", false),
        ("N/A", false),
        ("OK", true),
        ("Y", true),
        ("Leave", true),
    ] {
        let text = format!(
            "Name (original name),Join time,Leave time,Recording disclaimer response
Kit,1/23/2024 9:30,1/23/2024 11:30,{answer}
"
        );
        assert_eq!(room(&text).joins[0].answered_recording, is_said, "{answer}");
    }
}

#[test]
fn whether_somebody_is_a_guest_is_read_in_every_language() {
    for (heading, guest, is_guest) in [
        ("Guest", "Yes", true),
        ("Guest", "No", false),
        ("Invité", "Oui", true),
        ("Invitado", "Sí", true),
        ("Gast", "Nein", false),
        ("Gast", "Ja", true),
        ("", "Yes", false),
    ] {
        let room = room(&format!(
            "Name (original name),Email,Join time,Leave time,{heading}\n\
             Kit,kit@example.org,01/23/2024 09:28,01/23/2024 11:30,{guest}\n"
        ));
        assert_eq!(room.joins[0].is_guest, is_guest, "{heading} {guest}");
    }
}

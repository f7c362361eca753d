//! `calendar`: files that calendars open, checked as strictly as RFC 5545 says.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::time::{Duration, SystemTime};

use snapbox::{assert_data_eq, str};

use crate::office::Office;

/// One entry of a calendar file: its properties, unfolded.
type Entry = BTreeMap<String, String>;

/// Reads a calendar file, and fails where RFC 5545 does not allow it.
fn strictly(text: &str) -> Vec<Entry> {
    assert!(text.ends_with("\r\n"), "the last line ends");
    assert!(!text.replace("\r\n", "").contains(['\r', '\n']), "lines end with CRLF");
    assert!(text.split("\r\n").all(|line| line.len() <= 75), "at most 75 octets\n{text}");
    assert!(!text.trim_end().contains("\r\n\r\n"), "no line is empty");
    let unfolded = text.replace("\r\n ", "");
    let mut lines = unfolded.lines();
    assert_eq!(lines.next(), Some("BEGIN:VCALENDAR"));
    let mut entries: Vec<Entry> = Vec::new();
    let mut about = Entry::new();
    let mut inside = false;
    for line in lines.by_ref() {
        let (name, value) = line.split_once(':').unwrap();
        match (name, value) {
            ("BEGIN", "VEVENT") if !inside => {
                inside = true;
                entries.push(Entry::new());
            }
            ("END", "VEVENT") if inside => inside = false,
            ("END", "VCALENDAR") if !inside => break,
            ("BEGIN" | "END", _) => panic!("{line} is out of place"),
            _ => {
                assert!(!value.is_empty() && !value.contains(char::is_control), "{line}");
                assert!(inside || entries.is_empty(), "{line} after an entry");
                let into = if inside { entries.last_mut().unwrap() } else { &mut about };
                let before = into.insert(name.to_owned(), value.to_owned());
                assert_eq!(before, None, "{name} twice");
            }
        }
    }
    assert_eq!(lines.next(), None, "nothing after the end");
    let names = |entry: &Entry| entry.keys().cloned().collect::<Vec<_>>().join(" ");
    assert_eq!(names(&about), "CALSCALE METHOD PRODID VERSION");
    assert_eq!((about["VERSION"].as_str(), about["METHOD"].as_str()), ("2.0", "PUBLISH"));
    assert!(!entries.is_empty());
    let uids: BTreeSet<_> = entries.iter().map(|entry| &entry["UID"]).collect();
    assert_eq!(uids.len(), entries.len(), "each entry has a UID of its own");
    for entry in &entries {
        let expected = "CLASS DTEND DTSTAMP DTSTART LOCATION SEQUENCE SUMMARY TRANSP UID";
        assert_eq!(names(entry), expected);
        for name in ["DTSTAMP", "DTSTART", "DTEND"] {
            let parsed = chrono::NaiveDateTime::parse_from_str(&entry[name], "%Y%m%dT%H%M%SZ");
            assert!(parsed.is_ok() && entry[name].len() == 16, "{name}:{}", entry[name]);
        }
        assert!(entry["DTSTART"] < entry["DTEND"]);
        assert!(entry["SEQUENCE"].parse::<u32>().unwrap() <= i32::MAX.unsigned_abs());
        for name in ["SUMMARY", "LOCATION"] {
            let plain = ["\\\\", "\\,", "\\;", "\\n"]
                .iter()
                .fold(entry[name].clone(), |text, e| text.replace(e, ""));
            assert!(!plain.contains(['\\', ',', ';']), "{name}:{} is escaped", entry[name]);
        }
    }
    entries
}

/// The calendar as `calendar` prints it with these words.
fn calendar(office: &Office, words: &str) -> Vec<Entry> {
    strictly(&office.ok(&format!("calendar {words}")))
}

fn all(entries: &[Entry], name: &str) -> Vec<String> {
    entries.iter().map(|entry| entry[name].clone()).collect()
}

fn sequence(entries: &[Entry]) -> u32 {
    let numbers: BTreeSet<u32> = entries.iter().map(|e| e["SEQUENCE"].parse().unwrap()).collect();
    assert_eq!(numbers.len(), 1);
    numbers.into_iter().next().unwrap()
}

/// As if cohorts.toml had been saved then.
fn saved(office: &Office, at: SystemTime) {
    let file = File::options().write(true).open(office.path("cohorts.toml")).unwrap();
    file.set_modified(at).unwrap();
}

#[test]
fn a_calendar_says_when_and_where_and_nothing_else() {
    let office = Office::winter();
    office.sign_up("winter-2024", &["amara"]);
    // The second of January 2024, at 12:34:56.
    saved(&office, SystemTime::UNIX_EPOCH + Duration::from_secs(1_704_198_896));
    let text = office.ok("calendar");
    strictly(&text);
    assert_data_eq!(
        &text,
        str![[r#"
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//cohorts//calendar//EN
CALSCALE:GREGORIAN
METHOD:PUBLISH
BEGIN:VEVENT
UID:[..]@cohorts.local
DTSTAMP:20240102T123456Z
SEQUENCE:131697
DTSTART:20240123T173000Z
DTEND:20240123T193000Z
SUMMARY:Session 1 of 4
LOCATION:Zoom
CLASS:PRIVATE
TRANSP:OPAQUE
END:VEVENT
BEGIN:VEVENT
UID:[..]@cohorts.local
DTSTAMP:20240102T123456Z
SEQUENCE:131697
DTSTART:20240130T173000Z
DTEND:20240130T193000Z
SUMMARY:Session 2 of 4
LOCATION:Zoom
CLASS:PRIVATE
TRANSP:OPAQUE
END:VEVENT
BEGIN:VEVENT
UID:[..]@cohorts.local
DTSTAMP:20240102T123456Z
SEQUENCE:131697
DTSTART:20240206T173000Z
DTEND:20240206T193000Z
SUMMARY:Session 3 of 4
LOCATION:Zoom
CLASS:PRIVATE
TRANSP:OPAQUE
END:VEVENT
BEGIN:VEVENT
UID:[..]@cohorts.local
DTSTAMP:20240102T123456Z
SEQUENCE:131697
DTSTART:20240213T173000Z
DTEND:20240213T193000Z
SUMMARY:Session 4 of 4
LOCATION:Zoom
CLASS:PRIVATE
TRANSP:OPAQUE
END:VEVENT
END:VCALENDAR

"#]]
    );
    assert_data_eq!(
        office.says("calendar"),
        str![[r#"
Printed 4 sessions of winter-2024, in UTC.
  into a file  cohorts calendar winter-2024 --output winter-2024.ics

"#]]
    );
    // What was said stays said.
    assert_eq!(
        office.says("calendar --week 3 --title 'Tuesday group'"),
        "Printed week 3 of winter-2024, in UTC.\n  into a file  \
         cohorts calendar winter-2024 --week 3 --title 'Tuesday group' --output winter-2024-3.ics\n"
    );
}

#[test]
fn a_title_stands_before_the_number_and_long_ones_go_on_in_the_next_line() {
    let office = Office::winter();
    let named = calendar(&office, "--title 'Tuesdays; with Robin, at home' --week 2");
    assert_eq!(all(&named, "SUMMARY"), ["Tuesdays\\; with Robin\\, at home\\, session 2 of 4"]);
    for length in 1..=180 {
        for letter in ["x", "é"] {
            let title = letter.repeat(length);
            let entries = calendar(&office, &format!("--title {title} -w 1"));
            assert_eq!(entries[0]["SUMMARY"], format!("{title}\\, session 1 of 4"));
        }
    }
    office.refuses(2, "calendar --title ''");
    office.refuses(2, "calendar --title 'a\u{7}b'");
}

#[test]
fn nine_thirty_is_the_same_hour_on_the_wall_by_the_rules_of_its_day() {
    let office = Office::new();
    for (start, zone, begins) in [
        ("2024-01-23", "America/Vancouver", ["0123T1730", "0130T1730", "0206T1730", "0213T1730"]),
        ("2024-03-05", "America/Vancouver", ["0305T1730", "0312T1630", "0319T1630", "0326T1630"]),
        // British Columbia changes its clocks no more.
        ("2026-10-27", "America/Vancouver", ["1027T1630", "1103T1630", "1110T1630", "1117T1630"]),
        ("2026-10-27", "America/Los_Angeles", ["1027T1630", "1103T1730", "1110T1730", "1117T1730"]),
    ] {
        let toml = office.read("cohorts.toml");
        office.edit("\"America/Vancouver\"", &format!("\"{zone}\""));
        office.ok(&format!("new a-cohort --starts {start}"));
        let starts = all(&calendar(&office, "a-cohort"), "DTSTART");
        let year = &start[..4];
        assert_eq!(starts, begins.map(|at| format!("{year}{at}00Z")), "{start} {zone}");
        office.write("cohorts.toml", &toml);
    }
}

#[test]
fn a_move_an_undo_and_an_edit_by_hand_raise_the_sequence_and_keep_the_uids() {
    let office = Office::winter();
    let first = calendar(&office, "");
    // All within one second, as a script does it.
    office.ok("move --week 3 --to 2024-02-08 --at 13:00");
    let moved = calendar(&office, "");
    office.ok("undo");
    let back = calendar(&office, "");
    office.ok("move --week 3 --to 2024-02-09");
    let moved_again = calendar(&office, "");
    office.edit("starts_at = 09:30:00", "starts_at = 09:00:00");
    let before = office.path("cohorts.toml").metadata().unwrap().modified().unwrap();
    saved(&office, before + Duration::from_secs(1));
    let by_hand = calendar(&office, "");
    let editions = [first, moved, back, moved_again, by_hand];
    assert!(editions.windows(2).all(|two| sequence(&two[0]) < sequence(&two[1])), "{editions:#?}");
    assert!(editions.iter().all(|one| all(one, "UID") == all(&editions[0], "UID")));
    let third: Vec<_> = editions.iter().map(|one| one[2]["DTSTART"].as_str()).collect();
    let expected = ["20240206T1730", "20240208T2100", "20240206T1730", "20240209T1730"];
    assert_eq!(&third[..4], expected.map(|at| format!("{at}00Z")));
    assert_eq!(third[4], "20240209T170000Z");
    assert_eq!(editions[1][2]["DTEND"], "20240208T230000Z");
    assert_eq!(editions[0][1]["DTSTART"], editions[1][1]["DTSTART"]);
}

#[test]
fn the_same_dates_are_the_same_file_whenever_and_by_whomever_it_is_written() {
    let office = Office::winter();
    let first = office.ok("calendar winter-2024");
    office.at("2024-01-22 10:00");
    office.sign_up("winter-2024", &["amara", "bea"]);
    office.agree("winter-2024", &["amara"]);
    assert_eq!(office.ok("calendar winter-2024"), first);
    assert_eq!(office.ok("calendar winter-2024 --output -"), first);
    let one = calendar(&office, "winter-2024 --week 2");
    assert_eq!(one, strictly(&first)[1..2]);
}

#[test]
fn sessions_of_other_cohorts_and_offices_are_others() {
    let office = Office::winter();
    office.ok("new spring-2024 --starts 2024-04-02");
    let mut uids = all(&calendar(&office, "winter"), "UID");
    uids.extend(all(&calendar(&office, "spring"), "UID"));
    uids.extend(all(&calendar(&Office::winter(), ""), "UID"));
    assert_eq!(uids.iter().collect::<BTreeSet<_>>().len(), 12);
    // Nothing in them tells which cohort or week it is.
    let is_a_hash = |uid: &str| uid.len() == 32 && uid.chars().all(|c| c.is_ascii_hexdigit());
    assert!(uids.iter().all(|uid| uid.strip_suffix("@cohorts.local").is_some_and(is_a_hash)));
}

#[test]
fn a_session_that_was_recorded_took_place_when_it_did() {
    let office = Office::winter();
    office.sign_up("winter-2024", &["amara"]);
    office.agree("winter-2024", &["amara"]);
    office.at("2024-01-23 11:40").ok("attend --rest present");
    office.edit("starts_at = 09:30:00", "starts_at = 09:00:00");
    let starts = all(&calendar(&office, ""), "DTSTART");
    assert_eq!(starts[..2], ["20240123T173000Z", "20240130T170000Z"]);
}

#[test]
fn a_file_is_for_its_owner_and_takes_no_others_place() {
    let office = Office::winter();
    let printed = office.ok("calendar");
    assert_data_eq!(
        office.says("calendar --output sessions.ics --dry-run"),
        str![[r#"
Dry run: would write 4 sessions of winter-2024 to sessions.ics

"#]]
    );
    assert!(!office.path("sessions.ics").exists());
    assert_data_eq!(
        office.says("calendar --output sessions.ics"),
        str![[r#"
Wrote 4 sessions of winter-2024 to sessions.ics, which only you can read.

"#]]
    );
    assert_eq!(office.read("sessions.ics"), printed);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = office.path("sessions.ics").metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let said = office.refuses(1, "calendar --output sessions.ics");
    assert!(said.contains("hint: choose another name, or add --force"), "{said}");
    assert_data_eq!(
        office.says("calendar --week 2 --output sessions.ics --force"),
        str![[r#"
Wrote week 2 of winter-2024 to sessions.ics, which only you can read.

"#]]
    );
    assert_eq!(strictly(&office.read("sessions.ics")).len(), 1);
    office.refuses(1, "calendar --output cohorts.toml --force");
    office.refuses(1, "calendar --output cohorts.db --force");
    // Nothing in it is about anybody: it is no export of people.
    assert!(!office.ok("history --exports --format csv").contains("sessions.ics"));
}

#[test]
fn what_is_not_there_is_not_written() {
    let office = Office::winter();
    assert_data_eq!(
        office.refuses(1, "calendar --week 5"),
        str![[r#"
error: `winter-2024` has no week 5: it has 4 sessions

"#]]
    );
    office.refuses(1, "calendar summer");
    office.refuses(2, "calendar --week 0");
    office.refuses(2, "calendar --force");
}

//! Calendar files, by RFC 5545, as Outlook, Google and Apple calendars open
//! them.
//!
//! Written by hand: it is a dozen properties, and the crate for it makes some
//! lines 76 octets long, one more than is allowed.

use chrono::{DateTime, Utc};

/// The longest line, in octets, without its end.
const LONGEST: usize = 75;

/// One entry of a calendar.
pub struct Entry<'a> {
    /// Stays when the entry changes, so that calendars know it again.
    pub uid: String,
    pub begins: DateTime<Utc>,
    pub ends: DateTime<Utc>,
    pub title: String,
    pub place: Option<&'a str>,
}

/// Which edition of the entries it is: calendars keep the higher number.
pub struct Edition {
    pub number: u32,
    pub at: DateTime<Utc>,
}

/// The text of a calendar file.
///
/// Times are in UTC: then no calendar needs rules of time zones, which are old
/// in many of them.
pub fn render(entries: &[Entry<'_>], edition: &Edition) -> String {
    let mut text = String::new();
    let mut line = |name: &str, value: &str| fold(&mut text, &format!("{name}:{value}"));
    line("BEGIN", "VCALENDAR");
    line("VERSION", "2.0");
    line("PRODID", "-//cohorts//calendar//EN");
    line("CALSCALE", "GREGORIAN");
    line("METHOD", "PUBLISH");
    for entry in entries {
        line("BEGIN", "VEVENT");
        line("UID", &entry.uid);
        line("DTSTAMP", &moment(edition.at));
        line("SEQUENCE", &edition.number.to_string());
        line("DTSTART", &moment(entry.begins));
        line("DTEND", &moment(entry.ends));
        line("SUMMARY", &escaped(&entry.title));
        if let Some(place) = entry.place {
            line("LOCATION", &escaped(place));
        }
        // Others who may look into somebody's calendar see that they are busy.
        line("CLASS", "PRIVATE");
        line("TRANSP", "OPAQUE");
        line("END", "VEVENT");
    }
    line("END", "VCALENDAR");
    text
}

/// 20240130T173000Z
fn moment(at: DateTime<Utc>) -> String {
    at.format("%Y%m%dT%H%M%SZ").to_string()
}

/// Text in which nothing separates values or ends the line.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => escaped.extend(['\\', c]),
            '\n' => escaped.push_str("\\n"),
            c if c.is_control() => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}

/// Adds a line, going on in the next one, after a blank, where it is too long.
/// No character is cut in two.
fn fold(text: &mut String, line: &str) {
    let mut length = 0;
    for c in line.chars() {
        if length + c.len_utf8() > LONGEST {
            text.push_str("\r\n ");
            length = 1;
        }
        text.push(c);
        length += c.len_utf8();
    }
    text.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_longer_than_75_octets_and_none_loses_anything() {
        for length in 0..400 {
            for letter in ["x", "é", "語", "🜁", " ", "\\,"] {
                let line = letter.repeat(length);
                let mut folded = String::new();
                fold(&mut folded, &line);
                let longest = folded.split("\r\n").map(str::len).max();
                assert!(longest <= Some(75), "{length} {letter}");
                assert_eq!(folded.replace("\r\n ", ""), format!("{line}\r\n"));
            }
        }
    }

    #[test]
    fn text_separates_no_values_and_ends_no_line() {
        for (text, value) in [
            ("Zoom", "Zoom"),
            ("Room 3, second floor; ring", "Room 3\\, second floor\\; ring"),
            ("a\\b", "a\\\\b"),
            ("a\nEND:VEVENT", "a\\nEND:VEVENT"),
            ("a\r\u{1b}b", "a  b"),
        ] {
            assert_eq!(escaped(text), value);
        }
    }
}

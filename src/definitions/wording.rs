//! The words that messages about the file share: what a kind of value is
//! called, and how a right one looks.

use toml::de::DeValue;
use toml::value::Datetime;

use crate::domain::text;

pub(super) fn nearest<'a>(typed: &str, known: &[&'a str]) -> Option<&'a str> {
    text::nearest(typed, known.iter().copied())
}

/// Words for a sentence: "`a`, `b` and `c`".
pub(super) fn listed(words: &[&str]) -> String {
    let quoted: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}

/// What a value is, in a coordinator's words.
pub(super) fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number with a point",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(Datetime { date: None, .. }) => "a time",
        DeValue::Datetime(Datetime { time: None, .. }) => "a date",
        DeValue::Datetime(_) => "a date with a time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a section",
    }
}

/// How the value of a key looks when it is right.
pub(super) fn example(key: &str) -> &'static str {
    match key {
        "name" => "\"Aim. Focus. Release.\"",
        "timezone" => "\"America/Vancouver\"",
        "weekday" => "\"Tuesday\"",
        "starts_at" => "09:30:00",
        "ends_at" => "11:30:00",
        "at" => "13:00:00",
        "sessions" | "consent_due_days" => "4",
        "capacity" => "12",
        "joins_until_week" => "1",
        "week" => "3",
        "location" => "\"Zoom\"",
        "leave" => "[\"medical\", \"maternity\"]",
        "facilitators" => "[\"Robin Lee <robin@example.org>\"]",
        "topics" => "[\"First topic\", \"Second topic\"]",
        "no_session_on" => "[2025-07-01, 2025-09-30]",
        "version" => "\"2024-01\"",
        "since" => "2024-01-01",
        "text" => "\"What everybody agrees to.\"",
        "people" => "\"enrolled\"",
        "columns" => "[\"code\", \"goes_by\"]",
        "from" => "\"Robin Lee <robin@example.org>\"",
        "file" => "\"reminder.txt\"",
        "subject" => "\"{{ day }}\"",
        "link" => "\"https://zoom.us/j/123456789\"",
        "header" => "\"First Name\"",
        "column" => "\"first_name\"",
        "late_after" => "\"10 min\"",
        "departed_before_end" => "\"15 min\"",
        "present_from" => "\"60 min\"",
        "suppress_below" => "10",
        "controller" => "\"Example Health Authority\"",
        "contact" => "\"privacy@example.org\"",
        "withdraw" => "\"Write to robin@example.org\"",
        "jurisdiction" => "\"CA-BC\"",
        "required" => "true",
        "folder" => "\"/Volumes/Backup\"",
        "keep" => "30",
        "erase_after" => "\"2 years\"",
        "id" => "\"winter-2024\"",
        "starts_on" => "2024-01-23",
        "to" => "2024-02-08",
        "moved" => "[{ week = 3, to = 2024-02-08, at = 13:00:00 }]",
        _ => "",
    }
}

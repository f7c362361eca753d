//! Single cells of Zoom's reports: names, addresses, times, answers.

use super::super::dates::{Order, moment};
use super::Stamp;
use crate::domain::participant::Email;
use crate::domain::period::Minutes;
use crate::domain::text::{fold, tidied};

/// What Zoom and its versions put behind a name to say what somebody is there.
const ROLES: &[&str] = &["host", "co-host", "cohost", "guest", "me", "host, me", "co-host, me"];

/// A name as a report shows it: "Kit (Kit Tran)" called themselves Kit in the
/// room, and came as Kit Tran. What stands in brackets may be anything, such as
/// "she/her".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// All of it, without what Zoom adds.
    pub whole: String,
    pub shown: String,
    pub original: Option<String>,
    /// Whether Zoom says that it is the host.
    pub is_host: bool,
}

impl Name {
    pub(super) fn read(cell: &str) -> Self {
        let mut whole = tidied(cell);
        let mut is_host = false;
        while let Some((before, inside)) = in_brackets(&whole) {
            let role = inside.to_lowercase();
            if !ROLES.contains(&&*role) || before.is_empty() {
                break;
            }
            is_host |= role.starts_with("host");
            whole = before.to_owned();
        }
        let (shown, original) = match in_brackets(&whole) {
            Some((before, inside)) if !before.is_empty() && !inside.is_empty() => {
                (before.to_owned(), Some(inside.to_owned()))
            }
            _ => (whole.clone(), None),
        };
        Self { whole, shown, original, is_host }
    }

    /// Two names are the same when their keys are.
    pub fn key(&self) -> String {
        fold(&self.whole)
    }
}

/// What stands before the last brackets of a text that ends with them, and what
/// stands in them.
fn in_brackets(text: &str) -> Option<(&str, &str)> {
    let inside_out = text.strip_suffix(')')?;
    let mut depth = 1;
    let at = inside_out.char_indices().rev().find_map(|(at, c)| {
        match c {
            ')' => depth += 1,
            '(' => depth -= 1,
            _ => {}
        }
        (depth == 0).then_some(at)
    })?;
    Some((text[..at].trim_end(), inside_out[at + 1..].trim()))
}

/// An address, in lower case.
pub(super) fn address(cell: &str) -> Option<String> {
    Email::parse(cell).ok().map(|email| email.key())
}

/// The address of a host, which may stand behind a name: "Robin (robin@...)".
pub(super) fn address_in(cell: &str) -> Option<String> {
    let inside = in_brackets(cell).map(|(_, inside)| inside);
    address(cell).or_else(|| inside.and_then(address))
}

/// A day and time, if it is one in any order.
pub(super) fn stamp(cell: &str) -> Option<Stamp> {
    let numbers = named_month(cell);
    let cell = numbers.as_deref().unwrap_or(cell);
    // A time alone, or a day alone, tells of nobody when they came.
    let has_time = cell.contains(':');
    let read = |order| moment(cell, order).filter(|_| has_time);
    let stamp = Stamp { day_first: read(Order::DayFirst), month_first: read(Order::MonthFirst) };
    (stamp.day_first.is_some() || stamp.month_first.is_some()).then_some(stamp)
}

/// "Mar 22, 2025 7:13 PM" with its month as a number: "2025-3-22 7:13 PM".
fn named_month(cell: &str) -> Option<String> {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let mut words = cell.split([' ', ',']).filter(|word| !word.is_empty());
    let month = words.next()?.to_lowercase();
    let month = MONTHS.iter().position(|known| month.starts_with(known))? + 1;
    let (day, year) = (words.next()?, words.next()?);
    let rest: Vec<&str> = words.collect();
    (year.len() == 4).then(|| format!("{year}-{month}-{day} {}", rest.join(" ")))
}

pub(super) fn minutes(cell: &str) -> Result<Minutes, String> {
    match cell.parse::<u32>() {
        Ok(minutes) if minutes <= 7 * 24 * 60 => Ok(Minutes(minutes)),
        _ => {
            let shown: String = tidied(cell).chars().take(40).collect();
            Err(format!("has no number of minutes, but `{shown}`"))
        }
    }
}

/// Yes, in the languages of which reports were seen.
pub(super) fn is_yes(cell: &str) -> bool {
    matches!(&*fold(cell), "yes" | "y" | "true" | "si" | "oui" | "sim" | "ja")
}

/// Whether anything was answered.
pub(super) fn is_said(cell: &str) -> bool {
    let cell = fold(cell);
    !cell.chars().all(|c| c == '-') && !matches!(&*cell, "none" | "n/a" | "na")
}

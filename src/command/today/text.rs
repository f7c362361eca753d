//! The screen of today as text, no wider than a terminal.

use unicode_width::UnicodeWidthStr;

use super::{Item, Screen};
use crate::output::messages::{ALARM, STRONG};
use crate::output::words;

/// How wide a line may be.
pub(super) const WIDTH: usize = 80;

/// Where the commands begin at the least.
const COLUMN: usize = 36;

impl Screen {
    pub(super) fn text(&self) -> String {
        if !self.fits {
            return format!(
                "{ALARM}cohorts.toml and the records do not fit together.{ALARM:#}\n\
                 Who may be let in is not certain before they do.\n\n{}",
                self.items("Today", &self.today)
            );
        }
        let date = self.when();
        let backup = match &self.last_backup {
            Some(last) => format!("Last backup {last}\n"),
            None => String::new(),
        };
        if self.today.is_empty() && self.sessions.is_empty() {
            return match self.soon.as_slice() {
                [] => format!("Nothing to do.\n{backup}"),
                [one] => format!("Nothing to do. {}: {}\n{backup}", one.what, one.command),
                _ => {
                    format!("{date}: nothing to do.\n\n{}{backup}", self.items("Soon", &self.soon))
                }
            };
        }
        let mut text = match self.sessions.as_slice() {
            [] => format!("{date}\n\n"),
            doors => {
                let lines =
                    |door: &super::Door| door.lines(self.date, self.time).join("\n") + "\n\n";
                doors.iter().map(lines).collect()
            }
        };
        text += &self.items("Today", &self.today);
        text += &self.items("Soon", &self.soon);
        text + &backup
    }

    /// "Tue 30 January 2024, 9:05"
    fn when(&self) -> String {
        when(self.date, self.time)
    }

    /// Lines under a title, with their commands in one column; under lines that
    /// reach too far.
    fn items(&self, title: &str, items: &[Item]) -> String {
        if items.is_empty() {
            return String::new();
        }
        let column = self.column();
        let mut text = format!("{STRONG}{title}{STRONG:#}\n");
        for Item { what, command } in items {
            // A long command begins earlier than the others.
            let column = column.min(WIDTH.saturating_sub(4 + command.width()));
            match column.checked_sub(what.width()) {
                Some(gap) => text += &format!("  {what}{}  {command}\n", " ".repeat(gap)),
                None if what.width() + 4 + command.width() <= WIDTH => {
                    text += &format!("  {what}  {command}\n");
                }
                None => text += &format!("  {what}\n  {}  {command}\n", " ".repeat(column)),
            }
        }
        text
    }

    /// Where the commands begin, so that as many as can be stand in one column.
    fn column(&self) -> usize {
        let all = || self.today.iter().chain(&self.soon);
        let fits = |item: &&Item, column: usize| {
            item.what.width() <= column && column + 4 + item.command.width() <= WIDTH
        };
        let elsewhere = |column: &usize| all().filter(|item| !fits(item, *column)).count();
        let widths = all().map(|item| item.what.width()).filter(|width| *width > COLUMN);
        std::iter::once(COLUMN).chain(widths).min_by_key(elsewhere).unwrap_or(COLUMN)
    }
}

/// A day, and a time where it is about the present.
pub(super) fn when(date: chrono::NaiveDate, time: Option<chrono::NaiveTime>) -> String {
    let date = words::weekday_of_year(date);
    match time {
        Some(time) => format!("{date}, {}", words::time(time)),
        None => date,
    }
}

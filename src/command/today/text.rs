//! The screen of today as text, no wider than a terminal.

use super::Screen;
use crate::output::items::{self, Item};
use crate::output::messages::{ALARM, STRONG};
use crate::output::words;

impl Screen {
    pub(super) fn text(&self) -> String {
        if !self.fits {
            return format!(
                "{ALARM}cohorts.toml and the records do not fit together.{ALARM:#}\n\
                 Who may be let in is not certain before they do.\n\n{}{}",
                self.items("Today", &self.today),
                self.items("Soon", &self.soon)
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

    /// Lines under a title.
    fn items(&self, title: &str, items: &[Item]) -> String {
        if items.is_empty() {
            return String::new();
        }
        let column = items::column(self.today.iter().chain(&self.soon));
        format!("{STRONG}{title}{STRONG:#}\n{}", items::lines(items.iter(), column))
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

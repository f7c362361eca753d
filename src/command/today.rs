//! `cohorts` alone: what needs doing today, each line with the command that
//! does it.

mod cohort;
mod incidents;
mod keeping;
mod session;

use std::io::Write;

use chrono::{Days, NaiveDate, NaiveDateTime};
use unicode_width::UnicodeWidthStr;

use crate::context::{Context, Office, pick};
use crate::error::Result;
use crate::output::messages::{ALARM, Report, STRONG};
use crate::output::words;

/// How long after its end a cohort still has weeks to record.
const AFTERWARDS: Days = Days::new(60);

/// More of one kind than this become one line.
const MOST_NAMED: usize = 3;

/// A line, and the command that does it.
struct Item {
    what: String,
    command: String,
}

#[derive(Default)]
struct Screen {
    /// Whether cohorts.toml and the records fit together.
    fits: bool,
    sessions: Vec<String>,
    today: Vec<Item>,
    soon: Vec<Item>,
}

pub fn run(ctx: &mut Context) -> Result<Report> {
    let office = ctx.office()?;
    let snapshot = office.store.snapshot()?;
    let now = ctx.now;
    let mut screen = Screen::default();
    let usual = pick::running(&office.definitions.program, now.date()).ok().flatten();
    let usual = usual.or_else(|| pick::next(&office.definitions.program, now.date()));
    for cohort in &office.definitions.program.cohorts {
        let sessions = cohort.sessions();
        let over_for_good = sessions.last().is_some_and(|last| last.date + AFTERWARDS < now.date());
        if over_for_good {
            continue;
        }
        let group = office.group(cohort)?;
        // Commands go without the cohort where they would choose it anyway.
        let is_usual = usual.is_some_and(|usual| usual.id == cohort.id);
        let named = if is_usual { "" } else { cohort.id.as_str() };
        screen.add(&office, &group, now, named)?;
    }
    // Whoever looks here lets people in: that must not rest on what is uncertain.
    screen.fits = super::check::fits(&office)?;
    screen.add_next_cohort(&office, now.date());
    screen.add_incidents(&office)?;
    screen.add_keeping(ctx, &office)?;
    drop(snapshot);
    let text = screen.text(now);
    ctx.out.data().write_all(text.as_bytes())?;
    Ok(Report::silent())
}

impl Screen {
    fn add_next_cohort(&mut self, office: &Office, today: NaiveDate) {
        if pick::next(&office.definitions.program, today).is_none() {
            self.soon
                .push(Item { what: "No cohort is to come".into(), command: "cohorts new".into() });
        }
    }

    fn text(&self, now: NaiveDateTime) -> String {
        let date = format!("{}, {}", words::weekday_of_year(now.date()), words::time(now.time()));
        if !self.fits {
            return format!(
                "{ALARM}cohorts.toml and the records do not fit together.{ALARM:#}\n\
                 Who may be let in is not certain before they do.\n\n{STRONG}Today{STRONG:#}\n  \
                 See what is wrong, and mend it        cohorts check\n"
            );
        }
        if self.today.is_empty() && self.sessions.is_empty() {
            return match self.soon.as_slice() {
                [] => "Nothing to do.\n".into(),
                [one] => format!("Nothing to do. {}: {}\n", one.what, one.command),
                _ => format!("{date}: nothing to do.\n\n{}", self.items("Soon", &self.soon)),
            };
        }
        let mut text = match self.sessions.as_slice() {
            [] => format!("{date}\n"),
            lines => lines.join("\n") + "\n",
        };
        text += "\n";
        text += &self.items("Today", &self.today);
        text += &self.items("Soon", &self.soon);
        text
    }

    /// Lines under a title, with their commands in one column.
    fn items(&self, title: &str, items: &[Item]) -> String {
        if items.is_empty() {
            return String::new();
        }
        let widths = self.today.iter().chain(&self.soon).map(|item| item.what.width());
        let width = widths.max().unwrap_or_default().max(36);
        let mut text = format!("{STRONG}{title}{STRONG:#}\n");
        for Item { what, command } in items {
            let gap = " ".repeat(width - what.width());
            text += &format!("  {what}{gap}  {command}\n");
        }
        text
    }
}

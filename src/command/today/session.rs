//! Today's session, for whoever is about to let people in.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use super::text::when;
use crate::domain::attendance::Mark;
use crate::domain::consent::Decision;
use crate::domain::group::{Group, Member, Standing, by_call_name};
use crate::domain::participant::{Participant, call_names};
use crate::domain::schedule::Session;
use crate::output::items::WIDTH;
use crate::output::messages::{ALARM, STRONG};
use crate::output::words;

/// A session: when, who is expected, who told us, who must not be let in.
#[derive(Debug, Serialize)]
pub(super) struct Door {
    cohort: String,
    #[serde(skip)]
    title: String,
    week: u32,
    weeks: usize,
    starts_at: NaiveTime,
    ends_at: NaiveTime,
    location: Option<String>,
    /// What was recorded, once it was; then nobody is let in any more.
    recorded: Option<String>,
    expected: Vec<Person>,
    excused: Vec<Person>,
    do_not_admit: Vec<Person>,
}

#[derive(Debug, Serialize)]
struct Person {
    code: String,
    /// What to call them, so that they can be told apart from the others.
    called: String,
    /// What they decided, of those who have not agreed.
    #[serde(skip_serializing_if = "Option::is_none")]
    decided: Option<&'static str>,
}

impl Door {
    pub(super) fn new(group: &Group<'_>, session: &Session, now: NaiveDateTime) -> Self {
        let cohort = group.cohort;
        let mut door = Self {
            cohort: cohort.id.to_string(),
            title: cohort.id.title(),
            week: session.week,
            weeks: group.sessions().len(),
            starts_at: session.starts_at,
            ends_at: session.ends_at,
            location: cohort.terms.location.clone(),
            recorded: None,
            expected: Vec::new(),
            excused: Vec::new(),
            do_not_admit: Vec::new(),
        };
        if group.recorded.contains_key(&session.week) && group.is_recorded(session) {
            door.recorded = crate::command::show::what_was_recorded(group, session, now);
            return door;
        }
        let (mut expected, mut excused, mut not_agreed) = (Vec::new(), Vec::new(), Vec::new());
        for member in by_call_name(group.members.iter().collect()) {
            let told_us = member.marks.get(&session.week).is_some_and(|a| a.mark == Mark::Excused);
            match group.standing(member, session) {
                // Whoever told us may come after all: then the agreement decides.
                Standing::Expected if told_us => excused.push(member),
                Standing::Expected => expected.push(member),
                Standing::NotAgreed => not_agreed.push(member),
                _ => {}
            }
        }
        door.expected = people(&expected);
        door.excused = people(&excused);
        door.do_not_admit = people(&not_agreed);
        for (person, member) in door.do_not_admit.iter_mut().zip(&not_agreed) {
            person.decided = match group.said_no(member) {
                Some(Decision::Declined) => Some("declined"),
                Some(Decision::Withdrawn) => Some("took it back"),
                _ => None,
            };
        }
        door
    }

    pub(super) fn lines(&self, date: NaiveDate, time: Option<NaiveTime>) -> Vec<String> {
        let left = format!("{}, week {} of {}", self.title, self.week, self.weeks);
        let right = when(date, time);
        let gap = " ".repeat((WIDTH - 4).saturating_sub(left.width() + right.width()).max(2));
        let place = self.location.as_ref().map(|place| format!(", {place}")).unwrap_or_default();
        let place = words::printable(&place);
        let mut lines = vec![
            format!("{STRONG}{left}{STRONG:#}{gap}{right}"),
            format!("{}{place}", self.hours(time)),
            String::new(),
        ];
        if let Some(counts) = &self.recorded {
            lines.push(format!("  Recorded     {counts}"));
            return lines;
        }
        lines.extend(people_lines("Expected", &self.expected, ""));
        lines.extend(people_lines("Excused", &self.excused, ""));
        for line in people_lines("DO NOT ADMIT", &self.do_not_admit, "  (not agreed)") {
            lines.push(line.replacen("DO NOT ADMIT", &format!("{ALARM}DO NOT ADMIT{ALARM:#}"), 1));
        }
        lines
    }

    /// "Starts 9:30 (in 25 minutes)"; without how long where it is another day.
    fn hours(&self, time: Option<NaiveTime>) -> String {
        let (starts, ends) = (words::time(self.starts_at), words::time(self.ends_at));
        match time {
            None => format!("{starts} - {ends}"),
            Some(now) if now < self.starts_at => {
                let minutes = (self.starts_at - now).num_minutes();
                let count = |number: i64, of: &str| {
                    words::count(usize::try_from(number).unwrap_or_default(), of)
                };
                let wait = match (minutes / 60, minutes % 60) {
                    (0, minutes) => count(minutes, "minute"),
                    (hours, 0) => count(hours, "hour"),
                    (hours, minutes) => format!("{hours} h {minutes} min"),
                };
                format!("Starts {starts} (in {wait})")
            }
            Some(now) if now < self.ends_at => format!("Started {starts}, until {ends}"),
            Some(_) => format!("Was {starts} - {ends}"),
        }
    }
}

fn people(members: &[&Member]) -> Vec<Person> {
    let person = |(member, called): (&&Member, String)| Person {
        code: member.participant.code.to_string(),
        called,
        decided: None,
    };
    members.iter().zip(called(members)).map(person).collect()
}

/// A label, a count and names, turned over where the line is full.
fn people_lines(label: &str, people: &[Person], after: &str) -> Vec<String> {
    if people.is_empty() {
        return Vec::new();
    }
    let mut line = format!("  {label:<12} {:<3}", people.len());
    let indent = " ".repeat(line.len());
    let mut lines = Vec::new();
    for (index, person) in people.iter().enumerate() {
        let comma = if index + 1 == people.len() { "" } else { "," };
        let decided = person.decided.map(|what| format!(" ({what})")).unwrap_or_default();
        let name = format!(" {}{decided}{comma}", person.called);
        let after = if comma.is_empty() { after } else { "" };
        if line.width() + name.width() + after.width() > WIDTH - 2 && line.width() > indent.len() {
            lines.push(std::mem::replace(&mut line, indent.clone()));
        }
        line += &name;
    }
    lines.push(line + after);
    lines
}

pub(super) fn called(members: &[&Member]) -> Vec<String> {
    let people: Vec<&Participant> = members.iter().map(|m| &m.participant).collect();
    call_names(&people).iter().map(|name| words::printable(name)).collect()
}

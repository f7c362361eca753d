//! Today's session, for whoever is about to let people in.

use chrono::NaiveDateTime;
use unicode_width::UnicodeWidthStr;

use crate::domain::attendance::Mark;
use crate::domain::consent::Decision;
use crate::domain::group::{Group, Member, Standing, by_call_name};
use crate::domain::participant::{Participant, call_names};
use crate::domain::schedule::Session;
use crate::output::messages::{ALARM, STRONG};
use crate::output::words;

/// Today's session: when, who is expected, who told us, who must not be let in.
pub(super) fn session_lines(
    group: &Group<'_>,
    session: &Session,
    now: NaiveDateTime,
) -> Vec<String> {
    let cohort = group.cohort;
    let left =
        format!("{}, week {} of {}", cohort.id.title(), session.week, group.sessions().len());
    let right = format!("{}, {}", words::weekday_of_year(now.date()), words::time(now.time()));
    let gap =
        " ".repeat(76_usize.saturating_sub(left.chars().count() + right.chars().count()).max(2));
    let place =
        cohort.terms.location.as_ref().map(|place| format!(", {place}")).unwrap_or_default();
    let when = if now < session.begins() {
        let minutes = (session.begins() - now).num_minutes();
        let wait = match (minutes / 60, minutes % 60) {
            (0, minutes) => format!(
                "in {}",
                words::count(usize::try_from(minutes).unwrap_or_default(), "minute")
            ),
            (hours, 0) => {
                format!("in {}", words::count(usize::try_from(hours).unwrap_or_default(), "hour"))
            }
            (hours, minutes) => format!("in {hours} h {minutes} min"),
        };
        format!("Starts {} ({wait}){place}", words::time(session.starts_at))
    } else if now < session.ends() {
        format!(
            "Started {}, until {}{place}",
            words::time(session.starts_at),
            words::time(session.ends_at)
        )
    } else {
        format!("Was {} - {}{place}", words::time(session.starts_at), words::time(session.ends_at))
    };
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
    let mut lines = vec![format!("{STRONG}{left}{STRONG:#}{gap}{right}"), when, String::new()];
    if group.recorded.contains_key(&session.week) && group.is_recorded(session) {
        let counts =
            crate::command::show::what_was_recorded(group, session, now).unwrap_or_default();
        lines.push(format!("  Recorded     {counts}"));
        return lines;
    }
    lines.extend(people_lines("Expected", &called(&expected), ""));
    lines.extend(people_lines("Excused", &called(&excused), ""));
    let names: Vec<String> = not_agreed
        .iter()
        .zip(called(&not_agreed))
        .map(|(member, name)| match Group::last_decision(member) {
            Some(Decision::Declined) => format!("{name} (declined)"),
            Some(Decision::Withdrawn) => format!("{name} (took it back)"),
            _ => name,
        })
        .collect();
    for line in people_lines("DO NOT ADMIT", &names, "  (not agreed)") {
        lines.push(line.replacen("DO NOT ADMIT", &format!("{ALARM}DO NOT ADMIT{ALARM:#}"), 1));
    }
    lines
}

/// A label, a count and names, turned over where the line is full.
fn people_lines(label: &str, names: &[String], after: &str) -> Vec<String> {
    if names.is_empty() {
        return Vec::new();
    }
    let mut line = format!("  {label:<12} {:<3}", names.len());
    let indent = " ".repeat(line.len());
    let mut lines = Vec::new();
    for (index, name) in names.iter().enumerate() {
        let comma = if index + 1 == names.len() { "" } else { "," };
        if line.width() + 1 + name.width() + comma.len() > 78 {
            lines.push(std::mem::replace(&mut line, indent.clone()));
        }
        line += &format!(" {name}{comma}");
    }
    lines.push(line + after);
    lines
}

pub(super) fn called(members: &[&Member]) -> Vec<String> {
    let people: Vec<&Participant> = members.iter().map(|m| &m.participant).collect();
    call_names(&people).iter().map(|name| words::printable(name)).collect()
}

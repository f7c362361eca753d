//! What is shown before a report's marks are saved.

use std::collections::BTreeMap;

use super::super::strip::{Cell, in_columns, in_words};
use super::plan::{Basis, ByHand, Hand, Plan};
use super::room::InRoom;
use crate::domain::attendance::Mark;
use crate::domain::group::{Member, Standing, by_call_name};
use crate::domain::participant::{Code, call_names};
use crate::domain::presence::{Presence, Stay};
use crate::output::messages::Report;
use crate::output::words;

/// Marks of a week.
type Marks = BTreeMap<Code, Mark>;

pub(super) fn of(basis: &Basis<'_>, room: &InRoom, plan: &Plan, hand: Hand, file: &str) -> Report {
    let (group, session) = (basis.group, basis.session);
    let mut report = Report::new(format!(
        "{}, week {}, {}: from {}.\n",
        group.cohort.id.title(),
        session.week,
        words::weekday(session.date),
        words::printable(file)
    ));
    let marks = marks_afterwards(basis, plan, hand);
    let members = shown(basis, plan);
    for line in in_columns(&cells(basis, room, plan, &members, &marks)) {
        report = report.and(line);
    }
    if !members.is_empty() {
        report = report.and("");
    }
    for line in in_words(&members, session, &marks) {
        report = report.and(line);
    }
    for note in left_out(room, plan).into_iter().chain(about_time(basis, room, plan)) {
        report = report.and(note);
    }
    for note in plan.notes.iter().cloned().chain(by_hand(basis, plan, hand)) {
        report = report.and(note);
    }
    let report = plan.alarms.iter().fold(report, Report::warning);
    plan.next.iter().fold(report, |report, (why, command)| report.next(why, command))
}

/// Everybody who is or was expected, or was there.
fn shown<'b>(basis: &Basis<'b>, plan: &Plan) -> Vec<&'b Member> {
    let (group, session) = (basis.group, basis.session);
    let is_shown = |m: &&Member| {
        let code = &m.participant.code;
        plan.presences.get(code).is_some_and(Presence::was_there)
            || plan.said.marks.contains_key(code)
            || m.marks.contains_key(&session.week)
            || matches!(group.standing(m, session), Standing::Expected | Standing::NotAgreed)
    };
    by_call_name(group.members.iter().filter(is_shown).collect())
}

/// They, with their marks and how long they were there.
fn cells(
    basis: &Basis<'_>,
    room: &InRoom,
    plan: &Plan,
    members: &[&Member],
    marks: &Marks,
) -> Vec<Cell> {
    let names = call_names(&members.iter().map(|m| &m.participant).collect::<Vec<_>>());
    members
        .iter()
        .zip(names)
        .map(|(member, name)| {
            let code = &member.participant.code;
            let mark = marks.get(code).copied();
            let sign = match mark {
                Some(mark) => mark.to_string(),
                None if plan.said.unmarked.contains(code) => "-".to_owned(),
                None => "x".to_owned(),
            };
            let note = note(basis, room, plan, member, mark);
            Cell { before: "  ".into(), name, sign, note }
        })
        .collect()
}

/// How long somebody was there, and whatever else tells why the mark is so.
fn note(
    basis: &Basis<'_>,
    room: &InRoom,
    plan: &Plan,
    member: &Member,
    mark: Option<Mark>,
) -> String {
    let code = &member.participant.code;
    let presence = plan.presences.get(code).filter(|presence| presence.was_there());
    let mut parts = Vec::new();
    if let Some(presence) = presence {
        parts.push(presence.minutes().to_string());
        match (presence.mark(basis.rules, room.window), presence.span()) {
            (Mark::Late, Some(span)) => {
                parts.push(format!("from {}", words::time(span.from.time())));
            }
            (Mark::Departed, Some(span)) if span.to < room.window.to => {
                parts.push(format!("until {}", words::time(span.to.time())));
            }
            (Mark::Departed, Some(_)) => parts.push("with a break".into()),
            _ => {}
        }
    }
    let old = member.marks.get(&basis.session.week);
    match (old, mark) {
        (Some(old), Some(Mark::Excused)) if old.mark == Mark::Excused => {
            parts.push(format!("told us {}", words::short(old.noted_on)));
        }
        (Some(old), Some(mark)) if old.mark != mark => parts.push(format!("was {}", old.mark)),
        (_, None) => match basis.group.standing(member, basis.session) {
            Standing::NotAgreed => parts.push("not agreed".into()),
            Standing::Expected => parts.push("no mark".into()),
            _ => parts.push("not in the group".into()),
        },
        _ => {}
    }
    if plan.by_hand.iter().any(|one| one.code == *code) {
        parts.push("by hand".into());
    }
    parts.join(", ")
}

/// The marks that there will be.
fn marks_afterwards(basis: &Basis<'_>, plan: &Plan, hand: Hand) -> Marks {
    let mut marks: Marks = basis
        .group
        .members
        .iter()
        .filter_map(|m| Some((m.participant.code.clone(), m.marks.get(&basis.session.week)?.mark)))
        .collect();
    marks.extend(plan.said.marks.iter().map(|(code, mark)| (code.clone(), *mark)));
    if hand == Hand::Replaced {
        marks.extend(plan.by_hand.iter().map(|one| (one.code.clone(), one.report)));
    }
    marks
}

/// Whom the report tells of and nobody asks for.
fn left_out(room: &InRoom, plan: &Plan) -> Option<String> {
    let mut parts = Vec::new();
    if plan.facilitators > 0 {
        parts.push(words::count(plan.facilitators, "facilitator"));
    }
    if room.waited > 0 {
        parts.push(format!("{} in the waiting room", words::count(room.waited, "row")));
    }
    if room.outside > 0 {
        parts.push(format!("{} before or after the session", words::count(room.outside, "row")));
    }
    (!parts.is_empty()).then(|| format!("Left out: {}.", words::list(&parts)))
}

/// What is to be said about how long people were there.
fn about_time(basis: &Basis<'_>, room: &InRoom, plan: &Plan) -> Vec<String> {
    let mut notes = Vec::new();
    let session = Stay::of(basis.session);
    if room.window != session {
        notes.push(format!(
            "The meeting was on from {} to {}; nobody is late or departed for that.",
            words::time(room.window.from.time()),
            words::time(room.window.to.time())
        ));
    }
    let by_minutes = |presence: &Presence| {
        presence.span().is_none() && presence.mark(basis.rules, room.window) == Mark::Departed
    };
    if plan.presences.values().any(|presence| presence.was_there() && by_minutes(presence)) {
        notes.push(format!(
            "This report has minutes alone, which do not tell who came late or left early:\n\
             whoever was there for less than {} has the mark for departed early.",
            basis.rules.present_from
        ));
    }
    notes
}

/// What the report says of those who are marked otherwise by hand.
fn by_hand(basis: &Basis<'_>, plan: &Plan, hand: Hand) -> Vec<String> {
    let heading = match hand {
        Hand::Asked => "Marked otherwise by hand:",
        Hand::Stays => "Marked otherwise by hand, and left so (--replace changes that):",
        Hand::Replaced => "Marked otherwise by hand, and replaced:",
    };
    let told = |one: &ByHand| {
        let member = basis.group.member_with(&one.code)?;
        let old = member.marks.get(&basis.session.week)?.mark;
        let called = member.participant.called();
        let (old, new) = (old.meaning(), one.report.meaning());
        Some(format!("  {called}: {old} by hand, {new} in the report"))
    };
    let lines: Vec<String> = plan.by_hand.iter().filter_map(told).collect();
    let heading = (!lines.is_empty()).then(|| heading.to_owned());
    heading.into_iter().chain(lines).collect()
}

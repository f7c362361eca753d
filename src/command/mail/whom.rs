//! Which session a message is about, and who is to get it.

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime};

use crate::context::pick;
use crate::domain::attendance::Mark;
use crate::domain::consent::Decision;
use crate::domain::enrollment::Status;
use crate::domain::group::{Group, Member, Standing, by_call_name};
use crate::domain::message::Kind;
use crate::domain::program::Week;
use crate::domain::schedule::{Session, Stage};
use crate::error::{Error, Result};
use crate::output::words;

/// The people whom a message is meant for.
#[derive(Default)]
pub(super) struct Whom<'g> {
    pub(super) to: Vec<&'g Member>,
    /// Those without an address.
    pub(super) to_call: Vec<&'g Member>,
    /// Those for whom it was drafted before.
    pub(super) before: Vec<&'g Member>,
    /// Those who told us that they cannot come.
    pub(super) excused: Vec<&'g Member>,
    /// Those who said no to the agreement: they have been asked.
    pub(super) said_no: Vec<&'g Member>,
}

impl<'g> Whom<'g> {
    pub(super) fn of(
        group: &'g Group<'_>,
        kind: Kind,
        session: Option<&Session>,
        drafted: &HashMap<i64, NaiveDate>,
        today: NaiveDate,
    ) -> Self {
        let mut whom = Self::default();
        for member in by_call_name(group.with_status(Status::Enrolled).collect()) {
            if !is_meant(group, member, kind, session, today) {
                continue;
            }
            let mark = session.and_then(|s| member.marks.get(&s.week)).map(|a| a.mark);
            let list = match (kind, mark, Group::last_decision(member)) {
                (Kind::Agreement, _, Some(Decision::Declined | Decision::Withdrawn)) => {
                    &mut whom.said_no
                }
                (Kind::Reminder, Some(Mark::Excused), _) => &mut whom.excused,
                _ => &mut whom.to,
            };
            list.push(member);
        }
        let (before, to) =
            whom.to.into_iter().partition(|m| drafted.contains_key(&m.enrollment.id));
        whom.before = before;
        (whom.to, whom.to_call) = Vec::into_iter(to).partition(|m| m.participant.email.is_some());
        whom
    }
}

fn is_meant(
    group: &Group<'_>,
    member: &Member,
    kind: Kind,
    session: Option<&Session>,
    today: NaiveDate,
) -> bool {
    match (kind, session) {
        (Kind::Agreement, _) => group.valid_consent(member, today).is_none(),
        (Kind::Reminder, Some(session)) => group.standing(member, session) == Standing::Expected,
        (Kind::Missed, Some(session)) => {
            member.marks.get(&session.week).is_some_and(|a| a.mark == Mark::Absent)
        }
        (Kind::Moved, Some(session)) => {
            member.enrollment.joined_week.is_some_and(|joined| joined <= session.week)
        }
        _ => true,
    }
}

/// The session that a message is about, if it is about one.
pub(super) fn session(
    group: &Group<'_>,
    kind: Kind,
    named: Option<Week>,
    now: NaiveDateTime,
) -> Result<Option<Session>> {
    let id = &group.cohort.id;
    if !kind.is_of_a_session() {
        if named.is_some() {
            return Err(Error::usage(format!("--week does not go with {kind}"))
                .hint("it is for reminder, missed and moved"));
        }
        if group.stage(now.date()) == Stage::Over {
            return Err(Error::refused(format!("`{id}` is over"))
                .hint("name the cohort that is meant: cohorts list"));
        }
        return Ok(None);
    }
    let named = named.map(|week| pick::session(group, week)).transpose()?;
    match kind {
        Kind::Missed => missed(group, named),
        Kind::Moved => moved(group, named, now),
        _ => to_come(group, named, now),
    }
    .map(Some)
}

/// The next session, or one to come.
fn to_come(group: &Group<'_>, named: Option<Session>, now: NaiveDateTime) -> Result<Session> {
    match named.or_else(|| group.sessions().iter().find(|s| s.ends() > now).copied()) {
        Some(session) if session.ends() > now => Ok(session),
        Some(session) => Err(was(group, &session)),
        None => Err(Error::refused(format!("no session of `{}` is to come", group.cohort.id))),
    }
}

/// The last session that was recorded, or one that was.
fn missed(group: &Group<'_>, named: Option<Session>) -> Result<Session> {
    let id = &group.cohort.id;
    let is_recorded = |s: &&Session| group.recorded.contains_key(&s.week) && group.is_recorded(s);
    match named {
        Some(session) if is_recorded(&&session) => Ok(session),
        Some(session) => Err(Error::refused(format!(
            "week {} of `{id}` is not recorded: who missed it is not known",
            session.week
        ))
        .hint(format!("cohorts attend {id} --week {}", session.week))),
        None => group.sessions().iter().rev().find(is_recorded).copied().ok_or_else(|| {
            Error::refused(format!("no week of `{id}` is recorded: who missed it is not known"))
                .hint(format!("cohorts attend {id}"))
        }),
    }
}

/// The session to come that was moved, or one of several.
fn moved(group: &Group<'_>, named: Option<Session>, now: NaiveDateTime) -> Result<Session> {
    let id = &group.cohort.id;
    if let Some(session) = named {
        return match (group.cohort.is_moved(&session), session.ends() > now) {
            (true, true) => Ok(session),
            (_, false) => Err(was(group, &session)),
            (false, _) => Err(Error::refused(format!(
                "week {} of `{id}` was not moved: it is on {}",
                session.week,
                words::weekday_of_year(session.date)
            ))
            .hint(format!("cohorts move {id} --week {} --to DATE", session.week))),
        };
    }
    let moved: Vec<&Session> =
        group.sessions().iter().filter(|s| s.ends() > now && group.cohort.is_moved(s)).collect();
    match moved.as_slice() {
        [one] => Ok(**one),
        [] => Err(Error::refused(format!("no session to come of `{id}` was moved"))
            .hint(format!("cohorts move {id} --week N --to DATE"))),
        several => {
            let weeks: Vec<String> = several.iter().map(|s| s.week.to_string()).collect();
            Err(Error::usage(format!(
                "weeks {} of `{id}` were moved; say which",
                words::list(&weeks)
            ))
            .hint("add --week N"))
        }
    }
}

fn was(group: &Group<'_>, session: &Session) -> Error {
    Error::refused(format!(
        "week {} of `{}` was on {}",
        session.week,
        group.cohort.id,
        words::weekday_of_year(session.date)
    ))
}

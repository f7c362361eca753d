//! Which session a message is about, and who is to get it.

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime};

use crate::context::pick;
use crate::domain::attendance::Mark;
use crate::domain::enrollment::Status;
use crate::domain::group::{Group, Member, Standing, by_call_name};
use crate::domain::message::Kind;
use crate::domain::program::{CohortId, Week};
use crate::domain::schedule::{self, Session, Stage};
use crate::error::{Error, Result};
use crate::output::words;
use crate::store::{DayAndHour, Drafted, Store};

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
    /// Which day of the session was last told, by enrollment, where it was another.
    pub(super) told: HashMap<i64, DayAndHour>,
}

/// What was told before: which messages of this kind, and which days.
#[derive(Default)]
pub(super) struct Before {
    pub(super) drafted: HashMap<i64, Drafted>,
    pub(super) told: HashMap<(i64, Week), DayAndHour>,
    /// Of these, what came with a file for their calendar.
    pub(super) in_calendar: HashMap<(i64, Week), DayAndHour>,
    /// Whether that leaves nobody out.
    pub(super) again: bool,
}

impl Before {
    /// Which days messages told the people of a cohort.
    pub(super) fn open(store: &Store, cohort: &CohortId) -> Result<Self> {
        let told = store.told(cohort, true)?;
        let in_calendar = match told.is_empty() {
            true => HashMap::new(),
            false => store.told(cohort, false)?,
        };
        Ok(Self { told, in_calendar, ..Self::default() })
    }

    /// Which day of a session somebody was told last: by a message, else by the
    /// rule.
    fn told_of(&self, group: &Group<'_>, member: &Member, session: &Session) -> DayAndHour {
        let told = self.told.get(&(member.enrollment.id, session.week)).copied();
        told.unwrap_or_else(|| {
            let cohort = group.cohort;
            let regular = schedule::sessions(&cohort.terms, cohort.starts_on, &[]);
            let regular = regular.iter().find(|other| other.week == session.week);
            day_and_hour(regular.unwrap_or(session))
        })
    }

    fn in_calendar_of(&self, member: &Member, session: &Session) -> Option<DayAndHour> {
        self.in_calendar.get(&(member.enrollment.id, session.week)).copied()
    }

    /// Another day of a session than it has by now, as somebody was told last or has
    /// it in their calendar.
    fn other_day(
        &self,
        group: &Group<'_>,
        member: &Member,
        session: &Session,
    ) -> Option<DayAndHour> {
        let known =
            [Some(self.told_of(group, member, session)), self.in_calendar_of(member, session)];
        known.into_iter().flatten().find(|day| *day != day_and_hour(session))
    }

    /// Whether somebody in the group was told another day of a session.
    fn was_otherwise(&self, group: &Group<'_>, session: &Session) -> bool {
        group.cohort.is_moved(session)
            || group
                .with_status(Status::Enrolled)
                .any(|m| self.other_day(group, m, session).is_some())
    }

    /// Whether somebody knows what a message of this kind would say.
    fn has(
        &self,
        group: &Group<'_>,
        member: &Member,
        kind: Kind,
        session: Option<&Session>,
    ) -> bool {
        let enrollment = &member.enrollment;
        let drafted = self.drafted.get(&enrollment.id);
        match (kind, session) {
            _ if self.again => false,
            (Kind::Moved, Some(session)) => {
                self.in_calendar_of(member, session) == Some(day_and_hour(session))
                    && self.told_of(group, member, session) == day_and_hour(session)
            }
            // Word of another day came after that reminder.
            (_, Some(session)) => {
                drafted.and_then(Drafted::day_and_hour) == Some(day_and_hour(session))
                    && (kind == Kind::Missed
                        || self.told_of(group, member, session) == day_and_hour(session))
            }
            // Whoever signed up again is invited again.
            (Kind::Invitation, _) => {
                drafted.is_some_and(|drafted| drafted.on >= enrollment.signed_up_at.date())
            }
            // Another text by now; of the first drafts it is not known which they had.
            (Kind::Agreement, _) => drafted.is_some_and(|drafted| {
                drafted.date.is_none() || drafted.date == group.agreement.map(|text| text.since)
            }),
            (_, None) => drafted.is_some(),
        }
    }
}

fn day_and_hour(session: &Session) -> DayAndHour {
    (session.date, session.starts_at)
}

impl<'g> Whom<'g> {
    pub(super) fn of(
        group: &'g Group<'_>,
        kind: Kind,
        session: Option<&Session>,
        before: &Before,
        today: NaiveDate,
    ) -> Self {
        let mut whom = Self::default();
        for member in by_call_name(group.with_status(Status::Enrolled).collect()) {
            if !is_meant(group, member, kind, session, today) {
                continue;
            }
            if let Some(session) = session {
                if let Some(other) = before.other_day(group, member, session) {
                    whom.told.insert(member.enrollment.id, other);
                } else if kind == Kind::Moved && !group.cohort.is_moved(session) {
                    // It moved back before they heard of it.
                    continue;
                }
            }
            let mark = session.and_then(|s| member.marks.get(&s.week)).map(|a| a.mark);
            let list = match (kind, mark, group.said_no(member)) {
                (Kind::Agreement, _, Some(_)) => &mut whom.said_no,
                (Kind::Reminder, Some(Mark::Excused), _) => &mut whom.excused,
                _ => &mut whom.to,
            };
            list.push(member);
        }
        let (known, to) = whom.to.into_iter().partition(|m| before.has(group, m, kind, session));
        whom.before = known;
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

/// Whether word that a session moved would be drafted for anybody, or somebody is to
/// be called.
pub fn is_news(
    store: &Store,
    group: &Group<'_>,
    session: &Session,
    today: NaiveDate,
) -> Result<bool> {
    let before = Before::open(store, &group.cohort.id)?;
    let whom = Whom::of(group, Kind::Moved, Some(session), &before, today);
    Ok(!whom.to.is_empty() || !whom.to_call.is_empty())
}

/// The weeks to come of which messages told people another day than it is by now,
/// with how many of them still think so.
pub fn told_otherwise(
    store: &Store,
    group: &Group<'_>,
    now: NaiveDateTime,
) -> Result<Vec<(Week, usize)>> {
    let before = Before::open(store, &group.cohort.id)?;
    if before.told.is_empty() {
        return Ok(Vec::new());
    }
    let thinks_so = |session: &Session, member: &Member| {
        is_meant(group, member, Kind::Moved, Some(session), now.date())
            && before.told.contains_key(&(member.enrollment.id, session.week))
            && before.other_day(group, member, session).is_some()
    };
    let to_come = group.sessions().iter().filter(|session| session.ends() > now);
    let weeks = to_come.map(|session| {
        let enrolled = group.with_status(Status::Enrolled);
        (session.week, enrolled.filter(|member| thinks_so(session, member)).count())
    });
    Ok(weeks.filter(|(_, people)| *people > 0).collect())
}

/// The session that a message is about, if it is about one.
pub(super) fn session(
    group: &Group<'_>,
    kind: Kind,
    named: Option<Week>,
    before: &Before,
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
        Kind::Moved => moved(group, named, before, now),
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
    let is_recorded = |s: &&Session| group.recorded.contains_key(&s.week);
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
fn moved(
    group: &Group<'_>,
    named: Option<Session>,
    before: &Before,
    now: NaiveDateTime,
) -> Result<Session> {
    let id = &group.cohort.id;
    if let Some(session) = named {
        return match (before.was_otherwise(group, &session), session.ends() > now) {
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
    let is_meant = |s: &&Session| s.ends() > now && before.was_otherwise(group, s);
    let moved: Vec<&Session> = group.sessions().iter().filter(is_meant).collect();
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

//! A cohort with the people in it: who is expected, what each week's state is,
//! what is recorded, who waits, and what must hold of all of it.

mod place;

use std::cmp::Ordering;
use std::collections::BTreeMap;

use chrono::{Days, NaiveDate, NaiveDateTime};

use super::attendance::{Attendance, Mark, WeekState};
use super::consent::{self, Consent, Decision};
use super::enrollment::{Enrollment, Reason, Status};
use super::participant::{Code, Participant};
use super::program::{Agreement, Cohort, Week};
use super::schedule::{Session, Stage};
use super::text::fold;
pub use place::{Place, Seat};

/// One participant in a cohort, with all that is recorded of it.
#[derive(Debug, Clone)]
pub struct Member {
    pub participant: Participant,
    pub enrollment: Enrollment,
    /// In the order of their days, then in which they were recorded.
    pub consents: Vec<Consent>,
    pub marks: BTreeMap<Week, Attendance>,
}

/// A cohort's definition and its records, together; of the people in it as much
/// as was read.
#[derive(Debug, Clone)]
pub struct Group<'a, M = Member> {
    pub cohort: &'a Cohort,
    /// The agreement this cohort needs.
    pub agreement: Option<&'a Agreement>,
    /// The sessions that were recorded, as they were when first marked.
    pub recorded: BTreeMap<Week, Session>,
    pub members: Vec<M>,
    /// Those of whom nothing is known any more but what is counted.
    pub erased: Vec<M>,
    sessions: Vec<Session>,
}

/// Members in the order in which they are called out.
pub fn by_call_name(mut members: Vec<&Member>) -> Vec<&Member> {
    members
        .sort_by_cached_key(|m| (fold(m.participant.call_name()), fold(&m.participant.last_name)));
    members
}

/// How a member stands towards one session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Expected,
    NotAgreed,
    Waitlisted,
    NotYetJoined,
    Withdrawn,
    /// Withdrew on the day of the session: not expected, but may have been there.
    WithdrawnThatDay,
}

impl<'a, M: Place> Group<'a, M> {
    pub fn new(
        cohort: &'a Cohort,
        agreement: Option<&'a Agreement>,
        recorded: BTreeMap<Week, Session>,
        members: Vec<M>,
    ) -> Self {
        // A session that was recorded took place when the records say,
        // whatever the definitions say now.
        let sessions = cohort
            .sessions()
            .into_iter()
            .map(|session| recorded.get(&session.week).copied().unwrap_or(session))
            .collect();
        Self { cohort, agreement, recorded, members, erased: Vec::new(), sessions }
    }

    pub fn sessions(&self) -> &[Session] {
        &self.sessions
    }

    pub fn session(&self, week: Week) -> Option<&Session> {
        self.sessions.iter().find(|session| session.week == week)
    }

    pub fn stage(&self, today: NaiveDate) -> Stage {
        Stage::of(&self.sessions, today)
    }

    /// The consent that admits a member to a session on `day`.
    pub fn valid_consent<'m>(&self, member: &'m M, day: NaiveDate) -> Option<&'m Consent> {
        consent::valid_on(member.consents(), &self.agreement?.version, day)
    }

    /// How a member stands towards a session. Who is `Expected` may be marked
    /// present, late or departed, and nobody else.
    pub fn standing(&self, member: &M, session: &Session) -> Standing {
        match (member.status(), member.joined_week()) {
            (Status::Waitlisted, _) | (Status::Enrolled, None) => Standing::Waitlisted,
            // Before they withdrew, they stood as everybody else.
            (Status::Withdrawn, Some(joined)) if joined <= session.week => {
                match member.withdrawn_on().map(|day| session.date.cmp(&day)) {
                    Some(Ordering::Less) => self.admission(member, session),
                    Some(Ordering::Equal) => Standing::WithdrawnThatDay,
                    _ => Standing::Withdrawn,
                }
            }
            (Status::Withdrawn, _) => Standing::Withdrawn,
            (Status::Enrolled, Some(joined)) if session.week < joined => Standing::NotYetJoined,
            (Status::Enrolled, Some(_)) => self.admission(member, session),
        }
    }

    fn admission(&self, member: &M, session: &Session) -> Standing {
        match self.valid_consent(member, session.date) {
            Some(_) => Standing::Expected,
            None => Standing::NotAgreed,
        }
    }

    /// Whether a week is recorded: everybody expected has a mark.
    pub fn is_recorded(&self, session: &Session) -> bool {
        self.unmarked(session).next().is_none()
    }

    /// Those expected who have no mark.
    fn unmarked(&self, session: &Session) -> impl Iterator<Item = &M> {
        self.members.iter().filter(|member| {
            !member.has_mark(session.week) && self.standing(member, session) == Standing::Expected
        })
    }

    /// Those expected who have no mark in a week in which it was recorded who was there,
    /// such as whoever's agreement was entered later.
    pub fn left_unmarked(&self, session: &Session) -> Vec<&M> {
        match self.recorded.contains_key(&session.week) {
            true => self.unmarked(session).collect(),
            false => Vec::new(),
        }
    }

    /// The weeks that have begun and are not recorded.
    pub fn unrecorded(&self, now: NaiveDateTime) -> Vec<&Session> {
        self.sessions
            .iter()
            .filter(|session| session.begins() <= now && !self.is_recorded(session))
            .collect()
    }

    pub fn with_status(&self, status: Status) -> impl Iterator<Item = &M> {
        self.members.iter().filter(move |member| member.status() == status)
    }

    pub fn count(&self, status: Status) -> usize {
        self.with_status(status).count()
    }

    /// How many have a place, or had one to the end and were erased since.
    pub fn had_places(&self) -> usize {
        self.count(Status::Enrolled) + self.erased_places()
    }

    /// How many of those were erased.
    pub fn erased_places(&self) -> usize {
        self.erased.iter().filter(|one| one.status() == Status::Enrolled).count()
    }

    /// How many of those had agreed on `day`.
    pub fn had_agreed(&self, day: NaiveDate) -> usize {
        let is_counted =
            |one: &&M| one.status() == Status::Enrolled && self.valid_consent(one, day).is_some();
        self.members.iter().chain(&self.erased).filter(is_counted).count()
    }

    /// Those enrolled whose consent is valid on `day`.
    pub fn agreed(&self, day: NaiveDate) -> impl Iterator<Item = &M> {
        self.with_status(Status::Enrolled)
            .filter(move |member| self.valid_consent(member, day).is_some())
    }

    /// How a member said no, where that was their last word: declined the text that the
    /// cohort needs, or took back that they agreed. Who declined an earlier text has not
    /// decided about this one; who took back an agreement to an earlier one has.
    pub fn said_no(&self, member: &M) -> Option<Decision> {
        let last = member.consents().last()?;
        let is_needed = || self.agreement.is_none_or(|needed| needed.version == *last.version);
        match last.decision {
            Decision::Agreed => None,
            Decision::Declined => is_needed().then_some(Decision::Declined),
            Decision::Withdrawn => Some(Decision::Withdrawn),
        }
    }

    /// Those enrolled who decided nothing about the text that the cohort needs.
    pub fn undecided(&self) -> impl Iterator<Item = &M> {
        let needed = self.agreement.map(|agreement| agreement.version.as_str());
        self.with_status(Status::Enrolled).filter(move |member| {
            let is_about_another =
                |needed: &str| member.consents().iter().all(|c| *c.version != *needed);
            self.said_no(member).is_none() && needed.is_some_and(is_about_another)
        })
    }

    /// The day that decides whether somebody has agreed, seen from `today`:
    /// today, or the last session's once that is over.
    pub fn consent_day(&self, today: NaiveDate) -> NaiveDate {
        self.sessions.last().map_or(today, |last| last.date.min(today))
    }
}

impl Group<'_> {
    /// What the strip shows of a member's week.
    pub fn week_state(&self, member: &Member, session: &Session, now: NaiveDateTime) -> WeekState {
        if let Some(attendance) = member.marks.get(&session.week) {
            return match attendance.without_agreement {
                Some(_) => WeekState::MarkedWithoutAgreement(attendance.mark),
                None => WeekState::Marked(attendance.mark),
            };
        }
        let has_come = session.begins() <= now;
        match self.standing(member, session) {
            Standing::Expected | Standing::NotAgreed if !has_come => WeekState::ToCome,
            Standing::Expected => WeekState::NotRecorded,
            Standing::NotAgreed => WeekState::NotAdmitted,
            _ => WeekState::NotInGroup,
        }
    }

    pub fn strip(&self, member: &Member, now: NaiveDateTime) -> Vec<WeekState> {
        self.sessions.iter().map(|session| self.week_state(member, session, now)).collect()
    }

    /// The first session after a day in which a member has such a mark.
    pub fn marked_after(
        &self,
        member: &Member,
        day: NaiveDate,
        such: impl Fn(Mark) -> bool,
    ) -> Option<&Session> {
        self.sessions.iter().find(|session| {
            session.date > day && member.marks.get(&session.week).is_some_and(|a| such(a.mark))
        })
    }

    /// The first week that somebody who joins now can be at.
    pub fn joining_week(&self, now: NaiveDateTime) -> Option<Week> {
        self.sessions.iter().find(|session| session.ends() > now).map(|session| session.week)
    }

    /// The session until whose end somebody may join without being late.
    pub fn joins_until(&self) -> Option<&Session> {
        self.session(self.cohort.terms.joins_until_week)
    }

    /// The day by which everybody should have agreed.
    pub fn consent_due_on(&self) -> Option<NaiveDate> {
        let days = Days::new(self.cohort.terms.consent_due_days.into());
        self.sessions.first()?.date.checked_sub_days(days)
    }

    pub fn member_with(&self, code: &Code) -> Option<&Member> {
        self.members.iter().find(|member| member.participant.code == *code)
    }

    /// Whoever has an entry's id. A code tells less: that of an entry that was taken
    /// back may be another's by now.
    pub fn member_of(&self, participant: i64) -> Option<&Member> {
        self.members.iter().find(|member| member.participant.id == participant)
    }

    pub fn seats_free(&self) -> usize {
        (self.cohort.terms.capacity as usize).saturating_sub(self.count(Status::Enrolled))
    }

    /// The places that newcomers get: nobody overtakes those who wait already.
    pub fn seats_for_newcomers(&self) -> usize {
        if self.count(Status::Waitlisted) == 0 { self.seats_free() } else { 0 }
    }

    /// The waiting, first in line first.
    pub fn waiting(&self) -> Vec<&Member> {
        let mut waiting: Vec<_> = self.with_status(Status::Waitlisted).collect();
        waiting.sort_by_key(|member| member.enrollment.turn());
        waiting
    }

    /// Completed: the cohort is over, they are enrolled, and they were at every
    /// session.
    pub fn completed(&self, member: &Member, today: NaiveDate) -> bool {
        self.stage(today) == Stage::Over
            && member.enrollment.status == Status::Enrolled
            && self.sessions.iter().all(|session| {
                let attendance = member.marks.get(&session.week);
                attendance.is_some_and(|a| a.mark.was_there())
            })
    }

    /// An enrollment that ends on a day. Who had left before, and waited to come back,
    /// was last in the group when they have their last mark, if ever.
    pub fn ended(&self, member: &Member, on: NaiveDate, reason: Reason) -> Enrollment {
        let enrollment = &member.enrollment;
        let (mut joined_week, mut withdrawn_on) = (enrollment.joined_week, on);
        if enrollment.status == Status::Waitlisted {
            let last = member.marks.keys().max().and_then(|week| self.session(*week));
            joined_week = joined_week.filter(|_| last.is_some());
            withdrawn_on = last.map_or(on, |last| last.date.min(on));
        }
        Enrollment {
            status: Status::Withdrawn,
            joined_week,
            withdrawn_on: Some(withdrawn_on),
            reason: Some(reason),
            ..enrollment.clone()
        }
    }

    /// What does not hold of the records of this cohort, each as a sentence
    /// that names people by code. Empty when all is well.
    pub fn contradictions(&self) -> Vec<String> {
        let mut found = Vec::new();
        for member in &self.members {
            let code = &member.participant.code;
            if member.enrollment.status == Status::Enrolled
                && member.enrollment.joined_week.is_none()
            {
                found.push(format!("`{code}` is enrolled without a first week"));
            }
            for (week, attendance) in &member.marks {
                found.extend(self.contradiction(member, *week, *attendance).map(|what| {
                    format!("`{code}` is marked {} in week {week}, {what}", attendance.mark)
                }));
            }
        }
        found
    }

    fn contradiction(
        &self,
        member: &Member,
        week: Week,
        attendance: Attendance,
    ) -> Option<&'static str> {
        // A recorded week that the definitions cut off is told of as a whole.
        let session = self.session(week)?;
        if attendance.mark != Mark::Excused && !self.recorded.contains_key(&week) {
            return Some("of which no session is recorded");
        }
        if !attendance.mark.was_there() {
            return None;
        }
        if member.enrollment.joined_week.is_none() {
            return Some("but never had a place");
        }
        if member.enrollment.withdrawn_on.is_some_and(|day| day < session.date) {
            return Some("but had withdrawn by then");
        }
        let needed = self.agreement.map_or("", |agreement| agreement.version.as_str());
        let held = consent::held_on(&member.consents, needed, session.date);
        match attendance.without_agreement {
            None if !held => Some("without a valid consent on that day"),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;

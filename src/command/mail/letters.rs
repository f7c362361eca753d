//! What each message says: what is known of the person it is to, of the cohort,
//! and of the session it is about.

use std::collections::HashMap;

use chrono::{DateTime, Datelike, NaiveDate, Utc};

use super::whom::Whom;
use crate::command::calendar;
use crate::command::show::city;
use crate::context::{Context, Office, edition};
use crate::definitions::mail::{Filled, InFile, Sender};
use crate::domain::attendance::Mark;
use crate::domain::group::{Group, Member, Standing};
use crate::domain::message::{Fact, Facts, Kind};
use crate::domain::schedule::{self, Session};
use crate::error::{Error, Result};
use crate::output::{problems, words};
use crate::store::DayAndHour;

/// What one message says.
pub(super) struct Letter {
    pub(super) filled: Filled,
    /// The name and the text of the calendar file that comes with it.
    pub(super) calendar: Option<(String, String)>,
}

/// What each is told; nothing is written before all of it can be said.
pub(super) fn letters(
    ctx: &Context,
    office: &Office,
    group: &Group<'_>,
    kind: Kind,
    session: Option<Session>,
    whom: &Whom<'_>,
    saved_at: DateTime<Utc>,
) -> Result<Vec<Letter>> {
    if kind == Kind::Agreement && group.agreement.is_none() {
        return Err(Error::refused(format!(
            "no agreement is in force when `{}` starts",
            group.cohort.id
        )));
    }
    let (definitions, store) = (&office.definitions, &office.store);
    let from = definitions.mail.from.as_ref();
    let told = &whom.told;
    let letters = Letters { group, kind, session, from, today: ctx.today(), told };
    let uid = store.office_uid()?;
    let edition = edition::of(saved_at, store.count_file_edits()?);
    let calendar = |name: &str, sessions: &[Session]| -> Result<Option<(String, String)>> {
        let text = calendar::text_of(&uid, group.cohort, sessions, None, &edition)?;
        Ok(Some((name.to_owned(), text)))
    };
    let one = |member: &&Member| -> Result<Letter> {
        let filled = definitions
            .message(kind, &letters.facts(member))
            .map_err(|mistake| cannot_be_written(ctx, &[mistake]))?;
        let calendar = match (kind, session) {
            (Kind::Invitation, _) => calendar("sessions.ics", &letters.sessions_of(member))?,
            (Kind::Moved, Some(session)) => {
                calendar(&format!("session-{}.ics", session.week), &[session])?
            }
            _ => None,
        };
        Ok(Letter { filled, calendar })
    };
    whom.to.iter().map(one).collect()
}

pub(super) fn cannot_be_written(ctx: &Context, mistakes: &[InFile]) -> Error {
    let shown = mistakes.iter().map(|InFile { file, text, problem }| {
        problems::render_of(file, text, std::slice::from_ref(problem), ctx.out.color())
    });
    let mut error = Error::refused("a message cannot be written like that; nothing was drafted");
    error.preamble = Some(shown.collect::<Vec<_>>().join("\n"));
    error
}

/// What all messages of one run share.
struct Letters<'a> {
    group: &'a Group<'a>,
    kind: Kind,
    session: Option<Session>,
    from: Option<&'a Sender>,
    today: NaiveDate,
    /// Which day was last told, where it was another.
    told: &'a HashMap<i64, DayAndHour>,
}

impl Letters<'_> {
    /// What the message to a member knows. What is not so is not there: a
    /// template asks with `if`.
    fn facts(&self, member: &Member) -> Facts {
        let (group, terms) = (self.group, &self.group.cohort.terms);
        let person = &member.participant;
        let agreed = self.has_agreed(member);
        let mut facts: Facts = vec![
            ("goes_by", text(person.call_name())),
            ("first_name", text(&person.first_name)),
            ("last_name", text(&person.last_name)),
            ("agreed", Fact::YesNo(agreed)),
            ("program", text(&terms.name)),
            ("cohort", Fact::Text(group.cohort.id.title())),
            ("zone", Fact::Text(format!("{} time", city(&terms.timezone)))),
            (
                "sessions",
                Fact::List(self.sessions_of(member).iter().map(|s| self.of_session(s)).collect()),
            ),
        ];
        let mut maybe = |name, fact: Option<Fact>| facts.extend(fact.map(|fact| (name, fact)));
        let due = group.consent_due_on().filter(|due| *due >= self.today && !agreed);
        maybe("agree_by", due.map(|due| Fact::Text(day(due))));
        maybe("location", terms.location.as_deref().map(text));
        let facilitators: Vec<&str> = terms.facilitators.iter().map(|one| &*one.name).collect();
        let are_known = !facilitators.is_empty();
        maybe("facilitators", are_known.then(|| Fact::Text(words::list(&facilitators))));
        maybe("sender", self.from.and_then(|from| from.name.as_deref()).map(text));
        let agreement = group.agreement.filter(|_| self.kind == Kind::Agreement);
        maybe("agreement", agreement.map(|agreement| text(agreement.text.trim())));
        // Nobody else ever has the way in.
        let knows_link = matches!(self.kind, Kind::Reminder | Kind::Moved) && agreed;
        maybe("link", terms.link.as_deref().filter(|_| knows_link).map(text));
        if let Some(session) = &self.session {
            facts.extend(self.of_session(session));
            facts.extend(self.around(member, session));
        }
        facts
    }

    fn has_agreed(&self, member: &Member) -> bool {
        let day = self.session.map_or(self.today, |session| session.date);
        self.group.valid_consent(member, day).is_some()
    }

    /// What each session says of itself.
    fn of_session(&self, session: &Session) -> Facts {
        let topic = self.group.cohort.terms.topics.get(session.week as usize - 1);
        let mut facts = vec![
            ("week", Fact::Number(session.week)),
            ("day", Fact::Text(day(session.date))),
            ("year", Fact::Text(session.date.year().to_string())),
            ("time", Fact::Text(hours(session))),
            ("starts_at", Fact::Text(words::time(session.starts_at))),
        ];
        facts.extend(topic.map(|topic| ("topic", text(topic))));
        facts
    }

    /// When whoever missed one is awaited next, or when one was to be that moved.
    fn around(&self, member: &Member, session: &Session) -> Facts {
        let cohort = self.group.cohort;
        let (names, other) = match self.kind {
            Kind::Missed => {
                let next = |s: &&Session| {
                    s.date > session.date && s.date >= self.today && self.awaits(member, s)
                };
                let next = self.group.sessions().iter().find(next).copied();
                (["next_day", "next_time"], next)
            }
            Kind::Moved => {
                let regular = schedule::sessions(&cohort.terms, cohort.starts_on, &[]);
                let regular = regular.into_iter().find(|s| s.week == session.week);
                let told = self.told.get(&member.enrollment.id).map(|(date, starts_at)| Session {
                    week: session.week,
                    date: *date,
                    starts_at: *starts_at,
                    ends_at: *starts_at + (session.ends_at - session.starts_at),
                });
                (["old_day", "old_time"], told.or(regular))
            }
            _ => return Vec::new(),
        };
        let told = other.map(|other| [day(other.date), hours(&other)]);
        told.map_or_else(Vec::new, |told| names.into_iter().zip(told.map(Fact::Text)).collect())
    }

    /// Whether somebody is expected at a session, and did not say that they
    /// cannot come.
    fn awaits(&self, member: &Member, session: &Session) -> bool {
        let is_excused = member.marks.get(&session.week).is_some_and(|a| a.mark == Mark::Excused);
        self.group.standing(member, session) == Standing::Expected && !is_excused
    }

    /// The sessions that somebody can be at.
    fn sessions_of(&self, member: &Member) -> Vec<Session> {
        let from = member.enrollment.joined_week.unwrap_or(1);
        self.group.sessions().iter().filter(|session| session.week >= from).copied().collect()
    }
}

fn text(text: &str) -> Fact {
    Fact::Text(text.to_owned())
}

/// "Tuesday 30 January"
fn day(date: NaiveDate) -> String {
    date.format("%A %-d %B").to_string()
}

/// "9:30 to 11:30"
fn hours(session: &Session) -> String {
    format!("{} to {}", words::time(session.starts_at), words::time(session.ends_at))
}

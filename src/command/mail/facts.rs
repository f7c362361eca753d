//! What a message knows of the person it is to, the cohort, and the session it
//! is about.

use chrono::{Datelike, NaiveDate};

use crate::command::show::city;
use crate::definitions::mail::Sender;
use crate::domain::group::{Group, Member};
use crate::domain::message::{Fact, Facts, Kind};
use crate::domain::schedule::{self, Session};
use crate::output::words;

/// What all messages of one run share.
pub(super) struct Letters<'a> {
    pub(super) group: &'a Group<'a>,
    pub(super) kind: Kind,
    pub(super) session: Option<Session>,
    pub(super) from: Option<&'a Sender>,
    pub(super) today: NaiveDate,
}

impl Letters<'_> {
    /// What the message to a member knows. What is not so is not there: a
    /// template asks with `if`.
    pub(super) fn facts(&self, member: &Member) -> Facts {
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
        let facilitators = Some(&terms.facilitators).filter(|names| !names.is_empty());
        maybe("facilitators", facilitators.map(|names| Fact::Text(words::list(names))));
        maybe("sender", self.from.and_then(|from| from.name.as_deref()).map(text));
        let agreement = group.agreement.filter(|_| self.kind == Kind::Agreement);
        maybe("agreement", agreement.map(|agreement| text(agreement.text.trim())));
        // Nobody else ever has the way in.
        let knows_link = matches!(self.kind, Kind::Reminder | Kind::Moved) && agreed;
        maybe("link", terms.link.as_deref().filter(|_| knows_link).map(text));
        if let Some(session) = &self.session {
            facts.extend(self.of_session(session));
            facts.extend(self.around(session));
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

    /// The session after one that was missed, or when one was to be that moved.
    fn around(&self, session: &Session) -> Facts {
        let cohort = self.group.cohort;
        let (names, other) = match self.kind {
            Kind::Missed => {
                let next = |s: &&Session| s.date > session.date && s.date >= self.today;
                let next = self.group.sessions().iter().find(next).copied();
                (["next_day", "next_time"], next)
            }
            Kind::Moved => {
                let regular = schedule::sessions(&cohort.terms, cohort.starts_on, &[]);
                let old = regular.into_iter().find(|s| s.week == session.week);
                (["old_day", "old_time"], old)
            }
            _ => return Vec::new(),
        };
        let told = other.map(|other| [day(other.date), hours(&other)]);
        told.map_or_else(Vec::new, |told| names.into_iter().zip(told.map(Fact::Text)).collect())
    }

    /// The sessions that somebody can be at.
    pub(super) fn sessions_of(&self, member: &Member) -> Vec<Session> {
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

//! Support between groups: who asked for it, when somebody was in touch, and
//! what became of it. A request stands until it is closed.
//!
//! Nothing is kept of why somebody asks, or of what was said.

use chrono::{Days, NaiveDate};

use super::participant::Participant;
use super::words::words;

/// When the next contact is due, unless something else is said.
pub const NEXT_CONTACT: Days = Days::new(7);

words! {
    /// How somebody was in touch.
    pub enum ContactKind {
        Email = "email",
        Phone = "phone",
        Video = "video",
        /// Was tried, and nobody was reached.
        NoAnswer = "no-answer",
    }
}

impl ContactKind {
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Email => "by e-mail",
            Self::Phone => "by phone",
            Self::Video => "by video",
            Self::NoAnswer => "tried, and not reached",
        }
    }
}

words! {
    /// What became of a request.
    pub enum Outcome {
        Joined = "joined",
        Referred = "referred",
        NoLongerNeeded = "no-longer-needed",
    }
}

impl Outcome {
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Joined => "they joined a cohort",
            Self::Referred => "they were referred to somebody else",
            Self::NoLongerNeeded => "they need it no longer",
        }
    }
}

/// A request as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Support {
    pub id: i64,
    /// Without their addresses.
    pub participant: Participant,
    pub asked_on: NaiveDate,
    /// When the next contact is due, if one is.
    pub next_on: Option<NaiveDate>,
    pub last: Option<Contact>,
    pub closed: Option<Closed>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contact {
    pub kind: ContactKind,
    pub on: NaiveDate,
}

/// What became of a request, and when it was closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closed {
    pub outcome: Outcome,
    pub on: NaiveDate,
}

impl Support {
    /// For how many days they have waited, or had waited when it was closed.
    pub fn days(&self, today: NaiveDate) -> i64 {
        let until = self.closed.map_or(today, |closed| closed.on);
        (until - self.asked_on).num_days().max(0)
    }

    pub fn is_due(&self, today: NaiveDate) -> bool {
        self.closed.is_none() && self.next_on.is_some_and(|next| next <= today)
    }
}

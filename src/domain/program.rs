//! What `cohorts.toml` defines, once it has been read and found right: the
//! program, its agreements, the purposes of its rosters, and its cohorts.
//!
//! Nothing here can be malformed: `definitions` makes these values only from a
//! file without mistakes.

use std::collections::BTreeSet;
use std::fmt;
use std::rc::Rc;

use chrono::{NaiveDate, NaiveTime, Weekday};
use sha2::{Digest, Sha256};

use super::participant::Email;
use super::roster::{ChosenColumn, People};
use super::schedule::{Session, Stage};

/// A session's number within its cohort, from 1. It stays when the date moves.
pub type Week = u32;

/// Words that stand for a cohort on the command line, and so cannot name one.
pub const RESERVED_IDS: [&str; 3] = ["current", "next", "all"];

/// Everything that `cohorts.toml` says.
#[derive(Debug, Clone)]
pub struct Program {
    pub terms: Rc<Terms>,
    /// In the order of the day from which they are in force.
    pub agreements: Vec<Agreement>,
    pub purposes: Vec<Purpose>,
    /// In the order of their first session.
    pub cohorts: Vec<Cohort>,
}

/// Somebody who leads the sessions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facilitator {
    pub name: String,
    /// By which they are known in Zoom, whatever they call themselves there.
    pub address: Option<Email>,
}

/// What the cohorts of a program share. A cohort may override any of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    pub name: String,
    /// A name of the time zone database, such as `America/Vancouver`.
    pub timezone: String,
    pub weekday: Weekday,
    pub starts_at: NaiveTime,
    pub ends_at: NaiveTime,
    /// How many sessions a cohort has.
    pub sessions: u32,
    /// How many may be enrolled at once.
    pub capacity: u32,
    /// The last week in which somebody may still join.
    pub joins_until_week: Week,
    /// How many days before the first session everybody should have agreed.
    pub consent_due_days: u32,
    pub location: Option<String>,
    /// The way in, for those who have agreed and nobody else.
    pub link: Option<String>,
    /// The kinds of leave to choose from; empty when leave is not asked about.
    pub leave: Vec<String>,
    pub facilitators: Vec<Facilitator>,
    /// One a session, or none at all.
    pub topics: Vec<String>,
    /// Days that the weekly rule skips.
    pub no_session_on: BTreeSet<NaiveDate>,
}

/// A confidentiality text that everybody in a cohort agrees to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    pub version: String,
    /// Cohorts that start on or after this day need it.
    pub since: NaiveDate,
    /// With LF line ends, whatever the file has.
    pub text: String,
}

impl Agreement {
    /// The SHA-256 of the text, in lower-case hex.
    pub fn sha256(&self) -> String {
        Sha256::digest(self.text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// What a roster is for: a named set of columns and people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purpose {
    pub name: String,
    pub people: People,
    pub columns: Vec<ChosenColumn>,
}

/// A cohort's name on the command line, such as `winter-2024`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CohortId(String);

impl CohortId {
    /// Lower-case letters and digits, in parts joined by single dashes, at
    /// most 40 characters, and none of [`RESERVED_IDS`]. Says what is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        let part_is_good = |part: &str| {
            !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        };
        if RESERVED_IDS.contains(&text) {
            Err(format!("`{text}` has a meaning of its own on the command line"))
        } else if text.len() > 40 || !text.split('-').all(part_is_good) {
            Err("an id is made of lower-case letters, digits and single dashes, like `winter-2024`"
                .into())
        } else {
            Ok(Self(text.to_owned()))
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id as a heading: `winter-2024` is "Winter 2024".
    pub fn title(&self) -> String {
        let capitalised = |part: &str| {
            let mut letters = part.chars();
            letters.next().map_or_else(String::new, |first| {
                first.to_ascii_uppercase().to_string() + letters.as_str()
            })
        };
        self.0.split('-').map(capitalised).collect::<Vec<_>>().join(" ")
    }
}

impl fmt::Display for CohortId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// A session that was given another day, and perhaps another hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Move {
    pub week: Week,
    pub to: NaiveDate,
    pub at: Option<NaiveTime>,
}

/// One run of the program.
#[derive(Debug, Clone)]
pub struct Cohort {
    pub id: CohortId,
    pub starts_on: NaiveDate,
    pub moved: Vec<Move>,
    /// The program's, with what this cohort overrides.
    pub terms: Rc<Terms>,
}

#[cfg(test)]
impl Terms {
    /// Tuesdays 9:30 to 11:30, four times, for the tests of this room.
    pub(super) fn example() -> Self {
        let time = |text: &str| text.parse().unwrap();
        Self {
            name: "Aim. Focus. Release.".into(),
            timezone: "America/Vancouver".into(),
            weekday: Weekday::Tue,
            starts_at: time("09:30:00"),
            ends_at: time("11:30:00"),
            sessions: 4,
            capacity: 12,
            joins_until_week: 1,
            consent_due_days: 4,
            location: None,
            link: None,
            leave: Vec::new(),
            facilitators: Vec::new(),
            topics: Vec::new(),
            no_session_on: BTreeSet::new(),
        }
    }
}

impl Cohort {
    /// Its sessions in the order of their weeks, moves applied.
    pub fn sessions(&self) -> Vec<Session> {
        super::schedule::sessions(&self.terms, self.starts_on, &self.moved)
    }

    /// The sessions of some recorded ones that are at another time by now, or not
    /// there any more; with what they are now.
    pub fn elsewhere(&self, recorded: &[Session]) -> Vec<(Session, Option<Session>)> {
        let now = self.sessions();
        recorded
            .iter()
            .map(|then| (*then, now.iter().find(|session| session.week == then.week).copied()))
            .filter(|(then, now)| Some(*then) != *now)
            .collect()
    }

    /// Whether a session is not when the weekly rule has it.
    pub fn is_moved(&self, session: &Session) -> bool {
        let regular = super::schedule::sessions(&self.terms, self.starts_on, &[]);
        regular.iter().all(|other| other != session)
    }

    pub fn stage(&self, today: NaiveDate) -> Stage {
        Stage::of(&self.sessions(), today)
    }
}

impl Program {
    pub fn cohort(&self, id: &str) -> Option<&Cohort> {
        self.cohorts.iter().find(|cohort| cohort.id.as_str() == id)
    }

    /// The agreement that a cohort needs: the latest in force on the day it
    /// starts by the weekly rule. Moving its first session changes no agreement.
    pub fn agreement_for(&self, cohort: &Cohort) -> Option<&Agreement> {
        self.agreements.iter().rev().find(|agreement| agreement.since <= cohort.starts_on)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_plain_words_joined_by_dashes() {
        for good in ["winter-2024", "a", "2024", "aim-focus-release-3"] {
            assert!(CohortId::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "-",
            "a-",
            "a--b",
            "Winter-2024",
            "winter 2024",
            "hiver-é",
            "current",
            "next",
            "all",
            "a/b",
            "winter_2024",
        ] {
            assert!(CohortId::parse(bad).is_err(), "{bad}");
        }
        assert!(CohortId::parse(&"a".repeat(41)).is_err());
    }

    #[test]
    fn an_id_reads_as_a_title() {
        let title = |id| CohortId::parse(id).unwrap().title();
        assert_eq!(title("winter-2024"), "Winter 2024");
        assert_eq!(title("fall-2026-evening"), "Fall 2026 Evening");
    }
}

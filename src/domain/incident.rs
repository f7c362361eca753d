//! Incidents: what went against what a group agreed to, and what was done about
//! it. One stands until it is closed.
//!
//! Nothing is told in free text: what was said or done in the room stays there.

use chrono::NaiveDate;

use super::participant::Participant;
use super::program::{CohortId, Week};
use super::words::words;

words! {
    /// What happened.
    pub enum Kind {
        /// Not in the group.
        Stranger = "stranger",
        NotAgreed = "not-agreed",
        Notetaker = "notetaker",
        Recording = "recording",
        SharedName = "shared-name",
        Overheard = "overheard",
        ToldOutside = "told-outside",
        Other = "other",
    }
}

impl Kind {
    /// What happened, in words that leave room for when and who.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Stranger => "a stranger was there",
            Self::NotAgreed => "there without agreement",
            Self::Notetaker => "an AI notetaker",
            Self::Recording => "may have been recorded",
            Self::SharedName => "two people under one name",
            Self::Overheard => "others could hear",
            Self::ToldOutside => "told outside the group",
            Self::Other => "something else",
        }
    }

    /// Whether it can only have been at a session.
    pub fn is_of_a_session(self) -> bool {
        !matches!(self, Self::ToldOutside | Self::Other)
    }
}

words! {
    /// What was done about it.
    pub enum Action {
        /// Out of the room.
        Removed = "removed",
        Talked = "talked",
        AgreedSince = "agreed-since",
        GroupTold = "group-told",
        /// The recording, or the notes.
        Deleted = "deleted",
        /// To the privacy office.
        Reported = "reported",
        Mistake = "mistake",
        /// Was needed.
        Nothing = "nothing",
    }
}

impl Action {
    /// What was done, in words.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Removed => "they were removed from the room",
            Self::Talked => "it was talked over with them",
            Self::AgreedSince => "they agreed since",
            Self::GroupTold => "the group was told",
            Self::Deleted => "the recording or the notes were deleted",
            Self::Reported => "it was reported to the privacy office",
            Self::Mistake => "it was a mistake: there was no incident",
            Self::Nothing => "nothing was needed",
        }
    }
}

/// An incident that is to be noted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewIncident {
    /// Where it was at a session.
    pub week: Option<Week>,
    pub kind: Kind,
    /// The id of whoever it is about, where that is known.
    pub participant: Option<i64>,
    pub noted_on: NaiveDate,
}

/// An incident as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incident {
    /// By which people call it.
    pub number: i64,
    pub cohort: CohortId,
    pub week: Option<Week>,
    pub kind: Kind,
    /// Without their addresses.
    pub participant: Option<Participant>,
    pub noted_on: NaiveDate,
    pub closed: Option<Closed>,
}

/// What was done about an incident, and when it was closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closed {
    pub done: Action,
    pub on: NaiveDate,
}

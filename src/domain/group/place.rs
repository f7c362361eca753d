//! What the rules ask of somebody in a cohort, whoever that is.

use chrono::NaiveDate;

use super::Member;
use crate::domain::consent::Consent;
use crate::domain::enrollment::Status;
use crate::domain::program::Week;

/// A participant's place in a cohort, as far as who is expected, who agreed and
/// what is recorded depend on it.
pub trait Place {
    /// Whose it is.
    fn participant(&self) -> i64;
    fn status(&self) -> Status;
    fn joined_week(&self) -> Option<Week>;
    fn withdrawn_on(&self) -> Option<NaiveDate>;
    /// In the order of their days, then in which they were recorded.
    fn consents(&self) -> &[Consent];
    fn has_mark(&self, week: Week) -> bool;
}

impl Place for Member {
    fn participant(&self) -> i64 {
        self.participant.id
    }

    fn status(&self) -> Status {
        self.enrollment.status
    }

    fn joined_week(&self) -> Option<Week> {
        self.enrollment.joined_week
    }

    fn withdrawn_on(&self) -> Option<NaiveDate> {
        self.enrollment.withdrawn_on
    }

    fn consents(&self) -> &[Consent] {
        &self.consents
    }

    fn has_mark(&self, week: Week) -> bool {
        self.marks.contains_key(&week)
    }
}

/// Somebody of whom only that is read which decides about numbers: neither what
/// they are called nor which marks they have.
#[derive(Debug, Clone)]
pub struct Seat {
    pub participant: i64,
    pub status: Status,
    pub joined_week: Option<Week>,
    pub withdrawn_on: Option<NaiveDate>,
    pub consents: Vec<Consent>,
    /// The weeks they have a mark in, a bit for each: there are 52 at the most.
    pub marked: u64,
}

impl Place for Seat {
    fn participant(&self) -> i64 {
        self.participant
    }

    fn status(&self) -> Status {
        self.status
    }

    fn joined_week(&self) -> Option<Week> {
        self.joined_week
    }

    fn withdrawn_on(&self) -> Option<NaiveDate> {
        self.withdrawn_on
    }

    fn consents(&self) -> &[Consent] {
        &self.consents
    }

    fn has_mark(&self, week: Week) -> bool {
        self.marked.checked_shr(week).is_some_and(|bits| bits & 1 == 1)
    }
}

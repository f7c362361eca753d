//! A participant in a cohort: waiting, enrolled or withdrawn.

use chrono::{Duration, NaiveDate, NaiveDateTime};

use super::program::Week;
use super::words::words;

words! {
    /// Where an enrollment stands.
    pub enum Status {
        Enrolled = "enrolled",
        Waitlisted = "waitlisted",
        Withdrawn = "withdrawn",
    }
}

words! {
    /// Why somebody withdrew. A short list on purpose: no notes about people.
    pub enum Reason {
        Schedule = "schedule",
        BackAtWork = "back-at-work",
        OtherSupport = "other-support",
        /// They come to another one instead.
        AnotherCohort = "another-cohort",
        NoLongerNeeded = "no-longer-needed",
        NoReply = "no-reply",
        NotSaid = "not-said",
    }
}

/// One participant in one cohort, as the records hold it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrollment {
    pub id: i64,
    pub status: Status,
    /// When they asked for a place: the waitlist's order, with the id.
    pub signed_up_at: NaiveDateTime,
    /// The first week they are in the group; none while they never had a place.
    pub joined_week: Option<Week>,
    pub withdrawn_on: Option<NaiveDate>,
    pub reason: Option<Reason>,
    /// Health information.
    pub leave: Option<String>,
    pub site: Option<String>,
    /// Their training program.
    pub residency: Option<String>,
}

impl Enrollment {
    /// Who is earlier in line.
    pub fn turn(&self) -> (NaiveDateTime, i64) {
        (self.signed_up_at, self.id)
    }
}

/// The sign-up time of somebody who enrolls again: now, and after everybody
/// who is already in line.
pub fn signed_up_again(now: NaiveDateTime, last_in_line: Option<NaiveDateTime>) -> NaiveDateTime {
    last_in_line.map_or(now, |last| now.max(last + Duration::seconds(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_enrolls_again_goes_to_the_end_of_the_line() {
        let at = |s: &str| s.parse::<NaiveDateTime>().unwrap();
        let now = at("2024-01-30T09:05:00");
        assert_eq!(signed_up_again(now, None), now);
        assert_eq!(signed_up_again(now, Some(at("2024-01-08T00:00:00"))), now);
        assert_eq!(signed_up_again(now, Some(now)), at("2024-01-30T09:05:01"));
    }
}

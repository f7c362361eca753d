//! Decisions about the confidentiality agreement, and when one is valid.
//!
//! Decisions are only ever added: a later one follows an earlier one.

use std::rc::Rc;

use chrono::NaiveDate;

use super::words::words;

words! {
    /// What somebody decided about the agreement.
    pub enum Decision {
        Agreed = "agreed",
        Declined = "declined",
        /// Agreed before, and took it back.
        Withdrawn = "withdrawn",
    }
}

words! {
    /// How a decision reached the coordinator.
    pub enum Method {
        Email = "email",
        Form = "form",
        Signed = "signed",
        Verbal = "verbal",
    }
}

/// One decision of one enrollment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    pub decision: Decision,
    pub decided_on: NaiveDate,
    pub method: Option<Method>,
    /// The version of the agreement it was about.
    pub version: Rc<str>,
}

/// Puts a decision, recorded after the others, in its place among them: they are in
/// the order of their days, then in which they were recorded.
pub fn add(consents: &mut Vec<Consent>, newest: Consent) {
    let at = consents.partition_point(|consent| consent.decided_on <= newest.decided_on);
    // There is hardly ever a second one.
    consents.reserve_exact(1);
    consents.insert(at, newest);
}

/// The decision in force at the end of a day. `consents` are in the order of
/// their days, and in the order in which they were recorded on one day.
pub fn in_force(consents: &[Consent], day: NaiveDate) -> Option<&Consent> {
    consents.iter().rev().find(|c| c.decided_on <= day)
}

/// The first day on which people can have agreed to a text. It may be sent out before it
/// is in force, to a cohort that needs it: then that is the first day on which it is
/// `known` to have been there, as it is today; who agreed before may have had another.
pub fn first_agreed_on(since: NaiveDate, known: Option<NaiveDate>, today: NaiveDate) -> NaiveDate {
    since.min(known.unwrap_or(today)).min(today)
}

/// The consent that admits to a session on `day`: an agreement to the version
/// the cohort needs that was not taken back by the end of that day.
pub fn valid_on<'a>(consents: &'a [Consent], needed: &str, day: NaiveDate) -> Option<&'a Consent> {
    in_force(consents, day).filter(|c| c.decision == Decision::Agreed && *c.version == *needed)
}

/// Whether attendance on `day` can rest on these decisions: there was a valid
/// consent at some time of that day. Whoever takes it back after the session
/// was rightly there.
pub fn held_on(consents: &[Consent], needed: &str, day: NaiveDate) -> bool {
    let at_midnight = day.pred_opt().and_then(|eve| valid_on(consents, needed, eve));
    at_midnight.is_some()
        || consents
            .iter()
            .any(|c| c.decided_on == day && c.decision == Decision::Agreed && *c.version == *needed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2024, 1, d).unwrap()
    }

    fn decisions(list: &[(Decision, u32, &str)]) -> Vec<Consent> {
        list.iter()
            .map(|&(decision, on, version)| Consent {
                decision,
                decided_on: day(on),
                method: None,
                version: version.into(),
            })
            .collect()
    }

    #[test]
    fn a_consent_is_valid_from_its_day_until_it_is_taken_back() {
        use Decision::{Agreed, Declined, Withdrawn};
        type Decided<'a> = &'a [(Decision, u32, &'a str)];
        // What was decided and when; then, of day 10, whether it admits to a
        // session, and whether a mark of that day can rest on it.
        let table: &[(Decided<'_>, bool, bool)] = &[
            (&[], false, false),
            (&[(Agreed, 9, "a")], true, true),
            (&[(Agreed, 10, "a")], true, true),
            (&[(Agreed, 11, "a")], false, false),
            (&[(Agreed, 9, "older")], false, false),
            (&[(Agreed, 9, "older"), (Agreed, 10, "a")], true, true),
            (&[(Declined, 9, "a")], false, false),
            (&[(Declined, 9, "a"), (Agreed, 10, "a")], true, true),
            (&[(Agreed, 8, "a"), (Withdrawn, 9, "a")], false, false),
            (&[(Agreed, 8, "a"), (Withdrawn, 10, "a")], false, true),
            (&[(Agreed, 8, "a"), (Withdrawn, 11, "a")], true, true),
            (&[(Agreed, 10, "a"), (Withdrawn, 10, "a")], false, true),
            (&[(Agreed, 8, "a"), (Withdrawn, 9, "a"), (Agreed, 10, "a")], true, true),
        ];
        for (list, valid, held) in table {
            let consents = decisions(list);
            assert_eq!(valid_on(&consents, "a", day(10)).is_some(), *valid, "{list:?}");
            assert_eq!(held_on(&consents, "a", day(10)), *held, "{list:?}");
        }
    }

    #[test]
    fn nobody_agreed_to_a_text_before_it_was_there() {
        let first = |since, known: Option<u32>, today| {
            first_agreed_on(day(since), known.map(day), day(today))
        };
        assert_eq!(first(10, None, 12), day(10));
        assert_eq!(first(10, None, 7), day(7));
        assert_eq!(first(10, Some(5), 7), day(5));
        assert_eq!(first(10, Some(5), 12), day(5));
        assert_eq!(first(10, Some(11), 12), day(10));
    }

    #[test]
    fn decisions_are_in_the_order_of_their_days_then_as_they_were_recorded() {
        use Decision::{Agreed, Declined, Withdrawn};
        let mut consents = Vec::new();
        for newest in decisions(&[(Agreed, 9, "a"), (Withdrawn, 9, "a"), (Declined, 8, "a")]) {
            add(&mut consents, newest);
        }
        assert_eq!(
            consents,
            decisions(&[(Declined, 8, "a"), (Agreed, 9, "a"), (Withdrawn, 9, "a")])
        );
    }
}

//! Who was in the room how long, and what that is as a mark.
//!
//! Joins come in any order and overlap: a laptop and a phone, a connection that
//! was lost and found again. What counts is when anything of somebody was there,
//! within the session.

use chrono::{NaiveDateTime, TimeDelta};

use super::attendance::Mark;
use super::period::Minutes;
use super::schedule::Session;

/// What makes somebody present, late or departed: `[attendance]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// Whoever comes later than this is late.
    pub late_after: Minutes,
    /// Whoever leaves earlier than this before the end departed early.
    pub departed_before_end: Minutes,
    /// Whoever was there for less was not there all the time.
    pub present_from: Minutes,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            late_after: Minutes(10),
            departed_before_end: Minutes(15),
            present_from: Minutes(60),
        }
    }
}

/// A length of time on the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stay {
    pub from: NaiveDateTime,
    pub to: NaiveDateTime,
}

impl Stay {
    pub fn of(session: &Session) -> Self {
        Self { from: session.begins(), to: session.ends() }
    }

    pub fn length(self) -> TimeDelta {
        self.to - self.from
    }

    /// What two have in common. A moment within the other is something; where one
    /// only ends as the other begins, there is nothing.
    pub fn within(self, other: Self) -> Option<Self> {
        let shared = self.to > other.from && self.from < other.to;
        shared.then(|| Self { from: self.from.max(other.from), to: self.to.min(other.to) })
    }
}

/// How long somebody was in the room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Presence {
    /// From when to when, in order and apart from each other. Empty for whoever
    /// was not there.
    Times(Vec<Stay>),
    /// Only how long.
    Total(Minutes),
}

impl Presence {
    /// What of some joins was within a session.
    pub fn of(joins: &[Stay], session: Stay) -> Self {
        let mut joins: Vec<Stay> = joins.iter().filter_map(|join| join.within(session)).collect();
        joins.sort_unstable();
        let mut stays: Vec<Stay> = Vec::new();
        for join in joins {
            match stays.last_mut() {
                Some(last) if join.from <= last.to => last.to = last.to.max(join.to),
                _ => stays.push(join),
            }
        }
        Self::Times(stays)
    }

    /// Whole minutes that somebody was there.
    pub fn minutes(&self) -> Minutes {
        match self {
            Self::Total(minutes) => *minutes,
            Self::Times(_) => {
                Minutes(u32::try_from(self.length().num_minutes()).unwrap_or_default())
            }
        }
    }

    fn length(&self) -> TimeDelta {
        match self {
            Self::Times(stays) => stays.iter().map(|stay| stay.length()).sum(),
            Self::Total(minutes) => TimeDelta::minutes(minutes.0.into()),
        }
    }

    /// When they came first and left last, where that is known.
    pub fn span(&self) -> Option<Stay> {
        match self {
            Self::Times(stays) => Some(Stay { from: stays.first()?.from, to: stays.last()?.to }),
            Self::Total(_) => None,
        }
    }

    pub fn was_there(&self) -> bool {
        match self {
            Self::Times(stays) => !stays.is_empty(),
            Self::Total(_) => true,
        }
    }

    /// The mark that it makes, within a session.
    ///
    /// Who came late and left early has the mark for whichever took more of the
    /// session. Who was there from beginning to end and yet not long enough was
    /// away in between, and departed. Of minutes alone it cannot be told when they
    /// were; who was not there long enough is said to have departed.
    pub fn mark(&self, rules: &Rules, session: Stay) -> Mark {
        if !self.was_there() {
            return Mark::Absent;
        }
        let delta = |minutes: Minutes| TimeDelta::minutes(minutes.0.into());
        let long_enough = self.length() >= delta(rules.present_from).min(session.length());
        let Some(span) = self.span() else {
            return if long_enough { Mark::Present } else { Mark::Departed };
        };
        let (before, after) = (span.from - session.from, session.to - span.to);
        let is_late = before > delta(rules.late_after);
        let departed = after > delta(rules.departed_before_end);
        match (is_late, departed) {
            (true, true) if after > before => Mark::Departed,
            (true, _) => Mark::Late,
            (false, false) if long_enough => Mark::Present,
            (false, _) => Mark::Departed,
        }
    }
}

/// Whether two joins were there at once for longer than a connection takes to be
/// given up after it was lost.
pub fn were_at_once(one: Stay, other: Stay) -> bool {
    one.within(other).is_some_and(|both| both.length() > TimeDelta::minutes(2))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(time: &str) -> NaiveDateTime {
        format!("2024-01-23T{time}").parse().unwrap()
    }

    fn stay(times: &str) -> Stay {
        let (from, to) = times.split_once('-').unwrap();
        Stay { from: at(from), to: at(to) }
    }

    const SESSION: &str = "09:30:00-11:30:00";

    fn presence(joins: &[&str]) -> Presence {
        Presence::of(&joins.iter().map(|times| stay(times)).collect::<Vec<_>>(), stay(SESSION))
    }

    #[test]
    fn joins_become_a_mark() {
        use Mark::{Absent, Departed, Late, Present};
        let table: &[(&str, &[&str], u32, Mark)] = &[
            ("all of it", &["09:25:00-11:35:00"], 120, Present),
            ("to the second", &["09:40:00-11:15:00"], 95, Present),
            ("a second too late", &["09:40:01-11:30:00"], 109, Late),
            ("a second too early", &["09:30:00-11:14:59"], 104, Departed),
            ("dropped and back", &["09:30:00-10:00:00", "10:05:00-11:30:00"], 115, Present),
            ("two devices", &["09:30:00-11:30:00", "10:00:00-11:00:00"], 120, Present),
            ("one after the other", &["10:30:00-11:30:00", "09:30:00-10:30:00"], 120, Present),
            ("away for an hour", &["09:30:00-10:00:00", "11:01:00-11:30:00"], 59, Departed),
            ("away for half an hour", &["09:30:00-10:00:00", "10:30:00-11:30:00"], 90, Present),
            ("only the end", &["11:10:00-11:30:00"], 20, Late),
            ("only the beginning", &["09:30:00-09:50:00"], 20, Departed),
            ("late, and left earlier still", &["09:50:00-10:30:00"], 40, Departed),
            ("came very late, left early", &["10:30:00-11:10:00"], 40, Late),
            ("a moment", &["10:00:00-10:00:00"], 0, Departed),
            ("before it", &["08:00:00-09:29:59"], 0, Absent),
            ("until it began", &["08:00:00-09:30:00"], 0, Absent),
            ("after it", &["11:30:00-11:40:00"], 0, Absent),
            ("never", &[], 0, Absent),
        ];
        for (case, joins, minutes, mark) in table {
            let presence = presence(joins);
            assert_eq!(presence.minutes(), Minutes(*minutes), "{case}");
            assert_eq!(presence.mark(&Rules::default(), stay(SESSION)), *mark, "{case}");
        }
    }

    #[test]
    fn minutes_alone_tell_only_whether_it_was_long_enough() {
        let mark =
            |minutes| Presence::Total(Minutes(minutes)).mark(&Rules::default(), stay(SESSION));
        assert_eq!([mark(0), mark(20), mark(59)], [Mark::Departed; 3]);
        assert_eq!([mark(60), mark(300)], [Mark::Present; 2]);
    }

    #[test]
    fn nobody_has_to_be_there_longer_than_the_meeting_was_on() {
        let short = stay("09:30:00-10:20:00");
        let there = Presence::of(&[short], short);
        assert_eq!(there.mark(&Rules::default(), short), Mark::Present);
    }

    #[test]
    fn a_connection_that_is_given_up_late_is_no_second_person() {
        let first = stay("09:30:00-10:00:00");
        assert!(!were_at_once(first, stay("09:58:00-11:30:00")));
        assert!(were_at_once(first, stay("09:57:59-11:30:00")));
        assert!(!were_at_once(first, stay("10:00:01-11:30:00")));
    }

    fn joins() -> impl Strategy<Value = Vec<Stay>> {
        let join = (0..300i64, 0..300i64).prop_map(|(from, length)| {
            let from = at("07:00:00") + TimeDelta::seconds(from * 61);
            Stay { from, to: from + TimeDelta::seconds(length * 37) }
        });
        proptest::collection::vec(join, 0..12)
    }

    proptest! {
        #[test]
        fn a_union_is_the_same_in_any_order(
            (joins, shuffled) in joins().prop_flat_map(|joins| (Just(joins.clone()), Just(joins).prop_shuffle())),
        ) {
            prop_assert_eq!(Presence::of(&joins, stay(SESSION)), Presence::of(&shuffled, stay(SESSION)));
        }

        #[test]
        fn nobody_is_there_longer_than_the_session_or_than_all_their_joins(joins in joins()) {
            let presence = Presence::of(&joins, stay(SESSION));
            let all: TimeDelta = joins.iter().map(|join| join.length()).sum();
            prop_assert!(presence.length() <= stay(SESSION).length());
            prop_assert!(presence.length() <= all);
            prop_assert_eq!(presence.was_there(), presence.mark(&Rules::default(), stay(SESSION)) != Mark::Absent);
        }

        #[test]
        fn what_was_joined_is_apart_and_once_more_the_same(joins in joins()) {
            let Presence::Times(stays) = Presence::of(&joins, stay(SESSION)) else { panic!("times") };
            prop_assert!(stays.windows(2).all(|two| two[0].to < two[1].from));
            prop_assert_eq!(Presence::of(&stays, stay(SESSION)), Presence::Times(stays));
        }

        /// Another join never makes somebody less there.
        #[test]
        fn one_more_join_never_takes_away(joins in joins(), one_more in joins()) {
            let fewer = Presence::of(&joins, stay(SESSION));
            let more = Presence::of(&[joins, one_more].concat(), stay(SESSION));
            prop_assert!(more.length() >= fewer.length());
        }
    }
}

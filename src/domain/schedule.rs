//! When sessions are: the weekly rule, the days it skips, and moved sessions.
//!
//! All of it is civil time, the date and the hour on the wall: 9:30 stays 9:30
//! when the clocks change.

use std::collections::BTreeSet;

use chrono::{Datelike, Days, Months, NaiveDate, NaiveDateTime, NaiveTime, Weekday};

use super::program::{Move, Terms, Week};

/// One meeting of a cohort.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Session {
    pub week: Week,
    pub date: NaiveDate,
    pub starts_at: NaiveTime,
    pub ends_at: NaiveTime,
}

impl Session {
    pub fn begins(&self) -> NaiveDateTime {
        self.date.and_time(self.starts_at)
    }

    pub fn ends(&self) -> NaiveDateTime {
        self.date.and_time(self.ends_at)
    }
}

/// Where a cohort stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Upcoming,
    Running,
    Finished,
}

impl Stage {
    pub fn of(sessions: &[Session], today: NaiveDate) -> Self {
        match (sessions.first(), sessions.last()) {
            (Some(first), _) if today < first.date => Self::Upcoming,
            (_, Some(last)) if today <= last.date => Self::Running,
            _ => Self::Finished,
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            Self::Upcoming => "upcoming",
            Self::Running => "running",
            Self::Finished => "finished",
        }
    }
}

/// The sessions of a cohort that starts on a day: one a week, passing over the
/// days without sessions, then the moves.
pub fn sessions(terms: &Terms, starts_on: NaiveDate, moved: &[Move]) -> Vec<Session> {
    let open_days = starts_on.iter_weeks().filter(|day| !terms.no_session_on.contains(day));
    (1..=terms.sessions)
        .zip(open_days)
        .map(|(week, date)| {
            let regular =
                Session { week, date, starts_at: terms.starts_at, ends_at: terms.ends_at };
            match moved.iter().find(|m| m.week == week) {
                Some(m) => regular.moved_to(m),
                None => regular,
            }
        })
        .collect()
}

impl Session {
    /// A moved session keeps its length.
    fn moved_to(self, to: &Move) -> Self {
        let starts_at = to.at.unwrap_or(self.starts_at);
        let length = self.ends_at - self.starts_at;
        Self { date: to.to, starts_at, ends_at: starts_at.overflowing_add_signed(length).0, ..self }
    }
}

/// The days nearest to `day` on which a cohort may start: the last one before
/// it and the first one after it.
pub fn nearest_starts(terms: &Terms, day: NaiveDate) -> (Option<NaiveDate>, Option<NaiveDate>) {
    let may_start =
        |d: &NaiveDate| d.weekday() == terms.weekday && !terms.no_session_on.contains(d);
    // A year of skipped days in a row is not a program any more.
    let before = (1..370).map_while(|n| day.checked_sub_days(Days::new(n))).find(may_start);
    let after = (1..370).map_while(|n| day.checked_add_days(Days::new(n))).find(may_start);
    (before, after)
}

/// The quarter after the one that `day` is in, as a cohort id's words and its
/// first day: `("spring-2027", 2027-04-01)`.
pub fn next_quarter(day: NaiveDate) -> Option<(String, NaiveDate)> {
    let this_quarter = NaiveDate::from_ymd_opt(day.year(), day.month0() / 3 * 3 + 1, 1)?;
    let first_day = this_quarter.checked_add_months(Months::new(3))?;
    Some((quarter_id(first_day), first_day))
}

/// What a cohort that starts on `day` is called: its season and year.
pub fn quarter_id(day: NaiveDate) -> String {
    let season = ["winter", "spring", "summer", "fall"][day.month0() as usize / 3];
    format!("{season}-{}", day.year())
}

/// The first day from `from` on that is the program's weekday, has sessions,
/// and is not taken by a session of another cohort.
pub fn first_free_start(
    weekday: Weekday,
    no_session_on: &BTreeSet<NaiveDate>,
    taken: &BTreeSet<NaiveDate>,
    from: NaiveDate,
) -> Option<NaiveDate> {
    from.iter_days().take(370).find(|day| {
        day.weekday() == weekday && !no_session_on.contains(day) && !taken.contains(day)
    })
}

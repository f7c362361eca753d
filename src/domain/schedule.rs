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
    /// Over. Whether it is marked finished too, the records say.
    Over,
}

impl Stage {
    pub fn of(sessions: &[Session], today: NaiveDate) -> Self {
        match (sessions.first(), sessions.last()) {
            (Some(first), _) if today < first.date => Self::Upcoming,
            (_, Some(last)) if today <= last.date => Self::Running,
            _ => Self::Over,
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            Self::Upcoming => "upcoming",
            Self::Running => "running",
            Self::Over => "over",
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

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn time(text: &str) -> NaiveTime {
        text.parse().unwrap()
    }

    fn terms(no_session_on: &[&str]) -> Terms {
        let no_session_on = no_session_on.iter().map(|text| day(text)).collect();
        Terms { no_session_on, ..Terms::example() }
    }

    #[test]
    fn sessions_follow_weekly_from_the_first() {
        // What it is a case of, the days skipped, the start, the days.
        let table: &[(&str, &[&str], &str, [&str; 4])] = &[
            ("winter", &[], "2024-01-23", ["2024-01-23", "2024-01-30", "2024-02-06", "2024-02-13"]),
            ("spring", &[], "2024-04-02", ["2024-04-02", "2024-04-09", "2024-04-16", "2024-04-23"]),
            (
                "clocks go forward",
                &[],
                "2024-03-05",
                ["2024-03-05", "2024-03-12", "2024-03-19", "2024-03-26"],
            ),
            (
                "clocks go back",
                &[],
                "2024-10-29",
                ["2024-10-29", "2024-11-05", "2024-11-12", "2024-11-19"],
            ),
            (
                "leap day",
                &[],
                "2028-02-22",
                ["2028-02-22", "2028-02-29", "2028-03-07", "2028-03-14"],
            ),
            (
                "year end",
                &[],
                "2024-12-17",
                ["2024-12-17", "2024-12-24", "2024-12-31", "2025-01-07"],
            ),
            (
                "a holiday",
                &["2024-12-24"],
                "2024-12-17",
                ["2024-12-17", "2024-12-31", "2025-01-07", "2025-01-14"],
            ),
            (
                "two in a row",
                &["2024-12-24", "2024-12-31"],
                "2024-12-17",
                ["2024-12-17", "2025-01-07", "2025-01-14", "2025-01-21"],
            ),
            (
                "a holiday on another weekday",
                &["2024-12-25"],
                "2024-12-17",
                ["2024-12-17", "2024-12-24", "2024-12-31", "2025-01-07"],
            ),
        ];
        for (case, skipped, start, days) in table {
            let sessions = sessions(&terms(skipped), day(start), &[]);
            assert_eq!(
                sessions.iter().map(|s| s.date).collect::<Vec<_>>(),
                days.map(day),
                "{case}"
            );
            for (session, week) in sessions.iter().zip(1..) {
                assert_eq!(session.week, week, "{case}");
                // 9:30 stays 9:30 when the clocks change.
                assert_eq!(
                    (session.starts_at, session.ends_at),
                    (time("09:30:00"), time("11:30:00"))
                );
            }
        }
    }

    #[test]
    fn a_moved_session_keeps_its_week_and_its_length_and_moves_no_other() {
        let to = |week, text, at: Option<&str>| Move { week, to: day(text), at: at.map(time) };
        let table = [
            (to(3, "2024-02-08", None), 3, "2024-02-08 09:30:00", "2024-02-08 11:30:00"),
            (
                to(3, "2024-02-08", Some("13:00:00")),
                3,
                "2024-02-08 13:00:00",
                "2024-02-08 15:00:00",
            ),
            (
                to(1, "2024-01-22", Some("08:00:00")),
                1,
                "2024-01-22 08:00:00",
                "2024-01-22 10:00:00",
            ),
            (to(4, "2025-01-07", None), 4, "2025-01-07 09:30:00", "2025-01-07 11:30:00"),
        ];
        let regular = sessions(&terms(&[]), day("2024-01-23"), &[]);
        for (one, week, begins, ends) in table {
            let moved = sessions(&terms(&[]), day("2024-01-23"), &[one]);
            let changed: Vec<_> = moved.iter().filter(|s| !regular.contains(s)).collect();
            assert_eq!(changed.len(), 1, "{one:?}");
            let seen =
                (changed[0].week, changed[0].begins().to_string(), changed[0].ends().to_string());
            assert_eq!(seen, (week, begins.to_owned(), ends.to_owned()));
        }
    }

    #[test]
    fn a_cohort_runs_from_its_first_session_to_the_end_of_its_last_day() {
        let sessions = sessions(&terms(&[]), day("2024-01-23"), &[]);
        for (today, stage) in [
            ("2024-01-22", Stage::Upcoming),
            ("2024-01-23", Stage::Running),
            ("2024-02-07", Stage::Running),
            ("2024-02-13", Stage::Running),
            ("2024-02-14", Stage::Over),
        ] {
            assert_eq!(Stage::of(&sessions, day(today)), stage, "{today}");
        }
    }

    #[test]
    fn the_nearest_starts_are_open_days_of_the_right_weekday() {
        let near = |skipped: &[&str], text| nearest_starts(&terms(skipped), day(text));
        assert_eq!(near(&[], "2024-01-24"), (Some(day("2024-01-23")), Some(day("2024-01-30"))));
        assert_eq!(
            near(&["2024-01-30"], "2024-01-30"),
            (Some(day("2024-01-23")), Some(day("2024-02-06")))
        );
        assert_eq!(
            near(&["2024-12-31"], "2025-01-01"),
            (Some(day("2024-12-24")), Some(day("2025-01-07")))
        );
    }

    #[test]
    fn quarters_follow_one_another() {
        for (today, id, first) in [
            ("2024-01-01", "spring-2024", "2024-04-01"),
            ("2024-03-31", "spring-2024", "2024-04-01"),
            ("2024-06-30", "summer-2024", "2024-07-01"),
            ("2024-12-31", "winter-2025", "2025-01-01"),
        ] {
            assert_eq!(next_quarter(day(today)), Some((id.to_owned(), day(first))), "{today}");
        }
    }

    #[test]
    fn the_first_free_start_is_taken_by_no_other_cohort() {
        let (none, taken) = (BTreeSet::new(), BTreeSet::from([day("2024-04-02")]));
        let first =
            |skipped, taken| first_free_start(Weekday::Tue, skipped, taken, day("2024-04-01"));
        assert_eq!(first(&none, &none), Some(day("2024-04-02")));
        assert_eq!(first(&none, &taken), Some(day("2024-04-09")));
        assert_eq!(first(&taken, &BTreeSet::from([day("2024-04-09")])), Some(day("2024-04-16")));
    }
}

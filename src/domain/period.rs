//! A length of time as people say it: "2 years" that records are kept, "10 min"
//! after which somebody is late.

use std::fmt;

use chrono::{Days, Months, NaiveDate};

use super::words::{Word, words};

words! {
    /// What a length of time is counted in.
    pub enum Unit {
        Years = "years",
        Months = "months",
        Weeks = "weeks",
        Days = "days",
    }
}

impl Unit {
    /// How many make the longest time that can be meant.
    fn most(self) -> u32 {
        const YEARS: u32 = 100;
        match self {
            Self::Years => YEARS,
            Self::Months => YEARS * 12,
            Self::Weeks => YEARS * 52,
            Self::Days => YEARS * 365,
        }
    }

    fn one(self) -> &'static str {
        self.word().trim_end_matches('s')
    }
}

/// A count of years, months, weeks or days, from one day to a hundred years.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    count: u32,
    unit: Unit,
}

impl Period {
    /// Reads "2 years", "18 months", "10 weeks", "1 day"; refuses, with what
    /// would be right.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        const FORM: &str = "write a length of time such as 2 years, 18 months, 10 weeks or 90 days";
        let text = text.trim();
        let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let (count, unit) = text.split_at(digits);
        let unit = unit.trim_start().to_lowercase();
        let named = |known: &Unit| unit == known.word() || unit == known.one();
        let unit = Unit::ALL.iter().copied().find(named).ok_or(FORM)?;
        if count.is_empty() {
            return Err(FORM);
        }
        // More digits than fit are too many years as well.
        match count.parse().unwrap_or(u32::MAX) {
            0 => Err("the shortest time is 1 day"),
            count if count > unit.most() => Err("the longest time is 100 years"),
            count => Ok(Self { count, unit }),
        }
    }

    /// The day that long before another; a month without that day gives its
    /// last one.
    pub fn before(self, day: NaiveDate) -> NaiveDate {
        let count = self.count;
        let before = match self.unit {
            Unit::Years => day.checked_sub_months(Months::new(count * 12)),
            Unit::Months => day.checked_sub_months(Months::new(count)),
            Unit::Weeks => day.checked_sub_days(Days::new(u64::from(count) * 7)),
            Unit::Days => day.checked_sub_days(Days::new(u64::from(count))),
        };
        before.unwrap_or(NaiveDate::MIN)
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = if self.count == 1 { self.unit.one() } else { self.unit.word() };
        write!(f, "{} {unit}", self.count)
    }
}

/// A length of time within a day, in minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Minutes(pub u32);

impl Minutes {
    /// Reads "10 min", "90 minutes", "1 hour", "1.5 hours"; refuses, with what
    /// would be right.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        const FORM: &str = "write a length of time such as 10 min, 90 min or 1 hour";
        let text = text.trim();
        let number = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let (number, unit) = text.split_at(number);
        let in_minutes = match unit.trim_start().to_lowercase().as_str() {
            "m" | "min" | "mins" | "minute" | "minutes" => 1,
            "h" | "hour" | "hours" => 60,
            _ => return Err(FORM),
        };
        let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if !is_number(whole) || !is_number(part) {
            return Err(FORM);
        }
        // More digits than fit are more than a day as well.
        let whole: u32 = whole.parse().unwrap_or(u32::MAX);
        let tenths = match part.trim_end_matches('0') {
            "" => 0,
            tenth if tenth.len() == 1 => tenth.parse::<u32>().unwrap_or_default(),
            _ => return Err(FORM),
        };
        if tenths * in_minutes % 10 != 0 {
            return Err("write whole minutes");
        }
        match whole.checked_mul(in_minutes).map(|whole| whole + tenths * in_minutes / 10) {
            Some(minutes) if minutes <= 24 * 60 => Ok(Self(minutes)),
            _ => Err("the longest time is 24 hours"),
        }
    }
}

impl fmt::Display for Minutes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} min", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_are_read_in_minutes_and_hours() {
        for (typed, minutes) in [
            ("10 min", 10),
            ("10min", 10),
            (" 90  Minutes ", 90),
            ("0 min", 0),
            ("1 minute", 1),
            ("1 hour", 60),
            ("1.5 hours", 90),
            ("24 h", 1440),
        ] {
            assert_eq!(Minutes::parse(typed), Ok(Minutes(minutes)), "{typed}");
        }
        for (typed, said) in [
            ("", "write a length of time"),
            ("10", "write a length of time"),
            ("min", "write a length of time"),
            ("ten min", "write a length of time"),
            ("-10 min", "write a length of time"),
            (".5 h", "write a length of time"),
            ("1.25 hours", "write a length of time"),
            ("10 seconds", "write a length of time"),
            ("1.2.3 h", "write a length of time"),
            ("0.5 min", "write whole minutes"),
            ("1441 min", "the longest time is 24 hours"),
            ("99999999999999999999 hours", "the longest time is 24 hours"),
        ] {
            let refused = Minutes::parse(typed).unwrap_err();
            assert!(refused.starts_with(said), "{typed:?}: {refused}");
        }
    }

    #[test]
    fn a_time_is_read_and_said_back() {
        for (typed, said) in [
            ("2 years", "2 years"),
            ("1 year", "1 year"),
            ("1 years", "1 year"),
            ("18 months", "18 months"),
            ("10 weeks", "10 weeks"),
            ("90 days", "90 days"),
            ("  2   Years ", "2 years"),
            ("2years", "2 years"),
            ("100 years", "100 years"),
            ("1 day", "1 day"),
        ] {
            assert_eq!(Period::parse(typed).map(|time| time.to_string()), Ok(said.into()));
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for (typed, said) in [
            ("", "write a length of time"),
            ("2", "write a length of time"),
            ("years", "write a length of time"),
            ("two years", "write a length of time"),
            ("2 quarters", "write a length of time"),
            ("2.5 years", "write a length of time"),
            ("-2 years", "write a length of time"),
            ("2 years and a day", "write a length of time"),
            ("for ever", "write a length of time"),
            ("0 years", "the shortest time is 1 day"),
            ("101 years", "the longest time is 100 years"),
            ("1201 months", "the longest time is 100 years"),
            ("5201 weeks", "the longest time is 100 years"),
            ("36501 days", "the longest time is 100 years"),
            ("99999999999999999999 years", "the longest time is 100 years"),
        ] {
            let refused = Period::parse(typed).unwrap_err();
            assert!(refused.starts_with(said), "{typed:?}: {refused}");
        }
    }

    #[test]
    fn the_day_that_long_before() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        for (time, from, before) in [
            ("2 years", "2026-02-13", "2024-02-13"),
            ("1 year", "2024-02-29", "2023-02-28"),
            ("1 month", "2024-03-31", "2024-02-29"),
            ("18 months", "2024-02-13", "2022-08-13"),
            ("10 weeks", "2024-04-02", "2024-01-23"),
            ("90 days", "2024-03-30", "2023-12-31"),
        ] {
            assert_eq!(Period::parse(time).unwrap().before(day(from)), day(before), "{time}");
        }
        let longest = Period::parse("100 years").unwrap();
        assert_eq!(longest.before(NaiveDate::MIN), NaiveDate::MIN);
    }
}

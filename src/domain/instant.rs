//! When a time on the wall is, for the whole world: in UTC.
//!
//! The only place that knows the rules of time zones, which come with the
//! program: a computer's own may be years old, and British Columbia has kept
//! UTC-7 all year since March 2026. Everything else is civil time.

use chrono::{DateTime, Datelike, NaiveDateTime, TimeDelta, Timelike, Utc};
use jiff::{Timestamp, civil};

use super::schedule::Session;

/// A time on the wall of a zone, such as `America/Vancouver`, in UTC. Nothing
/// where there is no such zone.
///
/// An hour that the clocks pass over is taken as the one after it, and of an
/// hour that comes twice the first is meant, as calendars have it.
pub fn utc(at: NaiveDateTime, zone: &str) -> Option<DateTime<Utc>> {
    let small = |number: u32| i8::try_from(number).ok();
    let wall = civil::DateTime::new(
        i16::try_from(at.year()).ok()?,
        small(at.month())?,
        small(at.day())?,
        small(at.hour())?,
        small(at.minute())?,
        small(at.second())?,
        0,
    );
    let instant = wall.ok()?.in_tz(zone).ok()?.timestamp();
    DateTime::from_timestamp(instant.as_second(), 0)
}

/// What the wall of a zone shows at a moment.
pub fn on_the_wall(at: DateTime<Utc>, zone: &str) -> Option<NaiveDateTime> {
    let there = Timestamp::from_second(at.timestamp()).ok()?.in_tz(zone).ok()?;
    at.naive_utc().checked_add_signed(TimeDelta::seconds(there.offset().seconds().into()))
}

impl Session {
    /// Its beginning and its end in UTC. The end is what the wall says, but
    /// never before the beginning: then it lasts as long as ever.
    pub fn in_utc(&self, zone: &str) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        let (begins, ends) = (utc(self.begins(), zone)?, utc(self.ends(), zone)?);
        let length: TimeDelta = self.ends() - self.begins();
        let ends = if ends > begins { ends } else { begins.checked_add_signed(length)? };
        Some((begins, ends))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_utc(wall: &str, zone: &str) -> Option<String> {
        utc(wall.parse().unwrap(), zone).map(|at| at.format("%Y-%m-%dT%H:%MZ").to_string())
    }

    #[test]
    fn the_rules_of_zones_are_todays() {
        for (wall, zone, instant) in [
            ("2024-01-23T09:30:00", "America/Vancouver", "2024-01-23T17:30Z"),
            ("2024-04-02T09:30:00", "America/Vancouver", "2024-04-02T16:30Z"),
            // British Columbia: the last change of clocks was in March 2026.
            ("2026-03-03T09:30:00", "America/Vancouver", "2026-03-03T17:30Z"),
            ("2026-03-10T09:30:00", "America/Vancouver", "2026-03-10T16:30Z"),
            ("2026-10-27T09:30:00", "America/Vancouver", "2026-10-27T16:30Z"),
            ("2026-11-03T09:30:00", "America/Vancouver", "2026-11-03T16:30Z"),
            ("2027-01-26T09:30:00", "America/Vancouver", "2027-01-26T16:30Z"),
            // Its neighbours go on changing theirs.
            ("2026-11-03T09:30:00", "America/Los_Angeles", "2026-11-03T17:30Z"),
            ("2026-11-03T09:30:00", "America/Toronto", "2026-11-03T14:30Z"),
            // Half and quarter hours, and a day before.
            ("2026-11-03T09:30:00", "America/St_Johns", "2026-11-03T13:00Z"),
            ("2024-01-23T09:30:00", "Asia/Kathmandu", "2024-01-23T03:45Z"),
            ("2024-01-23T09:30:00", "Pacific/Auckland", "2024-01-22T20:30Z"),
            ("2024-01-23T09:30:00", "UTC", "2024-01-23T09:30Z"),
        ] {
            assert_eq!(in_utc(wall, zone).as_deref(), Some(instant), "{wall} {zone}");
            let at = utc(wall.parse().unwrap(), zone).unwrap();
            assert_eq!(on_the_wall(at, zone), wall.parse().ok(), "{wall} {zone}");
        }
        assert_eq!(in_utc("2024-01-23T09:30:00", "America/Atlantis"), None);
    }

    #[test]
    fn an_hour_that_is_missing_or_comes_twice_is_settled() {
        for (wall, instant) in [
            // On 10 March 2024 two o'clock is followed by three, on 3 November
            // one o'clock comes twice.
            ("2024-03-10T01:59:00", "2024-03-10T09:59Z"),
            ("2024-03-10T02:30:00", "2024-03-10T10:30Z"),
            ("2024-03-10T03:00:00", "2024-03-10T10:00Z"),
            ("2024-11-03T01:30:00", "2024-11-03T08:30Z"),
            ("2024-11-03T02:00:00", "2024-11-03T10:00Z"),
        ] {
            assert_eq!(in_utc(wall, "America/Vancouver").as_deref(), Some(instant), "{wall}");
        }
    }

    #[test]
    fn a_session_ends_after_it_began() {
        for (date, from, to, minutes) in [
            ("2024-01-23", "09:30:00", "11:30:00", 120),
            ("2024-03-10", "01:30:00", "03:30:00", 60),
            ("2024-03-10", "02:30:00", "03:00:00", 30),
            ("2024-11-03", "00:30:00", "02:30:00", 180),
        ] {
            let session = Session {
                week: 1,
                date: date.parse().unwrap(),
                starts_at: from.parse().unwrap(),
                ends_at: to.parse().unwrap(),
            };
            let (begins, ends) = session.in_utc("America/Vancouver").unwrap();
            assert_eq!((ends - begins).num_minutes(), minutes, "{date} {from}");
        }
    }
}

//! Days and times as forms and spreadsheets write them.

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime};

use crate::domain::iso;
use crate::domain::sign_up::Field;
use crate::domain::words::words;

words! {
    /// Which comes first where a day is written with numbers alone: 1/3/2024 is
    /// the third of January or the first of March.
    pub enum Order {
        DayFirst = "day-first",
        MonthFirst = "month-first",
    }
}

/// A day, perhaps with a time: `2024-01-03 08:12:00`, `1/3/2024 8:12:00 AM`,
/// `03.01.24 08:12`, `2024/01/03 8:12:00 AM PST`. The name of a zone is passed
/// over: a time is meant as it is on the wall.
pub fn moment(text: &str, order: Order) -> Option<NaiveDateTime> {
    let text = text.trim();
    let ends = text.find([' ', 'T', ',']).unwrap_or(text.len());
    let day = &text[..ends];
    let date = iso::day(day.as_bytes()).or_else(|| date(day, order))?;
    if !(1900..2200).contains(&date.year()) {
        return None;
    }
    let rest = text[ends..].trim_start_matches([' ', 'T', ',']);
    if rest.is_empty() {
        return Some(date.and_time(NaiveTime::MIN));
    }
    let ends = rest.find(|c: char| !(c.is_ascii_digit() || matches!(c, ':' | '.')));
    let (time, after) = rest.split_at(ends.unwrap_or(rest.len()));
    let after = after.trim_start().to_ascii_uppercase().replace('.', "");
    let time = match ["AM", "PM"].into_iter().find(|half| after.starts_with(half)) {
        Some(half) => {
            let time = format!("{time} {half}");
            let forms = ["%I:%M:%S%.f %p", "%I:%M %p"];
            forms.iter().find_map(|form| NaiveTime::parse_from_str(&time, form).ok())
        }
        None => iso::hour(time.as_bytes()).or_else(|| wall_time(time)),
    }?;
    chrono::Timelike::with_nanosecond(&date.and_time(time), 0)
}

/// `8:12`, `08:12:05`, `08:12:05.123`
fn wall_time(text: &str) -> Option<NaiveTime> {
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    if fraction.is_some_and(|digits| digits.parse::<u64>().is_err()) {
        return None;
    }
    let mut parts = whole.split(':').map(|part| part.parse().ok().filter(|_| part.len() <= 2));
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next());
    let second = second.unwrap_or(Some(0).filter(|_| fraction.is_none()))?;
    NaiveTime::from_hms_opt(hour, minute, second).filter(|_| parts.next().is_none())
}

fn date(text: &str, order: Order) -> Option<NaiveDate> {
    let mut parts = text.split(['-', '/', '.']);
    let (first, second, third) = (parts.next()?, parts.next()?, parts.next()?);
    let is_odd = |part: &str| part.is_empty() || part.len() > 4;
    if parts.next().is_some() || [first, second, third].into_iter().any(is_odd) {
        return None;
    }
    let number = |part: &str| part.parse::<u32>().ok();
    let (year, month, day) = match (first.len(), third.len(), order) {
        (4, _, _) => (first, second, third),
        (_, 2 | 4, Order::DayFirst) => (third, second, first),
        (_, 2 | 4, Order::MonthFirst) => (third, first, second),
        _ => return None,
    };
    // 24-02-03 may begin with the year or end with it.
    if year.len() == 2 && text.contains('-') {
        return None;
    }
    let year = match year.len() {
        2 => 2000 + number(year)?,
        _ => number(year)?,
    };
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, number(month)?, number(day)?)
}

/// What the moments of a form tell of the order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub order: Order,
    /// Whether any of the days reads otherwise in the other one.
    pub matters: bool,
    /// One of the days, where nothing but the order of the rows told.
    pub by_rows: Option<String>,
}

/// So many moments, each later than the one above it, tell the order. Rows that are
/// sorted by something else have theirs so by chance, in a reading that is not meant:
/// of six one time in 720, of three one in six.
const RISING: u32 = 6;

/// Which orders are possible for all of some moments, looked at one by one.
#[derive(Debug, Clone, Default)]
pub struct Possible {
    /// The first day of which the order matters.
    differs: Option<String>,
    day_first: Tally,
    month_first: Tally,
}

/// How the moments read in one order.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    unreadable: bool,
    /// Whether one is after the moment up to which they can be.
    too_late: bool,
    /// Whether one is before the one above it, where a form has them in order: those
    /// of its sending, and not those on which people agreed.
    disordered: bool,
    /// How many are after the one above them.
    rising: u32,
    last: Option<NaiveDateTime>,
}

impl Possible {
    pub fn look_at(&mut self, field: Field, text: &str, latest: NaiveDateTime) {
        let (day_first, month_first) =
            (moment(text, Order::DayFirst), moment(text, Order::MonthFirst));
        // What is no day in either order tells nothing of it.
        if day_first.is_none() && month_first.is_none() {
            return;
        }
        for (tally, at) in [(&mut self.day_first, day_first), (&mut self.month_first, month_first)]
        {
            match at {
                None => tally.unreadable = true,
                Some(at) => {
                    tally.too_late |= at > latest;
                    if field == Field::SignedUp {
                        tally.disordered |= tally.last.is_some_and(|last| at < last);
                        tally.rising += u32::from(tally.last.is_none_or(|last| at > last));
                        tally.last = Some(at);
                    }
                }
            }
        }
        if day_first != month_first && self.differs.is_none() {
            self.differs = text.split([' ', 'T', ',']).next().map(str::to_owned);
        }
    }

    /// The order, where only one makes sense of all; none where both do. Where
    /// neither does, either shows what is wrong.
    pub fn order(self) -> Option<Told> {
        let (day, month) = (self.day_first, self.month_first);
        let matters = self.differs.is_some();
        let told = |order| Some(Told { order, matters, by_rows: None });
        if !matters {
            return told(Order::MonthFirst);
        }
        for (bad_day, bad_month) in
            [(day.unreadable, month.unreadable), (day.too_late, month.too_late)]
        {
            match (bad_day, bad_month) {
                (false, true) => return told(Order::DayFirst),
                (true, false) => return told(Order::MonthFirst),
                _ => {}
            }
        }
        let (order, rising) = match (day.disordered, month.disordered) {
            (false, true) => (Order::DayFirst, day.rising),
            (true, false) => (Order::MonthFirst, month.rising),
            _ => return None,
        };
        (rising >= RISING).then_some(Told { order, matters, by_rows: self.differs })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_as_forms_write_them() {
        for (text, month_first, day_first) in [
            ("2024-01-03 08:12:00", "2024-01-03 08:12:00", "2024-01-03 08:12:00"),
            ("2024-01-03T08:12:00.123Z", "2024-01-03 08:12:00", "2024-01-03 08:12:00"),
            ("2024/01/03 8:12:00 PM GMT-8", "2024-01-03 20:12:00", "2024-01-03 20:12:00"),
            ("1/3/2024 8:12:05", "2024-01-03 08:12:05", "2024-03-01 08:12:05"),
            ("1/3/24 8:12:00 p.m.", "2024-01-03 20:12:00", "2024-03-01 20:12:00"),
            ("03.01.2024, 08:12", "2024-03-01 08:12:00", "2024-01-03 08:12:00"),
            ("12/31/2024 12:05:00 AM", "2024-12-31 00:05:00", ""),
            ("31-12-2024", "", "2024-12-31 00:00:00"),
            ("03-01-2024", "2024-03-01 00:00:00", "2024-01-03 00:00:00"),
            ("24-02-03", "", ""),
            ("yesterday", "", ""),
            ("2024-02-30", "", ""),
            ("1/3/2024 25:00", "", ""),
            ("1/3/2024 8:12:00.5.5", "", ""),
            ("1/3/2024 8:12.5", "", ""),
            ("1/3/2024 008:12", "", ""),
            ("1/3/2024 8", "", ""),
            ("1/3/2024 8:12:05:01", "", ""),
            ("1/3/20244", "", ""),
            ("1/3", "", ""),
        ] {
            let read = |order| moment(text, order).map_or(String::new(), |at| at.to_string());
            assert_eq!(read(Order::MonthFirst), month_first, "{text}");
            assert_eq!(read(Order::DayFirst), day_first, "{text}");
        }
    }

    #[test]
    fn the_order_is_the_only_one_that_makes_sense() {
        let order_of = |field, texts: &[&str]| {
            let mut possible = Possible::default();
            let latest = "2024-04-05T00:00:00".parse().unwrap();
            for text in texts {
                possible.look_at(field, text, latest);
            }
            possible.order().map(|told| told.order)
        };
        let order = |texts: &[&str]| order_of(Field::SignedUp, texts);
        assert_eq!(order(&["1/3/2024", "1/14/2024"]), Some(Order::MonthFirst));
        assert_eq!(order(&["1/3/2024", "14/1/2024"]), Some(Order::DayFirst));
        // One of them would be in the future.
        assert_eq!(order(&["1/3/2024", "1/8/2024"]), Some(Order::MonthFirst));
        // In the other they would not be in order, of which a few tell nothing.
        let rising =
            ["12/1/2023", "12/2/2023", "1/2/2024", "1/3/2024", "2/1/2024", "2/1/2024", "2/2/2024"];
        assert_eq!(order(&rising), Some(Order::MonthFirst));
        assert_eq!(order(&rising[..6]), None);
        // On whatever days people agreed, that tells nothing.
        let agreed = |texts: &[&str]| order_of(Field::Agreed, texts);
        assert_eq!(agreed(&rising), None);
        assert_eq!(agreed(&["yes", "1/3/2024", "14/1/2024"]), Some(Order::DayFirst));
        assert_eq!(agreed(&["yes", "no", "1"]), Some(Order::MonthFirst));
        assert_eq!(order(&["1/2/2024", "2/3/2024"]), None);
        // What is no day at all tells nothing.
        assert_eq!(order(&["8/31/2023 9:03:10", "46265.5"]), Some(Order::MonthFirst));
        assert_eq!(order(&["soon", "31/8/2023"]), Some(Order::DayFirst));
        assert_eq!(order(&["soon", "1/3/2024"]), None);
        // The same either way.
        assert_eq!(order(&["2024-01-03", "2/2/2024"]), Some(Order::MonthFirst));
        assert_eq!(order(&[]), Some(Order::MonthFirst));
    }
}

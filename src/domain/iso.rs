//! Days and times as they are kept: `2024-01-30 09:30:00`, and nothing else.
//!
//! They are read by the thousand, and chrono reads them by a pattern, which takes
//! longer than all else about a row.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

/// `2024-01-30`
pub fn day(text: &[u8]) -> Option<NaiveDate> {
    let ([year @ .., b'-', _, _, b'-', _, _], 10) = (text, text.len()) else { return None };
    let year = i32::try_from(number(year)?).ok()?;
    NaiveDate::from_ymd_opt(year, number(&text[5..7])?, number(&text[8..])?)
}

/// `09:30:00`
pub fn hour(text: &[u8]) -> Option<NaiveTime> {
    let [_, _, b':', _, _, b':', _, _] = text else { return None };
    NaiveTime::from_hms_opt(number(&text[..2])?, number(&text[3..5])?, number(&text[6..])?)
}

/// `2024-01-30 09:30:00`
pub fn moment(text: &[u8]) -> Option<NaiveDateTime> {
    let (day_text, [b' ', hour_text @ ..]) = text.split_at_checked(10)? else { return None };
    Some(day(day_text)?.and_time(hour(hour_text)?))
}

/// A number of so many digits, and nothing else.
fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |so_far, digit| {
        digit.is_ascii_digit().then(|| so_far * 10 + u32::from(digit - b'0'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_read_but_what_is_written_so() {
        let read = |text: &str| {
            let text = text.as_bytes();
            [day(text).is_some(), hour(text).is_some(), moment(text).is_some()]
        };
        assert_eq!(read("2024-01-30"), [true, false, false]);
        assert_eq!(read("09:30:59"), [false, true, false]);
        assert_eq!(read("2024-01-30 09:30:59"), [false, false, true]);
        for text in [
            "",
            "2024-01-3",
            "2024-1-030",
            "2024-02-30",
            "2024-01-3x",
            "24-001-30",
            "9:30:00",
            "24:00:00",
            "09:30:0x",
            "2024-01-30T09:30:59",
            "2024-01-30 09:30",
            "2024-01-3é 09:30:59",
        ] {
            assert_eq!(read(text), [false; 3], "{text}");
        }
        assert_eq!(moment(b"2024-01-30 09:30:59").unwrap().to_string(), "2024-01-30 09:30:59");
    }
}

//! Marks: who was at a session, and how a coordinator writes them down.

use std::borrow::Cow;

use chrono::NaiveDate;

use super::program::Week;
use super::words::{Word, words};

words! {
    /// Attendance at one session, by the letter that stands for it.
    pub enum Mark {
        Present = "P",
        Late = "L",
        /// Left before the end.
        Departed = "D",
        /// Was not there, and told us.
        Excused = "E",
        Absent = "A",
    }
}

impl Mark {
    /// Whether they were in the room, for which they need a valid consent.
    pub fn was_there(self) -> bool {
        matches!(self, Self::Present | Self::Late | Self::Departed)
    }

    /// The mark in words.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Present => "present",
            Self::Late => "late",
            Self::Departed => "departed early",
            Self::Excused => "excused",
            Self::Absent => "absent",
        }
    }
}

words! {
    /// Why somebody without a valid consent was in the room all the same.
    pub enum WithoutAgreement {
        LetInByMistake = "let-in-by-mistake",
        SaidYesInTheRoom = "said-yes-in-the-room",
        PaperNotFound = "paper-not-found",
        FacilitatorDecided = "facilitator-decided",
    }
}

/// What is recorded of one enrollment in one week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attendance {
    pub mark: Mark,
    /// Set when they were there without a valid consent.
    pub without_agreement: Option<WithoutAgreement>,
    /// The day on which it was recorded; for an excuse, when they told us.
    pub noted_on: NaiveDate,
}

/// One week of one enrollment, as a strip shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WeekState {
    Marked(Mark),
    /// There without a valid consent.
    MarkedWithoutAgreement(Mark),
    ToCome,
    NotRecorded,
    /// No valid consent, so not let in.
    NotAdmitted,
    /// Not in the group at that time.
    NotInGroup,
}

impl WeekState {
    /// Two characters: the mark, and `!` where it was without an agreement.
    pub fn sign(self) -> Cow<'static, str> {
        match self {
            Self::MarkedWithoutAgreement(mark) => format!("{mark}!").into(),
            Self::Marked(mark) => mark.word().into(),
            Self::ToCome => ".".into(),
            Self::NotRecorded => "-".into(),
            Self::NotAdmitted => "x".into(),
            Self::NotInGroup => " ".into(),
        }
    }

    /// The mark, where there is one.
    pub fn mark(self) -> Option<Mark> {
        match self {
            Self::Marked(mark) | Self::MarkedWithoutAgreement(mark) => Some(mark),
            _ => None,
        }
    }
}

/// Marks written by number, such as `3l 6a` or `1,4,5e`: what was meant for
/// which number, from 1 to `last`. Says what it cannot read.
pub fn parse_exceptions(line: &str, last: usize) -> Result<Vec<(usize, Mark)>, String> {
    let mut exceptions: Vec<(usize, Mark)> = Vec::new();
    // "3 l" and "3, 4l" are as clear as "3l" and "3,4l".
    let mut waiting: Vec<usize> = Vec::new();
    let mut digits = String::new();
    for sign in line.chars().chain([' ']) {
        if sign.is_ascii_digit() {
            digits.push(sign);
            continue;
        }
        if !digits.is_empty() {
            let number = digits.parse().unwrap_or(usize::MAX);
            if !(1..=last).contains(&number) {
                return Err(format!("there is no number {digits}: they go from 1 to {last}"));
            }
            waiting.push(number);
            digits.clear();
        }
        if sign == ',' || sign.is_whitespace() {
            continue;
        }
        let letter = sign.to_ascii_uppercase().to_string();
        let Some(mark) = super::words::Word::from_word(&letter) else {
            return Err(format!("`{sign}` is no mark: P, L, D, E or A"));
        };
        if waiting.is_empty() {
            return Err(format!("`{sign}` has no number before it, such as 3{sign}"));
        }
        for number in waiting.drain(..) {
            if exceptions.iter().any(|(n, m)| *n == number && *m != mark) {
                return Err(format!("number {number} has two marks"));
            }
            exceptions.push((number, mark));
        }
    }
    match waiting.first() {
        Some(number) => Err(format!("number {number} has no letter after it, such as {number}l")),
        None => Ok(exceptions),
    }
}

/// How many weeks in a row, `week` included, were marked absent.
pub fn absent_in_a_row(mark_of: impl Fn(Week) -> Option<Mark>, week: Week) -> u32 {
    let weeks = (1..=week).rev();
    u32::try_from(weeks.take_while(|w| mark_of(*w) == Some(Mark::Absent)).count()).unwrap_or(week)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exceptions_are_numbers_and_a_letter() {
        use Mark::{Absent, Departed, Excused, Late};
        let good: &[(&str, &[(usize, Mark)])] = &[
            ("", &[]),
            ("  ", &[]),
            ("3l 6a", &[(3, Late), (6, Absent)]),
            ("3L6A", &[(3, Late), (6, Absent)]),
            ("3 l, 6 a", &[(3, Late), (6, Absent)]),
            ("1,4 12e", &[(1, Excused), (4, Excused), (12, Excused)]),
            ("5d 5d", &[(5, Departed), (5, Departed)]),
        ];
        for (line, meant) in good {
            assert_eq!(parse_exceptions(line, 12).as_deref(), Ok(*meant), "{line}");
        }
        for bad in ["3", "l", "13a", "0a", "3x", "3l 3a", "3-5a", "99999999999999999999a"] {
            assert!(parse_exceptions(bad, 12).is_err(), "{bad}");
        }
    }

    #[test]
    fn weeks_away_count_back_to_the_last_one_that_was_not() {
        let marks = [Mark::Absent, Mark::Present, Mark::Absent, Mark::Absent];
        let mark_of = |week: Week| marks.get(week as usize - 1).copied();
        let counts: Vec<_> = (1..=4).map(|week| absent_in_a_row(mark_of, week)).collect();
        assert_eq!(counts, [1, 0, 1, 2]);
    }
}

//! One row of a plan, and what it comes to.

use super::About;
use super::past::ForEarlier;
use crate::domain::enrollment::Status;
use crate::domain::participant::Code;

/// One row. There may be a million of them, so that it is kept small.
pub(in crate::command::import) struct Planned {
    pub(super) line: u32,
    pub(super) cohort: u32,
    pub(in crate::command::import) what: What,
    /// What they get who sign up.
    pub(in crate::command::import) seat: Seat,
    /// Whether they agreed in the form, and nothing that was decided stands against it.
    pub(in crate::command::import) agrees: bool,
    pub(in crate::command::import) about: About,
}

impl Planned {
    pub(in crate::command::import) fn line(&self) -> u64 {
        self.line.into()
    }

    /// Which of the plan's cohorts.
    pub(in crate::command::import) fn cohort(&self) -> usize {
        self.cohort as usize
    }
}

/// As it is kept; no file that can be taken has so many lines.
pub(super) fn small(number: impl TryInto<u32>) -> u32 {
    number.try_into().unwrap_or(u32::MAX)
}

/// A place, or the turn in the line, from 1; or neither.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::command::import) struct Seat(u32);

impl Seat {
    pub(super) const NONE: Self = Self(0);
    pub(in crate::command::import) const PLACE: Self = Self(u32::MAX);

    pub(super) fn in_line(turn: usize) -> Self {
        Self(small(turn).min(u32::MAX - 1))
    }

    pub(in crate::command::import) fn turn(self) -> Option<u32> {
        Some(self.0).filter(|_| self != Self::NONE && self != Self::PLACE)
    }
}

pub(in crate::command::import) enum What {
    /// Somebody new; with those of the same name, where there are any.
    New(Option<Box<Namesakes>>),
    /// Known, and new in this cohort; with what is different.
    Known(Box<(Code, Vec<&'static str>)>),
    /// Withdrew before, and signs up once more.
    Back(Box<Code>),
    Already(Box<(Code, Status, Vec<&'static str>)>),
    /// Withdrew after sending this form.
    Withdrew(Box<Code>),
    /// Answered when they were in an earlier cohort.
    ForEarlier(Box<ForEarlier>),
    Erased,
    /// The same as another line, and no later answer.
    Twice(u64),
    /// A later answer of who is at that place of the plan.
    Again(usize),
    /// Left out; at that place of the plan's reasons it says why.
    LeftOut(usize),
    /// Cannot be taken; at that place of the plan's refusals it says why.
    Refused(usize),
}

pub(in crate::command::import) struct Namesakes(pub(in crate::command::import) Vec<Code>);

impl What {
    pub(in crate::command::import) fn signs_up(&self) -> bool {
        matches!(self, Self::New(_) | Self::Known(_) | Self::Back(_))
    }

    /// Whose answer it is, where they are known and are or will be in the cohort.
    pub(in crate::command::import) fn code(&self) -> Option<&Code> {
        match self {
            Self::Known(known) => Some(&known.0),
            Self::Already(already) => Some(&already.0),
            Self::Back(code) => Some(code),
            _ => None,
        }
    }
}

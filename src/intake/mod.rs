//! Files from outside: sign-up forms and Zoom's reports. From bytes to typed
//! rows, or to what is wrong with which line.
//!
//! Nothing that comes in here is trusted: no file, however large or broken,
//! takes more memory than its limits allow, and none ends in a panic. This room
//! knows `domain` alone; it never writes anything and never decides about
//! people.

mod agreeing;
mod ahead;
pub mod dates;
mod form;
mod headings;
mod lines;
mod rows;
mod source;
mod workbook;
pub mod zoom;

pub use ahead::ahead;
pub use form::{Answers, Entry, Form};
pub use lines::{Bad, Line, Lines};
pub use rows::Rows;
pub use source::Source;

/// The longest cell, in bytes.
pub const LONGEST_CELL: usize = 1 << 20;

/// The longest row, in bytes.
const LONGEST_ROW: usize = 4 << 20;

/// The most columns.
const MOST_COLUMNS: usize = 256;

/// One row of cells, and the line it begins on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    pub line: u64,
    pub cells: csv::StringRecord,
}

impl Row {
    /// A cell without the blanks around it; empty where there is none.
    pub fn cell(&self, column: usize) -> &str {
        self.cells.get(column).unwrap_or_default().trim()
    }

    /// Whether nothing is written in it.
    pub fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| cell.trim().is_empty())
    }
}

/// What is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub line: u64,
    pub what: String,
}

impl Problem {
    pub fn new(line: u64, what: impl Into<String>) -> Self {
        Self { line, what: what.into() }
    }
}

/// Takes off the sign that our own exports put before text which a spreadsheet
/// would run as a formula.
pub fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if crate::domain::text::runs_as_formula(rest) => rest,
        _ => cell,
    }
}

#[cfg(test)]
mod tests;

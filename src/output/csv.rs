//! Cells as CSV that a spreadsheet takes as it is, and never runs.

use std::borrow::Cow;
use std::io::{self, Write};

use chrono::NaiveDateTime;

use super::rows::{Heading, mark};
use crate::domain::roster::Cell;
use crate::domain::text::runs_as_formula;

pub use ::csv::Writer;

/// What Excel needs at the start of a file to read it as UTF-8.
pub const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

pub fn writer<W: Write>(to: W) -> Writer<W> {
    ::csv::WriterBuilder::new().from_writer(to)
}

pub fn write_row<W: Write>(
    to: &mut Writer<W>,
    headings: &[Heading],
    cells: &[Cell<'_>],
) -> io::Result<()> {
    for (heading, cell) in headings.iter().zip(cells) {
        match cell {
            Cell::Empty => to.write_field("")?,
            Cell::Text(text) => to.write_field(guard(text).as_bytes())?,
            Cell::Number(number) => to.write_field(number.to_string())?,
            Cell::Date(date) | Cell::DoneOn(Some(date)) => to.write_field(date.to_string())?,
            Cell::DoneOn(None) => to.write_field("NO")?,
            Cell::Moment(at) => to.write_field(iso(*at))?,
            Cell::YesNo(yes) => to.write_field(if *yes { "yes" } else { "no" })?,
            Cell::Weeks(states) => {
                for week in 0..heading.weeks.unwrap_or_default() as usize {
                    let state = states.get(week).copied();
                    to.write_field(state.and_then(mark).unwrap_or_default())?;
                }
            }
        }
    }
    Ok(to.write_record(None::<&[u8]>)?)
}

/// A moment as ISO 8601 and Excel both read it.
pub fn iso(at: NaiveDateTime) -> String {
    at.format("%F %T").to_string()
}

/// Text that a spreadsheet would run as a formula gets a `'` before it, and so
/// does what looks like text guarded so already: taking one `'` off before
/// such text always gives back what was there.
pub fn guard(text: &str) -> Cow<'_, str> {
    if runs_as_formula(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_a_formula() {
        for text in [
            "=1+1",
            "+1 604 555 0101",
            "-2",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\u{ff1d}1",
            "'=1",
            "''+1",
        ] {
            assert_eq!(guard(text), format!("'{text}"));
        }
        for text in ["", "Amara", "O'Neill", "'tHart", "''", "2024-01-18", "a=b"] {
            assert_eq!(guard(text), text);
        }
    }
}

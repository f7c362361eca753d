//! A table as CSV that leads back to the very same values: nothing and empty
//! text are told apart, and what keeps a spreadsheet from running text as a
//! formula can be taken off again.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};

use sha2::{Digest, Sha256};

use super::csv::{self, BYTE_ORDER_MARK, Delimiter};
use crate::domain::text;

/// Text as a cell. Whatever begins like a formula gets a `'` before it, however
/// many there are already; and so does empty text, because an empty cell is
/// nothing at all.
pub fn cell(text: Option<&str>) -> Cow<'_, str> {
    match text {
        None => Cow::Borrowed(""),
        Some(text) if is_guarded(text) => Cow::Owned(format!("'{text}")),
        Some(text) => Cow::Borrowed(text),
    }
}

/// The text in such a cell.
pub fn text(cell: &str) -> Option<&str> {
    match cell.strip_prefix('\'') {
        _ if cell.is_empty() => None,
        Some(rest) if is_guarded(rest) => Some(rest),
        _ => Some(cell),
    }
}

/// Whether text is a formula, or nothing at all, behind any number of `'`.
fn is_guarded(text: &str) -> bool {
    text::runs_as_formula(text) || text.trim_start_matches('\'').is_empty()
}

/// A CSV file that counts its rows and sums up its bytes as it is written.
pub struct Table<W: Write> {
    to: io::BufWriter<Summed<W>>,
    count: usize,
}

/// What there is to say of a file that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sum {
    pub rows: usize,
    /// The SHA-256 of its bytes, in hex.
    pub sha256: String,
}

impl<W: Write> Table<W> {
    /// Begins with the mark that Excel needs, and the names of the columns.
    pub fn begin<'c>(to: W, columns: impl IntoIterator<Item = &'c str>) -> io::Result<Self> {
        let mut to = Summed { to, sum: Sha256::new() };
        to.write_all(BYTE_ORDER_MARK)?;
        let mut table = Self { to: io::BufWriter::new(to), count: 0 };
        table.line(columns.into_iter().map(Cow::Borrowed))?;
        Ok(table)
    }

    pub fn row<'c>(&mut self, cells: impl IntoIterator<Item = Cow<'c, str>>) -> io::Result<()> {
        self.line(cells)?;
        self.count += 1;
        Ok(())
    }

    fn line<'c>(&mut self, cells: impl IntoIterator<Item = Cow<'c, str>>) -> io::Result<()> {
        let cells: Vec<_> = cells.into_iter().collect();
        csv::write_line(&mut self.to, Delimiter::Comma, cells.into_iter())
    }

    /// Gives back what it was written to.
    pub fn finish(self) -> io::Result<(W, Sum)> {
        let Summed { to, sum } = self.to.into_inner().map_err(|error| {
            let error = error.into_error();
            io::Error::new(error.kind(), error)
        })?;
        Ok((to, Sum { rows: self.count, sha256: hex(sum) }))
    }
}

/// The same of a text that is no table: its lines and its bytes.
pub fn sum_of(text: &[u8]) -> Sum {
    Sum {
        rows: text.split_inclusive(|byte| *byte == b'\n').count(),
        sha256: hex(Sha256::new_with_prefix(text)),
    }
}

fn hex(sum: Sha256) -> String {
    sum.finalize().iter().fold(String::new(), |mut hex, byte| {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// Sums up what goes through it.
struct Summed<W> {
    to: W,
    sum: Sha256,
}

impl<W: Write> Write for Summed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.to.write(bytes)?;
        self.sum.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop_oneof, proptest};

    use super::*;

    #[test]
    fn what_is_written_can_be_told_apart() {
        for (text, written) in [
            (None, ""),
            (Some(""), "'"),
            (Some("'"), "''"),
            (Some("''"), "'''"),
            (Some("=1+1"), "'=1+1"),
            (Some("'=1+1"), "''=1+1"),
            (Some("+1 604 555 0101"), "'+1 604 555 0101"),
            (Some("O'Neill"), "O'Neill"),
            (Some("'tHart"), "'tHart"),
            (Some(" Amara "), " Amara "),
        ] {
            assert_eq!(cell(text), written, "{text:?}");
            assert_eq!(self::text(written), text, "{written:?}");
        }
        // Somebody took the `'` off in a spreadsheet: it is still that text.
        assert_eq!(self::text("=1+1"), Some("=1+1"));
    }

    #[test]
    fn any_text_comes_back() {
        let odd = "['=+@\t\r\n,\" -]{0,6}.{0,3}";
        proptest!(|(text in prop_oneof![odd, any::<String>()])| {
            let written = cell(Some(&text));
            assert_eq!(self::text(&written), Some(&*text));
        });
    }
}

//! Cells as CSV that a spreadsheet takes as it is, and never runs.

use std::borrow::Cow;
use std::io::{self, Write};

use chrono::NaiveDateTime;

use crate::domain::roster::Cell;
use crate::domain::text::runs_as_formula;
use crate::domain::words::words;

/// What Excel needs at the start of a file to read it as UTF-8.
pub const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

words! {
    /// What stands between two values.
    pub enum Delimiter {
        Comma = "comma",
        /// What Excel expects where a comma is the decimal sign.
        Semicolon = "semicolon",
        Tab = "tab",
    }
}

impl Delimiter {
    pub fn sign(self) -> char {
        match self {
            Self::Comma => ',',
            Self::Semicolon => ';',
            Self::Tab => '\t',
        }
    }
}

/// Writes one line. The csv crate quotes a text for the line's own delimiter
/// alone; here every text with any of them is quoted. A spreadsheet may take
/// each of the three for one, and would cut a text in two of which the second
/// begins as a formula (OWASP, "CSV injection").
pub fn write_line<'v>(
    to: &mut impl Write,
    delimiter: Delimiter,
    values: impl Iterator<Item = Cow<'v, str>>,
) -> io::Result<()> {
    let mut values = values.peekable();
    let mut is_first = true;
    while let Some(value) = values.next() {
        let alone = is_first && values.peek().is_none();
        if !is_first {
            to.write_all(delimiter.sign().encode_utf8(&mut [0; 4]).as_bytes())?;
        }
        is_first = false;
        let is_special = |byte: &u8| matches!(byte, b',' | b';' | b'\t' | b'"' | b'\r' | b'\n');
        // A line without anything on it would be no line to a reader.
        if value.as_bytes().iter().any(is_special) || (alone && value.is_empty()) {
            write!(to, "\"{}\"", value.replace('"', "\"\""))?;
        } else {
            to.write_all(value.as_bytes())?;
        }
    }
    to.write_all(b"\n")
}

/// A cell as the text that stands for it in CSV, before it is guarded.
pub fn plain<'c>(cell: &'c Cell<'_>) -> Cow<'c, str> {
    match cell {
        Cell::Text(text) => Cow::Borrowed(text),
        Cell::Number(number) => number.to_string().into(),
        Cell::Date(date) | Cell::DoneOn(Some(date)) => date.to_string().into(),
        Cell::DoneOn(None) => "NO".into(),
        Cell::Moment(at) => iso(*at).into(),
        Cell::YesNo(yes) => if *yes { "yes" } else { "no" }.into(),
        // Weeks are a cell each by then.
        Cell::Empty | Cell::Weeks(_) => "".into(),
    }
}

/// A cell as it is written. Numbers are as they are: they are ours.
pub fn guarded<'c>(cell: &'c Cell<'_>) -> Cow<'c, str> {
    match cell {
        Cell::Text(text) => guard(text),
        other => plain(other),
    }
}

/// A moment as ISO 8601 and Excel both read it.
pub fn iso(at: NaiveDateTime) -> String {
    at.format("%F %T").to_string()
}

/// Text that a spreadsheet would run as a formula gets a `'` before it, and so
/// does what looks like text guarded so already: taking one `'` off before
/// such text always gives back what was there.
///
/// A `-` alone is no formula. It is what people put for a last name that they
/// do not have, and Zoom would show a `'-` to the whole group.
pub fn guard(text: &str) -> Cow<'_, str> {
    if runs_as_formula(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::words::Word;

    #[test]
    fn nothing_is_a_formula() {
        for text in [
            "=1+1",
            "+1 604 555 0101",
            "-2",
            "--",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\u{ff1d}1",
            "'=1",
            "''+1",
            "'-",
        ] {
            assert_eq!(guard(text), format!("'{text}"));
        }
        for text in ["", "Amara", "O'Neill", "'tHart", "''", "2024-01-18", "a=b", "-"] {
            assert_eq!(guard(text), text);
        }
    }

    #[test]
    fn no_delimiter_cuts_a_text_in_two_whichever_the_line_has() {
        for (values, line) in [
            (&["a", "b"][..], "a,b\n"),
            (&["a,=1", "b;=1", "c\t=1"], "\"a,=1\",\"b;=1\",\"c\t=1\"\n"),
            (&["say \"x\"", "two\nlines", "b\r"], "\"say \"\"x\"\"\",\"two\nlines\",\"b\r\"\n"),
            (&["", ""], ",\n"),
            (&[""], "\"\"\n"),
        ] {
            for delimiter in Delimiter::ALL {
                let mut written = Vec::new();
                let texts: Vec<Cow<'_, str>> = values.iter().map(|v| Cow::Borrowed(*v)).collect();
                write_line(&mut written, *delimiter, texts.into_iter()).unwrap();
                if *delimiter == Delimiter::Comma {
                    assert_eq!(String::from_utf8_lossy(&written), line);
                }
                let mut reader = ::csv::ReaderBuilder::new()
                    .has_headers(false)
                    .delimiter(u8::try_from(delimiter.sign()).unwrap())
                    .from_reader(&*written);
                let read = reader.records().next().unwrap().unwrap();
                assert_eq!(read.iter().collect::<Vec<_>>(), values, "{delimiter}");
            }
        }
    }
}

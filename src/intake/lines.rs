//! The lines of a CSV file, one at a time and never more than a line in memory,
//! each with its number in the file.
//!
//! A line is what a spreadsheet shows as a row: text in quotes may hold line
//! ends, and the number is that of the first of them.

use std::io::{self, BufRead};

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use super::{LONGEST_CELL, LONGEST_ROW, MOST_COLUMNS};

/// Reads lines that stay within the limits.
pub struct Lines<R> {
    from: R,
    core: Reader,
    delimiter: u8,
    place: Place,
    fields: Vec<u8>,
    ends: Vec<usize>,
    is_over: bool,
}

/// Where the reading is. The reader of CSV takes text after a closing quotation
/// mark, and a mark that is never closed, for what they are not.
struct Place {
    /// The number of the line.
    line: usize,
    after: After,
    ends: LineEnds,
}

/// Tells line ends: a file has CR, LF, or both of them for one.
#[derive(Default)]
pub(super) struct LineEnds {
    after_cr: bool,
}

impl LineEnds {
    /// Whether a byte begins a line end, byte after byte.
    pub(super) fn begins(&mut self, byte: u8) -> bool {
        let begins = byte == b'\r' || (byte == b'\n' && !self.after_cr);
        self.after_cr = byte == b'\r';
        begins
    }
}

/// What was read last.
#[derive(Clone, Copy, PartialEq, Eq)]
enum After {
    /// Nothing of a cell yet.
    Start,
    Text,
    /// Something within quotation marks; with the line of the first.
    Quoted(usize),
    /// A mark that ends the cell, unless another follows.
    Closing(usize),
}

/// One line.
#[derive(Debug)]
pub struct Line<'l> {
    pub number: usize,
    fields: &'l str,
    ends: &'l [usize],
}

/// What is wrong with a line, whatever it is to mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bad {
    /// A cell or all of it is too long. Where the next line begins cannot be
    /// known, so that this is the last one read.
    LongCell,
    LongRow,
    /// Too many columns. This, too, is the last line read.
    Wide,
    /// A quotation mark is open at the end of the file. What is below it was
    /// read as one cell.
    Unclosed,
    /// Text stands behind a closing quotation mark: most likely the mark before
    /// it was never closed.
    BehindQuote,
    /// Bytes that are no UTF-8.
    NotText,
    /// A NUL, which no text holds.
    Nul,
}

impl Bad {
    /// What is wrong, to stand behind the line's number.
    pub fn what(self) -> &'static str {
        match self {
            Self::LongCell => {
                "has a cell of more than 1 MB, which is too long; perhaps a quotation mark is never closed"
            }
            Self::LongRow => {
                "is a row of more than 4 MB, which is too long; perhaps a quotation mark is never closed"
            }
            Self::Wide => "has more than 256 columns",
            Self::Unclosed => "has a quotation mark that is never closed",
            Self::BehindQuote => {
                "has a quotation mark that is never closed, or one in its text that is not doubled"
            }
            Self::NotText => "is not in UTF-8",
            Self::Nul => "holds a sign that no text has",
        }
    }
}

impl<R: BufRead> Lines<R> {
    /// A byte order mark at the beginning is passed over.
    pub fn new(from: R, delimiter: u8) -> Self {
        Self {
            from,
            core: ReaderBuilder::new().delimiter(delimiter).build(),
            delimiter,
            place: Place { line: 1, after: After::Start, ends: LineEnds::default() },
            fields: vec![0; 4096],
            ends: vec![0; MOST_COLUMNS + 1],
            is_over: false,
        }
    }

    /// The next line; or its number, and what is wrong with it.
    pub fn read(&mut self) -> io::Result<Option<Result<Line<'_>, (usize, Bad)>>> {
        if self.is_over {
            return Ok(None);
        }
        self.pass_line_ends()?;
        let number = self.place.line;
        let (mut filled, mut count) = (0, 0);
        loop {
            let input = self.from.fill_buf()?;
            let (result, read, written, ended) =
                self.core.read_record(input, &mut self.fields[filled..], &mut self.ends[count..]);
            let is_end = input.is_empty();
            let misquoted = self.place.pass(&input[..read], self.delimiter);
            self.from.consume(read);
            if let Some(line) = misquoted {
                self.is_over = true;
                return Ok(Some(Err((line, Bad::BehindQuote))));
            }
            if let (true, After::Quoted(line)) = (is_end, self.place.after) {
                self.is_over = true;
                return Ok(Some(Err((line, Bad::Unclosed))));
            }
            filled += written;
            count += ended;
            let last_end = count.checked_sub(1).map_or(0, |last| self.ends[last]);
            if count > MOST_COLUMNS || matches!(result, ReadRecordResult::OutputEndsFull) {
                self.is_over = true;
                return Ok(Some(Err((number, Bad::Wide))));
            }
            if filled - last_end > LONGEST_CELL || filled > LONGEST_ROW {
                self.is_over = true;
                let cell = filled - last_end > LONGEST_CELL;
                return Ok(Some(Err((number, if cell { Bad::LongCell } else { Bad::LongRow }))));
            }
            match result {
                ReadRecordResult::OutputFull => self.fields.resize(self.fields.len() * 2, 0),
                ReadRecordResult::Record => break,
                ReadRecordResult::End => return Ok(None),
                ReadRecordResult::InputEmpty | ReadRecordResult::OutputEndsFull => {}
            }
        }
        let line = Line::checked(number, &self.fields[..filled], &self.ends[..count]);
        Ok(Some(line.map_err(|bad| (number, bad))))
    }

    /// Passes over empty lines, and over what is left of the line end before.
    fn pass_line_ends(&mut self) -> io::Result<()> {
        let mark = b"\xef\xbb\xbf";
        if self.place.line == 1 && self.from.fill_buf()?.starts_with(mark) {
            self.from.consume(mark.len());
        }
        loop {
            let input = self.from.fill_buf()?;
            let ends = input.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            self.place.pass(&input[..ends], self.delimiter);
            let only_ends = ends > 0 && ends == input.len();
            self.from.consume(ends);
            if !only_ends {
                return Ok(());
            }
        }
    }
}

impl Place {
    /// Passes over what was read. Gives the line of a quotation mark that opens a
    /// cell, where text stands right behind the one that closes it.
    fn pass(&mut self, text: &[u8], delimiter: u8) -> Option<usize> {
        let is_end = |byte: &u8| matches!(byte, b'\r' | b'\n');
        // Most lines have no quotation mark, and nothing has to be told apart.
        if let (After::Start | After::Text, Some((last, before))) = (self.after, text.split_last())
            && !text.contains(&b'"')
            && !before.contains(&b'\n')
            && !before.contains(&b'\r')
        {
            self.ends.after_cr &= before.is_empty();
            self.line += usize::from(self.ends.begins(*last));
            let ends_cell = is_end(last) || *last == delimiter;
            self.after = if ends_cell { After::Start } else { After::Text };
            return None;
        }
        let mut misquoted = None;
        for byte in text {
            let ends_cell = is_end(byte) || *byte == delimiter;
            self.after = match (self.after, byte) {
                (After::Start, b'"') => After::Quoted(self.line),
                (After::Quoted(line), b'"') => After::Closing(line),
                (After::Closing(line), b'"') | (After::Quoted(line), _) => After::Quoted(line),
                _ if ends_cell => After::Start,
                (After::Closing(line), _) => {
                    misquoted = misquoted.or(Some(line));
                    After::Text
                }
                _ => After::Text,
            };
            self.line += usize::from(self.ends.begins(*byte));
        }
        misquoted
    }
}

impl<'l> Line<'l> {
    fn checked(number: usize, fields: &'l [u8], ends: &'l [usize]) -> Result<Self, Bad> {
        let starts = [0].iter().chain(ends);
        if ends.iter().zip(starts).any(|(end, start)| end - start > LONGEST_CELL) {
            return Err(Bad::LongCell);
        }
        let fields = str::from_utf8(fields).map_err(|_| Bad::NotText)?;
        if !ends.iter().all(|end| fields.is_char_boundary(*end)) {
            return Err(Bad::NotText);
        }
        if fields.as_bytes().contains(&0) {
            return Err(Bad::Nul);
        }
        Ok(Self { number, fields, ends })
    }

    /// How many fields there are.
    pub fn width(&self) -> usize {
        self.ends.len()
    }

    /// A field; nothing where the line is shorter.
    pub fn field(&self, at: usize) -> Option<&'l str> {
        let end = *self.ends.get(at)?;
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.fields.get(start..end)
    }

    pub fn fields(&self) -> impl Iterator<Item = &'l str> {
        (0..self.width()).filter_map(|at| self.field(at))
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufReader, Read, repeat};

    use super::*;

    /// Each line with its number, or what is wrong with it.
    fn read(text: impl Read) -> Vec<(usize, Result<Vec<String>, Bad>)> {
        // A buffer that holds the byte order mark, and little more.
        let mut lines = Lines::new(BufReader::with_capacity(5, text), b',');
        let mut found = Vec::new();
        while let Some(line) = lines.read().unwrap() {
            found.push(match line {
                Ok(line) => (line.number, Ok(line.fields().map(str::to_owned).collect())),
                Err((number, bad)) => (number, Err(bad)),
            });
        }
        found
    }

    #[expect(clippy::unnecessary_wraps, reason = "as `read` gives them")]
    fn fields(fields: &[&str]) -> Result<Vec<String>, Bad> {
        Ok(fields.iter().map(|field| (*field).to_owned()).collect())
    }

    #[test]
    fn lines_have_the_numbers_that_an_editor_shows() {
        let text = "a,b\n1,\"x\ny\"\n\n2,\"\"\"\"\n3,";
        let lines = vec![
            (1, fields(&["a", "b"])),
            (2, fields(&["1", "x\ny"])),
            (5, fields(&["2", "\""])),
            (6, fields(&["3", ""])),
        ];
        assert_eq!(read(text.as_bytes()), lines);
        assert_eq!(read(("\u{feff}".to_owned() + text).as_bytes()), lines);
        let windows = text.replace('\n', "\r\n").replace("x\r\ny", "x\ny");
        assert_eq!(read(windows.as_bytes()), lines);
        assert_eq!(read("".as_bytes()), []);
        assert_eq!(read("\n\r\n".as_bytes()), []);
    }

    #[test]
    fn lines_are_counted_whatever_ends_them() {
        let text = "a,b\n1,\"x\ny\"\n\n2,\n";
        for end in ["\n", "\r", "\r\n"] {
            let lines: Vec<usize> =
                read(text.replace('\n', end).as_bytes()).iter().map(|(line, _)| *line).collect();
            assert_eq!(lines, [1, 2, 5], "{end:?}");
        }
    }

    #[test]
    fn a_quotation_mark_that_is_not_closed_swallows_nobody() {
        let first = (1, fields(&["a", "b"]));
        for (rows, line, bad) in [
            ("1,\"604\n2,x\n3,y\n", 2, Bad::Unclosed),
            ("1,\"604\n2,\"x\"\n3,y\n", 2, Bad::BehindQuote),
            ("1,\"x\"\n2,\"", 3, Bad::Unclosed),
            ("1,\"x\ny\"z\n", 2, Bad::BehindQuote),
            ("1,\"x\" \n", 2, Bad::BehindQuote),
        ] {
            let found = read(format!("a,b\n{rows}").as_bytes());
            assert_eq!(found[0], first);
            assert_eq!(found.last(), Some(&(line, Err(bad))), "{rows:?}");
        }
        // These are as they should be.
        let text = "\u{feff}\"a\",\"b\nc\"\"\"\n6\"2,\"\"\n";
        let lines = [(1, fields(&["a", "b\nc\""])), (3, fields(&["6\"2", ""]))];
        assert_eq!(read(text.as_bytes()), lines);
    }

    #[test]
    fn what_is_no_text_is_said_with_its_line() {
        let bytes: &[u8] = b"a\nb\xff\nc\0\nd";
        let expected = vec![
            (1, fields(&["a"])),
            (2, Err(Bad::NotText)),
            (3, Err(Bad::Nul)),
            (4, fields(&["d"])),
        ];
        assert_eq!(read(bytes), expected);
    }

    #[test]
    fn a_cell_without_end_is_given_up() {
        let endless = b"a,b\n1,\"".chain(repeat(b'x'));
        assert_eq!(read(endless), [(1, fields(&["a", "b"])), (2, Err(Bad::LongCell))]);
        let longest = "x".repeat(LONGEST_CELL);
        let text = format!("{longest}\n{longest}x\nb");
        assert_eq!(read(text.as_bytes())[..2], [(1, fields(&[&longest])), (2, Err(Bad::LongCell))]);
    }

    #[test]
    fn a_line_without_end_is_given_up() {
        assert_eq!(read(repeat(b',')), [(1, Err(Bad::Wide))]);
        let widest = ",".repeat(MOST_COLUMNS - 1);
        assert!(read(widest.as_bytes())[0].1.is_ok());
        assert_eq!(read((widest + ",").as_bytes()), [(1, Err(Bad::Wide))]);
        let cells = ("x".repeat(LONGEST_CELL) + ",").repeat(5);
        assert_eq!(read(cells.as_bytes()), [(1, Err(Bad::LongRow))]);
    }
}

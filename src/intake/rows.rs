//! Rows of a file, one after the other, in bounded memory.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

use super::{LONGEST_CELL, LONGEST_ROW, MOST_COLUMNS, Problem, Row};

/// The signs that part cells, in the order in which they are tried.
const DELIMITERS: [u8; 3] = *b",;\t";

/// How much of a file is looked at to find out what parts its cells.
const SAMPLE: usize = 64 << 10;
const SAMPLE_ROWS: usize = 20;

/// Reads rows; blank ones are passed over.
pub struct Rows<'s>(Kind<'s>);

enum Kind<'s> {
    Workbook(std::slice::Iter<'s, Row>),
    Text { reader: Box<csv::Reader<Gate<'s>>>, left: Rc<Cell<usize>> },
}

impl<'s> Rows<'s> {
    pub(super) fn of_workbook(rows: &'s [Row]) -> Self {
        Self(Kind::Workbook(rows.iter()))
    }

    /// Rows of text in UTF-8.
    pub(super) fn of_text(text: Box<dyn Read + 's>, delimiter: u8) -> Self {
        let left = Rc::new(Cell::new(LONGEST_ROW));
        let gate = Gate { text, left: Rc::clone(&left), ends: LineEnds::default() };
        Self(Kind::Text { reader: Box::new(reader(delimiter).from_reader(gate)), left })
    }

    /// Reads the next row into `row`; false at the end.
    pub fn read(&mut self, row: &mut Row) -> Result<bool, Problem> {
        loop {
            let more = match &mut self.0 {
                Kind::Workbook(rows) => match rows.next() {
                    Some(next) => {
                        row.clone_from(next);
                        true
                    }
                    None => false,
                },
                Kind::Text { reader, left } => {
                    left.set(LONGEST_ROW);
                    let line = reader.position().line();
                    let more = reader.read_record(&mut row.cells);
                    let more = more.map_err(|error| Problem::new(line, said(&error)))?;
                    // Where a row begins is not where the one before it ended:
                    // there may be empty lines between. Each ends a line.
                    let within = row.cells.iter().map(newlines).sum::<u64>();
                    row.line = reader.position().line().saturating_sub(within + 1);
                    more
                }
            };
            if !more {
                return Ok(false);
            }
            check(row)?;
            // Excel begins a file so that says what parts its cells.
            let says_how = row.line == 1 && row.cells.len() <= 2 && row.cell(0).starts_with("sep=");
            if !row.is_blank() && !says_how {
                return Ok(true);
            }
        }
    }
}

fn reader(delimiter: u8) -> csv::ReaderBuilder {
    let mut builder = csv::ReaderBuilder::new();
    builder.has_headers(false).flexible(true).delimiter(delimiter);
    builder
}

fn check(row: &Row) -> Result<(), Problem> {
    if row.cells.len() > MOST_COLUMNS {
        let what = format!("has {} columns; there may be {MOST_COLUMNS}", row.cells.len());
        return Err(Problem::new(row.line, what));
    }
    if row.cells.iter().any(|cell| cell.len() > LONGEST_CELL) {
        return Err(Problem::new(row.line, "has a cell of more than 1 MB, which is too long"));
    }
    Ok(())
}

fn said(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::Io(error) if error.kind() == io::ErrorKind::FileTooLarge => {
            "begins a row of more than 4 MB, which is too long; perhaps a quotation mark is never closed".into()
        }
        csv::ErrorKind::Io(error) => format!("could not be read: {error}"),
        _ => "could not be read".into(),
    }
}

/// Lets through what one row may be long, and no more: a reader would take a
/// row of any length into memory. Ends every line alike, the last one too, so
/// that lines can be counted.
struct Gate<'s> {
    text: Box<dyn Read + 's>,
    left: Rc<Cell<usize>>,
    ends: LineEnds,
}

impl Read for Gate<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if self.left.get() == 0 {
                return Err(io::ErrorKind::FileTooLarge.into());
            }
            let read = self.text.read(buffer)?;
            if read == 0 {
                return Ok(self.ends.last(buffer));
            }
            self.left.set(self.left.get().saturating_sub(read));
            let kept = self.ends.unify(&mut buffer[..read]);
            if kept > 0 {
                return Ok(kept);
            }
        }
    }
}

/// Makes LF of CR LF and CR outside quotation marks.
#[derive(Default)]
struct LineEnds {
    is_quoted: bool,
    /// The last byte was a CR that became an LF: its LF is still to come.
    after_cr: bool,
    /// The last line has no end yet.
    is_open: bool,
}

impl LineEnds {
    /// Gives how many bytes are left.
    fn unify(&mut self, bytes: &mut [u8]) -> usize {
        let mut kept = 0;
        for at in 0..bytes.len() {
            let byte = bytes[at];
            if std::mem::take(&mut self.after_cr) && byte == b'\n' {
                continue;
            }
            self.is_quoted ^= byte == b'"';
            self.after_cr = byte == b'\r' && !self.is_quoted;
            let byte = if self.after_cr { b'\n' } else { byte };
            self.is_open = byte != b'\n';
            bytes[kept] = byte;
            kept += 1;
        }
        kept
    }

    /// Ends the last line, where nothing else did.
    fn last(&mut self, buffer: &mut [u8]) -> usize {
        match buffer.first_mut() {
            Some(byte) if std::mem::take(&mut self.is_open) => {
                *byte = b'\n';
                1
            }
            _ => 0,
        }
    }
}

fn newlines(text: &str) -> u64 {
    text.matches('\n').count() as u64
}

/// What parts the cells of a text: whatever gives the most of them in its first
/// rows.
pub(super) fn delimiter(text: impl Read) -> io::Result<u8> {
    let mut sample = Vec::new();
    text.take(SAMPLE as u64).read_to_end(&mut sample)?;
    if let Some(rest) = sample.strip_prefix(b"sep=")
        && let Some(said) = rest.first().filter(|said| DELIMITERS.contains(said))
    {
        return Ok(*said);
    }
    let cells = |delimiter: u8| -> usize {
        let mut reader = reader(delimiter).from_reader(sample.as_slice());
        let rows = reader.byte_records().take(SAMPLE_ROWS);
        rows.map_while(Result::ok).map(|row| row.len()).sum()
    };
    let mut best = (0, b',');
    for delimiter in DELIMITERS {
        let cells = cells(delimiter);
        if cells > best.0 {
            best = (cells, delimiter);
        }
    }
    Ok(best.1)
}

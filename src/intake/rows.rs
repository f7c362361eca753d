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
        let gate = Gate::new(text, Rc::clone(&left));
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
                    // The reader says where it began to look, above any blank lines.
                    let inside = row.cells.iter().flat_map(str::bytes).filter(|b| *b == b'\n');
                    let lines = 1 + inside.count() as u64;
                    row.line = reader.position().line().saturating_sub(lines).max(1);
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
/// row of any length into memory. Ends every line in LF, the last one too, so
/// that lines can be counted.
struct Gate<'s> {
    text: Box<dyn Read + 's>,
    left: Rc<Cell<usize>>,
    ready: Vec<u8>,
    /// How much of what is ready was taken.
    taken: usize,
    /// Whether a CR came last, which may belong to the LF that comes next.
    has_cr: bool,
    ended: bool,
}

impl<'s> Gate<'s> {
    fn new(text: Box<dyn Read + 's>, left: Rc<Cell<usize>>) -> Self {
        Self { text, left, ready: Vec::new(), taken: 0, has_cr: false, ended: false }
    }

    fn refill(&mut self) -> io::Result<()> {
        let mut raw = [0; 16 << 10];
        let read = self.text.read(&mut raw)?;
        self.ready.clear();
        self.taken = 0;
        for byte in &raw[..read] {
            if self.has_cr && *byte != b'\n' {
                self.ready.push(b'\r');
            }
            self.has_cr = *byte == b'\r';
            if !self.has_cr {
                self.ready.push(*byte);
            }
        }
        if read == 0 {
            self.ended = true;
            self.ready.push(b'\n');
        }
        Ok(())
    }
}

impl Read for Gate<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left.get() == 0 {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        while self.taken == self.ready.len() && !self.ended {
            self.refill()?;
        }
        let some = (self.ready.len() - self.taken).min(buffer.len());
        buffer[..some].copy_from_slice(&self.ready[self.taken..self.taken + some]);
        self.taken += some;
        self.left.set(self.left.get().saturating_sub(some));
        Ok(some)
    }
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

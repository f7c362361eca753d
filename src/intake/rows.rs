//! Rows of a file, one after the other, in bounded memory.

use std::io::{self, BufReader, Read};

use super::lines::Lines;
use super::{LONGEST_CELL, MOST_COLUMNS, Problem, Row};

/// The signs that part cells, in the order in which they are tried.
const DELIMITERS: [u8; 3] = *b",;\t";

/// How much of a file is looked at to find out what parts its cells.
const SAMPLE: usize = 64 << 10;
const SAMPLE_ROWS: usize = 20;

/// Reads rows; blank ones are passed over.
pub struct Rows<'s>(Kind<'s>);

enum Kind<'s> {
    Workbook(std::slice::Iter<'s, Row>),
    Text(Box<Lines<BufReader<Box<dyn Read + Send + 's>>>>),
}

impl<'s> Rows<'s> {
    pub(super) fn of_workbook(rows: &'s [Row]) -> Self {
        Self(Kind::Workbook(rows.iter()))
    }

    /// Rows of text in UTF-8.
    pub(super) fn of_text(text: Box<dyn Read + Send + 's>, delimiter: u8) -> Self {
        let text = BufReader::with_capacity(64 << 10, text);
        Self(Kind::Text(Box::new(Lines::new(text, delimiter))))
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
                Kind::Text(lines) => read_line(lines, row)?,
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

pub(super) const TOO_LONG: &str = "has a cell of more than 1 MB, which is too long";

fn check(row: &Row) -> Result<(), Problem> {
    if row.cells.len() > MOST_COLUMNS {
        let what = format!("has {} columns; there may be {MOST_COLUMNS}", row.cells.len());
        return Err(Problem::new(row.line, what));
    }
    if row.cells.iter().any(|cell| cell.len() > LONGEST_CELL) {
        return Err(Problem::new(row.line, TOO_LONG));
    }
    Ok(())
}

/// Reads the next line into `row`; false at the end.
fn read_line(lines: &mut Lines<impl io::BufRead>, row: &mut Row) -> Result<bool, Problem> {
    let number = |line: usize| u64::try_from(line).unwrap_or(u64::MAX);
    let next_line = row.line + 1;
    match lines.read() {
        Ok(None) => Ok(false),
        Ok(Some(Ok(line))) => {
            row.line = number(line.number);
            row.cells.clear();
            line.fields().for_each(|field| row.cells.push_field(field));
            Ok(true)
        }
        Ok(Some(Err((line, bad)))) => Err(Problem::new(number(line), bad.what())),
        Err(error) => Err(Problem::new(next_line, format!("could not be read: {error}"))),
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

//! Rows of cells, as a table, CSV or JSON.
//!
//! CSV and JSON are written as the rows come; a table has to see them all
//! before it knows how wide its columns are.

use std::io::{self, Write};

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::{csv, table, words};
use crate::domain::attendance::WeekState;
use crate::domain::roster::Cell;
use crate::domain::words::words;

words! {
    /// How rows are written.
    pub enum Format {
        Table = "table",
        Csv = "csv",
        Json = "json",
    }
}

/// What stands above a column.
#[derive(Debug, Clone)]
pub struct Heading {
    /// In CSV and JSON: a promise.
    pub key: String,
    /// In a table.
    pub title: String,
    /// For a column of [`Cell::Weeks`]: how many there are at the most.
    pub weeks: Option<u32>,
}

impl Heading {
    pub fn new(key: &str, title: &str) -> Self {
        Self { key: key.into(), title: title.into(), weeks: None }
    }
}

/// Writes rows in one format.
pub enum Rows<W: Write> {
    Table { to: W, titles: Vec<String>, rows: Vec<Vec<String>>, width: Option<u16> },
    Csv(Box<csv::Writer<W>>, Vec<Heading>),
    Json { to: W, headings: Vec<Heading>, any: bool },
}

impl<W: Write> Rows<W> {
    /// `width` is the terminal's, where a table goes to one.
    pub fn new(
        format: Format,
        headings: Vec<Heading>,
        mut to: W,
        width: Option<u16>,
    ) -> io::Result<Self> {
        Ok(match format {
            Format::Table => {
                let titles = headings.into_iter().map(|heading| match heading.weeks {
                    Some(weeks) => strip((1..=weeks).map(|week| week.to_string())),
                    None => heading.title,
                });
                Self::Table { to, titles: titles.collect(), rows: Vec::new(), width }
            }
            Format::Csv => {
                let mut writer = csv::writer(to);
                let mut names = Vec::new();
                for heading in &headings {
                    match heading.weeks {
                        Some(weeks) => names.extend((1..=weeks).map(|week| format!("week_{week}"))),
                        None => names.push(csv::guard(&heading.key).into_owned()),
                    }
                }
                writer.write_record(&names)?;
                Self::Csv(Box::new(writer), headings)
            }
            Format::Json => {
                to.write_all(b"[")?;
                Self::Json { to, headings, any: false }
            }
        })
    }

    pub fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        match self {
            Self::Table { rows, .. } => rows.push(cells.iter().map(shown).collect()),
            Self::Csv(writer, headings) => csv::write_row(writer, headings, cells)?,
            Self::Json { to, headings, any } => {
                to.write_all(if *any { b",\n  " } else { b"\n  " })?;
                *any = true;
                serde_json::to_writer(to, &JsonRow { headings, cells })?;
            }
        }
        Ok(())
    }

    pub fn finish(self) -> io::Result<()> {
        match self {
            Self::Table { mut to, titles, rows, width } => {
                to.write_all(table::render(titles, rows, width).as_bytes())
            }
            Self::Csv(mut writer, _) => writer.flush(),
            Self::Json { mut to, any, .. } => to.write_all(if any { b"\n]\n" } else { b"]\n" }),
        }
    }
}

/// Signs side by side, each two wide so that weeks stand under their numbers.
fn strip(signs: impl Iterator<Item = String>) -> String {
    signs.map(|sign| format!("{sign:<2}")).collect::<String>().trim_end().to_owned()
}

/// A cell in a table.
fn shown(cell: &Cell<'_>) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => words::printable(text),
        Cell::Number(number) => number.to_string(),
        Cell::Date(date) => words::short_of_year(*date),
        Cell::Moment(at) => words::moment(*at),
        Cell::DoneOn(Some(date)) => words::short(*date),
        Cell::DoneOn(None) => "NO".into(),
        Cell::YesNo(yes) => if *yes { "yes" } else { "no" }.into(),
        Cell::Weeks(weeks) => strip(weeks.iter().map(|week| week.sign())),
    }
}

/// The mark of a week as data: only what was recorded.
pub fn mark(week: WeekState) -> Option<String> {
    week.mark().map(|_| week.sign())
}

struct JsonRow<'r> {
    headings: &'r [Heading],
    cells: &'r [Cell<'r>],
}

impl Serialize for JsonRow<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(None)?;
        for (heading, cell) in self.headings.iter().zip(self.cells) {
            match cell {
                Cell::Weeks(states) => {
                    for week in 1..=heading.weeks.unwrap_or_default() {
                        let state = states.get(week as usize - 1).copied();
                        map.serialize_entry(&format!("week_{week}"), &state.and_then(mark))?;
                    }
                }
                Cell::Empty | Cell::DoneOn(None) => map.serialize_entry(&heading.key, &())?,
                Cell::Text(text) => map.serialize_entry(&heading.key, text)?,
                Cell::Number(number) => map.serialize_entry(&heading.key, number)?,
                Cell::YesNo(yes) => map.serialize_entry(&heading.key, yes)?,
                Cell::Date(date) | Cell::DoneOn(Some(date)) => {
                    map.serialize_entry(&heading.key, &date.to_string())?;
                }
                Cell::Moment(at) => map.serialize_entry(&heading.key, &csv::iso(*at))?,
            }
        }
        map.end()
    }
}

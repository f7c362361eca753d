//! Rows of cells, as a table, CSV, JSON, Markdown or a spreadsheet.
//!
//! CSV and JSON are written as the rows come. A table, of either kind, has to
//! see them all before it knows how wide its columns are, and a spreadsheet
//! before it can be packed.

use std::borrow::Cow;
use std::fmt::Display;
use std::io::Write;
use std::path::Path;

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::csv::Delimiter;
use super::{csv, markdown, table, words, xlsx};
use crate::domain::attendance::WeekState;
use crate::domain::roster::Cell;
use crate::domain::words::{Word, words};
use crate::error::Result;

words! {
    /// How rows are written.
    pub enum Format {
        Table = "table",
        Csv = "csv",
        Json = "json",
        Markdown = "markdown",
        Xlsx = "xlsx",
    }
}

impl Format {
    /// The format that a file's ending asks for.
    pub fn of_ending(path: &Path) -> Option<Self> {
        match &*path.extension()?.to_str()?.to_ascii_lowercase() {
            "txt" => Some(Self::Table),
            "md" => Some(Self::Markdown),
            ending => Self::from_word(ending),
        }
    }

    /// Whether it is for people to read: then it has the columns of the screen.
    pub fn is_to_be_read(self) -> bool {
        matches!(self, Self::Table | Self::Markdown)
    }
}

/// What stands above a column.
#[derive(Debug, Clone)]
pub struct Heading {
    /// In CSV, JSON and a spreadsheet: a promise.
    pub key: String,
    /// In a table, of either kind.
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
pub struct Rows<W: Write> {
    to: W,
    headings: Vec<Heading>,
    so_far: SoFar,
}

/// What a format has to keep until the next row, or until all are there.
enum SoFar {
    Table { titles: Vec<String>, rows: Vec<Vec<String>>, width: Option<u16> },
    Markdown { titles: Vec<String>, rows: Vec<Vec<String>> },
    Csv(Delimiter),
    Json { keys: Vec<String>, any: bool },
    Xlsx(Box<xlsx::Sheet>),
}

impl<W: Write> Rows<W> {
    /// `width` is the terminal's, where a table goes to one.
    pub fn new(format: Format, headings: Vec<Heading>, to: W, width: Option<u16>) -> Result<Self> {
        let so_far = match format {
            Format::Csv => return Self::csv(Delimiter::Comma, headings, to),
            Format::Table => {
                let titles = headings.iter().map(|heading| match heading.weeks {
                    Some(weeks) => strip((1..=weeks).map(|week| week.to_string())),
                    None => heading.title.clone(),
                });
                SoFar::Table { titles: titles.collect(), rows: Vec::new(), width }
            }
            Format::Markdown => {
                let titles = each_name(&headings, |heading| &heading.title, "");
                let titles = titles.iter().map(|title| markdown::escaped(title)).collect();
                SoFar::Markdown { titles, rows: Vec::new() }
            }
            Format::Json => SoFar::Json { keys: keys(&headings), any: false },
            Format::Xlsx => SoFar::Xlsx(Box::new(xlsx::Sheet::new(&keys(&headings))?)),
        };
        let mut rows = Self { to, headings, so_far };
        if format == Format::Json {
            rows.to.write_all(b"[")?;
        }
        Ok(rows)
    }

    pub fn csv(delimiter: Delimiter, headings: Vec<Heading>, mut to: W) -> Result<Self> {
        let keys = keys(&headings);
        csv::write_line(&mut to, delimiter, keys.iter().map(|key| csv::guard(key)))?;
        Ok(Self { to, headings, so_far: SoFar::Csv(delimiter) })
    }

    pub fn row(&mut self, cells: &[Cell<'_>]) -> Result<()> {
        let Self { to, headings, so_far } = self;
        match so_far {
            SoFar::Table { rows, .. } => rows.push(cells.iter().map(shown).collect()),
            SoFar::Markdown { rows, .. } => {
                let cells = each_week(headings, cells, |week| Some(week.sign()));
                rows.push(cells.iter().map(|cell| markdown::escaped(&shown(cell))).collect());
            }
            SoFar::Csv(delimiter) => {
                let values = headings.iter().zip(cells).flat_map(|(heading, cell)| {
                    let (one, weeks): (_, &[_]) = match cell {
                        Cell::Weeks(weeks) => (None, weeks),
                        cell => (Some(csv::guarded(cell)), &[]),
                    };
                    let columns = if one.is_some() { 0 } else { heading.weeks.unwrap_or_default() };
                    let mark = |week| weeks.get(week as usize).copied().and_then(mark);
                    one.into_iter()
                        .chain((0..columns).map(move |week| mark(week).unwrap_or_default()))
                });
                csv::write_line(to, *delimiter, values)?;
            }
            SoFar::Json { keys, any } => {
                to.write_all(if *any { b",\n  " } else { b"\n  " })?;
                *any = true;
                let row = JsonRow { keys, cells: &each_week(headings, cells, mark) };
                serde_json::to_writer(to, &row).map_err(std::io::Error::from)?;
            }
            SoFar::Xlsx(sheet) => sheet.row(&each_week(headings, cells, mark))?,
        }
        Ok(())
    }

    /// Whoever gave the place to write to flushes it: rows on stdout wait there
    /// until the command is done with the records.
    pub fn finish(self) -> Result<()> {
        let Self { mut to, so_far, .. } = self;
        match so_far {
            SoFar::Table { titles, rows, width } => {
                to.write_all(table::render(titles, rows, width).as_bytes())?;
            }
            SoFar::Markdown { titles, rows } => {
                to.write_all(markdown::render(titles, rows).as_bytes())?;
            }
            SoFar::Csv(_) => {}
            SoFar::Json { any, .. } => to.write_all(if any { b"\n]\n" } else { b"]\n" })?,
            SoFar::Xlsx(sheet) => to.write_all(&sheet.pack()?)?,
        }
        Ok(())
    }
}

/// Signs side by side, each two wide so that weeks stand under their numbers.
fn strip(signs: impl Iterator<Item = impl Display>) -> String {
    signs.map(|sign| format!("{sign:<2}")).collect::<String>().trim_end().to_owned()
}

/// The keys of columns where each week is one.
fn keys(headings: &[Heading]) -> Vec<String> {
    each_name(headings, |heading| &heading.key, "week_")
}

fn each_name(
    headings: &[Heading],
    name: fn(&Heading) -> &String,
    before_week: &str,
) -> Vec<String> {
    let mut names = Vec::new();
    for heading in headings {
        match heading.weeks {
            Some(weeks) => names.extend((1..=weeks).map(|week| format!("{before_week}{week}"))),
            None => names.push(name(heading).clone()),
        }
    }
    names
}

/// The cells of a row where each week is one.
fn each_week<'c>(
    headings: &[Heading],
    cells: &'c [Cell<'c>],
    sign: fn(WeekState) -> Option<Cow<'static, str>>,
) -> Vec<Cow<'c, Cell<'c>>> {
    let mut each = Vec::new();
    for (heading, cell) in headings.iter().zip(cells) {
        let Cell::Weeks(states) = cell else {
            each.push(Cow::Borrowed(cell));
            continue;
        };
        each.extend((0..heading.weeks.unwrap_or_default() as usize).map(|week| {
            let sign = states.get(week).copied().and_then(sign);
            Cow::Owned(sign.map_or(Cell::Empty, Cell::text))
        }));
    }
    each
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
fn mark(week: WeekState) -> Option<Cow<'static, str>> {
    week.mark().map(|_| week.sign())
}

struct JsonRow<'r> {
    keys: &'r [String],
    cells: &'r [Cow<'r, Cell<'r>>],
}

impl Serialize for JsonRow<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(Some(self.keys.len()))?;
        for (key, cell) in self.keys.iter().zip(self.cells) {
            match &**cell {
                Cell::Empty | Cell::DoneOn(None) => map.serialize_entry(key, &())?,
                Cell::Number(number) => map.serialize_entry(key, number)?,
                Cell::YesNo(yes) => map.serialize_entry(key, yes)?,
                other => map.serialize_entry(key, &csv::plain(other))?,
            }
        }
        map.end()
    }
}

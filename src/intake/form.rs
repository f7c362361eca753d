//! Sign-up forms as they are downloaded: which column is what.
//!
//! The headings are those of Microsoft Forms, Google Forms, Qualtrics, REDCap
//! and our own rosters, with the usual spellings of questions; what else a
//! heading means is said in `[import.NAME]` of cohorts.toml.

mod answers;

use chrono::NaiveDateTime;

use super::dates::{Possible, Told};
use super::headings::{self, Meaning};
use super::{Problem, Row, Rows, Source, unguarded};
use crate::domain::sign_up::{Field, Mapping};
use crate::domain::text;
use crate::domain::words::Word;
use crate::error::Result;
pub use answers::{Answers, Entry};

/// A form whose columns are known.
pub struct Form {
    columns: Vec<Column>,
    /// Which columns are a field, in the order of [`Field::ALL`].
    of_field: Vec<Vec<usize>>,
    /// The rows above the answers, as they are.
    pub heads: Vec<Row>,
    /// What is asked in each column of the file.
    asked: Vec<String>,
    /// Headings of columns that are not read.
    pub unread: Vec<String>,
    /// The question that is about the agreement. Of several that could be it,
    /// none is read.
    pub agreements: Vec<String>,
    /// Fields that several columns are, with their headings.
    pub doubled: Vec<(Field, Vec<String>)>,
    is_roster: bool,
    /// The order of day and month, where the form's times and days tell.
    pub order: Option<Told>,
}

/// So many characters of a heading say which one it is.
const LONGEST_HEADING: usize = 80;

struct Column {
    index: usize,
    meaning: Meaning,
}

/// Whether a mapping is for a form with these headings: it has all of its own.
fn fits(mapping: &Mapping, headings: &[Vec<String>]) -> bool {
    !mapping.headings.is_empty()
        && mapping.headings.iter().all(|(_, wanted)| position(headings, wanted).is_some())
}

/// The column under a heading.
fn position(headings: &[Vec<String>], wanted: &str) -> Option<usize> {
    let wanted = headings::normal(wanted);
    headings
        .iter()
        .position(|of_column| of_column.iter().any(|one| headings::normal(one) == wanted))
}

/// Whether there is an answer in a cell: Microsoft Forms writes `anonymous` where it
/// knew nothing.
fn says_something(row: &Row, column: usize) -> bool {
    let text = unguarded(row.cell(column));
    !text.is_empty() && !text.eq_ignore_ascii_case("anonymous")
}

impl Form {
    /// Finds out what the columns are. `latest` is the moment after which
    /// nobody can have signed up yet.
    pub fn recognize(
        source: &Source,
        mappings: &[Mapping],
        said: &[(Field, String)],
        latest: NaiveDateTime,
    ) -> Result<std::result::Result<Self, Problem>> {
        let mut rows = source.rows()?;
        Ok(Self::read_heads(&mut rows, mappings, said)
            .and_then(|form| form.with_rows(&mut rows, latest)))
    }

    fn read_heads(
        rows: &mut Rows<'_>,
        mappings: &[Mapping],
        said: &[(Field, String)],
    ) -> std::result::Result<Self, Problem> {
        let mut head = Row::default();
        if !rows.read(&mut head)? {
            return Err(Problem::new(1, "has nothing in it"));
        }
        let names: Vec<String> = head.cells.iter().map(|cell| cell.trim().to_owned()).collect();
        let mut headings: Vec<Vec<String>> = names.iter().map(|name| vec![name.clone()]).collect();
        let mut heads = vec![head];
        if headings::is_qualtrics(&names) {
            // Below the names stand the questions, and then what a program needs.
            for below in 1..=2 {
                let mut row = Row::default();
                if !rows.read(&mut row)? {
                    break;
                }
                let for_programs = row.cells.iter().any(|cell| cell.starts_with("{\"ImportId\""));
                if !for_programs && below == 1 {
                    for (of_column, question) in headings.iter_mut().zip(&row.cells) {
                        of_column.push(question.trim().to_owned());
                    }
                } else if !for_programs {
                    break;
                }
                heads.push(row);
                if for_programs {
                    break;
                }
            }
        }
        let mapped: Vec<(Field, usize)> = mappings
            .iter()
            .filter(|mapping| fits(mapping, &headings))
            .max_by_key(|mapping| mapping.headings.len())
            .map_or(&[][..], |mapping| &mapping.headings)
            .iter()
            .chain(said)
            .filter_map(|(field, heading)| Some((*field, position(&headings, heading)?)))
            .collect();
        let is_roster = headings::is_roster(&names);
        let mut form = Self {
            columns: Vec::new(),
            of_field: Vec::new(),
            heads,
            asked: headings.iter().map(|of| of.last().cloned().unwrap_or_default()).collect(),
            unread: Vec::new(),
            agreements: Vec::new(),
            doubled: Vec::new(),
            is_roster,
            order: None,
        };
        let mut agreements: Vec<String> = Vec::new();
        for (index, of_column) in headings.iter().enumerate() {
            let asked = of_column.last().map_or("", String::as_str);
            if let Some((field, _)) = mapped.iter().find(|(_, column)| *column == index) {
                if *field == Field::Agreed {
                    agreements.push(asked.to_owned());
                }
                form.columns.push(Column { index, meaning: Meaning::Field(*field) });
                continue;
            }
            let meaning =
                of_column.iter().find_map(|heading| headings::meaning(heading, is_roster));
            match meaning {
                // What was said of a field counts, and not what looks like it.
                Some(Meaning::Field(field)) if mapped.iter().any(|(other, _)| *other == field) => {}
                Some(Meaning::Choice(field, _))
                    if mapped.iter().any(|(other, _)| *other == field) => {}
                Some(Meaning::Nothing) => {}
                Some(meaning) if meaning.is_of(Field::Agreed) => {
                    let asked = headings::question(asked).to_owned();
                    if !agreements.contains(&asked) {
                        agreements.push(asked);
                    }
                    form.columns.push(Column { index, meaning });
                }
                Some(meaning) => form.columns.push(Column { index, meaning }),
                None => {
                    form.unread.extend(of_column.last().filter(|name| !name.is_empty()).cloned());
                }
            }
        }
        if agreements.len() > 1 {
            form.columns.retain(|column| !column.meaning.is_of(Field::Agreed));
            form.unread.extend(agreements.iter().cloned());
        }
        form.agreements = agreements;
        for field in Field::ALL {
            let is_it =
                |column: &&Column| matches!(column.meaning, Meaning::Field(of) if of == *field);
            form.of_field
                .push(form.columns.iter().filter(is_it).map(|column| column.index).collect());
        }
        Ok(form)
    }

    /// Looks at the rows: at all times and days, as one of them may tell what the
    /// numbers of a day mean, and for addresses, as a column may have none.
    fn with_rows(
        mut self,
        rows: &mut Rows<'_>,
        latest: NaiveDateTime,
    ) -> std::result::Result<Self, Problem> {
        let mut possible = Possible::default();
        let fields = [Field::SignedUp, Field::Agreed];
        let has_days = fields.iter().any(|field| self.has(*field));
        let mut silent = self.of_field[Field::Email as usize].clone();
        let mut row = Row::default();
        while has_days || !silent.is_empty() {
            match rows.read(&mut row) {
                Ok(true) => {}
                // What is wrong with it is told with all else that is.
                Err(problem) if has_days => return Err(problem),
                _ => break,
            }
            silent.retain(|column| !says_something(&row, *column));
            for field in fields {
                let text = self.text(&row, field);
                if !text.is_empty() {
                    possible.look_at(field, text, latest);
                }
            }
        }
        self.order = possible.order();
        self.columns.retain(|column| !silent.contains(&column.index));
        self.of_field[Field::Email as usize].retain(|column| !silent.contains(column));
        for (field, columns) in Field::ALL.iter().zip(&self.of_field) {
            if columns.len() > 1 {
                let asked = columns.iter().map(|column| self.asked[*column].clone());
                self.doubled.push((*field, asked.collect()));
            }
        }
        Ok(self)
    }

    pub fn has(&self, field: Field) -> bool {
        self.columns.iter().any(|column| column.meaning.is_of(field))
    }

    /// Whether people can be told from it: it has their names.
    pub fn has_names(&self) -> bool {
        self.has(Field::Name) || (self.has(Field::FirstName) && self.has(Field::LastName))
    }

    /// The text of a field: of several columns the last that says something, as
    /// a question that a form asks is below what it knew before.
    fn text<'r>(&self, row: &'r Row, field: Field) -> &'r str {
        self.column(row, field).map(|column| unguarded(row.cell(column))).unwrap_or_default()
    }

    /// The column that has the text of a field.
    fn column(&self, row: &Row, field: Field) -> Option<usize> {
        let mut columns = self.of_field[field as usize].iter().rev().copied();
        columns.find(|column| says_something(row, *column))
    }

    /// What a field is called in the form, for whoever looks for it there.
    pub fn called(&self, field: Field) -> String {
        let is_it = |column: &&Column| column.meaning.is_of(field);
        let column = self.columns.iter().rev().find(is_it).map(|column| column.index);
        self.called_in(column, field)
    }

    fn called_in(&self, column: Option<usize>, field: Field) -> String {
        let asked = column.and_then(|column| self.asked.get(column)).map(String::as_str);
        let asked = text::tidied(headings::question(asked.unwrap_or_default()));
        // The question may be the whole text of the agreement.
        match asked.char_indices().nth(LONGEST_HEADING) {
            Some((end, _)) => format!("\"{}...\"", asked[..end].trim_end()),
            None if asked.is_empty() => format!("`{field}`"),
            None => format!("\"{asked}\""),
        }
    }

    pub fn is_roster(&self) -> bool {
        self.is_roster
    }
}

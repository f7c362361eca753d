//! Edits of `cohorts.toml`: what is new is put in where it belongs, and every
//! other byte stays as people wrote it.
//!
//! `toml_edit` only says where things stand. Writing the document with it would
//! lose CRLF line ends and the byte order mark. Whether an edit makes sense is
//! not known here: the result is read again before it is kept.

use std::ops::Range;

use chrono::NaiveDate;
use toml_edit::{Array, ArrayOfTables, Document, Item, Table, TableLike, TomlError, Value};

use crate::domain::program::{CohortId, Move};
use crate::domain::sign_up::Field;

/// The text with one more cohort, below the ones that it has.
pub fn add_cohort(text: &str, id: &CohortId, starts_on: NaiveDate) -> Result<String, TomlError> {
    let document = Document::parse(text)?;
    let edit = Edit::of(text);
    let cohorts = document.get("cohort");
    if let Some(array) = cohorts.and_then(Item::as_array) {
        let entry = format!("{{ id = \"{id}\", starts_on = {starts_on} }}");
        return Ok(edit.append(array, &entry));
    }
    let last = cohorts.and_then(Item::as_array_of_tables).and_then(last_of);
    let at = last.map_or(text.len(), |cohort| edit.below(cohort));
    let lines = ["[[cohort]]", &format!("id = \"{id}\""), &format!("starts_on = {starts_on}")];
    Ok(edit.section(at, &lines))
}

/// The text with a session of a cohort moved, in place of an earlier move of
/// that week. A text without that cohort stays as it is.
pub fn move_session(text: &str, id: &CohortId, to: &Move) -> Result<String, TomlError> {
    let document = Document::parse(text)?;
    let edit = Edit::of(text);
    let Some(cohort) = cohort_of(&document, id) else {
        return Ok(text.to_owned());
    };
    Ok(match cohort.get("moved") {
        Some(Item::ArrayOfTables(moves)) => edit.move_in_sections(moves, to),
        Some(Item::Value(Value::Array(moves))) => edit.move_in_list(moves, to),
        _ => {
            let starts_on = span(cohort.get("starts_on").and_then(Item::span));
            let key = format!("moved = [{}]", list_entry(to));
            if document.get("cohort").is_some_and(Item::is_array) {
                edit.insert(starts_on.end, &format!(", {key}"))
            } else {
                let indent = edit.indent(starts_on.start);
                let at = edit.line_end(starts_on.end);
                edit.insert(at, &format!("{}{indent}{key}", edit.newline))
            }
        }
    })
}

/// The text with a section at its end that says which column of a form is what.
/// Gives its name too: another one than those that are there.
pub fn add_import(text: &str, headings: &[(Field, String)]) -> Result<(String, String), TomlError> {
    let document = Document::parse(text)?;
    let taken = |name: &str| document.get("import").is_some_and(|all| all.get(name).is_some());
    let mut name = "forms".to_owned();
    let mut number = 1;
    while taken(&name) {
        number += 1;
        name = format!("forms-{number}");
    }
    let keys = headings
        .iter()
        .map(|(field, heading)| format!("{field} = {}", Value::from(heading.as_str())));
    let lines: Vec<String> = [format!("[import.{name}]")].into_iter().chain(keys).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    Ok((Edit::of(text).section(text.len(), &lines), name))
}

fn list_entry(to: &Move) -> String {
    format!("{{ {} }}", keys(to).join(", "))
}

fn keys(to: &Move) -> Vec<String> {
    let mut keys = vec![format!("week = {}", to.week), format!("to = {}", to.to)];
    keys.extend(to.at.map(|at| format!("at = {at}")));
    keys
}

fn cohort_of<'d>(document: &'d Document<&str>, id: &CohortId) -> Option<&'d dyn TableLike> {
    let is_it =
        |cohort: &&dyn TableLike| cohort.get("id").and_then(Item::as_str) == Some(id.as_str());
    match document.get("cohort")? {
        Item::ArrayOfTables(cohorts) => cohorts.iter().map(|c| c as &dyn TableLike).find(is_it),
        cohorts => {
            let tables = cohorts.as_array()?.iter().filter_map(|value| value.as_inline_table());
            tables.map(|c| c as &dyn TableLike).find(is_it)
        }
    }
}

/// Which of some moves a new one replaces, or else which it precedes.
enum Spot {
    Over(usize),
    Before(usize),
    Last,
}

impl Spot {
    fn among(weeks: impl Iterator<Item = Option<i64>>, to: &Move) -> Self {
        let weeks: Vec<_> = weeks.collect();
        let week = Some(i64::from(to.week));
        if let Some(same) = weeks.iter().position(|other| *other == week) {
            Self::Over(same)
        } else if let Some(later) = weeks.iter().position(|other| *other > week) {
            Self::Before(later)
        } else {
            Self::Last
        }
    }
}

/// A text to be edited, with its own line ends.
struct Edit<'t> {
    text: &'t str,
    newline: &'static str,
}

impl<'t> Edit<'t> {
    fn of(text: &'t str) -> Self {
        let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
        Self { text, newline }
    }

    fn insert(&self, at: usize, new: &str) -> String {
        self.replace(at..at, new)
    }

    fn replace(&self, place: Range<usize>, new: &str) -> String {
        [&self.text[..place.start], new, &self.text[place.end..]].concat()
    }

    /// The end of the line that a byte is on, its newline left out.
    fn line_end(&self, at: usize) -> usize {
        let rest = &self.text[at..];
        at + rest.lines().next().map_or(0, str::len)
    }

    /// The blanks before the first thing on the line that a byte is on.
    fn indent(&self, at: usize) -> &'t str {
        let line_start = self.text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let line = &self.text[line_start..];
        &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
    }

    fn begins_its_line(&self, at: usize) -> bool {
        self.text[..at].ends_with(&format!("\n{}", self.indent(at)))
    }

    /// Where the lines of a section end. Comments directly below belong to it,
    /// unless they run straight into the next section.
    fn below(&self, section: &Table) -> usize {
        let mut at = self.line_end(end_of(section));
        at += newline_at(&self.text[at..]);
        let mut below_comments = at;
        for line in self.text[at..].split_inclusive('\n') {
            match line.trim_start().chars().next() {
                Some('#') => below_comments += line.len(),
                Some('[') => return at,
                _ => break,
            }
        }
        below_comments
    }

    /// Puts a section in at the beginning of a line, with a blank line on
    /// either side.
    fn section(&self, at: usize, lines: &[&str]) -> String {
        let newline = self.newline;
        let (before, after) = self.text.split_at(at);
        let blank_before = before.lines().next_back().is_none_or(|line| line.trim().is_empty());
        let blank_after = after.lines().next().is_none_or(|line| line.trim().is_empty());
        let mut new = String::new();
        if !before.is_empty() && !before.ends_with('\n') {
            new += newline;
        }
        if !blank_before {
            new += newline;
        }
        for line in lines {
            new += line;
            new += newline;
        }
        if !blank_after {
            new += newline;
        }
        self.insert(at, &new)
    }

    fn move_in_sections(&self, moves: &ArrayOfTables, to: &Move) -> String {
        let keys = keys(to);
        let mut lines = vec!["[[cohort.moved]]"];
        lines.extend(keys.iter().map(String::as_str));
        let whole = |section: &Table| span(section.span()).start..end_of(section);
        let weeks = moves.iter().map(|section| section.get("week")?.as_integer());
        match Spot::among(weeks, to) {
            Spot::Over(n) => {
                let place = moves.get(n).map(whole);
                self.replace(span(place), &lines.join(self.newline))
            }
            Spot::Before(n) => {
                let place = span(moves.get(n).and_then(Table::span));
                let line_start = place.start - self.indent(place.start).len();
                self.section(line_start, &lines)
            }
            Spot::Last => {
                let at = last_of(moves).map_or(self.text.len(), |section| self.below(section));
                self.section(at, &lines)
            }
        }
    }

    fn move_in_list(&self, moves: &Array, to: &Move) -> String {
        let entry = list_entry(to);
        let weeks = moves.iter().map(|one| one.as_inline_table()?.get("week")?.as_integer());
        let place = |n| span(moves.get(n).and_then(Value::span));
        match Spot::among(weeks, to) {
            Spot::Over(n) => self.replace(place(n), &entry),
            Spot::Before(n) => {
                let at = place(n).start;
                let between = if self.begins_its_line(at) {
                    format!(",{}{}", self.newline, self.indent(at))
                } else {
                    ", ".into()
                };
                self.insert(at, &(entry + &between))
            }
            Spot::Last => self.append(moves, &entry),
        }
    }

    /// Puts an entry in at the end of a list, on a line of its own where the
    /// last one is.
    fn append(&self, array: &Array, entry: &str) -> String {
        let whole = span(array.span());
        let Some(last) = array.iter().last() else {
            return self.insert(whole.start + 1, entry);
        };
        let last = span(last.span());
        let tail = &self.text[last.end..whole.end];
        let has_comma = tail.trim_start().starts_with(',');
        let line_end = self.line_end(last.end);
        let on_own_line = self.begins_its_line(last.start) && line_end < whole.end;
        if !on_own_line || has_comma != array.trailing_comma() {
            return self.insert(last.end, &format!(", {entry}"));
        }
        // What stands behind the last entry, such as a comment, stays there.
        let behind = &self.text[last.end..line_end];
        let indent = self.indent(last.start);
        let newline = self.newline;
        let new = if has_comma {
            format!("{behind}{newline}{indent}{entry},")
        } else {
            format!(",{behind}{newline}{indent}{entry}")
        };
        self.replace(last.end..line_end, &new)
    }
}

fn last_of(sections: &ArrayOfTables) -> Option<&Table> {
    sections.iter().last()
}

/// The end of the last value in a section, the sections within it included.
fn end_of(section: &Table) -> usize {
    let own = span(section.span()).end;
    let parts = section.iter().map(|(_, item)| match item {
        Item::Table(table) => end_of(table),
        Item::ArrayOfTables(tables) => tables.iter().map(end_of).max().unwrap_or_default(),
        item => span(item.span()).end,
    });
    parts.fold(own, usize::max)
}

/// Everything in a document that was just parsed has its place.
fn span(found: Option<Range<usize>>) -> Range<usize> {
    found.unwrap_or_default()
}

fn newline_at(rest: &str) -> usize {
    let after = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix('\n'));
    after.map_or(0, |after| rest.len() - after.len())
}

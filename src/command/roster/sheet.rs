//! The columns of one roster, and the order of its rows.

use std::io::Write;

use chrono::NaiveDateTime;

use crate::domain::group::{Group, Member};
use crate::domain::roster::{self, Cell, ChosenColumn, Column, RosterRow, Tells};
use crate::domain::text;
use crate::error::{Error, Result};
use crate::output::rows::{Heading, Rows};

/// The columns of one roster.
pub struct Sheet {
    columns: Vec<OneColumn>,
}

struct OneColumn {
    column: &'static Column,
    /// The heading of its own that a purpose gave it.
    header: Option<String>,
    /// Whoever has nothing in it is left out.
    required: bool,
}

impl OneColumn {
    fn plain(column: &'static Column) -> Self {
        Self { column, header: None, required: false }
    }
}

impl Sheet {
    pub fn new(columns: &[&'static Column]) -> Self {
        Self { columns: columns.iter().map(|column| OneColumn::plain(column)).collect() }
    }

    pub fn of(names: &[&str]) -> Result<Self> {
        let columns = names.iter().map(|name| Ok(OneColumn::plain(known(name)?)));
        Ok(Self { columns: columns.collect::<Result<_>>()? })
    }

    /// The columns of a purpose.
    pub(super) fn chosen(columns: &[ChosenColumn]) -> Result<Self> {
        let columns = columns.iter().map(|chosen| {
            Ok(OneColumn {
                column: known(&chosen.column)?,
                header: chosen.header.clone(),
                required: chosen.required,
            })
        });
        Ok(Self { columns: columns.collect::<Result<_>>()? })
    }

    /// The same with codes where people were named, or first if they were not.
    pub(super) fn with_codes(self) -> Result<Self> {
        let first_named = self.columns.iter().position(|one| one.column.tells == Tells::Who);
        let mut columns = self.columns;
        if !columns.iter().any(|one| one.column.name == "code") {
            columns.insert(first_named.unwrap_or(0), OneColumn::plain(known("code")?));
        }
        columns.retain(|one| one.column.tells != Tells::Who);
        Ok(Self { columns })
    }

    /// What stands above the columns; `weeks` is how many there are at most.
    pub fn headings(&self, weeks: u32) -> Vec<Heading> {
        self.columns
            .iter()
            .map(|OneColumn { column, header, .. }| Heading {
                key: header.clone().unwrap_or_else(|| column.name.to_owned()),
                title: header.clone().unwrap_or_else(|| column.header.to_owned()),
                weeks: (column.name == "attendance").then_some(weeks),
            })
            .collect()
    }

    pub fn has(&self, name: &str) -> bool {
        self.columns.iter().any(|one| one.column.name == name)
    }

    pub fn names(&self) -> String {
        self.columns.iter().map(|one| one.column.name).collect::<Vec<_>>().join(" ")
    }

    /// The required column in which there is nothing for a member, if any.
    pub(super) fn lacks(
        &self,
        group: &Group<'_>,
        member: &Member,
        now: NaiveDateTime,
    ) -> Option<&'static Column> {
        let row = RosterRow { group, member, now };
        self.required().find(|column| (column.value)(&row) == Cell::Empty)
    }

    pub(super) fn required(&self) -> impl Iterator<Item = &'static Column> {
        self.columns.iter().filter(|one| one.required).map(|one| one.column)
    }

    pub fn write<W: Write>(
        &self,
        rows: &mut Rows<W>,
        group: &Group<'_>,
        members: &[&Member],
        now: NaiveDateTime,
    ) -> Result<()> {
        for member in members {
            let row = RosterRow { group, member, now };
            let cells: Vec<Cell<'_>> =
                self.columns.iter().map(|one| (one.column.value)(&row)).collect();
            rows.row(&cells)?;
        }
        Ok(())
    }
}

fn known(name: &str) -> Result<&'static Column> {
    roster::column(name).ok_or_else(|| Error::refused(format!("there is no column `{name}`")))
}

/// As a list is usually sorted: by last name, then first name.
pub fn sort_by_name(members: &mut [&Member]) {
    members.sort_by_cached_key(|m| text::fold(&m.participant.listed_name()));
}

/// By the first of some columns, then by the next.
pub(super) fn sort_by(
    members: &mut [&Member],
    columns: &[&'static Column],
    group: &Group<'_>,
    now: NaiveDateTime,
) {
    for column in columns.iter().rev() {
        members.sort_by(|a, b| {
            let (a, b) = (RosterRow { group, member: a, now }, RosterRow { group, member: b, now });
            compare(&(column.value)(&a), &(column.value)(&b))
        });
    }
}

fn compare(a: &Cell<'_>, b: &Cell<'_>) -> std::cmp::Ordering {
    match (a, b) {
        (Cell::Text(a), Cell::Text(b)) => text::fold(a).cmp(&text::fold(b)),
        _ => a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal),
    }
}

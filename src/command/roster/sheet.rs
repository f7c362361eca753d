//! The columns of one roster, and the order of its rows.

use std::io::Write;

use chrono::NaiveDateTime;

use crate::domain::group::{Group, Member};
use crate::domain::roster::{self, Cell, Column, RosterRow};
use crate::domain::text;
use crate::error::{Error, Result};
use crate::output::rows::{Heading, Rows};

/// The columns of one roster.
pub struct Sheet {
    /// With the heading of its own that a column was given.
    columns: Vec<(&'static Column, Option<String>)>,
}

impl Sheet {
    pub fn new(columns: Vec<&'static Column>) -> Self {
        Self { columns: columns.into_iter().map(|column| (column, None)).collect() }
    }

    pub fn of(names: &[&str]) -> Result<Self> {
        Self::named(names.iter().map(|name| ((*name).to_owned(), None)))
    }

    /// Columns by name, each perhaps under a heading of its own.
    pub fn named(columns: impl Iterator<Item = (String, Option<String>)>) -> Result<Self> {
        let columns = columns.map(|(name, header)| {
            let column = roster::column(&name);
            column
                .map(|column| (column, header))
                .ok_or_else(|| Error::refused(format!("there is no column `{name}`")))
        });
        Ok(Self { columns: columns.collect::<Result<_>>()? })
    }

    /// What stands above the columns; `weeks` is how many there are at most.
    pub fn headings(&self, weeks: u32) -> Vec<Heading> {
        self.columns
            .iter()
            .map(|(column, header)| Heading {
                key: header.clone().unwrap_or_else(|| column.name.to_owned()),
                title: header.clone().unwrap_or_else(|| column.header.to_owned()),
                weeks: (column.name == "attendance").then_some(weeks),
            })
            .collect()
    }

    pub fn has(&self, name: &str) -> bool {
        self.columns.iter().any(|(column, _)| column.name == name)
    }

    pub fn names(&self) -> String {
        self.columns.iter().map(|(column, _)| column.name).collect::<Vec<_>>().join(" ")
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
                self.columns.iter().map(|(column, _)| (column.value)(&row)).collect();
            rows.row(&cells)?;
        }
        Ok(())
    }
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

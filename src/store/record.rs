//! A row of a query, read by the names of its columns.

use std::cell::Cell;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ValueRef};
use rusqlite::{Result, Row};

use crate::domain::iso;
use crate::domain::participant::Code;
use crate::domain::program::CohortId;
use crate::domain::words::Word;

/// A row to be read by name.
///
/// SQLite finds a name by asking for those of all columns, which for a whole
/// group takes longer than the query; with the names at hand it does not.
pub(super) struct Record<'r> {
    row: &'r Row<'r>,
    /// The columns' names in their order, or nothing for a single row.
    names: &'r [String],
    /// Behind the column that was read last: they are read in their order.
    next: Cell<usize>,
}

impl<'r> Record<'r> {
    /// A single row, where the names are not worth fetching beforehand.
    pub(super) fn single(row: &'r Row<'r>) -> Self {
        Self::of_many(row, &[])
    }

    pub(super) fn of_many(row: &'r Row<'r>, names: &'r [String]) -> Self {
        Self { row, names, next: Cell::new(0) }
    }

    pub(super) fn get<T: FromSql>(&self, name: &str) -> Result<T> {
        match self.index(name) {
            Some(index) => self.row.get(index),
            None => self.row.get(name),
        }
    }

    fn index(&self, name: &str) -> Option<usize> {
        let next = self.next.get();
        let found = match self.names.get(next) {
            Some(other) if other == name => next,
            _ => self.names.iter().position(|other| other == name)?,
        };
        self.next.set(found + 1);
        Some(found)
    }

    pub(super) fn day(&self, name: &str) -> Result<NaiveDate> {
        Ok(self.get::<Day>(name)?.0)
    }

    pub(super) fn maybe_day(&self, name: &str) -> Result<Option<NaiveDate>> {
        Ok(self.get::<Option<Day>>(name)?.map(|day| day.0))
    }

    pub(super) fn moment(&self, name: &str) -> Result<NaiveDateTime> {
        Ok(self.get::<Moment>(name)?.0)
    }

    pub(super) fn hour(&self, name: &str) -> Result<NaiveTime> {
        Ok(self.get::<Hour>(name)?.0)
    }

    /// A column that holds a word of a short list.
    pub(super) fn word<T: Word>(&self, name: &str) -> Result<T> {
        Ok(self.get::<OfList<T>>(name)?.0)
    }

    /// A column that holds a word of a short list, or nothing.
    pub(super) fn maybe_word<T: Word>(&self, name: &str) -> Result<Option<T>> {
        Ok(self.get::<Option<OfList<T>>>(name)?.map(|word| word.0))
    }

    pub(super) fn code(&self, name: &str) -> Result<Code> {
        Ok(self.get::<OfPerson>(name)?.0)
    }

    pub(super) fn cohort(&self, name: &str) -> Result<CohortId> {
        Ok(self.get::<OfCohort>(name)?.0)
    }
}

struct OfList<T>(T);

impl<T: Word> FromSql for OfList<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        T::from_word(value.as_str()?).map(Self).ok_or(FromSqlError::InvalidType)
    }
}

struct OfPerson(Code);

impl FromSql for OfPerson {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Code::parse(value.as_str()?).map(Self).ok_or(FromSqlError::InvalidType)
    }
}

struct OfCohort(CohortId);

impl FromSql for OfCohort {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        CohortId::parse(value.as_str()?).map(Self).map_err(|_| FromSqlError::InvalidType)
    }
}

struct Day(NaiveDate);

impl FromSql for Day {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        as_kept(value, iso::day).map(Self)
    }
}

struct Moment(NaiveDateTime);

impl FromSql for Moment {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        as_kept(value, iso::moment).map(Self)
    }
}

struct Hour(NaiveTime);

impl FromSql for Hour {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        as_kept(value, iso::hour).map(Self)
    }
}

/// A day or a time as it is kept, or in any other way that chrono reads.
fn as_kept<T: FromSql>(value: ValueRef<'_>, read: fn(&[u8]) -> Option<T>) -> FromSqlResult<T> {
    read(value.as_bytes()?).map_or_else(|| T::column_result(value), Ok)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_hours_and_moments_are_read_as_chrono_reads_them() {
        for text in [
            "2024-01-30",
            "2024-02-30",
            "0000-01-01",
            "2024-1-30",
            "2024-01-3x",
            "2024-01-30 09:30:00",
            "2024-01-30 24:00:00",
            "2024-01-30T09:30:00",
            "2024-01-30 09:30",
            "09:30:00",
            "24:00:00",
            "09:30:0x",
            "09:30",
            "",
        ] {
            let value = ValueRef::Text(text.as_bytes());
            let day = Day::column_result(value).ok().map(|day| day.0);
            assert_eq!(day, NaiveDate::column_result(value).ok(), "{text}");
            let moment = Moment::column_result(value).ok().map(|moment| moment.0);
            assert_eq!(moment, NaiveDateTime::column_result(value).ok(), "{text}");
            let hour = Hour::column_result(value).ok().map(|hour| hour.0);
            assert_eq!(hour, NaiveTime::column_result(value).ok(), "{text}");
        }
    }
}

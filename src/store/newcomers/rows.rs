//! New rows of one table, and what the history says of them.
//!
//! The history is written by triggers, one row at a time; of rows that are added
//! many at a time its entries are made here. They are those that the triggers
//! would write: `check` compares every row with its entry to the byte.

use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{Connection, Error, Result};
use serde::Serializer as _;
use serde_json::Serializer as Json;

use crate::store::tables::Value as Kept;
use crate::store::triggers;

/// How many rows one statement puts in.
const TOGETHER: usize = 64;

/// A table whose new rows no trigger writes into the history.
pub(in crate::store) struct Unlogged {
    pub(super) table: &'static str,
    /// All its columns.
    pub(super) columns: Vec<String>,
    /// The id of the first row that is not in the history yet.
    pub(super) from: i64,
}

/// The next rows of a table.
pub(super) struct Rows<'v> {
    of: &'v Unlogged,
    /// The columns that are given; the others stay empty.
    given: &'static [&'static str],
    /// Where each of the table's columns stands among them.
    places: Vec<Option<usize>>,
    /// Whose each row is.
    participants: Vec<i64>,
    values: Vec<ToSqlOutput<'v>>,
}

impl<'v> Rows<'v> {
    pub(super) fn new(of: &'v Unlogged, given: &'static [&'static str]) -> Self {
        let place = |column: &String| given.iter().position(|given| given == column);
        let places = of.columns.iter().map(place).collect();
        Self { of, given, places, participants: Vec::new(), values: Vec::new() }
    }

    pub(super) fn push<const WIDTH: usize>(
        &mut self,
        participant: i64,
        values: [ToSqlOutput<'v>; WIDTH],
    ) {
        debug_assert_eq!(WIDTH, self.given.len());
        self.participants.push(participant);
        self.values.extend(values);
    }

    fn ids(&self) -> impl Iterator<Item = i64> {
        (self.of.from..).take(self.participants.len())
    }

    /// The id that comes after the last one.
    pub(super) fn next(&self) -> i64 {
        self.ids().last().map_or(self.of.from, |last| last + 1)
    }

    /// Puts them into the table, and what there is to say of them into the history.
    pub(super) fn add(&self, conn: &Connection, operation: i64) -> Result<()> {
        let Some(last) = self.ids().last() else { return Ok(()) };
        let width = self.given.len();
        let into = format!("{} ({})", self.of.table, self.given.join(", "));
        insert(conn, &into, &format!("({})", vec!["?"; width].join(", ")), width, &self.values)?;
        if conn.last_insert_rowid() != last {
            // The history would be about other rows.
            return Err(Error::StatementChangedRows(self.participants.len()));
        }
        let mut entries = Vec::with_capacity(4 * self.participants.len());
        let rows = self.ids().zip(&self.participants).zip(self.values.chunks_exact(width));
        for ((id, participant), values) in rows {
            let json = self.json(id, values)?;
            let checksum = triggers::checksum([
                ValueRef::Integer(operation),
                self.of.table.into(),
                ValueRef::Integer(id),
                ValueRef::Null,
                json.as_str().into(),
            ]);
            entries.extend([id.into(), (*participant).into(), json.into(), checksum.into()]);
        }
        insert(
            conn,
            "change (operation_id, tbl, row_id, participant_id, after, checksum)",
            &format!("({operation}, '{}', ?, ?, ?, ?)", self.of.table),
            4,
            &entries,
        )
    }

    /// A whole row as JSON.
    fn json(&self, id: i64, values: &[ToSqlOutput<'_>]) -> Result<String> {
        let value = |place: &Option<usize>| place.map_or(Kept::Nothing, |at| kept(&values[at]));
        let value = |(column, place)| match column == "id" {
            true => (column, Kept::Number(id)),
            false => (column, value(place)),
        };
        let mut json = Vec::with_capacity(256);
        Json::new(&mut json)
            .collect_map(self.of.columns.iter().zip(&self.places).map(value))
            .map_err(|error| Error::ToSqlConversionFailure(error.into()))?;
        String::from_utf8(json).map_err(|error| Error::ToSqlConversionFailure(error.into()))
    }
}

/// Puts rows into a table, so many at once. `into` names the table and the
/// columns, `row` is one row with `width` places for its values.
fn insert(
    conn: &Connection,
    into: &str,
    row: &str,
    width: usize,
    values: &[ToSqlOutput<'_>],
) -> Result<()> {
    for values in values.chunks(TOGETHER * width) {
        let more = format!(", {row}").repeat(values.len() / width - 1);
        let mut statement =
            conn.prepare_cached(&format!("INSERT INTO {into} VALUES {row}{more}"))?;
        for (at, value) in values.iter().enumerate() {
            statement.raw_bind_parameter(at + 1, value)?;
        }
        statement.raw_execute()?;
    }
    Ok(())
}

/// A value as it is kept: there are no others in these tables.
fn kept<'v>(value: &'v ToSqlOutput<'_>) -> Kept<'v> {
    match value {
        ToSqlOutput::Borrowed(ValueRef::Integer(number))
        | ToSqlOutput::Owned(Value::Integer(number)) => Kept::Number(*number),
        ToSqlOutput::Borrowed(text) => text.as_str().map_or(Kept::Nothing, Kept::Text),
        ToSqlOutput::Owned(Value::Text(text)) => Kept::Text(text),
        _ => Kept::Nothing,
    }
}

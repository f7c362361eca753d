//! All tables as they are, whatever they mean: read row by row, and written into
//! a new file again as the very same rows, with their numbers and their history.
//!
//! Which tables and columns there are is asked of the file itself, so that none
//! can be forgotten.

use std::path::Path;
use std::sync::atomic::Ordering;

use rusqlite::types::{ToSqlOutput, Type, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags, Result, ToSql, params_from_iter};

use super::Store;
use super::open::{self, OpenError};
use crate::domain::key::Key;

/// The counters of the rows' numbers, which SQLite keeps.
pub const COUNTERS: &str = "sqlite_sequence";

/// The version of records that this program writes.
pub const NEWEST: usize = open::NEWEST;

/// A table of the records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub name: String,
    pub columns: Vec<Column>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    pub holds: Holds,
}

/// What a column holds, where it holds anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    Numbers,
    Text,
}

/// A value as it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value<'v> {
    Nothing,
    Number(i64),
    Text(&'v str),
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Nothing => ValueRef::Null,
            Self::Number(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}

impl Table {
    fn quoted_columns(&self) -> String {
        let quoted: Vec<String> =
            self.columns.iter().map(|column| format!("\"{}\"", column.name)).collect();
        quoted.join(", ")
    }

    fn insert(&self) -> String {
        let places = vec!["?"; self.columns.len()].join(", ");
        format!("INSERT INTO \"{}\" ({}) VALUES ({places})", self.name, self.quoted_columns())
    }
}

/// The tables of some version of the records.
pub fn tables_of(version: usize) -> std::result::Result<Vec<Table>, OpenError> {
    Ok(tables(&open::model(version)?)?)
}

/// In the order in which they were made; the counters last, since each new row
/// changes them.
fn tables(conn: &Connection) -> Result<Vec<Table>> {
    let mut statement = conn.prepare_cached(
        "SELECT name FROM sqlite_schema
         WHERE type = 'table' AND (substr(name, 1, 7) <> 'sqlite_' OR name = ?1)
         ORDER BY name = ?1, rowid",
    )?;
    let names: Vec<String> =
        statement.query_map([COUNTERS], |row| row.get("name"))?.collect::<Result<_>>()?;
    names.into_iter().map(|name| Ok(Table { columns: columns(conn, &name)?, name })).collect()
}

fn columns(conn: &Connection, table: &str) -> Result<Vec<Column>> {
    let mut statement =
        conn.prepare_cached("SELECT name, type FROM pragma_table_info(?1) ORDER BY cid")?;
    let columns = statement.query_map([table], |row| {
        let (name, kind): (String, String) = (row.get("name")?, row.get("type")?);
        // SQLite's own table does not say what its columns hold.
        let numbers = kind == "INTEGER" || (table == COUNTERS && name == "seq");
        Ok(Column { name, holds: if numbers { Holds::Numbers } else { Holds::Text } })
    })?;
    columns.collect()
}

impl Store {
    /// The tables of this file.
    pub fn tables(&self) -> Result<Vec<Table>> {
        tables(&self.conn)
    }

    /// Gives each row of a table, in the order of their numbers.
    pub fn each_row_of<E: From<rusqlite::Error>>(
        &self,
        table: &Table,
        mut each: impl FnMut(&[Value<'_>]) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        let sql =
            format!("SELECT {} FROM \"{}\" ORDER BY rowid", table.quoted_columns(), table.name);
        let mut statement = self.conn.prepare(&sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let values: Result<Vec<Value<'_>>> = (0..table.columns.len())
                .map(|at| match row.get_ref(at)? {
                    ValueRef::Null => Ok(Value::Nothing),
                    ValueRef::Integer(number) => Ok(Value::Number(number)),
                    ValueRef::Text(text) => {
                        str::from_utf8(text).map(Value::Text).map_err(|error| {
                            rusqlite::Error::FromSqlConversionFailure(
                                at,
                                Type::Text,
                                Box::new(error),
                            )
                        })
                    }
                    other => {
                        let name = table.columns[at].name.clone();
                        Err(rusqlite::Error::InvalidColumnType(at, name, other.data_type()))
                    }
                })
                .collect();
            each(&values?)?;
        }
        Ok(())
    }
}

/// Records that are being written anew from the rows of others.
pub struct Load {
    store: Store,
}

impl Load {
    /// Begins in a file that is there, empty, and nobody else's: all tables of a
    /// version, without a row in them. They are encrypted where there is a key.
    pub fn begin(
        file: &Path,
        version: usize,
        key: Option<&Key>,
    ) -> std::result::Result<Self, OpenError> {
        let store = open::connect(file, OpenFlags::SQLITE_OPEN_READ_WRITE, key.cloned())?;
        // Nobody sees the file before it is complete, so that a journal beside
        // it would only be one more place for names. A table may refer to rows
        // that are still to come. And indexes grow in no order.
        store.conn.execute_batch(
            "PRAGMA journal_mode = MEMORY;
             PRAGMA foreign_keys = OFF;
             PRAGMA cache_size = -65536;
             BEGIN IMMEDIATE",
        )?;
        // In the words of the model, and without the rows that the steps to it
        // put into a new file.
        let model = open::model(version)?;
        let mut statement = model.prepare(
            "SELECT sql FROM sqlite_schema
             WHERE sql IS NOT NULL AND substr(name, 1, 7) <> 'sqlite_' ORDER BY rowid",
        )?;
        for sql in statement.query_map([], |row| row.get::<_, String>("sql"))? {
            store.conn.execute_batch(&sql?)?;
        }
        open::say_whose(&store.conn, version)?;
        // The guards let rows in; nothing writes a history, which comes along.
        store.permits.operation.store(1, Ordering::Relaxed);
        Ok(Self { store })
    }

    /// Empties a table that fills itself, before its rows are put in.
    pub fn begin_table(&self, table: &Table) -> Result<()> {
        if table.name == COUNTERS {
            self.store.conn.execute(&format!("DELETE FROM {COUNTERS}"), [])?;
        }
        Ok(())
    }

    /// Puts a row in; or says in a few words why its table does not take it.
    pub fn insert(
        &self,
        table: &Table,
        values: &[Value<'_>],
    ) -> Result<std::result::Result<(), String>> {
        let mut statement = self.store.conn.prepare_cached(&table.insert())?;
        match statement.execute(params_from_iter(values)) {
            Ok(_) => Ok(Ok(())),
            Err(error) => refusal(&error).map(Err).ok_or(error),
        }
    }

    /// Closes the file, and gives the records to be looked at.
    pub fn finish(self) -> Result<Store> {
        let Self { store } = self;
        store.permits.operation.store(0, Ordering::Relaxed);
        store.conn.execute_batch("COMMIT; PRAGMA foreign_keys = ON")?;
        // An erasure writes a file anew, which puts what is in it into another
        // order: after one, this file is to be like the one that it came from.
        if store.conn.prepare("SELECT 1 FROM erased")?.exists([])? {
            store.vacuum()?;
        }
        Ok(store)
    }
}

/// Why a row was not taken, where it is the row's fault.
fn refusal(error: &rusqlite::Error) -> Option<String> {
    let rusqlite::Error::SqliteFailure(failure, Some(message)) = error else { return None };
    if failure.code != ErrorCode::ConstraintViolation {
        return None;
    }
    let (rule, what) = message.split_once(" constraint failed: ")?;
    // "participant.code", "address.kind, address.key"
    let columns = || {
        let names = what.split(", ").map(|name| name.rsplit('.').next().unwrap_or(name));
        names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
    };
    Some(match rule {
        "UNIQUE" => format!("has the same {} as a line before it", columns()),
        "NOT NULL" => format!("has nothing in {}", columns()),
        _ => format!("breaks a rule of the records: {what}"),
    })
}

//! The records: one local SQLite file, which only this program writes.
//!
//! Owns every word of SQL, and what makes a record trustworthy: the pragmas,
//! the migrations, the triggers that write the history. It knows the domain's
//! types and nothing of commands or screens. It never decides who may do what.

mod agreements;
mod attendance;
mod enrollments;
mod groups;
mod open;
mod operations;
mod participants;
mod triggers;
mod undo;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use rusqlite::types::{FromSqlError, Type};
use rusqlite::{Connection, Row, Transaction, TransactionBehavior};

use crate::domain::participant::Code;
use crate::domain::words::Word;

pub use open::{OpenError, create, open};
pub use operations::{Disclosure, Entry, NewOperation};
pub use undo::{FileEdit, InTheWay, TakenBack};

/// The name of the file beside `cohorts.toml`.
pub const FILE_NAME: &str = "cohorts.db";

/// An open file of records.
pub struct Store {
    conn: Connection,
    /// The operation that changes are written down under; 0 when none is open,
    /// and then nothing can be changed.
    open_operation: Arc<AtomicI64>,
}

impl Store {
    /// One view of the file for several reads. Ends when dropped.
    pub fn snapshot(&self) -> rusqlite::Result<Transaction<'_>> {
        Transaction::new_unchecked(&self.conn, TransactionBehavior::Deferred)
    }

    /// Takes the folder's lock, and waits for it. What is not committed is
    /// rolled back when dropped.
    pub fn lock(&self) -> rusqlite::Result<Transaction<'_>> {
        self.open_operation.store(0, Ordering::Relaxed);
        Transaction::new_unchecked(&self.conn, TransactionBehavior::Immediate)
    }

    /// Whether the file may only be read, by its permissions.
    pub fn is_read_only(&self) -> bool {
        self.conn.is_readonly("main").unwrap_or(false)
    }
}

/// Reads a column that holds a word of a short list.
fn word<T: Word>(row: &Row<'_>, column: &str) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    T::from_word(&text).ok_or_else(|| unknown_value(row, column))
}

/// Reads a column that holds a word of a short list, or nothing.
fn maybe_word<T: Word>(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<T>> {
    let text: Option<String> = row.get(column)?;
    text.map(|text| T::from_word(&text).ok_or_else(|| unknown_value(row, column))).transpose()
}

fn code(row: &Row<'_>) -> rusqlite::Result<Code> {
    let text: String = row.get("code")?;
    Code::parse(&text).ok_or_else(|| unknown_value(row, "code"))
}

fn unknown_value(row: &Row<'_>, column: &str) -> rusqlite::Error {
    let index = row.as_ref().column_index(column).unwrap_or_default();
    rusqlite::Error::FromSqlConversionFailure(
        index,
        Type::Text,
        Box::new(FromSqlError::InvalidType),
    )
}

/// Whether a path is a file of records at all, without opening it as one.
pub fn exists(folder: &Path) -> bool {
    folder.join(FILE_NAME).exists()
}

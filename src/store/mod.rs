//! The records: one local SQLite file, which only this program writes.
//!
//! Owns every word of SQL, and what makes a record trustworthy: the pragmas,
//! the migrations, the triggers that write the history. It knows the domain's
//! types and nothing of commands or screens. It never decides who may do what.

mod agreements;
mod attendance;
mod changes;
mod cipher;
mod copies;
mod described;
mod disclosures;
mod drafts;
mod emptying;
mod enrollments;
mod erasure;
mod figures;
mod finish;
mod groups;
mod history;
mod incidents;
mod merge;
mod newcomers;
mod office;
mod open;
mod operations;
mod participants;
#[cfg(test)]
mod plans;
mod record;
mod relation;
mod retention;
mod seats;
mod support;
mod tables;
mod taken_back;
mod triggers;
mod undo;
mod verify;
mod zoom_names;
mod zoom_reports;

use std::cell::RefCell;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::domain::key::{Key, KeyId};
use crate::error::Error;
use record::Record;
use rusqlite::{Connection, ToSql, Transaction, TransactionBehavior};

pub use changes::FieldChange;
pub use cipher::ENCRYPTS;
pub use copies::Holdings;
pub use described::{AboutColumn, AboutTable, DESCRIBED};
pub use disclosures::{ABOUT_ONE, RECEIPT_OF};
pub use drafts::{DayAndHour, Drafted};
pub use enrollments::PlacesTaken;
pub use erasure::ErasedInPart;
pub use history::{Entry, Export, Part};
pub use incidents::Incidents;
pub use merge::Differs;
pub use newcomers::Newcomer;
pub use office::{CopyKind, CopyNote, HandedOver};
pub use open::{OpenError, Unlock, are_records, create, key_of, open, open_copy, refuse_leftover};
pub use operations::{Disclosure, Done, NewOperation};
pub use relation::{Newest, Relation};
pub use retention::{HeardBy, LastHeard};
pub use support::Supports;
pub use tables::{COUNTERS, Column, Holds, Load, NEWEST, Table, Value, tables_of};
pub use undo::{FILE_CHANGE, FileEdit, InTheWay, TakenBack};
pub use verify::{Finding, is_damage};

/// The name of the file beside `cohorts.toml`.
pub const FILE_NAME: &str = "cohorts.db";

/// How the names of the files end that SQLite has beside one.
pub const BESIDE: [&str; 3] = ["-journal", "-wal", "-shm"];

/// An open file of records.
pub struct Store {
    conn: Connection,
    /// What opens the file, if it is encrypted.
    key: Option<Key>,
    permits: Arc<triggers::Permits>,
    /// Which file it was when it was opened.
    file: Option<open::FileId>,
    /// Where the file's beginning was not as it always is, when it was opened.
    /// It cannot be read again while SQLite has the file: closing it would let
    /// go of SQLite's locks.
    odd_byte: Option<usize>,
    /// Tables whose new rows are not in the history yet, from an id on.
    unlogged: RefCell<Vec<(&'static str, i64)>>,
}

impl Store {
    /// One view of the file for several reads. Ends when dropped.
    pub fn snapshot(&self) -> rusqlite::Result<Transaction<'_>> {
        Transaction::new_unchecked(&self.conn, TransactionBehavior::Deferred)
    }

    /// Takes the folder's lock, and waits for it. What is not committed is
    /// rolled back when dropped.
    pub fn lock(&self) -> rusqlite::Result<Transaction<'_>> {
        self.permits.operation.store(0, Ordering::Relaxed);
        Transaction::new_unchecked(&self.conn, TransactionBehavior::Immediate)
    }

    /// Takes the file for this connection alone: nobody reads it meanwhile.
    pub fn lock_alone(&self) -> rusqlite::Result<Transaction<'_>> {
        Transaction::new_unchecked(&self.conn, TransactionBehavior::Exclusive)
    }

    /// A number that is another one once anybody else changed the file.
    pub fn data_version(&self) -> rusqlite::Result<i64> {
        self.conn.pragma_query_value(None, "data_version", |row| row.get(0))
    }

    /// Whether the file that was opened is still the one at its place. Asked
    /// under the lock: what is written to one that was moved away is lost.
    pub fn is_in_place(&self, path: &Path) -> bool {
        let now = std::fs::metadata(path).map(|about| open::FileId::of(&about));
        self.file.is_none() || now.ok() == self.file
    }

    /// What opens the file, if it is encrypted.
    pub fn key(&self) -> Option<&Key> {
        self.key.as_ref()
    }

    /// The key of these records, where a copy of them is opened by that.
    pub fn same_key(&self, id: KeyId) -> Result<Key, Error> {
        let own = self.key.as_ref().filter(|key| key.id() == id);
        own.cloned().ok_or_else(|| Error::locked("it is encrypted with another key"))
    }

    /// Whether the file may only be read, by its permissions.
    pub fn is_read_only(&self) -> bool {
        self.conn.is_readonly("main").unwrap_or(false)
    }

    /// Gives each row of a query. What `each` fails with ends it.
    fn each_record<E: From<rusqlite::Error>>(
        &self,
        sql: &str,
        arguments: &[(&str, &dyn ToSql)],
        mut each: impl FnMut(&Record<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut statement = self.conn.prepare_cached(sql)?;
        let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
        let mut rows = statement.query(arguments)?;
        while let Some(row) = rows.next()? {
            each(&Record::of_many(row, &names))?;
        }
        Ok(())
    }
}

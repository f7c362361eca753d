//! Whether a file of records is still what was written into it: every byte that
//! matters, against a second place that says the same.
//!
//! SQLite notices a broken structure, and no changed letter of a name. So each
//! row is held against the history, the history against its checksums, and the
//! tables against a model made by the same steps. Rows are read once, in order,
//! and none are kept. Knows nothing of `cohorts.toml`: copies are verified too.

mod history;
mod sealed;
mod structure;

use std::fmt;

use rusqlite::{Connection, Error, ErrorCode, OptionalExtension, Result, ffi};

use super::{OpenError, Store, open};
use crate::domain::participant::Code;
pub(super) use structure::said_of_pages;

/// More findings than this are not listed; a page that is gone has hundreds.
const MOST: usize = 200;

/// One thing that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// In plain words, without anything that is in the row.
    pub what: String,
    /// The row it is about, where it is about one.
    pub table: Option<&'static str>,
    pub row: Option<i64>,
    /// Whose row it is.
    pub code: Option<Code>,
}

impl Finding {
    fn of_file(what: impl Into<String>) -> Self {
        Self { what: what.into(), table: None, row: None, code: None }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(code) = &self.code {
            write!(f, "{code}: ")?;
        }
        match (self.table, self.row) {
            (Some(table), Some(row)) => write!(f, "{table} row {row} {}", self.what),
            (Some(table), None) => write!(f, "{table} {}", self.what),
            (None, _) => f.write_str(&self.what),
        }
    }
}

impl Store {
    /// Everything in the file that is not as it was written; nothing when all
    /// is well. Damage is a finding, never an error.
    pub fn verify(&self) -> Result<Vec<Finding>> {
        // One view of the file, unless the caller has one already.
        let _view = match self.conn.is_autocommit() {
            true => Some(self.snapshot()?),
            false => None,
        };
        let mut inspection = Inspection::new(&self.conn);
        if let Some(what) = self.odd_beginning() {
            inspection.found(Finding::of_file(what));
        }
        let version = open::version(&self.conn);
        if let Some(version) = inspection.readable("the file", version)? {
            let model = open::model(version).map_err(|error| match error {
                OpenError::Sqlite(error) => error,
                _ => Error::InvalidQuery,
            })?;
            structure::inspect(&mut inspection, &model)?;
            history::inspect(&mut inspection, &model)?;
            sealed::inspect(&mut inspection, Some(&model))?;
        }
        Ok(inspection.done())
    }

    /// What is gone first of the rows that are never removed: without them nobody
    /// knows who was erased, or where the records go on.
    pub fn first_gone(&self) -> Result<Option<String>> {
        let mut inspection = Inspection::new(&self.conn);
        sealed::inspect(&mut inspection, None)?;
        Ok(inspection.found.first().map(ToString::to_string))
    }
}

/// A look at one file: what was found so far.
struct Inspection<'s> {
    conn: &'s Connection,
    found: Vec<Finding>,
    left_off: usize,
}

impl<'s> Inspection<'s> {
    fn new(conn: &'s Connection) -> Self {
        Self { conn, found: Vec::new(), left_off: 0 }
    }

    fn found(&mut self, finding: Finding) {
        if self.found.len() < MOST {
            self.found.push(finding);
        } else {
            self.left_off += 1;
        }
    }

    /// Something about a row that has a history, with whose it is.
    fn found_in(&mut self, table: &'static str, row: i64, what: impl Into<String>) {
        if self.found.len() >= MOST {
            self.left_off += 1;
            return;
        }
        let code = self.owner(table, row).and_then(|participant| self.code(participant));
        self.found(Finding { what: what.into(), table: Some(table), row: Some(row), code });
    }

    /// What was read; or, where damage kept it from being read, that.
    fn readable<T>(&mut self, what: &str, read: Result<T>) -> Result<Option<T>> {
        match read {
            Ok(read) => Ok(Some(read)),
            Err(error) if is_damage(&error) => {
                self.found(Finding::of_file(format!("{what} cannot be read to the end")));
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    fn done(mut self) -> Vec<Finding> {
        if self.left_off > 0 {
            let more = format!("there are {} more that are not listed", self.left_off);
            self.found.push(Finding::of_file(more));
        }
        self.found
    }

    /// Whose row it is, as the history says; nobody's where it cannot say.
    fn owner(&self, table: &str, row: i64) -> Option<i64> {
        let sql = match table {
            "change" => "SELECT participant_id FROM change WHERE id = ?2 AND ?1 IS NOT NULL",
            _ => {
                "SELECT participant_id FROM change WHERE tbl = ?1 AND row_id = ?2
                 ORDER BY id DESC LIMIT 1"
            }
        };
        self.one(sql, rusqlite::params![table, row])
    }

    /// Somebody's code: by the history if that is sound, since it is their row
    /// that may be damaged; else by their row; else as it was before their two
    /// entries were joined.
    fn code(&self, participant: i64) -> Option<Code> {
        [
            "SELECT json_extract(coalesce(after, before), '$.code') FROM change
             WHERE tbl = 'participant' AND row_id = ?1
               AND checksum IS change_checksum(operation_id, tbl, row_id, before, after)
             ORDER BY id DESC LIMIT 1",
            "SELECT code FROM participant WHERE id = ?1",
            "SELECT code FROM alias WHERE former_id = ?1",
        ]
        .iter()
        .find_map(|sql| self.one(sql, [participant]).and_then(|code: String| Code::parse(&code)))
    }

    /// A single value, if the damage leaves it to be read.
    fn one<T: rusqlite::types::FromSql>(&self, sql: &str, of: impl rusqlite::Params) -> Option<T> {
        let mut statement = self.conn.prepare_cached(sql).ok()?;
        statement.query_row(of, |row| row.get(0)).optional().ok().flatten()
    }
}

/// Whether an error speaks of what is in the file, rather than of a file that
/// another program holds, a disk that fails, or a lack of memory.
pub fn is_damage(error: &Error) -> bool {
    let Error::SqliteFailure(failure, _) = error else { return true };
    match failure.code {
        ErrorCode::DatabaseBusy
        | ErrorCode::DatabaseLocked
        | ErrorCode::FileLockingProtocolFailed
        | ErrorCode::OutOfMemory
        | ErrorCode::OperationInterrupted
        | ErrorCode::DiskFull
        | ErrorCode::CannotOpen
        | ErrorCode::PermissionDenied
        | ErrorCode::ReadOnly => false,
        ErrorCode::SystemIoFailure => failure.extended_code == ffi::SQLITE_IOERR_SHORT_READ,
        _ => true,
    }
}

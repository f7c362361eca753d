//! Operations: what each command changed, when, by whom; and what left for a
//! file. Writing them down; `history` reads them.

use std::sync::atomic::Ordering;

use chrono::{NaiveDate, NaiveDateTime};
use rusqlite::{Result, named_params};

use super::{Store, triggers};

/// What there is to say of an operation when it begins.
pub struct NewOperation<'a> {
    pub at: NaiveDateTime,
    pub zone: &'a str,
    pub actor: &'a str,
    pub command: &'a str,
}

/// What there is to say of an operation when it ends.
#[derive(Default)]
pub struct Done<'a> {
    /// The cohort that it was about.
    pub cohort: Option<&'a str>,
    /// One sentence, with codes instead of names.
    pub summary: &'a str,
    /// The operation that it takes back.
    pub undoes: Option<i64>,
    /// It cannot be taken back.
    pub lasting: bool,
}

/// What was written to a file for others to read.
pub struct Disclosure<'a> {
    pub at: NaiveDateTime,
    pub zone: &'a str,
    pub actor: &'a str,
    pub cohorts: &'a str,
    pub columns: &'a str,
    pub people: usize,
    pub file: &'a str,
}

impl Store {
    /// Opens an operation; from here on the records can be changed.
    pub fn begin_operation(&self, new: &NewOperation<'_>) -> Result<i64> {
        self.conn
            .prepare_cached(
                "INSERT INTO operation (at, zone, actor, command, summary)
                 VALUES (:at, :zone, :actor, :command, '')",
            )?
            .execute(named_params! {
                ":at": new.at, ":zone": new.zone, ":actor": new.actor, ":command": new.command,
            })?;
        let id = self.conn.last_insert_rowid();
        triggers::set_up(&self.conn)?;
        self.permits.operation.store(id, Ordering::Relaxed);
        Ok(id)
    }

    /// Says what the operation did, and closes it.
    pub fn finish_operation(&self, id: i64, done: &Done<'_>) -> Result<()> {
        self.log_newcomers()?;
        self.permits.operation.store(0, Ordering::Relaxed);
        self.conn
            .prepare_cached(
                "UPDATE operation SET cohort = :cohort, summary = :summary, undoes = :undoes,
                        lasting = :lasting
                 WHERE id = :id",
            )?
            .execute(named_params! {
                ":id": id, ":cohort": done.cohort, ":summary": done.summary,
                ":undoes": done.undoes, ":lasting": done.lasting,
            })?;
        triggers::seal(&self.conn, "operation", id)
    }

    /// Whether an operation changed anything.
    pub fn changed_anything(&self, operation: i64) -> Result<bool> {
        self.conn
            .prepare_cached("SELECT 1 FROM change WHERE operation_id = ?1")?
            .exists([operation])
    }

    /// The newest operation's id; 0 before the first.
    pub fn last_operation(&self) -> Result<i64> {
        self.conn
            .prepare_cached("SELECT coalesce(max(id), 0) FROM operation")?
            .query_row([], |row| row.get(0))
    }

    /// The last operation that was recorded on or before a day; 0 when none.
    /// By id, not by clock: a clock that was set back changes no order.
    pub fn last_operation_on(&self, day: NaiveDate) -> Result<i64> {
        self.conn
            .prepare_cached("SELECT coalesce(max(id), 0) FROM operation WHERE date(at) <= :day")?
            .query_row(named_params! { ":day": day }, |row| row.get(0))
    }

    /// Remembers what was written to a file.
    pub fn disclose(&self, to: &Disclosure<'_>) -> Result<()> {
        self.conn
            .prepare_cached(
                "INSERT INTO disclosure (at, zone, actor, cohorts, columns, people, file, checksum)
                 VALUES (:at, :zone, :actor, :cohorts, :columns, :people, :file, 0)",
            )?
            .execute(named_params! {
                ":at": to.at, ":zone": to.zone, ":actor": to.actor, ":cohorts": to.cohorts,
                ":columns": to.columns, ":people": i64::try_from(to.people).unwrap_or(i64::MAX),
                ":file": to.file,
            })?;
        triggers::seal(&self.conn, "disclosure", self.conn.last_insert_rowid())
    }
}

//! What a copy of the records says of itself, and how much records hold.

use chrono::NaiveDateTime;
use rusqlite::{OptionalExtension, Result};

use super::{Record, Store, open};
use crate::domain::words::words;

words! {
    /// What a copy was made for.
    pub enum CopyKind {
        Backup = "backup",
        Handover = "handover",
    }
}

/// What a copy carries that the records of a folder do not.
pub struct Copied {
    pub kind: CopyKind,
    pub at: NaiveDateTime,
    /// `cohorts.toml` as it was then, to the byte.
    pub definitions: String,
}

/// How much there is.
pub struct Holdings {
    pub cohorts: usize,
    pub enrollments: usize,
    /// Rows that the history says were made, changed or removed.
    pub changes: usize,
    /// The newest operation and when it was done.
    pub last: Option<(i64, NaiveDateTime)>,
}

impl Store {
    /// What a copy says of itself; nothing in the records of a folder, nor
    /// before version 2, which first knew copies.
    pub fn copied(&self) -> Result<Option<Copied>> {
        if open::version(&self.conn)? < 2 {
            return Ok(None);
        }
        let copied = self
            .conn
            .prepare_cached("SELECT copy_kind, copied_at, definitions FROM office")?
            .query_row([], |row| {
                let row = Record::single(row);
                Ok(match row.maybe_word("copy_kind")? {
                    Some(kind) => Some(Copied {
                        kind,
                        at: row.get("copied_at")?,
                        definitions: row.get("definitions")?,
                    }),
                    None => None,
                })
            })
            .optional()?;
        Ok(copied.flatten())
    }

    pub fn holdings(&self) -> Result<Holdings> {
        let (cohorts, enrollments, changes): (i64, i64, i64) = self
            .conn
            .prepare_cached(
                "SELECT (SELECT count(*) FROM cohort) AS cohorts,
                        (SELECT count(*) FROM enrollment) AS enrollments,
                        (SELECT count(*) FROM change) AS changes",
            )?
            .query_row([], |row| {
                Ok((row.get("cohorts")?, row.get("enrollments")?, row.get("changes")?))
            })?;
        let last = self
            .conn
            .prepare_cached("SELECT id, at FROM operation ORDER BY id DESC LIMIT 1")?
            .query_row([], |row| Ok((row.get("id")?, row.get("at")?)))
            .optional()?;
        let count = |number| usize::try_from(number).unwrap_or_default();
        Ok(Holdings {
            cohorts: count(cohorts),
            enrollments: count(enrollments),
            changes: count(changes),
            last,
        })
    }

    /// The version of a file that is older than those made now.
    pub fn older_version(&self) -> Result<Option<usize>> {
        let version = open::version(&self.conn)?;
        Ok((version < open::newest()).then_some(version))
    }
}

//! Messages that were drafted: to whom, of which kind, on which day.

use std::collections::HashMap;

use chrono::NaiveDate;
use rusqlite::{Result, named_params};

use super::{Record, Store};
use crate::domain::message::Kind;
use crate::domain::program::{CohortId, Week};
use crate::domain::words::Word;

/// That a message was drafted.
#[derive(Debug)]
pub struct Drafted {
    pub kind: Kind,
    pub week: Option<Week>,
    pub on: NaiveDate,
}

impl Store {
    /// The messages that were drafted for an enrollment, oldest first.
    pub fn drafts_of(&self, enrollment: i64) -> Result<Vec<Drafted>> {
        self.conn
            .prepare_cached(
                "SELECT kind, week, drafted_on FROM draft
                 WHERE enrollment_id = :id ORDER BY id",
            )?
            .query_map(named_params! { ":id": enrollment }, |row| {
                let kind = Record::single(row).word("kind")?;
                Ok(Drafted { kind, week: row.get("week")?, on: row.get("drafted_on")? })
            })?
            .collect()
    }

    /// Writes down that a message was drafted, about a session if it is of one.
    pub fn add_draft(
        &self,
        enrollment: i64,
        kind: Kind,
        week: Option<Week>,
        on: NaiveDate,
    ) -> Result<()> {
        self.conn
            .prepare_cached(
                "INSERT INTO draft (enrollment_id, kind, week, drafted_on)
                 VALUES (:enrollment, :kind, :week, :on)",
            )?
            .execute(named_params! {
                ":enrollment": enrollment, ":kind": kind.word(), ":week": week, ":on": on,
            })?;
        Ok(())
    }

    /// The enrollments of a cohort for which such a message was drafted, with
    /// the last day on which it was.
    pub fn drafted(
        &self,
        cohort: &CohortId,
        kind: Kind,
        week: Option<Week>,
    ) -> Result<HashMap<i64, NaiveDate>> {
        self.conn
            .prepare_cached(
                "SELECT d.enrollment_id, max(d.drafted_on) AS drafted_on
                 FROM cohort c JOIN enrollment e ON e.cohort_id = c.id
                               JOIN draft d ON d.enrollment_id = e.id
                 WHERE c.slug = :slug AND d.kind = :kind AND d.week IS :week
                 GROUP BY d.enrollment_id",
            )?
            .query_map(
                named_params! { ":slug": cohort.as_str(), ":kind": kind.word(), ":week": week },
                |row| Ok((row.get("enrollment_id")?, row.get("drafted_on")?)),
            )?
            .collect()
    }
}

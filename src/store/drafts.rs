//! Messages that were drafted: to whom, of which kind, on which day.

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveTime};
use rusqlite::{Result, named_params};

use super::{Record, Store};
use crate::domain::message::Kind;
use crate::domain::program::{CohortId, Week};
use crate::domain::schedule::Session;
use crate::domain::words::Word;

/// When a session is, as a message tells it.
pub type DayAndHour = (NaiveDate, NaiveTime);

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
        session: Option<&Session>,
        on: NaiveDate,
    ) -> Result<()> {
        self.conn
            .prepare_cached(
                "INSERT INTO draft (enrollment_id, kind, week, date, starts_at, drafted_on)
                 VALUES (:enrollment, :kind, :week, :date, :starts_at, :on)",
            )?
            .execute(named_params! {
                ":enrollment": enrollment, ":kind": kind.word(),
                ":week": session.map(|session| session.week),
                ":date": session.map(|session| session.date),
                ":starts_at": session.map(|session| session.starts_at), ":on": on,
            })?;
        Ok(())
    }

    /// The enrollments of a cohort for which such a message was drafted: when the
    /// last was, and which day it told.
    pub fn drafted(
        &self,
        cohort: &CohortId,
        kind: Kind,
        week: Option<Week>,
    ) -> Result<HashMap<i64, (NaiveDate, Option<DayAndHour>)>> {
        // Of bare columns beside max(), SQLite takes those of the row with it.
        self.conn
            .prepare_cached(
                "SELECT d.enrollment_id, d.date, d.starts_at, d.drafted_on, max(d.id)
                 FROM cohort c JOIN enrollment e ON e.cohort_id = c.id
                               JOIN draft d ON d.enrollment_id = e.id
                 WHERE c.slug = :slug AND d.kind = :kind AND d.week IS :week
                 GROUP BY d.enrollment_id",
            )?
            .query_map(
                named_params! { ":slug": cohort.as_str(), ":kind": kind.word(), ":week": week },
                |row| {
                    let date: Option<NaiveDate> = row.get("date")?;
                    let told = date.zip(row.get("starts_at")?);
                    Ok((row.get("enrollment_id")?, (row.get("drafted_on")?, told)))
                },
            )?
            .collect()
    }

    /// Where drafts of a kind for a cohort were written to.
    pub fn draft_folders(&self, cohort: &CohortId, columns: &str) -> Result<Vec<String>> {
        self.conn
            .prepare_cached(
                "SELECT DISTINCT file FROM disclosure
                 WHERE cohorts = :slug AND columns = :columns ORDER BY id",
            )?
            .query_map(named_params! { ":slug": cohort.as_str(), ":columns": columns }, |row| {
                row.get("file")
            })?
            .collect()
    }

    /// Which day a reminder, or word that it moved, last told the people of a
    /// cohort of each session.
    pub fn told(&self, cohort: &CohortId) -> Result<HashMap<(i64, Week), DayAndHour>> {
        self.conn
            .prepare_cached(
                "SELECT d.enrollment_id, d.week, d.date, d.starts_at, max(d.id)
                 FROM cohort c JOIN enrollment e ON e.cohort_id = c.id
                               JOIN draft d ON d.enrollment_id = e.id
                 WHERE c.slug = :slug AND d.kind IN ('reminder', 'moved') AND d.date IS NOT NULL
                 GROUP BY d.enrollment_id, d.week",
            )?
            .query_map(named_params! { ":slug": cohort.as_str() }, |row| {
                let told = (row.get("date")?, row.get("starts_at")?);
                Ok(((row.get("enrollment_id")?, row.get("week")?), told))
            })?
            .collect()
    }
}

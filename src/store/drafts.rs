//! Messages that were drafted: to whom, of which kind, on which day.

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveTime};
use rusqlite::{Result, Row, named_params};

use super::{Record, Store};
use crate::domain::message::Kind;
use crate::domain::program::{CohortId, Week};
use crate::domain::words::Word;

/// When a session is, as a message tells it.
pub type DayAndHour = (NaiveDate, NaiveTime);

/// That a message was drafted, and what it tells.
#[derive(Debug)]
pub struct Drafted {
    pub kind: Kind,
    /// About which session, if about one. Besides itself, an invitation is written
    /// down once more for each session that it tells.
    pub week: Option<Week>,
    /// The day of the session; or since when the text of the agreement in it is in
    /// force, which is another for each version.
    pub date: Option<NaiveDate>,
    pub starts_at: Option<NaiveTime>,
    pub on: NaiveDate,
}

impl Drafted {
    fn read(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            kind: Record::single(row).word("kind")?,
            week: row.get("week")?,
            date: row.get("date")?,
            starts_at: row.get("starts_at")?,
            on: row.get("drafted_on")?,
        })
    }

    pub fn day_and_hour(&self) -> Option<DayAndHour> {
        self.date.zip(self.starts_at)
    }
}

impl Store {
    /// The messages that were drafted for an enrollment, oldest first.
    pub fn drafts_of(&self, enrollment: i64) -> Result<Vec<Drafted>> {
        self.conn
            .prepare_cached(
                "SELECT kind, week, date, starts_at, drafted_on FROM draft
                 WHERE enrollment_id = :id AND (kind <> 'invitation' OR week IS NULL)
                 ORDER BY id",
            )?
            .query_map(named_params! { ":id": enrollment }, Drafted::read)?
            .collect()
    }

    /// Writes down that a message was drafted.
    pub fn add_draft(&self, enrollment: i64, drafted: &Drafted) -> Result<()> {
        self.conn
            .prepare_cached(
                "INSERT INTO draft (enrollment_id, kind, week, date, starts_at, drafted_on)
                 VALUES (:enrollment, :kind, :week, :date, :starts_at, :on)",
            )?
            .execute(named_params! {
                ":enrollment": enrollment, ":kind": drafted.kind.word(),
                ":week": drafted.week, ":date": drafted.date,
                ":starts_at": drafted.starts_at, ":on": drafted.on,
            })?;
        Ok(())
    }

    /// The enrollments of a cohort for which such a message was drafted, each with
    /// the last.
    pub fn drafted(
        &self,
        cohort: &CohortId,
        kind: Kind,
        week: Option<Week>,
    ) -> Result<HashMap<i64, Drafted>> {
        // Of bare columns beside max(), SQLite takes those of the row with it.
        self.conn
            .prepare_cached(
                "SELECT d.enrollment_id, d.kind, d.week, d.date, d.starts_at, d.drafted_on, max(d.id)
                 FROM cohort c JOIN enrollment e ON e.cohort_id = c.id
                               JOIN draft d ON d.enrollment_id = e.id
                 WHERE c.slug = :slug AND d.kind = :kind AND d.week IS :week
                 GROUP BY d.enrollment_id",
            )?
            .query_map(
                named_params! { ":slug": cohort.as_str(), ":kind": kind.word(), ":week": week },
                |row| Ok((row.get("enrollment_id")?, Drafted::read(row)?)),
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

    /// Which day an invitation, or word that it moved, last told the people of a
    /// cohort of each session; or a reminder, which puts none into a calendar.
    pub fn told(
        &self,
        cohort: &CohortId,
        by_reminders: bool,
    ) -> Result<HashMap<(i64, Week), DayAndHour>> {
        self.conn
            .prepare_cached(
                "SELECT d.enrollment_id, d.week, d.date, d.starts_at, max(d.id)
                 FROM cohort c JOIN enrollment e ON e.cohort_id = c.id
                               JOIN draft d ON d.enrollment_id = e.id
                 WHERE c.slug = :slug AND d.date IS NOT NULL
                       AND (d.kind IN ('invitation', 'moved')
                            OR d.kind = 'reminder' AND :by_reminders)
                 GROUP BY d.enrollment_id, d.week",
            )?
            .query_map(
                named_params! { ":slug": cohort.as_str(), ":by_reminders": by_reminders },
                |row| {
                    let told = (row.get("date")?, row.get("starts_at")?);
                    Ok(((row.get("enrollment_id")?, row.get("week")?), told))
                },
            )?
            .collect()
    }
}

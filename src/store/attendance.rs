//! Marks, and the sessions they are about.

use chrono::NaiveDate;
use rusqlite::{OptionalExtension, Result, named_params};

use super::{Record, Store};
use crate::domain::attendance::Attendance;
use crate::domain::program::{CohortId, Week};
use crate::domain::schedule::Session;
use crate::domain::words::Word;

pub(super) fn read(row: &Record<'_>) -> Result<Attendance> {
    Ok(Attendance {
        mark: row.word("mark")?,
        without_agreement: row.maybe_word("without_agreement")?,
        noted_on: row.day("noted_on")?,
    })
}

pub(super) fn read_session(row: &Record<'_>) -> Result<Session> {
    Ok(Session {
        week: row.get("week")?,
        date: row.day("date")?,
        starts_at: row.hour("starts_at")?,
        ends_at: row.hour("ends_at")?,
    })
}

impl Store {
    /// Keeps a session as it is when it is first marked; a later date in the
    /// definitions does not move it any more.
    pub fn keep_session(&self, cohort: &CohortId, session: &Session, zone: &str) -> Result<()> {
        let cohort_row = self.ensure_cohort_row(cohort)?;
        self.conn
            .prepare_cached(
                "INSERT INTO session (cohort_id, week, date, starts_at, ends_at, zone)
                 VALUES (:cohort, :week, :date, :starts_at, :ends_at, :zone)
                 ON CONFLICT (cohort_id, week) DO NOTHING",
            )?
            .execute(named_params! {
                ":cohort": cohort_row, ":week": session.week, ":date": session.date,
                ":starts_at": session.starts_at, ":ends_at": session.ends_at, ":zone": zone,
            })?;
        Ok(())
    }

    /// The sessions of a cohort that were recorded, as they were.
    pub fn recorded_sessions(&self, cohort: &CohortId) -> Result<Vec<Session>> {
        self.conn
            .prepare_cached(
                "SELECT s.week, s.date, s.starts_at, s.ends_at
                 FROM cohort c JOIN session s ON s.cohort_id = c.id
                 WHERE c.slug = :slug ORDER BY s.week",
            )?
            .query_map(named_params! { ":slug": cohort.as_str() }, |row| {
                read_session(&Record::single(row))
            })?
            .collect()
    }

    /// The first week of a cohort that was recorded, and its day.
    pub fn first_recorded(&self, cohort: &str) -> Result<Option<(Week, NaiveDate)>> {
        self.conn
            .prepare_cached(
                "SELECT s.week, s.date FROM cohort c JOIN session s ON s.cohort_id = c.id
                 WHERE c.slug = :slug ORDER BY s.week LIMIT 1",
            )?
            .query_row(named_params! { ":slug": cohort }, |row| {
                Ok((row.get("week")?, row.get("date")?))
            })
            .optional()
    }

    /// Writes a mark over whatever was there.
    pub fn set_mark(&self, enrollment: i64, week: Week, to: &Attendance) -> Result<()> {
        self.conn
            .prepare_cached(
                "INSERT INTO attendance (enrollment_id, week, mark, without_agreement, noted_on)
                 VALUES (:enrollment, :week, :mark, :without_agreement, :noted_on)
                 ON CONFLICT (enrollment_id, week) DO UPDATE
                 SET mark = :mark, without_agreement = :without_agreement, noted_on = :noted_on",
            )?
            .execute(named_params! {
                ":enrollment": enrollment, ":week": week, ":mark": to.mark.word(),
                ":without_agreement": to.without_agreement.map(Word::word),
                ":noted_on": to.noted_on,
            })?;
        Ok(())
    }

    pub fn remove_mark(&self, enrollment: i64, week: Week) -> Result<()> {
        self.conn
            .prepare_cached(
                "DELETE FROM attendance WHERE enrollment_id = :enrollment AND week = :week",
            )?
            .execute(named_params! { ":enrollment": enrollment, ":week": week })?;
        Ok(())
    }
}

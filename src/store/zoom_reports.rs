//! Which of Zoom's attendance reports a week was recorded from.

use chrono::NaiveDateTime;
use std::collections::HashSet;

use rusqlite::{OptionalExtension, Result, named_params};

use super::Store;
use crate::domain::program::{CohortId, Week};
use crate::domain::schedule::Session;

impl Store {
    /// Remembers that a week was recorded from a report, by the report's SHA-256
    /// in hex. One that is known stays as it is.
    pub fn keep_zoom_report(&self, cohort: &CohortId, week: Week, sha256: &str) -> Result<()> {
        let cohort_row = self.ensure_cohort_row(cohort)?;
        self.conn
            .prepare_cached(
                "INSERT INTO zoom_report (cohort_id, week, sha256)
                 VALUES (:cohort, :week, :sha256)
                 ON CONFLICT (cohort_id, week, sha256) DO NOTHING",
            )?
            .execute(named_params! { ":cohort": cohort_row, ":week": week, ":sha256": sha256 })?;
        Ok(())
    }

    /// When a week was recorded from this very report, if it was.
    pub fn zoom_report_kept_at(
        &self,
        cohort: &CohortId,
        week: Week,
        sha256: &str,
    ) -> Result<Option<NaiveDateTime>> {
        self.conn
            .prepare_cached(
                "SELECT (SELECT o.at FROM change h JOIN operation o ON o.id = h.operation_id
                         WHERE h.tbl = 'zoom_report' AND h.row_id = z.id
                         ORDER BY h.id DESC LIMIT 1) AS at
                 FROM cohort c JOIN zoom_report z ON z.cohort_id = c.id
                 WHERE c.slug = :slug AND z.week = :week AND z.sha256 = :sha256",
            )?
            .query_row(
                named_params! { ":slug": cohort.as_str(), ":week": week, ":sha256": sha256 },
                |row| row.get("at"),
            )
            .optional()
    }

    /// The enrollments whose mark in a week was made by hand: what changed it last and
    /// still stands was another command than the one that records reports. What is
    /// taken back made no mark, nor did what took it back, or joined two entries. An
    /// excuse that somebody gave `ahead`, by the day and before there was a mark, says
    /// what was to come, and not what was seen.
    pub fn marked_by_hand(
        &self,
        cohort: &CohortId,
        session: &Session,
        by_report: &str,
        ahead: &str,
    ) -> Result<HashSet<i64>> {
        let undone = serde_json::json!(self.undone_operations()?).to_string();
        self.conn
            .prepare_cached(
                "SELECT m.enrollment_id
                 FROM cohort c JOIN enrollment e ON e.cohort_id = c.id
                 JOIN attendance m ON m.enrollment_id = e.id AND m.week = :week
                 WHERE c.slug = :slug AND (
                     SELECT o.command = :by_report OR (o.command = :ahead
                            AND h.before ->> 'mark' IS NULL AND m.noted_on <= :date)
                     FROM change h JOIN operation o ON o.id = h.operation_id
                     WHERE h.tbl = 'attendance' AND h.row_id = m.id
                       AND o.undoes IS NULL AND o.id NOT IN (SELECT value FROM json_each(:undone))
                       AND (h.before ->> 'mark', h.before ->> 'without_agreement')
                           IS NOT (h.after ->> 'mark', h.after ->> 'without_agreement')
                     ORDER BY h.id DESC LIMIT 1) IS NOT TRUE",
            )?
            .query_map(
                named_params! {
                    ":slug": cohort.as_str(), ":week": session.week, ":date": session.date,
                    ":by_report": by_report, ":ahead": ahead, ":undone": undone,
                },
                |row| row.get("enrollment_id"),
            )?
            .collect()
    }
}

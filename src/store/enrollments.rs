//! Cohorts that have records, and the enrollments in them.

use chrono::NaiveDateTime;
use rusqlite::{OptionalExtension, Result, named_params};

use super::{Record, Store};
use crate::domain::enrollment::Enrollment;
use crate::domain::program::CohortId;
use crate::domain::words::Word;

/// How full a cohort is.
#[derive(Debug, Clone, Copy, Default)]
pub struct PlacesTaken {
    pub enrolled: usize,
    pub waiting: usize,
    pub last_sign_up: Option<NaiveDateTime>,
}

/// Columns of `enrollment e`.
pub(super) const ENROLLMENT: &str =
    "e.id AS enrollment_id, e.status, e.signed_up_at, e.joined_week, e.withdrawn_on,
    e.reason, e.leave, e.site, e.residency";

pub(super) fn read(row: &Record<'_>) -> Result<Enrollment> {
    Ok(Enrollment {
        id: row.get("enrollment_id")?,
        status: row.word("status")?,
        signed_up_at: row.moment("signed_up_at")?,
        joined_week: row.get("joined_week")?,
        withdrawn_on: row.maybe_day("withdrawn_on")?,
        reason: row.maybe_word("reason")?,
        leave: row.get("leave")?,
        site: row.get("site")?,
        residency: row.get("residency")?,
    })
}

impl Store {
    /// The row of a cohort that has records.
    pub(super) fn cohort_row(&self, cohort: &CohortId) -> Result<Option<i64>> {
        self.conn
            .prepare_cached("SELECT id FROM cohort WHERE slug = :slug")?
            .query_row(named_params! { ":slug": cohort.as_str() }, |row| row.get(0))
            .optional()
    }

    /// The row of a cohort, made when its first record is.
    pub fn ensure_cohort_row(&self, cohort: &CohortId) -> Result<i64> {
        if let Some(id) = self.cohort_row(cohort)? {
            return Ok(id);
        }
        self.conn
            .prepare_cached("INSERT INTO cohort (slug) VALUES (:slug)")?
            .execute(named_params! { ":slug": cohort.as_str() })?;
        Ok(self.conn.last_insert_rowid())
    }

    /// The ids of all cohorts that have records, oldest first.
    pub fn cohorts_with_records(&self) -> Result<Vec<String>> {
        self.conn
            .prepare_cached(
                "SELECT slug FROM cohort
                 WHERE EXISTS (SELECT 1 FROM enrollment WHERE cohort_id = cohort.id)
                    OR EXISTS (SELECT 1 FROM incident WHERE cohort_id = cohort.id)
                    OR EXISTS (SELECT 1 FROM finish WHERE cohort_id = cohort.id)
                 ORDER BY id",
            )?
            .query_map([], |row| row.get(0))?
            .collect()
    }

    /// Somebody's enrollment in a cohort.
    pub fn enrollment_in(&self, participant: i64, cohort: &CohortId) -> Result<Option<Enrollment>> {
        let sql = format!(
            "SELECT {ENROLLMENT} FROM enrollment e
             WHERE e.cohort_id = (SELECT id FROM cohort WHERE slug = :slug)
               AND e.participant_id = :participant"
        );
        self.conn
            .prepare_cached(&sql)?
            .query_row(
                named_params! { ":slug": cohort.as_str(), ":participant": participant },
                |row| read(&Record::single(row)),
            )
            .optional()
    }

    /// Somebody's enrollments in all cohorts but one, each with the cohort's id; oldest
    /// first.
    pub fn enrollments_elsewhere(
        &self,
        participant: i64,
        cohort: &CohortId,
    ) -> Result<Vec<(String, Enrollment)>> {
        let sql = format!(
            "SELECT c.slug, {ENROLLMENT} FROM enrollment e JOIN cohort c ON c.id = e.cohort_id
             WHERE e.participant_id = :participant AND c.slug <> :slug ORDER BY e.id"
        );
        self.conn
            .prepare_cached(&sql)?
            .query_map(
                named_params! { ":participant": participant, ":slug": cohort.as_str() },
                |row| Ok((row.get("slug")?, read(&Record::single(row))?)),
            )?
            .collect()
    }

    /// How many have a place in a cohort, how many wait, and when the last one
    /// of all signed up. Nobody erased is counted.
    pub fn places_taken(&self, cohort: &CohortId) -> Result<PlacesTaken> {
        self.conn
            .prepare_cached(
                "SELECT count(*) FILTER (WHERE e.status = 'enrolled') AS enrolled,
                        count(*) FILTER (WHERE e.status = 'waitlisted') AS waiting,
                        max(e.signed_up_at) AS last_sign_up
                 FROM cohort c JOIN enrollment e ON e.cohort_id = c.id
                 JOIN participant p ON p.id = e.participant_id
                 WHERE c.slug = :slug AND p.name_key <> ''",
            )?
            .query_row(named_params! { ":slug": cohort.as_str() }, |row| {
                let count = |name: &str| row.get(name).map(|count: u32| count as usize);
                Ok(PlacesTaken {
                    enrolled: count("enrolled")?,
                    waiting: count("waiting")?,
                    last_sign_up: row.get("last_sign_up")?,
                })
            })
    }

    /// Since when each waits who waits for a cohort, first in line first.
    pub fn waiting_since(&self, cohort: &str) -> Result<Vec<NaiveDateTime>> {
        let mut since = Vec::new();
        self.each_record(
            "SELECT e.signed_up_at FROM cohort c JOIN enrollment e ON e.cohort_id = c.id
             JOIN participant p ON p.id = e.participant_id
             WHERE c.slug = :slug AND e.status = 'waitlisted' AND p.name_key <> ''",
            named_params! { ":slug": cohort },
            |row| -> Result<()> {
                since.push(row.moment("signed_up_at")?);
                Ok(())
            },
        )?;
        since.sort_unstable();
        Ok(since)
    }

    /// Adds an enrollment and gives its id; the one in `new` does not count.
    pub fn add_enrollment(
        &self,
        participant: i64,
        cohort: &CohortId,
        new: &Enrollment,
    ) -> Result<i64> {
        let cohort_row = self.ensure_cohort_row(cohort)?;
        self.conn
            .prepare_cached(
                "INSERT INTO enrollment (participant_id, cohort_id, status, signed_up_at,
                        joined_week, withdrawn_on, reason, leave, site, residency)
                 VALUES (:participant, :cohort, :status, :signed_up_at,
                        :joined_week, :withdrawn_on, :reason, :leave, :site, :residency)",
            )?
            .execute(named_params! {
                ":participant": participant, ":cohort": cohort_row,
                ":status": new.status.word(), ":signed_up_at": new.signed_up_at,
                ":joined_week": new.joined_week, ":withdrawn_on": new.withdrawn_on,
                ":reason": new.reason.map(Word::word), ":leave": new.leave,
                ":site": new.site, ":residency": new.residency,
            })?;
        Ok(self.conn.last_insert_rowid())
    }

    pub fn update_enrollment(&self, to: &Enrollment) -> Result<()> {
        self.conn
            .prepare_cached(
                "UPDATE enrollment SET status = :status, signed_up_at = :signed_up_at,
                        joined_week = :joined_week, withdrawn_on = :withdrawn_on,
                        reason = :reason, leave = :leave, site = :site, residency = :residency
                 WHERE id = :id",
            )?
            .execute(named_params! {
                ":id": to.id,
                ":status": to.status.word(), ":signed_up_at": to.signed_up_at,
                ":joined_week": to.joined_week, ":withdrawn_on": to.withdrawn_on,
                ":reason": to.reason.map(Word::word), ":leave": to.leave,
                ":site": to.site, ":residency": to.residency,
            })?;
        Ok(())
    }
}

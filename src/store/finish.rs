//! Cohorts that were marked finished.

use std::collections::HashSet;

use chrono::NaiveDate;
use rusqlite::{OptionalExtension, Result, named_params};

use super::Store;
use crate::domain::program::CohortId;

impl Store {
    /// The day on which a cohort was marked finished, if it was.
    pub fn marked_finished_on(&self, cohort: &CohortId) -> Result<Option<NaiveDate>> {
        self.conn
            .prepare_cached(
                "SELECT finished_on FROM cohort c JOIN finish f ON f.cohort_id = c.id
                 WHERE c.slug = :slug",
            )?
            .query_row(named_params! { ":slug": cohort.as_str() }, |row| row.get("finished_on"))
            .optional()
    }

    /// The ids of all cohorts that were marked finished.
    pub fn marked_finished(&self) -> Result<HashSet<String>> {
        self.conn
            .prepare_cached("SELECT c.slug FROM finish f JOIN cohort c ON c.id = f.cohort_id")?
            .query_map([], |row| row.get("slug"))?
            .collect()
    }

    pub fn mark_finished(&self, cohort: &CohortId, on: NaiveDate) -> Result<()> {
        let cohort_row = self.ensure_cohort_row(cohort)?;
        self.conn
            .prepare_cached("INSERT INTO finish (cohort_id, finished_on) VALUES (:cohort, :on)")?
            .execute(named_params! { ":cohort": cohort_row, ":on": on })?;
        Ok(())
    }
}

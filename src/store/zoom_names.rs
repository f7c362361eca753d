//! What participants are called in Zoom, where somebody has confirmed it. Kept
//! beside their addresses; a name tells whose it is only if one alone has it.

use rusqlite::{Result, named_params};

use super::Store;
use crate::domain::program::CohortId;
use crate::domain::text::fold;

impl Store {
    /// The names confirmed for the people of a cohort: whose, and the key by
    /// which they are compared.
    pub fn zoom_names_in(&self, cohort: &CohortId) -> Result<Vec<(i64, String)>> {
        self.conn
            .prepare_cached(
                "SELECT a.participant_id, a.key
                 FROM cohort c JOIN enrollment e ON e.cohort_id = c.id
                 JOIN address a ON a.participant_id = e.participant_id
                 WHERE c.slug = :slug AND a.kind = 'zoom' ORDER BY a.id",
            )?
            .query_map(named_params! { ":slug": cohort.as_str() }, |row| {
                Ok((row.get("participant_id")?, row.get("key")?))
            })?
            .collect()
    }

    /// The names confirmed for somebody.
    pub fn zoom_names_of(&self, participant: i64) -> Result<Vec<String>> {
        self.conn
            .prepare_cached(
                "SELECT value FROM address WHERE participant_id = :id AND kind = 'zoom' ORDER BY id",
            )?
            .query_map(named_params! { ":id": participant }, |row| row.get("value"))?
            .collect()
    }

    /// Confirms a name. One that is theirs already stays as it is.
    pub fn confirm_zoom_name(&self, participant: i64, name: &str) -> Result<()> {
        self.conn
            .prepare_cached(
                "INSERT INTO address (participant_id, kind, value, key, current)
                 VALUES (:id, 'zoom', :value, :key, 1)
                 ON CONFLICT (participant_id, kind, key) DO NOTHING",
            )?
            .execute(named_params! { ":id": participant, ":value": name, ":key": fold(name) })?;
        Ok(())
    }

    /// Forgets the names confirmed for somebody; says how many there were.
    pub fn forget_zoom_names(&self, participant: i64) -> Result<usize> {
        self.conn
            .prepare_cached("DELETE FROM address WHERE participant_id = :id AND kind = 'zoom'")?
            .execute(named_params! { ":id": participant })
    }
}

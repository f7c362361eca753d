//! The history to look at: which operations there were, and what left for a
//! file. What each of them changed is in `changes`.

use std::collections::HashSet;

use chrono::{NaiveDate, NaiveDateTime};
use rusqlite::{OptionalExtension, Result, Row, ToSql, named_params};

use super::Store;

/// One operation, as the history lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub id: i64,
    pub at: NaiveDateTime,
    pub actor: String,
    pub command: String,
    pub cohort: Option<String>,
    /// One sentence, with codes instead of names.
    pub summary: String,
    /// The operation that this one takes back.
    pub undoes: Option<i64>,
    /// Meant to last, such as an erasure: it cannot be taken back.
    pub lasting: bool,
    /// Taken back by a later one that still stands.
    pub undone: bool,
}

/// The columns of `operation` that [`Entry`] is read from.
const ENTRY: &str = "id, at, actor, command, cohort, summary, undoes, lasting";

impl Entry {
    fn read(row: &Row<'_>, undone: &HashSet<i64>) -> Result<Self> {
        let id = row.get("id")?;
        Ok(Self {
            id,
            at: row.get("at")?,
            actor: row.get("actor")?,
            command: row.get("command")?,
            cohort: row.get("cohort")?,
            summary: row.get("summary")?,
            undoes: row.get("undoes")?,
            lasting: row.get("lasting")?,
            undone: undone.contains(&id),
        })
    }
}

/// Which part of the history is looked at.
#[derive(Debug, Clone, Copy, Default)]
pub struct Part<'a> {
    /// What was done in a cohort, or changed an enrollment in it.
    pub cohort: Option<&'a str>,
    /// What changed anything about somebody, under whatever code of theirs.
    pub participant: Option<i64>,
    /// What was recorded on that day or later.
    pub since: Option<NaiveDate>,
}

// CROSS JOIN keeps SQLite from beginning with every change of every enrollment.
pub(super) const IN_COHORT: &str = "id IN (
    SELECT id FROM operation WHERE cohort = :cohort
    UNION SELECT c.operation_id FROM cohort k CROSS JOIN enrollment e ON e.cohort_id = k.id
          CROSS JOIN change c ON c.tbl = 'enrollment' AND c.row_id = e.id
          WHERE k.slug = :cohort)";

const ABOUT_PARTICIPANT: &str = "id IN (
    SELECT operation_id FROM change WHERE participant_id IN (
        SELECT :participant
        UNION SELECT former_id FROM alias WHERE participant_id = :participant))";

/// What was written to a file, as the history lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    pub at: NaiveDateTime,
    pub actor: String,
    /// The ids of cohorts, with blanks between them.
    pub cohorts: String,
    /// The names of columns, with blanks between them.
    pub columns: String,
    pub people: i64,
    pub file: String,
}

impl Store {
    pub fn operation(&self, id: i64) -> Result<Option<Entry>> {
        let undone = self.undone_operations()?;
        self.conn
            .prepare_cached(&format!("SELECT {ENTRY} FROM operation WHERE id = :id"))?
            .query_row(named_params! { ":id": id }, |row| Entry::read(row, &undone))
            .optional()
    }

    /// Gives the newest operations first, at most `most`.
    pub fn each_entry<E: From<rusqlite::Error>>(
        &self,
        part: &Part<'_>,
        most: i64,
        mut each: impl FnMut(Entry) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        let undone = self.undone_operations()?;
        let mut conditions = vec!["1"];
        let mut values: Vec<(&str, &dyn ToSql)> = vec![(":most", &most)];
        if let Some(cohort) = &part.cohort {
            conditions.push(IN_COHORT);
            values.push((":cohort", cohort));
        }
        if let Some(participant) = &part.participant {
            conditions.push(ABOUT_PARTICIPANT);
            values.push((":participant", participant));
        }
        if let Some(since) = &part.since {
            conditions.push("at >= :since");
            values.push((":since", since));
        }
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT {ENTRY} FROM operation WHERE {} ORDER BY id DESC LIMIT :most",
            conditions.join(" AND ")
        ))?;
        let mut rows = statement.query(values.as_slice())?;
        while let Some(row) = rows.next()? {
            each(Entry::read(row, &undone)?)?;
        }
        Ok(())
    }

    /// Whether the history tells of a cohort, be it in `cohorts.toml` or not.
    pub fn tells_of_cohort(&self, cohort: &str) -> Result<bool> {
        self.conn
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM operation WHERE cohort = :cohort)
                     OR EXISTS (SELECT 1 FROM cohort WHERE slug = :cohort)",
            )?
            .query_row(named_params! { ":cohort": cohort }, |row| row.get(0))
    }

    /// Gives what was written to files, the newest first, at most `most`.
    pub fn each_export<E: From<rusqlite::Error>>(
        &self,
        part: &Part<'_>,
        most: i64,
        mut each: impl FnMut(Export) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        let mut statement = self.conn.prepare_cached(
            "SELECT at, actor, cohorts, columns, people, file FROM disclosure
             WHERE (:since IS NULL OR at >= :since)
               AND (:cohort IS NULL OR instr(' ' || cohorts || ' ', ' ' || :cohort || ' ') > 0)
             ORDER BY id DESC LIMIT :most",
        )?;
        let mut rows = statement
            .query(named_params! { ":since": part.since, ":cohort": part.cohort, ":most": most })?;
        while let Some(row) = rows.next()? {
            each(Export {
                at: row.get("at")?,
                actor: row.get("actor")?,
                cohorts: row.get("cohorts")?,
                columns: row.get("columns")?,
                people: row.get("people")?,
                file: row.get("file")?,
            })?;
        }
        Ok(())
    }
}

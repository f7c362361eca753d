//! Taking operations back, from the history that the triggers wrote; and the
//! records as they were on a day, by the same inverses.

use std::collections::HashSet;

use rusqlite::{ErrorCode, OptionalExtension, Result, Row, named_params};

use super::history::IN_COHORT;
use super::{Store, triggers};

/// A change of `cohorts.toml`, as JSON that `definitions` reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileEdit {
    pub json: String,
}

/// What is left to take back once the records are: edits of `cohorts.toml`, the
/// last one first.
#[derive(Debug, Default)]
pub struct TakenBack {
    pub file_edits: Vec<FileEdit>,
}

/// Why an operation cannot be taken back: a later one rests on it.
#[derive(Debug)]
pub struct InTheWay {
    /// The later operation, where the history tells.
    pub operation: Option<i64>,
}

/// A row before and after, as the history keeps it.
pub(super) struct Change {
    pub(super) table: String,
    row_id: i64,
    pub(super) participant: Option<i64>,
    pub(super) before: Option<String>,
    pub(super) after: Option<String>,
}

impl Change {
    pub(super) fn read(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            table: row.get("tbl")?,
            row_id: row.get("row_id")?,
            participant: row.get("participant_id")?,
            before: row.get("before")?,
            after: row.get("after")?,
        })
    }
}

/// Tables whose rows several operations share: the first one to need a row made
/// it, and it stays when that one is taken back.
const SHARED: &[&str] = &["cohort", "agreement"];

/// In place of a table's name, where a change is an edit of that file.
pub const FILE_CHANGE: &str = "cohorts.toml";

impl Store {
    /// The operations that stand taken back.
    pub(super) fn undone_operations(&self) -> Result<HashSet<i64>> {
        let mut undoing: Vec<(i64, i64)> = self
            .conn
            .prepare_cached(
                "SELECT id, undoes FROM operation INDEXED BY operation_by_undoes
                 WHERE undoes IS NOT NULL",
            )?
            .query_map([], |row| Ok((row.get("id")?, row.get("undoes")?)))?
            .collect::<Result<_>>()?;
        // Whatever takes an operation back is younger, so going from the newest
        // to the oldest, whether it stands itself is known before it is asked.
        undoing.sort_unstable_by(|a, b| b.cmp(a));
        let mut undone = HashSet::new();
        for (id, undoes) in undoing {
            if !undone.contains(&id) {
                undone.insert(undoes);
            }
        }
        Ok(undone)
    }

    /// The newest operation that can be taken back: not one that takes back
    /// another, and not one that is taken back already.
    /// `open` is the one that is doing the asking.
    pub fn last_undoable(&self, open: i64) -> Result<Option<i64>> {
        let undone = self.undone_operations()?;
        let mut statement = self.conn.prepare_cached(
            "SELECT id FROM operation WHERE undoes IS NULL AND id < ?1 ORDER BY id DESC",
        )?;
        let mut rows = statement.query([open])?;
        while let Some(row) = rows.next()? {
            let id = row.get("id")?;
            if !undone.contains(&id) {
                return Ok(Some(id));
            }
        }
        Ok(None)
    }

    /// The newest operation that still stands of those after one, and before the one
    /// that is `open`, that were done in a cohort or changed an enrollment in it. What
    /// took back an older one counts; what took back one of these left nothing.
    pub fn followed_by(&self, operation: i64, cohort: &str, open: i64) -> Result<Option<i64>> {
        let undone = self.undone_operations()?;
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT id FROM operation
             WHERE id > :operation AND id < :open AND coalesce(undoes, 0) < :operation
               AND {IN_COHORT}
             ORDER BY id DESC"
        ))?;
        let arguments = named_params! { ":operation": operation, ":open": open, ":cohort": cohort };
        let mut rows = statement.query(arguments)?;
        while let Some(row) = rows.next()? {
            let id = row.get("id")?;
            if !undone.contains(&id) {
                return Ok(Some(id));
            }
        }
        Ok(None)
    }

    /// How many more seats in a cohort were taken than given up by what was done after
    /// an operation, and before the one that is `open`.
    pub fn seats_taken_since(&self, operation: i64, cohort: &str, open: i64) -> Result<i64> {
        self.conn
            .prepare_cached(
                "SELECT coalesce(sum((after ->> 'status' IS 'enrolled')
                                     - (before ->> 'status' IS 'enrolled')), 0)
                 FROM change INDEXED BY change_by_operation
                 WHERE operation_id > :operation AND operation_id < :open
                   AND tbl = 'enrollment' AND coalesce(after, before) ->> 'cohort_id'
                                              = (SELECT id FROM cohort WHERE slug = :cohort)",
            )?
            .query_row(
                named_params! { ":operation": operation, ":open": open, ":cohort": cohort },
                |row| row.get(0),
            )
    }

    /// Writes down an edit of `cohorts.toml` under the open operation.
    pub fn log_file_edit(&self, operation: i64, edit: &FileEdit) -> Result<()> {
        self.conn
            .prepare_cached(
                "INSERT INTO change (operation_id, tbl, row_id, after, checksum)
                 VALUES (:operation, :table, 0, :after,
                         change_checksum(:operation, :table, 0, NULL, :after))",
            )?
            .execute(named_params! {
                ":operation": operation, ":table": FILE_CHANGE, ":after": edit.json,
            })?;
        Ok(())
    }

    /// The edit of `cohorts.toml` that an operation made, if it made one.
    pub fn file_edit(&self, operation: i64) -> Result<Option<FileEdit>> {
        self.conn
            .prepare_cached(
                "SELECT after FROM change WHERE operation_id = :operation AND tbl = :table",
            )?
            .query_row(named_params! { ":operation": operation, ":table": FILE_CHANGE }, |row| {
                Ok(FileEdit { json: row.get("after")? })
            })
            .optional()
    }

    /// How many edits of `cohorts.toml` commands have made.
    pub fn count_file_edits(&self) -> Result<u32> {
        self.conn
            .prepare_cached("SELECT count(*) FROM change WHERE tbl = :table AND row_id = 0")?
            .query_row(named_params! { ":table": FILE_CHANGE }, |row| row.get(0))
    }

    /// Applies the inverses of an operation's changes, last change first, under
    /// another operation that is open. Refuses where a row is not as the
    /// operation left it, or others rest on it.
    pub fn take_back(&self, operation: i64) -> Result<std::result::Result<TakenBack, InTheWay>> {
        let mut taken = TakenBack::default();
        let mut statement = self.conn.prepare_cached(
            "SELECT tbl, row_id, participant_id, before, after FROM change
             WHERE operation_id = :operation ORDER BY id DESC",
        )?;
        let mut rows = statement.query(named_params! { ":operation": operation })?;
        while let Some(row) = rows.next()? {
            let change = Change::read(row)?;
            if change.table == FILE_CHANGE {
                taken.file_edits.extend(change.after.map(|json| FileEdit { json }));
                continue;
            }
            if self.row_now(&change)? != change.after {
                let later = self.later_change(&change, operation)?;
                return Ok(Err(InTheWay { operation: later }));
            }
            match self.invert(&change) {
                Ok(()) => {}
                Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {
                    let later = self.later_change(&change, operation)?;
                    return Ok(Err(InTheWay { operation: later }));
                }
                Err(error) => return Err(error),
            }
        }
        Ok(Ok(taken))
    }

    /// Puts the records back to where they were after an operation. The caller
    /// reads them and rolls everything back.
    pub fn rewind_to(&self, operation: i64) -> Result<()> {
        self.conn.pragma_update(None, "defer_foreign_keys", true)?;
        // Ids of changes grow with those of their operations. The inverses add
        // changes of their own, beyond where the reading began.
        let mut statement = self.conn.prepare_cached(
            "SELECT tbl, row_id, participant_id, before, after FROM change
             WHERE id > coalesce((SELECT max(id) FROM change WHERE operation_id =
                                  (SELECT max(operation_id) FROM change
                                   WHERE operation_id <= :operation)), 0)
             ORDER BY id DESC",
        )?;
        let mut rows = statement.query(named_params! { ":operation": operation })?;
        while let Some(row) = rows.next()? {
            let change = Change::read(row)?;
            if change.table != FILE_CHANGE {
                self.invert(&change)?;
            }
        }
        Ok(())
    }

    fn row_now(&self, change: &Change) -> Result<Option<String>> {
        let table = history_table(change)?;
        let row = triggers::row_as_json(&self.conn, table, "")?;
        self.conn
            .prepare_cached(&format!("SELECT {row} FROM {table} WHERE id = :id"))?
            .query_row(named_params! { ":id": change.row_id }, |row| row.get(0))
            .optional()
    }

    fn invert(&self, change: &Change) -> Result<()> {
        let table = history_table(change)?;
        let columns = triggers::columns(&self.conn, table)?;
        let values = columns.iter().map(|column| format!("json_extract(:row, '$.{column}')"));
        let (sql, row) = match (&change.before, &change.after) {
            (None, _) if SHARED.contains(&table) => return Ok(()),
            (None, _) => (format!("DELETE FROM {table} WHERE id = :id"), None),
            (Some(before), None) => {
                let (names, values) = (columns.join(", "), values.collect::<Vec<_>>().join(", "));
                let sql =
                    format!("INSERT INTO {table} ({names}) SELECT {values} WHERE :id IS NOT NULL");
                (sql, Some(before))
            }
            (Some(before), Some(_)) => {
                let settings: Vec<_> = columns
                    .iter()
                    .zip(values)
                    .map(|(column, value)| format!("{column} = {value}"))
                    .collect();
                (format!("UPDATE {table} SET {} WHERE id = :id", settings.join(", ")), Some(before))
            }
        };
        let mut statement = self.conn.prepare_cached(&sql)?;
        match row {
            Some(row) => statement.execute(named_params! { ":id": change.row_id, ":row": row })?,
            None => statement.execute(named_params! { ":id": change.row_id })?,
        };
        Ok(())
    }

    /// The newest later operation on the same row, else on the same person, else
    /// on the same cohort.
    fn later_change(&self, change: &Change, operation: i64) -> Result<Option<i64>> {
        self.conn
            .prepare_cached(
                "WITH later AS (SELECT * FROM change
                     WHERE operation_id > :operation
                       AND operation_id < (SELECT max(id) FROM operation))
                 SELECT coalesce(
                     (SELECT max(operation_id) FROM later WHERE tbl = :table AND row_id = :id),
                     (SELECT max(operation_id) FROM later WHERE participant_id = :participant),
                     (SELECT max(id) FROM operation
                      WHERE id > :operation AND id < (SELECT max(id) FROM operation)
                        AND cohort = (SELECT cohort FROM operation WHERE id = :operation)))",
            )?
            .query_row(
                named_params! {
                    ":table": change.table, ":id": change.row_id,
                    ":participant": change.participant, ":operation": operation,
                },
                |row| row.get(0),
            )
    }
}

/// The table of a change, as a name that may stand in SQL: what the file says
/// is not trusted with that.
fn history_table(change: &Change) -> Result<&str> {
    if triggers::has_history(&change.table) {
        Ok(&change.table)
    } else {
        Err(rusqlite::Error::InvalidColumnName(change.table.clone()))
    }
}

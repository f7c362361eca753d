//! What an operation changed, field by field, and whom and which cohorts that
//! was about. Read from the history alone where the rows are gone since.

use rusqlite::types::Type;
use rusqlite::{OptionalExtension, Result, named_params};
use serde_json::{Map, Value};

use super::undo::Change;
use super::{Store, triggers};

/// One field of one row, before and after an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldChange {
    /// The code of whoever it is about.
    pub code: Option<String>,
    pub cohort: Option<String>,
    pub week: Option<u32>,
    /// The table, or `cohorts.toml`; then `after` is the edit, as JSON that
    /// `definitions` reads.
    pub table: String,
    pub field: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// A row of the history, before or after.
type Fields = Map<String, Value>;

impl Store {
    /// Gives each field that an operation changed, in the order of the changes;
    /// only those `about` a participant, where one is given.
    /// Ids are not fields: whom and what they mean stands beside the fields.
    pub fn each_field_change<E: From<rusqlite::Error>>(
        &self,
        operation: i64,
        about: Option<i64>,
        mut each: impl FnMut(FieldChange) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        let mut statement = self.conn.prepare_cached(
            "SELECT tbl, row_id, participant_id, before, after FROM change
             WHERE operation_id = :operation
               AND (:about IS NULL OR participant_id = :about OR participant_id IN (
                        SELECT former_id FROM alias WHERE participant_id = :about))
             ORDER BY id",
        )?;
        let mut rows =
            statement.query(named_params! { ":operation": operation, ":about": about })?;
        while let Some(row) = rows.next()? {
            for field in self.fields_of(Change::read(row)?)? {
                each(field)?;
            }
        }
        Ok(())
    }

    fn fields_of(&self, change: Change) -> Result<Vec<FieldChange>> {
        if change.table == super::FILE_CHANGE {
            return Ok(vec![FieldChange {
                code: None,
                cohort: None,
                week: None,
                field: change.table.clone(),
                table: change.table,
                before: None,
                after: change.after,
            }]);
        }
        let before = change.before.as_deref().map(parse).transpose()?;
        let after = change.after.as_deref().map(parse).transpose()?;
        let Some(either) = after.as_ref().or(before.as_ref()) else { return Ok(Vec::new()) };
        let code = change.participant.map(|id| self.code_of(id)).transpose()?.flatten();
        let cohort = self.cohort_of(either)?;
        let week = either.get("week").and_then(Value::as_u64).and_then(|n| u32::try_from(n).ok());

        let columns = triggers::columns(&self.conn, &change.table)?;
        let mut names: Vec<&String> = either.keys().collect();
        names.sort_by_key(|name| columns.iter().position(|column| column == *name));
        let is_update = before.is_some() && after.is_some();
        let mut found = Vec::new();
        for name in names {
            let value = |row: &Option<Fields>| row.as_ref().and_then(|row| row.get(name)).cloned();
            let (old, new) = (value(&before), value(&after));
            let (field, old, new) = match &**name {
                "id" | "former_id" | "cohort_id" | "enrollment_id" | "support_id" | "key"
                | "name_key" => {
                    continue;
                }
                "code" if change.table == "participant" && !is_update => continue,
                "participant_id" | "week" | "slug" if !is_update => continue,
                "participant_id" => (
                    "participant",
                    self.named_by(old, Self::code_of)?,
                    self.named_by(new, Self::code_of)?,
                ),
                "agreement_id" => (
                    "agreement",
                    self.named_by(old, Self::version_of)?,
                    self.named_by(new, Self::version_of)?,
                ),
                name => (name, old.and_then(text), new.and_then(text)),
            };
            if old != new {
                found.push(FieldChange {
                    code: code.clone(),
                    cohort: cohort.clone(),
                    week,
                    table: change.table.clone(),
                    field: field.to_owned(),
                    before: old,
                    after: new,
                });
            }
        }
        Ok(found)
    }

    fn named_by(
        &self,
        id: Option<Value>,
        name: fn(&Self, i64) -> Result<Option<String>>,
    ) -> Result<Option<String>> {
        Ok(id.and_then(|id| id.as_i64()).map(|id| name(self, id)).transpose()?.flatten())
    }

    /// The code of a participant, be they still there, joined with another, or
    /// gone.
    fn code_of(&self, participant: i64) -> Result<Option<String>> {
        self.conn
            .prepare_cached(
                "SELECT coalesce(
                     (SELECT code FROM participant WHERE id = :id),
                     (SELECT code FROM alias WHERE former_id = :id),
                     (SELECT coalesce(after, before) ->> 'code' FROM change
                      WHERE tbl = 'participant' AND row_id = :id ORDER BY id DESC LIMIT 1))",
            )?
            .query_row(named_params! { ":id": participant }, |row| row.get(0))
    }

    /// The cohort that a row is in, by its own id or by its enrollment's.
    fn cohort_of(&self, row: &Fields) -> Result<Option<String>> {
        if let Some(slug) = row.get("slug").and_then(Value::as_str) {
            return Ok(Some(slug.to_owned()));
        }
        let id = match (row.get("cohort_id"), row.get("enrollment_id")) {
            (Some(id), _) => id.as_i64(),
            (None, Some(enrollment)) => self
                .conn
                .prepare_cached(
                    "SELECT coalesce(
                         (SELECT cohort_id FROM enrollment WHERE id = :id),
                         (SELECT coalesce(after, before) ->> 'cohort_id' FROM change
                          WHERE tbl = 'enrollment' AND row_id = :id ORDER BY id DESC LIMIT 1))",
                )?
                .query_row(named_params! { ":id": enrollment.as_i64() }, |row| row.get(0))?,
            (None, None) => None,
        };
        let Some(id) = id else { return Ok(None) };
        self.conn
            .prepare_cached("SELECT slug FROM cohort WHERE id = :id")?
            .query_row(named_params! { ":id": id }, |row| row.get(0))
            .optional()
    }

    fn version_of(&self, agreement: i64) -> Result<Option<String>> {
        self.conn
            .prepare_cached(
                "SELECT coalesce(
                     (SELECT version FROM agreement WHERE id = :id),
                     (SELECT coalesce(after, before) ->> 'version' FROM change
                      WHERE tbl = 'agreement' AND row_id = :id ORDER BY id DESC LIMIT 1))",
            )?
            .query_row(named_params! { ":id": agreement }, |row| row.get(0))
    }

    /// Every cohort whose records an operation changed, and the one that it was
    /// about. Rows that are gone since are known from the history.
    pub fn cohorts_touched_by(&self, operation: i64) -> Result<Vec<String>> {
        // CROSS JOIN keeps SQLite from beginning with every change of every enrollment.
        self.conn
            .prepare_cached(
                "WITH touched AS NOT MATERIALIZED (
                     SELECT tbl, before AS row FROM change
                     WHERE operation_id = :operation AND before IS NOT NULL
                     UNION ALL
                     SELECT tbl, after FROM change
                     WHERE operation_id = :operation AND after IS NOT NULL),
                 held AS (
                     SELECT DISTINCT row ->> 'enrollment_id' AS enrollment FROM touched
                     WHERE tbl IN ('consent', 'attendance', 'draft'))
                 SELECT cohort AS slug FROM operation WHERE id = :operation AND cohort IS NOT NULL
                 UNION SELECT slug FROM cohort WHERE id IN (
                     SELECT row ->> 'cohort_id' FROM touched
                         WHERE tbl IN ('enrollment', 'session', 'incident', 'zoom_report', 'finish')
                     UNION SELECT e.cohort_id FROM held JOIN enrollment e ON e.id = enrollment
                     UNION SELECT coalesce(c.after, c.before) ->> 'cohort_id'
                           FROM held CROSS JOIN change c
                           ON c.tbl = 'enrollment' AND c.row_id = enrollment)
                 ORDER BY slug",
            )?
            .query_map(named_params! { ":operation": operation }, |row| row.get("slug"))?
            .collect()
    }

    /// The code of somebody whom an operation changed and who was erased after
    /// it, or "somebody", if there is one: nothing of theirs is to come back.
    pub fn erased_since(&self, operation: i64) -> Result<Option<String>> {
        // CROSS JOIN keeps SQLite from beginning with everybody who was erased. Who
        // was in an entry that was taken back is erased in the history alone, and so is
        // a name or address that another was given by mistake: whose it was is not known.
        self.conn
            .prepare_cached(
                "SELECT min(code) FROM (
                     SELECT p.code FROM change h
                     CROSS JOIN participant p ON p.id IN (
                         h.participant_id,
                         (SELECT participant_id FROM alias WHERE former_id = h.participant_id))
                     CROSS JOIN erased x ON x.code = p.code
                     WHERE h.operation_id = :operation
                       AND NOT EXISTS (SELECT 1 FROM change c JOIN operation o ON o.id = c.operation_id
                                       WHERE c.participant_id = p.id AND o.lasting = 1
                                         AND o.id < :operation)
                     UNION ALL
                     SELECT x.code FROM change h
                     CROSS JOIN change own ON own.tbl = 'participant' AND own.row_id = h.participant_id
                     CROSS JOIN erased x ON x.code = coalesce(own.after, own.before) ->> 'code'
                     WHERE h.operation_id = :operation
                       AND NOT EXISTS (SELECT 1 FROM participant WHERE id = h.participant_id)
                       AND NOT EXISTS (SELECT 1 FROM alias WHERE former_id = h.participant_id)
                     UNION ALL
                     SELECT 'somebody' FROM change h
                     WHERE h.operation_id = :operation
                       AND (h.tbl = 'address'
                            AND coalesce(h.after, h.before) ->> 'key' = 'erased-' || h.row_id
                            OR h.tbl = 'participant'
                               AND '' IN (h.before ->> 'name_key', h.after ->> 'name_key')))",
            )?
            .query_row(named_params! { ":operation": operation }, |row| row.get(0))
    }
}

fn parse(json: &str) -> Result<Fields> {
    serde_json::from_str(json)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(0, Type::Text, Box::new(error)))
}

/// A value as it is kept; nothing where there is none.
fn text(value: Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
    }
}

//! Each row against the last change that the history has of it, each change
//! against its checksum, against the one before it, and against whose row it
//! says it is.

use rusqlite::{Connection, Result, Row, Rows};

use super::super::{triggers, undo};
use super::Inspection;

/// Looks at all tables of the file's version, and goes on where one cannot be
/// read.
pub(super) fn inspect(inspection: &mut Inspection<'_>, model: &Connection) -> Result<()> {
    for (table, _) in triggers::TABLES {
        let columns = triggers::columns(model, table)?;
        // A table that the file's version did not have yet.
        if !columns.is_empty() {
            let compared = compare(inspection, table, &columns);
            inspection.readable(table, compared)?;
        }
    }
    let others = others(inspection);
    inspection.readable("the history", others)?;
    Ok(())
}

/// A change as the history has it.
struct Change {
    id: i64,
    row_id: i64,
    before: Option<Vec<u8>>,
    after: Option<Vec<u8>>,
    /// Whether it is itself as it was written; then also whether it names the
    /// right participant.
    sound: bool,
    right_person: bool,
}

impl Change {
    fn read(row: &Row<'_>) -> Result<Self> {
        let right_person: Option<bool> = row.get("right_person")?;
        Ok(Self {
            id: row.get("id")?,
            row_id: row.get("row_id")?,
            before: bytes(row, "before")?,
            after: bytes(row, "after")?,
            sound: right_person.is_some(),
            right_person: right_person.unwrap_or(false),
        })
    }
}

/// Text to the byte: damaged text is no text, and has to be compared too.
fn bytes(row: &Row<'_>, column: &str) -> Result<Option<Vec<u8>>> {
    Ok(row.get_ref(column)?.as_bytes_or_null()?.map(<[u8]>::to_vec))
}

/// Whose row a change is about, by what the row itself said. The participant is
/// the one part of a change that its checksum leaves out.
fn person(table: &str) -> &'static str {
    match table {
        "participant" => "c.participant_id IS c.row_id",
        "address" | "alias" | "enrollment" | "incident" | "support" => {
            "c.participant_id IS json_extract(coalesce(c.after, c.before), '$.participant_id')"
        }
        // By the enrollment as it is, which is quick, or as it ever was: it may
        // be gone, or another entry's since the two were joined.
        "consent" | "attendance" | "draft" => {
            "c.participant_id IS (SELECT participant_id FROM enrollment WHERE id =
                 json_extract(coalesce(c.after, c.before), '$.enrollment_id'))
             OR EXISTS (SELECT 1 FROM change e WHERE e.tbl = 'enrollment' AND e.row_id =
                 json_extract(coalesce(c.after, c.before), '$.enrollment_id')
                 AND e.participant_id IS c.participant_id)"
        }
        // By the request likewise.
        "contact" => {
            "c.participant_id IS (SELECT participant_id FROM support WHERE id =
                 json_extract(coalesce(c.after, c.before), '$.support_id'))
             OR EXISTS (SELECT 1 FROM change s WHERE s.tbl = 'support' AND s.row_id =
                 json_extract(coalesce(c.after, c.before), '$.support_id')
                 AND s.participant_id IS c.participant_id)"
        }
        _ => "c.participant_id IS NULL",
    }
}

/// Goes through a table and its history side by side, both in the order of the
/// rows' numbers.
fn compare(inspection: &mut Inspection<'_>, table: &'static str, columns: &[String]) -> Result<()> {
    let conn = inspection.conn;
    // JSON has no blobs, which damage makes of text.
    let fields = columns.iter().map(|column| {
        format!(
            "'{column}', CASE typeof({column}) WHEN 'blob' THEN hex({column}) ELSE {column} END"
        )
    });
    let fields = fields.collect::<Vec<_>>().join(", ");
    let mut statement =
        conn.prepare(&format!("SELECT id, json_object({fields}) AS now FROM {table} ORDER BY id"))?;
    let mut table_rows = TableRows { rows: statement.query([])?, next: None };
    table_rows.advance()?;

    let mut statement = conn.prepare(&format!(
        "SELECT c.id, c.row_id, c.before, c.after,
                CASE WHEN c.checksum IS
                         change_checksum(c.operation_id, c.tbl, c.row_id, c.before, c.after)
                     THEN ({}) END AS right_person
         FROM change c INDEXED BY change_by_row
         WHERE c.tbl = ?1 ORDER BY c.row_id, c.id",
        person(table)
    ))?;
    let mut changes = statement.query([table])?;
    let mut last: Option<Change> = None;
    while let Some(row) = changes.next()? {
        let change = Change::read(row)?;
        if !change.sound {
            inspection.found_in("change", change.id, "is not as it was written down");
        } else if !change.right_person {
            inspection.found_in("change", change.id, "is written down under somebody else");
        }
        match last.take() {
            Some(earlier) if earlier.row_id == change.row_id => {
                follows(inspection, Some(&earlier), &change);
            }
            earlier => {
                if let Some(earlier) = earlier {
                    settle(inspection, table, &earlier, &mut table_rows)?;
                }
                follows(inspection, None, &change);
            }
        }
        last = Some(change);
    }
    if let Some(last) = last {
        settle(inspection, table, &last, &mut table_rows)?;
    }
    while let Some((id, _)) = &table_rows.next {
        inspection.found_in(table, *id, "is not in the history");
        table_rows.advance()?;
    }
    Ok(())
}

/// The rows of a table as they are now, one at a time.
struct TableRows<'s> {
    rows: Rows<'s>,
    next: Option<(i64, Vec<u8>)>,
}

impl TableRows<'_> {
    fn advance(&mut self) -> Result<()> {
        self.next = match self.rows.next()? {
            Some(row) => Some((row.get("id")?, bytes(row, "now")?.unwrap_or_default())),
            None => None,
        };
        Ok(())
    }
}

/// Whether a change begins where the one before it ended.
fn follows(inspection: &mut Inspection<'_>, earlier: Option<&Change>, change: &Change) {
    let ended = match earlier {
        // What it said is not known; that it is damaged was said already.
        Some(earlier) if !earlier.sound => return,
        Some(earlier) => earlier.after.as_deref(),
        None => None,
    };
    if change.sound && change.before.as_deref() != ended {
        inspection.found_in("change", change.id, "does not begin where the one before it ended");
    }
}

/// Whether a row is as the last change left it.
fn settle(
    inspection: &mut Inspection<'_>,
    table: &'static str,
    last: &Change,
    rows: &mut TableRows<'_>,
) -> Result<()> {
    while let Some((id, _)) = rows.next.as_ref().filter(|(id, _)| *id < last.row_id) {
        inspection.found_in(table, *id, "is not in the history");
        rows.advance()?;
    }
    let now = match &rows.next {
        Some((id, now)) if *id == last.row_id => Some(now.as_slice()),
        _ => None,
    };
    match (now, last.after.as_deref()) {
        _ if !last.sound => {}
        (Some(now), Some(after)) if now != after => {
            let fields = differing(after, now).join(", ");
            inspection.found_in(
                table,
                last.row_id,
                format!("is not as it was last recorded: {fields}"),
            );
        }
        (None, Some(_)) => inspection.found_in(table, last.row_id, "is gone"),
        (Some(_), None) => inspection.found_in(table, last.row_id, "was removed, and is there"),
        _ => {}
    }
    if now.is_some() {
        rows.advance()?;
    }
    Ok(())
}

/// The names of the fields in which two rows differ.
fn differing(then: &[u8], now: &[u8]) -> Vec<String> {
    type Fields = serde_json::Map<String, serde_json::Value>;
    let read = |text| serde_json::from_slice::<Fields>(text).ok();
    // Damaged text need not be text any more; then its field cannot be named.
    let (Some(then), Some(now)) = (read(then), read(now)) else {
        return vec!["a field that cannot be read".to_owned()];
    };
    let differ = then.into_iter().filter(|(name, value)| now.get(name) != Some(value));
    differ.map(|(name, _)| name).collect()
}

/// Changes that are not of a table with a history: edits of `cohorts.toml`, and
/// what cannot be.
fn others(inspection: &mut Inspection<'_>) -> Result<()> {
    let tables: Vec<String> =
        triggers::TABLES.iter().map(|(table, _)| format!("'{table}'")).collect();
    let mut statement = inspection.conn.prepare(&format!(
        "SELECT id, tbl = ?1 AND participant_id IS NULL AND checksum IS
                    change_checksum(operation_id, tbl, row_id, before, after) AS sound
         FROM change NOT INDEXED WHERE tbl NOT IN ({})",
        tables.join(", ")
    ))?;
    let mut rows = statement.query([undo::FILE_CHANGE])?;
    while let Some(row) = rows.next()? {
        if !row.get("sound")? {
            inspection.found_in("change", row.get("id")?, "is not as it was written down");
        }
    }
    Ok(())
}

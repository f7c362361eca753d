//! The triggers that write every changed row's before and after into the
//! history, and the functions that they call.
//!
//! They are generated from the tables themselves, so that no column can be
//! forgotten. Nothing is changed outside an operation: then `open_operation`
//! fails, which every change calls.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use rusqlite::functions::FunctionFlags;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Result};
use sha2::{Digest, Sha256};

/// The tables with a history, and how a row of each names its participant.
pub(super) const TABLES: &[(&str, &str)] = &[
    ("participant", "@.id"),
    ("address", "@.participant_id"),
    ("alias", "@.participant_id"),
    ("cohort", "NULL"),
    ("session", "NULL"),
    ("agreement", "NULL"),
    ("enrollment", "@.participant_id"),
    ("consent", "(SELECT participant_id FROM enrollment WHERE id = @.enrollment_id)"),
    ("attendance", "(SELECT participant_id FROM enrollment WHERE id = @.enrollment_id)"),
    ("incident", "@.participant_id"),
    ("zoom_report", "NULL"),
    ("support", "@.participant_id"),
    ("contact", "(SELECT participant_id FROM support WHERE id = @.support_id)"),
    ("finish", "NULL"),
    ("draft", "(SELECT participant_id FROM enrollment WHERE id = @.enrollment_id)"),
];

/// What may be changed just now, for the triggers to ask.
#[derive(Default)]
pub(super) struct Permits {
    /// The operation that changes are written down under; 0 when none is open,
    /// and then nothing can be changed.
    pub(super) operation: AtomicI64,
    /// Whether somebody is being erased from the history.
    pub(super) erasing: AtomicBool,
}

/// The functions that the triggers call. Without them, in any other program,
/// the tables can be read but not changed.
pub(super) fn add_functions(conn: &Connection, permits: &Arc<Permits>) -> Result<()> {
    // Triggers may call only what is declared harmless.
    let harmless = FunctionFlags::SQLITE_INNOCUOUS;
    let of = Arc::clone(permits);
    conn.create_scalar_function("open_operation", 0, harmless, move |_| {
        match of.operation.load(Ordering::Relaxed) {
            0 => Err(rusqlite::Error::UserFunctionError("no operation is open".into())),
            id => Ok(id),
        }
    })?;
    let of = Arc::clone(permits);
    conn.create_scalar_function("erasing", 0, harmless, move |_| {
        match of.erasing.load(Ordering::Relaxed) {
            false => Err(rusqlite::Error::UserFunctionError("the history is only added to".into())),
            true => Ok(true),
        }
    })?;
    let flags = FunctionFlags::SQLITE_INNOCUOUS | FunctionFlags::SQLITE_DETERMINISTIC;
    conn.create_scalar_function("writes_history", 0, flags, |_| Ok(true))?;
    conn.create_scalar_function("change_checksum", -1, flags, |arguments| {
        let mut hash = Sha256::new();
        for index in 0..arguments.len() {
            match arguments.get_raw(index) {
                ValueRef::Integer(number) => hash.update(number.to_le_bytes()),
                ValueRef::Text(text) => hash.update(text),
                _ => hash.update([0]),
            }
            hash.update([0xff]);
        }
        let digest = hash.finalize();
        Ok(digest.iter().take(8).fold(0_i64, |sum, byte| (sum << 8) | i64::from(*byte)))
    })
}

/// Sets up the triggers that write the history, for this connection.
///
/// They are made anew from the tables by whoever is about to change something:
/// in the file they would be read and parsed by every command, which takes
/// longer than all else that a reading command does. What keeps other programs
/// from changing the tables without them lies in the file, see
/// `migrations/0001_first.sql`.
pub(super) fn set_up(conn: &Connection) -> Result<()> {
    for (table, participant) in TABLES {
        let row = |side: &str| row_as_json(conn, table, &format!("{side}."));
        let none = "NULL".to_owned();
        for (event, side, before, after) in [
            ("INSERT", "NEW", none.clone(), row("NEW")?),
            ("UPDATE", "NEW", row("OLD")?, row("NEW")?),
            ("DELETE", "OLD", row("OLD")?, none),
        ] {
            let participant = participant.replace('@', side);
            let entry = entry(table, side, &participant, &before, &after);
            conn.execute_batch(&format!(
                "CREATE TEMP TRIGGER IF NOT EXISTS log_{table}_{event} AFTER {event} ON main.{table}
                 BEGIN {entry}); END;"
            ))?;
        }
    }
    Ok(())
}

/// SQL that writes a row into the history, up to where that row comes from.
fn entry(table: &str, row: &str, participant: &str, before: &str, after: &str) -> String {
    format!(
        "INSERT INTO change (operation_id, tbl, row_id, participant_id, before, after, checksum)
         SELECT o, '{table}', r, p, b, a, change_checksum(o, '{table}', r, b, a)
         FROM (SELECT open_operation() AS o, {row}.id AS r, {participant} AS p,
                      {before} AS b, {after} AS a"
    )
}

/// From now on rows that are added to a table are written into the history when
/// [`log_added`] is called, and not each by itself.
pub(super) fn log_added_later(conn: &Connection, table: &str) -> Result<()> {
    conn.execute_batch(&format!("DROP TRIGGER temp.log_{table}_INSERT"))
}

/// Writes the rows of a table from an id on into the history, as added.
pub(super) fn log_added(conn: &Connection, table: &str, from: i64) -> Result<()> {
    let participant = TABLES.iter().find(|(name, _)| *name == table).map_or("NULL", |(_, p)| p);
    let participant = participant.replace('@', "new");
    let entry = entry(table, "new", &participant, "NULL", &row_as_json(conn, table, "new.")?);
    // SQLite merges no query that has an OFFSET with the one around it, where each
    // row's JSON would be made twice: for itself, and for the checksum.
    let rows = "WHERE new.id >= ?1 ORDER BY new.id LIMIT -1 OFFSET 0";
    conn.prepare_cached(&format!("{entry} FROM {table} new {rows})"))?.execute([from])?;
    Ok(())
}

/// The columns of a table, in their order.
pub(super) fn columns(conn: &Connection, table: &str) -> Result<Vec<String>> {
    let mut statement =
        conn.prepare_cached("SELECT name FROM pragma_table_info(?1) ORDER BY cid")?;
    statement.query_map([table], |row| row.get(0))?.collect()
}

/// SQL that gives a whole row as JSON, its columns behind `prefix`.
pub(super) fn row_as_json(conn: &Connection, table: &str, prefix: &str) -> Result<String> {
    let fields: Vec<String> = columns(conn, table)?
        .iter()
        .map(|column| format!("'{column}', {prefix}{column}"))
        .collect();
    Ok(format!("json_object({})", fields.join(", ")))
}

/// Whether the history knows a table of this name.
pub(super) fn has_history(table: &str) -> bool {
    TABLES.iter().any(|(name, _)| *name == table)
}

/// The tables whose rows carry a checksum over all their other columns, instead
/// of having a history.
pub(super) const SEALED: &[&str] =
    &["operation", "disclosure", "office", "erased", "erased_address"];

/// Writes the checksum of a row of one of the [`SEALED`] tables.
pub(super) fn seal(conn: &Connection, table: &str, id: i64) -> Result<()> {
    let sum = checksum_of(conn, table)?;
    conn.prepare_cached(&format!("UPDATE {table} SET checksum = {sum} WHERE id = ?1"))?
        .execute([id])?;
    Ok(())
}

/// SQL that gives the checksum that a row of a [`SEALED`] table must have.
pub(super) fn checksum_of(conn: &Connection, table: &str) -> Result<String> {
    let columns = columns(conn, table)?;
    let summed: Vec<&str> =
        columns.iter().map(String::as_str).filter(|column| *column != "checksum").collect();
    Ok(format!("change_checksum({})", summed.join(", ")))
}

//! The file as such: its pages, the tables and rules in it, what refers to
//! what, and the numbers that rows get.

use std::collections::BTreeMap;

use rusqlite::{Connection, Result};

use super::super::{open, triggers};
use super::{Finding, Inspection};

/// How many of SQLite's own messages are worth reading.
const MESSAGES: usize = 10;

/// Looks at all of it, and goes on where something cannot be read.
pub(super) fn inspect(inspection: &mut Inspection<'_>, model: &Connection) -> Result<()> {
    let pages = pages(inspection);
    inspection.readable("the file", pages)?;
    let references = references(inspection);
    inspection.readable("what refers to what", references)?;
    let plan = plan(inspection, model);
    inspection.readable("the list of tables", plan)?;
    let numbers = numbers(inspection, model);
    inspection.readable("the numbering of the rows", numbers)?;
    Ok(())
}

/// What SQLite itself notices: pages, order, indexes against their tables, and
/// values against what their columns may hold.
fn pages(inspection: &mut Inspection<'_>) -> Result<()> {
    let conn = inspection.conn;
    let application: i32 = conn.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    if application != open::APPLICATION_ID {
        inspection.found(Finding::of_file("the file does not say that it was made by cohorts"));
    }
    let broken = open::broken_pages(conn)?;
    if broken > 0 {
        inspection.found(Finding::of_file(match broken {
            1 => "1 page of the file is not as it was written".to_owned(),
            many => format!("{many} pages of the file are not as they were written"),
        }));
        return Ok(());
    }
    let mut statement = conn.prepare(&format!("PRAGMA integrity_check({MESSAGES})"))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let message: String = row.get(0)?;
        if message != "ok" {
            for line in said_of_pages(&message) {
                inspection.found(Finding::of_file(format!("the file is damaged inside: {line}")));
            }
        }
    }
    Ok(())
}

/// What SQLite's integrity check says of pages: one thing in each line.
pub(in crate::store) fn said_of_pages(message: &str) -> impl Iterator<Item = &str> {
    message.trim_start_matches("*** in database main ***\n").lines()
}

/// Rows that refer to one that is not there.
fn references(inspection: &mut Inspection<'_>) -> Result<()> {
    let mut statement = inspection.conn.prepare(
        "SELECT \"table\" AS tbl, rowid AS row_id, parent FROM pragma_foreign_key_check()",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (table, parent): (String, String) = (row.get("tbl")?, row.get("parent")?);
        let what = format!("belongs to a row of {parent} that is not there");
        match (known(&table), row.get("row_id")?) {
            (Some(table), Some(id)) => inspection.found_in(table, id, what),
            _ => inspection.found(Finding::of_file(format!("{table} {what}"))),
        }
    }
    Ok(())
}

/// A table's name as this program writes it.
fn known(table: &str) -> Option<&'static str> {
    let with_history = triggers::TABLES.iter().map(|(name, _)| *name);
    let mut all = with_history.chain(triggers::SEALED.iter().copied()).chain(["change"]);
    all.find(|name| *name == table)
}

/// The tables, indexes and guards, each in the words that made it.
fn plan(inspection: &mut Inspection<'_>, model: &Connection) -> Result<()> {
    let (right, mut there) = (parts(model)?, parts(inspection.conn)?);
    for (part, sql) in right {
        let name = &part.1;
        match there.remove(&part) {
            Some(found) if found == sql => {}
            Some(_) => inspection.found(Finding::of_file(format!(
                "what the file says of `{name}` is not what cohorts wrote"
            ))),
            None => inspection.found(Finding::of_file(format!("`{name}` is gone from the file"))),
        }
    }
    // Statistics, which other programs leave behind, do no harm.
    for (_, name, _) in there.into_keys().filter(|part| !part.1.starts_with("sqlite_stat")) {
        inspection.found(Finding::of_file(format!(
            "`{name}` is in the file, and cohorts did not put it there"
        )));
    }
    Ok(())
}

type Parts = BTreeMap<(String, String, String), Option<String>>;

fn parts(conn: &Connection) -> Result<Parts> {
    conn.prepare("SELECT type, name, tbl_name, sql FROM sqlite_schema")?
        .query_map([], |row| {
            Ok(((row.get("type")?, row.get("name")?, row.get("tbl_name")?), row.get("sql")?))
        })?
        .collect()
}

/// Numbers are never given twice: each table's counter is past all of its rows,
/// and past those that the history remembers.
fn numbers(inspection: &mut Inspection<'_>, model: &Connection) -> Result<()> {
    let conn = inspection.conn;
    let mut counters: BTreeMap<String, i64> = BTreeMap::new();
    let mut statement = conn.prepare("SELECT name, seq FROM sqlite_sequence")?;
    let mut rows = statement.query([])?;
    let mut odd = 0;
    while let Some(row) = rows.next()? {
        let (name, seq): (String, i64) = (row.get("name")?, row.get("seq")?);
        if known(&name).is_none() || counters.insert(name, seq).is_some() {
            odd += 1;
        }
    }
    if odd > 0 {
        inspection.found(Finding::of_file("the counters of the tables are not those of cohorts"));
    }
    let tables: Vec<String> = model
        .prepare("SELECT name FROM sqlite_schema WHERE sql LIKE '%AUTOINCREMENT%' ORDER BY name")?
        .query_map([], |row| row.get("name"))?
        .collect::<Result<_>>()?;
    for table in tables {
        let largest: i64 = conn.query_row(
            &format!(
                "SELECT max(coalesce((SELECT max(id) FROM {table}), 0),
                            coalesce((SELECT max(row_id) FROM change WHERE tbl = ?1), 0))"
            ),
            [&table],
            |row| row.get(0),
        )?;
        if counters.get(&table).copied().unwrap_or(0) < largest {
            inspection.found(Finding::of_file(format!(
                "the counter of {table} is behind its rows: a number could be given twice"
            )));
        }
    }
    Ok(())
}

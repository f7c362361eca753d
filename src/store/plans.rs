//! How SQLite goes about each query of the store: none reads a table that grows
//! from end to end, or sorts what an index could give in order, unless it is
//! among the [`exceptions`], with why.
//!
//! A [`story`] makes the store run every query that is written in it, and the
//! connections are listened to. What stands in the source and was not heard is
//! an error too. All of it is compiled into this test alone; so are the commands
//! that are typed here, which the store knows nothing of.

mod exceptions;
mod story;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::config::DbConfig;
use rusqlite::trace::{TraceEvent, TraceEventCodes};
use rusqlite::{Connection, Result};

use super::{open, triggers};
use exceptions::EXCEPTIONS;

thread_local! {
    /// What the connections of this test were given to run, without any values.
    static OVERHEARD: RefCell<BTreeSet<String>> = const { RefCell::new(BTreeSet::new()) };
}

/// Listens to a connection that is being opened.
pub(super) fn overheard(mut conn: Connection) -> Result<Connection> {
    conn.trace_v2(
        TraceEventCodes::SQLITE_TRACE_STMT,
        Some(|event: TraceEvent<'_>| {
            if let TraceEvent::Stmt(statement, _) = event {
                let sql = folded(&statement.sql());
                OVERHEARD.with_borrow_mut(|overheard| overheard.insert(sql));
            }
        }),
    )?;
    Ok(conn)
}

/// Text with one blank wherever there is room.
fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The files with an ending in a folder of the sources, and in those below it.
fn sources(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path, ending));
        } else if path.extension().is_some_and(|extension| extension == ending) {
            found.push(path);
        }
    }
    found
}

fn store_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store")
}

/// The text between the quotes of each string in a source file, but not in its
/// comments and tests.
fn strings(source: &str) -> Vec<String> {
    let source = source.split("#[cfg(test)]\nmod tests {").next().unwrap();
    let lines = source.lines().filter(|line| !line.trim_start().starts_with("//"));
    let code = lines.collect::<Vec<_>>().join("\n");
    let (mut found, mut inside) = (Vec::new(), None::<String>);
    let mut characters = code.chars();
    while let Some(character) = characters.next() {
        match (character, &mut inside) {
            ('"', None) => inside = Some(String::new()),
            ('"', Some(_)) => found.extend(inside.take()),
            ('\\', Some(text)) => text.extend(characters.next().filter(|next| *next != '\n')),
            (character, Some(text)) => text.push(character),
            (_, None) => {}
        }
    }
    assert!(inside.is_none(), "a string has no end");
    found
}

/// What is SQL of the strings in the store's sources, and where it stands.
fn written() -> Vec<(PathBuf, String)> {
    // Also where it is but a part of a statement.
    let parts = ["WHERE ", "JOIN ", "ORDER BY ", " IS NULL", " = :", " >= :"];
    let is_sql = |text: &String| QUERIES.iter().chain(&parts).any(|part| text.contains(part));
    let mut found = Vec::new();
    for path in sources(&store_folder(), "rs") {
        // What is written here is not of the store; and what copies encrypted
        // files asks nothing, nor runs in every build.
        let is_none = ["store/plans.rs", "store/cipher.rs"].iter().any(|end| path.ends_with(end));
        if path.starts_with(store_folder().join("plans")) || is_none {
            continue;
        }
        let strings = strings(&fs::read_to_string(&path).unwrap()).into_iter();
        found.extend(strings.filter(is_sql).map(|text| (path.clone(), folded(&text))));
    }
    found
}

/// Whether a statement has the parts of a string in their order: whatever stands
/// between them was put there by `format!`, or in place of a trigger's `@`.
fn has(statement: &str, string: &str) -> bool {
    let string = string.replace('@', "{}");
    let mut parts = string.split('{').enumerate().map(|(index, part)| match index {
        0 => part,
        _ => part.split_once('}').map_or(part, |(_, after)| after),
    });
    let mut rest = Some(statement);
    parts.all(|part| {
        rest = rest.and_then(|rest| rest.split_once(part.trim())).map(|(_, after)| after);
        rest.is_some()
    })
}

/// How the statements begin that have a plan.
const QUERIES: &[&str] = &["SELECT ", "INSERT ", "UPDATE ", "DELETE ", "WITH "];

/// How SQLite would run a statement, its triggers included.
fn plan(conn: &Connection, sql: &str) -> Vec<String> {
    let mut statement = conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
    let mut rows = statement.raw_query();
    let mut steps = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        steps.push(row.get("detail").unwrap());
    }
    steps
}

/// Tables that stay small, however many people there are.
const SMALL: &[&str] = &["office", "agreement", "sqlite_schema", "sqlite_sequence"];

/// Searches that find a good part of a table.
const AS_GOOD_AS_ALL: &[&str] =
    &["USING INDEX change_by_row (tbl=?)", "USING INDEX consent_by_agreement (agreement_id=?)"];

/// Whether a step of a plan takes longer the more records there are.
fn is_slow(step: &str, sql: &str, partial_indexes: &[String]) -> bool {
    let words: Vec<&str> = step.split(' ').collect();
    match words[..] {
        // What it is read from is a step of its own.
        ["SCAN", name, ..]
            if name.starts_with('(')
                || ["(", "MATERIALIZED (", "NOT MATERIALIZED ("]
                    .iter()
                    .any(|begins| sql.contains(&format!(" {name} AS {begins}")))
                || SMALL.contains(&name)
                || step.contains("VIRTUAL TABLE")
                || name == "CONSTANT" =>
        {
            false
        }
        // Of a part of the table.
        ["SCAN", .., index] if partial_indexes.iter().any(|partial| partial == index) => false,
        ["SCAN", ..] | ["USE", "TEMP", "B-TREE", ..] => true,
        // From the first row or the last to one that fits.
        ["SEARCH", name] => {
            !name.starts_with('(')
                && !sql.contains(&format!("max(id) FROM {name})"))
                && !sql.ends_with(&format!(" FROM {name}"))
        }
        _ => step.contains("AUTOMATIC") || AS_GOOD_AS_ALL.iter().any(|all| step.contains(all)),
    }
}

/// A new file, in which SQLite tells of its plans, those of triggers included.
fn model() -> Connection {
    let conn = open::model(open::NEWEST).unwrap();
    triggers::set_up(&conn).unwrap();
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_TRIGGER_EQP, true).unwrap();
    conn
}

/// The texts in the first column of a query's rows.
fn texts(conn: &Connection, sql: &str) -> Vec<String> {
    let mut statement = conn.prepare(sql).unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

#[test]
fn no_query_reads_all_of_a_table_that_grows() {
    story::tell();
    let overheard = OVERHEARD.take();
    let mut wrong = Vec::new();
    for (path, string) in written() {
        if !overheard.iter().any(|sql| has(sql, &string)) {
            wrong.push(format!("{}: the story has nothing that runs\n  {string}", path.display()));
        }
    }
    let conn = model();
    let partial_indexes = texts(
        &conn,
        "SELECT i.name FROM sqlite_schema t JOIN pragma_index_list(t.name) i WHERE i.partial",
    );
    let migrations: String = sources(&store_folder(), "sql")
        .iter()
        .map(|path| folded(&fs::read_to_string(path).unwrap()))
        .collect();
    let exceptions = || EXCEPTIONS.iter().flat_map(|(_, exceptions)| *exceptions);
    let mut needed: BTreeSet<&(&str, &str)> = BTreeSet::new();
    for sql in overheard.iter().filter(|sql| !migrations.contains(*sql)) {
        if !QUERIES.iter().any(|word| sql.starts_with(word)) {
            continue;
        }
        let plan = plan(&conn, sql);
        for step in plan.iter().filter(|step| is_slow(step, sql, &partial_indexes)) {
            let excused: Vec<_> = exceptions()
                .filter(|(piece, excused)| sql.contains(piece) && step.contains(excused))
                .collect();
            if excused.is_empty() {
                wrong.push(format!("{step}, in\n  {sql}\n  {}", plan.join("\n  ")));
            }
            needed.extend(excused);
        }
    }
    for exception in exceptions().filter(|exception| !needed.contains(exception)) {
        wrong.push(format!("no query needs to be excused any more by {exception:?}"));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// Whenever a row is to go, SQLite looks for those that refer to it.
#[test]
fn rows_that_refer_to_another_are_found_by_an_index() {
    let conn = model();
    let lookups = texts(
        &conn,
        "SELECT 'SELECT 1 FROM ' || t.name || ' WHERE ' || k.\"from\" || ' = ?1'
         FROM sqlite_schema t JOIN pragma_foreign_key_list(t.name) k WHERE t.type = 'table'",
    );
    assert!(!lookups.is_empty());
    for sql in lookups {
        let plan = plan(&conn, &sql);
        assert!(plan.iter().all(|step| step.starts_with("SEARCH")), "{sql}: {plan:?}");
    }
}

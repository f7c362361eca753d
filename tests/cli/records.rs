//! cohorts.db: whose it is, what it refuses, and that its history is whole.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use cohorts::domain::program::CohortId;
use cohorts::store::{self, Done, NewOperation};
use rusqlite::Connection;

use crate::encrypted;
use crate::office::{Office, holds};
use crate::quarter::lively_quarter;

const HISTORY: [&str; 15] = [
    "participant",
    "address",
    "alias",
    "cohort",
    "session",
    "agreement",
    "enrollment",
    "consent",
    "attendance",
    "incident",
    "zoom_report",
    "support",
    "contact",
    "finish",
    "draft",
];

/// Tables that no command writes yet.
const EMPTY: [&str; 1] = ["zoom_report"];

fn texts(records: &Connection, sql: &str) -> Vec<String> {
    let mut statement = records.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| row.get::<_, Option<String>>(0)).unwrap();
    rows.map(|text| text.unwrap().unwrap_or_default()).collect()
}

fn number(records: &Connection, sql: &str) -> i64 {
    records.query_row(sql, [], |row| row.get(0)).unwrap()
}

/// Everything printed, which no name may be in.
fn summaries(records: &Connection) -> String {
    texts(records, "SELECT at || command || coalesce(cohort, '') || summary FROM operation")
        .join("\n")
        .to_lowercase()
}

#[test]
fn the_file_says_whose_it_is_and_which_version() {
    let office = Office::new();
    let records = office.records();
    assert_eq!(number(&records, "PRAGMA application_id"), 0x636f_686f);
    assert_eq!(number(&records, "PRAGMA user_version"), 5);
    assert_eq!(texts(&records, "PRAGMA journal_mode"), ["delete"]);
}

#[test]
fn every_table_is_strict_and_never_uses_an_id_twice() {
    let office = Office::new();
    let records = office.records();
    let tables = texts(
        &records,
        "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    );
    assert_eq!(tables.len(), 21);
    for table in tables {
        assert!(table.trim_end().ends_with("STRICT"), "{table}");
        assert!(table.contains("INTEGER PRIMARY KEY AUTOINCREMENT"), "{table}");
        assert!(!table.to_uppercase().contains("CASCADE"), "{table}");
        assert!(!table.contains("REAL") && !table.contains("BLOB"), "{table}");
    }
    let kinds = "SELECT DISTINCT c.type FROM sqlite_schema s, pragma_table_info(s.name) c
                 WHERE s.type = 'table' AND s.name NOT LIKE 'sqlite_%' ORDER BY 1";
    assert_eq!(texts(&records, kinds), ["INTEGER", "TEXT"]);
    let keys = "SELECT count(*) FROM sqlite_schema s, pragma_foreign_key_list(s.name) k
                WHERE s.type = 'table'";
    let kept = format!("{keys} AND k.on_delete = 'NO ACTION' AND k.on_update = 'NO ACTION'");
    assert_eq!(number(&records, keys), number(&records, &kept));
    assert!(number(&records, keys) >= 9);
}

#[test]
fn after_a_lively_quarter_the_file_is_sound() {
    let office = lively_quarter();
    let records = office.records();
    assert_eq!(texts(&records, "PRAGMA integrity_check"), ["ok"]);
    assert!(
        records
            .prepare("PRAGMA foreign_key_check")
            .unwrap()
            .query([])
            .unwrap()
            .next()
            .unwrap()
            .is_none()
    );
    assert_eq!(office.run("check").code, 0, "{}", office.run("check").stderr);
    for table in HISTORY.into_iter().filter(|table| !EMPTY.contains(table)) {
        assert!(number(&records, &format!("SELECT count(*) FROM {table}")) > 0, "{table} is empty");
    }
    assert_eq!(number(&records, "SELECT count(*) FROM disclosure"), 2);
}

#[test]
fn every_row_is_as_its_last_change_left_it() {
    let office = lively_quarter();
    // The last change, taken back and brought back.
    let said = office.says("undo");
    let number = said.trim_end().rsplit(' ').next().unwrap();
    office.ok(&format!("undo {number}"));
    let records = office.records();
    for table in HISTORY {
        let columns =
            texts(&records, &format!("SELECT name FROM pragma_table_info('{table}') ORDER BY cid"));
        let pairs: Vec<String> = columns.iter().map(|c| format!("'{c}', {c}")).collect();
        let rows = |sql: &str| -> BTreeMap<i64, Option<String>> {
            let mut statement = records.prepare(sql).unwrap();
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
            rows.map(Result::unwrap).collect()
        };
        let now = rows(&format!("SELECT id, json_object({}) FROM {table}", pairs.join(", ")));
        // A row that was deleted has no `after`.
        let mut logged =
            rows(&format!("SELECT row_id, after FROM change WHERE tbl = '{table}' ORDER BY id"));
        logged.retain(|_, after| after.is_some());
        assert!(!now.is_empty() || EMPTY.contains(&table));
        assert_eq!(now, logged, "{table}");
    }
}

#[test]
fn each_change_begins_where_the_one_before_it_ended() {
    let office = lively_quarter();
    let records = office.records();
    let broken = number(
        &records,
        "SELECT count(*) FROM (
             SELECT before, lag(after) OVER (PARTITION BY tbl, row_id ORDER BY id) AS expected
             FROM change WHERE tbl <> 'cohorts.toml')
         WHERE before IS NOT expected",
    );
    assert_eq!(broken, 0);
}

#[test]
fn every_change_has_an_operation_that_names_nobody() {
    let office = lively_quarter();
    let records = office.records();
    let orphans = "SELECT count(*) FROM change c LEFT JOIN operation o ON o.id = c.operation_id
                   WHERE o.id IS NULL OR o.actor <> 'coordinator' OR o.command = ''
                      OR o.summary = '' OR o.at NOT GLOB '2024-??-?? ??:??:??' OR o.zone = ''";
    assert_eq!(number(&records, orphans), 0);
    let empty = "SELECT count(*) FROM operation
                 WHERE NOT EXISTS (SELECT 1 FROM change WHERE operation_id = operation.id)";
    assert_eq!(number(&records, empty), 0, "an operation that changed nothing");
    let personal = "SELECT count(*) FROM change WHERE participant_id IS NULL
                    AND tbl IN ('participant', 'address', 'enrollment', 'consent', 'attendance')";
    assert_eq!(number(&records, personal), 0, "a person's change that does not say whose it is");

    let said = summaries(&records);
    let names = texts(
        &records,
        "SELECT first_name FROM participant UNION SELECT last_name FROM participant
         UNION SELECT goes_by FROM participant WHERE goes_by IS NOT NULL
         UNION SELECT value FROM address UNION SELECT phone FROM participant WHERE phone <> ''",
    );
    assert!(names.len() > 12, "{names:?}");
    for name in names.into_iter().chain(["example.org".into(), "555".into()]) {
        let name = name.to_lowercase();
        let whole =
            said.split(|c: char| !c.is_alphanumeric() && c != '@' && c != '.').any(|w| w == name);
        assert!(!whole, "{name} is in the history:\n{said}");
    }
    for kind in ["maternity", "medical", "parental", "vancouver", "victoria", "pediatrics"] {
        assert!(!said.contains(kind), "{kind} is in the history:\n{said}");
    }
}

#[test]
fn no_other_program_can_change_anything() {
    let office = lively_quarter();
    let before = office.files();
    let records = office.records();
    records.pragma_update(None, "foreign_keys", false).unwrap();
    let mut open = Vec::new();
    for table in HISTORY.iter().chain(&["operation", "change", "disclosure"]) {
        let columns = texts(
            &records,
            &format!(
                "SELECT name FROM pragma_table_info('{table}') WHERE name <> 'id' ORDER BY cid"
            ),
        );
        let (first, all) = (&columns[0], columns.join(", "));
        for sql in [
            format!("UPDATE {table} SET {first} = {first} WHERE id = 1"),
            format!("DELETE FROM {table} WHERE id = (SELECT max(id) FROM {table})"),
            format!("INSERT INTO {table} ({all}) SELECT {all} FROM {table} LIMIT 1"),
        ] {
            let transaction = records.unchecked_transaction().unwrap();
            match transaction.execute(&sql, []) {
                // Refused, but for a reason of its own: another row would do.
                Err(error) if !error.to_string().contains("constraint") => {}
                _ => open.push(sql),
            }
        }
    }
    drop(records);
    assert!(open.is_empty(), "these went through: {open:#?}");
    assert!(office.files() == before);
}

#[test]
fn a_consent_and_an_agreement_are_never_edited_even_with_the_functions() {
    let office = lively_quarter();
    let records = office.records();
    let flags = rusqlite::functions::FunctionFlags::SQLITE_INNOCUOUS;
    records.create_scalar_function("open_operation", 0, flags, |_| Ok(1_i64)).unwrap();
    records.create_scalar_function("change_checksum", 5, flags, |_| Ok(1_i64)).unwrap();
    for (sql, what) in [
        ("UPDATE consent SET decision = 'agreed'", "a consent is never edited"),
        ("UPDATE agreement SET text = 'other'", "an agreement is never edited"),
    ] {
        let error = records.execute(sql, []).unwrap_err();
        assert!(error.to_string().contains(what), "{error}");
    }
}

#[test]
fn a_dry_run_of_any_command_leaves_every_byte() {
    let office = lively_quarter();
    for line in [
        "new fall-2024 --starts 2024-10-01",
        "move spring --week 3 --to 2024-04-18",
        "enroll -c spring --first-name Zoe --last-name Young --email zoe@example.org",
        "enroll -c spring --first-name Amara --last-name Diallo --email amara@example.org",
        "consent agreed chen@example.org -c spring",
        "consent declined chen@example.org -c spring",
        "withdraw chen@example.org -c spring --reason schedule",
        "excuse chen@example.org -c spring --week 2",
        "attend winter --week 4 --late amara@example.org",
        "participant edit amara@example.org --email a@example.org --goes-by Ama",
        "participant edit amara@example.org -c winter --site Surrey",
        "undo",
        "undo 3",
    ] {
        let before = office.files();
        let done = office.run(&format!("{line} --dry-run"));
        assert!(office.files() == before, "{line}");
        if line != "undo 3" {
            assert_eq!(done.code, 0, "{line}: {}", done.stderr);
            assert!(
                done.stderr.starts_with("Dry run, nothing was changed."),
                "{line}: {}",
                done.stderr
            );
        }
    }
    office.ok("withdraw kit@example.org -c winter --reason schedule");
    let before = office.files();
    office.ok("place -c winter chen@example.org --late --from-week 4 --dry-run");
    assert!(office.files() == before);
    office.ok("roster winter --output other.csv --dry-run");
    assert!(office.files() == before);
    assert!(!office.path("other.csv").exists());
}

#[cfg(unix)]
#[test]
fn nothing_but_the_two_files_stays_in_the_folder_and_only_for_its_owner() {
    use std::os::unix::fs::PermissionsExt;
    let office = lively_quarter();
    let mut names: Vec<String> = std::fs::read_dir(office.path(""))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["cohorts.db", "cohorts.toml", "roster.csv"]);
    for name in ["cohorts.db", "cohorts.toml", "roster.csv"] {
        let mode = office.path(name).metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[test]
fn what_was_deleted_cannot_be_read_in_the_file() {
    let office = Office::winter();
    let line = "enroll --first-name Zoraida --last-name Quillfeather --email zq@example.org";
    office.ok(line);
    let bytes = encrypted::readable(&office.path("cohorts.db"));
    assert!(holds(&bytes, "Quillfeather"), "else this test sees nothing");
    // A command that fails after it began leaves nothing behind either.
    let other = line.replace("Quillfeather", "Underwoodly").replace("zq@", "zu@");
    office.ok(&format!("{other} --dry-run"));
    let bytes = encrypted::readable(&office.path("cohorts.db"));
    assert!(!holds(&bytes, "Underwoodly"));
}

#[test]
fn a_zoom_report_is_known_once_a_week_was_recorded_from_it() {
    let office = Office::winter();
    let store = store::open(&office.path("cohorts.db"), &encrypted::find_key).unwrap();
    let (winter, spring) =
        ["winter-2024", "spring-2024"].map(|id| CohortId::parse(id).unwrap()).into();
    let (one, other) = ("0a".repeat(32), "0b".repeat(32));
    let at = NaiveDate::from_ymd_opt(2024, 1, 23).unwrap().and_hms_opt(11, 40, 0).unwrap();
    for _ in 0..2 {
        let transaction = store.lock().unwrap();
        let new = NewOperation { at, zone: "UTC", actor: "coordinator", command: "attend" };
        let operation = store.begin_operation(&new).unwrap();
        store.keep_zoom_report(&winter, 1, &one).unwrap();
        store.finish_operation(operation, &Done::default()).unwrap();
        transaction.commit().unwrap();
    }
    assert_eq!(store.zoom_report_kept_at(&winter, 1, &one).unwrap(), Some(at));
    assert_eq!(number(&office.records(), "SELECT count(*) FROM zoom_report"), 1);
    for (cohort, week, sha256) in [(&winter, 1, &other), (&winter, 2, &one), (&spring, 1, &one)] {
        assert_eq!(store.zoom_report_kept_at(cohort, week, sha256).unwrap(), None);
    }
    // As the marks that came with it.
    office.ok("undo 2");
    assert_eq!(store.zoom_report_kept_at(&winter, 1, &one).unwrap(), None);
    assert_eq!(office.run("check").code, 0, "{}", office.run("check").stderr);
}

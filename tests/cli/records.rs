//! cohorts.db: whose it is, what it refuses, and that its history is whole.

use std::collections::BTreeMap;

use rusqlite::Connection;

use crate::office::Office;

const HISTORY: [&str; 8] = [
    "participant",
    "address",
    "cohort",
    "session",
    "agreement",
    "enrollment",
    "consent",
    "attendance",
];

/// Every kind of change there is, some of them taken back and redone.
fn a_lively_quarter() -> Office {
    let office = Office::new();
    office.edit("capacity = 12", "capacity = 4");
    for (now, line) in [
        ("2024-01-02 09:00", "new winter-2024 --starts 2024-01-23"),
        ("2024-01-02 09:01", "new spring-2024 --starts 2024-04-02"),
        (
            "2024-01-03 09:00",
            "enroll -c winter --first-name Amara --last-name Diallo --email amara@example.org --phone 555-0101 --leave maternity --site Vancouver --residency Pediatrics",
        ),
        (
            "2024-01-03 09:10",
            "enroll -c winter --first-name Beatriz --last-name Lindqvist --goes-by Bea --email bea@example.org",
        ),
        (
            "2024-01-03 09:20",
            "enroll -c winter --first-name Chen --last-name Liu --email chen@example.org --leave medical",
        ),
        (
            "2024-01-03 09:30",
            "enroll -c winter --first-name Kit --last-name Tran --email kit@example.org",
        ),
        (
            "2024-01-03 09:40",
            "enroll -c winter --first-name Milo --last-name Petrov --email milo@example.org",
        ),
        (
            "2024-01-04 09:00",
            "participant edit kit@example.org --email kit.new@example.org --goes-by Kitty --phone 555-0102",
        ),
        (
            "2024-01-04 09:01",
            "participant edit kit@example.org -c winter --site Victoria --leave parental",
        ),
        ("2024-01-04 09:02", "participant edit kit@example.org --phone ''"),
        ("2024-01-05 09:00", "withdraw chen@example.org -c winter --reason schedule"),
        ("2024-01-05 09:01", "place -c winter milo@example.org"),
        (
            "2024-01-06 09:00",
            "enroll -c winter --first-name Chen --last-name Liu --email chen@example.org",
        ),
        (
            "2024-01-18 09:00",
            "consent agreed amara@example.org bea@example.org -c winter --method form",
        ),
        ("2024-01-18 09:01", "consent declined milo@example.org -c winter"),
        (
            "2024-01-19 09:01",
            "consent agreed milo@example.org kit@example.org -c winter --method verbal",
        ),
        (
            "2024-01-23 12:00",
            "attend --late bea@example.org --absent milo@example.org --rest present",
        ),
        ("2024-01-23 12:01", "attend --week 1 --present milo@example.org"),
        ("2024-01-24 12:00", "excuse bea@example.org --week 2"),
        ("2024-01-25 12:00", "consent withdrawn kit@example.org -c winter"),
        ("2024-01-30 12:00", "attend --departed amara@example.org --rest present"),
        (
            "2024-01-30 12:05",
            "attend --week 2 --without-agreement kit@example.org --reason let-in-by-mistake",
        ),
        ("2024-01-31 12:00", "move --week 3 --to 2024-02-08 --at 13:00"),
        ("2024-02-09 12:00", "attend --week 3 --rest present"),
        ("2024-02-09 12:01", "undo"),
        ("2024-02-09 12:02", "attend --week 3 --rest absent"),
        ("2024-02-10 12:02", "withdraw milo@example.org --reason no-reply"),
        ("2024-02-13 12:02", "attend --week 4 --rest present"),
        (
            "2024-02-14 12:02",
            "enroll -c spring --first-name Chen --last-name Liu --email chen@example.org",
        ),
        ("2024-02-14 12:03", "roster winter --output roster.csv"),
    ] {
        office.at(now).ok(line);
    }
    office
}

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
    assert_eq!(number(&records, "PRAGMA user_version"), 1);
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
    assert_eq!(tables.len(), 11);
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
    let office = a_lively_quarter();
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
    for table in HISTORY {
        assert!(number(&records, &format!("SELECT count(*) FROM {table}")) > 0, "{table} is empty");
    }
    assert_eq!(number(&records, "SELECT count(*) FROM disclosure"), 1);
}

#[test]
fn every_row_is_as_its_last_change_left_it() {
    let office = a_lively_quarter();
    office.ok("undo");
    office.ok("undo");
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
        assert!(!now.is_empty());
        assert_eq!(now, logged, "{table}");
    }
}

#[test]
fn each_change_begins_where_the_one_before_it_ended() {
    let office = a_lively_quarter();
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
    let office = a_lively_quarter();
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
    let office = a_lively_quarter();
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
    let office = a_lively_quarter();
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
    let office = a_lively_quarter();
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
    let office = a_lively_quarter();
    let mut names: Vec<String> = std::fs::read_dir(office.path(""))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["cohorts.db", "cohorts.toml", "home", "roster.csv"]);
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
    let bytes = std::fs::read(office.path("cohorts.db")).unwrap();
    let holds = |bytes: &[u8], text: &str| bytes.windows(text.len()).any(|w| w == text.as_bytes());
    assert!(holds(&bytes, "Quillfeather"), "else this test sees nothing");
    // A command that fails after it began leaves nothing behind either.
    let other = line.replace("Quillfeather", "Underwoodly").replace("zq@", "zu@");
    office.ok(&format!("{other} --dry-run"));
    let bytes = std::fs::read(office.path("cohorts.db")).unwrap();
    assert!(!holds(&bytes, "Underwoodly"));
}

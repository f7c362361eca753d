//! Records of every older version still open, and say what they said.
//!
//! `tests/databases/` holds a file of each version, made by the `demo` of that
//! version on 20 February 2024, and from version 2 on an export of it. They are
//! never made anew.

use std::path::Path;

use snapbox::{assert_data_eq, str};

use crate::office::Office;

/// The newest version that a file is kept of.
const VERSIONS: i64 = 5;

/// The first version that could be exported.
const FIRST_EXPORT: i64 = 2;

/// An office with the records of an old version.
fn office_of(version: i64) -> Office {
    let office = Office::empty();
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/databases");
    let copy = |from: &str, to: &str| std::fs::copy(kept.join(from), office.path(to)).unwrap();
    copy(&format!("v{version}.sqlite"), "cohorts.db");
    copy("cohorts.toml", "cohorts.toml");
    office.at("2024-02-20 10:00");
    office
}

#[test]
fn a_file_of_every_version_is_kept() {
    let newest: i64 =
        Office::new().records().query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
    assert_eq!(newest, VERSIONS, "keep a file of the new version too, and raise VERSIONS");
}

#[test]
fn old_records_have_the_same_people_marks_and_history() {
    for version in 1..=VERSIONS {
        let office = office_of(version);
        let check = office.run("check");
        assert_eq!(check.code, 0, "version {version}: {}", check.stderr);
        assert!(check.stderr.contains("All is well: 2 cohorts, 17 enrollments.\n"));
        assert_data_eq!(
            office.ok("roster winter --status all --format csv"),
            str![[r#"
cohort,code,first_name,last_name,goes_by,status,agreed,week_1,week_2,week_3,week_4
winter-2024,H6C69,Jonas,Berg,Jonas,enrolled,2024-01-19,P,E,P,P
winter-2024,V2H4Y,Inês,Carvalho,Inês,enrolled,2024-01-19,P,P,P,P
winter-2024,V20SD,Amara,Diallo,Amara,enrolled,2024-01-18,P,P,P,P
winter-2024,D7CER,Beatriz,Lindqvist,Bea,enrolled,2024-01-18,P,P,P,L
winter-2024,Q095S,Chen,Liu,Chen,enrolled,2024-01-18,L,L,P,P
winter-2024,E6VNR,Finn,Murphy,Finn,enrolled,2024-01-19,A,A,P,P
winter-2024,Y9S5B,Grace,Nakamura,Grace,enrolled,2024-01-19,P,P,E,P
winter-2024,M7QTQ,Dara,Okonkwo,Dara,enrolled,2024-01-18,P,P,P,P
winter-2024,J9DVW,Milo,Petrov,Milo,withdrawn,NO,,,,
winter-2024,R9RRF,Kit,Tran,Kit,enrolled,2024-01-29,,P,P,P
winter-2024,F0Y6F,Hugo,Tremblay,Hugo,enrolled,2024-01-19,P,P,D,P
winter-2024,J42S3,Sara,Vogel,Sara,withdrawn,NO,,,,
winter-2024,J4078,Sara,Weiss,Sara,waitlisted,NO,,,,
winter-2024,Y8JMD,Elif,Yılmaz,Elif,enrolled,2024-01-18,P,P,P,P

"#]]
        );
        assert_data_eq!(
            office.ok("roster spring"),
            str![[r#"
Spring 2024, 2 April - 23 April: 3 of 12 places, 0 agreed

Code   Name            Goes by  Agreed  1 2 3 4
-----------------------------------------------
C3BNB  Haddad, Nadia   Nadia    NO      . . . .
C18AZ  O'Neill, Tomás  Tom      NO      . . . .
J4078  Weiss, Sara     Sara     NO      . . . .

"#]]
        );
        let history = office.ok("history --all --format csv");
        // Since version 4 the demo imports its sign-ups, a form at a time; since
        // version 5 more happens in it.
        let operations = match version {
            ..4 => 31,
            4 => 16,
            _ => 21,
        };
        assert_eq!(history.lines().count(), 1 + operations, "{history}");
        assert!(history.contains(",attend,"), "{history}");
    }
}

#[test]
fn old_exports_become_the_same_records() {
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/databases");
    let newest = kept.join(format!("v{VERSIONS}-export"));
    assert!(newest.exists(), "keep an export of the new version too");
    for version in FIRST_EXPORT..=VERSIONS {
        let office = Office::empty();
        office.at("2024-02-20 10:00");
        let export = kept.join(format!("v{version}-export"));
        office.ok(&format!("import --all '{}' --folder .", export.display()));
        office.ok("check");
        for line in ["roster --all --status all --format csv", "history --all --format csv"] {
            assert_eq!(office.ok(line), office_of(version).ok(line), "version {version}: {line}");
        }
        let newest: i64 =
            office.records().query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
        assert_eq!(newest, VERSIONS, "brought up to date");
    }
}

#[test]
fn old_records_can_be_changed_and_changed_back() {
    for version in 1..=VERSIONS {
        let office = office_of(version);
        let before = office.ok("roster winter --status all --format csv");
        office.ok("attend winter --week 4 --absent kit@example.org");
        office.ok("enroll --first-name Zoe --last-name Young --email zoe@example.org");
        assert!(office.ok("list").contains("4/12"));
        office.ok("undo");
        office.ok("undo");
        assert_eq!(office.ok("roster winter --status all --format csv"), before);
        assert_eq!(office.run("check").code, 0);
        let newest: i64 =
            office.records().query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
        assert_eq!(newest, VERSIONS, "brought up to date");
    }
}

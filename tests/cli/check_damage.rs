//! `check`: records that are not as they were written.

use cohorts::store::ENCRYPTS;
use snapbox::{assert_data_eq, str};

use crate::office::{Done, Office};
use crate::quarter::lively_quarter;
use crate::tamper::tamper;

/// A short quarter: Amara and Bea agreed, and were at the first session.
fn office() -> Office {
    let office = Office::winter();
    office.sign_up("winter", &["amara", "bea"]);
    office.agree("winter", &["amara", "bea"]);
    office.at("2024-01-23 12:00").ok("attend --rest present");
    office
}

/// What `check` finds, with first names for codes.
fn found(office: &Office) -> String {
    let said = office.refuses(5, "check");
    office.uncoded(&said)
}

/// The first line that `check` finds.
fn first(office: &Office) -> String {
    let said = found(office);
    said.lines().find(|line| line.starts_with("error: ")).unwrap().replace("error: ", "")
}

#[test]
fn a_changed_row_is_named_with_its_person_and_its_field() {
    let office = office();
    tamper(&office, "UPDATE attendance SET mark = 'A', week = 2 WHERE id = 1");
    assert_data_eq!(
        found(&office),
        str![[r#"
error: AMARA: attendance row 1 is not as it was last recorded: mark, week

error: 1 problem found
hint: enter nothing more; bring back the last good backup: cohorts restore FILE
hint: keep the damaged file: it may hold what the backup does not

"#]]
    );
}

#[test]
fn whatever_is_changed_in_any_table_is_found() {
    for (sql, what) in [
        (
            "UPDATE participant SET first_name = 'Bee', phone = 'x' WHERE id = 2",
            "BEE__: participant row 2 is not as it was last recorded: first_name, phone",
        ),
        (
            "UPDATE address SET value = 'a@example.org' WHERE id = 1",
            "AMARA: address row 1 is not as it was last recorded: value",
        ),
        (
            "UPDATE session SET starts_at = '10:30:00'",
            "session row 1 is not as it was last recorded: starts_at",
        ),
        ("UPDATE cohort SET slug = 'w'", "cohort row 1 is not as it was last recorded: slug"),
        ("DELETE FROM attendance WHERE id = 2", "BEA__: attendance row 2 is gone"),
        (
            "INSERT INTO attendance (enrollment_id, week, mark, noted_on)
             VALUES (2, 3, 'E', '2024-01-20')",
            "attendance row 3 is not in the history",
        ),
        (
            "DELETE FROM participant WHERE id = 2",
            "address row 2 belongs to a row of participant that is not there",
        ),
        (
            "UPDATE change SET after = replace(after, '\"P\"', '\"L\"') WHERE id =
                (SELECT max(id) FROM change WHERE tbl = 'attendance')",
            "BEA__: change row 13 is not as it was written down",
        ),
        (
            "UPDATE change SET participant_id = 1 WHERE id =
                (SELECT max(id) FROM change WHERE tbl = 'attendance')",
            "AMARA: change row 13 is written down under somebody else",
        ),
        (
            "UPDATE change SET before = after,
                checksum = change_checksum(operation_id, tbl, row_id, after, after) WHERE id =
                (SELECT max(id) FROM change WHERE tbl = 'attendance')",
            "BEA__: change row 13 does not begin where the one before it ended",
        ),
        (
            "DELETE FROM change WHERE tbl = 'attendance' AND row_id = 1",
            "attendance row 1 is not in the history",
        ),
        (
            "UPDATE change SET tbl = 'song' WHERE tbl = 'cohorts.toml'",
            "change row 1 is not as it was written down",
        ),
        (
            "UPDATE operation SET actor = 'nobody' WHERE id = 1",
            "operation row 1 is not as it was written down",
        ),
        (
            "UPDATE office SET uid = lower(uid) || ''; UPDATE office SET hash_key = uid || uid",
            "office row 1 is not as it was written down",
        ),
        (
            "UPDATE sqlite_sequence SET seq = 1 WHERE name = 'participant'",
            "the counter of participant is behind its rows: a number could be given twice",
        ),
        ("DROP TRIGGER guard_consent_update", "`guard_consent_update` is gone from the file"),
        (
            "CREATE INDEX mine ON consent (method)",
            "`mine` is in the file, and cohorts did not put it there",
        ),
    ] {
        let office = office();
        tamper(&office, sql);
        let said = found(&office);
        assert!(said.contains(what), "{sql}\n{what}\n{said}");
        assert!(!said.contains("@example.org"), "nothing personal: {said}");
    }
}

#[test]
fn statistics_of_another_program_do_no_harm() {
    let office = office();
    tamper(&office, "ANALYZE");
    office.ok("check");
}

#[test]
fn a_page_of_rubbish_is_told_in_a_few_lines() {
    let office = lively_quarter();
    let path = office.path("cohorts.db");
    let whole = std::fs::read(&path).unwrap();
    let mut found = 0;
    for page in 0..whole.len() / 4096 {
        let mut bytes = whole.clone();
        bytes[page * 4096..][100..3900].fill(0x5a);
        std::fs::write(&path, &bytes).unwrap();
        let Done { code, stderr: said, .. } = office.run("check");
        // A page that nothing is on yet is rubbish without harm.
        found += i32::from(code == 5);
        assert!(code == 5 || code == 0 && said.starts_with("All is well"), "page {page}: {said}");
        assert!(said.lines().count() <= 18, "page {page}: {said}");
        assert!(!said.contains("SELECT") && !said.contains("because"), "page {page}: {said}");
    }
    assert!(found > 15, "{found}");
}

#[test]
fn a_file_that_was_cut_short_is_damaged() {
    let office = office();
    let whole = std::fs::read(office.path("cohorts.db")).unwrap();
    std::fs::write(office.path("cohorts.db"), &whole[..whole.len() / 2]).unwrap();
    assert_data_eq!(
        office.refuses(5, "check"),
        str![[r#"
error: cohorts.db is damaged so badly that it cannot be read

error: 1 problem found
hint: enter nothing more; bring back the last good backup: cohorts restore FILE
hint: keep the damaged file: it may hold what the backup does not

"#]]
    );
    // Other commands say so too, in their way.
    let Done { code, stderr, .. } = office.run("roster");
    assert!(code == 1 && stderr.contains("cohorts.db is damaged"), "{stderr}");
}

#[test]
fn what_is_undone_and_done_again_is_sound() {
    let office = lively_quarter();
    for line in ["undo", "undo", "undo 20", "check"] {
        office.run(line);
    }
    assert_eq!(office.run("check").code, 0);
    assert_eq!(first_line(&office.says("check")), "All is well: 2 cohorts, 6 enrollments.");
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap()
}

#[test]
fn a_byte_at_the_beginning_that_sqlite_passes_over_is_found() {
    for at in [18, 47, 59, 80] {
        let office = office();
        // Any other byte of encrypted records is part of a checksum.
        if ENCRYPTS {
            office.ok("decrypt --yes");
        }
        let mut bytes = std::fs::read(office.path("cohorts.db")).unwrap();
        bytes[at] ^= 0x04;
        std::fs::write(office.path("cohorts.db"), &bytes).unwrap();
        let said = first(&office);
        assert!(
            said.starts_with("the beginning of the file is not as cohorts writes it")
                || said.contains("cannot be read"),
            "{at}: {said}"
        );
    }
}

#[test]
fn a_flipped_bit_at_the_beginning_does_not_stand_in_the_way_of_a_backup() {
    // How it is written, and the version: not every newer one is to be believed.
    for at in [18, 61] {
        let office = office();
        office.ok("backup copy.backup");
        let mut bytes = std::fs::read(office.path("cohorts.db")).unwrap();
        bytes[at] ^= 0x20;
        std::fs::write(office.path("cohorts.db"), bytes).unwrap();
        office.refuses(5, "check");
        office.ok("restore copy.backup --yes");
        office.ok("check");
    }
}

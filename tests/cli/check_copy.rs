//! `check FILE`: backups and files that were handed over.

use std::path::Path;

use snapbox::{assert_data_eq, str};

use crate::encrypted;
use crate::office::Office;
use crate::quarter::lively_quarter;
use crate::tamper::tamper_with;

/// Runs `check` in a place without any folder of records.
fn alone(file: &Path, line: &str) -> (i32, String) {
    let elsewhere = Office::empty();
    let done = elsewhere.run(&format!("check {}", file.with_file_name(line).display()));
    let place = file.parent().unwrap().to_str().unwrap();
    (done.code, done.stderr.replace(place, "/office"))
}

#[test]
fn a_backup_says_what_it_holds_without_any_folder() {
    let office = lively_quarter();
    office.ok("backup backup.db");
    let path = office.path("backup.db");
    let before = std::fs::read(&path).unwrap();
    let names = || std::fs::read_dir(office.path("")).unwrap().count();
    let count = names();
    let (code, said) = alone(&path, "backup.db");
    assert_data_eq!(
        &said,
        str![[r#"
A backup of 14 Feb 2024, 12:03, up to entry 41 of 14 Feb 2024, 12:03.
All is well: 2 cohorts, 6 enrollments.
Every row is as its history says (87 changes), and the file is whole.

"#]]
    );
    assert_eq!(code, 0);
    assert_eq!(std::fs::read(&path).unwrap(), before);
    assert_eq!(names(), count, "nothing beside it");

    office.ok("handover handover.db");
    let (_, said) = alone(&path, "handover.db");
    assert!(said.starts_with("A handover file of 14 Feb 2024, 12:03"), "{said}");
}

#[test]
fn a_copy_made_by_hand_is_checked_as_far_as_it_goes() {
    let office = lively_quarter();
    std::fs::copy(office.path("cohorts.db"), office.path("copy.db")).unwrap();
    assert_data_eq!(
        office.says("check copy.db"),
        str![[r#"
Records as a folder keeps them, up to entry 41 of 14 Feb 2024, 12:03.
There is no cohorts.toml in it to hold them against.
All is well: 2 cohorts, 6 enrollments.
Every row is as its history says (87 changes), and the file is whole.

"#]]
    );
}

#[test]
fn a_damaged_backup_is_not_to_be_relied_on() {
    let office = lively_quarter();
    office.ok("backup backup.db");
    tamper_with(&office, "backup.db", "UPDATE attendance SET mark = 'A' WHERE id = 1");
    assert_data_eq!(
        office.uncoded(&office.refuses(5, "check backup.db")),
        str![[r#"
A backup of 14 Feb 2024, 12:03, up to entry 41 of 14 Feb 2024, 12:03.

error: AMARA: attendance row 1 is not as it was last recorded: mark

error: 1 problem found
hint: do not rely on this copy; look at an earlier one: cohorts check FILE
hint: if your folder is well (cohorts check), make a new one: cohorts backup

"#]]
    );
    let whole = std::fs::read(office.path("backup.db")).unwrap();
    std::fs::write(office.path("backup.db"), &whole[..5000]).unwrap();
    let said = office.refuses(5, "check backup.db");
    assert!(said.contains("backup.db is damaged so badly that it cannot be read"), "{said}");
}

#[test]
fn a_backup_is_held_against_the_cohorts_toml_in_it() {
    let office = lively_quarter();
    office.edit("starts_on = 2024-04-02", "starts_on = 2024-04-09");
    office.edit("id = \"winter-2024\"", "id = \"winter-2025\"");
    office.ok("backup backup.db");
    let said = office.refuses(5, "check backup.db");
    assert!(
        said.contains("cohort `winter-2024` has records, and is gone from cohorts.toml"),
        "{said}"
    );
    let definitions = "[program]\nname = 7\n";
    tamper_with(
        &office,
        "backup.db",
        &format!(
            "UPDATE office SET definitions = '{definitions}';
             UPDATE office SET checksum = change_checksum(id, uid, hash_key, handed_over_at,
                               handed_over_to, copy_kind, copied_at, definitions);"
        ),
    );
    let said = office.refuses(5, "check backup.db");
    assert!(said.contains("--> cohorts.toml:2:8"), "{said}");
}

#[test]
fn a_copy_of_the_first_version_is_left_as_it_is() {
    let office = Office::empty();
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/databases/v1.sqlite");
    std::fs::write(office.path("old.db"), std::fs::read(&kept).unwrap()).unwrap();
    let done = office.run("check old.db");
    assert_eq!(done.code, 0, "{}", done.stderr);
    assert!(done.stderr.contains("They are of an older format (1), with fewer checksums."));
    assert!(done.stderr.contains("All is well: 2 cohorts, 17 enrollments."), "{}", done.stderr);
    assert_eq!(std::fs::read(office.path("old.db")).unwrap(), std::fs::read(kept).unwrap());
}

#[test]
fn what_is_no_copy_is_refused_in_plain_words() {
    let office = Office::winter();
    office.write("diary.txt", &"Dear diary,\n".repeat(100));
    std::fs::copy(office.path("cohorts.db"), office.path("newer.db")).unwrap();
    encrypted::open(&office.path("newer.db")).pragma_update(None, "user_version", 99).unwrap();
    std::fs::copy(office.path("cohorts.db"), office.path("half.db")).unwrap();
    office.write("half.db-journal", "the rest");
    for (code, line, what) in [
        (1, "check nowhere.db", "error: there is no file nowhere.db\n"),
        (
            1,
            "check diary.txt",
            "error: diary.txt was not made by cohorts, or its very beginning is damaged\n",
        ),
        (1, "check newer.db", "error: newer.db was written by a newer cohorts (format 99;"),
        (1, "check half.db", "error: half.db is not whole: a program was not done with it\n"),
        (2, "check .", "error: . is a folder; name a file in it\n"),
    ] {
        let said = office.refuses(code, line);
        assert!(said.starts_with(what), "{line}: {said}");
    }
}

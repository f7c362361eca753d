//! `check` and `restore`: rows that are never removed, and have no history that says
//! they were there. Any other program can delete them.

use crate::backup::{folder, with_backups};
use crate::office::Office;

/// Kit and Dara were erased after a backup was made.
fn office() -> Office {
    let office = Office::winter();
    office.sign_up("winter", &["amara", "kit", "dara"]);
    office.ok("backup copy.backup");
    office.ok("participant erase kit@example.org dara@example.org --yes");
    assert_eq!(office.run("check").code, 0);
    office
}

const KIT: &str = "enroll -c winter --first-name Kit --last-name Example --email kit@example.org";

#[test]
fn a_list_of_the_erased_that_is_gone_is_found_and_comes_back() {
    for (sql, what) in [
        ("DELETE FROM erased; DELETE FROM erased_address", "erased row 1 is gone"),
        ("DELETE FROM erased WHERE id = 2", "was erased, and is not in the list of the erased"),
        ("DELETE FROM erased_address", "erased_address row 1 is gone"),
        ("DROP TABLE erased_address", "`erased_address` is gone from the file"),
    ] {
        let office = office();
        office.records().execute_batch(sql).unwrap();
        let said = office.refuses(5, "check");
        assert!(said.contains(what), "{sql}\n{said}");
        let said = office.says("restore copy.backup --yes");
        assert!(
            said.contains("2 participants were erased since, and were erased again."),
            "{said}"
        );
        assert_eq!(office.run("check").code, 0, "{sql}");
        assert!(office.refuses(1, KIT).contains("erased"), "{sql}");
        assert!(!office.ok("roster winter").contains("Kit"), "{sql}");
    }
}

#[test]
fn without_the_row_of_the_office_nothing_is_written() {
    let office = office();
    office.ok("handover out.handover");
    office.records().execute_batch("DELETE FROM office").unwrap();
    let said = office.refuses(5, "check");
    assert!(said.contains("office row 1 is gone"), "{said}");
    assert!(office.ok("list").contains("winter-2024"));
    for line in [KIT, "participant erase amara@example.org --yes", "handover --cancel"] {
        let said = office.refuses(1, line);
        assert!(
            said.contains("cohorts.db is damaged") && said.contains("cohorts restore"),
            "{said}"
        );
    }
    let said = office.says("restore copy.backup --yes");
    assert!(
        said.contains("whoever was erased after that backup was made is in it again"),
        "{said}"
    );
    assert_eq!(office.run("check").code, 0);
}

#[test]
fn a_good_backup_is_not_replaced_by_one_without_the_list() {
    let office = with_backups();
    office.sign_up("winter", &["amara", "kit"]);
    office.ok("participant erase kit@example.org --yes");
    office.records().execute_batch("DELETE FROM erased; DELETE FROM erased_address").unwrap();
    let said = office.says("excuse amara@example.org --week 1");
    assert!(said.contains("today's backup was not renewed: the records are damaged"), "{said}");
    let name = &folder(&office, "usb")[0];
    office.ok(&format!("restore usb/{name} --yes"));
    assert_eq!(office.run("check").code, 0);
    office.refuses(1, KIT);
}

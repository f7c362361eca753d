//! Backups beside records that are not those they were made of, and copies that are
//! looked at in another folder.

use std::fs;

use crate::backup::{folder, with_backups};
use crate::office::Office;
use crate::tamper::tamper;

#[test]
fn an_old_file_in_place_of_the_records_is_noticed_and_no_backup_is_lost() {
    let office = with_backups();
    office.edit("keep = 3", "keep = 1");
    office.at("2024-01-03 09:00").sign_up("winter", &["amara"]);
    let old = fs::read(office.path("cohorts.db")).unwrap();
    office.at("2024-01-04 09:00").sign_up("winter", &["kit"]);
    fs::write(office.path("cohorts.db"), old).unwrap();
    let newest = "aim-focus-release-2024-01-04.backup";
    let today = office.ok("");
    assert!(today.contains("A backup has changes that the records lack"), "{today}");
    let said = office.run("check").stderr;
    assert!(said.contains(&format!("{newest} has changes that the records lack")), "{said}");
    // It stays, however many come after it.
    office.at("2024-01-05 09:00").sign_up("winter", &["bea"]);
    office.at("2024-01-06 09:00").sign_up("winter", &["chen"]);
    assert_eq!(folder(&office, "usb"), [newest, "aim-focus-release-2024-01-06.backup"]);
    // And is said, until somebody decided about it.
    assert!(office.ok("").contains("records lack"));
    let said = office.says("participant erase chen@example.org --yes");
    assert!(said.contains(&format!("but {newest} has what the records lack")), "{said}");
    let said = office.says(&format!("restore usb/{newest} --dry-run"));
    assert!(said.contains("3 later changes would be lost:"), "{said}");
    assert!(said.contains("1 later change there, which the records lack:\n  4 Jan"), "{said}");
    let kept = fs::read(office.path(&format!("usb/{newest}"))).unwrap();
    fs::remove_file(office.path(&format!("usb/{newest}"))).unwrap();
    assert!(!office.ok("").contains("records lack"));
    fs::write(office.path("kit.backup"), kept).unwrap();
    office.ok("restore kit.backup --yes");
    assert!(office.ok("roster winter").contains("Example, Kit"));
}

#[test]
fn a_backup_that_is_looked_at_elsewhere_does_not_become_the_office() {
    let office = with_backups();
    let usb = office.path("usb");
    office.edit("folder = \"usb\"", &format!("folder = '{}'", usb.display()));
    office.ok("backup copy.backup");
    let kept = || fs::read_to_string(office.home(".config/cohorts/folder")).unwrap();
    let here = kept();
    fs::create_dir(office.path("look")).unwrap();
    let said = office.says("restore copy.backup --folder look --yes");
    assert!(said.contains("Commands that you run elsewhere go on using "), "{said}");
    assert!(said.contains("go on                    cohorts --folder look"), "{said}");
    assert_eq!(kept(), here);
    // Nor is it among the backups of those who go on here.
    assert!(!office.ok("").contains("records lack"));
    // What is proposed is about the folder that was named.
    let said = office.says("enroll -c winter --folder look --first-name Kit --last-name Tran");
    assert!(said.contains("cohorts agreement winter-2024 --folder look"), "{said}");
    let said = office.refuses(1, "attend --folder look");
    assert!(said.contains("--week N --folder look, to change"), "{said}");
    let today = office.ok("today --folder look");
    assert!(today.contains("cohorts show winter-2024 --folder look"), "{today}");
    let said = office.says("export all --folder look");
    assert!(said.contains("import --all ") && !said.contains("--folder"), "{said}");
}

#[test]
fn backups_from_before_a_change_of_the_programs_name_are_named_and_go_with_time() {
    let office = with_backups();
    office.at("2024-01-03 09:00").sign_up("winter", &["amara", "kit"]);
    // Another office's, and one by hand, which are called alike.
    let other = Office::winter();
    other.ok("backup other-circle-2024-01-01.backup");
    let theirs = "usb/other-circle-2024-01-01.backup";
    fs::copy(other.path("other-circle-2024-01-01.backup"), office.path(theirs)).unwrap();
    office.ok("backup usb/before-the-form-2024-01-01.backup");
    office.edit("name = \"Aim. Focus. Release.\"", "name = \"Grace Circle\"");
    let said = office.at("2024-01-04 09:00").says("participant erase kit@example.org --yes");
    assert!(said.contains("  1 backup in "), "{said}");
    assert!(said.contains("/usb/before-the-form-2024-01-01.backup\n"), "{said}");
    office.at("2024-01-05 09:00").sign_up("winter", &["bea"]);
    assert_eq!(
        folder(&office, "usb"),
        [
            "aim-focus-release-2024-01-03.backup",
            "before-the-form-2024-01-01.backup",
            "grace-circle-2024-01-04.backup",
            "grace-circle-2024-01-05.backup",
            "other-circle-2024-01-01.backup",
        ]
    );
    office.at("2024-01-06 09:00").sign_up("winter", &["chen"]);
    assert_eq!(
        folder(&office, "usb"),
        [
            "before-the-form-2024-01-01.backup",
            "grace-circle-2024-01-04.backup",
            "grace-circle-2024-01-05.backup",
            "grace-circle-2024-01-06.backup",
            "other-circle-2024-01-01.backup",
        ]
    );
}

/// Keys are kept in the same place.
#[cfg(all(unix, not(feature = "encryption")))]
#[test]
fn records_are_restored_where_the_folder_cannot_be_remembered() {
    let office = with_backups();
    office.ok("backup copy.backup");
    let mut command = office.command("restore copy.backup --yes");
    let done = command.env("XDG_CONFIG_HOME", "/dev/null/settings").output().unwrap();
    let said = String::from_utf8(done.stderr).unwrap();
    assert!(done.status.success(), "{said}");
    assert!(said.contains("What was there before is in "), "{said}");
    assert!(said.contains("warning: commands that you run elsewhere do not know"), "{said}");
}

/// An encrypted one is not opened at all.
#[cfg(not(feature = "encryption"))]
#[test]
fn a_damaged_backup_is_in_nobodys_way() {
    let office = with_backups();
    office.at("2024-01-03 09:00").sign_up("winter", &["amara"]);
    office.at("2024-01-04 09:00").sign_up("winter", &["kit"]);
    let damaged = office.path("usb/aim-focus-release-2024-01-03.backup");
    let sql = "PRAGMA foreign_keys = OFF; DROP TABLE operation";
    rusqlite::Connection::open(damaged).unwrap().execute_batch(sql).unwrap();
    assert!(office.ok("").contains("Last backup 4 January 2024"));
    office.ok("check");
    office.at("2024-01-05 09:00").sign_up("winter", &["bea"]);
}

/// What another program had not put into its place yet is that of the damaged file.
#[cfg(not(feature = "encryption"))]
#[test]
fn what_lay_beside_a_damaged_file_does_not_reach_what_is_restored() {
    let office = with_backups();
    office.ok("backup copy.backup");
    let records = office.path("cohorts.db");
    fs::copy(&records, office.path("other.db")).unwrap();
    let other = rusqlite::Connection::open(office.path("other.db")).unwrap();
    other.execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE more (a)").unwrap();
    fs::copy(office.path("other.db-wal"), office.path("cohorts.db-wal")).unwrap();
    drop(other);
    fs::remove_file(office.path("other.db")).unwrap();
    let mut bytes = fs::read(&records).unwrap();
    bytes[..28].fill(0x55);
    fs::write(&records, bytes).unwrap();
    office.ok("restore copy.backup --yes");
    office.ok("check");
    assert!(office.path("cohorts.db-wal.before-restore-2024-01-02").exists());
}

/// A file that leaves is written over many files, with --force, but never over those
/// of another office or folder.
#[test]
fn nothing_is_written_over_the_records_of_another_folder() {
    let office = with_backups();
    office.sign_up("winter", &["amara"]);
    office.ok("handover out.handover");
    office.ok("handover --cancel");
    office.ok("backup copy.backup");
    fs::copy(office.path("cohorts.db"), office.path("Copy of the records.db")).unwrap();
    office.ok("init practice");
    office.ok("new winter-2024 --starts 2024-01-23 --folder practice");
    office.ok("enroll --folder practice --first-name Kit --last-name Tran --email k@example.org");
    fs::write(office.path("cohorts.db-journal"), "").unwrap();
    for target in [
        "cohorts.db",
        "cohorts.db-journal",
        "cohorts.toml",
        "out.handover",
        "copy.backup",
        "Copy of the records.db",
    ] {
        let before = fs::read(office.path(target)).unwrap();
        for line in [
            "backup",
            "backup --dry-run",
            "participant show k@example.org --all --output",
            "calendar --output",
            "roster --format csv --output",
            "report --format csv --output",
        ] {
            for force in ["", "--force"] {
                let line = format!("{line} '{target}' --folder practice {force}");
                let said = office.refuses(1, &line);
                assert!(said.contains(target) && said.contains("choose another name"), "{said}");
                assert!(!said.contains("add --force"), "{line}: {said}");
            }
        }
        assert!(fs::read(office.path(target)).unwrap() == before, "{target} is as it was");
    }
    fs::remove_file(office.path("cohorts.db-journal")).unwrap();
    assert_eq!(office.run("check copy.backup").code, 0);
}

#[test]
fn only_an_earlier_backup_of_the_same_records_is_replaced_by_hand() {
    let office = with_backups();
    office.sign_up("winter", &["amara"]);
    office.ok("backup early.backup");
    office.sign_up("winter", &["kit"]);
    office.ok("backup copy.backup");
    office.ok("backup copy.backup --force");
    office.ok("handover out.handover");
    office.ok("handover --cancel");
    office.refuses(1, "backup out.handover --force");
    office.refuses(1, "calendar --output copy.backup --force");
    // What came after the earlier one is in this one alone.
    office.ok("restore early.backup --yes");
    let said = office.refuses(1, "backup copy.backup --force");
    assert!(said.contains("copy.backup is no earlier backup of these records"), "{said}");
    office.ok("backup early.backup --force");
}

#[test]
fn damage_that_came_in_unnoticed_takes_no_good_backups_place() {
    let office = with_backups();
    for (day, name) in [(3, "amara"), (4, "kit"), (5, "bea")] {
        office.at(&format!("2024-01-0{day} 09:00")).sign_up("winter", &[name]);
    }
    let kept = folder(&office, "usb");
    assert_eq!(kept.len(), 3);
    tamper(&office, "UPDATE participant SET last_name = 'Sample' WHERE id = 1");
    for day in ["06", "07", "08"] {
        let said = office
            .at(&format!("2024-01-{day} 09:00"))
            .says("participant edit kit@example.org --goes-by Kitty");
        assert!(
            said.contains(
                "warning: saved, but today's backup was not renewed: the records are damaged"
            ),
            "{said}"
        );
        office.at(&format!("2024-01-{day} 10:00")).ok("undo");
    }
    assert_eq!(folder(&office, "usb"), kept);
}

//! `check`: where the files lie, and who may read them.
#![cfg(unix)]

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;

use snapbox::{assert_data_eq, str};

use crate::office::Office;

/// What `check` says of a folder in which all else is well.
fn warned(office: &Office, line: &str) -> String {
    let place = office.path("").canonicalize().unwrap();
    let said = office.says(line);
    said.replace(place.to_str().unwrap().trim_end_matches('/'), "/office")
}

#[test]
fn a_new_folder_gives_no_warning() {
    let office = Office::winter();
    assert!(!office.says("check").contains("warning"), "{}", office.says("check"));
}

#[test]
fn records_that_others_may_read_are_warned_about() {
    let office = Office::winter();
    let path = office.path("cohorts.db");
    std::fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
    assert_data_eq!(
        warned(&office, "check"),
        str![[r#"
warning: cohorts.db may be read by other users of this computer
  chmod 600 /office/cohorts.db

All is well: 1 cohort, 0 enrollments.
Every row is as its history says (1 change), and the file is whole.

"#]]
    );
    // What it says to do mends it.
    std::fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
    assert!(!office.says("check").contains("warning"));
    std::fs::set_permissions(&path, Permissions::from_mode(0o620)).unwrap();
    assert!(office.says("check").contains("cohorts.db may be changed by other users"));
    assert!(office.says("check cohorts.db").contains("\n  chmod 600 cohorts.db\n"));
}

#[test]
fn a_synced_folder_is_warned_about() {
    let office = Office::empty();
    std::fs::create_dir(office.path("Dropbox")).unwrap();
    office.ok("init Dropbox/group");
    let said = warned(&office, "check --folder Dropbox/group");
    assert_data_eq!(
        said,
        str![[r#"
warning: cohorts.db is in a folder that Dropbox copies to its computers
  move it to a folder of this computer that is not synced

All is well: 0 cohorts, 0 enrollments.
Every row is as its history says (0 changes), and the file is whole.

"#]]
    );
}

#[test]
fn what_an_interrupted_command_left_is_removed_or_warned_about() {
    let office = Office::winter();
    office.write(".cohorts-Xy12ab", "Amara");
    assert!(warned(&office, "check").starts_with("All is well"));
    assert!(!office.path(".cohorts-Xy12ab").exists());

    // Another command is at it, as far as anybody can tell.
    office.write(".cohorts-Xy12ab", "Amara");
    let held = std::fs::File::open(office.path(".cohorts-Xy12ab")).unwrap();
    held.lock().unwrap();
    assert_data_eq!(
        warned(&office, "check"),
        str![[r#"
warning: .cohorts-Xy12ab was left by an interrupted command; it may hold names
  delete it, if no command is running just now

All is well: 1 cohort, 0 enrollments.
Every row is as its history says (1 change), and the file is whole.

"#]]
    );
}

#[test]
fn warnings_stand_beside_what_is_wrong() {
    let office = Office::winter();
    office.sign_up("winter", &["amara"]);
    office.write("cohorts.db-wal", "");
    office.edit("id = \"winter-2024\"", "id = \"winter-2025\"");
    let said = office.refuses(5, "check");
    assert!(said.contains("warning: cohorts.db-wal is of another program"), "{said}");
    assert!(said.contains("error: 1 problem found"), "{said}");
}

#[test]
fn second_records_beside_the_first_are_warned_about() {
    let office = Office::winter();
    office.sign_up("winter", &["amara"]);
    let copy = "cohorts (conflicted copy).db";
    std::fs::copy(office.path("cohorts.db"), office.path(copy)).unwrap();
    let old = office.path("cohorts.db.before-restore-2024-01-01");
    std::fs::copy(office.path("cohorts.db"), &old).unwrap();
    std::fs::set_permissions(&old, Permissions::from_mode(0o644)).unwrap();
    let said = warned(&office, "check");
    assert!(said.contains("warning: cohorts.db.before-restore-2024-01-01 may be read"), "{said}");
    assert!(said.contains(&format!("warning: {copy} looks like other records")), "{said}");
    // What it has more is said by the command that is proposed.
    office.sign_up("winter", &["bea"]);
    std::fs::copy(office.path("cohorts.db"), office.path(copy)).unwrap();
    std::fs::rename(&old, office.path("cohorts.db")).unwrap();
    let said = warned(&office, "check");
    let proposed = format!("restore '/office/{copy}' --dry-run");
    assert!(said.contains(&format!(": cohorts {proposed}\n")), "{said}");
    let said = office.says(&format!("restore '{copy}' --dry-run"));
    assert!(said.contains("1 later change there, which the records lack:\n"), "{said}");
    // They hold whoever is erased.
    let said = office.says("participant erase amara@example.org --yes");
    assert!(said.contains(copy), "{said}");
}

/// Whatever they are called: an erasure does not reach them.
#[test]
fn copies_of_the_records_are_known_by_what_they_are() {
    let office = Office::winter();
    office.sign_up("winter", &["amara", "kit"]);
    office.ok("backup by-hand.backup");
    office.ok("handover out.handover");
    office.ok("handover --cancel");
    office.write("Copy of the plan.db", "Dear diary,\n");
    std::fs::create_dir(office.path("below")).unwrap();
    let copies = ["Copy of cohorts.db", "cohorts.db~", "cohorts.db.bak", "below/cohorts.db"];
    for name in copies {
        std::fs::copy(office.path("cohorts.db"), office.path(name)).unwrap();
    }
    let said = office.says("check");
    // Encrypted, they say only with their key that they are no backup.
    let named = copies.iter().filter(|_| !cohorts::store::ENCRYPTS).take(3);
    for name in named.clone() {
        assert!(said.contains(&format!("warning: {name} looks like other records")), "{said}");
    }
    assert_eq!(said.matches("looks like").count(), named.count(), "{said}");
    std::fs::set_permissions(office.path("cohorts.db~"), Permissions::from_mode(0o644)).unwrap();
    assert!(office.says("check").contains("cohorts.db~ may be read by other users"));
    let said = office.says("participant erase kit@example.org --yes");
    for name in ["by-hand.backup", "out.handover"].iter().chain(&copies[..3]) {
        assert_eq!(said.matches(&format!("/{name}\n")).count(), 1, "{name}: {said}");
    }
    assert!(!said.contains("plan.db") && !said.contains("below"), "{said}");
}

#[test]
fn definitions_and_a_folder_that_others_may_change_are_warned_about() {
    let office = Office::winter();
    let mode = |path, mode| {
        std::fs::set_permissions(office.path(path), Permissions::from_mode(mode)).unwrap();
    };
    mode("cohorts.toml", 0o666);
    mode("", 0o777);
    let said = warned(&office, "check");
    let shown = office.path("").canonicalize().unwrap();
    let name = shown.file_name().unwrap().to_string_lossy().into_owned();
    assert_data_eq!(
        said.replace(&name, "office"),
        str![[r#"
warning: the folder office may be changed by other users of this computer
  chmod go-w /office

warning: cohorts.toml may be changed by other users of this computer
  chmod 600 /office/cohorts.toml

All is well: 1 cohort, 0 enrollments.
Every row is as its history says (1 change), and the file is whole.

"#]]
    );
    mode("", 0o755);
    // Others may read what the sessions are about, but not get the link.
    mode("cohorts.toml", 0o644);
    assert!(!office.says("check").contains("warning"));
    let id = "id = \"winter-2024\"\n";
    let (starts, link) = (format!("{id}starts_on"), "link = 'https://example.org/j'");
    office.edit(&starts, &format!("{id}{link}\nstarts_on"));
    assert!(office.says("check").contains("cohorts.toml may be read by other users"));
    mode("cohorts.toml", 0o600);
    assert!(!office.says("check").contains("warning"));
    // Also while it has mistakes.
    office.edit("starts_on", "starts_off");
    mode("cohorts.toml", 0o622);
    assert!(office.refuses(5, "check").contains("warning: cohorts.toml may be changed"));
}

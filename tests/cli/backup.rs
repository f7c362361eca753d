//! `cohorts backup` and `cohorts restore`: nothing is lost.

use std::fs;

use crate::office::Office;
use crate::quarter::lively_quarter;

pub(super) fn folder(office: &Office, name: &str) -> Vec<String> {
    let entries = fs::read_dir(office.path(name)).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

pub(super) fn with_backups() -> Office {
    let office = Office::winter();
    fs::create_dir(office.path("usb")).unwrap();
    let toml = office.read("cohorts.toml");
    office.write("cohorts.toml", &format!("{toml}\n[backup]\nfolder = \"usb\"\nkeep = 3\n"));
    office
}

#[test]
fn one_file_brings_everything_back() {
    let office = lively_quarter();
    let roster = office.ok("roster --all --status all --format csv");
    let said = office.says("backup copy.backup");
    assert!(said.contains("Backed up 2 cohorts and 6 participants to "), "{said}");
    assert!(said.contains("copy.backup, which only you can read."), "{said}");
    let files = office.files();
    fs::create_dir(office.path("new")).unwrap();
    let said = office.says("restore copy.backup --folder new --yes");
    assert!(said.contains("weeks 1-4 of winter-2024"), "{said}");
    assert_eq!(office.ok("roster --all --status all --format csv --folder new"), roster);
    assert_eq!(fs::read(office.path("new/cohorts.toml")).ok(), files.0);
    assert_eq!(office.run("check --folder new").code, 0);
    assert_eq!(folder(&office, "new"), ["cohorts.db", "cohorts.toml"]);
}

#[cfg(unix)]
#[test]
fn only_the_owner_reads_it_and_nothing_lies_beside_it() {
    use std::os::unix::fs::PermissionsExt;
    let office = lively_quarter();
    fs::create_dir(office.path("usb")).unwrap();
    office.ok("backup usb/copy.backup");
    let mode = fs::metadata(office.path("usb/copy.backup")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(folder(&office, "usb"), ["copy.backup"]);
    // Nor is another file, a link or the records themselves overwritten.
    office.refuses(1, "backup usb/copy.backup");
    office.ok("backup usb/copy.backup --force");
    std::os::unix::fs::symlink("copy.backup", office.path("usb/link")).unwrap();
    office.refuses(1, "backup usb/link --force");
    office.refuses(1, "backup cohorts.db --force");
    office.refuses(1, "backup nowhere/copy.backup");
}

#[test]
fn what_would_be_lost_is_said_first_and_kept_aside() {
    let office = Office::winter();
    office.sign_up("winter", &["amara"]);
    office.ok("backup copy.backup");
    office.at("2024-01-03 09:00").sign_up("winter", &["kit"]);
    office.ok("new spring-2024 --starts 2024-04-02");
    let before = office.files();
    let said = office.refuses(2, "restore copy.backup");
    assert!(
        said.contains("2 later changes would be lost:\n  3 Jan 2024, 9:00  spring-2024 added"),
        "{said}"
    );
    let said = office.says("restore copy.backup --dry-run");
    assert!(said.contains("nothing was changed"), "{said}");
    assert!(office.files() == before);

    office.ok("restore copy.backup --yes");
    assert!(!office.ok("list").contains("spring"));
    assert!(office.ok("list").contains("1/12"));
    assert!(office.read("cohorts.toml.before-restore-2024-01-03").contains("spring-2024"));
    // And back again, to what was there before.
    fs::copy(office.path("cohorts.toml.before-restore-2024-01-03"), office.path("cohorts.toml"))
        .unwrap();
    office.ok("restore cohorts.db.before-restore-2024-01-03 --yes");
    assert!(office.ok("list").contains("2/12"));
    assert!(office.ok("list").contains("spring"));
    assert_eq!(office.run("check").code, 0);
}

#[test]
fn the_erased_are_erased_again() {
    let office = lively_quarter();
    office.ok("backup copy.backup");
    let kit = office.code("kit");
    office.ok(&format!("participant erase {kit} --yes"));
    let said = office.says("restore copy.backup --yes");
    assert!(said.contains("1 participant was erased since, and was erased again."), "{said}");
    let bytes = fs::read(office.path("cohorts.db")).unwrap();
    assert!(!bytes.windows(4).any(|window| window == b"Tran"));
    office.refuses(1, "enroll -c spring --first-name Kit --last-name Tran --email kit@example.org");
    assert_eq!(office.run("check").code, 0);
}

#[test]
fn whoever_is_erased_again_has_no_place_in_what_goes_on() {
    let office = Office::winter();
    office.sign_up("winter", &["amara", "kit"]);
    office.ok("backup copy.backup");
    office.ok("participant erase kit@example.org --yes");
    let roster = office.ok("roster winter");
    office.ok("restore copy.backup --yes");
    assert_eq!(office.ok("roster winter"), roster);
    assert!(roster.contains(": 1 of 12 places, 0 agreed\n"), "{roster}");
    assert_eq!(office.run("check").code, 0);
}

#[test]
fn exports_that_were_made_since_stay_known() {
    let office = lively_quarter();
    office.ok("backup copy.backup");
    office.ok("roster winter --output later.csv");
    office.ok("restore copy.backup --yes");
    let files: i64 = office
        .records()
        .query_row("SELECT count(*) FROM disclosure WHERE file LIKE '%/later.csv'", [], |row| {
            row.get(0)
        })
        .unwrap();
    assert_eq!(files, 1);
}

#[test]
fn records_that_are_damaged_are_replaced_and_kept() {
    let office = lively_quarter();
    office.ok("backup copy.backup");
    let roster = office.ok("roster --all --status all --format csv");
    let mut bytes = fs::read(office.path("cohorts.db")).unwrap();
    bytes[4096..20_000].fill(0x55);
    fs::write(office.path("cohorts.db"), &bytes).unwrap();
    fs::write(office.path("cohorts.db-journal"), "left over").unwrap();
    let said = office.says("restore copy.backup --yes");
    assert!(said.contains("cannot be read"), "{said}");
    assert_eq!(office.ok("roster --all --status all --format csv"), roster);
    assert_eq!(fs::read(office.path("cohorts.db.before-restore-2024-02-14")).unwrap(), bytes);
    assert_eq!(office.run("check").code, 0);
}

#[test]
fn a_copy_that_is_damaged_or_none_or_of_others_is_refused() {
    let office = lively_quarter();
    office.ok("backup copy.backup");
    let good = fs::read(office.path("copy.backup")).unwrap();
    let mut bytes = good.clone();
    bytes[8192..9000].fill(0);
    fs::write(office.path("broken.backup"), bytes).unwrap();
    fs::write(office.path("short.backup"), &good[..good.len() / 2]).unwrap();
    for bad in ["broken.backup", "short.backup", "cohorts.toml", "missing.backup"] {
        let said = office.refuses(1, &format!("restore {bad} --yes"));
        assert!(said.contains(bad), "{said}");
    }
    office.ok("init other");
    office.ok("new winter-2024 --starts 2024-01-23 --folder other");
    let said = office.refuses(1, "restore copy.backup --yes --folder other");
    assert!(said.contains("a backup of other records"), "{said}");
}

#[test]
fn elsewhere_it_is_asked_which_folder_is_meant() {
    let office = lively_quarter();
    office.ok("backup copy.backup");
    let elsewhere = tempfile::tempdir().unwrap();
    let copy = office.path("copy.backup");
    let mut command = office.command("restore");
    let done = command.arg(&copy).arg("--yes").current_dir(elsewhere.path()).output().unwrap();
    let said = String::from_utf8(done.stderr).unwrap();
    assert_eq!(done.status.code(), Some(2), "{said}");
    assert!(said.contains("say which is meant"), "{said}");
    assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 0);
}

#[test]
fn every_change_renews_the_days_backup() {
    let office = with_backups();
    office.sign_up("winter", &["amara"]);
    assert_eq!(folder(&office, "usb"), ["aim-focus-release-2024-01-02.backup"]);
    office.sign_up("winter", &["kit"]);
    assert_eq!(folder(&office, "usb").len(), 1);
    for day in 3..8 {
        office
            .at(&format!("2024-01-0{day} 09:00"))
            .sign_up("winter", &[["bea", "chen", "dara", "elif", "finn"][day - 3]]);
    }
    assert_eq!(
        folder(&office, "usb"),
        [
            "aim-focus-release-2024-01-05.backup",
            "aim-focus-release-2024-01-06.backup",
            "aim-focus-release-2024-01-07.backup"
        ]
    );
    fs::create_dir(office.path("new")).unwrap();
    office.ok("restore usb/aim-focus-release-2024-01-07.backup --folder new --yes");
    assert!(office.ok("list --folder new").contains("7/12"));
    office.ok("backup");
}

#[test]
fn a_backup_that_holds_more_is_never_replaced() {
    let office = with_backups();
    office.sign_up("winter", &["amara"]);
    office.ok("backup early.backup");
    office.sign_up("winter", &["kit"]);
    office.ok("restore early.backup --yes");
    office.sign_up("winter", &["bea"]);
    assert_eq!(
        folder(&office, "usb"),
        ["aim-focus-release-2024-01-02-2.backup", "aim-focus-release-2024-01-02.backup"]
    );
    fs::write(office.path("usb/aim-focus-release-2024-01-03.backup"), "not a backup").unwrap();
    office.at("2024-01-03 09:00").sign_up("winter", &["chen"]);
    assert_eq!(office.read("usb/aim-focus-release-2024-01-03.backup"), "not a backup");
    assert!(office.path("usb/aim-focus-release-2024-01-03-2.backup").exists());
}

#[test]
fn a_change_is_saved_where_the_backup_cannot_be() {
    let office = with_backups();
    fs::remove_dir(office.path("usb")).unwrap();
    let said = office.says("enroll --first-name Kit --last-name Tran --email kit@example.org");
    assert!(
        said.contains("warning: saved, but today's backup was not renewed: there is no folder"),
        "{said}"
    );
    assert!(office.ok("").contains("The folder for backups is not there"), "{}", office.ok(""));
    let said = office.run("check");
    assert!(said.stderr.contains("plug in its disk, or name another folder"), "{}", said.stderr);
    fs::create_dir(office.path("usb")).unwrap();
    assert!(office.ok("").contains("There is no backup yet"), "{}", office.ok(""));
    office.ok("backup");
    assert!(!office.ok("").contains("cohorts backup"), "{}", office.ok(""));
    office.at("2024-01-05 09:00");
    fs::remove_dir_all(office.path("usb")).unwrap();
    office.sign_up("winter", &["bea"]);
}

#[test]
fn a_clock_that_was_set_back_does_not_take_the_backup_just_made() {
    let office = with_backups();
    for day in 3..6 {
        office
            .at(&format!("2024-01-0{day} 09:00"))
            .sign_up("winter", &[["bea", "chen", "dara"][day - 3]]);
    }
    office.at("2023-01-03 09:00").ok("excuse bea@example.org --week 1");
    assert_eq!(
        folder(&office, "usb"),
        [
            "aim-focus-release-2023-01-03.backup",
            "aim-focus-release-2024-01-04.backup",
            "aim-focus-release-2024-01-05.backup"
        ]
    );
    // It holds the last change, whatever its name says.
    assert!(!office.ok("").contains("cohorts backup"), "{}", office.ok(""));
}

#[test]
fn two_offices_in_one_folder_keep_their_own_backups() {
    let (one, other) = (with_backups(), Office::winter());
    let toml = other.read("cohorts.toml");
    let usb = one.path("usb");
    let section = format!("\n[backup]\nfolder = '{}'\nkeep = 3\n", usb.display());
    other.write("cohorts.toml", &(toml + &section));
    for day in 3..8 {
        let name = ["bea", "chen", "dara", "elif", "finn"][day - 3];
        one.at(&format!("2024-01-0{day} 09:00")).sign_up("winter", &[name]);
        other.at(&format!("2024-01-0{day} 10:00"));
        if day < 7 {
            other.sign_up("winter", &[name]);
        }
    }
    assert_eq!(
        folder(&one, "usb"),
        [
            "aim-focus-release-2024-01-04-2.backup",
            "aim-focus-release-2024-01-05-2.backup",
            "aim-focus-release-2024-01-05.backup",
            "aim-focus-release-2024-01-06-2.backup",
            "aim-focus-release-2024-01-06.backup",
            "aim-focus-release-2024-01-07.backup",
        ]
    );
    // The backup of the one says nothing about the other's.
    other.edit(&section, "\n");
    other.sign_up("winter", &["finn"]);
    other.write("cohorts.toml", &(other.read("cohorts.toml") + &section));
    assert!(other.ok("").contains("The last backup is of 6 January"), "{}", other.ok(""));
}

#[test]
fn a_change_that_is_in_no_backup_is_said_on_the_same_day() {
    let office = with_backups();
    office.sign_up("winter", &["amara"]);
    fs::rename(office.path("usb"), office.path("away")).unwrap();
    office.sign_up("winter", &["kit"]);
    fs::rename(office.path("away"), office.path("usb")).unwrap();
    assert!(office.ok("").contains("The last change is in no backup"), "{}", office.ok(""));
}

#[test]
fn a_restore_says_what_else_is_replaced_and_what_it_cannot_know() {
    let office = with_backups();
    office.sign_up("winter", &["amara"]);
    office.ok("backup copy.backup");
    let said = office.says("restore copy.backup --dry-run");
    assert!(said.contains("No change would be lost.") && !said.contains("cohorts.toml"), "{said}");
    office.write("cohorts.toml", &(office.read("cohorts.toml") + "# by hand\n"));
    let said = office.says("restore copy.backup --dry-run");
    assert!(said.contains("The cohorts.toml there says something else"), "{said}");
    // It is a change like any other: the day's backup holds it.
    office.ok("restore copy.backup --yes");
    assert!(!office.ok("").contains("cohorts backup"), "{}", office.ok(""));
    // Where there was nothing, nobody knows who was erased.
    fs::create_dir(office.path("new")).unwrap();
    let said = office.says("restore copy.backup --folder ./new/. --yes");
    assert!(said.contains("erased after that backup was made is in it again"), "{said}");
    assert!(said.contains("/new.\n"), "{said}");
}

#[cfg(unix)]
#[test]
fn what_another_window_did_while_it_was_asked_is_not_replaced() {
    let desk = crate::prompts::Desk::new();
    desk.quietly("backup copy.backup");
    let code = desk.at_terminal("restore copy.backup", |talk| {
        talk.exp_string("Put it into").unwrap();
        desk.quietly("excuse amara@example.org --week 1");
        talk.send("y\r").unwrap();
        talk.flush().unwrap();
        talk.exp_string("another window changed the records meanwhile").unwrap();
    });
    assert_eq!(code, 1);
    assert!(desk.quietly("history").contains("excused"));
}

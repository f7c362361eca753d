//! `cohorts participant erase`: the files that left, which may hold somebody and
//! whose names may say who they are.

use std::fs;

use crate::erase::holding;
use crate::office::Office;

/// An office with Zelda in it, and others.
fn with_zelda() -> Office {
    let office = Office::winter();
    office.ok("enroll --first-name Zelda --last-name Quorndorf --email zelda@example.org");
    office.sign_up("winter", &["nina"]);
    office
}

#[test]
fn a_folder_that_was_named_after_them_is_not_named_any_more() {
    let office = with_zelda();
    for folder in ["zelda@example.org", "quorndorf", "dir-quorndorf", "Zelda", "Z", "Z/zelda"] {
        fs::create_dir(office.path(folder)).unwrap();
        office
            .ok(&format!("participant show zelda@example.org --all --output {folder}/answer.txt"));
    }
    office.ok("roster winter --output Zelda/roster.csv");
    let said = office.says("participant erase zelda@example.org --yes");
    assert!(said.contains("/dir-quorndorf/answer.txt\n"), "{said}");
    for personal in ["zelda", "Zelda", "quorndorf", "Quorndorf"] {
        let mut left = holding(&office.path(""), personal);
        left.retain(|file| !["answer.txt", "roster.csv"].contains(&&**file));
        assert!(left.is_empty(), "{personal}: {left:?}");
    }
    let exports = office.ok("history --exports");
    let emptied = "/a folder whose name was erased/answer.txt\n           cannot be looked at\n";
    assert_eq!(exports.matches(emptied).count(), 5, "{exports}");
    assert!(exports.contains("/Z/answer.txt\n           still there\n"), "{exports}");
    assert_eq!(office.run("check").code, 0);
    // Nina is in the roster.
    let said = office.says("participant erase nina@example.org --yes");
    assert!(said.contains("/a folder whose name was erased/roster.csv\n"), "{said}");
}

#[test]
fn words_of_a_cohorts_id_and_of_names_that_the_program_gives_are_nobodys() {
    let office = with_zelda();
    office.ok("enroll --first-name June --last-name Winter --email reminder@example.org");
    let drafts = "mail-winter-2024-week-1-reminder";
    office.agree("winter", &["zelda", "nina"]);
    office.ok("consent agreed reminder@example.org -c winter");
    office.ok("mail --template reminder");
    office.ok("roster winter --output winter.csv");
    office.ok("roster winter --output june.csv");
    // What is about her alone is named after her.
    office.ok("participant show reminder@example.org --all --output winter.txt");
    office.ok("participant show nina@example.org --all --output winter-nina.txt");
    office.ok("participant show nina@example.org --all --output winterjune.txt");
    let said = office.says("participant erase reminder@example.org --yes");
    assert!(said.contains("/winter.txt\n"), "{said}");
    let in_records = |text| holding(&office.path(""), text).contains(&"cohorts.db".to_owned());
    for kept in [drafts, "/winter.csv", "/winter-nina.txt"] {
        assert!(in_records(kept), "{kept}");
    }
    for emptied in ["june.csv", "/winter.txt", "winterjune.txt"] {
        assert!(!in_records(emptied), "{emptied}");
    }
    let said = office.says("participant erase nina@example.org --yes");
    assert!(said.contains(&format!("/{drafts}\n")), "{said}");
    assert!(said.contains("/winter.csv\n"), "{said}");
    let folder = office.path("").canonicalize().unwrap();
    let nameless = format!("  {}/a file whose name was erased\n", folder.display());
    assert_eq!(said.matches(&nameless).count(), 1, "{said}");
}

#[test]
fn files_on_a_disk_that_is_not_there_are_named_and_not_called_gone() {
    let office = with_zelda();
    fs::create_dir_all(office.path("usb/bk")).unwrap();
    let toml = office.read("cohorts.toml");
    office.write("cohorts.toml", &format!("{toml}\n[backup]\nfolder = \"usb/bk\"\n"));
    office.ok("backup usb/january.backup");
    office.ok("export usb/all");
    office.ok("roster winter --output roster.csv");
    fs::remove_file(office.path("roster.csv")).unwrap();
    fs::rename(office.path("usb"), office.path("unplugged")).unwrap();
    let away = "cannot be looked at: the disk or folder is not there now\n";

    let exports = office.ok("history --exports");
    for file in ["january.backup", "all"] {
        assert!(exports.contains(&format!("/usb/{file}\n           {away}")), "{exports}");
    }
    assert!(exports.contains("/roster.csv\n           gone\n"), "{exports}");
    assert_eq!(exports.matches(" gone\n").count(), 1, "{exports}");
    let csv = office.ok("history --exports --format csv");
    assert_eq!(csv.matches("/usb/all,\n").count(), 1, "{csv}");

    let said = office.says("participant erase zelda@example.org --yes");
    for file in ["january.backup", "all"] {
        assert!(said.contains(&format!("/usb/{file}\n    {away}")), "{said}");
    }
    assert!(said.contains("  the backups in ") && said.contains("/usb/bk\n    cannot"), "{said}");
    assert!(!said.contains("roster.csv"), "{said}");
}

/// What is left of a file and of a folder by whoever was killed, or lost the power.
#[cfg(unix)]
#[test]
fn what_an_interrupted_export_left_where_it_was_to_go_is_removed() {
    let office = with_zelda();
    let left = || holding(&office.path("usb"), "Zelda");
    let interrupt = || {
        fs::remove_dir_all(office.path("usb")).ok();
        fs::create_dir(office.path("usb")).unwrap();
        office.ok("export usb/all");
        fs::rename(office.path("usb/all"), office.path("usb/.cohorts-aB3xY9")).unwrap();
        office.write("usb/.cohorts-Xy12ab", "Zelda");
        assert!(left().len() > 1);
    };
    interrupt();
    office.ok("check");
    assert!(left().is_empty());
    interrupt();
    office.ok("participant edit nina@example.org --phone 555-0101");
    assert!(left().is_empty());
    // Longer ago.
    interrupt();
    for number in 1..=5 {
        office.ok(&format!("roster winter --output {number}.csv"));
    }
    office.ok("participant erase zelda@example.org --yes");
    assert!(left().is_empty());
}

/// Copies from before they were known cannot tell whose name it is.
#[test]
fn a_name_that_was_emptied_comes_back_from_no_backup() {
    let office = Office::winter();
    office.ok("backup before.backup");
    office.at("2024-01-03 09:00").sign_up("winter", &["zelda"]);
    office.ok("roster winter --output 'for zelda.csv'");
    office.ok("backup first.backup");
    office.at("2024-01-04 09:00").ok("restore before.backup --yes");
    office.ok("backup middle.backup");
    office.at("2024-01-05 09:00").ok("restore first.backup --yes");
    office.ok("participant erase zelda@example.org --yes");
    for backup in ["first.backup", "middle.backup", "first.backup", "middle.backup"] {
        office.ok(&format!("restore {backup} --yes"));
        fs::remove_file(office.path("cohorts.db.before-restore-2024-01-05")).unwrap();
        let exports = office.ok("history --exports --format csv");
        assert_eq!(exports.matches("a file whose name was erased").count(), 1, "{exports}");
        let readable = crate::encrypted::readable(&office.path("cohorts.db"));
        assert!(!crate::office::holds(&readable, "for zelda"), "{backup}");
        office.ok("check");
    }
}

#[test]
fn files_from_before_an_entry_was_taken_back_or_parted_are_named() {
    let office = Office::winter();
    office.ok("new spring-2024 --starts 2024-04-02");
    let is_named = |who: &str, file: &str| {
        let said = office.says(&format!("participant erase {who}@example.org --yes"));
        assert!(said.contains(&format!("/{file}\n")), "{who}: {said}");
    };
    // Taken back, and never entered again.
    office.sign_up("winter", &["kit"]);
    office.ok("roster winter --output one.csv");
    office.ok("undo");
    is_named("kit", "one.csv");
    // Taken back, and entered in another cohort.
    office.sign_up("winter", &["bea"]);
    office.ok("roster winter --output two.csv");
    office.ok("undo");
    office.sign_up("spring", &["bea"]);
    is_named("bea", "two.csv");
    // A part of somebody else's entry for a while.
    office.sign_up("winter", &["amara", "chen"]);
    office.ok("participant merge amara@example.org chen@example.org --yes");
    office.ok("participant show amara@example.org --all --output both.txt");
    office.ok("undo");
    is_named("chen", "both.txt");
}

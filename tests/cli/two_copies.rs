//! Two copies of one office that each went on: neither is taken for the other,
//! nor for what the other was before, however alike their histories read.

use std::fs;

use crate::encrypted;
use crate::office::{Office, holds};

/// An office on the day of the first session, and a copy of its folder `there`,
/// as somebody makes it by hand; backups of both go to `usb`.
fn two() -> Office {
    let office = Office::winter();
    let usb = office.path("usb");
    let section = format!("\n[backup]\nfolder = '{}'\n", usb.display());
    office.write("cohorts.toml", &(office.read("cohorts.toml") + &section));
    office.sign_up("winter", &["amara", "bea"]);
    office.agree("winter", &["amara", "bea"]);
    fs::create_dir(office.path("there")).unwrap();
    fs::create_dir(usb).unwrap();
    for file in ["cohorts.toml", "cohorts.db"] {
        fs::copy(office.path(file), office.path("there").join(file)).unwrap();
    }
    office.at("2024-01-23 12:00");
    office
}

/// What nobody can tell from its line in the history: at the same second, each
/// marks somebody else as late.
fn each_goes_on(office: &Office) {
    office.ok("attend --late amara@example.org --rest present");
    office.ok("attend --late bea@example.org --rest present --folder there");
    let lines = |folder| office.ok(&format!("history --format csv --folder {folder}"));
    assert_eq!(lines("."), lines("there"));
}

#[test]
fn a_takeover_does_not_lose_what_the_other_lacks() {
    let office = two();
    each_goes_on(&office);
    office.at("2024-01-23 13:00").ok("excuse bea@example.org --week 2 --folder there");
    office.ok("handover out.handover --folder there");
    let said = office.refuses(1, "takeover out.handover");
    assert!(said.contains("the records here and in that file were both changed"), "{said}");
    assert!(office.marks("winter").contains("Amara,L,"));
}

#[test]
fn a_restore_says_what_would_be_lost() {
    let office = two();
    each_goes_on(&office);
    office.ok("backup copy.backup --folder there");
    let said = office.says("restore copy.backup --dry-run");
    assert!(said.contains("1 later change would be lost:"), "{said}");
    assert!(said.contains("week 1 of winter-2024, 2 marks"), "{said}");
    // Even where what came after it is alike in all.
    for folder in [".", "there"] {
        office.ok(&format!("excuse bea@example.org --week 2 --folder {folder}"));
    }
    office.ok("backup copy.backup --force --folder there");
    let said = office.says("restore copy.backup --dry-run");
    assert!(said.contains("2 later changes would be lost:"), "{said}");
}

#[test]
fn neither_renews_the_others_backup() {
    let office = two();
    each_goes_on(&office);
    let mut backups: Vec<String> = fs::read_dir(office.path("usb"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    backups.sort();
    assert_eq!(
        backups,
        ["aim-focus-release-2024-01-23-2.backup", "aim-focus-release-2024-01-23.backup"]
    );
    // One that is as long as these records is not yet one of them.
    fs::remove_file(office.path("usb").join(&backups[1])).unwrap();
    let today = office.ok("");
    assert!(today.contains("The last change is in no backup"), "{today}");
}

#[test]
fn who_was_erased_since_makes_no_other_history() {
    let office = two();
    office.ok("enroll -c winter --late --from-week 1 --first-name Kit --last-name Tran --email kit@example.org --phone 555-0199 --site Victoria");
    office.ok("enroll -c winter --late --from-week 1 --first-name Kit --last-name Tran --email tran@example.org --new-person");
    office.ok("participant merge tran@example.org kit@example.org --yes");
    office.ok("undo");
    office.ok("incident add kit@example.org -c winter --week 1 --kind recording");
    office.ok("backup copy.backup");
    office.ok("handover out.handover");
    fs::remove_dir_all(office.path("there")).unwrap();
    fs::create_dir(office.path("there")).unwrap();
    office.ok("takeover out.handover --folder there");
    office.ok("participant erase kit@example.org --yes --folder there");
    office.ok("excuse amara@example.org --week 2 --folder there");
    // Their backup of the day is renewed, and nothing of Kit is left in it.
    let backup = office.path("usb/aim-focus-release-2024-01-23.backup");
    let bytes = encrypted::readable(&backup);
    for personal in ["555-0199", "Victoria", "kit@example.org"] {
        assert!(!holds(&bytes, personal), "{personal}");
    }
    office.ok("handover back.handover --folder there");
    office.ok("takeover back.handover");
    assert_eq!(fs::read_dir(office.path("usb")).unwrap().count(), 1);
    let said = office.says("restore copy.backup --dry-run");
    assert!(said.contains("6 later changes would be lost:"), "{said}");
    assert_eq!(office.run("check").code, 0);
}

#[cfg(unix)]
#[test]
fn what_was_restored_meanwhile_is_not_what_was_seen() {
    let desk = crate::prompts::Desk::new();
    desk.quietly("backup copy.backup");
    desk.quietly("excuse amara@example.org --week 1");
    let code = desk.at_terminal("participant erase kit@example.org", |talk| {
        talk.exp_string("Erase Kit").unwrap();
        // Its history is as long as the one that was seen.
        desk.quietly("restore copy.backup --yes");
        for answer in ["y\r", "n\r"] {
            talk.send(answer).unwrap();
            talk.flush().unwrap();
            if answer == "y\r" {
                talk.exp_string("would leave it").unwrap();
                talk.exp_string("Erase Kit").unwrap();
            }
        }
    });
    assert_eq!(code, 3);
    assert!(desk.quietly("participant list kit").contains("Tran, Kit"));
}

//! What `init` is told, or asks on a terminal, about backups and about how long
//! people are kept; and the places that it warns of.

use snapbox::{assert_data_eq, str};

use crate::init::without_place;
use crate::office::Office;
#[cfg(unix)]
use crate::prompts::{CTRL_C, Desk, ENTER, ESC, answer};

#[test]
fn backups_and_how_long_people_are_kept_are_written_in_place_of_the_notes() {
    let office = Office::empty();
    std::fs::create_dir(office.path("disk")).unwrap();
    let said = office.says("init group --backup disk/ --erase-after '1 Year'");
    let said = without_place(&office, &said);
    assert!(said.contains("\nBackups go to /office/disk.\nThey hold people's names:"), "{said}");
    assert!(said.contains("\nPeople are due to be erased 1 year after their last"), "{said}");
    for line in said.lines() {
        assert!(line.chars().count() <= 80, "too wide: {line}");
    }
    let toml = without_place(&office, &office.read("group/cohorts.toml"));
    assert!(toml.contains("[backup]\nfolder = \"/office/disk\"\nkeep = 30\n"), "{toml}");
    assert!(toml.contains("[retention]\nerase_after = \"1 year\"\n"), "{toml}");
    office.ok("--folder group check");

    // One alone.
    office.ok("init other --erase-after '90 days'");
    let toml = office.read("other/cohorts.toml");
    assert!(toml.contains("\n# [backup]\n") && toml.contains("\n[retention]\n"), "{toml}");
}

#[test]
fn a_bad_place_or_time_makes_nothing() {
    let office = Office::empty();
    for (code, options, said) in [
        (1, "--backup nowhere", "there is no folder /office/nowhere"),
        (1, "--backup nowhere --dry-run", "there is no folder /office/nowhere"),
        (2, "--backup ''", "the folder for backups has no name"),
        (2, "--erase-after 'for ever'", "write a length of time such as 2 years"),
        (2, "--erase-after '0 days'", "the shortest time is 1 day"),
    ] {
        let refused = without_place(&office, &office.refuses(code, &format!("init g {options}")));
        assert!(refused.contains(said), "{options}: {refused}");
        assert!(!office.path("g").exists(), "{options}");
    }
    std::fs::create_dir_all(office.path("g/backup")).unwrap();
    for inside in ["g", "g/backup", "g/backup/../../g"] {
        let refused = office.refuses(1, &format!("init g --backup {inside}"));
        assert!(refused.contains("would be lost with them"), "{inside}: {refused}");
    }
    assert!(!office.path("g/cohorts.toml").exists());
}

#[test]
fn a_file_that_is_there_is_edited_by_hand() {
    let office = Office::new();
    let elsewhere = tempfile::tempdir().unwrap();
    let disk = elsewhere.path().canonicalize().unwrap();
    let line = format!("init . --backup '{}' --erase-after '2 years'", disk.display());
    let said = without_place(&office, &office.refuses(1, &line));
    assert_data_eq!(
        said.replace(disk.to_str().unwrap(), "/disk"),
        str![[r#"
error: there is a cohorts.toml in /office already; it was left as it is
hint: open it in a text editor instead
hint: below [backup] write: folder = '/disk'
hint: below [retention] write: erase_after = "2 years"

"#]]
    );
}

#[test]
fn a_folder_that_is_copied_to_another_company_is_warned_of() {
    let office = Office::empty();
    let said = office.says("init 'OneDrive - Example Health/group'");
    let from = said.find("warning:").unwrap();
    assert_data_eq!(
        &said[from..],
        str![[r#"
warning: OneDrive copies this folder, and with it everybody's names,
to another company's computers. Better move it to a place that is
not synced.
Next:
  make the program yours         open cohorts.toml in a text editor
  see whether all is well in it  cohorts check
  add the first cohort           cohorts new

"#]]
    );
    // Every time, and of the place for backups too.
    let said = office.says("init 'OneDrive - Example Health/group'");
    assert!(said.contains("warning: OneDrive copies this folder"), "{said}");
    std::fs::create_dir(office.path("Dropbox")).unwrap();
    let said = office.says("init group --backup Dropbox");
    assert!(!said.contains("copies this folder"), "{said}");
    assert!(said.contains("warning: Dropbox copies the backups"), "{said}");
    for line in said.lines() {
        assert!(line.chars().count() <= 80, "too wide: {line}");
    }
}

#[cfg(unix)]
#[test]
fn backups_on_the_disk_of_the_records_are_warned_of() {
    let office = Office::empty();
    std::fs::create_dir(office.path("disk")).unwrap();
    for dry in ["--dry-run", ""] {
        let said = office.says(&format!("init group --backup disk {dry}"));
        assert!(said.contains("warning: the backups are on the same disk"), "{said}");
    }
    assert!(!office.says("init other").contains("warning"));
}

#[cfg(unix)]
#[test]
fn a_new_folder_has_two_questions() {
    let desk = Desk::new();
    let backups = desk.home.path().join("My Disk");
    std::fs::create_dir(&backups).unwrap();
    let read = |name: &str| std::fs::read_to_string(desk.home.path().join(name)).unwrap();

    let code = desk.at_terminal("init group", |session| {
        answer(session, "Backup folder", "nowhere\r");
        session.exp_string("there is no folder").unwrap();
        // As a file manager puts it where a folder is dropped.
        answer(session, "Backup folder", "'~/My Disk' \r");
        answer(session, "Keep people for", "soon\r");
        session.exp_string("write a length of time such as").unwrap();
        answer(session, "Keep people for", "18 months\r");
        session.exp_string("Backups go to ").unwrap();
        session.exp_string("erased 18 months after").unwrap();
    });
    assert_eq!(code, 0);
    let toml = read("group/cohorts.toml");
    let folder = format!("[backup]\nfolder = \"{}\"\nkeep = 30\n", backups.display());
    assert!(toml.contains(&folder), "{toml}");
    assert!(toml.contains("[retention]\nerase_after = \"18 months\"\n"), "{toml}");

    // Enter leaves both for later, and what was given is not asked.
    let code = desk.at_terminal("init other", |session| {
        answer(session, "Backup folder", ENTER);
        answer(session, "Keep people for", ENTER);
        session.exp_string("Made cohorts.toml and cohorts.db").unwrap();
    });
    assert_eq!(code, 0);
    let toml = read("other/cohorts.toml");
    assert!(toml.contains("\n# [backup]\n") && toml.contains("\n# [retention]\n"), "{toml}");
    let code = desk.at_terminal("init third --erase-after 2years", |session| {
        answer(session, "Backup folder", ENTER);
        let rest = session.exp_eof().unwrap();
        assert!(!rest.contains("Keep people for") && rest.contains("Made"), "{rest}");
    });
    assert_eq!(code, 0);
}

#[cfg(unix)]
#[test]
fn leaving_a_question_makes_no_folder() {
    let mut desk = Desk::new();
    for (first, second) in [(ESC, None), (CTRL_C, None), (ENTER, Some(ESC)), (ENTER, Some(CTRL_C))]
    {
        let code = desk.at_terminal("init group", |session| {
            answer(session, "Backup folder", first);
            if let Some(second) = second {
                answer(session, "Keep people for", second);
            }
        });
        assert_eq!(code, 3);
        assert!(!desk.home.path().join("group").exists());
    }
    // Where there is a cohorts.toml, nothing is asked; nor in a demo.
    desk.now = "2024-03-15 09:00";
    for line in ["init .", "demo practice"] {
        let code = desk.at_terminal(line, |session| {
            let all = session.exp_eof().unwrap();
            assert!(!all.contains("Backup folder"), "{all}");
        });
        assert_eq!(code, 0, "{line}");
    }
}

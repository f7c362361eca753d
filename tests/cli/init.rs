//! `init`, and how a command finds its folder.

use std::fs;

use snapbox::{assert_data_eq, str};

use crate::office::Office;

/// What is said, with the folder's own place left out.
pub(crate) fn without_place(office: &Office, text: &str) -> String {
    let place = office.path("").canonicalize().unwrap();
    text.replace(place.to_str().unwrap(), "/office")
}

#[test]
fn both_files_are_made_and_the_next_steps_said() {
    let office = Office::empty();
    let said = office.says("init group");
    assert_data_eq!(
        without_place(&office, &said),
        str![[r#"
Made cohorts.toml and cohorts.db in /office/group
Only you can read the records.
Commands that you run elsewhere use this folder from now on.
Next:
  make the program yours         open cohorts.toml in a text editor
  see whether all is well in it  cohorts check
  add the first cohort           cohorts new

"#]]
    );
    assert!(office.path("group/cohorts.toml").is_file());
    assert!(office.path("group/cohorts.db").is_file());
    assert_eq!(office.ok("init other"), "", "nothing is data");
}

/// The list of users, which has a home for everybody, is not looked into.
#[cfg(all(unix, not(feature = "encryption")))]
#[test]
fn without_a_home_of_its_own_no_folder_is_remembered() {
    let office = Office::empty();
    let said = |line: &str| {
        let done = office.command(line).env_remove("HOME").output().unwrap();
        String::from_utf8(done.stderr).unwrap()
    };
    let made = said("init group");
    assert!(made.contains("Only you can read the records.\nNext:\n"), "{made}");
    assert!(made.contains("cohorts new --folder group\n"), "{made}");
    assert!(said("list").contains("there is no cohorts.toml here"), "nor is another one known");
    assert!(!said("list --folder group").contains("error"));
}

#[test]
fn the_file_that_init_writes_passes_check() {
    let office = Office::new();
    assert_data_eq!(
        office.says("check"),
        str![[r#"
All is well: 0 cohorts, 0 enrollments.
Every row is as its history says (0 changes), and the file is whole.

"#]]
    );
    let list = office.run("list");
    assert_eq!(list.code, 0);
    assert_data_eq!(
        list.stderr,
        str![[r#"
There is no cohort yet.
  add the first one  cohorts new

"#]]
    );
}

#[test]
fn only_what_is_missing_is_added() {
    let office = Office::winter();
    let toml = office.read("cohorts.toml");
    std::fs::remove_file(office.path("cohorts.db")).unwrap();
    let said = office.says("init .");
    assert!(said.starts_with("Made cohorts.db in "), "{said}");
    assert_eq!(office.read("cohorts.toml"), toml);

    let records = std::fs::read(office.path("cohorts.db")).unwrap();
    std::fs::remove_file(office.path("cohorts.toml")).unwrap();
    let said = office.says("init .");
    assert!(said.starts_with("Made cohorts.toml in "), "{said}");
    assert_eq!(std::fs::read(office.path("cohorts.db")).unwrap(), records);
}

#[test]
fn what_is_there_is_never_overwritten() {
    let office = Office::winter();
    office.sign_up("winter", &["amara"]);
    office.edit("capacity = 12", "capacity = 9 ");
    let before = office.files();
    let said = office.says("init .");
    assert!(said.starts_with("Nothing was missing in "), "{said}");
    assert!(office.files() == before);
}

#[test]
fn a_broken_file_is_left_to_its_author() {
    let office = Office::empty();
    office.write("cohorts.toml", "[program\n");
    office.says("init .");
    assert_eq!(office.read("cohorts.toml"), "[program\n");
    office.refuses(1, "list");
}

#[cfg(unix)]
#[test]
fn only_their_owner_can_read_what_is_made() {
    use std::os::unix::fs::PermissionsExt;
    let office = Office::empty();
    office.ok("init a/b");
    let mode = |name: &str| office.path(name).metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode("a/b"), 0o700);
    assert_eq!(mode("a/b/cohorts.toml"), 0o600);
    assert_eq!(mode("a/b/cohorts.db"), 0o600);
}

#[test]
fn a_dry_run_makes_nothing() {
    let office = Office::empty();
    let said = office.says("init group --dry-run");
    assert!(said.starts_with("Dry run: would add"), "{said}");
    assert!(!office.path("group").exists());
    office.refuses(1, "list");
}

#[test]
fn the_folder_is_remembered_for_commands_run_elsewhere() {
    let office = Office::empty();
    office.ok("init group");
    office.ok("new winter-2024 --starts 2024-01-23");
    assert!(office.read("group/cohorts.toml").contains("id = \"winter-2024\""));
    // The one that was made last counts.
    office.ok("init other");
    assert_eq!(office.run("list").stdout.matches("winter").count(), 0);
    assert!(office.ok("--folder group list").contains("winter-2024"));
}

#[test]
fn a_folder_found_on_the_way_up_comes_before_the_remembered_one() {
    let office = Office::empty();
    office.ok("init group");
    office.ok("--folder group new winter-2024 --starts 2024-01-23");
    std::fs::create_dir_all(office.path("group/exports/2024")).unwrap();
    office.ok("init other");
    let mut list = office.command("list");
    let output = list.current_dir(office.path("group/exports/2024")).output().unwrap();
    assert!(String::from_utf8_lossy(&output.stdout).contains("winter-2024"), "{output:?}");
}

#[test]
fn a_named_folder_comes_before_all_others() {
    let office = Office::winter();
    office.ok("init other");
    office.ok("--folder other new spring-2024 --starts 2024-04-02");
    assert!(office.ok("list").contains("winter-2024"), "the folder that one is in");
    let list = office.command("list").env("COHORTS_FOLDER", "other").output().unwrap();
    assert!(String::from_utf8_lossy(&list.stdout).contains("spring-2024"), "{list:?}");
    let list = office
        .command("list --folder .")
        .env("COHORTS_FOLDER", office.path("other"))
        .output()
        .unwrap();
    assert!(String::from_utf8_lossy(&list.stdout).contains("winter-2024"), "{list:?}");

    let done = office.run("--folder nowhere list");
    assert_eq!(done.code, 1);
    assert!(done.stderr.contains("there is no cohorts.toml in "), "{}", done.stderr);
    assert!(done.stderr.contains("hint: cohorts init nowhere"), "{}", done.stderr);
}

#[test]
fn beside_another_folder_what_is_proposed_is_about_the_new_one() {
    let office = Office::new();
    for (line, next) in [
        ("init other", "cohorts new --folder other\n"),
        ("init --folder third", "cohorts new --folder third\n"),
    ] {
        let said = office.says(line);
        assert!(said.contains(next), "{said}");
    }
    office.ok("check --folder other");
}

#[test]
fn without_any_folder_one_is_told_how_to_make_one() {
    let office = Office::empty();
    let done = office.run("");
    assert_eq!((done.code, done.stdout.as_str()), (1, ""));
    assert_data_eq!(
        done.stderr,
        str![[r#"
error: there is no cohorts.toml here, nor in any folder above
hint: cohorts init, to make one here
hint: cohorts demo, to look around in a practice folder first

"#]]
    );
    office.ok("init group");
    std::fs::remove_dir_all(office.path("group")).unwrap();
    let done = office.run("list");
    assert_eq!(done.code, 1);
    assert_data_eq!(
        without_place(&office, &done.stderr),
        str![[r#"
error: there is no cohorts.toml here, and none any more in /office/group
hint: go to the folder with your cohorts.toml, or name it with --folder
hint: cohorts init, to start afresh here

"#]]
    );
}

#[test]
fn records_without_their_cohorts_toml_are_not_passed_over() {
    let office = Office::winter();
    office.ok("backup copy.backup");
    std::fs::remove_file(office.path("cohorts.toml")).unwrap();
    // Here, named, below it, and elsewhere.
    std::fs::create_dir(office.path("below")).unwrap();
    assert_data_eq!(
        without_place(&office, &office.refuses(1, "list")),
        str![[r#"
error: there is no cohorts.toml in /office, beside the cohorts.db there
hint: put it back, if you have a copy of it
hint: or both of them, from the last backup: cohorts restore FILE --folder /office
hint: cohorts init /office, to add a new one, without your program and its cohorts

"#]]
    );
    for line in ["--folder . list", "--folder below/.. list"] {
        let said = office.refuses(1, line);
        let restore = "the last backup: cohorts restore FILE --folder ";
        assert!(said.contains(restore) && said.contains("cohorts init "), "{said}");
    }
    let said = office.command("").current_dir(office.path("below")).output().unwrap();
    let said = String::from_utf8(said.stderr).unwrap();
    assert!(said.contains("beside the cohorts.db there"), "{said}");
    let elsewhere = tempfile::tempdir().unwrap();
    let said = office.command("").current_dir(elsewhere.path()).output().unwrap();
    let said = without_place(&office, &String::from_utf8(said.stderr).unwrap());
    assert!(said.contains("cohorts restore FILE --folder /office\n"), "{said}");
    // What it says works, and what was there is there again.
    office.ok("restore copy.backup --folder . --yes");
    assert!(office.ok("list").contains("winter-2024"));
}

#[test]
fn missing_records_are_an_error_and_never_silently_empty() {
    let office = Office::winter();
    std::fs::remove_file(office.path("cohorts.db")).unwrap();
    let said = without_place(&office, &office.refuses(1, "list"));
    assert_data_eq!(
        said,
        str![[r#"
error: there is no /office/cohorts.db
hint: cohorts init, to make an empty one beside cohorts.toml
hint: if there was one, put it back, or its last backup, before anything else

"#]]
    );
    for line in ["", "roster", "check", "enroll --first-name A --last-name B", "undo"] {
        office.refuses(1, line);
    }
    assert!(!office.path("cohorts.db").exists());
}

#[test]
fn a_file_of_that_name_that_is_not_ours_is_not_taken_for_records() {
    let office = Office::empty();
    office.write("cohorts.db", "my notes\n");
    let said = office.run("init .");
    assert_eq!(said.code, 1, "{}", said.stderr);
    assert!(said.stderr.contains("was not made by cohorts"), "{}", said.stderr);
    assert_eq!(office.read("cohorts.db"), "my notes\n");
}

#[test]
fn the_folder_that_was_named_is_the_one_that_is_made() {
    let office = Office::empty();
    office.ok("--folder group init");
    assert!(!office.path("cohorts.toml").exists(), "--folder was passed over");
    assert!(office.path("group/cohorts.toml").is_file());
}

#[test]
fn a_command_that_is_run_elsewhere_says_where_it_looks() {
    let office = Office::winter();
    let elsewhere = tempfile::tempdir().unwrap();
    let output = office.command("list").current_dir(elsewhere.path()).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.starts_with("In /"), "{said}");
    assert!(!office.says("list").contains("In /"));
}

#[test]
fn what_others_left_half_done_is_not_put_into_new_records() {
    let office = Office::winter();
    office.ok("export all");
    let empty = Office::empty();
    for place in [empty.path(""), office.path("new")] {
        fs::create_dir_all(&place).unwrap();
        fs::write(place.join("cohorts.db-journal"), "of other records").unwrap();
    }
    for said in [empty.refuses(1, "init ."), office.refuses(1, "import --all all --folder new")] {
        assert!(said.contains("is the journal of other records, which are not there"), "{said}");
    }
    assert!(!office.path("new/cohorts.db").exists() && !office.path("new/cohorts.toml").exists());
    fs::remove_file(empty.path("cohorts.db-journal")).unwrap();
    fs::remove_file(office.path("new/cohorts.db-journal")).unwrap();
    empty.ok("init .");
    office.ok("import --all all --folder new");
}

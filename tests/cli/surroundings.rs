//! What lies around the program and is not as it should be: the clock, the
//! language, permissions, and what a crash or an editor left half done.

use std::fs;

use cohorts::store::ENCRYPTS;

use crate::encrypted;
use crate::office::{Done, Office};
use crate::quarter::lively_quarter;

const HISTORY: &str = "history --all --format csv";

#[test]
fn a_clock_that_was_set_back_changes_no_order() {
    for earlier in ["2024-01-21 09:00", "2023-01-22 09:00"] {
        let office = Office::winter();
        office.at("2024-01-22 09:00").sign_up("winter", &["amara"]);
        office.at(earlier).sign_up("winter", &["bea"]);
        office.ok("backup copy.backup");
        office.ok("participant edit bea@example.org --goes-by Bee");

        let numbers: Vec<String> = office
            .ok(HISTORY)
            .lines()
            .skip(1)
            .map(|line| line.split(',').next().unwrap().to_owned())
            .collect();
        assert_eq!(numbers, ["4", "3", "2", "1"], "newest first by number, on {earlier}");
        // The last change is the last one that was made.
        assert!(office.says("undo").contains("participant edit"));
        assert!(office.says("undo").contains("(enroll)"));
        assert_eq!(office.marks("winter").lines().count(), 2);
        office.ok("check");
        let said = office.says("restore copy.backup --yes --dry-run");
        assert!(said.contains("3 later changes would be lost"), "{said}");
        office.ok("restore copy.backup --yes");
        assert_eq!(office.marks("winter").lines().count(), 3);
        office.ok("check");
    }
}

#[test]
fn the_days_backup_is_the_last_one_though_the_clock_went_back() {
    let office = Office::winter();
    fs::create_dir(office.path("backups")).unwrap();
    let section = "\n[backup]\nfolder = \"backups\"\nkeep = 3\n";
    office.write("cohorts.toml", &(office.read("cohorts.toml") + section));
    office.at("2024-01-10 09:00").sign_up("winter", &["amara"]);
    office.at("2024-01-09 09:00").sign_up("winter", &["bea"]);
    office.at("2024-01-10 09:00").sign_up("winter", &["chen"]);
    let newest = office.path("backups/aim-focus-release-2024-01-10.backup");
    let elsewhere = Office::empty();
    elsewhere.ok(&format!("restore {} --yes", newest.display()));
    assert_eq!(elsewhere.marks("winter").lines().count(), 4, "all three are in it");
}

#[test]
fn every_language_gets_the_same() {
    let office = lively_quarter();
    office.ok("enroll -c spring --first-name İpek --last-name Yıldız --email IPEK@example.org \
         --signed-up 2024-02-01");
    let said = |language: Option<&str>, line: &str| {
        let mut command = office.command(line);
        for name in ["LC_ALL", "LANG", "LANGUAGE"] {
            command.env_remove(name);
            language.map(|language| command.env(name, language));
        }
        let output = command.output().unwrap();
        (output.status.code(), output.stdout, output.stderr)
    };
    for line in [
        "",
        "list",
        "show winter --text",
        "roster winter",
        "roster spring --sort name --format csv",
        "history --all",
        "participant show ipek",
        "participant show IPEK",
        "participant show İPEK",
        "participant show yildiz",
        "participant show YILDIZ",
        "participant show ipek@EXAMPLE.org",
        "participant show nobody",
        "consent list spring",
        "check",
    ] {
        let plain = said(None, line);
        let found = !line.ends_with("nobody");
        assert_eq!(plain.0, Some(i32::from(!found)), "cohorts {line}");
        for language in ["C", "tr_TR.UTF-8", "fr_CA.ISO-8859-1"] {
            assert_eq!(said(Some(language), line), plain, "cohorts {line}, in {language}");
        }
    }
}

/// As somebody who may not change what is not theirs: the owner of everything
/// may change all of it, whatever the permissions say.
#[cfg(unix)]
fn as_anybody(office: &Office, line: &str) -> Option<Done> {
    use std::os::unix::process::CommandExt;
    const NOBODY: u32 = 65534;
    let mut command = office.command(line);
    if rustix::process::geteuid().is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
    command.output().ok().map(|output| Done::of(&output))
}

#[cfg(unix)]
#[test]
fn what_may_only_be_read_is_read_and_never_half_changed() {
    use std::os::unix::fs::PermissionsExt;
    let office = lively_quarter();
    office.ok("backup old.backup");
    let set = |name: &str, mode| {
        fs::set_permissions(office.path(name), fs::Permissions::from_mode(mode)).unwrap();
    };
    set("old.backup", 0o444);
    set("", 0o777);
    if as_anybody(&office, "--version").is_none() {
        eprintln!("Skipped: whoever is not root cannot run the program from where it is.");
        return;
    }
    let as_anybody = |line: &str| as_anybody(&office, line).unwrap();
    // Whoever may read has the key.
    if ENCRYPTS {
        let key = office.home(".config/cohorts/keys").join(encrypted::key_file());
        for (path, mode) in [(office.home(""), 0o755), (key, 0o644)] {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        }
    }
    let rows = office.ok("roster winter --format csv");
    // The files, the folder, or both.
    for (files, folder) in [(0o444, 0o777), (0o666, 0o555), (0o444, 0o555)] {
        set("cohorts.db", files);
        set("cohorts.toml", files);
        set("", folder);
        for line in [
            "",
            "list",
            "show winter",
            "history",
            "participant list",
            "consent list spring",
            "check",
        ] {
            let Done { code, stderr, .. } = as_anybody(line);
            assert_eq!(code, 0, "cohorts {line}, {files:o} {folder:o}\n{stderr}");
        }
        assert_eq!(as_anybody("roster winter --format csv").stdout, rows);
        let before = office.files();
        for line in [
            "enroll -c spring --first-name Zora --last-name Late --email zora@example.org",
            "new summer-2024 --starts 2024-07-02",
            "move spring --week 2 --to 2024-04-11",
            "undo",
            "participant erase kit@example.org --yes",
            "restore old.backup --yes",
        ] {
            let Done { code, stderr, .. } = as_anybody(line);
            assert_eq!(code, 1, "cohorts {line}, {files:o} {folder:o}\n{stderr}");
            let clear = ["may only be read", "Permission denied"];
            assert!(clear.iter().any(|words| stderr.contains(words)), "cohorts {line}\n{stderr}");
            assert!(office.files() == before, "cohorts {line}, {files:o} {folder:o}");
        }
        set("", 0o777);
        let left = fs::read_dir(office.path("")).unwrap();
        let mut left: Vec<_> = left.map(|entry| entry.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, ["cohorts.db", "cohorts.toml", "old.backup", "roster.csv"]);
    }
}

/// A file that was cut short at any place is refused, and the records stay as
/// they are.
#[test]
fn half_written_definitions_change_nothing() {
    let office = Office::winter();
    office.ok("new spring-2024 --starts 2024-04-02");
    office.sign_up("spring", &["amara"]);
    let (definitions, records) = office.files();
    let (definitions, records) = (definitions.unwrap(), records.unwrap());
    for end in (0..definitions.len() - 1).step_by(97) {
        fs::write(office.path("cohorts.toml"), &definitions[..end]).unwrap();
        for (line, changes) in [
            ("", false),
            ("check", false),
            ("roster spring", false),
            ("consent agreed amara@example.org -c spring-2024", true),
            ("new --starts 2024-04-02", true),
        ] {
            // A file that ends between two sections is one without the others.
            if line.starts_with("new") && office.run("list").code == 0 {
                continue;
            }
            let Done { code, stderr, .. } = office.run(line);
            assert!((0..=5).contains(&code), "cut at {end}: cohorts {line}\n{stderr}");
            assert!(!stderr.contains("panicked"), "cut at {end}: cohorts {line}\n{stderr}");
            assert!(!changes || code != 0, "cut at {end}: cohorts {line}\n{stderr}");
        }
        assert!(fs::read(office.path("cohorts.db")).unwrap() == records, "cut at {end}");
        let now = fs::read(office.path("cohorts.toml")).unwrap();
        assert!(now == definitions[..end], "cut at {end}");
    }
    fs::write(office.path("cohorts.toml"), &definitions).unwrap();
    office.ok("check");
}

/// A folder in which a command that edits cohorts.toml was stopped once the
/// records were committed; and what the file said before, and says after.
fn stopped_after_the_commit(line: &str) -> (Office, String, String) {
    let office = Office::winter();
    office.ok("new spring-2024 --starts 2024-04-02");
    let before = office.read("cohorts.toml");
    office.ok(line);
    let after = office.read("cohorts.toml");
    office.write("cohorts.toml", &before);
    (office, before, after)
}

const EDITS: [&str; 3] = [
    "new summer-2024 --starts 2024-07-02",
    "move spring --week 2 --to 2024-04-11",
    // What it takes out is the end of the file.
    "undo",
];

#[test]
fn an_edit_that_was_committed_is_finished() {
    for line in EDITS {
        for laid_ready in [1, 2] {
            let (office, _, after) = stopped_after_the_commit(line);
            // Whole, or half of it: what counts is in the history.
            office.write(".cohorts.toml.pending", &after[..after.len() / laid_ready]);
            office.ok("list");
            assert_eq!(office.read("cohorts.toml"), after, "{line}");
            assert!(!office.path(".cohorts.toml.pending").exists());
            office.ok("check");
        }
    }
}

#[test]
fn an_edit_that_was_committed_goes_into_what_was_edited_by_hand() {
    for line in EDITS {
        let (office, before, after) = stopped_after_the_commit(line);
        office.write(".cohorts.toml.pending", &after);
        office.write("cohorts.toml", &format!("# By hand.\n{before}"));
        office.ok("list");
        assert_eq!(office.read("cohorts.toml"), format!("# By hand.\n{after}"), "{line}");
    }
}

#[test]
fn an_edit_that_was_not_committed_is_forgotten() {
    for line in EDITS {
        for laid_ready in [1, 2] {
            let (committed, before, after) = stopped_after_the_commit(line);
            let office = Office::winter();
            office.ok("new spring-2024 --starts 2024-04-02");
            assert_eq!(office.read("cohorts.toml"), before);
            office.write(".cohorts.toml.pending", &after[..after.len() / laid_ready]);
            office.ok("list");
            assert_eq!(office.read("cohorts.toml"), before, "{line}");
            assert!(!office.path(".cohorts.toml.pending").exists());
            // It can be made as if nothing had been.
            office.ok(line);
            assert_eq!(office.read("cohorts.toml"), after, "{line}");
            assert_eq!(office.ok(HISTORY), committed.ok(HISTORY));
        }
    }
}

/// A core dump of a program that crashed would hold everybody's names.
#[cfg(target_os = "linux")]
#[test]
fn a_crash_leaves_no_names_behind() {
    let office = lively_quarter();
    let line = "ulimit -c unlimited 2>/dev/null; exec \"$0\" import - -c spring";
    let mut child = std::process::Command::new("bash")
        .args(["-c", line, env!("CARGO_BIN_EXE_cohorts")])
        .current_dir(office.path(""))
        .env("HOME", office.home(""))
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    // It waits for the form: by then there is to be no core dump any more.
    let limits = format!("/proc/{}/limits", child.id());
    let has_none = || {
        let limits = fs::read_to_string(&limits).unwrap();
        let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
        core.split_whitespace().skip(4).take(2).eq(["0", "0"])
    };
    while !has_none() {
        assert!(child.try_wait().unwrap().is_none(), "it ended without having seen to that");
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

//! cohorts.db as a file: refused when it is not ours or too new, waited for
//! when another program holds it.

use std::io::Read;
use std::process::Stdio;
use std::time::Duration;

use snapbox::{assert_data_eq, str};

use crate::encrypted;
use crate::office::Office;

const READING: [&str; 6] = ["", "list", "roster", "history", "check", "consent list"];
const CHANGING: [&str; 3] = [
    "new fall-2024 --starts 2024-10-01",
    "enroll --first-name Zoe --last-name Young --email zoe@example.org",
    "undo",
];

/// Asserts that no command does anything with the file, and gives what they say.
fn refused_untouched(office: &Office) -> String {
    let lines = READING.iter().chain(&CHANGING);
    let mut said: Vec<String> = lines.map(|line| office.refuses(1, line)).collect();
    let names: Vec<_> = std::fs::read_dir(office.path(""))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with("cohorts.db-"))
        .collect();
    assert!(names.is_empty(), "left beside it: {names:?}");
    said.dedup();
    assert_eq!(said.len(), 1, "all say the same: {said:#?}");
    let place = office.path("").canonicalize().unwrap();
    said[0].replace(place.to_str().unwrap(), "/office")
}

#[test]
fn a_file_from_a_newer_version_is_refused_untouched() {
    let office = Office::winter();
    office.records().pragma_update(None, "user_version", 99).unwrap();
    assert_data_eq!(
        refused_untouched(&office),
        str![[r#"
error: /office/cohorts.db was written by a newer cohorts (format 99; this one knows 5); it was left as it is
hint: install the newer cohorts on this computer too

"#]]
    );
}

#[test]
fn a_text_file_is_refused_untouched() {
    let office = Office::winter();
    office.write("cohorts.db", &"Dear diary,\n".repeat(100));
    assert_data_eq!(
        refused_untouched(&office),
        str![[r#"
error: /office/cohorts.db was not made by cohorts, or its very beginning is damaged; it was left as it is
hint: cohorts restore FILE, to go back to the last backup
hint: or move it elsewhere, if cohorts should use this folder

"#]]
    );
}

#[test]
fn an_empty_file_is_refused_untouched() {
    let office = Office::winter();
    office.write("cohorts.db", "");
    let said = refused_untouched(&office);
    assert!(said.contains("was not made by cohorts, or its very beginning is damaged"), "{said}");
}

#[test]
fn the_records_of_another_application_are_refused_untouched() {
    let office = Office::winter();
    std::fs::remove_file(office.path("cohorts.db")).unwrap();
    office.records().execute_batch("CREATE TABLE song (name); PRAGMA application_id = 7").unwrap();
    let said = refused_untouched(&office);
    assert!(said.contains("was not made by cohorts, or its very beginning is damaged"), "{said}");
    let said = office.refuses(1, "init .");
    assert!(said.contains("was not made by cohorts"), "{said}");
}

/// Holds the file in another thread until `until` is over.
fn held_for(office: &Office, until: Duration) -> std::thread::JoinHandle<()> {
    let path = office.path("cohorts.db");
    let (held, is_held) = std::sync::mpsc::channel();
    let holder = std::thread::spawn(move || {
        let records = encrypted::open(&path);
        records.execute_batch("BEGIN EXCLUSIVE").unwrap();
        held.send(()).unwrap();
        std::thread::sleep(until);
        records.execute_batch("COMMIT").unwrap();
    });
    is_held.recv().unwrap();
    holder
}

#[test]
fn a_file_in_use_is_waited_for() {
    let office = Office::winter();
    for line in ["list", "new spring-2024 --starts 2024-04-02"] {
        let holder = held_for(&office, Duration::from_millis(400));
        office.ok(line);
        holder.join().unwrap();
    }
    assert!(office.ok("list").contains("spring-2024"));
}

#[test]
fn a_file_that_stays_in_use_is_said_to_be_in_plain_words() {
    let office = Office::winter();
    let records = office.records();
    records.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let done = office.run("enroll --first-name Zoe --last-name Young --email zoe@example.org");
    records.execute_batch("ROLLBACK").unwrap();
    assert_eq!(done.code, 1);
    assert_data_eq!(
        done.stderr,
        str![[r#"
error: another program is using cohorts.db, and did not let go of it for 10 seconds
hint: close the other window that runs cohorts, then try again

"#]]
    );
    assert!(!office.ok("participant list").contains("Young"));
}

#[test]
fn two_windows_at_once_lose_nothing() {
    let office = Office::winter();
    let children: Vec<_> = (0..6)
        .map(|n| {
            let line =
                format!("enroll --first-name N{n} --last-name Example --email n{n}@example.org");
            let mut command = office.command(&line);
            // Codes are random: each window has its own.
            command.env("COHORTS_SEED", n.to_string());
            command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    assert!(office.ok("list --format csv").contains(",6,12,0,0,"));
    assert_eq!(office.run("check").code, 0);
}

#[test]
fn a_closed_pipe_is_silent() {
    let office = Office::winter();
    office.sign_up("winter", &["amara", "bea"]);
    for line in ["", "list", "roster --format csv", "show", "agreement", "history", "--help"] {
        let mut child =
            office.command(line).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        let code = child.wait().unwrap().code();
        assert_eq!(code, Some(0), "cohorts {line}: {said}");
        assert!(!said.contains("panicked") && !said.contains("error"), "cohorts {line}: {said}");
    }
}

#[test]
fn full_stdout_is_an_error() {
    let office = Office::winter();
    let Ok(full) = std::fs::OpenOptions::new().write(true).open("/dev/full") else { return };
    let output = office.command("list").stdout(full).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("could not write the output"), "{said}");
}

#[cfg(unix)]
#[test]
fn an_edited_file_keeps_its_permissions_and_its_place_behind_a_link() {
    use std::os::unix::fs::PermissionsExt;
    let office = Office::new();
    let elsewhere = office.path("shared.toml");
    std::fs::rename(office.path("cohorts.toml"), &elsewhere).unwrap();
    std::fs::set_permissions(&elsewhere, std::fs::Permissions::from_mode(0o640)).unwrap();
    std::os::unix::fs::symlink(&elsewhere, office.path("cohorts.toml")).unwrap();
    office.ok("new winter-2024 --starts 2024-01-23");
    assert!(office.path("cohorts.toml").is_symlink());
    assert!(office.read("shared.toml").contains("id = \"winter-2024\""));
    assert_eq!(elsewhere.metadata().unwrap().permissions().mode() & 0o777, 0o640);
}

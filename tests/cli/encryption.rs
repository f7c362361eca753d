//! Records that nobody can read without their key: `encrypt` and `decrypt`. The
//! stories about keys are in [`crate::encryption_keys`].
#![cfg(all(unix, feature = "encryption"))]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use cohorts::domain::key::Key;
use rexpect::process::Signal;
use rexpect::session::{PtySession, spawn_command};

use crate::encrypted;
use crate::export::dump;
use crate::office::{Office, files_below, holds};
use crate::prompts::{ENTER, ESC, answer, at_terminal};
use crate::quarter::lively_quarter;

/// Names and addresses that are in a [`lively_quarter`].
pub(crate) const PERSONAL: [&str; 4] = ["Lindqvist", "amara@example.org", "555-0101", "Pediatrics"];

pub(crate) const PASSPHRASE: &str = "four quiet words here";

/// A lively quarter whose records anybody can read.
pub(crate) fn plain() -> Office {
    let office = lively_quarter();
    office.ok("decrypt --yes");
    fs::remove_dir_all(keys(&office)).unwrap();
    office
}

pub(crate) fn keys(office: &Office) -> PathBuf {
    office.home(".config/cohorts/keys")
}

/// Runs a command on a terminal, and gives its exit code.
pub(crate) fn on_terminal(office: &Office, line: &str, talk: impl FnOnce(&mut PtySession)) -> i32 {
    let mut command = office.command(line);
    command.env("TERM", "xterm").stdin(Stdio::inherit());
    at_terminal(command, talk)
}

/// The words of a recovery sheet, in their order.
pub(crate) fn words_on(sheet: &str) -> Vec<String> {
    let mut words = vec![String::new(); 24];
    let mut tokens = sheet.split_whitespace().peekable();
    while let Some(token) = tokens.next() {
        if let Ok(number @ 1..=24) = token.parse::<usize>()
            && let Some(word) = tokens.peek()
            && words[number - 1].is_empty()
        {
            (*word).clone_into(&mut words[number - 1]);
        }
    }
    assert!(words.iter().all(|word| !word.is_empty()), "{sheet}");
    words
}

/// Reads the sheet and types the words of it that are asked for.
pub(crate) fn confirm(session: &mut PtySession) -> Vec<String> {
    session.exp_string("RECOVERY SHEET").unwrap();
    let words = words_on(&session.exp_string("Opens").unwrap());
    for _ in 0..3 {
        let (_, asked) = session.exp_regex(r"Word \d+: ").unwrap();
        let number: usize = asked.trim_matches(|c: char| !c.is_ascii_digit()).parse().unwrap();
        session.send(&format!("{}\r", words[number - 1].to_uppercase())).unwrap();
        session.flush().unwrap();
    }
    words
}

/// Encrypts with a passphrase or none, and gives the words of the sheet.
pub(crate) fn encrypt(office: &Office, line: &str, passphrase: &str) -> Vec<String> {
    let mut words = Vec::new();
    let code = on_terminal(office, line, |session| {
        words = confirm(session);
        answer(session, "(Enter for none)", &format!("{passphrase}\r"));
        if !passphrase.is_empty() {
            answer(session, "The same again", &format!("{passphrase}\r"));
        }
    });
    assert_eq!(code, 0, "{line}");
    words
}

/// The files of an office, and of whoever runs the program, in which a text stands as it is.
pub(crate) fn holding(office: &Office, text: &str) -> Vec<PathBuf> {
    let mut found = files_below(&office.path(""));
    found.extend(files_below(&office.home("")));
    found.retain(|path| holds(&fs::read(path).unwrap(), text));
    found
}

/// What anybody else's program makes of the records with the key of some words.
pub(crate) fn dump_with(words: &[String], file: &Path) -> Vec<String> {
    let key = Key::from_words(&words.join(" ")).unwrap();
    encrypted::with_key(&key, || dump(file))
}

#[test]
fn a_folder_is_encrypted_and_nothing_of_it_can_be_read_any_more() {
    let office = plain();
    office.ok("backup old.backup");
    fs::create_dir(office.path("backups")).unwrap();
    let section = "\n[backup]\nfolder = \"backups\"\nkeep = 3\n";
    office.write("cohorts.toml", &(office.read("cohorts.toml") + section));
    office.at("2024-02-18 09:00").ok("excuse chen@example.org -c spring --week 2");
    office.at("2024-02-20 09:00");
    let before = dump(&office.path("cohorts.db"));

    let words = encrypt(&office, "encrypt", "");
    let path = office.path("cohorts.db");
    let after = dump_with(&words, &path);
    let added: Vec<_> = after.iter().filter(|line| !before.contains(line)).collect();
    assert!(
        added.iter().all(|line| line.starts_with("operation: ") || line.starts_with("sqlite_seq")),
        "{added:?}"
    );
    assert_eq!(after.len(), before.len() + 1);
    fs::remove_file(office.path("old.backup")).unwrap();
    fs::remove_file(office.path("roster.csv")).unwrap();
    for personal in PERSONAL {
        let found = holding(&office, personal);
        // The backup of an earlier day is older than the key.
        assert_eq!(found, [office.path("backups/aim-focus-release-2024-02-18.backup")]);
    }
    let said = office.says("check");
    assert!(said.contains("aim-focus-release-2024-02-18.backup in "), "{said}");
    assert!(said.contains("/backups can be read without the key"), "{said}");
    fs::remove_file(office.path("backups/aim-focus-release-2024-02-18.backup")).unwrap();

    // Every command works as before, and so do its files.
    assert_eq!(office.ok("key show").split_once("Opens").map(|it| words_on(it.0)), Some(words));
    office.ok("enroll -c spring --first-name Quirina --last-name Quux --email q@example.org");
    office.ok("undo");
    office.ok("check");
    let history = office.ok("history");
    assert!(history.contains("encrypted the records"), "{history}");
    office.ok("backup new.backup");
    office.ok("check new.backup");
    office.ok("handover new.handover");
    for text in PERSONAL.into_iter().chain(["Quirina", "operation", "participant"]) {
        let found = holding(&office, text);
        let in_text = |path: &PathBuf| path.extension().is_some_and(|end| end == "toml");
        assert!(found.iter().all(in_text), "{text}: {found:?}");
    }
    let mode = std::os::unix::fs::PermissionsExt::mode;
    for file in fs::read_dir(keys(&office)).unwrap() {
        assert_eq!(mode(&file.unwrap().metadata().unwrap().permissions()) & 0o777, 0o600);
    }
    assert_eq!(mode(&fs::metadata(&path).unwrap().permissions()) & 0o777, 0o600);
}

#[test]
fn the_plain_pages_are_overwritten() {
    let office = plain();
    // Whoever has the file open sees what becomes of its pages.
    let mut old = fs::File::open(office.path("cohorts.db")).unwrap();
    encrypt(&office, "encrypt", "");
    let mut left = Vec::new();
    std::io::Read::read_to_end(&mut old, &mut left).unwrap();
    assert!(!left.is_empty() && left.iter().all(|byte| *byte == 0));

    // What has another name is somebody's copy, and is left alone.
    let office = plain();
    fs::hard_link(office.path("cohorts.db"), office.path("copy")).unwrap();
    let before = fs::read(office.path("copy")).unwrap();
    let code = on_terminal(&office, "encrypt", |session| {
        confirm(session);
        answer(session, "(Enter for none)", ENTER);
        session.exp_string("was not wiped: the file has another name").unwrap();
    });
    assert_eq!(code, 0);
    assert!(fs::read(office.path("copy")).unwrap() == before);
}

#[test]
fn a_new_folder_is_encrypted_at_once() {
    let office = Office::empty();
    let code = on_terminal(&office, "init group", |session| {
        answer(session, "Backup folder", ENTER);
        answer(session, "Keep people for", ENTER);
        session.exp_string("make the records unreadable for others").unwrap();
    });
    assert_eq!(code, 0);
    let code = on_terminal(&office, "init other --encrypt", |session| {
        answer(session, "Backup folder", ENTER);
        answer(session, "Keep people for", ENTER);
        confirm(session);
        answer(session, "(Enter for none)", ENTER);
    });
    assert_eq!(code, 0);
    let begins = fs::read(office.path("other/cohorts.db")).unwrap();
    assert!(begins.starts_with(b"cohorts\x01"));
    office.ok("check --folder other");
    let said = office.says("init other");
    assert!(said.starts_with("Nothing was missing"), "{said}");
}

#[test]
fn what_was_encrypted_on_either_side_stays_so() {
    let office = plain();
    office.ok("backup plain.backup");
    let words = encrypt(&office, "encrypt", "");
    office.ok("backup sealed.backup");
    let is_sealed =
        |office: &Office| fs::read(office.path("cohorts.db")).unwrap().starts_with(b"cohorts\x01");
    office.at("2024-02-21 09:00").ok("restore plain.backup --yes");
    assert!(is_sealed(&office));
    assert!(!dump_with(&words, &office.path("cohorts.db")).is_empty());
    office.ok("check");
    // Where the records are lost, the key is still known by their folder.
    fs::remove_file(office.path("cohorts.db")).unwrap();
    office.ok("restore plain.backup --yes");
    assert!(is_sealed(&office));
    // And it arrives encrypted where nothing was.
    office.ok("decrypt --yes");
    assert!(!is_sealed(&office));
    office.at("2024-02-22 09:00").ok("restore sealed.backup --yes");
    assert!(is_sealed(&office));
    office.ok("check");
}

#[test]
fn what_is_encrypted_is_decrypted_only_by_whoever_is_sure() {
    let office = lively_quarter();
    let before = dump(&office.path("cohorts.db"));
    assert!(office.refuses(2, "decrypt").contains("add --yes"));
    office.refuses(1, "encrypt --dry-run");
    let were = office.files();
    let said = office.says("decrypt --yes --dry-run");
    assert!(said.starts_with("Dry run: would make the records"), "{said}");
    assert!(office.files() == were);
    let said = office.says("decrypt --yes");
    assert!(said.starts_with("Decrypted the records in "), "{said}");
    let after = dump(&office.path("cohorts.db"));
    assert_eq!(after.len(), before.len() + 1);
    assert!(!holding(&office, "Lindqvist").is_empty());
    office.ok("check");
    assert!(office.refuses(1, "undo").contains("it was meant to last"));
    assert!(office.refuses(1, "rekey --dry-run").contains("are not encrypted"));
    assert!(office.refuses(1, "key show").contains("have no key"));
    let said = office.says("encrypt --dry-run");
    assert!(said.starts_with("Dry run: would encrypt the records"), "{said}");
    // Off a terminal the sheet cannot be confirmed.
    assert!(office.refuses(2, "encrypt").contains("have to be typed, on a terminal"));
}

/// A story of kills: where in the work, as a share of the time it takes; `None`
/// lets it be done.
fn moments() -> impl Iterator<Item = Option<f64>> {
    let number = std::env::var("COHORTS_KILLS").map_or(20, |set| set.parse().unwrap());
    let mut random = fastrand::Rng::with_seed(number);
    (0..=number).map(move |round| (round > 0).then(|| 1.1 * random.f64()))
}

#[test]
fn killed_at_any_moment_it_is_wholly_one_or_the_other() {
    let template = plain();
    let before = dump(&template.path("cohorts.db"));
    let (_, records) = template.files();
    let mut usual = Duration::default();
    let (mut plain_ones, mut sealed_ones) = (0, 0);
    for moment in moments() {
        let office = Office::empty();
        fs::remove_dir_all(keys(&office)).unwrap();
        fs::write(office.path("cohorts.toml"), template.read("cohorts.toml")).unwrap();
        fs::write(office.path("cohorts.db"), records.as_ref().unwrap()).unwrap();
        let mut command = office.at("2024-02-20 09:00").command("encrypt");
        command.env("TERM", "xterm").stdin(Stdio::inherit());
        let mut session = spawn_command(command, Some(30_000)).unwrap();
        let words = confirm(&mut session);
        answer(&mut session, "(Enter for none)", ENTER);
        let begun = Instant::now();
        if let Some(share) = moment {
            // This waits for nothing: it is where in its work the program is hit.
            thread::sleep(usual.mul_f64(share));
            session.process_mut().kill(Signal::SIGKILL).ok();
        } else {
            session.exp_eof().unwrap();
            usual = begun.elapsed();
        }
        drop(session);
        let path = office.path("cohorts.db");
        let is_sealed = encrypted::is(&path);
        let after = if is_sealed { dump_with(&words, &path) } else { dump(&path) };
        assert_eq!(after.len(), before.len() + usize::from(is_sealed));
        if is_sealed {
            sealed_ones += 1;
            for personal in PERSONAL {
                assert_eq!(holding(&office, personal), Vec::<PathBuf>::new());
            }
        } else {
            plain_ones += 1;
        }
        // And the work goes on.
        office.ok("check");
        office.ok("enroll -c spring --first-name Nina --last-name Next --email nina@example.org");
    }
    eprintln!("encrypt\n    killed before {plain_ones}, after {sealed_ones}; lost 0");
    assert!(sealed_ones > 0);
}

#[test]
fn killed_at_any_moment_it_is_wholly_decrypted_or_not_at_all() {
    let office = lively_quarter();
    fs::remove_file(office.path("roster.csv")).unwrap();
    let path = office.path("cohorts.db");
    let sealed = fs::read(&path).unwrap();
    let before = dump(&path);
    let mut usual = Duration::default();
    let (mut plain_ones, mut sealed_ones) = (0, 0);
    for moment in moments() {
        fs::write(&path, &sealed).unwrap();
        encrypted::keep_key(&office.home(""));
        let mut command = office.command("decrypt --yes");
        let mut running = command.stderr(Stdio::null()).spawn().unwrap();
        let begun = Instant::now();
        if let Some(share) = moment {
            thread::sleep(usual.mul_f64(share));
            running.kill().ok();
        }
        running.wait().unwrap();
        if moment.is_none() {
            usual = begun.elapsed();
        }
        assert_eq!(dump(&path).len(), before.len() + usize::from(!encrypted::is(&path)));
        office.ok("check");
        if encrypted::is(&path) {
            sealed_ones += 1;
            // What is readable before the next command is the matter of
            // `killed_before_any_call_of_decrypting_nothing_readable_is_left`.
            for personal in PERSONAL {
                assert_eq!(holding(&office, personal), Vec::<PathBuf>::new());
            }
        } else {
            plain_ones += 1;
        }
    }
    eprintln!("decrypt\n    killed before {sealed_ones}, after {plain_ones}; lost 0");
    assert!(plain_ones > 0);
}

#[test]
fn who_encrypts_in_two_windows_has_one_key() {
    let office = plain();
    let mut first = Vec::new();
    let code = on_terminal(&office, "encrypt", |session| {
        confirm(session);
        session.exp_string("(Enter for none)").unwrap();
        first = encrypt(&office, "encrypt", "");
        session.send(ENTER).unwrap();
        session.flush().unwrap();
        session.exp_string("was replaced meanwhile; nothing was changed").unwrap();
        session.exp_string("tear the sheet up").unwrap();
    });
    assert_eq!(code, 1);
    assert!(!dump_with(&first, &office.path("cohorts.db")).is_empty());
}

#[test]
fn who_leaves_halfway_is_told_that_nothing_is_encrypted() {
    let office = Office::empty();
    let code = on_terminal(&office, "init group --encrypt", |session| {
        answer(session, "Backup folder", ENTER);
        answer(session, "Keep people for", ENTER);
        answer(session, "Word ", ESC);
        session.exp_string("its records are not encrypted").unwrap();
    });
    assert_eq!(code, 3);
}

#[test]
fn what_cannot_be_encrypted_is_said_before_any_word_is_written_down() {
    let refused = |office: &Office, home: &Path, why: &str| {
        let mut command = office.command("encrypt");
        command.env("TERM", "xterm").env("HOME", home).stdin(Stdio::inherit());
        let code = at_terminal(command, |session| {
            let said = session.exp_string(why).unwrap();
            assert!(!said.contains("RECOVERY"), "{said}");
        });
        assert_eq!(code, 1, "{why}");
    };
    let office = plain();
    let home = office.home("");
    // The key would lie with what it opens.
    refused(&office, &office.path(""), "the key would be in");
    // What is readable elsewhere could not be looked for.
    office.edit("[program]", "[progam]");
    refused(&office, &home, "progam");
    office.edit("[progam]", "[program]");
    // It would come to light after the sheet.
    let whole = fs::read(office.path("cohorts.db")).unwrap();
    let mut bytes = whole.clone();
    bytes[4096 * 9..4096 * 9 + 500].fill(7);
    fs::write(office.path("cohorts.db"), bytes).unwrap();
    refused(&office, &home, "damaged");
    fs::write(office.path("cohorts.db"), whole).unwrap();
    office.ok("handover out.handover");
    refused(&office, &home, "were handed over");
}

#[test]
fn what_can_be_read_beside_encrypted_records_is_said() {
    let office = plain();
    encrypt(&office, "encrypt", "");
    office.ok("backup sealed.backup");
    office.at("2024-02-21 09:00").ok("decrypt --yes");
    let said = office.at("2024-02-22 09:00").says("restore sealed.backup --yes");
    assert!(
        said.contains("cohorts.db.before-restore-2024-02-22 can be read without the key"),
        "{said}"
    );
    // The key as well, by whoever copies the folder.
    let within = office.path(".config/cohorts/keys");
    fs::create_dir_all(&within).unwrap();
    for key in fs::read_dir(keys(&office)).unwrap() {
        let key = key.unwrap();
        fs::copy(key.path(), within.join(key.file_name())).unwrap();
    }
    let mut check = office.command("check");
    let said = check.env("HOME", office.path("")).output().unwrap();
    let said = String::from_utf8(said.stderr).unwrap();
    assert!(said.contains("whoever copies that has both"), "{said}");
}

#[test]
fn records_made_anew_where_encrypted_ones_were_are_encrypted() {
    let office = plain();
    let words = encrypt(&office, "encrypt", "");
    fs::remove_file(office.path("cohorts.db")).unwrap();
    office.ok("init .");
    assert!(!dump_with(&words, &office.path("cohorts.db")).is_empty());
    // Also where the folder goes by another name by then.
    fs::create_dir(office.path("moved")).unwrap();
    for name in ["cohorts.toml", "cohorts.db"] {
        fs::rename(office.path(name), office.path("moved").join(name)).unwrap();
    }
    office.ok("list --folder moved");
    fs::remove_file(office.path("moved/cohorts.db")).unwrap();
    office.ok("init moved");
    assert!(!dump_with(&words, &office.path("moved/cohorts.db")).is_empty());
}

#[test]
fn a_key_file_that_others_can_read_is_warned_of() {
    let office = plain();
    encrypt(&office, "encrypt", "");
    let key_file = fs::read_dir(keys(&office)).unwrap().next().unwrap().unwrap().path();
    let mode = std::os::unix::fs::PermissionsExt::from_mode;
    fs::set_permissions(&key_file, mode(0o644)).unwrap();
    let said = office.says("check");
    assert!(said.contains(".key may be read by other users of this computer"), "{said}");
}

#[test]
fn a_page_that_came_to_harm_is_told_in_plain_words() {
    let office = lively_quarter();
    let mut bytes = fs::read(office.path("cohorts.db")).unwrap();
    bytes[4096 * 9 + 100] ^= 1;
    fs::write(office.path("cohorts.db"), bytes).unwrap();
    let said = office.run("check").stderr;
    assert!(said.contains("1 page of the file is not as it was written"), "{said}");
    assert!(!said.contains("HMAC") && !said.contains("btree"), "{said}");
}

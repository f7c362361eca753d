//! The keys of encrypted records: passphrases, recovery sheets, `key`, `rekey`, and
//! what every command says where a key is missing or wrong.
#![cfg(all(unix, feature = "encryption"))]

use std::fs;
use std::path::PathBuf;

use crate::encryption::{
    PASSPHRASE, PERSONAL, confirm, dump_with, encrypt, holding, keys, on_terminal, plain, words_on,
};
use crate::office::Office;
use crate::prompts::{CTRL_C, ENTER, ESC, answer};

#[test]
fn every_question_can_be_left() {
    for key in [ESC, CTRL_C] {
        let office = plain();
        let were = office.files();
        for at in 0..3 {
            let code = on_terminal(&office, "encrypt", |session| {
                match at {
                    0 => session.exp_regex(r"Word \d+: ").map(drop).unwrap(),
                    _ => drop(confirm(session)),
                }
                if at > 0 {
                    session.exp_string("(Enter for none)").unwrap();
                }
                if at > 1 {
                    session.send(&format!("{PASSPHRASE}\r")).unwrap();
                    session.flush().unwrap();
                    session.exp_string("The same again").unwrap();
                }
                session.send(key).unwrap();
                session.flush().unwrap();
                session.exp_string("left; nothing was changed").unwrap();
            });
            assert_eq!(code, 3, "{at}");
            assert!(
                office.files() == were && fs::read_dir(keys(&office)).unwrap().count() == 0,
                "{at}"
            );
        }
        let code = on_terminal(&office, "key recover", |session| {
            answer(session, "Word 1: ", key);
            session.exp_string("left; nothing was changed").unwrap();
        });
        assert_eq!(code, 3);
    }
}

#[test]
fn a_passphrase_is_asked_for_and_a_wrong_one_opens_nothing() {
    let office = plain();
    let code = on_terminal(&office, "encrypt", |session| {
        confirm(session);
        answer(session, "(Enter for none)", "too short\r");
        session.exp_string("too short: take several words").unwrap();
        answer(session, "(Enter for none)", &format!("{PASSPHRASE}\r"));
        answer(session, "The same again", "another one of them\r");
        session.exp_string("those were two different ones").unwrap();
        answer(session, "(Enter for none)", &format!("{PASSPHRASE}\r"));
        answer(session, "The same again", &format!("{PASSPHRASE}\r"));
    });
    assert_eq!(code, 0);
    let were = office.files();
    for line in ["list", "enroll --first-name A --last-name B", "check"] {
        let said = office.refuses(4, line);
        assert_eq!(
            said,
            "error: the key has a passphrase, and nobody can be asked for it\n\
             hint: run the command on a terminal, without a pipe into it\n"
        );
    }
    let code = on_terminal(&office, "list", |session| {
        for _ in 0..3 {
            answer(session, "Passphrase: ", "not the right one\r");
            session.exp_string("that is not the passphrase").unwrap();
        }
        session.exp_string("the passphrase was wrong").unwrap();
    });
    assert_eq!(code, 4);
    assert!(office.files() == were);
    // One command asks once, whatever it opens, and shows nothing of it.
    let line = "enroll -c spring --first-name Nina --last-name Next --email nina@example.org";
    let code = on_terminal(&office, line, |session| {
        answer(session, "Passphrase: ", "not the right one\r");
        answer(session, "Passphrase: ", &format!("{PASSPHRASE}\r"));
        let rest = session.exp_string("Nina").unwrap();
        assert!(!rest.contains("quiet") && !rest.contains("Passphrase"), "{rest}");
    });
    assert_eq!(code, 0);
    let code = on_terminal(&office, "list", |session| {
        session.exp_string("Passphrase: ").unwrap();
        session.send(CTRL_C).unwrap();
        session.flush().unwrap();
        session.exp_string("left; nothing was changed").unwrap();
    });
    assert_eq!(code, 3);
    let key_file = fs::read_dir(keys(&office)).unwrap().next().unwrap().unwrap().path();
    let text = fs::read_to_string(&key_file).unwrap();
    assert!(text.contains("memory_kib = 65536") && !text.contains("\nkey ="), "{text}");
    // What is in the file is believed as far as a computer can bear it.
    for (from, to) in [
        ("memory_kib = 65536", "memory_kib = 4294967295"),
        ("passes = 3", "passes = 4294967295"),
        ("salt = \"", "salt = \"0"),
        ("wrapped_key = \"", "wrapped_key = \"zz"),
    ] {
        fs::write(&key_file, text.replace(from, to)).unwrap();
        let said = office.refuses(4, "list");
        assert!(said.contains("the key file") && said.contains("is damaged"), "{said}");
    }
}

#[test]
fn a_key_comes_back_with_the_words_of_its_sheet() {
    let office = plain();
    let words = encrypt(&office, "encrypt", PASSPHRASE);
    let other = encrypt(&plain(), "encrypt", "");
    // Another computer.
    fs::remove_dir_all(keys(&office)).unwrap();
    let said = office.refuses(4, "list");
    assert!(said.contains("/cohorts.db is encrypted, and its key ("), "{said}");
    assert!(
        said.ends_with(
            ") is not on this computer\nhint: cohorts key recover, with the 24 words of its recovery sheet\n"
        ),
        "{said}"
    );
    office.refuses(2, "key recover");
    let code = on_terminal(&office, "key recover", |session| {
        answer(session, "Word 1: ", "zebra zzz\r");
        session.exp_string("word 2, \"zzz\", is none of the list").unwrap();
        answer(session, "Word 2: ", &format!("1 {}\r", other.join(" ")));
        session.exp_string("those words are of another key").unwrap();
        // Line by line, as they stand on the sheet.
        answer(session, "Word 1: ", &format!("{}\r", words[..6].join(" ")));
        answer(session, "Word 7: ", &format!("7 {}, 8 {}\r", words[6], words[7]));
        answer(session, "Word 9: ", &format!("{}\r", words[8..].join("  ")));
        answer(session, "(Enter for none)", ENTER);
        session.exp_string("Kept the key").unwrap();
    });
    assert_eq!(code, 0);
    office.ok("check");
    assert_eq!(office.ok("key show").split_once("Opens").map(|it| words_on(it.0)), Some(words));
}

#[test]
fn a_backup_and_a_handover_bring_their_key_by_the_sheet() {
    let office = plain();
    let words = encrypt(&office, "encrypt", "");
    office.ok("backup copy.backup");
    let said = office.says("handover copy.handover");
    assert!(said.contains("needs the recovery sheet as well"), "{said}");
    for (file, line) in [("copy.backup", "restore"), ("copy.handover", "takeover")] {
        let there = Office::empty();
        fs::remove_dir_all(keys(&there)).unwrap();
        fs::copy(office.path(file), there.path(file)).unwrap();
        let yes = if line == "restore" { " --yes" } else { "" };
        let line = format!("{line} {file}{yes}");
        let said = there.refuses(4, &line);
        assert!(said.contains("is not on this computer"), "{said}");
        let code = on_terminal(&there, &line, |session| {
            session.exp_string("is encrypted.").unwrap();
            answer(session, "Word 1: ", &format!("{}\r", words.join(" ")));
            answer(session, "(Enter for none)", ENTER);
        });
        assert_eq!(code, 0);
        assert!(fs::read(there.path("cohorts.db")).unwrap().starts_with(b"cohorts\x01"));
        there.ok("check");
        for personal in PERSONAL {
            assert_eq!(holding(&there, personal), Vec::<PathBuf>::new());
        }
    }
}

#[test]
fn a_key_that_is_malformed_or_of_others_opens_nothing() {
    let office = plain();
    encrypt(&office, "encrypt", "");
    let key_file = fs::read_dir(keys(&office)).unwrap().next().unwrap().unwrap().path();
    let text = fs::read_to_string(&key_file).unwrap();
    let digits = text.split("key = \"").nth(1).unwrap()[..64].to_owned();
    let bent = if digits.starts_with('0') { "1" } else { "0" }.to_owned() + &digits[1..];
    for wrong in [
        String::new(),
        "rubbish".to_owned(),
        "\u{0}\u{1}".to_owned(),
        text.replace(&digits, &digits[1..]),
        text.replace(&digits, &format!("{digits}00")),
        text.replace(&digits, &bent),
        text.replace(&digits, "a passphrase of somebody who knew better"),
        text.replace("key =", "kee ="),
        text.replace("opens = \"", "opens = \"0"),
        text.clone() + "\nmore = 1\n",
    ] {
        fs::write(&key_file, &wrong).unwrap();
        for line in ["", "enroll --first-name A --last-name B", "check", "backup b", "history"] {
            let said = office.refuses(4, line);
            assert!(
                said.starts_with("error: the key file ")
                    && said.ends_with(
                        " is damaged\nhint: cohorts key recover, with the 24 words of its recovery sheet\n"
                    ),
                "{line}: {said}"
            );
        }
    }
    fs::write(&key_file, [0xff, 0xfe, 0x00]).unwrap();
    office.refuses(4, "list");
    fs::write(&key_file, &text).unwrap();
    office.ok("check");
}

#[test]
fn a_plain_file_in_the_place_of_an_encrypted_one_is_noticed() {
    let office = plain();
    fs::copy(office.path("cohorts.db"), office.path("plain.db")).unwrap();
    encrypt(&office, "encrypt", "");
    fs::copy(office.path("plain.db"), office.path("cohorts.db")).unwrap();
    for line in ["", "enroll --first-name A --last-name B", "check", "backup b", "encrypt", "rekey"]
    {
        let said =
            office.refuses(if line.ends_with("rypt") || line == "rekey" { 2 } else { 4 }, line);
        if line != "encrypt" && line != "rekey" {
            assert!(said.contains("is not encrypted, though it was, with the key"), "{said}");
        }
    }
    let said = office.says("decrypt --yes");
    assert!(said.contains("are taken as they are"), "{said}");
    office.ok("check");
    assert!(office.refuses(1, "decrypt --yes").contains("are not encrypted"));
}

#[test]
fn records_of_another_group_in_the_place_of_encrypted_ones_are_noticed() {
    let office = plain();
    encrypt(&office, "encrypt", "");
    office.ok("backup own.backup");
    let before = fs::read(office.path("cohorts.db")).unwrap();
    office.ok("init other");
    let others = encrypt(&office, "encrypt --folder other", "");
    let swapped = fs::read(office.path("other/cohorts.db")).unwrap();
    fs::write(office.path("cohorts.db"), &swapped).unwrap();
    for line in ["", "enroll --first-name A --last-name B", "check", "backup b", "decrypt --yes"] {
        let said = office.refuses(4, line);
        assert!(said.contains(", though it was with "), "{line}: {said}");
        assert!(said.contains("somebody put another file there"), "{line}: {said}");
    }
    assert!(fs::read(office.path("cohorts.db")).unwrap() == swapped);
    // The right ones come back as they were encrypted.
    let said = office.says("restore own.backup --yes");
    assert!(said.contains("What was there before is in "), "{said}");
    assert!(fs::read(office.path("cohorts.db")).unwrap()[..16] == before[..16]);
    office.ok("check");
    // Or the others are there to stay, for whoever has their sheet.
    fs::write(office.path("cohorts.db"), &swapped).unwrap();
    let code = on_terminal(&office, "key recover", |session| {
        answer(session, "Word 1: ", &format!("{}\r", others.join(" ")));
        answer(session, "(Enter for none)", ENTER);
        session.exp_string("Kept the key").unwrap();
    });
    assert_eq!(code, 0);
    office.ok("list");
}

#[test]
fn a_damaged_beginning_leads_back_to_the_last_backup() {
    let office = plain();
    encrypt(&office, "encrypt", "");
    office.ok("backup own.backup");
    let before = fs::read(office.path("cohorts.db")).unwrap();
    for at in [0, 10] {
        let mut bytes = before.clone();
        bytes[at] ^= 1;
        fs::write(office.path("cohorts.db"), bytes).unwrap();
        let said = office.run("list").stderr;
        assert!(said.contains("beginning is damaged; it was left as it is"), "{said}");
        assert!(said.contains("hint: cohorts restore FILE"), "{said}");
        office.ok("restore own.backup --yes");
        assert!(fs::read(office.path("cohorts.db")).unwrap()[..16] == before[..16]);
        office.ok("check");
    }
}

#[test]
fn a_folder_that_was_moved_makes_room_for_another() {
    let office = plain();
    for name in ["first", "second"] {
        office.ok(&format!("init {name}"));
        encrypt(&office, &format!("encrypt --folder {name}"), "");
    }
    for (from, to) in [("first", "kept"), ("second", "first")] {
        fs::rename(office.path(from), office.path(to)).unwrap();
        office.ok(&format!("list --folder {to}"));
    }
}

/// Gives whoever works in one office the keys of another.
fn share_keys(from: &Office, to: &Office) {
    for key in fs::read_dir(keys(from)).unwrap() {
        let key = key.unwrap();
        fs::copy(key.path(), keys(to).join(key.file_name())).unwrap();
    }
}

#[test]
fn what_was_rekeyed_elsewhere_goes_on_with_the_new_key() {
    let here = plain();
    let old = encrypt(&here, "encrypt", "");
    here.ok("handover out.handover");
    let there = Office::empty();
    fs::remove_dir_all(keys(&there)).unwrap();
    fs::copy(here.path("out.handover"), there.path("out.handover")).unwrap();
    let take_over = |office: &Office, file: &str, words: &[String], said: &str| {
        let code = on_terminal(office, &format!("takeover {file}"), |session| {
            answer(session, "Word 1: ", &format!("{}\r", words.join(" ")));
            answer(session, "(Enter for none)", ENTER);
            session.exp_string(said).unwrap();
        });
        assert_eq!(code, 0);
    };
    take_over(&there, "out.handover", &old, "Took everything over");
    let new = encrypt(&there, "rekey", "");
    there.at("2024-02-21 09:00").ok("handover back.handover");
    fs::copy(there.path("back.handover"), here.path("back.handover")).unwrap();
    take_over(here.at("2024-02-22 09:00"), "back.handover", &new, "another key than before");
    assert!(!dump_with(&new, &here.path("cohorts.db")).is_empty());
    here.ok("check");
    // Whoever is to go on may have decrypted them.
    here.ok("handover again.handover");
    let there = Office::empty();
    share_keys(&here, &there);
    fs::copy(here.path("again.handover"), there.path("again.handover")).unwrap();
    there.ok("takeover again.handover");
    there.ok("decrypt --yes");
    there.at("2024-02-23 09:00").ok("handover back.handover");
    fs::copy(there.path("back.handover"), here.path("last.handover")).unwrap();
    let said = here.at("2024-02-24 09:00").says("takeover last.handover");
    assert!(said.contains("They were not encrypted there, and are again here."), "{said}");
    assert!(!dump_with(&new, &here.path("cohorts.db")).is_empty());
}

#[test]
fn a_passphrase_is_asked_for_by_the_name_of_another_file() {
    let office = plain();
    encrypt(&office, "encrypt", PASSPHRASE);
    let other = "other quiet words here";
    on_terminal(&office, "backup old.backup", |session| {
        answer(session, "Passphrase: ", &format!("{PASSPHRASE}\r"));
    });
    let code = on_terminal(&office, "rekey", |session| {
        answer(session, "Passphrase: ", &format!("{PASSPHRASE}\r"));
        confirm(session);
        answer(session, "(Enter for none)", &format!("{other}\r"));
        answer(session, "The same again", &format!("{other}\r"));
    });
    assert_eq!(code, 0);
    let code = on_terminal(&office, "check old.backup", |session| {
        answer(session, "Passphrase for old.backup: ", &format!("{PASSPHRASE}\r"));
        session.exp_string("All is well").unwrap();
    });
    assert_eq!(code, 0);
}

#[test]
fn another_key_takes_the_place_of_one_that_somebody_saw() {
    let office = plain();
    let old = encrypt(&office, "encrypt", "");
    office.ok("backup old.backup");
    let before = dump_with(&old, &office.path("cohorts.db"));
    let new = encrypt(&office, "rekey", PASSPHRASE);
    assert_ne!(old, new);
    let path = office.path("cohorts.db");
    assert_eq!(dump_with(&new, &path).len(), before.len() + 1);
    let opened = std::panic::catch_unwind(|| dump_with(&old, &path));
    assert!(opened.is_err(), "the old key opens nothing any more");
    // It opens what was made before.
    office.ok("check old.backup");
    let code = on_terminal(&office, "history", |session| {
        answer(session, "Passphrase: ", &format!("{PASSPHRASE}\r"));
        session.exp_string("encrypted the records with another key").unwrap();
    });
    assert_eq!(code, 0);
}

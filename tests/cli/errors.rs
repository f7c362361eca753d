//! Every error there is, as one list in errors.txt, to be read as one text:
//! one voice, one word for one thing, and how to go on. First those that a
//! command line provokes, with what is said; then the messages in src/ that
//! none of these shows, as they stand in the code.

use std::collections::BTreeSet;
use std::path::Path;

use snapbox::{assert_data_eq, file};

use crate::office::Office;

/// What stands, and command lines that are refused then.
type Section = (&'static str, fn() -> Office, &'static [&'static str]);

const SECTIONS: &[Section] = &[
    ("no folder yet", Office::empty, &["", "list", "list --folder nowhere", "export out"]),
    (
        "no cohort yet",
        Office::new,
        &["show", "enroll --first-name A --last-name B", "attend", "new", "undo 99", "backup"],
    ),
    (
        "Winter runs, Spring is to come",
        winter,
        &[
            // The command line itself.
            "atend",
            "roster --outptu x.csv",
            "roster --format word",
            "attend --week 0",
            "withdraw amara@example.org --on 30.1.2024 --reason schedule",
            "participant show ''",
            "participant edit amara@example.org --email nobody",
            "participant edit amara@example.org --first-name ''",
            "history --since 30000-01-01",
            // Which cohort.
            "show xyz",
            "show sprung-2024",
            "show winter",
            // Who.
            "consent agreed nobody@example.org",
            "participant show nobody",
            "participant show ZZZZZ",
            "consent agreed kit@example.org -c spring-2024",
            "consent agreed Exam",
            "consent agreed fin",
            // Cohorts and their dates.
            "new winter-2024 --starts 2024-07-02",
            "new current --starts 2024-07-02",
            "new 'Summer 2024' --starts 2024-07-02",
            "new summer-2024 --starts 2024-07-03",
            "new summer-2024",
            "move winter-2024 --week 1 --to 2024-01-25",
            "move winter-2024 --week 2 --to 2024-01-30",
            "move winter-2024 --week 9 --to 2024-02-20",
            "move winter-2024 --week 2 --to 2024-01-20",
            // Sign-ups.
            "enroll",
            "enroll --first-name Sam --last-name Lee --email kit@example.org",
            "enroll -c winter-2024 --first-name Kit --last-name Example --email kit@example.org",
            "enroll -c winter-2024 --first-name Sam --last-name Lee",
            "enroll --first-name Sam --last-name Lee --leave sick",
            "enroll --first-name Sam --last-name Lee --signed-up 2025-01-01",
            "enroll --first-name Sam --last-name Lee --from-week 9",
            "enroll --same-person ZZZZZ",
            "place",
            "place amara@example.org",
            "withdraw amara@example.org",
            "withdraw amara@example.org --reason schedule --on 2025-01-01",
            // Consent.
            "consent withdrawn kit@example.org",
            "consent declined amara@example.org --on 2023-12-01",
            "consent agreed kit@example.org --on 2025-01-01",
            "agreement --kept 1999-01",
            // Attendance.
            "attend --week 1 --present kit@example.org",
            "attend --week 1 --present bea@example.org --late bea@example.org",
            "attend --week 3 --present amara@example.org",
            "attend --week 1 --present nobody@example.org",
            "attend --week 1 --without-agreement kit@example.org",
            "attend --week 1 --without-agreement amara@example.org --reason paper-not-found",
            "attend",
            "attend --from missing.csv",
            "attend --from notes.txt --week 1",
            "attend spring-2024",
            "excuse amara@example.org --week 9",
            // Rosters and other files.
            "roster --for nobody",
            "roster --columns code,shoe_size",
            "roster --columns code,code",
            "roster --codes --sort name",
            "roster --delimiter semicolon",
            "roster --for zoom --status all",
            "roster --as-of 2025-01-01",
            "roster --output people.doc",
            "roster --output people.xlsx --format json",
            "roster --output there.csv",
            "roster --output nowhere/people.csv",
            "roster --output cohorts.db",
            "roster --output .",
            "calendar --week 9",
            "calendar --output there.csv",
            // Imports.
            "import",
            "import missing.csv",
            "import .",
            "import notes.txt",
            "import empty.csv",
            "import bad.csv",
            "import unknown.csv",
            "import either.csv",
            "import bad.csv --rejects bad.csv",
            "import wrong.xlsx",
            "import --all nowhere",
            "import --all there.csv",
            "import --all there",
            // Participants.
            "participant edit amara@example.org",
            "participant edit amara@example.org --leave sick",
            "participant merge amara@example.org amara@example.org",
            "participant merge amara@example.org kit@example.org",
            "participant erase amara@example.org",
            "participant erase --due",
            "participant show amara@example.org --all --output there.csv",
            // Incidents.
            "incident add",
            "incident add --kind stranger --week 3",
            "incident add --kind stranger -c spring-2024",
            "incident close 9 --done mistake",
            // Support, the end of a cohort, who comes again.
            "support add",
            "support contact kit@example.org",
            "support close kit@example.org",
            "support contact",
            "finish",
            "carry spring-2024 winter-2024 --waiting",
            "carry winter-2024 winter-2024",
            "consent receipt kit@example.org",
            // Copies.
            "backup there.csv",
            "backup nowhere/a.backup",
            "backup",
            "restore missing.backup",
            "restore there.csv",
            "restore empty.csv",
            "restore mine.backup",
            "handover there.csv",
            "handover --cancel",
            "takeover missing.handover",
            "takeover mine.backup",
            "check missing.db",
            "check .",
            "check there.csv",
            "export there",
            "export there.csv",
            "export nowhere/out",
            "demo there",
            "init . --backup nowhere",
            "init elsewhere --backup nowhere",
            "init elsewhere --backup elsewhere",
            "undo 99",
            "undo 1",
        ],
    ),
    (
        "Winter is over and finished",
        over,
        &[
            "attend",
            "enroll -c winter-2024 --first-name A --last-name B",
            "show next",
            "move winter-2024 --week 2 --to 2024-02-01",
            "incident add --kind stranger",
        ],
    ),
    (
        "the records are gone",
        || {
            let office = winter();
            std::fs::remove_file(office.path("cohorts.db")).unwrap();
            office
        },
        &["list"],
    ),
    (
        "the records are something else",
        || {
            let office = winter();
            office.write("cohorts.db", "something else");
            office
        },
        &["list"],
    ),
    (
        "cohorts.toml has mistakes",
        || {
            let office = winter();
            office.edit("capacity = 12", "capacity = \"12\"");
            office
        },
        &["list", "backup", "check"],
    ),
    (
        "the records were handed over",
        || {
            let office = winter();
            office.ok("handover gone.handover");
            office
        },
        &["consent agreed kit@example.org", "takeover gone.handover"],
    ),
];

fn winter() -> Office {
    let office = Office::winter();
    office.ok("new spring-2024 --starts 2024-04-02");
    office.ok("new winter-2025 --starts 2025-01-14");
    office.sign_up("winter-2024", &["amara", "bea", "finn", "kit"]);
    office.agree("winter-2024", &["amara", "bea"]);
    office.at("2024-01-24 09:00");
    office.ok("attend --week 1 --rest present");
    office.ok("backup mine.backup");
    office.write("there.csv", "Name\n");
    office.write("empty.csv", "");
    office.write("notes.txt", "Notes of the meeting\nAll went well\n");
    office.write("bad.csv", "Name,Email\nSam Lee,sam\n,tom@example.org\n");
    office.write("unknown.csv", "Say who you are\nSam Lee\n");
    office.write("either.csv", "Name,Email,Timestamp\nSam Lee,sam@example.org,2/1/2023 9:00\n");
    office.write("wrong.xlsx", "no workbook");
    std::fs::create_dir(office.path("there")).unwrap();
    office.write("there/file", "");
    office
}

fn over() -> Office {
    let office = Office::winter();
    office.sign_up("winter-2024", &["amara"]);
    office.agree("winter-2024", &["amara"]);
    office.at("2024-02-20 09:00");
    for week in 1..=4 {
        office.ok(&format!("attend --week {week} --rest present"));
    }
    office.ok("finish winter-2024");
    office
}

/// The messages in a file of src/: the first text of each error that is made.
fn messages(source: &str) -> Vec<String> {
    let made = ["Error::refused(", "Error::usage(", "Self::refused(", "Self::usage("];
    let code = source.split("#[cfg(test)]").next().unwrap_or_default();
    let mut found = Vec::new();
    for made in made {
        for after in code.split(made).skip(1) {
            // Only where the text itself follows, perhaps in a `format!`.
            let text = after.trim_start().trim_start_matches("format!(").trim_start();
            if let Some(text) = text.strip_prefix('"') {
                found.push(text.split('"').next().unwrap_or_default().to_owned());
            }
        }
    }
    found
}

fn sources(below: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(below).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(std::fs::read_to_string(path).unwrap());
        }
    }
}

/// The longest text of a message that is the same whatever it is about.
fn fixed(message: &str) -> &str {
    message.split(['{', '}']).step_by(2).max_by_key(|part| part.len()).unwrap_or_default()
}

#[test]
fn all_errors_are_one_text() {
    let (mut list, mut taken) = (String::new(), String::new());
    for (what, office, lines) in SECTIONS {
        let office = office();
        list += &format!("## {what}\n\n");
        for line in *lines {
            let before = office.files();
            let done = office.run(line);
            if done.code == 0 || office.files() != before {
                taken += &format!("{what}: cohorts {line}\n{}\n", done.stderr);
            }
            let said = office.uncoded_if_whole(&done.stderr);
            let said = said
                .replace(&*office.path("").to_string_lossy(), "FOLDER/")
                .replace(office.path("").to_string_lossy().trim_end_matches('/'), "FOLDER");
            list += &format!("$ cohorts {line}\n{}\n\n", said.trim_end());
        }
    }
    assert_eq!(taken, "", "these were not refused");
    let mut all = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut all);
    let messages: BTreeSet<String> = all.iter().flat_map(|source| messages(source)).collect();
    let unseen = messages.iter().filter(|message| !list.contains(fixed(message).trim()));
    let unseen: String = unseen.map(|message| format!("{message}\n")).collect();
    list += "## not provoked here: two windows at once, disks that fail, damage, or told in the\n\
             ## stories of their own commands\n\n";
    list += &unseen;
    assert_data_eq!(list, file!["errors.txt"].raw());
}

/// No word of the machine's where people read.
#[test]
fn no_error_speaks_of_machinery() {
    let mut all = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut all);
    for message in all.iter().flat_map(|source| messages(source)) {
        for jargon in ["SQL", "UTF-", "regex", "NUL", "byte", "parse", "invalid", "null", "schema"]
        {
            assert!(!message.contains(jargon), "`{jargon}` in: {message}");
        }
    }
}

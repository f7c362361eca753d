//! `cohorts export`: everything as CSV, from which `cohorts import --all` makes
//! the same records again.

use std::fs;
use std::path::Path;

use rusqlite::types::ValueRef;
use snapbox::{assert_data_eq, str};

use crate::encrypted;
use crate::office::Office;
use crate::quarter::lively_quarter;
use crate::tamper::tamper;

/// All that a file of records says, as SQLite's own `.dump` would: what it is,
/// its tables in their order, and every row in its.
pub(super) fn dump(file: &Path) -> Vec<String> {
    let records = encrypted::open(file);
    let number = |what: &str| -> i64 {
        records.query_row(&format!("PRAGMA {what}"), [], |row| row.get(0)).unwrap()
    };
    let mut said = vec![format!("{} {}", number("application_id"), number("user_version"))];
    let mut parts = records
        .prepare(
            "SELECT type, name, sql FROM sqlite_schema
             ORDER BY type <> 'table', iif(type = 'table', rowid, type), name",
        )
        .unwrap();
    let mut parts = parts.query([]).unwrap();
    let mut tables = Vec::new();
    while let Some(part) = parts.next().unwrap() {
        let (kind, name): (String, String) = (part.get(0).unwrap(), part.get(1).unwrap());
        let sql: Option<String> = part.get(2).unwrap();
        said.push(format!("{kind} {name}: {}", sql.unwrap_or_default()));
        tables.extend((kind == "table").then_some(name));
    }
    for table in tables {
        let mut rows = records.prepare(&format!("SELECT * FROM {table} ORDER BY rowid")).unwrap();
        let width = rows.column_count();
        let mut rows = rows.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let cells: Vec<String> = (0..width)
                .map(|at| match row.get_ref(at).unwrap() {
                    ValueRef::Text(text) => format!("{:?}", str::from_utf8(text).unwrap()),
                    other => format!("{other:?}"),
                })
                .collect();
            said.push(format!("{table}: {}", cells.join(", ")));
        }
    }
    said
}

/// The files in a folder, with their bytes.
pub(super) fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let read = |name: String| (name.clone(), fs::read(folder.join(name)).unwrap());
    names(folder).into_iter().map(read).collect()
}

pub(super) fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// A lively quarter in which somebody was erased, exported to `all`; and an
/// empty folder `new`.
pub(super) fn exported() -> Office {
    let office = lively_quarter();
    office.ok("participant erase milo@example.org --yes");
    office.ok("export all");
    fs::create_dir(office.path("new")).unwrap();
    office
}

#[test]
fn everything_comes_back_as_it_was() {
    let office = exported();
    let said = office.says("import --all all --folder new");
    assert_data_eq!(
        said.replace(office.path("").canonicalize().unwrap().to_str().unwrap(), "[HERE]")
            .replace(office.path("").to_str().unwrap().trim_end_matches('/'), "[HERE]"),
        str![[r#"
It holds everything as of 14 Feb 2024, 12:03: 2 cohorts, 5 participants, weeks 1-4 of winter-2024.
Brought everything back into [HERE]/new.
Commands that you run elsewhere go on using [HERE].
Delete [HERE]/all once you are sure: it holds everybody's names.
warning: whoever was erased after that export was made is in it again: erase them again
  see whether all is well  cohorts check --folder new
  go on                    cohorts --folder new

"#]]
    );
    assert_eq!(dump(&office.path("new/cohorts.db")), dump(&office.path("cohorts.db")));
    assert_eq!(office.read("new/cohorts.toml"), office.read("cohorts.toml"));
    assert_eq!(names(&office.path("new")), ["cohorts.db", "cohorts.toml"]);
    office.ok("check --folder new");
    // Both go on alike: even the next export is the same to the byte.
    fs::rename(office.path("all"), office.path("first")).unwrap();
    office.ok("export all");
    fs::rename(office.path("all"), office.path("second")).unwrap();
    office.ok("export all --folder new");
    assert_eq!(files(&office.path("all")), files(&office.path("second")));
    // And what was done before can be taken back after.
    office.ok("undo 33 --folder new");
    office.ok("undo 33");
    assert_eq!(dump(&office.path("new/cohorts.db")), dump(&office.path("cohorts.db")));
}

#[test]
fn it_is_a_folder_of_plain_files_for_its_owner() {
    let office = Office::winter();
    office.sign_up("winter", &["amara"]);
    let said = office.says("export all");
    assert_data_eq!(
        said.replace(office.path("").canonicalize().unwrap().to_str().unwrap(), "[HERE]"),
        str![[r#"
Exported 1 cohort and 1 participant to [HERE]/all, which only you can read.
  what is in it           [HERE]/all/README.txt
  the same records again  cohorts import --all [HERE]/all

"#]]
    );
    assert_data_eq!(
        names(&office.path("all")).join("\n"),
        str![[r#"
README.txt
address.csv
agreement.csv
alias.csv
attendance.csv
change.csv
cohort.csv
cohorts.toml
consent.csv
contact.csv
contents.csv
disclosure.csv
draft.csv
enrollment.csv
erased.csv
erased_address.csv
finish.csv
incident.csv
office.csv
operation.csv
participant.csv
session.csv
sqlite_sequence.csv
support.csv
zoom_report.csv
"#]]
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&office.path("all")), 0o700);
        for name in names(&office.path("all")) {
            assert_eq!(mode(&office.path("all").join(&name)), 0o600, "{name}");
        }
    }
    assert_eq!(office.read("all/cohorts.toml"), office.read("cohorts.toml"));
    let code = office.code("amara");
    assert_eq!(
        office.read("all/participant.csv"),
        format!(
            "\u{feff}id,code,first_name,last_name,goes_by,phone,name_key\n\
             1,{code},Amara,Example,,,amara example\n"
        )
    );
}

#[test]
fn the_readme_says_what_every_file_and_every_column_is() {
    let office = exported();
    let readme = office.read("all/README.txt");
    for (name, bytes) in files(&office.path("all")) {
        let about = readme.split(&format!("\n{name}\n")).nth(1);
        let about = about.unwrap_or_else(|| panic!("{name} is not described"));
        let about = about.split("\n\n").next().unwrap();
        if let Some((_, "csv")) = name.rsplit_once('.') {
            let text = String::from_utf8(bytes).unwrap();
            let first = text.trim_start_matches('\u{feff}').lines().next().unwrap();
            for column in first.split(',') {
                let described = |line: &str| {
                    line.trim_start_matches([' ', '*']).starts_with(&format!("{column}  "))
                };
                assert!(about.lines().any(described), "{column} of {name}\n{about}");
            }
        }
    }
    for secret in ["first_name", "phone", "leave", "hash_key", "before", "value"] {
        assert!(readme.contains(&format!("\n    * {secret} ")), "{secret}");
    }
}

#[test]
fn odd_text_and_nothing_are_told_apart_to_the_letter() {
    let office = Office::empty();
    office.ok("init .");
    let text = "=1+1\n'= \u{1f33b} \"quoted\", 'single'\n\n  leading, and trailing  \n\t'\n";
    let in_toml = format!("text = {}", serde_json::to_string(text).unwrap());
    let toml = office.read("cohorts.toml");
    let (before, rest) = toml.split_once("text = \"\"\"").unwrap();
    let (_, after) = rest.split_once("\"\"\"").unwrap();
    office.write("cohorts.toml", &format!("{before}{in_toml}{after}"));
    office.ok("new winter-2024 --starts 2024-01-23");
    let mut odd = office.command("enroll --email odd@example.org");
    let odd = odd.args(["--first-name", "'=", "--last-name", "\"Zo\u{eb}\", \u{1f33b}"]);
    let odd = odd.args(["--phone", "+1 604 555 0101", "--site", "''", "--residency=-2,5"]);
    assert!(odd.env("COHORTS_ACTOR", " =cmd\n'\r\"").output().unwrap().status.success());
    office.ok("consent agreed odd@example.org");
    // No command leaves empty text where nothing could be; another file may.
    tamper(
        &office,
        "UPDATE operation SET cohort = '', checksum =
             change_checksum(id, at, zone, actor, command, '', summary, undoes, lasting)
         WHERE id = 3",
    );
    office.ok("check");
    office.ok("export all");
    for (file, written) in [
        ("participant.csv", ",''=,\"\"\"Zo\u{eb}\"\", \u{1f33b}\",,'+1 604 555 0101,"),
        ("enrollment.csv", ",,''',\"'-2,5\"\n"),
        ("agreement.csv", ",\"'=1+1\n'= \u{1f33b} \"\"quoted\"\", 'single'\n\n  leading"),
        ("operation.csv", ",\" =cmd\n'\r\"\"\",enroll,winter-2024,"),
        ("operation.csv", ",consent agreed,',"),
    ] {
        let text = office.read(&format!("all/{file}"));
        assert!(text.contains(written), "{file}\n{written}\n{text}");
    }
    fs::create_dir(office.path("new")).unwrap();
    office.ok("import --all all --folder new");
    assert_eq!(dump(&office.path("new/cohorts.db")), dump(&office.path("cohorts.db")));
}

#[test]
fn it_is_written_down_and_named_when_somebody_is_erased() {
    let office = exported();
    let exports = office.ok("history --exports");
    assert!(exports.contains("5 people of all\n"), "{exports}");
    assert!(exports.contains("/all\n           still there\n  columns  export of everything\n"));
    let said = office.says("participant erase kit.new@example.org --yes");
    let place = format!("  {}\n", office.path("all").canonicalize().unwrap().display());
    assert!(said.contains(&place), "{said}");
}

#[test]
fn nothing_is_written_over_and_a_dry_run_writes_nothing() {
    let office = Office::winter();
    let said = office.says("export all --dry-run");
    assert!(said.starts_with("Dry run: would export 1 cohort and 0 participants to "), "{said}");
    assert!(!office.path("all").exists());
    fs::create_dir(office.path("full")).unwrap();
    office.write("full/mine.txt", "");
    for (place, said) in [
        ("full", "full is not empty; it was left as it is"),
        (".", " is not empty; it was left as it is"),
        ("cohorts.toml", "cohorts.toml is where your records are kept"),
        ("full/mine.txt", "mine.txt is a file; it was left as it is"),
        ("nowhere/all", "there is no folder"),
    ] {
        let refused = office.refuses(1, &format!("export {place}"));
        assert!(refused.contains(said), "{place}: {refused}");
    }
    assert!(office.ok("history --exports --format csv").lines().count() == 1, "none was made");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("empty", office.path("link")).unwrap();
        fs::create_dir(office.path("empty")).unwrap();
        let said = office.refuses(1, "export link");
        assert!(said.contains("link is a link; name the folder itself"), "{said}");
    }
    // An empty folder takes it; a slash at its end means nothing.
    fs::create_dir_all(office.path("empty")).unwrap();
    office.ok("export empty/");
    assert!(office.path("empty/README.txt").exists());
}

#[test]
fn what_was_handed_over_is_still_handed_over() {
    let office = lively_quarter();
    office.ok("handover out.handover");
    office.ok("export all");
    fs::create_dir(office.path("new")).unwrap();
    let said = office.says("import --all all --folder new");
    assert!(said.contains("were handed over on 14 Feb 2024, 12:03"), "{said}");
    assert!(said.contains("cohorts handover --cancel"), "{said}");
    assert_eq!(dump(&office.path("new/cohorts.db")), dump(&office.path("cohorts.db")));
    let said = office.run("undo --folder new");
    assert_eq!(said.code, 1, "{}", said.stderr);
    office.ok("handover --cancel --folder new");
    office.ok("undo 33 --folder new");
}

#[test]
fn damaged_records_are_not_exported() {
    let office = lively_quarter();
    tamper(&office, "UPDATE participant SET first_name = 'Bee' WHERE id = 2");
    let done = office.run("export all");
    assert_eq!(done.code, 1);
    assert!(done.stderr.contains("the records are damaged, and were not exported"));
    assert!(!office.path("all").exists());
    assert!(names(&office.path("")).iter().all(|name| !name.starts_with(".cohorts-")));
}

#[test]
fn what_could_not_be_brought_back_is_not_exported() {
    let office = Office::winter();
    let long = "x".repeat(1 << 20);
    let toml = office.read("cohorts.toml");
    office
        .write("cohorts.toml", &toml.replacen("text = \"\"\"", &format!("text = \"\"\"{long}"), 1));
    office.sign_up("winter", &["amara"]);
    office.agree("winter", &["amara"]);
    let done = office.run("export all");
    assert_eq!(done.code, 1);
    assert!(done.stderr.contains("a `text` in agreement is longer than 1 MB"), "{}", done.stderr);
    assert!(!office.path("all").exists());
}

#[cfg(unix)]
#[test]
fn records_that_may_only_be_read_are_exported_without_a_word_in_them() {
    use std::os::unix::fs::PermissionsExt;
    let office = lively_quarter();
    fs::set_permissions(office.path("cohorts.db"), fs::Permissions::from_mode(0o400)).unwrap();
    let before = office.files();
    office.ok("export all");
    // Root may write all the same.
    if fs::OpenOptions::new().write(true).open(office.path("cohorts.db")).is_err() {
        assert!(office.files() == before);
    }
    fs::create_dir(office.path("new")).unwrap();
    office.ok("import --all all --folder new");
    assert_eq!(dump(&office.path("new/cohorts.db")), dump(&office.path("cohorts.db")));
}

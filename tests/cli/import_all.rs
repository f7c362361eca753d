//! `cohorts import --all`: what is not as it was exported is said, and then
//! nothing is written; what is there already stays.

use std::fs;
use std::path::Path;

use snapbox::{assert_data_eq, str};

use crate::export::{dump, exported, files, names};
use crate::office::Office;

/// Changes a file of the export.
fn change(office: &Office, file: &str, from: &str, to: &str) {
    let path = format!("all/{file}");
    let text = office.read(&path);
    assert!(text.contains(from), "{file} has no {from:?}");
    office.write(&path, &text.replacen(from, to, 1));
}

/// What is said when the export cannot be taken; nothing may have appeared.
fn refused(office: &Office) -> String {
    let said = office.refuses(1, "import --all all --folder new");
    assert_eq!(names(&office.path("new")), [""; 0]);
    said.replace(office.path("").to_str().unwrap(), "")
}

#[test]
fn a_dry_run_of_an_import_looks_at_everything_and_writes_nothing() {
    let office = exported();
    let said = office.says("import --all all --folder new --dry-run");
    assert!(said.contains("It holds everything as of 14 Feb 2024, 12:03"), "{said}");
    assert!(said.contains("Dry run: would put it into "), "{said}");
    assert_eq!(names(&office.path("new")), [""; 0]);
    change(&office, "participant.csv", "Lindqvist", "Lindquist");
    office.refuses(1, "import --all all --folder new --dry-run");
}

#[test]
fn a_changed_value_is_said_with_its_file_and_line() {
    let office = exported();
    change(&office, "participant.csv", "Lindqvist", "Lindquist");
    change(&office, "session.csv", "2024-01-23", "23/01/2024");
    change(&office, "enrollment.csv", ",maternity,", ",medical,");
    let bea = office.code("bea");
    let amara = office.code("amara");
    assert_data_eq!(
        refused(&office).replace(&bea, "BEA__").replace(&amara, "AMARA"),
        str![[r#"
error: participant.csv:3: id 2 (BEA__) is not as it was last recorded: last_name
error: session.csv:2: id 1 is not as it was last recorded: date
error: enrollment.csv:2: id 1 (AMARA) is not as it was last recorded: leave

error: 3 problems in all; nothing was changed
hint: take the files as cohorts exported them: a spreadsheet that saves one changes it
hint: or export once more where the records are (cohorts export DIR)

"#]]
    );
}

#[test]
fn whatever_is_changed_in_any_file_is_found() {
    let office = exported();
    for (file, from, to, said) in [
        // What the history says of itself.
        ("change.csv", "Lindqvist", "Lindquist", "is not as it was written down"),
        ("change.csv", ",participant,2,2,", ",participant,2,1,", "written down under somebody"),
        ("operation.csv", "coordinator", "nobody", "operation.csv:2: id 1 is not as it was"),
        ("disclosure.csv", ",all,", ",none,", "is not as it was written down"),
        ("erased.csv", "2024-02-14", "2024-02-15", "erased.csv:2: id 1 is not as it was"),
        ("office.csv", "\n1,", "\n1,0", "office.csv:2: breaks a rule of the records: "),
        // What nothing else says.
        ("sqlite_sequence.csv", "consent,", "consent,9", "something in it is not as it was"),
        // What a table does not take.
        ("participant.csv", "\n2,", "\n1,", "participant.csv:3: has the same `id` as a line"),
        ("participant.csv", ",Liu,", ",,", "participant.csv:4: has nothing in `last_name`"),
        ("consent.csv", ",agreed,", ",perhaps,", "consent.csv:2: breaks a rule of the records"),
        ("attendance.csv", "\n1,1,1,", "\n1,1,one,", "csv:2: `week` is not a whole number"),
        ("change.csv", "\n1,", "\n1.0,", "change.csv:2: `id` is not a whole number"),
        ("consent.csv", "\n1,1,", "\n1,99,", "belongs to a row of enrollment that is not"),
        // What is no line of it.
        ("address.csv", "\n2,", "\n2,3,", "address.csv:3: has 7 columns instead of 6"),
        ("address.csv", "bea@", "b\0ea@", "address.csv:3: holds a sign that no text has"),
        ("participant.csv", "goes_by,", "", "participant.csv:1: the column `goes_by` is missing"),
        ("participant.csv", "goes_by", "gos_by", "no column `gos_by`; is `goes_by` meant?"),
        ("participant.csv", "phone", "goes_by", "the column `goes_by` is there twice"),
        ("contents.csv", "cohort.csv,2,", "cohort.csv,3,", "3 rows were exported, and 2 rows are"),
        ("contents.csv", ",5\n", ",6\n", "contents.csv:3: the format is another one than above"),
        ("contents.csv", ",sha256", "", "contents.csv:1: the column `sha256` is missing"),
        ("contents.csv", "cohort.csv", "song.csv", "records of this format have no song.csv"),
    ] {
        let path = format!("all/{file}");
        let as_exported = office.read(&path);
        change(&office, file, from, to);
        let found = refused(&office);
        assert!(found.contains(said), "{file}: {from:?} {to:?}\n{found}");
        office.write(&path, &as_exported);
    }
}

#[test]
fn a_line_or_a_file_too_few_or_too_many_is_found() {
    let office = exported();
    let without_last = |file: &str| {
        let text = office.read(file);
        let end = text.trim_end().rfind('\n').unwrap();
        office.write(file, &text[..=end]);
    };
    without_last("all/disclosure.csv");
    assert!(
        refused(&office).contains("disclosure.csv: 3 rows were exported, and 2 rows are there")
    );
    without_last("all/erased.csv");
    assert!(refused(&office).contains("erased.csv: 1 row was exported, and 0 rows are there"));
    without_last("all/participant.csv");
    assert!(refused(&office).contains("participant.csv: id 7 ("), "{}", refused(&office));
    for (name, bytes) in [("change.csv", ""), ("address.csv", "id;code\n"), ("office.csv", "\n")] {
        office.write(&format!("all/{name}"), bytes);
    }
    let said = refused(&office);
    for wrong in [
        "change.csv:1: is empty: the names of the columns are missing",
        "address.csv:1: does not name the columns, separated by commas",
        "office.csv:1: is empty",
    ] {
        assert!(said.contains(wrong), "{said}");
    }
    for name in ["session.csv", "cohorts.toml"] {
        fs::remove_file(office.path("all").join(name)).unwrap();
    }
    for name in ["notes.csv", "participant copy.csv", ".DS_Store", "Thumbs.db"] {
        office.write(&format!("all/{name}"), "");
    }
    assert_data_eq!(
        refused(&office),
        str![[r#"
error: session.csv is missing
error: cohorts.toml is missing
error: notes.csv is no part of an export; move it elsewhere
error: participant copy.csv is no part of an export; move it elsewhere

error: 4 problems in all; nothing was changed
hint: take the files as cohorts exported them: a spreadsheet that saves one changes it
hint: or export once more where the records are (cohorts export DIR)

"#]]
    );
    fs::remove_file(office.path("all/contents.csv")).unwrap();
    assert!(refused(&office).contains("all is no export: there is no contents.csv in it"));
}

#[test]
fn a_long_list_is_cut_and_a_long_field_ends_it() {
    let office = exported();
    let text = office.read("all/change.csv");
    office.write("all/change.csv", &text.replace(",enrollment,", ",enrolment,"));
    let said = refused(&office);
    assert!(said.lines().filter(|line| line.starts_with("error: change.csv:")).count() > 5);
    let no_number = |line: &str| match line.rsplit_once(',') {
        Some((rest, "checksum")) => format!("{rest},checksum\n"),
        Some((rest, number)) => format!("{rest},x{number}\n"),
        None => String::new(),
    };
    let no_numbers: String = text.lines().map(no_number).collect();
    office.write("all/change.csv", &no_numbers);
    let said = refused(&office);
    assert!(said.contains("\n  ... and ") && said.lines().count() < 30, "{said}");
    let long = "x".repeat((1 << 20) + 1);
    office.write("all/address.csv", &(office.read("all/address.csv") + &long));
    office.write("all/change.csv", &text);
    assert!(refused(&office).contains("address.csv:9: has a cell of more than 1 MB"));
}

#[test]
fn another_version_is_said() {
    let office = exported();
    let text = office.read("all/contents.csv");
    office.write("all/contents.csv", &text.replace(",5\n", ",99\n"));
    assert_data_eq!(
        refused(&office),
        str![[r#"
error: it was exported by a newer cohorts (format 99; this one knows 5); nothing was changed
hint: install the newer cohorts on this computer too

"#]]
    );
    office.write("all/contents.csv", &text.replace(",5\n", ",1\n"));
    assert!(refused(&office).contains("contents.csv:2: there is no format 1"));
}

#[test]
fn what_does_not_change_a_value_does_no_harm() {
    let office = exported();
    for (name, bytes) in files(&office.path("all")) {
        let text = String::from_utf8(bytes).unwrap();
        let text = match name.as_str() {
            // Line ends in the text of the agreement are the text's own.
            "agreement.csv" | "cohorts.toml" => text,
            // No mark, and all in quotes, as LibreOffice writes it.
            "address.csv" => text.trim_start_matches('\u{feff}').replace("email", "\"email\""),
            // The columns in another order.
            "cohort.csv" => "slug,id\nwinter-2024,1\nspring-2024,2\n\n".to_owned(),
            _ => text.replace('\n', "\r\n"),
        };
        office.write(&format!("all/{name}"), &text);
    }
    fs::remove_file(office.path("all/README.txt")).unwrap();
    office.ok("import --all all --folder new");
    assert_eq!(dump(&office.path("new/cohorts.db")), dump(&office.path("cohorts.db")));
}

#[test]
fn definitions_that_were_edited_are_taken_as_they_are() {
    let office = exported();
    change(&office, "cohorts.toml", "location = \"Zoom\"", "location = \"Room 4\"");
    let said = office.says("import --all all --folder new");
    assert!(said.contains("warning: cohorts.toml was changed since the export"), "{said}");
    assert!(office.read("new/cohorts.toml").contains("Room 4"));
    // Also with mistakes: the records come first, on both ways.
    let office = exported();
    office.edit("capacity = 4", "capasity = 4");
    fs::remove_dir_all(office.path("all")).unwrap();
    let said = office.says("export all");
    assert!(said.contains("warning: cohorts.toml has mistakes, and was exported as it is"));
    let said = office.says("import --all all --folder new");
    assert!(said.contains("The cohorts.toml in it has mistakes"), "{said}");
    assert!(!said.contains("was changed since the export"), "{said}");
    assert_eq!(office.read("new/cohorts.toml"), office.read("cohorts.toml"));
    assert_eq!(dump(&office.path("new/cohorts.db")), dump(&office.path("cohorts.db")));
}

#[test]
fn records_that_are_there_are_never_replaced() {
    let office = exported();
    let said = office.refuses(1, "import --all all");
    assert!(said.contains("there are records in ") && said.contains(" already"), "{said}");
    // Nor where they are damaged, nor is another cohorts.toml.
    office.write("new/cohorts.db", "damaged");
    let said = office.refuses(1, "import --all all --folder new");
    assert!(said.contains("there are records in "), "{said}");
    fs::remove_file(office.path("new/cohorts.db")).unwrap();
    office.write("new/cohorts.toml", &(office.read("cohorts.toml") + "# mine\n"));
    let said = office.refuses(1, "import --all all --folder new");
    assert!(said.contains("new has another cohorts.toml than the exported one"), "{said}");
    // The same one is what an import leaves that was interrupted.
    office.write("new/cohorts.toml", &office.read("cohorts.toml"));
    office.ok("import --all all --folder new");
    let said = office.refuses(1, "import --all all --folder all");
    assert!(said.contains("must not be in one folder"), "{said}");
    let said = office.refuses(1, "import --all nowhere --folder new");
    assert!(said.contains("there is no folder"), "{said}");
    office.ok("backup copy.backup");
    fs::create_dir(office.path("other")).unwrap();
    let said = office.refuses(1, "import --all copy.backup --folder other");
    assert!(said.contains("is a file, and no export") && said.contains("cohorts restore"));
    let said = office.refuses(2, "import --all all signups.csv");
    assert!(said.contains("cannot be used with"), "{said}");
}

#[test]
fn in_an_empty_folder_it_needs_no_name_and_is_remembered() {
    let office = exported();
    let elsewhere = tempfile::tempdir().unwrap();
    let folder = elsewhere.path().join("here");
    fs::create_dir(&folder).unwrap();
    let run_in = |folder: &Path, line: &str, last: &Path| {
        let mut command = office.command(line);
        let done = command.arg(last).current_dir(folder).output().unwrap();
        let said = String::from_utf8(done.stderr).unwrap();
        assert!(done.status.success(), "{said}");
        said
    };
    let said = run_in(&folder, "import --all", &office.path("all"));
    assert!(said.contains("Commands that you run elsewhere use this folder from now on."));
    let said = run_in(elsewhere.path(), "export", &elsewhere.path().join("again"));
    assert!(said.contains(&format!("In {}:\n", folder.display())), "{said}");
}

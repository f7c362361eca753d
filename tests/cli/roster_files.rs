//! `cohorts roster --output`: files that leave the tool.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use crate::office::Office;

fn office() -> Office {
    let office = Office::winter();
    office.sign_up("winter", &["amara", "bea", "kit"]);
    office.at("2024-01-18 09:00").agree("winter", &["amara", "bea"]);
    office.at("2024-01-23 12:00").ok("attend --late bea@example.org --rest present");
    office
}

/// The names in the folder, sorted.
fn folder(office: &Office) -> Vec<String> {
    let entries = fs::read_dir(office.path("")).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn disclosures(office: &Office) -> Vec<String> {
    let records = office.records();
    let sql = "SELECT at || ' ' || actor || ' | ' || cohorts || ' | ' || columns || ' | ' || people || ' | ' || file
               FROM disclosure ORDER BY id";
    let mut statement = records.prepare(sql).unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

#[test]
fn csv_is_exactly_this() {
    let office = office();
    let said = office.says("roster --output roster.csv");
    assert_eq!(said, "Wrote 3 people to roster.csv, which only you can read.\n");
    let file = office.uncoded(&office.read("roster.csv"));
    let body = "cohort,code,first_name,last_name,goes_by,status,agreed,week_1,week_2,week_3,week_4\n\
                winter-2024,AMARA,Amara,Example,Amara,enrolled,2024-01-18,P,,,\n\
                winter-2024,BEA__,Bea,Example,Bea,enrolled,2024-01-18,L,,,\n\
                winter-2024,KIT__,Kit,Example,Kit,enrolled,NO,,,,\n";
    assert_eq!(file, format!("\u{feff}{body}"));
    assert_eq!(office.uncoded(&office.ok("roster --format csv")), body);
    assert_eq!(office.uncoded(&office.ok("roster --format csv --output -")), body);
}

#[test]
fn only_the_owner_can_read_it() {
    let office = office();
    for name in ["roster.csv", "roster.json", "roster.txt", "roster.md", "roster.xlsx"] {
        office.ok(&format!("roster --output {name}"));
        let mode = fs::metadata(office.path(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    // Also where a file that others could read is replaced.
    fs::set_permissions(office.path("roster.csv"), fs::Permissions::from_mode(0o644)).unwrap();
    office.ok("roster --output roster.csv --force");
    let mode = fs::metadata(office.path("roster.csv")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn the_ending_decides_the_format_unless_it_is_said() {
    let office = office();
    office.ok("roster --output a.CSV");
    assert!(office.read("a.CSV").starts_with("\u{feff}cohort,"));
    office.ok("roster --output a.json");
    let json: serde_json::Value = serde_json::from_str(&office.read("a.json")).unwrap();
    assert_eq!(json[1]["week_1"], "L");
    office.ok("roster --output a.list --format csv");
    assert_eq!(office.read("a.list"), office.read("a.CSV"));
    office.ok("roster --output b.csv --format json");
    assert_eq!(office.read("b.csv"), office.read("a.json"));
    for name in ["roster.xls", "roster", "roster.csv.bak"] {
        let said = office.refuses(2, &format!("roster --output {name}"));
        assert!(said.contains("roster.csv"), "{said}");
        assert!(!office.path(name).exists());
    }
}

#[test]
fn no_cell_is_a_formula_and_one_sign_off_gives_it_back() {
    let office = Office::winter();
    let texts = [
        "=1+1",
        "+1 604 555 0101",
        "-2",
        "@SUM(A1)",
        "'=1",
        "''+1",
        "'tHart",
        "\"quoted\"",
        "a,b",
        "=HYPERLINK(\"http://example.org\",\"x\")",
    ];
    for text in texts {
        let mut command = office.command("enroll --first-name A --last-name B");
        // The line of words has its own use for quotes.
        let done = command.arg(format!("--phone={text}")).output().unwrap();
        assert!(done.status.success(), "{text}: {}", String::from_utf8_lossy(&done.stderr));
    }
    office.ok("roster --columns phone --sort signed_up --output roster.csv");
    let file = office.read("roster.csv");
    let mut reader = csv::Reader::from_reader(file.trim_start_matches('\u{feff}').as_bytes());
    let mut back: Vec<String> = Vec::new();
    for row in reader.records() {
        let row = row.unwrap();
        let cell = &row[0];
        assert!(!cell.starts_with(['=', '+', '-', '@']), "{cell}");
        let is_guarded = cell.trim_start_matches('\'').starts_with(['=', '+', '-', '@']);
        back.push(if is_guarded { cell[1..].to_owned() } else { cell.to_owned() });
    }
    back.sort();
    let mut texts = texts.map(str::to_owned);
    texts.sort();
    assert_eq!(back, texts);
}

#[test]
fn a_header_of_a_purpose_is_no_formula_either() {
    let office = office();
    office.edit("header = \"First Name\"", "header = \"=First Name\"");
    assert!(
        office.ok("roster --for zoom --format csv").starts_with("Email,'=First Name,Last Name\n")
    );
}

#[test]
fn a_file_that_is_there_stays_unless_forced() {
    let office = office();
    office.write("roster.csv", "mine\n");
    let said = office.refuses(1, "roster --output roster.csv");
    assert!(said.contains("exists already") && said.contains("--force"), "{said}");
    assert_eq!(office.read("roster.csv"), "mine\n");
    office.ok("roster --output roster.csv --force");
    assert!(office.read("roster.csv").starts_with("\u{feff}cohort,"));
    office.refuses(2, "roster --force");
}

#[test]
fn a_link_or_a_folder_is_never_written_to() {
    let office = office();
    office.write("elsewhere.csv", "theirs\n");
    symlink(office.path("elsewhere.csv"), office.path("link.csv")).unwrap();
    symlink(office.path("nowhere.csv"), office.path("dangling.csv")).unwrap();
    fs::create_dir(office.path("folder.csv")).unwrap();
    let before = folder(&office);
    for force in ["", " --force"] {
        for name in ["link.csv", "dangling.csv"] {
            let said = office.refuses(1, &format!("roster --output {name}{force}"));
            assert!(said.contains("is a link"), "{said}");
        }
        let said = office.refuses(1, &format!("roster --output folder.csv{force}"));
        assert!(said.contains("is a folder"), "{said}");
    }
    assert_eq!(office.read("elsewhere.csv"), "theirs\n");
    assert_eq!(folder(&office), before);
}

#[test]
fn the_offices_own_files_are_never_written_over() {
    let office = office();
    fs::create_dir(office.path("sub")).unwrap();
    symlink(office.path(""), office.path("same")).unwrap();
    let full = office.path("cohorts.db").display().to_string();
    let before = folder(&office);
    let names = [
        "cohorts.db",
        "cohorts.toml",
        "cohorts.db-journal",
        "./cohorts.db",
        "sub/../cohorts.toml",
        "same/cohorts.db",
        &full,
    ];
    for name in names {
        for force in ["", " --force"] {
            office.refuses(1, &format!("roster --format csv --output {name}{force}"));
        }
    }
    assert_eq!(folder(&office), before);
    office.ok("roster");
}

#[test]
fn what_leaves_is_written_down() {
    let office = office();
    office.ok("new spring-2024 --starts 2024-04-02");
    office.ok("roster --for zoom --output zoom.csv");
    office.ok("roster --all --status all --output all.json");
    let here = office.path("").canonicalize().unwrap();
    let file = |name: &str| here.join(name).display().to_string();
    assert_eq!(
        disclosures(&office),
        [
            format!(
                "2024-01-23 12:00:00 coordinator | winter-2024 | email first_name last_name | 2 | {}",
                file("zoom.csv")
            ),
            format!(
                "2024-01-23 12:00:00 coordinator | winter-2024 spring-2024 | cohort code first_name last_name goes_by status agreed attendance | 3 | {}",
                file("all.json")
            ),
        ]
    );
    // What is only shown, or was refused, did not leave.
    office.ok("roster --format csv");
    office.refuses(1, "roster --output all.json");
    assert_eq!(disclosures(&office).len(), 2);
    // It left, and cannot be taken back.
    office.ok("undo");
    assert_eq!(disclosures(&office).len(), 2);
}

#[test]
fn a_dry_run_writes_neither_the_file_nor_the_line() {
    let office = office();
    let before = (office.files(), folder(&office));
    let said = office.says("roster --output roster.csv --dry-run");
    assert_eq!(said, "Dry run: would write 3 people to roster.csv\n");
    assert!((office.files(), folder(&office)) == before);
}

#[test]
fn a_folder_that_cannot_be_written_to_gets_nothing_half_written() {
    let office = office();
    let locked = office.path("locked");
    fs::create_dir(&locked).unwrap();
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o500)).unwrap();
    // For root every folder is open.
    if fs::write(locked.join("probe"), "").is_err() {
        let said = office.refuses(1, "roster --output locked/roster.csv");
        assert!(said.contains("could not write locked/roster.csv"), "{said}");
        assert_eq!(fs::read_dir(&locked).unwrap().count(), 0);
        assert!(disclosures(&office).is_empty());
    }
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o700)).unwrap();
    let said = office.refuses(1, "roster --output nowhere/roster.csv");
    assert!(said.contains("there is no folder nowhere"), "{said}");
    assert!(disclosures(&office).is_empty());
}

#[test]
fn the_roster_of_a_day_gone_by_is_a_file_too() {
    let office = office();
    office.ok("roster winter --as-of 2024-01-18 --output then.csv");
    let file = office.uncoded(&office.read("then.csv"));
    assert!(file.contains("winter-2024,BEA__,Bea,Example,Bea,enrolled,2024-01-18,,,,\n"), "{file}");
    assert_eq!(disclosures(&office).len(), 1);
}

#[test]
fn an_export_of_addresses_says_who_has_none() {
    let office = office();
    office.ok("enroll -c winter --late --first-name Mia --last-name Example");
    let said = office.says("roster --columns name,email --output a.csv");
    assert!(said.contains("warning: without an address: "), "{said}");
}

#[test]
fn wide_names_come_back_as_they_were() {
    let office = Office::winter();
    for name in ["小明", "Zoë", "e\u{301}lodie", "👩\u{200d}⚕\u{fe0f}"] {
        office.ok(&format!("enroll --first-name {name} --last-name B"));
    }
    office.ok("roster --columns first_name --output roster.csv");
    let file = office.read("roster.csv");
    for name in ["小明", "Zoë", "e\u{301}lodie", "👩\u{200d}⚕\u{fe0f}"] {
        assert!(file.lines().any(|line| line == name), "{file}");
    }
}

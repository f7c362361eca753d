//! `cohorts roster` for somebody: the ready purposes, and codes instead of
//! names.

use snapbox::{assert_data_eq, str};

use crate::office::Office;

/// Two have agreed, Kit has not; the third who has agreed has no address.
fn office() -> Office {
    let office = Office::winter();
    office.sign_up("winter", &["amara", "zoë", "kit"]);
    office.ok("enroll --first-name Mia --last-name - --goes-by Mimi");
    office.at("2024-01-18 09:00").agree("winter", &["amara", "zoë"]);
    office.ok("consent agreed 'Mia -' -c winter");
    office.ok("participant edit amara@example.org --phone 6045550101 --site Surrey");
    office.at("2024-01-23 12:00").ok("attend --late zoë@example.org --rest present");
    office
}

#[test]
fn the_zoom_list_imports_as_it_comes() {
    let office = office();
    let said = office.says("roster --for zoom --output registrants.csv");
    // Zoom takes an address, a first and a last name, in this order, as UTF-8.
    assert_eq!(
        office.read("registrants.csv"),
        "\u{feff}Email,First Name,Last Name\n\
         amara@example.org,Amara,Example\n\
         zoë@example.org,Zoë,Example\n"
    );
    assert_data_eq!(
        office.uncoded(&said),
        str![[r#"
Wrote 2 people to registrants.csv, which only you can read.
Left out of winter-2024, no email: MIA__
  once you have it       cohorts participant edit MIA__ --email ...
Left out of winter-2024, not agreed: KIT__
  once they have agreed  cohorts consent agreed KIT__ -c winter-2024

"#]]
    );
    office.ok("participant edit 'Mia -' --email mia@example.org");
    office.ok("roster --for zoom --output registrants.csv --force");
    // A `'` before the dash would be her name in the meeting.
    assert!(office.read("registrants.csv").contains("\nmia@example.org,Mia,-\n"));
    // Other columns need no address.
    let names = office.ok("roster --for zoom --columns goes_by --format csv");
    assert_eq!(names, "goes_by\nMimi\nAmara\nZoë\n");
}

#[test]
fn any_column_can_be_required() {
    let office = office();
    office.edit(
        "[roster.zoom]",
        "[roster.call]\ncolumns = [\"goes_by\", { column = \"phone\", required = true }]\n[roster.zoom]",
    );
    let done = office.run("roster --for call --format csv");
    assert_eq!(done.stdout, "goes_by,phone\nAmara,6045550101\n");
    let said = office.uncoded(&done.stderr);
    assert_eq!(said, "Left out of winter-2024, no phone: ZOË__, KIT__, MIA__\n");
}

#[test]
fn the_facilitator_gets_what_to_call_them_and_who_was_there() {
    let office = office();
    office.ok("roster --for facilitator --output facilitator.csv");
    assert_data_eq!(
        office.uncoded(&office.read("facilitator.csv")).trim_start_matches('\u{feff}'),
        str![[r#"
code,goes_by,week_1,week_2,week_3,week_4
MIA__,Mimi,P,,,
AMARA,Amara,P,,,
KIT__,Kit,,,,
ZOË__,Zoë,L,,,

"#]]
    );
    let markdown = office.uncoded(&office.ok("roster --for facilitator --format markdown"));
    assert!(markdown.contains("| Code  | Goes by | 1 | 2 | 3 | 4 |\n"), "{markdown}");
    assert!(markdown.contains("| KIT__ | Kit     | x | . | . | . |\n"), "{markdown}");
    for format in ["table", "csv", "json", "markdown"] {
        let text = office.ok(&format!("roster --for facilitator --format {format}"));
        for private in ["Example", "@", "604", "Surrey"] {
            assert!(!text.contains(private), "{format}: {text}");
        }
    }
}

#[test]
fn with_codes_nobody_is_named_whatever_was_asked_for() {
    let office = office();
    let all = "name,first_name,last_name,goes_by,email,phone,site,agreed";
    for (line, columns) in [
        ("", "cohort,code,status,agreed,week_1,week_2,week_3,week_4"),
        ("--for facilitator", "code,week_1,week_2,week_3,week_4"),
        ("--for zoom", "code"),
        ("--columns site,last_name,agreed,phone", "site,code,agreed"),
        ("--columns site,agreed", "code,site,agreed"),
        ("--columns last_name,site,code", "site,code"),
        (&format!("--columns {all} --status all --all"), "code,site,agreed"),
    ] {
        let csv = office.ok(&format!("roster --codes {line} --format csv"));
        assert_eq!(csv.lines().next(), Some(columns), "{line}");
        for format in ["table", "csv", "json", "markdown"] {
            let done = office.run(&format!("roster --codes {line} --format {format}"));
            let text = done.stdout + &done.stderr;
            for named in ["Amara", "Example", "Mi", "Kit", "Zo", "@", "604"] {
                assert!(!text.contains(named), "{line} {format}: {text}");
            }
            assert!(text.contains(&office.code("amara")), "{line} {format}: {text}");
        }
    }
    // What left for a file is written down as it was.
    office.ok(&format!("roster --codes --columns {all} --output codes.xlsx"));
    let exports = office.ok("history --exports --format csv");
    assert!(exports.contains(",code site agreed,4,"), "{exports}");
}

#[test]
fn with_codes_the_order_says_nothing_of_names() {
    let office = office();
    let codes = |line: &str| -> Vec<String> {
        let csv = office.ok(&format!("roster {line} --columns code --format csv"));
        csv.lines().skip(1).map(str::to_owned).collect()
    };
    let mut sorted = codes("");
    sorted.sort();
    assert_ne!(codes(""), sorted, "these names are in another order than their codes");
    assert_eq!(codes("--codes"), sorted);
    // Nor where another column sorts first: Kit alone has not agreed.
    let by_agreed = codes("--codes --sort agreed");
    assert_eq!(by_agreed[0], office.code("kit"));
    assert!(by_agreed[1..].is_sorted(), "{by_agreed:?}");
    for named in ["name", "first_name", "last_name", "goes_by", "email", "phone"] {
        let said = office.refuses(2, &format!("roster --codes --sort agreed,{named}"));
        assert!(said.contains("would give the order of what --codes leaves out"), "{said}");
    }
    assert_eq!(codes("--codes --sort code"), sorted);
}

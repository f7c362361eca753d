//! `cohorts roster` as a spreadsheet, as Markdown, and as CSV with another
//! delimiter; and the other lists in the same formats.

use std::io::{Cursor, Read};

use calamine::{Data, Reader, Xlsx};
use snapbox::{assert_data_eq, str};

use crate::office::Office;

/// Week 1 is recorded. Kit, who has not agreed, has details that look like all
/// sorts of things.
fn office() -> Office {
    let office = Office::winter();
    office.sign_up("winter", &["amara", "bea"]);
    let odd = "enroll --first-name =1+1 --last-name - --goes-by Kit --email kit@example.org";
    office.ok(&format!("{odd} --site 'Surrey;=1+1,=2' --residency 007"));
    office.ok("participant edit kit@example.org --phone '+1 604 555 0101'");
    office.at("2024-01-18 09:00").agree("winter", &["amara", "bea"]);
    office.at("2024-01-23 12:00").ok("attend --late bea@example.org --rest present");
    office
}

const DETAILS: &str = "first_name,last_name,phone,site,residency,signed_up,joined_week,withdrawn_on,agreed,attendance,completed";

/// What is printed, as it is.
fn printed(office: &Office, line: &str) -> Vec<u8> {
    let done = office.command(line).output().unwrap();
    assert!(done.status.success(), "{line}: {}", String::from_utf8_lossy(&done.stderr));
    done.stdout
}

/// The cells of a spreadsheet, a row a line, each with its kind.
fn cells(file: &[u8]) -> Vec<String> {
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(file)).unwrap();
    let sheet = book.worksheet_range_at(0).unwrap().unwrap();
    let cell = |cell: &Data| match cell {
        Data::Empty => String::new(),
        Data::String(text) => format!("text {text}"),
        Data::Float(number) => format!("number {number}"),
        // A day is a whole number of them since 30 December 1899.
        Data::DateTime(at) => format!("day {}", at.as_f64()),
        other => format!("{other:?}"),
    };
    sheet.rows().map(|row| row.iter().map(cell).collect::<Vec<_>>().join(" | ")).collect()
}

/// One of the files that a spreadsheet is made of.
fn part(file: &[u8], name: &str) -> String {
    let mut parts = zip::ZipArchive::new(Cursor::new(file)).unwrap();
    let mut text = String::new();
    parts.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn in_a_spreadsheet_days_are_days_and_text_is_text() {
    let office = office();
    office.ok(&format!("roster --columns {DETAILS} --output roster.xlsx"));
    let file = std::fs::read(office.path("roster.xlsx")).unwrap();
    assert_data_eq!(
        cells(&file).join("\n"),
        str![[r#"
text first_name | text last_name | text phone | text site | text residency | text signed_up | text joined_week | text withdrawn_on | text agreed | text week_1 | text week_2 | text week_3 | text week_4 | text completed
text =1+1 | text - | text +1 604 555 0101 | text Surrey;=1+1,=2 | text 007 | day 45293.375 | number 1 |  | text NO |  |  |  |  | text no
text Amara | text Example |  |  |  | day 45293.375 | number 1 |  | day 45309 | text P |  |  |  | text no
text Bea | text Example |  |  |  | day 45293.375 | number 1 |  | day 45309 | text L |  |  |  | text no
"#]]
    );
    let styles = part(&file, "xl/styles.xml");
    for form in ["yyyy-mm-dd\"", "yyyy-mm-dd hh:mm\""] {
        assert!(styles.contains(&format!("formatCode=\"{form}")), "{styles}");
    }
    assert!(!part(&file, "xl/worksheets/sheet1.xml").contains("<f>"), "a formula");
}

#[test]
fn its_names_stay_in_sight_and_its_columns_are_readable() {
    let office = office();
    office.ok(&format!("participant edit bea@example.org --last-name {}", "Long".repeat(40)));
    let file = printed(&office, "roster --columns last_name,joined_week --format xlsx");
    let sheet = part(&file, "xl/worksheets/sheet1.xml");
    assert!(sheet.contains(r#"<pane ySplit="1" topLeftCell="A2""#), "{sheet}");
    assert!(sheet.contains(r#"state="frozen""#), "{sheet}");
    // The second style is the bold one, of the first row.
    let styles = part(&file, "xl/styles.xml");
    assert!(styles.contains("<font><b/>"), "{styles}");
    assert!(sheet.contains(r#"<c r="A1" s="1" t="s">"#), "{sheet}");
    let widths: Vec<f64> = sheet
        .split(" width=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().parse().unwrap())
        .collect();
    assert_eq!(widths.len(), 2);
    assert!(widths[0] > 39.0 && widths[0] < 42.0, "bounded: {widths:?}");
    assert!(widths[1] > 12.0 && widths[1] < 15.0, "by its name: {widths:?}");
}

#[test]
fn a_spreadsheet_says_nothing_of_who_made_it_or_when() {
    let office = office();
    let line = "roster winter --as-of 2024-01-23 --format xlsx";
    let file = printed(&office, line);
    let core = part(&file, "docProps/core.xml");
    assert!(core.contains("<dc:creator></dc:creator>"), "{core}");
    assert!(core.contains("<cp:lastModifiedBy></cp:lastModifiedBy>"), "{core}");
    assert_eq!(core.matches("1980-01-01T00:00:00Z").count(), 2, "{core}");
    for name in ["docProps/core.xml", "docProps/app.xml", "xl/workbook.xml"] {
        let text = part(&file, name);
        for personal in ["coordinator", "Amara", "2024"] {
            assert!(!text.contains(personal), "{name}: {text}");
        }
    }
    // The same rows are the same bytes, on another day and in a file too.
    office.at("2024-01-25 08:00");
    assert!(printed(&office, line) == file);
    assert!(printed(&office, &format!("{line} --color always")) == file);
    office.ok(&format!("{line} --output roster.xlsx"));
    assert!(std::fs::read(office.path("roster.xlsx")).unwrap() == file);
}

#[test]
fn several_cohorts_are_one_sheet() {
    let office = office();
    office.ok("new spring-2024 --starts 2024-04-02");
    office.edit("id = \"spring-2024\"", "id = \"spring-2024\"\nsessions = 5\ntopics = []");
    office.ok("enroll -c spring --email amara@example.org");
    let file = printed(&office, "roster --all --columns cohort,goes_by,attendance --format xlsx");
    assert_data_eq!(
        cells(&file).join("\n"),
        str![[r#"
text cohort | text goes_by | text week_1 | text week_2 | text week_3 | text week_4 | text week_5
text winter-2024 | text Kit |  |  |  |  | 
text winter-2024 | text Amara | text P |  |  |  | 
text winter-2024 | text Bea | text L |  |  |  | 
text spring-2024 | text Amara |  |  |  |  | 
"#]]
    );
}

#[cfg(unix)]
#[test]
fn a_screen_cannot_show_a_spreadsheet_and_the_way_on_is_said() {
    use crate::prompts::Desk;
    let desk = Desk::new();
    for (line, hint) in [
        ("roster", "write it to a file: add --output roster.xlsx"),
        ("roster --output -", "write it to a file: add --output roster.xlsx"),
        ("list", "send it into a file: add > rows.xlsx"),
        ("participant list", "send it into a file: add > rows.xlsx"),
    ] {
        let code = desk.at_terminal(&format!("{line} --format xlsx --color never"), |session| {
            session.exp_string("error: a spreadsheet cannot be shown on the screen").unwrap();
            session.exp_string(hint).unwrap();
        });
        assert_eq!(code, 2, "{line}");
    }
    assert_eq!(desk.at_terminal("roster --output roster.xlsx", |_| ()), 0);
}

#[test]
fn a_name_and_a_format_that_contradict_each_other_are_refused() {
    let office = office();
    for line in ["--format csv --output a.xlsx", "--format xlsx --output a.csv"] {
        let said = office.refuses(2, &format!("roster {line}"));
        assert!(said.contains("does not go with the ending of a."), "{said}");
    }
    office.ok("roster --format xlsx --output a.sheet");
    assert!(std::fs::read(office.path("a.sheet")).unwrap().starts_with(b"PK"));
}

#[test]
fn markdown_is_a_table_in_which_everything_is_text() {
    let office = office();
    office.ok("participant edit kit@example.org --first-name <b>Kit</b> --last-name a|b");
    office.ok("participant edit kit@example.org --goes-by [K](http://example.org)");
    let markdown = office.ok("roster --format markdown");
    assert_eq!(
        markdown
            .replace(&office.code("kit"), "KIT__")
            .replace(&office.code("amara"), "AMARA")
            .replace(&office.code("bea"), "BEA__"),
        r"**Winter 2024**, 23 January - 13 February: 3 of 12 places, 2 agreed

| Code  | Name                   | Goes by                    | Agreed | 1 | 2 | 3 | 4 |
|-------|------------------------|----------------------------|--------|---|---|---|---|
| KIT__ | a\|b, &lt;b>Kit&lt;/b> | \[K\](http\://example.org) | NO     | x | . | . | . |
| AMARA | Example, Amara         | Amara                      | 18 Jan | P | . | . | . |
| BEA__ | Example, Bea           | Bea                        | 18 Jan | L | . | . | . |
"
    );
    office.ok("roster --output roster.md");
    assert_eq!(office.read("roster.md"), markdown);
}

#[test]
fn what_is_to_be_read_has_a_table_for_each_cohort_in_a_file_too() {
    let office = office();
    office.ok("new spring-2024 --starts 2024-04-02");
    for name in ["all.md", "all.txt"] {
        office.ok(&format!("roster --all --output {name}"));
        let file = office.read(name);
        assert_eq!(file.matches("Winter 2024").count(), 1, "{file}");
        assert_eq!(file.matches("Spring 2024").count(), 1, "{file}");
        assert!(!file.contains('\u{1b}'), "{file}");
    }
    assert_eq!(office.read("all.txt"), office.ok("roster --all"));
    office.ok("roster --all --output colour.txt --color always");
    assert_eq!(office.read("colour.txt"), office.read("all.txt"));
}

#[test]
fn csv_has_the_delimiter_that_was_asked_for() {
    let office = office();
    let columns = "roster --columns goes_by,name,site,phone --format csv";
    for (named, line) in [
        ("", "Kit,\"'-, =1+1\",\"Surrey;=1+1,=2\",'+1 604 555 0101"),
        ("--delimiter comma", "Kit,\"'-, =1+1\",\"Surrey;=1+1,=2\",'+1 604 555 0101"),
        ("--delimiter ,", "Kit,\"'-, =1+1\",\"Surrey;=1+1,=2\",'+1 604 555 0101"),
        ("--delimiter semicolon", "Kit;\"'-, =1+1\";\"Surrey;=1+1,=2\";'+1 604 555 0101"),
        ("--delimiter ;", "Kit;\"'-, =1+1\";\"Surrey;=1+1,=2\";'+1 604 555 0101"),
        ("--delimiter tab", "Kit\t\"'-, =1+1\"\t\"Surrey;=1+1,=2\"\t'+1 604 555 0101"),
    ] {
        let csv = office.ok(&format!("{columns} {named}"));
        assert_eq!(csv.lines().nth(1), Some(line), "{named}");
    }
    office.ok("roster --delimiter ; --output roster.csv");
    assert!(office.read("roster.csv").starts_with("\u{feff}cohort;code;first_name;"));
}

#[test]
fn a_delimiter_is_for_csv_alone() {
    let office = office();
    for line in ["", "--format json", "--format markdown", "--output a.xlsx", "--output a.txt"] {
        let said = office.refuses(2, &format!("roster --delimiter tab {line}"));
        assert!(said.contains("--delimiter is for CSV alone"), "{said}");
    }
    let said = office.refuses(2, "roster --format csv --delimiter pipe");
    assert!(said.contains("there is comma, semicolon and tab"), "{said}");
}

#[test]
fn every_list_is_markdown_and_a_spreadsheet_too() {
    let office = office();
    for line in ["list", "participant list", "consent list", "history", "history --changes"] {
        let markdown = office.ok(&format!("{line} --format markdown"));
        let lines: Vec<&str> = markdown.lines().collect();
        assert!(lines[0].starts_with("| ") && lines[1].starts_with("|--"), "{line}: {markdown}");
        assert!(lines.iter().all(|l| l.starts_with('|') && l.ends_with('|')), "{line}: {markdown}");
        // A spreadsheet has what CSV has.
        let rows = cells(&printed(&office, &format!("{line} --format xlsx")));
        let csv = office.ok(&format!("{line} --format csv"));
        let mut csv = csv::ReaderBuilder::new().has_headers(false).from_reader(csv.as_bytes());
        let records: Vec<csv::StringRecord> = csv.records().map(Result::unwrap).collect();
        assert_eq!(rows.len(), records.len(), "{line}");
        let names: Vec<String> = records[0].iter().map(|name| format!("text {name}")).collect();
        assert_eq!(rows[0], names.join(" | "), "{line}");
    }
    office.ok("roster --output roster.csv");
    let exports = office.ok("history --exports --format markdown");
    assert!(exports.contains("| winter-2024 | cohort code first_name"), "{exports}");
    let list = cells(&printed(&office, "list --format xlsx"));
    assert_eq!(
        list[1],
        "text winter-2024 | day 45314 | day 45335 | text running | number 3 | number 12 | number 0 | number 2 | day 45321 | "
    );
}

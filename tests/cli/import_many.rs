//! `cohorts import` of so many that they are put in many at a time.

use crate::import::spring;
use crate::office::Office;

/// More than are put in at once, and no multiple of it.
const PEOPLE: usize = 1200;

fn form(headings: &str, row: impl Fn(usize) -> String) -> String {
    let rows: String = (0..PEOPLE).map(|number| row(number) + "\n").collect();
    format!("{headings}\n{rows}")
}

fn count(office: &Office, what: &str) -> usize {
    let sql = format!("SELECT count(*) FROM {what}");
    let counted: u32 = office.records().query_row(&sql, [], |row| row.get(0)).unwrap();
    counted as usize
}

#[test]
fn each_is_written_with_all_that_they_said_and_a_history() {
    let office = spring();
    office.write(
        "form.csv",
        &form("First name,Last name,Preferred name,Email,Phone,Site,Agree", |n| {
            let email = if n % 7 == 0 { String::new() } else { format!("p{n}@example.org") };
            let goes_by = if n % 5 == 0 { format!("Mo{n}") } else { String::new() };
            format!("Mona,Example{n},{goes_by},{email},555-{n:04},Site {},yes", n % 3)
        }),
    );
    let said = office.says("import form.csv --consents");
    assert!(said.contains("Signed up 1200 people for spring-2024: 12 with a place, 1188 waiting."));
    assert!(said.contains("Recorded 1200 consents from the form."));
    let with_address = (0..PEOPLE).filter(|n| n % 7 != 0).count();
    for (what, expected) in [
        ("participant", PEOPLE),
        ("address WHERE current = 1 AND kind = 'email'", with_address),
        ("enrollment WHERE status = 'enrolled' AND joined_week = 1", 12),
        ("enrollment WHERE status = 'waitlisted' AND joined_week IS NULL", PEOPLE - 12),
        ("consent WHERE decision = 'agreed' AND method = 'form'", PEOPLE),
        // One each, and one for the cohort and the agreement.
        (
            "change WHERE operation_id = (SELECT max(id) FROM operation)",
            3 * PEOPLE + with_address + 2,
        ),
    ] {
        assert_eq!(count(&office, what), expected, "{what}");
    }
    let listed = office.ok(
        "roster --status all --columns first_name,last_name,goes_by,email,phone,site --format csv",
    );
    for line in ["Mona,Example0,Mo0,,555-0000,Site 0", "Mona,Example1199,Mona,p1199@example.org,"] {
        assert!(listed.contains(line), "{line}");
    }
    office.ok("check");
    office.ok("undo");
    for table in ["participant", "address", "enrollment", "consent"] {
        assert_eq!(count(&office, table), 0, "{table}");
    }
    office.ok("check");
}

#[test]
fn the_history_has_signs_that_need_care_as_they_are() {
    let office = spring();
    office.write(
        "form.csv",
        "First name,Last name,Preferred name,Email,Phone,Site\n\
         Zo\u{eb},O'Example,\"Z \"\"Zed\"\" E\",o'example@example.org,+1 (555) 0101,North\\East\n\
         \u{1f33b},\u{6f22}\u{5b57},/,x@example.org,,A;B\n",
    );
    office.ok("import form.csv");
    // That compares each row with what SQLite itself would have written.
    office.ok("check");
    let said = office.ok("history --changes --show-personal");
    assert!(said.contains("Z \"Zed\" E") && said.contains("North\\East"), "{said}");
}

#[test]
fn whoever_signs_up_for_two_cohorts_is_one_participant() {
    let office = spring();
    office.ok("new summer-2024 --starts 2024-07-02");
    // Half of them are in both, some right after each other and some far apart.
    office.write(
        "both.csv",
        &form("cohort,code,first_name,last_name,email", |n| match n {
            ..400 => format!("spring-2024,,Mona,Example{n},p{n}@example.org"),
            400..800 => format!("summer-2024,,Mona,Example{},p{}@example.org", n - 400, n - 400),
            n => {
                let cohort = ["spring-2024", "summer-2024"][n % 2];
                format!("{cohort},,Mona,Sample{},q{}@example.org", n / 2, n / 2)
            }
        }),
    );
    let said = office.says("import both.csv");
    assert!(said.contains("Signed up 1200 people for spring-2024 and summer-2024"), "{said}");
    assert_eq!(count(&office, "participant"), PEOPLE / 2);
    assert_eq!(count(&office, "enrollment"), PEOPLE);
    office.ok("check");
}

#[test]
fn namesakes_are_told_of_wherever_they_are() {
    let office = spring();
    office.ok("enroll --first-name Mona --last-name Example7 --email other@example.org");
    office.write(
        "form.csv",
        &form("First name,Last name,Email", |n| {
            let last = if n == 1199 { "Éxample600".into() } else { format!("Example{n}") };
            format!("Mona,{last},p{n}@example.org")
        }),
    );
    let said = office.says("import form.csv");
    assert_eq!(said.matches("has the same name as").count(), 2, "{said}");
    let names = "SELECT last_name FROM participant WHERE code = ?1";
    let mut told: Vec<(String, String)> = said
        .lines()
        .filter_map(|line| line.strip_prefix("warning: ")?.split_once(" has the same name as "))
        .map(|(one, other)| {
            let name =
                |code: &str| office.records().query_row(names, [code], |row| row.get(0)).unwrap();
            (name(one), name(other.split(',').next().unwrap()))
        })
        .collect();
    told.sort();
    let expected = [("Example7", "Example7"), ("Éxample600", "Example600")];
    assert_eq!(told, expected.map(|(one, other)| (one.to_owned(), other.to_owned())));
}

#[test]
fn many_cohorts_are_counted_instead_of_listed() {
    let office = spring();
    let tuesdays = [
        "01-07", "02-04", "03-04", "04-01", "04-29", "05-27", "06-24", "07-22", "08-19", "09-16",
        "10-14",
    ];
    for (n, day) in tuesdays.iter().enumerate() {
        office.ok(&format!("new far-{:02} --starts 2025-{day}", n + 1));
    }
    office.write(
        "form.csv",
        &form("cohort,code,first_name,last_name", |n| {
            format!("far-{:02},,Mona,Example{n}", 1 + n % 11)
        }),
    );
    let said = office.says("import form.csv");
    assert!(said.contains("Signed up 1200 people for 11 cohorts: "), "{said}");
    assert!(office.ok("history").contains("signed up for 11 cohorts from a form"));
}

//! One whole quarter, told from the first sign-up to the exported roster.

use crate::office::Office;

/// What each person's line of the final roster is to be, codes replaced.
const FINAL: &str = "\
cohort,code,first_name,last_name,goes_by,status,agreed,week_1,week_2,week_3,week_4
winter-2024,AMARA,Amara,Example,Amara,enrolled,2024-01-18,P,P,P,P
winter-2024,BEA__,Bea,Example,Bea,withdrawn,2024-01-18,P,P,,
winter-2024,CHEN_,Chen,Example,Chen,enrolled,2024-01-18,L,P,P,P
winter-2024,DARA_,Dara,Example,Dara,withdrawn,NO,,,,
winter-2024,ELIF_,Elif,Example,Elif,enrolled,2024-01-18,P,P,P,P
winter-2024,FINN_,Finn,Example,Finn,enrolled,2024-01-18,A,P,P,P
winter-2024,GRACE,Grace,Example,Grace,enrolled,2024-01-18,P,P,E,P
winter-2024,HUGO_,Hugo,Example,Hugo,enrolled,2024-01-18,P,D,P,P
winter-2024,INES_,Ines,Example,Ines,enrolled,2024-01-18,P,P,P,P
winter-2024,JONAS,Jonas,Example,Jonas,enrolled,2024-01-18,P,E,P,P
winter-2024,KIT__,Kit,Example,Kit,enrolled,NO,,,,P!
winter-2024,LENA_,Lena,Example,Lena,enrolled,NO,,,,
winter-2024,MIO__,Mio,Example,Mio,waitlisted,NO,,,,
winter-2024,NOOR_,Noor,Example,Noor,waitlisted,NO,,,,
winter-2024,OMAR_,Omar,Example,Omar,waitlisted,NO,,,,
winter-2024,PETRA,Petra,Example,Petra,waitlisted,NO,,,,
winter-2024,QUINN,Quinn,Example,Quinn,enrolled,2024-01-22,P,P,P,P
";

fn phoned(office: &Office, name: &str, at: &str) -> String {
    let first = name[..1].to_uppercase() + &name[1..];
    office.says(&format!(
        "enroll -c winter --first-name {first} --last-name Example --email {name}@example.org --signed-up '{at}'"
    ))
}

/// Seventeen ask, twelve get a place; quinn's phone call came before the forms.
fn sign_ups(office: &Office) {
    let by_form =
        ["amara", "bea", "chen", "dara", "elif", "finn", "grace", "hugo", "ines", "jonas"];
    office.at("2024-01-03 09:00").sign_up("winter", &by_form);
    office.at("2024-01-05 09:00").sign_up("winter", &["kit", "lena"]);
    office.at("2024-01-07 09:00").sign_up("winter", &["mio", "noor", "omar"]);
    office.at("2024-01-08 09:00");
    assert!(phoned(office, "petra", "2024-01-06 16:00").contains("1st in line"));
    assert!(phoned(office, "quinn", "2024-01-04 10:00").contains("1st in line"));
    let line = "roster --status waitlisted --sort place_in_line --columns goes_by --format csv";
    assert_eq!(office.ok(line), "goes_by\nQuinn\nPetra\nMio\nNoor\nOmar\n");

    office.at("2024-01-10 09:00");
    let said = office.says("withdraw dara@example.org --reason schedule");
    assert!(said.contains("Quinn is first in line"), "{said}");
    assert!(office.says("place").contains("12 of 12 taken"));
}

/// Ten of twelve agree in time.
fn consents(office: &Office) {
    let names = ["amara", "bea", "chen", "elif", "finn", "grace", "hugo", "ines", "jonas"];
    let all = names.map(|name| format!("{name}@example.org")).join(" ");
    office.at("2024-01-18 16:00").ok(&format!("consent agreed {all} --method form"));
    office.ok("consent declined lena@example.org");
    office.at("2024-01-22 16:00").ok("consent agreed quinn@example.org --method verbal");
    let list = office.says("consent list");
    assert!(list.starts_with("2 of 12 enrolled have not agreed."), "{list}");
    let zoom = office.run("roster --for zoom --output registrants.csv");
    assert!(zoom.stderr.starts_with("Wrote 10 people to registrants.csv"), "{}", zoom.stderr);
    let registrants = office.read("registrants.csv");
    assert!(!registrants.contains("kit@") && !registrants.contains("lena@"), "{registrants}");
}

fn sessions(office: &Office) {
    office.at("2024-01-23 09:05");
    assert!(office.ok("").contains("DO NOT ADMIT 2   Kit, Lena (declined)  (not agreed)"));
    office.at("2024-01-23 11:40");
    office.ok("attend --late chen@example.org --absent finn@example.org --rest present");
    office.at("2024-01-24 09:00").ok("excuse jonas@example.org --week 2");
    office.at("2024-01-30 11:40").ok("attend --departed hugo@example.org --rest present");

    // Bea leaves; it is too late for somebody new.
    office.at("2024-01-31 09:00").ok("withdraw bea@example.org --reason back-at-work");
    assert!(office.refuses(1, "place").contains("joining `winter-2024` was possible until week 1"));
    assert!(!office.ok("").contains("cohorts place"));

    // Week 3 has to move.
    office.ok("move --week 3 --to 2024-02-08 --at 13:00");
    office.at("2024-02-06 12:00").refuses(1, "attend --rest present");
    office.ok("excuse grace@example.org --week 3");
    office.at("2024-02-08 15:10").ok("attend --rest present");

    // Somebody lets Kit in.
    office.at("2024-02-13 11:40");
    office
        .ok("attend --without-agreement kit@example.org --reason let-in-by-mistake --rest present");
}

#[test]
fn seventeen_sign_up_and_the_roster_of_the_quarter_is_exported() {
    let office = Office::winter();
    sign_ups(&office);
    consents(&office);
    sessions(&office);

    office.at("2024-02-14 09:00").ok("new spring-2024 --starts 2024-04-02");
    let said = office.says("enroll --email noor@example.org");
    let noor = office.code("noor");
    assert!(said.contains(&format!("{noor} is the same participant as in winter-2024")), "{said}");

    office.ok("roster winter --status all --output roster.csv");
    let roster = office.read("roster.csv");
    assert_eq!(office.uncoded(roster.trim_start_matches('\u{feff}')), FINAL);
    let completed = office.ok("roster winter --columns goes_by,completed --format csv");
    let completed: Vec<&str> =
        completed.lines().filter_map(|line| line.strip_suffix(",yes")).collect();
    assert_eq!(completed, ["Amara", "Chen", "Elif", "Hugo", "Ines", "Quinn"]);
    let dates: Vec<String> = {
        let records = office.records();
        let mut all =
            records.prepare("SELECT date || ' ' || starts_at FROM session ORDER BY week").unwrap();
        all.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    assert_eq!(
        dates,
        [
            "2024-01-23 09:30:00",
            "2024-01-30 09:30:00",
            "2024-02-08 13:00:00",
            "2024-02-13 09:30:00"
        ]
    );
    office.ok("check");

    // The history names nobody.
    let history = office.ok("history --all --format csv");
    for name in ["Amara", "Noor", "Example", "example.org", "medical"] {
        assert!(!history.contains(name), "{name}: {history}");
    }
    // And all of it can be taken back, change by change.
    let changes = history.lines().count() - 1;
    for _ in 0..changes {
        office.ok("undo");
    }
    assert_eq!(office.ok("participant list --format csv").lines().count(), 1);
    assert!(office.refuses(1, "undo").contains("nothing to take back"));
}

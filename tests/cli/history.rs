//! `cohorts history`: part of it, field by field, and what left for files.

use snapbox::{assert_data_eq, str};

use crate::office::Office;

/// Amara and Bea are in Winter, Bea in Spring too; both agreed for Winter, and
/// week 1 is recorded.
fn office() -> Office {
    let office = Office::winter();
    office.ok("new spring-2024 --starts 2024-04-02");
    office.ok(
        "enroll -c winter --first-name Amara --last-name Diallo --email amara@example.org --phone 604 --leave medical --site Surrey",
    );
    office.sign_up("winter", &["bea"]);
    office.ok("enroll -c spring --email bea@example.org");
    office.at("2024-01-18 09:00").agree("winter", &["amara", "bea"]);
    office.at("2024-01-23 12:00").ok("attend --late bea@example.org --rest present");
    office
}

/// The numbers of the changes that are listed.
fn numbers(office: &Office, flags: &str) -> String {
    let csv = office.ok(&format!("history {flags} --format csv"));
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let mut numbers: Vec<String> = reader.records().map(|row| row.unwrap()[0].into()).collect();
    numbers.dedup();
    numbers.join(" ")
}

#[test]
fn it_is_of_a_cohort_of_a_person_and_since_a_day() {
    let office = office();
    assert_eq!(numbers(&office, ""), "8 7 6 5 4 3 2 1");
    assert_eq!(numbers(&office, "-c spring"), "5 2");
    assert_eq!(numbers(&office, "-c winter"), "8 7 6 4 3 1");
    assert_eq!(numbers(&office, "--participant bea"), "8 7 5 4");
    assert_eq!(numbers(&office, "--participant bea -c winter"), "8 7 4");
    assert_eq!(numbers(&office, "--since 2024-01-18"), "8 7 6");
    assert_eq!(numbers(&office, "--since 2024-01-23 --participant amara@example.org"), "8");
    // Whoever is only looked at may be named by part of a name.
    let said = office.refuses(2, "history --participant a");
    assert!(said.contains("could be 2 people"), "{said}");
    assert!(office.refuses(1, "history -c fall").contains("there is no cohort `fall`"));
}

#[test]
fn a_change_of_somebody_counts_for_each_cohort_it_changed() {
    let office = office();
    office.ok("participant edit bea@example.org -c spring --site Victoria");
    office.ok("participant edit bea@example.org --phone 604");
    assert_eq!(numbers(&office, "-c spring"), "9 5 2");
    assert_eq!(numbers(&office, "--participant bea"), "10 9 8 7 5 4");
}

#[test]
fn a_cohort_that_was_taken_out_still_has_a_history() {
    let office = Office::winter();
    office.ok("undo");
    assert_eq!(numbers(&office, "-c winter-2024"), "2 1");
    office.refuses(1, "history -c winter");
}

#[test]
fn a_code_of_somebody_who_was_joined_leads_to_their_older_history() {
    let office = office();
    // As joining leaves it: what was done to row 1 is now told of row 2.
    let records = office.records();
    as_ours(&records);
    records
        .execute("INSERT INTO alias (participant_id, former_id, code) VALUES (2, 1, 'Z9ZZZ')", [])
        .unwrap();
    assert_eq!(numbers(&office, "--participant bea"), "8 7 6 5 4 3");
}

/// Lets a test change what only the program changes.
fn as_ours(records: &rusqlite::Connection) {
    use rusqlite::functions::FunctionFlags;
    let flags = FunctionFlags::SQLITE_INNOCUOUS;
    records.create_scalar_function("open_operation", 0, flags, |_| Ok(8)).unwrap();
}

#[test]
fn each_field_is_shown_before_and_after_without_what_is_personal() {
    let office = office();
    office
        .ok("participant edit amara@example.org --email a@example.org --phone '' --site Victoria");
    assert_data_eq!(
        office.uncoded(&office.ok("history --changes")),
        str![[r#"
No  Whose  What                       Before               After
--  -----  -------------------------  -------------------  -------------------
9   23 Jan 2024, 12:00, coordinator: AMARA: the phone number, the address and
    the site changed
    AMARA  phone                      ***
    AMARA  address in use             yes                  no
    AMARA  kind of address                                 email
    AMARA  address                                         ***
    AMARA  address in use                                  yes
    AMARA  site                       ***                  ***
8   23 Jan 2024, 12:00, coordinator: week 1 of winter-2024, 2 marks
    AMARA  week 1: mark                                    P
    AMARA  week 1: noted on                                2024-01-23
    BEA__  week 1: mark                                    L
    BEA__  week 1: noted on                                2024-01-23
           week 1: date                                    2024-01-23
           week 1: starts at                               09:30:00
           week 1: ends at                                 11:30:00
           week 1: zone                                    America/Vancouver
7   18 Jan 2024, 9:00, coordinator: BEA__ agreed in winter-2024
    BEA__  agreement                                       2024-01
    BEA__  decision                                        agreed
    BEA__  decided on                                      2024-01-18
6   18 Jan 2024, 9:00, coordinator: AMARA agreed in winter-2024
           agreement's version                             2024-01
           agreement's sha256                              b8bc62173633f95f...
           agreement's text                                Respect and conf...
    AMARA  agreement                                       2024-01
    AMARA  decision                                        agreed
    AMARA  decided on                                      2024-01-18
5   2 Jan 2024, 9:00, coordinator: BEA__ enrolled in spring-2024
    BEA__  status                                          enrolled
    BEA__  signed up                                       2024-01-02 09:00:00
    BEA__  from week                                       1
4   2 Jan 2024, 9:00, coordinator: BEA__ enrolled in winter-2024
    BEA__  first name                                      ***
    BEA__  last name                                       ***
    BEA__  kind of address                                 email
    BEA__  address                                         ***
    BEA__  address in use                                  yes
    BEA__  status                                          enrolled
    BEA__  signed up                                       2024-01-02 09:00:00
    BEA__  from week                                       1
3   2 Jan 2024, 9:00, coordinator: AMARA enrolled in winter-2024
    AMARA  first name                                      ***
    AMARA  last name                                       ***
    AMARA  phone                                           ***
    AMARA  kind of address                                 email
    AMARA  address                                         ***
    AMARA  address in use                                  yes
    AMARA  status                                          enrolled
    AMARA  signed up                                       2024-01-02 09:00:00
    AMARA  from week                                       1
    AMARA  leave                                           ***
    AMARA  site                                            ***
2   2 Jan 2024, 9:00, coordinator: spring-2024 added, starting 2024-04-02
           cohorts.toml                                    [[cohort]] id =...
1   2 Jan 2024, 9:00, coordinator: winter-2024 added, starting 2024-01-23
           cohorts.toml                                    [[cohort]] id =...

"#]]
    );
}

#[test]
fn what_is_personal_is_shown_when_asked_for() {
    let office = office();
    office.ok("participant edit amara@example.org --email a@example.org --phone ''");
    assert_data_eq!(
        office.uncoded(
            &office.ok("history --participant amara --changes --show-personal --format csv")
        ),
        str![[r#"
operation,at,actor,command,participant,cohort,week,table,field,before,after
9,2024-01-23 12:00:00,coordinator,participant edit,AMARA,,,participant,phone,604,
9,2024-01-23 12:00:00,coordinator,participant edit,AMARA,,,address,current,1,0
9,2024-01-23 12:00:00,coordinator,participant edit,AMARA,,,address,kind,,email
9,2024-01-23 12:00:00,coordinator,participant edit,AMARA,,,address,value,,a@example.org
9,2024-01-23 12:00:00,coordinator,participant edit,AMARA,,,address,current,,1
8,2024-01-23 12:00:00,coordinator,attend,AMARA,winter-2024,1,attendance,mark,,P
8,2024-01-23 12:00:00,coordinator,attend,AMARA,winter-2024,1,attendance,noted_on,,2024-01-23
6,2024-01-18 09:00:00,coordinator,consent agreed,AMARA,winter-2024,,consent,agreement,,2024-01
6,2024-01-18 09:00:00,coordinator,consent agreed,AMARA,winter-2024,,consent,decision,,agreed
6,2024-01-18 09:00:00,coordinator,consent agreed,AMARA,winter-2024,,consent,decided_on,,2024-01-18
3,2024-01-02 09:00:00,coordinator,enroll,AMARA,,,participant,first_name,,Amara
3,2024-01-02 09:00:00,coordinator,enroll,AMARA,,,participant,last_name,,Diallo
3,2024-01-02 09:00:00,coordinator,enroll,AMARA,,,participant,phone,,604
3,2024-01-02 09:00:00,coordinator,enroll,AMARA,,,address,kind,,email
3,2024-01-02 09:00:00,coordinator,enroll,AMARA,,,address,value,,amara@example.org
3,2024-01-02 09:00:00,coordinator,enroll,AMARA,,,address,current,,1
3,2024-01-02 09:00:00,coordinator,enroll,AMARA,winter-2024,,enrollment,status,,enrolled
3,2024-01-02 09:00:00,coordinator,enroll,AMARA,winter-2024,,enrollment,signed_up_at,,2024-01-02 09:00:00
3,2024-01-02 09:00:00,coordinator,enroll,AMARA,winter-2024,,enrollment,joined_week,,1
3,2024-01-02 09:00:00,coordinator,enroll,AMARA,winter-2024,,enrollment,leave,,medical
3,2024-01-02 09:00:00,coordinator,enroll,AMARA,winter-2024,,enrollment,site,,Surrey

"#]]
    );
    office.refuses(2, "history --show-personal");
}

#[test]
fn nothing_personal_is_in_it_unless_asked_for() {
    let office = office();
    office.ok("participant edit amara@example.org --goes-by Ama --residency Psychiatry");
    for format in ["table", "csv", "json"] {
        let all = office.ok(&format!("history --all --changes --format {format}"));
        for personal in [
            "Amara",
            "Diallo",
            "Ama",
            "amara@example.org",
            "604",
            "medical",
            "Surrey",
            "Psychiatry",
        ] {
            assert!(!all.contains(personal), "{personal} in {all}");
        }
    }
    let shown = office.ok("history --all --changes --show-personal --format json");
    for personal in ["Diallo", "amara@example.org", "604", "medical", "Surrey", "Psychiatry"] {
        assert!(shown.contains(personal), "no {personal} in {shown}");
    }
}

#[test]
fn every_field_of_the_records_is_known_as_personal_or_not() {
    // A field that is added is masked until somebody decides: this is where.
    let personal = "first_name last_name goes_by phone value leave site residency";
    let ids = "id participant_id cohort_id enrollment_id agreement_id support_id former_id key name_key slug";
    let plain = "code kind current week date starts_at ends_at zone version sha256 text status \
        signed_up_at joined_week withdrawn_on reason decision decided_on method mark \
        without_agreement noted_on done closed_on asked_on next_on outcome contacted_on \
        finished_on drafted_on";
    let known: Vec<&str> = [personal, ids, plain].iter().flat_map(|s| s.split(' ')).collect();
    let records = Office::new().records();
    let tables = ["participant", "address", "alias", "cohort", "session", "agreement"];
    let more = ["enrollment", "consent", "attendance", "incident", "zoom_report", "support"];
    for table in tables.iter().chain(&more).chain(&["contact", "finish", "draft"]) {
        let mut columns = records.prepare("SELECT name FROM pragma_table_info(?1)").unwrap();
        let names = columns.query_map([table], |row| row.get(0)).unwrap();
        for name in names.map(Result::<String, _>::unwrap) {
            assert!(known.contains(&&*name), "{table}.{name}: see command/history/fields.rs");
        }
    }
}

#[test]
fn edits_of_the_file_are_whole_in_data() {
    let office = Office::winter();
    let json: serde_json::Value =
        serde_json::from_str(&office.ok("history --changes --format json")).unwrap();
    let text = json[0]["after"].as_str().unwrap();
    assert_eq!((&json[0]["table"], &json[0]["before"]), (&"cohorts.toml".into(), &().into()));
    assert!(text.contains("winter-2024") && office.read("cohorts.toml").contains(text), "{text}");
}

#[test]
fn lines_fit_a_screen() {
    let office = office();
    office.ok("consent agreed bea@example.org -c spring");
    office.ok("roster --columns cohort,code,name,first_name,last_name,goes_by,email,phone,residency,site,leave,status,signed_up,place_in_line --output all.csv");
    for flags in ["--changes --show-personal", "--exports"] {
        for line in office.ok(&format!("history {flags}")).lines() {
            let path = line.starts_with("  file ");
            assert!(path || line.chars().count() <= 80, "{line}");
        }
    }
}

#[test]
fn exports_say_what_left_for_which_file_and_whether_it_is_there() {
    let office = office();
    office.at("2024-01-24 09:00").ok("roster winter --output winter.csv");
    office.at("2024-02-01 09:00").ok("roster winter spring --columns code,email --output ./b.json");
    std::fs::remove_file(office.path("b.json")).unwrap();
    let place = office.path("").canonicalize().unwrap();
    let plain =
        |text: String| text.replace(place.to_str().unwrap().trim_end_matches('/'), "/office");
    assert_data_eq!(
        plain(office.ok("history --exports")),
        str![[r#"
1 Feb 2024, 9:00, coordinator: 3 people of winter-2024 and spring-2024
  file     /office/b.json
           gone
  columns  code email

24 Jan 2024, 9:00, coordinator: 2 people of winter-2024
  file     /office/winter.csv
           still there
  columns  cohort code first_name last_name goes_by status agreed attendance

"#]]
    );
    assert_data_eq!(
        plain(office.ok("history --exports --format csv")),
        str![[r#"
at,actor,cohorts,columns,people,file,still_there
2024-02-01 09:00:00,coordinator,winter-2024 spring-2024,code email,3,/office/b.json,no
2024-01-24 09:00:00,coordinator,winter-2024,cohort code first_name last_name goes_by status agreed attendance,2,/office/winter.csv,yes

"#]]
    );
    let count =
        |flags: &str| office.ok(&format!("history --exports {flags}")).matches("file ").count();
    assert_eq!((count("-c spring"), count("-c winter")), (1, 2));
    assert_eq!((count("--since 2024-02-01"), count("--since 2024-02-02")), (1, 0));
    let said = office.says("history --exports --since 2024-02-02");
    assert!(said.contains("No roster was written to a file since 2 February 2024."), "{said}");
    office.refuses(2, "history --exports --changes");
}

#[test]
fn what_is_not_found_is_said() {
    let office = Office::winter();
    office.sign_up("winter", &["amara"]);
    office.ok("new spring-2024 --starts 2024-04-02");
    let said = office.says("history -c spring --participant amara --since 2024-01-02");
    let code = office.code("amara");
    assert_eq!(
        said,
        format!(
            "Nothing was changed in spring-2024 about {code} since 2 January 2024.\n  \
             whatever there is  cohorts history\n"
        )
    );
    assert!(
        Office::new().says("history --exports").contains("No roster was written to a file yet.")
    );
}

#[test]
fn the_last_thirty_are_shown_unless_there_is_more_to_ask() {
    let office = Office::winter();
    for n in 0..31 {
        office
            .ok(&format!("enroll --first-name N{n} --last-name Example --email n{n}@example.org"));
    }
    assert_eq!(office.ok("history --format csv").lines().count(), 31);
    assert!(office.says("history").contains("cohorts history --all"));
    let said = office.says("history -c winter --changes");
    assert!(said.contains("cohorts history -c winter-2024 --changes --all"), "{said}");
    for flags in ["--all", "--since 2024-01-02"] {
        assert_eq!(numbers(&office, flags).split(' ').count(), 32, "{flags}");
        assert_eq!(office.says(&format!("history {flags}")), "");
    }
}

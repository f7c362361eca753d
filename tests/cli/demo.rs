//! `demo`: a practice folder.

use snapbox::{assert_data_eq, str};

use crate::office::Office;

#[test]
fn one_whole_quarter_is_played_and_the_next_is_open() {
    let office = Office::empty();
    let done = office.at("2024-02-20 10:00").run("demo");
    assert_eq!(done.code, 0);
    assert_data_eq!(
        done.stdout,
        str![[r#"
Winter 2024, 23 January - 13 February: 11 of 12 places, 11 agreed, 1 waiting

Code   Name                Goes by  Agreed  1 2 3 4
---------------------------------------------------
H6C69  Berg, Jonas         Jonas    19 Jan  P E P P
V2H4Y  Carvalho, Inês      Inês     19 Jan  P P P P
V20SD  Diallo, Amara       Amara    18 Jan  P P P P
D7CER  Lindqvist, Beatriz  Bea      18 Jan  P P P L
Q095S  Liu, Chen           Chen     18 Jan  L L P P
E6VNR  Murphy, Finn        Finn     19 Jan  A A P P
Y9S5B  Nakamura, Grace     Grace    19 Jan  P P E P
M7QTQ  Okonkwo, Dara       Dara     18 Jan  P P P P
R9RRF  Tran, Kit           Kit      29 Jan  x P P P
F0Y6F  Tremblay, Hugo      Hugo     19 Jan  P P D P
Y8JMD  Yılmaz, Elif        Elif     18 Jan  P P P P

"#]]
    );
    assert_data_eq!(
        done.stderr,
        str![[r#"

A practice folder with made-up people is in demo: winter-2024 is over,
spring-2024 is open for sign-up, and demo/roster.csv opens in Excel.
Try, for a start:
  go there                         cd demo
  what needs doing today           cohorts
  sign somebody up                 cohorts enroll
  sign up everyone in a form       cohorts import signups.csv
  who has agreed, and who has not  cohorts consent list
  a receipt of a consent           cohorts consent receipt amara -c winter-2024
  a draft of an e-mail to each     cohorts mail spring-2024 --template invitation
  who asks for support             cohorts support list
  how the next first day looks     cohorts today --on 2024-04-02
  is the last quarter complete     cohorts finish winter-2024
  who of it comes again            cohorts carry winter-2024 spring-2024
  figures for the office           cohorts report
  the last quarter once more       cohorts roster winter-2024
  what was changed; take it back   cohorts history; cohorts undo
  what the Tab key can do          cohorts completions --help

"#]]
    );
    assert_data_eq!(
        office.ok("--folder demo list"),
        str![[r#"
Cohort       Dates            Stage     Places  Wait  Agreed  Next   To record
------------------------------------------------------------------------------
winter-2024  23 Jan - 13 Feb  over      11/12   1     11
spring-2024  2 Apr - 23 Apr   upcoming  3/12          0       2 Apr

"#]]
    );
    assert_data_eq!(
        office.ok("--folder demo"),
        str![[r#"
Tue 20 February 2024, 10:00

Today
  Ravi asked for support 6 days ago  cohorts support contact A2MV9 --folder demo
  Winter 2024, week 4: others could hear  cohorts incident close 2 --folder demo
Soon
  Winter 2024 is over, and not finished
                                        cohorts finish winter-2024 --folder demo
  Spring 2024 starts 2 April, 3 of 12 taken
                                          cohorts show spring-2024 --folder demo
  There is no backup yet                  cohorts backup FILE --folder demo

"#]]
    );
}

#[test]
fn the_demo_is_the_same_every_time() {
    let office = Office::empty();
    office.at("2024-02-20T10:00").ok("demo one");
    office.ok("demo two");
    assert_eq!(office.read("one/roster.csv"), office.read("two/roster.csv"));
    assert_eq!(office.read("one/cohorts.toml"), office.read("two/cohorts.toml"));
    assert_eq!(
        office.ok("--folder one history --all --format csv"),
        office.ok("--folder two history --all --format csv")
    );
}

#[test]
fn what_is_there_already_is_left_as_it_is() {
    let office = Office::empty();
    office.at("2024-02-20 10:00");
    std::fs::create_dir(office.path("demo")).unwrap();
    office.write("demo/notes.txt", "mine");
    let done = office.run("demo");
    assert_eq!((done.code, done.stdout.as_str()), (1, ""));
    let place = office.path("demo");
    assert_data_eq!(
        done.stderr.replace(place.to_str().unwrap(), "/demo"),
        str![[r#"
error: /demo exists already; it was left as it is
hint: look around in it: cd demo && cohorts
hint: or make another one: cohorts demo demo-2

"#]]
    );
    let files: Vec<_> = std::fs::read_dir(&place).unwrap().collect();
    assert_eq!(files.len(), 1);
    // The way out that is offered is one.
    office.ok("demo demo-2");
    office.write("file", "mine");
    assert_eq!(office.run("demo file").code, 1);
    assert_eq!(office.read("file"), "mine");
}

#[test]
fn it_is_made_whole_or_not_at_all() {
    let office = Office::empty();
    office.at("2024-02-20 10:00").ok("demo");
    let mut names: Vec<_> = std::fs::read_dir(office.path("demo"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["cohorts.db", "cohorts.toml", "roster.csv", "signups.csv"]);
    let beside: Vec<_> = std::fs::read_dir(office.path(""))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(beside, ["demo"], "nothing is left beside it");
    assert!(!office.home(".config/cohorts/folder").exists(), "nor remembered at home");
    let done = office.run("demo nowhere/deep");
    assert_eq!(done.code, 1, "{}", done.stderr);
    assert!(!office.path("nowhere").exists());
}

#[test]
fn a_dry_run_makes_no_demo() {
    let office = Office::empty();
    let said = office.says("demo --dry-run");
    assert!(said.contains("would make a practice folder"), "{said}");
    assert!(!office.path("demo").exists());
}

#[test]
fn it_works_on_any_day_of_the_year() {
    for day in [
        "2026-01-01",
        "2026-02-17",
        "2026-02-18",
        "2026-03-31",
        "2026-05-05",
        "2026-06-30",
        "2026-08-19",
        "2026-09-01",
        "2026-11-17",
        "2026-12-31",
        "2027-01-26",
        "2027-04-06",
    ] {
        let office = Office::empty();
        office.at(&format!("{day} 08:00"));
        let done = office.run("demo");
        assert_eq!(done.code, 0, "{day}: {}", done.stderr);
        let list = office.ok("--folder demo list --format json");
        let list: serde_json::Value = serde_json::from_str(&list).unwrap();
        let [played, next] = list.as_array().unwrap().as_slice() else { panic!("{day}: {list}") };
        assert_eq!(played["stage"], "over", "{day}: {list}");
        assert_eq!(played["weeks_to_record"], "", "{day}: {list}");
        assert_eq!(played["agreed"], 11, "{day}: {list}");
        assert_eq!(next["stage"], "upcoming", "{day}: {list}");
        assert_eq!(next["enrolled"], 3, "{day}: {list}");
        // As long ago as it can be, it was the quarter before the last.
        let ended: chrono::NaiveDate = played["last_session"].as_str().unwrap().parse().unwrap();
        let today: chrono::NaiveDate = day.parse().unwrap();
        assert!((1..140).contains(&(today - ended).num_days()), "{day}: {list}");
        assert_eq!(office.run("--folder demo check").code, 0, "{day}");
        let said = office.says(
            "--folder demo enroll --first-name Zoe --last-name Young --email zoe@example.org",
        );
        assert!(said.contains(&format!("in {}", next["cohort"].as_str().unwrap())), "{said}");
        let history = office.ok("--folder demo history --all --format json");
        let history: serde_json::Value = serde_json::from_str(&history).unwrap();
        let latest = history.as_array().unwrap().iter().map(|o| o["at"].as_str().unwrap()).max();
        assert!(latest.unwrap() <= format!("{day} 08:00:00").as_str(), "{day}: {latest:?}");
    }
}

#[test]
fn the_roster_is_ready_for_excel() {
    let office = Office::empty();
    office.at("2024-02-20T10:00").ok("demo");
    let roster = office.read("demo/roster.csv");
    let header = "\u{feff}cohort,code,first_name,last_name,goes_by,status,agreed,week_1,week_2,week_3,week_4";
    assert_eq!(roster.lines().next().unwrap(), header);
    assert_eq!(roster.lines().count(), 1 + 14, "{roster}");
    assert!(
        roster.contains("winter-2024,R9RRF,Kit,Tran,Kit,enrolled,2024-01-29,,P,P,P"),
        "{roster}"
    );
    assert!(roster.contains(",Inês,Carvalho,Inês,"), "{roster}");
}

#[test]
fn no_phone_number_and_no_kind_of_leave_is_printed_unless_asked_for() {
    let office = Office::empty();
    office.at("2024-02-20T10:00").ok("demo");
    let kit = "kit@example.org";
    for line in [
        "",
        "list",
        "list --format json",
        "show winter",
        "show spring",
        "roster winter",
        "roster --all --status all --format csv",
        "roster --all --status all --format json",
        "roster winter --for facilitator",
        "roster winter --for zoom",
        "consent list winter",
        "consent list spring --format json",
        "participant list",
        "participant list --format csv",
        "participant list kit",
        &format!("participant show {kit}"),
        "history --all",
        "history --all --format json",
        "check",
    ] {
        let done = office.run(&format!("--folder demo {line}"));
        assert_eq!(done.code, 0, "{line}: {}", done.stderr);
        let seen = done.stdout + &done.stderr;
        for private in ["555", "medical", "maternity", "parental"] {
            assert!(!seen.contains(private), "{line} shows {private}:\n{seen}");
        }
    }
    let asked = office.ok("--folder demo roster winter --columns code,phone,leave --format csv");
    assert!(asked.contains("555") && asked.contains("maternity"), "{asked}");
    let exported = office.read("demo/roster.csv");
    assert!(!exported.contains("555") && !exported.contains("maternity"), "{exported}");
}

#[test]
fn the_history_of_the_demo_names_people_by_their_codes() {
    let office = Office::empty();
    office.at("2024-02-20T10:00").ok("demo");
    let roster = office.read("demo/roster.csv");
    let history = office.ok("--folder demo history --all --format csv").to_lowercase();
    for person in roster.lines().skip(1) {
        let cells: Vec<&str> = person.split(',').collect();
        for name in &cells[2..=4] {
            assert!(!history.contains(&name.to_lowercase()), "{name} is in the history");
        }
        let theirs = office.ok(&format!("--folder demo history --participant {}", cells[1]));
        assert!(theirs.contains("signed up for winter-2024"), "{person}");
    }
    assert!(!history.contains("example.org"), "an address is in the history");
    assert!(history.contains("week 1 of winter-2024, 10 marks, from zoom's report"), "{history}");
}

//! `cohorts participant`: looking somebody up, and changing their details.

use snapbox::{assert_data_eq, str};

use crate::office::Office;

/// Two Saras and a Zoë, with details.
fn office() -> Office {
    let office = Office::winter();
    for line in [
        "--first-name Sara --last-name Vance --email sarav@example.org --phone 604-555-0101 --leave medical --site Surrey --residency Psychiatry",
        "--first-name Sara --last-name Wong --email saraw@example.org",
        "--first-name Zoë --last-name Ábel --goes-by Zo --email zoe@example.org",
    ] {
        office.ok(&format!("enroll {line}"));
    }
    office
}

fn details(office: &Office, name: &str) -> String {
    let columns = "first_name,last_name,goes_by,email,phone,residency,site,leave";
    let listed = office.ok(&format!("roster winter --columns {columns} --format csv"));
    listed.lines().find(|line| line.contains(name)).unwrap_or_default().to_owned()
}

#[test]
fn everybody_is_listed_by_name() {
    let office = office();
    assert_data_eq!(
        office.uncoded(&office.ok("participant list")),
        str![[r#"
Code   Name         Goes by  Cohorts
----------------------------------------
ZOË__  Ábel, Zoë    Zo       winter-2024
SARA_  Vance, Sara  Sara     winter-2024
SARA_  Wong, Sara   Sara     winter-2024

"#]]
    );
    for (who, names) in [
        ("sara", "Vance, Sara;Wong, Sara"),
        ("zoe", "Ábel, Zoë"),
        ("ABEL", "Ábel, Zoë"),
        ("zo", "Ábel, Zoë"),
        ("saraw@example.org", "Wong, Sara"),
        ("'Wong, Sara'", "Wong, Sara"),
    ] {
        let json = office.ok(&format!("participant list {who} --format json"));
        let json: Vec<serde_json::Value> = serde_json::from_str(&json).unwrap();
        let found: Vec<&str> = json.iter().map(|one| one["name"].as_str().unwrap()).collect();
        assert_eq!(found.join(";"), names, "{who}");
    }
    assert!(office.says("participant list nobody").contains("Nobody here matches `nobody`"));
    assert!(Office::new().says("participant list").contains("cohorts enroll"));
}

#[test]
fn what_is_private_is_shown_to_who_asks_for_all() {
    let office = office();
    office.ok("participant edit sarav@example.org --email new@example.org");
    office.at("2024-01-18 09:00").ok("consent agreed new@example.org --method form");
    assert_data_eq!(
        office.uncoded(&office.ok("participant show sarav@example.org")),
        str![[r#"
SARA_  Sara Vance

Winter 2024: enrolled
  signed up  2 Jan 2024, 9:00
  agreed     18 January 2024, version 2024-01 (form)
  attendance . . . .

"#]]
    );
    assert_data_eq!(
        office.uncoded(&office.ok("participant show sarav@example.org --all")),
        str![[r#"
SARA_  Sara Vance
  e-mail     new@example.org
  formerly   sarav@example.org
  phone      604-555-0101

Winter 2024: enrolled
  signed up  2 Jan 2024, 9:00
  agreed     18 January 2024, version 2024-01 (form)
  attendance . . . .
  residency  Psychiatry
  site       Surrey
  leave      medical

"#]]
    );
}

#[test]
fn every_cohort_they_are_or_were_in_is_shown() {
    let office = office();
    office.ok("new spring-2024 --starts 2024-04-02");
    office.ok("withdraw zoe@example.org -c winter --reason schedule");
    office.ok("enroll -c spring --email zoe@example.org");
    let shown = office.ok("participant show zoe@example.org");
    assert!(shown.contains("Winter 2024: withdrawn on 2 January 2024, schedule"), "{shown}");
    assert!(shown.contains("Spring 2024: enrolled"), "{shown}");
}

#[test]
fn two_of_one_name_or_address_are_told_apart_by_the_code_alone() {
    let office = office();
    for address in ["kim@example.org", "kim.l@example.org"] {
        office.ok(&format!("enroll --first-name Kim --last-name Lee --email {address}"));
    }
    office.ok("enroll --first-name Pat --last-name Lee --email kim@example.org --new-person");
    for line in ["participant show 'Kim Lee'", "consent agreed kim@example.org"] {
        let said = office.refuses(2, line);
        assert!(said.contains("could be 2 people\nhint: name them by the code\n"), "{said}");
    }
    let said = office.refuses(2, "participant show Kim");
    assert!(said.contains("hint: name them by the code, the address, or the whole name"), "{said}");
}

#[test]
fn part_of_a_name_is_enough_to_look_but_not_to_change() {
    let office = office();
    office.ok("participant show Wong");
    for line in [
        "participant edit Wong --phone 1",
        "consent agreed Wong",
        "withdraw Wong --reason schedule",
        "excuse Wong --week 1",
    ] {
        let said = office.refuses(2, line);
        assert!(said.contains("`Wong` is only part of a name"), "{line}: {said}");
    }
    for line in ["participant show sara", "participant edit sara --phone 1"] {
        let said = office.refuses(2, line);
        assert!(said.contains("`sara` could be 2 people"), "{line}: {said}");
        for name in ["sarav", "saraw"] {
            assert!(said.contains(&office.code(name)), "{line}: {said}");
        }
    }
    // A whole name, in either order, without case or accents; or a code.
    office.ok("consent agreed 'sara wong'");
    office.ok("consent agreed 'Abel, Zoe'");
    office.ok("consent agreed 'Zo Abel'");
    let code = office.code("sarav").to_lowercase();
    office.ok(&format!("consent agreed {code}"));
    let said = office.refuses(1, "participant show nobody@example.org");
    assert!(said.contains("cohorts participant list"), "{said}");
}

#[test]
fn every_detail_can_be_changed_and_cleared() {
    let office = office();
    let who = "participant edit sarav@example.org";
    for (flags, after) in [
        (
            "--first-name Sarah",
            "Sarah,Vance,Sarah,sarav@example.org,604-555-0101,Psychiatry,Surrey,medical",
        ),
        (
            "--last-name Vane",
            "Sarah,Vane,Sarah,sarav@example.org,604-555-0101,Psychiatry,Surrey,medical",
        ),
        (
            "--goes-by Sal",
            "Sarah,Vane,Sal,sarav@example.org,604-555-0101,Psychiatry,Surrey,medical",
        ),
        ("--phone 1", "Sarah,Vane,Sal,sarav@example.org,1,Psychiatry,Surrey,medical"),
        (
            "--residency Surgery --site Nanaimo",
            "Sarah,Vane,Sal,sarav@example.org,1,Surgery,Nanaimo,medical",
        ),
        ("--leave PARENTAL", "Sarah,Vane,Sal,sarav@example.org,1,Surgery,Nanaimo,parental"),
        ("--goes-by '' --phone ''", "Sarah,Vane,Sarah,sarav@example.org,,Surgery,Nanaimo,parental"),
        ("--residency '' --site '' --leave ''", "Sarah,Vane,Sarah,sarav@example.org,,,,"),
        ("--email sv@example.org", "Sarah,Vane,Sarah,sv@example.org,,,,"),
    ] {
        office.ok(&format!("{who} {flags}"));
        assert_eq!(details(&office, "Sara"), after, "{flags}");
    }
}

#[test]
fn a_former_address_still_finds_them_and_can_be_taken_up_again() {
    let office = office();
    office.ok("participant edit sarav@example.org --email sv@example.org");
    assert_eq!(office.code("sarav"), office.code("sv"));
    office.ok("participant edit sv@example.org --email sarav@example.org");
    assert!(details(&office, "Vance").contains("sarav@example.org"));
    let shown = office.ok("participant show sarav@example.org --all");
    assert!(shown.contains("formerly   sv@example.org"), "{shown}");
}

#[test]
fn an_address_that_is_somebody_elses_is_not_taken_over_in_silence() {
    let office = office();
    let done = office.run("participant edit sarav@example.org --email zoe@example.org");
    // From then on the address would name neither of them.
    assert!(done.stderr.contains(&office.code("zoe")), "{}", done.stderr);
}

#[test]
fn leave_site_and_residency_belong_to_the_newest_cohort_unless_one_is_named() {
    let office = office();
    office.ok("new spring-2024 --starts 2024-04-02");
    office.ok("enroll -c spring --email saraw@example.org --leave medical");
    office.ok("participant edit saraw@example.org --leave maternity");
    office.ok("participant edit saraw@example.org --leave parental -c winter");
    let leave = office.ok("roster --all --columns cohort,first_name,last_name,leave --format csv");
    assert!(leave.contains("winter-2024,Sara,Wong,parental"), "{leave}");
    assert!(leave.contains("spring-2024,Sara,Wong,maternity"), "{leave}");
}

#[test]
fn what_makes_no_sense_is_refused() {
    let office = office();
    let who = "participant edit sarav@example.org";
    assert!(office.refuses(2, who).contains("nothing to change was given"));
    assert!(office.refuses(2, &format!("{who} --leave sick")).contains("medical, maternity"));
    office.refuses(2, &format!("{who} --first-name ''"));
    office.refuses(2, &format!("{who} --email ''"));
    office.refuses(2, &format!("{who} --email sara"));
    office.refuses(1, &format!("{who} --site Surrey -c autumn"));
    let before = office.files();
    let said = office.says(&format!("{who} --phone 604-555-0101"));
    assert!(said.contains("nothing was changed"), "{said}");
    assert!(office.files() == before);
}

#[test]
fn what_is_kept_about_somebody_is_theirs_to_have() {
    let office = crate::quarter::lively_quarter();
    let kit = office.code("kit");
    let said = office.says("participant show kit@example.org --all --output kit.txt");
    assert!(said.contains(&format!("Wrote what is kept about {kit} to ")), "{said}");
    let text = office.read("kit.txt");
    for theirs in [
        "Kit Tran",
        "Kitty",
        "kit.new@example.org",
        "formerly   kit@example.org",
        "Victoria",
        "parental",
        "agreed",
        "withdrawn",
        "there without an agreement",
        "4 Jan 2024, 9:00  participant edit, by coordinator",
        "/roster.csv",
    ] {
        assert!(text.contains(theirs), "{theirs}: {text}");
    }
    // Nothing of others, not even their codes; and no colours.
    for other in ["amara", "bea", "milo"] {
        assert!(!text.contains(&office.code(other)), "{text}");
    }
    assert!(!text.contains('\u{1b}'));
    office.refuses(1, "participant show kit@example.org --all --output kit.txt");
    office.ok("participant show kit@example.org --all --output kit.txt --force");
    assert!(
        office.ok("history --exports --format csv").contains(&format!("what is kept about {kit}"))
    );
}

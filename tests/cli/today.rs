//! `cohorts` alone: what needs doing today.

use snapbox::{assert_data_eq, str};

use crate::office::Office;

/// The office of DESIGN's example: twelve in Winter 2024, ten agreed, Jonas
/// excused from week 2, Finn away from week 1; three in Spring.
fn design() -> Office {
    let office = Office::winter();
    office.ok("new spring-2024 --starts 2024-04-02");
    let names = ["amara", "bea", "chen", "dara", "elif", "finn", "grace", "hugo", "ines", "jonas"];
    office.sign_up("winter", &names);
    office.sign_up("winter", &["kit"]);
    office.ok("enroll -c winter --first-name Sara --last-name Vance --email sara@example.org");
    office.at("2024-01-18 09:00").agree("winter", &names);
    office.at("2024-01-23 11:40").ok("attend --absent finn@example.org --rest present");
    office.ok("excuse jonas@example.org --week 2");
    office.sign_up("spring", &["lena", "mio", "noor"]);
    office.at("2024-01-30 09:05");
    office
}

#[test]
fn before_the_session() {
    let office = design();
    let done = office.run("");
    assert_data_eq!(
        office.uncoded(&done.stdout),
        str![[r#"
Winter 2024, week 2 of 4                           Tue 30 January 2024, 9:05
Starts 9:30 (in 25 minutes), Zoom

  Expected     9   Amara, Bea, Chen, Dara, Elif, Finn, Grace, Hugo, Ines
  Excused      1   Jonas
  DO NOT ADMIT 2   Kit, Sara  (not agreed)

Today
  Record attendance after 11:30              cohorts attend
  Kit has not agreed                         cohorts consent agreed KIT__
  Sara has not agreed                        cohorts consent agreed SARA_
  Finn was away without a word               cohorts participant show FINN_
Soon
  Winter 2024: week 3 on 6 Feb, 4 on 13 Feb  cohorts show winter-2024
  Spring 2024 starts 2 April, 3 of 12 taken  cohorts show spring-2024
  There is no backup yet                     cohorts backup FILE

"#]]
    );
    assert_eq!(done.stderr, "");
    assert!(done.stdout.lines().all(|line| line.len() <= 80));
    assert!(!done.stdout.contains("Vance") && !done.stdout.contains('@'));
}

#[test]
fn during_and_after_the_session() {
    let office = design();
    let second = |office: &Office| office.ok("").lines().nth(1).unwrap().to_owned();
    assert_eq!(second(office.at("2024-01-30 07:00")), "Starts 9:30 (in 2 h 30 min), Zoom");
    assert_eq!(second(office.at("2024-01-30 09:29")), "Starts 9:30 (in 1 minute), Zoom");
    assert_eq!(second(office.at("2024-01-30 09:30")), "Started 9:30, until 11:30, Zoom");
    assert!(office.ok("").contains("Record attendance after 11:30 "));
    assert_eq!(second(office.at("2024-01-30 11:30")), "Was 9:30 - 11:30, Zoom");
    let after = office.ok("");
    assert!(after.contains("  Record attendance    ") && !after.contains("after 11:30"), "{after}");
    office.ok("attend --rest present");
    let done = office.ok("");
    assert!(!done.contains("Record attendance"), "{done}");
}

#[test]
fn nothing_to_do_is_said() {
    let office = Office::winter();
    assert_eq!(
        office.ok(""),
        "Nothing to do. Winter 2024 starts 23 January, 0 of 12 taken: cohorts show winter-2024\n"
    );
    let office = Office::new();
    assert_eq!(office.ok(""), "Nothing to do. No cohort is to come: cohorts new\n");
    // Also with people in a cohort that is recorded, on a day without a session.
    let office = design();
    office.ok("consent agreed kit@example.org sara@example.org");
    office.at("2024-01-31 09:00").ok("attend --week 2 --rest present");
    office.ok("participant show finn@example.org");
    let screen = office.ok("");
    assert!(screen.starts_with("Wed 31 January 2024, 9:00: nothing to do.\n\nSoon\n"), "{screen}");
    assert!(!screen.contains("Today"), "{screen}");
}

#[test]
fn a_week_not_recorded_is_named_days_later_also_when_the_cohort_is_over() {
    let office = design();
    office.at("2024-02-03 09:00");
    assert!(office.ok("").contains("  Week 2 of Winter 2024 is not recorded  "));
    office.at("2024-02-20 09:00");
    let shown = office.ok("");
    for week in [2, 3, 4] {
        let line = shown
            .lines()
            .find(|line| line.starts_with(&format!("  Week {week} of Winter 2024 is not recorded")))
            .unwrap_or_else(|| panic!("{shown}"));
        assert!(line.ends_with(&format!("cohorts attend winter-2024 --week {week}")), "{line}");
    }
}

#[test]
fn every_command_it_names_works() {
    let office = design();
    office.at("2024-02-20 09:00");
    for line in office.ok("").lines().filter(|line| line.starts_with("  Week")) {
        let (_, command) = line.split_once("  cohorts ").unwrap();
        office.ok(&format!("{command} --rest present"));
    }
    assert!(!office.ok("").contains("is not recorded"));
}

#[test]
fn a_free_place_and_who_waits() {
    let office = Office::winter();
    office.edit("capacity = 12", "capacity = 2");
    office.sign_up("winter", &["amara", "bea", "chen", "dara"]);
    assert!(!office.ok("").contains("cohorts place"));
    office.ok("withdraw amara@example.org --reason schedule");
    assert_data_eq!(
        office.ok(""),
        str![[r#"
Tue 2 January 2024, 9:00

Today
  1 place is free in Winter 2024, 2 wait  cohorts place
Soon
  Winter 2024 starts 23 January, 1 of 2 taken, 2 waiting
                                          cohorts show winter-2024
  There is no backup yet                  cohorts backup FILE

"#]]
    );
    // Once nobody may join any more, it is no news.
    office.agree("winter", &["bea"]);
    office.at("2024-01-24 09:00").ok("attend --rest present");
    assert!(!office.ok("").contains("cohorts place"));
}

#[test]
fn consents_are_soon_and_then_due() {
    let office = Office::winter();
    office.sign_up("winter", &["amara", "bea"]);
    office.at("2024-01-08 09:00");
    let soon = office.ok("");
    assert!(soon.to_lowercase().contains("nothing to do"), "{soon}");
    assert!(soon.contains("  2 have not agreed to Winter 2024, due 19 January  "), "{soon}");
    assert!(soon.contains("cohorts consent list\n"), "{soon}");
    office.at("2024-01-19 09:00");
    assert_data_eq!(
        office.uncoded(&office.ok("")),
        str![[r#"
Fri 19 January 2024, 9:00

Today
  Amara has not agreed                          cohorts consent agreed AMARA
  Bea has not agreed                            cohorts consent agreed BEA__
Soon
  Winter 2024: week 2 on 30 Jan                 cohorts show winter-2024
  Winter 2024 starts 23 January, 2 of 12 taken  cohorts show winter-2024
  There is no backup yet                        cohorts backup FILE

"#]]
    );
    office.ok("consent declined amara@example.org");
    office.ok("consent agreed bea@example.org");
    office.ok("consent withdrawn bea@example.org");
    let shown = office.uncoded(&office.ok(""));
    assert!(shown.contains("  Amara has declined the agreement  "), "{shown}");
    assert!(shown.contains("  Bea took the agreement back  "), "{shown}");
    assert!(shown.contains("cohorts withdraw AMARA\n"), "{shown}");
    office.sign_up("winter", &["chen", "dara", "elif", "finn"]);
    let shown = office.ok("");
    assert!(shown.contains("  4 have not agreed to Winter 2024  "), "{shown}");
}

#[test]
fn two_cohorts_at_once_are_told_apart() {
    let office = Office::winter();
    office.ok("new late-2024 --starts 2024-01-30");
    office.sign_up("winter", &["amara"]);
    office.sign_up("late-2024", &["bea", "kit"]);
    office.agree("winter", &["amara"]);
    office.agree("late-2024", &["bea"]);
    office.at("2024-01-23 12:00").ok("attend winter --rest present");
    office.at("2024-01-30 09:00");
    let shown = office.uncoded(&office.ok(""));
    assert_data_eq!(
        shown,
        str![[r#"
Winter 2024, week 2 of 4                           Tue 30 January 2024, 9:00
Starts 9:30 (in 30 minutes), Zoom

  Expected     1   Amara

Late 2024, week 1 of 4                             Tue 30 January 2024, 9:00
Starts 9:30 (in 30 minutes), Zoom

  Expected     1   Bea
  DO NOT ADMIT 1   Kit  (not agreed)

Today
  Record attendance after 11:30              cohorts attend winter-2024
  Record attendance after 11:30              cohorts attend late-2024
  Kit has not agreed                   cohorts consent agreed KIT__ -c late-2024
Soon
  Winter 2024: week 3 on 6 Feb, 4 on 13 Feb  cohorts show winter-2024
  Late 2024: week 2 on 6 Feb, 3 on 13 Feb    cohorts show late-2024
  No cohort is to come                       cohorts new
  There is no backup yet                     cohorts backup FILE

"#]]
    );
    office.at("2024-01-30 12:00");
    let said = office.refuses(2, "attend --rest present");
    assert!(said.contains("winter-2024") && said.contains("late-2024"), "{said}");
}

#[test]
fn an_excuse_of_who_left_or_waits_is_no_news() {
    let office = design();
    office.ok("withdraw jonas@example.org --reason schedule --on 2024-01-29");
    let shown = office.ok("");
    assert!(!shown.contains("Excused") && !shown.contains("Jonas"), "{shown}");
}

#[test]
fn whoever_has_not_agreed_is_not_to_be_admitted_though_excused() {
    let office = design();
    office.ok("excuse kit@example.org --week 2");
    // They may come after all.
    let shown = office.ok("");
    assert!(shown.contains("  DO NOT ADMIT 2   Kit, Sara  (not agreed)\n"), "{shown}");
}

#[test]
fn many_names_turn_over_within_the_screen() {
    let office = Office::winter();
    office.edit("capacity = 12", "capacity = 40");
    let names: Vec<String> = (10..50).map(|n| format!("person{n}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    office.sign_up("winter", &names);
    let all = names.iter().map(|n| format!("{n}@example.org")).collect::<Vec<_>>().join(" ");
    office.ok(&format!("consent agreed {all}"));
    office.at("2024-01-23 09:00");
    let shown = office.ok("");
    assert!(shown.contains("  Expected     40  Person10, Person11"), "{shown}");
    assert!(shown.lines().all(|line| line.len() <= 80), "{shown}");
    assert_eq!(shown.matches("Person").count(), 40);
}

#[test]
fn two_of_the_same_name_are_told_apart() {
    let office = Office::winter();
    office.ok("enroll --first-name Sara --last-name Vance --email a@example.org");
    office.ok("enroll --first-name Sara --last-name Wong --email b@example.org");
    office.ok("consent agreed a@example.org b@example.org");
    office.at("2024-01-23 09:00");
    assert!(office.ok("").contains("  Expected     2   Sara V., Sara W.\n"));
}

#[test]
fn nobody_is_let_in_by_a_screen_that_rests_on_what_does_not_fit() {
    for (from, to) in [
        ("id = \"winter-2024\"", "id = \"winter-24\""),
        ("version = \"2024-01\"", "version = \"2024-02\""),
        ("I make no recordings", "I make recordings"),
    ] {
        let office = design();
        office.edit(from, to);
        let shown = office.ok("");
        assert!(
            shown.starts_with("cohorts.toml and the records do not fit together.\n"),
            "{shown}"
        );
        assert!(shown.contains("cohorts check") && !shown.contains("Expected"), "{shown}");
        assert!(office.run("check").code == 5);
    }
}

#[test]
fn the_screen_of_a_recorded_session_says_what_was_recorded() {
    let office = design();
    office.at("2024-01-30 11:40").ok("attend --rest present");
    let shown = office.ok("");
    assert!(shown.contains("  Recorded     9 present, 1 excused\n"), "{shown}");
    assert!(!shown.contains("Expected"), "{shown}");
}

#[test]
fn who_waited_in_vain_is_not_forgotten_until_they_are_in_a_later_cohort() {
    let office = Office::winter();
    office.edit("capacity = 12", "capacity = 1");
    office.sign_up("winter", &["amara", "bea"]);
    office.at("2024-02-20 09:00").ok("new spring-2024 --starts 2024-04-02");
    assert!(office.ok("").contains("1 still waiting from Winter 2024"));
    office.ok("enroll -c spring --email bea@example.org");
    assert!(!office.ok("").contains("still waiting"));
}

#[test]
fn another_day_is_shown_as_it_looks_from_here() {
    let office = design();
    let done = office.run("today --on 2024-02-06");
    assert_data_eq!(
        office.uncoded(&done.stdout),
        str![[r#"
Winter 2024, week 3 of 4                                 Tue 6 February 2024
9:30 - 11:30, Zoom

  Expected     10  Amara, Bea, Chen, Dara, Elif, Finn, Grace, Hugo, Ines,
                   Jonas
  DO NOT ADMIT 2   Kit, Sara  (not agreed)

Today
  Record attendance after 11:30              cohorts attend
  Week 2 of Winter 2024 is not recorded      cohorts attend winter-2024 --week 2
  Kit has not agreed                         cohorts consent agreed KIT__
  Sara has not agreed                        cohorts consent agreed SARA_
  Finn was away without a word               cohorts participant show FINN_
Soon
  Winter 2024: week 4 on 13 Feb              cohorts show winter-2024
  Spring 2024 starts 2 April, 3 of 12 taken  cohorts show spring-2024
  There is no backup yet                     cohorts backup FILE

"#]]
    );
    assert_eq!(
        done.stderr,
        "Tue 6 February 2024 as it looks from here: the records are as they are now.\n"
    );
    // Today by its date is today.
    let today = office.run("today --on 2024-01-30");
    assert_eq!((today.stdout, &*today.stderr), (office.ok(""), ""));
}

#[test]
fn all_of_it_is_there_as_data() {
    let office = design();
    office.ok("consent declined kit@example.org");
    let text = office.uncoded(&office.ok("today --format json"));
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(json["date"], "2024-01-30");
    assert_eq!(json["time"], "09:05:00");
    let door = &json["sessions"][0];
    assert_eq!(
        (&door["cohort"], &door["week"], &door["weeks"]),
        (&"winter-2024".into(), &2.into(), &4.into())
    );
    assert_eq!(door["expected"].as_array().unwrap().len(), 9);
    assert_eq!(door["excused"][0], serde_json::json!({"code": "JONAS", "called": "Jonas"}));
    assert_eq!(
        door["do_not_admit"],
        serde_json::json!([
            {"code": "KIT__", "called": "Kit", "decided": "declined"},
            {"code": "SARA_", "called": "Sara"},
        ])
    );
    // The same lines as on the screen, with their commands.
    let screen = office.uncoded(&office.ok(""));
    for item in ["today", "soon"].iter().flat_map(|list| json[list].as_array().unwrap()) {
        let what = item["what"].as_str().unwrap();
        let command = item["command"].as_str().unwrap();
        let is_there = |line: &str| line.contains(what) && line.ends_with(command);
        assert!(screen.lines().any(is_there), "{item}: {screen}");
    }
    for personal in ["Example", "@"] {
        assert!(!text.contains(personal), "{text}");
    }
}

#[test]
fn no_line_is_wider_than_a_terminal() {
    let office = design();
    office.ok(
        "enroll -c winter --late --first-name Wolfeschlegelsteinhausen --last-name Example --email w@example.org",
    );
    office.ok("incident add w@example.org --week 1 --kind not-agreed");
    office.ok("incident add w@example.org --week 1 --kind shared-name");
    office.ok("support add w@example.org");
    for line in office.ok("").lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
}

#[test]
fn the_last_backup_is_said() {
    let office = design();
    assert!(office.ok("").contains("  There is no backup yet  "));
    office.ok("backup copy.backup");
    let screen = office.ok("");
    assert!(screen.ends_with("\nLast backup 30 Jan 2024, 9:05\n"), "{screen}");
    assert!(!screen.contains("no backup"), "{screen}");
}

#[test]
fn a_clock_of_another_zone_is_said() {
    let office = Office::winter();
    let warns = |zone: &str| {
        let toml = office.read("cohorts.toml");
        let line = toml.lines().find(|line| line.starts_with("timezone = ")).unwrap();
        office.edit(line, &format!("timezone = \"{zone}\""));
        let done = office.command("").env_remove("COHORTS_NOW").output().unwrap();
        String::from_utf8(done.stderr).unwrap().contains(&format!("is not that of {zone}, whose"))
    };
    assert!(warns("Pacific/Kiritimati"));
    assert!(!warns("Etc/UTC"));
    // A zone that is called the same here, by rules that are not known here.
    let done = office.command("").env_remove("COHORTS_NOW").env("TZ", "OLD5").output().unwrap();
    assert!(String::from_utf8(done.stderr).unwrap().contains("is not that of Etc/UTC, whose"));
}

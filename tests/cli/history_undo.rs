//! `cohorts history` and `cohorts undo`: what was changed, and taking it back.

use crate::office::Office;

/// Everything that people can see of the records, and cohorts.toml.
fn state(office: &Office) -> String {
    let columns = "cohort,code,first_name,last_name,goes_by,email,phone,residency,site,leave,status,signed_up,place_in_line,joined_week,withdrawn_on,reason,agreed,consent,consent_on,consent_method,agreement,attendance";
    let roster = office.ok(&format!("roster --all --status all --columns {columns} --format csv"));
    roster + &office.ok("participant list --format csv") + &office.read("cohorts.toml")
}

/// The number of the last change that a command made.
fn change(office: &Office, command: &str) -> String {
    let history = office.ok("history --all --format csv");
    let mut lines = csv::Reader::from_reader(history.as_bytes());
    let found = lines.records().map(Result::unwrap).find(|line| &line[3] == command);
    found.unwrap_or_else(|| panic!("no {command} in {history}"))[0].to_owned()
}

/// A change, and when it was made, for each kind there is.
const STORY: &[(&str, &str)] = &[
    ("2024-01-02 09:00", "new winter-2024 --starts 2024-01-23"),
    ("2024-01-02 09:01", "new spring-2024 --starts 2024-04-02"),
    (
        "2024-01-03 09:00",
        "enroll -c winter --first-name Amara --last-name Diallo --email amara@example.org --leave medical",
    ),
    (
        "2024-01-03 09:01",
        "enroll -c winter --first-name Bea --last-name Lindqvist --email bea@example.org",
    ),
    (
        "2024-01-03 09:02",
        "enroll -c winter --first-name Chen --last-name Liu --email chen@example.org",
    ),
    (
        "2024-01-03 09:03",
        "enroll -c winter --first-name Dara --last-name Okonkwo --email dara@example.org",
    ),
    ("2024-01-04 09:00", "enroll -c spring --email chen@example.org --phone 604 --goes-by C"),
    ("2024-01-04 09:01", "withdraw bea@example.org --reason schedule"),
    ("2024-01-04 09:02", "place dara@example.org -c winter"),
    ("2024-01-05 09:00", "enroll -c winter --email bea@example.org --leave parental"),
    ("2024-01-05 09:01", "withdraw dara@example.org --reason other-support"),
    ("2024-01-05 09:02", "place bea@example.org"),
    (
        "2024-01-06 09:00",
        "participant edit amara@example.org --email a@example.org --first-name Ama --site Surrey",
    ),
    ("2024-01-18 09:00", "consent agreed a@example.org bea@example.org --method form"),
    ("2024-01-18 09:01", "consent declined chen@example.org"),
    ("2024-01-19 09:00", "consent withdrawn bea@example.org"),
    ("2024-01-19 09:01", "consent agreed bea@example.org"),
    ("2024-01-19 09:02", "excuse bea@example.org --week 2"),
    ("2024-01-19 09:03", "move winter --week 3 --to 2024-02-08 --at 13:00"),
    ("2024-01-23 12:00", "attend --late bea@example.org --rest present"),
    (
        "2024-01-24 12:00",
        "attend --week 1 --absent bea@example.org --without-agreement chen@example.org --reason let-in-by-mistake",
    ),
    ("2024-01-25 12:00", "withdraw chen@example.org -c winter --reason no-reply"),
];

#[test]
fn every_kind_of_change_is_taken_back_and_brought_back() {
    let office = Office::new();
    office.edit("capacity = 12", "capacity = 3");
    let mut states = vec![state(&office)];
    for (now, line) in STORY {
        office.at(now).ok(line);
        let (before, after) = (states.last().unwrap().clone(), state(&office));
        assert!(after != before, "{line} changed nothing");
        let files = office.files();
        let said = office.says("undo --dry-run");
        assert!(said.starts_with("Dry run") && office.files() == files, "{line}: {said}");
        assert!(office.says("undo").contains("Took back"), "{line}");
        assert_eq!(state(&office), before, "undo of {line}");
        let said = office.says(&format!("undo {}", change(&office, "undo")));
        assert!(said.contains("Brought back"), "{line}: {said}");
        assert_eq!(state(&office), after, "{line} brought back");
        states.push(after);
    }
    // Undo again and again goes further back, to the beginning.
    while let Some(after) = states.pop() {
        assert_eq!(state(&office), after, "{} changes left", states.len());
        if states.is_empty() {
            assert!(office.refuses(1, "undo").contains("there is nothing to take back"));
        } else {
            office.ok("undo");
        }
    }
}

/// Amara and Bea have two places, Chen waits; both have agreed.
fn full() -> Office {
    let office = Office::winter();
    office.edit("capacity = 12", "capacity = 2");
    office.sign_up("winter", &["amara", "bea", "chen"]);
    office.agree("winter", &["amara", "bea"]);
    office
}

fn recorded() -> Office {
    let office = full();
    office.at("2024-01-23 12:00").ok("attend --rest present");
    office
}

#[test]
fn what_marks_rest_on_is_not_taken_back() {
    let office = recorded();
    let attend = change(&office, "attend");
    for (what, later) in [
        (change(&office, "consent agreed"), true),
        // The enrollment of Bea, two before the consents.
        ((change(&office, "consent agreed").parse::<i64>().unwrap() - 3).to_string(), true),
    ] {
        let said = office.refuses(1, &format!("undo {what}"));
        assert!(said.starts_with(&format!("error: cannot take back {what}: ")), "{said}");
        assert!(!later || said.contains("because: "), "{said}");
        assert!(said.contains("cohorts undo "), "{said}");
    }
    // With the marks gone, the consent can go.
    office.ok(&format!("undo {attend}"));
    office.ok(&format!("undo {}", change(&office, "consent agreed")));
}

#[test]
fn a_withdrawal_whose_seat_was_filled_stays() {
    let office = full();
    office.ok("withdraw bea@example.org --reason schedule");
    let withdrawal = change(&office, "withdraw");
    office.ok("place");
    let said = office.refuses(1, &format!("undo {withdrawal}"));
    assert!(said.contains("3 would be enrolled in winter-2024, for 2 places"), "{said}");
    office.ok("undo");
    office.ok("undo");
    assert!(office.ok("roster --columns goes_by --format csv").contains("Bea"));
}

#[test]
fn the_last_change_of_an_overfull_cohort_is_taken_back_as_any_other() {
    let office = full();
    office.ok("place chen@example.org --beyond-capacity");
    let three = state(&office);
    office.ok("withdraw bea@example.org --reason schedule");
    office.ok("undo");
    assert_eq!(state(&office), three);
    office.ok("undo");
    office.ok(&format!("undo {}", change(&office, "undo")));
    assert_eq!(state(&office), three);
}

#[test]
fn a_place_that_somebody_used_stays() {
    let office = full();
    office.ok("withdraw bea@example.org --reason schedule");
    office.ok("place");
    office.agree("winter", &["chen"]);
    office.at("2024-01-23 12:00").ok("attend --rest present");
    let said = office.refuses(1, &format!("undo {}", change(&office, "place")));
    assert!(said.contains("cannot take back"), "{said}");
}

#[test]
fn coming_back_stays_once_they_were_there_again() {
    let office = full();
    office.ok("withdraw bea@example.org --reason schedule");
    office.ok("withdraw chen@example.org --reason schedule");
    office.ok("enroll --email bea@example.org");
    let again = change(&office, "enroll");
    office.at("2024-01-23 12:00").ok("attend --rest present");
    let said = office.refuses(1, &format!("undo {again}"));
    assert!(said.contains("cannot take back"), "{said}");
}

#[test]
fn a_cohort_with_people_stays_in_the_file() {
    let office = full();
    let said = office.refuses(1, &format!("undo {}", change(&office, "new")));
    assert!(said.contains("cannot take back") && said.contains("winter-2024"), "{said}");
    let office = Office::winter();
    office.ok("undo");
    assert!(!office.read("cohorts.toml").contains("\n[[cohort]]"));
}

#[test]
fn a_moved_week_that_was_recorded_stays_moved() {
    let office = full();
    office.ok("move --week 1 --to 2024-01-25");
    office.at("2024-01-25 12:00").ok("attend --rest present");
    let said = office.refuses(1, &format!("undo {}", change(&office, "move")));
    assert!(said.contains("cannot take back"), "{said}");
    office.ok("undo");
    office.ok(&format!("undo {}", change(&office, "move")));
    assert!(office.ok("show winter").contains("Tue 23 January 2024"));
}

#[test]
fn what_was_edited_by_hand_since_is_left_alone_where_it_stands_in_the_way() {
    let office = Office::winter();
    // Elsewhere in the file: no matter.
    office.edit("name = \"Aim. Focus. Release.\"", "name = \"AFR\"   # shorter\n");
    office.ok("new spring-2024 --starts 2024-04-02");
    let first = change(&office, "new").parse::<i64>().unwrap() - 1;
    office.ok("undo");
    office.ok(&format!("undo {first}"));
    let toml = office.read("cohorts.toml");
    assert!(toml.contains("# shorter") && !toml.contains("\n[[cohort]]"), "{toml}");

    let office = Office::winter();
    office.edit("starts_on = 2024-01-23", "starts_on = 2024-01-30");
    let said = office.refuses(1, "undo");
    assert!(said.contains("cohorts.toml was edited since"), "{said}");
}

#[test]
fn two_cohorts_are_taken_back_in_either_order() {
    for order in [["2", "3"], ["3", "2"]] {
        let office = Office::new();
        office.ok("new a-2024 --starts 2024-01-23");
        office.ok("new b-2024 --starts 2024-04-02");
        let b = change(&office, "new").parse::<i64>().unwrap();
        for number in order {
            let number = if number == "2" { b - 1 } else { b };
            office.ok(&format!("undo {number}"));
        }
        assert!(!office.read("cohorts.toml").contains("\n[[cohort]]"), "{order:?}");
    }
}

#[test]
fn bringing_back_does_not_mind_what_others_did_meanwhile() {
    let office = full();
    office.ok("consent agreed chen@example.org");
    office.ok("undo");
    let undo = change(&office, "undo");
    office.at("2024-01-03 09:00").sign_up("winter", &["dara"]);
    office.agree("winter", &["dara"]);
    office.ok(&format!("undo {undo}"));
    assert!(
        office
            .ok("roster --status all --columns goes_by,agreed --format csv")
            .contains("Chen,2024-01-02")
    );
}

#[test]
fn what_is_no_change_or_is_gone_already_is_refused() {
    let office = full();
    office.ok("undo");
    let undone = change(&office, "consent agreed");
    let said = office.refuses(1, &format!("undo {undone}"));
    assert!(said.contains(&format!("{undone} is taken back already")), "{said}");
    assert!(office.refuses(1, "undo 999").contains("the history has no change 999"));
    office.refuses(2, "undo everything");
}

#[test]
fn the_history_says_what_was_done_with_codes_only() {
    let office = full();
    office.at("2024-01-23 12:00").ok("attend --rest present");
    office.ok("undo");
    let table = office.uncoded(&office.ok("history"));
    let lines: Vec<&str> = table.lines().collect();
    assert!(lines[0].starts_with("No  When                Who          What"), "{table}");
    for (line, number, what) in [
        (lines[2], "8 ", "took back 7: week 1 of winter-2024, 2 marks"),
        (lines[3], "7 ", "  week 1 of winter-2024, 2 marks (undone)"),
        (lines[4], "6 ", "BEA__ agreed in winter-2024"),
        (lines[7], "3 ", "BEA__ enrolled in winter-2024"),
        (lines[9], "1 ", "winter-2024 added, starting 2024-01-23"),
    ] {
        assert!(line.starts_with(number) && line.contains(what), "{line}");
    }
    assert_eq!(table.matches("undone").count(), 1, "{table}");
    let csv = office.ok("history --format csv");
    assert!(csv.starts_with("operation,at,actor,command,what,undone\n"), "{csv}");
    let json: serde_json::Value =
        serde_json::from_str(&office.ok("history --format json")).unwrap();
    assert_eq!((&json[0]["command"], &json[1]["undone"]), (&"undo".into(), &true.into()));
}

#[cfg(unix)]
#[test]
fn on_a_terminal_of_80_no_line_is_longer() {
    let office = full();
    let id = "one-after-the-other-2024";
    office.ok(&format!("new {id} --starts 2024-07-02"));
    office.ok("undo");
    let mut command = std::process::Command::new("sh");
    let program = env!("CARGO_BIN_EXE_cohorts");
    command.args([
        "-c",
        &format!("stty cols 80; for part in '' --changes; do {program} history $part; done"),
    ]);
    let typed = office.command("");
    command.current_dir(office.path("")).env_clear().env("TERM", "xterm");
    for (name, value) in typed.get_envs().filter_map(|(name, value)| Some((name, value?))) {
        command.env(name, value);
    }
    command.env("PATH", std::env::var_os("PATH").unwrap());
    let mut session = rexpect::session::spawn_command(command, Some(20_000)).unwrap();
    let shown = session.exp_eof().unwrap();
    assert!(shown.contains("(undone)") && shown.contains(id), "{shown}");
    for line in shown.lines() {
        let mut is_style = false;
        let plain = line.chars().filter(|&c| {
            let hidden = is_style || c == '\u{1b}';
            is_style = hidden && c != 'm';
            !hidden && c != '\r'
        });
        assert!(plain.count() <= 80, "{line}");
    }
}

#[test]
fn nothing_is_taken_back_where_nothing_was_done() {
    let office = Office::new();
    assert!(office.refuses(1, "undo").contains("there is nothing to take back"));
    assert!(office.says("history").contains("Nothing was changed yet."));
}

//! `cohorts roster` on the screen: people, columns, days, and how wide it is.

use snapbox::{assert_data_eq, str};
use unicode_width::UnicodeWidthStr;

use crate::office::Office;

/// Four places, all taken; Dara waits, Eve has withdrawn. Week 1 is recorded,
/// without Kit, who has not agreed.
fn running() -> Office {
    let office = Office::winter();
    office.edit("capacity = 12", "capacity = 4");
    office.sign_up("winter", &["eve", "amara", "bea", "chen", "kit", "dara"]);
    office.at("2024-01-03 09:00").ok("withdraw eve@example.org --reason back-at-work");
    office.ok("place kit@example.org");
    office.at("2024-01-18 09:00").agree("winter", &["amara", "bea", "chen"]);
    office.ok("participant edit amara@example.org --phone '+1 604' --leave medical --site Surrey --residency Surgery");
    office.ok("excuse bea@example.org --week 2");
    office.at("2024-01-23 12:00").ok("attend --late chen@example.org --rest present");
    office
}

#[test]
fn the_roster_is_one_screen() {
    let office = running();
    let done = office.run("roster");
    assert_data_eq!(
        office.uncoded(&done.stdout),
        str![[r#"
Winter 2024, 23 January - 13 February: 4 of 4 places, 3 agreed, 1 waiting

Code   Name            Goes by  Agreed  1 2 3 4
-----------------------------------------------
AMARA  Example, Amara  Amara    18 Jan  P . . .
BEA__  Example, Bea    Bea      18 Jan  P E . .
CHEN_  Example, Chen   Chen     18 Jan  L . . .
KIT__  Example, Kit    Kit      NO      x . . .

"#]]
    );
    assert_eq!((done.code, done.stderr.as_str()), (0, ""));
    for private in ["+1 604", "medical", "Surrey", "example.org"] {
        assert!(!done.stdout.contains(private), "{private}");
    }
}

#[test]
fn people_are_chosen_by_where_they_stand() {
    let office = running();
    for (flags, people) in [
        ("", "Amara,Bea,Chen,Kit"),
        ("--status enrolled", "Amara,Bea,Chen,Kit"),
        ("--status waitlisted", "Dara"),
        ("--status withdrawn", "Eve"),
        ("--status all", "Amara,Bea,Chen,Dara,Eve,Kit"),
        ("--agreed", "Amara,Bea,Chen"),
        ("--status withdrawn --agreed", ""),
    ] {
        let listed = office.ok(&format!("roster {flags} --columns goes_by --format csv"));
        let names: Vec<&str> = listed.lines().skip(1).collect();
        assert_eq!(names.join(","), people, "{flags}");
    }
    office.refuses(2, "roster --status gone");
}

#[test]
fn every_column_has_its_value() {
    let office = running();
    let columns = "cohort,name,first_name,last_name,goes_by,email,phone,residency,site,leave,status,signed_up,place_in_line,joined_week,withdrawn_on,reason,agreed,consent,consent_on,consent_method,agreement,attendance,sessions_attended,completed";
    let listed = office.ok(&format!("roster --status all --columns {columns} --format csv"));
    let lines: Vec<&str> = listed.lines().collect();
    assert_eq!(lines[0], columns.replace("attendance,s", "week_1,week_2,week_3,week_4,s"));
    assert_eq!(
        lines[1],
        "winter-2024,\"Example, Amara\",Amara,Example,Amara,amara@example.org,'+1 604,Surgery,Surrey,medical,\
         enrolled,2024-01-02 09:00:00,,1,,,2024-01-18,agreed,2024-01-18,,2024-01,P,,,,1,no"
    );
    assert_eq!(
        lines[4],
        "winter-2024,\"Example, Dara\",Dara,Example,Dara,dara@example.org,,,,,\
         waitlisted,2024-01-02 09:00:00,1,,,,NO,,,,,,,,,0,no"
    );
    assert_eq!(
        lines[5],
        "winter-2024,\"Example, Eve\",Eve,Example,Eve,eve@example.org,,,,,\
         withdrawn,2024-01-02 09:00:00,,1,2024-01-03,back-at-work,NO,,,,,,,,,0,no"
    );
    let said = office.refuses(2, "roster --columns code,emial");
    assert!(said.contains("did you mean `email`?"), "{said}");
}

#[test]
fn it_is_sorted_by_name_unless_said_otherwise() {
    let office = running();
    for (sort, people) in [
        ("agreed", "Kit,Amara,Bea,Chen"),
        ("week_1", ""),
        ("joined_week,first_name", "Amara,Bea,Chen,Kit"),
        ("sessions_attended", "Kit,Amara,Bea,Chen"),
    ] {
        let line = format!("roster --sort {sort} --columns goes_by --format csv");
        if people.is_empty() {
            office.refuses(2, &line);
            continue;
        }
        let listed = office.ok(&line);
        assert_eq!(listed.lines().skip(1).collect::<Vec<_>>().join(","), people, "{sort}");
    }
}

#[test]
fn names_are_sorted_without_case_or_accents() {
    let office = Office::winter();
    for last in ["Zorn", "ábel", "Abel", "Éluard", "de Wit", "O'Neill"] {
        office
            .ok(&format!("enroll --first-name A --last-name '{}'", last.replace('\'', "\u{2019}")));
    }
    let listed = office.ok("roster --columns last_name --format csv");
    let names: Vec<&str> = listed.lines().skip(1).collect();
    assert_eq!(names.join(" ").to_lowercase(), "ábel abel de wit éluard o\u{2019}neill zorn");
}

#[test]
fn a_purpose_is_columns_and_people() {
    let office = running();
    let facilitator = office.ok("roster --for facilitator");
    assert_data_eq!(
        office.uncoded(&facilitator),
        str![[r#"
Winter 2024, 23 January - 13 February: 4 of 4 places, 3 agreed, 1 waiting

Code   Goes by  1 2 3 4
-----------------------
AMARA  Amara    P . . .
BEA__  Bea      P E . .
CHEN_  Chen     L . . .
KIT__  Kit      x . . .

"#]]
    );
    let said = office.refuses(1, "roster --for zom");
    assert!(said.contains("there is no [roster.zom]") && said.contains("`zoom`"), "{said}");
}

#[test]
fn the_zoom_list_leaves_out_who_has_not_agreed_and_says_so() {
    let office = running();
    let done = office.run("roster --for zoom --format csv");
    assert_eq!(
        done.stdout,
        "Email,First Name,Last Name\namara@example.org,Amara,Example\nbea@example.org,Bea,Example\nchen@example.org,Chen,Example\n"
    );
    assert_data_eq!(
        office.uncoded(&done.stderr),
        str![[r#"
Left out of winter-2024, not agreed: KIT__
  once they have agreed  cohorts consent agreed KIT__ -c winter-2024

"#]]
    );
    // Who has no place gets no link, whoever asks for it.
    for status in ["all", "waitlisted", "withdrawn"] {
        let said = office.refuses(2, &format!("roster --for zoom --status {status}"));
        assert!(said.contains("--status does not go with it"), "{said}");
    }
    // Nor while the text is not the one they agreed to.
    office.edit("I make no recordings", "I make recordings");
    assert!(office.refuses(1, "roster --for zoom").contains("cohorts check"));
    assert!(office.refuses(1, "roster --agreed").contains("cohorts check"));
    office.ok("roster");
}

#[test]
fn json_has_its_own_types() {
    let office = running();
    let text = office.ok("roster --columns code,joined_week,withdrawn_on,agreed,attendance,completed,phone --format json");
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    let amara = json[0].as_object().unwrap();
    let keys: Vec<&str> = amara.keys().map(String::as_str).collect();
    assert_eq!(keys.len(), 10, "{keys:?}");
    assert_eq!(amara["joined_week"], 1);
    assert_eq!(amara["withdrawn_on"], serde_json::Value::Null);
    assert_eq!(amara["agreed"], "2024-01-18");
    assert_eq!((&amara["week_1"], &amara["week_2"]), (&"P".into(), &serde_json::Value::Null));
    assert_eq!(amara["completed"], false);
    // JSON is run by no spreadsheet: text is as it is.
    assert_eq!(amara["phone"], "+1 604");
    assert_eq!(json[3]["agreed"], serde_json::Value::Null);
    let empty = office.ok("roster --status withdrawn --agreed --format json");
    assert_eq!(serde_json::from_str::<serde_json::Value>(&empty).unwrap(), serde_json::json!([]));
}

#[test]
fn several_cohorts_one_below_the_other() {
    let office = running();
    office.ok("new spring-2024 --starts 2024-04-02");
    office.edit("id = \"spring-2024\"", "id = \"spring-2024\"\nsessions = 5\ntopics = []");
    office.ok("enroll -c spring --email amara@example.org");
    let table = office.ok("roster --all");
    assert_eq!(table, office.ok("roster winter spring-2024"));
    assert!(
        table.contains("\n\nSpring 2024, 2 April - 30 April: 1 of 4 places, 0 agreed\n"),
        "{table}"
    );
    assert!(
        table.contains("Agreed  1 2 3 4\n") && table.contains("Agreed  1 2 3 4 5\n"),
        "{table}"
    );
    let csv =
        office.ok("roster winter spring winter --columns cohort,goes_by,attendance --format csv");
    assert!(csv.starts_with("cohort,goes_by,week_1,week_2,week_3,week_4,week_5\n"), "{csv}");
    assert!(
        csv.contains("winter-2024,Amara,P,,,,\n") && csv.ends_with("spring-2024,Amara,,,,,\n"),
        "{csv}"
    );
    assert_eq!(csv.lines().count(), 6);
    office.refuses(2, "roster winter --all");
    assert!(office.refuses(1, "roster summer").contains("no cohort `summer`"));
}

#[test]
fn wide_characters_stand_under_their_titles() {
    let office = Office::winter();
    for (first, last) in [
        ("小明", "王"),
        ("Zoë", "Nuñez"),
        ("e\u{301}lodie", "Bouche\u{301}"),
        ("한나", "김"),
        ("🌷", "Tulip"),
        ("👩‍⚕️", "Doctor"),
        ("Amara", "Diallo"),
        ("นที", "สุข"),
    ] {
        office.ok(&format!("enroll --first-name {first} --last-name {last}"));
    }
    let table = office.ok("roster");
    let lines: Vec<&str> = table.lines().skip(2).collect();
    let column = |line: &str, what: &str| {
        let (before, _) = line.split_once(what).unwrap_or_else(|| panic!("{what}: {line}"));
        before.width()
    };
    let at = column(lines[0], "Agreed");
    for line in &lines[2..] {
        assert_eq!(column(line, "NO "), at, "{table}");
        assert_eq!(column(line, ". . . ."), column(lines[0], "1 2 3 4"), "{table}");
    }
    assert_eq!(lines.len(), 10);
    for line in table.lines() {
        assert!(line.width() <= 80, "{line}");
        assert_eq!(line, line.trim_end());
    }
}

#[test]
fn a_day_in_the_middle_is_as_it_was_printed_then() {
    let office = Office::winter();
    office.sign_up("winter", &["amara", "bea", "kit"]);
    let columns = "--status all --columns goes_by,email,phone,status,reason,agreed,attendance";
    let days: [(&str, &[&str]); 6] = [
        ("2024-01-10", &["consent agreed amara@example.org bea@example.org"]),
        ("2024-01-18", &["participant edit bea@example.org --email b@example.org --phone 1"]),
        (
            "2024-01-23",
            &["attend --late amara@example.org --rest present", "undo", "attend --rest present"],
        ),
        (
            "2024-01-25",
            &["withdraw bea@example.org --reason schedule", "consent agreed kit@example.org"],
        ),
        ("2024-01-30", &["attend --rest present", "attend --week 2 --absent kit@example.org"]),
        ("2024-02-06", &["attend --rest present", "consent withdrawn kit@example.org"]),
    ];
    let mut printed =
        vec![("2024-01-02", office.at("2024-01-02 23:59").ok(&format!("roster {columns}")))];
    for (day, commands) in days {
        office.at(&format!("{day} 18:00"));
        for line in commands {
            office.ok(line);
        }
        printed.push((day, office.at(&format!("{day} 23:59")).ok(&format!("roster {columns}"))));
    }
    office.at("2024-02-20 09:00");
    let before = office.files();
    for (day, table) in &printed {
        assert_eq!(&office.ok(&format!("roster winter {columns} --as-of {day}")), table, "{day}");
    }
    // A day without a change is as the last one before it, but for what came.
    let csv = format!("{columns} --format csv");
    assert_eq!(
        office.ok(&format!("roster winter {csv} --as-of 2024-01-12")),
        office.ok(&format!("roster winter {csv} --as-of 2024-01-10"))
    );
    assert!(office.files() == before, "looking back changed the records");
    assert!(office.refuses(2, "roster winter --as-of 2024-02-21").contains("still to come"));
    let empty = office.ok("roster winter --as-of 2024-01-01 --columns goes_by --format csv");
    assert_eq!(empty, "goes_by\n");
}

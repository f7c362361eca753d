//! `cohorts attend` without a terminal: who may be marked how, and when.

use crate::office::Office;

/// Amara, Bea and Chen have agreed; Kit has not; Dara waits. It is the first
/// session's noon.
fn week_1() -> Office {
    let office = Office::winter();
    office.edit("capacity = 12", "capacity = 4");
    office.sign_up("winter", &["amara", "bea", "chen", "kit", "dara"]);
    office.agree("winter", &["amara", "bea", "chen", "dara"]);
    office.at("2024-01-23 12:00");
    office
}

fn mark_of(office: &Office, name: &str) -> String {
    let marks = office.marks("winter");
    marks.lines().find(|line| line.starts_with(name)).unwrap().to_owned()
}

#[test]
fn the_rest_is_present_unless_named() {
    let office = week_1();
    let said =
        office.says("attend --late bea@example.org --absent chen@example.org --rest present");
    assert_eq!(said, "Saved week 1 of winter-2024: 3 marks.  To take it back: cohorts undo\n");
    let marks = office.marks("winter");
    assert!(marks.contains("Amara,P,,,\nBea,L,,,\nChen,A,,,\nDara,,,,\nKit,,,,\n"), "{marks}");
}

#[test]
fn every_mark_has_its_flag_and_each_takes_several() {
    let office = week_1();
    office.agree("winter", &["kit"]);
    office.ok("attend winter --present amara@example.org 'Example, Bea' --departed chen@example.org --excused kit@example.org");
    let marks = office.marks("winter");
    assert!(
        marks.contains("Amara,P,,,\nBea,P,,,\nChen,D,,,\n") && marks.contains("Kit,E"),
        "{marks}"
    );
    office.at("2024-01-30 12:00");
    office.ok("attend --absent amara@example.org --absent bea@example.org --rest absent");
    assert!(office.marks("winter").contains("Amara,P,A,,\nBea,P,A,,\nChen,D,A,,\n"));
}

#[test]
fn whoever_is_expected_and_not_named_is_listed() {
    let office = week_1();
    for line in ["attend", "attend --absent chen@example.org"] {
        let said = office.uncoded(&office.refuses(2, line));
        assert!(said.contains("AMARA") && said.contains("BEA__"), "{said}");
        assert!(!said.contains("KIT__") && !said.contains("DARA_"), "{said}");
        assert!(said.contains("--rest present"), "{said}");
    }
    office.ok("attend --present amara@example.org bea@example.org chen@example.org");
}

#[test]
fn recording_again_changes_only_those_named_and_says_what() {
    let office = week_1();
    office.ok("attend --late bea@example.org --rest present");
    let said = office.says("attend --week 1 --absent bea@example.org --rest absent");
    assert_eq!(
        office.uncoded(&said),
        "Bea (BEA__): late -> absent\nChanged week 1 of winter-2024: 1 mark.  To take it back: cohorts undo\n"
    );
    assert!(office.marks("winter").contains("Amara,P,,,\nBea,A,,,\nChen,P,,,\n"));
    let before = office.files();
    let said = office.says("attend --week 1 --absent bea@example.org");
    assert!(said.contains("nothing was changed"), "{said}");
    assert!(office.files() == before);
}

#[test]
fn nobody_without_a_valid_consent_was_there() {
    let office = week_1();
    for mark in ["present", "late", "departed"] {
        let line = format!("attend --{mark} kit@example.org --rest present");
        let said = office.uncoded(&office.refuses(1, &line));
        assert!(
            said.contains(
                "`KIT__` has not agreed to the confidentiality agreement of `winter-2024`"
            ),
            "{said}"
        );
        assert!(
            said.contains("cohorts consent agreed KIT__ -c winter-2024 --on 2024-01-23"),
            "{said}"
        );
        assert!(said.contains("--without-agreement KIT__ --reason"), "{said}");
    }
    // To have been away, nobody has to agree.
    office.ok("attend --excused kit@example.org --rest present");
    office.ok("attend --week 1 --absent kit@example.org");
    assert_eq!(mark_of(&office, "Kit"), "Kit,A,,,");
}

#[test]
fn nobody_who_waits_or_left_or_joined_later_is_marked() {
    let office = week_1();
    for mark in ["present", "late", "departed", "excused", "absent"] {
        let said = office.refuses(1, &format!("attend --{mark} dara@example.org --rest present"));
        assert!(said.contains("waits for a place"), "{said}");
    }
    office.ok("withdraw kit@example.org --reason schedule --on 2024-01-20");
    office.ok("place dara@example.org --late --from-week 2");
    for mark in ["present", "late", "departed"] {
        let line = format!("attend --{mark} dara@example.org --rest present");
        assert!(office.refuses(1, &line).contains("joined in week 2"));
        let line = format!("attend --{mark} kit@example.org --rest present");
        assert!(office.refuses(1, &line).contains("had withdrawn"));
    }
    office.ok("attend --rest present");
    assert_eq!(
        (mark_of(&office, "Dara"), mark_of(&office, "Kit")),
        ("Dara,,,,".into(), "Kit,,,,".into())
    );
}

#[test]
fn what_really_happened_is_recorded_and_shown_ever_after() {
    let office = week_1();
    office.refuses(2, "attend --without-agreement kit@example.org --rest present");
    office.refuses(2, "attend --reason let-in-by-mistake --rest present");
    let said = office.refuses(2, "attend --without-agreement kit@example.org --reason because");
    assert!(said.contains("let-in-by-mistake"), "{said}");
    office.refuses(
        1,
        "attend --without-agreement amara@example.org --reason let-in-by-mistake --rest present",
    );
    let said = office.refuses(
        1,
        "attend --without-agreement dara@example.org --reason let-in-by-mistake --rest present",
    );
    assert!(said.contains("waits for a place") && !said.contains("has agreed"), "{said}");

    office.ok("attend --without-agreement kit@example.org --reason let-in-by-mistake --late kit@example.org --rest present");
    // Even when they agree afterwards.
    office.at("2024-01-25 09:00").ok("consent agreed kit@example.org");
    assert_eq!(mark_of(&office, "Kit"), "Kit,L!,,,");
    let table = office.ok("roster --columns goes_by,attendance");
    assert!(table.lines().any(|line| line == "Kit      L!. . ."), "{table}");
    let json: serde_json::Value = serde_json::from_str(&office.ok("roster --format json")).unwrap();
    assert_eq!(json[3]["week_1"], "L!");
    let shown = office.ok("participant show kit@example.org");
    assert!(shown.contains("let-in-by-mistake"), "{shown}");
    // A correction of the mark leaves the sign.
    office.ok("attend --week 1 --present kit@example.org");
    assert_eq!(mark_of(&office, "Kit"), "Kit,P!,,,");
}

#[test]
fn who_had_agreed_was_not_there_without_an_agreement_even_if_they_left_that_day() {
    let office = week_1();
    office.ok("withdraw amara@example.org --reason schedule");
    let line = "attend --week 1 --without-agreement amara@example.org --reason let-in-by-mistake";
    let refused = |office: &Office| {
        let said = office.uncoded(&office.refuses(1, &format!("{line} --rest present")));
        assert_eq!(said, "error: `AMARA` has agreed; mark them without --without-agreement\n");
    };
    refused(&office);
    office.ok("attend --present amara@example.org --rest present");
    refused(&office);
    // Nor while they wait to come back.
    office.at("2024-01-24 09:00").ok("enroll -c winter --late --email amara@example.org");
    refused(&office);
    assert_eq!(mark_of(&office, "Amara"), "Amara,P,,,");
}

#[test]
fn nobody_was_there_without_an_agreement_and_away() {
    let office = week_1();
    for mark in ["absent", "excused"] {
        let kit = "kit@example.org";
        let there = format!("--without-agreement {kit} --reason let-in-by-mistake");
        office.refuses(2, &format!("attend {there} --{mark} {kit} --rest present"));
    }
}

#[test]
fn agreeing_on_the_day_is_enough_and_a_day_later_is_not() {
    let office = week_1();
    office.at("2024-01-24 09:00");
    office.ok("consent agreed kit@example.org");
    office.refuses(1, "attend --week 1 --present kit@example.org --rest present");
    office.ok("undo");
    office.ok("consent agreed kit@example.org --on 2024-01-23");
    office.ok("attend --rest present");
    assert_eq!(mark_of(&office, "Kit"), "Kit,P,,,");
}

#[test]
fn a_consent_taken_back_later_keeps_the_marks_before() {
    let office = week_1();
    office.ok("attend --rest present");
    office.at("2024-01-25 09:00").ok("consent withdrawn bea@example.org");
    office.at("2024-01-30 12:00");
    office.refuses(1, "attend --present bea@example.org --rest present");
    office.ok("attend --rest present");
    assert_eq!(mark_of(&office, "Bea"), "Bea,P,,,");
    let table = office.ok("roster --columns goes_by,attendance");
    assert!(table.contains("Bea      P x . ."), "{table}");
    // Within what they agreed to, a mark can still be corrected.
    office.ok("attend --week 1 --late bea@example.org");
}

#[test]
fn the_day_decides_not_the_order_of_typing() {
    let office = week_1();
    // Taken back on the 22nd, though entered after the session of the 23rd.
    office.ok("consent withdrawn bea@example.org --on 2024-01-22");
    office.refuses(1, "attend --present bea@example.org --rest present");
    office.ok("attend --rest present");
    assert_eq!(mark_of(&office, "Bea"), "Bea,,,,");
}

#[test]
fn a_week_that_has_not_come_has_no_marks() {
    let office = week_1();
    let said = office.refuses(1, "attend --week 2 --rest present");
    assert!(said.contains("has not come: it is on Tue 30 January 2024 at 9:30"), "{said}");
    assert!(said.contains("cohorts excuse"), "{said}");
    office.at("2024-01-23 09:29");
    office.refuses(1, "attend --week 1 --rest present");
    assert!(office.refuses(1, "attend --rest present").contains("Tue 23 January, 9:30"));
    assert!(office.refuses(1, "attend --week 5 --rest present").contains("it has 4 sessions"));
    office.refuses(2, "attend --week 0 --rest present");
    // From its first minute it can be recorded.
    office.at("2024-01-23 09:30").ok("attend --rest present");
}

#[test]
fn the_week_is_todays_else_the_only_one_not_recorded() {
    let office = week_1();
    // The day after: week 1 is the only one.
    office.at("2024-01-24 09:00");
    assert!(office.says("attend --rest present").contains("week 1"));
    // Then there is none.
    let said = office.refuses(1, "attend --rest present");
    assert!(said.contains("Tue 30 January, 9:30") && said.contains("--week N"), "{said}");
    // Two are open: today's is meant on the day, and none a day later.
    office.at("2024-02-06 12:00");
    let said = office.says("attend --rest present --dry-run");
    assert!(said.contains("week 3"), "{said}");
    office.at("2024-02-07 09:00");
    let said = office.refuses(2, "attend --rest present");
    assert!(said.contains("2 (Tue 30 January) and 3 (Tue 6 February)"), "{said}");
    office.ok("attend --week 2 --rest present");
    assert!(office.says("attend --rest present").contains("week 3"));
}

#[test]
fn the_cohort_that_ended_is_meant_while_a_week_of_it_is_open() {
    let office = week_1();
    office.ok("attend --rest present");
    office.ok("new spring-2024 --starts 2024-04-02");
    for day in ["2024-01-30", "2024-02-06"] {
        office.at(&format!("{day} 12:00")).ok("attend --rest present");
    }
    office.at("2024-02-14 09:00");
    assert!(office.says("attend --rest present").contains("week 4 of winter-2024"));
}

#[test]
fn when_nobody_is_expected_there_is_nothing_to_record() {
    let office = Office::winter();
    office.sign_up("winter", &["kit"]);
    office.at("2024-01-23 12:00");
    let said = office.refuses(1, "attend --rest present");
    assert!(
        said.contains("nobody is expected in week 1 of `winter-2024`: 1 has not agreed"),
        "{said}"
    );
    assert!(said.contains("cohorts consent list winter-2024"), "{said}");
    office.refuses(1, "attend");
}

#[test]
fn nobody_has_two_marks() {
    let office = week_1();
    let said = office
        .refuses(2, "attend --late amara@example.org --absent 'Amara Example' --rest present");
    assert!(said.contains("two marks"), "{said}");
    office.refuses(1, "attend --late nobody@example.org --rest present");
    let said = office.refuses(2, "attend --late ama --rest present");
    assert!(said.contains("`ama` is only part of a name"), "{said}");
}

#[test]
fn whoever_left_that_day_may_have_been_there_in_the_morning() {
    let office = week_1();
    office.ok("withdraw bea@example.org --reason schedule");
    office.ok("attend --rest present");
    assert_eq!(mark_of(&office, "Bea"), "Bea,,,,");
    office.ok("attend --week 1 --departed bea@example.org");
    assert_eq!(mark_of(&office, "Bea"), "Bea,D,,,");
}

#[test]
fn a_mark_of_somebody_who_left_since_can_be_corrected() {
    let office = week_1();
    office.ok("attend --rest present");
    office.at("2024-01-25 09:00").ok("withdraw bea@example.org --reason schedule");
    office.ok("attend --week 1 --late bea@example.org");
    assert_eq!(mark_of(&office, "Bea"), "Bea,L,,,");
    office.refuses(1, "attend --week 2 --late bea@example.org");
}

#[test]
fn an_edited_agreement_admits_nobody_until_it_is_mended() {
    let office = week_1();
    office.edit("I make no recordings", "I make recordings");
    assert!(office.refuses(1, "attend --rest present").contains("cohorts check"));
    office.edit("I make recordings", "I make no recordings");
    office.ok("attend --rest present");
}

#[test]
fn a_session_is_kept_as_it_was_when_marked() {
    let office = week_1();
    office.ok("attend --rest present");
    let kept: String = office
        .records()
        .query_row(
            "SELECT week || ' ' || date || ' ' || starts_at || ' ' || ends_at || ' ' || zone FROM session",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(kept, "1 2024-01-23 09:30:00 11:30:00 America/Vancouver");
}

#[test]
fn the_rest_is_who_has_no_mark_and_a_mark_there_is_stays() {
    let office = week_1();
    office.ok("attend --rest present");
    let said = office.says("attend --rest present --week 1");
    assert_eq!(said, "Week 1 of winter-2024 is recorded so already; nothing was changed.\n");
    let before = office.files();
    let said = office.says("attend --rest absent --week 1");
    assert_eq!(
        said,
        "Everybody expected in week 1 of winter-2024 has a mark already, and --rest is for \
         those without one; nothing was changed.
  to change a mark  cohorts attend winter-2024 --week 1 --absent WHO
"
    );
    assert!(office.files() == before);
    // Whoever is named has the mark that was said.
    let said = office.says("attend --late bea@example.org --rest absent --week 1");
    assert!(said.contains("present -> late") && mark_of(&office, "Amara").starts_with("Amara,P"));
}

#[test]
fn of_two_running_cohorts_the_one_with_a_session_today_is_meant() {
    let office = week_1();
    let other =
        "\n[[cohort]]\nid = \"evenings-2024\"\nstarts_on = 2024-01-18\nweekday = \"Thursday\"\n";
    office.write("cohorts.toml", &(office.read("cohorts.toml") + other));
    office.at("2024-01-10 09:00").sign_up("evenings", &["nadia"]);
    office.agree("evenings", &["nadia"]);
    let several = "error: more than one cohort is running today; say which is meant\n";
    // Not before it begins: until then last week's may be meant.
    assert!(office.at("2024-01-23 09:29").refuses(2, "attend --rest present").contains(several));
    // Nor where another week is said, of which each has one.
    office.at("2024-01-23 12:00");
    assert!(office.refuses(2, "attend --rest present --week 1").contains(several));
    let said = office.says("attend --rest present");
    assert!(said.starts_with("Saved week 1 of winter-2024: 3 marks."), "{said}");
    let said = office.at("2024-01-25 12:00").says("attend --rest present");
    assert!(said.starts_with("Saved week 2 of evenings-2024: 1 mark."), "{said}");
    // On a day without a session it has to be said.
    assert!(office.at("2024-01-26 12:00").refuses(2, "attend --rest present").contains(several));
}

//! `cohorts excuse`: somebody told us that they cannot come.

use snapbox::{assert_data_eq, str};

use crate::office::Office;

/// Amara, Bea and Chen have agreed; Kit has not.
fn office() -> Office {
    let office = Office::winter();
    office.sign_up("winter", &["amara", "bea", "chen", "kit"]);
    office.agree("winter", &["amara", "bea", "chen"]);
    office
}

#[test]
fn it_is_said_ahead_and_stays_when_the_week_is_recorded() {
    let office = office();
    let said = office.says("excuse bea@example.org --week 2");
    assert_data_eq!(
        office.uncoded(&said),
        str![[r#"
Bea (BEA__) is excused from week 2 of winter-2024, Tue 30 January.
  if they can come after all  cohorts undo, or mark them when recording the week

"#]]
    );
    let strip = office.ok("roster --columns goes_by,attendance");
    assert!(strip.contains("Bea      . E . ."), "{strip}");
    office.at("2024-01-30 12:00");
    office.ok("attend --week 2 --rest present");
    assert_eq!(office.marks("winter").lines().nth(2).unwrap(), "Bea,,E,,");
}

#[test]
fn several_at_once_also_those_who_have_not_agreed() {
    let office = office();
    let said = office.says("excuse bea@example.org chen@example.org kit@example.org --week 3");
    assert!(said.contains("are excused from week 3"), "{said}");
    let marks = office.marks("winter");
    for name in ["Bea", "Chen", "Kit"] {
        assert!(marks.contains(&format!("{name},,,E,")), "{marks}");
    }
    // All or nobody.
    office.refuses(1, "excuse amara@example.org nobody@example.org --week 3");
    // The history names whom it changed.
    office.ok("excuse amara@example.org bea@example.org --week 3");
    let history = office.uncoded(&office.ok("history --format csv"));
    assert!(history.contains("week 3 of winter-2024: AMARA excused"), "{history}");
}

#[test]
fn an_absence_becomes_an_excuse() {
    let office = office();
    office.at("2024-01-23 12:00").ok("attend --absent bea@example.org --rest present");
    office.ok("excuse bea@example.org --week 1");
    assert_eq!(office.marks("winter").lines().nth(2).unwrap(), "Bea,E,,,");
}

#[test]
fn whoever_was_there_cannot_be_excused() {
    let office = office();
    office.at("2024-01-23 12:00").ok("attend --rest present");
    let said = office.refuses(1, "excuse bea@example.org --week 1");
    let said = office.uncoded(&said);
    assert!(said.contains("`BEA__` was there in week 1"), "{said}");
    // The way it names works.
    assert!(said.contains("cohorts attend winter-2024 --week 1 --excused BEA__"), "{said}");
    office.ok("attend winter-2024 --week 1 --excused bea@example.org");
}

#[test]
fn only_who_is_in_the_group_that_week() {
    let office = office();
    office.edit("capacity = 12", "capacity = 4");
    office.sign_up("winter", &["dara"]);
    let said = office.refuses(1, "excuse dara@example.org --week 2");
    assert!(said.contains("waitlisted"), "{said}");
    office.ok("withdraw kit@example.org --reason schedule");
    office.refuses(1, "excuse kit@example.org --week 2");
    office.at("2024-01-25 09:00").ok("place dara@example.org --late");
    let said = office.refuses(1, "excuse dara@example.org --week 1");
    assert!(said.contains("not yet in the group in week 1"), "{said}");
    office.ok("excuse dara@example.org --week 2");
}

#[test]
fn there_has_to_be_such_a_week() {
    let office = office();
    let said = office.refuses(1, "excuse bea@example.org --week 5");
    assert!(said.contains("`winter-2024` has no week 5: it has 4 sessions"), "{said}");
    office.refuses(2, "excuse bea@example.org --week 0");
    assert!(office.refuses(2, "excuse bea@example.org").contains("--week"));
}

#[test]
fn the_day_they_told_us_stays_when_it_is_said_again() {
    let office = office();
    office.ok("excuse bea@example.org --week 2");
    let before = office.files();
    let said = office.at("2024-01-20 09:00").says("excuse bea@example.org --week 2");
    assert!(office.files() == before, "nothing was new");
    // Nothing to take back: that would take back something else.
    assert!(said.contains("is excused") && !said.contains("undo"), "{said}");
}

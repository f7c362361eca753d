//! `move`: a session gets another day.

use snapbox::{assert_data_eq, str};

use crate::office::Office;

#[test]
fn the_new_day_and_hour_are_shown_wherever_the_cohort_is() {
    let office = Office::winter();
    office.sign_up("winter", &["amara"]);
    let done = office.run("move --week 3 --to 2024-02-08 --at 13:00");
    assert_eq!((done.code, done.stdout.as_str()), (0, ""));
    assert_data_eq!(
        done.stderr,
        str![[r#"
Moved week 3 of winter-2024:
  1  Tue 23 January 2024    What is mindful self-compassion?
  2  Tue 30 January 2024    Practising mindfulness and loving-kindness
  3  Thu 8 February 2024    13:00 - 15:00 (moved)  Finding your compassionate voice
  4  Tue 13 February 2024   Meeting difficult emotions
Next:
  tell everybody      cohorts mail winter-2024 --template moved --week 3
  the dates in words  cohorts show winter-2024 --text
  take it back        cohorts undo

"#]]
    );
    let show = office.ok("show winter");
    assert!(show.contains("  3  Thu 8 February 2024    13:00 - 15:00 (moved)"), "{show}");
    assert_data_eq!(
        office.ok("show winter --text"),
        str![[r#"
Tuesdays, 23 and 30 January, 8 (Thursday, 13:00 to 15:00) and 13 February 2024, 9:30 to 11:30 (Vancouver time), Zoom

"#]]
    );
    let today = office.at("2024-02-08 12:00").ok("");
    assert!(today.contains("Starts 13:00 (in 1 hour)"), "{today}");
}

#[test]
fn a_moved_session_keeps_its_hour_unless_one_is_named() {
    let office = Office::winter();
    office.ok("move winter -w 2 --to 2024-01-31");
    let show = office.ok("show");
    assert!(show.contains("  2  Wed 31 January 2024    (moved)"), "{show}");
    let text = office.ok("show --text");
    assert!(text.contains("31 (Wednesday) January"), "{text}");
}

#[test]
fn a_last_session_that_moves_moves_the_end_of_the_cohort() {
    let office = Office::winter();
    office.ok("move --week 4 --to 2024-02-20");
    assert!(office.ok("list --format csv").contains("winter-2024,2024-01-23,2024-02-20,"));
    assert!(office.at("2024-02-20 08:00").ok("list").contains("running"));
}

#[test]
fn moving_again_replaces_the_first_move_but_for_its_hour() {
    let office = Office::winter();
    office.ok("move --week 3 --to 2024-02-08 --at 13:00");
    office.ok("move --week 2 --to 2024-01-31");
    office.ok("move --week 3 --to 2024-02-07");
    let text = office.read("cohorts.toml");
    let line = text.lines().rfind(|line| line.starts_with("moved")).unwrap();
    let kept =
        "moved = [{ week = 2, to = 2024-01-31 }, { week = 3, to = 2024-02-07, at = 13:00:00 }]";
    assert_eq!(line, kept);
    let show = office.ok("show");
    assert!(show.contains("  3  Wed 7 February 2024    13:00 - 15:00 (moved)"), "{show}");
}

#[test]
fn a_day_that_is_over_is_taken_with_a_warning() {
    let office = Office::winter();
    let said = office.says("move --week 1 --to 2024-01-01");
    assert!(said.contains("warning: Mon 1 January 2024 is over"), "{said}");
    assert!(!said.contains("mail"), "{said}");
}

#[test]
fn comments_and_everything_else_in_the_file_stay() {
    let office = Office::winter();
    office.ok("new spring-2024 --starts 2024-04-02");
    let before = office.read("cohorts.toml").replace(
        "id = \"winter-2024\"\nstarts_on = 2024-01-23\n\n",
        "id = \"winter-2024\" # ours\nstarts_on = 2024-01-23   # after the holidays\n# and no more\n\n",
    );
    assert!(before.contains("# after the holidays"));
    office.write("cohorts.toml", &before);
    office.ok("move winter --week 3 --to 2024-02-08");
    let after = office.read("cohorts.toml");
    assert!(after.contains(
        "starts_on = 2024-01-23   # after the holidays\nmoved = [{ week = 3, to = 2024-02-08 }]\n# and no more\n"
    ));
    assert_eq!(after.replacen("moved = [{ week = 3, to = 2024-02-08 }]\n", "", 1), before);
    office.ok("undo");
    assert!(office.read("cohorts.toml") == before);
}

#[test]
fn weeks_stay_in_their_order() {
    let office = Office::winter();
    let said = office.refuses(1, "move --week 3 --to 2024-01-25");
    assert_data_eq!(
        said,
        str![[r#"
error: week 3 is out of order on 2024-01-25
hint: it must be after 2024-01-30 and before 2024-02-13

"#]]
    );
    let said = office.refuses(1, "move --week 3 --to 2024-02-13");
    assert!(said.contains("it must be after 2024-01-30 and before 2024-02-13"), "{said}");
    let said = office.refuses(1, "move --week 1 --to 2024-02-01");
    assert!(said.contains("it must be before 2024-01-30"), "{said}");
    let said = office.refuses(1, "move --week 4 --to 2024-02-01");
    assert!(said.contains("it must be after 2024-02-06"), "{said}");
}

#[test]
fn a_recorded_week_took_place_when_it_did() {
    let office = Office::winter();
    office.sign_up("winter", &["amara"]);
    office.agree("winter", &["amara"]);
    office.at("2024-01-23 12:00").ok("attend --rest present");
    let said = office.refuses(1, "move --week 1 --to 2024-01-24");
    assert_data_eq!(
        said,
        str![[r#"
error: week 1 of `winter-2024` was recorded on Tue 23 January; it cannot be moved any more

"#]]
    );
    office.ok("move --week 2 --to 2024-01-31");
}

#[test]
fn whoever_was_excused_from_the_old_day_is_to_be_asked_again() {
    let office = Office::winter();
    office.sign_up("winter", &["amara", "bea", "chen"]);
    office.agree("winter", &["amara", "bea", "chen"]);
    office.ok("excuse bea@example.org --week 3");
    office.ok("excuse chen@example.org --week 3");
    let said = office.says("move --week 3 --to 2024-02-08");
    assert!(
        said.contains("Bea and Chen could not come on the old day; ask about the new one"),
        "{said}"
    );
    let said = office.says("move --week 4 --to 2024-02-14");
    assert!(!said.contains("could not come"), "{said}");
}

#[test]
fn what_cannot_be_is_refused() {
    let office = Office::winter();
    office.edit("no_session_on = [] ", "no_session_on = [2024-02-08] ");
    let said = office.refuses(1, "move --week 5 --to 2024-02-20");
    assert!(said.contains("`winter-2024` has no week 5: it has 4 sessions"), "{said}");
    let said = office.refuses(1, "move --week 3 --to 2024-02-08");
    assert!(said.contains("2024-02-08 is in `no_session_on`"), "{said}");
    let said = office.refuses(1, "move --week 3 --to 2024-02-07 --at 23:00");
    assert!(said.contains("would go past midnight"), "{said}");
    office.refuses(1, "move summer --week 3 --to 2024-02-07");
    for line in [
        "move --week 0 --to 2024-02-07",
        "move --week 3 --to 2024-02-31",
        "move --week 3 --to 2024-02-07 --at 25:00",
        "move --week 3 --to 1202-02-07",
        "move --week 3",
        "move --to 2024-02-07",
    ] {
        office.refuses(2, line);
    }
}

#[test]
fn a_dry_run_moves_nothing() {
    let office = Office::winter();
    let before = office.files();
    let would = office.says("move --week 3 --to 2024-02-08 --dry-run");
    assert!(office.files() == before);
    let did = office.says("move --week 3 --to 2024-02-08");
    assert_eq!(would, format!("Dry run, nothing was changed. Otherwise:\n{did}"));
}

#[test]
fn the_history_says_from_where_to_where() {
    let office = Office::winter();
    office.ok("move --week 3 --to 2024-02-08");
    let history = office.ok("history --format csv");
    let what = "week 3 of winter-2024 moved from 2024-02-06 to 2024-02-08";
    assert!(history.lines().nth(1).unwrap().contains(what), "{history}");
}

#[test]
fn a_session_that_is_back_on_its_own_day_is_not_called_moved() {
    let office = Office::winter();
    let before = office.ok("show");
    office.ok("move --week 2 --to 2024-01-31");
    office.ok("move --week 2 --to 2024-01-30");
    assert_eq!(office.ok("show"), before);
}

#[test]
fn whoever_knows_of_no_other_day_is_not_to_be_told_one() {
    let office = Office::winter();
    let is_to_be_told = |office: &Office, line: &str| {
        let said = office.says(line);
        let Some((_, command)) = said.split_once("tell everybody      cohorts ") else {
            return false;
        };
        let drafted = office.says(command.lines().next().unwrap());
        assert!(drafted.starts_with("Drafted 1 message"), "{drafted}");
        true
    };
    assert!(!is_to_be_told(&office, "move --week 3 --to 2024-02-08"), "nobody is enrolled");
    office.sign_up("winter", &["amara"]);
    assert!(!is_to_be_told(&office, "move --week 3 --to 2024-02-06"), "back, and nobody knew");
    assert!(is_to_be_told(&office, "move --week 3 --to 2024-02-08"));
    assert!(is_to_be_told(&office, "move --week 3 --to 2024-02-06"), "back, and they knew");
    office.ok("move --week 2 --to 2024-01-31");
    office.ok("mail --template invitation");
    office.ok("move --week 2 --to 2024-01-29");
    assert!(!is_to_be_told(&office, "move --week 2 --to 2024-01-31"), "as they were invited");
    office.at("2024-02-13 12:00");
    assert!(!is_to_be_told(&office, "move --week 4 --to 2024-02-13 --at 09:00"), "it is over");
}

#[test]
fn a_session_of_another_cohort_at_that_hour_is_said() {
    let office = Office::winter();
    office.ok("new late-2024 --starts 2024-02-13");
    office
        .edit("id = \"late-2024\"", "id = \"late-2024\"\nstarts_at = 12:30:00\nends_at = 14:30:00");
    let said = office.says("move winter --week 4 --to 2024-02-20 --at 13:00");
    let clash = "warning: week 2 of late-2024 is on that day as well, 12:30 - 14:30";
    assert!(said.contains(clash), "{said}");
    for line in [
        "move winter --week 4 --to 2024-02-20 --at 09:30",
        "move winter --week 4 --to 2024-02-20 --at 14:30",
        "move winter --week 4 --to 2024-02-21 --at 13:00",
    ] {
        let said = office.says(line);
        assert!(!said.contains("as well"), "{line}: {said}");
    }
}

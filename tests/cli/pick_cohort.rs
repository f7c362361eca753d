//! Which cohort a command line means: an id, a beginning of one, `current`,
//! `next`, or none at all.

use snapbox::{assert_data_eq, str};

use crate::office::Office;

/// Winter, Spring and Fall of 2024; it is the middle of Winter.
fn three_cohorts() -> Office {
    let office = Office::winter();
    office.ok("new fall-2024 --starts 2024-10-01");
    office.ok("new spring-2024 --starts 2024-04-02");
    office.at("2024-02-02 10:00");
    office
}

#[test]
fn a_cohort_is_picked_by_a_beginning_or_by_its_place_in_time() {
    let office = three_cohorts();
    for (named, title) in [
        ("winter-2024", "Winter 2024"),
        ("w", "Winter 2024"),
        ("current", "Winter 2024"),
        ("next", "Spring 2024"),
        ("sp", "Spring 2024"),
    ] {
        let show = office.ok(&format!("show {named}"));
        assert!(show.starts_with(title), "{named}: {show}");
    }
    // Left out: the running one, else the next one, else the last one.
    for (now, title) in [
        ("2024-01-22 12:00", "Winter 2024"),
        ("2024-02-13 23:00", "Winter 2024"),
        ("2024-02-14 08:00", "Spring 2024"),
        ("2024-12-01 08:00", "Fall 2024"),
    ] {
        let show = office.at(now).ok("show");
        assert!(show.starts_with(title), "{now}: {show}");
    }
}

#[test]
fn an_unknown_or_ambiguous_cohort_is_refused_with_what_it_could_be() {
    let office = three_cohorts();
    office.ok("new winter-2025 --starts 2025-01-07");
    assert_data_eq!(
        office.refuses(2, "show winter"),
        str![[r#"
error: `winter` begins the name of more than one cohort
hint: winter-2024, winter-2025

"#]]
    );
    assert_data_eq!(
        office.refuses(1, "show sprung-2024"),
        str![[r#"
error: there is no cohort `sprung-2024` in cohorts.toml
hint: did you mean `spring-2024`?

"#]]
    );
    assert_data_eq!(
        office.refuses(1, "show xyz"),
        str![[r#"
error: there is no cohort `xyz` in cohorts.toml
hint: cohorts list, to see them all

"#]]
    );
    office.at("2024-03-01 12:00");
    assert_data_eq!(
        office.refuses(1, "show current"),
        str![[r#"
error: no cohort is running today
hint: cohorts list, to see them all

"#]]
    );
    office.at("2025-03-01 12:00");
    assert_data_eq!(
        office.refuses(1, "show next"),
        str![[r#"
error: no cohort is to come
hint: cohorts new, to add the next one

"#]]
    );
}

#[test]
fn without_any_cohort_one_is_told_how_to_add_one() {
    let office = Office::new();
    let said = office.refuses(1, "show");
    assert_data_eq!(
        said,
        str![[r#"
error: there is no cohort yet
hint: cohorts new, to add the first one

"#]]
    );
}

#[test]
fn two_running_cohorts_have_to_be_told_apart() {
    let office = Office::winter();
    office.ok("new second-2024 --starts 2024-01-30");
    let said = office.at("2024-02-01 12:00").refuses(2, "show");
    assert_data_eq!(
        said,
        str![[r#"
error: more than one cohort is running today; say which is meant
hint: winter-2024, second-2024

"#]]
    );
    assert!(office.ok("show second").starts_with("Second 2024"));
}

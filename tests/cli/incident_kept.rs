//! What becomes of an incident when a change is taken back, people are joined or
//! erased, or somebody asks what is kept about them.

use crate::incident::{listed, office};
use crate::office::Office;

#[test]
fn it_is_taken_back_in_the_order_in_which_one_rests_on_the_other() {
    let office = office();
    office.ok("enroll -c winter --late --first-name Zoe --last-name Young --email zoe@example.org");
    let enrolled = office.code("zoe");
    office.ok("incident add zoe@example.org --week 2 --kind recording");
    office.ok("incident close 1 --done deleted");
    let last: i64 =
        office.records().query_row("SELECT max(id) FROM operation", [], |row| row.get(0)).unwrap();
    let said = office.refuses(1, &format!("undo {}", last - 1));
    assert!(said.contains(&format!("cohorts undo {last}, first")), "{said}");
    let said = office.refuses(1, &format!("undo {}", last - 2));
    assert!(said.contains("incident 1"), "{said}");
    assert!(office.says("undo").contains("incident 1 closed: deleted"));
    assert!(listed(&office, "").ends_with(",2024-01-30,,\n"));
    assert!(
        office.says("undo").contains("Took back: incident 1 of winter-2024: recording in week 2")
    );
    assert_eq!(listed(&office, "--all"), "");
    office.ok("undo");
    assert!(!office.ok("participant list --format csv").contains(&enrolled));
    // Its number is not given again.
    office.ok("incident add --week 2 --kind other");
    assert!(listed(&office, "").starts_with("2,"));
    assert_eq!(office.run("check").code, 0);
}

#[test]
fn a_cohort_with_one_stays_in_the_file() {
    let office = Office::winter();
    office.at("2024-01-23 12:00").ok("incident add --week 1 --kind other");
    let said = office.refuses(1, "undo 1");
    assert!(said.contains("winter-2024, which has records, would be gone"), "{said}");
    office.edit("[[cohort]]\nid = \"winter-2024\"\nstarts_on = 2024-01-23\n", "");
    let check = office.run("check");
    assert_eq!(check.code, 5);
    assert!(check.stderr.contains("cohort `winter-2024` has records, and is gone"));
    // It is told of all the same.
    assert_eq!(listed(&office, ""), "1,winter-2024,1,other,,,2024-01-23,,\n");
}

#[test]
fn it_follows_whoever_two_entries_become() {
    let office = office();
    office.ok("enroll -c spring --first-name Kit --last-name Example --email kit.t@example.org --new-person");
    let (kit, other) = (office.code("kit"), office.code("kit.t"));
    office.ok(&format!("incident add {other} -c winter --week 2 --kind stranger"));
    office.ok(&format!("participant merge {kit} {other} --yes"));
    assert!(office.ok("incident list --format csv").contains(&kit));
    let shown = office.ok(&format!("participant show {kit}"));
    assert!(shown.contains("1          Winter 2024, week 2: a stranger was there"), "{shown}");
    assert_eq!(office.run("check").code, 0, "{}", office.run("check").stderr);
    office.ok("undo");
    assert!(office.ok("incident list --format csv").contains(&other));
    assert!(!office.ok(&format!("participant show {kit}")).contains("Incidents"));
    assert_eq!(office.run("check").code, 0, "{}", office.run("check").stderr);
}

/// Everything the file holds of incidents: rows, their history, and sentences.
fn all_about_incidents(office: &Office) -> String {
    let records = office.records();
    let mut all = String::new();
    for sql in [
        "SELECT coalesce(participant_id, '') || kind FROM incident",
        "SELECT coalesce(participant_id, '') || coalesce(before, '') || coalesce(after, '')
         FROM change WHERE tbl = 'incident'",
        "SELECT summary FROM operation WHERE command LIKE 'incident%'",
    ] {
        let mut rows = records.prepare(sql).unwrap();
        for row in rows.query_map([], |row| row.get::<_, String>(0)).unwrap() {
            all += &(row.unwrap() + "\n");
        }
    }
    all
}

#[test]
fn of_somebody_erased_it_stays_without_saying_who() {
    let office = office();
    // One is open, one closed, and one was taken back.
    office.ok("incident add kit@example.org --week 1 --kind recording");
    office.ok("incident add kit@example.org --week 2 --kind not-agreed");
    office.ok("incident add amara@example.org --week 2 --kind overheard");
    office.ok("incident close 2 --done talked");
    office.ok("incident add kit@example.org --kind other");
    office.ok("undo");
    let (kit, id) = (office.code("kit"), "SELECT id FROM participant WHERE first_name = 'Kit'");
    let id: i64 = office.records().query_row(id, [], |row| row.get(0)).unwrap();
    let says_who = |office: &Office| {
        let all = all_about_incidents(office);
        all.contains(&kit) || all.contains(&format!("\"participant_id\":{id},"))
    };
    assert!(says_who(&office));
    office.ok(&format!("participant erase {kit} --yes"));
    assert!(!says_who(&office), "{}", all_about_incidents(&office));
    assert_eq!(
        listed(&office, "--all"),
        "1,winter-2024,1,recording,,,2024-01-30,,\n\
         2,winter-2024,2,not-agreed,,,2024-01-30,talked,2024-01-30\n\
         3,winter-2024,2,overheard,AMARA,Amara,2024-01-30,,\n"
    );
    assert!(office.ok("").contains("  Winter 2024, week 1: may have been recorded"));
    let under_kit = "SELECT count(*) FROM change WHERE tbl = 'incident' AND participant_id = ?1";
    let count: i64 = office.records().query_row(under_kit, [id], |row| row.get(0)).unwrap();
    assert_eq!(count, 0);
    assert_eq!(office.run("check").code, 0, "{}", office.run("check").stderr);
    // The others' go on as ever.
    office.ok("incident close 1 3 --done mistake");
    office.ok("undo");
    assert_eq!(office.run("check").code, 0, "{}", office.run("check").stderr);
}

#[test]
fn of_two_who_were_joined_by_mistake_each_is_erased_alone() {
    for erased in ["kit", "kit.t"] {
        let office = office();
        office.ok("enroll -c spring --first-name Kit --last-name Example --email kit.t@example.org --new-person");
        let other = office.code("kit.t");
        office.ok(&format!("incident add {other} -c winter --week 2 --kind stranger"));
        office.ok(&format!("participant merge kit@example.org {other} --yes"));
        office.ok("undo");
        office.ok(&format!("participant erase {erased}@example.org --yes"));
        assert_eq!(office.run("check").code, 0, "{}", office.run("check").stderr);
        let row = listed(&office, "");
        assert_eq!(row.contains("Kit"), erased == "kit", "{row}");
    }
}

#[test]
fn whoever_asks_what_is_kept_is_told_of_theirs() {
    let office = office();
    office.ok("incident add kit@example.org --week 1 --kind recording");
    office.ok("incident add amara@example.org --week 2 --kind overheard");
    office.ok("incident add kit@example.org --kind told-outside");
    office.at("2024-01-31 09:00").ok("incident close 1 --done deleted");
    office.ok("participant show kit@example.org --all --output kit.txt");
    let kept = office.read("kit.txt");
    for part in [
        "Incidents\n  1          Winter 2024, week 1: may have been recorded\n             \
         noted 30 Jan 2024; deleted, 31 Jan 2024\n",
        "  3          Winter 2024: told outside the group\n             noted 30 Jan 2024; open\n",
        "31 Jan 2024, 9:00  incident close, by coordinator",
    ] {
        assert!(kept.contains(part), "{part}: {kept}");
    }
    assert!(!kept.contains("hear"), "{kept}");
    assert!(office.ok("participant show kit@example.org").contains("\nIncidents\n"));
    assert!(!office.ok("participant show lena@example.org").contains("Incidents"));
}

//! `cohorts participant erase`: what the history has of somebody, in entries that
//! were joined or taken back as well, and what stays to be counted.

use std::fs;

use crate::erase::holding;
use crate::office::Office;
use crate::tamper::tamper;

#[test]
fn whoever_came_in_the_same_file_keeps_their_history() {
    let office = Office::winter();
    office.write(
        "form.csv",
        "First name,Last name,Email,Phone,Site\n\
         Ben,Okafor,ben@example.org,555-0101,Pediatrics\nAnn,Bell,ann@example.org,555-0102,Surgery\n",
    );
    office.ok("import form.csv");
    office.ok("participant edit ben@example.org --phone 555-0105");
    office.ok("participant edit ben@example.org -c winter --site Victoria");
    fs::remove_file(office.path("form.csv")).unwrap();
    office.ok("participant erase ann@example.org --yes");
    office.ok("check");
    assert!(holding(&office.path(""), "555-0102").is_empty());
    assert_eq!(holding(&office.path(""), "555-0101"), ["cohorts.db"]);
}

#[test]
fn an_entry_that_was_taken_back_is_erased_with_the_one_that_took_its_place() {
    let office = Office::winter();
    // A mistake in the name, and no address; then right.
    office.ok("enroll --first-name Kid --last-name Tran --email kit@example.org --phone 555-0101");
    let kid = office.code("kit");
    office.ok("undo");
    office.ok("enroll --first-name Kit --last-name Tran");
    office.ok("undo");
    office.ok("enroll --first-name Kit --last-name Tran --email kit@example.org");
    office.sign_up("winter", &["amara"]);
    office.ok("participant erase kit@example.org --yes");
    for personal in ["Kit", "Kid", "Tran", "kit@example.org", "555-0101"] {
        assert!(holding(&office.path(""), personal).is_empty(), "{personal}");
    }
    office.ok("check");
    // It does not come back.
    let said = office.refuses(1, "undo 3");
    assert!(said.contains("was erased since"), "{said}");
    let said = office.refuses(1, &format!("participant show {kid}"));
    assert!(said.contains(&format!("`{kid}` was erased on 2 January 2024")), "{said}");
}

#[test]
fn somebody_else_of_that_name_is_named_and_not_erased() {
    let office = Office::winter();
    office.ok("enroll --first-name Kit --last-name Tran --email kit@example.org");
    office.ok("enroll --first-name Kit --last-name Tran --email tran@example.org --new-person");
    let other = office.code("tran");
    office.ok("undo");
    let said = office.says("participant erase kit@example.org --yes");
    assert!(
        said.ends_with(&format!(
            "  if {other}, of that name, taken back on 2 January, is they as well  cohorts participant erase {other}\n"
        )),
        "{said}"
    );
    // They may come back, or be erased as well.
    office.ok("undo 4");
    assert!(office.ok("roster").contains("Tran, Kit"));
    office.ok("undo 6");
    let said = office.says("participant erase 'Kit Tran' --yes");
    assert!(said.starts_with(&format!("Erased {other}")), "{said}");
    assert!(holding(&office.path(""), "Tran").is_empty());
    office.ok("check");
}

#[test]
fn an_entry_that_was_taken_back_is_erased_on_request() {
    for who in ["kit@example.org", "'Kit Tran'"] {
        let office = Office::winter();
        office.ok("enroll --first-name Kit --last-name Tran --email kit@example.org");
        office.ok("undo");
        office.sign_up("winter", &["amara"]);
        assert_eq!(holding(&office.path(""), "Tran"), ["cohorts.db"]);
        let said = office.refuses(1, "participant erase Kit --yes");
        assert!(said.contains("nobody here matches `Kit`"), "{said}");
        office.ok(&format!("participant erase {who} --yes"));
        assert!(holding(&office.path(""), "Tran").is_empty());
        office.ok("check");
        office.refuses(1, &format!("participant erase {who} --yes"));
        // Even if Amara came to have that entry's code.
        assert!(office.ok("roster").contains("Amara"));
        let amara = office.code("amara");
        office.ok(&format!("participant show {amara}"));
        office.ok("backup a.backup");
        office.ok("restore a.backup --yes");
        assert!(office.ok("roster").contains("Amara"));
    }
}

#[test]
fn what_another_entry_had_of_them_while_they_were_joined_is_gone() {
    let office = Office::winter();
    office.ok("enroll --first-name Kit --last-name Tran --email kit@example.org");
    office.ok("enroll --first-name K --last-name Other --email other@example.org --phone 555-0199 --site Surgery");
    office.ok("participant merge kit@example.org other@example.org --yes");
    office.ok("participant edit kit@example.org --goes-by Kitty");
    office.ok("undo");
    office.ok("undo 4");
    for personal in ["555-0199", "Surgery"] {
        assert_eq!(holding(&office.path(""), personal), ["cohorts.db"]);
    }
    office.ok("participant erase other@example.org --yes");
    for personal in ["555-0199", "Surgery", "other@example.org"] {
        assert!(holding(&office.path(""), personal).is_empty(), "{personal}");
    }
    office.ok("check");
    assert!(office.ok("participant list").contains("Tran, Kit"));
}

#[test]
fn a_name_that_another_was_given_by_mistake_is_gone() {
    let office = Office::winter();
    office.ok("enroll --first-name Cy --last-name Quill --email cy@example.org --phone 555-0101");
    office.ok("participant edit cy@example.org --first-name Dee --last-name Rossi");
    office.ok("participant edit cy@example.org --phone 555-0102");
    office.ok("undo");
    office.ok("undo 3");
    office.ok("enroll --first-name Dee --last-name Rossi --email dee@example.org");
    office.ok("participant erase dee@example.org --yes");
    for personal in ["Dee", "Rossi", "dee@example.org"] {
        assert!(holding(&office.path(""), personal).is_empty(), "{personal}");
    }
    office.ok("check");
    let said = office.refuses(1, "undo 6");
    assert!(said.contains("somebody, whom it is about, was erased since"), "{said}");
    assert!(office.ok("participant show cy@example.org --all").contains("555-0101"));
}

#[test]
fn an_entry_that_was_taken_back_is_due_as_any_other() {
    let office = Office::winter();
    office.write(
        "cohorts.toml",
        &(office.read("cohorts.toml") + "\n[retention]\nerase_after = \"2 years\"\n"),
    );
    office.ok("enroll --first-name Kit --last-name Tran --email kit@example.org");
    let kit = office.code("kit");
    office.ok("undo");
    // Bea was entered anew, and is known.
    office.ok("enroll --first-name Bea --last-name Example --email be@example.org");
    office.ok("undo");
    office.sign_up("winter", &["bea"]);
    assert!(
        office.at("2026-01-01 09:00").says("participant erase --due").starts_with("Nobody is due")
    );
    office.at("2026-01-02 09:00");
    assert!(office.ok("").contains("1 participant is due to be erased"), "{}", office.ok(""));
    let said = office.says("participant erase --due --dry-run");
    assert!(
        said.contains(&format!("  {kit}  Kit, their entry was taken back on 2 January 2024\n")),
        "{said}"
    );
    office.ok("participant erase --due --yes");
    assert!(holding(&office.path(""), "Tran").is_empty());
    assert!(holding(&office.path(""), "be@example.org") == ["cohorts.db"]);
    assert!(!office.ok("").contains("due to be erased"));
    office.ok("check");
}

/// Who had left and waited to come back is not in the weeks between; who is not in
/// the group is excused from nothing.
#[test]
fn erasing_ends_an_enrollment_as_withdrawing_does() {
    let office = Office::winter();
    office.edit("capacity = 12", "capacity = 2");
    office
        .write("cohorts.toml", &(office.read("cohorts.toml") + "\n[report]\nsuppress_below = 1\n"));
    office.sign_up("winter", &["amara", "bea"]);
    office.agree("winter", &["amara", "bea"]);
    office.at("2024-01-23 12:00").ok("attend --rest present");
    office.at("2024-01-24 12:00").ok("withdraw amara@example.org --reason schedule");
    office.ok("enroll -c winter --late --first-name Cy --last-name Example --email cy@example.org");
    office.ok("consent agreed cy@example.org");
    office.ok("enroll -c winter --late --email amara@example.org");
    office.at("2024-01-30 12:00").ok("attend --rest present");
    office.ok("excuse bea@example.org --week 4");
    let weeks = |office: &Office| -> Vec<String> {
        let all = office.ok("report --by cohort --format csv");
        all.lines().filter(|line| line.contains("week")).map(str::to_owned).collect()
    };
    let before = weeks(&office);
    // Who waits to come back was there all the same.
    assert!(before.iter().any(|line| line.contains("week_1")), "{before:?}");
    office.ok("participant erase amara@example.org --yes");
    assert_eq!(weeks(&office), before);
    office.ok("participant erase bea@example.org --yes");
    let marks = "SELECT count(*) FROM attendance WHERE week = 4";
    let left: i64 = office.records().query_row(marks, [], |row| row.get(0)).unwrap();
    assert_eq!(left, 0);
    office.ok("check");
}

#[test]
fn an_address_that_another_was_given_by_mistake_is_gone() {
    let office = Office::winter();
    office.sign_up("winter", &["kit", "bea"]);
    office.ok("participant edit bea@example.org --email kit@example.org");
    office.ok("undo");
    office.ok("participant erase kit@example.org --yes");
    assert!(holding(&office.path(""), "kit@example.org").is_empty());
    office.ok("check");
    let said = office.refuses(1, "undo 5");
    assert!(said.contains("somebody, whom it is about, was erased since"), "{said}");
    assert!(office.ok("participant show bea@example.org").contains("Bea Example"));
}

#[test]
fn whoever_is_erased_counts_alike_everywhere() {
    let office = Office::winter();
    office.sign_up("winter", &["amara", "bea"]);
    office.agree("winter", &["amara", "bea"]);
    for (week, day) in [(1, "01-23"), (2, "01-30"), (3, "02-06"), (4, "02-13")] {
        office.at(&format!("2024-{day} 12:00")).ok(&format!("attend --week {week} --rest present"));
    }
    office.at("2024-02-14 09:00");
    let list = office.ok("list --format csv");
    let title = |office: &Office| office.ok("roster").lines().next().unwrap().to_owned();
    let before = title(&office);
    office.ok("participant erase bea@example.org --yes");
    assert_eq!(office.ok("list --format csv"), list);
    assert_eq!(title(&office).replace(" (1 erased)", ""), before);
    let shown = office.ok("show");
    assert!(shown.contains("2 present"), "{shown}");
    assert!(shown.contains("Enrolled  2 of 12 (1 erased)\nAgreed    2\n"), "{shown}");
    let said = office.says("finish");
    assert!(
        said.starts_with("winter-2024 is finished: 4 sessions, 2 enrolled, 2 completed."),
        "{said}"
    );
}

/// An erasure rewrites the history: it could hide damage, or lead to more.
#[test]
fn nobody_is_erased_from_damaged_records() {
    let office = Office::winter();
    office.sign_up("winter", &["kit", "bea"]);
    tamper(&office, "UPDATE participant SET phone = '555-0101' WHERE id = 2");
    let before = office.files();
    let said = office.refuses(1, "participant erase kit@example.org --yes");
    assert!(said.contains("the records are damaged; nothing was changed"), "{said}");
    assert!(office.files() == before);
}

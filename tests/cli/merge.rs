//! `cohorts participant merge`: two entries of one person become one.

use crate::encrypted;
use crate::office::{Office, holds};

/// Kit signed up twice, under two addresses.
fn twice() -> Office {
    let office = Office::winter();
    office.ok("new spring-2024 --starts 2024-04-02");
    office.sign_up("winter", &["amara", "kit"]);
    office.ok(
        "enroll -c winter --first-name Kit --last-name Example --email kit.t@example.org --phone 555-0199 --site Victoria",
    );
    office.ok("enroll -c spring --email kit.t@example.org");
    office.at("2024-01-18 09:00").agree("winter", &["amara", "kit.t"]);
    office
}

fn everything(office: &Office) -> Vec<String> {
    let records = office.records();
    let mut all = Vec::new();
    let people = ["participant", "address", "alias", "enrollment", "consent", "attendance"];
    for table in people.iter().chain(&["incident", "support", "contact", "draft"]) {
        let columns: Vec<String> = records
            .prepare("SELECT name FROM pragma_table_info(?1)")
            .unwrap()
            .query_map([table], |row| row.get::<_, String>(0))
            .unwrap()
            .map(|name| {
                let name = name.unwrap();
                format!("'{name}', {name}")
            })
            .collect();
        let sql = format!("SELECT json_object({}) FROM {table} ORDER BY id", columns.join(", "));
        let mut statement = records.prepare(&sql).unwrap();
        all.extend(statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap));
    }
    all
}

#[test]
fn everything_of_the_other_becomes_theirs() {
    let office = twice();
    let (kit, other) = (office.code("kit"), office.code("kit.t"));
    office.refuses(2, &format!("participant merge {kit} {other}"));
    let said = office.says(&format!("participant merge {kit} {other} --yes"));
    assert!(said.contains(&format!("Joined {other} with Kit ({kit})")), "{said}");
    let shown = office.ok(&format!("participant show {kit} --all"));
    for part in [
        "555-0199",
        "Victoria",
        "kit@example.org",
        "formerly   kit.t@example.org",
        "Spring 2024",
        "agreed",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    // Their old code and their old address still find them.
    assert_eq!(office.ok(&format!("participant show {other} --all")), shown);
    assert_eq!(office.code("kit.t"), kit);
    assert!(office.ok("roster winter").contains("2 of 12 places, 2 agreed"));
    office.at("2024-01-23 12:00").ok(&format!("attend --late {other} --rest present"));
    assert!(office.marks("winter").contains("Kit,L,"), "{}", office.marks("winter"));
    assert_eq!(office.run("check").code, 0);
}

#[test]
fn it_is_taken_back_to_the_letter() {
    let office = twice();
    let (kit, other) = (office.code("kit"), office.code("kit.t"));
    let before = everything(&office);
    office.ok(&format!("participant merge {kit} {other} --yes"));
    assert_ne!(everything(&office), before);
    office.ok("undo");
    assert_eq!(everything(&office), before);
    assert_eq!(office.code("kit.t"), other);
}

#[test]
fn what_contradicts_is_listed_and_nothing_is_joined() {
    let office = twice();
    office.agree("winter", &["kit"]);
    office.at("2024-01-23 12:00").ok("attend --absent kit.t@example.org --rest present");
    office.ok("participant edit kit@example.org -c winter --site Vancouver");
    let (kit, other) = (office.code("kit"), office.code("kit.t"));
    let said = office.refuses(1, &format!("participant merge {kit} {other} --yes"));
    assert!(said.contains(&format!("week 1 of winter-2024: {kit} has P, {other} has A")), "{said}");
    assert!(said.contains("winter-2024: they have a different site"), "{said}");
    office.refuses(2, &format!("participant merge {kit} {kit} --yes"));
}

#[test]
fn each_contradiction_says_what_ends_it() {
    let office = twice();
    let (kit, other) = (office.code("kit"), office.code("kit.t"));
    let merge = format!("participant merge {kit} {other} --yes");
    // Two decisions of one day: another one on a later day leaves both as they are.
    office.ok("consent declined kit@example.org");
    let said = office.refuses(1, &merge);
    assert!(said.contains("decided differently on 2024-01-18"), "{said}");
    assert!(!said.contains("attend") && !said.contains("participant edit"), "{said}");
    let proposed = format!("cohorts history --participant {kit}");
    assert!(said.contains(&proposed) && said.contains("cohorts undo NUMBER"), "{said}");
    let history = office.ok(&format!("history --participant {kit} --format csv"));
    let declined = history.lines().find(|line| line.contains("declined")).unwrap();
    office.ok(&format!("undo {}", declined.split(',').next().unwrap()));
    office.ok(&format!("{merge} --dry-run"));
    office.ok(&format!("consent agreed {kit}"));
    // Marks, then details, each until there are none.
    office.at("2024-01-23 12:00").ok("attend --absent kit.t@example.org --rest present");
    office.ok("participant edit kit@example.org -c winter --site Vancouver");
    let said = office.refuses(1, &merge);
    assert!(said.contains("cohorts attend COHORT --week N --MARK CODE"), "{said}");
    assert!(said.contains("cohorts participant edit CODE -c COHORT, with --leave"), "{said}");
    assert!(!said.contains("undo"), "{said}");
    office.ok(&format!("attend winter --week 1 --present {other}"));
    let said = office.refuses(1, &merge);
    assert!(!said.contains("cohorts attend") && said.contains("participant edit"), "{said}");
    office.ok(&format!("participant edit {other} -c winter --site Vancouver"));
    office.ok(&merge);
}

#[test]
fn the_same_mark_and_a_place_beside_a_wait_do_not_contradict() {
    let office = Office::winter();
    office.edit("capacity = 12", "capacity = 2");
    office.sign_up("winter", &["amara", "kit"]);
    office.ok("enroll -c winter --first-name Kit --last-name Example --email kit.t@example.org");
    let (kit, other) = (office.code("kit"), office.code("kit.t"));
    // The one that waits stays, and has the place.
    office.ok(&format!("participant merge {other} {kit} --yes"));
    let roster = office.ok("roster winter --status all --columns code,status --format csv");
    assert!(roster.contains(&format!("{other},enrolled")) && !roster.contains(&kit), "{roster}");
}

const SIGN_UP_AGAIN: &str =
    "enroll -c winter --late --first-name Kit --last-name Example --email kit.t@example.org";

/// Kit was there in week 1, and left; two weeks are recorded, and it is February.
fn away() -> Office {
    let office = Office::winter();
    office.sign_up("winter", &["amara", "kit"]);
    office.agree("winter", &["amara", "kit"]);
    office.at("2024-01-23 12:00").ok("attend --rest present");
    office.at("2024-01-25 09:00").ok("withdraw kit@example.org --reason schedule");
    office.at("2024-01-30 12:00").ok("attend --rest present");
    office.at("2024-02-01 09:00");
    office
}

/// Joins the two, and shows who was in the group when.
fn joined(office: &Office, [stays, other]: [&str; 2]) -> String {
    let [stays, other] = [stays, other].map(|name| office.code(name));
    office.ok(&format!("participant merge {stays} {other} --yes"));
    assert_eq!(office.run("check").code, 0);
    in_the_group(office)
}

fn in_the_group(office: &Office) -> String {
    let columns = "goes_by,status,signed_up,joined_week,withdrawn_on,reason,attendance";
    office.ok(&format!("roster winter --status all --columns {columns}")) + &office.ok("list")
}

const EITHER_STAYS: [[&str; 2]; 2] = [["kit", "kit.t"], ["kit.t", "kit"]];

#[test]
fn who_left_under_one_code_and_came_back_under_the_other_is_as_who_came_back() {
    for leaves in [false, true] {
        let weeks_3_and_4 = |office: &Office, who: &str| {
            office.at("2024-02-06 12:00").ok("attend --rest present");
            if leaves {
                let line = format!("withdraw {who}@example.org --reason back-at-work");
                office.at("2024-02-08 09:00").ok(&line);
            }
        };
        let office = away();
        office.ok("enroll -c winter --late --email kit@example.org");
        weeks_3_and_4(&office, "kit");
        let wanted = in_the_group(&office);
        for codes in EITHER_STAYS {
            let office = away();
            office.ok(SIGN_UP_AGAIN);
            office.agree("winter", &["kit.t"]);
            weeks_3_and_4(&office, "kit.t");
            assert_eq!(joined(&office, codes), wanted, "{codes:?}");
        }
    }
}

#[test]
fn a_wait_under_another_code_undoes_no_week() {
    for codes in EITHER_STAYS {
        // They have a place under the second code, and wait under the first.
        let office = away();
        office.ok(SIGN_UP_AGAIN);
        office.edit("capacity = 12", "capacity = 2");
        office.ok("enroll -c winter --late --email kit@example.org");
        let seen = joined(&office, codes);
        assert!(seen.contains("\nKit      enrolled  1 Feb 2024, 9:00  3 "), "{seen}");
        // They waited in vain under the second.
        let office = away();
        office.edit("capacity = 12", "capacity = 1");
        office.ok(SIGN_UP_AGAIN);
        office.at("2024-02-08 09:00").ok("withdraw kit.t@example.org --reason schedule");
        let seen = joined(&office, codes);
        assert!(seen.contains("1          25 Jan 2024  schedule  P"), "{seen}");
    }
}

#[test]
fn who_left_and_waits_under_another_code_overtakes_nobody() {
    let office = Office::winter();
    office.edit("capacity = 12", "capacity = 1");
    office.sign_up("winter", &["kit", "amara", "bea"]);
    office.at("2024-01-04 09:00").ok("withdraw kit@example.org --reason schedule");
    office.ok("place");
    office
        .at("2024-01-05 09:00")
        .ok("enroll -c winter --first-name Kit --last-name Example --email kit.t@example.org");
    let [kit, other] = ["kit", "kit.t"].map(|name| office.code(name));
    office.ok(&format!("participant merge {kit} {other} --yes"));
    let line =
        office.ok("roster winter --status waitlisted --columns goes_by,place_in_line --format csv");
    assert_eq!(line, "goes_by,place_in_line\nBea,1\nKit,2\n");
}

#[test]
fn which_consent_stands_does_not_hang_on_which_entry_stays() {
    let office = twice();
    for line in ["agreed kit", "withdrawn kit", "withdrawn kit.t", "agreed kit.t"] {
        office.ok(&format!("consent {line}@example.org -c winter"));
    }
    let [kit, other] = ["kit", "kit.t"].map(|name| office.code(name));
    for (stays, other) in [(&kit, &other), (&other, &kit)] {
        let said = office.refuses(1, &format!("participant merge {stays} {other} --yes"));
        assert!(said.contains("winter-2024: they decided differently on 2024-01-18"), "{said}");
    }
    // The same decisions in the same order are no contradiction.
    office.ok("consent agreed kit@example.org -c winter");
    office.ok(&format!("participant merge {kit} {other} --yes"));
    assert!(office.ok("roster winter").contains("2 of 12 places, 2 agreed"));
}

#[test]
fn erasing_one_that_was_joined_and_parted_leaves_nothing_behind() {
    let office = twice();
    let (kit, other) = (office.code("kit"), office.code("kit.t"));
    office.ok(&format!("participant merge {kit} {other} --yes"));
    office.ok("undo");
    office.ok(&format!("participant erase {other} --yes"));
    let bytes = encrypted::readable(&office.path("cohorts.db"));
    for gone in ["kit.t@example.org", "555-0199", "Victoria"] {
        assert!(!holds(&bytes, gone), "{gone}");
    }
    assert!(office.ok(&format!("participant show {kit} --all")).contains("kit@example.org"));
    assert_eq!(office.run("check").code, 0, "{}", office.run("check").stderr);
}

#[test]
fn erasing_one_that_is_joined_erases_both() {
    let office = twice();
    let (kit, other) = (office.code("kit"), office.code("kit.t"));
    office.ok(&format!("participant merge {kit} {other} --yes"));
    office.ok(&format!("participant erase {other} --yes"));
    let bytes = encrypted::readable(&office.path("cohorts.db"));
    for gone in ["kit.t@example.org", "kit@example.org", "555-0199", "Victoria", "Kit"] {
        assert!(!holds(&bytes, gone), "{gone}");
    }
    for code in [kit, other] {
        assert!(office.refuses(1, &format!("participant show {code}")).contains("was erased on"));
    }
}

#[test]
fn what_there_is_room_for_only_once_is_said() {
    let office = Office::winter();
    for (first, phone, email) in
        [("Kit", "555-0101", "kit@example.org"), ("Kristof", "555-0102", "kristof@example.org")]
    {
        office.ok(&format!(
            "enroll -c winter --first-name {first} --last-name Tran --phone {phone} --email {email}"
        ));
    }
    let said = office.says("participant merge kit@example.org kristof@example.org --yes");
    assert!(said.contains("had another name and phone number, which the entry does not"), "{said}");
    assert!(!said.contains("555-0102") && !said.contains("Kristof"), "{said}");
}

/// Kit and another Kit, joined by mistake, in a backup of that day; since then
/// they are two again.
fn joined_in_a_backup() -> (Office, [String; 2]) {
    let office = Office::winter();
    office.sign_up("winter", &["amara", "kit"]);
    office.ok("enroll -c winter --first-name Kit --last-name Tran --email tran@example.org --phone 555-0199");
    let codes = [office.code("kit"), office.code("tran")];
    office.ok(&format!("participant merge {} {} --yes", codes[0], codes[1]));
    office.ok("backup joined.backup");
    office.ok("undo");
    (office, codes)
}

#[test]
fn a_backup_in_which_they_are_joined_does_not_erase_one_with_the_other() {
    // Whoever stayed, and whoever became a part of it.
    for erased in [1, 0] {
        let (office, codes) = joined_in_a_backup();
        let (gone, other) = (&codes[erased], &codes[1 - erased]);
        office.ok(&format!("participant erase {gone} --yes"));
        // Nor does joining them again by another undo.
        let history = office.ok("history --format csv");
        let parted = history.lines().find(|line| line.contains(",undo,")).unwrap();
        let again = format!("undo {}", parted.split(',').next().unwrap());
        assert!(office.refuses(1, &again).contains("was erased since"));
        let there = office.ok(&format!("participant show {other} --all"));
        let said = office.refuses(1, "restore joined.backup --yes");
        let [stays, became] = &codes;
        assert!(
            said.contains(&format!(
                "{stays} and {became} are joined in that file, and of them only {gone} was erased"
            )),
            "{said}"
        );
        assert_eq!(office.refuses(1, "restore joined.backup --dry-run"), said);
        assert_eq!(office.ok(&format!("participant show {other} --all")), there);

        // The way that it names brings the backup back, without whoever is gone.
        let hint = said.split("hint: ").find(|hint| hint.starts_with("there, part")).unwrap();
        let (undo, erase) = hint
            .trim_start_matches("there, part them and erase again (cohorts ")
            .trim_end()
            .trim_end_matches(')')
            .split_once(", then cohorts ")
            .unwrap();
        std::fs::create_dir(office.path("apart")).unwrap();
        office.ok("restore joined.backup --yes --folder apart");
        office.ok(&format!("{undo} --folder apart"));
        office.ok(&format!("{erase} --yes --folder apart"));
        office.ok("backup apart.backup --folder apart");
        std::fs::remove_dir_all(office.path("apart")).unwrap();
        office.ok("restore apart.backup --yes");
        assert_eq!(office.ok(&format!("participant show {other} --all")), there);
        let said = office.refuses(1, &format!("participant show {gone}"));
        assert!(said.contains("was erased on"), "{said}");
        let bytes = encrypted::readable(&office.path("cohorts.db"));
        let personal: [&[&str]; 2] = [&["kit@example.org"], &["tran@example.org", "555-0199"]];
        for text in personal[erased] {
            assert!(!holds(&bytes, text), "{text}");
        }
        assert_eq!(office.run("check").code, 0);
        // From elsewhere it is this folder again.
        let mut list = office.command("participant list");
        let list = list.current_dir(office.home("")).output().unwrap();
        assert!(String::from_utf8(list.stdout).unwrap().contains(other));
    }
}

#[test]
fn a_backup_in_which_they_are_joined_erases_both_where_both_were() {
    let office = Office::winter();
    office.sign_up("winter", &["amara", "kit"]);
    office.ok("enroll -c winter --first-name Kit --last-name Example --email kit.t@example.org");
    let (kit, other) = (office.code("kit"), office.code("kit.t"));
    office.ok(&format!("participant merge {kit} {other} --yes"));
    office.ok("backup joined.backup");
    office.ok(&format!("participant erase {other} --yes"));
    let said = office.says("restore joined.backup --yes");
    assert!(said.contains("1 participant was erased since, and was erased again."), "{said}");
    for code in [kit, other] {
        assert!(office.refuses(1, &format!("participant show {code}")).contains("was erased on"));
    }
}

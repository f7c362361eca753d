//! `cohorts participant erase`: nothing that says who they were is left.

use std::fs;
use std::path::{Path, PathBuf};

use crate::encrypted;
use crate::office::{Office, files_below, holds};
use crate::quarter::lively_quarter;

/// What the records hold of Kit and of nobody else.
pub(super) const KIT: [&str; 7] =
    ["Tran", "kit tran", "Kitty", "kit@example", "kit.new@example", "555-0102", "Victoria"];

/// Files below a folder that hold some text.
pub(super) fn holding(folder: &Path, text: &str) -> Vec<String> {
    let mut found = files_below(folder);
    found.retain(|path| holds(&encrypted::readable(path), text));
    let name = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
    found.iter().map(name).collect()
}

fn number(office: &Office, sql: &str) -> i64 {
    office.records().query_row(sql, [], |row| row.get(0)).unwrap()
}

#[test]
fn no_byte_of_them_is_left_in_any_file() {
    let office = lively_quarter();
    let kit = office.code("kit");
    fs::remove_file(office.path("roster.csv")).unwrap();
    for personal in KIT {
        assert_eq!(holding(&office.path(""), personal), ["cohorts.db"], "{personal}");
    }
    let enrollments = number(&office, "SELECT count(*) FROM enrollment");
    let said = office.says(&format!("participant erase {kit} --yes"));
    assert!(said.contains(&format!("Erased {kit}: nothing here says")), "{said}");
    for personal in KIT {
        assert!(holding(&office.path(""), personal).is_empty(), "{personal}");
    }
    // Parental was Kit's leave alone.
    assert_eq!(holding(&office.path(""), "parental"), ["cohorts.toml"]);
    // What can be counted stays.
    assert_eq!(number(&office, "SELECT count(*) FROM enrollment"), enrollments);
    assert_eq!(number(&office, "SELECT count(*) FROM address WHERE value LIKE '%kit%'"), 0);
    assert_eq!(office.run("check").code, 0, "{}", office.run("check").stderr);
    let roster = office.ok("roster winter");
    assert!(roster.contains(": 3 of 4 places (1 erased), 2 agreed, 1 waiting\n"), "{roster}");
    let show = office.ok("show winter");
    assert!(show.contains("Enrolled  3 of 4 (1 erased), 1 waiting\n"), "{show}");
    assert!(office.ok("list").contains("  3/4  "), "{}", office.ok("list"));
    assert!(!office.ok("roster winter --status all --format csv").contains(&kit));
    assert!(!office.ok("roster winter --for zoom --format csv").contains("erased"));
    assert!(!office.ok("participant list --format csv").contains(&kit));
    // The others are as they were.
    assert!(office.ok("participant show amara@example.org --all").contains("555-0101"));
}

#[test]
fn it_is_asked_first_and_a_dry_run_changes_nothing() {
    let office = lively_quarter();
    let kit = office.code("kit");
    let said = office.refuses(2, &format!("participant erase {kit}"));
    assert!(said.contains("nothing was erased: this has to be asked first"), "{said}");
    let before = office.files();
    let said = office.says(&format!("participant erase {kit} --dry-run"));
    assert!(said.contains("Dry run"), "{said}");
    assert!(office.files() == before);
    office.refuses(1, "participant erase nobody@example.org --yes");
}

#[test]
fn the_erased_never_come_back() {
    let office = lively_quarter();
    let kit = office.code("kit");
    let enrolled = number(
        &office,
        "SELECT min(operation_id) FROM change WHERE tbl = 'address'
                                     AND after LIKE '%kit@example.org%'",
    );
    office.ok(&format!("participant erase {kit} --yes"));
    let said = office.refuses(1, "undo --yes");
    assert!(said.contains("cannot be taken back") || said.contains("cannot take back"), "{said}");
    office.refuses(1, &format!("undo {enrolled} --yes"));
    let said = office.refuses(1, &format!("participant show {kit}"));
    assert_eq!(said, format!("error: `{kit}` was erased on 14 February 2024\n"));
    office.refuses(1, &format!("consent agreed {kit} -c winter"));
    // Not as of a day before, either.
    let then = office.ok("roster winter --as-of 2024-02-01 --status all --columns code,name,email,leave,site --format csv");
    assert!(!then.to_lowercase().contains("tran") && !then.contains("Victoria"), "{then}");
    assert!(!then.contains(&kit), "{then}");
}

#[test]
fn an_erased_address_is_taken_again_only_where_that_is_meant() {
    let office = lively_quarter();
    let kit = office.code("kit");
    office.ok(&format!("participant erase {kit} --yes"));
    for address in ["kit@example.org", "KIT.new@example.org"] {
        let line = format!("enroll -c spring --first-name Kit --last-name Tran --email {address}");
        let said = office.refuses(1, &line);
        assert!(said.contains("whoever had that address was erased"), "{said}");
        assert!(said.contains("--new-person"), "{said}");
    }
    office.ok(
        "enroll -c spring --first-name Kit --last-name Tran --email kit@example.org --new-person",
    );
    assert_ne!(office.code("kit"), kit);
}

#[test]
fn whoever_has_a_place_leaves_it() {
    let office = Office::winter();
    office.sign_up("winter", &["amara", "kit"]);
    let kit = office.code("kit");
    let said = office.says(&format!("participant erase {kit} --yes"));
    assert!(
        said.contains(&format!("{kit} is enrolled in winter-2024, and would leave it.")),
        "{said}"
    );
    assert!(
        office.ok("roster winter").contains("1 of 12 places"),
        "{}",
        office.ok("roster winter")
    );
    assert!(office.ok("list").contains("1/12"));
    assert_eq!(office.run("check").code, 0);
}

#[test]
fn it_says_what_it_cannot_reach() {
    let office = lively_quarter();
    office.ok("backup copy.backup");
    office.ok("roster spring --output spring.csv");
    let amara = office.code("amara");
    let said = office.says(&format!("participant erase {amara} --yes"));
    let beyond: Vec<&str> = said.lines().skip(2).collect();
    assert!(beyond[0].ends_with("/roster.csv"), "{said}");
    assert!(beyond[1].ends_with("/copy.backup"), "{said}");
    assert!(beyond[2].contains("the sign-up form, your mailbox, Zoom"), "{said}");
    assert!(!said.contains("spring.csv"), "{said}");
}

#[test]
fn a_file_that_was_named_after_them_is_not_named_any_more() {
    let office = lively_quarter();
    office.ok("participant show kit@example.org --all --output Kit-Tran.txt");
    fs::remove_file(office.path("Kit-Tran.txt")).unwrap();
    // By a name of before, by the address, in a folder.
    fs::create_dir(office.path("Tran, Kit")).unwrap();
    for file in ["Formerly.txt", "kit.new.txt", "Tran, Kit/answer.txt"] {
        office.ok("participant edit kit@example.org --last-name Formerly");
        office.ok(&format!("participant show kit@example.org --all --output '{file}'"));
        office.ok("participant edit kit@example.org --last-name Tran");
        fs::remove_file(office.path(file)).unwrap();
    }
    office.ok("backup 'before Kit Tran.backup'");
    let kit = office.code("kit");
    assert!(office.says(&format!("participant erase {kit} --yes")).contains("before Kit Tran"));
    fs::remove_file(office.path("before Kit Tran.backup")).unwrap();
    for name in ["Kit-Tran", "Formerly", "kit.new", "Tran, Kit", "before Kit"] {
        assert!(holding(&office.path(""), name).is_empty(), "{name}");
    }
    // Whether a file is still there cannot be said without its name.
    let exports = office.ok("history --exports");
    assert!(
        exports.contains("a file whose name was erased\n           cannot be looked at"),
        "{exports}"
    );
    assert_eq!(office.run("check").code, 0);
    // Others are in it too.
    let said = office.says("participant erase amara@example.org --yes");
    assert!(said.contains("/a file whose name was erased\n"), "{said}");
}

#[test]
fn the_next_command_finishes_what_a_crash_interrupted() {
    let office = lively_quarter();
    for mark in [".cohorts.db.erasing-aB3xY9", ".cohorts.db.erasing"] {
        office.write(mark, "");
        office.ok("list");
        assert!(!office.path(mark).exists());
    }
}

#[test]
fn who_is_due_is_listed_and_erased_together() {
    let office = lively_quarter();
    let said = office.refuses(1, "participant erase --due");
    assert!(said.contains("does not say how long people are kept"), "{said}");
    let toml = office.read("cohorts.toml");
    office.write("cohorts.toml", &format!("{toml}\n[retention]\nerase_after = \"2 years\"\n"));
    // Winter's last session was on 13 February 2024.
    let said = office.at("2026-02-12 09:00").says("participant erase --due");
    assert!(said.starts_with("Nobody is due"), "{said}");
    office.at("2026-02-13 09:00");
    assert!(office.ok("").contains("4 participants are due to be erased"), "{}", office.ok(""));
    let said = office.refuses(2, "participant erase --due");
    assert_eq!(said.matches("winter-2024 ended on 13 February 2024").count(), 4, "{said}");
    assert!(!said.contains("Chen"), "Chen is in spring too: {said}");
    office.ok("participant erase --due --yes");
    // Chen, and Omar, who asks for support.
    assert_eq!(office.ok("participant list --format csv").lines().count(), 1 + 2);
    // Milo had withdrawn, and had no place any more.
    let roster = office.ok("roster winter");
    assert!(roster.contains(": 3 of 4 places (3 erased), 2 agreed, 1 waiting\n"), "{roster}");
    assert!(!office.ok("").contains("due to be erased"));
}

#[test]
fn who_asked_for_support_since_is_due_by_the_day_on_which_that_ended() {
    let office = Office::winter();
    let toml = office.read("cohorts.toml");
    office.write("cohorts.toml", &format!("{toml}\n[retention]\nerase_after = \"2 years\"\n"));
    office.sign_up("winter", &["amara", "bea", "kit"]);
    // Bea's request ended before the cohort did.
    office.ok("support add bea@example.org");
    office.at("2024-01-10 09:00").ok("support close bea@example.org --outcome joined");
    office.at("2024-12-01 09:00").ok("support add kit@example.org");
    office.at("2025-06-01 09:00").ok("support close kit@example.org --outcome no-longer-needed");
    let due = |now: &str| {
        let done = office.at(now).run("participant erase --due --dry-run");
        let mut listed: Vec<String> = done
            .stderr
            .lines()
            .filter(|line| line.contains(" ended on "))
            .map(|line| office.uncoded(line))
            .collect();
        listed.sort();
        listed
    };
    let winter = ["AMARA  Amara", "BEA__  Bea"]
        .map(|who| format!("  {who}, winter-2024 ended on 13 February 2024"));
    assert_eq!(due("2027-05-31 09:00"), winter);
    let kit = "  KIT__  Kit, support ended on 1 June 2025".to_owned();
    assert_eq!(due("2027-06-02 09:00"), [&winter[..], &[kit]].concat());
}

#[test]
fn who_was_only_in_a_cohort_that_is_gone_is_due_by_what_was_recorded() {
    let office = lively_quarter();
    // Rosa was never at a session of a cohort that was given up.
    office.ok("new summer-2024 --starts 2024-07-02");
    office.ok("enroll -c summer --first-name Rosa --last-name Lima --email rosa@example.org");
    office.ok("enroll -c summer --first-name Sol --last-name Lima --email sol@example.org");
    office.at("2024-02-20 09:00").ok("consent agreed sol@example.org -c summer");
    let toml = office.read("cohorts.toml");
    let (kept, _) = toml.split_once("[[cohort]]").unwrap();
    office.write("cohorts.toml", &format!("{kept}\n[retention]\nerase_after = \"2 years\"\n"));

    let due = |now: &str| {
        let done = office.at(now).run("participant erase --due");
        let known = office.ok("participant list --format csv");
        let mut lines: Vec<String> = done
            .stderr
            .lines()
            .filter_map(|line| line.strip_prefix("  "))
            .map(|line| {
                let (code, rest) = line.split_once("  ").unwrap();
                assert!(known.contains(code), "{line}");
                rest.to_owned()
            })
            .collect();
        lines.sort();
        lines
    };
    assert!(due("2026-02-12 09:00").is_empty());
    // Chen signed up for spring on 14 February, the day after winter's last session.
    let winter = "winter-2024, gone from cohorts.toml, last met on 13 February 2024";
    let of_winter = ["Amara", "Bea", "Kitty", "Milo"].map(|name| format!("{name}, {winter}"));
    assert_eq!(due("2026-02-13 09:00"), of_winter);
    let entered = |name: &str, cohort: &str, day: &str| {
        format!("{name}, {cohort}, gone from cohorts.toml: last entry on {day}")
    };
    let mut all = of_winter.to_vec();
    all.push(entered("Chen", "spring-2024", "14 February 2024"));
    all.push(entered("Rosa", "summer-2024", "14 February 2024"));
    all.sort();
    assert_eq!(due("2026-02-14 09:00"), all);
    all.push(entered("Sol", "summer-2024", "20 February 2024"));
    assert_eq!(due("2026-02-20 09:00"), all);
    office.ok("participant erase --due --yes");
    // Omar asks for support, and is kept.
    assert_eq!(office.ok("participant list --format csv").lines().count(), 1 + 1);
}

#[test]
fn what_one_person_was_answered_is_nothing_to_another() {
    let office = lively_quarter();
    office.ok("participant show amara@example.org --all --output diallo.txt");
    office.ok("participant show kit@example.org --all --output answer.txt");
    assert!(!office.read("answer.txt").contains("diallo"), "{}", office.read("answer.txt"));
    let kit = office.code("kit");
    let said = office.says(&format!("participant erase {kit} --yes"));
    assert!(said.contains("/answer.txt") && !said.contains("diallo"), "{said}");
}

#[cfg(unix)]
#[test]
fn what_changed_while_it_was_asked_is_looked_at_again() {
    let desk = crate::prompts::Desk::new();
    desk.quietly("new spring-2024 --starts 2024-04-02");
    let code = desk.at_terminal("participant erase kit@example.org", |talk| {
        talk.exp_string("Erase Kit").unwrap();
        desk.quietly("enroll -c spring --email kit@example.org");
        talk.send("y\r").unwrap();
        talk.flush().unwrap();
        talk.exp_string("is enrolled in spring-2024, and would leave it").unwrap();
        talk.exp_string("Erase Kit").unwrap();
        talk.send("n\r").unwrap();
        talk.flush().unwrap();
    });
    assert_eq!(code, 3);
    assert!(desk.quietly("participant list kit").contains("Tran, Kit"));
}

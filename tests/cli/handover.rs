//! `cohorts handover` and `takeover`: one place at a time.

use std::fs;

use crate::office::Office;

/// An office, and a colleague's empty folder.
fn two() -> Office {
    let office = Office::winter();
    office.sign_up("winter", &["amara"]);
    fs::create_dir(office.path("there")).unwrap();
    office
}

#[test]
fn there_and_back_again() {
    let office = two();
    let said = office.says("handover out.handover");
    assert!(said.contains("From now on the records here may only be read."), "{said}");
    // Reading goes on and says so; writing does not.
    let said = office.says("list");
    assert!(said.contains("warning: these records were handed over on 2 Jan 2024, 9:00"), "{said}");
    for line in [
        "enroll --first-name Kit --last-name Tran --email kit@example.org",
        "undo",
        "new spring-2024 --starts 2024-04-02",
    ] {
        let said = office.refuses(1, line);
        assert!(said.contains("handed over") && said.contains("nothing was changed"), "{said}");
    }
    office.at("2024-01-03 09:00").ok("takeover out.handover --folder there");
    office.ok("enroll --first-name Kit --last-name Tran --email kit@example.org --folder there");
    office.ok("new spring-2024 --starts 2024-04-02 --folder there");
    office.ok("handover back.handover --folder there");
    office.refuses(1, "enroll --folder there --first-name A --last-name B");
    office.at("2024-01-04 09:00").ok("takeover back.handover");
    assert!(office.ok("list").contains("2/12") && office.ok("list").contains("spring"));
    office.sign_up("winter", &["bea"]);
    assert_eq!(office.run("check").code, 0);
    let said = office.says("list");
    assert!(!said.contains("handed over"), "{said}");
}

#[test]
fn copies_that_were_both_changed_are_refused() {
    let office = two();
    office.ok("handover out.handover");
    office.ok("takeover out.handover --folder there");
    office.ok("handover --cancel");
    office.at("2024-01-03 09:00").sign_up("winter", &["kit"]);
    office.ok("enroll --folder there --first-name Bea --last-name Example --email bea@example.org");
    office.ok("handover back.handover --folder there");
    let said = office.refuses(1, "takeover back.handover");
    assert!(said.contains("were both changed"), "{said}");
    assert!(
        said.contains("the last change here: ") && said.contains("there: handed over"),
        "{said}"
    );
}

#[test]
fn an_older_file_does_not_take_the_place_of_later_changes() {
    let office = two();
    office.ok("handover out.handover");
    office.refuses(1, "takeover out.handover");
    office.ok("handover --cancel");
    let said = office.refuses(1, "takeover out.handover");
    assert!(said.contains("hold later changes than that file"), "{said}");
}

#[test]
fn each_file_is_for_its_own_command() {
    let office = two();
    office.ok("backup a.backup");
    office.ok("handover b.handover");
    assert!(office.refuses(1, "takeover a.backup").contains("cohorts restore a.backup"));
    assert!(office.refuses(1, "restore b.handover --yes").contains("cohorts takeover b.handover"));
    assert!(office.refuses(1, "restore a.backup --yes").contains("handed over"));
}

#[test]
fn without_the_file_nothing_is_handed_over() {
    let office = two();
    office.refuses(1, "handover nowhere/out.handover");
    office.refuses(1, "handover cohorts.db");
    office.write("there/taken", "x");
    office.refuses(1, "handover there/taken");
    office.refuses(1, "handover --cancel");
    let before = office.files();
    office.ok("handover out.handover --dry-run");
    assert!(office.files() == before && !office.path("out.handover").exists());
}

/// Two files of them would be two copies that both go on.
#[test]
fn what_is_handed_over_is_not_handed_over_again() {
    let office = two();
    office.ok("handover out.handover");
    let before = office.files();
    for line in ["handover again.handover", "handover again.handover --dry-run"] {
        let said = office.refuses(1, line);
        assert!(said.contains("handed over on 2 Jan 2024, 9:00, to"), "{said}");
        assert!(said.contains("cohorts handover --cancel"), "{said}");
        assert!(!office.path("again.handover").exists());
    }
    assert!(office.files() == before, "it is handed over as before");
}

#[test]
fn a_handover_can_be_cancelled_and_not_undone() {
    let office = two();
    office.ok("handover out.handover");
    office.ok("handover --cancel");
    office.refuses(1, "undo --yes");
    office.sign_up("winter", &["kit"]);
}

#[test]
fn an_earlier_file_is_never_replaced() {
    let office = Office::winter();
    office.ok("handover once.handover");
    office.ok("handover --cancel");
    let said = office.refuses(1, "handover once.handover");
    assert!(said.contains("once.handover exists already; nothing was handed over"), "{said}");
    assert!(!said.contains("--force"), "{said}");
    office.ok("handover twice.handover");
}

/// Two folders would both go on.
#[test]
fn a_backup_of_what_was_handed_over_is_handed_over_too() {
    let office = two();
    fs::create_dir(office.path("usb")).unwrap();
    let toml = office.read("cohorts.toml");
    let section = format!("\n[backup]\nfolder = '{}'\n", office.path("usb").display());
    office.write("cohorts.toml", &(toml + &section));
    office.ok("handover out.handover");
    office.ok("backup by-hand.backup");
    let daily = "usb/aim-focus-release-2024-01-02.backup";
    for (backup, folder) in [("by-hand.backup", "one"), (daily, "two")] {
        fs::create_dir(office.path(folder)).unwrap();
        let restore = format!("restore {backup} --folder {folder} --yes");
        let was = "handed over on 2 Jan 2024, 9:00, to";
        assert!(office.says(&format!("{restore} --dry-run")).contains(was));
        let said = office.says(&restore);
        assert!(said.contains("warning: these records were handed over"), "{said}");
        assert!(said.contains("cohorts handover --cancel"), "{said}");
        let said =
            office.refuses(1, &format!("new spring-2024 --starts 2024-04-02 --folder {folder}"));
        assert!(said.contains(was), "{said}");
        assert_eq!(office.run(&format!("check --folder {folder}")).code, 0);
    }
    // Whoever took them over may go back to it, and so may this folder once they are back.
    office.ok("takeover out.handover --folder there");
    office.ok("restore by-hand.backup --folder there --yes");
    office.ok("new spring-2024 --starts 2024-04-02 --folder there");
    office.ok("handover back.handover --folder there");
    office.ok("takeover back.handover");
    office.ok("restore by-hand.backup --yes");
    office.sign_up("winter", &["kit"]);
}

#[test]
fn whoever_was_erased_there_is_erased_from_the_names_of_files_here_and_those_are_named() {
    let office = two();
    office.ok("enroll --first-name Zelda --last-name Quorndorf --email zelda@example.org");
    office.ok("participant show zelda@example.org --all --output quorndorf.txt");
    office.ok("roster winter --output roster.csv");
    let zelda = office.code("zelda");
    office.ok("handover out.handover");
    // What leaves after that is known here alone.
    office.ok("roster winter --output 'with Zelda.csv'");
    office.at("2024-01-03 09:00").ok("takeover out.handover --folder there");
    office.ok("participant erase zelda@example.org --yes --folder there");
    office.ok("handover back.handover --folder there");
    let said = office.at("2024-01-04 09:00").says("takeover back.handover");
    let (_, beyond) = said.split_once(&format!("{zelda} was erased there.\n")).unwrap();
    assert!(beyond.starts_with("What this cannot reach, and you can:\n"), "{said}");
    for file in ["quorndorf.txt", "roster.csv", "out.handover", "with Zelda.csv"] {
        assert!(beyond.contains(&format!("/{file}\n")), "{file}: {said}");
    }
    let exports = office.ok("history --exports --all");
    assert!(!exports.contains("quorndorf") && !exports.contains("Zelda"), "{exports}");
    // There are as many as there were: one, and one more since.
    assert_eq!(exports.matches("/a file whose name was erased\n").count(), 2, "{exports}");
    assert_eq!(office.run("check").code, 0);
    // Whoever was not erased since is told of nobody.
    let said = office.says("handover once-more.handover");
    assert!(!said.contains("cannot reach"), "{said}");
    office.ok("takeover once-more.handover --folder there");
    office.ok("handover home.handover --folder there");
    let said = office.says("takeover home.handover");
    assert!(!said.contains("cannot reach"), "{said}");
}

#[test]
fn the_backups_of_whoever_goes_on_are_no_news_where_it_was_handed_over() {
    let office = two();
    fs::create_dir(office.path("usb")).unwrap();
    let section = format!("\n[backup]\nfolder = '{}'\n", office.path("usb").display());
    office.write("cohorts.toml", &(office.read("cohorts.toml") + &section));
    office.sign_up("winter", &["zelda"]);
    office.ok("handover out.handover");
    office.at("2024-01-03 09:00").ok("takeover out.handover --folder there");
    office.ok("participant erase zelda@example.org --yes --folder there");
    for line in ["check", ""] {
        let said = office.run(line);
        let said = said.stdout + &said.stderr;
        assert!(!said.contains("the records lack"), "{said}");
    }
    office.ok("handover back.handover --folder there");
    let said = office.at("2024-01-04 09:00").says("takeover back.handover");
    assert!(said.contains("was erased there") && said.contains("backups in "), "{said}");
    assert!(!said.contains("the records lack"), "{said}");
    let said = office.run("check");
    assert!(!(said.stdout + &said.stderr).contains("the records lack"));
}

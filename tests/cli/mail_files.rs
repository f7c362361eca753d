//! The files that `cohorts mail` makes, what is in them whatever people are
//! called, and what is written down of them.

use std::fs;

use snapbox::{assert_data_eq, str};

use crate::mail::{drafts, winter};

#[test]
#[cfg(unix)]
fn nobody_else_can_read_them() {
    use std::os::unix::fs::PermissionsExt;
    let office = winter();
    office.ok("mail --template invitation --output out");
    let mode = |path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(office.path("out")), 0o700);
    for entry in fs::read_dir(office.path("out")).unwrap() {
        assert_eq!(mode(entry.unwrap().path()), 0o600);
    }
}

#[test]
fn nobody_gets_a_draft_twice_without_its_being_said() {
    let office = winter();
    office.ok("mail --template reminder");
    office.agree("winter", &["kit"]);
    assert_data_eq!(
        office.uncoded(&office.says("mail --template reminder")),
        str![[r#"
Drafted 1 message: reminder, week 1 of winter-2024.
They are in mail-winter-2024-week-1-reminder-2, which only you can read.
Left out, drafted before: AMARA, BEA__, CHEN_
Nothing was sent: open each, look at it, send it, and delete the files.
  once more  cohorts mail winter-2024 --template reminder --week 1 --again

"#]]
    );
    // A folder of its own: nothing is mixed with what may have been sent.
    let second = drafts(&office, "mail-winter-2024-week-1-reminder-2");
    assert_eq!(second.keys().collect::<Vec<_>>(), ["KIT__-reminder-1.eml"]);
    assert_data_eq!(
        office.uncoded(&office.says("mail --template reminder")),
        str![[r#"
Nobody is to get it now: reminder, week 1 of winter-2024.
Left out, drafted before: AMARA, BEA__, CHEN_, KIT__
  once more  cohorts mail winter-2024 --template reminder --week 1 --again

"#]]
    );
    assert!(!office.path("mail-winter-2024-week-1-reminder-3").exists());
    office.ok("mail --template reminder --again");
    assert_eq!(drafts(&office, "mail-winter-2024-week-1-reminder-3").len(), 4);
    // Another week and another kind are other messages.
    office.at("2024-01-23 12:00");
    office.ok("mail --template reminder");
    assert_eq!(drafts(&office, "mail-winter-2024-week-2-reminder").len(), 4);
    // Taken back, it was not drafted.
    office.ok("undo");
    office.ok("mail --template reminder");
    assert_eq!(drafts(&office, "mail-winter-2024-week-2-reminder-2").len(), 4);
}

#[test]
fn who_was_sent_what_when_is_kept_and_where_the_files_are() {
    let office = winter();
    office.ok("mail --template reminder --output reminders");
    let history = office.ok("history");
    assert!(history.contains("reminder, week 1 of winter-2024: 3 messages drafted"), "{history}");
    let shown = office.ok("participant show amara@example.org");
    assert!(shown.contains("  reminder   drafted on 18 January 2024, week 1\n"), "{shown}");
    assert!(!office.ok("participant show kit@example.org").contains("drafted"));
    let exports = office.ok("history --exports");
    assert!(exports.contains("3 people of winter-2024"), "{exports}");
    assert!(exports.contains("/reminders\n           still there"), "{exports}");
    office.ok("check");
}

#[test]
fn names_are_only_names_whatever_is_in_them() {
    let office = winter();
    let names = [
        ("Zoë", "O'Neil-Nuñez, \"Zo\"", "zoe"),
        ("李", "小龍", "li"),
        ("A\r\nBcc: all\r\n", "<x>,", "bcc"),
        ("{{ link }}", "{% if %}", "jinja"),
        ("Eve", "Example; (no), \\", "eve"),
        (&"Maximiliana".repeat(17), &"ö".repeat(190), "max"),
    ];
    for (first, last, address) in names {
        let mut command = office.command("enroll");
        command.args(["-c", "winter", "--first-name", first, "--last-name", last]);
        command.args(["--goes-by", first, "--email", &format!("{address}@example.org")]);
        let done = command.output().unwrap();
        assert!(done.status.success(), "{done:?}");
    }
    office.ok("mail --template invitation --output out");
    let drafts = drafts(&office, "out");
    assert_eq!(drafts.len(), 4 + names.len());
    for (first, last, address) in names {
        let tidy = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let to = format!("{address}@example.org");
        let draft = drafts.values().find(|draft| draft.to.addr == to).unwrap();
        assert_eq!(draft.to.display_name, Some(tidy(&format!("{first} {last}"))));
        assert!(draft.text.starts_with(&format!("Dear {},\n", tidy(first))), "{}", draft.text);
        assert_eq!(
            draft.headers,
            ["X-Unsent", "Date", "To", "Subject", "MIME-Version", "Content-Type"]
        );
    }
}

#[test]
fn a_preview_and_a_dry_run_write_nothing() {
    let office = winter();
    let before = office.files();
    assert_data_eq!(
        office.uncoded(&office.ok("mail --template reminder --preview")),
        str![[r#"
To: Amara (AMARA)
Subject: Tuesday 23 January, 9:30

Dear Amara,

A short reminder: we meet on Tuesday 23 January, 9:30 to 11:30 (Vancouver time).

What it is about: What is mindful self-compassion?

The link, for you alone: https://example.org/j/1?pwd=x

Please come from a place where you are alone and nobody can overhear you. If you cannot come this time, just tell me; you need not say why.

Warmly,
Your coordinator

"#]]
    );
    let said = office.says("mail --template reminder --dry-run");
    assert!(said.starts_with("Dry run, nothing was changed. Otherwise:\nDrafted 3"), "{said}");
    assert!(office.files() == before);
    let left: Vec<_> =
        fs::read_dir(office.path("")).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().contains("mail")), "{left:?}");
}

#[test]
fn whoever_is_erased_or_joined_with_another_entry_takes_their_drafts_along() {
    let office = winter();
    office.ok("mail --template invitation --output out");
    let said = office.says("participant erase kit@example.org --yes");
    assert!(said.contains("/out\n"), "{said}");
    office.ok(
        "enroll -c winter --first-name Amara --last-name Example --email amara.two@example.org",
    );
    office.ok("participant merge amara@example.org amara.two@example.org --yes");
    let shown = office.ok("participant show amara@example.org");
    assert!(shown.contains("  invitation drafted on 18 January 2024\n"), "{shown}");
    office.ok("check");
}

#[test]
fn records_that_go_on_elsewhere_are_drafted_from_there() {
    let office = winter();
    office.ok("handover out.handover");
    let said = office.refuses(1, "mail --template invitation");
    assert!(said.contains("these records were handed over"), "{said}");
    assert!(!office.path("mail-winter-2024-invitation").exists());
    office.ok("mail --template invitation --preview");
}

#[test]
fn a_draft_with_the_link_is_found_under_a_code_from_before_two_were_joined() {
    let office = winter();
    office.ok("mail --template reminder --output out");
    let (amara, bea) = (office.code("amara"), office.code("bea"));
    office.ok("participant merge amara@example.org bea@example.org --yes");
    let said = office.says("consent withdrawn amara@example.org");
    for code in [amara, bea] {
        assert!(said.contains(&format!("out/{code}-reminder-1.eml\n")), "{said}");
    }
}

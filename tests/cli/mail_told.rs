//! `cohorts mail`: who was told what before, and what they are to be told now.

use crate::mail::{drafts, winter};

#[test]
fn whoever_was_told_another_day_gets_the_new_one() {
    let office = winter();
    let drafted = |folder: &str| -> Vec<String> {
        let drafts = drafts(&office, folder);
        let texts = drafts.values();
        texts.map(|draft| draft.text.replace('\n', " ")).collect()
    };
    office.ok("mail winter --template reminder --week 2 --output first");
    office.ok("move winter-2024 --week 2 --to 2024-01-31");
    let said = office.says("mail --template moved --output second");
    assert!(said.starts_with("Drafted 4 messages"), "{said}");
    let said = office.says("mail --template moved --output again");
    assert!(said.starts_with("Nobody is to get it now"), "{said}");
    // It moves once more: they know of the first new day.
    office.ok("move winter-2024 --week 2 --to 2024-02-01 --at 14:00");
    let said = office.says("mail --template moved --output third");
    assert!(said.starts_with("Drafted 4 messages"), "{said}");
    for text in drafted("third") {
        assert!(
            text.contains("Wednesday 31 January") && text.contains("Thursday 1 February"),
            "{text}"
        );
        assert!(!text.contains("Tuesday 30 January"), "{text}");
    }
    // The reminder told another day as well, and is drafted anew.
    let said = office.says("mail --template reminder --week 2 --output fourth");
    assert!(said.starts_with("Drafted 3 messages"), "{said}");
    // And back to its usual day: that is another day too than they were told.
    office.ok("move winter-2024 --week 2 --to 2024-01-30 --at 09:30");
    let said = office.says("mail --template moved --week 2 --output fifth");
    assert!(said.starts_with("Drafted 4 messages"), "{said}");
    for text in drafted("fifth") {
        assert!(
            text.contains("Thursday 1 February") && text.contains("Tuesday 30 January"),
            "{text}"
        );
    }
    office.refuses(1, "mail --template moved --week 3");
    office.ok("check");
}

#[test]
fn an_invitation_tells_the_days_too() {
    let office = winter();
    office.ok("move winter-2024 --week 2 --to 2024-01-31");
    office.ok("mail --template invitation --output first");
    // They know, and have it in their calendars; a reminder puts nothing there.
    let said = office.says("mail --template moved");
    assert!(said.starts_with("Nobody is to get it now"), "{said}");
    assert!(!office.ok("").contains("told another day"));
    office.ok("move winter-2024 --week 2 --to 2024-01-30");
    let today = office.ok("");
    assert!(today.contains("  4 were told another day of week 2  "), "{today}");
    assert!(today.contains("  cohorts mail --template moved --week 2\n"), "{today}");
    office.ok("mail --template reminder --week 2 --output reminded");
    office.ok("mail --template moved --week 2 --output second");
    assert!(!office.ok("").contains("told another day"));
    assert_eq!(drafts(&office, "second").len(), 4);
    for draft in drafts(&office, "second").values() {
        let text = draft.text.replace('\n', " ");
        assert!(text.contains("Wednesday 31 January") && text.contains("Tuesday 30 January"));
    }
    // No command moves these.
    office.edit("no_session_on = []", "no_session_on = [2024-02-06]");
    let said = office.refuses(2, "mail --template moved");
    assert!(said.contains("weeks 3 and 4 of `winter-2024` were moved"), "{said}");
    let said = office.says("mail --template moved --week 3 --output third");
    assert!(said.starts_with("Drafted 4 messages"), "{said}");
    let shown = office.ok("participant show bea@example.org");
    assert_eq!(shown.matches("invitation").count(), 1, "{shown}");
    office.ok("check");
}

#[test]
fn whoever_got_another_text_gets_the_one_that_is_needed() {
    let office = winter();
    office.ok("mail --template agreement --output first");
    let said = office.says("mail --template agreement");
    assert!(said.starts_with("Nobody is to get it now"), "{said}");
    let toml = office.read("cohorts.toml");
    let newer = "\n[[agreement]]\nversion = \"2024-02\"\nsince = 2024-01-10\ntext = \"New.\"\n";
    office.write("cohorts.toml", &(toml + newer));
    office.ok("mail --template agreement --output second");
    let second = drafts(&office, "second");
    assert!(drafts(&office, "first").keys().all(|name| second.contains_key(name)));
    assert!(second.values().all(|draft| draft.text.contains("New.")));
    // That they were drafted can be taken back, the files cannot.
    let said = office.says("undo");
    assert!(said.contains("where its drafts still lie  cohorts history --exports"), "{said}");
}

/// A reminder puts nothing into a calendar, and is believed all the same.
#[test]
fn whoever_was_reminded_of_another_day_is_told_that_it_moved_back() {
    let office = winter();
    office.ok("mail --template invitation --output first");
    office.ok("move --week 1 --to 2024-01-24");
    office.ok("mail --template reminder --output reminded");
    office.ok("move --week 1 --to 2024-01-23");
    let said = office.says("mail --template moved --week 1 --output back");
    assert!(said.starts_with("Drafted 3 messages"), "{said}");
    for draft in drafts(&office, "back").values() {
        let text = draft.text.replace('\n', " ");
        assert!(text.contains("Wednesday 24 January") && text.contains("Tuesday 23 January"));
    }
    office.refuses(1, "mail --template moved --week 1");
    // On, not back: the last day that they heard of is the one that is not.
    office.ok("move --week 1 --to 2024-01-24");
    office.ok("mail --template reminder --output again");
    office.ok("move --week 1 --to 2024-01-25");
    office.ok("mail --template moved --output on");
    for (name, draft) in drafts(&office, "on") {
        let is_told_24 = draft.text.contains("Wednesday 24 January");
        assert_eq!(is_told_24, !name.starts_with("KIT"), "{name} {}", draft.text);
    }
}

#[test]
fn whoever_missed_one_is_told_when_they_are_awaited_next() {
    let office = winter();
    office.at("2024-01-22 12:00").agree("winter", &["kit"]);
    office
        .at("2024-01-23 12:00")
        .ok("attend --absent bea@example.org kit@example.org --rest present");
    let next = |folder: &str| -> String {
        office.ok(&format!("mail --template missed --again --output {folder}"));
        let days = ["Tuesday 30 January", "Tuesday 6 February"];
        let drafts = drafts(&office, folder);
        let of = |draft: &crate::mail::Draft| {
            let text = draft.text.replace('\n', " ");
            days.into_iter().find(|day| text.contains(day)).unwrap_or("none")
        };
        drafts.iter().map(|(name, draft)| format!("{name}: {}\n", of(draft))).collect()
    };
    assert_eq!(
        next("first"),
        "BEA__-missed-1.eml: Tuesday 30 January\nKIT__-missed-1.eml: Tuesday 30 January\n"
    );
    office.ok("excuse bea@example.org --week 2");
    office.ok("consent withdrawn kit@example.org");
    assert_eq!(
        next("second"),
        "BEA__-missed-1.eml: Tuesday 6 February\nKIT__-missed-1.eml: none\n"
    );
}

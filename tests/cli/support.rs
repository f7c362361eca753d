//! `cohorts support`: asked for, kept in touch, closed; nobody forgotten.

use snapbox::{assert_data_eq, str};

use crate::office::Office;

/// Winter is over; spring starts on 2 April. Amara was in winter. Noor, whom
/// nobody knows, asks for support on 20 February, and so does Amara.
fn office() -> Office {
    let office = Office::winter();
    office.sign_up("winter", &["amara", "bea"]);
    office.at("2024-02-20 10:00").ok("new spring-2024 --starts 2024-04-02");
    let said = office
        .says("support add noor@example.org --first-name Noor --last-name Haddad --phone 555-0199");
    assert_data_eq!(
        office.uncoded(&said),
        str![[r#"
Noted that Noor Haddad (NOOR_) asks for support. The next contact is due today.
  once you were in touch  cohorts support contact NOOR_

"#]]
    );
    office.ok("support add 'Amara Example' --on 2024-02-19 --next 2024-02-23");
    office
}

/// The rows of the list, without its heading.
fn listed(office: &Office, more: &str) -> String {
    let csv = office.ok(&format!("support list {more} --format csv"));
    office.uncoded(csv.split_once('\n').unwrap().1)
}

#[test]
fn a_request_stands_until_it_is_closed() {
    let office = office();
    assert_data_eq!(
        office.uncoded(&office.ok("support list")),
        str![[r#"
Code   Goes by  Asked   Days  Last  How  Next
-----------------------------------------------
NOOR_  Noor     20 Feb  0                20 Feb
AMARA  Amara    19 Feb  1                23 Feb

"#]]
    );
    let screen = office.uncoded(&office.ok(""));
    assert!(
        screen.contains(
            "  Noor asked for support today               cohorts support contact NOOR_\n"
        ),
        "{screen}"
    );
    assert!(
        screen.contains(
            "  Amara: support, Fri 23 February            cohorts support contact AMARA\n"
        ),
        "{screen}"
    );
    let said = office.says("support contact noor@example.org --kind phone");
    assert_data_eq!(
        office.uncoded(&said),
        str![[r#"
Noted for Noor (NOOR_): in touch by phone. The next contact is due on Tue 27 February.
  once it is over  cohorts support close NOOR_

"#]]
    );
    assert!(!office.ok("").contains("Noor asked"));

    office.at("2024-02-27 09:00");
    office.ok("support contact noor@example.org --kind no-answer --next 2024-02-29");
    office.at("2024-03-03 09:00");
    let screen = office.uncoded(&office.ok(""));
    assert!(screen.contains("  Noor asked for support 12 days ago  "), "{screen}");
    assert!(screen.contains("  Amara asked for support 13 days ago  "), "{screen}");
    assert_eq!(
        listed(&office, ""),
        "AMARA,Amara,2024-02-19,13,,,2024-02-23,,\n\
         NOOR_,Noor,2024-02-20,12,2024-02-27,no-answer,2024-02-29,,\n"
    );
    let said = office.says("support list --format csv");
    assert!(said.starts_with("2 requests are open, 2 due for a contact.\n"), "{said}");
    let said = office.says("support close noor@example.org amara@example.org --outcome referred");
    assert_data_eq!(
        office.uncoded(&said),
        str![[r#"
Closed the request of Noor (NOOR_) after 12 days: they were referred to somebody else.
Closed the request of Amara (AMARA) after 13 days: they were referred to somebody else.

"#]]
    );
    assert_eq!(listed(&office, ""), "");
    assert_eq!(
        listed(&office, "--all"),
        "AMARA,Amara,2024-02-19,13,,,,referred,2024-03-03\n\
         NOOR_,Noor,2024-02-20,12,2024-02-27,no-answer,,referred,2024-03-03\n"
    );
    assert!(!office.ok("").contains("support"));
    assert_eq!(office.says("support list"), "No request for support is open.\n");
    // They may ask again, and that is another request.
    office.at("2024-03-10 09:00").ok("support add noor@example.org");
    assert_eq!(listed(&office, "--all").lines().count(), 3);
}

#[test]
fn whoever_asks_twice_is_noted_once() {
    let office = office();
    let before = office.files();
    let said = office.says("support add noor@example.org");
    assert!(office.uncoded(&said).contains("Noted already: Noor (NOOR_) asked on 20 February"));
    assert!(office.files() == before);
    let noor = office.code("noor");
    office.ok(&format!("support add --same-person {noor} --phone 555-0200"));
    let history = office.ok("history");
    assert!(history.contains(&format!("{noor}: details changed")), "{history}");
}

#[test]
fn the_same_participant_joins_a_cohort_and_the_request_is_closed_with_it() {
    let office = office();
    let noor = office.code("noor");
    office.at("2024-03-01 09:00");
    // Off a terminal it is said how, or done where that is asked for.
    let said = office.says("enroll -c spring --email noor@example.org");
    assert!(said.contains(&format!("cohorts support close {noor} --outcome joined")), "{said}");
    assert_eq!(listed(&office, "").lines().count(), 2);
    office.ok("undo");
    let said = office.says("enroll -c spring --email noor@example.org --close-support");
    assert!(said.contains("Closed their request for support."), "{said}");
    assert_eq!(listed(&office, ""), "AMARA,Amara,2024-02-19,11,,,2024-02-23,,\n");
    office.ok("undo");
    assert_eq!(listed(&office, "").lines().count(), 2);
}

#[test]
fn whoever_only_waits_still_asks_for_support() {
    let office = office();
    office.edit("capacity = 12", "capacity = 1");
    office.ok("enroll -c spring --first-name Lena --last-name Example --email lena@example.org");
    let said = office.says("enroll -c spring --email noor@example.org --close-support");
    assert!(said.contains("Their request for support stays open while they wait."), "{said}");
    assert_eq!(listed(&office, "").lines().count(), 2);
    // However late the next contact is, and whatever cohorts.toml says.
    office.ok("support contact noor@example.org --kind email --next 2024-06-04");
    assert!(office.ok("").contains("  Noor: support, Tue 4 June  "), "{}", office.ok(""));
    office.at("2024-03-01 09:00").edit("id = \"winter-2024\"", "id = \"winter-2025\"");
    let screen = office.ok("");
    assert!(screen.contains("do not fit together") && screen.contains("Amara asked for support"));
}

#[test]
fn a_place_and_a_form_say_that_somebody_asked() {
    let office = office();
    office.edit("capacity = 12", "capacity = 1");
    office.ok("enroll -c spring --first-name Lena --last-name Example --email lena@example.org");
    office.ok("enroll -c spring --email noor@example.org");
    office.ok("withdraw lena@example.org -c spring --reason schedule");
    let said = office.says("place -c spring");
    assert!(office.uncoded(&said).contains("cohorts support close NOOR_ --outcome joined"));
    office.edit("capacity = 1 ", "capacity = 12 ");
    office.write(
        "form.csv",
        "First name,Last name,Email\nAmara,Example,amara@example.org\nZoe,Li,zoe@example.org\n",
    );
    let said = office.says("import form.csv -c spring");
    assert!(said.contains("1 person asked for support; close what is over  cohorts support list"));
}

#[test]
fn nothing_personal_is_in_it_and_it_can_be_taken_back() {
    let office = office();
    office.ok("support contact noor@example.org --kind video --next none");
    let shown = office.ok("support list") + &office.ok("support list --all --format json");
    for personal in ["Haddad", "example.org", "555-0199"] {
        assert!(!shown.contains(personal), "{shown}");
    }
    let history = office.ok("history --changes");
    assert!(!history.contains("Haddad") && !history.contains("example.org"), "{history}");
    assert!(office.ok("").contains("1 request for support without a next contact"));
    office.ok("undo");
    assert_eq!(
        listed(&office, ""),
        "NOOR_,Noor,2024-02-20,0,,,2024-02-20,,\nAMARA,Amara,2024-02-19,1,,,2024-02-23,,\n"
    );
    office.ok("undo");
    office.ok("undo");
    assert_eq!(listed(&office, ""), "");
    assert!(
        office.refuses(1, "support close noor@example.org --outcome joined").contains("nobody")
    );
    office.ok("check");
}

#[test]
fn an_erased_one_asks_for_nothing_and_whoever_asks_is_kept() {
    let office = office();
    office.ok("participant erase noor@example.org --yes");
    assert_eq!(listed(&office, ""), "AMARA,Amara,2024-02-19,1,,,2024-02-23,,\n");
    office.ok("check");
    // Whoever has an open request is not due to be erased; once it is closed,
    // the time runs from there, in a cohort or not.
    let text = office.read("cohorts.toml");
    office.write("cohorts.toml", &(text + "\n[retention]\nerase_after = \"1 year\"\n"));
    office.ok("support add --first-name Omar --last-name Ali --email omar@example.org");
    office.at("2026-03-01 09:00");
    let due = office.run("participant erase --due --dry-run");
    let due = office.uncoded(&(due.stdout + &due.stderr));
    assert!(due.contains("BEA__  Bea, winter-2024 ended on"), "{due}");
    assert!(!due.contains("AMARA") && !due.contains("OMAR"), "{due}");
    office.ok("support close omar@example.org amara@example.org --outcome no-longer-needed");
    assert!(!office.says("participant erase --due --dry-run").contains("Omar"));
    office.at("2027-03-02 09:00");
    let due = office.run("participant erase --due --dry-run");
    let due = office.uncoded(&(due.stdout + &due.stderr));
    assert!(due.contains("AMARA  Amara, support ended on 1 March 2026"), "{due}");
    assert!(due.contains("OMAR_  Omar, support ended on 1 March 2026"), "{due}");
}

#[test]
fn participant_show_tells_the_whole_of_it() {
    let office = office();
    office.ok("support contact noor@example.org --kind email");
    office.at("2024-02-29 10:00");
    assert_data_eq!(
        office.uncoded(&office.ok("participant show noor@example.org")),
        str![[r#"
NOOR_  Noor Haddad

Support: open
  asked      20 Feb 2024
  email      20 Feb 2024
  next       27 Feb 2024, due

"#]]
    );
}

#[test]
fn of_two_entries_of_one_person_one_request_stays() {
    let office = office();
    office.ok("support contact noor@example.org --kind email");
    office.ok(
        "support add noor.h@example.org --first-name Noor --last-name Haddad --on 2024-02-18 --next 2024-02-22",
    );
    office.ok("support contact noor.h@example.org --kind phone --on 2024-02-18 --next 2024-02-25");
    office.ok("participant merge noor@example.org noor.h@example.org --yes");
    assert_eq!(
        listed(&office, "--all"),
        "AMARA,Amara,2024-02-19,1,,,2024-02-23,,\n\
         NOOR_,Noor,2024-02-18,2,2024-02-20,email,2024-02-25,,\n"
    );
    office.ok("check");
}

#[test]
fn what_is_missing_or_cannot_be_is_said_and_nothing_is_noted() {
    let office = office();
    for (code, line, what) in [
        (2, "support", "add"),
        (2, "support add", "the name is missing"),
        (2, "support add zoe@example.org", "the name is missing"),
        (1, "support add 'Zoe Li'", "nobody here matches `Zoe Li`"),
        (2, "support add ama", "`ama` is only part of a name"),
        (2, "support add amara@example.org --same-person K7QM2", "cannot be used with"),
        (2, "support add amara@example.org --on 2024-02-21", "is still to come"),
        (
            2,
            "support add bea@example.org --on 2024-02-19 --next 2024-02-18",
            "--next is before the day they asked",
        ),
        (2, "support contact", "the participant is missing"),
        (2, "support contact noor@example.org", "--kind, one of email, phone, video, no-answer"),
        (1, "support contact bea@example.org --kind email", "has not asked for support"),
        (
            2,
            "support contact noor@example.org --kind email --on 2024-02-19",
            "asked on 20 February 2024, after 2024-02-19",
        ),
        (
            2,
            "support contact noor@example.org --kind email --next 2024-02-19",
            "--next is before the contact itself",
        ),
        (2, "support close noor@example.org", "--outcome, one of joined, referred"),
        (1, "support close bea@example.org --outcome joined", "has not asked for support"),
        (2, "support close noor@example.org --outcome joined --on 2024-02-19", "after 2024-02-19"),
    ] {
        let said = office.refuses(code, line);
        assert!(said.contains(what), "{line}: {said}");
    }
    office.ok("support close noor@example.org --outcome joined");
    let said = office.refuses(1, "support contact noor@example.org --kind email");
    assert!(said.contains("was closed on 20 February 2024: joined"), "{said}");
    let before = office.files();
    assert!(office.says("support add noor@example.org --dry-run").contains("asks for support"));
    assert!(office.files() == before);
}

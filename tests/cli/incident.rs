//! `cohorts incident`: noted, listed, shown on the screen of today until closed.

use snapbox::{assert_data_eq, str};

use crate::office::Office;

/// Amara and Kit are in Winter, whose second session was today; Lena is in
/// Spring.
pub(super) fn office() -> Office {
    let office = Office::winter();
    office.ok("new spring-2024 --starts 2024-04-02");
    office.sign_up("winter", &["amara", "kit"]);
    office.sign_up("spring", &["lena"]);
    office.at("2024-01-18 09:00").agree("winter", &["amara"]);
    office.at("2024-01-30 11:45");
    office
}

/// The rows of the list, without its heading.
pub(super) fn listed(office: &Office, more: &str) -> String {
    let csv = office.ok(&format!("incident list {more} --format csv"));
    office.uncoded(csv.split_once('\n').unwrap().1)
}

#[test]
fn one_stands_until_it_is_closed() {
    let office = office();
    office.ok("attend --week 1 --rest present");
    office.ok("attend --week 2 --rest present");
    assert_eq!(listed(&office, ""), "");
    let said = office.says("incident add kit@example.org --week 2 --kind not-agreed");
    assert_data_eq!(
        office.uncoded(&said),
        str![[r#"
Noted incident 1. Winter 2024, week 2: there without agreement (Kit, KIT__).
  once something was done  cohorts incident close 1

"#]]
    );
    office.ok("incident add --week 2 --kind notetaker");
    let list = office.run("incident list");
    assert_data_eq!(
        office.uncoded(&list.stdout),
        str![[r#"
No  Cohort       Week  What        Whose  Goes by  Noted
---------------------------------------------------------
1   winter-2024  2     not-agreed  KIT__  Kit      30 Jan
2   winter-2024  2     notetaker                   30 Jan

"#]]
    );
    assert_eq!(
        list.stderr,
        "2 incidents are open.\n  once something was done  cohorts incident close NUMBER\n"
    );
    assert_data_eq!(
        office.uncoded(&office.ok("")),
        str![[r#"
Winter 2024, week 2 of 4                          Tue 30 January 2024, 11:45
Was 9:30 - 11:30, Zoom

  Recorded     1 present

Today
  Kit has not agreed                                cohorts consent agreed KIT__
  Winter 2024, week 2: there without agreement (Kit)  cohorts incident close 1
  Winter 2024, week 2: an AI notetaker                cohorts incident close 2
Soon
  Winter 2024: week 3 on 6 Feb, 4 on 13 Feb           cohorts show winter-2024
  Spring 2024 starts 2 April, 1 of 12 taken           cohorts show spring-2024
  There is no backup yet                              cohorts backup FILE

"#]]
    );
    office.at("2024-01-31 09:00");
    assert_data_eq!(
        office.says("incident close 2 --done removed"),
        str![[r#"
Closed incident 2 (removed). Winter 2024, week 2: an AI notetaker.

"#]]
    );
    assert_eq!(listed(&office, ""), "1,winter-2024,2,not-agreed,KIT__,Kit,2024-01-30,,\n");
    // The only one that is open is named by its number.
    assert_eq!(
        office.says("incident list --all"),
        "1 incident is open.\n  once something was done  cohorts incident close 1\n"
    );
    assert!(!office.ok("").contains("notetaker"));
    assert_data_eq!(
        office.uncoded(&office.ok("incident list --all")),
        str![[r#"
No  Cohort       Week  What        Whose  Goes by  Noted   Done     Closed
--------------------------------------------------------------------------
1   winter-2024  2     not-agreed  KIT__  Kit      30 Jan
2   winter-2024  2     notetaker                   30 Jan  removed  31 Jan

"#]]
    );
    // Nothing of it is about a screen that is shared: no last name, no address.
    let shown = office.ok("") + &office.ok("incident list --all");
    assert!(!shown.contains("Example") && !shown.contains('@'), "{shown}");
}

#[test]
fn it_stands_however_long_the_cohort_is_over_and_many_are_one_line() {
    let office = office();
    office.ok("incident add kit@example.org --week 1 --kind overheard");
    office.at("2026-01-05 09:00");
    let today = office.ok("");
    assert!(today.contains("  Winter 2024, week 1: others could hear (Kit)  "), "{today}");
    assert!(today.contains("  cohorts incident close 1\n"), "{today}");
    for kind in ["recording", "shared-name"] {
        office.ok(&format!("incident add -c winter --week 1 --kind {kind}"));
    }
    assert!(office.ok("").contains("cohorts incident close 3\n"));
    office.ok("incident add -c winter --kind other");
    let today = office.ok("");
    assert!(today.contains("  4 incidents are open                  cohorts incident list\n"));
    assert!(!today.contains("incident close"), "{today}");
    // In numbers, whatever the cohort.
    office.ok("incident add lena@example.org -c spring --week 3 --kind stranger --on 2024-04-17");
    office.ok("incident close 2 4 2 --done nothing");
    assert_eq!(
        listed(&office, ""),
        "1,winter-2024,1,overheard,KIT__,Kit,2024-01-30,,\n\
         3,winter-2024,1,shared-name,,,2026-01-05,,\n\
         5,spring-2024,3,stranger,LENA_,Lena,2024-04-17,,\n"
    );
    assert_eq!(
        listed(&office, "spring --all"),
        "5,spring-2024,3,stranger,LENA_,Lena,2024-04-17,,\n"
    );
    assert_eq!(listed(&office, "winter spring winter --all").lines().count(), 5);
    let json: serde_json::Value =
        serde_json::from_str(&office.ok("incident list --all --format json")).unwrap();
    assert_eq!(
        (&json[1]["done"], &json[1]["closed_on"]),
        (&"nothing".into(), &"2026-01-05".into())
    );
    assert_eq!((&json[3]["week"], &json[3]["code"]), (&().into(), &().into()));
}

#[test]
fn namesakes_are_told_apart_and_nobody_from_themselves() {
    let office = office();
    office
        .ok("enroll -c winter --late --first-name Kit --last-name Vance --email kit.v@example.org");
    office.ok("incident add kit@example.org --week 1 --kind not-agreed");
    office.ok("incident add kit@example.org --week 2 --kind not-agreed");
    assert!(office.ok("").contains("week 2: there without agreement (Kit)"));
    office.ok("incident add kit.v@example.org --week 2 --kind not-agreed");
    let today = office.ok("");
    for line in ["week 1: there without agreement (Kit E.)", "2: there without agreement (Kit V.)"]
    {
        assert!(today.contains(line), "{line}: {today}");
    }
}

#[test]
fn the_same_is_noted_once_while_it_is_open() {
    let office = office();
    office.ok("incident add kit@example.org --week 2 --kind not-agreed");
    let files = office.files();
    let said = office.says("incident add 'Kit Example' --week 2 --kind not-agreed");
    assert!(said.starts_with("Noted already, as incident 1. Winter 2024, week 2: "), "{said}");
    assert!(office.files() == files);
    // About somebody else, another week, another kind, or nobody, it is another.
    office.ok("incident add amara@example.org --week 2 --kind not-agreed");
    office.ok("incident add kit@example.org --week 1 --kind not-agreed");
    office.ok("incident add kit@example.org --week 2 --kind recording");
    office.ok("incident add --week 2 --kind not-agreed");
    office.ok("incident close 1 --done agreed-since");
    let said = office.says("incident add kit@example.org --week 2 --kind not-agreed");
    assert!(said.starts_with("Noted incident 6. "), "{said}");
    let said = office.says("incident add kit@example.org --week 2 --kind not-agreed");
    assert!(said.starts_with("Noted already, as incident 6. "), "{said}");
}

#[test]
fn what_is_missing_or_cannot_be_is_said_and_nothing_is_noted() {
    let office = office();
    let refused = |code, line: &str, what: &str| {
        let said = office.refuses(code, line);
        assert!(said.contains(what), "{line}: {said}");
    };
    refused(2, "incident add", "add --kind, one of stranger, not-agreed, notetaker, recording,");
    refused(2, "incident add --kind notetaker", "add --week N");
    refused(2, "incident add --kind wine --week 1", "invalid value 'wine'");
    refused(1, "incident add --kind notetaker --week 3", "week 3 of `winter-2024` has not come");
    refused(1, "incident add --kind notetaker --week 5", "`winter-2024` has no week 5");
    refused(1, "incident add --kind notetaker -c spring", "no session of `spring-2024` has begun");
    refused(1, "incident add zoe@example.org --kind other", "nobody here matches");
    refused(2, "incident add ki --kind other", "`ki` is only part of a name");
    refused(2, "incident add --kind other --on 2024-01-31", "--on 2024-01-31 is still to come");
    refused(
        2,
        "incident add --kind recording --week 2 --on 2024-01-29",
        "week 2 was on 30 January 2024, after 2024-01-29",
    );
    office.ok("incident add --kind told-outside");
    refused(2, "incident close", "<NUMBER>");
    refused(2, "incident close NUMBER", "a number, as `cohorts incident list` shows them");
    refused(2, "incident close 1", "add --done, one of removed, talked, agreed-since, group-told,");
    refused(1, "incident close 7", "there is no incident 7");
    refused(1, "incident close 1 7 --done talked", "there is no incident 7");
    refused(1, "incident list autumn", "there is no cohort `autumn`");
    office.ok("incident close 1 --done talked");
    refused(
        1,
        "incident close 1 --done removed",
        "incident 1 was closed on 30 January 2024: talked",
    );
    let before = Office::winter();
    let said = before.refuses(1, "incident add --kind other");
    assert!(said.contains("no cohort has begun yet"), "{said}");
}

#[test]
fn outside_a_session_it_needs_no_week_and_a_stranger_may_be_known() {
    let office = office();
    office.ok("incident add kit@example.org --kind told-outside");
    office.ok("incident add --kind told-outside --week 1");
    // Lena is in another group; a first name alone is somebody of this one.
    office.ok("incident add 'Lena Example' --kind stranger --week 2");
    assert_eq!(
        listed(&office, ""),
        "1,winter-2024,,told-outside,KIT__,Kit,2024-01-30,,\n\
         2,winter-2024,1,told-outside,,,2024-01-30,,\n\
         3,winter-2024,2,stranger,LENA_,Lena,2024-01-30,,\n"
    );
}

#[test]
fn a_dry_run_changes_nothing() {
    let office = office();
    let files = office.files();
    let said = office.says("incident add --week 1 --kind other --dry-run");
    assert!(said.contains("Otherwise:\nNoted incident 1. "), "{said}");
    assert!(office.files() == files);
    office.ok("incident add --week 1 --kind other");
    let files = office.files();
    assert!(office.says("incident close 1 --done mistake --dry-run").contains("Closed incident 1"));
    assert!(office.files() == files);
}

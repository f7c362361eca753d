//! `cohorts attend --from`: who the people in the room are, and who may not have been
//! there.

use snapbox::{assert_data_eq, str};

use crate::attend_report::{week, winter};
use crate::encrypted;
use crate::office::{Office, holds};

const HEAD: &str = "Name (original name),Email,Join time,Leave time,Duration (minutes),Guest,Recording disclaimer response,In waiting room\n";

/// Writes a report of the first session: the host, and who else, each with a
/// name, an address and what follows the times.
pub(crate) fn report(office: &Office, rows: &[(&str, &str, &str)]) {
    let mut text = HEAD.to_owned();
    text += "Robin Lee (Host),robin@example.org,01/23/2024 09:12,01/23/2024 11:33,142,No,,No\n";
    for (name, address, times) in rows {
        let times = match *times {
            "" => "09:28-11:31",
            times => times,
        };
        let (from, to) = times.split_once('-').unwrap();
        text += &format!("\"{name}\",{address},01/23/2024 {from},01/23/2024 {to},100,Yes,,No\n");
    }
    office.write("report.csv", &text);
}

#[test]
fn whoever_matches_nobody_is_listed_and_nothing_is_written() {
    let office = winter();
    report(
        &office,
        &[
            ("Amara", "AMARA@Example.org", ""),
            ("iPhone (2)", "", ""),
            ("Bea L.", "", "09:28-10:00"),
            ("Bea L.", "", "10:01-11:30"),
            ("Ai Tanaka", "ai@elsewhere.example", ""),
        ],
    );
    let said = office.refuses(2, "attend --from report.csv");
    assert_data_eq!(
        office.uncoded(&said),
        str![[r#"
report.csv:4: `iPhone (2)`, from 9:28
report.csv:5: `Bea L.`, from 9:28, like Bea (BEATR) (also line 6)
report.csv:7: `Ai Tanaka`, ai@elsewhere.example, from 9:28, perhaps an AI notetaker
error: 3 people in report.csv match nobody in `winter-2024`; nothing was changed
hint: say who each is, such as --who 'iPhone (2)=CODE' (or facilitator, notetaker, nobody)
hint: add --always, to know those names from now on
hint: or add --unmatched ignore, to leave them out; whoever they are like then has no mark

"#]]
    );
    // It can be typed as it stands.
    let report = office.read("report.csv").replace("iPhone (2)", "Anna's iPhone");
    office.write("other.csv", &report);
    let said = office.refuses(2, "attend --from other.csv");
    assert!(said.contains(r"--who 'Anna'\''s iPhone=CODE' (or"), "{said}");
    // Whoever is said to be two people is nobody yet; twice the same is once.
    let two = "attend --from report.csv --unmatched ignore --who 'iPhone (2)=chen@example.org'";
    let said = office.refuses(2, &format!("{two} 'iphone (2)=hugo@example.org'"));
    assert_eq!(
        said,
        "error: `iphone (2)` is said to be two people
hint: nothing in the report tells them apart: say it of one, and mark the other with --present WHO
"
    );
    office.ok(&format!("{two} --present hugo@example.org --dry-run"));
    assert!(office.says(&format!("{two} 'iphone (2)=Chen Liu' --dry-run")).contains("Chen   P"));
    // Said by options, all at once; only then is it written.
    let line = "attend --from report.csv --who 'iphone (2)=chen@example.org' 'Bea L.=Beatriz Lindqvist' --who ai@elsewhere.example=facilitator";
    let said = office.says(line);
    assert!(said.contains("Left out: 2 facilitators."), "{said}");
    assert!(said.contains("`Ai Tanaka <ai@elsewhere.example>` to facilitators"), "{said}");
    assert!(week(&office, 1).starts_with("Amara P, Bea P, Chen P, Dara A"));
    assert_eq!(office.ok("incident list --format csv").lines().count(), 1);
}

#[test]
fn who_is_left_out_is_said_and_kept_as_an_incident() {
    let office = winter();
    report(&office, &[("Amara", "amara@example.org", ""), ("iPhone (2)", "", ""), ("Sam", "", "")]);
    let said = office.says("attend --from report.csv --unmatched ignore");
    assert!(
        said.contains(
            "warning: 2 people were in the room who match nobody in the group (lines 4 and 5)"
        ),
        "{said}"
    );
    assert!(said.contains("10 marks, 1 incident."), "{said}");
    let incidents = office.ok("incident list --format csv");
    assert!(incidents.contains("winter-2024,1,stranger,,"), "{incidents}");
    // Nothing of what the file said of strangers is kept.
    let everything = encrypted::readable(&office.path("cohorts.db"));
    let kept = |text: &str| holds(&everything, text);
    assert!(kept("Amara") && !kept("iPhone") && !kept("Sam"));
    office.ok("undo");
    assert_eq!(office.ok("incident list --all --format csv").lines().count(), 1);
}

#[test]
fn a_facilitators_name_is_not_enough_for_a_guest() {
    let office = winter();
    let line = "attend --from report.csv --week 1";
    report(&office, &[("Robin Lee", "stranger@elsewhere.example", "")]);
    // With a name alone in cohorts.toml, anybody could be called so.
    office
        .edit("facilitators = []", "facilitators = [\"Robin Lee\", \"Sam Ito <sam@example.org>\"]");
    let said = office.refuses(2, line);
    assert!(said.contains("`Robin Lee`, stranger@elsewhere.example"), "{said}");
    report(&office, &[("Sam Ito", "sam@elsewhere.example", "")]);
    assert!(office.refuses(2, line).contains("`Sam Ito`, sam@elsewhere.example"));
    // By the address, whatever the name; by the name where no guest has it.
    report(&office, &[("Samuel", "sam@example.org", "")]);
    let said = office.says(&format!("{line} --dry-run"));
    assert!(said.contains("Left out: 2 facilitators."), "{said}");
    report(&office, &[("Robin Lee", "lee@elsewhere.example", "")]);
    let text = office.read("report.csv").replace("Yes", "No");
    office.write("report.csv", &text);
    let said = office.says(&format!("{line} --dry-run"));
    assert!(said.contains("Left out: 2 facilitators."), "{said}");
    // Nor is a guest the host by calling themselves so.
    report(&office, &[("Kim (Host)", "", "")]);
    assert!(office.refuses(2, line).contains("`Kim`, from 9:28"));
}

#[test]
fn an_address_tells_more_than_a_name_that_was_confirmed() {
    let office = winter();
    report(&office, &[("Amara", "amara@example.org", ""), ("iPhone", "", "")]);
    office.ok("attend --from report.csv --who iPhone=bea@example.org --always");
    // Somebody else's telephone is called so too, and signed in with an address.
    let next = std::fs::read_to_string(office.path("report.csv")).unwrap();
    let next = next.replace("01/23", "01/30").replace("\"iPhone\",", "\"iPhone\",chen@example.org");
    office.write("next.csv", &next);
    office.at("2024-01-30 12:00").ok("attend --from next.csv");
    assert!(week(&office, 2).starts_with("Amara P, Bea A, Chen P"), "{}", week(&office, 2));
}

#[test]
fn a_name_is_known_once_it_was_confirmed_and_only_while_it_is_one_persons() {
    let office = winter();
    report(&office, &[("Amara", "amara@example.org", ""), ("iPhone (2)", "", "")]);
    office.ok("attend --from report.csv --who 'iPhone (2)=bea@example.org' --always");
    // The next week it is known, whatever its case.
    let next = std::fs::read_to_string(office.path("report.csv")).unwrap();
    office.write("next.csv", &next.replace("01/23", "01/30").replace("iPhone (2)", "IPHONE (2)"));
    office.at("2024-01-30 12:00").ok("attend --from next.csv");
    assert!(week(&office, 2).starts_with("Amara P, Bea P, Chen A"));
    // The name she came with is known below another that she took.
    office.write(
        "next.csv",
        &next.replace("01/23", "02/06").replace("iPhone (2)", "Bea (iPhone (2))"),
    );
    office.at("2024-02-06 12:00").ok("attend --from next.csv");
    assert!(week(&office, 3).starts_with("Amara P, Bea P"));
    // Once it is Chen's as well, it is neither's.
    office.ok("participant edit chen@example.org --zoom-name 'iPhone (2)'");
    office.write("next.csv", &next.replace("01/23", "02/13"));
    let said = office.at("2024-02-13 12:00").refuses(2, "attend --from next.csv");
    assert!(said.contains("next.csv:4: `iPhone (2)`"), "{said}");
    // Forgotten, it is Bea's again.
    office.ok("participant edit chen@example.org --zoom-name ''");
    office.ok("attend --from next.csv");
    assert!(week(&office, 4).starts_with("Amara P, Bea P"));
}

#[test]
fn a_phone_number_that_was_confirmed_is_shown_only_on_request() {
    let office = winter();
    report(&office, &[("Amara", "amara@example.org", ""), ("16045550109", "", "")]);
    let said = office.uncoded(&office.refuses(2, "attend --from report.csv"));
    assert!(said.contains("report.csv:4: `16045550109`, from 9:28, like Inês (INÊS_)"), "{said}");
    office.ok("attend --from report.csv --who 16045550109=ines@example.org --always");
    assert!(!office.ok("participant show ines@example.org").contains("555"));
    assert!(
        office.ok("participant show ines@example.org --all").contains("in Zoom    16045550109")
    );
}

#[test]
fn a_confirmed_name_goes_with_whoever_it_names() {
    let office = winter();
    office.ok("participant edit kit@example.org --zoom-name 'Kitty :)'");
    office.ok(
        "enroll -c winter --late --first-name Kit --last-name Tran --email kit.two@example.org",
    );
    let said = office.says("participant edit kit@example.org --zoom-name 'kitty :)'");
    assert!(said.contains("is so already"), "{said}");
    office.ok("participant merge kit.two@example.org kit@example.org --yes");
    assert!(office.ok("participant show kit@example.org").contains("in Zoom    Kitty :)"));
    let everything = || encrypted::readable(&office.path("cohorts.db"));
    let kept = |bytes: &[u8]| bytes.windows(5).any(|some| some == b"Kitty" || some == b"kitty");
    assert!(kept(&everything()));
    office.ok("participant erase kit@example.org --yes");
    assert!(!kept(&everything()));
}

#[test]
fn a_name_alone_is_not_enough_and_an_address_that_two_share_neither() {
    let office = winter();
    report(&office, &[("Amara Diallo", "", "")]);
    office.refuses(2, "attend --from report.csv");
    office.ok("participant edit bea@example.org --email shared@example.org");
    office.ok("participant edit chen@example.org --email shared@example.org");
    report(&office, &[("Bea", "shared@example.org", ""), ("Bea", "bea@example.org", "")]);
    let said = office.refuses(2, "attend --from report.csv");
    // A former address is still hers.
    assert!(said.contains("1 person in report.csv matches nobody"), "{said}");
    assert!(said.contains("report.csv:3"), "{said}");
}

#[test]
fn whoever_has_not_agreed_is_not_marked_by_accident() {
    let office = winter();
    office.ok("consent declined sara.vogel@example.org");
    report(
        &office,
        &[
            ("Amara", "amara@example.org", ""),
            ("Kit", "kit@example.org", "09:28-09:50"),
            ("Sara", "sara.vogel@example.org", ""),
        ],
    );
    let said = office.says("attend --from report.csv");
    assert_data_eq!(
        office
            .uncoded(&said)
            .lines()
            .skip_while(|line| !line.starts_with("warning"))
            .collect::<Vec<_>>()
            .join("\n"),
        str![[r#"
warning: Kit (KIT__) was in the room for 20 min and has not agreed: not marked
warning: Sara (SARA_) was in the room for 120 min and has declined to agree: not marked
  Kit, if let in all the same   cohorts attend winter-2024 --week 1 --without-agreement KIT__ --reason REASON
  Sara, if let in all the same  cohorts attend winter-2024 --week 1 --without-agreement SARA_ --reason REASON
Saved week 1 of winter-2024: 10 marks, 2 incidents.  To take it back: cohorts undo
  once something was done       cohorts incident close 1 2
"#]]
    );
    assert!(!week(&office, 1).contains("Kit") && !week(&office, 1).contains("Sara"));
    let incidents = office.uncoded(&office.ok("incident list --format csv"));
    assert!(
        incidents.contains("not-agreed,KIT__") && incidents.contains("not-agreed,SARA_"),
        "{incidents}"
    );
    let shown = office.ok("participant show kit@example.org");
    assert!(shown.contains("Incidents"), "{shown}");
    // Afterwards as by hand, or at once: with the mark that the report makes.
    office.ok("undo");
    let kit = "--without-agreement kit@example.org --reason let-in-by-mistake";
    office.ok(&format!("attend --from report.csv {kit}"));
    assert!(week(&office, 1).contains("Kit D!"), "{}", week(&office, 1));
    assert_eq!(office.ok("incident list --format csv").lines().count(), 3);
}

#[test]
fn whoever_is_not_in_the_group_is_an_incident_and_needs_no_question() {
    let office = winter();
    office.ok("new spring-2024 --starts 2024-04-02");
    office.sign_up("spring", &["nadia"]);
    report(
        &office,
        &[
            ("Amara", "amara@example.org", ""),
            ("Milo", "milo@example.org", ""),
            ("Sara W", "sara.weiss@example.org", "10:30-10:40"),
            ("N.", "nadia@example.org", ""),
        ],
    );
    let said = office.says("attend --from report.csv");
    let said = office.uncoded(&said);
    for part in [
        "warning: Milo (MILO_) was in the room for 120 min and is not in the group any more",
        "warning: Sara (SARA_) was in the room for 10 min and waits for a place",
        "warning: Nadia (NADIA) was in the room and is not in the group (line 6)",
        "10 marks, 3 incidents.",
    ] {
        assert!(said.contains(part), "{part}\n{said}");
    }
    let incidents = office.uncoded(&office.ok("incident list --format csv"));
    assert_eq!(incidents.matches(",stranger,").count(), 3, "{incidents}");
    assert!(incidents.contains("stranger,MILO_") && incidents.contains("stranger,NADIA"));
}

#[test]
fn a_notetaker_a_recording_and_two_under_one_name_are_said_and_kept() {
    let office = winter();
    let rows = "Amara,amara@example.org,01/23/2024 09:28,01/23/2024 11:31,123,Yes,OK,No
Kit's OtterPilot,,01/23/2024 09:28,01/23/2024 11:31,123,Yes,,No
Chen & Sam,chen@example.org,01/23/2024 09:28,01/23/2024 11:31,123,Yes,,No
Dara,dara@example.org,01/23/2024 09:28,01/23/2024 10:31,123,Yes,,No
Dara,,01/23/2024 10:20,01/23/2024 11:31,123,Yes,OK,No
Elif,elif@example.org,01/23/2024 09:28,01/23/2024 10:31,123,Yes,,No
Elif,elif@example.org,01/23/2024 10:20,01/23/2024 11:31,123,Yes,,No
Otter.ai,,01/23/2024 09:00,01/23/2024 09:20,123,Yes,OK,Yes
";
    office.write("report.csv", &format!("{HEAD}{rows}"));
    let said = office.says("attend --from report.csv --who Dara=dara@example.org");
    let warnings: Vec<&str> = said.lines().filter(|line| line.starts_with("warning")).collect();
    assert_eq!(
        warnings,
        [
            "warning: an AI notetaker was in the room: `Kit's OtterPilot` (line 3)",
            "warning: two people may have been in the room as `Chen & Sam` (line 4)",
            "warning: two people may have been in the room as `Dara` (line 5)",
            "warning: the session was recorded, or that was tried: its notice was answered (lines 2 and 6)",
        ]
    );
    assert!(week(&office, 1).starts_with("Amara P, Bea A, Chen P, Dara P, Elif P"));
    let incidents = office.uncoded(&office.ok("incident list --format csv"));
    for kind in ["notetaker,,", "shared-name,CHEN_", "shared-name,DARA_", "recording,,"] {
        assert!(incidents.contains(kind), "{kind}\n{incidents}");
    }
    // A second export of the same meeting notes nothing twice.
    office.write("again.csv", &format!("{HEAD}{rows}\n"));
    let said = office.says("attend --week 1 --from again.csv --who Dara=dara@example.org");
    assert!(
        said.contains("Recorded the report of week 1 of winter-2024: no mark is changed."),
        "{said}"
    );
    assert_eq!(office.ok("incident list --format csv").lines().count(), 5);
}

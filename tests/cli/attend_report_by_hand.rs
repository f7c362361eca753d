//! `cohorts attend --from`, where marks were made before: by hand, by a report, or
//! because somebody told us.

use crate::attend_report::{example, week, winter};
use crate::attend_report_people::report;
use crate::office::Office;
use crate::undo_bounds::last;

#[test]
fn a_mark_made_by_hand_stays_unless_it_is_to_be_replaced() {
    let office = winter();
    office.ok("attend --late amara@example.org --absent bea@example.org --rest present");
    let line = "attend --week 1 --from zoom-joins.csv --who iPhone=hugo@example.org";
    let said = office.uncoded(&office.says(line));
    for part in [
        "Marked otherwise by hand, and left so (--replace changes that):",
        "  Amara (AMARA): late by hand, present in the report",
        "  Bea (BEATR): absent by hand, present in the report",
        "  Chen (CHEN_): present by hand, late in the report",
        "  Finn (FINN_): present by hand, absent in the report",
        "no mark is changed",
    ] {
        assert!(said.contains(part), "{part}\n{said}");
    }
    assert!(week(&office, 1).starts_with("Amara L, Bea A, Chen P"));
    // The report is known now; to replace is said on purpose.
    let before = office.files();
    let said = office.says(line);
    assert!(said.contains("left so (--replace changes that):"), "{said}");
    assert!(said.ends_with("recorded so already; nothing was changed.\n"), "{said}");
    assert!(office.files() == before);
    let said = office.uncoded(&office.says(&format!("{line} --replace")));
    assert!(said.contains("Amara (AMARA): late -> present"), "{said}");
    assert!(said.contains("Changed week 1 of winter-2024: 4 marks."), "{said}");
    assert!(week(&office, 1).starts_with("Amara P, Bea P, Chen L"));
    // What a report marked, another report of the same meeting may change.
    let later = example("zoom-joins.csv").replace("01/23/2024 09:53", "01/23/2024 09:38");
    office.write("later.csv", &later);
    let said = office
        .uncoded(&office.says("attend --week 1 --from later.csv --who iPhone=hugo@example.org"));
    assert!(said.contains("Chen (CHEN_): late -> present"), "{said}");
    // What is said with the report counts before it.
    office.write("last.csv", &(later + "\n"));
    office.ok("attend --week 1 --from last.csv --who iPhone=hugo@example.org --departed jonas@example.org");
    assert!(week(&office, 1).ends_with("Jonas D"), "{}", week(&office, 1));
}

#[test]
fn a_mark_is_the_reports_again_once_what_was_done_by_hand_is_taken_back() {
    let marks_bea_present = |office: &Office| {
        let rows = [("Amara", "amara@example.org", ""), ("Bea", "bea@example.org", "")];
        report(office, &rows);
        let said = office.says("attend --week 1 --from report.csv --unmatched ignore");
        assert!(!said.contains("by hand"), "{said}");
        assert!(office.uncoded(&said).contains("Bea (BEATR): absent -> present"), "{said}");
    };
    let office = winter();
    report(&office, &[("Amara", "amara@example.org", "")]);
    office.ok("attend --from report.csv --unmatched ignore");
    assert!(week(&office, 1).starts_with("Amara P, Bea A"));
    office.ok("attend --week 1 --late bea@example.org");
    office.ok("undo");
    marks_bea_present(&office);
    // Taken back and brought back, it is as it was.
    office.ok("undo");
    let undo = last(&office);
    office.ok(&format!("undo {undo}"));
    office.ok(&format!("undo {}", undo + 1));
    marks_bea_present(&office);
    office.ok("undo");
    // So it is once another entry of theirs is joined with it, which marks nobody.
    office.ok("enroll -c winter --late --first-name Beatriz --last-name Lindqvist --goes-by Bea --email b@example.org --new-person");
    let [bea, other] = ["bea", "b"].map(|name| office.code(name));
    office.ok(&format!("participant merge {other} {bea} --yes"));
    marks_bea_present(&office);
    office.ok("undo");
    // What was brought back was made by hand all the same.
    office.ok("attend --week 1 --late bea@example.org");
    office.ok("undo");
    office.ok(&format!("undo {}", last(&office)));
    let said = office.says("attend --week 1 --from report.csv --unmatched ignore");
    assert!(office.uncoded(&said).contains("Bea (BEATR): late by hand, present in"), "{said}");
}

#[test]
fn an_excuse_stands_and_who_came_after_all_is_marked_as_they_were() {
    let office = winter();
    office.at("2024-01-22 09:00").ok("excuse finn@example.org chen@example.org --week 1");
    let line = "attend --from zoom-joins.csv --who iPhone=hugo@example.org";
    let said = office.at("2024-01-23 11:40").says(line);
    assert!(said.contains("was excused and came after all."), "{said}");
    assert!(said.contains("Chen   L  97 min, from 9:53, was E"), "{said}");
    assert!(said.contains("Finn   E  told us 22 Jan"), "{said}");
    let week = week(&office, 1);
    assert!(week.contains("Chen L") && week.contains("Finn E"), "{week}");
}

#[test]
fn an_excuse_made_over_a_mark_or_after_the_session_is_a_mark_by_hand() {
    let office = winter();
    let rows = [("Amara", "amara@example.org", ""), ("Bea", "bea@example.org", "")];
    report(&office, &rows[..1]);
    office.at("2024-01-23 12:00").ok("attend --from report.csv --unmatched ignore");
    // Amara was there, and then was not; the same day or later. Bea is told of too late.
    office.ok("attend --week 1 --excused amara@example.org");
    office.at("2024-01-24 09:00").ok("excuse bea@example.org --week 1");
    report(&office, &rows);
    let line = "attend --week 1 --from report.csv --unmatched ignore";
    let said = office.uncoded(&office.says(line));
    for part in [
        "Marked otherwise by hand, and left so (--replace changes that):",
        "  Amara (AMARA): excused by hand, present in the report",
        "  Bea (BEATR): excused by hand, present in the report",
    ] {
        assert!(said.contains(part), "{part}\n{said}");
    }
    assert!(!said.contains("came after all"), "{said}");
    assert!(week(&office, 1).starts_with("Amara E, Bea E"), "{}", week(&office, 1));
    office.ok(&format!("{line} --replace"));
    assert!(week(&office, 1).starts_with("Amara P, Bea P"), "{}", week(&office, 1));
}

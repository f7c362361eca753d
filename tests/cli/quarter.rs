//! A quarter in which everything happens that can.

use crate::office::Office;

/// Every kind of change there is, some of them taken back and redone.
pub(super) fn lively_quarter() -> Office {
    let office = Office::new();
    office.edit("capacity = 12", "capacity = 4");
    for (now, line) in [
        ("2024-01-02 09:00", "new winter-2024 --starts 2024-01-23"),
        ("2024-01-02 09:01", "new spring-2024 --starts 2024-04-02"),
        (
            "2024-01-03 09:00",
            "enroll -c winter --first-name Amara --last-name Diallo --email amara@example.org --phone 555-0101 --leave maternity --site Vancouver --residency Pediatrics",
        ),
        (
            "2024-01-03 09:10",
            "enroll -c winter --first-name Beatriz --last-name Lindqvist --goes-by Bea --email bea@example.org",
        ),
        (
            "2024-01-03 09:20",
            "enroll -c winter --first-name Chen --last-name Liu --email chen@example.org --leave medical",
        ),
        (
            "2024-01-03 09:30",
            "enroll -c winter --first-name Kit --last-name Tran --email kit@example.org",
        ),
        (
            "2024-01-03 09:40",
            "enroll -c winter --first-name Milo --last-name Petrov --email milo@example.org",
        ),
        (
            "2024-01-04 09:00",
            "participant edit kit@example.org --email kit.new@example.org --goes-by Kitty --phone 555-0102",
        ),
        (
            "2024-01-04 09:01",
            "participant edit kit@example.org -c winter --site Victoria --leave parental",
        ),
        ("2024-01-04 09:02", "participant edit kit@example.org --phone ''"),
        ("2024-01-05 09:00", "withdraw chen@example.org -c winter --reason schedule"),
        ("2024-01-05 09:01", "place -c winter milo@example.org"),
        (
            "2024-01-06 09:00",
            "enroll -c winter --first-name Chen --last-name Liu --email chen@example.org",
        ),
        ("2024-01-10 09:00", "support add amara@example.org --next none"),
        ("2024-01-12 09:00", "support close amara@example.org --outcome joined"),
        (
            "2024-01-18 09:00",
            "consent agreed amara@example.org bea@example.org -c winter --method form",
        ),
        ("2024-01-18 09:01", "consent declined milo@example.org -c winter"),
        (
            "2024-01-19 09:01",
            "consent agreed milo@example.org kit@example.org -c winter --method verbal",
        ),
        (
            "2024-01-23 12:00",
            "attend --late bea@example.org --absent milo@example.org --rest present",
        ),
        ("2024-01-23 12:01", "attend --week 1 --present milo@example.org"),
        ("2024-01-24 12:00", "excuse bea@example.org --week 2"),
        ("2024-01-25 12:00", "consent withdrawn kit@example.org -c winter"),
        ("2024-01-30 12:00", "attend --departed amara@example.org --rest present"),
        (
            "2024-01-30 12:05",
            "attend --week 2 --without-agreement kit@example.org --reason let-in-by-mistake",
        ),
        ("2024-01-30 12:06", "incident add kit@example.org --week 2 --kind not-agreed"),
        ("2024-01-30 12:07", "incident add --week 2 --kind notetaker"),
        ("2024-01-30 12:08", "incident close 2 --done removed"),
        ("2024-01-31 12:00", "move --week 3 --to 2024-02-08 --at 13:00"),
        ("2024-02-09 12:00", "attend --week 3 --rest present"),
        ("2024-02-09 12:01", "undo"),
        ("2024-02-09 12:02", "attend --week 3 --rest absent"),
        ("2024-02-10 12:02", "withdraw milo@example.org --reason no-reply"),
        ("2024-02-13 12:02", "attend --week 4 --rest present"),
        (
            "2024-02-14 12:02",
            "enroll -c spring --first-name Chen --last-name Liu --email chen@example.org",
        ),
        ("2024-02-14 12:02", "mail spring --template invitation --output drafts"),
        (
            "2024-02-14 12:02",
            "enroll -c spring --first-name Chen --last-name Liu --email chen.two@example.org",
        ),
        ("2024-02-14 12:02", "participant merge chen@example.org chen.two@example.org --yes"),
        (
            "2024-02-14 12:03",
            "support add omar@example.org --first-name Omar --last-name Farouk --phone 555-0103",
        ),
        ("2024-02-14 12:03", "support contact omar@example.org --kind phone"),
        ("2024-02-14 12:03", "incident close 1 --done talked"),
        ("2024-02-14 12:03", "finish winter"),
        ("2024-02-14 12:03", "roster winter --output roster.csv"),
    ] {
        office.at(now).ok(line);
    }
    // What was drafted is sent by now, and deleted.
    std::fs::remove_dir_all(office.path("drafts")).unwrap();
    office
}

use super::{AGREEMENT, PROGRAM, mistakes};

#[test]
fn mistakes_in_cohorts() {
    let program =
        format!("{PROGRAM}no_session_on = [2024-04-09, 2025-07-01, 2024-12-31]\n{AGREEMENT}");
    for (keys, said) in [
        (
            "id = 'Winter 2024'\nstarts_on = 2024-01-23",
            "15:6 an id is made of lower-case letters, digits and single dashes, like `winter-2024` (perhaps `winter-2024`)",
        ),
        (
            "id = 'next'\nstarts_on = 2024-01-23",
            "15:6 `next` has a meaning of its own on the command line (choose another, like `winter-2024`)",
        ),
        ("starts_on = 2024-01-23", "14:1 `id` is missing (add `id = \"winter-2024\"`)"),
        ("id = 'a'", "14:1 `starts_on` is missing (add `starts_on = 2024-01-23`)"),
        (
            "id = 'a'\nstarts_on = '2024-01-23'",
            "16:13 `starts_on` must be a date, not text (write it without quotation marks: `starts_on = 2024-01-23`)",
        ),
        (
            "id = 'a'\nstarts_on = 2024-01-24",
            "16:13 2024-01-24 is a Wednesday, and sessions are on Tuesdays (the nearest Tuesdays are 23 and 30 January 2024)",
        ),
        (
            "id = 'a'\nstarts_on = 2025-07-01",
            "16:13 2025-07-01 is in `no_session_on` (the nearest Tuesdays are 24 June and 8 July 2025)",
        ),
        (
            "id = 'a'\nstarts_on = 2024-12-31",
            "16:13 2024-12-31 is in `no_session_on` (the nearest Tuesdays are 24 December 2024 and 7 January 2025)",
        ),
        (
            "id = 'a'\nstarts_on = 2023-12-26",
            "16:13 no agreement is in force on 2023-12-26: the first one is since 2024-01-01 (start later, or add an `[[agreement]]` since 2023-12-26 or earlier)",
        ),
        (
            "id = 'a'\nstarts_on = 2200-01-07",
            "16:13 `starts_on` must be a day of the years 1900 to 2199 (like `starts_on = 2024-01-23`)",
        ),
        (
            "id = 'a'\nstarts_on = 2024-01-23\nsessions = 0",
            "17:12 `sessions` must be from 1 to 52, not 0",
        ),
        (
            "id = 'a'\nstarts_on = 2024-01-23\nends_at = 01:30:00",
            "17:11 a session must end after it starts, not start at 09:30 and end at 01:30 (hours are counted to 24: half past one is 13:30:00)",
        ),
        (
            "id = 'a'\nstarts_on = 2024-01-23\nstart_on = 3",
            "17:1 unknown key `start_on` (did you mean `starts_on`?)",
        ),
        (
            "id = 'a'\nstarts_on = 2024-01-23\nweekday = 3",
            "17:11 `weekday` must be text, not a whole number (like `weekday = \"Tuesday\"`)",
        ),
    ] {
        assert_eq!(mistakes(&format!("{program}[[cohort]]\n{keys}\n")), said, "{keys}");
    }
    let twice = "[[cohort]]\nid = 'a'\nstarts_on = 2024-01-23\n[[cohort]]\nid = 'a'\nstarts_on = 2024-03-05\n";
    assert_eq!(
        mistakes(&format!("{program}{twice}")),
        "18:6 there is another cohort `a` (the first of that id is at line 15)"
    );
}

#[test]
fn mistakes_in_moves() {
    let cohort = format!(
        "{PROGRAM}no_session_on = [2024-02-09]\n{AGREEMENT}[[cohort]]\nid = 'a'\nstarts_on = 2024-01-23\n"
    );
    for (moved, said) in [
        (
            "moved = { week = 3, to = 2024-02-08 }",
            "17:9 `moved` must be a list, not a section (like `moved = [{ week = 3, to = 2024-02-08, at = 13:00:00 }]`)",
        ),
        (
            "moved = [{ to = 2024-02-08 }, { week = 1 }]",
            "17:10 `week` is missing (add `week = 3`)\n17:31 `to` is missing (add `to = 2024-02-08`)",
        ),
        ("moved = [{ week = 5, to = 2024-02-28 }]", "17:19 `week` must be from 1 to 4, not 5"),
        (
            "moved = [{ week = 3, to = 2024-02-08 }, { week = 3, to = 2024-02-07 }]",
            "17:50 week 3 is moved twice (keep one of them)",
        ),
        (
            "moved = [{ week = 3, to = 2024-02-09 }]",
            "17:27 2024-02-09 is in `no_session_on` (choose another day)",
        ),
        (
            "moved = [{ week = 3, to = 2024-02-08, at = 22:00:00 }]",
            "17:44 a session that starts at 22:00 would go past midnight (it takes 120 minutes: start before 22:00)",
        ),
        (
            "moved = [{ week = 3, to = 2024-02-08, on = 1 }]",
            "17:39 unknown key `on` (there are `week`, `to` and `at`)",
        ),
        (
            "moved = [{ week = 3, to = 2024-02-13 }]",
            "17:27 week 3 is out of order on 2024-02-13 (it must be after 2024-01-30 and before 2024-02-13)",
        ),
        (
            "moved = [{ week = 3, to = 2024-01-30 }]",
            "17:27 week 3 is out of order on 2024-01-30 (it must be after 2024-01-30 and before 2024-02-13)",
        ),
        (
            "moved = [{ week = 1, to = 2024-02-01 }]",
            "17:27 week 1 is out of order on 2024-02-01 (it must be before 2024-01-30)",
        ),
        (
            "moved = [{ week = 4, to = 2024-02-01 }]",
            "17:27 week 4 is out of order on 2024-02-01 (it must be after 2024-02-06)",
        ),
        (
            "moved = [{ week = 3, to = 2024-02-20 }, { week = 4, to = 2024-02-15 }]",
            "17:58 week 4 is out of order on 2024-02-15 (it must be after 2024-02-20)",
        ),
    ] {
        assert_eq!(mistakes(&format!("{cohort}{moved}\n")), said, "{moved}");
    }
}

#[test]
fn an_override_has_to_fit_the_rest() {
    let text = format!(
        "{PROGRAM}joins_until_week = 3\ntopics = ['a', 'b', 'c', 'd']\n{AGREEMENT}[[cohort]]\nid = 'a'\nstarts_on = 2024-01-23\nsessions = 2\n"
    );
    assert_eq!(
        mistakes(&text),
        "18:12 people may join until week 3, but there are 2 sessions (`joins_until_week` must be from 1 to 2)\n\
         18:12 there are 4 topics, but 2 sessions (`topics` must have one for each session, or none at all)"
    );
    // A misspelt override is meant: the program's own rule is not held against it.
    let misspelt = "[[cohort]]\nid = 'a'\nstarts_on = 2024-01-24\nweekdy = 'Wednesday'\n";
    assert_eq!(
        mistakes(&format!("{PROGRAM}{AGREEMENT}{misspelt}")),
        "16:1 unknown key `weekdy` (did you mean `weekday`?)"
    );
    // What the program has wrong is not told again for every cohort.
    let wrong =
        text.replace("joins_until_week = 3", "joins_until_week = 'three'").replace("['a', ", "[");
    assert_eq!(
        mistakes(&wrong),
        "9:20 `joins_until_week` must be a whole number, not text (like `joins_until_week = 1`)\n\
         10:10 there are 3 topics, but 4 sessions (`topics` must have one for each session, or none at all)"
    );
}

#[test]
fn cohorts_without_any_agreement_are_told_once() {
    let cohorts = "[[cohort]]\nid = 'a'\nstarts_on = 2024-01-23\n[[cohort]]\nid = 'b'\nstarts_on = 2024-04-02\n";
    assert_eq!(
        mistakes(&format!("{PROGRAM}{cohorts}")),
        "9:1 there is no agreement that this cohort could agree to (add an `[[agreement]]` with `version`, `since` and `text`)"
    );
    // An agreement that is there, but wrong, is no missing one.
    assert_eq!(
        mistakes(&format!("{PROGRAM}{}{cohorts}", AGREEMENT.replace("2024-01-01", "true"))),
        "11:9 `since` must be a date, not true or false (like `since = 2024-01-01`)"
    );
    assert_eq!(
        mistakes(&format!(
            "{PROGRAM}{}{cohorts}",
            AGREEMENT.replace("[[agreement]]", "[[agreements]]")
        )),
        "9:3 unknown section `agreements` (did you mean `[[agreement]]`?)"
    );
}

#[test]
fn all_mistakes_are_told_at_once_in_the_order_of_the_file() {
    let text = "\
[[cohort]]
id = 'Winter'
starts_on = 2024-01-24
[program]
name = ''
timezone = 'America/Vancover'
weekday = 'Tuesday'
starts_at = 09:30:00
ends_at = '11:30'
sesions = 4
capacity = '12'
[roster.zoom]
columns = ['emial']
[[agreement]]
version = 1
since = 2024-01-01
text = 'x'
[[cohort]]
id = 'spring'
starts_on = 2024-04-02
moved = [{ week = 3, to = '2024-04-18' }]
[extra]
";
    assert_eq!(
        mistakes(text),
        "\
2:6 an id is made of lower-case letters, digits and single dashes, like `winter-2024` (perhaps `winter`)
3:13 2024-01-24 is a Wednesday, and sessions are on Tuesdays (the nearest Tuesdays are 23 and 30 January 2024)
5:8 `name` is empty (like `name = \"Aim. Focus. Release.\"`)
6:12 `America/Vancover` is no time zone (did you mean `America/Vancouver`?)
9:11 `ends_at` must be a time, not text (write it without quotation marks: `ends_at = 11:30:00`)
10:1 unknown key `sesions` (did you mean `sessions`?)
11:12 `capacity` must be a whole number, not text (write it without quotation marks: `capacity = 12`)
13:12 unknown column `emial` (did you mean `email`?)
15:11 `version` must be text, not a whole number (like `version = \"2024-01\"`)
21:27 `to` must be a date, not text (write it without quotation marks: `to = 2024-04-18`)
22:2 unknown section `extra` (there are `[program]`, `[[agreement]]`, `[receipt]`, `[roster.NAME]`, `[import.NAME]`, `[attendance]`, `[report]`, `[mail]`, `[backup]`, `[retention]` and `[[cohort]]`)"
    );
}

#[test]
fn a_wrong_rule_is_not_held_against_the_cohorts() {
    let cohort = format!("{AGREEMENT}[[cohort]]\nid = 'a'\nstarts_on = 2024-01-24\n");
    for (line, wrong) in [("weekday = 'Tuesday'", "weekday = 2"), ("sessions = 4", "sessions = 0")]
    {
        let text = PROGRAM.replace(line, wrong).replace("Tuesday", "Wednesday") + &cohort;
        assert_eq!(mistakes(&text).lines().count(), 1, "{}", mistakes(&text));
    }
}

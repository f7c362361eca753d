use super::{AGREEMENT, PROGRAM, mistakes};

/// The whole of what is said when one line of the program is another one.
fn in_program(line: &str) -> String {
    let key = line.split(' ').next().unwrap();
    let lines: Vec<_> = PROGRAM
        .lines()
        .map(|old| if old.starts_with(&format!("{key} ")) { line } else { old })
        .collect();
    let mut text = lines.join("\n") + "\n";
    if !text.contains(line) {
        text += line;
        text += "\n";
    }
    mistakes(&text)
}

/// A line, and what is said about it.
const IN_PROGRAM: &[(&str, &str)] = &[
    ("name = ''", "2:8 `name` is empty (like `name = \"Aim. Focus. Release.\"`)"),
    (
        "name = \"a\\u0007\"",
        "2:8 `name` contains an invisible control character (type it again by hand)",
    ),
    (
        "name = 3",
        "2:8 `name` must be text, not a whole number (like `name = \"Aim. Focus. Release.\"`)",
    ),
    (
        "timezone = 'America/Vancover'",
        "3:12 `America/Vancover` is no time zone (did you mean `America/Vancouver`?)",
    ),
    (
        "timezone = 'america/vancouver'",
        "3:12 `america/vancouver` is no time zone (did you mean `America/Vancouver`?)",
    ),
    (
        "timezone = 'vancouver'",
        "3:12 `vancouver` is no time zone (did you mean `America/Vancouver`?)",
    ),
    ("timezone = 'new york'", "3:12 `new york` is no time zone (did you mean `America/New_York`?)"),
    (
        "timezone = 'Pacific time'",
        "3:12 `Pacific time` is no time zone (a time zone is written like `America/Vancouver`)",
    ),
    (
        "weekday = 'Teusday'",
        "4:11 `weekday` must be the name of a day, not `Teusday` (did you mean `Tuesday`?)",
    ),
    (
        "weekday = 'tue'",
        "4:11 `weekday` must be the name of a day, not `tue` (did you mean `Tuesday`?)",
    ),
    (
        "weekday = 'mardi'",
        "4:11 `weekday` must be the name of a day, not `mardi` (the days are `Monday`, `Tuesday`, `Wednesday`, `Thursday`, `Friday`, `Saturday` and `Sunday`)",
    ),
    (
        "starts_at = '9:30'",
        "5:13 `starts_at` must be a time, not text (write it without quotation marks: `starts_at = 09:30:00`)",
    ),
    (
        "starts_at = 2024-01-23",
        "5:13 `starts_at` must be a time, not a date (like `starts_at = 09:30:00`)",
    ),
    (
        "starts_at = 2024-01-23T09:30:00Z",
        "5:13 `starts_at` must be a time, without a date (write the time alone: `starts_at = 09:30:00`)",
    ),
    (
        "ends_at = 09:00:00",
        "6:11 a session must end after it starts, not start at 09:30 and end at 09:00 (hours are counted to 24: half past one is 13:30:00)",
    ),
    (
        "ends_at = 09:30:00",
        "6:11 a session must end after it starts, not start at 09:30 and end at 09:30 (hours are counted to 24: half past one is 13:30:00)",
    ),
    (
        "sessions = '4'",
        "7:12 `sessions` must be a whole number, not text (write it without quotation marks: `sessions = 4`)",
    ),
    (
        "sessions = 4.5",
        "7:12 `sessions` must be a whole number, not a number with a point (like `sessions = 4`)",
    ),
    ("sessions = 0", "7:12 `sessions` must be from 1 to 52, not 0"),
    ("sessions = 53", "7:12 `sessions` must be from 1 to 52, not 53"),
    (
        "capacity = 'twelve'",
        "8:12 `capacity` must be a whole number, not text (like `capacity = 12`)",
    ),
    ("capacity = -1", "8:12 `capacity` must be from 1 to 10000, not -1"),
    (
        "capacity = 99999999999999999999",
        "8:12 `capacity` must be from 1 to 10000, not 99999999999999999999",
    ),
    (
        "capacity = true",
        "8:12 `capacity` must be a whole number, not true or false (like `capacity = 12`)",
    ),
    (
        "joins_until_week = 5",
        "9:20 people may join until week 5, but there are 4 sessions (`joins_until_week` must be from 1 to 4)",
    ),
    ("joins_until_week = 0", "9:20 `joins_until_week` must be from 1 to 52, not 0"),
    ("consent_due_days = 366", "9:20 `consent_due_days` must be from 0 to 365, not 366"),
    (
        "leave = 'medical'",
        "9:9 `leave` must be a list, not text (like `leave = [\"medical\", \"maternity\"]`)",
    ),
    (
        "location = 'https://zoom.us/j/1'",
        "9:12 `location` is a link, and would go to everybody who is invited (put it below, as `link = ...`: only those who have agreed get that)",
    ),
    (
        "link = 'zoom.us/j/1'",
        "9:8 `link` must be a link that begins with https:// (like `link = \"https://zoom.us/j/123456789\"`)",
    ),
    ("leave = ['medical', 'Medical']", "9:21 `Medical` is in `leave` twice (keep one of them)"),
    (
        "leave = ['medical', 3, '']",
        "9:21 an entry of `leave` must be text, not a whole number (like `leave = [\"medical\", \"maternity\"]`)\n9:24 an entry of `leave` is empty (like `leave = [\"medical\", \"maternity\"]`)",
    ),
    (
        "facilitators = ['Robin Lee', 'Sam Ito <sam>']",
        "9:30 an entry of `facilitators` has no e-mail address that could be one (like `facilitators = [\"Robin Lee <robin@example.org>\"]`)",
    ),
    (
        "topics = ['a', 'b']",
        "9:10 there are 2 topics, but 4 sessions (`topics` must have one for each session, or none at all)",
    ),
    (
        "no_session_on = ['2025-07-01']",
        "9:18 an entry of `no_session_on` must be a date, not text (write it without quotation marks: `2025-07-01`)",
    ),
    (
        "no_session_on = [1899-12-31, 2024-01-01T10:00:00]",
        "9:18 an entry of `no_session_on` must be a day of the years 1900 to 2199 (like `no_session_on = [2025-07-01, 2025-09-30]`)\n9:30 an entry of `no_session_on` must be a date, without a time (write the day alone: `2024-01-01`)",
    ),
    ("sesions = 4", "9:1 unknown key `sesions` (did you mean `sessions`?)"),
    (
        "colour = 4",
        "9:1 unknown key `colour` (there are `name`, `timezone`, `weekday`, `starts_at`, `ends_at`, `sessions`, `capacity`, `joins_until_week`, `consent_due_days`, `location`, `link`, `leave`, `facilitators`, `topics` and `no_session_on`)",
    ),
];

#[test]
fn mistakes_in_the_program() {
    for (line, said) in IN_PROGRAM {
        assert_eq!(in_program(line), *said, "{line}");
    }
}

#[test]
fn what_is_missing() {
    assert_eq!(
        mistakes(""),
        "1:1 the section `[program]` is missing (add it, and below it `name`, `timezone`, `weekday`, `starts_at`, `ends_at`, `sessions` and `capacity`)"
    );
    assert_eq!(
        mistakes(
            "# a note\n[program]\nname = 'x'\ntimezone = 'UTC'\nweekday = 'Monday'\nsessions = 1\n"
        ),
        "2:1 `starts_at` is missing (add `starts_at = 09:30:00`)\n\
         2:1 `ends_at` is missing (add `ends_at = 11:30:00`)\n\
         2:1 `capacity` is missing (add `capacity = 12`)"
    );
    // A key that is only misspelt is not missing as well.
    assert_eq!(
        mistakes(&PROGRAM.replace("sessions", "sesions")),
        "7:1 unknown key `sesions` (did you mean `sessions`?)"
    );
}

#[test]
fn mistakes_in_sections() {
    for (section, said) in [
        ("[[cohorts]]\nid = 'x'\n", "9:3 unknown section `cohorts` (did you mean `[[cohort]]`?)"),
        (
            "[people]\n",
            "9:2 unknown section `people` (there are `[program]`, `[[agreement]]`, `[receipt]`, `[roster.NAME]`, `[import.NAME]`, `[attendance]`, `[report]`, `[mail]`, `[backup]`, `[retention]` and `[[cohort]]`)",
        ),
        (
            "[agreement]\nversion = '1'\n",
            "9:1 `agreement` must be in double brackets (begin each with the line `[[agreement]]`, in double brackets)",
        ),
        (
            "[cohort]\nid = 'x'\n",
            "9:1 `cohort` must be in double brackets (begin each with the line `[[cohort]]`, in double brackets)",
        ),
        (
            "[roster]\npeople = 'all'\n",
            "10:1 this roster has no name (begin it with a line like `[roster.facilitator]`)",
        ),
    ] {
        assert_eq!(mistakes(&format!("{PROGRAM}{section}")), said, "{section}");
    }
    assert_eq!(
        mistakes(&PROGRAM.replace("[program]", "[[program]]")),
        "1:1 `program` must be one section (begin it with the line `[program]`, in single brackets, once)"
    );
    assert_eq!(
        mistakes(&PROGRAM.replace("[program]", "[progam]")),
        "1:2 unknown section `progam` (did you mean `[program]`?)"
    );
    assert_eq!(
        mistakes(&format!("capacity = 3\n{PROGRAM}")),
        "1:1 `capacity` is above `[program]` (move it below that line)"
    );
}

#[test]
fn mistakes_in_agreements() {
    for (keys, said) in [
        (
            "version = '2024 01'\nsince = 2025-01-01\ntext = 'x'",
            "14:11 `version` must have no blanks (like `version = \"2024-01\"`)",
        ),
        (
            "version = '1'\nsince = 2025-01-01\ntext = 'x'",
            "14:11 there is another agreement with the version `1` (the first one is at line 10)",
        ),
        (
            "version = '2'\nsince = 2024-01-01\ntext = 'x'",
            "15:9 two agreements are in force since 2024-01-01 (the other one is at line 11)",
        ),
        (
            "version = '2'\nsince = '2025-01-01'\ntext = 'x'",
            "15:9 `since` must be a date, not text (write it without quotation marks: `since = 2025-01-01`)",
        ),
        (
            "version = '2'\nsince = 2025-01-01\ntext = \"\"\"\n \n\"\"\"",
            "16:8 `text` is empty (write what everybody agrees to)",
        ),
        (
            "version = '2'\nsince = 2025-01-01\ntext = \"\\u001b[2J\"",
            "16:8 `text` contains an invisible control character (type it again by hand)",
        ),
        (
            "version = '2'\nsince = 2025-01-01",
            "13:1 `text` is missing (add `text = \"What everybody agrees to.\"`)",
        ),
    ] {
        assert_eq!(
            mistakes(&format!("{PROGRAM}{AGREEMENT}[[agreement]]\n{keys}\n")),
            said,
            "{keys}"
        );
    }
}

#[test]
fn mistakes_in_rosters() {
    for (roster, said) in [
        (
            "[roster.Zoom]\ncolumns = ['code']",
            "9:9 `Zoom` is no name of a roster (a name is made of lower-case letters, digits and dashes, like `facilitator`)",
        ),
        (
            "[roster.zoom]\npeople = 'all'",
            "9:1 `columns` is missing (add `columns = [\"code\", \"goes_by\"]`)",
        ),
        (
            "[roster.zoom]\ncolumns = []",
            "10:11 `columns` is empty (like `columns = [\"code\", \"goes_by\"]`)",
        ),
        (
            "[roster.zoom]\npeople = 'agred'\ncolumns = ['code']",
            "10:10 `people` must be one of a few words, not `agred` (did you mean `agreed`?)",
        ),
        (
            "[roster.zoom]\npeople = 'them'\ncolumns = ['code']",
            "10:10 `people` must be one of a few words, not `them` (there are `enrolled`, `agreed`, `waitlisted`, `withdrawn` and `all`)",
        ),
        (
            "[roster.zoom]\ncolumns = ['emial']",
            "10:12 unknown column `emial` (did you mean `email`?)",
        ),
        (
            "[roster.zoom]\ncolumns = ['code', { column = 'code' }]",
            "10:31 the column `code` is here twice (keep one of them)",
        ),
        (
            "[roster.zoom]\ncolumns = [{ column = 'email', required = 'true' }]",
            "10:43 `required` must be true or false, not text (write it without quotation marks: `required = true`)",
        ),
        (
            "[roster.zoom]\ncolumns = [{ column = 'email', requierd = true }]",
            "10:32 unknown key `requierd` (did you mean `required`?)",
        ),
        (
            "[roster.zoom]\ncolumns = [{ header = '' }, 3]",
            "10:12 `column` is missing (add `column = \"first_name\"`)\n10:23 `header` is empty (like `header = \"First Name\"`)\n10:29 an entry of `columns` must be text, not a whole number (like `columns = [\"code\", \"goes_by\"]`)",
        ),
    ] {
        assert_eq!(mistakes(&format!("{PROGRAM}{roster}\n")), said, "{roster}");
    }
    let unknown = mistakes(&format!("{PROGRAM}[roster.zoom]\ncolumns = ['birthday']\n"));
    assert!(
        unknown.starts_with("10:12 unknown column `birthday` (there are `cohort`, `code`,"),
        "{unknown}"
    );
}

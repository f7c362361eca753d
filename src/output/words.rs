//! Days, times and counts as people say them.

use std::path::Path;

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Weekday};

/// "23 January"
pub fn day(date: NaiveDate) -> String {
    date.format("%-d %B").to_string()
}

/// "23 January 2024"
pub fn day_of_year(date: NaiveDate) -> String {
    date.format("%-d %B %Y").to_string()
}

/// "Tue 30 January"
pub fn weekday(date: NaiveDate) -> String {
    date.format("%a %-d %B").to_string()
}

/// "Tue 30 January 2024"
pub fn weekday_of_year(date: NaiveDate) -> String {
    date.format("%a %-d %B %Y").to_string()
}

/// "18 Jan"
pub fn short(date: NaiveDate) -> String {
    date.format("%-d %b").to_string()
}

/// "18 Jan 2024"
pub fn short_of_year(date: NaiveDate) -> String {
    date.format("%-d %b %Y").to_string()
}

/// "9:30"
pub fn time(time: NaiveTime) -> String {
    time.format("%-H:%M").to_string()
}

/// "30 Jan 2024, 11:42"
pub fn moment(at: NaiveDateTime) -> String {
    format!("{}, {}", short_of_year(at.date()), time(at.time()))
}

/// "Tuesday"
pub fn weekday_name(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Mon => "Monday",
        Weekday::Tue => "Tuesday",
        Weekday::Wed => "Wednesday",
        Weekday::Thu => "Thursday",
        Weekday::Fri => "Friday",
        Weekday::Sat => "Saturday",
        Weekday::Sun => "Sunday",
    }
}

/// "1st", "2nd", "11th"
pub fn ordinal(number: usize) -> String {
    let ending = match (number % 10, number % 100) {
        (1, n) if n != 11 => "st",
        (2, n) if n != 12 => "nd",
        (3, n) if n != 13 => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

/// "23 January - 13 February", with years where they differ.
pub fn span(first: NaiveDate, last: NaiveDate) -> String {
    if first.year() == last.year() {
        format!("{} - {}", day(first), day(last))
    } else {
        format!("{} - {}", day_of_year(first), day_of_year(last))
    }
}

/// "1 mark", "10 marks"
pub fn count(number: usize, of: &str) -> String {
    match number {
        1 => format!("1 {of}"),
        _ => format!("{number} {of}s"),
    }
}

/// "has" for one, "have" for more.
pub fn has(number: usize) -> &'static str {
    if number == 1 { "has" } else { "have" }
}

/// "a", "a and b", "a, b and c"
pub fn list<S: AsRef<str>>(items: &[S]) -> String {
    let items: Vec<&str> = items.iter().map(AsRef::as_ref).collect();
    match items.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// The same, where more than a handful are counted instead: "40 cohorts".
pub fn list_or_count<S: AsRef<str>>(items: &[S], what: &str) -> String {
    if items.len() > 10 { count(items.len(), what) } else { list(items) }
}

/// Text as it may be printed: nothing in it moves the cursor or turns the line.
pub fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

/// " (1 erased)", behind a number of people that they are among; or nothing.
pub fn erased(number: usize) -> String {
    match number {
        0 => String::new(),
        number => format!(" ({number} erased)"),
    }
}

/// "1 place is", "3 places are"
pub fn are(number: usize, of: &str) -> String {
    format!("{} {}", count(number, of), if number == 1 { "is" } else { "are" })
}

/// A path as it is typed in a shell.
pub fn quoted(path: &Path) -> String {
    argument(&path.display().to_string())
}

/// Commands that are proposed, about a folder. Each begins a line, or stands behind
/// a colon; more may be said behind a comma.
pub fn in_folder(text: &str, folder: &Path) -> String {
    let lines: Vec<String> = text.split('\n').map(|line| line_in_folder(line, folder)).collect();
    lines.join("\n")
}

fn line_in_folder(text: &str, folder: &Path) -> String {
    let is_one = |text: &str| text == "cohorts" || text.starts_with("cohorts ");
    let begin = match text.find(": cohorts ") {
        _ if is_one(text) => 0,
        Some(colon) => colon + 2,
        None => return text.to_owned(),
    };
    let (command, more) = text[begin..].split_at(end_of_command(&text[begin..]));
    let makes_one = ["cohorts init", "cohorts demo"].iter().any(|one| command.starts_with(one));
    let place = match makes_one || command.contains("--folder") {
        true => String::new(),
        false => format!(" --folder {}", quoted(folder)),
    };
    let more = match more.strip_prefix(", then ") {
        Some(second) => format!(", then {}", line_in_folder(second, folder)),
        None => more.to_owned(),
    };
    format!("{}{command}{place}{more}", &text[..begin])
}

/// Where a command ends, behind which more may be said: at a comma that is not in
/// one of its words.
fn end_of_command(text: &str) -> usize {
    let (mut is_quoted, mut before) = (false, ' ');
    let end = text.find(|c| {
        if c == '\'' && (is_quoted || before != '\\') {
            is_quoted = !is_quoted;
        }
        before = c;
        c == ',' && !is_quoted
    });
    end.unwrap_or(text.len())
}

/// A text as it is typed in a shell, as one word.
pub fn argument(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "/\\._-~:@".contains(c);
    let text = printable(text);
    match (text.chars().all(plain) && !text.is_empty(), text.contains('\'')) {
        (true, _) => text,
        (false, false) => format!("'{text}'"),
        // Within these, a shell reads some signs otherwise.
        (false, true) => {
            text.split('\'').map(|part| format!("'{part}'")).collect::<Vec<_>>().join("\\'")
        }
    }
}

/// Numbers of weeks that rise: "weeks 1-3", "weeks 1, 3-4", "week 2".
pub fn weeks(weeks: &[u32]) -> String {
    let plural = if weeks.len() == 1 { "week" } else { "weeks" };
    format!("{plural} {}", spans(weeks))
}

/// Numbers that rise, those in a row as one: "1-3", "1, 3-4", "2".
pub fn spans(numbers: &[u32]) -> String {
    let mut spans: Vec<(u32, u32)> = Vec::new();
    for number in numbers {
        match spans.last_mut() {
            Some((_, last)) if *last + 1 == *number => *last = *number,
            _ => spans.push((*number, *number)),
        }
    }
    let spans: Vec<String> = spans
        .iter()
        .map(|(first, last)| match first == last {
            true => first.to_string(),
            false => format!("{first}-{last}"),
        })
        .collect();
    spans.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_argument_is_one_word_of_a_shell() {
        let table = [
            ("robin@example.org", "robin@example.org"),
            ("Tuesday group", "'Tuesday group'"),
            ("it's $HOME", r"'it'\''s $HOME'"),
            ("", "''"),
        ];
        assert!(table.iter().all(|(text, word)| argument(text) == *word));
    }

    #[test]
    fn what_is_proposed_is_about_the_folder() {
        let table = [
            ("cohorts", "cohorts --folder here"),
            ("cohorts undo, first", "cohorts undo --folder here, first"),
            (
                "whoever is gone: cohorts withdraw WHO",
                "whoever is gone: cohorts withdraw WHO --folder here",
            ),
            ("cohorts init here", "cohorts init here"),
            ("cohorts list --folder there", "cohorts list --folder there"),
            ("add --week N, for: another", "add --week N, for: another"),
            ("cohorts restore 'a, b', once", "cohorts restore 'a, b' --folder here, once"),
            (r"cohorts check 'it'\''s, b', now", r"cohorts check 'it'\''s, b' --folder here, now"),
            (
                "cohorts withdraw WHO, then cohorts enroll, if so",
                "cohorts withdraw WHO --folder here, then cohorts enroll --folder here, if so",
            ),
            (
                "see: cohorts check\n  else delete it",
                "see: cohorts check --folder here\n  else delete it",
            ),
        ];
        for (text, with) in table {
            assert_eq!(in_folder(text, Path::new("here")), with);
        }
    }

    #[test]
    fn days_and_counts_read_aloud() {
        let d = |m, d| NaiveDate::from_ymd_opt(2024, m, d).unwrap();
        assert_eq!(weekday_of_year(d(1, 30)), "Tue 30 January 2024");
        assert_eq!(span(d(1, 23), d(2, 13)), "23 January - 13 February");
        let next_year = NaiveDate::from_ymd_opt(2025, 1, 7).unwrap();
        assert_eq!(span(d(12, 17), next_year), "17 December 2024 - 7 January 2025");
        assert_eq!(time(NaiveTime::from_hms_opt(9, 5, 0).unwrap()), "9:05");
        assert_eq!((count(1, "mark"), count(0, "mark")), ("1 mark".into(), "0 marks".into()));
        assert_eq!(list(&["a", "b", "c"]), "a, b and c");
        assert_eq!(printable("a\u{1b}[2J"), "a\u{fffd}[2J");
    }
}

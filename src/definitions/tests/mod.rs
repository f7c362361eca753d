//! What the file says, every mistake it can have, and edits of it.

mod attendance;
mod edits;
mod keeping;
mod mistakes;
mod mistakes_in_cohorts;
mod reading;
mod receipt;
mod reporting;
mod syntax;

use super::{Definitions, Level, Problem};

/// The shortest file that is right, without cohorts.
const PROGRAM: &str = "\
[program]
name = 'Group'
timezone = 'America/Vancouver'
weekday = 'Tuesday'
starts_at = 09:30:00
ends_at = 11:30:00
sessions = 4
capacity = 12
";

const AGREEMENT: &str = "\
[[agreement]]
version = '1'
since = 2024-01-01
text = 'We agree.'
";

fn read(text: &str) -> Definitions {
    Definitions::read(text.as_bytes())
        .unwrap_or_else(|found| panic!("{}\n{}", found.text, in_words(&found.text, &found.list)))
}

/// Everything that is wrong with a text, a line each: `9:1 what (help)`.
fn mistakes(text: &str) -> String {
    match Definitions::read(text.as_bytes()) {
        Ok(found) => in_words(text, &found.warnings),
        Err(found) => in_words(text, &found.list),
    }
}

fn in_words(text: &str, problems: &[Problem]) -> String {
    let one = |problem: &Problem| {
        let before = &text[..problem.place.start];
        let line = before.matches('\n').count() + 1;
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let column = before[start..].chars().count() + 1;
        assert!(!text[problem.place.clone()].contains('\n'), "{problem:?}");
        let warning = if problem.level == Level::Warning { "warning: " } else { "" };
        let help = problem.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
        format!("{line}:{column} {warning}{}{help}", problem.what)
    };
    problems.iter().map(one).collect::<Vec<_>>().join("\n")
}

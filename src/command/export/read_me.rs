//! What stands in an export for whoever opens it: every file and every column,
//! in words.

use crate::output::before_after::wrapped;
use crate::store::{AboutColumn, DESCRIBED};

pub const FILE_NAME: &str = "README.txt";

/// How wide the lines are, and where what is said of a column begins.
const WIDTH: usize = 80;
const MARGIN: usize = 26;

/// The whole text.
pub(super) fn text() -> String {
    let mut text = include_str!("read_me.txt").to_owned();
    for about in DESCRIBED {
        text += &format!("{}.csv\n", about.table);
        for line in wrapped(about.what, WIDTH - 4) {
            text += &format!("    {line}\n");
        }
        for column in about.columns {
            text += &described(column);
        }
        text.push('\n');
    }
    text
}

fn described(about: &AboutColumn) -> String {
    let mark = if about.is_secret { "*" } else { "" };
    let mut name = format!("    {mark:>1} {}", about.column);
    let mut lines = String::new();
    for line in wrapped(about.what, WIDTH - MARGIN) {
        lines += &format!("{name:<MARGIN$}{line}\n");
        name.clear();
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_plain_and_fits_a_narrow_window() {
        let text = text();
        assert!(text.is_ascii());
        for line in text.lines() {
            assert!(line.len() <= WIDTH && line.trim_end() == line, "{line:?}");
        }
        assert!(text.contains("\n    * first_name          first name\n"), "{text}");
    }
}

//! Fields before and after, side by side on a screen.
//!
//! The columns have fixed widths, so that lines are written as they come: an
//! import changes more fields than a table should hold.

use std::io::{self, Write};

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::messages::STRONG;
use super::words;

/// The widths of whose it is, what it is, and what it was before and after.
const WHOSE: usize = 5;
const WHAT: usize = 25;
const VALUE: usize = 19;

/// The most that a line holds.
const SCREEN: usize = 80;

/// One field; what is not there is empty.
pub struct Field<'a> {
    pub whose: &'a str,
    pub what: &'a str,
    pub before: &'a str,
    pub after: &'a str,
}

/// Writes fields below each other.
pub struct BeforeAfter<W: Write> {
    to: W,
    /// How wide the numbers of headings are; none where there are no headings.
    margin: usize,
}

impl<W: Write> BeforeAfter<W> {
    /// Begins with the titles. Fields stand under numbered headings where
    /// there is a `newest` number.
    pub fn new(to: W, newest: Option<i64>) -> io::Result<Self> {
        let margin = newest.map_or(0, |newest| newest.to_string().len().max(2) + 2);
        let mut new = Self { to, margin };
        let number = if margin > 0 { "No" } else { "" };
        new.line(number, "Whose", "What", "Before", "After")?;
        let rule = |width: usize| "-".repeat(width);
        new.line(
            &rule(margin.saturating_sub(2)),
            &rule(WHOSE),
            &rule(WHAT),
            &rule(VALUE),
            &rule(VALUE),
        )?;
        Ok(new)
    }

    /// What the fields below belong to.
    pub fn heading(&mut self, number: i64, text: &str) -> io::Result<()> {
        let margin = self.margin;
        for (index, line) in wrapped(text, SCREEN - margin).iter().enumerate() {
            let number = if index == 0 { number.to_string() } else { String::new() };
            writeln!(self.to, "{STRONG}{number:<margin$}{line}{STRONG:#}")?;
        }
        Ok(())
    }

    pub fn field(&mut self, field: &Field<'_>) -> io::Result<()> {
        self.line("", field.whose, field.what, &cut(field.before), &cut(field.after))
    }

    fn line(
        &mut self,
        number: &str,
        whose: &str,
        what: &str,
        before: &str,
        after: &str,
    ) -> io::Result<()> {
        let line = [
            padded(number, self.margin),
            padded(whose, WHOSE + 2),
            padded(what, WHAT + 2),
            padded(before, VALUE + 2),
            after.to_owned(),
        ];
        writeln!(self.to, "{}", line.concat().trim_end())
    }
}

fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

/// A value in one line, its end left out where it is too wide.
fn cut(value: &str) -> String {
    let line = words::printable(&value.split_whitespace().collect::<Vec<_>>().join(" "));
    if line.width() <= VALUE {
        return line;
    }
    let mut short = String::new();
    for letter in line.chars() {
        if short.width() + letter.width().unwrap_or_default() > VALUE - 3 {
            break;
        }
        short.push(letter);
    }
    format!("{}...", short.trim_end())
}

/// Text in lines of at most that width, turned between words.
pub fn wrapped(text: &str, width: usize) -> Vec<String> {
    let text = words::printable(text);
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.width() + 1 + word.width() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_cut_to_one_line_of_a_column() {
        for (value, shown) in [
            ("", ""),
            ("2024-01-03 09:00:00", "2024-01-03 09:00:00"),
            ("[[cohort]]\nid = \"spring-2024\"\n", "[[cohort]] id =..."),
            ("Zoë Example of Nanaimo", "Zoë Example of N..."),
            ("日本語日本語日本語日本語", "日本語日本語日本..."),
            ("a\u{1b}b", "a\u{fffd}b"),
        ] {
            assert_eq!(cut(value), shown);
            assert!(shown.width() <= VALUE);
        }
    }

    #[test]
    fn text_turns_between_words() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(wrapped("longer-than-that is", 7), ["longer-than-that", "is"]);
        assert_eq!(wrapped("", 7), [""]);
    }
}

//! What is said to people, on stderr: what happened, what comes next, and what
//! went wrong.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use crate::error::{Error, Kind};

pub const STRONG: Style = Style::new().bold();
pub const ALARM: Style = AnsiColor::Red.on_default().bold();
const HINT: Style = AnsiColor::Cyan.on_default();
const CAUTION: Style = AnsiColor::Yellow.on_default().bold();

/// What a command says when it is done.
#[derive(Debug, Default)]
#[must_use]
pub struct Report {
    lines: Vec<Line>,
}

#[derive(Debug)]
enum Line {
    Plain(String),
    Warning(String),
    Next { why: String, command: String },
}

impl Report {
    /// Nothing to say: the rows said it.
    pub fn silent() -> Self {
        Self::default()
    }

    pub fn new(line: impl Into<String>) -> Self {
        Self::default().and(line)
    }

    pub fn and(mut self, line: impl Into<String>) -> Self {
        self.lines.push(Line::Plain(line.into()));
        self
    }

    pub fn warning(mut self, line: impl Into<String>) -> Self {
        self.lines.push(Line::Warning(line.into()));
        self
    }

    /// A command that comes next, and what for.
    pub fn next(mut self, why: impl Into<String>, command: impl Into<String>) -> Self {
        self.lines.push(Line::Next { why: why.into(), command: command.into() });
        self
    }

    /// With each command as it is proposed, but for those that are for another folder.
    pub fn proposing(mut self, proposed: impl Fn(&str) -> String) -> Self {
        let elsewhere = ["cohorts takeover ", "cohorts import --all "];
        for line in &mut self.lines {
            match line {
                Line::Next { command, .. }
                    if !elsewhere.iter().any(|begin| command.starts_with(begin)) =>
                {
                    *command = proposed(command);
                }
                Line::Warning(text) => *text = proposed(text),
                _ => {}
            }
        }
        self
    }

    /// Without the hint to take it back: where nothing was changed, that would
    /// take back what somebody did before.
    pub fn without_undo(mut self) -> Self {
        self.lines.retain(
            |line| !matches!(line, Line::Next { command, .. } if command.starts_with("cohorts undo")),
        );
        self
    }

    pub fn then(mut self, other: Self) -> Self {
        self.lines.extend(other.lines);
        self
    }

    /// `screen` is how wide it is, where it goes to one.
    pub fn print(&self, to: &mut impl Write, screen: Option<u16>) -> io::Result<()> {
        let width = self.lines.iter().map(|line| match line {
            Line::Next { why, .. } => why.chars().count(),
            _ => 0,
        });
        let width = width.max().unwrap_or_default();
        for line in &self.lines {
            match line {
                Line::Plain(text) => writeln!(to, "{}", turned_over(text, screen))?,
                Line::Warning(text) => {
                    let text = format!("{CAUTION}warning:{CAUTION:#} {text}");
                    writeln!(to, "{}", turned_over(&text, screen))?;
                }
                Line::Next { why, command } => {
                    writeln!(to, "  {why:<width$}  {HINT}{command}{HINT:#}")?;
                }
            }
        }
        Ok(())
    }
}

/// Text whose lines are turned over between words where a screen would break
/// them within one.
pub(super) fn turned_over(text: &str, screen: Option<u16>) -> String {
    let Some(width) = screen.map(usize::from) else { return text.to_owned() };
    let line = |line: &str| {
        let indent = &line[..line.len() - line.trim_start().len()];
        // Paths and dates stay in one piece.
        let options = textwrap::Options::new(width)
            .subsequent_indent(indent)
            .break_words(false)
            .word_splitter(textwrap::WordSplitter::NoHyphenation);
        match textwrap::core::display_width(line) > width {
            true => textwrap::fill(line, options),
            false => line.to_owned(),
        }
    };
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

/// Prints what went wrong and how to go on. `screen` is how wide it is, where it
/// goes to one.
pub fn print_error(error: &Error, to: &mut impl Write, screen: Option<u16>) -> io::Result<()> {
    if error.kind == Kind::ClosedPipe {
        return Ok(());
    }
    if let Some(preamble) = &error.preamble {
        writeln!(to, "{preamble}")?;
    }
    match error.kind {
        Kind::Cancelled => writeln!(to, "{}", error.message)?,
        _ => {
            let text = format!("{ALARM}error:{ALARM:#} {}", error.message);
            writeln!(to, "{}", turned_over(&text, screen))?;
        }
    }
    if let Some(source) = &error.source {
        writeln!(to, "  because: {source}")?;
    }
    for hint in &error.hints {
        let text = format!("{HINT}hint:{HINT:#} {hint}");
        // A command stays in one piece, to be copied.
        let screen = screen.filter(|_| !hint.starts_with("cohorts "));
        writeln!(to, "{}", turned_over(&text, screen))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_turned_over_between_words_where_there_is_a_screen() {
        let text = "Noor has agreed to it\n  and waits-for-long there";
        assert_eq!(turned_over(text, None), text);
        assert_eq!(turned_over(text, Some(40)), text);
        assert_eq!(
            turned_over(text, Some(14)),
            "Noor has\nagreed to it\n  and\n  waits-for-long\n  there"
        );
        let colored = format!("{ALARM}error:{ALARM:#} it is so");
        assert_eq!(turned_over(&colored, Some(16)), colored);
    }
}

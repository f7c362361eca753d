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

    pub fn then(mut self, other: Self) -> Self {
        self.lines.extend(other.lines);
        self
    }

    pub fn print(&self, to: &mut impl Write) -> io::Result<()> {
        let width = self.lines.iter().map(|line| match line {
            Line::Next { why, .. } => why.chars().count(),
            _ => 0,
        });
        let width = width.max().unwrap_or_default();
        for line in &self.lines {
            match line {
                Line::Plain(text) => writeln!(to, "{text}")?,
                Line::Warning(text) => writeln!(to, "{CAUTION}warning:{CAUTION:#} {text}")?,
                Line::Next { why, command } => {
                    writeln!(to, "  {why:<width$}  {HINT}{command}{HINT:#}")?;
                }
            }
        }
        Ok(())
    }
}

/// Prints what went wrong and how to go on.
pub fn print_error(error: &Error, to: &mut impl Write) -> io::Result<()> {
    if error.kind == Kind::ClosedPipe {
        return Ok(());
    }
    if let Some(preamble) = &error.preamble {
        writeln!(to, "{preamble}")?;
    }
    match error.kind {
        Kind::Cancelled => writeln!(to, "{}", error.message)?,
        _ => writeln!(to, "{ALARM}error:{ALARM:#} {}", error.message)?,
    }
    if let Some(source) = &error.source {
        writeln!(to, "  because: {source}")?;
    }
    for hint in &error.hints {
        writeln!(to, "{HINT}hint:{HINT:#} {hint}")?;
    }
    Ok(())
}

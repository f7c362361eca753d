//! What there is to do, each line with the command that does it, no wider than a
//! terminal.

use serde::Serialize;
use unicode_width::UnicodeWidthStr;

/// How wide a line may be.
pub const WIDTH: usize = 80;

/// Where the commands begin at the least.
const COLUMN: usize = 36;

/// A line, and the command that does it.
#[derive(Debug, Serialize)]
pub struct Item {
    pub what: String,
    pub command: String,
}

impl Item {
    pub fn new(what: impl Into<String>, command: impl Into<String>) -> Self {
        Self { what: what.into(), command: command.into() }
    }

    fn widths(&self) -> (usize, usize) {
        (self.what.width(), self.command.width())
    }
}

/// Where the commands begin, so that as many as can be stand in one column.
pub fn column<'i>(items: impl Iterator<Item = &'i Item>) -> usize {
    let widths: Vec<(usize, usize)> = items.map(Item::widths).collect();
    let elsewhere = |column: &usize| {
        let fits =
            |(what, command): &&(usize, usize)| what <= column && column + 4 + command <= WIDTH;
        widths.len() - widths.iter().filter(fits).count()
    };
    let wider = widths.iter().map(|(what, _)| *what).filter(|width| *width > COLUMN);
    std::iter::once(COLUMN).chain(wider).min_by_key(elsewhere).unwrap_or(COLUMN)
}

/// Lines with their commands in one column; under lines that reach too far.
pub fn lines<'i>(items: impl Iterator<Item = &'i Item>, column: usize) -> String {
    let mut text = String::new();
    for Item { what, command } in items {
        // A long command begins earlier than the others.
        let column = column.min(WIDTH.saturating_sub(4 + command.width()));
        match column.checked_sub(what.width()) {
            Some(gap) => text += &format!("  {what}{}  {command}\n", " ".repeat(gap)),
            None if what.width() + 4 + command.width() <= WIDTH => {
                text += &format!("  {what}  {command}\n");
            }
            None => text += &format!("  {what}\n  {}  {command}\n", " ".repeat(column)),
        }
    }
    text
}

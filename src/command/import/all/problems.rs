//! What is wrong with an export, one below the other.

use std::path::Path;

use crate::command::export;
use crate::error::{Error, Result};
use crate::output::words;
use crate::store::Table;

/// More than this tell a coordinator nothing new.
const SHOWN: usize = 20;

/// All that was found so far.
#[derive(Default)]
pub(super) struct Problems {
    shown: Vec<String>,
    count: usize,
    files: Vec<String>,
}

impl Problems {
    /// Something about a table's file, in a line where that is known.
    pub(super) fn add(&mut self, table: &Table, line: Option<usize>, what: &str) {
        let file = export::file_of(table);
        match line {
            Some(line) => self.add_of_all(&format!("{file}:{line}: {what}")),
            None => self.add_of_all(&format!("{file}: {what}")),
        }
        if !self.files.contains(&file) {
            self.files.push(file);
        }
    }

    /// Something about no one file.
    pub(super) fn add_of_all(&mut self, what: &str) {
        self.count += 1;
        if self.shown.len() < SHOWN {
            self.shown.push(words::printable(what));
        }
    }

    /// Whether something about a table's file was found already.
    pub(super) fn are_in(&self, table: &Table) -> bool {
        self.files.contains(&export::file_of(table))
    }

    /// Ends it where something was found.
    pub(super) fn refuse_if_any(&self, dir: &Path) -> Result<()> {
        if self.count == 0 {
            return Ok(());
        }
        let mut lines: Vec<String> =
            self.shown.iter().map(|what| format!("error: {what}")).collect();
        if self.count > self.shown.len() {
            lines.push(format!("  ... and {} more", self.count - self.shown.len()));
        }
        let mut error = Error::refused(format!(
            "{} in {}; nothing was changed",
            words::count(self.count, "problem"),
            dir.display()
        ))
        .hint("take the files as cohorts exported them: a spreadsheet that saves one changes it")
        .hint("or export once more where the records are (cohorts export DIR)");
        error.preamble = Some(lines.join("\n") + "\n");
        Err(error)
    }
}

//! `cohorts.toml`: reading it, finding every mistake in it, and editing it.
//!
//! What comes out of here is right: the domain's values are made only from a
//! file without mistakes. This room knows `domain` alone; it never touches a
//! file, the records or the screen.

mod agreements;
mod attendance;
mod cohorts;
pub mod edit;
mod fields;
mod imports;
mod keeping;
pub mod letters;
pub mod mail;
mod moves;
mod problem;
mod read;
mod receipt;
mod reporting;
mod rosters;
pub mod splice;
mod syntax;
mod template;
mod terms;
mod wording;

use std::collections::HashMap;
use std::ops::Range;

use toml::de::DeTable;

use crate::domain::presence::Rules;
use crate::domain::program::Program;
use crate::domain::sign_up::Mapping;

pub use keeping::{BackupPlan, Keeping};
pub use mail::Mail;
pub use problem::{Level, Problem, Problems};
pub use receipt::Responsible;
pub use template::{TEMPLATE, filled};

use problem::Report;

pub const FILE_NAME: &str = "cohorts.toml";

/// A file without errors.
#[derive(Debug)]
pub struct Definitions {
    pub program: Program,
    /// What makes somebody present, late or departed.
    pub attendance: Rules,
    /// Counts below it are hidden in reports.
    pub suppress_below: u32,
    pub keeping: Keeping,
    /// What a consent receipt says of whoever answers for the program.
    pub responsible: Responsible,
    /// Who messages are from, and what they say.
    pub mail: Mail,
    /// Which column of a form is what.
    pub imports: Vec<Mapping>,
    /// The file, to the byte.
    pub text: String,
    pub warnings: Vec<Problem>,
    pub places: Places,
}

/// Where each cohort and agreement stands in the text, so that later checks
/// can point at it. Nothing is nowhere: an empty range at the beginning.
#[derive(Debug, Default)]
pub struct Places {
    cohorts: HashMap<String, Range<usize>>,
    agreements: HashMap<String, Range<usize>>,
}

impl Places {
    pub fn cohort(&self, id: &str) -> Range<usize> {
        self.cohorts.get(id).cloned().unwrap_or_default()
    }

    pub fn agreement(&self, version: &str) -> Range<usize> {
        self.agreements.get(version).cloned().unwrap_or_default()
    }
}

impl Definitions {
    /// Reads a file, or says everything that is wrong with it.
    ///
    /// Where the TOML itself is broken only that is said: what the rest of the
    /// file means would be a guess.
    pub fn read(bytes: &[u8]) -> Result<Self, Problems> {
        let text = match str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(error) => return Err(Problems::not_utf8(bytes, error.valid_up_to())),
        };
        let mut report = Report::new(&text);
        let (root, errors) = DeTable::parse_recoverable(&text);
        let found = if errors.is_empty() {
            Some(read::file(root.get_ref(), &mut report))
        } else {
            syntax::report(&text, &errors, &mut report);
            None
        };
        let list = report.in_order();
        match found {
            Some(found) if list.iter().all(|p| p.level == Level::Warning) => {
                Ok(Self { text, warnings: list, ..found })
            }
            _ => Err(Problems { text, list }),
        }
    }
}

#[cfg(test)]
mod tests;

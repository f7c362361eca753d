//! What `check` tells: what was found, one below the other, and how to go on.

use crate::context::exposure::Exposure;
use crate::definitions::{Level, Problem, Problems};
use crate::error::{Error, Kind, Result};
use crate::output::messages::Report;
use crate::output::{Out, problems, words};
use crate::store::Finding;

/// More findings than this tell a coordinator nothing new.
const SHOWN: usize = 12;

/// All that was found so far.
#[derive(Default)]
pub(super) struct Told {
    /// What is being looked at, where that has to be said.
    pub(super) about: Vec<String>,
    /// Where the files lie badly: warnings.
    pub(super) exposed: Vec<Exposure>,
    /// The text of cohorts.toml, and what is found in it.
    pub(super) text: String,
    pub(super) in_file: Vec<Problem>,
    /// What the records contradict, and how to mend it.
    pub(super) elsewhere: Vec<(String, String)>,
    /// What is not as it was written.
    pub(super) damage: Vec<Finding>,
    /// How many mistakes cohorts.toml has, where it has any: then the records
    /// cannot be held against it.
    mistakes: Option<String>,
    /// How many changes there are in records that are whole, but not known to
    /// fit.
    pub(super) whole: Option<usize>,
}

impl Told {
    /// What is wrong with cohorts.toml.
    pub(super) fn mistakes(&mut self, found: Problems) {
        self.mistakes = Some(found.in_short());
        (self.text, self.in_file) = (found.text, found.list);
    }

    /// Nothing at all can be read of a file.
    pub(super) fn unreadable(&mut self, file: &str) {
        let what = format!("{file} is damaged so badly that it cannot be read");
        self.damage.push(Finding { what, table: None, row: None, code: None });
    }

    /// What is said to the coordinator: `well`, or everything that was found,
    /// with `hints` at the end.
    pub(super) fn end(mut self, out: &Out, well: Report, hints: &[&str]) -> Result<Report> {
        let exposed = self.exposed.iter_mut().map(|exposure| &mut exposure.instead);
        let elsewhere = self.elsewhere.iter_mut().map(|(_, mend)| mend);
        let in_file = self.in_file.iter_mut().filter_map(|problem| problem.help.as_mut());
        for mend in exposed.chain(elsewhere).chain(in_file) {
            *mend = out.proposed(mend);
        }
        let in_file = match self.in_file.as_slice() {
            [] => None,
            found => Some(problems::render(&self.text, found, out.color()).trim_end().to_owned()),
        };
        let errors = self.damage.len()
            + self.elsewhere.len()
            + self.in_file.iter().filter(|problem| problem.level == Level::Error).count();
        if errors == 0 {
            let mut report = Report::silent();
            for exposure in self.exposed {
                report = report.warning(exposure.what).and(format!("  {}\n", exposure.instead));
            }
            if let Some(shown) = in_file {
                report = report.and(format!("{shown}\n"));
            }
            report = self.about.into_iter().fold(report, Report::and);
            return Ok(report.then(well));
        }
        let exposed = self.exposed.into_iter();
        let mut paragraphs: Vec<String> = exposed
            .map(|exposure| format!("warning: {}\n  {}", exposure.what, exposure.instead))
            .collect();
        paragraphs.extend((!self.about.is_empty()).then(|| self.about.join("\n")));
        paragraphs.extend(in_file);
        for (what, mend) in self.elsewhere {
            paragraphs.push(format!("error: {what}\n  {mend}"));
        }
        let listed = self.damage.iter().take(SHOWN);
        let mut damage: Vec<String> = listed
            .map(|finding| format!("error: {}", words::printable(&finding.to_string())))
            .collect();
        if self.damage.len() > SHOWN {
            damage.push(format!("  ... and {} more", self.damage.len() - SHOWN));
        }
        paragraphs.extend((!damage.is_empty()).then(|| damage.join("\n")));
        if let Some(changes) = self.whole {
            paragraphs.push(format!(
                "The records are whole: every row is as its history says ({}).\n\
                 Whether they fit cohorts.toml is seen once it has no mistakes.",
                words::count(changes, "change")
            ));
        }
        let found = match self.mistakes {
            Some(mistakes) if self.whole.is_some() => mistakes,
            _ => format!("{} found", words::count(errors, "problem")),
        };
        let mut error = hints.iter().fold(Error::new(Kind::Found, found), |e, h| e.hint(*h));
        error.preamble = Some(paragraphs.join("\n\n") + "\n");
        Err(error)
    }
}

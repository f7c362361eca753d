//! A report of figures: as tables and bars on a screen, as CSV and JSON, and as
//! a page to print. All of them show the same of each count.

mod data;
mod page;
mod text;

use std::io::Write;
use std::path::Path;

pub use text::RULE_HEADING;

use crate::domain::figures::{By, Figures};
use crate::domain::suppression::Shown;
use crate::domain::words::{Word, words};
use crate::error::Result;

words! {
    /// How a report is written.
    pub enum Format {
        Table = "table",
        Csv = "csv",
        Json = "json",
        Html = "html",
    }
}

impl Format {
    /// The format that a file's ending asks for.
    pub fn of_ending(path: &Path) -> Option<Self> {
        match &*path.extension()?.to_str()?.to_ascii_lowercase() {
            "txt" => Some(Self::Table),
            "htm" => Some(Self::Html),
            ending => Self::from_word(ending),
        }
    }
}

/// What a report is called, and what it is about.
pub struct About {
    /// The program.
    pub program: String,
    /// "cohorts that began from 1 July 2023 to 30 June 2024"
    pub scope: String,
    pub made_on: String,
}

pub fn write(to: &mut impl Write, format: Format, about: &About, figures: &Figures) -> Result<()> {
    match format {
        Format::Table => text::write(to, about, figures),
        Format::Csv => data::csv(to, figures),
        Format::Json => data::json(to, about, figures),
        Format::Html => page::write(to, about, figures),
    }
}

/// A count as people read it.
fn cell(shown: Shown, limit: u32) -> String {
    match shown {
        Shown::Count(count) => count.to_string(),
        Shown::Below => format!("<{limit}"),
        Shown::Hidden => "*".into(),
    }
}

/// Days with a half where there is one.
fn days(median: Option<f64>) -> String {
    median.map_or_else(String::new, |days| days.to_string())
}

/// What groups are called above their column.
fn heading(by: By) -> &'static str {
    match by {
        By::Year => "Year",
        By::Quarter => "Quarter",
        By::Cohort => "Cohort",
        By::Site => "Site",
    }
}

fn name(row: &crate::domain::figures::Row) -> String {
    if row.is_all { "All".into() } else { super::words::printable(&row.name) }
}

/// What is counted how, and what is hidden: each a paragraph.
fn rule(figures: &Figures) -> Vec<String> {
    let limit = figures.limit;
    let mut said = vec![
        "Counted are sign-ups: somebody in two cohorts counts twice. A sign-up belongs to the \
         day of its cohort's first session; years go from July to June."
            .to_owned(),
    ];
    if limit == 1 {
        said.push("No number is hidden: [report] suppress_below is 1.".into());
        return said;
    }
    said.push(format!(
        "<{limit} is a number from 1 to {}. * is hidden so that no such number can be worked out \
         from the rest. Zero, and {limit} or more, are shown otherwise. Days waited, half of the \
         enrolled waited no longer, are given for {limit} or more.",
        limit - 1
    ));
    said.push(
        "No hidden number can be worked out from this report alone. Two reports compared, of other \
         days, by something else, or before and after a change, can tell more, and so can what \
         somebody knows already: hand on one report, not several."
            .into(),
    );
    said
}

//! `[[agreement]]`: the confidentiality texts by version.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use chrono::NaiveDate;

use super::fields::{Field, Section};
use super::problem::Report;
use crate::domain::program::Agreement;

const KEYS: [&str; 3] = ["version", "since", "text"];

pub(super) struct Agreements {
    /// In the order of the day from which they are in force.
    pub(super) list: Vec<Agreement>,
    pub(super) places: HashMap<String, Range<usize>>,
    /// Whether some of them could not be read, which has been said.
    pub(super) unsure: bool,
}

impl Agreements {
    pub(super) fn none() -> Self {
        Self { list: Vec::new(), places: HashMap::new(), unsure: false }
    }

    /// `None` are sections that could not even be told apart.
    pub(super) fn read(sections: Option<&[Field<'_>]>, report: &mut Report<'_>) -> Self {
        let mut all = Self::none();
        let mut since_places: BTreeMap<NaiveDate, Range<usize>> = BTreeMap::new();
        all.unsure = sections.is_none();
        for field in sections.unwrap_or_default() {
            let Some(agreement) = all.read_one(field, &mut since_places, report) else {
                all.unsure = true;
                continue;
            };
            all.list.push(agreement);
        }
        all.list.sort_by_key(|agreement| agreement.since);
        all
    }

    fn read_one(
        &mut self,
        field: &Field<'_>,
        since_places: &mut BTreeMap<NaiveDate, Range<usize>>,
        report: &mut Report<'_>,
    ) -> Option<Agreement> {
        let section = Section::open(field, &KEYS, report)?;
        // All three are read before any is given up.
        let version = section.require("version", report);
        let version = version.and_then(|field| self.version(&field, report));
        let since = section.require("since", report).and_then(|field| {
            let since = field.date(report)?;
            if let Some(first) = since_places.get(&since) {
                let what = format!("two agreements are in force since {since}");
                let help = format!("the other one is at line {}", report.line_of(first));
                report.error(&field.place, what, help);
            }
            since_places.entry(since).or_insert(field.place);
            Some(since)
        });
        let text = section.require("text", report);
        let text = text.and_then(|field| agreed_text(&field, report));
        Some(Agreement { version: version?, since: since?, text: text? })
    }

    fn version(&mut self, field: &Field<'_>, report: &mut Report<'_>) -> Option<String> {
        let version = field.text(report)?;
        if field.raw_text(report)?.contains(char::is_whitespace) {
            field.wrong("must have no blanks", field.like(), report);
            return None;
        }
        if let Some(first) = self.places.get(&version) {
            let what = format!("there is another agreement with the version `{version}`");
            let help = format!("the first one is at line {}", report.line_of(first));
            report.error(&field.place, what, help);
            return None;
        }
        self.places.insert(version.clone(), field.place.clone());
        Some(version)
    }
}

/// The text with LF line ends, so that it is the same agreement whichever
/// editor saved the file.
fn agreed_text(field: &Field<'_>, report: &mut Report<'_>) -> Option<String> {
    let text = field.raw_text(report)?.replace("\r\n", "\n").replace('\r', "\n");
    if text.trim().is_empty() {
        field.wrong("is empty", "write what everybody agrees to", report);
        return None;
    }
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
        let what = "contains an invisible control character";
        field.wrong(what, "type it again by hand", report);
        return None;
    }
    Some(text)
}

//! Sections and their values, with their places: what is missing, unknown or
//! of the wrong kind is reported here, once, for whoever asks for it.
//!
//! A getter that returns `None` has already said why. What the values mean to
//! each other is not known here.

use std::ops::{Range, RangeInclusive};

use chrono::{Datelike, NaiveDate, NaiveTime};
use toml::de::{DeTable, DeValue};
use toml::value::Datetime;

use super::keeping;
use super::problem::Report;
use super::wording::{example, kind, listed, nearest};
use crate::domain::text;

/// A group of keys: what stands below a header, or between braces.
pub(super) struct Section<'t> {
    table: &'t DeTable<'t>,
    /// Its header.
    pub(super) place: Range<usize>,
    /// Known keys that an unknown one was probably meant to be.
    pub(super) misspelt: Vec<&'static str>,
}

/// A value, and what it is called.
#[derive(Clone)]
pub(super) struct Field<'t> {
    pub(super) key: &'t str,
    pub(super) place: Range<usize>,
    value: &'t DeValue<'t>,
    /// Whether it is one of several values of that key.
    in_list: bool,
}

impl<'t> Section<'t> {
    /// The section that a field is, its unknown keys reported.
    pub(super) fn open(
        field: &Field<'t>,
        known: &[&'static str],
        report: &mut Report<'_>,
    ) -> Option<Self> {
        let DeValue::Table(table) = field.value else {
            field.wrong_kind("a section", None, report);
            return None;
        };
        let mut misspelt = Vec::new();
        for (key, _) in table {
            let name: &str = key.get_ref();
            if known.contains(&name) {
                continue;
            }
            let what = format!("unknown key `{name}`");
            if let Some(meant) = nearest(name, known) {
                report.error(&key.span(), what, format!("did you mean `{meant}`?"));
                misspelt.push(meant);
            } else if let Some(header) = keeping::header_of(name) {
                // Only one of two lines was made to count.
                report.error(&key.span(), what, format!("it belongs below the line `{header}`"));
            } else {
                let help = format!("there are {}", listed(known));
                report.error(&key.span(), what, help);
            }
        }
        Some(Self { table, place: field.place.clone(), misspelt })
    }

    pub(super) fn get(&self, key: &'static str) -> Option<Field<'t>> {
        let value = self.table.get(key)?;
        Some(Field::new(key, value.span(), value.get_ref()))
    }

    /// A value that must be there. It is not called missing when it is only
    /// misspelt.
    pub(super) fn require(&self, key: &'static str, report: &mut Report<'_>) -> Option<Field<'t>> {
        let field = self.get(key);
        if field.is_none() && !self.misspelt.contains(&key) {
            let help = format!("add `{key} = {}`", example(key));
            report.error(&self.place, format!("`{key}` is missing"), help);
        }
        field
    }

    /// Whether anything is said about one of these keys, rightly or wrongly.
    pub(super) fn mentions(&self, keys: &[&'static str]) -> bool {
        let said = self.table.keys().map(|key| &**key.get_ref());
        said.chain(self.misspelt.iter().copied()).any(|key| keys.contains(&key))
    }
}

impl<'t> Field<'t> {
    pub(super) fn new(key: &'t str, place: Range<usize>, value: &'t DeValue<'t>) -> Self {
        Self { key, place, value, in_list: false }
    }

    /// Whether it is a group of keys rather than a value.
    pub(super) fn is_section(&self) -> bool {
        self.value.is_table()
    }

    pub(super) fn is_list(&self) -> bool {
        self.value.is_array()
    }

    /// The keys of a section whose keys are names of people's own choosing,
    /// each with the place of the name.
    pub(super) fn entries(
        &self,
    ) -> Option<impl Iterator<Item = (Range<usize>, Field<'t>)> + use<'t>> {
        let table = self.value.as_table()?;
        Some(table.iter().map(|(key, value)| {
            let field = Field::new(key.get_ref(), value.span(), value.get_ref());
            (key.span(), field)
        }))
    }

    /// The values of a list.
    pub(super) fn list(&self, report: &mut Report<'_>) -> Option<Vec<Field<'t>>> {
        let DeValue::Array(array) = self.value else {
            self.wrong_kind("a list", None, report);
            return None;
        };
        let one = |item: &'t toml::Spanned<DeValue<'t>>| Field {
            in_list: true,
            ..Field::new(self.key, item.span(), item.get_ref())
        };
        Some(array.iter().map(one).collect())
    }

    /// Text as the file has it.
    pub(super) fn raw_text(&self, report: &mut Report<'_>) -> Option<&'t str> {
        if let DeValue::String(text) = self.value {
            Some(text)
        } else {
            self.wrong_kind("text", None, report);
            None
        }
    }

    /// Text that is worth showing: tidied, and not empty.
    pub(super) fn text(&self, report: &mut Report<'_>) -> Option<String> {
        match text::clean(self.raw_text(report)?) {
            Ok(text) if text.is_empty() => {
                self.wrong("is empty", self.like(), report);
                None
            }
            Ok(text) => Some(text),
            Err(wrong) => {
                let (what, help) = wrong.split_once("; ").unwrap_or((wrong, "shorten it"));
                self.wrong(what, help, report);
                None
            }
        }
    }

    /// A list of such texts; none unless all are good.
    pub(super) fn texts(&self, report: &mut Report<'_>) -> Option<Vec<String>> {
        self.all(report, Field::text)
    }

    /// What `read` makes of every value of a list; none unless all are good.
    pub(super) fn all<T>(
        &self,
        report: &mut Report<'_>,
        mut read: impl FnMut(&Field<'t>, &mut Report<'_>) -> Option<T>,
    ) -> Option<Vec<T>> {
        // All are read before any is given up, so that all mistakes are found.
        let values: Vec<_> = self.list(report)?.iter().map(|field| read(field, report)).collect();
        values.into_iter().collect()
    }

    pub(super) fn whole_number(
        &self,
        range: RangeInclusive<u32>,
        report: &mut Report<'_>,
    ) -> Option<u32> {
        let DeValue::Integer(number) = self.value else {
            let meant = self.value.as_str().and_then(|text| text.trim().parse::<u32>().ok());
            self.wrong_kind("a whole number", meant.map(|n| n.to_string()), report);
            return None;
        };
        let parsed = u32::from_str_radix(number.as_str(), number.radix()).ok();
        let in_range = parsed.filter(|number| range.contains(number));
        if in_range.is_none() {
            let what = format!("must be from {} to {}, not {number}", range.start(), range.end());
            self.wrong(&what, "", report);
        }
        in_range
    }

    pub(super) fn yes_or_no(&self, report: &mut Report<'_>) -> Option<bool> {
        let DeValue::Boolean(yes) = self.value else {
            let meant = self.value.as_str().and_then(|text| text.trim().parse::<bool>().ok());
            self.wrong_kind("true or false", meant.map(|yes| yes.to_string()), report);
            return None;
        };
        Some(*yes)
    }

    pub(super) fn date(&self, report: &mut Report<'_>) -> Option<NaiveDate> {
        let Some(Datetime { date: Some(date), time, .. }) = self.value.as_datetime() else {
            let quoted = self.value.as_str().and_then(|text| text.trim().parse::<NaiveDate>().ok());
            self.wrong_kind("a date", quoted.map(|date| date.to_string()), report);
            return None;
        };
        if time.is_some() {
            let help = format!("write the day alone: `{}`", self.line(&date.to_string()));
            self.wrong("must be a date, without a time", help, report);
            return None;
        }
        let civil = NaiveDate::from_ymd_opt(date.year.into(), date.month.into(), date.day.into());
        // Within these years no reckoning with weeks can overflow.
        let sensible = civil.filter(|date| (1900..=2199).contains(&date.year()));
        if sensible.is_none() {
            self.wrong("must be a day of the years 1900 to 2199", self.like(), report);
        }
        sensible
    }

    pub(super) fn time(&self, report: &mut Report<'_>) -> Option<NaiveTime> {
        let Some(Datetime { date, time: Some(time), .. }) = self.value.as_datetime() else {
            let quoted = self.value.as_str().and_then(time_in_text);
            self.wrong_kind("a time", quoted.map(|time| time.to_string()), report);
            return None;
        };
        if date.is_some() {
            let help = format!("write the time alone: `{}`", self.line(&time.to_string()));
            self.wrong("must be a time, without a date", help, report);
            return None;
        }
        let civil = NaiveTime::from_hms_nano_opt(
            time.hour.into(),
            time.minute.into(),
            time.second.unwrap_or_default().into(),
            time.nanosecond.unwrap_or_default(),
        );
        if civil.is_none() {
            self.wrong("must be a time of day", self.like(), report);
        }
        civil
    }

    /// Reports a word that is none of the known ones, with the likely one.
    pub(super) fn suggest(
        &self,
        what: String,
        meant: Option<&str>,
        otherwise: &str,
        report: &mut Report<'_>,
    ) {
        let help = meant.map_or(otherwise.into(), |word| format!("did you mean `{word}`?"));
        report.error(&self.place, what, help);
    }

    /// Reports what is wrong with this value: "`name` is empty".
    pub(super) fn wrong(&self, what: &str, help: impl Into<String>, report: &mut Report<'_>) {
        let subject = if self.in_list { "an entry of " } else { "" };
        report.error(&self.place, format!("{subject}`{}` {what}", self.key), help);
    }

    /// Reports a value of another kind than the wanted one. `quoted` is the
    /// right value where only its quotes are wrong.
    fn wrong_kind(&self, wanted: &str, quoted: Option<String>, report: &mut Report<'_>) {
        let help = quoted.map_or_else(
            || self.like(),
            |value| format!("write it without quotation marks: `{}`", self.line(&value)),
        );
        let what = format!("must be {wanted}, not {}", kind(self.value));
        self.wrong(&what, help, report);
    }

    /// How this key looks when it is right, where that can be said.
    pub(super) fn like(&self) -> String {
        match example(self.key) {
            "" => String::new(),
            value => format!("like `{} = {value}`", self.key),
        }
    }

    fn line(&self, value: &str) -> String {
        if self.in_list { value.to_owned() } else { format!("{} = {value}", self.key) }
    }
}

fn time_in_text(text: &str) -> Option<NaiveTime> {
    let text = text.trim();
    NaiveTime::parse_from_str(text, "%H:%M")
        .or_else(|_| NaiveTime::parse_from_str(text, "%H:%M:%S"))
        .ok()
}

//! Arguments that several commands take, and how they are read.

use std::path::{Path, PathBuf};

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime};
use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::domain::participant::{ADDRESS_FOR_NAME, Code, Email, Who, is_address};
use crate::domain::period::Period;
use crate::domain::program::Week;
use crate::domain::text;
use crate::domain::words::Word;
use crate::output::file::Existing;
use crate::output::rows::Format;

/// How a command lists rows that has no file to write them to.
#[derive(Debug, clap::Args)]
pub struct Listed {
    /// How it is written; xlsx needs > FILE.xlsx
    #[arg(long, default_value = "table", value_parser = one_of::<Format>())]
    pub format: Format,
}

/// Where a command writes its result to, if not to the screen.
#[derive(Debug, clap::Args)]
pub struct IntoFile {
    /// Write it to a file that only you can read
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// Replace the file if there is one
    #[arg(long, requires = "output")]
    force: bool,
}

impl IntoFile {
    /// The file, unless `-` says the screen.
    pub fn path(&self) -> Option<&Path> {
        self.output.as_deref().filter(|path| path.as_os_str() != "-")
    }

    pub fn existing(&self) -> Existing {
        if self.force { Existing::Replace } else { Existing::Keep }
    }
}

/// A day, as 2024-01-30 or 30 Jan 2024.
pub fn date(typed: &str) -> Result<NaiveDate, String> {
    sensible(day(typed).ok_or("a date is written 2024-01-30, or '30 Jan 2024'")?)
}

/// The forms of a day that cannot be mistaken for another.
fn day(typed: &str) -> Option<NaiveDate> {
    let forms = ["%Y-%m-%d", "%d %b %Y", "%d %B %Y"];
    forms.iter().find_map(|form| NaiveDate::parse_from_str(typed, form).ok())
}

/// A slip in the year would make a consent valid for ever, or somebody the
/// first in line.
fn sensible(day: NaiveDate) -> Result<NaiveDate, String> {
    if (1900..2200).contains(&day.year()) {
        Ok(day)
    } else {
        Err("the year must be between 1900 and 2199".into())
    }
}

/// A day, or a day and a time.
pub fn moment(typed: &str) -> Result<NaiveDateTime, String> {
    let forms = ["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S"];
    let at = forms
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(typed, form).ok())
        .or_else(|| day(typed).map(|day| day.and_time(NaiveTime::MIN)))
        .ok_or("write a day such as 2024-01-08, or a day and a time such as '2024-01-08 14:05'")?;
    sensible(at.date()).map(|_| at)
}

/// A time, as 13:00.
pub fn time(typed: &str) -> Result<NaiveTime, String> {
    NaiveTime::parse_from_str(typed, "%H:%M")
        .map_err(|_| "a time is written hour:minute, such as 13:00".into())
}

/// A length of time, as '2 years'.
pub fn period(typed: &str) -> Result<Period, String> {
    Period::parse(typed).map_err(Into::into)
}

pub fn week(typed: &str) -> Result<Week, String> {
    match typed.parse() {
        Ok(week @ 1..) => Ok(week),
        _ => Err("a week is a number from 1".into()),
    }
}

pub fn who(typed: &str) -> Result<Who, String> {
    Who::parse(typed).map_err(Into::into)
}

pub fn code(typed: &str) -> Result<Code, String> {
    Code::parse(typed).ok_or_else(|| "a code is five letters and digits, such as K7QM2".into())
}

pub fn email(typed: &str) -> Result<Email, String> {
    Email::parse(typed).map_err(Into::into)
}

/// What somebody is called; not empty.
pub fn name(typed: &str) -> Result<String, String> {
    short_text(typed).and_then(no_address)
}

/// The same, or nothing.
pub fn maybe_name(typed: &str) -> Result<String, String> {
    maybe_text(typed).and_then(no_address)
}

fn no_address(name: String) -> Result<String, String> {
    if is_address(&name) { Err(ADDRESS_FOR_NAME.into()) } else { Ok(name) }
}

/// A short text about somebody or something; not empty.
pub fn short_text(typed: &str) -> Result<String, String> {
    match text::clean(typed)? {
        cleaned if cleaned.is_empty() => Err("must not be empty".into()),
        cleaned => Ok(cleaned),
    }
}

/// A short text that may be empty, to clear what was there.
pub fn maybe_text(typed: &str) -> Result<String, String> {
    Ok(text::clean(typed)?)
}

/// A word of a short list, with the list in the help.
pub fn one_of<T: Word>() -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(T::ALL.iter().map(|one| one.word()))
        .try_map(|word| T::from_word(&word).ok_or("no such word"))
}

/// The words of a short list, for the hint that names an option.
pub fn words_of<T: Word>() -> String {
    T::ALL.iter().map(|one| one.word()).collect::<Vec<_>>().join(", ")
}

/// The meanings of a short list, to choose from.
pub fn meanings<T: Word>(meaning: fn(T) -> &'static str) -> Vec<String> {
    T::ALL.iter().map(|one| meaning(*one).to_owned()).collect()
}

/// The words of a short list with their meanings, a line each, for the help.
pub fn explained<T: Word>(meaning: fn(T) -> &'static str) -> String {
    let width = T::ALL.iter().map(|one| one.word().len()).max().unwrap_or_default();
    let line = |one: &T| format!("  {:<width$}  {}", one.word(), meaning(*one));
    T::ALL.iter().map(line).collect::<Vec<_>>().join("\n")
}

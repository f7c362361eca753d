//! `[roster.NAME]`: what a roster is for, with its people and columns.

use super::fields::{Field, Section};
use super::problem::Report;
use super::wording::{listed, nearest};
use crate::domain::program::Purpose;
use crate::domain::roster::{self, ChosenColumn, People};
use crate::domain::words::Word;

const KEYS: [&str; 2] = ["people", "columns"];

pub(super) fn read(rosters: &Field<'_>, report: &mut Report<'_>) -> Vec<Purpose> {
    let Some(named) = rosters.entries() else {
        let help = "begin each with a line like `[roster.facilitator]`";
        rosters.wrong("must be sections with a name", help, report);
        return Vec::new();
    };
    named
        .filter_map(|(name_place, field)| {
            if !field.is_section() && KEYS.contains(&field.key) {
                let help = "begin it with a line like `[roster.facilitator]`";
                report.error(&name_place, "this roster has no name", help);
                return None;
            }
            if !is_good_name(field.key) {
                let what = format!("`{}` is no name of a roster", field.key);
                let help =
                    "a name is made of lower-case letters, digits and dashes, like `facilitator`";
                report.error(&name_place, what, help);
            }
            purpose(&field, report)
        })
        .collect()
}

fn is_good_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

fn purpose(field: &Field<'_>, report: &mut Report<'_>) -> Option<Purpose> {
    let section = Section::open(field, &KEYS, report)?;
    let people = match section.get("people") {
        Some(field) => people(&field, report),
        None => Some(People::Enrolled),
    };
    let columns = section.require("columns", report);
    let columns = columns.and_then(|field| columns_of(&field, report));
    Some(Purpose { name: field.key.to_owned(), people: people?, columns: columns? })
}

fn people(field: &Field<'_>, report: &mut Report<'_>) -> Option<People> {
    let typed = field.raw_text(report)?;
    let found = People::from_word(typed);
    if found.is_none() {
        let words: Vec<_> = People::ALL.iter().map(|people| people.word()).collect();
        let what = format!("`people` must be one of a few words, not `{typed}`");
        let otherwise = format!("there are {}", listed(&words));
        field.suggest(what, nearest(typed, &words), &otherwise, report);
    }
    found
}

fn columns_of(field: &Field<'_>, report: &mut Report<'_>) -> Option<Vec<ChosenColumn>> {
    let mut chosen: Vec<&'static str> = Vec::new();
    let columns = field.all(report, |entry, report| {
        let (column_field, header, required) = if entry.is_section() {
            let section = Section::open(entry, &["header", "column", "required"], report)?;
            let header = section.get("header").map(|field| field.text(report));
            let required = section.get("required").map(|field| field.yes_or_no(report));
            (section.require("column", report)?, header, required)
        } else {
            (entry.clone(), None, None)
        };
        let column = column_name(&column_field, report)?;
        if chosen.contains(&column) {
            let what = format!("the column `{column}` is here twice");
            report.error(&column_field.place, what, "keep one of them");
            return None;
        }
        chosen.push(column);
        let header = match header {
            Some(header) => Some(header?),
            None => None,
        };
        let required = required.unwrap_or(Some(false))?;
        Some(ChosenColumn { column: column.to_owned(), header, required })
    })?;
    if columns.is_empty() {
        field.wrong("is empty", field.like(), report);
        return None;
    }
    Some(columns)
}

fn column_name(field: &Field<'_>, report: &mut Report<'_>) -> Option<&'static str> {
    let typed = field.raw_text(report)?;
    let found = roster::column(typed).map(|column| column.name);
    if found.is_none() {
        let names: Vec<_> = roster::column_names().collect();
        let what = format!("unknown column `{typed}`");
        let otherwise = format!("there are {}", listed(&names));
        field.suggest(what, nearest(typed, &names), &otherwise, report);
    }
    found
}

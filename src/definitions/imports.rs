//! `[import.NAME]`: which column of a sign-up form is what.

use super::fields::{Field, Section};
use super::problem::Report;
use crate::domain::sign_up::{self, Mapping};
use crate::domain::words::Word;

pub(super) fn read(imports: &Field<'_>, report: &mut Report<'_>) -> Vec<Mapping> {
    let Some(named) = imports.entries() else {
        let help = "begin each with a line like `[import.forms]`";
        imports.wrong("must be sections with a name", help, report);
        return Vec::new();
    };
    let keys: Vec<&'static str> = sign_up::Field::ALL.iter().map(|field| field.word()).collect();
    named
        .filter_map(|(name_place, field)| {
            if !field.is_section() && keys.contains(&field.key) {
                let help = "begin it with a line like `[import.forms]`";
                report.error(&name_place, "this form has no name", help);
                return None;
            }
            mapping(&field, &keys, report)
        })
        .collect()
}

fn mapping(field: &Field<'_>, keys: &[&'static str], report: &mut Report<'_>) -> Option<Mapping> {
    let section = Section::open(field, keys, report)?;
    let mut headings: Vec<(sign_up::Field, String)> = Vec::new();
    for of in sign_up::Field::ALL {
        let Some(value) = section.get(of.word()) else { continue };
        let heading = value.text(report)?;
        if headings.iter().any(|(_, other)| *other == heading) {
            value.wrong("is the heading of another key too", "each column is one thing", report);
            return None;
        }
        headings.push((*of, heading));
    }
    if headings.is_empty() {
        let help = "add which column is what, like `first_name = \"What is your first name?\"`";
        report.error(&field.place, "this form has no column", help);
        return None;
    }
    Some(Mapping { name: field.key.to_owned(), headings })
}

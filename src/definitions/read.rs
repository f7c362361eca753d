//! The walk over the whole file: its kinds of section, each handed to the
//! code that knows it.

use toml::de::{DeTable, DeValue};

use super::agreements::Agreements;
use super::fields::{Field, Section};
use super::problem::Report;
use super::terms::{self, Draft};
use super::wording::{listed, nearest};
use super::{
    Definitions, Keeping, Places, attendance, cohorts, imports, keeping, mail, receipt, reporting,
    rosters,
};
use crate::domain::program::Program;

const SECTIONS: [&str; 11] = [
    "program",
    "agreement",
    "receipt",
    "roster",
    "import",
    "attendance",
    "report",
    "mail",
    "backup",
    "retention",
    "cohort",
];

/// How a section's header is written.
fn header(section: &str) -> &'static str {
    match section {
        "program" => "[program]",
        "agreement" => "[[agreement]]",
        "receipt" => "[receipt]",
        "roster" => "[roster.NAME]",
        "import" => "[import.NAME]",
        "attendance" => "[attendance]",
        "report" => "[report]",
        "mail" => "[mail]",
        "backup" => "[backup]",
        "retention" => "[retention]",
        _ => "[[cohort]]",
    }
}

/// All that a file says, but for its text. Where anything was reported, what is
/// returned is not to be used.
pub(super) fn file(root: &DeTable<'_>, report: &mut Report<'_>) -> Definitions {
    let misspelt = unknown_sections(root, report);
    let section = |name: &'static str| {
        let value = root.get(name)?;
        Some(Field::new(name, value.span(), value.get_ref()))
    };

    let mut draft = Draft::blank();
    if let Some(field) = section("program") {
        if let Some(program) = only_section(&field, &terms::KEYS, report) {
            for key in terms::REQUIRED {
                program.require(key, report);
            }
            draft = draft.overridden_by(&program, report);
        }
    } else if !misspelt.contains(&"program") {
        let help = format!("add it, and below it {}", listed(&terms::REQUIRED));
        report.error(&(0..0), "the section `[program]` is missing", help);
    }

    let mut agreements = match section("agreement") {
        Some(field) => Agreements::read(sections_of(&field, report).as_deref(), report),
        None => Agreements::none(),
    };
    if misspelt.contains(&"agreement") {
        agreements.unsure = true;
    }
    let purposes = section("roster").map(|field| rosters::read(&field, report));
    let imports = section("import").map(|field| imports::read(&field, report)).unwrap_or_default();
    let attendance = section("attendance")
        .and_then(|field| only_section(&field, &attendance::KEYS, report))
        .map(|section| attendance::rules(&section, report));
    let suppress_below = section("report")
        .and_then(|field| only_section(&field, &reporting::KEYS, report))
        .map_or(reporting::SUPPRESS_BELOW, |section| reporting::suppress_below(&section, report));
    let responsible = section("receipt")
        .and_then(|field| only_section(&field, &receipt::KEYS, report))
        .map(|section| receipt::responsible(&section, report));
    let mail = section("mail")
        .and_then(|field| only_section(&field, &mail::KEYS, report))
        .map(|section| mail::read(&section, report));
    let backup = section("backup")
        .and_then(|field| only_section(&field, &keeping::BACKUP_KEYS, report))
        .and_then(|section| keeping::backup(&section, report));
    let erase_after = section("retention")
        .and_then(|field| only_section(&field, &keeping::RETENTION_KEYS, report))
        .and_then(|section| keeping::erase_after(&section, report));
    let cohorts = section("cohort").and_then(|field| sections_of(&field, report));
    let (cohorts, cohort_places) =
        cohorts::read(&cohorts.unwrap_or_default(), &draft, &agreements, report);

    let program = Program {
        terms: draft.terms,
        agreements: agreements.list,
        purposes: purposes.unwrap_or_default(),
        cohorts,
    };
    Definitions {
        program,
        attendance: attendance.unwrap_or_default(),
        suppress_below,
        keeping: Keeping { backup, erase_after },
        responsible: responsible.unwrap_or_default(),
        mail: mail.unwrap_or_default(),
        imports,
        text: String::new(),
        warnings: Vec::new(),
        places: Places { cohorts: cohort_places, agreements: agreements.places },
    }
}

/// A section that there can be only one of.
fn only_section<'t>(
    field: &Field<'t>,
    keys: &[&'static str],
    report: &mut Report<'_>,
) -> Option<Section<'t>> {
    if field.is_section() {
        return Section::open(field, keys, report);
    }
    let header = header(field.key);
    let help = format!("begin it with the line `{header}`, in single brackets, once");
    field.wrong("must be one section", help, report);
    None
}

/// The sections of a kind that there can be several of.
fn sections_of<'t>(field: &Field<'t>, report: &mut Report<'_>) -> Option<Vec<Field<'t>>> {
    if !field.is_list() {
        let header = header(field.key);
        let help = format!("begin each with the line `{header}`, in double brackets");
        field.wrong("must be in double brackets", help, report);
        return None;
    }
    field.list(report)
}

/// Reports what is not one of the sections; returns those that were meant.
fn unknown_sections(root: &DeTable<'_>, report: &mut Report<'_>) -> Vec<&'static str> {
    let mut misspelt = Vec::new();
    for (key, value) in root {
        let name: &str = key.get_ref();
        if SECTIONS.contains(&name) {
            continue;
        }
        let is_section = match value.get_ref() {
            DeValue::Table(_) => true,
            DeValue::Array(array) => array.iter().any(|item| item.get_ref().is_table()),
            _ => false,
        };
        if !is_section {
            let place = key.span();
            if terms::KEYS.contains(&name) {
                let what = format!("`{name}` is above `[program]`");
                report.error(&place, what, "move it below that line");
            } else {
                let help = "every key is below a section, such as `[program]`";
                report.error(&place, format!("unknown key `{name}`"), help);
            }
        } else if let Some(meant) = nearest(name, &SECTIONS) {
            let help = format!("did you mean `{}`?", header(meant));
            report.error(&key.span(), format!("unknown section `{name}`"), help);
            misspelt.push(meant);
        } else {
            let help = format!("there are {}", listed(&SECTIONS.map(header)));
            report.error(&key.span(), format!("unknown section `{name}`"), help);
        }
    }
    misspelt
}

//! Fields before and after, as people may see them: what is personal is
//! masked, and an edit of `cohorts.toml` is the text that it changed.

use crate::context::edit;
use crate::error::Result;
use crate::output::before_after::Field;
use crate::store::{FILE_CHANGE, FieldChange, FileEdit};

/// Whether names, addresses and health information are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Personal {
    Masked,
    Shown,
}

/// What stands for a value that is not shown.
const MASK: &str = "***";

/// The fields that say nothing personal. All others are masked, so that a field
/// that is added to the records and forgotten here is masked too.
#[rustfmt::skip]
const NOT_PERSONAL: &[&str] = &[
    FILE_CHANGE,
    "code", "participant", // pseudonyms
    "kind", "current", // of an address
    "date", "starts_at", "ends_at", "zone", "week",
    "version", "sha256", "text", // of an agreement
    "status", "signed_up_at", "joined_week", "withdrawn_on", "reason", // from a short list
    "agreement", "decision", "decided_on", "method",
    "mark", "without_agreement", "noted_on",
    "done", "closed_on", // from a short list, of an incident
    "asked_on", "next_on", "outcome", "contacted_on", // of support
    "finished_on", "drafted_on",
];

/// A change as it may be seen.
pub fn readable(change: FieldChange, personal: Personal) -> Result<FieldChange> {
    match (&*change.table, change.after) {
        (FILE_CHANGE, Some(json)) => of_file(&FileEdit { json }),
        (_, after) => Ok(masked(FieldChange { after, ..change }, personal)),
    }
}

/// An edit of `cohorts.toml`, as the text that it took out and put in.
pub fn of_file(edit: &FileEdit) -> Result<FieldChange> {
    let splice = edit::kept(edit)?;
    let some = |text: String| Some(text).filter(|text| !text.is_empty());
    Ok(FieldChange {
        code: None,
        cohort: None,
        week: None,
        table: FILE_CHANGE.into(),
        field: FILE_CHANGE.into(),
        before: some(splice.removed),
        after: some(splice.inserted),
    })
}

/// A change without what is personal, unless that is to be shown.
pub fn masked(mut change: FieldChange, personal: Personal) -> FieldChange {
    if personal == Personal::Masked && !NOT_PERSONAL.contains(&&*change.field) {
        for value in [&mut change.before, &mut change.after].into_iter().flatten() {
            MASK.clone_into(value);
        }
    }
    change
}

/// What a field is, in words: "week 2: mark". The cohort is said where it is
/// not the one that the whole change is about.
pub fn what(change: &FieldChange, about: Option<&str>) -> String {
    let field = match (&*change.table, &*change.field) {
        ("address", "kind") => "kind of address".into(),
        ("address", "value") => "address".into(),
        ("address", "current") => "address in use".into(),
        ("alias", "code") => "former code".into(),
        ("agreement", field) => format!("agreement's {field}"),
        ("enrollment", "joined_week") => "from week".into(),
        ("enrollment", "signed_up_at") => "signed up".into(),
        ("attendance", "without_agreement") => "not agreed".into(),
        ("incident", "kind") => "incident".into(),
        ("incident", "done") => "what was done".into(),
        ("zoom_report", _) => "Zoom report".into(),
        ("support", "asked_on") => "asked for support".into(),
        ("support", "next_on") => "next contact".into(),
        ("support", field) => format!("support {}", field.replace('_', " ")),
        ("contact", "kind") => "contact".into(),
        ("draft", "kind") => "message".into(),
        (_, field) => field.replace('_', " "),
    };
    let cohort = change.cohort.as_deref().filter(|cohort| Some(*cohort) != about);
    match (cohort, change.week) {
        (None, None) => field,
        (None, Some(week)) => format!("week {week}: {field}"),
        (Some(cohort), None) => format!("{cohort}: {field}"),
        (Some(cohort), Some(week)) => format!("{cohort} week {week}: {field}"),
    }
}

/// A change in a line of a screen.
pub fn line<'a>(change: &'a FieldChange, what: &'a str) -> Field<'a> {
    Field {
        whose: change.code.as_deref().unwrap_or_default(),
        what,
        before: value(change, change.before.as_deref()),
        after: value(change, change.after.as_deref()),
    }
}

fn value<'a>(change: &FieldChange, value: Option<&'a str>) -> &'a str {
    match (&*change.field, value) {
        (_, None) => "",
        ("current", Some("1")) => "yes",
        ("current", Some("0")) => "no",
        (_, Some(value)) => value,
    }
}

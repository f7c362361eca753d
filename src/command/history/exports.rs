//! What was written to files: which columns of which cohorts, and whether the
//! file still lies there.

use std::io::{ErrorKind, Write};
use std::path::Path;

use super::{AtMost, Shown, keys};
use crate::context::{Context, Office};
use crate::domain::file_name;
use crate::domain::roster::Cell;
use crate::error::Result;
use crate::output::before_after::wrapped;
use crate::output::rows::Format;
use crate::output::words;
use crate::store::{Export, Part};

pub(super) fn list(
    ctx: &mut Context,
    office: &Office,
    part: &Part<'_>,
    most: i64,
    format: Format,
) -> Result<Shown> {
    let mut at_most = AtMost::new(most);
    if format == Format::Table {
        let to = ctx.out.data();
        office.store.each_export(part, at_most.to_ask_for(), |export| -> Result<()> {
            if at_most.takes_one() {
                let gap = if at_most.given == 1 { "" } else { "\n" };
                write!(to, "{gap}{}", screen(&export))?;
            }
            Ok(())
        })?;
        return Ok(at_most.shown());
    }
    let headings = keys(&["at", "actor", "cohorts", "columns", "people", "file", "still_there"]);
    let mut rows = ctx.out.rows(format, headings)?;
    office.store.each_export(part, at_most.to_ask_for(), |export| -> Result<()> {
        if !at_most.takes_one() {
            return Ok(());
        }
        rows.row(&[
            Cell::Moment(export.at),
            Cell::text(&*export.actor),
            Cell::text(&*export.cohorts),
            Cell::text(&*export.columns),
            Cell::Number(export.people),
            Cell::text(&*export.file),
            is_there(&export.file).map_or(Cell::Empty, Cell::YesNo),
        ])
    })?;
    rows.finish()?;
    Ok(at_most.shown())
}

/// An export in a few lines: paths and lists of columns are too wide for a
/// table.
fn screen(export: &Export) -> String {
    let people = if export.people == 1 { "person" } else { "people" };
    let cohorts: Vec<&str> = export.cohorts.split(' ').collect();
    let title = format!(
        "{}, {}: {} {people} of {}",
        words::moment(export.at),
        export.actor,
        export.people,
        words::list(&cohorts)
    );
    let there = match is_there(&export.file) {
        Some(true) => "still there",
        Some(false) => "gone",
        None => "cannot be looked at",
    };
    let mut lines = wrapped(&title, 80);
    // A path is never turned: it has to be copied.
    lines.push(format!("  file     {}", words::printable(&export.file)));
    lines.push(format!("           {there}"));
    for (index, line) in wrapped(&export.columns, 80 - 11).into_iter().enumerate() {
        lines.push(format!("  {:<9}{line}", if index == 0 { "columns" } else { "" }));
    }
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// Whether a file lies there; nothing where that cannot be seen.
fn is_there(file: &str) -> Option<bool> {
    // A name was erased, because it told of somebody; or it is of another system.
    if file_name::is_emptied(file) || !Path::new(file).is_absolute() {
        return None;
    }
    match Path::new(file).symlink_metadata() {
        Ok(_) => Some(true),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Some(false)
        }
        Err(_) => None,
    }
}

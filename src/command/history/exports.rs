//! What was written to files: which columns of which cohorts, and whether the
//! file still lies there.

use std::io::Write;

use super::{AtMost, Shown, keys};
use crate::context::reach::{self, Lies};
use crate::context::{Context, Office};
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
            match reach::look_for(&export.file) {
                Lies::There => Cell::YesNo(true),
                Lies::Gone => Cell::YesNo(false),
                Lies::Away | Lies::Unknown => Cell::Empty,
            },
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
    let there = reach::look_for(&export.file).said();
    let mut lines = wrapped(&title, 80);
    // A path is never turned: it has to be copied.
    lines.push(format!("  file     {}", words::printable(&export.file)));
    lines.push(format!("           {there}"));
    for (index, line) in wrapped(&export.columns, 80 - 11).into_iter().enumerate() {
        lines.push(format!("  {:<9}{line}", if index == 0 { "columns" } else { "" }));
    }
    lines.iter().map(|line| format!("{line}\n")).collect()
}

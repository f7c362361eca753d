//! `cohorts import --all`: what `export` wrote, row for row, or nothing.
//!
//! The rows are put into new records beside their place, as they are and with
//! their history; those are then looked at as `check` does, and each file is
//! held against the sum that was written down of it. So whatever is not as it
//! was exported is found before anything appears.

mod contents;
mod problems;
mod rows;

use std::fs;
use std::io::Write;
use std::path::Path;

use crate::command::restore;
use crate::context::arrival::Place;
use crate::context::{Context, Mode, folder, gone_elsewhere, open_error};
use crate::definitions::{self, Definitions};
use crate::error::{Error, Result, io_error};
use crate::output::file::{Draft, Existing};
use crate::output::messages::Report;
use crate::output::progress::Progress;
use crate::store::{self, Finding, Load, Store, Table};
use contents::Contents;
use problems::Problems;

pub(super) fn run(ctx: &mut Context, dir: &Path) -> Result<Report> {
    let dir = ctx.file(dir);
    let place = Place::look_anew(ctx)?;
    refuse_place(&place, &dir)?;
    let contents = Contents::read(&dir)?;
    let path = place.path();
    let failed = |error| open_error(error, &path);
    let tables = store::tables_of(contents.format).map_err(failed)?;
    contents.refuse_other_files(&dir, &tables)?;
    let toml = dir.join(definitions::FILE_NAME);
    let text = fs::read(&toml).map_err(|error| io_error("read", &toml, &error))?;
    if place.definitions.as_ref().is_some_and(|there| *there != text) {
        return Err(Error::refused(format!(
            "{} has another cohorts.toml than the exported one; nothing was changed",
            place.folder.display()
        ))
        .hint("import into an empty folder: --folder DIR"));
    }

    let draft = Draft::begin(&path, Existing::Keep)?;
    let handed_over;
    {
        let load = Load::begin(draft.growing(), contents.format, place.key()).map_err(failed)?;
        let progress = Progress::new(format!("Reading {}", dir.display()));
        let records = load_all(load, &dir, &tables, &contents)?;
        drop(progress);
        records.bring_up_to_date().map_err(failed)?;
        let definitions = Definitions::read(&text).ok();
        writeln!(ctx.out.people(), "{}", restore::holds(&records, definitions.as_ref())?)?;
        if definitions.is_none() {
            writeln!(
                ctx.out.people(),
                "The cohorts.toml in it has mistakes, or is for a newer cohorts, and comes back as it is."
            )?;
        }
        handed_over = records.handed_over()?;
    }
    if ctx.mode == Mode::DryRun {
        return Ok(Report::new(format!(
            "Dry run: would put it into {}; nothing was changed.",
            place.folder.display()
        )));
    }
    place.put_in(draft, &text)?;

    let report = Report::new(format!("Brought everything back into {}.", place.folder.display()));
    let mut report = folder::remember_arrival(ctx, &place.folder, report)
        .and(format!("Delete {} once you are sure: it holds everybody's names.", dir.display()))
        .warning("whoever was erased after that export was made is in it again: erase them again");
    if !contents.has_same_definitions(&text) {
        report = report.warning("cohorts.toml was changed since the export, and taken as it is");
    }
    if let Some(to) = handed_over {
        report = report
            .warning(gone_elsewhere(&to))
            .next("go on here, if nobody took that file over", "cohorts handover --cancel");
    }
    if store::ENCRYPTS && place.key().is_none() && ctx.prompts.are_possible() {
        report = report.warning("these records are not encrypted: cohorts encrypt");
    }
    Ok(report.next("see whether all is well", "cohorts check").next("go on", "cohorts"))
}

/// Records are never replaced, and the export stays what it is.
fn refuse_place(place: &Place, export: &Path) -> Result<()> {
    let shown = place.folder.display();
    if !export.exists() {
        return Err(Error::refused(format!("there is no folder {}", export.display())));
    }
    if !export.is_dir() {
        return Err(Error::refused(format!("{} is a file, and no export", export.display()))
            .hint("name the folder that `cohorts export` made")
            .hint("a backup is put back with: cohorts restore FILE"));
    }
    if place.records.is_some() || place.damage.is_some() {
        return Err(Error::refused(format!(
            "there are records in {shown} already; nothing was changed"
        ))
        .hint("make an empty folder, and name it: --folder DIR"));
    }
    if fs::canonicalize(export).ok() == fs::canonicalize(&place.folder).ok() {
        return Err(Error::refused("the export and the records must not be in one folder")
            .hint("make an empty folder, and name it: --folder DIR"));
    }
    Ok(())
}

/// Puts all rows into new records, and looks at them from every side.
fn load_all(load: Load, dir: &Path, tables: &[Table], contents: &Contents) -> Result<Store> {
    let mut problems = Problems::default();
    let mut sums = Vec::new();
    for table in tables {
        load.begin_table(table)?;
        sums.push(rows::read(&load, dir, table, &mut problems)?);
    }
    problems.refuse_if_any(dir)?;
    let records = load.finish()?;
    found(&records.verify()?, dir, tables, &mut problems)?;
    for (table, sum) in tables.iter().zip(&sums) {
        contents.compare(table, sum, &mut problems);
    }
    problems.refuse_if_any(dir)?;
    Ok(records)
}

/// Says what is not as it was written down, with the lines of the rows.
fn found(
    findings: &[Finding],
    dir: &Path,
    tables: &[Table],
    problems: &mut Problems,
) -> Result<()> {
    for table in tables {
        let of_table = |finding: &&Finding| finding.table == Some(&*table.name);
        let ids: Vec<i64> =
            findings.iter().filter(of_table).filter_map(|finding| finding.row).collect();
        if ids.is_empty() {
            continue;
        }
        let lines = rows::lines_of(dir, table, &ids)?;
        for finding in findings.iter().filter(of_table) {
            let Some(id) = finding.row else { continue };
            let whose = match &finding.code {
                Some(code) => format!(" ({code})"),
                None => String::new(),
            };
            let what = format!("id {id}{whose} {}", finding.what);
            problems.add(table, lines.get(&id).copied(), &what);
        }
    }
    for finding in findings.iter().filter(|finding| finding.row.is_none()) {
        problems.add_of_all(&finding.to_string());
    }
    Ok(())
}

//! `cohorts takeover`

use std::io::Write;
use std::path::PathBuf;

use crate::context::arrival::{Arrival, Place, Replaced, Settling, renew_backup};
use crate::context::{Context, Mode, folder, reach};
use crate::definitions::Definitions;
use crate::domain::participant::{Code, Participant};
use crate::error::{Error, Result};
use crate::output::messages::Report;
use crate::output::words;
use crate::store::{CopyKind, Relation, Store};

/// Go on with records that were handed over
#[derive(Debug, clap::Args)]
#[command(after_help = "\
In an empty folder it begins one; in the folder that the records once came from
it brings it up to date. Refuses where both sides were changed meanwhile.

Examples:
  cohorts takeover /media/usb/aim-focus-release.handover
  cohorts takeover /media/usb/back.handover --folder ~/aim-focus-release")]
pub struct Args {
    /// A file made by: cohorts handover
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

pub fn run(ctx: &mut Context, args: &Args) -> Result<Report> {
    let path = ctx.file(&args.file);
    let place = Place::look(ctx)?;
    let arrival = Arrival::open(ctx, &path, &place)?;
    if arrival.note.kind == CopyKind::Backup {
        return Err(Error::refused(format!("{} is a backup, and no handover", path.display()))
            .hint(format!("cohorts restore {}", words::quoted(&args.file))));
    }
    let definitions = arrival.definitions().ok_or_else(|| {
        Error::refused("the cohorts.toml in that file has mistakes; nothing was taken over")
            .hint("the file may be from a newer cohorts: install it on this computer too")
    })?;
    refuse_other_changes(&arrival, &place)?;
    writeln!(ctx.out.people(), "{}", super::restore::holds(&arrival.records, Some(&definitions))?)?;
    if ctx.mode == Mode::DryRun {
        return Ok(Report::new(format!(
            "Dry run: would take it over into {}; nothing was changed.",
            place.folder.display()
        )));
    }
    let beyond = erased_there(&arrival, &place, &definitions)?;
    let at = words::moment(arrival.note.at);
    let (kept, _) = arrival.settle(
        ctx,
        &place,
        &Settling {
            command: "takeover",
            summary: &format!("took over what was handed over on {at}"),
            replaced: Replaced::Contained,
        },
    )?;
    let report = Report::new(format!("Took everything over into {}.", place.folder.display()));
    let mut report = folder::remember_arrival(ctx, &place.folder, report);
    for aside in kept {
        report = report.and(format!("The cohorts.toml that was there is in {}", aside.display()));
    }
    report = match (place.key(), arrival.records.key()) {
        (Some(old), Some(new)) if old.id() != new.id() => report.warning(format!(
            "the records have another key than before ({}):\n\
             write its recovery sheet down: cohorts key show",
            new.id()
        )),
        (Some(_), None) => report.and("They were not encrypted there, and are again here."),
        _ => report,
    };
    let report = renew_backup(ctx, report);
    Ok(report
        .then(beyond)
        .and(format!("Delete {} once you are sure: it holds everybody's names.", path.display()))
        .next("see whether all is well", "cohorts check")
        .next("go on", "cohorts"))
}

/// Says where those may still be found here who were erased there.
fn erased_there(arrival: &Arrival, place: &Place, definitions: &Definitions) -> Result<Report> {
    let Some(records) = &place.records else { return Ok(Report::silent()) };
    let erased = records.erased_in(&arrival.records)?.into_iter();
    let (people, codes): (Vec<Participant>, Vec<Code>) =
        erased.map(|(who, code, _)| (who, code)).unzip();
    if people.is_empty() {
        return Ok(Report::silent());
    }
    let codes: Vec<&str> = codes.iter().map(Code::as_str).collect();
    let were = if codes.len() == 1 { "was" } else { "were" };
    let report = Report::new(format!("{} {were} erased there.", words::list(&codes)));
    Ok(report.then(reach::beyond(&place.folder, definitions, records, &people)?))
}

/// Nothing that was changed here may be missing in what arrives.
fn refuse_other_changes(arrival: &Arrival, place: &Place) -> Result<()> {
    if let Some(why) = &place.damage {
        return Err(Error::refused(format!(
            "the records in {} are damaged",
            place.folder.display()
        ))
        .because(&why.message)
        .hint("take it over into an empty folder instead: --folder DIR"));
    }
    let Some(records) = &place.records else { return Ok(()) };
    if records.office_uid()? != arrival.records.office_uid()? {
        return Err(Error::refused(format!(
            "those are other records than the ones in {}",
            place.folder.display()
        ))
        .hint("take them over into a folder of their own: --folder DIR"));
    }
    let relation = records.relation(&arrival.records)?;
    if relation == Relation::Same && records.handed_over()?.is_some() {
        return Err(Error::refused(
            "this is where that file was handed over; nothing was taken over",
        )
        .hint("cohorts handover --cancel, if nobody took it over"));
    }
    let what = match relation {
        Relation::Same | Relation::Behind => return Ok(()),
        Relation::Ahead => "the records here hold later changes than that file",
        Relation::Diverged(_) => "the records here and in that file were both changed",
    };
    Err(Error::refused(format!("{what}; nothing was taken over"))
        .because(format!("the last change here: {}; there: {}", last(records)?, last(&arrival.records)?))
        .hint("go on with the one that you trust, and enter by hand what the other has more: cohorts history")
        .hint("to look into that file, take it over into an empty folder: --folder DIR"))
}

fn last(records: &Store) -> Result<String> {
    Ok(match records.operation(records.last_operation()?)? {
        Some(last) => format!("{} ({})", last.summary, words::moment(last.at)),
        None => "none".to_owned(),
    })
}

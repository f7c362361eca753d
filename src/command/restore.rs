//! `cohorts restore`

use std::io::Write;
use std::path::PathBuf;

use crate::context::arrival::{Arrival, Place, Replaced, Settling, renew_backup, with_readable};
use crate::context::{Context, Mode, folder, gone_elsewhere};
use crate::definitions::Definitions;
use crate::error::{Error, Result};
use crate::output::messages::Report;
use crate::output::words;
use crate::store::{CopyKind, Part, Relation, Store};

/// Put a backup in the place of the records
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Checks the backup, says what it holds and which changes would be lost, and asks.
The files that it replaces are kept beside it under another name. In an empty
folder it begins one. Whoever was erased since the backup is erased again; where
it has them joined with somebody who was not, it says how to part them first.

Examples:
  cohorts restore /media/usb/aim-focus-release-2024-02-06.backup --dry-run
  cohorts restore /media/usb/aim-focus-release-2024-02-06.backup")]
pub struct Args {
    /// A file made by: cohorts backup
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Without asking first
    #[arg(long)]
    yes: bool,
}

/// This many of the changes that would be lost are shown.
const SHOWN: i64 = 5;

pub fn run(ctx: &mut Context, args: &Args) -> Result<Report> {
    let path = ctx.file(&args.file);
    let place = Place::look(ctx)?;
    let arrival = Arrival::open(ctx, &path, &place)?;
    if arrival.note.kind == CopyKind::Handover {
        return Err(Error::refused(format!("{} is a handover, and no backup", path.display()))
            .hint(format!("cohorts takeover {}", words::quoted(&args.file))));
    }
    let definitions = arrival.definitions();
    if let Some(elsewhere) = handed_over(&place)? {
        return Err(elsewhere);
    }
    let mut said = vec![holds(&arrival.records, definitions.as_ref())?];
    said.extend(would_be_lost(&arrival, &place)?);
    arrival.refuse_to_erase_others(&place)?;
    if place.definitions.as_ref().is_some_and(|there| *there != arrival.note.definitions) {
        said.push("The cohorts.toml there says something else, and would be replaced too.".into());
    }
    if definitions.is_none() {
        said.push(
            "The cohorts.toml in it has mistakes, or is for a newer cohorts, and comes back as it is."
                .into(),
        );
    }
    let elsewhere = arrival.goes_on_elsewhere(&place)?;
    said.extend(elsewhere.as_ref().map(|to| format!("But {}.", gone_elsewhere(to))));
    for line in &said {
        writeln!(ctx.out.people(), "{line}")?;
    }
    if ctx.mode == Mode::DryRun {
        return Ok(Report::new(format!(
            "Dry run: would put it into {}; nothing was changed.",
            place.folder.display()
        )));
    }
    if !args.yes {
        let question = format!("Put it into {}?", place.folder.display());
        ctx.prompts.be_sure(&question, "nothing was changed")?;
    }
    let at = words::moment(arrival.note.at);
    let (kept, erased) = arrival.settle(
        ctx,
        &place,
        &Settling {
            command: "restore",
            summary: &format!("restored the backup of {at}"),
            replaced: Replaced::KeptAside,
        },
    )?;
    let report =
        Report::new(format!("Restored the backup of {at} into {}.", place.folder.display()));
    let mut report = folder::remember_arrival(ctx, &place.folder, report);
    if erased > 0 {
        let were = if erased == 1 { "was" } else { "were" };
        report = report.and(format!(
            "{} {were} erased since, and {were} erased again.",
            words::count(erased, "participant")
        ));
    }
    if place.records.is_none() || place.damage.is_some() {
        report = report.warning(
            "whoever was erased after that backup was made is in it again: erase them again",
        );
    }
    for aside in kept {
        report = report.and(format!("What was there before is in {}", aside.display()));
    }
    if elsewhere.is_some() {
        report =
            report.next("go on here, if nobody took that file over", "cohorts handover --cancel");
    }
    // Where there were no records, the backups may be those of others that go on
    // elsewhere: who only looks into a copy adds none to them.
    let report = if place.records.is_some() { renew_backup(ctx, report) } else { report };
    let report = with_readable(ctx, report);
    Ok(report.next("see whether all is well", "cohorts check").next("go on", "cohorts"))
}

/// Refuses where the records may only be read.
fn handed_over(place: &Place) -> Result<Option<Error>> {
    let Some(records) = place.whole() else { return Ok(None) };
    Ok(records.handed_over()?.map(|to| {
        Error::refused(format!("{}; nothing was changed", gone_elsewhere(&to)))
            .hint("cohorts handover --cancel, if nobody took that file over")
    }))
}

/// What records that arrive hold, in a sentence; `definitions` where they are
/// without mistakes.
pub fn holds(records: &Store, definitions: Option<&Definitions>) -> Result<String> {
    let as_of = match records.last_moment()? {
        Some(at) => format!("as of {}", words::moment(at)),
        None => "from before the first change".to_owned(),
    };
    let weeks = records.recorded_weeks()?;
    let weeks = match weeks.first() {
        Some((cohort, weeks)) => format!(", {} of {cohort}", words::weeks(weeks)),
        None => String::new(),
    };
    let cohorts = match definitions {
        Some(definitions) => definitions.program.cohorts.len(),
        None => records.holdings()?.cohorts,
    };
    Ok(format!(
        "It holds everything {as_of}: {}, {}{weeks}.",
        words::count(cohorts, "cohort"),
        words::count(records.count_participants()?, "participant"),
    ))
}

/// Says which changes would be lost, or that none would; and which would be new.
fn would_be_lost(arrival: &Arrival, place: &Place) -> Result<Vec<String>> {
    let records = match (&place.records, &place.damage) {
        (None, None) => return Ok(Vec::new()),
        (Some(records), None) => records,
        (_, Some(why)) => {
            return Ok(vec![format!(
                "The records in {} cannot be read ({}); what would be lost is not known.",
                place.folder.display(),
                why.in_short()
            )]);
        }
    };
    if records.office_uid()? != arrival.records.office_uid()? {
        return Err(Error::refused(format!(
            "that is a backup of other records than those in {}",
            place.folder.display()
        ))
        .hint("restore it into a folder of its own: --folder DIR"));
    }
    let (lost, more) = match records.relation(&arrival.records)? {
        Relation::Same => (None, None),
        Relation::Behind => (None, Some(records.last_operation()?)),
        Relation::Ahead => (Some(arrival.records.last_operation()?), None),
        Relation::Diverged(shared) => (Some(shared), Some(shared)),
    };
    let mut lines = match lost {
        Some(since) => later_changes(records, since, "would be lost")?,
        None => vec!["No change would be lost.".to_owned()],
    };
    if let Some(since) = more {
        lines.extend(later_changes(&arrival.records, since, "there, which the records lack")?);
    }
    Ok(lines)
}

/// The changes after one, newest first, at most a few.
fn later_changes(records: &Store, since: i64, which: &str) -> Result<Vec<String>> {
    let count = records.last_operation()? - since;
    let what = words::count(usize::try_from(count).unwrap_or_default(), "later change");
    let mut lines = vec![format!("{what} {which}:")];
    records.each_entry(&Part::default(), SHOWN.min(count), |entry| -> Result<()> {
        lines.push(format!("  {}  {}", words::moment(entry.at), entry.summary));
        Ok(())
    })?;
    if count > SHOWN {
        lines.push(format!("  and {} before", count - SHOWN));
    }
    Ok(lines)
}

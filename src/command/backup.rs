//! `cohorts backup`

use std::path::PathBuf;

use crate::context::copies::{self, Care};
use crate::context::{Context, Mode};
use crate::error::{Error, Result};
use crate::output::file::{self, ALONE, Existing};
use crate::output::messages::Report;
use crate::output::words;
use crate::store::CopyKind;

/// Copy everything into one file, to be put back with: cohorts restore
#[derive(Debug, clap::Args)]
#[command(after_help = "\
One file holds the records and cohorts.toml. It is checked, only you can read
it, and it is on the disk when this command says so. It holds people's names:
keep it as safe as the records.

With [backup] in cohorts.toml every change renews the day's backup by itself.

Examples:
  cohorts backup                                      where [backup] says
  cohorts backup /media/usb/aim-focus-release.backup")]
pub struct Args {
    /// Where; on another disk than the records
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,

    /// Replace the file if there is one, but no other records
    #[arg(long)]
    force: bool,
}

pub fn run(ctx: &mut Context, args: &Args) -> Result<Report> {
    let folder = ctx.folder()?;
    let store = ctx.records(&folder)?;
    let definitions = match ctx.definitions(&folder) {
        Ok(definitions) => Some(definitions),
        // With mistakes it is copied as it is: the records are what cannot be
        // written anew.
        Err(error) if error.preamble.is_some() => None,
        Err(error) => return Err(error),
    };
    let people = words::count(store.count_participants()?, "participant");
    let cohorts = match &definitions {
        Some(definitions) => definitions.program.cohorts.len(),
        None => store.holdings()?.cohorts,
    };
    let cohorts = words::count(cohorts, "cohort");
    let existing = if args.force { Existing::Replace } else { Existing::Keep };
    let path = match (&args.file, &definitions) {
        (Some(file), _) => ctx.file(file),
        (None, None) => {
            return Err(Error::usage(
                "where backups go is not known while cohorts.toml has mistakes",
            )
            .hint("cohorts backup FILE, on another disk than this one")
            .hint("cohorts check, to see the mistakes"));
        }
        (None, Some(definitions)) => {
            let plan = copies::plan(&folder, definitions).ok_or_else(|| {
                Error::usage("the file to copy everything into is missing")
                    .hint("cohorts backup FILE, on another disk than this one")
                    .hint("or add to cohorts.toml:  [backup]  folder = \"...\"")
            })?;
            if ctx.mode == Mode::DryRun {
                return Ok(would(&plan.folder.display().to_string()));
            }
            let path = copies::daily(&folder, &store, ctx.now, &plan, Care::Everything)?;
            return Ok(Report::new(format!(
                "Backed up {cohorts} and {people} to {}.",
                path.display()
            )));
        }
    };
    copies::refuse_other_records(&folder, &store, &path)?;
    file::refuse_bad_place(&path, existing)?;
    if ctx.mode == Mode::DryRun {
        return Ok(would(&path.display().to_string()));
    }
    // A backup of records that may only be read changes nothing in them.
    if !store.is_read_only() {
        let people = store.count_participants()?;
        ctx.disclose(&store, "all", copies::OF_EVERYTHING, people, &path)?;
    }
    let note = (CopyKind::Backup, ctx.now);
    copies::write(&folder, &store, note, Care::Everything, &path, existing)?;
    let mut report =
        Report::new(format!("Backed up {cohorts} and {people} to {}{ALONE}.", path.display()));
    if definitions.is_none() {
        report =
            report.warning("cohorts.toml has mistakes, and was copied as it is: cohorts check");
    }
    Ok(report.next("to put it back", format!("cohorts restore {}", words::quoted(&path))))
}

fn would(place: &str) -> Report {
    Report::new(format!("Dry run: would back everything up to {place}"))
}

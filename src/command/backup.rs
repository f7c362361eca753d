//! `cohorts backup`

use std::path::PathBuf;

use crate::context::copies::{self, Care};
use crate::context::{Context, Mode};
use crate::error::{Error, Result};
use crate::output::file::{self, Existing};
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
  cohorts backup                                    the day's, where [backup] says
  cohorts backup /media/usb/aim-focus-release.backup")]
pub struct Args {
    /// Where; on another disk than the records
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,

    /// Replace a file that is there
    #[arg(long)]
    force: bool,
}

pub fn run(ctx: &mut Context, args: &Args) -> Result<Report> {
    let office = ctx.office()?;
    let people = words::count(office.store.count_participants()?, "participant");
    let cohorts = words::count(office.definitions.program.cohorts.len(), "cohort");
    let existing = if args.force { Existing::Replace } else { Existing::Keep };
    let path = match &args.file {
        Some(file) => ctx.file(file),
        None => {
            let plan = copies::plan(&office.folder, &office.definitions).ok_or_else(|| {
                Error::usage("where to is missing")
                    .hint("cohorts backup FILE, on another disk than this one")
                    .hint("or add to cohorts.toml:  [backup]  folder = \"...\"")
            })?;
            if ctx.mode == Mode::DryRun {
                return Ok(would(&plan.folder.display().to_string()));
            }
            let path =
                copies::daily(&office.folder, &office.store, ctx.now, &plan, Care::Everything)?;
            return Ok(Report::new(format!(
                "Backed up {cohorts} and {people} to {}.",
                path.display()
            )));
        }
    };
    if ctx.mode == Mode::DryRun {
        return Ok(would(&path.display().to_string()));
    }
    office.refuse_own_files(&path)?;
    file::refuse_bad_place(&path, existing)?;
    // A backup of records that may only be read changes nothing in them.
    if !office.store.is_read_only() {
        let people = office.store.count_participants()?;
        ctx.disclose(&office, "all", "backup of everything", people, &path)?;
    }
    let note = (CopyKind::Backup, ctx.now);
    copies::write(&office.folder, &office.store, note, Care::Everything, &path, existing)?;
    let alone = if cfg!(unix) { ", which only you can read" } else { "" };
    Ok(Report::new(format!("Backed up {cohorts} and {people} to {}{alone}.", path.display()))
        .next("to put it back", format!("cohorts restore {}", words::quoted(&path))))
}

fn would(place: &str) -> Report {
    Report::new(format!("Dry run: would back everything up to {place}"))
}

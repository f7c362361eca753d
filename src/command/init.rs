//! `cohorts init`

use std::fs;
use std::path::{Path, PathBuf};

use crate::context::{Context, Mode, folder, open_error};
use crate::definitions;
use crate::error::{Result, io_error};
use crate::output::file::{self, Existing};
use crate::output::messages::Report;
use crate::output::words;
use crate::store::{self, OpenError};

/// Make a folder for your program, or add what is missing in one
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Writes a commented cohorts.toml for you to edit and an empty cohorts.db
beside it. A file that is there already is left as it is. Commands that you
run elsewhere will use this folder from now on.

Examples:
  cohorts init                in this folder
  cohorts init ~/Documents/aim-focus-release")]
pub struct Args {
    /// Where, if not here; a folder that does not exist is made
    #[arg(value_name = "DIR")]
    dir: Option<PathBuf>,
}

pub fn run(ctx: &mut Context, args: &Args) -> Result<Report> {
    let named = args.dir.as_ref().or(ctx.named_folder.as_ref());
    let folder = named.map_or_else(|| ctx.here.clone(), |dir| ctx.here.join(dir));
    if ctx.mode == Mode::DryRun {
        return Ok(Report::new(format!(
            "Dry run: would add what is missing of cohorts.toml and cohorts.db in {}",
            folder.display()
        )));
    }
    let made = fill(&folder)?;
    let folder = std::path::absolute(&folder).map_err(|error| io_error("find", &folder, &error))?;
    folder::remember(&folder)?;
    let place = folder.display();
    let said = match made.as_slice() {
        [] => Report::new(format!("Nothing was missing in {place}")),
        made => Report::new(format!("Made {} in {place}", words::list(made))),
    };
    let said = said
        .and(if cfg!(unix) {
            "Only you can read the records."
        } else {
            "The records have the permissions of the folder."
        })
        .and("Commands that you run elsewhere use this folder from now on.");
    Ok(match made.as_slice() {
        [] => said,
        _ => said
            .and("Next:")
            .next("make the program yours", "open cohorts.toml in a text editor")
            .next("see whether all is well in it", "cohorts check")
            .next("add the first cohort", "cohorts new"),
    })
}

/// Adds the files that a folder lacks, and says which.
pub fn fill(folder: &Path) -> Result<Vec<&'static str>> {
    make_folder(folder)?;
    let mut made = Vec::new();
    let toml = folder.join(definitions::FILE_NAME);
    if !toml.exists() {
        file::write(&toml, definitions::TEMPLATE.as_bytes(), Existing::Keep)?;
        made.push(definitions::FILE_NAME);
    }
    let records = folder.join(store::FILE_NAME);
    match store::create(&records) {
        Ok(()) => made.push(store::FILE_NAME),
        Err(OpenError::Exists) => {
            store::open(&records).map_err(|error| open_error(error, &records))?;
        }
        Err(error) => return Err(open_error(error, &records)),
    }
    Ok(made)
}

fn make_folder(folder: &Path) -> Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|error| io_error("make the folder", folder, &error))
}

//! `cohorts rekey`

use super::encrypt;
use crate::context::switch::Switching;
use crate::context::{Context, Mode};
use crate::domain::key::Key;
use crate::error::{Error, Result};
use crate::output::messages::Report;

/// Encrypt the records with another key
#[derive(Debug, clap::Args)]
#[command(after_help = "\
For when somebody may have seen the key, its passphrase or the recovery sheet;
and to give the key a passphrase, or none. The new key has a recovery sheet of
its own, of which some words are asked for. The old key stays on this computer:
it opens the backups that were made with it.

Example:
  cohorts rekey")]
pub struct Args {}

pub fn run(ctx: &mut Context, _: &Args) -> Result<Report> {
    encrypt::refuse_if_impossible(ctx)?;
    let folder = ctx.folder()?;
    // What can be read elsewhere is looked for by what cohorts.toml says.
    let records = ctx.office()?.store;
    let Some(old) = records.key().map(Key::id) else {
        return Err(Error::refused("the records are not encrypted; nothing was changed")
            .hint("cohorts encrypt"));
    };
    if ctx.mode == Mode::DryRun {
        return Ok(Report::new(format!(
            "Dry run: would encrypt the records in {} with another key",
            folder.display()
        )));
    }
    let how = Switching {
        from: Some(old),
        command: "rekey",
        summary: "encrypted the records with another key",
    };
    let report = encrypt::with_new_key(ctx, &folder, records, &how)?;
    Ok(report.and(format!(
        "Backups, handovers and what a restore kept aside before are opened by the old key \
         ({old}) and its recovery sheet: keep that sheet as long as those, or delete them."
    )))
}

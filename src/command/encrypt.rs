//! `cohorts encrypt`

use std::path::Path;

use super::key::sheet;
use crate::context::arrival::{renew_backup, with_readable};
use crate::context::keys::KeyFile;
use crate::context::switch::{Switching, refuse_to_encrypt};
use crate::context::{Context, Mode, cannot_encrypt, keys};
use crate::error::{Error, Result};
use crate::output::messages::Report;
use crate::store::{self, Store};

/// Make the records unreadable without their key
#[derive(Debug, clap::Args)]
#[command(after_help = "\
The key is kept on this computer, outside the folder, and commands work as
before. Whoever copies the folder, a backup or a handover cannot read it. With a
passphrase for the key, every command asks for that.

Before anything is changed you see the recovery sheet: 24 words that bring the
key back, on this computer or another. Some of them are asked for, so write them
down. Without the key and without the sheet nobody can ever read the records.

Examples:
  cohorts encrypt
  cohorts key show       the recovery sheet once more")]
pub struct Args {}

pub fn run(ctx: &mut Context, _: &Args) -> Result<Report> {
    refuse_if_impossible(ctx)?;
    let folder = ctx.folder()?;
    // What can be read elsewhere is looked for by what cohorts.toml says.
    let records = ctx.office()?.store;
    if records.key().is_some() {
        return Err(Error::refused("the records are encrypted already; nothing was changed")
            .hint("cohorts key show, to see the recovery sheet")
            .hint("cohorts rekey, for another key"));
    }
    if ctx.mode == Mode::DryRun {
        return Ok(Report::new(format!(
            "Dry run: would encrypt the records in {}",
            folder.display()
        )));
    }
    let how = Switching { from: None, command: "encrypt", summary: "encrypted the records" };
    let report = with_new_key(ctx, &folder, records, &how)?;
    Ok(report
        .next("see the recovery sheet again", "cohorts key show")
        .next("see what was written to files for others", "cohorts history --exports"))
}

/// Refuses what cannot be done here, before anything is made.
pub fn refuse_if_impossible(ctx: &Context) -> Result<()> {
    if !store::ENCRYPTS {
        return Err(cannot_encrypt("nothing was encrypted"));
    }
    match ctx.mode {
        Mode::Real => sheet::require_terminal(ctx),
        Mode::DryRun => Ok(()),
    }
}

/// Encrypts the records of a folder with a new key, once its recovery sheet was
/// written down.
pub fn with_new_key(
    ctx: &mut Context,
    folder: &Path,
    records: Store,
    how: &Switching<'_>,
) -> Result<Report> {
    refuse_to_encrypt(folder, &records)?;
    // Who reads the sheet for long must not keep others from the file.
    drop(records);
    let key = keys::new_key()?;
    sheet::confirm(ctx, &key, folder)?;
    let switched = ctx.keep_key(&key).and_then(|()| ctx.switch(Some(&key), how));
    let not_wiped = switched.map_err(|error| {
        let opens = store::key_of(&folder.join(store::FILE_NAME)).ok().flatten();
        match opens == Some(key.id()) {
            true => error,
            false => error.hint(format!("tear the sheet up: the key {} opens nothing", key.id())),
        }
    })?;
    let file = KeyFile::path(key.id()).unwrap_or_default();
    let mut report = Report::new(format!("Encrypted the records in {}.", folder.display()))
        .and(format!("The key is in {}.", file.display()))
        .and("Backups and handovers are encrypted with the same key from now on.");
    if let Some(why) = not_wiped {
        report = report.warning(format!("what was readable before was not wiped: {why}"));
    }
    Ok(with_readable(ctx, renew_backup(ctx, report)))
}

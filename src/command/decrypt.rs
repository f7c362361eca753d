//! `cohorts decrypt`

use crate::context::arrival::renew_backup;
use crate::context::keys::KeyFile;
use crate::context::switch::Switching;
use crate::context::{Context, Mode, open_error};
use crate::error::{Error, Result};
use crate::output::messages::Report;
use crate::store;

/// Make the records readable without a key again
#[derive(Debug, clap::Args)]
#[command(after_help = "\
From then on whoever copies the folder or a new backup can read everybody's
names. The key stays on this computer: it opens the backups that were made with
it.

Example:
  cohorts decrypt")]
pub struct Args {
    /// Without asking first
    #[arg(long)]
    yes: bool,
}

pub fn run(ctx: &mut Context, args: &Args) -> Result<Report> {
    let folder = ctx.folder()?;
    let path = folder.join(store::FILE_NAME);
    let from = store::key_of(&path);
    let is_plain = matches!(from, Ok(None));
    let expected = KeyFile::of_folder(&folder);
    if is_plain && expected.is_none() {
        return Err(Error::refused("the records are not encrypted; nothing was changed"));
    }
    let shown = folder.display();
    if ctx.mode == Mode::DryRun {
        return Ok(Report::new(format!("Dry run: would make the records in {shown} readable")));
    }
    if !args.yes {
        let question = "Let everybody who gets hold of the records read them?";
        ctx.prompts.be_sure(question, "nothing was decrypted")?;
    }
    if let (true, Some(key)) = (is_plain, expected) {
        key.forget(&folder)?;
        return Ok(Report::new(format!("The records in {shown} are taken as they are.")));
    }
    let from = from.map_err(|error| open_error(error, &path))?;
    let how = Switching { from, command: "decrypt", summary: "decrypted the records" };
    ctx.switch(None, &how)?;
    let report = Report::new(format!("Decrypted the records in {shown}."))
        .and("Whoever copies them can read them. Backups and handovers are not encrypted either from now on; those that were made before are opened by the key as ever.");
    Ok(renew_backup(ctx, report).next("encrypt them again", "cohorts encrypt"))
}

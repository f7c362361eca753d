//! `cohorts key recover`

use super::sheet;
use crate::context::keys::KeyFile;
use crate::context::{Context, Mode, cannot_encrypt};
use crate::error::Result;
use crate::output::messages::Report;
use crate::store;

pub(super) fn run(ctx: &mut Context) -> Result<Report> {
    if !store::ENCRYPTS {
        return Err(cannot_encrypt("a key is of no use here"));
    }
    sheet::require_terminal(ctx)?;
    // On a new computer there is no folder yet.
    let folder = ctx.folder().ok();
    let path = folder.as_ref().map(|folder| folder.join(store::FILE_NAME));
    let opened_by = path.and_then(|path| store::key_of(&path).ok().flatten());
    let key = ctx.ask_for_words(opened_by)?;
    if ctx.mode == Mode::DryRun {
        return Ok(Report::new(format!(
            "Dry run: would keep the key {} on this computer",
            key.id()
        )));
    }
    ctx.keep_key(&key)?;
    if let (Some(folder), Some(_)) = (&folder, opened_by) {
        KeyFile::note(key.id(), folder)?;
    }
    let place = KeyFile::path(key.id()).unwrap_or_default();
    let report = Report::new(format!("Kept the key {} in {}.", key.id(), place.display()));
    Ok(match opened_by {
        Some(_) => report.next("see whether all is well", "cohorts check"),
        None => report
            .next("go on with a backup, in an empty folder", "cohorts restore FILE")
            .next("or with what was handed over", "cohorts takeover FILE"),
    })
}

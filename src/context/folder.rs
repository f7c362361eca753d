//! Which folder the commands are about: the one that was named, else here and
//! upwards as git does it, else the one that `init` remembered for this user.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;

use super::{Context, place};
use crate::definitions;
use crate::error::{Error, Result, io_error};
use crate::output::file::{self, Existing};
use crate::output::messages::Report;
use crate::output::words;
use crate::store;

/// The folder, which holds `cohorts.toml`.
pub fn find(named: Option<&Path>, here: &Path) -> Result<PathBuf> {
    if let Some(named) = named {
        let folder = here.join(named);
        // One that may not be looked into says so when it is read.
        let is_taken = match fs::metadata(folder.join(definitions::FILE_NAME)) {
            Ok(found) => found.is_file(),
            Err(error) => error.kind() == ErrorKind::PermissionDenied,
        };
        return if is_taken {
            Ok(folder)
        } else if has_records(&folder) {
            Err(without_definitions(named))
        } else {
            Err(Error::refused(format!("there is no cohorts.toml in {}", folder.display()))
                .hint(format!("cohorts init {}", words::quoted(named))))
        };
    }
    if let Some(found) = here.ancestors().find(|folder| is_one(folder)) {
        return Ok(found.to_owned());
    }
    let remembered = remembered();
    if let Some(remembered) = remembered.as_ref().filter(|folder| is_one(folder)) {
        return Ok(remembered.clone());
    }
    let mut nearest = here.ancestors().chain(remembered.as_deref());
    if let Some(folder) = nearest.find(|folder| has_records(folder)) {
        return Err(without_definitions(folder));
    }
    if let Some(remembered) = remembered {
        return Err(Error::refused(format!(
            "there is no cohorts.toml here, and none any more in {}",
            remembered.display()
        ))
        .hint("go to the folder with your cohorts.toml, or name it with --folder")
        .hint("cohorts init, to start afresh here"));
    }
    Err(Error::refused("there is no cohorts.toml here, nor in any folder above")
        .hint("cohorts init, to make one here")
        .hint("cohorts demo, to look around in a practice folder first"))
}

fn is_one(folder: &Path) -> bool {
    folder.join(definitions::FILE_NAME).is_file()
}

fn has_records(folder: &Path) -> bool {
    folder.join(store::FILE_NAME).is_file()
}

/// What to say of a folder in which the records lie alone: to begin afresh there
/// would leave them without their program and their cohorts.
fn without_definitions(folder: &Path) -> Error {
    let (shown, typed) = (folder.display(), words::quoted(folder));
    Error::refused(format!("there is no cohorts.toml in {shown}, beside the cohorts.db there"))
        .hint("put it back, if you have a copy of it")
        .hint(format!(
            "or both of them, from the last backup: cohorts restore FILE --folder {typed}"
        ))
        .hint(format!(
            "cohorts init {typed}, to add a new one, without your program and its cohorts"
        ))
}

/// Keeps a folder for the commands that are run elsewhere, where there is a place
/// for that.
pub fn remember(folder: &Path) -> Result<bool> {
    let (Some(note), Some(text)) = (note(), folder.to_str()) else { return Ok(false) };
    if let Some(parent) = note.parent() {
        fs::create_dir_all(parent).map_err(|error| io_error("make", parent, &error))?;
    }
    file::write(&note, text.as_bytes(), Existing::Replace)?;
    Ok(true)
}

/// Keeps the folder that records arrived in, and says so. One that was named, as
/// where a copy is looked at, does not take the place of another that is still there.
pub fn remember_arrival(ctx: &Context, folder: &Path, report: Report) -> Report {
    let folder = std::path::absolute(folder).unwrap_or(folder.to_owned());
    let other = remembered().filter(|other| is_one(other));
    match other {
        Some(other) if other == folder => report,
        Some(other) if ctx.named_folder.is_some() => {
            report.and(format!("Commands that you run elsewhere go on using {}.", other.display()))
        }
        _ => match remember(&folder) {
            Ok(true) => report.and("Commands that you run elsewhere use this folder from now on."),
            Ok(false) => report,
            Err(error) => report.warning(not_remembered(&error)),
        },
    }
}

/// What to say where a folder could not be kept: whatever else was done, was done.
pub fn not_remembered(error: &Error) -> String {
    format!("commands that you run elsewhere do not know this folder: {}", error.in_short())
}

/// The folder kept last.
pub fn remembered() -> Option<PathBuf> {
    let text = fs::read_to_string(note()?).ok()?;
    Some(PathBuf::from(text.trim_end())).filter(|folder| folder.is_absolute())
}

fn note() -> Option<PathBuf> {
    Some(settings()?.join("folder"))
}

/// Where this user's settings for this program are.
pub(super) fn settings() -> Option<PathBuf> {
    place::home()?;
    Some(etcetera::choose_base_strategy().ok()?.config_dir().join("cohorts"))
}

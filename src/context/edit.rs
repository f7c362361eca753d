//! Changing `cohorts.toml` and the records together, so that a crash at any
//! moment leaves both changed or neither.
//!
//! The new text is laid ready beside the file, then the records are committed,
//! with the edit in their history; then the new text takes the file's place.
//! Whoever comes next and finds text laid ready looks in the history whether it
//! counts.

use std::fs;
use std::path::{Path, PathBuf};

use crate::definitions::splice::Splice;
use crate::definitions::{self, Definitions};
use crate::error::{Error, Result, io_error};
use crate::output::file::{self, Existing};
use crate::store::{FileEdit, Store};

/// Reads an edit that the history keeps.
pub fn kept(edit: &FileEdit) -> Result<Splice> {
    serde_json::from_str(&edit.json).map_err(|error| {
        Error::refused("the history holds an edit that cannot be read").because(error)
    })
}

/// Writes an edit down in the history of an operation.
pub(super) fn log(from: &str, to: &str, store: &Store, operation: i64) -> Result<()> {
    let json = serde_json::to_string(&Splice::between(from, to))
        .map_err(|error| Error::refused("could not keep the edit").because(error))?;
    Ok(store.log_file_edit(operation, &FileEdit { json })?)
}

/// A new text of `cohorts.toml` that is ready to take its place.
pub(super) struct Prepared {
    file: PathBuf,
    ready: PathBuf,
}

impl Prepared {
    /// Lays the new text ready, and writes the edit down.
    pub(super) fn new(
        folder: &Path,
        from: &Definitions,
        text: &str,
        store: &Store,
        operation: i64,
    ) -> Result<Self> {
        log(&from.text, text, store, operation)?;
        Self::lay(folder, &from.text, text)
    }

    /// Lays the new text ready, if the file still says what it did.
    pub(super) fn lay(folder: &Path, from: &str, text: &str) -> Result<Self> {
        let (file, ready) = places(folder)?;
        if fs::read(&file).ok().as_deref() != Some(from.as_bytes()) {
            return Err(Error::refused("cohorts.toml was saved by another program meanwhile")
                .hint("run the command again"));
        }
        file::write(&ready, text.as_bytes(), Existing::Replace)?;
        let prepared = Self { file, ready };
        let may = fs::metadata(&prepared.file).map(|file| file.permissions());
        may.and_then(|may| fs::set_permissions(&prepared.ready, may))
            .map_err(|error| io_error("write", &prepared.ready, &error))?;
        Ok(prepared)
    }

    /// Puts the new text in its place, once the records are committed.
    pub(super) fn publish(self) -> Result<()> {
        fs::rename(&self.ready, &self.file)
            .and_then(|()| file::sync_folder(self.file.parent().unwrap_or(Path::new("."))))
            .map_err(|error| io_error("write", &self.file, &error))
    }

    /// Takes the new text away, when the records were not committed.
    pub(super) fn discard(self) {
        fs::remove_file(self.ready).ok();
    }
}

/// Finishes or forgets what a crash left lying ready. Called under the lock.
pub(super) fn heal(folder: &Path, store: &Store) -> Result<()> {
    let (file, ready) = places(folder)?;
    if !ready.exists() {
        return Ok(());
    }
    let shown = file.clone();
    let failed = |error| io_error("write", &shown, &error);
    let last = store.last_operation()?;
    if let Some(edit) = store.file_edit(last)? {
        // Committed. The file may have been edited by hand since; the edit is
        // put into whatever it says now, unless it is there already.
        let splice = kept(&edit)?;
        let now = fs::read_to_string(&file).map_err(failed)?;
        if !splice.is_applied_to(&now)
            && let Some(text) = splice.apply(&now)
        {
            fs::write(&ready, text).map_err(failed)?;
            return Prepared { file, ready }.publish();
        }
    }
    fs::remove_file(&ready).map_err(failed)
}

/// Whether a crash left something lying ready.
pub(super) fn needs_healing(folder: &Path) -> bool {
    places(folder).is_ok_and(|(_, ready)| ready.exists())
}

/// The file itself, behind a link if there is one, and where a new text is
/// laid ready.
fn places(folder: &Path) -> Result<(PathBuf, PathBuf)> {
    let mut file = folder.join(definitions::FILE_NAME);
    if file.is_symlink() {
        file = file.canonicalize().map_err(|error| io_error("find", &file, &error))?;
    }
    let ready = file.with_file_name(".cohorts.toml.pending");
    Ok((file, ready))
}

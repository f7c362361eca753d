//! Writing the records anew after an erasure, so that nothing of what was erased
//! is left in the file's unused places.
//!
//! An empty file lies beside the records from before the erasure is committed
//! until the records are written anew. Whoever comes next and finds it, after a
//! crash, does what is left to do. Each erasure lays a mark of its own: another
//! one may be at it while the records are written anew for the first.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::{Result, io_error};
use crate::output::file;
use crate::store::Store;

/// How the names of the marks begin.
const MARK: &str = ".cohorts.db.erasing";

/// Lays a mark. Called under the lock, before the commit.
pub(super) fn announce(folder: &Path) -> Result<()> {
    let lay = || -> io::Result<()> {
        let mark = tempfile::Builder::new().prefix(&format!("{MARK}-")).tempfile_in(folder)?;
        mark.as_file().sync_all()?;
        mark.keep()?;
        file::sync_folder(folder)
    };
    lay().map_err(|error| io_error("write", &folder.join(MARK), &error))
}

/// Writes the records anew, if an erasure asked for that.
pub(super) fn finish(folder: &Path, store: &Store) -> Result<()> {
    // Only the marks that are there by now: whoever lays one has the lock, and
    // the writing waits for that.
    let marks = marks(folder).map_err(|error| io_error("look into", folder, &error))?;
    if marks.is_empty() || store.is_read_only() {
        return Ok(());
    }
    store.vacuum()?;
    for mark in &marks {
        match fs::remove_file(mark) {
            // Another command did the same meanwhile.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            done => done.map_err(|error| io_error("remove", mark, &error))?,
        }
    }
    file::sync_folder(folder).map_err(|error| io_error("remove", &marks[0], &error))
}

fn marks(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(MARK) {
            found.push(entry.path());
        }
    }
    Ok(found)
}

//! Writing the records anew after an erasure, so that nothing of what was erased
//! is left in the file's unused places.
//!
//! An empty file lies beside the records from before the erasure is committed
//! until the records are written anew. Whoever comes next and finds it, after a
//! crash, does what is left to do.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use crate::error::{Result, io_error};
use crate::output::file;
use crate::store::Store;

/// Lays the mark. Called under the lock, before the commit.
pub(super) fn announce(folder: &Path) -> Result<()> {
    let mark = mark(folder);
    File::create(&mark)
        .and_then(|file| file.sync_all())
        .and_then(|()| file::sync_folder(folder))
        .map_err(|error| io_error("write", &mark, &error))
}

/// Writes the records anew, if an erasure asked for that.
pub(super) fn finish(folder: &Path, store: &Store) -> Result<()> {
    let mark = mark(folder);
    if !mark.exists() || store.is_read_only() {
        return Ok(());
    }
    store.vacuum()?;
    match fs::remove_file(&mark).and_then(|()| file::sync_folder(folder)) {
        // Another command did the same meanwhile.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        done => done.map_err(|error| io_error("remove", &mark, &error)),
    }
}

fn mark(folder: &Path) -> PathBuf {
    folder.join(".cohorts.db.erasing")
}

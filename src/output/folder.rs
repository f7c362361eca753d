//! Folders that leave this program: whole or not at all, for their owner only,
//! never through a link, never into one that holds something already.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::Path;

use tempfile::TempDir;

use super::file::{self, GROWING};
use crate::error::{Error, Result, io_error};

/// A folder being filled, which nobody sees before [`FolderDraft::publish`].
pub struct FolderDraft<'p> {
    path: &'p Path,
    growing: TempDir,
    /// Says that somebody is at it, see [`file::sweep`].
    #[cfg(unix)]
    _lock: File,
}

impl<'p> FolderDraft<'p> {
    /// Begins a folder beside its final place, so that it can be put there in
    /// one step.
    pub fn begin(path: &'p Path) -> Result<Self> {
        refuse_bad_place(path)?;
        let beside = file::folder_of(path);
        file::sweep(beside);
        let failed = |error: io::Error| in_the_way(io_error("make", path, &error), path);
        loop {
            let growing = grow(beside).map_err(failed)?;
            #[cfg(unix)]
            {
                match File::open(growing.path()) {
                    Ok(lock) => {
                        lock.lock().ok();
                        if growing.path().exists() {
                            return Ok(Self { path, growing, _lock: lock });
                        }
                    }
                    // Another program swept it before it was locked.
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                    Err(error) => return Err(failed(error)),
                }
            }
            #[cfg(not(unix))]
            return Ok(Self { path, growing });
        }
    }

    /// Makes a file in it.
    pub fn file(&self, name: &str) -> Result<File> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(self.growing.path().join(name)).map_err(|error| self.failed(name, &error))
    }

    /// Why a file in it could not be written.
    pub fn failed(&self, name: &str, error: &io::Error) -> Error {
        io_error("write", &self.path.join(name), error)
    }

    /// Puts the folder in its place, once all of it is on the disk; the caller
    /// has seen to its files.
    pub fn publish(self) -> Result<()> {
        let failed = |error: io::Error| in_the_way(io_error("make", self.path, &error), self.path);
        file::sync_folder(self.growing.path()).map_err(failed)?;
        refuse_bad_place(self.path)?;
        #[cfg(not(unix))]
        if self.path.exists() {
            fs::remove_dir(self.path).map_err(failed)?;
        }
        // In the place of an empty one, but never of one that holds something.
        fs::rename(self.growing.path(), self.path).map_err(failed)?;
        drop(self.growing.keep());
        file::sync_folder(file::folder_of(self.path)).map_err(failed)
    }
}

/// Makes a folder for its owner only, and those above it, if it is not there.
pub fn make(folder: &Path) -> Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|error| io_error("make the folder", folder, &error))
}

fn grow(beside: &Path) -> io::Result<TempDir> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(GROWING).rand_bytes(6);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o700));
    }
    builder.tempdir_in(beside)
}

/// Removes a folder that never got into its place, with the files in it.
/// Anything else in it, which is not ours, keeps it there.
#[cfg(unix)]
pub(super) fn remove_abandoned(folder: &Path) {
    let Ok(lock) = File::open(folder) else { return };
    if lock.try_lock().is_err() {
        return;
    }
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_file()) {
            fs::remove_file(entry.path()).ok();
        }
    }
    // Where it cannot be removed, `check` says that it is there.
    fs::remove_dir(folder).ok();
}

/// Refuses a place that no folder of ours may take.
pub fn refuse_bad_place(path: &Path) -> Result<()> {
    let beside = file::folder_of(path);
    if !beside.is_dir() {
        return Err(Error::refused(format!("there is no folder {}", beside.display())));
    }
    let shown = path.display();
    let found = match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        found => found.map_err(|error| io_error("look at", path, &error))?,
    };
    if found.is_symlink() {
        return Err(Error::refused(format!("{shown} is a link; name the folder itself")));
    }
    if !found.is_dir() {
        return Err(Error::refused(format!("{shown} is a file; it was left as it is"))
            .hint("name a folder that is not there yet"));
    }
    let mut there = fs::read_dir(path).map_err(|error| io_error("look into", path, &error))?;
    match there.next() {
        None => Ok(()),
        Some(_) => Err(Error::refused(format!("{shown} is not empty; it was left as it is"))
            .hint("name a folder that is not there yet")),
    }
}

/// An empty folder may be one whose place cannot be taken, such as that of a
/// disk.
fn in_the_way(error: Error, path: &Path) -> Error {
    match path.is_dir() {
        true => error.hint("name a folder that is not there yet, such as one in it"),
        false => error,
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn one_that_was_abandoned_is_swept_and_one_in_use_or_not_ours_is_not() {
        let place = tempfile::tempdir().unwrap();
        let at = |name: &str| place.path().join(name);
        for name in [".cohorts-aB3xY9", ".cohorts-bC4yZ0", "cohorts-aB3xY9"] {
            fs::create_dir(at(name)).unwrap();
            fs::write(at(name).join("participant.csv"), "Kit").unwrap();
        }
        fs::create_dir(at(".cohorts-bC4yZ0/mine")).unwrap();
        let path = at("everything");
        let draft = FolderDraft::begin(&path).unwrap();
        assert!(!at(".cohorts-aB3xY9").exists());
        assert!(at(".cohorts-bC4yZ0/mine").exists() && at("cohorts-aB3xY9").exists());
        file::sweep(place.path());
        draft.file("participant.csv").unwrap();
        assert!(!path.exists(), "nobody sees it yet");
        draft.publish().unwrap();
        assert!(path.join("participant.csv").exists());
    }

    #[test]
    fn one_that_is_swept_as_it_is_made_is_made_again() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("everything");
        let done = std::sync::atomic::AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !done.load(std::sync::atomic::Ordering::Relaxed) {
                    file::sweep(place.path());
                }
            });
            let lost = (0..500)
                .filter(|_| !FolderDraft::begin(&path).is_ok_and(|d| d.growing.path().exists()))
                .count();
            done.store(true, std::sync::atomic::Ordering::Relaxed);
            assert_eq!(lost, 0);
        });
    }
}

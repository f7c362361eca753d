//! Files that leave this program: whole or not at all, for their owner only,
//! never through a link, never over another file unasked.

use std::fs::{self, File};
use std::io::{self, Write};
#[cfg(target_os = "linux")]
use std::os::fd::AsRawFd;
use std::path::Path;

#[cfg(target_os = "linux")]
use rustix::fs::{AtFlags, CWD, Mode, OFlags, linkat};
use tempfile::NamedTempFile;

use crate::error::{Error, Result, io_error};

/// What is said of a file that was written. Elsewhere than on Unix, who else can
/// read it is as the folder has it.
pub const ALONE: &str = if cfg!(unix) { ", which only you can read" } else { "" };

/// What to do where there is a file of that name already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    Keep,
    Replace,
}

/// How the names of files and folders begin that are not complete.
pub(super) const GROWING: &str = ".cohorts-";

/// Removes what is left in a folder of files that were never completed because
/// the program was killed: they hold names. One that somebody is at is locked;
/// the lock is kept until the file is gone, so that whoever has just made it
/// sees that it is (`grow`).
pub fn sweep(folder: &Path) {
    #[cfg(unix)]
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if !is_growing(&entry.file_name().to_string_lossy()) {
            continue;
        }
        match entry.file_type() {
            Ok(kind) if kind.is_file() => {
                if let Ok(file) = File::open(entry.path())
                    && file.try_lock().is_ok()
                {
                    // Where it cannot be removed, `check` says that it is there.
                    fs::remove_file(entry.path()).ok();
                }
            }
            Ok(kind) if kind.is_dir() => super::folder::remove_abandoned(&entry.path()),
            _ => {}
        }
    }
    #[cfg(not(unix))]
    let _ = folder;
}

/// Whether a file's name is one that [`grow`] gives: nobody else's file is
/// swept.
#[cfg(unix)]
fn is_growing(name: &str) -> bool {
    name.strip_prefix(GROWING)
        .is_some_and(|rest| rest.len() == 6 && rest.chars().all(|c| c.is_ascii_alphanumeric()))
}

/// Gives the names that [`is_growing`] knows.
fn growing() -> tempfile::Builder<'static, 'static> {
    let mut names = tempfile::Builder::new();
    names.prefix(GROWING).rand_bytes(6);
    names
}

/// Makes a file that is to grow, for its owner only from the first byte, and
/// locks it, which says that somebody is at it; not every file system can.
fn grow(folder: &Path) -> io::Result<NamedTempFile> {
    loop {
        let file = growing().tempfile_in(folder)?;
        #[cfg(unix)]
        {
            file.as_file().lock().ok();
            // Another program may have swept it before it was locked.
            if !file.path().exists() {
                continue;
            }
        }
        return Ok(file);
    }
}

/// A file being written, which nobody sees before [`Draft::publish`].
pub struct Draft<'p> {
    path: &'p Path,
    folder: &'p Path,
    existing: Existing,
    temporary: NamedTempFile,
}

impl<'p> Draft<'p> {
    /// Begins a file beside its final place, so that it can be put there in
    /// one step.
    pub fn begin(path: &'p Path, existing: Existing) -> Result<Self> {
        refuse_bad_place(path, existing)?;
        let folder = folder_of(path);
        sweep(folder);
        let temporary = grow(folder).map_err(|error| io_error("write", path, &error))?;
        Ok(Self { path, folder, existing, temporary })
    }

    /// Where the file grows, for those who write to it in their own way.
    pub fn growing(&self) -> &Path {
        self.temporary.path()
    }

    /// Puts the file in its place, once all of it is on the disk.
    pub fn publish(self) -> Result<()> {
        let failed = |error: io::Error| io_error("write", self.path, &error);
        self.temporary.as_file().sync_all().map_err(failed)?;
        refuse_bad_place(self.path, self.existing)?;
        match self.existing {
            Existing::Keep => self.temporary.persist_noclobber(self.path),
            Existing::Replace => self.temporary.persist(self.path),
        }
        .map_err(|error| match error.error.kind() {
            io::ErrorKind::AlreadyExists => exists(self.path),
            _ => io_error("write", self.path, &error.error),
        })?;
        sync_folder(self.folder).map_err(|error| io_error("write", self.path, &error))
    }
}

impl Write for Draft<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.temporary.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.temporary.flush()
    }
}

/// Writes a small file in one go.
pub fn write(path: &Path, bytes: &[u8], existing: Existing) -> Result<()> {
    let mut draft = Draft::begin(path, existing)?;
    draft.write_all(bytes).map_err(|error| io_error("write", path, &error))?;
    draft.publish()
}

/// Replaces a file in one go with bytes that nobody may come upon before they are
/// in their place: where the system can do that they have no name until then, so
/// that of whoever is killed nothing stays behind.
pub fn replace_unseen(path: &Path, bytes: &[u8]) -> Result<()> {
    #[cfg(target_os = "linux")]
    if let Ok(file) = without_name(folder_of(path)) {
        refuse_bad_place(path, Existing::Replace)?;
        return fill_and_name(file, bytes, path).map_err(|error| io_error("write", path, &error));
    }
    write(path, bytes, Existing::Replace)
}

/// A file for its owner only that is gone with the program, unless it is given a
/// name; not every file system can.
#[cfg(target_os = "linux")]
fn without_name(folder: &Path) -> io::Result<File> {
    let access = OFlags::TMPFILE | OFlags::WRONLY | OFlags::CLOEXEC;
    Ok(rustix::fs::open(folder, access, Mode::RUSR | Mode::WUSR)?.into())
}

/// Puts a file that has no name in its place. No call of the system does that in
/// one step where another one has the name: it has a growing file's in between.
#[cfg(target_os = "linux")]
fn fill_and_name(mut file: File, bytes: &[u8], path: &Path) -> io::Result<()> {
    file.write_all(bytes)?;
    file.sync_all()?;
    // See `grow`.
    file.lock().ok();
    let own = format!("/proc/self/fd/{}", file.as_raw_fd());
    let folder = folder_of(path);
    let named = growing()
        .make_in(folder, |name| Ok(linkat(CWD, &own, CWD, name, AtFlags::SYMLINK_FOLLOW)?))?;
    named.persist(path)?;
    sync_folder(folder)
}

pub(super) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// Refuses a place that no file of ours may take.
pub fn refuse_bad_place(path: &Path, existing: Existing) -> Result<()> {
    let folder = folder_of(path);
    if !folder.is_dir() {
        return Err(Error::refused(format!("there is no folder {}", folder.display())));
    }
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(io_error("write", path, &error)),
        Ok(found) if found.is_symlink() => Err(Error::refused(format!(
            "{} is a link to another file; name the file itself",
            path.display()
        ))),
        Ok(found) if found.is_dir() => {
            Err(Error::refused(format!("{} is a folder; name a file in it", path.display())))
        }
        Ok(_) if existing == Existing::Keep => Err(exists(path)),
        Ok(_) => Ok(()),
    }
}

fn exists(path: &Path) -> Error {
    Error::refused(format!("{} exists already; it was not changed", path.display()))
        .hint("choose another name, or add --force to replace it")
}

/// Makes sure that the folder's entry for a new file survives a power cut.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn only_files_that_never_grew_up_are_swept() {
        let folder = tempfile::tempdir().unwrap();
        let left = |name: &str| folder.path().join(name).exists();
        for name in [".cohorts-aB3xY9", ".cohorts-notes.txt", ".cohorts-journal", "cohorts-aB3xY9"]
        {
            fs::write(folder.path().join(name), "Kit").unwrap();
        }
        let growing = grow(folder.path()).unwrap();
        sweep(folder.path());
        assert!(!left(".cohorts-aB3xY9"));
        assert!(left(".cohorts-notes.txt") && left(".cohorts-journal") && left("cohorts-aB3xY9"));
        assert!(growing.path().exists(), "somebody is at it");
    }

    #[test]
    fn a_file_that_is_swept_as_it_is_made_is_made_again() {
        let folder = tempfile::tempdir().unwrap();
        let done = std::sync::atomic::AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !done.load(std::sync::atomic::Ordering::Relaxed) {
                    sweep(folder.path());
                }
            });
            let lost = (0..2000)
                .filter(|_| !grow(folder.path()).is_ok_and(|growing| growing.path().exists()))
                .count();
            done.store(true, std::sync::atomic::Ordering::Relaxed);
            assert_eq!(lost, 0);
        });
    }
}

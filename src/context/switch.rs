//! Changing what the records are encrypted with: from nothing, to nothing, or
//! from one key to another.
//!
//! A copy is made ready beside the records and takes their place in one step, so
//! that they are wholly one or wholly the other whenever that is interrupted.
//! Nobody else reads or writes meanwhile.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

use super::change::handed_over;
use super::keys::KeyFile;
use super::{Context, copies, edit, open_error, refuse_to_change, scrub};
use crate::domain::key::{Key, KeyId};
use crate::error::{self, Error, Result, io_error};
use crate::output::file::{self, Draft, Existing};
use crate::output::progress::Progress;
use crate::store::{self, Done, NewOperation, Store};

/// What is to be done, and how it is written down.
pub struct Switching<'a> {
    /// What the records are encrypted with now.
    pub from: Option<KeyId>,
    pub command: &'a str,
    pub summary: &'a str,
}

/// The records as they are to be.
enum Ready<'p> {
    OnDisk(Draft<'p>),
    /// Those that anybody could read are on no disk before they take their place:
    /// of whoever is interrupted nothing readable stays behind.
    InMemory(Store),
}

/// Refuses where the records of a folder could not be encrypted: before anybody
/// writes down the words of a key that comes to nothing.
pub fn refuse_to_encrypt(folder: &Path, store: &Store) -> Result<()> {
    refuse_to_change(store)?;
    refuse_damage(store)?;
    drop(Draft::begin(&folder.join(store::FILE_NAME), Existing::Replace)?);
    KeyFile::can_be_written(folder)
}

/// Refuses records of which something would be missing.
fn refuse_damage(store: &Store) -> Result<()> {
    let _progress = Progress::new("Checking the records");
    match store.first_damage()? {
        None => Ok(()),
        Some(what) => Err(damaged(&what)),
    }
}

pub(super) fn damaged(what: &dyn fmt::Display) -> Error {
    Error::refused("the records are damaged; nothing was changed").because_of_damage(what)
}

impl Context {
    /// Encrypts the records with a key that is kept already, or with none. Says
    /// why pages that anybody could read are still on the disk, where they are.
    pub fn switch(&self, key: Option<&Key>, how: &Switching<'_>) -> Result<Option<String>> {
        let folder = self.folder()?;
        let path = folder.join(store::FILE_NAME);
        let store = self.open_store(&folder)?;
        if store.is_read_only() {
            return Err(error::read_only());
        }
        if key.is_none() {
            // Who encrypts has heard of damage before the sheet.
            refuse_damage(&store)?;
        }
        scrub::finish(&folder, &store)?;
        let copy;
        let seen;
        {
            let _lock = store.lock()?;
            if !store.is_in_place(&path) || store.key().map(Key::id) != how.from {
                return Err(error::replaced());
            }
            if let Some(elsewhere) = store.handed_over()? {
                return Err(handed_over(&elsewhere));
            }
            edit::heal(&folder, &store)?;
            // Pages are not copied by who has the lock.
            let source = self.open_store(&folder)?;
            let _progress = Progress::new("Copying the records");
            copy = match (key, store.key()) {
                (Some(key), _) => {
                    let draft = Draft::begin(&path, Existing::Replace)?;
                    self.complete(
                        &copies::copied(&source, draft.growing(), Some(key), &path)?,
                        how,
                    )?;
                    Ready::OnDisk(draft)
                }
                (None, Some(old)) => {
                    let copy = source.decrypted(old).map_err(|error| open_error(error, &path))?;
                    self.complete(&copy, how)?;
                    Ready::InMemory(copy)
                }
                (None, None) => return Err(error::replaced()),
            };
            seen = store.data_version()?;
        }
        // Readers are kept out as well: whoever has the old file open must not
        // find its pages gone.
        let _alone = store.lock_alone()?;
        if store.data_version()? != seen || !store.is_in_place(&path) {
            return Err(Error::refused(
                "another window changed the records meanwhile; nothing was changed here",
            )
            .hint("run the command again"));
        }
        if let Some(old) = KeyFile::of_folder(&folder) {
            old.forget(&folder)?;
        }
        let old = match store.key() {
            None => {
                let open = OpenOptions::new().write(true).open(&path);
                Some(open.map_err(|error| io_error("open", &path, &error))?)
            }
            Some(_) => None,
        };
        match copy {
            Ready::OnDisk(draft) => draft.publish()?,
            Ready::InMemory(mut copy) => file::replace_unseen(&path, &copy.image()?)?,
        }
        if let Some(key) = key {
            KeyFile::note(key.id(), &folder)?;
        }
        Ok(old.and_then(|old| wipe(old).err()).map(|error| error.to_string()))
    }

    /// Notes in a copy how it came to be, and looks at all of it.
    fn complete(&self, copy: &Store, how: &Switching<'_>) -> Result<()> {
        let transaction = copy.lock()?;
        let operation = copy.begin_operation(&NewOperation {
            at: self.now,
            zone: &self.zone,
            actor: &self.actor,
            command: how.command,
        })?;
        let done = Done { summary: how.summary, lasting: true, ..Done::default() };
        copy.finish_operation(operation, &done)?;
        transaction.commit()?;
        match copy.verify()?.first() {
            None => Ok(()),
            Some(finding) => Err(damaged(finding)),
        }
    }
}

/// Writes over what anybody could read, once nothing leads there any more.
fn wipe(mut old: File) -> io::Result<()> {
    let about = old.metadata()?;
    #[cfg(unix)]
    if std::os::unix::fs::MetadataExt::nlink(&about) > 0 {
        return Err(io::Error::other("the file has another name elsewhere on that disk"));
    }
    io::copy(&mut io::repeat(0).take(about.len()), &mut old)?;
    old.sync_all()
}

//! The place where records arrive: which folder it is, and what is there.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Transaction;

use crate::context::keys::refuse_swapped;
use crate::context::{Context, edit, folder, open_error};
use crate::definitions;
use crate::domain::key::Key;
use crate::error::{self, Error, Result, io_error};
use crate::output::file::{self, Draft, Existing};
use crate::store::{self, OpenError, Store};

/// What there is where records are to arrive.
pub struct Place {
    pub folder: PathBuf,
    /// The records there, where they can be read.
    pub records: Option<Store>,
    /// Why they cannot be read, where there are any.
    pub damage: Option<Error>,
    /// What the records there are encrypted with, or were.
    key: Option<Key>,
    /// What cohorts.toml says, to the byte.
    pub definitions: Option<Vec<u8>>,
    /// The newest change in the records, as it was looked at.
    last_operation: Option<i64>,
}

impl Place {
    /// Looks at the folder that a command is about; one without either file
    /// will do.
    pub fn look(ctx: &Context) -> Result<Self> {
        Self::at(ctx, folder_of(ctx)?)
    }

    /// The same for records that never take the place of others.
    pub fn look_anew(ctx: &Context) -> Result<Self> {
        Self::at(ctx, named_or_above(ctx)?.unwrap_or_else(|| ctx.here.clone()))
    }

    fn at(ctx: &Context, folder: PathBuf) -> Result<Self> {
        let read = |name: &str| match fs::read(folder.join(name)) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(io_error("read", &folder.join(name), &error)),
            Ok(bytes) => Ok(Some(bytes)),
        };
        let (records, damage) = records_in(ctx, &folder)?;
        if let Some(records) = &records
            && edit::needs_healing(&folder)
        {
            let _lock = records.lock()?;
            edit::heal(&folder, records)?;
        }
        let definitions = read(definitions::FILE_NAME)?;
        let key = ctx.key_of(&folder)?;
        let mut place = Self { folder, records, damage, key, definitions, last_operation: None };
        place.last_operation = place.whole().map(Store::last_operation).transpose()?;
        Ok(place)
    }

    pub fn path(&self) -> PathBuf {
        self.folder.join(store::FILE_NAME)
    }

    /// What the records there are encrypted with, or were.
    pub fn key(&self) -> Option<&Key> {
        self.key.as_ref()
    }

    /// The records there, where nothing is wrong with them.
    pub fn whole(&self) -> Option<&Store> {
        self.records.as_ref().filter(|_| self.damage.is_none())
    }

    /// Puts records in their place, with a cohorts.toml where there is none.
    pub fn put_in(&self, records: Draft<'_>, definitions: &[u8]) -> Result<()> {
        let path = self.path();
        store::refuse_leftover(&path).map_err(|error| open_error(error, &path))?;
        if self.definitions.is_some() {
            return records.publish();
        }
        // Before the records, so that who is interrupted can begin again:
        // records that arrived already would be taken for later ones.
        let toml = self.folder.join(definitions::FILE_NAME);
        file::write(&toml, definitions, Existing::Keep)?;
        records.publish().inspect_err(|_| {
            if !self.path().exists() {
                fs::remove_file(&toml).ok();
            }
        })
    }

    /// Takes the lock of the records that are about to be replaced, where they
    /// can be read: they must be those that somebody was told about.
    pub(super) fn lock(&self) -> Result<Option<Transaction<'_>>> {
        let Some(records) = self.whole() else { return Ok(None) };
        let lock = records.lock()?;
        if !records.is_in_place(&self.path()) {
            return Err(error::replaced());
        }
        if Some(records.last_operation()?) != self.last_operation {
            return Err(Error::refused(
                "another window changed the records meanwhile; nothing was replaced",
            )
            .hint("run the command again"));
        }
        Ok(Some(lock))
    }
}

/// The records in a folder, where they can be read; why they cannot be, or should
/// not, where there are any.
fn records_in(ctx: &Context, folder: &Path) -> Result<(Option<Store>, Option<Error>)> {
    let path = folder.join(store::FILE_NAME);
    if let Ok(found) = store::key_of(&path)
        && let Err(swapped) = refuse_swapped(found, folder)
    {
        return Ok((None, Some(swapped)));
    }
    // A disk that fails for a moment is no reason to give up what is on it.
    let of_the_disk = || {
        Error::refused("the disk with the records there reported an error; nothing was changed")
            .hint("try again; or restore into a folder on another disk: --folder DIR")
    };
    let unlock = |id| ctx.key_or_words(id, &path);
    Ok(match store::open(&path, &unlock) {
        Ok(records) => match records.first_damage() {
            // Without these nobody knows whose they are and who was erased.
            Ok(None) => match records.office_uid().and_then(|_| records.erased()) {
                Ok(_) => (Some(records), None),
                Err(error) => (None, Some(error.into())),
            },
            Ok(Some(what)) if what.contains("error code=") => return Err(of_the_disk()),
            Ok(Some(what)) => (Some(records), Some(Error::refused(what))),
            Err(error) if error::is_of_the_disk(&error) => return Err(of_the_disk()),
            Err(error) => (None, Some(error.into())),
        },
        Err(OpenError::Missing) => (None, None),
        Err(error @ (OpenError::Newer(..) | OpenError::Locked(_) | OpenError::CannotEncrypt)) => {
            return Err(open_error(error, &path));
        }
        Err(OpenError::Io(_)) => return Err(of_the_disk()),
        Err(OpenError::Sqlite(error)) if error::is_of_the_disk(&error) => {
            return Err(of_the_disk());
        }
        Err(error) => (None, Some(open_error(error, &path))),
    })
}

/// The folder that was named, else here or above; never the one remembered: what
/// is typed elsewhere must not replace records by surprise.
fn folder_of(ctx: &Context) -> Result<PathBuf> {
    if let Some(found) = named_or_above(ctx)? {
        return Ok(found);
    }
    match folder::remembered().filter(|remembered| has_either(remembered)) {
        Some(remembered) => Err(Error::usage(
            "there are no records here, and yours are elsewhere; say which is meant",
        )
        .hint(format!("--folder '{}', to replace those", remembered.display()))
        .hint("--folder ., to have them here as well")),
        None => Ok(ctx.here.clone()),
    }
}

fn has_either(folder: &Path) -> bool {
    [definitions::FILE_NAME, store::FILE_NAME].iter().any(|name| folder.join(name).exists())
}

fn named_or_above(ctx: &Context) -> Result<Option<PathBuf>> {
    if let Some(named) = &ctx.named_folder {
        let folder = ctx.here.join(named);
        return match folder.is_dir() {
            // Without a `.` at its end.
            true => Ok(Some(folder.canonicalize().unwrap_or(folder))),
            false => Err(Error::refused(format!("there is no folder {}", folder.display()))),
        };
    }
    Ok(ctx.here.ancestors().find(|folder| has_either(folder)).map(Path::to_owned))
}

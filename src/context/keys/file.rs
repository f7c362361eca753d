//! The file that a key is kept in on this computer, for its owner only.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::passphrase::Sealed;
use crate::context::folder;
use crate::domain::key::{Key, KeyId, bytes, hex};
use crate::error::{Error, Kind, Result, io_error};
use crate::output::file::{self, Existing};
use crate::output::folder::make;

/// What is said at the top of it, to whoever comes upon it.
const SAYS: &str = "\
# The key to encrypted records of cohorts. Who has this file and the records can
# read them. Keep it out of backups that others may see; if it is lost, the words
# of the recovery sheet bring it back: cohorts key recover

";

/// A key as this computer keeps it.
pub struct KeyFile {
    pub opens: KeyId,
    /// Where this computer has records that it opens.
    folders: Vec<PathBuf>,
    pub(super) holds: Holds,
}

pub(super) enum Holds {
    Key(Key),
    Sealed(Sealed),
}

/// The same, as it is written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    opens: String,
    #[serde(default)]
    folders: Vec<PathBuf>,
    key: Option<Zeroizing<String>>,
    passphrase: Option<Sealed>,
}

impl KeyFile {
    pub(super) fn new(opens: KeyId, holds: Holds) -> Self {
        // Whoever has forgotten a passphrase keeps a key once more.
        let before = Self::read(opens).ok().flatten();
        Self { opens, folders: before.map(|before| before.folders).unwrap_or_default(), holds }
    }

    /// Where a key lies, or would.
    pub fn path(id: KeyId) -> Option<PathBuf> {
        Some(keys()?.join(format!("{id}.key")))
    }

    /// The key of a name, if it is on this computer.
    pub fn read(id: KeyId) -> Result<Option<Self>> {
        let Some(path) = Self::path(id) else { return Ok(None) };
        match fs::read_to_string(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) if error.kind() == ErrorKind::InvalidData => Err(damaged(&path)),
            Err(error) => Err(Error { kind: Kind::Locked, ..io_error("read", &path, &error) }),
            Ok(text) => Self::parse(&Zeroizing::new(text))
                .filter(|file| file.opens == id)
                .map(Some)
                .ok_or_else(|| damaged(&path)),
        }
    }

    /// The key that the records in a folder are encrypted with, as far as this
    /// computer knows.
    pub fn of_folder(folder: &Path) -> Option<Self> {
        let entries = fs::read_dir(keys()?).ok()?;
        let folder = folder.canonicalize().ok()?;
        entries.flatten().find_map(|entry| {
            let name = entry.file_name();
            let id = KeyId::parse(name.to_str()?.strip_suffix(".key")?)?;
            let file = Self::read(id).ok()??;
            file.folders.contains(&folder).then_some(file)
        })
    }

    /// Notes that the records in a folder are opened by a key and by no other, if
    /// it is on this computer.
    pub fn note(id: KeyId, folder: &Path) -> Result<()> {
        if let Some(other) = Self::of_folder(folder).filter(|other| other.opens != id) {
            other.forget(folder)?;
        }
        let Some(mut file) = Self::read(id)? else { return Ok(()) };
        let folder = folder.canonicalize().unwrap_or(folder.to_owned());
        if file.folders.contains(&folder) {
            return Ok(());
        }
        // A folder that was moved may make room for another.
        file.folders.retain(|other| other.exists());
        file.folders.push(folder);
        file.write()
    }

    /// Notes that the records in a folder are not opened by it any more.
    pub fn forget(mut self, folder: &Path) -> Result<()> {
        let folder = folder.canonicalize().unwrap_or(folder.to_owned());
        self.folders.retain(|other| *other != folder);
        self.write()
    }

    /// Makes sure that one for the records in a folder can be written, where one of
    /// this user would be, and not among them.
    pub fn can_be_written(folder: &Path) -> Result<()> {
        let keys = keys().ok_or_else(no_home)?;
        make(&keys)?;
        if Self::lie_within(folder) {
            return Err(Error::refused(format!(
                "the key would be in {}, and whoever copies the folder with the records would have it too",
                keys.display()
            ))
            .hint("move cohorts.toml and cohorts.db into a folder of their own, and go on there"));
        }
        tempfile::tempfile_in(&keys)
            .map(drop)
            .map_err(|error| io_error("write into", &keys, &error))
    }

    /// Whether the keys of this user lie in a folder, or in one of those below.
    pub fn lie_within(folder: &Path) -> bool {
        let keys = keys().and_then(|keys| keys.canonicalize().ok());
        keys.zip(folder.canonicalize().ok()).is_some_and(|(keys, of)| keys.starts_with(of))
    }

    pub(super) fn write(&self) -> Result<()> {
        let path = Self::path(self.opens).ok_or_else(no_home)?;
        let (key, passphrase) = match &self.holds {
            Holds::Key(key) => (Some(Zeroizing::new(hex(key.bits()))), None),
            Holds::Sealed(sealed) => (None, Some(sealed.clone())),
        };
        let opens = self.opens.to_string();
        let written = Written { opens, folders: self.folders.clone(), key, passphrase };
        let text = toml::to_string(&written)
            .map_err(|error| Error::refused("the key could not be written down").because(error))?;
        let text = Zeroizing::new(format!("{SAYS}{}", *Zeroizing::new(text)));
        if let Some(keys) = path.parent() {
            make(keys)?;
        }
        file::write(&path, text.as_bytes(), Existing::Replace)
    }

    fn parse(text: &str) -> Option<Self> {
        let written: Written = toml::from_str(text).ok()?;
        let opens = KeyId::parse(&written.opens)?;
        let holds = match (written.key, written.passphrase) {
            (Some(digits), None) => {
                let key = Key::of(Zeroizing::new(bytes(&digits)?));
                (key.id() == opens).then_some(Holds::Key(key))?
            }
            (None, Some(sealed)) if sealed.is_whole() => Holds::Sealed(sealed),
            _ => return None,
        };
        Some(Self { opens, folders: written.folders, holds })
    }
}

/// Where the keys of this user lie.
fn keys() -> Option<PathBuf> {
    Some(folder::settings()?.join("keys"))
}

fn no_home() -> Error {
    Error::refused("this user has no home folder to keep a key in")
}

fn damaged(path: &Path) -> Error {
    Error::locked(format!("the key file {} is damaged", path.display()))
        .hint("cohorts key recover, with the 24 words of its recovery sheet")
}

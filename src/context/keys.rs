//! The keys of this computer: where they lie, and how they are asked for.
//!
//! Each is in a file of its own, outside the folder with the records, so that
//! whoever gets hold of the folder has no key. A key that was found once is not
//! asked for again by the same command.

mod file;
mod passphrase;

use std::cell::RefCell;
use std::path::Path;

use zeroize::Zeroizing;

use super::Context;
use crate::domain::key::{BYTES, Key, KeyId, WORDS, Words};
use crate::error::{Error, Result};
use crate::store;
use file::Holds;
pub use file::KeyFile;

/// So often somebody may mistype a passphrase before a command gives up.
const TRIES: usize = 3;

/// Whoever shares a passphrase with a dictionary has none.
const SHORTEST: usize = 12;

/// What is asked where a command can only mean the records of the folder.
const PASSPHRASE: &str = "Passphrase";

/// The keys that a command has needed so far.
#[derive(Default)]
pub struct Keys(RefCell<Vec<Key>>);

impl Keys {
    /// Those of which one is known already.
    pub fn with(key: Key) -> Self {
        Self(RefCell::new(vec![key]))
    }
}

impl Context {
    /// The key to a file; asks for its passphrase, if it has one.
    pub fn key(&self, id: KeyId, path: &Path) -> Result<Key> {
        self.key_here(id, &passphrase_for(path))?.ok_or_else(|| not_here(id, path))
    }

    /// The same for the records in a folder, which is noted: it may have been moved
    /// there.
    pub(super) fn key_in(&self, id: KeyId, folder: &Path) -> Result<Key> {
        let is_noted = refuse_swapped(Some(id), folder)?;
        let key = self.key_here(id, PASSPHRASE)?;
        if !is_noted {
            // If it cannot be written down now, the next command does.
            KeyFile::note(id, folder).ok();
        }
        key.ok_or_else(|| not_here(id, &folder.join(store::FILE_NAME)))
    }

    /// The same, but for the recovery sheet if the key is not on this computer.
    pub fn key_or_words(&self, id: KeyId, path: &Path) -> Result<Key> {
        if let Some(key) = self.key_here(id, &passphrase_for(path))? {
            return Ok(key);
        }
        if !self.prompts.are_possible() {
            return Err(not_here(id, path));
        }
        self.prompts.note(&format!("{} is encrypted.", path.display()))?;
        let key = self.ask_for_words(Some(id))?;
        self.keys.0.borrow_mut().push(key.clone());
        Ok(key)
    }

    fn key_here(&self, id: KeyId, question: &str) -> Result<Option<Key>> {
        if let Some(key) = self.keys.0.borrow().iter().find(|key| key.id() == id) {
            return Ok(Some(key.clone()));
        }
        let Some(file) = KeyFile::read(id)? else { return Ok(None) };
        let key = match &file.holds {
            Holds::Key(key) => key.clone(),
            Holds::Sealed(sealed) => {
                self.ask_for_passphrase(question, |typed| sealed.open(typed, id))?
            }
        };
        self.keys.0.borrow_mut().push(key.clone());
        Ok(Some(key))
    }

    fn ask_for_passphrase(
        &self,
        question: &str,
        open: impl Fn(&str) -> Option<Key>,
    ) -> Result<Key> {
        if !self.prompts.are_possible() {
            return Err(Error::locked("the key has a passphrase, and nobody can be asked for it")
                .hint("run the command on a terminal, without a pipe into it"));
        }
        for _ in 0..TRIES {
            let typed = self.prompts.secret(question)?;
            match open(&typed) {
                Some(key) => return Ok(key),
                None => self.prompts.note("  that is not the passphrase")?,
            }
        }
        Err(Error::locked("the passphrase was wrong")
            .hint("cohorts key recover, with the words of the sheet, if it is forgotten"))
    }

    /// Asks for the words of a recovery sheet, in one line or in several; those of
    /// one key, where it has to be that.
    pub fn ask_for_words(&self, of: Option<KeyId>) -> Result<Key> {
        let sheet = match of {
            Some(id) => format!("the recovery sheet (key {id})"),
            None => "the recovery sheet".to_owned(),
        };
        self.prompts.note(&format!(
            "Type the {WORDS} words of {sheet}, in one line\n\
             or some at a time. Esc: leave all as it is."
        ))?;
        let mut words = Words::default();
        loop {
            while let Some(next) = words.next() {
                let kept = |typed: &str| Ok(Zeroizing::new(typed.to_owned()));
                let typed = self.prompts.line(&format!("Word {next}"), kept)?;
                if let Err(problem) = words.take(&typed) {
                    self.prompts.note(&format!("  {problem}"))?;
                }
            }
            let problem = match (words.key(), of) {
                (Ok(key), Some(id)) if key.id() != id => {
                    format!("those words are of another key ({}), and not of {id}", key.id())
                }
                (Ok(key), _) => return Ok(key),
                (Err(problem), _) => problem,
            };
            self.prompts.note(&format!("  {problem}; once more, from word 1"))?;
            words = Words::default();
        }
    }

    /// Keeps a key on this computer, unless it is.
    pub fn keep_key_if_new(&self, key: &Key) -> Result<()> {
        match KeyFile::read(key.id())? {
            Some(_) => Ok(()),
            None => self.keep_key(key),
        }
    }

    /// Keeps a key on this computer, under a passphrase if somebody wants one.
    pub fn keep_key(&self, key: &Key) -> Result<()> {
        let holds = match self.ask_for_new_passphrase()? {
            Some(passphrase) => Holds::Sealed(passphrase::Sealed::new(key, &passphrase)?),
            None => Holds::Key(key.clone()),
        };
        KeyFile::new(key.id(), holds).write()?;
        self.keys.0.borrow_mut().push(key.clone());
        Ok(())
    }

    fn ask_for_new_passphrase(&self) -> Result<Option<Zeroizing<String>>> {
        let question = "A passphrase for the key, asked for by every command (Enter for none)";
        loop {
            let typed = self.prompts.secret(question)?;
            if typed.is_empty() {
                return Ok(None);
            }
            if typed.chars().count() < SHORTEST {
                self.prompts.note(&format!(
                    "  too short: take several words, {SHORTEST} letters at least"
                ))?;
                continue;
            }
            if self.prompts.secret("The same again")? == typed {
                return Ok(Some(typed));
            }
            self.prompts.note("  those were two different ones")?;
        }
    }

    /// The key that the records in a folder are encrypted with; or were, where
    /// they are lost, damaged or replaced by others.
    pub fn key_of(&self, folder: &Path) -> Result<Option<Key>> {
        if !store::ENCRYPTS {
            return Ok(None);
        }
        if let Some(file) = KeyFile::of_folder(folder) {
            return self.key_here(file.opens, PASSPHRASE);
        }
        let path = folder.join(store::FILE_NAME);
        let id = store::key_of(&path).ok().flatten();
        id.map(|id| self.key_or_words(id, &path)).transpose()
    }
}

/// Refuses records that are not encrypted as they were: somebody put another
/// group's there, or some that anybody can read, and what is entered would not
/// be protected. Gives whether it is known what they were encrypted with.
pub(super) fn refuse_swapped(found: Option<KeyId>, folder: &Path) -> Result<bool> {
    if !store::ENCRYPTS {
        return Ok(false);
    }
    let Some(KeyFile { opens, .. }) = KeyFile::of_folder(folder) else { return Ok(false) };
    if found == Some(opens) {
        return Ok(true);
    }
    let (is, instead) = match found {
        None => (
            format!(
                "is not encrypted, though it was, with the key {opens}; \
                 somebody put another file there"
            ),
            "cohorts decrypt, if these records are right, and may be read by all",
        ),
        Some(found) => (
            format!(
                "is encrypted with the key {found}, though it was with {opens}; \
                 somebody put another file there, or its beginning is damaged"
            ),
            "cohorts key recover, with the sheet of these records, if they are the right ones",
        ),
    };
    Err(Error::locked(format!("the cohorts.db in {} {is}; it was left as it is", folder.display()))
        .hint("cohorts restore FILE, to bring an encrypted backup back")
        .hint(instead))
}

/// A key that nobody has.
pub fn new_key() -> Result<Key> {
    let mut bits = Zeroizing::new([0; BYTES]);
    random(&mut *bits)?;
    Ok(Key::of(bits))
}

fn random(bytes: &mut [u8]) -> Result<()> {
    getrandom::fill(bytes)
        .map_err(|error| Error::refused("this computer gives no random numbers").because(error))
}

/// What is asked for another file, whose key may have another passphrase.
fn passphrase_for(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    format!("{PASSPHRASE} for {}", name.to_string_lossy())
}

fn not_here(id: KeyId, path: &Path) -> Error {
    Error::locked(format!(
        "{} is encrypted, and its key ({id}) is not on this computer",
        path.display()
    ))
    .hint("cohorts key recover, with the 24 words of its recovery sheet")
}

//! What a command is given: the folder, the clock, randomness, prompts, and a
//! place for its output; and, in its rooms, the one way to change anything.

pub mod arrival;
pub mod beside;
mod change;
pub mod copies;
pub mod edit;
pub mod edition;
pub mod exposure;
pub mod folder;
pub mod keys;
pub mod leaving;
pub mod pick;
pub mod place;
pub mod reach;
mod scrub;
pub mod switch;
pub mod template;

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};

use crate::definitions::{self, Definitions};
use crate::domain::group::Group;
use crate::domain::program::Cohort;
use crate::error::{self, Error, Result, io_error};
use crate::output::prompts::Prompts;
use crate::output::{Out, problems, words};
use crate::store::{self, Disclosure, HandedOver, OpenError, Store};
pub use change::{Desk, HANDOVER, Outcome, Seen, handed_over};
use keys::Keys;

/// Whether changes are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Real,
    /// All is done as ever, then rolled back.
    DryRun,
}

pub struct Context {
    /// The date and time on this machine's wall.
    pub now: NaiveDateTime,
    /// When that is for the whole world, unless the time was set.
    pub moment: Option<DateTime<Utc>>,
    /// What this machine calls its time zone.
    pub zone: String,
    /// Who is at the keyboard.
    pub actor: String,
    pub random: fastrand::Rng,
    pub prompts: Prompts,
    /// What opens encrypted records.
    pub keys: Keys,
    pub out: Out,
    pub mode: Mode,
    /// Where the command was started.
    pub here: PathBuf,
    /// The folder that was named, if one was.
    pub named_folder: Option<PathBuf>,
    /// What to say at the end of a command, where the records may only be read.
    pub gone_elsewhere: Cell<Option<String>>,
}

/// The two files, read.
pub struct Office {
    pub folder: PathBuf,
    pub definitions: Definitions,
    pub store: Store,
}

impl Context {
    pub fn today(&self) -> NaiveDate {
        self.now.date()
    }

    pub fn folder(&self) -> Result<PathBuf> {
        folder::find(self.named_folder.as_deref(), &self.here)
    }

    /// Where a file is that was named on the command line.
    pub fn file(&self, named: &Path) -> PathBuf {
        let path = self.here.join(named);
        let parent = path.parent().and_then(|parent| parent.canonicalize().ok());
        match (parent, path.file_name()) {
            (Some(parent), Some(name)) => parent.join(name),
            _ => path,
        }
    }

    /// The same, where `-` is what is piped in.
    pub fn file_or_pipe(&self, named: &Path) -> PathBuf {
        if named.as_os_str() == "-" { named.to_owned() } else { self.file(named) }
    }

    pub fn is_dry_run(&self) -> bool {
        self.mode == Mode::DryRun
    }

    /// Says which folder it is, where that is neither here nor named.
    pub fn say_where(&mut self) -> Result<()> {
        use std::io::Write;
        if self.named_folder.is_none()
            && let Ok(folder) = self.folder()
            && !self.here.starts_with(&folder)
        {
            writeln!(self.out.people(), "In {}:", folder.display())?;
        }
        Ok(())
    }

    /// The two files, to read from.
    pub fn office(&self) -> Result<Office> {
        let folder = self.folder()?;
        let store = self.records(&folder)?;
        let definitions = self.definitions(&folder)?;
        Ok(Office { folder, definitions, store })
    }

    /// `cohorts.db` alone, whatever `cohorts.toml` says.
    pub fn records(&self, folder: &Path) -> Result<Store> {
        let store = self.open_store(folder)?;
        if edit::needs_healing(folder) && !store.is_read_only() {
            let _lock = store.lock()?;
            edit::heal(folder, &store)?;
        }
        // Whoever only looks is not stopped by a full disk.
        scrub::finish(folder, &store).ok();
        // Damaged records may still be looked at, and `check` says what is wrong.
        let elsewhere = store.handed_over().ok().flatten().map(|to| gone_elsewhere(&to));
        self.gone_elsewhere.set(elsewhere);
        Ok(store)
    }

    fn open_store(&self, folder: &Path) -> Result<Store> {
        let path = folder.join(store::FILE_NAME);
        let store = store::open(&path, &|id| self.key_in(id, folder));
        let store = store.map_err(|error| open_error(error, &path))?;
        if store.key().is_none() {
            keys::refuse_swapped(None, folder)?;
        }
        Ok(store)
    }

    /// `cohorts.toml` alone.
    pub fn definitions(&self, folder: &Path) -> Result<Definitions> {
        let path = folder.join(definitions::FILE_NAME);
        let bytes = fs::read(&path).map_err(|error| io_error("read", &path, &error))?;
        Definitions::read(&bytes).map_err(|found| {
            let mut error = Error::refused(format!("{}; nothing was done", found.in_short()));
            error.preamble = Some(problems::render(&found.text, &found.list, self.out.color()));
            error.hint("mend the file, then look with: cohorts check")
        })
    }

    /// Writes down what is about to leave for a file: a file that nobody knows
    /// of is worse than a line about a file that did not come to be.
    pub fn disclose(
        &self,
        store: &Store,
        cohorts: &str,
        columns: &str,
        people: usize,
        file: &Path,
    ) -> Result<()> {
        let transaction = store.lock()?;
        store.disclose(&Disclosure {
            at: self.now,
            zone: &self.zone,
            actor: &self.actor,
            cohorts,
            columns,
            people,
            file: &file.to_string_lossy(),
        })?;
        Ok(transaction.commit()?)
    }
}

impl Office {
    /// A cohort with the people in it.
    pub fn group<'o>(&'o self, cohort: &'o Cohort) -> Result<Group<'o>> {
        Ok(self.store.group(&self.definitions.program, cohort)?)
    }

    /// The same, where nobody's address matters.
    pub fn group_without_addresses<'o>(&'o self, cohort: &'o Cohort) -> Result<Group<'o>> {
        Ok(self.store.group_without_addresses(&self.definitions.program, cohort)?)
    }

    /// For a command that only looked, and is done: the end of the process clears
    /// all of it away at once. Nothing waits to be written, and without a snapshot
    /// nothing is locked.
    pub fn leave(self) {
        std::mem::forget(self);
    }

    /// Refuses where the records may only be read, before anything is done
    /// beside them.
    pub fn refuse_to_change(&self) -> Result<()> {
        refuse_to_change(&self.store)
    }

    /// See [`refuse_own_files`].
    pub fn refuse_own_files(&self, target: &Path) -> Result<()> {
        refuse_own_files(&self.folder, target)
    }

    /// What somebody is shown now.
    pub fn seen(&self) -> Result<Seen> {
        Seen::of(&self.definitions, &self.store)
    }
}

/// See [`Office::refuse_to_change`].
fn refuse_to_change(store: &Store) -> Result<()> {
    if store.is_read_only() {
        return Err(error::read_only());
    }
    store.handed_over()?.map_or(Ok(()), |elsewhere| Err(handed_over(&elsewhere)))
}

/// No file that leaves ever takes the place of records or of definitions, whosever
/// they are.
pub fn refuse_own_files(folder: &Path, target: &Path) -> Result<()> {
    refuse_own_names(folder, target)?;
    if store::are_records(target) {
        return Err(Error::refused(format!(
            "{} holds records of cohorts, and is not replaced; choose another name",
            target.display()
        )));
    }
    Ok(())
}

/// The same by the name alone: in their own folder of all that is called like them,
/// in another one of the files themselves and what SQLite has beside them.
fn refuse_own_names(folder: &Path, target: &Path) -> Result<()> {
    let parent = target.parent().and_then(|parent| parent.canonicalize().ok());
    let same_folder = parent == folder.canonicalize().ok();
    let name = target.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let own = [definitions::FILE_NAME, store::FILE_NAME];
    let mut rest = own.iter().filter_map(|own| name.strip_prefix(own));
    if same_folder && rest.next().is_some() {
        return Err(Error::refused(format!(
            "{name} is where your records are kept; choose another name"
        )));
    }
    if rest.any(|rest| rest.is_empty() || store::BESIDE.contains(&rest)) && target.exists() {
        return Err(Error::refused(format!(
            "{} is where the records of another folder are kept; choose another name",
            target.display()
        )));
    }
    Ok(())
}

/// Says where the records go on.
pub fn gone_elsewhere(to: &HandedOver) -> String {
    format!(
        "these records were handed over on {}, to {}, and may only be read here",
        words::moment(to.at),
        to.file
    )
}

/// Why a file of records was not opened or made, in plain words.
pub fn open_error(error: OpenError, path: &Path) -> Error {
    let shown = path.display();
    match error {
        OpenError::Missing => Error::refused(format!("there is no {shown}"))
            .hint("cohorts init, to make an empty one beside cohorts.toml")
            .hint("if there was one, put it back, or its last backup, before anything else"),
        OpenError::NotOurs => Error::refused(format!(
            "{shown} was not made by cohorts, or its very beginning is damaged; it was left as it is"
        ))
        .hint("cohorts restore FILE, to go back to the last backup")
        .hint("or move it elsewhere, if cohorts should use this folder"),
        OpenError::Newer(file, ours) => Error::refused(format!(
            "{shown} was written by a newer cohorts (format {file}; this one knows {ours}); it was left as it is"
        ))
        .hint("install the newer cohorts on this computer too"),
        OpenError::Exists => Error::refused(format!("{shown} exists already; it was left as it is")),
        OpenError::Leftover => Error::refused(format!(
            "beside {shown} is the journal of other records, which are not there"
        ))
        .hint("put the cohorts.db that it belongs to back, before anything else")
        .hint("or move that journal elsewhere"),
        OpenError::NotWhole => {
            Error::refused(format!("{shown} is not whole: a program was not done with it"))
                .hint("if a command is running just now, try again when it is done")
                .hint("if it was copied by hand, copy it again when no command is running")
        }
        OpenError::CannotEncrypt => {
            cannot_encrypt(&format!("{shown} is encrypted, and cannot be read"))
        }
        OpenError::Locked(error) => *error,
        OpenError::Io(error) => io_error("open", path, &error),
        OpenError::Sqlite(error) => error.into(),
    }
}

/// What this program was not built for, and how it would be.
pub fn cannot_encrypt(what: &str) -> Error {
    Error::locked(format!("{what}: this cohorts was built without encryption"))
        .hint("build it with encryption: cargo install --path . --features encryption")
}

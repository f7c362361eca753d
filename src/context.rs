//! What a command is given: the folder, the clock, randomness, prompts, and a
//! place for its output; and the one way to change anything.

pub mod edit;
pub mod exposure;
pub mod folder;
pub mod pick;
pub mod place;

use std::fs;
use std::path::{Path, PathBuf};

use chrono::{NaiveDate, NaiveDateTime};

use crate::definitions::{self, Definitions, Level};
use crate::domain::group::Group;
use crate::domain::program::{Cohort, CohortId};
use crate::error::{self, Error, Result, io_error};
use crate::output::messages::Report;
use crate::output::prompts::Prompts;
use crate::output::{Out, problems};
use crate::store::{self, NewOperation, OpenError, Store};

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
    /// What this machine calls its time zone.
    pub zone: String,
    /// Who is at the keyboard.
    pub actor: String,
    pub random: fastrand::Rng,
    pub prompts: Prompts,
    pub out: Out,
    pub mode: Mode,
    /// Where the command was started.
    pub here: PathBuf,
    /// The folder that was named, if one was.
    pub named_folder: Option<PathBuf>,
}

/// The two files, read.
pub struct Office {
    pub folder: PathBuf,
    pub definitions: Definitions,
    pub store: Store,
}

/// The state that somebody was shown, to see whether it moved since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    last_operation: i64,
    definitions: String,
}

/// What came of a change that was agreed to beforehand.
pub enum Outcome {
    Done(Report),
    /// Somebody else changed the records or the definitions meanwhile.
    Moved,
}

impl Context {
    pub fn today(&self) -> NaiveDate {
        self.now.date()
    }

    pub fn folder(&self) -> Result<PathBuf> {
        folder::find(self.named_folder.as_deref(), &self.here)
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
        if edit::needs_healing(&folder) {
            let store = open_store(&folder)?;
            let _lock = store.lock()?;
            edit::heal(&folder, &store)?;
        }
        let definitions = self.definitions(&folder)?;
        let store = open_store(&folder)?;
        Ok(Office { folder, definitions, store })
    }

    /// `cohorts.toml` alone.
    pub fn definitions(&self, folder: &Path) -> Result<Definitions> {
        let path = folder.join(definitions::FILE_NAME);
        let bytes = fs::read(&path).map_err(|error| io_error("read", &path, &error))?;
        Definitions::read(&bytes).map_err(|found| {
            let count = found.list.iter().filter(|p| p.level == Level::Error).count();
            let mut error = Error::refused(match count {
                1 => "cohorts.toml has a mistake; nothing was done".to_owned(),
                _ => format!("cohorts.toml has {count} mistakes; nothing was done"),
            });
            error.preamble = Some(problems::render(&found.text, &found.list, self.out.color()));
            error.hint("mend the file, then look with: cohorts check")
        })
    }

    /// Makes one change: one transaction, one operation, committed last.
    pub fn change(
        &mut self,
        command: &str,
        work: impl FnOnce(&mut Desk<'_>) -> Result<Report>,
    ) -> Result<Report> {
        match self.change_since(None, command, work)? {
            Outcome::Done(report) => Ok(report),
            Outcome::Moved => Ok(Report::silent()),
        }
    }

    /// Makes one change that somebody agreed to on the strength of what they
    /// had `seen`, unless that moved.
    pub fn change_since(
        &mut self,
        seen: Option<&Seen>,
        command: &str,
        work: impl FnOnce(&mut Desk<'_>) -> Result<Report>,
    ) -> Result<Outcome> {
        let folder = self.folder()?;
        let store = open_store(&folder)?;
        if store.is_read_only() {
            return Err(error::read_only());
        }
        let transaction = store.lock()?;
        edit::heal(&folder, &store)?;
        let definitions = self.definitions(&folder)?;
        if seen.is_some_and(|seen| Seen::of(&definitions, &store).ok().as_ref() != Some(seen)) {
            return Ok(Outcome::Moved);
        }
        let operation = store.begin_operation(&NewOperation {
            at: self.now,
            zone: &self.zone,
            actor: &self.actor,
            command,
        })?;
        let mut desk = Desk {
            definitions: &definitions,
            store: &store,
            now: self.now,
            random: &mut self.random,
            operation,
            cohort: None,
            summary: String::new(),
            undoes: None,
            edited: None,
        };
        let report = work(&mut desk)?;
        let Desk { cohort, summary, undoes, edited, .. } = desk;
        let prepared = match &edited {
            Some(text) => {
                Some(edit::Prepared::new(&folder, &definitions, text, &store, operation)?)
            }
            None => None,
        };
        if store.changes_in(operation)? == 0 {
            return Ok(Outcome::Done(report));
        }
        store.finish_operation(operation, cohort.as_deref(), &summary, undoes)?;
        let committed = match self.mode {
            Mode::Real => transaction.commit(),
            Mode::DryRun => transaction.rollback(),
        };
        match prepared {
            Some(prepared) if committed.is_ok() && self.mode == Mode::Real => prepared.publish()?,
            Some(prepared) => prepared.discard(),
            None => {}
        }
        committed?;
        if self.mode == Mode::DryRun {
            let would = Report::new("Dry run, nothing was changed. Otherwise:");
            return Ok(Outcome::Done(would.then(report)));
        }
        Ok(Outcome::Done(report))
    }
}

impl Office {
    /// A cohort with the people in it.
    pub fn group<'o>(&'o self, cohort: &'o Cohort) -> Result<Group<'o>> {
        Ok(self.store.group(&self.definitions.program, cohort)?)
    }

    /// What somebody is shown now.
    pub fn seen(&self) -> Result<Seen> {
        Seen::of(&self.definitions, &self.store)
    }
}

impl Seen {
    fn of(definitions: &Definitions, store: &Store) -> Result<Self> {
        Ok(Self { last_operation: store.last_operation()?, definitions: definitions.text.clone() })
    }
}

/// Where one change is made, inside its transaction.
pub struct Desk<'c> {
    pub definitions: &'c Definitions,
    pub store: &'c Store,
    pub now: NaiveDateTime,
    pub random: &'c mut fastrand::Rng,
    /// The number of the operation under which it is written down.
    pub operation: i64,
    /// The cohort that the change is about, for the history.
    pub cohort: Option<String>,
    /// What was done, in a sentence with codes only, for the history.
    pub summary: String,
    /// The operation that this one takes back.
    pub undoes: Option<i64>,
    /// What `cohorts.toml` is to say from now on.
    pub edited: Option<String>,
}

impl<'c> Desk<'c> {
    pub fn today(&self) -> NaiveDate {
        self.now.date()
    }

    /// The day somebody said something: the one given, else today.
    pub fn day_said(&self, on: Option<NaiveDate>) -> Result<NaiveDate> {
        match on {
            Some(on) if on > self.today() => {
                Err(Error::usage(format!("--on {on} is still to come")))
            }
            on => Ok(on.unwrap_or(self.today())),
        }
    }

    /// A cohort that was chosen before the lock was taken, with its people.
    pub fn group(&mut self, id: &CohortId) -> Result<Group<'c>> {
        let program = &self.definitions.program;
        let cohort = program
            .cohort(id.as_str())
            .ok_or_else(|| Error::refused(format!("`{id}` is not in cohorts.toml any more")))?;
        self.cohort = Some(id.to_string());
        Ok(self.store.group(program, cohort)?)
    }
}

fn open_store(folder: &Path) -> Result<Store> {
    let path = folder.join(store::FILE_NAME);
    store::open(&path).map_err(|error| open_error(error, &path))
}

/// Why a file of records was not opened or made, in plain words.
pub fn open_error(error: OpenError, path: &Path) -> Error {
    let shown = path.display();
    match error {
        OpenError::Missing => Error::refused(format!("there is no {shown}"))
            .hint("cohorts init, to make an empty one beside cohorts.toml")
            .hint("if there was one, put it back, or its last backup, before anything else"),
        OpenError::NotOurs => Error::refused(format!(
            "{shown} was not made by cohorts; it was left as it is"
        ))
        .hint("move it elsewhere if cohorts should use this folder"),
        OpenError::Newer(file, ours) => Error::refused(format!(
            "{shown} was written by a newer cohorts (format {file}; this one knows {ours}); it was left as it is"
        ))
        .hint("install the newer cohorts on this computer too"),
        OpenError::Exists => Error::refused(format!("{shown} exists already; it was left as it is")),
        OpenError::NotWhole => {
            Error::refused(format!("{shown} is not whole: a program was not done with it"))
                .hint("if a command is running just now, try again when it is done")
                .hint("if it was copied by hand, copy it again when no command is running")
        }
        OpenError::Io(error) => io_error("open", path, &error),
        OpenError::Sqlite(error) => error.into(),
    }
}

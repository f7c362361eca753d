//! What a command is given: the folder, the clock, randomness, prompts, and a
//! place for its output; and the one way to change anything.

pub mod arrival;
pub mod copies;
pub mod edit;
pub mod edition;
pub mod exposure;
pub mod folder;
pub mod leaving;
pub mod pick;
pub mod place;
mod scrub;

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::{NaiveDate, NaiveDateTime};

use crate::definitions::{self, Definitions};
use crate::domain::group::Group;
use crate::domain::program::{Cohort, CohortId};
use crate::error::{self, Error, Result, io_error};
use crate::output::messages::Report;
use crate::output::prompts::Prompts;
use crate::output::{Out, file, problems, words};
use crate::store::{self, Disclosure, Done, HandedOver, NewOperation, Newest, OpenError, Store};

/// The command that may change records which were handed over, to take that
/// back.
pub const HANDOVER: &str = "handover";

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
    /// What to say at the end of a command, where the records may only be read.
    pub gone_elsewhere: Cell<Option<String>>,
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
    newest: Option<Newest>,
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
        let store = open_store(folder)?;
        if edit::needs_healing(folder) && !store.is_read_only() {
            let _lock = store.lock()?;
            edit::heal(folder, &store)?;
        }
        // Whoever only looks is not stopped by a full disk.
        scrub::finish(folder, &store).ok();
        let elsewhere = store.handed_over()?.map(|to| gone_elsewhere(&to));
        self.gone_elsewhere.set(elsewhere);
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
        scrub::finish(&folder, &store)?;
        let transaction = store.lock()?;
        if !store.is_in_place(&folder.join(store::FILE_NAME)) {
            return Err(error::replaced());
        }
        if command != HANDOVER
            && let Some(elsewhere) = store.handed_over()?
        {
            return Err(handed_over(&elsewhere));
        }
        edit::heal(&folder, &store)?;
        file::sweep(&folder);
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
            zone: &self.zone,
            actor: &self.actor,
            random: &mut self.random,
            operation,
            cohort: None,
            summary: String::new(),
            undoes: None,
            edited: None,
            lasting: false,
            erases: false,
        };
        let report = work(&mut desk)?;
        let Desk { cohort, summary, undoes, edited, lasting, erases, .. } = desk;
        let prepared = match &edited {
            Some(text) => {
                Some(edit::Prepared::new(&folder, &definitions, text, &store, operation)?)
            }
            None => None,
        };
        if store.changes_in(operation)? == 0 && !lasting {
            return Ok(Outcome::Done(report.without_undo()));
        }
        let cohort = cohort.as_deref();
        store.finish_operation(operation, &Done { cohort, summary: &summary, undoes, lasting })?;
        if erases && self.mode == Mode::Real {
            scrub::announce(&folder)?;
        }
        let committed = match self.mode {
            Mode::Real => transaction.commit(),
            Mode::DryRun => transaction.rollback(),
        };
        if let Err(error) = committed {
            drop(store);
            return Err(not_confirmed(&folder, operation, prepared, error));
        }
        match prepared {
            Some(prepared) if self.mode == Mode::Real => prepared.publish()?,
            Some(prepared) => prepared.discard(),
            None => {}
        }
        if self.mode == Mode::DryRun {
            let would = Report::new("Dry run, nothing was changed. Otherwise:");
            return Ok(Outcome::Done(would.then(report)));
        }
        scrub::finish(&folder, &store).map_err(|error| {
            Error::refused("erased, but traces may still be in unused places of cohorts.db")
                .because(error.in_short())
                .hint("once the disk has room and works, any command, such as `cohorts`, ends it")
        })?;
        // No command edits where backups go.
        Ok(Outcome::Done(copies::renew(&folder, &store, self.now, &definitions, report)))
    }
}

impl Office {
    /// A cohort with the people in it.
    pub fn group<'o>(&'o self, cohort: &'o Cohort) -> Result<Group<'o>> {
        Ok(self.store.group(&self.definitions.program, cohort)?)
    }

    /// Refuses where the records may only be read, before anything is done
    /// beside them.
    pub fn refuse_to_change(&self) -> Result<()> {
        if self.store.is_read_only() {
            return Err(error::read_only());
        }
        self.store.handed_over()?.map_or(Ok(()), |elsewhere| Err(handed_over(&elsewhere)))
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

impl Seen {
    fn of(definitions: &Definitions, store: &Store) -> Result<Self> {
        Ok(Self { newest: store.newest()?, definitions: definitions.text.clone() })
    }
}

/// Where one change is made, inside its transaction.
pub struct Desk<'c> {
    pub definitions: &'c Definitions,
    pub store: &'c Store,
    pub now: NaiveDateTime,
    pub zone: &'c str,
    pub actor: &'c str,
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
    /// It cannot be taken back, and counts even where no row changed.
    pub lasting: bool,
    /// The file is to be written anew afterwards, so that nothing of what was
    /// erased is left in it.
    pub erases: bool,
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

/// No file that leaves ever takes the place of the records or of the
/// definitions.
pub fn refuse_own_files(folder: &Path, target: &Path) -> Result<()> {
    let parent = target.parent().and_then(|parent| parent.canonicalize().ok());
    let same_folder = parent == folder.canonicalize().ok();
    let name = target.file_name().map(|name| name.to_string_lossy().to_lowercase());
    let own = [definitions::FILE_NAME, store::FILE_NAME];
    match name {
        Some(name) if same_folder && own.iter().any(|own| name.starts_with(own)) => Err(
            Error::refused(format!("{name} is where your records are kept; choose another name")),
        ),
        _ => Ok(()),
    }
}

/// What became of a change whose commit failed. SQLite says so too when the
/// change is in the file and only the last step was not confirmed by the disk.
fn not_confirmed(
    folder: &Path,
    operation: i64,
    prepared: Option<edit::Prepared>,
    error: rusqlite::Error,
) -> Error {
    let last = open_store(folder).and_then(|store| Ok(store.last_operation()?));
    let because = Error::from(error);
    let why = because.source.clone().unwrap_or_else(|| "the disk reported an error".into());
    match last {
        Ok(last) if last < operation => {
            if let Some(prepared) = prepared {
                prepared.discard();
            }
            because
        }
        Ok(_) => {
            let published = prepared.map_or(Ok(()), edit::Prepared::publish);
            let made = "the change was made, but it may not outlast a power cut";
            published
                .err()
                .unwrap_or_else(|| Error::refused(made).because(why))
                .hint("cohorts history, to see that it is there")
                .hint("cohorts backup FILE, to have a copy on another disk")
        }
        // A new text stays ready: whoever comes next knows whether it counts.
        Err(_) => Error::refused("whether the change was made cannot be seen for now")
            .because(why)
            .hint("cohorts history, once the disk has room and works, to see whether it is there"),
    }
}

/// The records go on elsewhere.
fn handed_over(to: &HandedOver) -> Error {
    Error::refused(format!("{}; nothing was changed", gone_elsewhere(to)))
        .hint("cohorts takeover FILE, once they come back")
        .hint("cohorts handover --cancel, if nobody took that file over")
}

/// Says where the records go on.
pub fn gone_elsewhere(to: &HandedOver) -> String {
    format!(
        "these records were handed over on {}, to {}, and may only be read here",
        words::moment(to.at),
        to.file
    )
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

//! One change of the records and of cohorts.toml: one transaction, one operation,
//! committed last.

use std::path::Path;

use chrono::{NaiveDate, NaiveDateTime};

use super::switch::damaged;
use super::{Context, Mode, copies, edit, gone_elsewhere, reach, scrub};
use crate::definitions::Definitions;
use crate::domain::group::Group;
use crate::domain::program::CohortId;
use crate::error::{self, Error, Result};
use crate::output::file;
use crate::output::messages::Report;
use crate::store::{self, Done, HandedOver, NewOperation, Newest, Store};

/// The command that may change records which were handed over, to take that
/// back.
pub const HANDOVER: &str = "handover";

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
        let store = self.open_store(&folder)?;
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
        reach::sweep(&store, reach::LATELY)?;
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
        if !lasting && !store.changed_anything(operation)? {
            return Ok(Outcome::Done(report.without_undo()));
        }
        let cohort = cohort.as_deref();
        store.finish_operation(operation, &Done { cohort, summary: &summary, undoes, lasting })?;
        // Nothing else rewrites the history, and a mistake in that could not be taken
        // back: what does not hold together afterwards is not kept.
        if erases && let Some(what) = store.verify()?.first() {
            return Err(damaged(what));
        }
        if erases && self.mode == Mode::Real {
            scrub::announce(&folder)?;
        }
        let committed = match self.mode {
            Mode::Real => transaction.commit(),
            Mode::DryRun => transaction.rollback(),
        };
        if let Err(error) = committed {
            drop(store);
            return Err(self.not_confirmed(&folder, operation, prepared, error));
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

    /// What became of a change whose commit failed. SQLite says so too when the
    /// change is in the file and only the last step was not confirmed by the disk.
    fn not_confirmed(
        &self,
        folder: &Path,
        operation: i64,
        prepared: Option<edit::Prepared>,
        error: rusqlite::Error,
    ) -> Error {
        let last = self.open_store(folder).and_then(|store| Ok(store.last_operation()?));
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
                .hint(
                    "cohorts history, once the disk has room and works, to see whether it is there",
                ),
        }
    }
}

impl Seen {
    pub(super) fn of(definitions: &Definitions, store: &Store) -> Result<Self> {
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

/// The records go on elsewhere.
pub fn handed_over(to: &HandedOver) -> Error {
    Error::refused(format!("{}; nothing was changed", gone_elsewhere(to)))
        .hint("cohorts takeover FILE, once they come back")
        .hint("cohorts handover --cancel, if nobody took that file over")
}

//! Records that come from a file, a backup or a handover, and take their place
//! in a folder.
//!
//! They are made ready beside those that are there, and take their place in one
//! step; cohorts.toml follows as it does after any edit by a command (see
//! [`super::edit`]), so that a crash at any moment leaves both files as they were
//! or both replaced.

mod place;

use std::fs;
use std::path::{Path, PathBuf};

use super::keys::KeyFile;
use super::leaving::leave_cohorts;
use super::switch::damaged;
use super::{Context, copies, edit, exposure, open_error};
use crate::definitions::{self, Definitions};
use crate::domain::participant::Code;
use crate::error::{self, Error, Result, io_error};
use crate::output::file::{self, Draft, Existing};
use crate::output::messages::Report;
use crate::output::progress::Progress;
use crate::output::words;
use crate::store::{
    self, CopyKind, CopyNote, Done, ErasedInPart, HandedOver, NewOperation, OpenError, Store,
};
pub use place::Place;

/// A file that records arrive in, checked.
pub struct Arrival {
    pub records: Store,
    pub note: CopyNote,
}

impl Arrival {
    /// Opens a file for a place, if all is well in it: a copy that was made, or
    /// records that others took the place of, to which cohorts.toml is as it is
    /// there now.
    pub fn open(ctx: &Context, path: &Path, place: &Place) -> Result<Self> {
        let shown = path.display();
        let unlock = |id| ctx.key_or_words(id, path);
        let records = store::open_copy(path, &unlock).map_err(|error| match error {
            OpenError::Missing => Error::refused(format!("there is no file {shown}")),
            OpenError::NotOurs => Error::refused(format!("{shown} is no copy of records"))
                .hint("name a file that `cohorts backup` or `cohorts handover` made"),
            OpenError::Sqlite(_) => Error::refused(format!("{shown} is damaged"))
                .hint("try the backup of the day before"),
            other => open_error(other, path),
        })?;
        let damaged = |what: String| {
            Error::refused(format!("{shown} is damaged; nothing was changed"))
                .because(what)
                .hint(format!("cohorts check {}, to see all of it", words::quoted(path)))
                .hint("try the backup of the day before")
        };
        let progress = Progress::new(format!("Checking {shown}"));
        let damage = records.verify()?;
        drop(progress);
        if let Some(finding) = damage.first() {
            return Err(damaged(finding.to_string()));
        }
        let note = match records.copy_note()? {
            Some(note) => note,
            None => plain_note(&records, path, place)?,
        };
        Ok(Self { records, note })
    }

    /// What the carried cohorts.toml says; nothing where it has mistakes.
    pub fn definitions(&self) -> Option<Definitions> {
        Definitions::read(&self.note.definitions).ok()
    }

    /// Where the records go on, and not in this place: they were handed over when
    /// they were copied. In the place of others that go on, they do so too.
    pub fn goes_on_elsewhere(&self, place: &Place) -> Result<Option<HandedOver>> {
        match place.whole() {
            Some(_) => Ok(None),
            None => Ok(self.records.handed_over()?),
        }
    }

    /// Refuses what would erase somebody here who was not erased there: whoever
    /// is one entry in the file, and was two again when one of them was erased.
    pub fn refuse_to_erase_others(&self, place: &Place) -> Result<()> {
        let Some(records) = place.whole() else { return Ok(()) };
        let Some(ErasedInPart { codes, erased, joined_by }) =
            self.records.erased_in_part(records)?
        else {
            return Ok(());
        };
        let said = |codes: &[Code]| codes.iter().map(Code::to_string).collect::<Vec<_>>();
        let (codes, erased) = (said(&codes), said(&erased));
        let was = if erased.len() == 1 { "was" } else { "were" };
        Err(Error::refused(format!(
            "{} are joined in that file, and of them only {} {was} erased since; nothing was changed",
            words::list(&codes),
            words::list(&erased)
        ))
        .hint("put the file into an empty folder first: --folder DIR")
        .hint(format!(
            "there, part them and erase again (cohorts undo {joined_by}, then cohorts participant erase {})",
            erased.join(" ")
        ))
        .hint(
            "then bring all of it here (cohorts backup FILE there, cohorts restore FILE here), \
             and delete that folder",
        ))
    }

    /// Puts the records in their place, as an operation of theirs that cannot be
    /// taken back. Gives the files that were kept aside, and how many people were
    /// erased again.
    pub fn settle(
        &self,
        ctx: &Context,
        place: &Place,
        how: &Settling<'_>,
    ) -> Result<(Vec<PathBuf>, usize)> {
        let path = place.path();
        if place.whole().is_some_and(Store::is_read_only) {
            return Err(error::read_only());
        }
        // Whatever was encrypted on either side stays so; with another key since the
        // handover, with that.
        let key = match how.replaced {
            Replaced::KeptAside => place.key().or(self.records.key()),
            Replaced::Contained => self.records.key().or(place.key()),
        };
        if let Some(key) = key {
            ctx.keep_key_if_new(key)?;
        }
        let draft = Draft::begin(&path, Existing::Replace)?;
        let failed = |error| open_error(error, &path);
        let lock = place.lock()?;
        self.refuse_to_erase_others(place)?;
        let new_text = &self.note.definitions;
        let replaced = place.definitions.as_deref().filter(|old| old != new_text);
        // Then the edit is in the history, and survives a crash halfway.
        let edited = replaced
            .filter(|_| lock.is_some())
            .and_then(|old| Some((str::from_utf8(old).ok()?, str::from_utf8(new_text).ok()?)));
        let definitions = self.definitions();
        let erased;
        let mut was_named = false;
        {
            let copy = self.records.copy_to(draft.growing(), key).map_err(failed)?;
            copy.bring_up_to_date().map_err(failed)?;
            let transaction = copy.lock()?;
            copy.set_copy_note(None)?;
            copy.set_handed_over(self.goes_on_elsewhere(place)?.as_ref())?;
            let operation = copy.begin_operation(&NewOperation {
                at: ctx.now,
                zone: &ctx.zone,
                actor: &ctx.actor,
                command: how.command,
            })?;
            erased = match place.whole() {
                Some(records) => {
                    let erased = copy.erase_again(records, |who| match &definitions {
                        Some(definitions) => leave_cohorts(&copy, definitions, who, ctx.today()),
                        // What goes on is not known.
                        None => Ok(()),
                    })?;
                    // Emptied on both sides, the same export is known as the same.
                    was_named = copy.adopt_disclosures(records)?;
                    erased
                }
                None => 0,
            };
            if let Some((old_text, new_text)) = edited {
                edit::log(old_text, new_text, &copy, operation)?;
            }
            let done = Done { summary: how.summary, lasting: true, ..Done::default() };
            copy.finish_operation(operation, &done)?;
            // As after any other erasure.
            if erased > 0
                && let Some(what) = copy.verify()?.first()
            {
                return Err(damaged(what));
            }
            transaction.commit()?;
            if erased > 0 || was_named {
                copy.vacuum()?;
            }
        }
        let toml = place.folder.join(definitions::FILE_NAME);
        let mark = format!("before-{}-{}", how.command, ctx.today());
        let mut kept = Vec::new();
        let mut to_move = None;
        if how.replaced == Replaced::KeptAside
            && let Some(aside) = name_aside(&path, &mark)?
        {
            // Not every file system has second names for one file. Nor may the records
            // be read for a copy: to close them would give up their lock.
            if fs::hard_link(&path, &aside).is_err() {
                to_move = Some(aside.clone());
            }
            kept.push(aside);
        }
        if replaced.is_some()
            && let Some(aside) = name_aside(&toml, &mark)?
        {
            fs::hard_link(&toml, &aside)
                .or_else(|_| fs::copy(&toml, &aside).map(drop))
                .map_err(|error| io_error("keep a copy of", &toml, &error))?;
            kept.push(aside);
        }
        if lock.is_none() {
            // What lies beside a damaged file to be put into it must not reach the new one.
            for ending in store::BESIDE {
                let leftover = path.with_file_name(format!("{}{ending}", store::FILE_NAME));
                if let Some(aside) = name_aside(&leftover, &mark)? {
                    fs::rename(&leftover, &aside)
                        .map_err(|error| io_error("move aside", &leftover, &error))?;
                }
            }
        }
        if let Some((old_text, new_text)) = edited {
            let ready = edit::Prepared::lay(&place.folder, old_text, new_text)?;
            match replacing(&path, to_move.as_deref(), || draft.publish()) {
                Ok(()) => ready.publish()?,
                Err(error) => {
                    // The records may be in their place even so: which text
                    // counts is for the history of those that are there to say.
                    if let Ok(records) = ctx.open_store(&place.folder) {
                        edit::heal(&place.folder, &records).ok();
                    }
                    return Err(error);
                }
            }
        } else {
            replacing(&path, to_move.as_deref(), || place.put_in(draft, new_text))?;
            if replaced.is_some() {
                file::write(&toml, new_text, Existing::Replace)?;
            }
        }
        drop(lock);
        if let Some(key) = key {
            KeyFile::note(key.id(), &place.folder)?;
        }
        Ok((kept, erased))
    }
}

/// What arrived is a change like any other, and renews the day's backup.
pub fn renew_backup(ctx: &Context, report: Report) -> Report {
    match ctx.office() {
        Ok(office) => {
            copies::renew(&office.folder, &office.store, ctx.now, &office.definitions, report)
        }
        // The next command says why.
        Err(_) => report,
    }
}

/// Says what of encrypted records can be read without their key.
pub fn with_readable(ctx: &Context, report: Report) -> Report {
    let left = match ctx.office() {
        Ok(office) if office.store.key().is_some() => {
            exposure::readable(&office, &exposure::kept(&office))
        }
        _ => return report,
    };
    left.into_iter().fold(report, |report, readable| {
        report.warning(format!("{}:\n{}", readable.what, readable.instead))
    })
}

/// What to take records for that do not say that they are a copy.
fn plain_note(records: &Store, path: &Path, place: &Place) -> Result<CopyNote> {
    let shown = path.display();
    if records.older_version()?.is_some() {
        return Err(Error::refused(format!("{shown} is from an older cohorts, and no backup"))
            .hint("put it and its cohorts.toml into an empty folder, under the name cohorts.db"));
    }
    let definitions = place.definitions.clone().ok_or_else(|| {
        Error::refused(format!("{shown} is no backup: it does not hold a cohorts.toml"))
            .hint("put its cohorts.toml into the folder first")
    })?;
    let at =
        records.last_moment()?.ok_or_else(|| Error::refused(format!("{shown} holds nothing")))?;
    Ok(CopyNote { kind: CopyKind::Backup, at, definitions })
}

/// How records settle in a folder.
pub struct Settling<'a> {
    pub command: &'a str,
    pub summary: &'a str,
    pub replaced: Replaced,
}

/// What becomes of the records that others take the place of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replaced {
    /// Their file stays, under another name.
    KeptAside,
    /// All they hold is in the others too.
    Contained,
}

/// The name under which a file stays when another takes its place, if it is there.
fn name_aside(path: &Path, mark: &str) -> Result<Option<PathBuf>> {
    if !path.exists() {
        return Ok(None);
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    (1..100)
        .map(|number| match number {
            1 => path.with_file_name(format!("{name}.{mark}")),
            _ => path.with_file_name(format!("{name}.{mark}-{number}")),
        })
        .find(|aside| aside.symlink_metadata().is_err())
        .ok_or_else(|| Error::refused(format!("there are too many copies of {name} here")))
        .map(Some)
}

/// Has another file take the place of one, which is moved aside at the last moment
/// if it has to be, and back where that fails.
fn replacing(
    path: &Path,
    to_move: Option<&Path>,
    publish: impl FnOnce() -> Result<()>,
) -> Result<()> {
    let Some(aside) = to_move else { return publish() };
    fs::rename(path, aside).map_err(|error| io_error("keep a copy of", path, &error))?;
    publish().inspect_err(|_| {
        if !path.exists() {
            fs::rename(aside, path).ok();
        }
    })
}

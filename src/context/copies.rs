//! Copies of a folder's records in one file each: whole, checked, and on the
//! disk before anybody says so.

use std::fs;
use std::path::{Path, PathBuf};

use chrono::{NaiveDate, NaiveDateTime};

use super::{edit, open_error, place, refuse_own_names};
use crate::definitions::{self, Definitions};
use crate::domain::key::Key;
use crate::domain::text;
use crate::error::{self, Error, Result, io_error};
use crate::output::file::{Draft, Existing};
use crate::output::messages::Report;
use crate::output::progress::Progress;
use crate::store::{self, CopyKind, CopyNote, OpenError, Relation, Store};

/// What the history of exports says of a backup by hand.
pub const OF_EVERYTHING: &str = "backup of everything";

/// How closely a copy is looked at before it takes its place. The first backup of a
/// day always is looked at as closely as can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Care {
    /// Whether the file is whole, and the list of the erased there: after every change.
    Pages,
    /// Every row against its history as well: when somebody asks for a copy.
    Everything,
}

/// Writes a copy of a folder's two files into one. A damaged copy takes nobody's
/// place.
pub fn write(
    folder: &Path,
    store: &Store,
    note: (CopyKind, NaiveDateTime),
    care: Care,
    path: &Path,
    existing: Existing,
) -> Result<()> {
    let _progress = Progress::new(format!("Writing {}", path.display()));
    let (kind, at) = note;
    let draft = Draft::begin(path, existing)?;
    let failed = |error| error::copy_error("write", path, error);
    {
        let (snapshot, definitions) = both_files(folder, store)?;
        let copy = copied(store, draft.growing(), store.key(), path)?;
        drop(snapshot);
        copy.set_copy_note(Some(&CopyNote { kind, at, definitions })).map_err(failed)?;
        if kind == CopyKind::Handover {
            copy.set_handed_over(None).map_err(failed)?;
        }
        let damage = match care {
            Care::Pages => match copy.first_damage().map_err(failed)? {
                None => copy.first_gone().map_err(failed)?,
                damage => damage,
            },
            Care::Everything => copy.verify().map_err(failed)?.first().map(ToString::to_string),
        };
        if let Some(what) = damage {
            return Err(Error::refused("the records are damaged, and were not copied")
                .because_of_damage(what));
        }
    }
    draft.publish()
}

/// Copies records into a file that grows and is to be at `path`, encrypted with a
/// key if one is given.
pub fn copied(store: &Store, growing: &Path, key: Option<&Key>, path: &Path) -> Result<Store> {
    store.copy_to(growing, key).map_err(|error| match error {
        OpenError::Sqlite(error) => error::copy_error("write", path, error),
        other => open_error(other, path),
    })
}

/// One view of both files, in which neither is newer than the other.
pub fn both_files<'s>(
    folder: &Path,
    store: &'s Store,
) -> Result<(rusqlite::Transaction<'s>, Vec<u8>)> {
    let path = folder.join(definitions::FILE_NAME);
    loop {
        let snapshot = store.snapshot()?;
        // From the first read on nobody else can commit.
        store.last_operation()?;
        let text = fs::read(&path).map_err(|error| io_error("read", &path, &error))?;
        if !edit::needs_healing(folder) {
            return Ok((snapshot, text));
        }
        drop(snapshot);
        let _lock = store.lock()?;
        edit::heal(folder, store)?;
    }
}

/// Where the backups of every change go.
pub struct Plan {
    pub folder: PathBuf,
    pub keep: usize,
    /// The program's name, as it begins the files' names.
    pub program: String,
}

/// What cohorts.toml says of that.
pub fn plan(folder: &Path, definitions: &Definitions) -> Option<Plan> {
    let said = definitions.keeping.backup.as_ref()?;
    let backups = place::meant_by(&said.folder, folder).ok()?;
    let program = definitions.program.terms.name.clone();
    Some(Plan { folder: backups, keep: said.keep, program })
}

/// After every change the day's backup is replaced, where there is a place for
/// backups; where that fails, the change stays as it is.
pub fn renew(
    folder: &Path,
    store: &Store,
    now: NaiveDateTime,
    definitions: &Definitions,
    report: Report,
) -> Report {
    let Some(plan) = plan(folder, definitions) else { return report };
    match daily(folder, store, now, &plan, Care::Pages) {
        Ok(_) => report,
        Err(error) => report
            .warning(format!("saved, but today's backup was not renewed: {}", error.in_short())),
    }
}

/// Replaces the day's backup in a folder for backups, and removes those beyond
/// the newest `keep`. Another office's file, or one that holds what these
/// records lack, is left alone: then this day's gets a number.
pub fn daily(
    folder: &Path,
    store: &Store,
    now: NaiveDateTime,
    plan: &Plan,
    care: Care,
) -> Result<PathBuf> {
    let backups = &plan.folder;
    if !backups.is_dir() {
        return Err(Error::refused(format!("there is no folder {}", backups.display())));
    }
    let uid = store.office_uid()?;
    let (name, path) = loop {
        let last = store.last_operation()?;
        let mut name = BackupName { program: slug(&plan.program), day: now.date(), number: 1 };
        let mut path = backups.join(name.to_string());
        while !may_replace(&path, store, &uid)? {
            name.number += 1;
            path = backups.join(name.to_string());
        }
        // Good backups must not go for copies of damage that came in unnoticed.
        let care = if path.exists() { care } else { Care::Everything };
        write(folder, store, (CopyKind::Backup, now), care, &path, Existing::Replace)?;
        // Another window may have changed more meanwhile, and its backup was
        // there already when this older one took its place.
        if store.last_operation()? == last {
            break (name, path);
        }
    };
    let mut others = kept(backups)?;
    // The one just made stays, whatever its day: the clock may have been set
    // back.
    others.retain(|other| *other != name);
    if others.len() >= plan.keep {
        let own = others.iter().map(|other| (other, backups.join(other.to_string())));
        let own = own.filter(|(other, path)| is_of(path, store, &uid, other, &name.program));
        let own = own.map(|(_, path)| path);
        for old in own.skip(plan.keep - 1) {
            // An old file may have taken the place of the records: then this is all
            // there is of what came after it.
            if may_replace(&old, store, &uid)? {
                fs::remove_file(&old).map_err(|error| io_error("remove", &old, &error))?;
            }
        }
    }
    Ok(path)
}

/// Refuses a place for a backup by hand that holds other records: only an earlier
/// backup of these is replaced.
pub fn refuse_other_records(folder: &Path, store: &Store, path: &Path) -> Result<()> {
    refuse_own_names(folder, path)?;
    if store::are_records(path) && !may_replace(path, store, &store.office_uid()?)? {
        return Err(Error::refused(format!(
            "{} is no earlier backup of these records; it was not changed",
            path.display()
        ))
        .hint("choose another name"));
    }
    Ok(())
}

/// Opens what may be a copy of records, with their key if it is encrypted.
fn open_alike(path: &Path, store: &Store) -> std::result::Result<Store, OpenError> {
    store::open_copy(path, &|id| store.same_key(id))
}

/// Whether a file is an office's own backup of a day: by its name now, or by that
/// which the program had then. What was named by hand is whoever's who named it.
fn is_of(path: &Path, store: &Store, uid: &str, name: &BackupName, program: &str) -> bool {
    open_alike(path, store).is_ok_and(|copy| {
        copy.office_uid().is_ok_and(|of| of == uid)
            && (name.program == program || is_named_by_itself(&copy, name) == Some(true))
    })
}

/// Whether a copy has the name that the program in it gives; nothing where that
/// cannot be read any more.
fn is_named_by_itself(copy: &Store, name: &BackupName) -> Option<bool> {
    let definitions = Definitions::read(&copy.copy_note().ok()??.definitions).ok()?;
    Some(slug(&definitions.program.terms.name) == name.program)
}

/// Whether nothing is lost when a copy takes this place. What cannot be read
/// for now, because the disk fails, is not passed over for the next number.
fn may_replace(path: &Path, store: &Store, uid: &str) -> Result<bool> {
    let there = match open_alike(path, store) {
        Err(OpenError::Missing) => return Ok(true),
        Err(OpenError::Io(error)) => return Err(io_error("read", path, &error)),
        Err(OpenError::Sqlite(error)) if error::is_of_the_disk(&error) => {
            return Err(error::copy_error("read", path, error));
        }
        Err(_) => return Ok(false),
        Ok(there) => there,
    };
    let ours = there.office_uid().and_then(|other| {
        let is_backup = there.copy_note()?.is_some_and(|note| note.kind == CopyKind::Backup);
        Ok(is_backup
            && other == uid
            && matches!(store.relation(&there)?, Relation::Same | Relation::Ahead))
    });
    match ours {
        Err(error) if error::is_of_the_disk(&error) => Err(error::copy_error("read", path, error)),
        ours => Ok(ours.unwrap_or(false)),
    }
}

/// `aim-focus-release-2024-02-06.backup`, and with a number from the second one
/// of a day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct BackupName {
    // In the order of time: a program may come to be called otherwise.
    day: NaiveDate,
    number: u32,
    program: String,
}

const ENDING: &str = ".backup";

impl std::fmt::Display for BackupName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.program, self.day)?;
        if self.number > 1 {
            write!(f, "-{}", self.number)?;
        }
        f.write_str(ENDING)
    }
}

impl BackupName {
    fn parse(name: &str) -> Option<Self> {
        let rest = name.strip_suffix(ENDING)?;
        let of = |rest: &str, number| {
            let (program, day) = rest.split_at_checked(rest.len().checked_sub(10)?)?;
            let (program, day) = (program.strip_suffix('-')?.to_owned(), day.parse().ok()?);
            Some(Self { day, number, program })
        };
        let numbered = || {
            let (rest, number) = rest.rsplit_once('-')?;
            of(rest, number.parse().ok()?)
        };
        of(rest, 1).or_else(numbered).filter(|parsed| parsed.to_string() == name)
    }
}

/// What is named like the backups of a day in a folder, newest first.
fn kept(backups: &Path) -> Result<Vec<BackupName>> {
    let failed = |error| io_error("look into", backups, &error);
    let mut found = Vec::new();
    for entry in fs::read_dir(backups).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name();
        found.extend(name.to_str().and_then(BackupName::parse));
    }
    found.sort_by(|a, b| b.cmp(a));
    Ok(found)
}

/// The backups of some records.
pub struct Backups {
    pub newest: PathBuf,
    pub day: NaiveDate,
    pub count: usize,
    /// Whether one of them holds the last change.
    pub are_complete: bool,
    /// Those that have what the records lack, newest first: an old file may have
    /// taken their place. None while the records are handed over, since they are
    /// the backups of whoever goes on with them.
    pub with_more: Vec<PathBuf>,
    /// Those that need no key.
    pub readable: Vec<String>,
}

/// Looks for the backups of these records; another office may have its own in
/// the same folder.
pub fn backups(store: &Store, plan: &Plan) -> Result<Option<Backups>> {
    let uid = store.office_uid()?;
    let program = slug(&plan.program);
    let go_on_elsewhere = store.handed_over()?.is_some();
    let mut found: Option<Backups> = None;
    for name in kept(&plan.folder).unwrap_or_default() {
        let path = plan.folder.join(name.to_string());
        let Ok(copy) = open_alike(&path, store) else { continue };
        if !copy.office_uid().is_ok_and(|of| of == uid) {
            continue;
        }
        if name.program != program && is_named_by_itself(&copy, &name) == Some(false) {
            continue;
        }
        let is_complete = copy.ends_as(store).unwrap_or_default();
        // Of one that is damaged it is not known.
        let end = copy.newest().unwrap_or_default();
        let has_more = end.map(|end| store.has(&end)).transpose()?.is_some_and(|has| !has);
        let backups = found.get_or_insert_with(|| Backups {
            newest: path.clone(),
            day: name.day,
            count: 0,
            are_complete: false,
            with_more: Vec::new(),
            readable: Vec::new(),
        });
        backups.count += 1;
        if has_more && !go_on_elsewhere {
            backups.with_more.push(path);
        }
        backups.are_complete |= is_complete;
        if copy.key().is_none() {
            backups.readable.push(name.to_string());
        }
    }
    Ok(found)
}

/// A name as part of a file's name.
fn slug(name: &str) -> String {
    let folded = text::fold(name);
    let words: Vec<&str> = folded
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    if words.is_empty() { "cohorts".into() } else { words.join("-") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backups_name_leads_there_and_back() {
        let program = slug("Aim. Focus. Release.");
        assert_eq!(program, "aim-focus-release");
        for (number, written) in [
            (1, "aim-focus-release-2024-02-06.backup"),
            (12, "aim-focus-release-2024-02-06-12.backup"),
            (2024, "aim-focus-release-2024-02-06-2024.backup"),
        ] {
            let day = NaiveDate::from_ymd_opt(2024, 2, 6).unwrap();
            let name = BackupName { program: program.clone(), day, number };
            assert_eq!(name.to_string(), written);
            assert_eq!(BackupName::parse(written), Some(name));
        }
        for other in [
            "aim-focus-release.backup",
            "aim-focus-release-2024-02-06",
            "aim-focus-release-2024-02-06-1.backup",
            "aim-focus-release-2024-02-06-x.backup",
            "aim-focus-release-2024-02-30.backup",
            "aim-focus-release-2024-02-06-02.backup",
            "2024-02-06.backup",
            "é2024-02-06.backup",
        ] {
            assert_eq!(BackupName::parse(other), None, "{other}");
        }
        assert_eq!(slug("???"), "cohorts");
    }
}

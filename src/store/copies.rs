//! Whole copies of the records, and what they hold.

use std::collections::HashMap;
use std::path::Path;

use chrono::NaiveDateTime;
use rusqlite::backup::{Backup, StepResult};
use rusqlite::serialize::Data;
use rusqlite::{Error, MAIN_DB, OpenFlags, OptionalExtension, Result, ffi, named_params};

use super::disclosures::FileNames;
use super::open::{self, OpenError};
use super::verify::said_of_pages;
use super::{Disclosure, Store, cipher};
use crate::domain::file_name;
use crate::domain::key::Key;
use crate::domain::program::Week;

/// How much there is.
pub struct Holdings {
    pub cohorts: usize,
    pub enrollments: usize,
    /// Rows that the history says were made, changed or removed.
    pub changes: usize,
    /// The newest operation and when it was done.
    pub last: Option<(i64, NaiveDateTime)>,
}

impl Store {
    /// Copies all of the records into a file that is there, empty, and nobody
    /// else's, encrypted with a key if one is given; and gives the copy, to be
    /// completed. It is not on the disk before the caller sees to it.
    pub fn copy_to(&self, file: &Path, key: Option<&Key>) -> std::result::Result<Store, OpenError> {
        let encrypts = key.filter(|_| self.key.is_none());
        if let Some(key) = encrypts {
            cipher::encrypt(self.own_path()?, file, key)?;
        }
        let mut copy = open::connect(file, OpenFlags::SQLITE_OPEN_READ_WRITE, key.cloned())?;
        // Nobody sees the file before it is complete, so that a journal beside
        // it would only be one more place for names.
        copy.conn.pragma_update(None, "journal_mode", "MEMORY")?;
        if encrypts.is_some() {
            open::say_whose(&copy.conn, open::version(&self.conn)?)?;
            return Ok(copy);
        }
        let backup = Backup::new(&self.conn, &mut copy.conn)?;
        let done = backup.step(-1)?;
        drop(backup);
        match done {
            StepResult::Done => Ok(copy),
            _ => Err(busy().into()),
        }
    }

    /// Copies encrypted records into memory, as anybody could read them.
    pub fn decrypted(&self, key: &Key) -> std::result::Result<Store, OpenError> {
        let copy = open::furnish(cipher::decrypt(self.own_path()?, key)?, None)?;
        open::say_whose(&copy.conn, open::version(&self.conn)?)?;
        Ok(copy)
    }

    fn own_path(&self) -> Result<&Path> {
        self.conn.path().map(Path::new).ok_or_else(|| Error::InvalidPath(Path::new("").into()))
    }

    /// What the file of records in memory would be, to the byte.
    pub fn image(&mut self) -> Result<Data<'_>> {
        self.conn.serialize(MAIN_DB)
    }

    pub fn holdings(&self) -> Result<Holdings> {
        let (cohorts, enrollments, changes): (i64, i64, i64) = self
            .conn
            .prepare_cached(
                "SELECT (SELECT count(*) FROM cohort) AS cohorts,
                        (SELECT count(*) FROM enrollment) AS enrollments,
                        (SELECT count(*) FROM change) AS changes",
            )?
            .query_row([], |row| {
                Ok((row.get("cohorts")?, row.get("enrollments")?, row.get("changes")?))
            })?;
        let last = self
            .conn
            .prepare_cached("SELECT id, at FROM operation ORDER BY id DESC LIMIT 1")?
            .query_row([], |row| Ok((row.get("id")?, row.get("at")?)))
            .optional()?;
        let count = |number| usize::try_from(number).unwrap_or_default();
        Ok(Holdings {
            cohorts: count(cohorts),
            enrollments: count(enrollments),
            changes: count(changes),
            last,
        })
    }

    /// The version of a file that is older than those made now.
    pub fn older_version(&self) -> Result<Option<usize>> {
        let version = open::version(&self.conn)?;
        Ok((version < open::NEWEST).then_some(version))
    }

    /// When the last change was made.
    pub fn last_moment(&self) -> Result<Option<NaiveDateTime>> {
        self.conn
            .prepare_cached("SELECT at FROM operation ORDER BY id DESC LIMIT 1")?
            .query_row([], |row| row.get("at"))
            .optional()
    }

    /// When everything was last exported in one way, by hand.
    pub fn last_export_of(&self, columns: &str) -> Result<Option<NaiveDateTime>> {
        self.conn
            .prepare_cached(
                "SELECT at FROM disclosure WHERE columns = :columns AND cohorts = 'all'
                 ORDER BY id DESC LIMIT 1",
            )?
            .query_row(named_params! { ":columns": columns }, |row| row.get("at"))
            .optional()
    }

    /// Whether anybody is known. By the index, in which the erased come first.
    pub fn knows_anybody(&self) -> Result<bool> {
        self.conn
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM participant WHERE name_key > '')")?
            .query_row([], |row| row.get(0))
    }

    /// Brings a copy of older records up to date.
    pub fn bring_up_to_date(&self) -> std::result::Result<(), OpenError> {
        open::migrate(self, open::NEWEST)
    }

    /// What is wrong with the file's first bytes, if anything is.
    pub(super) fn odd_beginning(&self) -> Option<String> {
        let at = self.odd_byte?;
        Some(format!("the beginning of the file is not as cohorts writes it (byte {at})"))
    }

    /// What is wrong with the file's beginning, or `integrity_check` finds first.
    pub fn first_damage(&self) -> Result<Option<String>> {
        if let Some(what) = self.odd_beginning() {
            return Ok(Some(what));
        }
        if open::broken_pages(&self.conn)? > 0 {
            return Ok(Some("pages of the file are not as they were written".into()));
        }
        let found: String =
            self.conn.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
        Ok(said_of_pages(&found).next().filter(|first| *first != "ok").map(str::to_owned))
    }

    /// Writes everything anew, so that nothing of what was deleted is left in
    /// the file's unused places.
    pub fn vacuum(&self) -> Result<()> {
        self.conn.execute_batch("VACUUM")
    }

    /// The weeks that were recorded in each cohort; newest cohort first.
    pub fn recorded_weeks(&self) -> Result<Vec<(String, Vec<Week>)>> {
        let mut statement = self.conn.prepare_cached(
            "SELECT c.slug, s.week FROM cohort c JOIN session s ON s.cohort_id = c.id
             ORDER BY c.id DESC, s.week",
        )?;
        let mut rows = statement.query([])?;
        let mut cohorts: Vec<(String, Vec<Week>)> = Vec::new();
        while let Some(row) = rows.next()? {
            let (slug, week): (String, Week) = (row.get("slug")?, row.get("week")?);
            match cohorts.last_mut().filter(|(last, _)| *last == slug) {
                Some((_, weeks)) => weeks.push(week),
                None => cohorts.push((slug, vec![week])),
            }
        }
        Ok(cohorts)
    }

    /// How many people are known, the erased not counted.
    pub fn count_participants(&self) -> Result<usize> {
        let count: i64 = self
            .conn
            .prepare_cached("SELECT count(*) FROM participant WHERE name_key <> ''")?
            .query_row([], |row| row.get(0))?;
        Ok(usize::try_from(count).unwrap_or_default())
    }

    /// Takes over from other records what was exported after these were copied:
    /// that it left stays true. Whoever was erased here, and there not yet, is not
    /// named by it again; nor is whoever was erased there, whom these may not know.
    /// Says whether such a name stood here.
    pub fn adopt_disclosures(&self, from: &Store) -> Result<bool> {
        let mut was_named = false;
        let erased = from.erased_in(self)?;
        let erased = erased.iter().map(|(who, ..)| from.file_names_of(&from.entries_of(who.id)?));
        let erased: Vec<FileNames> = erased.collect::<Result<_>>()?;
        let known: HashMap<Left, i64> =
            self.all_that_left()?.into_iter().map(|(id, left)| (left, id)).collect();
        let theirs = from.all_that_left()?;
        let is_theirs = |left: &Left| theirs.iter().any(|(_, other)| other == left);
        for (_, mut left) in theirs.iter().cloned() {
            for names in &erased {
                left.file = names.emptied(&left.file, &left.columns).unwrap_or(left.file);
            }
            if known.contains_key(&left) {
                continue;
            }
            let is_emptied = file_name::is_emptied(&left.file);
            let named = known.iter().find(|(known, _)| {
                is_emptied && known.with_file(&left.file) == left && !is_theirs(known)
            });
            if let Some((_, id)) = named {
                self.empty_file_name(*id, &left.file)?;
                was_named = true;
            } else {
                self.disclose(&Disclosure {
                    at: left.at,
                    zone: &left.zone,
                    actor: &left.actor,
                    cohorts: &left.cohorts,
                    columns: &left.columns,
                    people: usize::try_from(left.people).unwrap_or_default(),
                    file: &left.file,
                })?;
            }
        }
        Ok(was_named)
    }

    fn all_that_left(&self) -> Result<Vec<(i64, Left)>> {
        self.conn
            .prepare_cached(
                "SELECT id, at, zone, actor, cohorts, columns, people, file FROM disclosure
                 ORDER BY id",
            )?
            .query_map([], |row| {
                let left = Left {
                    at: row.get("at")?,
                    zone: row.get("zone")?,
                    actor: row.get("actor")?,
                    cohorts: row.get("cohorts")?,
                    columns: row.get("columns")?,
                    people: row.get("people")?,
                    file: row.get("file")?,
                };
                Ok((row.get("id")?, left))
            })?
            .collect()
    }
}

/// That something left, as the records hold it.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Left {
    at: NaiveDateTime,
    zone: String,
    actor: String,
    cohorts: String,
    columns: String,
    people: i64,
    file: String,
}

impl Left {
    fn with_file(&self, file: &str) -> Self {
        Self { file: file.to_owned(), ..self.clone() }
    }
}

fn busy() -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_BUSY), None)
}

//! The files that left, as far as they are about one person: where they may be
//! found, and which were named after them.

use std::path::Path;

use rusqlite::{Result, named_params, params};

use super::{Store, triggers};
use crate::domain::file_name::Telling;

/// How the columns of a file begin that is about one person alone; their code
/// follows.
pub const ABOUT_ONE: &str = "what is kept about ";
pub const RECEIPT_OF: &str = "consent receipt of ";

/// What says in the names of files who somebody is.
pub(super) struct FileNames {
    of_many: Telling,
    /// What is about them alone is named after them, whatever else the words mean.
    of_one: Telling,
    /// The columns of such files.
    about_one: Vec<String>,
    /// The folder of the records.
    records: String,
}

impl FileNames {
    /// A file's path without them; nothing where it has none.
    pub(super) fn emptied(&self, file: &str, columns: &str) -> Option<String> {
        let is_about_one = self.about_one.iter().any(|about| about == columns);
        let telling = if is_about_one { &self.of_one } else { &self.of_many };
        telling.emptied(file, &self.records)
    }
}

impl Store {
    /// The files that left the tool and may hold somebody, in whatever cohort and
    /// under whatever code they were then, oldest first; not those of counts, in which
    /// there is nobody.
    pub fn files_that_may_hold(&self, who: i64) -> Result<Vec<String>> {
        let entries = self.entries_of(who)?;
        // INDEXED BY keeps SQLite from reading everybody's history.
        self.conn
            .prepare_cached(
                "WITH ids AS MATERIALIZED (SELECT value AS id FROM json_each(:entries)),
                      slugs AS MATERIALIZED (
                          SELECT slug FROM cohort WHERE id IN
                              (SELECT coalesce(after, before) ->> 'cohort_id'
                               FROM change INDEXED BY change_by_participant
                               WHERE participant_id IN (SELECT id FROM ids)
                                 AND tbl = 'enrollment')),
                      known_as AS MATERIALIZED (
                          SELECT id FROM ids
                          UNION ALL
                          SELECT coalesce(after, before) ->> 'participant_id'
                          FROM change
                          WHERE tbl = 'alias'
                            AND coalesce(after, before) ->> 'former_id' IN (SELECT id FROM ids)),
                      codes AS MATERIALIZED (
                          SELECT coalesce(after, before) ->> 'code' AS code
                          FROM change INDEXED BY change_by_participant
                          WHERE participant_id IN (SELECT id FROM known_as)
                            AND tbl = 'participant')
                 SELECT file FROM disclosure d
                 WHERE people > 0 AND (cohorts = 'all' OR EXISTS
                     (SELECT 1 FROM slugs
                      WHERE instr(' ' || d.cohorts || ' ', ' ' || slug || ' ') > 0))
                   AND coalesce(
                        CASE WHEN instr(columns, :about_one) = 1
                             THEN substr(columns, length(:about_one) + 1)
                             WHEN instr(columns, :receipt_of) = 1
                             THEN substr(columns, length(:receipt_of) + 1)
                        END IN (SELECT code FROM codes),
                        TRUE)
                 GROUP BY file ORDER BY min(id)",
            )?
            .query_map(
                named_params! {
                    ":entries": entries, ":about_one": ABOUT_ONE, ":receipt_of": RECEIPT_OF,
                },
                |row| row.get("file"),
            )?
            .collect()
    }

    /// Where the last `most` files were to go that left the tool, whether they came to
    /// be or not; the newest first.
    pub fn files_that_left(&self, most: i64) -> Result<Vec<String>> {
        self.conn
            .prepare_cached("SELECT file FROM disclosure ORDER BY id DESC LIMIT :most")?
            .query_map(named_params! { ":most": most }, |row| row.get("file"))?
            .collect()
    }

    /// Empties the names of files and folders that say a name which somebody's entries
    /// have or had.
    pub(super) fn empty_file_names(&self, entries: &str) -> Result<()> {
        let names = self.file_names_of(entries)?;
        let mut statement = self.conn.prepare("SELECT id, file, columns FROM disclosure")?;
        let files: Vec<(i64, String, String)> = statement
            .query_map([], |row| Ok((row.get("id")?, row.get("file")?, row.get("columns")?)))?
            .collect::<Result<_>>()?;
        for (id, file, columns) in files {
            if let Some(emptied) = names.emptied(&file, &columns) {
                self.empty_file_name(id, &emptied)?;
            }
        }
        Ok(())
    }

    pub(super) fn empty_file_name(&self, id: i64, emptied: &str) -> Result<()> {
        self.conn.execute("UPDATE disclosure SET file = ?2 WHERE id = ?1", params![id, emptied])?;
        triggers::seal(&self.conn, "disclosure", id)
    }

    /// What says in files' names who somebody is, as long as the history has it.
    pub(super) fn file_names_of(&self, entries: &str) -> Result<FileNames> {
        let names = self.names_ever(entries)?;
        let mut statement = self
            .conn
            .prepare("SELECT slug AS ids FROM cohort UNION SELECT cohorts FROM disclosure")?;
        let cohorts: Vec<String> =
            statement.query_map([], |row| row.get("ids"))?.collect::<Result<_>>()?;
        let codes = self.codes_of_entries(entries)?;
        let folder = self.conn.path().map(Path::new).and_then(Path::parent);
        Ok(FileNames {
            of_many: Telling::of(&names, &cohorts),
            of_one: Telling::of(&names, &[]),
            about_one: codes
                .iter()
                .flat_map(|code| [ABOUT_ONE, RECEIPT_OF].map(|what| format!("{what}{code}")))
                .collect(),
            records: folder.map(|f| f.to_string_lossy().into_owned()).unwrap_or_default(),
        })
    }

    /// All names and addresses that the history has of somebody; not what stands
    /// in the place of another's who was erased.
    fn names_ever(&self, entries: &str) -> Result<Vec<String>> {
        // INDEXED BY keeps SQLite from reading everybody's history.
        self.conn
            .prepare(
                "WITH ids AS MATERIALIZED (SELECT value AS id FROM json_each(:entries)),
                      own AS NOT MATERIALIZED (
                          SELECT before, after FROM change INDEXED BY change_by_participant
                          WHERE tbl IN ('participant', 'address')
                            AND participant_id IN (SELECT id FROM ids)),
                      rows AS (SELECT before AS row FROM own UNION SELECT after FROM own)
                 SELECT DISTINCT j.value AS name FROM rows JOIN json_each(rows.row) j
                 WHERE j.key IN ('first_name', 'last_name', 'goes_by', 'value')
                   AND j.value IS NOT NULL AND j.value <> 'erased' AND j.value NOT LIKE 'erased-%'",
            )?
            .query_map(named_params! { ":entries": entries }, |row| row.get("name"))?
            .collect()
    }
}

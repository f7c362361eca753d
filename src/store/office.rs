//! What a file of records says of itself: which office's it is, whether it was
//! handed over, and whether it is a copy.

use chrono::NaiveDateTime;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{OptionalExtension, Result, named_params};

use super::{Record, Store, open, triggers};
use crate::domain::words::words;

words! {
    /// What a copy of the records was made for.
    pub enum CopyKind {
        /// To be put back.
        Backup = "backup",
        /// To go on elsewhere.
        Handover = "handover",
    }
}

/// What a copy carries beside the records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopyNote {
    pub kind: CopyKind,
    pub at: NaiveDateTime,
    /// What cohorts.toml said then, to the byte: it may have been in another
    /// encoding.
    pub definitions: Vec<u8>,
}

/// Where records go on that may only be read here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandedOver {
    pub at: NaiveDateTime,
    pub file: String,
}

impl Store {
    /// What all copies of the same records have in common.
    pub fn office_uid(&self) -> Result<String> {
        self.conn.prepare_cached("SELECT uid FROM office")?.query_row([], |row| row.get("uid"))
    }

    /// Where these records go on, when it is not here. Fails where the row that says
    /// so is gone: then nobody knows.
    pub fn handed_over(&self) -> Result<Option<HandedOver>> {
        self.conn.prepare_cached("SELECT handed_over_at, handed_over_to FROM office")?.query_row(
            [],
            |row| {
                let at: Option<NaiveDateTime> = row.get("handed_over_at")?;
                at.map(|at| Ok(HandedOver { at, file: row.get("handed_over_to")? })).transpose()
            },
        )
    }

    /// From now on the records go on elsewhere, or here again.
    pub fn set_handed_over(&self, to: Option<&HandedOver>) -> Result<()> {
        self.conn
            .prepare_cached("UPDATE office SET handed_over_at = :at, handed_over_to = :file")?
            .execute(named_params! {
                ":at": to.map(|to| to.at), ":file": to.map(|to| &to.file),
            })?;
        triggers::seal(&self.conn, "office", 1)
    }

    /// What these records say of being a copy; nothing where they are worked
    /// with.
    pub fn copy_note(&self) -> Result<Option<CopyNote>> {
        // The first version had no copies.
        if open::version(&self.conn)? < 2 {
            return Ok(None);
        }
        self.conn
            .prepare_cached(
                "SELECT copy_kind, copied_at, definitions FROM office
                 WHERE copy_kind IS NOT NULL",
            )?
            .query_row([], |row| {
                let record = Record::single(row);
                Ok(CopyNote {
                    kind: record.word("copy_kind")?,
                    at: record.get("copied_at")?,
                    definitions: row.get_ref("definitions")?.as_bytes()?.to_vec(),
                })
            })
            .optional()
    }

    /// Says that these records are a copy, or that they are one no more.
    pub fn set_copy_note(&self, note: Option<&CopyNote>) -> Result<()> {
        use crate::domain::words::Word;
        self.conn
            .prepare_cached(
                "UPDATE office SET copy_kind = :kind, copied_at = :at, definitions = :definitions",
            )?
            .execute(named_params! {
                ":kind": note.map(|note| note.kind.word()), ":at": note.map(|note| note.at),
                ":definitions": note.map(|note| ToSqlOutput::Borrowed(ValueRef::Text(&note.definitions))),
            })?;
        triggers::seal(&self.conn, "office", 1)
    }
}

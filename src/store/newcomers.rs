//! Many people who sign up at once, as a form brings them.
//!
//! They are put in some dozens at a time. A statement keeps a copy of each page
//! that it is about to change, to be able to take itself back; with one row a
//! statement, an import would do little else.

mod rows;

use std::sync::atomic::Ordering;

use rusqlite::config::DbConfig;
use rusqlite::types::Null;
use rusqlite::{Error, Result, ToSql, named_params};

use super::participants::name_key;
use super::{Store, triggers};
use crate::domain::consent::Consent;
use crate::domain::enrollment::Enrollment;
use crate::domain::participant::{Code, Participant};
use crate::domain::words::Word;
use rows::Rows;
pub(super) use rows::Unlogged;

/// Somebody new who signs up for a cohort. The ids in it are not known yet.
pub struct Newcomer {
    /// With a code that nobody has.
    pub participant: Participant,
    /// The row of the cohort, see [`Store::ensure_cohort_row`].
    pub cohort: i64,
    pub enrollment: Enrollment,
    /// What they decided, and the row of the agreement, see
    /// [`Store::keep_agreement`].
    pub consent: Option<(i64, Consent)>,
}

/// How much of the file is kept in memory meanwhile, in KiB: codes and names come
/// in no order, and each of them goes to a page somewhere in an index. No more, so
/// that a million of them are put in within 100 MB.
const CACHE: i64 = 40 << 10;

/// Where newcomers are added.
const TABLES: [&str; 4] = ["participant", "address", "enrollment", "consent"];

impl Store {
    /// Many newcomers are about to be added, and nothing will be but what signing
    /// people up needs, until the file is closed. What is added has to be
    /// [logged](Self::log_newcomers) before it is changed.
    pub fn expect_newcomers(&self) -> Result<()> {
        self.conn.pragma_update(None, "cache_size", -CACHE)?;
        // The guards in the file ask what the history asks as well, which goes on.
        self.conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
        let mut unlogged = self.unlogged.borrow_mut();
        for table in TABLES {
            triggers::log_added_later(&self.conn, table)?;
            let columns = triggers::columns(&self.conn, table)?;
            unlogged.push(Unlogged { table, from: self.next_id(table)?, columns });
        }
        Ok(())
    }

    /// Writes what was added since into the history.
    pub fn log_newcomers(&self) -> Result<()> {
        for Unlogged { table, from, .. } in self.unlogged.borrow_mut().iter_mut() {
            let next = self.next_id(table)?;
            if next > *from {
                triggers::log_added(&self.conn, table, *from)?;
                *from = next;
            }
        }
        Ok(())
    }

    /// Adds newcomers in their order. Gives those of them who have the name of
    /// somebody who came before, with the first of these.
    pub fn add_newcomers(&self, newcomers: &[Newcomer]) -> Result<Vec<(Code, Code)>> {
        self.log_newcomers()?;
        let mut unlogged = self.unlogged.borrow_mut();
        let operation = self.permits.operation.load(Ordering::Relaxed);
        let rows = rows_of(newcomers, &unlogged)?;
        let first = unlogged.first().map_or(1, |participants| participants.from);
        for rows in &rows {
            rows.add(&self.conn, operation)?;
        }
        let next = rows.map(|rows| rows.next());
        for (table, next) in unlogged.iter_mut().zip(next) {
            table.from = next;
        }
        self.namesakes_since(first)
    }

    /// Everybody from an id on who has the name of somebody before, whatever the
    /// case and the accents, with the first of these.
    fn namesakes_since(&self, first: i64) -> Result<Vec<(Code, Code)>> {
        let mut found = Vec::new();
        self.each_record(
            "SELECT n.code, o.code AS earlier FROM participant n
             JOIN participant o ON o.id = (SELECT id FROM participant
                                           WHERE name_key = n.name_key AND id < n.id
                                           ORDER BY id LIMIT 1)
             WHERE n.id >= :first ORDER BY n.id",
            named_params! { ":first": first },
            |row| -> Result<()> {
                found.push((row.code("code")?, row.code("earlier")?));
                Ok(())
            },
        )?;
        Ok(found)
    }

    /// The id that the next row of a table gets: no id is ever given twice.
    fn next_id(&self, table: &str) -> Result<i64> {
        self.conn
            .prepare_cached(
                "SELECT 1 + coalesce((SELECT seq FROM sqlite_sequence WHERE name = ?1), 0)",
            )?
            .query_row([table], |row| row.get(0))
    }
}

/// The rows of newcomers, in each of the [`TABLES`].
fn rows_of<'v>(newcomers: &'v [Newcomer], tables: &'v [Unlogged]) -> Result<[Rows<'v>; 4]> {
    let [participants, addresses, enrollments, consents] = tables else {
        return Err(Error::InvalidQuery);
    };
    let ids = (participants.from..).zip(enrollments.from..);
    let mut participants = Rows::new(
        participants,
        &["code", "first_name", "last_name", "goes_by", "phone", "name_key"],
    );
    let mut addresses =
        Rows::new(addresses, &["participant_id", "kind", "value", "key", "current"]);
    let mut enrollments = Rows::new(
        enrollments,
        &[
            "participant_id",
            "cohort_id",
            "status",
            "signed_up_at",
            "joined_week",
            "leave",
            "site",
            "residency",
        ],
    );
    let mut consents =
        Rows::new(consents, &["enrollment_id", "agreement_id", "decision", "decided_on", "method"]);
    for ((id, enrollment_id), newcomer) in ids.zip(newcomers) {
        let Newcomer { participant, cohort, enrollment, consent } = newcomer;
        let Participant { code, first_name, last_name, goes_by, phone, email, .. } = participant;
        participants.push(
            id,
            [
                code.as_str().into(),
                first_name.as_str().into(),
                last_name.as_str().into(),
                goes_by.to_sql()?,
                phone.to_sql()?,
                name_key(first_name, last_name).into(),
            ],
        );
        if let Some(email) = email.as_deref() {
            let key = email.to_lowercase();
            addresses.push(id, [id.into(), "email".into(), email.into(), key.into(), 1.into()]);
        }
        enrollments.push(
            id,
            [
                id.into(),
                (*cohort).into(),
                enrollment.status.word().into(),
                enrollment.signed_up_at.to_string().into(),
                enrollment.joined_week.to_sql()?,
                enrollment.leave.to_sql()?,
                enrollment.site.to_sql()?,
                enrollment.residency.to_sql()?,
            ],
        );
        if let Some((agreement, consent)) = consent {
            let Consent { decision, decided_on, method, .. } = consent;
            consents.push(
                id,
                [
                    enrollment_id.into(),
                    (*agreement).into(),
                    decision.word().into(),
                    decided_on.to_string().into(),
                    method.map_or(Null.into(), |method| method.word().into()),
                ],
            );
        }
    }
    Ok([participants, addresses, enrollments, consents])
}

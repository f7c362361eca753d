//! Many people who sign up at once, as a form brings them.
//!
//! They are put in some dozens at a time, which spares most of what a statement
//! costs. But one of many rows keeps a copy of each page that it is about to change,
//! to be able to take itself back. Participants come to a page anywhere in each of
//! their indexes, and with many of them there would be two copies for everybody: a
//! statement of one row keeps none.

use rusqlite::config::DbConfig;
use rusqlite::types::{Null, ToSqlOutput};
use rusqlite::{Result, ToSql, named_params};

use super::participants::name_key;
use super::{Store, triggers};
use crate::domain::consent::Consent;
use crate::domain::enrollment::Enrollment;
use crate::domain::participant::{Code, Participant};
use crate::domain::words::Word;

/// How many rows one statement puts in, where they go to few pages.
const TOGETHER: usize = 64;

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
            unlogged.push((table, self.next_id(table)?));
        }
        Ok(())
    }

    /// Writes what was added since into the history.
    pub fn log_newcomers(&self) -> Result<()> {
        for (table, from) in self.unlogged.borrow_mut().iter_mut() {
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
        let with_id = |first: i64| (first..).zip(newcomers);
        let participant = self.insert(
            1,
            "participant (code, first_name, last_name, goes_by, phone, name_key)",
            "(?, ?, ?, ?, ?, ?)",
            newcomers.iter().map(|new| {
                let Participant { code, first_name, last_name, goes_by, phone, .. } =
                    &new.participant;
                let key = name_key(first_name, last_name);
                Ok([
                    code.as_str().into(),
                    first_name.as_str().into(),
                    last_name.as_str().into(),
                    goes_by.to_sql()?,
                    phone.to_sql()?,
                    key.into(),
                ])
            }),
        )?;
        self.insert(
            TOGETHER,
            "address (participant_id, kind, value, key, current)",
            "(?, 'email', ?, ?, 1)",
            with_id(participant).filter_map(|(id, new)| {
                let email = new.participant.email.as_deref()?;
                Some(Ok([id.into(), email.into(), email.to_lowercase().into()]))
            }),
        )?;
        let enrollment = self.insert(
            TOGETHER,
            "enrollment (participant_id, cohort_id, status, signed_up_at, joined_week,
                         leave, site, residency)",
            "(?, ?, ?, ?, ?, ?, ?, ?)",
            with_id(participant).map(|(id, new)| {
                let of = &new.enrollment;
                Ok([
                    id.into(),
                    new.cohort.into(),
                    of.status.word().into(),
                    // As it would be bound; that would read a pattern for each.
                    of.signed_up_at.to_string().into(),
                    of.joined_week.to_sql()?,
                    of.leave.to_sql()?,
                    of.site.to_sql()?,
                    of.residency.to_sql()?,
                ])
            }),
        )?;
        self.insert(
            TOGETHER,
            "consent (enrollment_id, agreement_id, decision, decided_on, method)",
            "(?, ?, ?, ?, ?)",
            with_id(enrollment).filter_map(|(id, new)| {
                let (agreement, consent) = new.consent.as_ref()?;
                let method = consent.method.map(Word::word);
                Some(Ok([
                    id.into(),
                    (*agreement).into(),
                    consent.decision.word().into(),
                    consent.decided_on.to_string().into(),
                    method.map_or(Null.into(), ToSqlOutput::from),
                ]))
            }),
        )?;
        self.log_newcomers()?;
        self.namesakes_since(participant)
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

    /// Puts rows into a table, so many at once, and gives the id of the first; each
    /// of the others has the next. `into` names the table and the columns, `row` is
    /// one row with places for its values.
    fn insert<'v, const WIDTH: usize>(
        &self,
        together: usize,
        into: &str,
        row: &str,
        values: impl Iterator<Item = Result<[ToSqlOutput<'v>; WIDTH]>>,
    ) -> Result<i64> {
        let mut rows = values.peekable();
        let mut values = Vec::with_capacity(together * WIDTH);
        let mut count = 0;
        // A statement, and for how many values it is.
        let mut prepared = None;
        while rows.peek().is_some() {
            values.clear();
            for row in rows.by_ref().take(together) {
                values.extend(row?);
                count += 1;
            }
            let statement = match &mut prepared {
                Some((many, statement)) if *many == values.len() => statement,
                _ => {
                    let more = format!(", {row}").repeat(values.len() / WIDTH - 1);
                    let sql = format!("INSERT INTO {into} VALUES {row}{more}");
                    &mut prepared.insert((values.len(), self.conn.prepare_cached(&sql)?)).1
                }
            };
            for (at, value) in values.iter().enumerate() {
                statement.raw_bind_parameter(at + 1, value)?;
            }
            statement.raw_execute()?;
        }
        Ok(self.conn.last_insert_rowid() + 1 - count)
    }
}

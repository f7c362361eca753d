//! Requests for support between groups, and the contacts about them.

use chrono::NaiveDate;
use rusqlite::{OptionalExtension, Result, named_params};

use super::participants::PARTICIPANT;
use super::{Record, Store, participants};
use crate::domain::support::{Closed, Contact, Outcome, Support};
use crate::domain::words::Word;

/// Columns of `support s`, and what else has to be [`JOINED`] for it.
const SUPPORT: &str = "s.id, s.asked_on, s.next_on, s.closed_on, s.outcome,
     l.kind AS last_kind, l.contacted_on AS last_on";
const JOINED: &str = "JOIN participant p ON p.id = s.participant_id
     LEFT JOIN contact l ON l.id = (SELECT id FROM contact WHERE support_id = s.id
                                    ORDER BY contacted_on DESC, id DESC LIMIT 1)";

fn read(row: &Record<'_>) -> Result<Support> {
    let outcome: Option<Outcome> = row.maybe_word("outcome")?;
    let closed = match outcome {
        Some(outcome) => Some(Closed { outcome, on: row.get("closed_on")? }),
        None => None,
    };
    let last = match row.maybe_word("last_kind")? {
        Some(kind) => Some(Contact { kind, on: row.get("last_on")? }),
        None => None,
    };
    Ok(Support {
        id: row.get("id")?,
        participant: participants::read(row)?,
        asked_on: row.get("asked_on")?,
        next_on: row.get("next_on")?,
        last,
        closed,
    })
}

/// Which requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Supports {
    Open,
    All,
}

impl Store {
    /// Notes that somebody asks for support.
    pub fn add_support(
        &self,
        participant: i64,
        asked_on: NaiveDate,
        next_on: Option<NaiveDate>,
    ) -> Result<()> {
        self.conn
            .prepare_cached(
                "INSERT INTO support (participant_id, asked_on, next_on)
                 VALUES (:participant, :asked_on, :next_on)",
            )?
            .execute(named_params! {
                ":participant": participant, ":asked_on": asked_on, ":next_on": next_on,
            })?;
        Ok(())
    }

    /// Notes a contact about a request, and when the next one is due.
    pub fn add_contact(
        &self,
        support: i64,
        contact: Contact,
        next_on: Option<NaiveDate>,
    ) -> Result<()> {
        self.conn
            .prepare_cached(
                "INSERT INTO contact (support_id, kind, contacted_on)
                 VALUES (:support, :kind, :on)",
            )?
            .execute(named_params! {
                ":support": support, ":kind": contact.kind.word(), ":on": contact.on,
            })?;
        self.conn
            .prepare_cached(
                "UPDATE support SET next_on = :next_on WHERE id = :id AND next_on IS NOT :next_on",
            )?
            .execute(named_params! { ":id": support, ":next_on": next_on })?;
        Ok(())
    }

    /// Says what became of a request.
    pub fn close_support(&self, support: i64, closed: Closed) -> Result<()> {
        self.conn
            .prepare_cached(
                "UPDATE support SET next_on = NULL, closed_on = :on, outcome = :outcome
                 WHERE id = :id",
            )?
            .execute(named_params! {
                ":id": support, ":on": closed.on, ":outcome": closed.outcome.word(),
            })?;
        Ok(())
    }

    /// The request of somebody that stands.
    pub fn open_support(&self, participant: i64) -> Result<Option<Support>> {
        let sql = format!(
            "SELECT {SUPPORT}, {PARTICIPANT} FROM support s {JOINED}
             WHERE s.participant_id = :id AND s.closed_on IS NULL"
        );
        self.conn
            .prepare_cached(&sql)?
            .query_row(named_params! { ":id": participant }, |row| read(&Record::single(row)))
            .optional()
    }

    /// Every request of somebody, in the order in which they asked.
    pub fn supports_of(&self, participant: i64) -> Result<Vec<Support>> {
        let mut found = Vec::new();
        self.supports_where(
            "s.participant_id = :id ORDER BY s.asked_on, s.id",
            named_params! { ":id": participant },
            |support| -> Result<()> {
                found.push(support);
                Ok(())
            },
        )?;
        Ok(found)
    }

    /// The contacts about a request, in their order.
    pub fn contacts_about(&self, support: i64) -> Result<Vec<Contact>> {
        let mut statement = self.conn.prepare_cached(
            "SELECT kind, contacted_on FROM contact WHERE support_id = :support
             ORDER BY contacted_on, id",
        )?;
        statement
            .query_map(named_params! { ":support": support }, |row| {
                let row = Record::single(row);
                Ok(Contact { kind: row.word("kind")?, on: row.get("contacted_on")? })
            })?
            .collect()
    }

    /// Gives each request: those that stand by when the next contact is due,
    /// then those that are closed, the last one first.
    pub fn each_support<E: From<rusqlite::Error>>(
        &self,
        which: Supports,
        mut each: impl FnMut(Support) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        self.supports_where(
            "s.closed_on IS NULL ORDER BY s.next_on IS NULL, s.next_on, s.asked_on, s.id",
            &[],
            &mut each,
        )?;
        if which == Supports::All {
            self.supports_where(
                "s.closed_on IS NOT NULL ORDER BY s.closed_on DESC, s.id DESC",
                &[],
                each,
            )?;
        }
        Ok(())
    }

    fn supports_where<E: From<rusqlite::Error>>(
        &self,
        condition: &str,
        arguments: &[(&str, &dyn rusqlite::ToSql)],
        mut each: impl FnMut(Support) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        let sql =
            format!("SELECT {SUPPORT}, {PARTICIPANT} FROM support s {JOINED} WHERE {condition}");
        self.each_record(&sql, arguments, |row| each(read(row)?))
    }
}

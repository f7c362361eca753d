//! Incidents: noted, closed, and told again.

use rusqlite::{OptionalExtension, Result, named_params};

use super::participants::PARTICIPANT;
use super::{Record, Store, participants};
use crate::domain::incident::{Action, Closed, Incident, NewIncident};
use crate::domain::program::CohortId;
use crate::domain::words::Word;

/// Columns of `incident i`, and what else has to be [`JOINED`] for it.
const INCIDENT: &str = "i.id, c.slug, i.week, i.kind, i.noted_on, i.done, i.closed_on";
const JOINED: &str =
    "JOIN cohort c ON c.id = i.cohort_id LEFT JOIN participant p ON p.id = i.participant_id";

fn read(row: &Record<'_>) -> Result<Incident> {
    let known: Option<i64> = row.get("participant_id")?;
    let done: Option<Action> = row.maybe_word("done")?;
    let closed = match done {
        Some(done) => Some(Closed { done, on: row.get("closed_on")? }),
        None => None,
    };
    Ok(Incident {
        number: row.get("id")?,
        cohort: row.cohort("slug")?,
        week: row.get("week")?,
        kind: row.word("kind")?,
        participant: known.map(|_| participants::read(row)).transpose()?,
        noted_on: row.get("noted_on")?,
        closed,
    })
}

/// Which incidents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Incidents {
    Open,
    All,
}

impl Store {
    /// Notes an incident and gives its number.
    pub fn add_incident(&self, cohort: &CohortId, new: &NewIncident) -> Result<i64> {
        let cohort_row = self.ensure_cohort_row(cohort)?;
        self.conn
            .prepare_cached(
                "INSERT INTO incident (cohort_id, week, kind, participant_id, noted_on)
                 VALUES (:cohort, :week, :kind, :participant, :noted_on)",
            )?
            .execute(named_params! {
                ":cohort": cohort_row, ":week": new.week, ":kind": new.kind.word(),
                ":participant": new.participant, ":noted_on": new.noted_on,
            })?;
        Ok(self.conn.last_insert_rowid())
    }

    /// The number of a like one that was noted already, of that cohort, week and
    /// kind, about the same person or likewise nobody; an open one, if there is.
    pub fn incident_like(&self, cohort: &CohortId, new: &NewIncident) -> Result<Option<i64>> {
        self.conn
            .prepare_cached(
                "SELECT i.id FROM cohort c JOIN incident i ON i.cohort_id = c.id
                 WHERE c.slug = :slug AND i.week IS :week AND i.kind = :kind
                   AND i.participant_id IS :participant
                 ORDER BY i.closed_on IS NOT NULL, i.id LIMIT 1",
            )?
            .query_row(
                named_params! {
                    ":slug": cohort.as_str(), ":week": new.week, ":kind": new.kind.word(),
                    ":participant": new.participant,
                },
                |row| row.get("id"),
            )
            .optional()
    }

    /// Says what was done about an incident.
    pub fn close_incident(&self, number: i64, closed: Closed) -> Result<()> {
        self.conn
            .prepare_cached("UPDATE incident SET done = :done, closed_on = :on WHERE id = :id")?
            .execute(named_params! {
                ":id": number, ":done": closed.done.word(), ":on": closed.on,
            })?;
        Ok(())
    }

    pub fn incident(&self, number: i64) -> Result<Option<Incident>> {
        let sql =
            format!("SELECT {INCIDENT}, {PARTICIPANT} FROM incident i {JOINED} WHERE i.id = :id");
        self.conn
            .prepare_cached(&sql)?
            .query_row(named_params! { ":id": number }, |row| read(&Record::single(row)))
            .optional()
    }

    /// Gives each incident of all cohorts or of one, in the order of their
    /// numbers.
    pub fn each_incident<E: From<rusqlite::Error>>(
        &self,
        which: Incidents,
        cohort: Option<&CohortId>,
        each: impl FnMut(Incident) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        let which = match which {
            Incidents::Open => "i.closed_on IS NULL",
            Incidents::All => "TRUE",
        };
        match cohort {
            None => self.incidents_where(which, &[], each),
            Some(id) => self.incidents_where(
                &format!("{which} AND c.slug = :slug"),
                named_params! { ":slug": id.as_str() },
                each,
            ),
        }
    }

    /// Those about somebody, in the order of their numbers.
    pub fn incidents_of(&self, participant: i64) -> Result<Vec<Incident>> {
        let mut found = Vec::new();
        self.incidents_where(
            "i.participant_id = :id",
            named_params! { ":id": participant },
            |incident| -> Result<()> {
                found.push(incident);
                Ok(())
            },
        )?;
        Ok(found)
    }

    /// How many are open in all cohorts.
    pub fn count_open_incidents(&self) -> Result<usize> {
        let count: i64 = self
            .conn
            .prepare_cached(
                "SELECT count(*) FROM incident INDEXED BY incident_open WHERE closed_on IS NULL",
            )?
            .query_row([], |row| row.get(0))?;
        Ok(usize::try_from(count).unwrap_or_default())
    }

    fn incidents_where<E: From<rusqlite::Error>>(
        &self,
        condition: &str,
        arguments: &[(&str, &dyn rusqlite::ToSql)],
        mut each: impl FnMut(Incident) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        let sql = format!(
            "SELECT {INCIDENT}, {PARTICIPANT} FROM incident i {JOINED}
             WHERE {condition} ORDER BY i.id"
        );
        self.each_record(&sql, arguments, |row| each(read(row)?))
    }
}

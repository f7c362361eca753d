//! Many people who sign up at once, as a form brings them.
//!
//! They are put in some dozens at a time. A statement keeps a copy of each page
//! that it is about to change, to be able to take itself back; with one row a
//! statement, an import would do little else.

use rusqlite::types::ToSqlOutput;
use rusqlite::{Result, ToSql};

use super::Store;
use super::participants::name_key;
use crate::domain::consent::Consent;
use crate::domain::enrollment::Enrollment;
use crate::domain::participant::{Email, Participant};
use crate::domain::words::Word;

/// How many rows one statement puts in.
const TOGETHER: usize = 64;

/// Somebody new who signs up for a cohort. The ids in it are not known yet.
pub struct Newcomer {
    /// With a code that nobody has.
    pub participant: Participant,
    pub email: Option<Email>,
    /// The row of the cohort, see [`Store::ensure_cohort_row`].
    pub cohort: i64,
    pub enrollment: Enrollment,
    /// What they decided, and the row of the agreement, see
    /// [`Store::keep_agreement`].
    pub consent: Option<(i64, Consent)>,
}

impl Store {
    /// Adds newcomers in their order, and gives the id of the first; the others
    /// follow without a gap.
    pub fn add_newcomers(&self, newcomers: &[Newcomer]) -> Result<i64> {
        let (participant, enrollment) = (self.next_id("participant")?, self.next_id("enrollment")?);
        let with_id = |first: i64| (first..).zip(newcomers);
        self.insert(
            "participant (id, code, first_name, last_name, goes_by, phone, name_key)",
            with_id(participant).map(|(id, new)| {
                let Participant { code, first_name, last_name, goes_by, phone, .. } =
                    &new.participant;
                let key = name_key(first_name, last_name);
                Ok([
                    id.into(),
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
            "address (participant_id, kind, value, key, current)",
            with_id(participant).filter_map(|(id, new)| {
                let email = new.email.as_ref()?;
                let (value, key) = (email.as_str().into(), email.key().into());
                Some(Ok([id.into(), "email".into(), value, key, 1.into()]))
            }),
        )?;
        self.insert(
            "enrollment (id, participant_id, cohort_id, status, signed_up_at, joined_week,
                         withdrawn_on, reason, leave, site, residency)",
            with_id(enrollment).zip(participant..).map(|((id, new), participant)| {
                let of = &new.enrollment;
                Ok([
                    id.into(),
                    participant.into(),
                    new.cohort.into(),
                    of.status.word().into(),
                    of.signed_up_at.to_sql()?,
                    of.joined_week.to_sql()?,
                    of.withdrawn_on.to_sql()?,
                    of.reason.map_or(ToSqlOutput::from(rusqlite::types::Null), |reason| {
                        reason.word().into()
                    }),
                    of.leave.to_sql()?,
                    of.site.to_sql()?,
                    of.residency.to_sql()?,
                ])
            }),
        )?;
        self.insert(
            "consent (enrollment_id, agreement_id, decision, decided_on, method)",
            with_id(enrollment).filter_map(|(id, new)| {
                let (agreement, consent) = new.consent.as_ref()?;
                Some(consent.decided_on.to_sql().map(|day| {
                    let method = consent.method.map(Word::word);
                    let method = method.map_or(rusqlite::types::Null.into(), ToSqlOutput::from);
                    [id.into(), (*agreement).into(), consent.decision.word().into(), day, method]
                }))
            }),
        )?;
        Ok(participant)
    }

    /// The id that the next row of a table gets: no id is ever given twice.
    fn next_id(&self, table: &str) -> Result<i64> {
        self.conn
            .prepare_cached(
                "SELECT 1 + coalesce((SELECT seq FROM sqlite_sequence WHERE name = ?1), 0)",
            )?
            .query_row([table], |row| row.get(0))
    }

    /// Puts rows into a table, so many at once; `into` names it and the columns.
    fn insert<'v, const WIDTH: usize>(
        &self,
        into: &str,
        rows: impl Iterator<Item = Result<[ToSqlOutput<'v>; WIDTH]>>,
    ) -> Result<()> {
        let mut rows = rows.peekable();
        let mut values = Vec::with_capacity(TOGETHER * WIDTH);
        while rows.peek().is_some() {
            values.clear();
            for row in rows.by_ref().take(TOGETHER) {
                values.extend(row?);
            }
            let one = format!("({})", ["?"; WIDTH].join(", "));
            let all = vec![one.as_str(); values.len() / WIDTH].join(", ");
            let mut statement =
                self.conn.prepare_cached(&format!("INSERT INTO {into} VALUES {all}"))?;
            for (at, value) in values.iter().enumerate() {
                statement.raw_bind_parameter(at + 1, value)?;
            }
            statement.raw_execute()?;
        }
        Ok(())
    }
}

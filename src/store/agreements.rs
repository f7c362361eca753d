//! Agreements as people decided about them, and those decisions.

use std::collections::BTreeMap;
use std::rc::Rc;

use chrono::NaiveDate;
use rusqlite::{OptionalExtension, Result, named_params};

use super::{Record, Store};
use crate::domain::consent::{Consent, Decision};
use crate::domain::message::Kind;
use crate::domain::program::{Agreement, CohortId};
use crate::domain::words::Word;

/// An agreement that somebody decided about.
pub struct KeptAgreement {
    pub version: String,
    pub sha256: String,
    /// How many decisions rest on it.
    pub decisions: i64,
}

pub(super) fn read_consent(row: &Record<'_>) -> Result<Consent> {
    read_decision(row, row.get("version")?)
}

fn read_decision(row: &Record<'_>, version: Rc<str>) -> Result<Consent> {
    Ok(Consent {
        decision: row.word("decision")?,
        decided_on: row.day("decided_on")?,
        method: row.maybe_word("method")?,
        version,
    })
}

impl Store {
    /// Gives every decision there is with the enrollment whose it is, in the order in
    /// which they were recorded. They share the few versions there are.
    pub(super) fn each_decision(&self, mut each: impl FnMut(i64, Consent)) -> Result<()> {
        let mut versions: BTreeMap<i64, Rc<str>> = BTreeMap::new();
        self.each_record("SELECT id, version FROM agreement", &[], |row| -> Result<()> {
            versions.insert(row.get("id")?, row.get("version")?);
            Ok(())
        })?;
        self.each_record(
            "SELECT enrollment_id, agreement_id, decision, decided_on, method
             FROM consent ORDER BY id",
            &[],
            |row| -> Result<()> {
                let enrollment = row.get("enrollment_id")?;
                if let Some(version) = versions.get(&row.get("agreement_id")?) {
                    each(enrollment, read_decision(row, Rc::clone(version))?);
                }
                Ok(())
            },
        )
    }

    /// All agreements that somebody decided about.
    pub fn kept_agreements(&self) -> Result<Vec<KeptAgreement>> {
        self.conn
            .prepare_cached(
                "SELECT version, sha256,
                        (SELECT count(*) FROM consent WHERE agreement_id = agreement.id) AS decisions
                 FROM agreement
                 WHERE EXISTS (SELECT 1 FROM consent WHERE agreement_id = agreement.id)
                 ORDER BY id",
            )?
            .query_map([], |row| {
                Ok(KeptAgreement {
                    version: row.get("version")?,
                    sha256: row.get("sha256")?,
                    decisions: row.get("decisions")?,
                })
            })?
            .collect()
    }

    /// The SHA-256 under which a version was kept, once somebody decided about it.
    pub fn kept_sha256(&self, version: &str) -> Result<Option<String>> {
        self.conn
            .prepare_cached(
                "SELECT sha256 FROM agreement
                 WHERE version = :version
                   AND EXISTS (SELECT 1 FROM consent WHERE agreement_id = agreement.id)",
            )?
            .query_row(named_params! { ":version": version }, |row| row.get(0))
            .optional()
    }

    /// A version's text, as people decided about it.
    pub fn kept_text(&self, version: &str) -> Result<Option<String>> {
        self.conn
            .prepare_cached("SELECT text FROM agreement WHERE version = :version")?
            .query_row(named_params! { ":version": version }, |row| row.get(0))
            .optional()
    }

    /// The last decision of an enrollment, with the number of its row.
    pub fn last_consent(&self, enrollment: i64) -> Result<Option<(i64, Consent)>> {
        self.conn
            .prepare_cached(
                "SELECT s.id, s.decision, s.decided_on, s.method, a.version
                 FROM consent s JOIN agreement a ON a.id = s.agreement_id
                 WHERE s.enrollment_id = :enrollment ORDER BY s.decided_on DESC, s.id DESC LIMIT 1",
            )?
            .query_row(named_params! { ":enrollment": enrollment }, |row| {
                Ok((row.get("id")?, read_consent(&Record::single(row))?))
            })
            .optional()
    }

    /// The first day on which the text that a cohort needs is known to have been there:
    /// somebody in it agreed to it, or it was drafted to somebody.
    pub fn agreement_known_on(
        &self,
        cohort: &CohortId,
        agreement: &Agreement,
    ) -> Result<Option<NaiveDate>> {
        self.conn
            .prepare_cached(
                "SELECT min(day) FROM (
                   SELECT s.decided_on AS day
                   FROM cohort c JOIN enrollment e ON e.cohort_id = c.id
                                 JOIN consent s ON s.enrollment_id = e.id
                   WHERE c.slug = :slug AND s.decision = :agreed
                     AND (SELECT version FROM agreement WHERE id = s.agreement_id) = :version
                   UNION ALL
                   SELECT d.drafted_on
                   FROM cohort c JOIN enrollment e ON e.cohort_id = c.id
                                 JOIN draft d ON d.enrollment_id = e.id
                   WHERE c.slug = :slug AND d.kind = :kind AND d.date = :since)",
            )?
            .query_row(
                named_params! {
                    ":slug": cohort.as_str(), ":version": agreement.version,
                    ":agreed": Decision::Agreed.word(), ":kind": Kind::Agreement.word(),
                    ":since": agreement.since,
                },
                |row| row.get(0),
            )
    }

    /// Keeps an agreement as it is now, and gives its row. That the text is the one
    /// that others decided about is for the caller to see.
    pub fn keep_agreement(&self, agreement: &Agreement) -> Result<i64> {
        let sha256 = agreement.sha256();
        // A text that nobody decided about after all may have been edited since.
        self.conn
            .prepare_cached(
                "DELETE FROM agreement
                 WHERE version = :version AND sha256 <> :sha256
                   AND NOT EXISTS (SELECT 1 FROM consent WHERE agreement_id = agreement.id)",
            )?
            .execute(named_params! { ":version": agreement.version, ":sha256": sha256 })?;
        self.conn
            .prepare_cached(
                "INSERT INTO agreement (version, sha256, text) VALUES (:version, :sha256, :text)
                 ON CONFLICT (version) DO NOTHING",
            )?
            .execute(named_params! {
                ":version": agreement.version, ":sha256": sha256, ":text": agreement.text,
            })?;
        self.kept_agreement(&agreement.version)
    }

    /// The row of an agreement that is kept.
    pub fn kept_agreement(&self, version: &str) -> Result<i64> {
        self.conn
            .prepare_cached("SELECT id FROM agreement WHERE version = :version")?
            .query_row(named_params! { ":version": version }, |row| row.get(0))
    }

    /// Adds a decision about an agreement that is kept.
    pub fn add_consent(&self, enrollment: i64, agreement: i64, consent: &Consent) -> Result<()> {
        self.conn
            .prepare_cached(
                "INSERT INTO consent (enrollment_id, agreement_id, decision, decided_on, method)
                 VALUES (:enrollment, :agreement, :decision, :decided_on, :method)",
            )?
            .execute(named_params! {
                ":enrollment": enrollment, ":agreement": agreement,
                ":decision": consent.decision.word(), ":decided_on": consent.decided_on,
                ":method": consent.method.map(Word::word),
            })?;
        Ok(())
    }
}

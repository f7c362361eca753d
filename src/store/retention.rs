//! Since when nothing was heard of people, for how long they are kept.

use chrono::NaiveDate;
use rusqlite::{Result, named_params};

use super::participants::KNOWN;
use super::{Record, Store};
use crate::domain::participant::{Email, Participant};

/// The day that counts of the cohort somebody was in last, or of the support they
/// asked for since.
pub struct LastHeard {
    pub participant: Participant,
    /// Nothing where it is a request for support that counts.
    pub cohort: Option<String>,
    pub on: NaiveDate,
    pub by: HeardBy,
}

/// What makes a day the one that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeardBy {
    /// The cohort ended then, by its definition.
    Definition,
    /// It is defined no more, and its last recorded session was then.
    Session,
    /// Nor was a session recorded; it is the last entry of theirs in it.
    Entry,
    /// They were in no cohort since, and their last request for support was
    /// closed then.
    Support,
    /// Their entry was taken back then, and they have no other.
    TakenBack,
}

impl Store {
    /// Whoever was in no cohort later than a day, nor asked for support that
    /// ended later, nor whose entry was taken back later, in the order in which they
    /// came; `ended` says when the cohorts end that are defined.
    pub fn last_heard_by(
        &self,
        limit: NaiveDate,
        ended: &[(&str, NaiveDate)],
    ) -> Result<Vec<LastHeard>> {
        let ended: Vec<_> = ended.iter().map(|(slug, on)| (slug, on.to_string())).collect();
        let ended = serde_json::json!(ended).to_string();
        // Of a bare column beside max(), SQLite takes the row with the largest.
        let mut statement = self.conn.prepare_cached(&format!(
            "WITH defined AS MATERIALIZED
                 (SELECT value ->> 0 AS slug, value ->> 1 AS ended_on FROM json_each(:ended)),
             day AS MATERIALIZED
                 (SELECT c.id, c.slug, d.ended_on,
                         (SELECT max(date) FROM session WHERE cohort_id = c.id) AS met_on
                  FROM cohort c LEFT JOIN defined d ON d.slug = c.slug),
             asked AS MATERIALIZED
                 (SELECT participant_id AS id, max(coalesce(closed_on, '9999')) AS ended_on
                  FROM support GROUP BY participant_id)
             SELECT p.code, day.slug, day.ended_on IS NOT NULL AS is_defined,
                    day.met_on IS NOT NULL AS has_met,
                    max(coalesce(
                        max(day.ended_on, coalesce(day.met_on, '')), day.met_on,
                        max(date(e.signed_up_at), coalesce(e.withdrawn_on, ''),
                            coalesce((SELECT max(decided_on) FROM consent
                                      WHERE enrollment_id = e.id), ''),
                            coalesce((SELECT max(noted_on) FROM attendance
                                      WHERE enrollment_id = e.id), '')))) AS heard_on,
                    asked.ended_on AS support_ended_on
             FROM participant p JOIN enrollment e ON e.participant_id = p.id
             JOIN day ON day.id = e.cohort_id
             LEFT JOIN asked ON asked.id = p.id
             WHERE {KNOWN} AND coalesce(asked.ended_on, '') <= :limit
             GROUP BY p.id HAVING heard_on <= :limit
             UNION ALL
             SELECT p.code, NULL, 0, 0, NULL, asked.ended_on
             FROM asked JOIN participant p ON p.id = asked.id
             WHERE {KNOWN} AND asked.ended_on <= :limit
               AND NOT EXISTS (SELECT 1 FROM enrollment WHERE participant_id = p.id)"
        ))?;
        let mut rows = statement.query(named_params! { ":limit": limit, ":ended": ended })?;
        let mut heard = Vec::new();
        while let Some(row) = rows.next()? {
            let Some(participant) = self.participant(&Record::single(row).code("code")?)? else {
                continue;
            };
            let (in_cohort, in_support): (Option<NaiveDate>, Option<NaiveDate>) =
                (row.get("heard_on")?, row.get("support_ended_on")?);
            let Some(on) = in_cohort.max(in_support) else { continue };
            let (cohort, by) = match (row.get("is_defined")?, row.get("has_met")?) {
                _ if in_support > in_cohort => (None, HeardBy::Support),
                (true, _) => (row.get("slug")?, HeardBy::Definition),
                (false, true) => (row.get("slug")?, HeardBy::Session),
                (false, false) => (row.get("slug")?, HeardBy::Entry),
            };
            heard.push(LastHeard { participant, cohort, on, by });
        }
        for (participant, on) in self.taken_back()? {
            if on <= limit && !self.has_another_entry(&participant)? {
                heard.push(LastHeard { participant, cohort: None, on, by: HeardBy::TakenBack });
            }
        }
        heard.sort_by_key(|one| one.participant.id);
        Ok(heard)
    }

    /// Whether somebody of that name or address is known: with them an entry that was
    /// taken back is erased.
    fn has_another_entry(&self, taken_back: &Participant) -> Result<bool> {
        for email in &taken_back.former_emails {
            if let Ok(email) = Email::parse(email)
                && !self.participants_at(&email)?.is_empty()
            {
                return Ok(true);
            }
        }
        Ok(!self.namesakes(&taken_back.first_name, &taken_back.last_name)?.is_empty())
    }
}

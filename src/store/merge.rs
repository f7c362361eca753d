//! Joining two entries of one person.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rusqlite::{OptionalExtension, Result, named_params};

use super::{Record, Store, enrollments};
use crate::domain::enrollment::{Enrollment, Status};
use crate::domain::participant::Participant;
use crate::domain::program::{Program, Week};

/// One person's entry in a cohort, with what could contradict another's.
struct Entry {
    enrollment: Enrollment,
    /// What was marked, by week.
    marks: BTreeMap<u32, String>,
    /// What was decided about which version, by day, in the order in which it was
    /// recorded: the last one stands.
    decisions: BTreeMap<String, Vec<(String, String)>>,
}

/// In what two entries differ that cannot be one person's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Differs {
    Mark,
    Decision,
    /// Leave, site or residency.
    Detail,
}

impl Store {
    /// What keeps two entries from being one person's: a sentence for each.
    pub fn contradictions_between(
        &self,
        one: &Participant,
        other: &Participant,
    ) -> Result<Vec<(Differs, String)>> {
        let mut found = Vec::new();
        for (slug, cohort) in self.shared_cohorts(one, other)? {
            let (a, b) = (self.entry(one.id, cohort)?, self.entry(other.id, cohort)?);
            for (week, mark) in &a.marks {
                if let Some(differs) = b.marks.get(week).filter(|other| *other != mark) {
                    let (one, other) = (&one.code, &other.code);
                    found.push((
                        Differs::Mark,
                        format!("week {week} of {slug}: {one} has {mark}, {other} has {differs}"),
                    ));
                }
            }
            for (day, decided) in &a.decisions {
                if b.decisions.get(day).is_some_and(|other| other != decided) {
                    let what = format!("{slug}: they decided differently on {day}");
                    found.push((Differs::Decision, what));
                }
            }
            for (what, mine, theirs) in [
                ("leave", &a.enrollment.leave, &b.enrollment.leave),
                ("site", &a.enrollment.site, &b.enrollment.site),
                ("residency", &a.enrollment.residency, &b.enrollment.residency),
            ] {
                if mine.is_some() && theirs.is_some() && mine != theirs {
                    let what = format!("{slug}: they have a different {what}");
                    found.push((Differs::Detail, what));
                }
            }
        }
        Ok(found)
    }

    /// Makes `other` a part of `one`, under the open operation: addresses,
    /// enrollments, consents, marks, drafts, incidents and requests for support.
    /// That nothing contradicts is for the caller to see.
    pub fn merge(&self, program: &Program, one: &Participant, other: &Participant) -> Result<()> {
        let ids = named_params! { ":one": one.id, ":other": other.id };
        for (slug, cohort) in self.shared_cohorts(one, other)? {
            let group = program
                .cohort(&slug)
                .map(|cohort| self.group_without_people(program, cohort))
                .transpose()?;
            let day_of = |week| Some(group.as_ref()?.session(week)?.date);
            let (one, other) = (self.entry(one.id, cohort)?, self.entry(other.id, cohort)?);
            self.merge_entries(&one, &other, day_of)?;
        }
        self.conn.execute(
            "UPDATE enrollment SET participant_id = :one WHERE participant_id = :other",
            ids,
        )?;
        self.conn.execute(
            "UPDATE incident SET participant_id = :one WHERE participant_id = :other",
            ids,
        )?;
        self.merge_support(one, other)?;
        // An address that both have stays once; one that becomes theirs does not
        // become the current one, if there is one.
        self.conn.execute(
            "DELETE FROM address WHERE participant_id = :other AND EXISTS
                 (SELECT 1 FROM address mine WHERE mine.participant_id = :one
                  AND mine.kind = address.kind AND mine.key = address.key)",
            ids,
        )?;
        self.conn.execute(
            "UPDATE address SET participant_id = :one,
                    current = current AND NOT (kind = 'email' AND EXISTS
                        (SELECT 1 FROM address mine WHERE mine.participant_id = :one
                         AND mine.kind = 'email' AND mine.current = 1))
             WHERE participant_id = :other",
            ids,
        )?;
        if let (None, Some(_)) = (&one.phone, &other.phone) {
            let to = Participant { phone: other.phone.clone(), ..one.clone() };
            self.update_participant(&to)?;
        }
        self.conn
            .execute("UPDATE alias SET participant_id = :one WHERE participant_id = :other", ids)?;
        self.conn.execute(
            "INSERT INTO alias (participant_id, former_id, code)
             SELECT :one, id, code FROM participant WHERE id = :other",
            ids,
        )?;
        self.conn.execute(
            "DELETE FROM participant WHERE id = :other",
            named_params! { ":other": other.id },
        )?;
        Ok(())
    }

    /// The cohorts that both are or were in.
    fn shared_cohorts(&self, one: &Participant, other: &Participant) -> Result<Vec<(String, i64)>> {
        self.conn
            .prepare_cached(
                "SELECT c.slug, c.id FROM enrollment a JOIN enrollment b USING (cohort_id)
                 JOIN cohort c ON c.id = a.cohort_id
                 WHERE a.participant_id = :one AND b.participant_id = :other ORDER BY c.id",
            )?
            .query_map(named_params! { ":one": one.id, ":other": other.id }, |row| {
                Ok((row.get("slug")?, row.get("id")?))
            })?
            .collect()
    }

    fn entry(&self, participant: i64, cohort: i64) -> Result<Entry> {
        let sql = format!(
            "SELECT {} FROM enrollment e
             WHERE e.participant_id = :participant AND e.cohort_id = :cohort",
            enrollments::ENROLLMENT
        );
        let who = named_params! { ":participant": participant, ":cohort": cohort };
        let enrollment = self
            .conn
            .prepare_cached(&sql)?
            .query_row(who, |row| enrollments::read(&Record::single(row)))
            .optional()?
            .ok_or(rusqlite::Error::QueryReturnedNoRows)?;
        let marks = self
            .conn
            .prepare_cached("SELECT week, mark FROM attendance WHERE enrollment_id = ?1")?
            .query_map([enrollment.id], |row| Ok((row.get("week")?, row.get("mark")?)))?
            .collect::<Result<_>>()?;
        let mut decisions: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
        let mut statement = self.conn.prepare_cached(
            "SELECT a.version, s.decided_on, s.decision FROM consent s
             JOIN agreement a ON a.id = s.agreement_id WHERE s.enrollment_id = ?1 ORDER BY s.id",
        )?;
        let mut rows = statement.query([enrollment.id])?;
        while let Some(row) = rows.next()? {
            let decided = (row.get("version")?, row.get("decision")?);
            decisions.entry(row.get("decided_on")?).or_default().push(decided);
        }
        Ok(Entry { enrollment, marks, decisions })
    }

    /// Of two open requests the earlier one stays, with the contacts of both.
    fn merge_support(&self, one: &Participant, other: &Participant) -> Result<()> {
        let ids = named_params! { ":one": one.id, ":other": other.id };
        let open: Vec<i64> = self
            .conn
            .prepare_cached(
                "SELECT id FROM support
                 WHERE participant_id IN (:one, :other) AND closed_on IS NULL
                 ORDER BY asked_on, id",
            )?
            .query_map(ids, |row| row.get("id"))?
            .collect::<Result<_>>()?;
        if let [earlier, later] = open[..] {
            let pair = named_params! { ":earlier": earlier, ":later": later };
            self.conn.execute(
                "UPDATE contact SET support_id = :earlier WHERE support_id = :later",
                pair,
            )?;
            // Whichever contact is due first; of two columns, one may be empty.
            self.conn.execute(
                "UPDATE support SET next_on = later.next_on FROM support later
                 WHERE support.id = :earlier AND later.id = :later
                   AND later.next_on < coalesce(support.next_on, '9999')",
                pair,
            )?;
            self.conn.execute(
                "DELETE FROM support WHERE id = :later",
                named_params! { ":later": later },
            )?;
        }
        self.conn.execute(
            "UPDATE support SET participant_id = :one WHERE participant_id = :other",
            ids,
        )?;
        Ok(())
    }

    /// Makes one enrollment of two in the same cohort, of which `day_of` a week is
    /// known while it is defined.
    fn merge_entries(
        &self,
        one: &Entry,
        other: &Entry,
        day_of: impl Fn(Week) -> Option<NaiveDate>,
    ) -> Result<()> {
        let (a, b) = (&one.enrollment, &other.enrollment);
        // Whoever has a place keeps it; whoever waits is not gone; and whoever left
        // twice is gone since they last left a place.
        let rank = |enrollment: &Enrollment| match enrollment.status {
            Status::Enrolled => (2, None),
            Status::Waitlisted => (1, None),
            Status::Withdrawn => (0, enrollment.joined_week.and(enrollment.withdrawn_on)),
        };
        let (standing, former) = if rank(b) > rank(a) { (b, a) } else { (a, b) };
        // Whoever left before the enrollment that stands began has enrolled again: it
        // counts from its own beginning, as it does under one code.
        let had_left = |by: NaiveDate| former.withdrawn_on.is_some_and(|left| left < by);
        // Whoever waits and was in the group had left as well.
        let came_back =
            |week: Week| former.status == Status::Waitlisted || day_of(week).is_some_and(had_left);
        let both = |mine: &Option<String>, theirs: &Option<String>| {
            mine.clone().or_else(|| theirs.clone())
        };
        let merged = Enrollment {
            id: a.id,
            signed_up_at: match had_left(standing.signed_up_at.date()) {
                true => standing.signed_up_at,
                false => standing.signed_up_at.min(former.signed_up_at),
            },
            joined_week: match (standing.joined_week, former.joined_week) {
                (Some(now), Some(before)) if !came_back(now) => Some(now.min(before)),
                (now, before) => now.or(before),
            },
            leave: both(&a.leave, &b.leave),
            site: both(&a.site, &b.site),
            residency: both(&a.residency, &b.residency),
            ..standing.clone()
        };
        let ids = named_params! { ":one": a.id, ":other": b.id };
        let of_other = named_params! { ":other": b.id };
        // Consents are never edited: they are written anew in their order. On a day on
        // which both decided, they decided the same.
        self.conn.execute(
            "INSERT INTO consent (enrollment_id, agreement_id, decision, decided_on, method)
             SELECT :one, agreement_id, decision, decided_on, method FROM consent theirs
             WHERE enrollment_id = :other AND NOT EXISTS
                 (SELECT 1 FROM consent mine WHERE mine.enrollment_id = :one
                  AND mine.decided_on = theirs.decided_on)
             ORDER BY decided_on, id",
            ids,
        )?;
        self.conn.execute("DELETE FROM consent WHERE enrollment_id = :other", of_other)?;
        self.conn.execute(
            "DELETE FROM attendance WHERE enrollment_id = :other
                 AND week IN (SELECT week FROM attendance WHERE enrollment_id = :one)",
            ids,
        )?;
        self.conn.execute(
            "UPDATE attendance SET enrollment_id = :one WHERE enrollment_id = :other",
            ids,
        )?;
        self.conn
            .execute("UPDATE draft SET enrollment_id = :one WHERE enrollment_id = :other", ids)?;
        self.conn.execute("DELETE FROM enrollment WHERE id = :other", of_other)?;
        if merged != *a {
            self.update_enrollment(&merged)?;
        }
        Ok(())
    }
}

//! A cohort's people with all that is recorded of them, in a few queries
//! whose cost is the group's, not the file's.

use std::collections::BTreeMap;

use rusqlite::{Result, named_params};

use super::enrollments::ENROLLMENT;
use super::participants::PARTICIPANT;
use super::{Store, agreements, attendance, enrollments, participants};
use crate::domain::consent::{self, Consent};
use crate::domain::group::{Group, Member};
use crate::domain::program::{Cohort, Program};

impl Store {
    /// Everybody in a cohort, in the order in which they signed up.
    pub fn group<'p>(&self, program: &'p Program, cohort: &'p Cohort) -> Result<Group<'p>> {
        let mut group = self.group_without_addresses(program, cohort)?;
        let index = index(&group.members);
        self.each_record(
            "SELECT e.id AS enrollment_id, a.value, a.current
             FROM cohort c JOIN enrollment e ON e.cohort_id = c.id
             JOIN address a ON a.participant_id = e.participant_id
             WHERE c.slug = :slug AND a.kind = 'email' ORDER BY a.id",
            named_params! { ":slug": cohort.id.as_str() },
            |row| -> Result<()> {
                match index.get(&row.get("enrollment_id")?) {
                    Some(at) => participants::add_address(&mut group.members[*at].participant, row),
                    None => Ok(()),
                }
            },
        )?;
        Ok(group)
    }

    /// The same, where nobody's address matters.
    pub fn group_without_addresses<'p>(
        &self,
        program: &'p Program,
        cohort: &'p Cohort,
    ) -> Result<Group<'p>> {
        let agreement = program.agreement_for(cohort);
        let Some(cohort_row) = self.cohort_row(&cohort.id)? else {
            return Ok(Group::new(cohort, agreement, BTreeMap::new(), Vec::new()));
        };
        let (mut members, known) = self.members(cohort_row)?;
        let index = index(&members);
        // Sorted here: to sort a handful, SQLite makes a table of its own.
        let mut consents: Vec<(i64, usize, Consent)> = Vec::new();
        self.each_record(
            "SELECT s.enrollment_id, s.id, s.decision, s.decided_on, s.method, a.version
             FROM enrollment e JOIN consent s ON s.enrollment_id = e.id
             JOIN agreement a ON a.id = s.agreement_id
             WHERE e.cohort_id = :cohort",
            named_params! { ":cohort": cohort_row },
            |row| -> Result<()> {
                if let Some(at) = index.get(&row.get("enrollment_id")?) {
                    consents.push((row.get("id")?, *at, agreements::read_consent(row)?));
                }
                Ok(())
            },
        )?;
        consents.sort_unstable_by_key(|(id, _, _)| *id);
        for (_, at, consent) in consents {
            consent::add(&mut members[at].consents, consent);
        }
        self.each_record(
            "SELECT m.enrollment_id, m.week, m.mark, m.without_agreement, m.noted_on
             FROM enrollment e JOIN attendance m ON m.enrollment_id = e.id
             WHERE e.cohort_id = :cohort",
            named_params! { ":cohort": cohort_row },
            |row| -> Result<()> {
                if let Some(at) = index.get(&row.get("enrollment_id")?) {
                    members[*at].marks.insert(row.get("week")?, attendance::read(row)?);
                }
                Ok(())
            },
        )?;
        let mut recorded = BTreeMap::new();
        self.each_record(
            "SELECT week, date, starts_at, ends_at FROM session WHERE cohort_id = :cohort",
            named_params! { ":cohort": cohort_row },
            |row| -> Result<()> {
                let session = attendance::read_session(row)?;
                recorded.insert(session.week, session);
                Ok(())
            },
        )?;
        let erased = members.split_off(known);
        let mut group = Group::new(cohort, agreement, recorded, members);
        group.erased = erased;
        Ok(group)
    }

    /// A cohort with the sessions that were recorded, and nobody in it: for what
    /// depends on its dates alone.
    pub fn group_without_people<'p>(
        &self,
        program: &'p Program,
        cohort: &'p Cohort,
    ) -> Result<Group<'p>> {
        let recorded = self.recorded_sessions(&cohort.id)?;
        let recorded = recorded.into_iter().map(|session| (session.week, session)).collect();
        Ok(Group::new(cohort, program.agreement_for(cohort), recorded, Vec::new()))
    }

    /// Everybody who is or was in a cohort, those who were erased behind the others,
    /// and how many are not.
    fn members(&self, cohort_row: i64) -> Result<(Vec<Member>, usize)> {
        let sql = format!(
            "SELECT {PARTICIPANT}, p.name_key = '' AS erased, {ENROLLMENT}
             FROM enrollment e JOIN participant p ON p.id = e.participant_id
             WHERE e.cohort_id = :cohort"
        );
        let (mut members, mut erased) = (Vec::new(), Vec::new());
        self.each_record(&sql, named_params! { ":cohort": cohort_row }, |row| -> Result<()> {
            let enrollment = enrollments::read(row)?;
            let is_erased = row.get("erased")?;
            let member = Member {
                participant: participants::read(row)?,
                enrollment,
                consents: Vec::new(),
                marks: BTreeMap::new(),
            };
            match is_erased {
                true => erased.push(member),
                false => members.push(member),
            }
            Ok(())
        })?;
        members.sort_unstable_by_key(|m| (m.enrollment.signed_up_at, m.enrollment.id));
        let known = members.len();
        members.append(&mut erased);
        Ok((members, known))
    }
}

/// Where each enrollment is.
fn index(members: &[Member]) -> BTreeMap<i64, usize> {
    members.iter().enumerate().map(|(at, member)| (member.enrollment.id, at)).collect()
}

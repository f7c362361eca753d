//! All cohorts with everybody in them, for figures: each table is read once,
//! however many cohorts there are.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use rusqlite::Result;

use super::enrollments::ENROLLMENT;
use super::participants::PARTICIPANT;
use super::{Store, attendance, enrollments, participants};
use crate::domain::consent;
use crate::domain::group::{Group, Member};
use crate::domain::program::{Cohort, Program, Week};
use crate::domain::schedule::Session;

impl Store {
    /// Some cohorts with their people. Unlike [`Store::group`] it has those who
    /// were erased, who count as before, and nobody's addresses.
    pub fn each_group<'p>(
        &self,
        program: &'p Program,
        cohorts: &[&'p Cohort],
        mut each: impl FnMut(&Group<'p>),
    ) -> Result<()> {
        let places = self.places(cohorts)?;
        let recorded = self.recorded_at(&places, cohorts.len())?;
        let mut members: Vec<Vec<Member>> = vec![Vec::new(); cohorts.len()];
        // Which member of which cohort an enrollment is.
        let mut whose: HashMap<i64, (usize, usize)> = HashMap::new();
        let sql = format!(
            "SELECT e.cohort_id, {PARTICIPANT}, {ENROLLMENT}
             FROM enrollment e JOIN participant p ON p.id = e.participant_id"
        );
        self.each_record(&sql, &[], |row| -> Result<()> {
            if let Some(at) = places.get(&row.get("cohort_id")?) {
                let enrollment = enrollments::read(row)?;
                whose.insert(enrollment.id, (*at, members[*at].len()));
                members[*at].push(Member {
                    participant: participants::read(row)?,
                    enrollment,
                    consents: Vec::new(),
                    marks: BTreeMap::new(),
                });
            }
            Ok(())
        })?;
        self.each_decision(|enrollment, newest| {
            if let Some((at, member)) = whose.get(&enrollment) {
                consent::add(&mut members[*at][*member].consents, newest);
            }
        })?;
        self.each_record(
            "SELECT enrollment_id, week, mark, without_agreement, noted_on FROM attendance",
            &[],
            |row| -> Result<()> {
                if let Some((at, member)) = whose.get(&row.get("enrollment_id")?) {
                    let marks = &mut members[*at][*member].marks;
                    marks.insert(row.get("week")?, attendance::read(row)?);
                }
                Ok(())
            },
        )?;
        for ((cohort, recorded), members) in cohorts.iter().zip(recorded).zip(members) {
            each(&Group::new(cohort, program.agreement_for(cohort), recorded, members));
        }
        Ok(())
    }

    /// The sessions of some cohorts that were recorded, as they were.
    pub fn recorded_of(&self, cohorts: &[&Cohort]) -> Result<Vec<BTreeMap<Week, Session>>> {
        self.recorded_at(&self.places(cohorts)?, cohorts.len())
    }

    /// The same for so many cohorts whose places are known.
    pub(super) fn recorded_at(
        &self,
        places: &BTreeMap<i64, usize>,
        cohorts: usize,
    ) -> Result<Vec<BTreeMap<Week, Session>>> {
        let mut recorded = vec![BTreeMap::new(); cohorts];
        self.each_record(
            "SELECT cohort_id, week, date, starts_at, ends_at FROM session",
            &[],
            |row| -> Result<()> {
                if let Some(at) = places.get(&row.get("cohort_id")?) {
                    let session = attendance::read_session(row)?;
                    recorded[*at].insert(session.week, session);
                }
                Ok(())
            },
        )?;
        Ok(recorded)
    }

    /// Which one of some cohorts a row of `cohort` is.
    pub(super) fn places(&self, cohorts: &[&Cohort]) -> Result<BTreeMap<i64, usize>> {
        let wanted: BTreeMap<&str, usize> =
            cohorts.iter().enumerate().map(|(at, cohort)| (cohort.id.as_str(), at)).collect();
        let mut places = BTreeMap::new();
        self.each_record("SELECT id, slug FROM cohort", &[], |row| -> Result<()> {
            let (id, slug): (_, String) = (row.get("id")?, row.get("slug")?);
            places.extend(wanted.get(&*slug).map(|at| (id, *at)));
            Ok(())
        })?;
        Ok(places)
    }

    /// The day of each cohort's first session, where it was recorded.
    pub fn first_sessions(&self) -> Result<HashMap<String, NaiveDate>> {
        let mut firsts = HashMap::new();
        self.each_record(
            "SELECT c.slug, s.date FROM session s JOIN cohort c ON c.id = s.cohort_id
             WHERE s.week = 1",
            &[],
            |row| -> Result<()> {
                firsts.insert(row.get("slug")?, row.get("date")?);
                Ok(())
            },
        )?;
        Ok(firsts)
    }
}

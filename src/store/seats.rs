//! All cohorts with the people in them as numbers: each table is read once, and
//! of nobody is it read what they are called.

use std::collections::BTreeMap;

use rusqlite::Result;

use super::{Store, agreements};
use crate::domain::group::{Group, Seat};
use crate::domain::program::{Cohort, Program};

impl Store {
    /// Some cohorts with how many are in them, without those who were erased.
    pub fn seats<'p>(
        &self,
        program: &'p Program,
        cohorts: &[&'p Cohort],
    ) -> Result<Vec<Group<'p, Seat>>> {
        let places = self.places(cohorts)?;
        let mut seats: Vec<Vec<Seat>> = vec![Vec::new(); cohorts.len()];
        // Which seat of which cohort an enrollment is.
        let mut whose: BTreeMap<i64, (usize, usize)> = BTreeMap::new();
        self.each_record(
            "SELECT e.cohort_id, e.id, e.participant_id, e.status, e.joined_week, e.withdrawn_on
             FROM enrollment e
             WHERE e.participant_id NOT IN (SELECT id FROM participant WHERE name_key = '')",
            &[],
            |row| -> Result<()> {
                if let Some(at) = places.get(&row.get("cohort_id")?) {
                    whose.insert(row.get("id")?, (*at, seats[*at].len()));
                    seats[*at].push(Seat {
                        participant: row.get("participant_id")?,
                        status: row.word("status")?,
                        joined_week: row.get("joined_week")?,
                        withdrawn_on: row.maybe_day("withdrawn_on")?,
                        consents: Vec::new(),
                        marked: 0,
                    });
                }
                Ok(())
            },
        )?;
        self.each_record(
            "SELECT s.enrollment_id, s.decision, s.decided_on, s.method, a.version
             FROM consent s JOIN agreement a ON a.id = s.agreement_id
             ORDER BY s.id",
            &[],
            |row| -> Result<()> {
                if let Some((at, seat)) = whose.get(&row.get("enrollment_id")?) {
                    seats[*at][*seat].consents.push(agreements::read_consent(row)?);
                }
                Ok(())
            },
        )?;
        self.each_record(
            "SELECT enrollment_id, sum(1 << week) AS weeks FROM attendance GROUP BY enrollment_id",
            &[],
            |row| -> Result<()> {
                if let Some((at, seat)) = whose.get(&row.get("enrollment_id")?) {
                    seats[*at][*seat].marked = row.get::<i64>("weeks")?.cast_unsigned();
                }
                Ok(())
            },
        )?;
        let recorded = self.recorded_at(&places, cohorts.len())?.into_iter();
        let groups =
            cohorts.iter().zip(recorded).zip(seats).map(|((cohort, recorded), mut seats)| {
                for seat in &mut seats {
                    // They were read as they were recorded, which remains so within a day.
                    seat.consents.sort_by_key(|consent| consent.decided_on);
                }
                Group::new(cohort, program.agreement_for(cohort), recorded, seats)
            });
        Ok(groups.collect())
    }
}

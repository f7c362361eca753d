//! All cohorts with the people in them as numbers: each table is read once, and
//! of nobody is it read what they are called.

use std::collections::BTreeSet;

use rusqlite::Result;

use super::Store;
use crate::domain::consent;
use crate::domain::group::{Group, Seat};
use crate::domain::program::{Cohort, Program, Week};

impl Store {
    /// Some cohorts with how many are in them, those who were erased apart.
    pub fn seats<'p>(
        &self,
        program: &'p Program,
        cohorts: &[&'p Cohort],
    ) -> Result<Vec<Group<'p, Seat>>> {
        let places = self.places(cohorts)?;
        let mut erased: BTreeSet<i64> = BTreeSet::new();
        self.each_record(
            "SELECT id FROM participant WHERE name_key = ''",
            &[],
            |row| -> Result<()> {
                erased.insert(row.get("id")?);
                Ok(())
            },
        )?;
        // The seat of each enrollment, in the order of those, and which cohort it is in.
        let mut seats: Vec<(i64, usize, Seat)> = Vec::new();
        self.each_record(
            "SELECT cohort_id, participant_id, id, status, joined_week, withdrawn_on
             FROM enrollment ORDER BY id",
            &[],
            |row| -> Result<()> {
                let Some(at) = places.get(&row.get("cohort_id")?) else { return Ok(()) };
                let participant = row.get("participant_id")?;
                let enrollment = row.get("id")?;
                let seat = Seat {
                    participant,
                    status: row.word("status")?,
                    joined_week: row.get("joined_week")?,
                    withdrawn_on: row.maybe_day("withdrawn_on")?,
                    consents: Vec::new(),
                    marked: 0,
                };
                seats.push((enrollment, *at, seat));
                Ok(())
            },
        )?;
        self.each_decision(|enrollment, newest| {
            if let Some(seat) = seat_of(&mut seats, enrollment) {
                consent::add(&mut seat.consents, newest);
            }
        })?;
        self.each_record("SELECT enrollment_id, week FROM attendance", &[], |row| -> Result<()> {
            if let Some(seat) = seat_of(&mut seats, row.get("enrollment_id")?) {
                seat.marked |= 1_u64.checked_shl(row.get::<Week>("week")?).unwrap_or(0);
            }
            Ok(())
        })?;
        let mut groups: Vec<[Vec<Seat>; 2]> = vec![Default::default(); cohorts.len()];
        for (_, at, seat) in seats {
            let is_erased = erased.contains(&seat.participant);
            groups[at][usize::from(is_erased)].push(seat);
        }
        let recorded = self.recorded_at(&places, cohorts.len())?;
        let groups = cohorts.iter().zip(recorded).zip(groups);
        let groups = groups.map(|((cohort, recorded), [seats, erased])| {
            let agreement = program.agreement_for(cohort);
            let mut group = Group::new(cohort, agreement, recorded, seats);
            group.erased = erased;
            group
        });
        Ok(groups.collect())
    }
}

fn seat_of(seats: &mut [(i64, usize, Seat)], enrollment: i64) -> Option<&mut Seat> {
    let at = seats.binary_search_by_key(&enrollment, |(id, _, _)| *id).ok()?;
    Some(&mut seats[at].2)
}

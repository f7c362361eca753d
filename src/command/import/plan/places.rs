//! Which cohorts the rows are for, and who gets a place in them.

use chrono::NaiveDateTime;

use super::{Basis, Plan, Planner, Seat, Target, Text, What, small};
use crate::command::enroll::joining;
use crate::domain::consent::first_agreed_on;
use crate::domain::enrollment::signed_up_again;
use crate::domain::sign_up::SignUp;
use crate::error::{Error, Result};

impl Planner<'_> {
    /// The cohort of a row.
    pub(super) fn target(&mut self, sign_up: &SignUp) -> Result<usize> {
        let basis = self.basis;
        let program = &basis.office.definitions.program;
        let cohort = match &sign_up.cohort {
            Some(slug) if !basis.named => program.cohort(slug).ok_or_else(|| {
                Error::refused("`cohort` is not in cohorts.toml; add it, or say which: -c COHORT")
            })?,
            _ => match &basis.usual {
                Ok(cohort) => cohort,
                Err(error) => {
                    let mut same = Error::new(error.kind, error.message.clone());
                    same.hints.clone_from(&error.hints);
                    return Err(same);
                }
            },
        };
        let slug = cohort.id.as_str();
        if let Some(known) = self.targets.get(slug) {
            return Ok(*known);
        }
        let store = &basis.office.store;
        let group = store.group_without_people(program, cohort)?;
        let taken = store.places_taken(&cohort.id)?;
        let capacity = cohort.terms.capacity as usize;
        let agreement = match group.agreement {
            Some(text) => {
                let known = store.agreement_known_on(&cohort.id, text)?;
                Some(Text {
                    version: text.version.clone(),
                    since: text.since,
                    first_agreed_on: first_agreed_on(text.since, known, basis.now.date()),
                })
            }
            None => None,
        };
        self.plan.cohorts.push(Target {
            slug: slug.to_owned(),
            capacity,
            joins: joining(&group, basis.now, basis.late, None).map_err(|mut error| {
                if group.joining_week(basis.now).is_none() {
                    error.hints = vec![format!(
                        "add those who were in it one by one: cohorts enroll -c {slug} --late --from-week N"
                    )];
                }
                error
            })?,
            free: capacity.saturating_sub(taken.enrolled),
            waiting: taken.waiting,
            last_sign_up: taken.last_sign_up,
            leave: cohort.terms.leave.clone(),
            starts_on: cohort.starts_on,
            agreement,
        });
        self.newcomers.push(Vec::new());
        let index = self.plan.cohorts.len() - 1;
        self.targets.insert(slug.to_owned(), index);
        Ok(index)
    }

    /// Gives the free places to whoever signed up first, unless somebody waits
    /// already; all others stand in line with those, by when they signed up.
    pub(super) fn give_places(&mut self) -> Result<()> {
        for (cohort, target) in self.plan.cohorts.iter().enumerate() {
            let free = if target.waiting == 0 { target.free } else { 0 };
            let newcomers = &mut self.newcomers[cohort];
            newcomers.sort_unstable_by_key(|at| turn(&self.plan, &self.signed_up, self.basis, *at));
            for position in newcomers.drain(..free.min(newcomers.len())) {
                self.plan.planned[position as usize].seat = Seat::PLACE;
            }
        }
        // Whoever waited in the roster that this is waits here too.
        let line = &mut self.newcomers;
        line.iter_mut().for_each(Vec::clear);
        for (position, planned) in self.plan.planned.iter().enumerate() {
            if planned.what.signs_up() && planned.seat == Seat::NONE {
                line[planned.cohort()].push(small(position));
            }
        }
        for (cohort, newcomers) in line.iter_mut().enumerate().filter(|(_, line)| !line.is_empty())
        {
            newcomers.sort_unstable_by_key(|at| turn(&self.plan, &self.signed_up, self.basis, *at));
            let before = self.basis.office.store.waiting_since(&self.plan.cohorts[cohort].slug)?;
            let mut before = before.iter().peekable();
            let mut turns = 0;
            for position in &*newcomers {
                let (at, ..) = turn(&self.plan, &self.signed_up, self.basis, *position);
                turns += 1;
                while before.next_if(|other| **other <= at).is_some() {
                    turns += 1;
                }
                self.plan.planned[*position as usize].seat = Seat::in_line(turns);
            }
        }
        Ok(())
    }
}

/// What somebody's turn goes by, as [`crate::domain::enrollment::Enrollment::turn`]
/// will have it: whoever was in the cohort before keeps the row they had.
fn turn(
    plan: &Plan,
    signed_up: &[Option<NaiveDateTime>],
    basis: &Basis<'_>,
    position: u32,
) -> (NaiveDateTime, bool, u32) {
    let planned = &plan.planned[position as usize];
    match planned.what {
        What::Back(_) => {
            let last = plan.cohorts[planned.cohort()].last_sign_up;
            (signed_up_again(basis.now, last), false, position)
        }
        _ => {
            let at = signed_up[position as usize].unwrap_or(basis.now).min(basis.now);
            (at, true, position)
        }
    }
}

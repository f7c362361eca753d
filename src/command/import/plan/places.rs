//! Which cohorts the rows are for, and who gets a place in them.

use super::{Planner, Seat, Target, What};
use crate::command::enroll::joining;
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
            agreement: group.agreement.map(|text| (text.version.clone(), text.since)),
        });
        self.newcomers.push(Vec::new());
        let index = self.plan.cohorts.len() - 1;
        self.targets.insert(slug.to_owned(), index);
        Ok(index)
    }

    /// Gives the free places to whoever signed up first, unless somebody waits
    /// already; all others wait.
    pub(super) fn give_places(&mut self) {
        let now = self.basis.now;
        let mut waiting: Vec<usize> = self.plan.cohorts.iter().map(|c| c.waiting).collect();
        for (cohort, newcomers) in self.newcomers.iter_mut().enumerate() {
            newcomers.sort_unstable_by_key(|position| {
                let at = match self.plan.planned[*position as usize].what {
                    What::Back(_) => now,
                    _ => self.signed_up[*position as usize].unwrap_or(now).min(now),
                };
                (at, *position)
            });
            let free = if waiting[cohort] == 0 { self.plan.cohorts[cohort].free } else { 0 };
            for (turn, position) in newcomers.iter().enumerate() {
                let planned = &mut self.plan.planned[*position as usize];
                if turn < free {
                    planned.seat = Seat::PLACE;
                } else {
                    waiting[cohort] += 1;
                    planned.seat = Seat::in_line(waiting[cohort]);
                }
            }
        }
        // Whoever waited in the roster that this is waits here too.
        for planned in &mut self.plan.planned {
            if planned.what.signs_up() && planned.seat == Seat::NONE {
                waiting[planned.cohort()] += 1;
                planned.seat = Seat::in_line(waiting[planned.cohort()]);
            }
        }
    }
}

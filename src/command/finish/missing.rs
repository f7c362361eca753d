//! What a cohort that is over still lacks, each with the command that mends it.

use chrono::NaiveDateTime;

use crate::command::incident;
use crate::command::show::what_is_missing;
use crate::context::pick;
use crate::domain::enrollment::Status;
use crate::domain::group::{Group, Place, by_call_name};
use crate::domain::incident::Incident;
use crate::domain::program::{Cohort, CohortId, Program};
use crate::domain::schedule::Session;
use crate::error::Result;
use crate::output::items::Item;
use crate::store::{Incidents, Store};

/// Something that is missing, with the command that mends it.
pub struct Missing {
    pub item: Item,
    /// It takes an answer of somebody, who may never give one.
    pub is_about_people: bool,
}

pub fn missing(
    store: &Store,
    program: &Program,
    group: &Group<'_>,
    now: NaiveDateTime,
) -> Result<Vec<Missing>> {
    let id = &group.cohort.id;
    let Lacks { unrecorded, undecided, waiting, open } = Lacks::of(store, program, group, now)?;
    let mut found: Vec<Missing> = unrecorded
        .iter()
        .map(|session| Missing {
            item: Item::new(
                format!("Week {}{}", session.week, what_is_missing(group, session)),
                format!("cohorts attend {id} --week {}", session.week),
            ),
            is_about_people: false,
        })
        .collect();
    found.extend(by_call_name(undecided).into_iter().map(|member| Missing {
        item: Item::new(
            format!("{} has neither agreed nor declined", member.participant.called()),
            format!("cohorts consent agreed {} -c {id}", member.participant.code),
        ),
        is_about_people: true,
    }));
    if waiting > 0 {
        let wait = if waiting == 1 { "1 still waits" } else { &format!("{waiting} still wait") };
        let next = pick::next(program, now.date());
        let item = match next {
            Some(next) => Item::new(wait, format!("cohorts carry {id} {} --waiting", next.id)),
            None => Item::new(format!("{wait}, and no cohort is to come"), "cohorts new"),
        };
        found.push(Missing { item, is_about_people: true });
    }
    found.extend(open.iter().map(|incident| Missing {
        item: Item::new(
            format!("Open: {}", incident::told_with_code(incident)),
            format!("cohorts incident close {}", incident.number),
        ),
        is_about_people: false,
    }));
    Ok(found)
}

/// What is missing, for which nobody's name is needed.
struct Lacks<'g, M> {
    unrecorded: Vec<&'g Session>,
    undecided: Vec<&'g M>,
    waiting: usize,
    /// Incidents that are open.
    open: Vec<Incident>,
}

impl<'g, M: Place> Lacks<'g, M> {
    fn of(
        store: &Store,
        program: &Program,
        group: &'g Group<'_, M>,
        now: NaiveDateTime,
    ) -> Result<Self> {
        let mut open = Vec::new();
        store.each_incident(Incidents::Open, Some(&group.cohort.id), |incident| -> Result<()> {
            open.push(incident);
            Ok(())
        })?;
        Ok(Self {
            unrecorded: group.unrecorded(now),
            undecided: group.undecided().collect(),
            waiting: still_waiting(store, program, group)?,
            open,
        })
    }
}

/// Whether anything is missing at all.
pub(super) fn lacks_anything<M: Place>(
    store: &Store,
    program: &Program,
    group: &Group<'_, M>,
    now: NaiveDateTime,
) -> Result<bool> {
    let Lacks { unrecorded, undecided, waiting, open } = Lacks::of(store, program, group, now)?;
    Ok(!unrecorded.is_empty() || !undecided.is_empty() || waiting > 0 || !open.is_empty())
}

/// How many waited until the end, and signed up for no later cohort.
pub fn still_waiting<M: Place>(
    store: &Store,
    program: &Program,
    group: &Group<'_, M>,
) -> Result<usize> {
    let mut waiting = 0;
    for member in group.with_status(Status::Waitlisted) {
        let later = later_cohort(store, program, group.cohort, member.participant())?;
        waiting += usize::from(later.is_none());
    }
    Ok(waiting)
}

/// The last one of the later cohorts that somebody signed up for, whatever
/// became of it.
pub fn later_cohort(
    store: &Store,
    program: &Program,
    cohort: &Cohort,
    participant: i64,
) -> Result<Option<CohortId>> {
    let ids = store.cohorts_of(participant)?;
    let later = ids
        .iter()
        .rev()
        .filter_map(|id| program.cohort(id))
        .find(|other| other.starts_on > cohort.starts_on);
    Ok(later.map(|later| later.id.clone()))
}

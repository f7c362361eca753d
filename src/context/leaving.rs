//! Leaving a cohort, at one's word or because one is erased: whoever is has no
//! place in a cohort that goes on, as in the records there is nobody to hold it.

use chrono::NaiveDate;

use crate::definitions::Definitions;
use crate::domain::enrollment::{Reason, Status};
use crate::domain::group::{Group, Member};
use crate::domain::participant::Participant;
use crate::domain::schedule::Stage;
use crate::store::Store;

/// Lets somebody leave a cohort, under the open operation, and says whether they
/// were excused from a later week.
pub fn leave(
    store: &Store,
    group: &Group<'_>,
    member: &Member,
    on: NaiveDate,
    reason: Reason,
) -> rusqlite::Result<bool> {
    let mut was_excused = false;
    // Who is not in the group is excused from nothing.
    for session in group.sessions().iter().filter(|session| session.date > on) {
        if member.marks.contains_key(&session.week) {
            store.remove_mark(member.enrollment.id, session.week)?;
            was_excused = true;
        }
    }
    store.update_enrollment(&group.ended(member, on, reason))?;
    Ok(was_excused)
}

/// Lets somebody leave all cohorts that are not over, under the open operation.
pub fn leave_cohorts(
    store: &Store,
    definitions: &Definitions,
    who: &Participant,
    today: NaiveDate,
) -> rusqlite::Result<()> {
    for cohort in &definitions.program.cohorts {
        if cohort.stage(today) == Stage::Over {
            continue;
        }
        let group = store.group(&definitions.program, cohort)?;
        let member = group.member_of(who.id);
        if let Some(member) = member.filter(|m| m.enrollment.status != Status::Withdrawn) {
            leave(store, &group, member, today, Reason::NotSaid)?;
        }
    }
    Ok(())
}

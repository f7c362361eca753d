//! Whoever is erased has no place in a cohort that goes on: in the records there
//! is nobody left to hold it.

use chrono::NaiveDate;

use crate::definitions::Definitions;
use crate::domain::enrollment::{Enrollment, Reason, Status};
use crate::domain::participant::Participant;
use crate::domain::schedule::Stage;
use crate::store::Store;

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
        let member = group.member_with(&who.code);
        if let Some(member) = member.filter(|m| m.enrollment.status != Status::Withdrawn) {
            store.update_enrollment(&Enrollment {
                status: Status::Withdrawn,
                withdrawn_on: Some(today),
                reason: Some(Reason::NotSaid),
                ..member.enrollment.clone()
            })?;
        }
    }
    Ok(())
}

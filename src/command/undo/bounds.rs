//! What is not taken back: what was meant to last, what is about somebody who
//! was erased since, and what the cohorts would not hold together without.

use std::collections::BTreeSet;

use crate::context::Desk;
use crate::domain::enrollment::Status;
use crate::domain::program::Program;
use crate::domain::schedule::Session;
use crate::error::{Error, Result};
use crate::output::words;
use crate::store::{Entry, Store};

/// Refuses what can never be taken back, and says what else could be.
pub(super) fn refuse_what_lasts(
    store: &Store,
    entry: &Entry,
    refused: impl Fn() -> Error,
) -> Result<()> {
    let error = if entry.lasting {
        refused().because("it was meant to last")
    } else if let Some(code) = store.erased_since(entry.id)? {
        refused().because(format!("{code}, whom it is about, was erased since"))
    } else {
        return Ok(());
    };
    Err(match before(store, entry.id)? {
        Some(id) => error.hint(format!("the change before it: cohorts undo {id}")),
        None => error.hint("look at what was done: cohorts history"),
    })
}

/// The newest change before one that may be taken back.
fn before(store: &Store, id: i64) -> Result<Option<i64>> {
    let mut id = id;
    while let Some(earlier) = store.last_undoable(id)? {
        let lasts = store.operation(earlier)?.is_some_and(|entry| entry.lasting);
        if !lasts && store.erased_since(earlier)?.is_none() {
            return Ok(Some(earlier));
        }
        id = earlier;
    }
    Ok(None)
}

/// What does not hold of a cohort.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Contradiction {
    pub(super) cohort: String,
    pub(super) what: String,
}

/// What does not hold of the cohorts that a change touched: taking it back
/// must not add to that.
pub(super) fn contradictions(
    desk: &Desk<'_>,
    program: &Program,
    entry: &Entry,
    cohorts: &[String],
) -> Result<BTreeSet<Contradiction>> {
    let mut found = BTreeSet::new();
    for id in cohorts {
        let of_one = in_cohort(desk, program, entry, id)?;
        found.extend(of_one.into_iter().map(|what| Contradiction { cohort: id.clone(), what }));
    }
    Ok(found)
}

fn in_cohort(desk: &Desk<'_>, program: &Program, entry: &Entry, id: &str) -> Result<Vec<String>> {
    let Some(cohort) = program.cohort(id) else {
        let has_records = desk.store.cohorts_with_records()?.iter().any(|other| other == id);
        let gone = format!("{id}, which has records, would be gone from cohorts.toml");
        return Ok(has_records.then_some(gone).into_iter().collect());
    };
    let group = desk.store.group(program, cohort)?;
    let mut found = group.contradictions();
    let recorded: Vec<Session> = group.recorded.values().copied().collect();
    found.extend(cohort.elsewhere(&recorded).iter().map(|(recorded, _)| {
        let day = words::weekday(recorded.date);
        format!("week {}, recorded on {day}, would have another day", recorded.week)
    }));
    // Seats beyond capacity that were so before the change may be so again, unless
    // somebody else got one since.
    let (enrolled, capacity) = (group.count(Status::Enrolled), cohort.terms.capacity as usize);
    if enrolled > capacity && desk.store.seats_taken_since(entry.id, id, desk.operation)? > 0 {
        let places = words::count(capacity, "place");
        found.extend(
            (capacity + 1..=enrolled)
                .map(|n| format!("{n} would be enrolled in {id}, for {places}")),
        );
    }
    Ok(found)
}

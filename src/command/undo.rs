//! `cohorts undo`

use std::collections::BTreeSet;

use crate::context::{Context, Desk, edit};
use crate::domain::enrollment::Status;
use crate::domain::program::Program;
use crate::error::{Error, Result};
use crate::output::messages::Report;
use crate::output::words;
use crate::store::{Entry, FileEdit};

/// Take the last change back
#[derive(Debug, clap::Args)]
#[command(after_help = "\
As a change of its own, which can be taken back too. What later changes rest
on is not taken back before they are.

Examples:
  cohorts undo
  cohorts undo --dry-run       only says what it would take back
  cohorts undo 14              the change of that number in: cohorts history")]
pub struct Args {
    /// Which change, by its number in the history
    #[arg(value_name = "NUMBER")]
    operation: Option<i64>,
}

pub fn run(ctx: &mut Context, args: &Args) -> Result<Report> {
    ctx.change("undo", |desk| {
        let entry = chosen(desk, args.operation)?;
        let (first, verb) = origin(desk, &entry)?;
        let sentence =
            format!("{}, {} ({})", first.summary, words::moment(first.at), first.command);
        let before = contradictions(desk, &desk.definitions.program, &entry)?;
        let taken = match desk.store.take_back(entry.id)? {
            Ok(taken) => taken,
            Err(in_the_way) => {
                let error = Error::refused(format!("cannot take back {}: {sentence}", entry.id));
                return Err(
                    match in_the_way
                        .operation
                        .map(|id| desk.store.operation(id))
                        .transpose()?
                        .flatten()
                    {
                        Some(later) => error
                            .because(format!("{} rests on it: {}", later.id, later.summary))
                            .hint(format!("cohorts undo {}, first", later.id)),
                        None => error.because("something later rests on it"),
                    },
                );
            }
        };
        for edit in &taken.file_edits {
            take_back_edit(desk, edit, &sentence)?;
        }
        let edited = desk.edited.as_deref().map(super::check::read_edited).transpose()?;
        let program = edited.as_ref().map_or(&desk.definitions.program, |edited| &edited.program);
        if let Some(new) = contradictions(desk, program, &entry)?.difference(&before).next() {
            return Err(Error::refused(format!("cannot take back {}: {sentence}", entry.id))
                .because(format!("then {new}"))
                .hint("take back the later change first: cohorts history"));
        }
        desk.undoes = Some(entry.id);
        desk.cohort.clone_from(&entry.cohort);
        desk.summary = format!("{verb} {}: {}", first.id, first.summary);
        let verb = if verb == TOOK_BACK { "Took back" } else { "Brought back" };
        Ok(Report::new(format!("{verb}: {sentence}"))
            .next("the other way round", format!("cohorts undo {}", desk.operation)))
    })
}

const TOOK_BACK: &str = "took back";

/// What an operation was first about: taking back what took something back
/// brings it back.
fn origin(desk: &Desk<'_>, entry: &Entry) -> Result<(Entry, &'static str)> {
    let mut first = entry.clone();
    let mut verb = TOOK_BACK;
    while let Some(undone) = first.undoes.map(|id| desk.store.operation(id)).transpose()?.flatten()
    {
        first = undone;
        verb = if verb == TOOK_BACK { "brought back" } else { TOOK_BACK };
    }
    Ok((first, verb))
}

fn chosen(desk: &Desk<'_>, named: Option<i64>) -> Result<Entry> {
    let nothing = || Error::refused("there is nothing to take back");
    let id = match named {
        Some(id) => id,
        None => desk.store.last_undoable(desk.operation)?.ok_or_else(nothing)?,
    };
    let entry =
        desk.store.operation(id)?.filter(|entry| entry.id != desk.operation).ok_or_else(|| {
            Error::refused(format!("the history has no change {id}"))
                .hint("cohorts history, to see them")
        })?;
    if entry.undone {
        return Err(Error::refused(format!("{id} is taken back already: {}", entry.summary)));
    }
    Ok(entry)
}

/// What does not hold of the cohort that a change was about: taking it back
/// must not add to that.
fn contradictions(desk: &Desk<'_>, program: &Program, entry: &Entry) -> Result<BTreeSet<String>> {
    let Some(id) = entry.cohort.as_deref() else { return Ok(BTreeSet::new()) };
    let Some(cohort) = program.cohort(id) else {
        let has_records = desk.store.cohorts_with_records()?.iter().any(|other| other == id);
        let gone = format!("{id}, which has people in it, would be gone from cohorts.toml");
        return Ok(has_records.then_some(gone).into_iter().collect());
    };
    let group = desk.store.group(program, cohort)?;
    let mut found: BTreeSet<String> = group.contradictions().into_iter().collect();
    found.extend(group.recorded_elsewhere().iter().map(|(recorded, _)| {
        let day = words::weekday(recorded.date);
        format!("week {}, recorded on {day}, would have another day", recorded.week)
    }));
    // A seat that was beyond capacity before may be so again, if nothing was
    // done in that cohort since.
    if desk.store.is_followed(entry.id, id, desk.operation)? {
        let (enrolled, capacity) = (group.count(Status::Enrolled), cohort.terms.capacity as usize);
        found.extend(
            (capacity + 1..=enrolled)
                .map(|n| format!("{n} would be enrolled in {id}, for {capacity} places")),
        );
    }
    Ok(found)
}

/// Takes an edit of `cohorts.toml` back, if nobody edited that place since.
fn take_back_edit(desk: &mut Desk<'_>, edit: &FileEdit, sentence: &str) -> Result<()> {
    let splice = edit::kept(edit)?;
    let text = desk.edited.as_deref().unwrap_or(&desk.definitions.text);
    let Some(text) = splice.inverse().apply(text) else {
        return Err(Error::refused(format!("cannot take back: {sentence}"))
            .because("cohorts.toml was edited since")
            .hint("edit cohorts.toml by hand instead"));
    };
    desk.edited = Some(text);
    Ok(())
}

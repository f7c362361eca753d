//! `cohorts undo`

use std::collections::BTreeSet;

use crate::context::{Context, Desk, Mode, edit};
use crate::domain::enrollment::Status;
use crate::domain::program::Program;
use crate::domain::schedule::Session;
use crate::error::{Error, Result};
use crate::output::messages::Report;
use crate::output::words;
use crate::store::{Entry, FileEdit, Store};

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
    #[arg(value_name = "NUMBER", value_parser = number)]
    operation: Option<i64>,

    /// Without asking first on a terminal
    #[arg(long)]
    yes: bool,
}

fn number(typed: &str) -> std::result::Result<i64, &'static str> {
    typed.parse().map_err(|_| "a number from: cohorts history")
}

pub fn run(ctx: &mut Context, args: &Args) -> Result<Report> {
    let number = confirmed(ctx, args)?;
    ctx.change("undo", |desk| {
        let entry = chosen(desk.store, number, desk.operation)?;
        let (first, verb) = origin(desk.store, &entry)?;
        let sentence = sentence(&first);
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
                .hint(match desk.store.followed_by(entry.id, entry.cohort.as_deref(), desk.operation)? {
                    Some(later) => format!("take back what came after it first, beginning with: cohorts undo {later}"),
                    None => "look at what was done: cohorts history".to_owned(),
                }));
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
fn origin(store: &Store, entry: &Entry) -> Result<(Entry, &'static str)> {
    let mut first = entry.clone();
    let mut verb = TOOK_BACK;
    while let Some(undone) = first.undoes.map(|id| store.operation(id)).transpose()?.flatten() {
        first = undone;
        verb = if verb == TOOK_BACK { "brought back" } else { TOOK_BACK };
    }
    Ok((first, verb))
}

/// The change to take back, once somebody at a terminal saw which it is.
fn confirmed(ctx: &mut Context, args: &Args) -> Result<Option<i64>> {
    use std::io::Write;
    if args.yes || !ctx.prompts.are_possible() || ctx.mode == Mode::DryRun {
        return Ok(args.operation);
    }
    let office = ctx.office()?;
    let entry = chosen(&office.store, args.operation, i64::MAX)?;
    let (first, verb) = origin(&office.store, &entry)?;
    let takes = if verb == TOOK_BACK { "Takes back" } else { "Brings back" };
    writeln!(ctx.out.people(), "{takes}: {}", sentence(&first))?;
    if ctx.prompts.confirm("Go on?", true)? { Ok(Some(entry.id)) } else { Err(Error::cancelled()) }
}

/// What was done, when, by which command.
fn sentence(entry: &Entry) -> String {
    format!("{}, {} ({})", entry.summary, words::moment(entry.at), entry.command)
}

/// The change that is meant, before the one that is `open`.
fn chosen(store: &Store, named: Option<i64>, open: i64) -> Result<Entry> {
    let nothing = || Error::refused("there is nothing to take back");
    let id = match named {
        Some(id) => id,
        None => store.last_undoable(open)?.ok_or_else(nothing)?,
    };
    let entry = store.operation(id)?.filter(|entry| entry.id != open).ok_or_else(|| {
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
    let recorded: Vec<Session> = group.recorded.values().copied().collect();
    found.extend(cohort.elsewhere(&recorded).iter().map(|(recorded, _)| {
        let day = words::weekday(recorded.date);
        format!("week {}, recorded on {day}, would have another day", recorded.week)
    }));
    // A seat that was beyond capacity before may be so again, if nothing was
    // done in that cohort since.
    if desk.store.followed_by(entry.id, Some(id), desk.operation)?.is_some() {
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

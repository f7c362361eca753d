//! `cohorts undo`

mod bounds;

use bounds::{contradictions, refuse_what_lasts};

use super::history::fields::{self, Personal};
use crate::context::{Context, Desk, Mode, edit};
use crate::error::{Error, Result};
use crate::output::before_after::BeforeAfter;
use crate::output::messages::Report;
use crate::output::words;
use crate::store::{Entry, FieldChange, FileEdit, InTheWay, Store, TakenBack};

/// How many fields a dry run shows: an import may have changed a million.
const MOST: usize = 500;

/// Take the last change back
#[derive(Debug, clap::Args)]
#[command(after_help = "\
As a change of its own, which can be taken back too. What later changes rest
on is not taken back before they are.

Examples:
  cohorts undo
  cohorts undo --dry-run       only shows each field that would change
  cohorts undo 14              the change of that number in: cohorts history")]
pub struct Args {
    /// Which change, by its number in the history
    #[arg(value_name = "NUMBER", value_parser = number)]
    operation: Option<i64>,

    /// Without asking first
    #[arg(long)]
    yes: bool,
}

fn number(typed: &str) -> std::result::Result<i64, &'static str> {
    typed.parse().map_err(|_| "a number from: cohorts history")
}

pub fn run(ctx: &mut Context, args: &Args) -> Result<Report> {
    let number = confirmed(ctx, args)?;
    let mode = ctx.mode;
    let mut would_change = WouldChange::default();
    let report = ctx.change("undo", |desk| {
        let entry = chosen(desk.store, number, desk.operation)?;
        let (first, verb) = origin(desk.store, &entry)?;
        let sentence = sentence(&first);
        let refused = || refused(&entry, &first);
        refuse_what_lasts(desk.store, &entry, refused)?;
        let cohorts = desk.store.cohorts_touched_by(entry.id)?;
        let before = contradictions(desk, &desk.definitions.program, &entry, &cohorts)?;
        let taken = match desk.store.take_back(entry.id)? {
            Ok(taken) => taken,
            Err(in_the_way) => return Err(rests_on_it(desk.store, &in_the_way, refused())?),
        };
        for edit in &taken.file_edits {
            take_back_edit(desk, edit, &sentence)?;
        }
        let edited = desk.edited.as_deref().map(super::check::read_edited).transpose()?;
        let program = edited.as_ref().map_or(&desk.definitions.program, |edited| &edited.program);
        let after = contradictions(desk, program, &entry, &cohorts)?;
        if let Some(new) = after.difference(&before).next() {
            let later = desk.store.followed_by(entry.id, &new.cohort, desk.operation)?;
            return Err(refused().because(format!("then {}", new.what)).hint(match later {
                Some(later) => format!(
                    "take back what came after it first, beginning with: cohorts undo {later}"
                ),
                None => "look at what was done: cohorts history".to_owned(),
            }));
        }
        if mode == Mode::DryRun {
            would_change = WouldChange::read(desk, &taken, entry.cohort.as_deref())?;
        }
        desk.undoes = Some(entry.id);
        desk.cohort.clone_from(&entry.cohort);
        desk.summary = format!("{verb} {}: {}", first.id, first.summary);
        let verb = if verb == TOOK_BACK { "Took back" } else { "Brought back" };
        let report = Report::new(format!("{verb}: {sentence}"))
            .next("the other way round", format!("cohorts undo {}", desk.operation));
        Ok(match first.command.as_str() {
            // The files are not among the records.
            "mail" => report.next("where its drafts still lie", "cohorts history --exports"),
            _ => report,
        })
    })?;
    if mode == Mode::DryRun {
        return Ok(report.then(would_change.show(ctx)?));
    }
    Ok(report)
}

/// What taking an operation back changes, for a dry run to show.
#[derive(Default)]
struct WouldChange {
    /// The first [`MOST`] of them.
    fields: Vec<FieldChange>,
    more: usize,
    /// The cohort that all of it is about.
    cohort: Option<String>,
}

impl WouldChange {
    fn read(desk: &Desk<'_>, taken: &TakenBack, cohort: Option<&str>) -> Result<Self> {
        let mut would = Self { cohort: cohort.map(str::to_owned), fields: Vec::new(), more: 0 };
        desk.store.each_field_change(desk.operation, None, |change| -> Result<()> {
            would.add(change);
            Ok(())
        })?;
        for edit in &taken.file_edits {
            // Kept as it was made: here it goes the other way.
            let edit = fields::of_file(edit)?;
            would.add(FieldChange { before: edit.after, after: edit.before, ..edit });
        }
        Ok(would)
    }

    fn add(&mut self, change: FieldChange) {
        if self.fields.len() < MOST {
            self.fields.push(fields::masked(change, Personal::Masked));
        } else {
            self.more += 1;
        }
    }

    fn show(&self, ctx: &mut Context) -> Result<Report> {
        let mut lines = BeforeAfter::new(ctx.out.data(), None)?;
        for change in &self.fields {
            let what = fields::what(change, self.cohort.as_deref());
            lines.field(&fields::line(change, &what))?;
        }
        Ok(match self.more {
            0 => Report::silent(),
            more => Report::new(format!("And {} more.", words::count(more, "field"))),
        })
    }
}

/// Names the later change that one cannot be taken back before.
fn rests_on_it(store: &Store, in_the_way: &InTheWay, error: Error) -> Result<Error> {
    let later = in_the_way.operation.map(|id| store.operation(id)).transpose()?.flatten();
    Ok(match later {
        Some(later) => error
            .because(format!("{} rests on it: {}", later.id, later.summary))
            .hint(format!("cohorts undo {}, first", later.id)),
        None => error.because("something later rests on it"),
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
    refuse_what_lasts(&office.store, &entry, || refused(&entry, &first))?;
    let takes = if verb == TOOK_BACK { "Takes back" } else { "Brings back" };
    writeln!(ctx.out.people(), "{takes}: {}", sentence(&first))?;
    if ctx.prompts.confirm("Go on?", true)? { Ok(Some(entry.id)) } else { Err(Error::cancelled()) }
}

/// What was done, when, by which command.
fn sentence(entry: &Entry) -> String {
    format!("{}, {} ({})", entry.summary, words::moment(entry.at), entry.command)
}

fn refused(entry: &Entry, first: &Entry) -> Error {
    Error::refused(format!("cannot take back {}: {}", entry.id, sentence(first)))
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

//! `cohorts finish`

mod missing;

use std::io::Write;

use chrono::{NaiveDate, NaiveDateTime};

use crate::context::{Context, Desk, pick};
use crate::domain::enrollment::Status;
use crate::domain::group::{Group, Place};
use crate::domain::program::Program;
use crate::domain::schedule::Stage;
use crate::error::{Error, Result};
use crate::output::items;
use crate::output::messages::Report;
use crate::output::words;
use crate::store::Store;

use missing::lacks_anything;
pub use missing::{Missing, later_cohort, missing, still_waiting};

/// Mark a cohort finished, or say what is missing before it can be
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Missing is a week that is not recorded, a decision about the agreement, an end
of the wait for whoever still waits, and what was done about an open incident.
Each is shown with the command that mends it, and the exit code is 1.

A finished cohort can still be changed. If something is missing again, `cohorts
check`, `list` and `show` say so.

Examples:
  cohorts finish
  cohorts finish winter-2024")]
pub struct Args {
    /// Which cohort; the last one that is over
    #[arg(value_name = "COHORT")]
    cohort: Option<String>,
}

pub fn run(ctx: &mut Context, args: &Args) -> Result<Report> {
    let office = ctx.office()?;
    let program = &office.definitions.program;
    let today = ctx.today();
    let cohort = match args.cohort.as_deref() {
        Some(named) => pick::cohort(program, Some(named), pick::Otherwise::Begun, today)?,
        None => pick::ended_last(program, today).ok_or_else(|| {
            Error::refused("no cohort is over yet").hint("cohorts list, to see them all")
        })?,
    };
    let id = cohort.id.clone();
    drop(office);
    let mut found = Vec::new();
    let done = ctx.change("finish", |desk| {
        let group = desk.group(&id)?;
        if group.stage(today) != Stage::Over {
            return Err(not_over(&group));
        }
        let marked = desk.store.marked_finished_on(&id)?;
        found = missing(desk.store, &desk.definitions.program, &group, desk.now)?;
        if !found.is_empty() {
            return Err(not_finished(&group, &found, marked));
        }
        if let Some(on) = marked {
            return Ok(Report::new(format!(
                "{id} is finished since {}; nothing was changed.",
                words::day_of_year(on)
            )));
        }
        desk.store.mark_finished(&id, today)?;
        desk.summary = format!("{id} finished");
        closing(desk, &group)
    });
    for Missing { item, .. } in &mut found {
        item.command = ctx.out.proposed(&item.command);
    }
    let items = found.iter().map(|one| &one.item);
    let lines = items::lines(items.clone(), items::column(items.clone()));
    ctx.out.data().write_all(lines.as_bytes())?;
    done
}

/// Where a cohort stands, in a word; whether it was marked finished is known.
pub fn stage<M: Place>(
    is_marked: bool,
    store: &Store,
    program: &Program,
    group: &Group<'_, M>,
    now: NaiveDateTime,
) -> Result<&'static str> {
    let is_finished = is_finished(is_marked, store, program, group, now)?;
    Ok(if is_finished { "finished" } else { group.stage(now.date()).word() })
}

/// Whether a cohort was marked finished, and nothing has come to be missing since.
pub fn is_finished<M: Place>(
    is_marked: bool,
    store: &Store,
    program: &Program,
    group: &Group<'_, M>,
    now: NaiveDateTime,
) -> Result<bool> {
    Ok(is_marked && !lacks_anything(store, program, group, now)?)
}

fn not_over(group: &Group<'_>) -> Error {
    let id = &group.cohort.id;
    match group.sessions().last() {
        Some(last) => Error::refused(format!(
            "`{id}` is not over: its last session is on {}",
            words::weekday_of_year(last.date)
        ))
        .hint("it can be finished from the day after"),
        None => Error::refused(format!("`{id}` has no session")),
    }
}

fn not_finished(group: &Group<'_>, found: &[Missing], marked: Option<NaiveDate>) -> Error {
    let id = &group.cohort.id;
    let are = words::are(found.len(), "thing");
    let error = Error::refused(match marked {
        None => format!("`{id}` is not finished: {are} missing"),
        Some(on) => format!(
            "`{id}` was marked finished on {}, and {are} missing again",
            words::day_of_year(on)
        ),
    });
    if found.iter().any(|one| one.is_about_people) {
        error.hint(format!("whoever gives no answer: cohorts withdraw WHO -c {id}"))
    } else {
        error
    }
}

/// What there was, and what comes next.
fn closing(desk: &Desk<'_>, group: &Group<'_>) -> Result<Report> {
    let (id, program) = (&group.cohort.id, &desk.definitions.program);
    let (mut completed, mut may_come_again) = (0, false);
    for member in group.with_status(Status::Enrolled) {
        if group.completed(member, desk.today()) {
            completed += 1;
        } else if !may_come_again {
            let participant = member.participant.id;
            may_come_again =
                later_cohort(desk.store, program, group.cohort, participant)?.is_none();
        }
    }
    completed += group.erased.iter().filter(|one| group.completed(one, desk.today())).count();
    let report = Report::new(format!(
        "{id} is finished: {}, {} enrolled, {completed} completed.",
        words::count(group.sessions().len(), "session"),
        group.had_places(),
    ));
    let report = match pick::next(program, desk.today()) {
        Some(next) if may_come_again => {
            report.next("whoever wants to come again", format!("cohorts carry {id} {}", next.id))
        }
        _ => report,
    };
    Ok(report.next("to take it back", "cohorts undo"))
}

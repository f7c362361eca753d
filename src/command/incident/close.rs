//! `cohorts incident close`

use std::collections::BTreeSet;
use std::io::Write;

use super::told_with_code;
use crate::command::args;
use crate::context::Context;
use crate::domain::incident::{Action, Closed, Incident};
use crate::domain::words::Word;
use crate::error::{Error, Result};
use crate::output::messages::Report;
use crate::output::words;
use crate::store::Store;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Which ones, by their numbers in: cohorts incident list
    #[arg(value_name = "NUMBER", required = true, value_parser = number)]
    numbers: Vec<i64>,

    /// What was done: one of those below
    #[arg(long, value_name = "WORD", value_parser = args::one_of::<Action>(), hide_possible_values = true)]
    done: Option<Action>,
}

fn number(typed: &str) -> std::result::Result<i64, &'static str> {
    typed.parse().map_err(|_| "a number, as `cohorts incident list` shows them")
}

pub(super) fn run(ctx: &mut Context, args: &Args) -> Result<Report> {
    // Each once, however often it is named.
    let numbers: BTreeSet<i64> = args.numbers.iter().copied().collect();
    let done = match args.done {
        Some(done) => done,
        None => ask_what_was_done(ctx, &numbers)?,
    };
    ctx.change("incident close", |desk| {
        let on = desk.today();
        let mut report = Report::silent();
        let mut cohorts = BTreeSet::new();
        for number in &numbers {
            let incident = open(desk.store, *number)?;
            desk.store.close_incident(*number, Closed { done, on })?;
            cohorts.insert(incident.cohort.to_string());
            let told = told_with_code(&incident);
            report = report.and(format!("Closed incident {number} ({done}). {told}."));
        }
        // The history is of one cohort, or of none in particular.
        desk.cohort = cohorts.pop_first().filter(|_| cohorts.is_empty());
        let which: Vec<String> = numbers.iter().map(ToString::to_string).collect();
        let plural = if numbers.len() == 1 { "incident" } else { "incidents" };
        desk.summary = format!("{plural} {} closed: {done}", words::list(&which));
        Ok(report)
    })
}

/// An incident that can be closed.
fn open(store: &Store, number: i64) -> Result<Incident> {
    let incident = store.incident(number)?.ok_or_else(|| {
        Error::refused(format!("there is no incident {number}"))
            .hint("cohorts incident list, to see them")
    })?;
    match incident.closed {
        None => Ok(incident),
        Some(Closed { done, on }) => Err(Error::refused(format!(
            "incident {number} was closed on {}: {done}",
            words::day_of_year(on)
        ))
        .hint("cohorts history, to see what was done")
        .hint("cohorts undo, to take it back")),
    }
}

/// Asks what was done about those incidents, which are shown.
fn ask_what_was_done(ctx: &mut Context, numbers: &BTreeSet<i64>) -> Result<Action> {
    let office = ctx.office()?;
    let mut lines = Vec::new();
    for number in numbers {
        lines.push(format!("  {number}  {}", told_with_code(&open(&office.store, *number)?)));
    }
    drop(office);
    ctx.prompts
        .require("what was done", &format!("--done, one of {}", args::words_of::<Action>()))?;
    writeln!(ctx.out.people(), "{}", lines.join("\n"))?;
    Ok(Action::ALL[ctx.prompts.choose("What was done", &args::meanings(Action::meaning))?])
}

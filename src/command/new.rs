//! `cohorts new`

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::args;
use crate::context::Context;
use crate::definitions::{Definitions, edit};
use crate::domain::program::{Cohort, CohortId, Program};
use crate::domain::schedule;
use crate::error::{Error, Result};
use crate::output::messages::Report;
use crate::output::words;

/// Add a cohort to cohorts.toml
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Its sessions follow from the day it starts: one a week, on the program's
weekday. Comments and order in cohorts.toml stay. Without a day, on a
terminal, the next quarter is proposed.

Examples:
  cohorts new                                   proposes the next quarter
  cohorts new spring-2027 --starts 2027-04-06
  cohorts new --starts 2027-04-06               the id follows from the season")]
pub struct Args {
    /// What to call it, such as spring-2027
    #[arg(value_parser = CohortId::parse)]
    id: Option<CohortId>,

    /// The day of its first session
    #[arg(long, value_name = "DATE", value_parser = args::date)]
    starts: Option<NaiveDate>,
}

/// What the history says between a cohort and the day it starts.
const ADDED: &str = " added, starting ";

/// The day in what the history says of a cohort that was added.
pub fn day_in(summary: &str) -> Option<NaiveDate> {
    summary.split_once(ADDED)?.1.parse().ok()
}

pub fn run(ctx: &mut Context, args: Args) -> Result<Report> {
    let folder = ctx.folder()?;
    let (id, starts) = complete(ctx, &ctx.definitions(&folder)?.program, args)?;
    ctx.change("new", |desk| {
        let program = &desk.definitions.program;
        if program.cohort(id.as_str()).is_some() {
            return Err(Error::refused(format!("`{id}` is in cohorts.toml already"))
                .hint(format!("cohorts show {id}")));
        }
        // Who was in it would be in this one, with what they agreed to.
        if desk.store.cohorts_with_records()?.iter().any(|other| *other == id.as_str()) {
            return Err(Error::refused(format!(
                "`{id}` has records, of a cohort that is gone from cohorts.toml"
            ))
            .hint("choose another id")
            .hint("cohorts check, to see how that cohort is put back"));
        }
        refuse_bad_start(program, starts)?;
        let text = edit::add_cohort(&desk.definitions.text, &id, starts)
            .map_err(|error| Error::refused("could not edit cohorts.toml").because(error))?;
        let edited = super::check::read_edited(&text)?;
        desk.cohort = Some(id.to_string());
        desk.summary = format!("{id}{ADDED}{starts}");
        desk.edited = Some(text);
        Ok(report(&edited, &id, desk.today()))
    })
}

/// What was left out, asked for or derived.
fn complete(ctx: &Context, program: &Program, given: Args) -> Result<(CohortId, NaiveDate)> {
    let id_of = |day| CohortId::parse(&schedule::quarter_id(day)).map_err(Error::usage);
    match given {
        Args { id: Some(id), starts: Some(starts) } => Ok((id, starts)),
        Args { id: None, starts: Some(starts) } => Ok((id_of(starts)?, starts)),
        Args { id, starts: None } => {
            ctx.prompts.require("the day of the first session", "--starts DATE")?;
            let (season, day) = propose(program, ctx.today()).ok_or_else(|| {
                Error::usage("the day of the first session is missing").hint("add --starts DATE")
            })?;
            let id = match id {
                Some(id) => id,
                None => ctx.prompts.line(&format!("Id [{season}]"), |typed| {
                    let id = CohortId::parse(if typed.is_empty() { &season } else { typed })?;
                    match program.cohort(id.as_str()) {
                        Some(_) => Err(format!("`{id}` is in cohorts.toml already")),
                        None => Ok(id),
                    }
                })?,
            };
            let question = format!("First session [{day}, {}]", words::weekday(day));
            let starts = ctx.prompts.line(&question, |typed| {
                let starts = if typed.is_empty() { day } else { args::date(typed)? };
                let bad = |error: Error| format!("{}; {}", error.message, error.hints.join("; "));
                refuse_bad_start(program, starts).map(|()| starts).map_err(bad)
            })?;
            Ok((id, starts))
        }
    }
}

/// The first quarter to come that has no cohort yet, and its first free day.
fn propose(program: &Program, today: NaiveDate) -> Option<(String, NaiveDate)> {
    let taken: BTreeSet<NaiveDate> =
        program.cohorts.iter().flat_map(Cohort::sessions).map(|session| session.date).collect();
    let (mut id, mut first_day) = schedule::next_quarter(today)?;
    while program.cohort(&id).is_some() {
        (id, first_day) = schedule::next_quarter(first_day)?;
    }
    let terms = &program.terms;
    let day = schedule::first_free_start(terms.weekday, &terms.no_session_on, &taken, first_day)?;
    Some((id, day))
}

fn refuse_bad_start(program: &Program, starts: NaiveDate) -> Result<()> {
    use chrono::Datelike;
    let terms = &program.terms;
    let what = if starts.weekday() != terms.weekday {
        format!(
            "is a {}, and sessions are on {}s",
            starts.format("%A"),
            words::weekday_name(terms.weekday)
        )
    } else if terms.no_session_on.contains(&starts) {
        "is one of the days without sessions".to_owned()
    } else {
        return Ok(());
    };
    let (before, after) = schedule::nearest_starts(terms, starts);
    let near: Vec<String> =
        [before, after].into_iter().flatten().map(|day| day.to_string()).collect();
    Err(Error::refused(format!("{starts} {what}"))
        .hint(format!("the nearest good days are {}", words::list(&near))))
}

fn report(definitions: &Definitions, id: &CohortId, today: NaiveDate) -> Report {
    let Some(cohort) = definitions.program.cohort(id.as_str()) else { return Report::silent() };
    let sessions = cohort.sessions();
    let mut report = Report::new(format!(
        "Added {id} to cohorts.toml: {},\n{}",
        words::count(sessions.len(), "session"),
        super::show::usual_time(&cohort.terms)
    ));
    for session in &sessions {
        report = report.and(super::show::session_line(cohort, session));
    }
    if sessions.first().is_some_and(|first| first.date < today) {
        report = report.warning("it starts in the past");
    }
    for warning in &definitions.warnings {
        if definitions.places.cohort(id.as_str()) == warning.place {
            report = report.warning(&warning.what);
        }
    }
    report
        .and("Next:")
        .next("sign people up", format!("cohorts enroll -c {id}"))
        .next("the dates in words, for an e-mail", format!("cohorts show {id} --text"))
        .next("take it back", "cohorts undo")
}

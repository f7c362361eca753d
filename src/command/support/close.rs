//! `cohorts support close`

use chrono::NaiveDate;

use super::chosen;
use crate::command::args;
use crate::context::Context;
use crate::domain::participant::Who;
use crate::domain::support::{Closed, Outcome, Support};
use crate::domain::words::Word;
use crate::error::{Error, Result};
use crate::output::messages::Report;
use crate::output::words;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Whose requests
    #[arg(value_name = "WHO", value_parser = args::who)]
    whos: Vec<Who>,

    /// What became of it: one of those below
    #[arg(long, value_name = "WORD", value_parser = args::one_of::<Outcome>(), hide_possible_values = true)]
    outcome: Option<Outcome>,

    /// The day, if not today
    #[arg(long, value_name = "DATE", value_parser = args::date)]
    on: Option<NaiveDate>,
}

pub(super) fn run(ctx: &mut Context, args: &Args) -> Result<Report> {
    let office = ctx.office()?;
    let mut requests: Vec<Support> = Vec::new();
    if args.whos.is_empty() {
        requests.push(chosen(ctx, &office, None)?);
    }
    for who in &args.whos {
        let one = chosen(ctx, &office, Some(who))?;
        // Each once, however often they are named.
        if requests.iter().all(|other| other.id != one.id) {
            requests.push(one);
        }
    }
    drop(office);
    let outcome = match args.outcome {
        Some(outcome) => outcome,
        None => ask(ctx, &requests)?,
    };
    ctx.change("support close", |desk| {
        let on = desk.day_said(args.on)?;
        let mut report = Report::silent();
        let mut codes = Vec::new();
        for request in &requests {
            let one = &request.participant;
            let gone =
                || Error::refused(format!("the request of `{}` is not open any more", one.code));
            let request = desk.store.open_support(one.id)?.ok_or_else(gone)?;
            let last = request.last.map_or(request.asked_on, |last| last.on.max(request.asked_on));
            if on < last {
                return Err(Error::usage(format!(
                    "the last that was noted of `{}` is of {}, after {on}",
                    one.code,
                    words::day_of_year(last)
                )));
            }
            desk.store.close_support(request.id, Closed { outcome, on })?;
            codes.push(one.code.to_string());
            let when = match usize::try_from(request.days(on)).unwrap_or_default() {
                0 => "on the day they asked".to_owned(),
                days => format!("after {}", words::count(days, "day")),
            };
            report = report.and(format!(
                "Closed the request of {} {when}: {}.",
                one.called(),
                outcome.meaning()
            ));
        }
        desk.summary = format!("{}: support closed, {outcome}", words::list(&codes));
        Ok(report)
    })
}

fn ask(ctx: &Context, requests: &[Support]) -> Result<Outcome> {
    let option = format!("--outcome, one of {}", args::words_of::<Outcome>());
    ctx.prompts.require("what became of it", &option)?;
    let whose: Vec<String> =
        requests.iter().map(|one| words::printable(&one.participant.called())).collect();
    let question = format!("What became of the request of {}", words::list(&whose));
    Ok(Outcome::ALL[ctx.prompts.choose(&question, &args::meanings(Outcome::meaning))?])
}

//! `cohorts move`

use chrono::{NaiveDate, NaiveTime};

use super::args;
use crate::context::{Context, pick};
use crate::definitions::edit;
use crate::domain::attendance::Mark;
use crate::domain::participant::call_names;
use crate::domain::program::{Move, Week};
use crate::error::{Error, Result};
use crate::output::messages::Report;
use crate::output::words;

/// Give a session another day, and perhaps another hour
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Writes it into cohorts.toml. The week keeps its number. A session that was
recorded took place when it did, and is not moved any more.

Examples:
  cohorts move --week 3 --to 2024-02-08
  cohorts move spring-2024 --week 3 --to 2024-04-18 --at 13:00")]
pub struct Args {
    /// Which cohort; the running one, else the next
    #[arg(value_name = "COHORT")]
    cohort: Option<String>,

    /// Which session
    #[arg(long, short, value_name = "N", value_parser = args::week)]
    week: Week,

    /// The new day
    #[arg(long, value_name = "DATE", value_parser = args::date)]
    to: NaiveDate,

    /// Another hour; the session stays as long as it was
    #[arg(long, value_name = "TIME", value_parser = args::time)]
    at: Option<NaiveTime>,
}

pub fn run(ctx: &mut Context, args: &Args) -> Result<Report> {
    let folder = ctx.folder()?;
    let definitions = ctx.definitions(&folder)?;
    let otherwise = pick::Otherwise::Current;
    let id = pick::cohort(&definitions.program, args.cohort.as_deref(), otherwise, ctx.today())?
        .id
        .clone();
    ctx.change("move", |desk| {
        let group = desk.group(&id)?;
        let week = args.week;
        let session = pick::session(&group, week)?;
        if group.recorded.contains_key(&week) {
            return Err(Error::refused(format!(
                "week {week} of `{id}` was recorded on {}; it cannot be moved any more",
                words::weekday(session.date)
            )));
        }
        if args.to == session.date && args.at.is_none_or(|at| at == session.starts_at) {
            return Err(Error::refused(format!(
                "week {week} of `{id}` is on {} already",
                words::weekday_of_year(session.date)
            )));
        }
        // An hour of its own, given to it before, is kept.
        let own = Some(session.starts_at).filter(|at| *at != group.cohort.terms.starts_at);
        let to = Move { week, to: args.to, at: args.at.or(own) };
        let text = edit::move_session(&desk.definitions.text, &id, &to)
            .map_err(|error| Error::refused("could not edit cohorts.toml").because(error))?;
        let edited = super::check::read_edited(&text)?;
        desk.summary = format!("week {week} of {id} moved from {} to {}", session.date, args.to);
        desk.edited = Some(text);

        let mut report = Report::new(format!("Moved week {week} of {id}:"));
        if let Some(cohort) = edited.program.cohort(id.as_str()) {
            for session in cohort.sessions() {
                report = report.and(super::show::session_line(cohort, &session));
            }
        }
        let excused: Vec<_> = group
            .members
            .iter()
            .filter(|m| m.marks.get(&week).is_some_and(|a| a.mark == Mark::Excused))
            .map(|m| &m.participant)
            .collect();
        if !excused.is_empty() {
            report = report.warning(format!(
                "{} could not come on the old day; ask about the new one",
                words::list(&call_names(&excused))
            ));
        }
        if args.to < desk.today() {
            report = report.warning(format!("{} is over", words::weekday_of_year(args.to)));
            return Ok(report.next("take it back", "cohorts undo"));
        }
        Ok(report
            .and("Next:")
            .next("tell everybody", format!("cohorts mail {id} --template moved --week {week}"))
            .next("the dates in words", format!("cohorts show {id} --text"))
            .next("take it back", "cohorts undo"))
    })
}

//! `cohorts move`

use chrono::{NaiveDate, NaiveTime};

use super::{args, mail};
use crate::context::{Context, pick};
use crate::definitions::edit;
use crate::domain::attendance::Mark;
use crate::domain::participant::call_names;
use crate::domain::program::{Cohort, CohortId, Move, Program, Week};
use crate::domain::schedule::Session;
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

    /// Which session; asked for on a terminal
    #[arg(long, short, value_name = "N", value_parser = args::week)]
    week: Option<Week>,

    /// The new day; asked for on a terminal
    #[arg(long, value_name = "DATE", value_parser = args::date)]
    to: Option<NaiveDate>,

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
    let week = ctx.week(&id, args.week)?;
    let to = match args.to {
        Some(to) => to,
        None => {
            ctx.prompts.require("the new day", "--to DATE")?;
            ctx.prompts.line(&format!("The new day of week {week}"), args::date)?
        }
    };
    ctx.change("move", |desk| {
        let group = desk.group(&id)?;
        let session = pick::session(&group, week)?;
        if group.recorded.contains_key(&week) {
            return Err(Error::refused(format!(
                "week {week} of `{id}` was recorded on {}; it cannot be moved any more",
                words::weekday(session.date)
            )));
        }
        if to == session.date && args.at.is_none_or(|at| at == session.starts_at) {
            return Err(Error::refused(format!(
                "week {week} of `{id}` is on {} already",
                words::weekday_of_year(session.date)
            )));
        }
        // An hour of its own, given to it before, is kept.
        let own = Some(session.starts_at).filter(|at| *at != group.cohort.terms.starts_at);
        let change = Move { week, to, at: args.at.or(own) };
        let text = edit::move_session(&desk.definitions.text, &id, &change)
            .map_err(|error| Error::refused("could not edit cohorts.toml").because(error))?;
        let edited = super::check::read_edited(&text)?;
        desk.summary = format!("week {week} of {id} moved from {} to {to}", session.date);
        desk.edited = Some(text);

        let mut report = Report::new(format!("Moved week {week} of {id}:"));
        let sessions = edited.program.cohort(id.as_str()).map(Cohort::sessions).unwrap_or_default();
        for session in &sessions {
            report = report.and(super::show::session_line(group.cohort, session));
        }
        let moved = sessions.iter().find(|session| session.week == week);
        for (other, theirs) in moved.into_iter().flat_map(|s| at_that_hour(&edited.program, &id, s))
        {
            report = report.warning(format!(
                "week {} of {other} is on that day as well, {} - {}",
                theirs.week,
                words::time(theirs.starts_at),
                words::time(theirs.ends_at)
            ));
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
        if to < desk.today() {
            report = report.warning(format!("{} is over", words::weekday_of_year(to)));
            return Ok(report.next("take it back", "cohorts undo"));
        }
        report = report.and("Next:");
        if let Some(moved) = moved.filter(|session| session.ends() > desk.now)
            && mail::is_news(desk.store, &group, moved, desk.today())?
        {
            let tell = format!("cohorts mail {id} --template moved --week {week}");
            report = report.next("tell everybody", tell);
        }
        Ok(report
            .next("the dates in words", format!("cohorts show {id} --text"))
            .next("take it back", "cohorts undo"))
    })
}

/// The sessions of other cohorts that a session meets: there is one link to all of
/// them, and mostly one who leads them.
fn at_that_hour<'p>(
    program: &'p Program,
    id: &CohortId,
    session: &Session,
) -> Vec<(&'p CohortId, Session)> {
    let others = program.cohorts.iter().filter(|other| other.id != *id);
    let theirs = others
        .flat_map(|other| other.sessions().into_iter().map(move |theirs| (&other.id, theirs)));
    theirs
        .filter(|(_, theirs)| theirs.begins() < session.ends() && session.begins() < theirs.ends())
        .collect()
}

//! `cohorts excuse`

use super::args;
use crate::context::{Context, pick};
use crate::domain::attendance::{Attendance, Mark};
use crate::domain::enrollment::Status;
use crate::domain::participant::Who;
use crate::domain::program::Week;
use crate::error::{Error, Result};
use crate::output::messages::Report;
use crate::output::words;

/// How the history calls it.
pub const NAME: &str = "excuse";

/// Record that somebody told you they cannot come
#[derive(Debug, clap::Args)]
#[command(after_help = "\
For a session to come, or one that was; an absence becomes an excuse.

Examples:
  cohorts excuse K7QM2 --week 3
  cohorts excuse kit@example.org P3XVA --week 3 -c spring-2027")]
pub struct Args {
    /// Codes, addresses or names
    #[arg(value_name = "WHO", required = true, value_parser = args::who)]
    who: Vec<Who>,

    /// Which session; asked for on a terminal
    #[arg(long, short, value_name = "N", value_parser = args::week)]
    week: Option<Week>,

    /// Which cohort; the running one, else the next
    #[arg(long, short, value_name = "COHORT")]
    cohort: Option<String>,
}

pub fn run(ctx: &mut Context, args: &Args) -> Result<Report> {
    let (id, codes) = ctx.members(args.cohort.as_deref(), &args.who)?;
    let week = ctx.week(&id, args.week)?;
    ctx.change(NAME, |desk| {
        let group = desk.group(&id)?;
        let session = pick::session(&group, week)?;
        let (mut names, mut listed) = (Vec::new(), Vec::new());
        for code in &codes {
            let Some(member) = group.member_with(code) else { continue };
            let error = if member.enrollment.status != Status::Enrolled {
                Some(format!("`{code}` is not enrolled in `{id}`: {}", member.enrollment.status))
            } else if member.enrollment.joined_week.is_none_or(|joined| joined > week) {
                Some(format!("`{code}` was not yet in the group in week {week}"))
            } else if member.marks.get(&week).is_some_and(|a| a.mark.was_there()) {
                Some(format!("`{code}` was there in week {week}; to change that: cohorts attend {id} --week {week} --excused {code}"))
            } else {
                None
            };
            if let Some(what) = error {
                return Err(Error::refused(what));
            }
            if member.marks.get(&week).is_none_or(|a| a.mark != Mark::Excused) {
                let excused = Attendance { mark: Mark::Excused, without_agreement: None, noted_on: desk.today() };
                desk.store.set_mark(member.enrollment.id, week, &excused)?;
                listed.push(code.as_str());
            }
            names.push(member.participant.called());
        }
        desk.summary = format!("week {week} of {id}: {} excused", listed.join(", "));
        let is = if names.len() == 1 { "is" } else { "are" };
        Ok(Report::new(format!(
            "{} {is} excused from week {week} of {id}, {}.", words::list(&names), words::weekday(session.date)
        ))
        .next("if they can come after all", "cohorts undo, or mark them when recording the week"))
    })
}

//! `cohorts withdraw`

use chrono::NaiveDate;

use super::args;
use crate::context::Context;
use crate::domain::attendance::Mark;
use crate::domain::enrollment::{Enrollment, Reason, Status};
use crate::domain::participant::Who;
use crate::error::{Error, Result};
use crate::output::messages::Report;
use crate::output::words;

/// Record that somebody left a cohort, or its waitlist
///
/// Their marks and consents stay. Whoever comes back enrolls again and goes to
/// the end of the line.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  cohorts withdraw K7QM2 --reason schedule
  cohorts withdraw 'Kit Tran' -c spring-2027 --reason no-longer-needed --on 2027-03-30")]
pub struct Args {
    #[arg(value_name = "WHO", value_parser = args::who)]
    who: Who,

    /// Which cohort; the running one, else the next
    #[arg(long, short, value_name = "COHORT")]
    cohort: Option<String>,

    /// Why
    #[arg(long, value_name = "REASON", value_parser = args::one_of::<Reason>())]
    reason: Option<Reason>,

    /// The day they said so, if not today
    #[arg(long, value_name = "DATE", value_parser = args::date)]
    on: Option<NaiveDate>,
}

pub fn run(ctx: &mut Context, args: &Args) -> Result<Report> {
    let (id, codes) = ctx.members(args.cohort.as_deref(), std::slice::from_ref(&args.who))?;
    let reason = match args.reason {
        Some(reason) => reason,
        None => ask_reason(ctx)?,
    };
    ctx.change("withdraw", |desk| {
        let group = desk.group(&id)?;
        let Some(member) = codes.first().and_then(|code| group.member_with(code)) else {
            return Err(Error::refused("they are not in that cohort any more"));
        };
        let code = &member.participant.code;
        let had = member.enrollment.status;
        if had == Status::Withdrawn {
            return Err(Error::refused(format!("`{code}` has withdrawn from `{id}` already")));
        }
        let on = args.on.unwrap_or(desk.today());
        if on > desk.today() {
            return Err(Error::usage(format!("--on {on} is still to come")));
        }
        let marked_later = group.sessions().iter().find(|session| {
            let mark = member.marks.get(&session.week).map(|a| a.mark);
            session.date > on && mark.is_some_and(|mark| mark != Mark::Excused)
        });
        if let Some(session) = marked_later {
            return Err(Error::refused(format!(
                "`{code}` has a mark for week {}, {}, after that day",
                session.week,
                words::weekday(session.date)
            )));
        }
        desk.store.update_enrollment(&Enrollment {
            status: Status::Withdrawn,
            withdrawn_on: Some(on),
            reason: Some(reason),
            ..member.enrollment.clone()
        })?;
        desk.summary = format!("{code} withdrew from {id}");
        let report = Report::new(format!(
            "{} ({code}) has withdrawn from {id}.",
            member.participant.call_name()
        ));
        Ok(match group.waiting().as_slice() {
            [first, ..] if had == Status::Enrolled => report.next(
                format!("{} is first in line", first.participant.call_name()),
                format!("cohorts place {} -c {id}", first.participant.code),
            ),
            _ => report,
        })
    })
}

fn ask_reason(ctx: &Context) -> Result<Reason> {
    use crate::domain::words::Word;
    let words: Vec<String> = Reason::ALL.iter().map(ToString::to_string).collect();
    ctx.prompts.require("the reason", &format!("--reason, one of {}", words.join(", ")))?;
    Ok(Reason::ALL[ctx.prompts.choose("Why", &words)?])
}

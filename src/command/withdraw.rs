//! `cohorts withdraw`

use chrono::NaiveDate;

use super::{args, mail};
use crate::context::leaving::leave;
use crate::context::{Context, pick};
use crate::domain::attendance::Mark;
use crate::domain::enrollment::{Reason, Status};
use crate::domain::group::{Group, Member};
use crate::domain::participant::{Code, Who};
use crate::error::{Error, Result};
use crate::output::messages::Report;
use crate::output::words;

/// Record that somebody left a cohort, or its waitlist
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Their marks and consents stay, but not excuses for later weeks. Whoever comes
back enrolls again and goes to the end of the line.

Examples:
  cohorts withdraw K7QM2 --reason schedule
  cohorts withdraw 'Kit Tran' -c spring-2027 --reason no-reply --on 2027-03-30")]
pub struct Args {
    /// Codes, addresses or names
    #[arg(value_name = "WHO", required = true, value_parser = args::who)]
    who: Vec<Who>,

    /// Which cohort; the running one, else the next
    #[arg(long, short, value_name = "COHORT")]
    cohort: Option<String>,

    /// Why; asked for on a terminal
    #[arg(long, value_name = "REASON", value_parser = args::one_of::<Reason>())]
    reason: Option<Reason>,

    /// The day they said so, if not today
    #[arg(long, value_name = "DATE", value_parser = args::date)]
    on: Option<NaiveDate>,
}

pub fn run(ctx: &mut Context, args: &Args) -> Result<Report> {
    let (id, codes) = ctx.members(args.cohort.as_deref(), &args.who)?;
    let reason = match args.reason {
        Some(reason) => reason,
        None => ask_reason(ctx)?,
    };
    ctx.change("withdraw", |desk| {
        let group = desk.group(&id)?;
        let on = desk.day_said(args.on)?;
        let mut names = Vec::new();
        let mut seats = 0;
        let mut dropped = false;
        for code in &codes {
            let Some(member) = group.member_with(code) else { continue };
            if let Some(what) = refusal(&group, member, on) {
                return Err(Error::refused(what));
            }
            dropped |= leave(desk.store, &group, member, on, reason)?;
            seats += usize::from(member.enrollment.status == Status::Enrolled);
            names.push(member.participant.called());
        }
        let listed: Vec<&str> = codes.iter().map(Code::as_str).collect();
        desk.summary = format!("{} withdrew from {id}", listed.join(", "));
        let has = words::has(names.len());
        let report = Report::new(format!("{} {has} withdrawn from {id}.", words::list(&names)));
        let report = match dropped {
            true => report.and("What they were excused from later is not kept."),
            false => report,
        };
        let report = report.then(mail::with_link(desk.store, &id, &codes)?);
        let first = group.waiting().into_iter().find(|m| !codes.contains(&m.participant.code));
        let is_joinable = group.joining_week(desk.now).is_some();
        // Whoever was placed beyond the capacity leaves no place behind.
        let stay = group.count(Status::Enrolled) - seats;
        let is_freed = seats > 0 && stay < group.cohort.terms.capacity as usize;
        Ok(match first {
            Some(first) if is_freed && is_joinable => report.next(
                format!("{} is first in line", first.participant.call_name()),
                format!(
                    "cohorts place {} -c {id}{}",
                    first.participant.code,
                    pick::to_join(&group, desk.now)
                ),
            ),
            _ => report,
        })
    })
}

/// Why somebody cannot have withdrawn on a day.
fn refusal(group: &Group<'_>, member: &Member, on: NaiveDate) -> Option<String> {
    let (code, id) = (&member.participant.code, &group.cohort.id);
    let signed_up = member.enrollment.signed_up_at.date();
    if member.enrollment.status == Status::Withdrawn {
        return Some(format!("`{code}` has withdrawn from `{id}` already"));
    }
    if on < signed_up {
        return Some(format!("`{code}` signed up for `{id}` on {signed_up}, after {on}"));
    }
    let marked_later = group.marked_after(member, on, |mark| mark != Mark::Excused);
    marked_later.map(|session| {
        let day = words::weekday(session.date);
        format!("`{code}` has a mark for week {}, {day}, after that day", session.week)
    })
}

fn ask_reason(ctx: &Context) -> Result<Reason> {
    use crate::domain::words::Word;
    let words: Vec<String> = Reason::ALL.iter().map(ToString::to_string).collect();
    ctx.prompts.require("the reason", &format!("--reason, one of {}", words.join(", ")))?;
    Ok(Reason::ALL[ctx.prompts.choose("Why", &words)?])
}

//! Which cohort and which of its sessions is recorded, where it is not said.

use crate::context::{Context, Office, pick};
use crate::domain::group::Group;
use crate::domain::program::{Cohort, Week};
use crate::domain::schedule::{Session, Stage};
use crate::error::{Error, Result};
use crate::output::words;

/// The running cohort, of several the one whose session of today has begun; else
/// the one that ended last with a week to record.
pub(super) fn cohort<'o>(
    ctx: &Context,
    office: &'o Office,
    named: Option<&str>,
    week: Option<Week>,
) -> Result<&'o Cohort> {
    let program = &office.definitions.program;
    let today = ctx.today();
    let running: Vec<&Cohort> =
        program.cohorts.iter().filter(|c| c.stage(today) == Stage::Running).collect();
    // A week that is said may be any cohort's.
    if running.len() > 1 && named.is_none() && week.is_none() {
        let mut todays = Vec::new();
        for cohort in running {
            if of_today(ctx, &office.group_without_addresses(cohort)?).is_some() {
                todays.push(cohort);
            }
        }
        if let [one] = todays.as_slice() {
            return Ok(one);
        }
    }
    if named.is_none() && pick::running(program, today)?.is_none() {
        let finished = program.cohorts.iter().rev().filter(|c| c.stage(today) == Stage::Over);
        for cohort in finished.take(4) {
            if !office.group_without_addresses(cohort)?.unrecorded(ctx.now).is_empty() {
                return Ok(cohort);
            }
        }
    }
    pick::cohort(program, named, pick::Otherwise::Current, today)
}

/// The session of today, once it has begun.
fn of_today<'g>(ctx: &Context, group: &'g Group<'_>) -> Option<&'g Session> {
    group.sessions().iter().find(|s| s.date == ctx.today() && s.begins() <= ctx.now)
}

/// Today's session, else the only one that is not recorded.
pub(super) fn week(ctx: &Context, group: &Group<'_>, named: Option<Week>) -> Result<Week> {
    let id = &group.cohort.id;
    if let Some(week) = named {
        let session = pick::session(group, week)?;
        if session.begins() > ctx.now {
            return Err(Error::refused(format!(
                "week {week} of `{id}` has not come: it is on {} at {}",
                words::weekday_of_year(session.date),
                words::time(session.starts_at)
            ))
            .hint(format!("cohorts excuse WHO --week {week} -c {id}, for what is known ahead")));
        }
        return Ok(week);
    }
    if let Some(session) = of_today(ctx, group) {
        return Ok(session.week);
    }
    match group.unrecorded(ctx.now).as_slice() {
        [one] => Ok(one.week),
        [] => {
            let next = group.sessions().iter().find(|s| s.begins() > ctx.now);
            let error = Error::refused(match next {
                Some(next) => format!(
                    "nothing of `{id}` is to be recorded before {}, {}",
                    words::weekday(next.date),
                    words::time(next.starts_at)
                ),
                None => format!("every week of `{id}` is recorded"),
            });
            let cohort = if group.recorded.is_empty() { "COHORT" } else { id.as_str() };
            Err(error.hint(format!("cohorts attend {cohort} --week N, to change a recorded week")))
        }
        several => {
            let weeks: Vec<String> = several
                .iter()
                .map(|s| format!("{} ({})", s.week, words::weekday(s.date)))
                .collect();
            if ctx.prompts.are_possible() {
                return Ok(several[ctx.prompts.choose("Which week", &weeks)?].week);
            }
            Err(Error::usage(format!(
                "weeks {} of `{id}` are not recorded; say which",
                words::list(&weeks)
            ))
            .hint("add --week N"))
        }
    }
}

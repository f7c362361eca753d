//! `cohorts incident add`

use chrono::NaiveDate;

use super::told_with_code;
use crate::command::args;
use crate::context::pick::Care;
use crate::context::{Context, Office, pick};
use crate::domain::group::Group;
use crate::domain::incident::{Kind, NewIncident};
use crate::domain::participant::{Participant, Who};
use crate::domain::program::Week;
use crate::domain::schedule::Session;
use crate::domain::words::Word;
use crate::error::{Error, Result};
use crate::output::messages::Report;
use crate::output::words;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Whom it is about, if that is known
    #[arg(value_name = "WHO", value_parser = args::who)]
    who: Option<Who>,

    /// Which cohort; the running one, else the last
    #[arg(long, short, value_name = "COHORT")]
    cohort: Option<String>,

    /// At which session
    #[arg(long, short, value_name = "N", value_parser = args::week)]
    week: Option<Week>,

    /// What happened: one of those below
    #[arg(long, value_name = "KIND", value_parser = args::one_of::<Kind>(), hide_possible_values = true)]
    kind: Option<Kind>,

    /// The day you came to know, if not today
    #[arg(long, value_name = "DATE", value_parser = args::date)]
    on: Option<NaiveDate>,
}

pub(super) fn run(ctx: &mut Context, args: &Args) -> Result<Report> {
    let office = ctx.office()?;
    let program = &office.definitions.program;
    let otherwise = pick::Otherwise::Begun;
    let cohort = pick::cohort(program, args.cohort.as_deref(), otherwise, ctx.today())?;
    let group = office.group(cohort)?;
    let who = args.who.as_ref().map(|who| known(ctx, &office, &group, who)).transpose()?;
    let kind = match args.kind {
        Some(kind) => kind,
        None => ask_kind(ctx, &group)?,
    };
    let session = chosen_session(ctx, &group, kind, args.week)?;
    let id = cohort.id.clone();
    drop(office);
    ctx.change("incident add", |desk| {
        desk.cohort = Some(id.to_string());
        let on = desk.day_said(args.on)?;
        if let Some(session) = session.filter(|session| session.date > on) {
            return Err(Error::usage(format!(
                "week {} was on {}, after {on}",
                session.week,
                words::day_of_year(session.date)
            )));
        }
        let gone = || Error::refused("that participant is not there any more; nothing was noted");
        let participant = match &who {
            Some(one) => Some(desk.store.participant(&one.code)?.ok_or_else(gone)?.id),
            None => None,
        };
        let week = session.map(|session| session.week);
        let new = NewIncident { week, kind, participant, noted_on: on };
        if let Some(number) = desk.store.incident_like(&id, &new)?
            && let Some(there) = desk.store.incident(number)?.filter(|one| one.closed.is_none())
        {
            return Ok(Report::new(format!(
                "Noted already, as incident {number}. {}.",
                told_with_code(&there)
            ))
            .next("once something was done", format!("cohorts incident close {number}")));
        }
        let number = desk.store.add_incident(&id, &new)?;
        let in_week = week.map(|week| format!(" in week {week}")).unwrap_or_default();
        // Without a code: what is left of it when somebody is erased says nothing
        // of whom it was about.
        desk.summary = format!("incident {number} of {id}: {kind}{in_week}");
        let noted = desk.store.incident(number)?.as_ref().map(told_with_code).unwrap_or_default();
        Ok(Report::new(format!("Noted incident {number}. {noted}."))
            .next("once something was done", format!("cohorts incident close {number}")))
    })
}

/// Somebody of the group, else anybody who is known: a stranger to a group may
/// be known from another one.
fn known(ctx: &Context, office: &Office, group: &Group<'_>, who: &Who) -> Result<Participant> {
    if group.members.iter().any(|m| m.participant.matches(who).is_some()) {
        return Ok(ctx.member(office, group, who, Care::Changing)?.participant.clone());
    }
    ctx.participant(office, who, Care::Changing)
}

fn ask_kind(ctx: &Context, group: &Group<'_>) -> Result<Kind> {
    ctx.prompts
        .require("what happened", &format!("--kind, one of {}", args::words_of::<Kind>()))?;
    let question = format!("What happened in {}", group.cohort.id);
    Ok(Kind::ALL[ctx.prompts.choose(&question, &args::meanings(Kind::meaning))?])
}

/// The session that it was at, if it was at one.
fn chosen_session(
    ctx: &Context,
    group: &Group<'_>,
    kind: Kind,
    named: Option<Week>,
) -> Result<Option<Session>> {
    let id = &group.cohort.id;
    if let Some(week) = named {
        let session = pick::session(group, week)?;
        if session.begins() > ctx.now {
            return Err(Error::refused(format!(
                "week {week} of `{id}` has not come: it is on {}",
                words::weekday_of_year(session.date)
            ))
            .hint("add -c COHORT, if another cohort is meant"));
        }
        return Ok(Some(session));
    }
    // The one that it most likely was comes first.
    let begun: Vec<Session> =
        group.sessions().iter().rev().filter(|s| s.begins() <= ctx.now).copied().collect();
    let needed = kind.is_of_a_session();
    if needed && begun.is_empty() {
        return Err(Error::refused(format!("no session of `{id}` has begun"))
            .hint("add -c COHORT, if another cohort is meant"));
    }
    if needed {
        ctx.prompts.require("the week", "--week N")?;
    }
    if begun.is_empty() || !ctx.prompts.are_possible() {
        return Ok(None);
    }
    let mut items: Vec<String> =
        begun.iter().map(|s| format!("{} ({})", s.week, words::weekday(s.date))).collect();
    if !needed {
        items.push("not at a session".to_owned());
    }
    Ok(begun.get(ctx.prompts.choose("In which week", &items)?).copied())
}

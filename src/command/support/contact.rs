//! `cohorts support contact`

use chrono::NaiveDate;

use super::{Next, chosen, how, next_said};
use crate::command::args;
use crate::context::Context;
use crate::domain::participant::Who;
use crate::domain::support::{Contact, ContactKind, NEXT_CONTACT};
use crate::domain::words::Word;
use crate::error::{Error, Result};
use crate::output::messages::Report;
use crate::output::words;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// With whom
    #[arg(value_name = "WHO", value_parser = args::who)]
    who: Option<Who>,

    /// How; no-answer if you tried
    #[arg(long, value_name = "KIND", value_parser = args::one_of::<ContactKind>())]
    kind: Option<ContactKind>,

    /// The day, if not today
    #[arg(long, value_name = "DATE", value_parser = args::date)]
    on: Option<NaiveDate>,

    /// When the next contact is due, or none; a week later
    #[arg(long, value_name = "DATE", value_parser = Next::parse)]
    next: Option<Next>,
}

pub(super) fn run(ctx: &mut Context, args: &Args) -> Result<Report> {
    let office = ctx.office()?;
    let support = chosen(ctx, &office, args.who.as_ref())?;
    drop(office);
    let usual = Next(Some(args.on.unwrap_or(ctx.today()) + NEXT_CONTACT));
    let (kind, Next(next_on)) = match args.kind {
        Some(kind) => (kind, args.next.unwrap_or(usual)),
        None => ask(ctx, args.next, usual)?,
    };
    let code = support.participant.code.clone();
    ctx.change("support contact", |desk| {
        let on = desk.day_said(args.on)?;
        let gone = || Error::refused("that request is not open any more; nothing was noted");
        let support = desk.store.open_support(support.participant.id)?.ok_or_else(gone)?;
        if on < support.asked_on {
            return Err(Error::usage(format!(
                "`{code}` asked on {}, after {on}",
                words::day_of_year(support.asked_on)
            )));
        }
        if next_on.is_some_and(|next| next < on) {
            return Err(Error::usage("--next is before the contact itself"));
        }
        desk.store.add_contact(support.id, Contact { kind, on }, next_on)?;
        desk.summary = format!("{code}: support, {}", how(kind));
        Ok(Report::new(format!(
            "Noted for {}: {}. {}",
            support.participant.called(),
            how(kind),
            next_said(next_on, desk.today())
        ))
        .next("once it is over", format!("cohorts support close {code}")))
    })
}

/// Asks how, and when the next contact is due.
fn ask(ctx: &Context, next: Option<Next>, usual: Next) -> Result<(ContactKind, Next)> {
    let option = format!("--kind, one of {}", args::words_of::<ContactKind>());
    ctx.prompts.require("how you were in touch", &option)?;
    let kinds = args::meanings(ContactKind::meaning);
    let kind = ContactKind::ALL[ctx.prompts.choose("In touch", &kinds)?];
    if let Some(next) = next {
        return Ok((kind, next));
    }
    let day = usual.0.map(words::weekday_of_year).unwrap_or_default();
    let question = format!("Next contact (Enter: {day}; a date, or none)");
    let next = ctx.prompts.line(&question, |typed| match typed {
        "" => Ok(usual),
        typed => Next::parse(typed),
    })?;
    Ok((kind, next))
}

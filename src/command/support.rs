//! `cohorts support`

mod add;
mod close;
mod contact;
mod list;

use chrono::NaiveDate;

use super::args;
use crate::context::pick::Care;
use crate::context::{Context, Office};
use crate::domain::participant::{Participant, Who, call_names};
use crate::domain::support::{ContactKind, Outcome, Support};
use crate::error::{Error, Result};
use crate::output::messages::Report;
use crate::output::words;
use crate::store::Supports;

/// Keep in touch with those who ask for support before a group starts
#[derive(Debug, clap::Args)]
#[command(after_help = "\
A request stands in `cohorts` and in `support list` until it is closed. Nothing
is kept of why somebody asks, or of what was said.

Examples:
  cohorts support add
  cohorts support contact K7QM2 --kind phone
  cohorts support close K7QM2 --outcome joined
  cohorts support list")]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Note that somebody asks for support
    #[command(after_help = "\
Somebody who is not known yet is noted in the same step; their name is asked for
on a terminal. Whoever joins a cohort later is the same participant there.

Examples:
  cohorts support add
  cohorts support add noor@example.org --first-name Noor --last-name Haddad
  cohorts support add K7QM2 --on 2027-02-01 --next 2027-02-03")]
    Add(Box<add::Args>),
    /// Note that you were in touch, or tried
    #[command(after_help = "\
Examples:
  cohorts support contact
  cohorts support contact K7QM2 --kind phone
  cohorts support contact K7QM2 --kind no-answer --next 2027-02-05")]
    Contact(contact::Args),
    /// Say what became of a request, and close it
    #[command(after_help = close_help())]
    Close(close::Args),
    /// Who waits for support, since when, and when you are next in touch
    #[command(after_help = "Examples:
  cohorts support list
  cohorts support list --all --format csv")]
    List(list::Args),
}

fn close_help() -> String {
    format!(
        "What became of it:\n{}\n
Examples:
  cohorts support close K7QM2
  cohorts support close K7QM2 M6VJ8 --outcome referred",
        args::explained(Outcome::meaning)
    )
}

pub fn run(ctx: &mut Context, args: &Args) -> Result<Report> {
    match &args.what {
        What::Add(args) => add::run(ctx, args),
        What::Contact(args) => contact::run(ctx, args),
        What::Close(args) => close::run(ctx, args),
        What::List(args) => list::run(ctx, args),
    }
}

/// When the next contact is due, as it is said: a day, or `none`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Next(Option<NaiveDate>);

impl Next {
    fn parse(typed: &str) -> std::result::Result<Self, String> {
        if typed.eq_ignore_ascii_case("none") {
            return Ok(Self(None));
        }
        let or_none = |error| format!("{error}; or none");
        Ok(Self(Some(args::date(typed).map_err(or_none)?)))
    }
}

/// "The next contact is due on Tue 6 February."
fn next_said(next: Option<NaiveDate>, today: NaiveDate) -> String {
    match next {
        Some(next) if next <= today => "The next contact is due today.".into(),
        Some(next) => format!("The next contact is due on {}.", words::weekday(next)),
        None => "No next contact is planned.".into(),
    }
}

/// The requests that stand, by what to call people.
pub fn open(office: &Office) -> Result<Vec<(Support, String)>> {
    let mut open: Vec<Support> = Vec::new();
    office.store.each_support(Supports::Open, |support| -> Result<()> {
        open.push(support);
        Ok(())
    })?;
    let people: Vec<&Participant> = open.iter().map(|support| &support.participant).collect();
    let names: Vec<String> =
        call_names(&people).iter().map(|name| words::printable(name)).collect();
    Ok(open.into_iter().zip(names).collect())
}

/// The request that stands of whoever is meant; where nobody is named, one is
/// chosen.
fn chosen(ctx: &Context, office: &Office, who: Option<&Who>) -> Result<Support> {
    let Some(who) = who else {
        ctx.prompts
            .require("the participant", "WHO: a code, an e-mail address, or a whole name")?;
        let mut open = open(office)?;
        if open.is_empty() {
            return Err(Error::refused("no request for support is open")
                .hint("cohorts support add, if somebody asks"));
        }
        let line = |(support, name): &(Support, String)| {
            let asked = words::short(support.asked_on);
            format!("{name} ({}), asked {asked}", support.participant.code)
        };
        let lines: Vec<String> = open.iter().map(line).collect();
        return Ok(open.swap_remove(ctx.prompts.choose("Who", &lines)?).0);
    };
    let one = ctx.participant(office, who, Care::Changing)?;
    standing(office, &one)
}

/// The request of somebody that stands.
fn standing(office: &Office, one: &Participant) -> Result<Support> {
    if let Some(open) = office.store.open_support(one.id)? {
        return Ok(open);
    }
    let last = office.store.supports_of(one.id)?.pop().and_then(|support| support.closed);
    let error = match last {
        Some(closed) => Error::refused(format!(
            "the request of `{}` was closed on {}: {}",
            one.code,
            words::day_of_year(closed.on),
            closed.outcome
        )),
        None => Error::refused(format!("`{}` has not asked for support", one.code)),
    };
    Err(error.hint(format!("cohorts support add {}, if they ask now", one.code)))
}

/// What is said of a contact: "in touch by phone".
fn how(kind: ContactKind) -> String {
    match kind {
        ContactKind::NoAnswer => "tried, and not reached".into(),
        kind => format!("in touch {}", kind.meaning()),
    }
}

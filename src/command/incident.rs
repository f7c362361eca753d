//! `cohorts incident`

mod add;
mod close;
mod list;

use super::args;
use crate::context::Context;
use crate::domain::incident::{Action, Incident, Kind};
use crate::error::Result;
use crate::output::messages::Report;
use crate::output::words;

/// Note what went wrong in a group, and what was done about it
#[derive(Debug, clap::Args)]
#[command(after_help = "\
An incident stands in `cohorts` until it is closed. What happened and what was
done are words of short lists; there is no place for a story.

Examples:
  cohorts incident add --week 2 --kind notetaker
  cohorts incident close 3 --done removed
  cohorts incident list")]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Those that are open, or all
    #[command(after_help = "Examples:
  cohorts incident list
  cohorts incident list winter-2027 --all --format csv")]
    List(list::Args),
    /// Note one
    #[command(after_help = add_help())]
    Add(add::Args),
    /// Say what was done about some, and close them
    #[command(after_help = close_help())]
    Close(close::Args),
}

fn add_help() -> String {
    format!(
        "Kinds:\n{}\n
For what was told outside, or something else, the week may be left out.

Examples:
  cohorts incident add
  cohorts incident add --week 2 --kind notetaker
  cohorts incident add K7QM2 -c winter-2027 --week 1 --kind not-agreed",
        args::explained(Kind::meaning)
    )
}

fn close_help() -> String {
    format!(
        "What was done:\n{}\n
Examples:
  cohorts incident close 3
  cohorts incident close 3 4 --done removed",
        args::explained(Action::meaning)
    )
}

pub fn run(ctx: &mut Context, args: Args) -> Result<Report> {
    match args.what {
        What::List(args) => list::run(ctx, &args),
        What::Add(args) => add::run(ctx, &args),
        What::Close(args) => close::run(ctx, &args),
    }
}

/// An incident in a line, with `who` for whoever it is about: "Winter 2024,
/// week 2: there without agreement (Kit)".
pub fn told(incident: &Incident, who: Option<&str>) -> String {
    let week = incident.week.map(|week| format!(", week {week}")).unwrap_or_default();
    let who = who.map(|who| format!(" ({})", words::printable(who))).unwrap_or_default();
    format!("{}{week}: {}{who}", incident.cohort.title(), incident.kind.meaning())
}

/// The same, by name and code.
pub fn told_with_code(incident: &Incident) -> String {
    let who = incident.participant.as_ref().map(|one| format!("{}, {}", one.call_name(), one.code));
    told(incident, who.as_deref())
}

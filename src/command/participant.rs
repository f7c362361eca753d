//! `cohorts participant`

mod edit;
mod erase;
mod merge;
mod show;

use super::args;
use crate::context::Context;
use crate::domain::participant::{Participant, Who};
use crate::domain::roster::Cell;
use crate::domain::text;
use crate::error::Result;
use crate::output::messages::Report;
use crate::output::rows::Heading;

pub use erase::due;

/// Look somebody up, change their details, or erase them
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  cohorts participant list diallo
  cohorts participant show K7QM2
  cohorts participant edit K7QM2 --email kit.new@example.org
  cohorts participant erase K7QM2")]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Everybody known to the office, or those whose name or address fits
    #[command(after_help = "Examples:
  cohorts participant list
  cohorts participant list ama")]
    List(Listing),
    /// One participant, with the cohorts they are or were in
    #[command(after_help = "\
With --all --output it answers somebody who asks what is kept about them.

Examples:
  cohorts participant show K7QM2
  cohorts participant show K7QM2 --all --output what-we-keep.txt")]
    Show(show::Args),
    /// Change a name, an address, or the details of an enrollment
    #[command(after_help = "Examples:
  cohorts participant edit K7QM2 --email kit.new@example.org
  cohorts participant edit K7QM2 --goes-by ''              clears it
  cohorts participant edit K7QM2 -c spring-2027 --site Victoria")]
    Edit(Box<edit::Args>),
    /// Join two entries of one person
    #[command(after_help = "\
The first one stays, with its code and its name; the other one's addresses,
enrollments, consents, marks and incidents become theirs, and its code still
finds them.
Where the two contradict each other, nothing is joined and it says why.

Examples:
  cohorts participant merge K7QM2 M6VJ8
  cohorts participant merge K7QM2 M6VJ8 --dry-run")]
    Merge(merge::Args),
    /// Erase everything that says who somebody is, for good
    #[command(after_help = "\
Names, addresses, phone number, leave, site and residency are removed
everywhere, the history included. Enrollments, consents and marks stay, without
a name, to be counted, and incidents without saying whose. An erasure cannot be taken back.

With --due, a cohort that is gone from cohorts.toml ended when it last met; if
that was never recorded, with the last entry about them.

Examples:
  cohorts participant erase K7QM2
  cohorts participant erase --due --dry-run   whom [retention] says is due")]
    Erase(erase::Args),
}

#[derive(Debug, clap::Args)]
struct Listing {
    /// A code, an address, or part of a name
    #[arg(value_name = "WHO", value_parser = args::who)]
    who: Option<Who>,

    #[command(flatten)]
    listed: args::Listed,
}

pub fn run(ctx: &mut Context, args: Args) -> Result<Report> {
    match args.what {
        What::List(args) => list(ctx, &args),
        What::Show(args) => show::run(ctx, &args),
        What::Edit(args) => edit::run(ctx, &args),
        What::Merge(args) => merge::run(ctx, &args),
        What::Erase(args) => erase::run(ctx, &args),
    }
}

fn list(ctx: &mut Context, args: &Listing) -> Result<Report> {
    let office = ctx.office()?;
    let snapshot = office.store.snapshot()?;
    let mut people: Vec<Participant> = Vec::new();
    match &args.who {
        Some(who) => {
            people.extend(office.store.find_participants(who)?.into_iter().map(|(_, found)| found));
        }
        None => office.store.each_participant(|one| {
            people.push(one);
            Ok(())
        })?,
    }
    people.sort_by_cached_key(|p| text::fold(&p.listed_name()));
    let headings =
        [("code", "Code"), ("name", "Name"), ("goes_by", "Goes by"), ("cohorts", "Cohorts")];
    let headings = headings.map(|(key, title)| Heading::new(key, title)).to_vec();
    let mut rows = ctx.out.rows(args.listed.format, headings)?;
    for one in &people {
        rows.row(&[
            Cell::text(one.code.as_str()),
            Cell::text(one.listed_name()),
            Cell::text(one.call_name()),
            Cell::text(office.store.cohorts_of(one.id)?.join(" ")),
        ])?;
    }
    rows.finish()?;
    drop(snapshot);
    Ok(match (people.is_empty(), &args.who) {
        (true, Some(who)) => Report::new(format!("Nobody here matches `{}`.", who.text)),
        (true, None) => {
            Report::new("Nobody is known yet.").next("sign somebody up", "cohorts enroll")
        }
        _ => Report::silent(),
    })
}

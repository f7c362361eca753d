//! `cohorts participant erase`

use std::io::Write;

use chrono::NaiveDate;

use crate::command::args;
use crate::context::leaving::leave_cohorts;
use crate::context::{Context, Mode, Office, Outcome, reach};
use crate::domain::enrollment::Status;
use crate::domain::participant::{Participant, Who};
use crate::domain::schedule::Stage;
use crate::error::{Error, Result};
use crate::output::messages::Report;
use crate::output::words;
use crate::store::{HeardBy, LastHeard};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Codes, addresses or names
    #[arg(value_name = "WHO", value_parser = args::who, required_unless_present = "due")]
    who: Vec<Who>,

    /// Everybody whose last cohort ended as long ago as [retention] says
    #[arg(long, conflicts_with = "who")]
    due: bool,

    /// Without asking first
    #[arg(long)]
    yes: bool,
}

pub(super) fn run(ctx: &mut Context, args: &Args) -> Result<Report> {
    let office = ctx.office()?;
    let seen = office.seen()?;
    let people = match args.due {
        true => {
            let Some(period) = office.definitions.keeping.erase_after else {
                return Err(Error::refused("cohorts.toml does not say how long people are kept")
                    .hint("add to it:  [retention]  erase_after = \"2 years\""));
            };
            let due = due(&office, ctx.today())?;
            if due.is_empty() {
                return Ok(Report::new(format!(
                    "Nobody is due: nobody's last cohort ended {period} ago or longer."
                )));
            }
            list_due(ctx, &due)?;
            due.into_iter().map(|due| due.participant).collect()
        }
        false => named(ctx, &office, &args.who)?,
    };
    let reaches_not = reach::beyond(&office.folder, &office.definitions, &office.store, &people)?;
    let warnings = still_in(&office, &people, ctx.today())?;
    let mut others = Vec::new();
    // Of those who are due, each of them is due by themselves.
    for who in people.iter().filter(|_| !args.due) {
        others.extend(office.store.taken_back_of_that_name(who)?);
    }
    others.retain(|(other, _)| people.iter().all(|one| one.id != other.id));
    others.dedup_by_key(|(other, _)| other.id);
    drop(office);
    confirm(ctx, args, &people, &warnings)?;

    let listed: Vec<&str> = people.iter().map(|one| one.code.as_str()).collect();
    let outcome = ctx.change_since(Some(&seen), "participant erase", |desk| {
        desk.lasting = true;
        desk.erases = true;
        for who in &people {
            leave_cohorts(desk.store, desk.definitions, who, desk.today())?;
            desk.store.erase(who, desk.today())?;
        }
        desk.summary = format!("erased {}", listed.join(", "));
        Ok(Report::new(format!(
            "Erased {}: nothing here says any more who they are.",
            words::list(&listed)
        )))
    })?;
    let report = match outcome {
        Outcome::Done(report) => report,
        // They may not be due any more, or have a place now: an erasure cannot be
        // taken back, so all of it is looked at again.
        Outcome::Moved => return run(ctx, args),
    };
    if ctx.mode == Mode::DryRun {
        return Ok(report);
    }
    let mut report = report.then(reaches_not);
    for (other, on) in others {
        let (code, on) = (other.code, words::day(on));
        report = report.next(
            format!("if {code}, of that name, taken back on {on}, is they as well"),
            format!("cohorts participant erase {code}"),
        );
    }
    Ok(report)
}

/// Those who are named, each once.
fn named(ctx: &Context, office: &Office, whos: &[Who]) -> Result<Vec<Participant>> {
    let mut people: Vec<Participant> = Vec::new();
    for who in whos {
        let one = ctx.participant_ever(office, who)?;
        if people.iter().all(|other| other.id != one.id) {
            people.push(one);
        }
    }
    Ok(people)
}

/// Whoever was in no cohort that ended later than the period of `[retention]`
/// ago, and is in none to come; in the order in which they came.
pub fn due(office: &Office, today: NaiveDate) -> Result<Vec<LastHeard>> {
    let Some(period) = office.definitions.keeping.erase_after else { return Ok(Vec::new()) };
    let cohorts = office.definitions.program.cohorts.iter();
    let ended: Vec<(&str, NaiveDate)> = cohorts
        .filter_map(|cohort| Some((cohort.id.as_str(), cohort.sessions().last()?.date)))
        .collect();
    Ok(office.store.last_heard_by(period.before(today), &ended)?)
}

fn list_due(ctx: &mut Context, due: &[LastHeard]) -> Result<()> {
    for LastHeard { participant, cohort, on, by } in due {
        let cohort = cohort.as_deref().unwrap_or_default();
        let why = match by {
            HeardBy::Definition => " ended on",
            HeardBy::Support => "support ended on",
            HeardBy::Session => ", gone from cohorts.toml, last met on",
            HeardBy::Entry => ", gone from cohorts.toml: last entry on",
            HeardBy::TakenBack => "their entry was taken back on",
        };
        writeln!(
            ctx.out.people(),
            "  {}  {}, {cohort}{why} {}",
            participant.code,
            words::printable(participant.call_name()),
            words::day_of_year(*on)
        )?;
    }
    Ok(())
}

/// Cohorts that some of these people have a place in, or wait for.
fn still_in(office: &Office, people: &[Participant], today: NaiveDate) -> Result<Vec<String>> {
    let mut said = Vec::new();
    for cohort in &office.definitions.program.cohorts {
        if cohort.stage(today) == Stage::Over {
            continue;
        }
        let group = office.group(cohort)?;
        for one in people {
            let member = group.member_of(one.id);
            if let Some(member) = member.filter(|m| m.enrollment.status != Status::Withdrawn) {
                said.push(format!(
                    "{} is {} in {}, and would leave it",
                    one.code, member.enrollment.status, cohort.id
                ));
            }
        }
    }
    Ok(said)
}

fn confirm(
    ctx: &mut Context,
    args: &Args,
    people: &[Participant],
    warnings: &[String],
) -> Result<()> {
    let called: Vec<String> = people.iter().map(|one| words::printable(&one.called())).collect();
    let who = match called.len() {
        0..=3 => words::list(&called),
        many => words::count(many, "participant"),
    };
    for warning in warnings {
        writeln!(ctx.out.people(), "{warning}.")?;
    }
    if args.yes || ctx.mode == Mode::DryRun {
        return Ok(());
    }
    let question = format!("Erase {who} for good, and everything that says who they are?");
    ctx.prompts.be_sure(&question, "nothing was erased")
}

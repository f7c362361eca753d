//! `cohorts participant merge`

use std::collections::BTreeSet;
use std::io::Write;

use crate::command::args;
use crate::context::pick::Care;
use crate::context::{Context, Desk, Mode, Outcome};
use crate::domain::participant::{Participant, Who};
use crate::error::{Error, Result};
use crate::output::messages::Report;
use crate::output::words;
use crate::store::Differs;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The entry that stays
    #[arg(value_name = "WHO", value_parser = args::who)]
    stays: Who,

    /// The entry that becomes a part of it
    #[arg(value_name = "OTHER", value_parser = args::who)]
    other: Who,

    /// Without asking first
    #[arg(long)]
    yes: bool,
}

pub(super) fn run(ctx: &mut Context, args: &Args) -> Result<Report> {
    let office = ctx.office()?;
    let seen = office.seen()?;
    let stays = ctx.participant(&office, &args.stays, Care::Changing)?;
    let other = ctx.participant(&office, &args.other, Care::Changing)?;
    if stays.id == other.id {
        return Err(Error::usage(format!(
            "`{}` and `{}` are one entry already",
            args.stays.text, args.other.text
        )));
    }
    refuse_contradictions(&office.store.contradictions_between(&stays, &other)?, &stays, &other)?;
    drop(office);
    confirm(ctx, args, &stays, &other)?;
    let outcome = ctx.change_since(Some(&seen), "participant merge", |desk| {
        let before = contradictions(desk, &[&stays, &other])?;
        desk.store.merge(&desk.definitions.program, &stays, &other)?;
        if let Some(new) = contradictions(desk, &[&stays])?.difference(&before).next() {
            return Err(Error::refused(format!(
                "{} and {} cannot be joined",
                stays.code, other.code
            ))
            .because(format!("then {new}")));
        }
        desk.summary = format!("joined {} with {}", other.code, stays.code);
        let mut report = Report::new(format!(
            "Joined {} with {}: one entry now, which both codes find.",
            other.code,
            words::printable(&stays.called())
        ));
        let lost = not_taken_over(&stays, &other);
        if !lost.is_empty() {
            report = report.warning(format!(
                "{} had another {}, which the entry does not have any more",
                other.code,
                words::list(&lost)
            ));
        }
        Ok(report
            .next("look at it", format!("cohorts participant show {} --all", stays.code))
            .next("take it back", "cohorts undo"))
    })?;
    match outcome {
        Outcome::Done(report) => Ok(report),
        // They may be other people now, or one already.
        Outcome::Moved => run(ctx, args),
    }
}

/// What there is room for only once, and the two have differently.
fn not_taken_over(stays: &Participant, other: &Participant) -> Vec<&'static str> {
    let differs = |mine: &Option<String>, theirs: &Option<String>| {
        mine.is_some() && theirs.is_some() && mine != theirs
    };
    let all = [
        ("name", !stays.has_name(&other.first_name, &other.last_name)),
        ("name to go by", other.goes_by.is_some() && other.call_name() != stays.call_name()),
        ("phone number", differs(&stays.phone, &other.phone)),
    ];
    all.into_iter().filter(|(_, differs)| *differs).map(|(what, _)| what).collect()
}

fn refuse_contradictions(
    found: &[(Differs, String)],
    stays: &Participant,
    other: &Participant,
) -> Result<()> {
    if found.is_empty() {
        return Ok(());
    }
    let (stays, other) = (&stays.code, &other.code);
    let said: Vec<&str> = found.iter().map(|(_, what)| what.as_str()).collect();
    let error = Error::refused(format!(
        "{stays} and {other} contradict each other; nothing was joined\n  {}",
        said.join("\n  ")
    ));
    let history = format!(
        "cohorts history --participant {stays}, or {other}, to find the decision that is wrong"
    );
    // A decision is never edited, and one of a later day leaves the two as they are.
    let ends = [
        (Differs::Mark, "cohorts attend COHORT --week N --MARK CODE, for the mark that is wrong"),
        (
            Differs::Detail,
            "cohorts participant edit CODE -c COHORT, with --leave, --site or --residency",
        ),
        (Differs::Decision, &history),
        (Differs::Decision, "cohorts undo NUMBER, to take it back"),
    ];
    let is_found = |(differs, _): &(Differs, &str)| found.iter().any(|(other, _)| other == differs);
    Err(ends.into_iter().filter(is_found).fold(error, |error, (_, hint)| error.hint(hint)))
}

fn confirm(ctx: &mut Context, args: &Args, stays: &Participant, other: &Participant) -> Result<()> {
    if args.yes || ctx.mode == Mode::DryRun {
        return Ok(());
    }
    let mut lines = Vec::new();
    let office = ctx.office()?;
    for (one, becomes) in [(stays, "stays"), (other, "becomes a part of it")] {
        let cohorts = office.store.cohorts_of(one.id)?;
        let cohorts = if cohorts.is_empty() { "no cohort".into() } else { words::list(&cohorts) };
        lines.push(format!(
            "  {}  {}, {cohorts}: {becomes}",
            one.code,
            words::printable(&one.full_name())
        ));
    }
    drop(office);
    // Names are for whoever is asked.
    if ctx.prompts.are_possible() {
        writeln!(ctx.out.people(), "{}", lines.join("\n"))?;
    }
    ctx.prompts.be_sure("Are they one person?", "nothing was joined")
}

/// What does not hold of the cohorts that some people are in.
fn contradictions(desk: &Desk<'_>, people: &[&Participant]) -> Result<BTreeSet<String>> {
    let program = &desk.definitions.program;
    let mut found = BTreeSet::new();
    for one in people {
        for id in desk.store.cohorts_of(one.id)? {
            if let Some(cohort) = program.cohort(&id) {
                let group = desk.store.group(program, cohort)?;
                found.extend(
                    group.contradictions().into_iter().map(|what| format!("{what} ({id})")),
                );
            }
        }
    }
    Ok(found)
}

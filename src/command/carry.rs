//! `cohorts carry`

use std::collections::BTreeSet;

use chrono::{NaiveDate, NaiveDateTime};

use super::finish::later_cohort;
use super::{args, consent, enroll};
use crate::context::pick::{self, Care};
use crate::context::{Context, Desk, Office, Outcome};
use crate::domain::attendance::Mark;
use crate::domain::enrollment::{Enrollment, Reason, Status, signed_up_again};
use crate::domain::group::{Group, Member};
use crate::domain::participant::{Code, Who};
use crate::domain::program::{Cohort, CohortId};
use crate::domain::schedule::Stage;
use crate::error::{Error, Result};
use crate::output::messages::Report;
use crate::output::words;

/// Sign up for a later cohort who still waits, or could not complete
#[derive(Debug, clap::Args)]
#[command(after_help = "\
At a terminal it asks who wants to come again; otherwise name them, or say
--waiting, --incomplete or both. Whoever withdrew is not offered, unless it was
for the schedule.

Leave, site and residency are kept. Those who waited come first, in their
order, and their wait for FROM ends. Everybody has to agree again: the others
in the group are new.

Examples:
  cohorts carry winter-2024 spring-2024
  cohorts carry winter-2024 spring-2024 --waiting
  cohorts carry winter-2024 next K7QM2 P3XVA")]
pub struct Args {
    /// The cohort that they were in
    #[arg(value_name = "FROM")]
    from: String,

    /// The later one
    #[arg(value_name = "TO")]
    to: String,

    /// Codes, addresses or names; asked for on a terminal
    #[arg(value_name = "WHO", value_parser = args::who)]
    who: Vec<Who>,

    /// Everybody who still waits
    #[arg(long)]
    waiting: bool,

    /// Everybody who had a place and missed some of it
    #[arg(long)]
    incomplete: bool,

    /// Even after the last week for joining
    #[arg(long)]
    late: bool,
}

/// Why somebody may want to come again; in the order in which they get places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Why {
    Waits,
    Incomplete,
}

pub fn run(ctx: &mut Context, args: &Args) -> Result<Report> {
    let office = ctx.office()?;
    let seen = office.seen()?;
    let program = &office.definitions.program;
    let today = ctx.today();
    let from = pick::cohort(program, Some(&args.from), pick::Otherwise::Begun, today)?;
    let to = pick::cohort(program, Some(&args.to), pick::Otherwise::Next, today)?;
    refuse(from, to, today)?;
    let codes = chosen(ctx, &office, &office.group(from)?, args)?;
    if codes.is_empty() {
        return Ok(Report::new(nobody(&from.id, args)));
    }
    let (from, to) = (from.id.clone(), to.id.clone());
    drop(office);
    let outcome =
        ctx.change_since(Some(&seen), "carry", |desk| carry(desk, &from, &to, &codes, args.late))?;
    match outcome {
        Outcome::Done(report) => Ok(report),
        Outcome::Moved => run(ctx, args),
    }
}

fn refuse(from: &Cohort, to: &Cohort, today: NaiveDate) -> Result<()> {
    if to.starts_on <= from.starts_on {
        return Err(Error::usage(format!("`{}` does not start after `{}`", to.id, from.id))
            .hint("cohorts carry FROM TO: the earlier one first"));
    }
    if to.stage(today) == Stage::Over {
        return Err(
            Error::refused(format!("`{}` is over", to.id)).hint("cohorts new, to add the next one")
        );
    }
    Ok(())
}

fn nobody(from: &CohortId, args: &Args) -> String {
    match (args.waiting, args.incomplete) {
        (true, false) => format!("Nobody waits for {from}; nothing was changed."),
        (false, true) => format!("Nobody missed some of {from}; nothing was changed."),
        _ => format!("Nobody of {from} comes again; nothing was changed."),
    }
}

/// Why somebody may be offered to come again.
fn why(group: &Group<'_>, member: &Member, today: NaiveDate) -> Option<Why> {
    let is_over = group.stage(today) == Stage::Over;
    match member.enrollment.status {
        Status::Waitlisted => Some(Why::Waits),
        Status::Enrolled => (is_over && !group.completed(member, today)).then_some(Why::Incomplete),
        Status::Withdrawn => (is_over && member.enrollment.reason == Some(Reason::Schedule))
            .then_some(Why::Incomplete),
    }
}

/// Those who come again, as the command line says, or as is answered.
fn chosen(ctx: &Context, office: &Office, group: &Group<'_>, args: &Args) -> Result<Vec<Code>> {
    let today = ctx.today();
    let mut codes = Vec::new();
    for who in &args.who {
        codes.push(ctx.member(office, group, who, Care::Changing)?.participant.code.clone());
    }
    let everybody = group.members.iter().filter_map(|m| Some((m, why(group, m, today)?)));
    if args.waiting || args.incomplete || !args.who.is_empty() {
        let asked_for = everybody.filter(|(_, why)| match why {
            Why::Waits => args.waiting,
            Why::Incomplete => args.incomplete,
        });
        codes.extend(asked_for.map(|(member, _)| member.participant.code.clone()));
        return Ok(codes);
    }
    let mut offered = Vec::new();
    for (member, why) in everybody {
        let participant = member.participant.id;
        let program = &office.definitions.program;
        if later_cohort(&office.store, program, group.cohort, participant)?.is_none() {
            offered.push((member, why));
        }
    }
    offered.sort_by_key(|(member, why)| (*why, member.enrollment.turn()));
    if offered.is_empty() {
        return Ok(codes);
    }
    let people: Vec<_> = offered.iter().map(|(member, _)| &member.participant).collect();
    let items: Vec<(String, bool)> = pick::with_codes(&people)
        .into_iter()
        .zip(&offered)
        .map(|(name, (member, why))| {
            (format!("{name}  {}", told(group, member, *why)), *why == Why::Waits)
        })
        .collect();
    if let Err(error) =
        ctx.prompts.require("who is to come again", "--waiting, --incomplete, or their codes:")
    {
        return Err(items.iter().take(20).fold(error, |error, (item, _)| error.hint(item)));
    }
    let chosen = ctx.prompts.choose_several("Who wants to come again", &items)?;
    codes.extend(chosen.into_iter().map(|at| offered[at].0.participant.code.clone()));
    Ok(codes)
}

fn told(group: &Group<'_>, member: &Member, why: Why) -> String {
    let attended = member.marks.values().filter(|a| Mark::was_there(a.mark)).count();
    match (why, member.enrollment.status) {
        (Why::Waits, _) => "still waits".to_owned(),
        (Why::Incomplete, Status::Withdrawn) => "withdrew for the schedule".to_owned(),
        (Why::Incomplete, _) => format!("was at {attended} of {}", group.sessions().len()),
    }
}

/// Signs them up, those who waited first, and ends their wait.
fn carry(
    desk: &mut Desk<'_>,
    from: &CohortId,
    to: &CohortId,
    codes: &[Code],
    late: bool,
) -> Result<Report> {
    let old = desk.group(from)?;
    let group = desk.group(to)?;
    let wanted: BTreeSet<&str> = codes.iter().map(Code::as_str).collect();
    let (mut coming, mut ended) = (Vec::new(), Vec::new());
    let mut report = Report::silent();
    for member in old.members.iter().filter(|m| wanted.contains(m.participant.code.as_str())) {
        let participant = &member.participant;
        let program = &desk.definitions.program;
        let later = later_cohort(desk.store, program, old.cohort, participant.id)?;
        if let Some(other) = later {
            let enrollment = desk.store.enrollment_in(participant.id, &other)?;
            let has_left = enrollment.is_some_and(|e| e.status == Status::Withdrawn);
            let stands = match has_left {
                false => format!("is in {other} already"),
                true => format!("withdrew from {other}"),
            };
            // What they waited for has come, or they let it pass.
            let so = if member.enrollment.status == Status::Waitlisted {
                desk.store.update_enrollment(&old.ended(
                    member,
                    desk.today(),
                    Reason::AnotherCohort,
                ))?;
                ended.push(participant.code.as_str());
                format!("waits for {from} no longer")
            } else {
                "was left alone".to_owned()
            };
            report = report.and(format!("{} {stands}, and {so}.", participant.called()));
            continue;
        }
        match why(&old, member, desk.today()) {
            Some(why) => coming.push((why, member)),
            None => return Err(not_offered(&old, member, &group, desk.now)),
        }
    }
    if coming.is_empty() {
        desk.summary = format!("the wait for {from} ended of {}", ended.join(", "));
        return Ok(report);
    }
    coming.sort_by_key(|(why, member)| (*why, member.enrollment.turn()));
    let joining = enroll::joining(&group, desk.now, late, None)?;
    // One moment for all of them: then their order in line is that of their rows.
    let last_in_line = group.members.iter().map(|m| m.enrollment.signed_up_at).max();
    let signed_up_at = signed_up_again(desk.now, last_in_line);
    let free = group.seats_for_newcomers();
    for (index, (why, member)) in coming.iter().enumerate() {
        let has_place = index < free;
        let enrollment = Enrollment {
            id: 0,
            status: if has_place { Status::Enrolled } else { Status::Waitlisted },
            signed_up_at,
            joined_week: has_place.then_some(joining),
            withdrawn_on: None,
            reason: None,
            leave: enroll::checked_leave(&group, member.enrollment.leave.as_deref())
                .unwrap_or_default(),
            ..member.enrollment.clone()
        };
        if enrollment.leave != member.enrollment.leave {
            let code = &member.participant.code;
            report = report.warning(format!(
                "{to} does not have the kind of leave of {code}, which is left unsaid there"
            ));
        }
        desk.store.add_enrollment(member.participant.id, to, &enrollment)?;
        if *why == Why::Waits {
            desk.store.update_enrollment(&old.ended(
                member,
                desk.today(),
                Reason::AnotherCohort,
            ))?;
        }
    }
    let listed: Vec<&str> = coming.iter().map(|(_, m)| m.participant.code.as_str()).collect();
    desk.summary = format!("{} carried from {from} to {to}", listed.join(", "));
    if !ended.is_empty() {
        desk.summary += &format!("; the wait of {} ended", ended.join(", "));
    }
    let names: Vec<String> = coming.iter().map(|(_, m)| m.participant.called()).collect();
    let (placed, waiting) = names.split_at(free.min(names.len()));
    let group = desk.group(to)?;
    if !placed.is_empty() {
        report = report.and(format!(
            "{} {} a place in {to}: {} of {} taken.",
            words::list(placed),
            words::has(placed.len()),
            group.count(Status::Enrolled),
            group.cohort.terms.capacity
        ));
    }
    if !waiting.is_empty() {
        let wait = if waiting.len() == 1 { "waits" } else { "wait" };
        report = report
            .and(format!(
                "{} {wait} for {to}: {} in line altogether.",
                words::list(waiting),
                group.waiting().len()
            ))
            .next(
                "when a place is free",
                format!("cohorts place -c {to}{}", pick::to_join(&group, desk.now)),
            );
    }
    let members: Vec<&Member> = group
        .with_status(Status::Enrolled)
        .filter(|m| listed.contains(&m.participant.code.as_str()))
        .collect();
    Ok(report.then(consent::still_to_agree(&group, &members, desk.today())))
}

/// Why somebody who was named is not carried over.
fn not_offered(group: &Group<'_>, member: &Member, to: &Group<'_>, now: NaiveDateTime) -> Error {
    let (code, id) = (&member.participant.code, &group.cohort.id);
    let late = pick::to_join(to, now);
    let enrolling = format!("cohorts enroll -c {} --same-person {code}{late}", to.cohort.id);
    match member.enrollment.status {
        Status::Withdrawn => Error::refused(format!("`{code}` withdrew from `{id}`"))
            .hint(format!("{enrolling}, if they want to come again")),
        _ if group.stage(now.date()) != Stage::Over => Error::refused(format!(
            "`{code}` has a place in `{id}`, which is not over"
        ))
        .hint(format!("cohorts withdraw {code} -c {id} --reason another-cohort, then {enrolling}")),
        _ => Error::refused(format!("`{code}` completed `{id}`"))
            .hint(format!("{enrolling}, if they want to come again")),
    }
}

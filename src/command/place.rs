//! `cohorts place`

use super::{args, consent, enroll};
use crate::context::{Context, pick};
use crate::domain::enrollment::{Enrollment, Status};
use crate::domain::participant::Who;
use crate::domain::program::Week;
use crate::error::{Error, Result};
use crate::output::messages::Report;
use crate::output::words;

/// Give somebody on the waitlist a place
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Without WHO, whoever is first in line.

Examples:
  cohorts place                      the first in line
  cohorts place K7QM2 -c spring-2027
  cohorts place K7QM2 --late         after the last week for joining")]
pub struct Args {
    /// Who gets the place
    #[arg(value_name = "WHO", value_parser = args::who)]
    who: Option<Who>,

    /// Which cohort; the running one, else the next
    #[arg(long, short, value_name = "COHORT")]
    cohort: Option<String>,

    /// Even when all places are taken
    #[arg(long)]
    beyond_capacity: bool,

    /// Even after the last week for joining
    #[arg(long)]
    late: bool,

    /// The first week they are in the group, if not the next one
    #[arg(long, value_name = "N", value_parser = args::week)]
    from_week: Option<Week>,
}

pub fn run(ctx: &mut Context, args: &Args) -> Result<Report> {
    let (id, code) = match &args.who {
        Some(who) => {
            let (id, codes) = ctx.members(args.cohort.as_deref(), std::slice::from_ref(who))?;
            (id, codes.into_iter().next())
        }
        None => {
            let office = ctx.office()?;
            let program = &office.definitions.program;
            let otherwise = pick::Otherwise::Current;
            let cohort = pick::cohort(program, args.cohort.as_deref(), otherwise, ctx.today())?;
            (cohort.id.clone(), None)
        }
    };
    ctx.change("place", |desk| {
        let group = desk.group(&id)?;
        let waiting = group.waiting();
        let member = match &code {
            Some(code) => group.member_with(code),
            None => waiting.first().copied(),
        };
        let Some(member) = member else {
            return Err(Error::refused(format!("nobody waits for `{id}`")));
        };
        let code = &member.participant.code;
        if member.enrollment.status != Status::Waitlisted {
            let error = Error::refused(format!(
                "`{code}` does not wait for `{id}`: they are {}",
                member.enrollment.status
            ));
            return Err(match member.enrollment.status {
                Status::Withdrawn => {
                    let late = pick::to_join(&group, desk.now);
                    error.hint(format!("cohorts enroll -c {id} --same-person {code}{late}"))
                }
                _ => error,
            });
        }
        let (taken, capacity) = (group.count(Status::Enrolled), group.cohort.terms.capacity);
        if group.seats_free() == 0 && !args.beyond_capacity {
            return Err(Error::refused(format!(
                "`{id}` is full: {taken} of {capacity} places are taken"
            ))
            .hint(format!("cohorts withdraw WHO -c {id}, if somebody has left"))
            .hint("add --beyond-capacity to place them all the same"));
        }
        let joining = enroll::joining(&group, desk.now, args.late, args.from_week)?;
        desk.store.update_enrollment(&Enrollment {
            status: Status::Enrolled,
            joined_week: Some(joining),
            ..member.enrollment.clone()
        })?;
        desk.summary = format!("{code} got a place in {id}");
        let ahead = waiting
            .iter()
            .position(|m| m.enrollment.id == member.enrollment.id)
            .unwrap_or_default();
        let mut report = Report::new(format!(
            "{} ({code}) has a place in {id} from week {joining}: {} of {capacity} taken.",
            member.participant.call_name(),
            taken + 1,
        ));
        if ahead > 0 {
            report = report.warning(format!("{} waited longer", words::count(ahead, "other")));
        }
        report = report.then(consent::still_to_agree(&group, &[member], desk.today()));
        if desk.store.open_support(member.participant.id)?.is_some() {
            let close = format!("cohorts support close {code} --outcome joined");
            report = report.next("if they need support no longer", close);
        }
        Ok(report)
    })
}

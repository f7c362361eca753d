//! `cohorts consent`

pub mod receipt;

use std::rc::Rc;

use chrono::{NaiveDate, NaiveDateTime};

use super::roster::{Sheet, sort_by_name};
use super::{args, check, mail};
use crate::context::{Context, Desk, pick};
use crate::domain::attendance::Mark;
use crate::domain::consent::{Consent, Decision, Method, first_agreed_on};
use crate::domain::enrollment::Status;
use crate::domain::group::{Group, Member};
use crate::domain::participant::{Code, Who};
use crate::domain::program::{Agreement, CohortId};
use crate::error::{Error, Result};
use crate::output::messages::Report;
use crate::output::words;
use crate::store::Store;

/// Record who agreed to confidentiality, and list who has not
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Decisions are only ever added: to change one, record the next.

Examples:
  cohorts consent agreed K7QM2 P3XVA
  cohorts consent agreed kit@example.org --on 2024-01-18 --method email
  cohorts consent list")]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// They agree to the text that their cohort needs
    #[command(after_help = "Examples:
  cohorts consent agreed K7QM2
  cohorts consent agreed K7QM2 P3XVA --on 2024-01-18 --method form")]
    Agreed(Deciding),
    /// They do not agree, and cannot be let in
    #[command(after_help = "Examples:
  cohorts consent declined K7QM2
  cohorts consent declined kit@example.org -c next --method email")]
    Declined(Deciding),
    /// They agreed before, and take it back
    #[command(after_help = "Examples:
  cohorts consent withdrawn K7QM2
  cohorts consent withdrawn K7QM2 P3XVA --on 2024-02-01")]
    Withdrawn(Deciding),
    /// Who has agreed and who has not, those who have not first
    #[command(after_help = "Examples:
  cohorts consent list
  cohorts consent list spring-2027 --format csv")]
    List(Listing),
    /// What somebody decided, as a receipt for them
    #[command(after_help = receipt::AFTER)]
    Receipt(receipt::Args),
}

#[derive(Debug, clap::Args)]
struct Deciding {
    /// Codes, addresses or names
    #[arg(value_name = "WHO", required = true, value_parser = args::who)]
    who: Vec<Who>,

    /// Which cohort; the running one, else the next
    #[arg(long, short, value_name = "COHORT")]
    cohort: Option<String>,

    /// The day they said so, if not today
    #[arg(long, value_name = "DATE", value_parser = args::date)]
    on: Option<NaiveDate>,

    /// How they said so, if that is known
    #[arg(long, value_name = "HOW", value_parser = args::one_of::<Method>())]
    method: Option<Method>,
}

#[derive(Debug, clap::Args)]
struct Listing {
    /// Which cohort; the running one, else the next
    #[arg(value_name = "COHORT")]
    cohort: Option<String>,

    #[command(flatten)]
    listed: args::Listed,
}

pub fn run(ctx: &mut Context, args: Args) -> Result<Report> {
    match args.what {
        What::Agreed(args) => decide(ctx, Decision::Agreed, &args),
        What::Declined(args) => decide(ctx, Decision::Declined, &args),
        What::Withdrawn(args) => decide(ctx, Decision::Withdrawn, &args),
        What::List(args) => list(ctx, &args),
        What::Receipt(args) => receipt::run(ctx, &args),
    }
}

fn decide(ctx: &mut Context, decision: Decision, args: &Deciding) -> Result<Report> {
    let (id, codes) = ctx.members(args.cohort.as_deref(), &args.who)?;
    ctx.change(&format!("consent {decision}"), |desk| {
        let on = desk.day_said(args.on)?;
        record(desk, &id, &codes, decision, on, args.method)
    })
}

/// Adds the same decision of several people: of all of them or of none.
pub fn record(
    desk: &mut Desk<'_>,
    id: &CohortId,
    codes: &[Code],
    decision: Decision,
    on: NaiveDate,
    method: Option<Method>,
) -> Result<Report> {
    let group = desk.group(id)?;
    let Some(agreement) = group.agreement else {
        return Err(Error::refused(format!("no agreement is in force when `{id}` starts")));
    };
    refuse_edited_agreement(desk.store, group.agreement)?;
    let known = desk.store.agreement_known_on(id, agreement)?;
    let first = first_agreed_on(agreement.since, known, desk.today());
    let (mut done, mut listed, mut already) = (Vec::new(), Vec::new(), Vec::new());
    for code in codes {
        let Some(member) = group.member_with(code) else { continue };
        let called = member.participant.called();
        match verdict(&group, agreement, member, decision, on, first, desk.now)? {
            Verdict::Add => {
                // What is taken back is what they agreed to, whatever is needed by now.
                let agreed = member.consents.last().filter(|_| decision == Decision::Withdrawn);
                let (kept, version) = match agreed {
                    Some(agreed) => {
                        let version = Rc::clone(&agreed.version);
                        (desk.store.kept_agreement(&version)?, version)
                    }
                    None => {
                        (desk.store.keep_agreement(agreement)?, agreement.version.as_str().into())
                    }
                };
                let consent = Consent { decision, decided_on: on, method, version };
                desk.store.add_consent(member.enrollment.id, kept, &consent)?;
                done.push(called);
                listed.push(code.as_str());
            }
            Verdict::Already => already.push(called),
        }
    }
    let did = match decision {
        Decision::Agreed => "agreed",
        Decision::Declined => "declined the agreement",
        Decision::Withdrawn => "took the agreement back",
    };
    desk.summary = format!("{} {did} in {id}", listed.join(", "));
    let group = desk.group(id)?;
    let mut report = Report::silent();
    if !already.is_empty() {
        let has = words::has(already.len());
        report = report.and(format!(
            "{} {has} {decision} already; nothing was changed.",
            words::list(&already)
        ));
    }
    if done.is_empty() {
        return Ok(report);
    }
    let has = words::has(done.len());
    let did = match decision {
        Decision::Agreed => format!("agreed to version {}", agreement.version),
        Decision::Declined => format!("declined version {}", agreement.version),
        Decision::Withdrawn => "taken the agreement back".to_owned(),
    };
    report =
        report.and(format!("{} {has} {did} for {id}, on {}.", words::list(&done), words::day(on)));
    let last = group.sessions().last().filter(|last| last.date < on);
    if let (Decision::Agreed, Some(last)) = (decision, last) {
        let last = words::day(last.date);
        report = report.and(format!("The last session was on {last}: this lets nobody in to one."));
    }
    let day = group.consent_day(desk.today());
    let (agreed, enrolled) = (group.agreed(day).count(), group.count(Status::Enrolled));
    let has = words::has(agreed);
    let report = report.and(format!("{agreed} of {enrolled} enrolled {has} agreed."));
    Ok(match decision {
        Decision::Agreed if agreed < enrolled => {
            report.next("who has not", format!("cohorts consent list {id}"))
        }
        Decision::Agreed => report,
        _ => report
            .and("They cannot be let in to a session.")
            .then(mail::with_link(desk.store, id, codes)?)
            .next(
                "if they leave the group",
                format!("cohorts withdraw {} -c {id}", listed.join(" ")),
            ),
    })
}

/// What comes next with those who have a place: the text, for whoever has not agreed.
pub fn still_to_agree(group: &Group<'_>, members: &[&Member], day: NaiveDate) -> Report {
    let has_not = |member: &&Member| group.valid_consent(member, day).is_none();
    let members: Vec<&Member> = members.iter().copied().filter(has_not).collect();
    if members.is_empty() {
        return Report::silent();
    }
    Report::silent()
        .next("the text to agree to", format!("cohorts agreement {}", group.cohort.id))
        .then(once_agreed(group, &members))
}

/// The command for when people agree who have not decided yet. Whoever said no
/// is not in it: it is there to be copied.
pub fn once_agreed(group: &Group<'_>, members: &[&Member]) -> Report {
    let codes: Vec<&str> = members
        .iter()
        .filter(|m| group.said_no(m).is_none())
        .map(|m| m.participant.code.as_str())
        .collect();
    match codes.as_slice() {
        [] => Report::silent(),
        codes => Report::silent().next(
            "once they have agreed",
            format!("cohorts consent agreed {} -c {}", codes.join(" "), group.cohort.id),
        ),
    }
}

/// Whoever agreed to another text has not agreed to this one: while they
/// differ, nothing rests on it.
pub fn refuse_edited_agreement(store: &Store, agreement: Option<&Agreement>) -> Result<()> {
    let Some(agreement) = agreement else { return Ok(()) };
    match store.kept_sha256(&agreement.version)? {
        Some(sha256) if sha256 != agreement.sha256() => Err(Error::refused(format!(
            "the text of agreement `{}` was edited after somebody decided about it",
            agreement.version
        ))
        .hint("cohorts check, for how to mend that")),
        _ => Ok(()),
    }
}

enum Verdict {
    Add,
    /// The same decision about the same text stands already.
    Already,
}

fn verdict(
    group: &Group<'_>,
    agreement: &Agreement,
    member: &Member,
    decision: Decision,
    on: NaiveDate,
    first_agreed_on: NaiveDate,
    now: NaiveDateTime,
) -> Result<Verdict> {
    let (code, id) = (&member.participant.code, &group.cohort.id);
    if member.enrollment.status == Status::Withdrawn {
        return Err(Error::refused(format!("`{code}` has withdrawn from `{id}`")).hint(format!(
            "cohorts enroll -c {id} --same-person {code}{}, if they are back",
            pick::to_join(group, now)
        )));
    }
    if decision == Decision::Agreed && on < first_agreed_on {
        let Agreement { version, since, .. } = agreement;
        let why = match first_agreed_on < *since {
            false => format!("it is in force since {since}"),
            true => format!(
                "nothing tells that it was there before {first_agreed_on}, and it is in force \
                 from {since}"
            ),
        };
        return Err(Error::refused(format!(
            "on {on} nobody can have agreed to version `{version}`: {why}"
        ))
        .hint(format!(
            "cohorts consent agreed {code} -c {id} --on DATE, when they agreed to that text"
        ))
        .hint("if it was sent out earlier, write that day as its `since` in cohorts.toml"));
    }
    let last = member.consents.last();
    if let Some(last) = last.filter(|last| last.decided_on > on) {
        return Err(Error::refused(format!(
            "`{code}` {} on {}, after {on}: a later decision cannot be dated before it",
            last.decision, last.decided_on
        ))
        .hint("cohorts undo, if that one was a mistake and the last thing done"));
    }
    let agreed = last.is_some_and(|last| last.decision == Decision::Agreed);
    let to_this_text = last.is_some_and(|last| *last.version == *agreement.version);
    let of_any_text = decision == Decision::Withdrawn;
    if last.is_some_and(|last| last.decision == decision) && (to_this_text || of_any_text) {
        return Ok(Verdict::Already);
    }
    match decision {
        Decision::Withdrawn if !agreed => {
            Err(Error::refused(format!("`{code}` has not agreed in `{id}`"))
                .hint(format!("cohorts consent declined {code} -c {id}")))
        }
        Decision::Declined if agreed && to_this_text => {
            Err(Error::refused(format!("`{code}` has agreed in `{id}`"))
                .hint(format!("cohorts consent withdrawn {code} -c {id}, if they take it back")))
        }
        Decision::Withdrawn => match group.marked_after(member, on, Mark::was_there) {
            None => Ok(Verdict::Add),
            Some(session) => Err(Error::refused(format!(
                "`{code}` was at week {}, {}, after that day",
                session.week,
                words::weekday(session.date)
            ))),
        },
        Decision::Agreed | Decision::Declined => Ok(Verdict::Add),
    }
}

fn list(ctx: &mut Context, args: &Listing) -> Result<Report> {
    let office = ctx.office()?;
    let snapshot = office.store.snapshot()?;
    let otherwise = pick::Otherwise::Current;
    let cohort =
        pick::cohort(&office.definitions.program, args.cohort.as_deref(), otherwise, ctx.today())?;
    let group = office.group(cohort)?;
    // Those who are missed may be in a cohort that is gone from cohorts.toml.
    let hidden = match group.members.is_empty() {
        true => check::hidden(&office)?,
        false => Report::silent(),
    };
    drop(snapshot);
    let day = group.consent_day(ctx.today());
    let mut members: Vec<&Member> =
        group.members.iter().filter(|m| m.enrollment.status != Status::Withdrawn).collect();
    sort_by_name(&mut members);
    members.sort_by_key(|m| group.valid_consent(m, day).is_some());
    let sheet = Sheet::of(&[
        "code",
        "name",
        "status",
        "agreed",
        "consent",
        "consent_on",
        "consent_method",
        "agreement",
    ])?;
    let not_agreed: Vec<_> = group
        .with_status(Status::Enrolled)
        .filter(|m| group.valid_consent(m, day).is_none())
        .collect();
    let mut rows = ctx.out.rows(args.listed.format, sheet.headings(0))?;
    sheet.write(&mut rows, &group, &members, ctx.now)?;
    rows.finish()?;
    let report = match not_agreed.as_slice() {
        [] if group.count(Status::Enrolled) == 0 => {
            Report::new(format!("Nobody is enrolled in {}.", cohort.id))
        }
        [] => Report::new(format!("All who are enrolled in {} have agreed.", cohort.id)),
        members => Report::new(format!(
            "{} of {} enrolled {} not agreed.",
            members.len(),
            group.count(Status::Enrolled),
            words::has(members.len())
        ))
        .then(still_to_agree(&group, members, day)),
    };
    Ok(report.then(hidden))
}

//! `cohorts participant`

use std::io::Write;

use super::args;
use super::enroll::goes_by;
use crate::context::pick::Care;
use crate::context::{Context, Office};
use crate::domain::attendance::WeekState;
use crate::domain::enrollment::Status;
use crate::domain::group::{Group, Member};
use crate::domain::participant::{Email, Participant, Who};
use crate::domain::roster::Cell;
use crate::domain::text;
use crate::domain::words::Word;
use crate::error::{Error, Result};
use crate::output::messages::{Report, STRONG};
use crate::output::rows::{Format, Heading};
use crate::output::words;

/// Look somebody up, or change their details
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  cohorts participant list diallo
  cohorts participant show K7QM2
  cohorts participant edit K7QM2 --email kit.new@example.org")]
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
    #[command(after_help = "Examples:
  cohorts participant show K7QM2
  cohorts participant show kit@example.org --all")]
    Show(Showing),
    /// Change a name, an address, or the details of an enrollment
    #[command(after_help = "Examples:
  cohorts participant edit K7QM2 --email kit.new@example.org
  cohorts participant edit K7QM2 --goes-by ''              clears it
  cohorts participant edit K7QM2 -c spring-2027 --site Victoria")]
    Edit(Box<Editing>),
}

#[derive(Debug, clap::Args)]
struct Listing {
    /// A code, an address, or part of a name
    #[arg(value_name = "WHO", value_parser = args::who)]
    who: Option<Who>,

    /// As a table, as CSV or as JSON
    #[arg(long, default_value = "table", value_parser = args::one_of::<Format>())]
    format: Format,
}

#[derive(Debug, clap::Args)]
struct Showing {
    #[arg(value_name = "WHO", value_parser = args::who)]
    who: Who,

    /// Addresses, phone number, leave, site and residency too
    #[arg(long)]
    all: bool,
}

#[derive(Debug, clap::Args)]
struct Editing {
    #[arg(value_name = "WHO", value_parser = args::who)]
    who: Who,

    #[arg(long, value_name = "NAME", value_parser = args::name)]
    first_name: Option<String>,

    #[arg(long, value_name = "NAME", value_parser = args::name)]
    last_name: Option<String>,

    /// What to call them; '' clears it
    #[arg(long, value_name = "NAME", value_parser = args::maybe_text)]
    goes_by: Option<String>,

    /// The new address; the one before still finds them
    #[arg(long, value_name = "ADDRESS", value_parser = args::email)]
    email: Option<Email>,

    /// '' clears it
    #[arg(long, value_name = "NUMBER", value_parser = args::maybe_text)]
    phone: Option<String>,

    /// The cohort whose leave, site or residency changes
    #[arg(long, short, value_name = "COHORT")]
    cohort: Option<String>,

    /// Their training program; '' clears it
    #[arg(long, value_name = "NAME", value_parser = args::maybe_text)]
    residency: Option<String>,

    /// Where they train; '' clears it
    #[arg(long, value_name = "PLACE", value_parser = args::maybe_text)]
    site: Option<String>,

    /// One of the kinds in cohorts.toml; '' clears it
    #[arg(long, value_name = "KIND", value_parser = args::maybe_text)]
    leave: Option<String>,
}

pub fn run(ctx: &mut Context, args: Args) -> Result<Report> {
    match args.what {
        What::List(args) => list(ctx, &args),
        What::Show(args) => show(ctx, &args),
        What::Edit(args) => edit(ctx, &args),
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
    let mut rows = ctx.out.rows(args.format, headings)?;
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

fn show(ctx: &mut Context, args: &Showing) -> Result<Report> {
    let office = ctx.office()?;
    let one = ctx.participant(&office, &args.who, Care::Looking)?;
    let snapshot = office.store.snapshot()?;
    let mut lines =
        vec![format!("{STRONG}{}{STRONG:#}  {}", one.code, words::printable(&one.full_name()))];
    let mut detail = |what: &str, value: Option<&str>| {
        if let Some(value) = value {
            lines.push(format!("  {what:<11}{}", words::printable(value)));
        }
    };
    detail("goes by", one.goes_by.as_deref());
    if args.all {
        detail("e-mail", one.email.as_deref());
        for former in &one.former_emails {
            detail("formerly", Some(former));
        }
        detail("phone", one.phone.as_deref());
    }
    for id in office.store.cohorts_of(one.id)? {
        let Some(cohort) = office.definitions.program.cohort(&id) else {
            lines.push(format!("\n{id}, which is not in cohorts.toml any more: cohorts check"));
            continue;
        };
        let group = office.group(cohort)?;
        if let Some(member) = group.member_with(&one.code) {
            lines.extend(enrollment_lines(ctx, &group, member, args.all));
        }
    }
    drop(snapshot);
    lines.push(String::new());
    ctx.out.data().write_all(lines.join("\n").as_bytes())?;
    Ok(Report::silent())
}

fn enrollment_lines(ctx: &Context, group: &Group<'_>, member: &Member, all: bool) -> Vec<String> {
    let enrollment = &member.enrollment;
    let mut status = enrollment.status.to_string();
    if group.completed(member, ctx.today()) {
        status = "completed".into();
    }
    if let (Some(day), Some(reason)) = (enrollment.withdrawn_on, enrollment.reason) {
        status = format!("withdrawn on {}, {reason}", words::day_of_year(day));
    }
    let mut lines = vec![format!("\n{STRONG}{}{STRONG:#}: {status}", group.cohort.id.title())];
    let mut detail =
        |what: &str, value: &str| lines.push(format!("  {what:<11}{}", words::printable(value)));
    detail("signed up", &words::moment(enrollment.signed_up_at));
    let has_place = enrollment.status != Status::Waitlisted;
    if let Some(week) = enrollment.joined_week.filter(|week| *week > 1 && has_place) {
        detail("from week", &week.to_string());
    }
    for consent in &member.consents {
        let method = consent.method.map(|method| format!(" ({method})")).unwrap_or_default();
        detail(
            consent.decision.word(),
            &format!(
                "{}, version {}{method}",
                words::day_of_year(consent.decided_on),
                consent.version
            ),
        );
    }
    if member.consents.is_empty() {
        detail("agreed", "NO");
    }
    let strip = group.strip(member, ctx.now);
    if strip.iter().any(|week| *week != WeekState::NotInGroup) {
        let weeks: Vec<String> = strip.iter().map(|week| format!("{:<2}", week.sign())).collect();
        detail("attendance", weeks.concat().trim_end());
    }
    for (week, attendance) in &member.marks {
        if let Some(reason) = attendance.without_agreement {
            detail(&format!("week {week}"), &format!("there without an agreement: {reason}"));
        }
    }
    if all {
        for (what, value) in [
            ("residency", &enrollment.residency),
            ("site", &enrollment.site),
            ("leave", &enrollment.leave),
        ] {
            if let Some(value) = value {
                detail(what, value);
            }
        }
    }
    lines
}

fn edit(ctx: &mut Context, args: &Editing) -> Result<Report> {
    let of_person = args.first_name.is_some()
        || args.last_name.is_some()
        || args.goes_by.is_some()
        || args.email.is_some()
        || args.phone.is_some();
    let of_enrollment = args.residency.is_some() || args.site.is_some() || args.leave.is_some();
    if !of_person && !of_enrollment {
        return Err(Error::usage("nothing to change was given")
            .hint("add --email, --phone, --goes-by, --site or another"));
    }
    let office = ctx.office()?;
    let code = ctx.participant(&office, &args.who, Care::Changing)?.code;
    let cohort = of_enrollment.then(|| enrollment_cohort(ctx, &office, args, &code)).transpose()?;
    drop(office);
    ctx.change("participant edit", |desk| {
        let known = desk.store.participant(&code)?;
        let known = known
            .ok_or_else(|| Error::refused(format!("nobody has the code `{code}` any more")))?;
        let mut changed: Vec<&str> = Vec::new();
        let mut shared = None;
        let mut to = known.clone();
        to.first_name = args.first_name.clone().unwrap_or(to.first_name);
        to.last_name = args.last_name.clone().unwrap_or(to.last_name);
        if let Some(name) = &args.goes_by {
            to.goes_by = goes_by(Some(name), Some(&to.first_name));
        }
        if let Some(phone) = &args.phone {
            to.phone = Some(phone.clone()).filter(|phone| !phone.is_empty());
        }
        for (what, differs) in [
            ("the name", (&to.first_name, &to.last_name) != (&known.first_name, &known.last_name)),
            ("the name to go by", to.goes_by != known.goes_by),
            ("the phone number", to.phone != known.phone),
        ] {
            if differs {
                changed.push(what);
            }
        }
        if to != known {
            desk.store.update_participant(&to)?;
        }
        let same = |email: &&Email| {
            known.email.as_ref().map(|known| known.to_lowercase()) != Some(email.key())
        };
        if let Some(email) = args.email.as_ref().filter(same) {
            let others = desk.store.participants_at(email)?;
            shared = others.into_iter().find(|other| other.id != known.id).map(|other| other.code);
            desk.store.set_email(known.id, Some(email))?;
            changed.push("the address");
        }
        if let Some(id) = &cohort {
            let group = desk.group(id)?;
            if let Some(member) = group.member_with(&code) {
                let before = &member.enrollment;
                let mut enrollment = before.clone();
                let set = |field: &mut Option<String>, given: &Option<String>| {
                    if let Some(given) = given {
                        *field = Some(given.clone()).filter(|text| !text.is_empty());
                    }
                };
                set(&mut enrollment.residency, &args.residency);
                set(&mut enrollment.site, &args.site);
                match args.leave.as_deref() {
                    Some("") => enrollment.leave = None,
                    given => {
                        let given = super::enroll::checked_leave(&group, given)?;
                        enrollment.leave = given.or(enrollment.leave);
                    }
                }
                for (what, differs) in [
                    ("the residency", enrollment.residency != before.residency),
                    ("the site", enrollment.site != before.site),
                    ("the leave", enrollment.leave != before.leave),
                ] {
                    if differs {
                        changed.push(what);
                    }
                }
                if enrollment != *before {
                    desk.store.update_enrollment(&enrollment)?;
                }
            }
        }
        desk.summary = format!("{code}: {} changed", words::list(&changed));
        if changed.is_empty() {
            return Ok(Report::new(format!("{code} is so already; nothing was changed.")));
        }
        let report = Report::new(format!(
            "Changed {} of {} ({code}).",
            words::list(&changed),
            to.call_name()
        ));
        Ok(match shared {
            Some(other) => {
                report.warning(format!("{other} has that address too: name each by the code"))
            }
            None => report,
        }
        .next("take it back", "cohorts undo"))
    })
}

/// The cohort whose details are meant: the one named, else the newest they
/// are in.
fn enrollment_cohort(
    ctx: &Context,
    office: &Office,
    args: &Editing,
    code: &crate::domain::participant::Code,
) -> Result<crate::domain::program::CohortId> {
    if args.cohort.is_some() {
        let who = Who::parse(code.as_str()).map_err(Error::usage)?;
        return Ok(ctx.members(args.cohort.as_deref(), &[who])?.0);
    }
    let known = office.store.participant(code)?;
    let cohorts =
        known.map(|known| office.store.cohorts_of(known.id)).transpose()?.unwrap_or_default();
    let newest = cohorts.last().and_then(|id| office.definitions.program.cohort(id));
    newest.map(|cohort| cohort.id.clone()).ok_or_else(|| {
        Error::refused(format!("`{code}` is in no cohort"))
            .hint("residency, site and leave belong to an enrollment")
    })
}

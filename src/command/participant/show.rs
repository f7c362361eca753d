//! `cohorts participant show`

use std::io::Write;

use anstream::adapter::strip_str;

use crate::command::{args, incident};
use crate::context::pick::Care;
use crate::context::{Context, Mode, Office};
use crate::domain::attendance::WeekState;
use crate::domain::enrollment::Status;
use crate::domain::group::{Group, Member};
use crate::domain::participant::{Participant, Who};
use crate::domain::words::Word;
use crate::error::Result;
use crate::output::file::{ALONE, Draft};
use crate::output::messages::{Report, STRONG};
use crate::output::words;
use crate::store::{ABOUT_ONE, Part};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A code, an address or a name
    #[arg(value_name = "WHO", value_parser = args::who)]
    who: Who,

    /// Addresses, phone number, leave, site and residency too
    #[arg(long)]
    all: bool,

    #[command(flatten)]
    file: args::IntoFile,
}

pub(super) fn run(ctx: &mut Context, args: &Args) -> Result<Report> {
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
    for name in office.store.zoom_names_of(one.id)? {
        // Whoever calls in has their phone number for a name.
        if args.all || name.chars().any(char::is_alphabetic) {
            detail("in Zoom", Some(&name));
        }
    }
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
            lines.extend(draft_lines(&office, member)?);
        }
    }
    lines.extend(support_lines(ctx, &office, &one)?);
    lines.extend(incident_lines(&office, &one)?);
    if args.all && args.file.output.is_some() {
        lines.extend(what_else_is_kept(&office, &one)?);
    }
    drop(snapshot);
    lines.push(String::new());
    let text = lines.join("\n");
    let Some(path) = args.file.path() else {
        ctx.out.data().write_all(text.as_bytes())?;
        return Ok(Report::silent());
    };
    let path = ctx.file(path);
    if ctx.mode == Mode::DryRun {
        return Ok(Report::new(format!("Dry run: would write it to {}", path.display())));
    }
    office.refuse_own_files(&path)?;
    let existing = args.file.existing();
    let mut draft = Draft::begin(&path, existing)?;
    draft.write_all(strip_str(&text).to_string().as_bytes())?;
    let columns = format!("{ABOUT_ONE}{}", one.code);
    let cohorts = office.store.cohorts_of(one.id)?.join(" ");
    ctx.disclose(&office.store, &cohorts, &columns, 1, &path)?;
    draft.publish()?;
    Ok(Report::new(format!("Wrote what is kept about {} to {}{ALONE}.", one.code, path.display())))
}

/// What an answer to a person's question holds beyond the details: what was
/// done, when, and where copies went.
fn what_else_is_kept(office: &Office, one: &Participant) -> Result<Vec<String>> {
    let mut lines = vec!["\nWhat was recorded, and when".to_owned()];
    office.store.each_entry(
        &Part { participant: Some(one.id), ..Part::default() },
        i64::MAX,
        |entry| -> Result<()> {
            // The sentence of an entry may name others by their codes.
            let by = words::printable(&entry.actor);
            lines.push(format!("  {}  {}, by {by}", words::moment(entry.at), entry.command));
            Ok(())
        },
    )?;
    lines.push("\nFiles that may hold it".to_owned());
    let files = office.store.files_that_may_hold(one.id)?;
    if files.is_empty() {
        lines.push("  none was exported".to_owned());
    }
    lines.extend(files.into_iter().map(|file| format!("  {file}")));
    Ok(lines)
}

/// When they asked for support, when somebody was in touch, what became of it.
fn support_lines(ctx: &Context, office: &Office, one: &Participant) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    for support in office.store.supports_of(one.id)? {
        let asked = words::short_of_year(support.asked_on);
        let state = match support.closed {
            Some(closed) => format!("{}, {}", closed.outcome, words::short_of_year(closed.on)),
            None => "open".to_owned(),
        };
        lines.push(format!("\n{STRONG}Support{STRONG:#}: {state}"));
        lines.push(format!("  {:<11}{asked}", "asked"));
        for contact in office.store.contacts_about(support.id)? {
            lines.push(format!("  {:<11}{}", contact.kind, words::short_of_year(contact.on)));
        }
        if let Some(next) = support.next_on {
            let due = if support.is_due(ctx.today()) { ", due" } else { "" };
            lines.push(format!("  {:<11}{}{due}", "next", words::short_of_year(next)));
        }
    }
    Ok(lines)
}

/// What was noted about them, and what was done.
fn incident_lines(office: &Office, one: &Participant) -> Result<Vec<String>> {
    let incidents = office.store.incidents_of(one.id)?;
    let mut lines = Vec::new();
    if !incidents.is_empty() {
        lines.push(format!("\n{STRONG}Incidents{STRONG:#}"));
    }
    for incident in incidents {
        let state = match incident.closed {
            Some(closed) => format!("{}, {}", closed.done, words::short_of_year(closed.on)),
            None => "open".to_owned(),
        };
        let (number, noted) = (incident.number, words::short_of_year(incident.noted_on));
        lines.push(format!("  {number:<11}{}", incident::told(&incident, None)));
        lines.push(format!("  {:<11}noted {noted}; {state}", ""));
    }
    Ok(lines)
}

/// The messages that were drafted for them in a cohort.
fn draft_lines(office: &Office, member: &Member) -> Result<Vec<String>> {
    let drafts = office.store.drafts_of(member.enrollment.id)?;
    let lines = drafts.into_iter().map(|draft| {
        let week = draft.week.map(|week| format!(", week {week}")).unwrap_or_default();
        let on = words::day_of_year(draft.on);
        format!("  {:<11}drafted on {on}{week}", draft.kind.word())
    });
    Ok(lines.collect())
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

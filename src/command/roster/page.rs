//! A roster on paper, so to say: its titles, its rows, and what is said about
//! who is not on it.

use std::io::Write;

use anstyle::Style;

use super::plan::Plan;
use crate::command::consent::once_agreed;
use crate::context::Office;
use crate::domain::enrollment::Status;
use crate::domain::group::{Group, Member};
use crate::domain::program::Cohort;
use crate::error::Result;
use crate::output::messages::Report;
use crate::output::rows::{Format, Rows};
use crate::output::words as say;

/// Writes the roster, and gives how many people are on it. `strong` is for what
/// stands above a table on a screen.
pub(super) fn write(
    to: &mut impl Write,
    width: Option<u16>,
    strong: Style,
    office: &Office,
    cohorts: &[&Cohort],
    plan: &Plan<'_>,
) -> Result<(usize, Report)> {
    let mut report = Report::silent();
    let mut people = 0;
    if plan.format.is_to_be_read() {
        // To people, each cohort is a table of its own.
        for (index, cohort) in cohorts.iter().enumerate() {
            let group = plan.group(office, cohort)?;
            let members = plan.members(&group);
            let gap = if index == 0 { "" } else { "\n" };
            writeln!(to, "{gap}{}\n", title(&group, plan, strong))?;
            let headings = plan.sheet.headings(cohort.terms.sessions);
            let mut rows = Rows::new(plan.format, headings, &mut *to, width)?;
            plan.sheet.write(&mut rows, &group, &members, plan.now)?;
            rows.finish()?;
            people += members.len();
            report = report.then(left_out(&group, plan, &members));
        }
        return Ok((people, report));
    }
    let weeks = cohorts.iter().map(|cohort| cohort.terms.sessions).max().unwrap_or_default();
    let headings = plan.sheet.headings(weeks);
    let mut rows = match plan.format {
        Format::Csv => Rows::csv(plan.delimiter, headings, to)?,
        format => Rows::new(format, headings, to, width)?,
    };
    for cohort in cohorts {
        let group = plan.group(office, cohort)?;
        let members = plan.members(&group);
        plan.sheet.write(&mut rows, &group, &members, plan.now)?;
        people += members.len();
        report = report.then(left_out(&group, plan, &members));
    }
    rows.finish()?;
    Ok((people, report))
}

/// Which cohort it is, its dates, and people in numbers: nothing about anybody.
fn title(group: &Group<'_>, plan: &Plan<'_>, strong: Style) -> String {
    let name = group.cohort.id.title();
    let name = match plan.format {
        Format::Markdown => format!("**{name}**"),
        _ => format!("{strong}{name}{strong:#}"),
    };
    let dates = match (group.sessions().first(), group.sessions().last()) {
        (Some(first), Some(last)) => say::span(first.date, last.date),
        _ => String::new(),
    };
    let waiting = match group.count(Status::Waitlisted) {
        0 => String::new(),
        waiting => format!(", {waiting} waiting"),
    };
    // They are not on the list any more.
    let erased = say::erased(group.erased_places());
    format!(
        "{name}, {dates}: {} of {} places{erased}, {} agreed{waiting}",
        group.had_places(),
        group.cohort.terms.capacity,
        group.had_agreed(group.consent_day(plan.now.date())),
    )
}

/// Says who is not on the list, because they have not agreed or lack what it
/// needs, and who is on a list of addresses without one.
fn left_out(group: &Group<'_>, plan: &Plan<'_>, members: &[&Member]) -> Report {
    let mut report = Report::silent();
    if plan.sheet.has("email") {
        let without: Vec<&str> = codes(members.iter().filter(|m| m.participant.email.is_none()));
        if !without.is_empty() {
            report = report.warning(format!("without an address: {}", without.join(", ")));
        }
    }
    report = report.then(lacking(group, plan));
    if !plan.only_agreed {
        return report;
    }
    let day = group.consent_day(plan.now.date());
    let missing: Vec<&Member> = group
        .with_status(Status::Enrolled)
        .filter(|m| group.valid_consent(m, day).is_none())
        .collect();
    if missing.is_empty() {
        return report;
    }
    let codes = codes(&missing).join(", ");
    report
        .and(format!("Left out of {}, not agreed: {codes}", group.cohort.id))
        .then(once_agreed(group, &missing))
}

/// Says who has nothing in a column that the list needs.
fn lacking(group: &Group<'_>, plan: &Plan<'_>) -> Report {
    let mut report = Report::silent();
    let lacks = |m: &Member| plan.sheet.lacks(group, m, plan.now).map(|column| column.name);
    for column in plan.sheet.required() {
        let without: Vec<&Member> =
            plan.meant(group).filter(|m| lacks(m) == Some(column.name)).collect();
        let Some(first) = without.first() else { continue };
        let listed = codes(&without).join(", ");
        report =
            report.and(format!("Left out of {}, no {}: {listed}", group.cohort.id, column.name));
        if column.name == "email" {
            let edit = format!("cohorts participant edit {} --email ...", first.participant.code);
            report = report.next("once you have it", edit);
        }
    }
    report
}

fn codes<'m>(members: impl IntoIterator<Item = &'m &'m Member>) -> Vec<&'m str> {
    members.into_iter().map(|m| m.participant.code.as_str()).collect()
}

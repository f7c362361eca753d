//! `cohorts roster`

mod plan;
mod sheet;

use std::io::Write;
use std::path::PathBuf;

use chrono::NaiveDate;

use plan::{Plan, plan};
pub use sheet::{Sheet, sort_by_name};

use super::args;
use super::consent::once_agreed;
use crate::context::{Context, Mode, Office, pick};
use crate::domain::enrollment::Status;
use crate::domain::group::{Group, Member};
use crate::domain::program::Cohort;
use crate::domain::roster::{self, Column};
use crate::domain::schedule::Session;
use crate::domain::text;
use crate::domain::words::words;
use crate::error::Result;
use crate::output::file::{Draft, Existing};
use crate::output::messages::{Report, STRONG};
use crate::output::rows::{Format, Rows};
use crate::output::{csv, words as say};
use crate::store::NewOperation;

/// Print who is in a cohort, or export it
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER)]
pub struct Args {
    /// Which cohorts; the running one, else the next
    #[arg(value_name = "COHORT", conflicts_with = "all")]
    cohorts: Vec<String>,

    /// All cohorts
    #[arg(long)]
    all: bool,

    /// The columns and people of a [roster.PURPOSE] in cohorts.toml
    #[arg(long = "for", value_name = "PURPOSE")]
    purpose: Option<String>,

    /// These columns, in this order
    #[arg(long, value_name = "A,B,...", value_delimiter = ',', value_parser = column)]
    columns: Vec<&'static Column>,

    /// These people [default: enrolled]
    #[arg(long, value_name = "WHO", value_parser = args::one_of::<Standing>())]
    status: Option<Standing>,

    /// Only those who have agreed
    #[arg(long)]
    agreed: bool,

    /// Sorted by these columns [default: name]
    #[arg(long, value_name = "A,B,...", value_delimiter = ',', value_parser = column)]
    sort: Vec<&'static Column>,

    /// As the records were at the end of that day
    #[arg(long, value_name = "DATE", value_parser = args::date)]
    as_of: Option<NaiveDate>,

    /// table, csv or json; the ending of FILE decides it too
    #[arg(long, value_parser = args::one_of::<Format>(), hide_possible_values = true)]
    format: Option<Format>,

    /// Write it to a file that only you can read
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Replace the file if there is one
    #[arg(long, requires = "output")]
    force: bool,
}

const AFTER: &str = "\
Addresses, phone numbers and leave are left out unless asked for by name.
In the strip: P present, L late, D departed early, E excused, A absent;
`!` there without an agreement, `x` not let in, `-` not recorded, `.` to
come. In CSV and JSON each week is a column, empty without a mark.

Examples:
  cohorts roster
  cohorts roster winter-2024 --output roster.csv
  cohorts roster next --for zoom --output registrants.csv

Columns: cohort code name first_name last_name goes_by email phone residency
site leave status signed_up place_in_line joined_week withdrawn_on reason agreed
consent consent_on consent_method agreement attendance sessions_attended completed";

words! {
    /// People by where their enrollment stands.
    pub enum Standing {
        Enrolled = "enrolled",
        Waitlisted = "waitlisted",
        Withdrawn = "withdrawn",
        All = "all",
    }
}

fn column(typed: &str) -> std::result::Result<&'static Column, String> {
    roster::column(typed).ok_or_else(|| match text::nearest(typed, roster::column_names()) {
        Some(near) => format!("no such column; did you mean `{near}`?"),
        None => "no such column; see them with --help".into(),
    })
}

pub fn run(ctx: &mut Context, args: &Args) -> Result<Report> {
    let office = ctx.office()?;
    let cohorts = chosen(&office, args, ctx.today())?;
    let plan = plan(&office, args, ctx)?;
    let weeks = cohorts.iter().map(|c| c.terms.sessions).max().unwrap_or_default();
    let transaction = match args.as_of {
        Some(day) => rewound(ctx, &office, day)?,
        None => office.store.snapshot()?,
    };
    let Some(path) = args.output.as_deref().filter(|path| path.as_os_str() != "-") else {
        return print(ctx, &office, &cohorts, &plan, weeks);
    };
    office.refuse_own_files(&ctx.file(path))?;
    let existing = if args.force { Existing::Replace } else { Existing::Keep };
    let mut draft = Draft::begin(path, existing)?;
    let (people, report) = fill(&mut draft, &office, &cohorts, &plan, weeks)?;
    drop(transaction);
    let people_said = if people == 1 { "1 person".to_owned() } else { format!("{people} people") };
    if ctx.mode == Mode::DryRun {
        return Ok(Report::new(format!(
            "Dry run: would write {people_said} to {}",
            path.display()
        ))
        .then(report));
    }
    let ids: Vec<&str> = cohorts.iter().map(|c| c.id.as_str()).collect();
    ctx.disclose(&office.store, &ids.join(" "), &plan.sheet.names(), people, &ctx.file(path))?;
    draft.publish()?;
    let alone = if cfg!(unix) { ", which only you can read" } else { "" };
    Ok(Report::new(format!("Wrote {people_said} to {}{alone}.", path.display())).then(report))
}

/// The records as they were at the end of a day, until the transaction is
/// dropped and everything is as it was.
fn rewound<'o>(
    ctx: &Context,
    office: &'o Office,
    day: NaiveDate,
) -> Result<rusqlite::Transaction<'o>> {
    let transaction = office.store.lock()?;
    let last = office.store.last_operation_on(day)?;
    office.store.begin_operation(&NewOperation {
        at: ctx.now,
        zone: &ctx.zone,
        actor: &ctx.actor,
        command: "roster",
    })?;
    office.store.rewind_to(last)?;
    Ok(transaction)
}

fn chosen<'o>(office: &'o Office, args: &Args, today: NaiveDate) -> Result<Vec<&'o Cohort>> {
    let program = &office.definitions.program;
    if args.all || args.cohorts.iter().any(|named| named == "all") {
        return Ok(program.cohorts.iter().collect());
    }
    if args.cohorts.is_empty() {
        return Ok(vec![pick::cohort(program, None, pick::Otherwise::Current, today)?]);
    }
    let mut chosen: Vec<&Cohort> = Vec::new();
    for named in &args.cohorts {
        let cohort = pick::cohort(program, Some(named), pick::Otherwise::Current, today)?;
        if !chosen.iter().any(|c| c.id == cohort.id) {
            chosen.push(cohort);
        }
    }
    Ok(chosen)
}

fn print(
    ctx: &mut Context,
    office: &Office,
    cohorts: &[&Cohort],
    plan: &Plan<'_>,
    weeks: u32,
) -> Result<Report> {
    let mut report = Report::silent();
    if plan.format != Format::Table {
        let mut rows = ctx.out.rows(plan.format, plan.sheet.headings(weeks))?;
        for cohort in cohorts {
            let group = plan.group(office, cohort)?;
            plan.sheet.write(&mut rows, &group, &plan.members(&group), plan.now)?;
            report = report.then(left_out(&group, plan));
        }
        rows.finish()?;
        return Ok(report);
    }
    for (index, cohort) in cohorts.iter().enumerate() {
        let group = plan.group(office, cohort)?;
        let gap = if index == 0 { "" } else { "\n" };
        writeln!(ctx.out.data(), "{gap}{}\n", title(&group, plan.now.date()))?;
        let mut rows = ctx.out.rows(Format::Table, plan.sheet.headings(cohort.terms.sessions))?;
        plan.sheet.write(&mut rows, &group, &plan.members(&group), plan.now)?;
        rows.finish()?;
        report = report.then(left_out(&group, plan));
    }
    Ok(report)
}

/// Writes the file, and gives how many people are in it.
fn fill(
    draft: &mut Draft<'_>,
    office: &Office,
    cohorts: &[&Cohort],
    plan: &Plan<'_>,
    weeks: u32,
) -> Result<(usize, Report)> {
    if plan.format == Format::Csv {
        draft.write_all(csv::BYTE_ORDER_MARK)?;
    }
    let mut report = Report::silent();
    let mut people = 0;
    let mut rows = Rows::new(
        plan.format,
        plan.sheet.headings(weeks),
        std::io::BufWriter::new(&mut *draft),
        None,
    )?;
    for cohort in cohorts {
        let group = plan.group(office, cohort)?;
        let members = plan.members(&group);
        people += members.len();
        plan.sheet.write(&mut rows, &group, &members, plan.now)?;
        report = report.then(left_out(&group, plan));
    }
    rows.finish()?;
    Ok((people, report))
}

fn title(group: &Group<'_>, today: NaiveDate) -> String {
    let dates = match (group.sessions().first(), group.sessions().last()) {
        (Some(first), Some(last)) => span(first, last),
        _ => String::new(),
    };
    let waiting = match group.count(Status::Waitlisted) {
        0 => String::new(),
        waiting => format!(", {waiting} waiting"),
    };
    let erased = match group.erased {
        0 => String::new(),
        erased => format!(", {erased} erased"),
    };
    format!(
        "{STRONG}{}{STRONG:#}, {dates}: {} of {} places, {} agreed{waiting}{erased}",
        group.cohort.id.title(),
        group.count(Status::Enrolled) + group.erased,
        group.cohort.terms.capacity,
        group.agreed(group.consent_day(today)).count(),
    )
}

fn span(first: &Session, last: &Session) -> String {
    say::span(first.date, last.date)
}

/// Says who is not on a list that is only for those who have agreed, and who is
/// on a list of addresses without one.
fn left_out(group: &Group<'_>, plan: &Plan<'_>) -> Report {
    let mut report = Report::silent();
    if plan.sheet.has("email") {
        let members = plan.members(group);
        let without = members.iter().filter(|m| m.participant.email.is_none());
        let codes: Vec<&str> = without.map(|m| m.participant.code.as_str()).collect();
        if !codes.is_empty() {
            report = report.warning(format!("without an address: {}", codes.join(", ")));
        }
    }
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
    let codes: Vec<&str> = missing.iter().map(|m| m.participant.code.as_str()).collect();
    report
        .and(format!("Left out of {}, not agreed: {}", group.cohort.id, codes.join(", ")))
        .then(once_agreed(group, &missing))
}

//! `cohorts roster`

mod page;
mod plan;
mod sheet;

use std::io::{BufWriter, Write};

use anstyle::Style;
use chrono::NaiveDate;

use plan::plan;
pub use sheet::{Sheet, sort_by_name};

use super::{args, check};
use crate::context::{Context, Mode, Office, pick};
use crate::domain::program::Cohort;
use crate::domain::roster::{self, Column};
use crate::domain::text;
use crate::domain::words::{Word, words};
use crate::error::{Result, io_error};
use crate::output::csv::{self, Delimiter};
use crate::output::file::{ALONE, Draft};
use crate::output::messages::{Report, STRONG};
use crate::output::progress::Progress;
use crate::output::rows::Format;
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

    /// What [roster.PURPOSE] in cohorts.toml asks for
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

    /// Codes instead of names and contacts; sorted by code
    #[arg(long)]
    codes: bool,

    /// Sorted by these columns [default: name]
    #[arg(long, value_name = "A,B,...", value_delimiter = ',', value_parser = column)]
    sort: Vec<&'static Column>,

    /// As the records were at the end of that day
    #[arg(long, value_name = "DATE", value_parser = args::date)]
    as_of: Option<NaiveDate>,

    /// table (if not said), csv, json, markdown or xlsx
    #[arg(long, value_parser = args::one_of::<Format>(), hide_possible_values = true)]
    format: Option<Format>,

    /// In CSV, instead of comma: semicolon or tab
    #[arg(long, value_name = "SIGN", value_parser = delimiter)]
    delimiter: Option<Delimiter>,

    #[command(flatten)]
    file: args::IntoFile,
}

const AFTER: &str = "\
Addresses, phone numbers and leave are left out unless asked for by name.
The ending of FILE decides the format: .csv, .xlsx, .json, .md or .txt.
In the strip: P present, L late, D departed early, E excused, A absent;
`!` there without an agreement, `x` not let in, `-` not recorded, `.` to
come. Markdown, for an e-mail or a wiki, shows the same. In CSV, JSON and
xlsx each week is a column, empty without a mark.

Examples:
  cohorts roster
  cohorts roster winter-2024 --output roster.csv
  cohorts roster winter-2024 --codes --output roster.xlsx
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

/// By its word, or the sign itself.
fn delimiter(typed: &str) -> std::result::Result<Delimiter, String> {
    Delimiter::ALL
        .iter()
        .copied()
        .find(|one| typed == one.word() || typed.chars().eq([one.sign()]))
        .ok_or_else(|| "there is comma, semicolon and tab".into())
}

pub fn run(ctx: &mut Context, args: &Args) -> Result<Report> {
    let office = ctx.office()?;
    let cohorts = chosen(&office, args, ctx.today())?;
    let plan = plan(&office, args, ctx)?;
    let transaction = match args.as_of {
        Some(day) => rewound(ctx, &office, day)?,
        None => office.store.snapshot()?,
    };
    let Some(path) = args.file.path() else {
        let (to, width) = ctx
            .out
            .for_rows(plan.format)
            .map_err(|error| error.hint("write it to a file: add --output roster.xlsx"))?;
        let (people, report) = page::write(to, width, STRONG, &office, &cohorts, &plan)?;
        let report = report.then(hidden(&office, &cohorts, people)?);
        drop(transaction);
        office.leave();
        return Ok(report);
    };
    office.refuse_own_files(&ctx.file(path))?;
    let existing = args.file.existing();
    let mut draft = Draft::begin(path, existing)?;
    let progress = Progress::new(format!("Writing {}", path.display()));
    let mut to = BufWriter::new(&mut draft);
    let failed = |error| io_error("write", path, &error);
    if plan.format == Format::Csv {
        to.write_all(csv::BYTE_ORDER_MARK).map_err(failed)?;
    }
    let (people, report) = page::write(&mut to, None, Style::new(), &office, &cohorts, &plan)?;
    let report = report.then(hidden(&office, &cohorts, people)?);
    to.flush().map_err(failed)?;
    drop((to, transaction, progress));
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
    Ok(Report::new(format!("Wrote {people_said} to {}{ALONE}.", path.display())).then(report))
}

/// Warns of people in cohorts that are gone from cohorts.toml where they might be
/// looked for: on a roster of all cohorts, or on one that nobody is on. To look
/// for them takes longer the more cohorts there are.
fn hidden(office: &Office, cohorts: &[&Cohort], people: usize) -> Result<Report> {
    let of_all = cohorts.len() == office.definitions.program.cohorts.len();
    if of_all || people == 0 { check::hidden(office) } else { Ok(Report::silent()) }
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

//! `cohorts incident list`

use crate::command::args;
use crate::context::{Context, pick};
use crate::domain::incident::Incident;
use crate::domain::participant::Participant;
use crate::domain::program::CohortId;
use crate::domain::roster::Cell;
use crate::domain::words::Word;
use crate::error::Result;
use crate::output::messages::Report;
use crate::output::rows::Heading;
use crate::output::words;
use crate::store::Incidents;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Which cohorts; all of them
    #[arg(value_name = "COHORT")]
    cohorts: Vec<String>,

    /// Those that were closed too
    #[arg(long)]
    all: bool,

    #[command(flatten)]
    listed: args::Listed,
}

/// As data, and to be read; there the last two only where any can be closed.
const COLUMNS: [(&str, &str); 9] = [
    ("number", "No"),
    ("cohort", "Cohort"),
    ("week", "Week"),
    ("kind", "What"),
    ("code", "Whose"),
    ("goes_by", "Goes by"),
    ("noted_on", "Noted"),
    ("done", "Done"),
    ("closed_on", "Closed"),
];

pub(super) fn run(ctx: &mut Context, args: &Args) -> Result<Report> {
    let office = ctx.office()?;
    let snapshot = office.store.snapshot()?;
    let mut of: Vec<Option<&CohortId>> = Vec::new();
    for named in &args.cohorts {
        let program = &office.definitions.program;
        let cohort = pick::cohort(program, Some(named), pick::Otherwise::Current, ctx.today())?;
        if !of.contains(&Some(&cohort.id)) {
            of.push(Some(&cohort.id));
        }
    }
    if of.is_empty() {
        of.push(None);
    }
    let format = args.listed.format;
    let which = if args.all { Incidents::All } else { Incidents::Open };
    let columns = if !args.all && format.is_to_be_read() { 7 } else { 9 };
    let headings = COLUMNS[..columns].iter().map(|(key, title)| Heading::new(key, title));
    let mut rows = ctx.out.rows(format, headings.collect())?;
    let (mut open, mut last) = (0, 0);
    for cohort in of {
        office.store.each_incident(which, cohort, |incident| -> Result<()> {
            if incident.closed.is_none() {
                (open, last) = (open + 1, incident.number);
            }
            rows.row(&cells(&incident)[..columns])
        })?;
    }
    rows.finish()?;
    drop(snapshot);
    let close = match open {
        0 => return Ok(Report::new("No incident is open.")),
        1 => format!("cohorts incident close {last}"),
        _ => "cohorts incident close NUMBER".to_owned(),
    };
    Ok(Report::new(format!("{} open.", words::are(open, "incident")))
        .next("once something was done", close))
}

/// The values of [`COLUMNS`].
fn cells(incident: &Incident) -> [Cell<'_>; 9] {
    let who = incident.participant.as_ref();
    [
        Cell::Number(incident.number),
        Cell::text(incident.cohort.as_str()),
        incident.week.map_or(Cell::Empty, |week| Cell::Number(week.into())),
        Cell::text(incident.kind.word()),
        Cell::maybe(who.map(|one| one.code.as_str())),
        Cell::maybe(who.map(Participant::call_name)),
        Cell::DoneOn(Some(incident.noted_on)),
        Cell::maybe(incident.closed.map(|closed| closed.done.word())),
        incident.closed.map_or(Cell::Empty, |closed| Cell::DoneOn(Some(closed.on))),
    ]
}

//! `cohorts list`

use super::{args, check, finish};
use crate::context::Context;
use crate::domain::enrollment::Status;
use crate::domain::group::{Group, Seat};
use crate::domain::roster::Cell;
use crate::error::Result;
use crate::output::messages::Report;
use crate::output::rows::Heading;
use crate::output::words;

/// List all cohorts and where each stands
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Places taken, how many wait and how many have agreed, the next session, and
the weeks whose attendance is still to be recorded.

Examples:
  cohorts list
  cohorts list --format csv > cohorts.csv")]
pub struct Args {
    #[command(flatten)]
    listed: args::Listed,
}

/// A column in a table, and the columns that it is in CSV and JSON.
const TABLE: [&str; 8] =
    ["Cohort", "Dates", "Stage", "Places", "Wait", "Agreed", "Next", "To record"];
const DATA: [&str; 10] = [
    "cohort",
    "first_session",
    "last_session",
    "stage",
    "enrolled",
    "capacity",
    "waitlisted",
    "agreed",
    "next_session",
    "weeks_to_record",
];

pub fn run(ctx: &mut Context, args: &Args) -> Result<Report> {
    let office = ctx.office()?;
    let snapshot = office.store.snapshot()?;
    let now = ctx.now;
    let to_be_read = args.listed.format.is_to_be_read();
    let headings = match to_be_read {
        true => TABLE.map(|title| Heading::new(title, title)).to_vec(),
        false => DATA.map(|key| Heading::new(key, key)).to_vec(),
    };
    let mut rows = ctx.out.rows(args.listed.format, headings)?;
    let program = &office.definitions.program;
    let cohorts: Vec<_> = program.cohorts.iter().collect();
    let marked_finished = office.store.marked_finished()?;
    for group in office.store.seats(program, &cohorts)? {
        let is_marked = marked_finished.contains(group.cohort.id.as_str());
        let stage = finish::stage(is_marked, &office.store, program, &group, now)?;
        let standing = CohortStanding::of(&group, stage, now);
        match to_be_read {
            true => rows.row(&standing.as_table())?,
            false => rows.row(&standing.as_data())?,
        }
    }
    rows.finish()?;
    let hidden = check::hidden(&office)?;
    drop(snapshot);
    let report = match program.cohorts.as_slice() {
        [] => Report::new("There is no cohort yet.").next("add the first one", "cohorts new"),
        _ => Report::silent(),
    };
    office.leave();
    Ok(report.then(hidden))
}

/// Where a cohort stands.
struct CohortStanding {
    id: String,
    first: Option<chrono::NaiveDate>,
    last: Option<chrono::NaiveDate>,
    stage: &'static str,
    enrolled: usize,
    capacity: u32,
    waitlisted: usize,
    agreed: usize,
    next: Option<chrono::NaiveDate>,
    to_record: String,
}

impl CohortStanding {
    fn of(group: &Group<'_, Seat>, stage: &'static str, now: chrono::NaiveDateTime) -> Self {
        let today = now.date();
        let sessions = group.sessions();
        let to_record: Vec<String> =
            group.unrecorded(now).iter().map(|session| session.week.to_string()).collect();
        Self {
            id: group.cohort.id.to_string(),
            first: sessions.first().map(|session| session.date),
            last: sessions.last().map(|session| session.date),
            stage,
            enrolled: group.had_places(),
            capacity: group.cohort.terms.capacity,
            waitlisted: group.count(Status::Waitlisted),
            agreed: group.had_agreed(group.consent_day(today)),
            next: sessions.iter().find(|session| session.ends() > now).map(|session| session.date),
            to_record: to_record.join(","),
        }
    }

    /// Fits 80 columns: the year is left out where the id says it.
    fn as_table(&self) -> Vec<Cell<'_>> {
        use chrono::Datelike;
        let dates = match (self.first, self.last) {
            (Some(first), Some(last)) if self.id.contains(&first.year().to_string()) => {
                format!("{} - {}", words::short(first), words::short(last))
            }
            (Some(first), Some(last)) => {
                format!("{} - {}", words::short(first), words::short_of_year(last))
            }
            _ => String::new(),
        };
        let some = |count: usize| match count {
            0 => Cell::Empty,
            count => Cell::text(count.to_string()),
        };
        vec![
            Cell::text(&*self.id),
            Cell::text(dates),
            Cell::text(self.stage),
            Cell::text(format!("{}/{}", self.enrolled, self.capacity)),
            some(self.waitlisted),
            Cell::text(self.agreed.to_string()),
            self.next.map_or(Cell::Empty, |day| Cell::text(words::short(day))),
            Cell::text(&*self.to_record),
        ]
    }

    fn as_data(&self) -> Vec<Cell<'_>> {
        let number = |n: usize| Cell::Number(i64::try_from(n).unwrap_or(i64::MAX));
        let date = |day: Option<chrono::NaiveDate>| day.map_or(Cell::Empty, Cell::Date);
        vec![
            Cell::text(&*self.id),
            date(self.first),
            date(self.last),
            Cell::text(self.stage),
            number(self.enrolled),
            Cell::Number(self.capacity.into()),
            number(self.waitlisted),
            number(self.agreed),
            date(self.next),
            Cell::text(&*self.to_record),
        ]
    }
}

//! `cohorts history`

use super::args;
use crate::context::Context;
use crate::domain::roster::Cell;
use crate::error::Result;
use crate::output::messages::Report;
use crate::output::rows::{Format, Heading};

/// How many are shown unless all are asked for.
const RECENT: i64 = 30;

/// List what was changed, when and by whom, newest first
#[derive(Debug, clap::Args)]
#[command(after_help = "\
People are named by their codes.

Examples:
  cohorts history
  cohorts history --all --format csv > history.csv")]
pub struct Args {
    /// Not only the last 30
    #[arg(long)]
    all: bool,

    /// As a table, as CSV or as JSON
    #[arg(long, default_value = "table", value_parser = args::one_of::<Format>())]
    format: Format,
}

pub fn run(ctx: &mut Context, args: &Args) -> Result<Report> {
    let office = ctx.office()?;
    let most = if args.all { i64::MAX } else { RECENT };
    let entries = office.store.entries(None, most)?;
    let headings = match args.format {
        Format::Table => ["No", "When", "Who", "What", ""].map(|t| Heading::new(t, t)).to_vec(),
        Format::Csv | Format::Json => {
            let keys = ["operation", "at", "actor", "command", "what", "undone"];
            keys.map(|key| Heading::new(key, key)).to_vec()
        }
    };
    let mut rows = ctx.out.rows(args.format, headings)?;
    for entry in &entries {
        let mut cells =
            vec![Cell::Number(entry.id), Cell::Moment(entry.at), Cell::text(&*entry.actor)];
        match args.format {
            Format::Table => {
                let undone = if entry.undone { Cell::text("undone") } else { Cell::Empty };
                cells.extend([Cell::text(&*entry.summary), undone]);
            }
            Format::Csv | Format::Json => cells.extend([
                Cell::text(&*entry.command),
                Cell::text(&*entry.summary),
                Cell::YesNo(entry.undone),
            ]),
        }
        rows.row(&cells)?;
    }
    rows.finish()?;
    let last = entries.last().map_or(0, |entry| entry.id);
    Ok(match entries.as_slice() {
        [] => Report::new("Nothing was changed yet."),
        _ if !args.all && last > 1 && entries.len() >= usize::try_from(RECENT).unwrap_or(0) => {
            Report::new("Older ones are not shown.").next("all of them", "cohorts history --all")
        }
        _ => Report::silent(),
    })
}

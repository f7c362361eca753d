//! `cohorts history`

mod changes;
mod exports;
pub mod fields;

use chrono::NaiveDate;

use super::args;
use crate::context::pick::{self, Care};
use crate::context::{Context, Office};
use crate::domain::participant::{Code, Who};
use crate::domain::roster::Cell;
use crate::error::Result;
use crate::output::messages::Report;
use crate::output::rows::{Format, Heading};
use crate::output::words;
use crate::store::Part;
use fields::Personal;

/// How many are shown unless all are asked for.
const RECENT: i64 = 30;

/// List what was changed, when and by whom, newest first
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[command(after_help = "\
People are named by their codes.

Examples:
  cohorts history
  cohorts history --participant K7QM2 --changes
  cohorts history --exports --since 2024-01-01
  cohorts history --all --format csv > history.csv")]
pub struct Args {
    /// Only what was done in that cohort
    #[arg(long, short, value_name = "COHORT")]
    cohort: Option<String>,

    /// Only what changed something about that person
    #[arg(long, value_name = "WHO", value_parser = args::who, conflicts_with = "exports")]
    participant: Option<Who>,

    /// Only since that day, and all since then
    #[arg(long, value_name = "DATE", value_parser = args::date)]
    since: Option<NaiveDate>,

    /// Each field, before and after; names and contacts as ***
    #[arg(long, conflicts_with = "exports")]
    changes: bool,

    /// Names, addresses, leave, site and residency too
    #[arg(long, requires = "changes")]
    show_personal: bool,

    /// What was written to files instead, and whether they are still there
    #[arg(long)]
    exports: bool,

    /// Not only the last 30
    #[arg(long)]
    all: bool,

    #[command(flatten)]
    listed: args::Listed,
}

/// Which part of the history is meant, once names are looked up.
struct Chosen {
    cohort: Option<String>,
    participant: Option<(i64, Code)>,
    since: Option<NaiveDate>,
}

pub fn run(ctx: &mut Context, args: &Args) -> Result<Report> {
    let office = ctx.office()?;
    let chosen = Chosen::look_up(ctx, &office, args)?;
    let most = if args.all || args.since.is_some() { i64::MAX } else { RECENT };
    let snapshot = office.store.snapshot()?;
    let shown = match (args.exports, args.changes) {
        (true, _) => exports::list(ctx, &office, &chosen.part(), most, args.listed.format)?,
        (false, false) => list(ctx, &office, &chosen.part(), most, args.listed.format)?,
        (false, true) => {
            let personal = if args.show_personal { Personal::Shown } else { Personal::Masked };
            changes::list(ctx, &office, &chosen.part(), most, args.listed.format, personal)?
        }
    };
    drop(snapshot);
    Ok(match shown {
        Shown::Nothing => chosen.nothing(args.exports),
        Shown::All => Report::silent(),
        Shown::NotAll => Report::new("Older ones are not shown.")
            .next("all of them", format!("cohorts history{} --all", chosen.flags(args))),
    })
}

/// How much of what there is was shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    Nothing,
    All,
    NotAll,
}

/// Gives at most `most` of what `each` is called with, and says whether that
/// was all.
struct AtMost {
    most: i64,
    given: i64,
}

impl AtMost {
    fn new(most: i64) -> Self {
        Self { most, given: 0 }
    }

    /// One more than is shown, to see whether there are more.
    fn to_ask_for(&self) -> i64 {
        self.most.saturating_add(1)
    }

    fn takes_one(&mut self) -> bool {
        self.given += 1;
        self.given <= self.most
    }

    fn shown(&self) -> Shown {
        match self.given {
            0 => Shown::Nothing,
            given if given > self.most => Shown::NotAll,
            _ => Shown::All,
        }
    }
}

fn list(
    ctx: &mut Context,
    office: &Office,
    part: &Part<'_>,
    most: i64,
    format: Format,
) -> Result<Shown> {
    let headings = match format.is_to_be_read() {
        true => ["No", "When", "Who", "What"].map(|t| Heading::new(t, t)).to_vec(),
        false => keys(&["operation", "at", "actor", "command", "what", "undone"]),
    };
    let mut rows = ctx.out.rows(format, headings)?;
    let mut at_most = AtMost::new(most);
    office.store.each_entry(part, at_most.to_ask_for(), |entry| -> Result<()> {
        if !at_most.takes_one() {
            return Ok(());
        }
        let mut cells =
            vec![Cell::Number(entry.id), Cell::Moment(entry.at), Cell::text(&*entry.actor)];
        match format.is_to_be_read() {
            // Not in a column of its own, which would take its width from all
            // other lines.
            true if entry.undone => cells.push(Cell::text(format!("{} (undone)", entry.summary))),
            true => cells.push(Cell::text(&*entry.summary)),
            false => cells.extend([
                Cell::text(&*entry.command),
                Cell::text(&*entry.summary),
                Cell::YesNo(entry.undone),
            ]),
        }
        rows.row(&cells)
    })?;
    rows.finish()?;
    Ok(at_most.shown())
}

fn keys(keys: &[&str]) -> Vec<Heading> {
    keys.iter().map(|key| Heading::new(key, key)).collect()
}

impl Chosen {
    fn look_up(ctx: &Context, office: &Office, args: &Args) -> Result<Self> {
        let cohort = match args.cohort.as_deref() {
            // One that was taken out of cohorts.toml still has a history.
            Some(named) if office.store.tells_of_cohort(named)? => Some(named.to_owned()),
            Some(named) => {
                let program = &office.definitions.program;
                let otherwise = pick::Otherwise::Current;
                let found = pick::cohort(program, Some(named), otherwise, ctx.today())?;
                Some(found.id.to_string())
            }
            None => None,
        };
        let participant = match &args.participant {
            Some(who) => {
                let found = ctx.participant(office, who, Care::Looking)?;
                Some((found.id, found.code))
            }
            None => None,
        };
        Ok(Self { cohort, participant, since: args.since })
    }

    fn part(&self) -> Part<'_> {
        Part {
            cohort: self.cohort.as_deref(),
            participant: self.participant.as_ref().map(|(id, _)| *id),
            since: self.since,
        }
    }

    /// Says that there is nothing to list.
    fn nothing(&self, exports: bool) -> Report {
        let mut what =
            if exports { "No roster was written to a file" } else { "Nothing was changed" }
                .to_owned();
        if let Some(cohort) = &self.cohort {
            what += if exports { " of " } else { " in " };
            what += cohort;
        }
        if let Some((_, code)) = &self.participant {
            what += &format!(" about {code}");
        }
        if let Some(since) = self.since {
            what += &format!(" since {}", words::day_of_year(since));
        }
        if self.cohort.is_none() && self.participant.is_none() && self.since.is_none() {
            return Report::new(what + " yet.");
        }
        let all = if exports { "cohorts history --exports" } else { "cohorts history" };
        Report::new(what + ".").next("whatever there is", all)
    }

    /// The flags that choose the same again.
    fn flags(&self, args: &Args) -> String {
        let mut flags = String::new();
        if let Some(cohort) = &self.cohort {
            flags += &format!(" -c {cohort}");
        }
        if let Some((_, code)) = &self.participant {
            flags += &format!(" --participant {code}");
        }
        for (given, flag) in [
            (args.exports, " --exports"),
            (args.changes, " --changes"),
            (args.show_personal, " --show-personal"),
        ] {
            if given {
                flags += flag;
            }
        }
        flags
    }
}

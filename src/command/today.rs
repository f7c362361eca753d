//! `cohorts` alone, and `cohorts today`: what needs doing, each line with the
//! command that does it.

mod cohort;
mod incidents;
mod keeping;
mod session;
mod support;
mod text;

use std::io::Write;

use chrono::{Days, NaiveDate, NaiveTime};
use serde::Serialize;

use super::args;
use crate::context::{Context, Office, pick};
use crate::domain::instant;
use crate::domain::program::Terms;
use crate::domain::words::words;
use crate::error::{Error, Result};
use crate::output::items::Item;
use crate::output::messages::Report;
use crate::output::words;
use session::Door;

/// How long after its end a cohort is still looked at: a year's are seen.
const AFTERWARDS: Days = Days::new(400);

/// How far ahead "soon" goes.
const SOON: Days = Days::new(14);

/// More of one kind than this become one line.
const MOST_NAMED: usize = 3;

words! {
    /// How it is written.
    pub enum Format {
        Table = "table",
        Json = "json",
    }
}

/// What needs doing today, the same as `cohorts` alone
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Today's sessions with who is expected, who told us and who must not be admitted;
then what there is to do, what comes in two weeks, and the cohorts to come.

Examples:
  cohorts
  cohorts today --on 2027-01-26      how that day looks from here
  cohorts today --format json")]
pub struct Args {
    /// Which day, if not today
    #[arg(long, value_name = "DATE", value_parser = args::date)]
    on: Option<NaiveDate>,

    /// How it is written
    #[arg(long, default_value = "table", value_parser = args::one_of::<Format>())]
    format: Format,
}

impl Default for Args {
    fn default() -> Self {
        Self { on: None, format: Format::Table }
    }
}

/// All that is said.
#[derive(Debug, Serialize)]
struct Screen {
    date: NaiveDate,
    /// Where it is about the present.
    time: Option<NaiveTime>,
    /// Whether cohorts.toml and the records fit together. Whoever looks here
    /// lets people in: that must not rest on what is uncertain.
    fits: bool,
    sessions: Vec<Door>,
    today: Vec<Item>,
    soon: Vec<Item>,
    last_backup: Option<String>,
    /// The program's time zone, where this machine's clock is not of it.
    #[serde(skip)]
    other_zone: Option<String>,
}

pub fn run(ctx: &mut Context, args: &Args) -> Result<Report> {
    let elsewhen = args.on.filter(|on| *on != ctx.today());
    let now = match elsewhen {
        Some(on) => on.and_time(NaiveTime::MIN),
        None => ctx.now,
    };
    ctx.now = now;
    let mut screen = screen(ctx, elsewhen.is_none())?;
    for item in screen.today.iter_mut().chain(&mut screen.soon) {
        item.command = ctx.out.proposed(&item.command);
    }
    match args.format {
        Format::Table => ctx.out.data().write_all(screen.text().as_bytes())?,
        Format::Json => {
            let json = serde_json::to_string_pretty(&screen).map_err(|error| {
                Error::refused("the screen could not be written as JSON").because(error)
            })?;
            writeln!(ctx.out.data(), "{json}")?;
        }
    }
    Ok(match elsewhen {
        Some(on) => Report::new(format!(
            "{} as it looks from here: the records are as they are now.",
            words::weekday_of_year(on)
        )),
        None => match &screen.other_zone {
            Some(zone) => Report::silent().warning(format!(
                "this computer's clock is not that of {zone}, whose hours these are"
            )),
            None => Report::silent(),
        },
    })
}

fn screen(ctx: &Context, is_now: bool) -> Result<Screen> {
    let office = ctx.office()?;
    let snapshot = office.store.snapshot()?;
    let screen = seen(ctx, &office, is_now)?;
    drop(snapshot);
    office.leave();
    Ok(screen)
}

fn seen(ctx: &Context, office: &Office, is_now: bool) -> Result<Screen> {
    let now = ctx.now;
    let mut screen = Screen {
        date: now.date(),
        time: is_now.then_some(now.time()),
        fits: super::check::fits(office)?,
        sessions: Vec::new(),
        today: Vec::new(),
        soon: Vec::new(),
        last_backup: None,
        other_zone: other_zone(ctx, &office.definitions.program.terms),
    };
    if !screen.fits {
        screen.today.push(Item::new("See what is wrong, and mend it", "cohorts check"));
        // Nobody is forgotten meanwhile, and nothing that went wrong.
        screen.add_support(ctx, office)?;
        screen.add_incidents(office)?;
        return Ok(screen);
    }
    let program = &office.definitions.program;
    let usual = pick::running(program, now.date()).ok().flatten();
    let usual = usual.or_else(|| pick::next(program, now.date()));
    for cohort in &program.cohorts {
        let sessions = cohort.sessions();
        let over_for_good = sessions.last().is_some_and(|last| last.date + AFTERWARDS < now.date());
        if over_for_good {
            continue;
        }
        let group = office.group_without_addresses(cohort)?;
        // Commands go without the cohort where they would choose it anyway.
        let is_usual = usual.is_some_and(|usual| usual.id == cohort.id);
        let named = if is_usual { "" } else { cohort.id.as_str() };
        screen.add(office, &group, now, named)?;
    }
    screen.add_support(ctx, office)?;
    screen.add_next_cohort(office);
    screen.add_incidents(office)?;
    screen.add_keeping(ctx, office)?;
    Ok(screen)
}

/// The time zone of the sessions, where it is another time there than here; by the
/// rules of today, which this computer may not know of its own zone.
fn other_zone(ctx: &Context, terms: &Terms) -> Option<String> {
    let there = instant::on_the_wall(ctx.moment?, &terms.timezone)?;
    (there != ctx.now).then(|| terms.timezone.clone())
}

impl Screen {
    fn add_next_cohort(&mut self, office: &Office) {
        if pick::next(&office.definitions.program, self.date).is_none() {
            self.soon.push(Item::new("No cohort is to come", "cohorts new"));
        }
    }
}

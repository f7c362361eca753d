//! `cohorts check`

use std::ops::Range;

use chrono::Days;

use crate::context::{Context, Office};
use crate::definitions::{Definitions, Level, Problem};
use crate::domain::program::Cohort;
use crate::domain::schedule::Session;
use crate::error::{Error, Kind, Result};
use crate::output::messages::Report;
use crate::output::{problems, words};

/// Say whether cohorts.toml is right, and whether the records fit it
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Prints every mistake with its line and what would be right, and says how to
mend it. Exit code 5 when something was found.

Examples:
  cohorts check
  cohorts check --folder ~/Documents/aim-focus-release")]
pub struct Args {}

pub fn run(ctx: &mut Context, _: &Args) -> Result<Report> {
    let office = match ctx.office() {
        // The mistakes are what was asked for: they were found.
        Err(error) if error.preamble.is_some() => {
            let mut found =
                Error::new(Kind::Found, error.message.replace("; nothing was done", ""));
            found.preamble = error.preamble;
            return Err(found);
        }
        other => other?,
    };
    let snapshot = office.store.snapshot()?;
    let mut found = office.definitions.warnings.clone();
    let mut elsewhere = Vec::new();
    misfits(&office, &mut found, &mut elsewhere)?;
    let fits = elsewhere.is_empty() && found.iter().all(|problem| problem.level != Level::Error);
    let mut people = 0;
    let program = &office.definitions.program;
    for id in office.store.cohorts_with_records()? {
        let Some(cohort) = program.cohort(&id) else { continue };
        let group = office.group(cohort)?;
        people += group.members.len();
        // What does not fit makes much else look wrong: then it is the cause.
        let wrong = if fits { group.contradictions() } else { Vec::new() };
        elsewhere.extend(wrong.into_iter().map(|what| {
            (format!("{what} ({id})"), "look at what was done: cohorts history".to_owned())
        }));
    }
    drop(snapshot);
    let errors =
        elsewhere.len() + found.iter().filter(|problem| problem.level == Level::Error).count();
    let shown = problems::render(&office.definitions.text, &found, ctx.out.color());
    if errors == 0 {
        let report = match found.as_slice() {
            [] => Report::silent(),
            _ => Report::new(format!("{}\n", shown.trim_end())),
        };
        return Ok(report.and(format!(
            "All is well: {}, {}.",
            words::count(program.cohorts.len(), "cohort"),
            words::count(people, "enrollment"),
        )));
    }
    let mut preamble: Vec<String> = Vec::new();
    if !found.is_empty() {
        preamble.push(shown.trim_end().to_owned());
    }
    for (what, mend) in elsewhere {
        preamble.push(format!("error: {what}\n  {mend}"));
    }
    let mut error = Error::new(Kind::Found, format!("{} found", words::count(errors, "problem")));
    error.preamble = Some(preamble.join("\n\n") + "\n");
    Err(error)
}

/// Whether cohorts.toml and the records fit together.
pub fn fits(office: &Office) -> Result<bool> {
    let (mut found, mut elsewhere) = (Vec::new(), Vec::new());
    misfits(office, &mut found, &mut elsewhere)?;
    Ok(found.is_empty() && elsewhere.is_empty())
}

/// What does not fit between cohorts.toml and the records: in the file, and
/// what is not in it any more.
fn misfits(
    office: &Office,
    found: &mut Vec<Problem>,
    elsewhere: &mut Vec<(String, String)>,
) -> Result<()> {
    edited_agreements(office, found, elsewhere)?;
    for id in office.store.cohorts_with_records()? {
        match office.definitions.program.cohort(&id) {
            Some(cohort) => found.extend(moved_sessions(office, cohort)?),
            None => elsewhere.push(gone(office, &id)?),
        }
    }
    Ok(())
}

/// Reads what an edit made of `cohorts.toml`, before it is written.
pub fn read_edited(text: &str) -> Result<Definitions> {
    Definitions::read(text.as_bytes()).map_err(|found| {
        let errors: Vec<&str> = found
            .list
            .iter()
            .filter(|p| p.level == Level::Error)
            .map(|p| p.what.as_str())
            .collect();
        let error = Error::refused(errors.join("\nerror: "));
        found.list.iter().filter_map(|problem| problem.help.as_ref()).fold(error, Error::hint)
    })
}

fn problem(place: Range<usize>, what: String, help: String) -> Problem {
    Problem { level: Level::Error, place, what, help: Some(help) }
}

/// Agreements whose text is not the one that people decided about.
fn edited_agreements(
    office: &Office,
    found: &mut Vec<Problem>,
    elsewhere: &mut Vec<(String, String)>,
) -> Result<()> {
    let program = &office.definitions.program;
    for kept in office.store.kept_agreements()? {
        let version = &kept.version;
        let decisions =
            words::count(usize::try_from(kept.decisions).unwrap_or_default(), "decision");
        let rest = if kept.decisions == 1 { "rests" } else { "rest" };
        let now = program.agreements.iter().find(|agreement| agreement.version == *version);
        match now {
            None => elsewhere.push((
                format!("agreement `{version}` is gone from cohorts.toml, and {decisions} {rest} on it"),
                format!("put it back; its text is kept: cohorts agreement --kept {version}"),
            )),
            Some(now) if now.sha256() != kept.sha256 => found.push(problem(
                office.definitions.places.agreement(version),
                format!("the text of agreement `{version}` was edited after {decisions} about it"),
                format!("put the old text back (cohorts agreement --kept {version}), and add the new one as another [[agreement]]"),
            )),
            Some(_) => {}
        }
    }
    Ok(())
}

/// Sessions that took place at another time than cohorts.toml says now.
fn moved_sessions(office: &Office, cohort: &Cohort) -> Result<Option<Problem>> {
    let recorded = office.store.recorded_sessions(&cohort.id)?;
    let elsewhere = cohort.elsewhere(&recorded);
    let Some((first, now)) = elsewhere.first() else { return Ok(None) };
    let (id, week) = (&cohort.id, first.week);
    let what = match now {
        None => format!("`{id}` has a record of week {week}, which cohorts.toml does not have"),
        Some(now) => format!(
            "week {week} of `{id}` took place on {}, and cohorts.toml now says {}",
            words::moment(first.begins()),
            words::moment(now.begins())
        ),
    };
    let same_day = |(then, now): &(Session, Option<Session>)| {
        now.is_some_and(|now| now.date == then.date) && then.starts_at == first.starts_at
    };
    let help = if elsewhere.iter().any(|(_, now)| now.is_none()) {
        let last = elsewhere.iter().map(|(then, _)| then.week).max().unwrap_or(week);
        format!("set `sessions` to at least {last} again, here or for all")
    } else if elsewhere.iter().all(same_day) {
        format!(
            "if the hours are new for later cohorts, give this one its own, below its id: \
             starts_at = {} and ends_at = {}",
            first.starts_at, first.ends_at
        )
    } else {
        let moves: Vec<String> = elsewhere
            .iter()
            .map(|(then, _)| {
                format!("{{ week = {}, to = {}, at = {} }}", then.week, then.date, then.starts_at)
            })
            .collect();
        format!("put the day back: moved = [{}]", moves.join(", "))
    };
    let place = office.definitions.places.cohort(id.as_str());
    Ok(Some(problem(place, what, help)))
}

/// What to say of a cohort that has records and is not defined any more.
fn gone(office: &Office, id: &str) -> Result<(String, String)> {
    // By the weekly rule, as near as the records know it.
    let started = match office.store.first_recorded(id)? {
        Some((week, day)) => (day - Days::new(7 * u64::from(week - 1))).to_string(),
        None => "2024-01-23   # the day of its first session".to_owned(),
    };
    Ok((
        format!("cohort `{id}` has records, and is gone from cohorts.toml"),
        format!("put it back:\n\n  [[cohort]]\n  id = \"{id}\"\n  starts_on = {started}"),
    ))
}

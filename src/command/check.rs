//! `cohorts check`

use std::ops::Range;

use chrono::Days;

use crate::context::{Context, Office};
use crate::definitions::{Definitions, Level, Problem};
use crate::domain::group::Group;
use crate::error::{Error, Kind, Result};
use crate::output::messages::Report;
use crate::output::{problems, words};

/// Say whether cohorts.toml is right, and whether the records fit it
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Prints every mistake with its line and what would be right, and says how to
mend it. Exit code 5 when something was found.

Example:
  cohorts check")]
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
    edited_agreements(&office, &mut found, &mut elsewhere)?;
    let mut people = 0;
    let program = &office.definitions.program;
    for id in office.store.cohorts_with_records()? {
        let Some(cohort) = program.cohort(&id) else {
            elsewhere.push(gone(&office, &id)?);
            continue;
        };
        let group = office.group(cohort)?;
        people += group.members.len();
        moved_sessions(&office, &group, &mut found);
        elsewhere.extend(group.contradictions().into_iter().map(|what| {
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

/// Sessions that were recorded on another day than cohorts.toml says now.
fn moved_sessions(office: &Office, group: &Group<'_>, found: &mut Vec<Problem>) {
    let id = group.cohort.id.as_str();
    let place = || office.definitions.places.cohort(id);
    for (recorded, defined) in group.recorded_elsewhere() {
        let week = recorded.week;
        found.push(match defined {
            None => problem(
                place(),
                format!("`{id}` has a record of week {week}, which cohorts.toml does not have"),
                format!("set `sessions` to at least {week} again"),
            ),
            Some(defined) => problem(
                place(),
                format!(
                    "week {week} of `{id}` took place on {}, and cohorts.toml now says {}",
                    words::moment(recorded.begins()),
                    words::moment(defined.begins())
                ),
                format!(
                    "put the day back: moved = [{{ week = {week}, to = {}, at = {} }}]",
                    recorded.date, recorded.starts_at
                ),
            ),
        });
    }
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

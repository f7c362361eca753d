//! What does not fit between cohorts.toml and the records, and what the records
//! say against themselves.

use std::collections::HashSet;
use std::ops::Range;

use chrono::{Days, NaiveDate};

use crate::command::new;
use crate::context::Office;
use crate::definitions::{Level, Problem};
use crate::domain::program::Cohort;
use crate::domain::schedule::Session;
use crate::error::Result;
use crate::output::messages::Report;
use crate::output::words;
use crate::store::Part;

/// What was found in cohorts.toml against the records, and elsewhere.
pub(super) struct Fit {
    /// With the place in cohorts.toml where it can be mended.
    pub(super) in_file: Vec<Problem>,
    /// What it is, and how to mend it.
    pub(super) elsewhere: Vec<(String, String)>,
    pub(super) enrollments: usize,
}

/// Looks at all cohorts that have records.
pub(super) fn look(office: &Office) -> Result<Fit> {
    let (mut in_file, mut elsewhere) = (Vec::new(), Vec::new());
    misfits(office, &mut in_file, &mut elsewhere)?;
    let fits = elsewhere.is_empty() && in_file.iter().all(|p| p.level != Level::Error);
    let mut enrollments = 0;
    for id in office.store.cohorts_with_records()? {
        let Some(cohort) = office.definitions.program.cohort(&id) else { continue };
        let group = office.group_without_addresses(cohort)?;
        enrollments += group.members.len();
        // What does not fit makes much else look wrong: then it is the cause.
        let wrong = if fits { group.contradictions() } else { Vec::new() };
        elsewhere.extend(wrong.into_iter().map(|what| {
            (format!("{what} ({id})"), "look at what was done: cohorts history".to_owned())
        }));
    }
    Ok(Fit { in_file, elsewhere, enrollments })
}

/// Whether cohorts.toml and the records fit together.
pub fn fits(office: &Office) -> Result<bool> {
    let (mut found, mut elsewhere) = (Vec::new(), Vec::new());
    misfits(office, &mut found, &mut elsewhere)?;
    Ok(found.is_empty() && elsewhere.is_empty())
}

/// The cohorts that have records and are gone from cohorts.toml.
pub fn gone(office: &Office) -> Result<Vec<String>> {
    Ok(gone_of(office, office.store.cohorts_with_records()?))
}

/// Those of some cohorts that are gone from cohorts.toml.
fn gone_of(office: &Office, mut cohorts: Vec<String>) -> Vec<String> {
    let defined = &office.definitions.program.cohorts;
    let defined: HashSet<&str> = defined.iter().map(|cohort| cohort.id.as_str()).collect();
    cohorts.retain(|id| !defined.contains(&**id));
    cohorts
}

/// Warns of them where people are listed: those in them are not among these.
pub fn hidden(office: &Office) -> Result<Report> {
    let gone = gone(office)?;
    let (has, is, it) = match gone.as_slice() {
        [] => return Ok(Report::silent()),
        [_] => ("has", "is", "it"),
        _ => ("have", "are", "them"),
    };
    Ok(Report::silent()
        .warning(format!(
            "{} {has} records, and {is} gone from cohorts.toml: who is in {it} is not shown",
            words::list_or_count(&gone, "cohort")
        ))
        .next("how that is mended", "cohorts check"))
}

/// What does not fit between cohorts.toml and the records: in the file, and
/// what is not in it any more.
fn misfits(
    office: &Office,
    found: &mut Vec<Problem>,
    elsewhere: &mut Vec<(String, String)>,
) -> Result<()> {
    edited_agreements(office, found, elsewhere)?;
    let program = &office.definitions.program;
    let with_records = office.store.cohorts_with_records()?;
    let cohorts: Vec<_> = with_records.iter().filter_map(|id| program.cohort(id)).collect();
    for (cohort, recorded) in cohorts.iter().zip(office.store.recorded_of(&cohorts)?) {
        let recorded: Vec<_> = recorded.into_values().collect();
        found.extend(moved_sessions(office, cohort, &recorded));
    }
    for id in gone_of(office, with_records) {
        elsewhere.push(put_back(office, &id)?);
    }
    Ok(())
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
                format!("put the old text back, which is kept: cohorts agreement --kept {version}, and add the new one as another [[agreement]]"),
            )),
            Some(_) => {}
        }
    }
    Ok(())
}

/// Sessions that took place at another time than cohorts.toml says now.
fn moved_sessions(office: &Office, cohort: &Cohort, recorded: &[Session]) -> Option<Problem> {
    let elsewhere = cohort.elsewhere(recorded);
    let (first, now) = elsewhere.first()?;
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
    Some(problem(place, what, help))
}

/// What to say of a cohort that has records and is not defined any more.
fn put_back(office: &Office, id: &str) -> Result<(String, String)> {
    // By the weekly rule, as near as the records know it.
    let started = match office.store.first_recorded(id)? {
        Some((week, day)) => Some(day - Days::new(7 * u64::from(week - 1))),
        None => added_for(office, id)?,
    };
    let started = match started {
        Some(day) => day.to_string(),
        None => "YYYY-MM-DD   # the day of its first session".to_owned(),
    };
    Ok((
        format!("cohort `{id}` has records, and is gone from cohorts.toml"),
        format!("put it back:\n\n  [[cohort]]\n  id = \"{id}\"\n  starts_on = {started}"),
    ))
}

/// The day that a cohort was last added for, as the history has it.
fn added_for(office: &Office, id: &str) -> Result<Option<NaiveDate>> {
    let mut day = None;
    let part = Part { cohort: Some(id), ..Part::default() };
    office.store.each_entry(&part, i64::MAX, |entry| -> Result<()> {
        day = day.or(new::day_in(&entry.summary));
        Ok(())
    })?;
    Ok(day)
}

//! Which session a report is of: in which order its days are, and of which week
//! its meetings.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::super::which;
use crate::context::{Context, pick};
use crate::domain::group::Group;
use crate::domain::presence::Stay;
use crate::domain::program::{Program, Week};
use crate::domain::schedule::Session;
use crate::error::{Error, Result};
use crate::intake::zoom::{Report, Room, Time};
use crate::output::words;

/// A session, and what a report says of its day.
pub(super) struct Day {
    pub(super) session: Session,
    pub(super) rooms: Vec<Room>,
    /// The day of which the report is, where that is not the session's.
    pub(super) held_on: Option<NaiveDate>,
}

/// The meetings with their days in one order, and those days.
struct Reading {
    rooms: Vec<Room>,
    days: BTreeSet<NaiveDate>,
}

pub(super) fn of(
    ctx: &Context,
    program: &Program,
    group: &Group<'_>,
    report: &Report,
    named: Option<Week>,
    file: &str,
) -> Result<Day> {
    let readings: Vec<Reading> = report
        .orders()
        .into_iter()
        .map(|order| {
            let rooms = report.in_order(order);
            let days = rooms.iter().flat_map(days).collect();
            Reading { rooms, days }
        })
        .collect();
    if let Some(week) = named {
        let week = which::week(ctx, group, Some(week))?;
        return by_week(readings, pick::session(group, week)?, file);
    }
    let fits = |reading: &Reading| -> Vec<Week> {
        let is_there = |s: &&Session| reading.days.contains(&s.date);
        group.sessions().iter().filter(is_there).map(|s| s.week).collect()
    };
    let weeks: Vec<Vec<Week>> = readings.iter().map(fits).collect();
    let week = match weeks.concat().as_slice() {
        [one] => *one,
        [] => asked(ctx, program, group, &readings, file)?,
        // Several weeks in one file, unless the order of its days is not known.
        several if weeks.iter().any(|of_one| of_one.len() == several.len()) => {
            newest(ctx, group, several, file)?
        }
        several => {
            let what = "day and month of the report can be read in two orders";
            choose(ctx, group, several, what, file)?
        }
    };
    let week = which::week(ctx, group, Some(week))?;
    by_week(readings, pick::session(group, week)?, file)
}

fn days(room: &Room) -> Vec<NaiveDate> {
    let joins = room.joins.iter().filter_map(|join| match join.time {
        Time::From(stay) => Some(stay.from.date()),
        Time::Total(_) => None,
    });
    joins.chain(room.held.map(|held| held.from.date())).collect()
}

/// What is said of a session's day. A report of another day alone is taken by
/// its hours: which week it is was said.
fn by_week(readings: Vec<Reading>, session: Session, file: &str) -> Result<Day> {
    // Of two orders, the one that is nearer is meant.
    let away = |day: NaiveDate| (session.date - day).abs();
    let mut of_one_day: Option<(NaiveDate, Vec<Room>)> = None;
    let mut of_days = Vec::new();
    for reading in readings {
        if reading.days.is_empty() || reading.days.contains(&session.date) {
            return Ok(Day { session, rooms: reading.rooms, held_on: None });
        }
        match reading.days.first() {
            Some(first) if reading.days.len() == 1 => {
                if of_one_day.as_ref().is_none_or(|(other, _)| away(*first) < away(*other)) {
                    of_one_day = Some((*first, reading.rooms));
                }
            }
            _ => of_days = reading.days.iter().map(|day| words::short(*day)).collect(),
        }
    }
    let Some((its_day, rooms)) = of_one_day else {
        return Err(Error::refused(format!(
            "{} has nothing of {}, week {}: it is of {}",
            words::printable(file),
            words::weekday(session.date),
            session.week,
            words::list(&of_days)
        )));
    };
    let later = session.date - its_day;
    let moved = |stay: Stay| Stay { from: stay.from + later, to: stay.to + later };
    let rooms = rooms
        .into_iter()
        .map(|mut room| {
            room.held = room.held.map(moved);
            for join in &mut room.joins {
                if let Time::From(stay) = &mut join.time {
                    *stay = moved(*stay);
                }
            }
            room
        })
        .collect();
    Ok(Day { session, rooms, held_on: Some(its_day) })
}

impl Day {
    /// What is to be said about how the report and the session fit.
    pub(super) fn note(&self) -> Option<String> {
        self.held_on.map(|its_day| {
            format!(
                "The report is of {}; it is taken for {} by its hours alone.",
                words::weekday(its_day),
                words::weekday(self.session.date)
            )
        })
    }
}

/// Of several weeks in one report: today's, else the only one not recorded.
fn newest(ctx: &Context, group: &Group<'_>, weeks: &[Week], file: &str) -> Result<Week> {
    let begun: Vec<&Session> = group
        .sessions()
        .iter()
        .filter(|s| weeks.contains(&s.week) && s.begins() <= ctx.now)
        .collect();
    if let Some(todays) = begun.iter().find(|s| s.date == ctx.today()) {
        return Ok(todays.week);
    }
    let open: Vec<&&Session> = begun.iter().filter(|s| !group.is_recorded(s)).collect();
    match open.as_slice() {
        [one] => Ok(one.week),
        _ => choose(ctx, group, weeks, "the report is of more than one session", file),
    }
}

/// Which week it is, where its days do not tell.
fn asked(
    ctx: &Context,
    program: &Program,
    group: &Group<'_>,
    readings: &[Reading],
    file: &str,
) -> Result<Week> {
    let id = &group.cohort.id;
    let days: Vec<NaiveDate> =
        readings.first().map(|reading| reading.days.iter().copied().collect()).unwrap_or_default();
    let what = match days.as_slice() {
        [] => format!("{} does not say of which day it is", words::printable(file)),
        [day, ..] => format!(
            "the meeting of {} in {} is no session of `{id}`",
            words::day_of_year(*day),
            words::printable(file)
        ),
    };
    let begun: Vec<Week> =
        group.sessions().iter().filter(|s| s.begins() <= ctx.now).map(|s| s.week).collect();
    let other = program.cohorts.iter().find(|other| {
        other.id != *id && other.sessions().iter().any(|session| days.contains(&session.date))
    });
    if let (Some(other), false) = (other, ctx.prompts.are_possible()) {
        let of_other = format!("it is one of {}: cohorts attend {} --from", other.id, other.id);
        return Err(Error::usage(what).hint(format!("{of_other} {}", words::printable(file))));
    }
    choose(ctx, group, &begun, &what, file)
}

fn choose(
    ctx: &Context,
    group: &Group<'_>,
    weeks: &[Week],
    what: &str,
    file: &str,
) -> Result<Week> {
    if !ctx.prompts.are_possible() || weeks.is_empty() {
        let error =
            Error::usage(what.to_owned()).hint("add --week N, for the session that it is of");
        return Err(match weeks.len() {
            0 | 1 => error,
            _ => error.hint(format!("it can be of {}", words::list(&named(group, weeks)))),
        });
    }
    let question = format!("{}. Which week is {}", capitalised(what), words::printable(file));
    // The newest, which it most likely is, comes first.
    let weeks: Vec<Week> = weeks.iter().rev().copied().collect();
    Ok(weeks[ctx.prompts.choose(&question, &named(group, &weeks))?])
}

fn named(group: &Group<'_>, weeks: &[Week]) -> Vec<String> {
    weeks
        .iter()
        .filter_map(|week| group.session(*week))
        .map(|s| format!("{} ({})", s.week, words::weekday(s.date)))
        .collect()
}

fn capitalised(what: &str) -> String {
    let mut letters = what.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().to_string() + letters.as_str())
}

//! `moved`: the sessions of a cohort that were given another day.

use std::ops::Range;

use chrono::NaiveTime;

use super::fields::{Field, Section};
use super::problem::Report;
use super::terms::Draft;
use crate::domain::program::{Move, Week};
use crate::domain::schedule::Session;

const KEYS: [&str; 3] = ["week", "to", "at"];

/// A move, and where its new day stands.
pub(super) struct Placed {
    pub(super) to: Move,
    pub(super) place: Range<usize>,
}

/// The moves of a cohort; none unless all are good.
pub(super) fn read(
    field: &Field<'_>,
    draft: &Draft,
    report: &mut Report<'_>,
) -> Option<Vec<Placed>> {
    let mut weeks: Vec<Week> = Vec::new();
    field.all(report, |entry, report| {
        let section = Section::open(entry, &KEYS, report)?;
        let week = section.require("week", report);
        let week = week.and_then(|field| one_week(&field, &mut weeks, draft, report));
        let to_field = section.require("to", report);
        let to = to_field.as_ref().and_then(|field| {
            let day = field.date(report)?;
            if draft.terms.no_session_on.contains(&day) {
                let what = format!("{day} is in `no_session_on`");
                report.error(&field.place, what, "choose another day");
                return None;
            }
            Some(day)
        });
        let at = match section.get("at") {
            Some(field) => Some(hour(&field, draft, report)?),
            None => None,
        };
        Some(Placed { to: Move { week: week?, to: to?, at }, place: to_field?.place })
    })
}

fn one_week(
    field: &Field<'_>,
    weeks: &mut Vec<Week>,
    draft: &Draft,
    report: &mut Report<'_>,
) -> Option<Week> {
    let last = if draft.sure_of(&["sessions"]) { draft.terms.sessions } else { 52 };
    let week = field.whole_number(1..=last, report)?;
    if weeks.contains(&week) {
        report.error(&field.place, format!("week {week} is moved twice"), "keep one of them");
        return None;
    }
    weeks.push(week);
    Some(week)
}

/// A moved session keeps its length, and has to end on the day it starts.
fn hour(field: &Field<'_>, draft: &Draft, report: &mut Report<'_>) -> Option<NaiveTime> {
    let at = field.time(report)?;
    let terms = &draft.terms;
    if draft.sure_of(&["starts_at", "ends_at"]) {
        let length = terms.ends_at - terms.starts_at;
        if at.overflowing_add_signed(length).1 != 0 {
            let (latest, _) = NaiveTime::MIN.overflowing_sub_signed(length);
            let what =
                format!("a session that starts at {} would go past midnight", at.format("%H:%M"));
            let minutes = length.num_minutes();
            let help =
                format!("it takes {minutes} minutes: start before {}", latest.format("%H:%M"));
            report.error(&field.place, what, help);
            return None;
        }
    }
    Some(at)
}

/// Whether the weeks of a cohort follow one another, moves applied. Reports
/// each move that breaks their order, with the days it must lie between.
pub(super) fn keep_the_order(
    sessions: &[Session],
    moves: &[Placed],
    report: &mut Report<'_>,
) -> bool {
    let move_of = |week: Week| moves.iter().find(|placed| placed.to.week == week);
    let mut kept = true;
    for pair in sessions.windows(2) {
        let [earlier, later] = pair else { continue };
        if earlier.date < later.date {
            continue;
        }
        kept = false;
        // Of two that are moved the later one is shown: a pair is told once.
        let Some(placed) = move_of(later.week).or_else(|| move_of(earlier.week)) else {
            continue;
        };
        let week = placed.to.week;
        let date_of = |week: Week| sessions.iter().find(|s| s.week == week).map(|s| s.date);
        let help = match (date_of(week - 1), date_of(week + 1)) {
            (Some(before), Some(after)) if before < after => {
                format!("it must be after {before} and before {after}")
            }
            (Some(before), _) if placed.to.to <= before => format!("it must be after {before}"),
            (_, Some(after)) => format!("it must be before {after}"),
            (Some(before), None) => format!("it must be after {before}"),
            (None, None) => String::new(),
        };
        let what = format!("week {week} is out of order on {}", placed.to.to);
        report.error(&placed.place, what, help);
    }
    kept
}

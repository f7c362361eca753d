//! `[[cohort]]`: each run of the program, and the rules between them.
//!
//! There may be thousands: nothing here looks through all cohorts for one.

use std::collections::HashMap;
use std::ops::Range;

use chrono::{Datelike, NaiveDate};

use super::agreements::Agreements;
use super::fields::{Field, Section};
use super::moves;
use super::problem::Report;
use super::terms::{self, Draft};
use crate::domain::program::{Cohort, CohortId, Move, Terms};
use crate::domain::schedule::{self, Session};

/// A cohort without mistakes of its own.
struct Found {
    cohort: Cohort,
    first_day: NaiveDate,
    last_day: NaiveDate,
    id_place: Range<usize>,
}

/// The cohorts in the order of their first session, and the place of each id.
pub(super) fn read(
    sections: &[Field<'_>],
    program: &Draft,
    agreements: &Agreements,
    report: &mut Report<'_>,
) -> (Vec<Cohort>, HashMap<String, Range<usize>>) {
    let mut keys = vec!["id", "starts_on", "moved"];
    keys.extend(terms::KEYS);
    if let Some(first) = sections.first()
        && agreements.list.is_empty()
        && !agreements.unsure
    {
        let help = "add an `[[agreement]]` with `version`, `since` and `text`";
        report.error(&first.place, "there is no agreement that this cohort could agree to", help);
    }
    let mut reader = Reader { keys, program, agreements, places: HashMap::new() };
    let mut found: Vec<Found> =
        sections.iter().filter_map(|field| reader.cohort(field, report)).collect();
    found.sort_by(|a, b| (a.first_day, &a.cohort.id).cmp(&(b.first_day, &b.cohort.id)));
    warn_of_overlaps(&found, report);
    let cohorts = found.into_iter().map(|found| found.cohort).collect();
    (cohorts, reader.places)
}

struct Reader<'r> {
    keys: Vec<&'static str>,
    program: &'r Draft,
    agreements: &'r Agreements,
    places: HashMap<String, Range<usize>>,
}

impl Reader<'_> {
    fn cohort(&mut self, field: &Field<'_>, report: &mut Report<'_>) -> Option<Found> {
        let section = Section::open(field, &self.keys, report)?;
        let id = section.require("id", report).and_then(|field| self.id(&field, report));
        let draft = self.program.overridden_by(&section, report);
        let start = section.require("starts_on", report);
        let starts_on = start.as_ref().and_then(|field| starts_on(field, &draft, report));
        let placed = match section.get("moved") {
            Some(field) => moves::read(&field, &draft, report),
            None => Some(Vec::new()),
        };
        let (start, starts_on, placed) = (start?, starts_on?, placed?);
        if !draft.sure_of(&["sessions", "weekday", "no_session_on"]) {
            return None;
        }

        let moved: Vec<Move> = placed.iter().map(|one| one.to).collect();
        let sessions = schedule::sessions(&draft.terms, starts_on, &moved);
        if !moves::keep_the_order(&sessions, &placed, report) {
            return None;
        }
        let (first_day, last_day) = first_and_last(&sessions)?;
        self.check_agreement(&start, starts_on, report);
        let (id, id_place) = id?;
        Some(Found {
            cohort: Cohort { id, starts_on, moved, terms: draft.terms },
            first_day,
            last_day,
            id_place,
        })
    }

    fn id(
        &mut self,
        field: &Field<'_>,
        report: &mut Report<'_>,
    ) -> Option<(CohortId, Range<usize>)> {
        let typed = field.raw_text(report)?;
        let id = match CohortId::parse(typed) {
            Ok(id) => id,
            Err(what) => {
                let help = match likely_id(typed) {
                    Some(id) => format!("perhaps `{id}`"),
                    None => "choose another, like `winter-2024`".into(),
                };
                report.error(&field.place, what, help);
                return None;
            }
        };
        if let Some(first) = self.places.get(typed) {
            let what = format!("there is another cohort `{id}`");
            let help = format!("the first of that id is at line {}", report.line_of(first));
            report.error(&field.place, what, help);
            return None;
        }
        self.places.insert(typed.to_owned(), field.place.clone());
        Some((id, field.place.clone()))
    }

    fn check_agreement(&self, start: &Field<'_>, starts_on: NaiveDate, report: &mut Report<'_>) {
        if let Some(earliest) = self.agreements.list.first()
            && !self.agreements.unsure
            && earliest.since > starts_on
        {
            let since = earliest.since;
            let what =
                format!("no agreement is in force on {starts_on}: the first one is since {since}");
            let help =
                format!("start later, or add an `[[agreement]]` since {starts_on} or earlier");
            report.error(&start.place, what, help);
        }
    }
}

/// The first day by the weekly rule, which has to be one the rule allows.
fn starts_on(field: &Field<'_>, draft: &Draft, report: &mut Report<'_>) -> Option<NaiveDate> {
    let day = field.date(report)?;
    let terms = &draft.terms;
    if draft.sure_of(&["weekday"]) && day.weekday() != terms.weekday {
        let what =
            format!("{day} is a {}, and sessions are on {}", day.format("%A"), plural(terms));
        report.error(&field.place, what, nearest_days(terms, day));
        return None;
    }
    if terms.no_session_on.contains(&day) {
        let what = format!("{day} is in `no_session_on`");
        report.error(&field.place, what, nearest_days(terms, day));
        return None;
    }
    Some(day)
}

/// "the nearest Tuesdays are 23 and 30 January 2024".
fn nearest_days(terms: &Terms, day: NaiveDate) -> String {
    let days = plural(terms);
    let whole = |day: NaiveDate| day.format("%-d %B %Y").to_string();
    match schedule::nearest_starts(terms, day) {
        (Some(before), Some(after)) => {
            let shared = if before.year() != after.year() {
                "%-d %B %Y"
            } else if before.month() != after.month() {
                "%-d %B"
            } else {
                "%-d"
            };
            format!("the nearest {days} are {} and {}", before.format(shared), whole(after))
        }
        (Some(one), None) | (None, Some(one)) => {
            format!("the nearest of the {days} is {}", whole(one))
        }
        (None, None) => format!("no {days} are left in a year"),
    }
}

fn plural(terms: &Terms) -> String {
    // chrono's own long names: "Tuesday".
    let day = NaiveDate::default().iter_days().find(|day| day.weekday() == terms.weekday);
    day.map_or_else(String::new, |day| day.format("%As").to_string())
}

/// The id that somebody would have typed who knew the rules.
fn likely_id(typed: &str) -> Option<CohortId> {
    let lower = typed.to_lowercase();
    let parts = lower.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
    CohortId::parse(&parts.collect::<Vec<_>>().join("-")).ok()
}

fn first_and_last(sessions: &[Session]) -> Option<(NaiveDate, NaiveDate)> {
    Some((sessions.first()?.date, sessions.last()?.date))
}

/// Warns of each cohort that begins before an earlier one is over. They are in
/// the order of their first days, so the one that lasts longest is enough to
/// compare with.
fn warn_of_overlaps(found: &[Found], report: &mut Report<'_>) {
    let mut longest: Option<&Found> = None;
    for later in found {
        if let Some(earlier) = longest.filter(|earlier| later.first_day <= earlier.last_day) {
            let what =
                format!("`{}` begins before `{}` is over", later.cohort.id, earlier.cohort.id);
            let help =
                format!("the last session of `{}` is on {}", earlier.cohort.id, earlier.last_day);
            report.warning(&later.id_place, what, help);
        }
        if longest.is_none_or(|earlier| earlier.last_day < later.last_day) {
            longest = Some(later);
        }
    }
}

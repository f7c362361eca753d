//! What is shown before anything is written.

use std::io::Write;

use super::plan::{About, Plan, Planned, Seat, What};
use crate::domain::enrollment::Status;
use crate::domain::participant::Code;
use crate::domain::roster::Cell;
use crate::error::Result;
use crate::intake::dates::{self, Order, Told};
use crate::intake::{Form, Source};
use crate::output::messages::STRONG;
use crate::output::rows::{Format, Heading, Rows};
use crate::output::width_for_people;
use crate::output::words;

/// Up to so many rows are shown one by one; of more, only what is remarkable.
const ALL_SHOWN: usize = 60;
const MOST_SHOWN: usize = 200;

pub(super) fn text(
    source: &Source,
    form: &Form,
    days: &Told,
    plan: &Plan,
    consents: bool,
) -> Result<String> {
    let mut people = Vec::new();
    let cohorts: Vec<String> = plan
        .cohorts
        .iter()
        .map(|target| {
            format!("{} ({} of {} places free)", target.slug, target.free, target.capacity)
        })
        .collect();
    let cohorts = match cohorts.as_slice() {
        [] => String::new(),
        cohorts => format!(" for {}", words::list_or_count(cohorts, "cohort")),
    };
    let rows = words::count(plan.rows, "row");
    writeln!(people, "{STRONG}{}{STRONG:#}: {rows}{cohorts}", words::printable(&source.name))?;
    if let Some((order, other)) = guessed(days) {
        writeln!(people, "Days are read {order}; if not: --dates {other}")?;
    }
    let quoted = |headings: &[String], and: &str| {
        let headings = headings.iter().map(|one| format!("\"{}\"", words::printable(one)));
        headings.collect::<Vec<_>>().join(and)
    };
    for (field, headings) in &form.doubled {
        let headings = quoted(headings, " and ");
        writeln!(people, "Read as {field}: {headings}; the last with something in it counts")?;
    }
    match form.agreements.as_slice() {
        [] if consents => {
            writeln!(people, "Agreement: no column is about it; no consent is recorded")?;
        }
        [] => {}
        [one] => writeln!(people, "Agreement: \"{}\"", words::printable(one))?,
        several => writeln!(
            people,
            "Agreement: {}? It is not clear, so that no consents are recorded;\n  \
             say which in cohorts.toml, under [import.forms]: agreed = \"...\"",
            quoted(several, " or ")
        )?,
    }
    let unread: Vec<String> =
        form.unread.iter().filter(|one| !form.agreements.contains(one)).cloned().collect();
    if !unread.is_empty() {
        writeln!(people, "Not read: {}", quoted(&unread, ", "))?;
    }
    writeln!(people)?;
    let all = plan.planned.len() <= ALL_SHOWN;
    let of_few = |what: &What| what.signs_up() || matches!(what, What::ForEarlier(_));
    let told = |one: &Planned| is_remarkable(one) || (all && of_few(&one.what));
    let remarkable = plan.planned.iter().enumerate().filter(|(_, one)| told(one));
    let lines: Vec<(usize, &Planned)> = remarkable.take(MOST_SHOWN).collect();
    if !lines.is_empty() {
        let headings = ["Line", "First name", "Last name", "What"];
        let headings = headings.iter().map(|title| Heading::new(title, title)).collect();
        let width = width_for_people();
        let mut rows = Rows::new(Format::Table, headings, &mut people, width)?;
        for (index, planned) in &lines {
            let (first, last) = plan.names.get(*index).map_or(("", ""), |(f, l)| (f, l));
            rows.row(&[
                Cell::Number(i64::try_from(planned.line()).unwrap_or(i64::MAX)),
                Cell::text(first),
                Cell::text(last),
                Cell::text(what(plan, planned)),
            ])?;
        }
        rows.finish()?;
        writeln!(people)?;
    }
    let there: Vec<u32> = plan
        .planned
        .iter()
        .filter(|one| is_there(one) && !is_remarkable(one))
        .filter_map(|one| u32::try_from(one.line()).ok())
        .collect();
    if !there.is_empty() {
        let (line, are) = if there.len() == 1 { ("Line", "is") } else { ("Lines", "are") };
        let numbers = if all {
            format!("{line} {}", words::spans(&there))
        } else {
            format!("{} rows", there.len())
        };
        writeln!(people, "{numbers} {are} there already.")?;
    }
    let shown = lines.len() + there.len();
    if shown < plan.planned.len() {
        writeln!(people, "{} more are not shown.", plan.planned.len() - shown)?;
    }
    write!(people, "{}", counts(plan))?;
    Ok(String::from_utf8_lossy(&people).into_owned())
}

/// How the days are read, with an example, and what would be the other way; where
/// nothing but the order of the rows told.
pub(super) fn guessed(days: &Told) -> Option<(String, Order)> {
    let example = days.by_rows.as_ref()?;
    let is = words::day_of_year(dates::moment(example, days.order)?.date());
    let (first, other) = match days.order {
        Order::DayFirst => ("day first", Order::MonthFirst),
        Order::MonthFirst => ("month first", Order::DayFirst),
    };
    Some((format!("{first}: `{}` is {is}", words::printable(example)), other))
}

fn is_remarkable(planned: &Planned) -> bool {
    match &planned.what {
        What::New(namesakes) => namesakes.is_some(),
        What::Known(known) => !known.1.is_empty(),
        What::Already(already) => !already.2.is_empty() || planned.about != About::Nothing,
        What::ForEarlier(earlier) => earlier.had_begun,
        _ => true,
    }
}

fn is_there(planned: &Planned) -> bool {
    matches!(planned.what, What::Already(_))
}

/// What a row comes to, in words.
fn what(plan: &Plan, planned: &Planned) -> String {
    let seat = match planned.seat {
        Seat::PLACE => ", gets a place".into(),
        seat => seat.turn().map_or(String::new(), |turn| {
            format!(", waits, {} in line", words::ordinal(turn as usize))
        }),
    };
    let of_several = match plan.cohorts.as_slice() {
        [_, _, ..] => {
            plan.cohorts.get(planned.cohort()).map_or(String::new(), |c| format!(" in {}", c.slug))
        }
        _ => String::new(),
    };
    let about = match planned.about {
        About::Nothing => "",
        About::SaysNo(_) => "; says no to the agreement",
        About::BeforeText => "; agreed before the text was in force, which does not count",
        About::Elsewhere => "; agreed in another cohort, which does not count",
        About::Earlier => "; agreed for an earlier cohort, which does not count",
        About::PerhapsEarlier => "; agreed, perhaps for an earlier cohort, which does not count",
        About::PerhapsBeforeNo => "; agreed, perhaps before they said no, which does not count",
        About::PerhapsEarlierText => "; agreed, perhaps to an earlier text, which does not count",
    };
    let what = match &planned.what {
        What::New(None) => format!("new{of_several}{seat}"),
        What::New(Some(namesakes)) => {
            let codes: Vec<&str> = namesakes.0.iter().map(Code::as_str).collect();
            format!("new{of_several}{seat}; {} has the same name", words::list(&codes))
        }
        What::Known(known) => {
            let (code, differs) = &**known;
            let kept = ["name"];
            let (left, taken): (Vec<&str>, Vec<&str>) =
                differs.iter().partition(|what| kept.contains(*what));
            let taken = match taken.as_slice() {
                [] => String::new(),
                taken => format!("; new {}", words::list(taken)),
            };
            let left =
                if left.is_empty() { "" } else { "; another name, which is left as it is known" };
            format!("known as {code}{of_several}{seat}{taken}{left}")
        }
        What::Back(code) => format!("{code} had withdrawn, and is back{of_several}{seat}"),
        What::Already(already) => {
            let (code, status, differs) = &**already;
            let stands = match status {
                Status::Enrolled => "has a place",
                _ => "waits",
            };
            let differs = match differs.as_slice() {
                [] => String::new(),
                differs => {
                    let s = if differs.len() == 1 { "s" } else { "" };
                    format!("; another {} here, which change{s} nothing", words::list(differs))
                }
            };
            format!("{code} {stands} already{of_several}{differs}")
        }
        What::Withdrew(code) => format!("{code} has withdrawn since, and stays so"),
        What::ForEarlier(earlier) => {
            let (code, cohort) = (&earlier.code, &earlier.cohort);
            match earlier.had_begun {
                false => format!("{code} answered for {cohort}, left out"),
                true => format!("{code} answered while {cohort} ran, left out"),
            }
        }
        What::Erased => "erased on request, skipped".into(),
        What::Twice(line) => format!("the same person as line {line}, skipped"),
        What::LeftOut(at) => format!("{}, skipped", plan.reasons[*at]),
        What::Again(first) => {
            let line = plan.planned[*first].line();
            let there = matches!(plan.planned[*first].what, What::Already(_));
            let counts = if there { "" } else { "; what differs here counts" };
            format!("the same person as line {line}, later{counts}")
        }
        What::Refused(at) => format!("REFUSED: {}", plan.refusals[*at].1),
    };
    what + about
}

/// All rows in a sentence.
fn counts(plan: &Plan) -> String {
    let places = plan.count(|planned| planned.seat == Seat::PLACE);
    let signing_up = plan.signing_up();
    let already = plan.count(is_there);
    let again = plan.count(|planned| matches!(planned.what, What::Again(_)));
    let earlier = plan.count(|planned| matches!(planned.what, What::ForEarlier(_)));
    let refused = plan.refusals.len();
    let skipped = plan.planned.len() - signing_up - already - again - earlier - refused;
    let mut parts = Vec::new();
    if signing_up > 0 {
        let how = places_and_line(places, signing_up - places);
        parts.push(format!("{signing_up} to sign up: {how}"));
    }
    if already > 0 {
        parts.push(format!("{already} already there"));
    }
    if again > 0 {
        parts.push(words::count(again, "later answer"));
    }
    if earlier > 0 {
        parts.push(format!("{earlier} answered for an earlier cohort, left out"));
    }
    if skipped > 0 {
        parts.push(format!("{skipped} skipped"));
    }
    if refused > 0 {
        parts.push(format!("{refused} refused"));
    }
    match parts.is_empty() {
        true => "No row below the headings.".into(),
        false => parts.join("; ") + ".",
    }
}

/// "12 with a place, 2 waiting"
pub(super) fn places_and_line(places: usize, waiting: usize) -> String {
    match (places, waiting) {
        (1, 0) => "with a place".into(),
        (0, 1) => "waiting".into(),
        (_, 0) => "all with a place".into(),
        (0, _) => "all waiting".into(),
        _ => format!("{places} with a place, {waiting} waiting"),
    }
}

/// The question before it is written.
pub(super) fn question(plan: &Plan, consents: bool) -> String {
    let signing_up = plan.signing_up();
    let agreeing = if consents { plan.agreeing } else { 0 };
    match (signing_up, agreeing) {
        (0, 0) => "Put the refused rows into the file of rejects?".into(),
        (0, _) => format!("Record {}?", words::count(agreeing, "consent")),
        (1, 0) => "Sign this one up?".into(),
        (_, 0) => format!("Sign these {signing_up} up?"),
        _ => format!("Sign {signing_up} up, and record {}?", words::count(agreeing, "consent")),
    }
}

//! `cohorts show`

use std::io::Write;

use chrono::{NaiveDateTime, NaiveTime};

use super::finish;
use crate::context::{Context, pick};
use crate::domain::attendance::Mark;
use crate::domain::enrollment::Status;
use crate::domain::group::Group;
use crate::domain::program::{Cohort, Terms};
use crate::domain::schedule::{Session, Stage};
use crate::domain::words::Word;
use crate::error::Result;
use crate::output::messages::{Report, STRONG};
use crate::output::words;

/// Show one cohort: its dates, its people in numbers, what is not recorded
#[derive(Debug, clap::Args)]
#[command(after_help = "\
With --text, only the dates in words, ready for a web page or an e-mail.

Examples:
  cohorts show
  cohorts show spring-2024
  cohorts show next --text")]
pub struct Args {
    /// Which cohort; the running one, else the next
    #[arg(value_name = "COHORT")]
    cohort: Option<String>,

    /// Only the dates, in words
    #[arg(long)]
    text: bool,
}

pub fn run(ctx: &mut Context, args: &Args) -> Result<Report> {
    let office = ctx.office()?;
    let snapshot = office.store.snapshot()?;
    let otherwise = pick::Otherwise::Current;
    let cohort =
        pick::cohort(&office.definitions.program, args.cohort.as_deref(), otherwise, ctx.today())?;
    let group = office.group_without_addresses(cohort)?;
    let program = &office.definitions.program;
    let marked = office.store.marked_finished_on(&cohort.id)?;
    let stage = finish::stage(marked.is_some(), &office.store, program, &group, ctx.now)?;
    drop(snapshot);
    let is_missing_again = marked.is_some() && stage == Stage::Over.word();
    let screen = match (args.text, marked) {
        (true, _) => in_words(&group),
        (false, None) => screen(&group, stage, ctx.now),
        (false, Some(on)) => {
            let since = if is_missing_again { ", but something is missing" } else { "" };
            let on = words::day_of_year(on);
            screen(&group, stage, ctx.now) + &format!("Finished  {on}{since}\n")
        }
    };
    ctx.out.data().write_all(screen.as_bytes())?;
    let report = match is_missing_again {
        true => {
            Report::silent().next("what is missing again", format!("cohorts finish {}", cohort.id))
        }
        false => Report::silent(),
    };
    drop(group);
    office.leave();
    Ok(report)
}

/// One session: its day, its hours where those are not the usual ones, and its
/// topic.
pub fn session_line(cohort: &Cohort, session: &Session) -> String {
    let mut line = day(cohort, session);
    if let Some(topic) = cohort.terms.topics.get(session.week as usize - 1) {
        line += &format!("  {topic}");
    }
    line.trim_end().to_owned()
}

fn day(cohort: &Cohort, session: &Session) -> String {
    let terms = &cohort.terms;
    // The longest of them is "Wed 30 September 2026".
    let day = format!("  {}  {:<21}", session.week, words::weekday_of_year(session.date));
    if !cohort.is_moved(session) {
        day
    } else if (session.starts_at, session.ends_at) == (terms.starts_at, terms.ends_at) {
        format!("{day}  (moved)")
    } else {
        format!("{day}  {} (moved)", hours(session.starts_at, session.ends_at))
    }
}

/// "9:30 - 11:30"
fn hours(from: NaiveTime, to: NaiveTime) -> String {
    format!("{} - {}", words::time(from), words::time(to))
}

/// "Tuesdays 9:30 - 11:30 (Vancouver time), Zoom"
pub fn usual_time(terms: &Terms) -> String {
    let place = terms.location.as_ref().map(|place| format!(", {place}")).unwrap_or_default();
    format!(
        "{}s {} ({} time){place}",
        words::weekday_name(terms.weekday),
        hours(terms.starts_at, terms.ends_at),
        city(&terms.timezone),
    )
}

fn screen(group: &Group<'_>, stage: &str, now: NaiveDateTime) -> String {
    let cohort = group.cohort;
    let terms = &cohort.terms;
    let today = now.date();
    let mut lines = vec![
        format!("{STRONG}{}{STRONG:#} ({}), {stage}", cohort.id.title(), cohort.id),
        terms.name.clone(),
        usual_time(terms),
        String::new(),
    ];
    for session in group.sessions() {
        lines.push(match what_was_recorded(group, session, now) {
            Some(what) => format!("{}  {what}", day(cohort, session)),
            None => session_line(cohort, session),
        });
    }
    lines.push(String::new());
    let waiting = match group.count(Status::Waitlisted) {
        0 => String::new(),
        waiting => format!(", {waiting} waiting"),
    };
    lines.push(format!(
        "Enrolled  {} of {}{}{waiting}",
        group.had_places(),
        terms.capacity,
        words::erased(group.erased_places())
    ));
    let due = group.consent_due_on().filter(|_| group.stage(today) == Stage::Upcoming);
    lines.push(format!(
        "Agreed    {}{}",
        group.had_agreed(group.consent_day(today)),
        due.map(|day| format!(", due by {}", words::weekday(day))).unwrap_or_default()
    ));
    if let Some(next) = group.sessions().iter().find(|session| session.ends() > now) {
        lines.push(format!("Next      week {}, {}", next.week, words::weekday(next.date)));
    }
    lines.iter().map(|line| format!("{}\n", line.trim_end())).collect()
}

pub fn what_was_recorded(
    group: &Group<'_>,
    session: &Session,
    now: NaiveDateTime,
) -> Option<String> {
    if session.begins() > now {
        return None;
    }
    let unmarked = group.left_unmarked(session).len();
    if unmarked == 0 && !group.is_recorded(session) {
        return Some("not recorded".into());
    }
    let mut counts: Vec<String> = Mark::ALL
        .iter()
        .filter_map(|mark| {
            let with = |m: &&crate::domain::group::Member| {
                m.marks.get(&session.week).is_some_and(|a| a.mark == *mark)
            };
            match group.members.iter().chain(&group.erased).filter(with).count() {
                0 => None,
                count => Some(format!("{count} {}", mark.meaning())),
            }
        })
        .collect();
    if unmarked > 0 {
        counts.push(format!("{unmarked} without a mark"));
    }
    Some(counts.join(", "))
}

/// What is missing of a week that is not recorded, said after which week it is.
pub fn what_is_missing(group: &Group<'_>, session: &Session) -> String {
    match group.left_unmarked(session).as_slice() {
        [] => " is not recorded".into(),
        [one] => format!(": {} has no mark", words::printable(one.participant.call_name())),
        several => format!(": {} have no mark", several.len()),
    }
}

/// `America/Vancouver` is "Vancouver": what people there call their time.
pub fn city(zone: &str) -> String {
    zone.rsplit('/').next().unwrap_or(zone).replace('_', " ")
}

/// "Tuesdays, 23 and 30 January, 6 and 13 February 2024, 9:30 to 11:30
/// (Vancouver time), Zoom"
fn in_words(group: &Group<'_>) -> String {
    use chrono::Datelike;
    let terms = &group.cohort.terms;
    let sessions = group.sessions();
    let hours = |s: &Session| format!("{} to {}", words::time(s.starts_at), words::time(s.ends_at));
    let day = |s: &Session| {
        let usual_day = s.date.weekday() == terms.weekday;
        let usual_hours = (s.starts_at, s.ends_at) == (terms.starts_at, terms.ends_at);
        let (day, weekday) = (s.date.format("%-d"), s.date.format("%A"));
        match (usual_day, usual_hours) {
            (true, true) => day.to_string(),
            (false, true) => format!("{day} ({weekday})"),
            (true, false) => format!("{day} ({})", hours(s)),
            (false, false) => format!("{day} ({weekday}, {})", hours(s)),
        }
    };
    let months: Vec<String> = sessions
        .chunk_by(|a, b| (a.date.year(), a.date.month()) == (b.date.year(), b.date.month()))
        .map(|month| {
            let days: Vec<String> = month.iter().map(day).collect();
            let first = month[0].date;
            let last_of_year = sessions.iter().rev().find(|s| s.date.year() == first.year());
            let year = match last_of_year {
                Some(last) if last.date.month() == first.month() => first.format(" %Y").to_string(),
                _ => String::new(),
            };
            format!("{} {}{year}", words::list(&days), first.format("%B"))
        })
        .collect();
    let place = terms.location.as_ref().map(|place| format!(", {place}")).unwrap_or_default();
    let usual_hours = format!("{} to {}", words::time(terms.starts_at), words::time(terms.ends_at));
    format!(
        "{}s, {}, {usual_hours} ({} time){place}\n",
        words::weekday_name(terms.weekday),
        months.join(", "),
        city(&terms.timezone),
    )
}

//! `cohorts calendar`

use std::io::Write;

use sha2::{Digest, Sha256};

use super::args;
use crate::context::{Context, Mode, edition, pick};
use crate::domain::program::{Cohort, CohortId, Week};
use crate::domain::schedule::Session;
use crate::error::{Error, Result};
use crate::output::calendar::{self, Edition, Entry};
use crate::output::file::{self, ALONE};
use crate::output::messages::Report;
use crate::output::words;

/// Write the sessions as a file that Outlook, Google and Apple calendars open
#[derive(Debug, clap::Args)]
#[command(after_help = "\
It says when and where, and \"Session 2 of 4\": nothing of what the group is or
who is in it, unless you name it with --title.

After a session was moved, write the file again and send it: a calendar that
opens it moves the session instead of adding another.

Examples:
  cohorts calendar --output sessions.ics
  cohorts calendar spring-2024 --week 3 --output session-3.ics
  cohorts calendar next --title 'Tuesday group' --output sessions.ics")]
pub struct Args {
    /// Which cohort; the running one, else the next
    #[arg(value_name = "COHORT")]
    cohort: Option<String>,

    /// Only this session
    #[arg(long, short, value_name = "N", value_parser = args::week)]
    week: Option<Week>,

    /// What stands before "session 2 of 4"; everybody who sees the calendar
    /// sees it
    #[arg(long, value_name = "TEXT", value_parser = args::short_text)]
    title: Option<String>,

    #[command(flatten)]
    file: args::IntoFile,
}

pub fn run(ctx: &mut Context, args: &Args) -> Result<Report> {
    let saved_at = edition::saved_at(&ctx.folder()?)?;
    let office = ctx.office()?;
    let snapshot = office.store.snapshot()?;
    let otherwise = pick::Otherwise::Current;
    let cohort =
        pick::cohort(&office.definitions.program, args.cohort.as_deref(), otherwise, ctx.today())?;
    let group = office.group_without_addresses(cohort)?;
    let edition = edition::of(saved_at, office.store.count_file_edits()?);
    let uid = office.store.office_uid()?;
    drop(snapshot);
    let sessions = match args.week {
        Some(week) => vec![pick::session(&group, week)?],
        None => group.sessions().to_vec(),
    };
    let text = text_of(&uid, cohort, &sessions, args.title.as_deref(), &edition)?;

    let what = match args.week {
        Some(week) => format!("week {week} of {}", cohort.id),
        None => format!("{} of {}", words::count(sessions.len(), "session"), cohort.id),
    };
    let Some(named) = args.file.path() else {
        ctx.out.data().write_all(text.as_bytes())?;
        return Ok(Report::new(format!("Printed {what}, in UTC."))
            .next("into a file", into_a_file(args, &cohort.id)));
    };
    let path = ctx.file(named);
    let existing = args.file.existing();
    office.refuse_own_files(&path)?;
    if ctx.mode == Mode::DryRun {
        file::refuse_bad_place(&path, existing)?;
        return Ok(Report::new(format!("Dry run: would write {what} to {}", named.display())));
    }
    file::write(&path, text.as_bytes(), existing)?;
    Ok(Report::new(format!("Wrote {what} to {}{ALONE}.", named.display())))
}

/// The command that writes the same to a file.
fn into_a_file(args: &Args, id: &CohortId) -> String {
    let week = args.week.map(|week| format!(" --week {week}")).unwrap_or_default();
    let title = args.title.as_deref().map(|title| format!(" --title {}", words::argument(title)));
    let file = args.week.map_or(id.to_string(), |week| format!("{id}-{week}"));
    format!("cohorts calendar {id}{week}{} --output {file}.ics", title.unwrap_or_default())
}

/// The text of a calendar file with these sessions.
pub fn text_of(
    office: &str,
    cohort: &Cohort,
    sessions: &[Session],
    title: Option<&str>,
    edition: &Edition,
) -> Result<String> {
    let entries = sessions.iter().map(|session| entry(office, cohort, session, title));
    Ok(calendar::render(&entries.collect::<Result<Vec<_>>>()?, edition))
}

fn entry<'c>(
    office: &str,
    cohort: &'c Cohort,
    session: &Session,
    title: Option<&str>,
) -> Result<Entry<'c>> {
    let terms = &cohort.terms;
    let (begins, ends) = session.in_utc(&terms.timezone).ok_or_else(|| {
        Error::refused(format!(
            "week {} of `{}`, {}, is at no time that `{}` is known to have",
            session.week, cohort.id, session.date, terms.timezone
        ))
        .hint("mend `timezone` or the date in cohorts.toml")
    })?;
    let which = format!("ession {} of {}", session.week, terms.sessions);
    Ok(Entry {
        uid: uid(office, &cohort.id, session.week),
        begins,
        ends,
        title: match title {
            Some(title) => format!("{title}, s{which}"),
            None => format!("S{which}"),
        },
        place: terms.location.as_deref(),
    })
}

/// What calendars know a session by: the same for ever, another in each office,
/// and it tells nobody which office or cohort it is.
fn uid(office: &str, cohort: &CohortId, week: Week) -> String {
    let digest = Sha256::digest(format!("{office}/{cohort}/{week}"));
    let name: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("{name}@cohorts.local")
}

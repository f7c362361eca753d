//! `cohorts demo`: one quarter, played through the code of the commands
//! themselves.

use std::env;
use std::io::Write;
use std::path::{Path, PathBuf};

use chrono::{Datelike, Days, Months, NaiveDate, NaiveDateTime};
use clap::Parser;

use super::{args, init};
use crate::cli::{self, Cli};
use crate::context::keys::KeyFile;
use crate::context::{Context, Mode};
use crate::domain::schedule::quarter_id;
use crate::error::{Error, Result, io_error};
use crate::intake::dates::{self, Order};
use crate::output::file::{self, Existing};
use crate::output::messages::Report;
use crate::output::prompts::Prompts;
use crate::output::words;

/// Make a practice folder with made-up people, to look around in
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Plays one whole quarter: sign-ups, a waitlist, consents, four sessions. The
quarter after it is open for sign-up, and somebody asks for support until then.

Examples:
  cohorts demo
  cohorts demo ~/practice")]
pub struct Args {
    /// Where; the folder is made
    #[arg(value_name = "DIR", default_value = "demo")]
    dir: PathBuf,
}

/// The quarter that `examples/` tells of started on this day.
const TOLD: NaiveDate = NaiveDate::from_ymd_opt(2024, 1, 23).unwrap();
const SIGN_UPS: &str = include_str!("../../examples/winter-2024-signups.csv");
const COMMANDS: &str = include_str!("../../examples/winter-2024-commands.txt");
/// Zoom's report of the first session, and what the commands call it.
const REPORT: &str = include_str!("../../examples/zoom-joins.csv");
const REPORT_NAME: &str = "zoom-joins.csv";
const NEXT_SIGN_UPS: &str = include_str!("../../examples/spring-2024-signups.csv");
/// What came since, to be imported by whoever tries.
const MORE_SIGN_UPS: &str = include_str!("../../examples/signups-microsoft-forms-anonymous.csv");

/// The file of those in the practice folder.
const TO_IMPORT: &str = "signups.csv";

/// With this the made-up people have the same codes in every demo.
const SEED: u64 = 7;

pub fn run(ctx: &mut Context, args: &Args) -> Result<Report> {
    let folder = ctx.here.join(&args.dir);
    if folder.symlink_metadata().is_ok() {
        let another = format!("{}-2", args.dir.display());
        return Err(Error::refused(format!(
            "{} exists already; it was left as it is",
            folder.display()
        ))
        .hint(format!("look around in it: cd {} && cohorts", words::quoted(&args.dir)))
        .hint(format!("or make another one: cohorts demo {}", words::argument(&another))));
    }
    if ctx.mode == Mode::DryRun {
        return Ok(Report::new(format!(
            "Dry run: would make a practice folder {}",
            folder.display()
        )));
    }
    let now = ctx.now;
    let played = last_finished(now.date())
        .ok_or_else(|| Error::refused("the clock of this computer is far off"))?;
    let id = quarter_id(played);

    // It grows beside its place and appears there whole.
    let parent = folder.parent().unwrap_or(Path::new("."));
    let growing = tempfile::Builder::new()
        .prefix(".cohorts-demo-")
        .tempdir_in(parent)
        .map_err(|error| io_error("make a folder in", parent, &error))?;
    init::fill(ctx, growing.path())?;
    ctx.named_folder = Some(growing.path().to_owned());
    ctx.prompts = Prompts::Nobody;
    ctx.random = fastrand::Rng::with_seed(SEED);
    let later = played - TOLD;
    let next = play(ctx, played, later, now)?;
    std::fs::rename(growing.path(), &folder).map_err(|error| io_error("make", &folder, &error))?;
    drop(growing.keep());
    // Of other records that were there once and encrypted.
    if let Some(key) = KeyFile::of_folder(&folder) {
        key.forget(&folder)?;
    }
    ctx.named_folder = Some(folder.clone());
    ctx.now = now;

    let roster = folder.join("roster.csv");
    drop(type_in(ctx, &["roster", &id, "--status", "all", "--output", &roster.to_string_lossy()])?);
    drop(type_in(ctx, &["roster", &id])?);
    Ok(report(&args.dir, &id, &next))
}

/// The first day of the last quarter's cohort that is over by `today`: those of
/// the demo start on the fourth Tuesday or so, as Winter 2024 did.
fn last_finished(today: NaiveDate) -> Option<NaiveDate> {
    let quarter = NaiveDate::from_ymd_opt(today.year(), today.month0() / 3 * 3 + 1, 1)?;
    (0..4)
        .filter_map(|back| quarter.checked_sub_months(Months::new(3 * back)))
        .filter_map(|first| {
            (first + Days::new(21)).iter_days().find(|day| day.weekday() == TOLD.weekday())
        })
        .find(|start| *start + Days::new(21) < today)
}

/// Plays the quarter, and gives the id of the one that is open for sign-up, and
/// when that starts.
fn play(
    ctx: &mut Context,
    start: NaiveDate,
    later: chrono::TimeDelta,
    until: NaiveDateTime,
) -> Result<(String, NaiveDate)> {
    let id = quarter_id(start);
    ctx.now = told("2024-01-02 09:00")? + later;
    drop(type_in(ctx, &["new", &id, "--starts", &start.to_string()])?);
    ctx.now = told("2024-01-16 09:05")? + later;
    import(ctx, SIGN_UPS, &id, later)?;
    let report = written(ctx, REPORT, later)?;
    let report = report.path().to_string_lossy();
    for line in COMMANDS.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (when, command) = line.split_at_checked(16).unwrap_or((line, ""));
        ctx.now = told(when)? + later;
        let words = command.split_whitespace();
        let words = words.map(|word| if word == REPORT_NAME { &report } else { word });
        drop(type_in(ctx, &words.collect::<Vec<_>>())?);
    }
    // The next quarter's first sign-ups came yesterday at the latest.
    let (next, opens) = open_quarter(&id, until.date())?;
    ctx.now = ctx.now.max(until - Days::new(8)).min(until);
    drop(type_in(ctx, &["new", &next, "--starts", &opens.to_string()])?);
    ctx.now = until;
    let later = until.date() - told("2024-02-20")?.date();
    import(ctx, NEXT_SIGN_UPS, &next, later)?;
    ask_for_support(ctx, until)?;
    let later = until.date() - told("2024-03-15")?.date();
    file::write(&ctx.folder()?.join(TO_IMPORT), &moved(MORE_SIGN_UPS, later)?, Existing::Keep)?;
    Ok((next, opens))
}

/// Somebody who cannot wait for the next group; a contact is due.
fn ask_for_support(ctx: &mut Context, until: NaiveDateTime) -> Result<()> {
    let name = ["--first-name", "Ravi", "--last-name", "Menon", "--email", "ravi@example.org"];
    ctx.now = until - Days::new(6);
    drop(type_in(ctx, &[&["support", "add"], name.as_slice()].concat())?);
    ctx.now = until - Days::new(5);
    let next = until.date().to_string();
    let contact = ["support", "contact", "ravi@example.org", "--kind", "phone", "--next", &next];
    drop(type_in(ctx, &contact)?);
    ctx.now = until;
    Ok(())
}

/// The next quarter that is not the one played, and the Tuesday it starts on.
fn open_quarter(played: &str, today: NaiveDate) -> Result<(String, NaiveDate)> {
    let (id, first) = crate::domain::schedule::next_quarter(today)
        .filter(|(id, _)| id != played)
        .ok_or_else(|| Error::refused("the clock of this computer is far off"))?;
    let start = first.iter_days().find(|day| day.weekday() == TOLD.weekday()).unwrap_or(first);
    Ok((id, start))
}

/// Signs up everybody of a form, as if it had been filled in that much later.
fn import(ctx: &mut Context, form: &str, id: &str, later: chrono::TimeDelta) -> Result<()> {
    let file = written(ctx, form, later)?;
    drop(type_in(ctx, &["import", &file.path().to_string_lossy(), "-c", id])?);
    Ok(())
}

/// A file of `examples/`, as if it were that much later, until it is dropped.
fn written(
    ctx: &Context,
    example: &str,
    later: chrono::TimeDelta,
) -> Result<tempfile::NamedTempFile> {
    let mut file = tempfile::NamedTempFile::new_in(ctx.folder()?)
        .map_err(|error| Error::refused("the example could not be written").because(error))?;
    file.write_all(&moved(example, later)?)?;
    Ok(file)
}

/// A form's answers or Zoom's report, that much later.
fn moved(form: &str, later: chrono::TimeDelta) -> Result<Vec<u8>> {
    let unreadable = |error| Error::refused("the example cannot be read").because(error);
    let mut to = csv::Writer::from_writer(Vec::new());
    for row in csv::ReaderBuilder::new().has_headers(false).from_reader(form.as_bytes()).records() {
        for cell in &row.map_err(unreadable)? {
            let at = dates::moment(cell, Order::MonthFirst).filter(|_| cell.contains(':'));
            let cell = at.map_or(cell.to_owned(), |at| (at + later).to_string());
            to.write_field(cell).map_err(unreadable)?;
        }
        to.write_record(None::<&[u8]>).map_err(unreadable)?;
    }
    to.into_inner()
        .map_err(|error| Error::refused("the example could not be written").because(error.error()))
}

/// When something happened in the quarter that `examples/` tells of.
fn told(when: &str) -> Result<NaiveDateTime> {
    args::moment(when).map_err(Error::refused)
}

/// Runs a command as if it had been typed.
fn type_in(ctx: &mut Context, words: &[&str]) -> Result<Report> {
    let typed = ["cohorts"].iter().chain(words);
    let cli = Cli::try_parse_from(typed)
        .map_err(|error| Error::refused("the example holds a wrong command").because(error))?;
    cli::run(ctx, cli.command)
}

fn report(dir: &Path, played: &str, (next, opens): &(String, NaiveDate)) -> Report {
    let dir = dir.display();
    let report = Report::new(format!(
        "\nA practice folder with made-up people is in {dir}: {played} is over,\n\
         {next} is open for sign-up, and {dir}/roster.csv opens in Excel."
    ))
    .and("Try, for a start:")
    .next("go there", format!("cd {dir}"))
    .next("what needs doing today", "cohorts")
    .next("sign somebody up", "cohorts enroll")
    .next("sign up everyone in a form", format!("cohorts import {TO_IMPORT}"))
    .next("who has agreed, and who has not", "cohorts consent list")
    .next("a receipt of a consent", format!("cohorts consent receipt amara -c {played}"))
    .next("a draft of an e-mail to each", format!("cohorts mail {next} --template invitation"))
    .next("who asks for support", "cohorts support list")
    .next("how the next first day looks", format!("cohorts today --on {opens}"))
    .next("is the last quarter complete", format!("cohorts finish {played}"))
    .next("who of it comes again", format!("cohorts carry {played} {next}"))
    .next("figures for the office", "cohorts report")
    .next("the last quarter once more", format!("cohorts roster {played}"))
    .next("what was changed; take it back", "cohorts history; cohorts undo")
    .next("what the Tab key can do", "cohorts completions --help");
    match unknown_to_the_shell() {
        Some(program) => report
            .and("Your shell does not know `cohorts` yet. In this window, this helps:")
            .and(format!("  alias cohorts='{}'", program.display())),
        None => report,
    }
}

/// This program's path, where typing `cohorts` would not find it.
fn unknown_to_the_shell() -> Option<PathBuf> {
    let program = env::current_exe().ok()?;
    let name = program.file_name()?;
    let known = env::split_paths(&env::var_os("PATH")?).any(|folder| folder.join(name).is_file());
    (!known).then_some(program)
}

//! `cohorts report`

use std::io::{IsTerminal, Write};

use chrono::NaiveDate;

use super::args;
use crate::context::{Context, Mode, Office};
use crate::domain::figures::{By, Tallies};
use crate::domain::program::Cohort;
use crate::error::{Error, Result, io_error};
use crate::output::csv;
use crate::output::file::{ALONE, Draft};
use crate::output::messages::Report;
use crate::output::progress::Progress;
use crate::output::report::{self, About, Format};
use crate::output::words;

/// Figures by year, quarter, cohort or site, with small groups hidden
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Sign-ups, waitlist, agreements, attendance by week, completions, withdrawals
and why, and days waited. Completed: there every week of a cohort that is over.
A sign-up belongs to the day of its cohort's first session.

Counts from 1 to 9 are shown as <10, and others as * from which they could be
worked out. Another number than 10: [report] suppress_below in cohorts.toml.
The ending of FILE decides the format: .txt, .csv, .json or .html, a page to
read in a browser and to print.

Examples:
  cohorts report
  cohorts report --from 2023-07-01 --to 2024-06-30 --by quarter
  cohorts report --output report.html")]
pub struct Args {
    /// Cohorts that began on that day or later
    #[arg(long, value_name = "DATE", value_parser = args::date)]
    from: Option<NaiveDate>,

    /// Cohorts that began on that day or before
    #[arg(long, value_name = "DATE", value_parser = args::date)]
    to: Option<NaiveDate>,

    /// A row for each of these; years go from July to June
    #[arg(long, value_name = "GROUP", default_value = "year", value_parser = args::one_of::<By>())]
    by: By,

    /// How it is written
    #[arg(long, value_parser = args::one_of::<Format>())]
    format: Option<Format>,

    #[command(flatten)]
    file: args::IntoFile,
}

pub fn run(ctx: &mut Context, args: &Args) -> Result<Report> {
    if let (Some(from), Some(to)) = (args.from, args.to)
        && from > to
    {
        return Err(Error::usage(format!("--from {from} is after --to {to}")));
    }
    let path = args.file.path();
    let format = match (args.format, path) {
        (Some(format), _) => format,
        (None, None) => Format::Table,
        (None, Some(path)) => Format::of_ending(path).ok_or_else(|| {
            let shown = path.display();
            Error::usage(format!("{shown} ends in none of .html, .csv, .json and .txt"))
                .hint("name it report.html: a browser opens and prints it")
        })?,
    };
    if format == Format::Html && path.is_none() && std::io::stdout().is_terminal() {
        return Err(Error::usage("a page cannot be shown on the screen")
            .hint("write it to a file: --output report.html"));
    }
    let office = ctx.office()?;
    let snapshot = office.store.snapshot()?;
    let cohorts = chosen(&office, args)?;
    let progress = Progress::new("Counting");
    let mut tallies = Tallies::new(args.by, ctx.now);
    let program = &office.definitions.program;
    office.store.each_group(program, &cohorts, |group| tallies.add(group))?;
    // Of those nobody knows when they were.
    let left_out = super::check::gone(&office)?.len();
    drop(snapshot);
    let figures = tallies.report(office.definitions.suppress_below);
    drop(progress);
    let about = About {
        program: program.terms.name.clone(),
        scope: scope(args, cohorts.len()),
        made_on: words::day_of_year(ctx.today()),
    };
    let mut said = Report::silent();
    if left_out > 0 {
        said = said.warning(format!(
            "{} in the records {} not in cohorts.toml, and left out",
            words::count(left_out, "cohort"),
            if left_out == 1 { "is" } else { "are" }
        ));
    }
    let Some(path) = path else {
        report::write(ctx.out.data(), format, &about, &figures)?;
        return Ok(said);
    };
    office.refuse_own_files(&ctx.file(path))?;
    let existing = args.file.existing();
    let mut draft = Draft::begin(path, existing)?;
    if format == Format::Csv {
        let failed = |error| io_error("write", path, &error);
        draft.write_all(csv::BYTE_ORDER_MARK).map_err(failed)?;
    }
    let progress = Progress::new(format!("Writing {}", path.display()));
    report::write(&mut draft, format, &about, &figures)?;
    drop(progress);
    let what = format!("a report of {}", words::count(cohorts.len(), "cohort"));
    if ctx.mode == Mode::DryRun {
        return Ok(
            Report::new(format!("Dry run: would write {what} to {}", path.display())).then(said)
        );
    }
    let ids: Vec<&str> = cohorts.iter().map(|cohort| cohort.id.as_str()).collect();
    let columns = format!("counts by {}, none below {}", args.by, figures.limit);
    ctx.disclose(&office.store, &ids.join(" "), &columns, 0, &ctx.file(path))?;
    draft.publish()?;
    Ok(Report::new(format!("Wrote {what} to {}{ALONE}.", path.display())).then(said))
}

/// The cohorts whose first session is within the days that were given; where
/// that was recorded, as it was.
fn chosen<'o>(office: &'o Office, args: &Args) -> Result<Vec<&'o Cohort>> {
    let firsts = office.store.first_sessions()?;
    let program = &office.definitions.program;
    let chosen: Vec<&Cohort> = program
        .cohorts
        .iter()
        .filter(|cohort| {
            let defined = || cohort.sessions().first().map(|session| session.date);
            let first = firsts.get(cohort.id.as_str()).copied().or_else(defined);
            first.is_some_and(|first| {
                args.from.is_none_or(|from| from <= first) && args.to.is_none_or(|to| first <= to)
            })
        })
        .collect();
    match chosen.as_slice() {
        [] if program.cohorts.is_empty() => {
            Err(Error::refused("there is no cohort yet").hint("cohorts new, to add the first one"))
        }
        [] => Err(Error::refused("no cohort began in these days")
            .hint("cohorts list, to see when they do")),
        _ => Ok(chosen),
    }
}

fn scope(args: &Args, cohorts: usize) -> String {
    let day = words::day_of_year;
    let began = match (args.from, args.to) {
        (None, None) => String::new(),
        (Some(from), None) => format!(" from {} on", day(from)),
        (None, Some(to)) => format!(" until {}", day(to)),
        (Some(from), Some(to)) => format!(" from {} to {}", day(from), day(to)),
    };
    if began.is_empty() {
        return format!("All cohorts: {cohorts}");
    }
    format!("Cohorts that began{began}: {cohorts}")
}

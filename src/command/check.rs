//! `cohorts check`

mod copy;
mod fit;
mod told;

use std::fs;
use std::path::{Path, PathBuf};

use chrono::{NaiveDate, NaiveDateTime};

use crate::context::exposure::{self, Exposure};
use crate::context::{Context, Office, reach, template};
use crate::definitions::mail::InFile;
use crate::definitions::{self, Definitions, Level};
use crate::error::{Error, Kind, Result, io_error};
use crate::output::file;
use crate::output::messages::Report;
use crate::output::progress::Progress;
use crate::output::words;
use told::Told;

pub use fit::{fits, gone, hidden};

/// Say whether cohorts.toml is right, and the records are whole and fit it
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Prints every mistake with its line and what would be right, and says how to
mend it. Holds every row of the records against their history, also while
cohorts.toml has mistakes. Exit code 5 when something is wrong; it only warns
where the files lie badly, or others may read or change them.

Examples:
  cohorts check
  cohorts check /media/usb/backup.db")]
pub struct Args {
    /// A backup or a file that was handed over, instead of your folder
    pub file: Option<PathBuf>,
}

pub fn run(ctx: &mut Context, args: &Args) -> Result<Report> {
    match &args.file {
        Some(file) => copy::run(ctx, file),
        None => folder(ctx),
    }
}

/// The two files that the commands work with, and where they lie.
fn folder(ctx: &mut Context) -> Result<Report> {
    let mut told = Told::default();
    let place = ctx.folder()?;
    file::sweep(&place);
    told.exposed = exposure::of_folder(&place);
    let records = ctx.records(&place);
    let _progress = Progress::new("Checking");
    let definitions = match Definitions::read(&text(&place)?) {
        Ok(definitions) => {
            told.text.clone_from(&definitions.text);
            told.in_file.clone_from(&definitions.warnings);
            Some(definitions)
        }
        Err(problems) => {
            told.mistakes(problems);
            None
        }
    };
    told.exposed.extend(exposure::of_definitions(&place, definitions.as_ref()));
    let store = match records {
        Ok(store) => store,
        Err(error) if error.kind == Kind::Damaged => {
            told.unreadable("cohorts.db");
            return told.end(&ctx.out, Report::silent(), &LOST);
        }
        Err(error) if definitions.is_none() => {
            told.elsewhere.push((error.in_short(), error.hints.join("\n  ")));
            return told.end(&ctx.out, Report::silent(), &[]);
        }
        Err(error) => return Err(error),
    };
    // Of damaged records that is said below.
    reach::sweep(&store, i64::MAX).ok();
    let Some(definitions) = definitions else {
        told.damage = store.verify()?;
        if !told.damage.is_empty() {
            return told.end(&ctx.out, Report::silent(), &LOST);
        }
        told.whole = Some(store.holdings()?.changes);
        return told.end(&ctx.out, Report::silent(), &[]);
    };
    let mut definitions = definitions;
    for InFile { file, text, problem } in
        definitions.fetch_templates(|name| template::read(&place, name))
    {
        if file == definitions::FILE_NAME {
            told.in_file.push(problem);
        } else {
            let (line, column) = problem.line_and_column(&text);
            let what = format!("{file}:{line}:{column}: {}", problem.what);
            told.elsewhere.push((what, problem.help.unwrap_or_default()));
        }
    }
    let office = Office { folder: place, definitions, store };
    let _view = office.store.snapshot()?;
    told.damage = office.store.verify()?;
    if !told.damage.is_empty() {
        // What the records say is not to be relied on.
        return told.end(&ctx.out, Report::silent(), &LOST);
    }
    let fit = fit::look(&office)?;
    told.in_file.extend(fit.in_file);
    told.elsewhere.extend(fit.elsewhere);
    let kept = exposure::kept(&office);
    told.exposed.extend(exposure::of_backups(&office, &kept));
    told.exposed.extend(exposure::readable(&office, &kept));
    told.exposed.extend(kept_too_long(&office, ctx.today())?);
    told.exposed.extend(missing_again(&office, ctx.now)?);
    let cohorts = office.definitions.program.cohorts.len();
    told.end(&ctx.out, well(cohorts, fit.enrollments, office.store.holdings()?.changes), &[])
}

/// What `cohorts.toml` says, to the byte.
fn text(folder: &Path) -> Result<Vec<u8>> {
    let path = folder.join(definitions::FILE_NAME);
    fs::read(&path).map_err(|error| io_error("read", &path, &error))
}

/// People whose time has come.
fn kept_too_long(office: &Office, today: NaiveDate) -> Result<Option<Exposure>> {
    let due = super::participant::due(office, today)?.len();
    Ok((due > 0).then(|| Exposure {
        what: format!("{} due to be erased", words::are(due, "participant")),
        instead: "cohorts participant erase --due".to_owned(),
    }))
}

/// Cohorts that were marked finished, and of which something is missing since.
fn missing_again(office: &Office, now: NaiveDateTime) -> Result<Vec<Exposure>> {
    let mut found = Vec::new();
    let program = &office.definitions.program;
    for cohort in &program.cohorts {
        if office.store.marked_finished_on(&cohort.id)?.is_some() {
            let group = office.group(cohort)?;
            let missing = super::finish::missing(&office.store, program, &group, now)?.len();
            found.extend((missing > 0).then(|| Exposure {
                what: format!(
                    "{} was marked finished, and {} missing again",
                    cohort.id,
                    words::are(missing, "thing")
                ),
                instead: format!("cohorts finish {}", cohort.id),
            }));
        }
    }
    Ok(found)
}

/// How to go on with damaged records.
const LOST: [&str; 2] = [
    "enter nothing more; bring back the last good backup: cohorts restore FILE",
    "keep the damaged file: it may hold what the backup does not",
];

/// What is said when nothing was found.
fn well(cohorts: usize, enrollments: usize, changes: usize) -> Report {
    Report::new(format!(
        "All is well: {}, {}.",
        words::count(cohorts, "cohort"),
        words::count(enrollments, "enrollment"),
    ))
    .and(format!(
        "Every row is as its history says ({}), and the file is whole.",
        words::count(changes, "change"),
    ))
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

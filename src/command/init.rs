//! `cohorts init`

use std::path::{Path, PathBuf};

use crate::command::{args, check, encrypt};
use crate::context::{Context, Mode, folder, open_error, place};
use crate::definitions;
use crate::domain::period::Period;
use crate::error::{Error, Kind, Result, io_error};
use crate::output;
use crate::output::file::{self, Existing};
use crate::output::messages::Report;
use crate::output::words;
use crate::store::{self, OpenError};

/// Make a folder for your program, or add what is missing in one
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Writes a commented cohorts.toml for you to edit and an empty cohorts.db
beside it. A file that is there already is left as it is. Commands that you
run elsewhere will use this folder from now on. On a terminal, a new
cohorts.toml has two questions, about backups and about how long people are
kept; Enter leaves either for later.

Examples:
  cohorts init                in this folder
  cohorts init ~/Documents/aim-focus-release
  cohorts init --backup /Volumes/Backup --erase-after '2 years'")]
pub struct Args {
    /// Where, if not here; a folder that does not exist is made
    #[arg(value_name = "DIR")]
    dir: Option<PathBuf>,

    /// Where backups go: a folder that is there, on another disk
    #[arg(long, value_name = "DIR")]
    backup: Option<String>,

    /// How long people are kept, such as '2 years'
    #[arg(long, value_name = "PERIOD", value_parser = args::period)]
    erase_after: Option<Period>,

    /// Make the records unreadable without a key: see cohorts encrypt
    #[arg(long)]
    encrypt: bool,
}

/// What a new cohorts.toml is to say about the records.
struct Answers {
    backup: Option<PathBuf>,
    erase_after: Option<Period>,
}

pub fn run(ctx: &mut Context, args: &Args) -> Result<Report> {
    let named = args.dir.as_ref().or(ctx.named_folder.as_ref());
    let folder = named.map_or_else(|| ctx.here.clone(), |dir| ctx.here.join(dir));
    let folder = std::path::absolute(&folder).map_err(|error| io_error("find", &folder, &error))?;
    if args.encrypt {
        encrypt::refuse_if_impossible(ctx)?;
    }
    let answers = answers(ctx, args, &folder)?;
    if ctx.mode == Mode::DryRun {
        return Ok(with_warnings(
            Report::new(format!(
                "Dry run: would add what is missing of cohorts.toml and cohorts.db in {}{}",
                folder.display(),
                if args.encrypt { ", and encrypt the records" } else { "" }
            )),
            &folder,
            &answers,
        ));
    }
    let backup = answers.backup.as_deref().map(in_text).transpose()?;
    let text = definitions::filled(backup, answers.erase_after);
    // What was answered must not make a file that cannot be read.
    check::read_edited(&text)?;
    let made = make(ctx, &folder, &text)?;
    let remembered = folder::remember(&folder);
    let said = report(&folder, &made, &answers, matches!(remembered, Ok(true)));
    let said = match &remembered {
        Ok(_) => said,
        Err(error) => said.warning(folder::not_remembered(error)),
    };
    // In another group's folder, commands go on being about that.
    let found = folder::find(ctx.named_folder.as_deref(), &ctx.here);
    if found.ok().and_then(|found| found.canonicalize().ok()) != folder.canonicalize().ok() {
        ctx.out.folder.clone_from(&args.dir);
    }
    let next = if made.is_empty() { Report::silent() } else { next_steps() };
    if args.encrypt {
        ctx.out.say(&said)?;
        ctx.named_folder = Some(folder);
        let folder = ctx.folder()?;
        if ctx.records(&folder)?.key().is_some() {
            return Ok(Report::new("The records are encrypted.").then(next));
        }
        return match encrypt::run(ctx, &encrypt::Args {}) {
            Ok(encrypted) => Ok(encrypted.then(next)),
            Err(error) if error.kind == Kind::Cancelled => {
                let encrypt = ctx.out.proposed("cohorts encrypt");
                let left = "left; the folder is there, but its records are not encrypted";
                Err(Error::new(Kind::Cancelled, format!("{left}: {encrypt}")))
            }
            Err(error) => {
                Err(error.hint("cohorts encrypt, once that is mended: the folder is there"))
            }
        };
    }
    let said = said.then(next);
    Ok(match store::ENCRYPTS && ctx.prompts.are_possible() && made.contains(&store::FILE_NAME) {
        true => said.next("make the records unreadable for others", "cohorts encrypt"),
        false => said,
    })
}

/// What was given, and on a terminal asked for, about a cohorts.toml that is
/// not there yet.
fn answers(ctx: &Context, args: &Args, folder: &Path) -> Result<Answers> {
    let backup = match &args.backup {
        Some(typed) => Some(backup_folder(typed, &ctx.here, folder)?),
        None => None,
    };
    let mut answers = Answers { backup, erase_after: args.erase_after };
    let is_there = folder.join(definitions::FILE_NAME).exists();
    if is_there && (answers.backup.is_some() || answers.erase_after.is_some()) {
        return Err(is_there_already(folder, &answers));
    }
    if is_there || !ctx.prompts.are_possible() || ctx.mode == Mode::DryRun {
        return Ok(answers);
    }
    if answers.backup.is_none() {
        let question = "Backup folder (on another disk; Enter if none)";
        answers.backup = ctx.prompts.line(question, |typed| match typed {
            "" => Ok(None),
            typed => backup_folder(typed, &ctx.here, folder).map(Some).map_err(|e| e.message),
        })?;
    }
    if answers.erase_after.is_none() {
        let question = "Keep people for, such as 2 years (Enter if undecided)";
        answers.erase_after = ctx.prompts.line(question, |typed| match typed {
            "" => Ok(None),
            typed => args::period(typed).map(Some),
        })?;
    }
    Ok(answers)
}

fn is_there_already(folder: &Path, answers: &Answers) -> Error {
    let mut error = Error::refused(format!(
        "there is a cohorts.toml in {} already; it was left as it is",
        folder.display()
    ))
    .hint("open it in a text editor instead");
    if let Some(backup) = &answers.backup {
        error = error.hint(format!("below [backup] write: folder = '{}'", backup.display()));
    }
    if let Some(time) = answers.erase_after {
        error = error.hint(format!("below [retention] write: erase_after = \"{time}\""));
    }
    error
}

/// The folder that somebody means for backups.
fn backup_folder(typed: &str, here: &Path, records: &Path) -> Result<PathBuf> {
    let nameless = || Error::usage("the folder for backups has no name");
    if typed.trim().is_empty() {
        return Err(nameless().hint("leave --backup out for no backups yet"));
    }
    let meant = place::meant_by(typed, here).map_err(|error| nameless().because(error))?;
    if !meant.is_dir() {
        return Err(Error::refused(format!("there is no folder {}", meant.display()))
            .hint("plug the disk in, or make the folder, then try again"));
    }
    let is_in = |folder: PathBuf| meant.canonicalize().is_ok_and(|real| real.starts_with(folder));
    if records.canonicalize().is_ok_and(is_in) {
        return Err(Error::refused("backups beside the records would be lost with them")
            .hint("choose a folder on another disk"));
    }
    Ok(meant)
}

fn in_text(folder: &Path) -> Result<&str> {
    folder.to_str().ok_or_else(|| {
        Error::refused(format!("the name of {} cannot be written down", folder.display()))
            .hint("give that folder a name of plain letters")
    })
}

fn report(folder: &Path, made: &[&str], answers: &Answers, is_remembered: bool) -> Report {
    let place = folder.display();
    let mut said = match made {
        [] => Report::new(format!("Nothing was missing in {place}")),
        made => Report::new(format!("Made {} in {place}", words::list(made))),
    };
    said = said.and(if cfg!(unix) {
        "Only you can read the records."
    } else {
        "The records have the permissions of the folder."
    });
    if is_remembered {
        said = said.and("Commands that you run elsewhere use this folder from now on.");
    }
    if let Some(backup) = &answers.backup {
        said = said.and(format!(
            "Backups go to {}.\nThey hold people's names: keep that disk safe.",
            backup.display()
        ));
    }
    if let Some(time) = answers.erase_after {
        said = said.and(format!("People are due to be erased {time} after their last cohort."));
    }
    with_warnings(said, folder, answers)
}

fn next_steps() -> Report {
    Report::new("Next:")
        .next("make the program yours", "open cohorts.toml in a text editor")
        .next("see whether all is well in it", "cohorts check")
        .next("add the first cohort", "cohorts new")
}

/// Says where the places chosen are no good ones.
fn with_warnings(mut report: Report, folder: &Path, answers: &Answers) -> Report {
    if let Some(service) = place::synced_by(folder) {
        report = report.warning(format!(
            "{service} copies this folder, and with it everybody's names,\n\
             to another company's computers. Better move it to a place that is\n\
             not synced."
        ));
    }
    let Some(backup) = &answers.backup else { return report };
    if let Some(service) = place::synced_by(backup) {
        report = report.warning(format!(
            "{service} copies the backups, and with them everybody's names,\n\
             to another company's computers. Better choose a disk of your own\n\
             below [backup] in cohorts.toml."
        ));
    } else if place::on_one_disk(folder, backup) {
        report = report.warning(
            "the backups are on the same disk as the records, and are lost with it.\n\
             Better choose another disk below [backup] in cohorts.toml.",
        );
    }
    report
}

/// Adds the files that a folder lacks, and says which.
pub fn fill(ctx: &Context, folder: &Path) -> Result<Vec<&'static str>> {
    make(ctx, folder, definitions::TEMPLATE)
}

fn make(ctx: &Context, folder: &Path, text: &str) -> Result<Vec<&'static str>> {
    output::folder::make(folder)?;
    let mut made = Vec::new();
    // The records first: where they cannot be made, nothing else was, and the
    // same command can be given again.
    let records = folder.join(store::FILE_NAME);
    // Where records were encrypted that are not there any more, new ones are so too.
    match store::create(&records, ctx.key_of(folder)?) {
        Ok(()) => made.push(store::FILE_NAME),
        Err(OpenError::Exists) => {
            ctx.records(folder)?;
        }
        Err(error) => return Err(open_error(error, &records)),
    }
    let toml = folder.join(definitions::FILE_NAME);
    if !toml.exists() {
        file::write(&toml, text.as_bytes(), Existing::Keep)?;
        made.insert(0, definitions::FILE_NAME);
    }
    Ok(made)
}

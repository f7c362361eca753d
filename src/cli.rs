//! The command line: what every command shares, the commands there are, and
//! the one place that runs them.

use std::ffi::OsString;
use std::path::PathBuf;

use anstyle::{AnsiColor, Style};
use clap::builder::Styles;
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::command::{
    agreement, attend, backup, calendar, carry, check, completions, consent, decrypt, demo,
    encrypt, enroll, excuse, export, finish, handover, history, import, incident, init, key, list,
    mail, move_session, new, participant, place, rekey, report, restore, roster, show, support,
    takeover, today, undo, withdraw,
};
use crate::context::Context;
use crate::error::Result;
use crate::output::messages::Report;

const STYLES: Styles = Styles::styled()
    .header(Style::new().bold())
    .usage(Style::new().bold())
    .literal(AnsiColor::Cyan.on_default())
    .placeholder(Style::new());

/// Cohorts, sign-ups, consent, attendance and rosters of a confidential
/// support group, in one folder on your own computer.
#[derive(Debug, Parser)]
#[command(
    name = "cohorts",
    version,
    styles = STYLES,
    max_term_width = 80,
    disable_help_subcommand = true,
    override_usage = "cohorts                     what needs doing today\n       cohorts COMMAND [OPTIONS]   one of these; COMMAND --help says more",
    after_help = MORE,
)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Option<Command>,

    #[command(flatten)]
    pub everywhere: Everywhere,
}

/// What every command takes, before its name or behind it.
#[derive(Debug, Args)]
pub struct Everywhere {
    /// The folder with cohorts.toml (or set COHORTS_FOLDER)
    #[arg(long, global = true, value_name = "DIR", help_heading = "Everywhere")]
    pub folder: Option<PathBuf>,

    /// Do everything as ever, show it, then take it back
    #[arg(long, global = true, help_heading = "Everywhere")]
    pub dry_run: bool,

    /// Colour: auto (only on a terminal), always or never
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto",
          value_parser = ["auto", "always", "never"], hide_possible_values = true,
          hide_default_value = true, help_heading = "Everywhere")]
    pub color: String,
}

const MORE: &str = "\
More:
  init, demo          make a folder of your own, or one to practise in
  today, list, show   another day's screen; the cohorts; one and its dates
  report, export      figures by year or site; everything as CSV
  move, calendar      give a session another day; a file for calendars
  place, withdraw     give a waiting person a place; record that somebody left
  excuse, incident    somebody cannot come; what went wrong, until it is closed
  agreement, mail     the text to agree to; messages, a draft for each person
  participant         look somebody up, change their details, or erase them
  finish, carry       close a cohort; sign up again who waits or missed some
  history, check      what was changed; whether all is well
  backup, restore     copy everything into one file; put such a copy back
  handover, takeover  let somebody go on elsewhere; go on with what they did
  encrypt, decrypt    make the records unreadable without their key, or not
  key, rekey          the recovery sheet of that key; another key
  completions         let the Tab key complete commands and cohorts

COHORT is an id, a unique beginning of one, `current` or `next`.
WHO is a code such as K7QM2, an e-mail address, or a name.
Start with: cohorts demo";

/// What each command takes is looked up for the one that is run alone.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum Command {
    New(new::Args),
    Enroll(enroll::Args),
    Import(import::Args),
    Consent(consent::Args),
    Attend(attend::Args),
    Roster(roster::Args),
    Support(support::Args),
    Undo(undo::Args),

    // Those below stand under "More" in the help.
    #[command(hide = true)]
    Init(init::Args),
    #[command(hide = true)]
    Demo(demo::Args),
    #[command(hide = true)]
    Today(today::Args),
    #[command(hide = true)]
    List(list::Args),
    #[command(hide = true)]
    Show(show::Args),
    #[command(hide = true)]
    Move(move_session::Args),
    #[command(hide = true)]
    Mail(mail::Args),
    #[command(hide = true)]
    Report(report::Args),
    #[command(hide = true)]
    Calendar(calendar::Args),
    #[command(hide = true)]
    Place(place::Args),
    #[command(hide = true)]
    Withdraw(withdraw::Args),
    #[command(hide = true)]
    Excuse(excuse::Args),
    #[command(hide = true)]
    Incident(incident::Args),
    #[command(hide = true)]
    Agreement(agreement::Args),
    #[command(hide = true)]
    Participant(participant::Args),
    #[command(hide = true)]
    Finish(finish::Args),
    #[command(hide = true)]
    Carry(carry::Args),
    #[command(hide = true)]
    History(history::Args),
    #[command(hide = true)]
    Check(check::Args),
    #[command(hide = true)]
    Backup(backup::Args),
    #[command(hide = true)]
    Restore(restore::Args),
    #[command(hide = true)]
    Export(export::Args),
    #[command(hide = true)]
    Handover(handover::Args),
    #[command(hide = true)]
    Takeover(takeover::Args),
    #[command(hide = true)]
    Encrypt(encrypt::Args),
    #[command(hide = true)]
    Decrypt(decrypt::Args),
    #[command(hide = true)]
    Key(key::Args),
    #[command(hide = true)]
    Rekey(rekey::Args),
    #[command(hide = true)]
    Completions(completions::Args),
}

impl Cli {
    /// Parses a right command line by what the one command takes that is named
    /// in it: to make them all ready takes longer than what many of them do. It
    /// does not say rightly what is wrong, nor does it know any help.
    pub fn of(words: &[OsString]) -> std::result::Result<Self, clap::Error> {
        let all = Command::augment_subcommands(clap::Command::new("all"));
        let named = words.iter().skip(1).find_map(|word| all.find_subcommand(word));
        let line = Everywhere::augment_args(clap::Command::new("cohorts"));
        Self::from_arg_matches(&line.subcommands(named.cloned()).try_get_matches_from(words)?)
    }
}

/// The command line with all that there is to know about every command, to be
/// shown or completed.
pub fn whole() -> clap::Command {
    let mut command = Cli::command();
    command.build();
    command
}

/// Runs a command; no command at all is the screen of today.
pub fn run(ctx: &mut Context, command: Option<Command>) -> Result<Report> {
    let elsewhere = match &command {
        Some(Command::Check(args)) => args.file.is_some(),
        Some(Command::Import(args)) => args.all.is_some(),
        Some(
            Command::Init(_)
            | Command::Demo(_)
            | Command::Restore(_)
            | Command::Takeover(_)
            | Command::Completions(_),
        ) => true,
        _ => false,
    };
    if !elsewhere {
        ctx.say_where()?;
    }
    let report = match command {
        None => today::run(ctx, &today::Args::default()),
        Some(command) => dispatch(ctx, command),
    }?;
    Ok(match ctx.gone_elsewhere.take() {
        Some(elsewhere) => report.warning(elsewhere),
        None => report,
    })
}

fn dispatch(ctx: &mut Context, command: Command) -> Result<Report> {
    match command {
        Command::New(args) => new::run(ctx, args),
        Command::Enroll(args) => enroll::run(ctx, args),
        Command::Import(args) => import::run(ctx, &args),
        Command::Consent(args) => consent::run(ctx, args),
        Command::Attend(args) => attend::run(ctx, &args),
        Command::Roster(args) => roster::run(ctx, &args),
        Command::Support(args) => support::run(ctx, &args),
        Command::Undo(args) => undo::run(ctx, &args),
        Command::Init(args) => init::run(ctx, &args),
        Command::Demo(args) => demo::run(ctx, &args),
        Command::Today(args) => today::run(ctx, &args),
        Command::List(args) => list::run(ctx, &args),
        Command::Show(args) => show::run(ctx, &args),
        Command::Move(args) => move_session::run(ctx, &args),
        Command::Mail(args) => mail::run(ctx, &args),
        Command::Report(args) => report::run(ctx, &args),
        Command::Calendar(args) => calendar::run(ctx, &args),
        Command::Place(args) => place::run(ctx, &args),
        Command::Withdraw(args) => withdraw::run(ctx, &args),
        Command::Excuse(args) => excuse::run(ctx, &args),
        Command::Incident(args) => incident::run(ctx, args),
        Command::Agreement(args) => agreement::run(ctx, &args),
        Command::Participant(args) => participant::run(ctx, args),
        Command::Finish(args) => finish::run(ctx, &args),
        Command::Carry(args) => carry::run(ctx, &args),
        Command::History(args) => history::run(ctx, &args),
        Command::Check(args) => check::run(ctx, &args),
        Command::Backup(args) => backup::run(ctx, &args),
        Command::Restore(args) => restore::run(ctx, &args),
        Command::Export(args) => export::run(ctx, &args),
        Command::Handover(args) => handover::run(ctx, &args),
        Command::Takeover(args) => takeover::run(ctx, &args),
        Command::Encrypt(args) => encrypt::run(ctx, &args),
        Command::Decrypt(args) => decrypt::run(ctx, &args),
        Command::Key(args) => key::run(ctx, &args),
        Command::Rekey(args) => rekey::run(ctx, &args),
        Command::Completions(args) => completions::run(ctx, &args),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_as_by_all_commands_or_left_to_them() {
        for line in [
            "cohorts",
            "cohorts --folder list",
            "cohorts --dry-run list --folder=roster --color never",
            "cohorts support list --all",
            "cohorts roster list today",
            "cohorts consent agreed K7QM2 -c list",
        ] {
            let words: Vec<OsString> = line.split(' ').map(Into::into).collect();
            let by_all = Cli::try_parse_from(&words).unwrap();
            assert_eq!(format!("{:?}", Cli::of(&words).unwrap()), format!("{by_all:?}"), "{line}");
        }
        for line in ["cohorts --folder list roster", "cohorts nothing", "cohorts --version"] {
            let words: Vec<OsString> = line.split(' ').map(Into::into).collect();
            assert!(Cli::of(&words).is_err(), "{line}");
        }
    }
}

//! Parses, runs, and gives the exit code. The only place that asks the system
//! for the time, for randomness and for who is at the keyboard.

use std::cell::Cell;
use std::env;
use std::ffi::OsString;
use std::io::{IsTerminal, stderr, stdin};
use std::path::PathBuf;
use std::process::ExitCode;

use anstream::ColorChoice;
use chrono::{DateTime, Local, NaiveDateTime, SubsecRound, Utc};
use clap::FromArgMatches;
use cohorts::cli::{self, Cli};
use cohorts::command::{args, completions};
use cohorts::context::keys::Keys;
use cohorts::context::{Context, Mode};
use cohorts::error::{Error, Result};
use cohorts::output::messages::print_error;
use cohorts::output::prompts::Prompts;
use cohorts::output::{Out, width_for_people};

fn main() -> ExitCode {
    keep_names_out_of_core_dumps();
    let words: Vec<_> = env::args_os().collect();
    if is_answer_to_tab(&words) {
        return ExitCode::SUCCESS;
    }
    let cli = Cli::of(&words).unwrap_or_else(|_| parse_and_say());
    match cli.everywhere.color.as_str() {
        "always" => ColorChoice::Always,
        "never" => ColorChoice::Never,
        _ => ColorChoice::Auto,
    }
    .write_global();
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // A closed stderr leaves nobody to be told.
            print_error(&error, &mut anstream::stderr(), width_for_people()).ok();
            ExitCode::from(error.kind.exit_code())
        }
    }
}

/// Parses once more to say what is wrong, or the help that was asked for: that
/// needs to know all about every command, which takes longer than parsing one.
fn parse_and_say() -> Cli {
    Cli::from_arg_matches(&cli::whole().get_matches()).unwrap_or_else(|error| error.exit())
}

fn run(cli: Cli) -> Result<()> {
    let somebody_to_ask = stdin().is_terminal() && stderr().is_terminal();
    let (now, moment) = now()?;
    let mut ctx = Context {
        now,
        moment,
        zone: iana_time_zone::get_timezone().unwrap_or_else(|_| "unknown".into()),
        actor: actor(),
        random: random(),
        prompts: if somebody_to_ask { Prompts::Terminal } else { Prompts::Nobody },
        keys: Keys::default(),
        out: Out::new(),
        mode: if cli.everywhere.dry_run { Mode::DryRun } else { Mode::Real },
        here: env::current_dir()?,
        named_folder: cli.everywhere.folder.clone().or_else(folder_set),
        gone_elsewhere: Cell::default(),
    };
    ctx.out.folder.clone_from(&cli.everywhere.folder);
    let done = cli::run(&mut ctx, cli.command);
    // What was written is shown even where something failed afterwards.
    let shown = ctx.out.flush();
    let report = done.map_err(|mut error| {
        for hint in &mut error.hints {
            *hint = ctx.out.proposed(hint);
        }
        error
    })?;
    shown?;
    let report = report.proposing(|command| ctx.out.proposed(command));
    Ok(ctx.out.say(&report)?)
}

/// A shell asked what could follow, and was told.
fn is_answer_to_tab(words: &[OsString]) -> bool {
    let here = env::current_dir().unwrap_or_default();
    completions::answered(cli::whole, words, &here, folder_set())
}

fn folder_set() -> Option<PathBuf> {
    env::var_os("COHORTS_FOLDER").filter(|folder| !folder.is_empty()).map(Into::into)
}

/// The wall clock of this machine, to the second, and the moment itself; tests set
/// the first alone.
#[expect(clippy::disallowed_methods, reason = "the one place that asks")]
fn now() -> Result<(NaiveDateTime, Option<DateTime<Utc>>)> {
    let (now, moment) = match env::var("COHORTS_NOW") {
        Ok(set) => {
            let set = args::moment(&set);
            (set.map_err(|problem| Error::usage(format!("COHORTS_NOW: {problem}")))?, None)
        }
        Err(_) => {
            let now = Local::now().trunc_subsecs(0);
            (now.naive_local(), Some(now.to_utc()))
        }
    };
    Ok((now.trunc_subsecs(0), moment))
}

/// Where participants' codes come from; tests and the README set a seed.
fn random() -> fastrand::Rng {
    match env::var("COHORTS_SEED").ok().and_then(|seed| seed.parse().ok()) {
        Some(seed) => fastrand::Rng::with_seed(seed),
        None => fastrand::Rng::new(),
    }
}

/// Who is at the keyboard, for the history.
fn actor() -> String {
    ["COHORTS_ACTOR", "USER", "USERNAME"]
        .iter()
        .find_map(|name| env::var(name).ok().filter(|value| !value.trim().is_empty()))
        .unwrap_or_else(|| "somebody".into())
}

/// A crash must not leave a file with everybody's names behind.
fn keep_names_out_of_core_dumps() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        // Where it is refused, it was already as low as it gets.
        setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) }).ok();
    }
}

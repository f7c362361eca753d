//! `cohorts completions`, and the answers to what a shell asks when Tab is
//! pressed.
//!
//! The script that it prints only asks the program back. The answers come from
//! the command line itself and from cohorts.toml; the records are never opened,
//! so that no name of a participant can show up on a screen that is shared.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::Arg;
use clap::builder::ValueHint;
use clap_complete::engine::{ArgValueCandidates, CompletionCandidate};
use clap_complete::env::{CompleteEnv, Shells};

use super::args;
use crate::context::{Context, folder};
use crate::definitions::{self, Definitions};
use crate::domain::program::Program;
use crate::domain::roster;
use crate::domain::words::{Word, words};
use crate::error::{Error, Result};
use crate::output::messages::Report;
use crate::output::words;

/// Let the Tab key complete commands, options and cohorts
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Prints a script; your shell reads it whenever it starts, once you have done one
of the examples and opened a new window. Tab then offers commands, options,
their values, files, and the cohorts in cohorts.toml; never a participant.

Examples:
  cohorts completions bash >> ~/.bashrc
  cohorts completions zsh >> ~/.zshrc
  cohorts completions fish > ~/.config/fish/completions/cohorts.fish
  cohorts completions powershell >> $PROFILE")]
pub struct Args {
    /// Which shell the script is for
    #[arg(value_name = "SHELL", value_parser = args::one_of::<Shell>())]
    shell: Shell,
}

words! {
    /// The programs that read what is typed in a terminal.
    pub enum Shell {
        Bash = "bash",
        Zsh = "zsh",
        Fish = "fish",
        Powershell = "powershell",
    }
}

/// Set by the script when it asks.
const ASKED: &str = "COHORTS_COMPLETE";
const NAME: &str = "cohorts";

/// zsh forgets nothing of a script that comes before its completion is on.
const ZSH_FIRST: &str = "(( $+functions[compdef] )) || { autoload -Uz compinit && compinit; }\n";

pub fn run(ctx: &mut Context, args: &Args) -> Result<Report> {
    use std::io::Write;
    let mut script = Vec::new();
    if args.shell == Shell::Zsh {
        script.extend_from_slice(ZSH_FIRST.as_bytes());
    }
    Shells::builtins()
        .completer(args.shell.word())
        .ok_or_else(|| Error::usage(format!("there is no script for {}", args.shell)))?
        .write_registration(ASKED, NAME, NAME, NAME, &mut script)?;
    let script = String::from_utf8_lossy(&script);
    writeln!(ctx.out.data(), "{}", script.trim())?;
    Ok(Report::silent())
}

/// Answers a shell, if it was one that started the program: then there is
/// nothing else to do. Whatever goes wrong, nothing is said into the line that
/// somebody is typing.
pub fn answered(
    command: impl Fn() -> clap::Command,
    words: &[OsString],
    here: &Path,
    folder_set: Option<PathBuf>,
) -> bool {
    let named = named_folder(words).or(folder_set);
    let knows = || offering(command(), named.as_deref(), here);
    CompleteEnv::with_factory(knows)
        .var(ASKED)
        .try_complete(words.iter().cloned(), Some(here))
        .unwrap_or(true)
}

/// What follows `--folder` in the words that were typed so far. bash makes
/// three words of `--folder=X`.
fn named_folder(words: &[OsString]) -> Option<PathBuf> {
    let mut rest = words
        .iter()
        .filter_map(|word| word.to_str())
        .skip_while(|word| !(*word == "--folder" || word.starts_with("--folder=")));
    match rest.next()?.split_once('=') {
        Some((_, folder)) => Some(folder.into()),
        None => rest.find(|word| *word != "=").map(PathBuf::from),
    }
}

/// The command line with all that Tab offers.
///
/// All commands are offered, also those that the first screen of help leaves to
/// "More". Options are, where a `-` was typed or nothing else fits: `hide`
/// means just that here.
fn offering(command: clap::Command, named: Option<&Path>, here: &Path) -> clap::Command {
    let for_roster = command.get_name() == "roster";
    let (named, here) = (named.map(Path::to_owned), here.to_owned());
    command
        .mut_args(|arg| {
            let arg = if arg.is_positional() { arg } else { arg.hide(true) };
            let from = |list: fn(&Program) -> Vec<CompletionCandidate>| {
                let (named, here) = (named.clone(), here.clone());
                ArgValueCandidates::new(move || match program(named.as_deref(), &here) {
                    Some(program) => list(&program),
                    None => Vec::new(),
                })
            };
            match value_name(&arg).as_deref() {
                Some("COHORT") if for_roster => arg.add(from(cohorts_or_all)),
                Some("COHORT" | "FROM" | "TO") => arg.add(from(cohorts)),
                Some("PURPOSE") => arg.add(from(purposes)),
                Some("KIND") if arg.get_possible_values().is_empty() => arg.add(from(leave)),
                Some("A,B,...") => arg.add(from(columns)),
                Some("DIR") => arg.value_hint(ValueHint::DirPath),
                _ => arg,
            }
        })
        .mut_subcommands(|sub| offering(sub, named.as_deref(), &here).hide(false))
}

fn value_name(arg: &Arg) -> Option<String> {
    arg.get_value_names().and_then(|names| names.first()).map(ToString::to_string)
}

/// What cohorts.toml says, if it can be read and has no mistakes.
fn program(named: Option<&Path>, here: &Path) -> Option<Program> {
    let folder = folder::find(named, here).ok()?;
    let bytes = std::fs::read(folder.join(definitions::FILE_NAME)).ok()?;
    Definitions::read(&bytes).ok().map(|definitions| definitions.program)
}

fn cohorts(program: &Program) -> Vec<CompletionCandidate> {
    let ids = program.cohorts.iter().map(|cohort| {
        let since = format!("from {}", words::day_of_year(cohort.starts_on));
        CompletionCandidate::new(cohort.id.as_str()).help(Some(since.into()))
    });
    let relative = [("current", "the one that is running"), ("next", "the next one to start")];
    ids.chain(relative.map(|(word, help)| CompletionCandidate::new(word).help(Some(help.into()))))
        .collect()
}

fn cohorts_or_all(program: &Program) -> Vec<CompletionCandidate> {
    let all = CompletionCandidate::new("all").help(Some("every one".into()));
    cohorts(program).into_iter().chain([all]).collect()
}

fn purposes(program: &Program) -> Vec<CompletionCandidate> {
    program.purposes.iter().map(|purpose| CompletionCandidate::new(&purpose.name)).collect()
}

fn leave(program: &Program) -> Vec<CompletionCandidate> {
    program.terms.leave.iter().map(CompletionCandidate::new).collect()
}

fn columns(_: &Program) -> Vec<CompletionCandidate> {
    roster::column_names().map(CompletionCandidate::new).collect()
}

//! `cohorts key`

mod recover;
pub mod sheet;
mod show;

use crate::context::Context;
use crate::error::Result;
use crate::output::messages::Report;

/// See the recovery sheet of encrypted records, or bring their key back
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cohorts key show       24 words to write down and lock away
  cohorts key recover    on a new computer, with those words")]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// The recovery sheet: the key in words, and what it opens
    #[command(after_help = "\
Whoever has the words and the records can read everything. Write them down by
hand, or print them on a printer of your own, and lock them away.

Example:
  cohorts key show")]
    Show,
    /// Bring a key back with the words of its recovery sheet
    #[command(after_help = "\
The words are asked for, in one line or in several. Also for whoever forgot the
passphrase: the key gets a new one, or none.

Example:
  cohorts key recover")]
    Recover,
}

pub fn run(ctx: &mut Context, args: &Args) -> Result<Report> {
    match args.what {
        What::Show => show::run(ctx),
        What::Recover => recover::run(ctx),
    }
}

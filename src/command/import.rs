//! `cohorts import`

mod all;

use std::path::PathBuf;

use crate::context::Context;
use crate::error::{Error, Result};
use crate::output::messages::Report;

/// Make the same records of what was exported
#[derive(Debug, clap::Args)]
#[command(after_help = "\
In an empty folder. Every row, number and line of the history is as it was in
the records that were exported. All of it is checked first; whatever is not as
it was exported is said with its file and line, and then nothing is written.

Examples:
  cohorts import --all /media/usb/everything
  cohorts import --all ../everything --folder ~/Documents/aim-focus-release")]
pub struct Args {
    /// A folder made by: cohorts export
    #[arg(long, value_name = "DIR")]
    pub all: Option<PathBuf>,
}

pub fn run(ctx: &mut Context, args: &Args) -> Result<Report> {
    let Some(dir) = &args.all else {
        return Err(Error::usage("what to import is missing").hint("add --all DIR"));
    };
    all::run(ctx, dir)
}

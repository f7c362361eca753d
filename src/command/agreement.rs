//! `cohorts agreement`

use std::io::Write;

use super::consent::refuse_edited_agreement;
use crate::context::{Context, pick};
use crate::error::{Error, Result};
use crate::output::messages::Report;

/// Print the confidentiality text that a cohort agrees to
#[derive(Debug, clap::Args)]
#[command(after_help = "\
It is the latest [[agreement]] of cohorts.toml that is in force when the
cohort starts.

Examples:
  cohorts agreement
  cohorts agreement spring-2027 > agreement.txt
  cohorts agreement --kept 2024-01")]
pub struct Args {
    /// Which cohort; the running one, else the next
    #[arg(value_name = "COHORT")]
    #[arg(conflicts_with = "kept")]
    cohort: Option<String>,

    /// The text of a version as people decided about it, from the records
    #[arg(long, value_name = "VERSION")]
    kept: Option<String>,
}

pub fn run(ctx: &mut Context, args: &Args) -> Result<Report> {
    if let Some(version) = &args.kept {
        let text = ctx.office()?.store.kept_text(version)?;
        let text = text
            .ok_or_else(|| Error::refused(format!("nobody decided about a version `{version}`")))?;
        writeln!(ctx.out.data(), "{}", text.trim_end_matches('\n'))?;
        return Ok(Report::silent());
    }
    let office = ctx.office()?;
    let program = &office.definitions.program;
    let cohort =
        pick::cohort(program, args.cohort.as_deref(), pick::Otherwise::Current, ctx.today())?;
    let Some(agreement) = program.agreement_for(cohort) else {
        return Err(Error::refused(format!(
            "no agreement is in force when `{}` starts",
            cohort.id
        )));
    };
    refuse_edited_agreement(&office.store, Some(agreement))?;
    let text = agreement.text.trim_end_matches('\n');
    writeln!(ctx.out.data(), "{text}")?;
    Ok(Report::new(format!(
        "\nThe agreement of {}: version {}, since {}\nSHA-256 {}",
        cohort.id,
        agreement.version,
        agreement.since,
        agreement.sha256()
    ))
    .next("once somebody has agreed", format!("cohorts consent agreed WHO -c {}", cohort.id)))
}

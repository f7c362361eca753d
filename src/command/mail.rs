//! `cohorts mail`

mod drafts;
mod letters;
mod whom;

use std::io::Write;
use std::path::{Path, PathBuf};

use super::args;
use crate::command::consent::refuse_edited_agreement;
use crate::context::{Context, Outcome, edition, pick, template};
use crate::domain::message::Kind;
use crate::domain::program::Week;
use crate::domain::words::Word;
use crate::error::Result;
use crate::output::messages::Report;
use crate::output::words;
use drafts::Plan;
pub use drafts::with_link;
use letters::{cannot_be_written, letters};
use whom::{Before, Whom};
pub use whom::{is_news, told_otherwise};

/// Draft messages to everybody whom they are for, one file a person
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER)]
pub struct Args {
    /// Which cohort; the running one, else the next
    #[arg(value_name = "COHORT")]
    cohort: Option<String>,

    /// What it is about: one of those below
    #[arg(long, short, value_name = "KIND", value_parser = args::one_of::<Kind>(), hide_possible_values = true)]
    template: Option<Kind>,

    /// About which session
    #[arg(long, short, value_name = "N", value_parser = args::week)]
    week: Option<Week>,

    /// Show the first of them, and write nothing
    #[arg(long)]
    preview: bool,

    /// Also for those for whom it was drafted before
    #[arg(long)]
    again: bool,

    /// The folder to make [default: mail-COHORT-...]
    #[arg(long, short, value_name = "DIR", conflicts_with = "preview")]
    output: Option<PathBuf>,
}

const AFTER: &str = "\
invitation  enrolled: the dates, and a calendar file
agreement   enrolled, has not agreed and not said no: the text to agree to
reminder    expected at the next session, or week N: day, hour and link
missed      absent from the last session, or week N, without a word
moved       enrolled, where a session moved: the new day, and a calendar file

Nothing is sent: each file is a draft to one person, for your mail program.
The link is `link` below [program] or [[cohort]], for those who have agreed. In
cohorts.toml, [mail] has `from`, and sections such as [mail.reminder] `subject`
and `text`, or `file`: Jinja templates, as the README shows. They know
  goes_by first_name last_name agreed agree_by program cohort location zone
  facilitators sender sessions
of a session, and of each of `sessions`: week day year time starts_at topic
and agreement (agreement), link (reminder, moved), next_day next_time (missed),
old_day old_time (moved).

Examples:
  cohorts mail --template invitation
  cohorts mail --template reminder --preview
  cohorts mail winter-2024 --template missed --week 2 --output to-send";

pub fn run(ctx: &mut Context, args: &Args) -> Result<Report> {
    let kind = match args.template {
        Some(kind) => kind,
        None => ask_kind(ctx)?,
    };
    loop {
        let saved_at = edition::saved_at(&ctx.folder()?)?;
        let mut office = ctx.office()?;
        let folder = office.folder.clone();
        let mistakes = office.definitions.fetch_templates(|name| template::read(&folder, name));
        if !mistakes.is_empty() {
            return Err(cannot_be_written(ctx, &mistakes));
        }
        let seen = office.seen()?;
        let snapshot = office.store.snapshot()?;
        let otherwise = match kind {
            Kind::Missed => pick::Otherwise::Begun,
            _ => pick::Otherwise::Current,
        };
        let program = &office.definitions.program;
        let cohort = pick::cohort(program, args.cohort.as_deref(), otherwise, ctx.today())?;
        let group = office.group(cohort)?;
        if kind != Kind::Missed {
            refuse_edited_agreement(&office.store, group.agreement)?;
        }
        let mut before = Before::open(&office.store, &cohort.id)?;
        before.again = args.again || args.preview;
        let session = whom::session(&group, kind, args.week, &before, ctx.now)?;
        before.drafted = office.store.drafted(&cohort.id, kind, session.map(|s| s.week))?;
        let whom = Whom::of(&group, kind, session.as_ref(), &before, ctx.today());
        let letters = letters(ctx, &office, &group, kind, session, &whom, saved_at)?;
        drop(snapshot);
        let plan = Plan { group: &group, kind, session, whom, letters };
        if args.preview {
            ctx.out.data().write_all(plan.preview().as_bytes())?;
            return Ok(
                Report::new(plan.count("Nothing was drafted; it would be")).then(plan.left_out())
            );
        }
        if plan.whom.to.is_empty() {
            let nobody = format!("Nobody is to get it now: {}.", plan.what());
            return Ok(plan.once_more(Report::new(nobody).then(plan.left_out())));
        }
        let path = match &args.output {
            Some(named) => ctx.file(named),
            None => free_place(&ctx.here, &plan.folder_name()),
        };
        let named =
            args.output.as_deref().unwrap_or(Path::new(path.file_name().unwrap_or_default()));
        if let Outcome::Done(report) = plan.write(ctx, &office, &seen, &path, named)? {
            return Ok(report);
        }
    }
}

fn ask_kind(ctx: &Context) -> Result<Kind> {
    let words: Vec<String> = Kind::ALL.iter().map(ToString::to_string).collect();
    ctx.prompts
        .require("what it is about", &format!("--template, one of {}", words::list(&words)))?;
    Ok(Kind::ALL[ctx.prompts.choose("What about", &words)?])
}

/// A place beside which nothing of that name is yet.
fn free_place(here: &Path, name: &str) -> PathBuf {
    let numbered = (2..).map(|number| format!("{name}-{number}"));
    let mut names = std::iter::once(name.to_owned()).chain(numbered);
    let free = names.find(|name| here.join(name).symlink_metadata().is_err());
    here.join(free.unwrap_or_default())
}

//! `cohorts enroll`

mod sign_up;

use chrono::NaiveDateTime;

use super::args;
use crate::context::{Context, Office, pick};
use crate::domain::participant::{Code, Email, Participant};
use crate::domain::program::{Cohort, CohortId, Week};
use crate::error::{Error, Result};
use crate::output::messages::Report;
use crate::output::words;
use sign_up::sign_up;
pub use sign_up::{
    Identity, add_participant, checked_leave, enrollment, goes_by, identify, joining, named,
    new_to_records, participant, update_known,
};

/// Sign one participant up for the next cohort
#[derive(Debug, Default, Clone, clap::Args)]
#[command(after_help = "\
Asks for what is missing on a terminal. Somebody whose address is known is
the same participant in a new cohort. When the cohort is full, they wait in
line.

Examples:
  cohorts enroll                                             asks for everything
  cohorts enroll --first-name Amara --last-name Diallo --email amara@example.org
  cohorts enroll -c spring-2027 --same-person K7QM2 --signed-up 2027-01-08")]
pub struct Args {
    /// Which cohort; the next one to start
    #[arg(long, short, value_name = "COHORT")]
    pub cohort: Option<String>,

    /// Asked for on a terminal
    #[arg(long, value_name = "NAME", value_parser = args::name)]
    pub first_name: Option<String>,

    /// Asked for on a terminal
    #[arg(long, value_name = "NAME", value_parser = args::name)]
    pub last_name: Option<String>,

    /// What to call them, if not by the first name
    #[arg(long, value_name = "NAME", value_parser = args::name)]
    pub goes_by: Option<String>,

    /// Their address, if they have one
    #[arg(long, value_name = "ADDRESS", value_parser = args::email)]
    pub email: Option<Email>,

    /// Their phone number, if they gave one
    #[arg(long, value_name = "NUMBER", value_parser = args::short_text)]
    pub phone: Option<String>,

    /// Their training program
    #[arg(long, value_name = "NAME", value_parser = args::short_text)]
    pub residency: Option<String>,

    /// Where they train
    #[arg(long, value_name = "PLACE", value_parser = args::short_text)]
    pub site: Option<String>,

    /// One of the kinds in cohorts.toml
    #[arg(long, value_name = "KIND", value_parser = args::short_text)]
    pub leave: Option<String>,

    /// When they asked, if not now: a day, or a day and a time
    #[arg(long, value_name = "DATE", value_parser = args::moment)]
    pub signed_up: Option<NaiveDateTime>,

    /// They are this participant, whatever the address says
    #[arg(long, value_name = "CODE", value_parser = args::code, conflicts_with = "new_person")]
    pub same_person: Option<Code>,

    /// They are somebody new, though the address is known
    #[arg(long)]
    pub new_person: bool,

    /// Close the request for support that they have open
    #[arg(long)]
    pub close_support: bool,

    /// Even after the last week for joining
    #[arg(long)]
    pub late: bool,

    /// The first week they are in the group, if not the next one
    #[arg(long, value_name = "N", value_parser = args::week)]
    pub from_week: Option<Week>,
}

pub fn run(ctx: &mut Context, mut args: Args) -> Result<Report> {
    let office = ctx.office()?;
    let program = &office.definitions.program;
    let cohort = pick::cohort(program, args.cohort.as_deref(), pick::Otherwise::Next, ctx.today())?;
    let id = cohort.id.clone();
    if ctx.prompts.are_possible() && is_incomplete(&args) {
        ask(ctx, &office, &cohort.terms.leave, &id, &mut args)?;
    }
    be_clear(ctx, &office, &mut args)?;
    offer_to_close_support(ctx, &office, cohort, &mut args)?;
    drop(office);
    ctx.change("enroll", |desk| sign_up(desk, &id, &args))
}

/// Lets somebody say who it is, where an address leaves that open.
pub fn be_clear(ctx: &Context, office: &Office, args: &mut Args) -> Result<()> {
    if let Identity::Unclear(people) = identify(&office.store, args)? {
        decide(ctx, &people, args)?;
    }
    refuse_erased(ctx, office, args)
}

/// Whoever waits for support until the group starts may need it no longer.
fn offer_to_close_support(
    ctx: &Context,
    office: &Office,
    cohort: &Cohort,
    args: &mut Args,
) -> Result<()> {
    if args.close_support || !ctx.prompts.are_possible() {
        return Ok(());
    }
    let Identity::Known(known) = identify(&office.store, args)? else { return Ok(()) };
    let Some(support) = office.store.open_support(known.id)? else { return Ok(()) };
    let group = office.group(cohort)?;
    if group.seats_for_newcomers() == 0 {
        return Ok(());
    }
    let question = format!(
        "{} asked for support on {}. Close that?",
        words::printable(&known.called()),
        words::day(support.asked_on)
    );
    args.close_support = ctx.prompts.confirm(&question, true)?;
    Ok(())
}

fn is_incomplete(args: &Args) -> bool {
    args.same_person.is_none()
        && (args.first_name.is_none() || args.last_name.is_none() || args.email.is_none())
}

/// How what is typed is read, or what is wrong with it.
type Reads = fn(&str) -> std::result::Result<String, String>;

/// Asks for everything that was not given. The address comes first: it may
/// answer the rest.
fn ask(
    ctx: &Context,
    office: &Office,
    leave: &[String],
    id: &CohortId,
    args: &mut Args,
) -> Result<()> {
    let prompts = ctx.prompts;
    let optional = |question: &str, given: &mut Option<String>, read: Reads| -> Result<()> {
        if given.is_none() {
            let typed = prompts.line(question, read)?;
            *given = Some(typed).filter(|text| !text.is_empty());
        }
        Ok(())
    };
    if args.email.is_none() {
        args.email = prompts.line(
            &format!("Signing up for {id}; Esc leaves.\nE-mail (Enter if none)"),
            |typed| match typed {
                "" => Ok(None),
                typed => args::email(typed).map(Some),
            },
        )?;
    }
    if is_known_by_address(ctx, office, args)? {
        return Ok(());
    }
    for (question, given) in
        [("First name", &mut args.first_name), ("Last name", &mut args.last_name)]
    {
        if given.is_none() {
            *given = Some(prompts.line(question, args::name)?);
        }
    }
    optional("Goes by (Enter if the first name)", &mut args.goes_by, args::maybe_name)?;
    optional("Phone (Enter if none)", &mut args.phone, args::maybe_text)?;
    optional("Residency (Enter if none)", &mut args.residency, args::maybe_text)?;
    optional("Site (Enter if none)", &mut args.site, args::maybe_text)?;
    if args.leave.is_none() && !leave.is_empty() {
        // First, so that somebody who passes over the question records nothing.
        let mut kinds = vec!["not said".to_owned()];
        kinds.extend_from_slice(leave);
        let chosen = prompts.choose("Leave", &kinds)?;
        args.leave = chosen.checked_sub(1).and_then(|kind| leave.get(kind).cloned());
    }
    Ok(())
}

/// Asks whether they are the one who has the address, where that is one.
pub fn is_known_by_address(ctx: &Context, office: &Office, args: &mut Args) -> Result<bool> {
    if let Some(email) = &args.email
        && let [known] = office.store.participants_at(email)?.as_slice()
        && args.first_name.is_none()
        && args.last_name.is_none()
    {
        let cohorts = office.store.cohorts_of(known.id)?;
        let from = match cohorts.as_slice() {
            [] => String::new(),
            cohorts => format!(", known from {}", words::list(cohorts)),
        };
        let question =
            format!("That is {} ({}){from}. The same person?", known.full_name(), known.code);
        if ctx.prompts.confirm(&question, true)? {
            args.same_person = Some(known.code.clone());
            return Ok(true);
        }
        args.new_person = true;
    }
    Ok(false)
}

/// An address whose owner asked to be erased is taken again only where that is
/// meant.
fn refuse_erased(ctx: &Context, office: &Office, args: &Args) -> Result<()> {
    let Some(email) =
        args.email.as_ref().filter(|_| !args.new_person && args.same_person.is_none())
    else {
        return Ok(());
    };
    if !office.store.is_erased_address(email)? || !office.store.participants_at(email)?.is_empty() {
        return Ok(());
    }
    if ctx.prompts.are_possible() {
        let question = "Whoever had that address was erased. Are they to be somebody new?";
        return match ctx.prompts.confirm(question, false)? {
            true => Ok(()),
            false => Err(Error::cancelled()),
        };
    }
    Err(Error::refused("whoever had that address was erased")
        .hint("--new-person, if they are to be known again"))
}

/// Lets somebody say who it is; off a terminal, says how.
fn decide(ctx: &Context, people: &[Participant], args: &mut Args) -> Result<()> {
    let named = pick::with_codes(&people.iter().collect::<Vec<_>>());
    if ctx.prompts.are_possible() {
        let mut choices: Vec<String> =
            named.iter().map(|one| format!("the same person as {one}")).collect();
        choices.push("somebody new".into());
        let chosen =
            ctx.prompts.choose("That address is known, under another name. This is", &choices)?;
        match people.get(chosen) {
            Some(known) => args.same_person = Some(known.code.clone()),
            None => args.new_person = true,
        }
        return Ok(());
    }
    let error = Error::usage("that address belongs to somebody of another name");
    let error = people.iter().zip(&named).fold(error, |error, (known, one)| {
        error.hint(format!("--same-person {}, if it is {one}", known.code))
    });
    Err(error.hint("--new-person, if it is somebody else"))
}

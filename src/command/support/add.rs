//! `cohorts support add`

use chrono::NaiveDate;

use super::{Next, next_said};
use crate::command::{args, enroll};
use crate::context::pick::Care;
use crate::context::{Context, Office};
use crate::domain::participant::{Code, Email, Who};
use crate::error::{Error, Result};
use crate::output::messages::Report;
use crate::output::words;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Who asks; an address of somebody new will do
    #[arg(value_name = "WHO", value_parser = args::who)]
    who: Option<Who>,

    /// Asked for on a terminal
    #[arg(long, value_name = "NAME", value_parser = args::name)]
    first_name: Option<String>,

    /// Asked for on a terminal
    #[arg(long, value_name = "NAME", value_parser = args::name)]
    last_name: Option<String>,

    /// What to call them, if not by the first name
    #[arg(long, value_name = "NAME", value_parser = args::name)]
    goes_by: Option<String>,

    /// Their address, if they have one
    #[arg(long, value_name = "ADDRESS", value_parser = args::email)]
    email: Option<Email>,

    /// Their phone number, if they gave one
    #[arg(long, value_name = "NUMBER", value_parser = args::short_text)]
    phone: Option<String>,

    /// They are this participant, whatever the address says
    #[arg(long, value_name = "CODE", value_parser = args::code, conflicts_with_all = ["new_person", "who"])]
    same_person: Option<Code>,

    /// They are somebody new, though the address is known
    #[arg(long)]
    new_person: bool,

    /// The day they asked, if not today
    #[arg(long, value_name = "DATE", value_parser = args::date)]
    on: Option<NaiveDate>,

    /// When you are to be in touch, or none; the day they asked
    #[arg(long, value_name = "DATE", value_parser = Next::parse)]
    next: Option<Next>,
}

pub(super) fn run(ctx: &mut Context, args: &Args) -> Result<Report> {
    let office = ctx.office()?;
    let mut signing = enroll::Args {
        first_name: args.first_name.clone(),
        last_name: args.last_name.clone(),
        goes_by: args.goes_by.clone(),
        email: args.email.clone(),
        phone: args.phone.clone(),
        same_person: args.same_person.clone(),
        new_person: args.new_person,
        ..enroll::Args::default()
    };
    say_who(ctx, &office, args.who.as_ref(), &mut signing)?;
    if ctx.prompts.are_possible() && signing.same_person.is_none() {
        ask(ctx, &office, &mut signing)?;
    }
    enroll::be_clear(ctx, &office, &mut signing)?;
    drop(office);
    ctx.change("support add", |desk| {
        let asked_on = desk.day_said(args.on)?;
        let Next(next_on) = args.next.unwrap_or(Next(Some(asked_on)));
        if next_on.is_some_and(|next| next < asked_on) {
            return Err(Error::usage("--next is before the day they asked"));
        }
        let (one, notes) = enroll::participant(desk, &signing)?;
        let code = &one.code;
        let contact = format!("cohorts support contact {code}");
        if let Some(open) = desk.store.open_support(one.id)? {
            desk.summary = format!("{code}: details changed");
            return Ok(notes.then(
                Report::new(format!(
                    "Noted already: {} ({code}) asked on {}.",
                    one.call_name(),
                    words::day_of_year(open.asked_on)
                ))
                .next("once you were in touch", contact),
            ));
        }
        desk.store.add_support(one.id, asked_on, next_on)?;
        desk.summary = format!("{code} asked for support");
        Ok(notes.then(
            Report::new(format!(
                "Noted that {} ({code}) asks for support. {}",
                one.full_name(),
                next_said(next_on, desk.today())
            ))
            .next("once you were in touch", contact),
        ))
    })
}

/// Takes in whom `who` means: somebody known, or the address or the name of
/// somebody who is not.
fn say_who(
    ctx: &Context,
    office: &Office,
    who: Option<&Who>,
    signing: &mut enroll::Args,
) -> Result<()> {
    let Some(who) = who else { return Ok(()) };
    let known = office.store.find_participants(who)?;
    let email = Email::parse(&who.text).ok();
    if known.is_empty() && who.code().is_none() {
        match email {
            Some(email) if signing.email.is_none() => signing.email = Some(email),
            None if signing.first_name.is_none() && signing.last_name.is_none() => {
                return Err(Error::refused(format!("nobody here matches `{}`", who.text))
                    .hint("for somebody new: --first-name NAME --last-name NAME --email ADDRESS"));
            }
            _ => return Err(Error::usage("WHO is not known, and the flags say somebody else")),
        }
        return Ok(());
    }
    // An address may be shared: then the name decides.
    let named = signing.first_name.is_some() || signing.last_name.is_some() || signing.new_person;
    match email.filter(|_| named) {
        Some(email) => signing.email = Some(email),
        None => {
            signing.same_person = Some(ctx.participant(office, who, Care::Changing)?.code);
        }
    }
    Ok(())
}

/// Asks for what is not known of somebody: the address first, which may answer
/// the rest.
fn ask(ctx: &Context, office: &Office, signing: &mut enroll::Args) -> Result<()> {
    if signing.email.is_none() {
        signing.email =
            ctx.prompts.line("Esc leaves.\nE-mail (Enter if none)", |typed| match typed {
                "" => Ok(None),
                typed => args::email(typed).map(Some),
            })?;
    }
    if enroll::is_known_by_address(ctx, office, signing)? {
        return Ok(());
    }
    for (question, given) in
        [("First name", &mut signing.first_name), ("Last name", &mut signing.last_name)]
    {
        if given.is_none() {
            *given = Some(ctx.prompts.line(question, args::name)?);
        }
    }
    if signing.phone.is_none() {
        let phone = ctx.prompts.line("Phone (Enter if none)", args::maybe_text)?;
        signing.phone = Some(phone).filter(|phone| !phone.is_empty());
    }
    Ok(())
}

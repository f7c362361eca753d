//! `cohorts enroll`

use chrono::NaiveDateTime;

use super::args;
use crate::context::{Context, Desk, Office, pick};
use crate::domain::enrollment::{Enrollment, Status, signed_up_again};
use crate::domain::group::Group;
use crate::domain::participant::{Code, Email, Participant};
use crate::domain::program::{CohortId, Week};
use crate::domain::text;
use crate::error::{Error, Result};
use crate::output::messages::Report;
use crate::output::words;
use crate::store::Store;

/// Sign one participant up for the next cohort
///
/// Asks for what is missing on a terminal. Somebody whose address is known is
/// the same participant in a new cohort. When the cohort is full, they wait in
/// line.
#[derive(Debug, Default, Clone, clap::Args)]
#[command(after_help = "Examples:
  cohorts enroll                                             asks for everything
  cohorts enroll --first-name Amara --last-name Diallo --email amara@example.org
  cohorts enroll -c spring-2027 --same-person K7QM2 --signed-up 2027-01-08")]
pub struct Args {
    /// Which cohort; the next one to start
    #[arg(long, short, value_name = "COHORT")]
    pub cohort: Option<String>,

    #[arg(long, value_name = "NAME", value_parser = args::name)]
    pub first_name: Option<String>,

    #[arg(long, value_name = "NAME", value_parser = args::name)]
    pub last_name: Option<String>,

    /// What to call them, if not by the first name
    #[arg(long, value_name = "NAME", value_parser = args::name)]
    pub goes_by: Option<String>,

    #[arg(long, value_name = "ADDRESS", value_parser = args::email)]
    pub email: Option<Email>,

    #[arg(long, value_name = "NUMBER", value_parser = args::name)]
    pub phone: Option<String>,

    /// Their training program
    #[arg(long, value_name = "NAME", value_parser = args::name)]
    pub residency: Option<String>,

    /// Where they train
    #[arg(long, value_name = "PLACE", value_parser = args::name)]
    pub site: Option<String>,

    /// One of the kinds in cohorts.toml
    #[arg(long, value_name = "KIND", value_parser = args::name)]
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
    if let Identity::Unclear(people) = identify(&office.store, &args)? {
        decide(ctx, &people, &mut args)?;
    }
    drop(office);
    ctx.change("enroll", |desk| Ok(sign_up(desk, &id, &args)?.1))
}

fn is_incomplete(args: &Args) -> bool {
    args.same_person.is_none()
        && (args.first_name.is_none() || args.last_name.is_none() || args.email.is_none())
}

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
    let optional = |question: &str, given: &mut Option<String>| -> Result<()> {
        if given.is_none() {
            let typed = prompts.line(question, args::maybe_text)?;
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
    if let Some(email) = &args.email
        && let [known] = office.store.participants_at(email)?.as_slice()
        && args.first_name.is_none()
        && args.last_name.is_none()
    {
        let cohorts = office.store.cohorts_of(known.id)?;
        let question = format!(
            "That is {} ({}), known from {}. The same person?",
            known.full_name(),
            known.code,
            words::list(&cohorts)
        );
        if prompts.confirm(&question, true)? {
            args.same_person = Some(known.code.clone());
            return Ok(());
        }
        args.new_person = true;
    }
    for (question, given) in
        [("First name", &mut args.first_name), ("Last name", &mut args.last_name)]
    {
        if given.is_none() {
            *given = Some(prompts.line(question, args::name)?);
        }
    }
    optional("Goes by (Enter if the first name)", &mut args.goes_by)?;
    optional("Phone (Enter if none)", &mut args.phone)?;
    optional("Residency", &mut args.residency)?;
    optional("Site", &mut args.site)?;
    if args.leave.is_none() && !leave.is_empty() {
        let mut kinds = leave.to_vec();
        kinds.push("not said".into());
        let chosen = prompts.choose("Leave", &kinds)?;
        args.leave = leave.get(chosen).cloned();
    }
    Ok(())
}

/// Who somebody is that signs up.
enum Identity {
    New {
        /// Others of the same name, without the same address.
        namesakes: Vec<Participant>,
    },
    Known(Participant),
    /// The address belongs to people of another name.
    Unclear(Vec<Participant>),
}

fn identify(store: &Store, args: &Args) -> Result<Identity> {
    if let Some(code) = &args.same_person {
        let known = store.participant(code)?;
        return known.map(Identity::Known).ok_or_else(|| {
            Error::refused(format!("nobody has the code `{code}`"))
                .hint("cohorts participant list, to see everybody")
        });
    }
    let mut at_address = match &args.email {
        Some(email) => store.participants_at(email)?,
        None => Vec::new(),
    };
    let (Some(first), Some(last)) = (&args.first_name, &args.last_name) else {
        let unnamed = args.first_name.is_none() && args.last_name.is_none();
        return match at_address.as_slice() {
            [_] if unnamed => Ok(Identity::Known(at_address.remove(0))),
            [_, ..] if unnamed => Ok(Identity::Unclear(at_address)),
            _ => {
                let flag = if args.first_name.is_none() { "--first-name" } else { "--last-name" };
                Err(Error::usage("the name is missing").hint(format!("add {flag} NAME")))
            }
        };
    };
    let same_name = at_address.iter().position(|known| known.has_name(first, last));
    match same_name {
        Some(index) if !args.new_person => Ok(Identity::Known(at_address.swap_remove(index))),
        None if !args.new_person && !at_address.is_empty() => Ok(Identity::Unclear(at_address)),
        _ => Ok(Identity::New { namesakes: store.namesakes(first, last)? }),
    }
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

/// Signs somebody up, and gives the code.
pub fn sign_up(desk: &mut Desk<'_>, id: &CohortId, args: &Args) -> Result<(Code, Report)> {
    let group = desk.group(id)?;
    let leave = checked_leave(&group, args.leave.as_deref())?;
    let now = desk.now;
    if args.signed_up.is_some_and(|at| at > now) {
        return Err(Error::usage("--signed-up is still to come"));
    }
    let identity = identify(desk.store, args)?;
    let (participant, notes) = match identity {
        Identity::Unclear(_) => {
            return Err(Error::refused(
                "that address belongs to somebody of another name since a moment ago",
            )
            .hint("run the command again"));
        }
        Identity::New { namesakes } => new_participant(desk, args, &namesakes)?,
        Identity::Known(known) => update_known(desk, args, &known)?,
    };
    let before = group.members.iter().find(|m| m.participant.id == participant.id);
    if let Some(before) = before.filter(|m| m.enrollment.status != Status::Withdrawn) {
        return Err(Error::refused(format!(
            "`{}` is in `{id}` already, {}",
            participant.code, before.enrollment.status
        ))
        .hint(format!(
            "cohorts participant edit {} -c {id}, to change the details",
            participant.code
        )));
    }
    let joining = joining(&group, now, args.late, args.from_week)?;
    // Nobody overtakes those who wait already.
    let has_place = group.seats_free() > 0 && group.count(Status::Waitlisted) == 0;
    let old = before.map(|m| &m.enrollment);
    let last_in_line = group.members.iter().map(|m| m.enrollment.signed_up_at).max();
    let enrollment = Enrollment {
        id: old.map_or(0, |old| old.id),
        status: if has_place { Status::Enrolled } else { Status::Waitlisted },
        signed_up_at: match old {
            Some(_) => signed_up_again(now, last_in_line),
            None => args.signed_up.unwrap_or(now),
        },
        joined_week: if has_place { Some(joining) } else { old.and_then(|old| old.joined_week) },
        withdrawn_on: None,
        reason: None,
        leave: leave.or_else(|| old.and_then(|old| old.leave.clone())),
        site: args.site.clone().or_else(|| old.and_then(|old| old.site.clone())),
        residency: args.residency.clone().or_else(|| old.and_then(|old| old.residency.clone())),
    };
    match old {
        Some(_) => desk.store.update_enrollment(&enrollment)?,
        None => {
            desk.store.add_enrollment(participant.id, id, &enrollment)?;
        }
    }
    let code = participant.code.clone();
    desk.summary = format!("{code} {} in {id}", enrollment.status);
    let group = desk.group(id)?;
    let name = participant.full_name();
    let again = if old.is_some() { " again" } else { "" };
    let report = if has_place {
        Report::new(format!(
            "Enrolled {name}{again} in {id} as {code}: {} of {} places taken.",
            group.count(Status::Enrolled),
            group.cohort.terms.capacity
        ))
        .next("the text to agree to", format!("cohorts agreement {id}"))
        .next("once they have agreed", format!("cohorts consent agreed {code} -c {id}"))
    } else {
        let place =
            group.waiting().iter().position(|m| m.participant.code == code).unwrap_or_default();
        Report::new(format!(
            "{name} waits{again} for {id} as {code}, {} in line.",
            words::ordinal(place + 1)
        ))
        .next("when a place is free", format!("cohorts place {code} -c {id}"))
    };
    Ok((code, notes.then(report)))
}

pub fn checked_leave(group: &Group<'_>, given: Option<&str>) -> Result<Option<String>> {
    let kinds = &group.cohort.terms.leave;
    let Some(given) = given else { return Ok(None) };
    match kinds.iter().find(|kind| text::fold(kind) == text::fold(given)) {
        Some(kind) => Ok(Some(kind.clone())),
        None => Err(Error::usage("--leave is none of the kinds in cohorts.toml")
            .hint(format!("they are {}", words::list(kinds)))),
    }
}

/// The week in which somebody joins who gets a place now.
pub fn joining(
    group: &Group<'_>,
    now: NaiveDateTime,
    late: bool,
    from_week: Option<Week>,
) -> Result<Week> {
    let id = &group.cohort.id;
    if let Some(last) = group.joins_until().filter(|last| now >= last.ends())
        && !late
    {
        return Err(Error::refused(format!(
            "joining `{id}` was possible until week {}, {}",
            last.week,
            words::weekday_of_year(last.date)
        ))
        .hint("add --late to let them join all the same"));
    }
    let week = from_week.or_else(|| group.joining_week(now));
    match week.filter(|week| group.session(*week).is_some()) {
        Some(week) => Ok(week),
        None if from_week.is_some() => Err(Error::usage(format!(
            "--from-week: `{id}` has {}",
            words::count(group.sessions().len(), "session")
        ))),
        None => Err(Error::refused(format!("`{id}` is over"))
            .hint("add --from-week N if they were in the group all the same")),
    }
}

fn new_participant(
    desk: &mut Desk<'_>,
    args: &Args,
    namesakes: &[Participant],
) -> Result<(Participant, Report)> {
    let mut code = Code::draw(desk.random);
    while desk.store.participant(&code)?.is_some() {
        code = Code::draw(desk.random);
    }
    let mut participant = Participant {
        id: 0,
        code,
        first_name: args.first_name.clone().unwrap_or_default(),
        last_name: args.last_name.clone().unwrap_or_default(),
        goes_by: goes_by(args.goes_by.as_deref(), args.first_name.as_deref()),
        phone: args.phone.clone(),
        email: args.email.as_ref().map(|email| email.as_str().to_owned()),
        former_emails: Vec::new(),
    };
    participant.id = desk.store.add_participant(&participant)?;
    desk.store.set_email(participant.id, args.email.as_ref())?;
    let mut notes = Report::silent();
    for other in namesakes {
        notes =
            notes.warning(format!("{} has the same name, with another address", other.code)).next(
                "if it is the same person",
                format!("cohorts undo, then add --same-person {}", other.code),
            );
    }
    Ok((participant, notes))
}

/// What to call somebody is kept only where it is not the first name.
pub fn goes_by(given: Option<&str>, first_name: Option<&str>) -> Option<String> {
    given.filter(|name| Some(*name) != first_name && !name.is_empty()).map(str::to_owned)
}

/// Takes over what was given of somebody known, and shows what that changed.
fn update_known(
    desk: &Desk<'_>,
    args: &Args,
    known: &Participant,
) -> Result<(Participant, Report)> {
    let cohorts = desk.store.cohorts_of(known.id)?;
    let mut notes = Report::new(match cohorts.as_slice() {
        [] => format!("{} was known already.", known.code),
        cohorts => {
            format!("{} is the same participant as in {}.", known.code, words::list(cohorts))
        }
    });
    let mut to = known.clone();
    to.phone = args.phone.clone().or(to.phone);
    if let Some(given) = &args.goes_by {
        to.goes_by = goes_by(Some(given), Some(&to.first_name));
    }
    if to != *known {
        desk.store.update_participant(&to)?;
    }
    for (what, changed) in
        [("phone number", to.phone != known.phone), ("name to go by", to.goes_by != known.goes_by)]
    {
        if changed {
            notes = notes.and(format!("The {what} was changed to the one given."));
        }
    }
    let other_name = match (&args.first_name, &args.last_name) {
        (Some(first), Some(last)) => !known.has_name(first, last),
        _ => false,
    };
    if other_name {
        notes = notes.and("The name was left as it is known.").next(
            "to change it",
            format!("cohorts participant edit {} --first-name ... --last-name ...", known.code),
        );
    }
    let current = known.email.as_ref().map(|email| email.to_lowercase());
    if let Some(email) = args.email.as_ref().filter(|email| Some(email.key()) != current) {
        desk.store.set_email(known.id, Some(email))?;
        notes =
            notes.and("The address given is the current one now; the one before still finds them.");
    }
    Ok((to, notes))
}

//! What signing somebody up comes to, once it is clear what was said: who they
//! are, whether they have a place, and what of theirs changed.

use chrono::NaiveDateTime;

use super::Args;
use crate::command::consent;
use crate::context::{Desk, pick};
use crate::domain::enrollment::{Enrollment, Status, signed_up_again};
use crate::domain::group::Group;
use crate::domain::participant::{Code, Email, Participant};
use crate::domain::program::{Cohort, CohortId, Week};
use crate::domain::support::{Closed, Outcome};
use crate::domain::text;
use crate::error::{Error, Result};
use crate::output::messages::Report;
use crate::output::words;
use crate::store::Store;

/// Who somebody is that signs up.
pub enum Identity {
    New {
        /// Others of the same name, without the same address.
        namesakes: Vec<Participant>,
    },
    Known(Participant),
    /// The address belongs to people of another name.
    Unclear(Vec<Participant>),
}

pub fn identify(store: &Store, args: &Args) -> Result<Identity> {
    if let Some(code) = &args.same_person {
        let known = store.participant(code)?;
        return known.map(Identity::Known).ok_or_else(|| {
            Error::refused(format!("nobody has the code `{code}`"))
                .hint("cohorts participant list, to see everybody")
        });
    }
    if let (Some(first), Some(last)) = (&args.first_name, &args.last_name) {
        return named(store, (first, last), args.email.as_ref(), args.new_person);
    }
    let mut at_address = match &args.email {
        Some(email) => store.participants_at(email)?,
        None => Vec::new(),
    };
    let unnamed = args.first_name.is_none() && args.last_name.is_none();
    match at_address.as_slice() {
        [_] if unnamed => Ok(Identity::Known(at_address.remove(0))),
        [_, ..] if unnamed => Ok(Identity::Unclear(at_address)),
        _ => {
            let flag = if args.first_name.is_none() { "--first-name" } else { "--last-name" };
            Err(Error::usage("the name is missing").hint(format!("add {flag} NAME")))
        }
    }
}

/// Who somebody is of a first and a last name, and an address where they have one;
/// `is_new` where it was said that it is nobody who is known.
pub fn named(
    store: &Store,
    (first, last): (&str, &str),
    email: Option<&Email>,
    is_new: bool,
) -> Result<Identity> {
    if let Some(email) = email.filter(|_| !is_new)
        && store.is_known_address(email)?
    {
        let mut at_address = store.participants_at(email)?;
        match at_address.iter().position(|known| known.has_name(first, last)) {
            Some(index) => return Ok(Identity::Known(at_address.swap_remove(index))),
            None if !at_address.is_empty() => return Ok(Identity::Unclear(at_address)),
            None => {}
        }
    }
    Ok(Identity::New { namesakes: store.namesakes(first, last)? })
}

/// Signs somebody up.
pub(super) fn sign_up(desk: &mut Desk<'_>, id: &CohortId, args: &Args) -> Result<Report> {
    let group = desk.group(id)?;
    let leave = checked_leave(&group, args.leave.as_deref())?;
    let now = desk.now;
    if let Some(at) = args.signed_up.filter(|at| *at > now) {
        return Err(Error::usage(format!("--signed-up {} is still to come", at.date())));
    }
    let (participant, notes) = participant(desk, args)?;
    let before = group.member_of(participant.id);
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
    let has_place = group.seats_for_newcomers() > 0;
    if !has_place && args.from_week.is_some() {
        return Err(Error::usage(format!(
            "--from-week goes with a place, and `{id}` has none free"
        ))
        .hint("leave it out; give it when there is one: cohorts place WHO --from-week N"));
    }
    let old = before.map(|m| &m.enrollment);
    let last_in_line = group.members.iter().map(|m| m.enrollment.signed_up_at).max();
    let joins = has_place.then_some(joining);
    let enrollment = enrollment(old, args, leave, joins, (now, last_in_line));
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
        .then(consent::still_to_agree(&group, group.member_with(&code).as_slice(), now.date()))
        .then(places_elsewhere(desk, group.cohort, &participant)?)
    } else {
        let place =
            group.waiting().iter().position(|m| m.participant.code == code).unwrap_or_default();
        Report::new(format!(
            "{name} waits{again} for {id} as {code}, {} in line.",
            words::ordinal(place + 1)
        ))
        .next(
            "when a place is free",
            format!("cohorts place {code} -c {id}{}", pick::to_join(&group, now)),
        )
    };
    let Some(support) = desk.store.open_support(participant.id)? else {
        return Ok(notes.then(report));
    };
    if !has_place {
        let open = "Their request for support stays open while they wait.";
        return Ok(notes.then(report.and(open)));
    }
    if !args.close_support {
        let close = format!("cohorts support close {code} --outcome joined");
        return Ok(notes.then(report.next("if they need support no longer", close)));
    }
    let closed = Closed { outcome: Outcome::Joined, on: desk.today() };
    desk.store.close_support(support.id, closed)?;
    Ok(notes.then(report.and("Closed their request for support.")))
}

/// Warns of places that somebody has in other cohorts while one runs.
fn places_elsewhere(desk: &Desk<'_>, cohort: &Cohort, participant: &Participant) -> Result<Report> {
    let span = |cohort: &Cohort| {
        let sessions = cohort.sessions();
        Some((sessions.first()?.date, sessions.last()?.date))
    };
    let Some((first, last)) = span(cohort) else { return Ok(Report::silent()) };
    let mut report = Report::silent();
    for (id, there) in desk.store.enrollments_elsewhere(participant.id, &cohort.id)? {
        let other = desk.definitions.program.cohort(&id).and_then(span);
        let is_at_once = other.is_some_and(|(begins, ends)| begins <= last && first <= ends);
        if is_at_once && there.status == Status::Enrolled {
            report = report.warning(format!(
                "{} has a place in {id} as well, which runs at the same time",
                participant.code
            ));
        }
    }
    Ok(report)
}

/// Whoever it is that asks: somebody known, brought up to date, or somebody new.
pub fn participant(desk: &mut Desk<'_>, args: &Args) -> Result<(Participant, Report)> {
    match identify(desk.store, args)? {
        Identity::Unclear(_) => Err(Error::refused(
            "that address belongs to somebody of another name since a moment ago",
        )
        .hint("run the command again")),
        Identity::New { namesakes } => new_participant(desk, args, &namesakes),
        Identity::Known(known) => update_known(desk.store, args, &known),
    }
}

/// The enrollment of somebody who signs up: with the week they join where they
/// have a place, else waiting. `old` is the one that they withdrew from.
/// `line` is the moment, and when the last one who is in the cohort signed up.
pub fn enrollment(
    old: Option<&Enrollment>,
    args: &Args,
    leave: Option<String>,
    joins: Option<Week>,
    line: (NaiveDateTime, Option<NaiveDateTime>),
) -> Enrollment {
    let (now, last_in_line) = line;
    Enrollment {
        id: old.map_or(0, |old| old.id),
        status: if joins.is_some() { Status::Enrolled } else { Status::Waitlisted },
        signed_up_at: match old {
            Some(_) => signed_up_again(now, last_in_line),
            None => args.signed_up.unwrap_or(now),
        },
        joined_week: joins.or(old.and_then(|old| old.joined_week)),
        withdrawn_on: None,
        reason: None,
        leave: leave.or_else(|| old.and_then(|old| old.leave.clone())),
        site: args.site.clone().or_else(|| old.and_then(|old| old.site.clone())),
        residency: args.residency.clone().or_else(|| old.and_then(|old| old.residency.clone())),
    }
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
    let named = from_week.map(|week| pick::session(group, week)).transpose()?;
    let named = named.map(|session| session.week);
    if let Some(last) = group.joins_until()
        && (now >= last.ends() || named > Some(last.week))
        && !late
    {
        let is = if now >= last.ends() { "was" } else { "is" };
        return Err(Error::refused(format!(
            "joining `{id}` {is} possible until week {}, {}",
            last.week,
            words::weekday_of_year(last.date)
        ))
        .hint("add --late to let them join all the same"));
    }
    let next = group.joining_week(now).filter(|week| group.session(*week).is_some());
    named.or(next).ok_or_else(|| {
        Error::refused(format!("`{id}` is over"))
            .hint("add --from-week N if they were in the group all the same")
    })
}

fn new_participant(
    desk: &mut Desk<'_>,
    args: &Args,
    namesakes: &[Participant],
) -> Result<(Participant, Report)> {
    let mut code = Code::draw(desk.random);
    while !desk.store.is_free(&code)? {
        code = Code::draw(desk.random);
    }
    let participant = add_participant(desk.store, args, code)?;
    let mut notes = Report::silent();
    for other in namesakes {
        let (other, code) = (&other.code, &participant.code);
        notes = notes
            .warning(format!("{other} has the same name, with another address or none"))
            .next("if it is the same person", format!("cohorts participant merge {other} {code}"));
    }
    Ok((participant, notes))
}

/// Adds somebody new under a code that is free.
pub fn add_participant(store: &Store, args: &Args, code: Code) -> Result<Participant> {
    let mut participant = new_to_records(args.clone(), code);
    participant.id = store.add_participant(&participant)?;
    store.set_email(participant.id, args.email.as_ref())?;
    Ok(participant)
}

/// Somebody new as the records will hold them, without an id so far.
pub fn new_to_records(args: Args, code: Code) -> Participant {
    Participant {
        id: 0,
        code,
        goes_by: goes_by(args.goes_by.as_deref(), args.first_name.as_deref()),
        first_name: args.first_name.unwrap_or_default(),
        last_name: args.last_name.unwrap_or_default(),
        phone: args.phone,
        email: args.email.map(Email::into_string),
        former_emails: Vec::new(),
    }
}

/// What to call somebody is kept only where it is not the first name.
pub fn goes_by(given: Option<&str>, first_name: Option<&str>) -> Option<String> {
    given.filter(|name| Some(*name) != first_name && !name.is_empty()).map(str::to_owned)
}

/// Takes over what was given of somebody known, and shows what that changed.
pub fn update_known(
    store: &Store,
    args: &Args,
    known: &Participant,
) -> Result<(Participant, Report)> {
    let cohorts = store.cohorts_of(known.id)?;
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
        store.update_participant(&to)?;
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
        store.set_email(known.id, Some(email))?;
        notes =
            notes.and("The address given is the current one now; the one before still finds them.");
    }
    Ok((to, notes))
}

//! Who the people in the room are: by what was answered, by a name that was
//! confirmed, by their address; whoever is left is asked about.

use std::collections::HashMap;
use std::mem::discriminant;

use super::super::Unmatched;
use super::super::sheet::was_in_the_group;
use super::answers::{Answer, Meant};
use super::room::{Attendant, InRoom};
use super::{Args, ask};
use crate::context::pick::Care;
use crate::context::{Context, Office};
use crate::domain::group::{Group, Member};
use crate::domain::participant::{Email, Participant};
use crate::domain::program::Facilitator;
use crate::domain::text::fold;
use crate::domain::zoom_name::{Notetaker, likeness, notetaker};
use crate::error::{Error, Result};
use crate::output::words;

/// Who somebody in the room is.
#[derive(Clone)]
pub(super) enum Is<'g> {
    Member(&'g Member),
    Facilitator,
    /// A facilitator, as it was answered.
    SaidToLead,
    Notetaker,
    /// Somebody whom the office knows, and who is not in the group.
    Outsider(Participant),
    /// As it was answered.
    Nobody,
    /// Nobody who is known, and nobody was asked; with those of the group whom the
    /// name is like.
    Unmatched(Vec<&'g Member>),
}

impl Is<'_> {
    fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Member(one), Self::Member(other)) => one.enrollment.id == other.enrollment.id,
            _ => discriminant(self) == discriminant(other),
        }
    }
}

/// Who everybody in the room is, in their order.
pub(super) struct Known<'g> {
    pub(super) are: Vec<Is<'g>>,
    /// Names that are to be known from now on.
    pub(super) names: Vec<(i64, String)>,
}

/// By what people are known.
pub(super) struct Book<'g> {
    group: &'g Group<'g>,
    by_address: HashMap<String, Vec<&'g Member>>,
    /// Whose a confirmed name is; nothing where two people have it.
    by_name: HashMap<String, Option<&'g Member>>,
}

impl<'g> Book<'g> {
    pub(super) fn open(office: &Office, group: &'g Group<'_>) -> Result<Self> {
        let mut by_address: HashMap<String, Vec<&Member>> = HashMap::new();
        for member in &group.members {
            let one = &member.participant;
            for email in one.email.iter().chain(&one.former_emails) {
                by_address.entry(email.to_lowercase()).or_default().push(member);
            }
        }
        let mut by_name = HashMap::new();
        for (participant, key) in office.store.zoom_names_in(&group.cohort.id)? {
            let whose = group.member_of(participant);
            by_name.entry(key).and_modify(|shared| *shared = None).or_insert(whose);
        }
        Ok(Self { group, by_address, by_name })
    }

    /// Whether a name is known as theirs.
    pub(super) fn is_confirmed(&self, name: &str, participant: i64) -> bool {
        let whose = self.by_name.get(&fold(name)).copied().flatten();
        whose.is_some_and(|member| member.participant.id == participant)
    }

    /// Those of the group whom somebody is like who is not known. Of a name that two
    /// had at once, one may be whoever it was confirmed for.
    fn like(&self, room: &InRoom, one: &Attendant) -> Vec<&'g Member> {
        let confirmed = self.by_name.get(&one.name.key()).copied().flatten();
        confirmed.map_or_else(|| ask::like(self.group, room, one), |member| vec![member])
    }

    /// Whether somebody is known to lead: by an address, or by a name where the
    /// report does not contradict it. Anybody may call themselves anything.
    fn leads(&self, one: &Attendant, hosts: &[String]) -> bool {
        let has_address = |known: &String| one.address.as_ref() == Some(known);
        let facilitators = &self.group.cohort.terms.facilitators;
        let mut known = facilitators.iter().filter_map(|one| one.address.as_ref());
        if hosts.iter().any(has_address) || known.any(|email| has_address(&email.key())) {
            return true;
        }
        let is_called = |leads: &Facilitator| is_called_as(one, leads);
        !one.is_guest && (one.name.is_host || facilitators.iter().any(is_called))
    }

    /// Whose address somebody has: of several, the one who is in the group, unless
    /// the name is rather that of one who is not.
    fn at_address(&self, room: &InRoom, one: &Attendant) -> Option<&'g Member> {
        let members = self.by_address.get(one.address.as_ref()?)?;
        if let [alone] = members.as_slice() {
            return Some(alone);
        }
        let (in_the_group, others): (Vec<&Member>, Vec<&Member>) =
            members.iter().partition(|m| was_in_the_group(self.group, m, &room.session));
        let [alone] = in_the_group.as_slice() else { return None };
        let names = one.names();
        let like = |member: &Member| likeness(&names, &member.participant);
        others.iter().all(|other| like(other) <= like(alone)).then_some(*alone)
    }

    /// Who somebody is, as far as it is known.
    fn find(&self, office: &Office, room: &InRoom, one: &Attendant) -> Result<Option<Is<'g>>> {
        if let Some(member) = self.at_address(room, one) {
            return Ok(Some(Is::Member(member)));
        }
        let original = one.name.original.as_deref();
        let as_confirmed = [Some(&*one.name.whole), original];
        let confirmed =
            as_confirmed.into_iter().flatten().find_map(|name| *self.by_name.get(&fold(name))?);
        // Of two who have it at once nobody knows whose it is; unless one of them has
        // the address too, and the other is a second device.
        let is_theirs = |member: &&Member| {
            let has_address = |other: &Attendant| {
                let at_address = self.at_address(room, other).map(|at| at.enrollment.id);
                other.name.key() == one.name.key() && at_address == Some(member.enrollment.id)
            };
            !one.two_at_once || room.attendants.iter().any(has_address)
        };
        if let Some(member) = confirmed.filter(is_theirs) {
            return Ok(Some(Is::Member(member)));
        }
        if notetaker(&one.name.whole) == Notetaker::Certainly {
            return Ok(Some(Is::Notetaker));
        }
        if one.address.as_ref().is_some_and(|address| self.by_address.contains_key(address)) {
            // An address that two share tells of neither.
            return Ok(None);
        }
        if self.leads(one, &room.hosts) {
            return Ok(Some(Is::Facilitator));
        }
        let email = one.address.as_deref().and_then(|address| Email::parse(address).ok());
        let outsiders = email.map(|email| office.store.participants_at(&email)).transpose()?;
        Ok(match outsiders.unwrap_or_default().as_slice() {
            [one] => Some(Is::Outsider(one.clone())),
            _ => None,
        })
    }
}

/// Whether somebody has a facilitator's name, and no other address than theirs.
pub(super) fn is_called_as(one: &Attendant, leads: &Facilitator) -> bool {
    let has_another = leads.address.is_some() && one.address.is_some();
    one.names().into_iter().any(|name| fold(name) == fold(&leads.name)) && !has_another
}

/// Who everybody in the room is, as far as it can be told without asking.
pub(super) struct Found<'g> {
    are: Vec<Option<Is<'g>>>,
    names: Vec<(i64, String)>,
    unmatched: Option<Unmatched>,
}

impl<'g> Found<'g> {
    /// The first one who is not known.
    pub(super) fn unknown<'r>(&self, room: &'r InRoom) -> Option<&'r Attendant> {
        let mut all = room.attendants.iter().zip(&self.are);
        all.find_map(|(one, is)| is.is_none().then_some(one))
    }

    /// Those who are known, the others being nobody to be told of.
    pub(super) fn so_far(&self) -> Known<'g> {
        let are = self.are.iter().map(|is| is.clone().unwrap_or(Is::Facilitator)).collect();
        Known { are, names: self.names.clone() }
    }
}

pub(super) fn find<'g>(
    ctx: &Context,
    office: &Office,
    group: &'g Group<'_>,
    book: &Book<'g>,
    room: &InRoom,
    args: &Args,
    file: &str,
) -> Result<Found<'g>> {
    let mut are: Vec<Option<Is>> = Vec::new();
    let mut names = Vec::new();
    let mut used = vec![false; args.who.len()];
    for one in &room.attendants {
        // An address counts before a name, which somebody else may have as well.
        let mut answers: Vec<usize> =
            (0..args.who.len()).filter(|index| args.who[*index].is_about(one)).collect();
        answers.sort_by_key(|index| !args.who[*index].has_address_of(one));
        let mut said: Option<Is> = None;
        let mut by_address = false;
        for index in answers {
            let answer = &args.who[index];
            let is = answered(ctx, office, group, answer)?;
            if said.as_ref().is_some_and(|before| !before.is_same(&is)) {
                if by_address && !answer.has_address_of(one) {
                    continue;
                }
                return Err(two_people(answer, room));
            }
            used[index] = true;
            by_address |= answer.has_address_of(one);
            said.get_or_insert(is);
        }
        if let (Some(Is::Member(member)), true) = (&said, args.always) {
            names.push((member.participant.id, one.name.whole.clone()));
        }
        are.push(match said {
            Some(is) => Some(is),
            None => book.find(office, room, one)?,
        });
    }
    if let Some(index) = used.iter().position(|used| !used) {
        let answer = &args.who[index];
        if room.attendants.iter().any(|one| answer.is_about(one)) {
            return Err(two_people(answer, room));
        }
        return Err(Error::usage(format!(
            "nobody in {} is called `{}` during the session",
            words::printable(file),
            words::printable(&answer.name)
        )));
    }
    Ok(Found { are, names, unmatched: args.unmatched })
}

/// Says that two answers differ, and what can tell apart whom they are about.
fn two_people(answer: &Answer, room: &InRoom) -> Error {
    let name = words::printable(&answer.name);
    let error = Error::usage(format!("`{name}` is said to be two people"));
    let mut about = room.attendants.iter().filter(|one| answer.is_about(one));
    match about.find_map(|one| one.address.as_ref()) {
        Some(address) => error.hint(format!(
            "say it once for each address, such as --who {}",
            words::argument(&format!("{address}=CODE"))
        )),
        None => error.hint(
            "nothing in the report tells them apart: say it of one, and mark the other with \
             --present WHO",
        ),
    }
}

/// Who everybody is. Whoever is not known is asked about, or listed.
pub(super) fn ask<'g>(
    ctx: &mut Context,
    book: &Book<'g>,
    room: &InRoom,
    found: Found<'g>,
    file: &str,
) -> Result<Known<'g>> {
    let Found { mut are, mut names, unmatched } = found;
    if unmatched.is_none() && are.iter().any(Option::is_none) {
        if !ctx.prompts.are_possible() {
            return Err(ask::listed(book.group, room, &are, file));
        }
        ask::all(ctx, book.group, room, &mut are, &mut names)?;
    }
    let unmatched = |one| Is::Unmatched(book.like(room, one));
    let are = are.into_iter().zip(&room.attendants);
    let are = are.map(|(is, one)| is.unwrap_or_else(|| unmatched(one))).collect();
    Ok(Known { are, names })
}

fn answered<'g>(
    ctx: &Context,
    office: &Office,
    group: &'g Group<'_>,
    answer: &Answer,
) -> Result<Is<'g>> {
    Ok(match &answer.meant {
        Meant::Member(who) => Is::Member(ctx.member(office, group, who, Care::Changing)?),
        Meant::Facilitator => Is::SaidToLead,
        Meant::Notetaker => Is::Notetaker,
        Meant::Nobody => Is::Nobody,
    })
}

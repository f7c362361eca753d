//! Asking who somebody in the room is; or saying whom there is to ask about.

use std::cmp::Reverse;
use std::io::Write;

use super::super::sheet::was_in_the_group;
use super::people::{Is, is_called_as};
use super::room::{Attendant, InRoom, lines as at};
use crate::context::{Context, pick};
use crate::domain::group::{Group, Member, by_call_name};
use crate::domain::participant::Code;
use crate::domain::zoom_name::{Likeness, Notetaker, likeness, notetaker};
use crate::error::{Error, Result};
use crate::output::words;

const ALWAYS: [&str; 2] = ["today only", "always: know that name from now on"];
const ALL_ALWAYS: [&str; 3] = [
    "these people, today only",
    "these people, always: know these names from now on",
    "not all of them: ask about each",
];

/// Asks about everybody who is not known.
pub(super) fn all<'g>(
    ctx: &mut Context,
    group: &'g Group<'_>,
    room: &InRoom,
    are: &mut [Option<Is<'g>>],
    names: &mut Vec<(i64, String)>,
) -> Result<()> {
    by_their_names(ctx, group, room, are, names)?;
    for (index, one) in room.attendants.iter().enumerate() {
        if are[index].is_none() {
            are[index] = Some(about(ctx, group, room, one, are, names)?);
        }
    }
    Ok(())
}

/// Several whose names are those of people in the group are asked about in one
/// go: a name alone is not enough, but a look at the list is.
fn by_their_names<'g>(
    ctx: &mut Context,
    group: &'g Group<'_>,
    room: &InRoom,
    are: &mut [Option<Is<'g>>],
    names: &mut Vec<(i64, String)>,
) -> Result<()> {
    let mut found: Vec<(usize, &Member)> = Vec::new();
    for (index, one) in room.attendants.iter().enumerate().filter(|(at, _)| are[*at].is_none()) {
        let ranked = ranked(group, room, one);
        let of_one = nearest(&ranked);
        if let [(Nearness { like: Likeness::Same, in_the_group: true, .. }, member)] = of_one {
            found.push((index, *member));
        }
    }
    if found.len() < 2 {
        return Ok(());
    }
    let width = found.iter().map(|(at, _)| room.attendants[*at].name.whole.chars().count()).max();
    let width = width.unwrap_or_default().min(40);
    let people = ctx.out.people();
    writeln!(people, "These are called like people in the group:")?;
    for (index, member) in &found {
        let name = words::printable(&room.attendants[*index].name.whole);
        writeln!(people, "  {name:<width$}  {}", member.participant.called())?;
    }
    let chosen = ctx.prompts.choose("They are", &ALL_ALWAYS.map(str::to_owned))?;
    if chosen == 2 {
        return Ok(());
    }
    for (index, member) in found {
        if chosen == 1 {
            names.push((member.participant.id, room.attendants[index].name.whole.clone()));
        }
        are[index] = Some(Is::Member(member));
    }
    Ok(())
}

fn about<'g>(
    ctx: &Context,
    group: &'g Group<'_>,
    room: &InRoom,
    one: &Attendant,
    are: &[Option<Is<'g>>],
    names: &mut Vec<(i64, String)>,
) -> Result<Is<'g>> {
    // Whoever is there already comes after those who are like the name; they may
    // have come with a second device.
    let is_there = |code: &Code| {
        are.iter().any(|is| matches!(is, Some(Is::Member(m)) if m.participant.code == *code))
    };
    let mut ranked = ranked(group, room, one);
    ranked.sort_by_key(|(near, m)| (Reverse(*near), is_there(&m.participant.code)));
    // Enter is pressed too soon by somebody sometime: it takes a participant only
    // where nobody else is as like the name, which the question says, and else nobody.
    let is_plain = matches!(nearest(&ranked), [(near, _)] if near.is_plain());
    // Whoever left or waits is one of them only by name.
    ranked.retain(|(near, _)| near.in_the_group || near.is_near());
    let like_whom = like_whom(&ranked);
    let members: Vec<&Member> = ranked.into_iter().map(|(_, member)| member).collect();
    let people = pick::with_codes(&members.iter().map(|m| &m.participant).collect::<Vec<_>>());
    let mut choices: Vec<(String, Is)> =
        people.into_iter().zip(members.into_iter().map(Is::Member)).collect();
    let mut nobody = [
        ("nobody of ours".to_owned(), Is::Nobody),
        ("a facilitator, or somebody who helps".to_owned(), Is::SaidToLead),
        ("an AI notetaker".to_owned(), Is::Notetaker),
    ];
    if group.cohort.terms.facilitators.iter().any(|leads| is_called_as(one, leads)) {
        nobody.swap(0, 1);
    }
    let at = usize::from(is_plain);
    choices.splice(at..at, nobody);
    let question = format!("Who is {}{like_whom} ({})", told(one), one.at());
    let items: Vec<String> = choices.iter().map(|(item, _)| item.clone()).collect();
    let (_, is) = choices.swap_remove(ctx.prompts.choose(&question, &items)?);
    let member = match is {
        Is::Member(member) => member,
        // Nobody of ours, as far as it is known: whoever it is like may be there after all.
        Is::Nobody => {
            let like = like(group, room, one);
            return Ok(if like.is_empty() { Is::Nobody } else { Is::Unmatched(like) });
        }
        other => return Ok(other),
    };
    let question =
        format!("{} is `{}`", member.participant.call_name(), words::printable(&one.name.whole));
    if ctx.prompts.choose(&question, &ALWAYS.map(str::to_owned))? == 1 {
        names.push((member.participant.id, one.name.whole.clone()));
    }
    Ok(Is::Member(member))
}

/// How near somebody in the room is to a member: by an address that several have,
/// then by the name; of equals, whoever was in the group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Nearness {
    has_address: bool,
    like: Likeness,
    in_the_group: bool,
}

impl Nearness {
    fn is_near(self) -> bool {
        self.has_address || self.like > Likeness::None
    }

    /// Whether it may well be them: an address that several have is not enough.
    fn is_plain(self) -> bool {
        self.in_the_group && self.like > Likeness::None
    }
}

/// Everybody in the cohort, the nearest first.
fn ranked<'g>(group: &'g Group<'_>, room: &InRoom, one: &Attendant) -> Vec<(Nearness, &'g Member)> {
    let names = one.names();
    let with_address: Vec<&str> = names.iter().copied().chain(one.address.as_deref()).collect();
    let nearness = |member: &Member| {
        let theirs = &member.participant;
        let mut addresses = theirs.email.iter().chain(&theirs.former_emails);
        let has_address = addresses.any(|email| Some(email.to_lowercase()) == one.address);
        // An address that several have is not more like one of them.
        let said = if has_address { &names } else { &with_address };
        let in_the_group = was_in_the_group(group, member, &room.session);
        Nearness { has_address, like: likeness(said, theirs), in_the_group }
    };
    let members = by_call_name(group.members.iter().collect());
    let mut ranked: Vec<_> = members.into_iter().map(|member| (nearness(member), member)).collect();
    ranked.sort_by_key(|(near, _)| Reverse(*near));
    ranked
}

/// The nearest of those ranked; nobody where nobody is near.
fn nearest<'r, 'g>(ranked: &'r [(Nearness, &'g Member)]) -> &'r [(Nearness, &'g Member)] {
    let Some((best, _)) = ranked.first().filter(|(near, _)| near.is_near()) else { return &[] };
    let count = ranked.iter().take_while(|(near, _)| near == best).count();
    &ranked[..count]
}

/// Whom somebody is most like, in words: ", like Dev (M1AJV)".
fn like_whom(ranked: &[(Nearness, &Member)]) -> String {
    let near: Vec<String> =
        nearest(ranked).iter().take(3).map(|(_, m)| m.participant.called()).collect();
    if near.is_empty() { String::new() } else { format!(", like {}", near.join(" or ")) }
}

/// Those of the group whom somebody is most like.
pub(super) fn like<'g>(group: &'g Group<'_>, room: &InRoom, one: &Attendant) -> Vec<&'g Member> {
    let ranked = ranked(group, room, one);
    let in_the_group = nearest(&ranked).iter().filter(|(near, _)| near.in_the_group);
    in_the_group.map(|(_, member)| *member).collect()
}

/// Somebody in the room, for who is asked about them: "`iPhone (2)`, from 9:31".
fn told(one: &Attendant) -> String {
    let mut parts = vec![format!("`{}`", words::printable(&one.name.whole))];
    if let Some(address) = one.address.as_ref().filter(|address| **address != one.name.whole) {
        parts.push(words::printable(address));
    }
    if one.two_at_once {
        parts.push("two at once".into());
    }
    match (one.total, one.joins.iter().map(|join| join.from).min()) {
        (Some(total), _) => parts.push(total.to_string()),
        (None, Some(from)) => parts.push(format!("from {}", words::time(from.time()))),
        (None, None) => {}
    }
    if notetaker(&one.name.whole) == Notetaker::Perhaps {
        parts.push("perhaps an AI notetaker".into());
    }
    parts.join(", ")
}

/// Says who is not known, off a terminal: nothing is written until it is said.
pub(super) fn listed(
    group: &Group<'_>,
    room: &InRoom,
    are: &[Option<Is<'_>>],
    file: &str,
) -> Error {
    let unknown: Vec<&Attendant> = room
        .attendants
        .iter()
        .zip(are)
        .filter(|(_, is)| is.is_none())
        .map(|(one, _)| one)
        .collect();
    let file = words::printable(file);
    let mut lines = Vec::new();
    for one in unknown.iter().take(50) {
        let ranked = ranked(group, room, one);
        let like = like_whom(&ranked);
        let (first, rest) = one.lines.split_first().unwrap_or((&0, &[]));
        let also = if rest.is_empty() { String::new() } else { format!(" (also {})", at(rest)) };
        lines.push(format!("{file}:{first}: {}{like}{also}", told(one)));
    }
    if unknown.len() > lines.len() {
        lines.push(format!("and {} more", unknown.len() - lines.len()));
    }
    let id = &group.cohort.id;
    let mut error = Error::usage(match unknown.len() {
        1 => format!("1 person in {file} matches nobody in `{id}`; nothing was changed"),
        n => format!("{n} people in {file} match nobody in `{id}`; nothing was changed"),
    });
    error.preamble = Some(lines.join("\n"));
    let name = unknown.first().map_or("NAME", |one| &one.name.whole);
    let ranked = unknown.first().map(|one| ranked(group, room, one)).unwrap_or_default();
    let code = match nearest(&ranked) {
        [(_, member)] => member.participant.code.to_string(),
        _ => "CODE".to_owned(),
    };
    error
        .hint(format!(
            "say who each is, such as --who {} (or facilitator, notetaker, nobody)",
            words::argument(&format!("{name}={code}"))
        ))
        .hint("add --always, to know those names from now on")
        .hint(
            "or add --unmatched ignore, to leave them out; whoever they are like then has no mark",
        )
}

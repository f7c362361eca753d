//! Asking who somebody in the room is; or saying whom there is to ask about.

use std::cmp::Reverse;
use std::io::Write;

use super::people::Is;
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
            are[index] = Some(about(ctx, group, one, are, names)?);
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
        let mut same = ranked(group, one).into_iter().filter(|(like, _)| *like == Likeness::Same);
        if let (Some((_, member)), None) = (same.next(), same.next()) {
            found.push((index, member));
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
    one: &Attendant,
    are: &[Option<Is<'g>>],
    names: &mut Vec<(i64, String)>,
) -> Result<Is<'g>> {
    // Whoever is there already comes after those who are like the name; they may
    // have come with a second device.
    let is_there = |code: &Code| {
        are.iter().any(|is| matches!(is, Some(Is::Member(m)) if m.participant.code == *code))
    };
    let mut ranked = ranked(group, one);
    ranked.sort_by_key(|(like, m)| (Reverse(*like), is_there(&m.participant.code)));
    let members: Vec<&Member> = ranked.into_iter().map(|(_, member)| member).collect();
    let mut choices = pick::with_codes(&members.iter().map(|m| &m.participant).collect::<Vec<_>>());
    choices.extend(
        ["a facilitator, or somebody who helps", "an AI notetaker", "nobody of ours"]
            .map(str::to_owned),
    );
    let question = format!("Who is {} ({})", told(one), one.at());
    let chosen = ctx.prompts.choose(&question, &choices)?;
    let Some(member) = members.get(chosen) else {
        return Ok(match chosen - members.len() {
            0 => Is::SaidToLead,
            1 => Is::Notetaker,
            _ => Is::Nobody,
        });
    };
    let question =
        format!("{} is `{}`", member.participant.call_name(), words::printable(&one.name.whole));
    if ctx.prompts.choose(&question, &ALWAYS.map(str::to_owned))? == 1 {
        names.push((member.participant.id, one.name.whole.clone()));
    }
    Ok(Is::Member(member))
}

/// Everybody in the group, those first whose name is most like somebody's.
fn ranked<'g>(group: &'g Group<'_>, one: &Attendant) -> Vec<(Likeness, &'g Member)> {
    let said = [
        Some(&*one.name.whole),
        Some(&*one.name.shown),
        one.name.original.as_deref(),
        one.address.as_deref(),
    ];
    let said: Vec<&str> = said.into_iter().flatten().collect();
    let members = by_call_name(group.members.iter().collect());
    let mut ranked: Vec<_> =
        members.into_iter().map(|member| (likeness(&said, &member.participant), member)).collect();
    ranked.sort_by_key(|(like, _)| Reverse(*like));
    ranked
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
        let like = match ranked(group, one).first() {
            Some((like, member)) if *like > Likeness::None => {
                format!(", like {}", member.participant.called())
            }
            _ => String::new(),
        };
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
    let code = unknown
        .first()
        .and_then(|one| ranked(group, one).into_iter().next())
        .filter(|(like, _)| *like > Likeness::None)
        .map_or("CODE".to_owned(), |(_, member)| member.participant.code.to_string());
    error
        .hint(format!(
            "say who each is, such as --who {} (or facilitator, notetaker, nobody)",
            words::argument(&format!("{name}={code}"))
        ))
        .hint("add --always, to know those names from now on")
        .hint("or add --unmatched ignore, to leave them out")
}

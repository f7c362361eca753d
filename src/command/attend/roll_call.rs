//! The roll call on a terminal: everybody numbered, one line of exceptions,
//! one key to save.

use std::collections::BTreeMap;
use std::io::Write;

use super::Said;
use super::sheet::{enrolled_by_then, refuse_mark};
use super::strip::{Cell, in_columns, in_words};
use crate::context::Context;
use crate::domain::attendance::{Mark, parse_exceptions};
use crate::domain::group::{Group, Member, Standing, by_call_name};
use crate::domain::participant::{Code, call_names};
use crate::domain::schedule::Session;
use crate::error::{Error, Result};
use crate::output::words;

/// Said of somebody expected without a mark in a week that is recorded.
const NO_MARK: &str = "no mark yet";

/// One numbered line of the roll call.
struct Entry<'g> {
    member: &'g Member,
    name: String,
    /// The mark unless something else is said; none for who may not be let in.
    mark: Option<Mark>,
    note: String,
}

impl Entry<'_> {
    /// The mark; `x` for who may not be let in, `-` for who has none yet.
    fn sign(&self) -> String {
        match self.mark {
            Some(mark) => mark.to_string(),
            None if self.note == NO_MARK => "-".into(),
            None => "x".into(),
        }
    }
}

pub(super) fn ask(ctx: &mut Context, group: &Group<'_>, session: &Session) -> Result<Said> {
    let entries = entries(group, session);
    if entries.is_empty() {
        return Err(Error::refused(format!("nobody is enrolled in `{}`", group.cohort.id))
            .hint(enrolled_by_then(group, session)));
    }
    let unless = if group.recorded.contains_key(&session.week) {
        "as recorded, unless you say otherwise"
    } else {
        "all present unless you say so"
    };
    let people = ctx.out.people();
    writeln!(
        people,
        "{}, week {}, {}: {unless}.\n",
        group.cohort.id.title(),
        session.week,
        words::weekday(session.date)
    )?;
    let cells: Vec<Cell> = entries
        .iter()
        .enumerate()
        .map(|(index, entry)| Cell {
            before: format!("{:>4}", index + 1),
            name: entry.name.clone(),
            sign: entry.sign(),
            note: entry.note.clone(),
        })
        .collect();
    for line in in_columns(&cells) {
        writeln!(people, "{line}")?;
    }
    writeln!(people, "\nP present  L late  D departed early  E excused  A absent   Esc: leave")?;
    loop {
        let exceptions = ctx.prompts.line("Number and letter, such as 3l 6a", |typed| {
            read(group, session, &entries, typed)
        })?;
        let mut marks: BTreeMap<Code, Mark> = entries
            .iter()
            .filter_map(|entry| Some((entry.member.participant.code.clone(), entry.mark?)))
            .collect();
        for (number, mark) in exceptions {
            marks.insert(entries[number - 1].member.participant.code.clone(), mark);
        }
        let people = ctx.out.people();
        let members: Vec<&Member> = entries.iter().map(|entry| entry.member).collect();
        for line in in_words(&members, session, &marks) {
            writeln!(people, "{line}")?;
        }
        // Whoever says no wants to say it again; Esc leaves.
        if ctx.prompts.confirm("Save?", true)? {
            return Ok(Said { marks, ..Said::default() });
        }
    }
}

/// Everybody who is or was in the group at that session, as they are called.
fn entries<'g>(group: &'g Group<'_>, session: &Session) -> Vec<Entry<'g>> {
    let members = by_call_name(
        group
            .members
            .iter()
            .filter(|m| {
                m.marks.contains_key(&session.week)
                    || matches!(
                        group.standing(m, session),
                        Standing::Expected | Standing::NotAgreed
                    )
            })
            .collect(),
    );
    let names = call_names(&members.iter().map(|m| &m.participant).collect::<Vec<_>>());
    // Whoever came to be expected after the week was recorded was not seen then.
    let is_recorded = group.recorded.contains_key(&session.week);
    members
        .into_iter()
        .zip(names)
        .map(|(member, name)| {
            let attendance = member.marks.get(&session.week);
            let not_agreed = group.standing(member, session) == Standing::NotAgreed;
            let (mark, note) = match attendance {
                Some(a) if a.mark == Mark::Excused => {
                    (Some(a.mark), format!("told us {}", words::short(a.noted_on)))
                }
                Some(a) if a.without_agreement.is_some() => {
                    (Some(a.mark), "without agreement".into())
                }
                Some(a) => (Some(a.mark), String::new()),
                None if not_agreed => (None, "not agreed".into()),
                None if is_recorded => (None, NO_MARK.into()),
                None => (Some(Mark::Present), String::new()),
            };
            Entry { member, name, mark, note }
        })
        .collect()
}

fn read(
    group: &Group<'_>,
    session: &Session,
    entries: &[Entry<'_>],
    typed: &str,
) -> std::result::Result<Vec<(usize, Mark)>, String> {
    let exceptions = parse_exceptions(typed, entries.len())?;
    for (number, mark) in &exceptions {
        let entry = &entries[number - 1];
        let let_in_before =
            entry.member.marks.get(&session.week).is_some_and(|a| a.without_agreement.is_some());
        if let Some(error) =
            refuse_mark(group, entry.member, session, *mark, let_in_before && mark.was_there())
        {
            // On the screen people have names, and the rest is done afterwards.
            let code = &entry.member.participant.code;
            let what = error.message.replace(&format!("`{code}`"), &entry.name);
            return Err(format!(
                "{number}: {what}.\n  Nothing of this line was taken.\n  If they were there all the same, save without them, then:\n  \
                 cohorts attend {} --week {} --without-agreement {code} --reason ...",
                group.cohort.id, session.week
            ));
        }
    }
    let unsaid = entries.iter().enumerate().find(|(index, entry)| {
        entry.note == NO_MARK && !exceptions.iter().any(|(number, _)| *number == index + 1)
    });
    match unsaid {
        Some((index, entry)) => {
            Err(format!("{}: {} has no mark yet, such as {}a", index + 1, entry.name, index + 1))
        }
        None => Ok(exceptions),
    }
}

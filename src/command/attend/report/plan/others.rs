//! Whoever was in the room and is nobody of the group, as far as it is known.

use std::collections::HashSet;

use super::{Basis, Plan};
use crate::command::attend::report::people::{Is, Known};
use crate::command::attend::report::room::{Attendant, InRoom, lines};
use crate::domain::group::Member;
use crate::domain::incident::Kind;
use crate::output::words;

impl Plan {
    /// Whoever is nobody in the cohort.
    pub(super) fn others(&mut self, basis: &Basis<'_>, room: &InRoom, known: &Known<'_>) {
        let mut strangers: Vec<&Attendant> = Vec::new();
        for (one, is) in room.attendants.iter().zip(&known.are) {
            let name = words::printable(&one.name.whole);
            match is {
                Is::Member(_) => {}
                Is::Facilitator => self.facilitators += 1,
                Is::SaidToLead => {
                    self.facilitators += 1;
                    let how = match &one.address {
                        Some(address) => format!("`{name} <{}>`", words::printable(address)),
                        None if one.is_guest => continue,
                        None => "the name".to_owned(),
                    };
                    self.notes.push(format!(
                        "Not to be asked about `{name}` again, add {how} to facilitators in cohorts.toml."
                    ));
                }
                Is::Notetaker => self.alarm(
                    Kind::Notetaker,
                    None,
                    format!("an AI notetaker was in the room: `{name}` ({})", one.at()),
                ),
                Is::Outsider(participant) => self.alarm(
                    Kind::Stranger,
                    Some(participant.id),
                    format!(
                        "{} was in the room and is not in the group ({})",
                        participant.called(),
                        one.at()
                    ),
                ),
                Is::Unmatched(like) if !like.is_empty() => self.left_out(basis, one, like),
                Is::Nobody | Is::Unmatched(_) => strangers.push(one),
            }
        }
        let their: Vec<u64> = strangers.iter().flat_map(|one| one.lines.clone()).collect();
        let what = match strangers.len() {
            0 => return,
            1 => "somebody was in the room who matches".to_owned(),
            n => format!("{n} people were in the room who match"),
        };
        let what = format!("{what} nobody in the group ({})", lines(&their));
        self.alarm(Kind::Stranger, None, what);
    }

    /// Somebody was left out who is like some of the group: most likely one of those
    /// who are not seen, who then have no mark; else somebody else.
    fn left_out(&mut self, basis: &Basis<'_>, one: &Attendant, like: &[&Member]) {
        let name = words::printable(&one.name.whole);
        let called = |members: &[&Member]| {
            let called: Vec<String> = members.iter().map(|m| m.participant.called()).collect();
            words::list(&called)
        };
        let is_unmarked = |m: &&Member| self.said.unmarked.contains(&m.participant.code);
        let unmarked: Vec<&Member> = like.iter().copied().filter(is_unmarked).collect();
        if unmarked.is_empty() {
            let what = "was in the room and left out, like";
            let what = format!("`{name}` ({}) {what} {}", one.at(), called(like));
            return self.alarm(Kind::Stranger, None, what);
        }
        self.alarms.push(format!(
            "{} {} no mark: `{name}` ({}) was left out and is like them",
            called(&unmarked),
            words::has(unmarked.len()),
            one.at()
        ));
        let code = match like {
            [member] => member.participant.code.as_str(),
            _ => "CODE",
        };
        self.next.push((
            format!("to say who `{name}` is"),
            format!(
                "cohorts attend {} --week {} --from {} --unmatched ignore --who {}",
                basis.group.cohort.id,
                basis.session.week,
                words::quoted(basis.file),
                words::argument(&format!("{name}={code}"))
            ),
        ));
    }

    pub(super) fn two_under_one_name(&mut self, room: &InRoom, known: &Known<'_>) {
        let mut said: HashSet<String> = HashSet::new();
        for (one, is) in room.attendants.iter().zip(&known.are).filter(|(one, _)| one.may_be_two) {
            let about = match is {
                Is::Member(member) => Some(member.participant.id),
                Is::Nobody | Is::Unmatched(_) => None,
                Is::Facilitator | Is::SaidToLead | Is::Notetaker | Is::Outsider(_) => continue,
            };
            let what = format!(
                "two people may have been in the room as `{}` ({})",
                words::printable(&one.name.whole),
                one.at()
            );
            if said.insert(one.name.key()) {
                self.alarm(Kind::SharedName, about, what);
            }
        }
    }
}

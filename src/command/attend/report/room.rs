//! Who was in the room during a session, as a report tells them apart: by their
//! address, else by their name.

use std::collections::HashMap;

use chrono::NaiveDate;

use crate::domain::group::Group;
use crate::domain::period::Minutes;
use crate::domain::presence::{Stay, were_at_once};
use crate::domain::schedule::Session;
use crate::domain::zoom_name::is_of_two;
use crate::error::{Error, Result};
use crate::intake::zoom::{Join, Name, Room, Time};
use crate::output::words;

/// Somebody in the room.
pub(super) struct Attendant {
    pub(super) name: Name,
    pub(super) address: Option<String>,
    /// The lines of the report.
    pub(super) lines: Vec<u64>,
    pub(super) joins: Vec<Stay>,
    /// Of unique users, only how long.
    pub(super) total: Option<Minutes>,
    /// Whether the report says that they are not of the host's account.
    pub(super) is_guest: bool,
    /// Whether two were there at once under this name, by the report alone.
    pub(super) two_at_once: bool,
    /// That, or whether the name is one of two people.
    pub(super) may_be_two: bool,
}

/// What a report tells of a session.
pub(super) struct InRoom {
    pub(super) attendants: Vec<Attendant>,
    pub(super) session: Session,
    /// The session, as far as the meeting was on.
    pub(super) window: Stay,
    /// Lines of those who answered a notice of recording.
    pub(super) recording: Vec<u64>,
    /// Addresses of hosts.
    pub(super) hosts: Vec<String>,
    pub(super) waited: usize,
    /// How many rows are of before or after the session.
    pub(super) outside: usize,
}

impl InRoom {
    pub(super) fn of(rooms: &[Room], session: &Session) -> Self {
        let of = *session;
        let session = Stay::of(session);
        // Other meetings of the file are nobody's business here.
        let rooms: Vec<&Room> = rooms
            .iter()
            .filter(|room| match room.held {
                Some(held) => {
                    held.within(session).is_some() || room.joins.iter().any(|j| is_in(j, session))
                }
                None => true,
            })
            .collect();
        let mut found = Self {
            attendants: Vec::new(),
            session: of,
            window: window(&rooms, session),
            recording: Vec::new(),
            hosts: rooms.iter().filter_map(|room| room.host.clone()).collect(),
            waited: rooms.iter().map(|room| room.waited).sum(),
            outside: 0,
        };
        let mut by_name: HashMap<String, Vec<&Join>> = HashMap::new();
        let mut known: HashMap<String, usize> = HashMap::new();
        for join in rooms.iter().flat_map(|room| &room.joins) {
            if !is_in(join, session) {
                found.outside += 1;
                continue;
            }
            if join.answered_recording {
                found.recording.push(join.line);
            }
            let name = join.name.key();
            found.add(join, &name, &mut known);
            by_name.entry(name).or_default().push(join);
        }
        for attendant in &mut found.attendants {
            let namesakes = by_name.get_mut(&attendant.name.key());
            attendant.two_at_once = namesakes.is_some_and(|joins| are_two(joins));
            attendant.may_be_two = attendant.two_at_once || is_of_two(&attendant.name.whole);
        }
        found
    }

    fn add(&mut self, join: &Join, name: &str, known: &mut HashMap<String, usize>) {
        let (stay, total) = match join.time {
            Time::From(stay) => (Some(stay), None),
            Time::Total(minutes) => (None, Some(minutes)),
        };
        // No name that is folded has this sign in it.
        let key = join.address.as_ref().map_or_else(|| format!("\n{name}"), Clone::clone);
        if let Some(known) = known.get(&key).and_then(|index| self.attendants.get_mut(*index)) {
            known.lines.push(join.line);
            known.is_guest |= join.is_guest;
            known.joins.extend(stay);
            let sum =
                |more: Minutes| known.total.map_or(0, |so_far| so_far.0).saturating_add(more.0);
            known.total = total.map(|more| Minutes(sum(more))).or(known.total);
            return;
        }
        known.insert(key, self.attendants.len());
        self.attendants.push(Attendant {
            name: join.name.clone(),
            address: join.address.clone(),
            lines: vec![join.line],
            joins: stay.into_iter().collect(),
            total,
            is_guest: join.is_guest,
            two_at_once: false,
            may_be_two: false,
        });
    }

    /// A report without anybody at that time is another one's, or in another zone:
    /// it makes nobody absent. `its_day` is the day of which it is where that is
    /// not the session's.
    pub(super) fn refuse_if_empty(
        &self,
        group: &Group<'_>,
        its_day: Option<NaiveDate>,
        file: &str,
    ) -> Result<()> {
        if !self.attendants.is_empty() {
            return Ok(());
        }
        let session = &self.session;
        let (name, date) = (words::printable(file), words::weekday(session.date));
        let hours = [session.starts_at, session.ends_at].map(words::time).join(" and ");
        let error = match its_day {
            Some(day) => Error::refused(format!(
                "{name} is of {}, and nobody in it was there between {hours}: week {} is on {date}",
                words::weekday(day),
                session.week
            )),
            None => Error::refused(format!("nobody in {name} was there between {hours} on {date}")),
        };
        let of_that_day = group.sessions().iter().find(|other| Some(other.date) == its_day);
        Err(match of_that_day {
            Some(other) => {
                error.hint(format!("say --week {}, for the session of that day", other.week))
            }
            None => error.hint(
                "Zoom writes times in the zone of your Zoom profile: is it that of the sessions?",
            ),
        })
    }
}

fn is_in(join: &Join, session: Stay) -> bool {
    match join.time {
        Time::From(stay) => stay.within(session).is_some(),
        Time::Total(_) => true,
    }
}

/// The session, as far as its meetings were on: nobody comes late to a meeting
/// that was opened late.
fn window(rooms: &[&Room], session: Stay) -> Stay {
    let mut held = rooms.iter().filter_map(|room| room.held?.within(session));
    let Some(first) = held.next() else { return session };
    held.fold(first, |all, one| Stay { from: all.from.min(one.from), to: all.to.max(one.to) })
}

/// Whether some joins under one name were at once that are not of one account.
fn are_two(joins: &mut [&Join]) -> bool {
    let stay = |join: &Join| match join.time {
        Time::From(stay) => Some(stay),
        Time::Total(_) => None,
    };
    joins.sort_by_key(|join| (stay(join), join.line));
    let one_account = |a: &Join, b: &Join| a.address.is_some() && a.address == b.address;
    // Of those that began before, the one that lasts longest, and the one of
    // another account that does.
    let (mut longest, mut other): (Option<&Join>, Option<&Join>) = (None, None);
    for join in joins.iter() {
        let Some(this) = stay(join) else { return false };
        let at_once = |before: &&Join| {
            !one_account(before, join) && stay(before).is_some_and(|stay| were_at_once(stay, this))
        };
        if longest.as_ref().is_some_and(at_once) || other.as_ref().is_some_and(at_once) {
            return true;
        }
        let ends = |one: Option<&Join>| one.and_then(stay).map(|stay| stay.to);
        if ends(longest) < Some(this.to) {
            if longest.is_some_and(|longest| !one_account(longest, join)) {
                other = longest;
            }
            longest = Some(join);
        } else if longest.is_some_and(|longest| !one_account(longest, join))
            && ends(other) < Some(this.to)
        {
            other = Some(join);
        }
    }
    false
}

impl Attendant {
    /// What they were called in the room, in all the ways in which it can be read.
    pub(super) fn names(&self) -> Vec<&str> {
        let names =
            [Some(&*self.name.whole), Some(&*self.name.shown), self.name.original.as_deref()];
        names.into_iter().flatten().collect()
    }

    /// Its lines: "line 3", "lines 3 and 9".
    pub(super) fn at(&self) -> String {
        lines(&self.lines)
    }
}

/// "line 3", "lines 3 and 9", "lines 3, 9 and 4 more"
pub(super) fn lines(lines: &[u64]) -> String {
    let mut shown: Vec<String> = lines.iter().take(5).map(ToString::to_string).collect();
    if lines.len() > shown.len() {
        shown.push(format!("{} more", lines.len() - shown.len()));
    }
    let plural = if lines.len() == 1 { "line" } else { "lines" };
    format!("{plural} {}", words::list(&shown))
}

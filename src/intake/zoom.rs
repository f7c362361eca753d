//! Zoom's attendance reports: from rows to who was in the room when, in every
//! form in which Zoom exports them.
//!
//! - a row for each join, with the columns of one of several years;
//! - the same below what the report calls the meeting: its heading, its row;
//! - one row a person, where only the minutes are known;
//! - many meetings in one table, each row with its meeting's columns first.
//!
//! What a name or an address means is not decided here, nor in which order the
//! days are: where both are possible, both are given.

mod cells;
mod headings;
mod reading;

use chrono::{NaiveDateTime, TimeDelta};

pub use cells::Name;
pub use reading::read;

use super::Problem;
use super::dates::Order;
use crate::domain::period::Minutes;
use crate::domain::presence::Stay;

/// A day and time as it is written: what it is in either order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    day_first: Option<NaiveDateTime>,
    month_first: Option<NaiveDateTime>,
}

impl Stamp {
    fn read(self, order: Order) -> Option<NaiveDateTime> {
        match order {
            Order::DayFirst => self.day_first,
            Order::MonthFirst => self.month_first,
        }
    }
}

/// When somebody was there, as far as a row tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum When {
    Join(Stamp, Stamp),
    Total(Minutes),
}

/// Longer than this no meeting lasts.
const LONGEST_STAY: TimeDelta = TimeDelta::hours(30);

impl When {
    fn stamps(self) -> impl Iterator<Item = Stamp> {
        let both = match self {
            Self::Join(from, to) => [Some(from), Some(to)],
            Self::Total(_) => [None, None],
        };
        both.into_iter().flatten()
    }

    fn read(self, order: Order) -> Option<Time> {
        match self {
            Self::Total(minutes) => Some(Time::Total(minutes)),
            Self::Join(from, to) => {
                let stay = Stay { from: from.read(order)?, to: to.read(order)? };
                let length = TimeDelta::zero()..=LONGEST_STAY;
                length.contains(&stay.length()).then_some(Time::From(stay))
            }
        }
    }

    fn is_possible(self, order: Order) -> bool {
        self.read(order).is_some()
    }
}

/// One row of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    line: u64,
    meeting: usize,
    name: Name,
    address: Option<String>,
    when: When,
    guest: bool,
    recording: bool,
}

/// A meeting, as far as the report tells of it apart from its rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Meeting {
    start: Option<Stamp>,
    end: Option<Stamp>,
    host: Option<String>,
    /// How many rows say only who waited.
    waited: usize,
}

/// A report, before it is known in which order its days are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    entries: Vec<Entry>,
    meetings: Vec<Meeting>,
}

/// A meeting and who was in it, days read in one order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Room {
    /// From when to when the meeting was on, where the report says it.
    pub held: Option<Stay>,
    /// The address of the host, where the report says it.
    pub host: Option<String>,
    pub joins: Vec<Join>,
    /// How many rows are about the waiting room alone.
    pub waited: usize,
}

/// Somebody who was in the room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Join {
    pub line: u64,
    pub name: Name,
    /// In lower case.
    pub address: Option<String>,
    pub time: Time,
    /// Whether the report says that they are not of the host's account.
    pub is_guest: bool,
    /// Whether they answered a notice that the meeting is recorded.
    pub answered_recording: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Time {
    From(Stay),
    Total(Minutes),
}

impl Report {
    /// The orders in which every day can be read; one of them where they say the
    /// same.
    pub fn orders(&self) -> Vec<Order> {
        let mut orders = vec![Order::MonthFirst, Order::DayFirst];
        let stamps = || {
            let of_meetings = self.meetings.iter().flat_map(|m| [m.start, m.end]).flatten();
            of_meetings.chain(self.entries.iter().flat_map(|entry| entry.when.stamps()))
        };
        orders.retain(|order| {
            let read = |stamp: Stamp| stamp.read(*order).is_some();
            stamps().all(read) && self.entries.iter().all(|entry| entry.when.is_possible(*order))
        });
        if orders.len() == 2 && stamps().all(|stamp| stamp.day_first == stamp.month_first) {
            orders.pop();
        }
        orders
    }

    /// The first row that cannot be read in the order of those above it.
    fn out_of_order(&self) -> Problem {
        let mut possible = [Order::MonthFirst, Order::DayFirst].to_vec();
        let entry = self.entries.iter().find(|entry| {
            possible.retain(|order| entry.when.is_possible(*order));
            possible.is_empty()
        });
        let line = entry.or(self.entries.first()).map_or(1, |entry| entry.line);
        Problem::new(line, "has day and month the other way round than the rows above")
    }

    /// The meetings, days read in an order that is one of [`Report::orders`].
    pub fn in_order(&self, order: Order) -> Vec<Room> {
        let read = |stamp: Option<Stamp>| stamp.and_then(|stamp| stamp.read(order));
        let mut rooms: Vec<Room> = self
            .meetings
            .iter()
            .map(|meeting| Room {
                held: read(meeting.start)
                    .zip(read(meeting.end))
                    .filter(|(from, to)| from < to)
                    .map(|(from, to)| Stay { from, to }),
                host: meeting.host.clone(),
                joins: Vec::new(),
                waited: meeting.waited,
            })
            .collect();
        for entry in &self.entries {
            if let (Some(time), Some(room)) = (entry.when.read(order), rooms.get_mut(entry.meeting))
            {
                room.joins.push(Join {
                    line: entry.line,
                    name: entry.name.clone(),
                    address: entry.address.clone(),
                    time,
                    is_guest: entry.guest,
                    answered_recording: entry.recording,
                });
            }
        }
        rooms
    }
}

#[cfg(test)]
mod tests;

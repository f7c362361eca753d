//! Rosters: the columns there are, and the people a roster can be about.
//!
//! A column is one line of [`COLUMNS`], from which the table, CSV, JSON, the
//! values of `--columns` and the names allowed in `cohorts.toml` all come.

use std::borrow::Cow;

use chrono::{NaiveDate, NaiveDateTime};

use super::attendance::WeekState;
use super::consent::Consent;
use super::enrollment::{Enrollment, Status};
use super::group::{Group, Member};
use super::participant::Participant;
use super::words::{Word, words};

words! {
    /// The people a roster is about.
    pub enum People {
        /// Those who have a place.
        Enrolled = "enrolled",
        /// Those who have a place and have agreed to confidentiality.
        Agreed = "agreed",
        Waitlisted = "waitlisted",
        Withdrawn = "withdrawn",
        All = "all",
    }
}

/// One value of one row.
#[derive(Debug, Clone, PartialEq, PartialOrd)]
pub enum Cell<'a> {
    Empty,
    Text(Cow<'a, str>),
    Number(i64),
    Date(NaiveDate),
    Moment(NaiveDateTime),
    /// The day something was done, or that it was not.
    DoneOn(Option<NaiveDate>),
    YesNo(bool),
    /// One a week; in CSV and JSON a column each.
    Weeks(Vec<WeekState>),
}

impl<'a> Cell<'a> {
    pub fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self::Text(text.into())
    }

    pub fn maybe(text: Option<&'a str>) -> Self {
        text.map_or(Self::Empty, Self::text)
    }

    pub fn day(day: Option<NaiveDate>) -> Self {
        day.map_or(Self::Empty, Self::Date)
    }
}

/// A member of a group at a moment, as a roster lists it.
pub struct RosterRow<'a> {
    pub group: &'a Group<'a>,
    pub member: &'a Member,
    pub now: NaiveDateTime,
}

impl<'a> RosterRow<'a> {
    fn person(&self) -> &'a Participant {
        &self.member.participant
    }

    fn enrollment(&self) -> &'a Enrollment {
        &self.member.enrollment
    }

    fn last_consent(&self) -> Option<&'a Consent> {
        self.member.consents.last()
    }
}

/// What a column tells of somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tells {
    /// Who they are or how to reach them; never where codes stand for people.
    Who,
    What,
}

/// A column that a roster can have.
#[derive(Debug)]
pub struct Column {
    /// Its name in `--columns`, in CSV and in JSON.
    pub name: &'static str,
    /// Its heading in a table.
    pub header: &'static str,
    pub tells: Tells,
    pub value: for<'a> fn(&'a RosterRow<'a>) -> Cell<'a>,
}

/// A column that a purpose asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChosenColumn {
    /// The name of one of [`COLUMNS`].
    pub column: String,
    pub header: Option<String>,
    /// Whoever has nothing in it is left out.
    pub required: bool,
}

/// Every column there is.
#[rustfmt::skip]
pub const COLUMNS: &[Column] = &[
    Column { name: "cohort", header: "Cohort", tells: Tells::What, value: |r| Cell::text(r.group.cohort.id.as_str()) }, // the cohort's id
    Column { name: "code", header: "Code", tells: Tells::What, value: |r| Cell::text(r.person().code.as_str()) }, // the participant's code
    Column { name: "name", header: "Name", tells: Tells::Who, value: |r| Cell::text(r.person().listed_name()) }, // last name, first name
    Column { name: "first_name", header: "First name", tells: Tells::Who, value: |r| Cell::text(&*r.person().first_name) },
    Column { name: "last_name", header: "Last name", tells: Tells::Who, value: |r| Cell::text(&*r.person().last_name) },
    Column { name: "goes_by", header: "Goes by", tells: Tells::Who, value: |r| Cell::text(r.person().call_name()) }, // what to call them
    Column { name: "email", header: "E-mail", tells: Tells::Who, value: |r| Cell::maybe(r.person().email.as_deref()) }, // the current address
    Column { name: "phone", header: "Phone", tells: Tells::Who, value: |r| Cell::maybe(r.person().phone.as_deref()) },
    Column { name: "residency", header: "Residency", tells: Tells::What, value: |r| Cell::maybe(r.enrollment().residency.as_deref()) }, // their training program
    Column { name: "site", header: "Site", tells: Tells::What, value: |r| Cell::maybe(r.enrollment().site.as_deref()) }, // where they train
    Column { name: "leave", header: "Leave", tells: Tells::What, value: |r| Cell::maybe(r.enrollment().leave.as_deref()) }, // health information: for those who must know
    Column { name: "status", header: "Status", tells: Tells::What, value: |r| Cell::text(r.enrollment().status.word()) }, // enrolled, waitlisted or withdrawn
    Column { name: "signed_up", header: "Signed up", tells: Tells::What, value: |r| Cell::Moment(r.enrollment().signed_up_at) }, // when they asked for a place
    Column { name: "place_in_line", header: "In line", tells: Tells::What, value: place_in_line }, // 1 is the next to get a place
    Column { name: "joined_week", header: "From week", tells: Tells::What, value: joined_week }, // the first week they are in the group
    Column { name: "withdrawn_on", header: "Withdrawn", tells: Tells::What, value: |r| Cell::day(r.enrollment().withdrawn_on) },
    Column { name: "reason", header: "Reason", tells: Tells::What, value: |r| Cell::maybe(r.enrollment().reason.map(Word::word)) }, // why they withdrew
    Column { name: "agreed", header: "Agreed", tells: Tells::What, value: agreed }, // the day of a valid consent, or NO
    Column { name: "consent", header: "Consent", tells: Tells::What, value: |r| Cell::maybe(r.last_consent().map(|c| c.decision.word())) }, // the last decision
    Column { name: "consent_on", header: "Decided", tells: Tells::What, value: |r| Cell::day(r.last_consent().map(|c| c.decided_on)) }, // its day
    Column { name: "consent_method", header: "How", tells: Tells::What, value: |r| Cell::maybe(r.last_consent().and_then(|c| c.method).map(Word::word)) }, // how it reached us
    Column { name: "agreement", header: "Agreement", tells: Tells::What, value: |r| Cell::maybe(r.last_consent().map(|c| &*c.version)) }, // the version it was about
    Column { name: "attendance", header: "Attendance", tells: Tells::What, value: |r| Cell::Weeks(r.group.strip(r.member, r.now)) }, // every week; in CSV and JSON week_1, week_2, ...
    Column { name: "sessions_attended", header: "Attended", tells: Tells::What, value: sessions_attended }, // how many sessions they were at
    Column { name: "completed", header: "Completed", tells: Tells::What, value: |r| Cell::YesNo(r.group.completed(r.member, r.now.date())) }, // the cohort is over and they were at every session
];

/// The columns of a table when nothing else is asked for. No address, phone
/// number or leave: those are shown to whoever asks for them by name.
pub const DEFAULT_TABLE: &[&str] = &["code", "name", "goes_by", "agreed", "attendance"];

/// The columns of CSV and JSON when nothing else is asked for, in this order.
pub const DEFAULT_DATA: &[&str] =
    &["cohort", "code", "first_name", "last_name", "goes_by", "status", "agreed", "attendance"];

pub fn column(name: &str) -> Option<&'static Column> {
    COLUMNS.iter().find(|column| column.name == name)
}

pub fn column_names() -> impl Iterator<Item = &'static str> {
    COLUMNS.iter().map(|column| column.name)
}

fn place_in_line<'a>(row: &'a RosterRow<'a>) -> Cell<'a> {
    let waiting = row.group.waiting();
    let place = waiting.iter().position(|m| m.enrollment.id == row.member.enrollment.id);
    place.and_then(|n| i64::try_from(n + 1).ok()).map_or(Cell::Empty, Cell::Number)
}

fn joined_week<'a>(row: &'a RosterRow<'a>) -> Cell<'a> {
    // Whoever waits again after having been in the group is not in it now.
    let enrollment = row.enrollment();
    let week = enrollment.joined_week.filter(|_| enrollment.status != Status::Waitlisted);
    week.map_or(Cell::Empty, |week| Cell::Number(week.into()))
}

fn agreed<'a>(row: &'a RosterRow<'a>) -> Cell<'a> {
    let day = row.group.consent_day(row.now.date());
    Cell::DoneOn(row.group.valid_consent(row.member, day).map(|consent| consent.decided_on))
}

fn sessions_attended<'a>(row: &'a RosterRow<'a>) -> Cell<'a> {
    let there = row.member.marks.values().filter(|a| a.mark.was_there()).count();
    i64::try_from(there).map_or(Cell::Empty, Cell::Number)
}

impl People {
    /// Whether a member is among these people on a day.
    pub fn include(self, group: &Group<'_>, member: &Member, today: NaiveDate) -> bool {
        let status = member.enrollment.status;
        match self {
            Self::Enrolled => status == Status::Enrolled,
            Self::Waitlisted => status == Status::Waitlisted,
            Self::Withdrawn => status == Status::Withdrawn,
            Self::All => true,
            Self::Agreed => {
                let day = group.consent_day(today);
                status == Status::Enrolled && group.valid_consent(member, day).is_some()
            }
        }
    }
}

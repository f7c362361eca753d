//! Rosters: the columns there are, and the people a roster can be about.
//!
//! A column is one line of [`COLUMNS`], from which the table, CSV, JSON, the
//! values of `--columns` and the names allowed in `cohorts.toml` all come.

use std::borrow::Cow;

use chrono::{NaiveDate, NaiveDateTime};

use super::attendance::WeekState;
use super::enrollment::Status;
use super::group::{Group, Member};
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
}

/// A member of a group at a moment, as a roster lists it.
pub struct RosterRow<'a> {
    pub group: &'a Group<'a>,
    pub member: &'a Member,
    pub now: NaiveDateTime,
}

/// A column that a roster can have.
#[derive(Debug)]
pub struct Column {
    /// Its name in `--columns`, in CSV and in JSON.
    pub name: &'static str,
    /// Its heading in a table.
    pub header: &'static str,
    pub about: &'static str,
    pub value: for<'a> fn(&'a RosterRow<'a>) -> Cell<'a>,
}

/// A column that a purpose asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChosenColumn {
    /// The name of one of [`COLUMNS`].
    pub column: String,
    pub header: Option<String>,
}

/// Every column, in the order in which `--columns all` would list them.
pub const COLUMNS: &[Column] = &[
    Column {
        name: "cohort",
        header: "Cohort",
        about: "the cohort's id",
        value: |r| Cell::text(r.group.cohort.id.as_str()),
    },
    Column {
        name: "code",
        header: "Code",
        about: "the participant's code",
        value: |r| Cell::text(r.member.participant.code.as_str()),
    },
    Column {
        name: "name",
        header: "Name",
        about: "last name, first name",
        value: |r| Cell::text(r.member.participant.listed_name()),
    },
    Column {
        name: "first_name",
        header: "First name",
        about: "",
        value: |r| Cell::text(&*r.member.participant.first_name),
    },
    Column {
        name: "last_name",
        header: "Last name",
        about: "",
        value: |r| Cell::text(&*r.member.participant.last_name),
    },
    Column {
        name: "goes_by",
        header: "Goes by",
        about: "what to call them",
        value: |r| Cell::text(r.member.participant.call_name()),
    },
    Column {
        name: "email",
        header: "E-mail",
        about: "the current address",
        value: |r| Cell::maybe(r.member.participant.email.as_deref()),
    },
    Column {
        name: "phone",
        header: "Phone",
        about: "",
        value: |r| Cell::maybe(r.member.participant.phone.as_deref()),
    },
    Column {
        name: "residency",
        header: "Residency",
        about: "their training program",
        value: |r| Cell::maybe(r.member.enrollment.residency.as_deref()),
    },
    Column {
        name: "site",
        header: "Site",
        about: "where they train",
        value: |r| Cell::maybe(r.member.enrollment.site.as_deref()),
    },
    Column {
        name: "leave",
        header: "Leave",
        about: "health information: for those who must know",
        value: |r| Cell::maybe(r.member.enrollment.leave.as_deref()),
    },
    Column {
        name: "status",
        header: "Status",
        about: "enrolled, waitlisted or withdrawn",
        value: |r| Cell::text(r.member.enrollment.status.word()),
    },
    Column {
        name: "signed_up",
        header: "Signed up",
        about: "when they asked for a place",
        value: |r| Cell::Moment(r.member.enrollment.signed_up_at),
    },
    Column {
        name: "place_in_line",
        header: "In line",
        about: "1 is the next to get a place",
        value: place_in_line,
    },
    Column {
        name: "joined_week",
        header: "From week",
        about: "the first week they are in the group",
        value: |r| r.member.enrollment.joined_week.map_or(Cell::Empty, |w| Cell::Number(w.into())),
    },
    Column {
        name: "withdrawn_on",
        header: "Withdrawn",
        about: "",
        value: |r| r.member.enrollment.withdrawn_on.map_or(Cell::Empty, Cell::Date),
    },
    Column {
        name: "reason",
        header: "Reason",
        about: "why they withdrew",
        value: |r| Cell::maybe(r.member.enrollment.reason.map(Word::word)),
    },
    Column {
        name: "agreed",
        header: "Agreed",
        about: "the day of a valid consent, or NO",
        value: agreed,
    },
    Column {
        name: "consent",
        header: "Consent",
        about: "the last decision",
        value: |r| Cell::maybe(Group::last_decision(r.member).map(Word::word)),
    },
    Column {
        name: "consent_on",
        header: "Decided",
        about: "its day",
        value: |r| r.member.consents.last().map_or(Cell::Empty, |c| Cell::Date(c.decided_on)),
    },
    Column {
        name: "consent_method",
        header: "How",
        about: "how it reached us",
        value: |r| Cell::maybe(r.member.consents.last().and_then(|c| c.method).map(Word::word)),
    },
    Column {
        name: "agreement",
        header: "Agreement",
        about: "the version it was about",
        value: |r| Cell::maybe(r.member.consents.last().map(|c| c.version.as_str())),
    },
    Column {
        name: "attendance",
        header: "Attendance",
        about: "every week; in CSV and JSON week_1, week_2, ...",
        value: |r| Cell::Weeks(r.group.strip(r.member, r.now)),
    },
    Column {
        name: "sessions_attended",
        header: "Attended",
        about: "how many sessions they were at",
        value: sessions_attended,
    },
    Column {
        name: "completed",
        header: "Completed",
        about: "the cohort is over and they were at every session",
        value: |r| Cell::YesNo(r.group.completed(r.member, r.now.date())),
    },
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

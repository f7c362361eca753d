//! Messages to the people of a cohort: the kinds there are, and what each may
//! say of whom.

use super::words::words;

words! {
    /// What a message is about.
    pub enum Kind {
        Invitation = "invitation",
        Agreement = "agreement",
        Reminder = "reminder",
        Missed = "missed",
        Moved = "moved",
    }
}

use Kind::{Agreement, Invitation, Missed, Moved, Reminder};

impl Kind {
    /// Whether it is about one session.
    pub fn is_of_a_session(self) -> bool {
        matches!(self, Reminder | Missed | Moved)
    }
}

/// What a message knows by a name, such as `goes_by`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    Text(String),
    Number(u32),
    YesNo(bool),
    /// Each with facts of its own.
    List(Vec<Facts>),
}

/// Everything that one message knows.
pub type Facts = Vec<(&'static str, Fact)>;

/// Something that messages can know.
#[derive(Debug)]
pub struct Variable {
    pub name: &'static str,
    /// The kinds of message that know it.
    pub kinds: &'static [Kind],
    /// What it looks like.
    pub example: Example,
}

/// What a fact looks like, for trying a template out.
#[derive(Debug, Clone, Copy)]
pub enum Example {
    Text(&'static str),
    Number(u32),
    YesNo,
    Sessions,
}

const ALL: &[Kind] = &[Invitation, Agreement, Reminder, Missed, Moved];
const OF_A_SESSION: &[Kind] = &[Reminder, Missed, Moved];

/// Everything that messages can know, as the help of `cohorts mail` lists it.
#[rustfmt::skip]
pub const VARIABLES: &[Variable] = &[
    Variable { name: "goes_by", kinds: ALL, example: Example::Text("Kit") },
    Variable { name: "first_name", kinds: ALL, example: Example::Text("Kit") },
    Variable { name: "last_name", kinds: ALL, example: Example::Text("Tran") },
    Variable { name: "agreed", kinds: ALL, example: Example::YesNo },
    Variable { name: "agree_by", kinds: ALL, example: Example::Text("Friday 19 January") },
    Variable { name: "program", kinds: ALL, example: Example::Text("Aim. Focus. Release.") },
    Variable { name: "cohort", kinds: ALL, example: Example::Text("Winter 2024") },
    Variable { name: "location", kinds: ALL, example: Example::Text("Zoom") },
    Variable { name: "zone", kinds: ALL, example: Example::Text("Vancouver time") },
    Variable { name: "facilitators", kinds: ALL, example: Example::Text("Robin Lee") },
    Variable { name: "sender", kinds: ALL, example: Example::Text("Robin Lee") },
    Variable { name: "sessions", kinds: ALL, example: Example::Sessions },
    Variable { name: "agreement", kinds: &[Agreement], example: Example::Text("We agree.") },
    Variable { name: "week", kinds: OF_A_SESSION, example: Example::Number(2) },
    Variable { name: "day", kinds: OF_A_SESSION, example: Example::Text("Tuesday 30 January") },
    Variable { name: "year", kinds: OF_A_SESSION, example: Example::Text("2024") },
    Variable { name: "time", kinds: OF_A_SESSION, example: Example::Text("9:30 to 11:30") },
    Variable { name: "starts_at", kinds: OF_A_SESSION, example: Example::Text("9:30") },
    Variable { name: "topic", kinds: OF_A_SESSION, example: Example::Text("Loving-kindness") },
    Variable { name: "link", kinds: &[Reminder, Moved], example: Example::Text("https://example.org/j/1") },
    Variable { name: "next_day", kinds: &[Missed], example: Example::Text("Tuesday 6 February") },
    Variable { name: "next_time", kinds: &[Missed], example: Example::Text("9:30 to 11:30") },
    Variable { name: "old_day", kinds: &[Moved], example: Example::Text("Tuesday 30 January") },
    Variable { name: "old_time", kinds: &[Moved], example: Example::Text("9:30 to 11:30") },
];

/// What `sessions` lists of each: what is known of the one that a message is
/// about.
pub const OF_EACH_SESSION: [&str; 6] = ["week", "day", "year", "time", "starts_at", "topic"];

/// Everything that messages of a kind can know, made up.
pub fn example(kind: Kind) -> Facts {
    made_up(&|variable| variable.kinds.contains(&kind))
}

fn made_up(known: &dyn Fn(&Variable) -> bool) -> Facts {
    let session = || made_up(&|variable| OF_EACH_SESSION.contains(&variable.name));
    let fact = |example| match example {
        Example::Text(text) => Fact::Text(text.into()),
        Example::Number(number) => Fact::Number(number),
        Example::YesNo => Fact::YesNo(true),
        Example::Sessions => Fact::List(vec![session(), session()]),
    };
    let known = VARIABLES.iter().filter(|variable| known(variable));
    known.map(|variable| (variable.name, fact(variable.example))).collect()
}

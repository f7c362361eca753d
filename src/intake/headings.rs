//! What the headings of forms mean.
//!
//! Seen in Microsoft Forms (`ID,Start time,Completion time,Email,Name,...`),
//! Google Forms (`Timestamp,Email Address,...`), Qualtrics (names, questions
//! and `{"ImportId":...}` in three rows), REDCap (`record_id,...`, a column
//! `x___1` for each box) and our own rosters.

use super::agreeing;
use super::dates::Order;
use crate::domain::sign_up::Field;
use crate::domain::text;

/// What a column is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Meaning {
    Field(Field),
    /// A box that is ticked or not, and what stands beside it.
    Choice(Field, String),
    /// With one of these words, the row is no answer to be counted.
    LeftOutIf(&'static [&'static str], &'static str),
    /// Of no use here.
    Nothing,
}

impl Meaning {
    pub(super) fn is_of(&self, field: Field) -> bool {
        matches!(self, Self::Field(of) | Self::Choice(of, _) if *of == field)
    }
}

const NOT_FINISHED: &str = "was not finished";
const PREVIEW: &str = "was a try-out of the form";

/// Headings by what they mean, without the words that questions begin with.
#[rustfmt::skip]
const SPELLINGS: &[(Field, &[&str])] = &[
    (Field::FirstName, &["first name", "firstname", "given name", "given names", "forename", "legal first name", "recipientfirstname"]),
    (Field::LastName, &["last name", "lastname", "surname", "family name", "legal last name", "recipientlastname"]),
    (Field::Name, &["name", "full name", "first and last name", "name first and last", "full legal name"]),
    (Field::GoesBy, &["goes by", "preferred name", "preferred first name", "nickname", "what should we call you", "what would you like to be called", "what do you like to be called", "name you go by"]),
    (Field::Email, &["mail", "recipientemail"]),
    (Field::Phone, &["phone", "phone number", "telephone", "telephone number", "mobile", "mobile phone", "mobile number", "cell", "cell phone", "cell phone number", "contact number"]),
    (Field::Residency, &["residency", "residency program", "program", "training program", "specialty", "speciality", "residency training program", "discipline"]),
    (Field::Site, &["site", "training site", "hospital", "location", "city", "campus", "where do you train", "program site"]),
    (Field::Leave, &["leave", "type of leave", "leave type", "kind of leave", "reason for leave", "what kind of leave are you on", "what type of leave are you on", "which leave are you on"]),
    (Field::SignedUp, &["completion time", "timestamp", "recordeddate", "recorded date", "signed up", "sign up timestamp", "submitted", "submitted at", "submission date", "date submitted", "survey timestamp"]),
    (Field::Agreed, &["agreed", "agree", "i agree", "do you agree", "i have read and agree", "consent", "confidentiality", "confidentiality agreement", "agreement", "consent to confidentiality"]),
    (Field::Code, &["code", "participant code"]),
];

/// Columns that forms have for themselves.
#[rustfmt::skip]
const OF_NO_USE: &[&str] = &[
    "id", "start time", "last modified time", "language", "total points", "quiz feedback", "grade posted time",
    "startdate", "enddate", "start date", "end date", "ipaddress", "ip address", "progress", "duration in seconds",
    "responseid", "response id", "externalreference", "external reference", "locationlatitude", "locationlongitude",
    "location latitude", "location longitude", "distributionchannel", "distribution channel", "userlanguage", "user language",
    "record id", "redcap event name", "redcap survey identifier", "redcap repeat instrument", "redcap repeat instance",
    "problem",
];

/// Columns of our own rosters that say nothing about signing up.
#[rustfmt::skip]
const OF_ROSTERS: &[&str] = &[
    "place in line", "joined week", "withdrawn on", "reason", "consent", "consent on", "consent method", "agreement",
    "attendance", "sessions attended", "completed",
];

/// Words that a question begins with, before what it asks for.
const BEGINNINGS: [&str; 8] = [
    "please enter your ",
    "please provide your ",
    "enter your ",
    "what is your ",
    "what s your ",
    "your ",
    "participant ",
    "resident ",
];

/// A heading as it is compared: its words alone, without case and accents.
pub(super) fn normal(heading: &str) -> String {
    let folded = text::fold(heading);
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// What a heading means, where that is known.
pub(super) fn meaning(heading: &str, is_roster: bool) -> Option<Meaning> {
    if let Some((question, choice)) = choice(heading) {
        return match field(&normal(question))? {
            // A box that is neither a yes nor a no says nothing about it.
            Field::Agreed if agreeing::answer(choice, Order::MonthFirst).is_ok() => {
                Some(Meaning::Choice(Field::Agreed, choice.to_owned()))
            }
            // REDCap numbers the boxes: what a number stands for is not said.
            Field::Leave if choice.parse::<i64>().is_err() => {
                Some(Meaning::Choice(Field::Leave, choice.to_owned()))
            }
            _ => None,
        };
    }
    let heading = normal(heading);
    if is_roster {
        match heading.as_str() {
            "cohort" => return Some(Meaning::Field(Field::Cohort)),
            "status" => return Some(Meaning::Field(Field::Status)),
            other if OF_ROSTERS.contains(&other) || other.starts_with("week ") => {
                return Some(Meaning::Nothing);
            }
            _ => {}
        }
    }
    match heading.as_str() {
        // Qualtrics: whether it was a real answer, and a whole one.
        "finished" => return Some(Meaning::LeftOutIf(&["false", "0"], NOT_FINISHED)),
        "status" | "response type" => {
            return Some(Meaning::LeftOutIf(&["survey preview", "survey test", "1", "2"], PREVIEW));
        }
        // REDCap: 0 and 1 are incomplete and unverified.
        other if other.ends_with(" complete") => {
            return Some(Meaning::LeftOutIf(&["0", "incomplete"], NOT_FINISHED));
        }
        other if other.ends_with(" timestamp") => return Some(Meaning::Field(Field::SignedUp)),
        other if OF_NO_USE.contains(&other) => return Some(Meaning::Nothing),
        _ => {}
    }
    field(&heading).map(Meaning::Field)
}

/// The field that the words of a heading ask for.
fn field(words: &str) -> Option<Field> {
    let known = |words: &str| {
        let spelled = SPELLINGS.iter().find(|(_, spellings)| spellings.contains(&words));
        spelled.map(|(field, _)| *field).or_else(|| is_address(words).then_some(Field::Email))
    };
    let asked = BEGINNINGS.iter().find_map(|beginning| known(words.strip_prefix(beginning)?));
    known(words).or(asked).or_else(|| is_agreement(words).then_some(Field::Agreed))
}

/// Whether somebody is asked for the address that they like best, and not for another
/// one or once more. Microsoft Forms numbers what it has a column of its own for:
/// `Email2`.
fn is_address(words: &str) -> bool {
    let of_it = ["email", "address", "your", "best", "preferred", "personal", "private", "contact"];
    let words = words.trim_end_matches(|c: char| c.is_ascii_digit()).replace("e mail", "email");
    words.contains("email") && words.split(' ').all(|word| of_it.contains(&word))
}

/// Whether somebody is asked to agree to confidentiality, and not to photos,
/// newsletters or phone calls.
fn is_agreement(words: &str) -> bool {
    let asks = ["i agree ", "do you agree ", "i have read and agree "];
    let of_it = [" confidential", " the agreement", " this agreement", " group agreement"];
    asks.iter().any(|beginning| words.starts_with(beginning))
        && of_it.iter().any(|what| words.contains(what))
}

/// What is asked: a heading without the box.
pub(super) fn question(heading: &str) -> &str {
    choice(heading).map_or(heading, |(question, _)| question)
}

/// The question and the box of a column that is one box: `leave___medical`, or
/// `Leave (choice=Medical)` where headings are labels.
fn choice(heading: &str) -> Option<(&str, &str)> {
    heading
        .split_once("___")
        .or_else(|| heading.strip_suffix(')')?.split_once("(choice="))
        .map(|(question, choice)| (question.trim(), choice.trim()))
}

pub(super) fn is_qualtrics(headings: &[String]) -> bool {
    headings.iter().any(|heading| heading == "ResponseId" || heading == "Response ID")
}

/// Our own rosters say which cohort, or at least whose code, each row is.
pub(super) fn is_roster(headings: &[String]) -> bool {
    let has = |name: &str| headings.iter().any(|heading| heading == name);
    has("code") && (has("cohort") || has("status") || has("first_name") || has("name"))
}

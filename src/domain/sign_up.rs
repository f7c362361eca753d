//! What somebody who signs up says of themselves, as a form asks for it.

use chrono::{NaiveDate, NaiveDateTime};

use super::enrollment::Status;
use super::participant::{Code, Email};
use super::text::fold;
use super::words::words;

words! {
    /// What a column of a form can be, by its key in `[import.NAME]`.
    pub enum Field {
        FirstName = "first_name",
        LastName = "last_name",
        /// First and last name in one.
        Name = "name",
        GoesBy = "goes_by",
        Email = "email",
        Phone = "phone",
        Residency = "residency",
        Site = "site",
        /// Health information.
        Leave = "leave",
        /// When they sent the form off.
        SignedUp = "signed_up",
        /// Whether they agree to confidentiality.
        Agreed = "agreed",
        /// A participant's code, or `new` for somebody of a known address.
        Code = "code",
        Cohort = "cohort",
        /// Where an enrollment of our own roster stood.
        Status = "status",
    }
}

/// Which column of a form is what, by its heading: an `[import.NAME]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapping {
    pub name: String,
    pub headings: Vec<(Field, String)>,
}

/// Whether somebody agreed in a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// With the day, where the form has one of its own for it.
    Yes(Option<NaiveDate>),
    No,
}

/// Who a row says that it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SaidToBe {
    Participant(Code),
    /// Somebody new, though the address is known.
    SomebodyNew,
}

/// One answer to a form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SignUp {
    pub first_name: String,
    pub last_name: String,
    pub goes_by: Option<String>,
    pub email: Option<Email>,
    pub phone: Option<String>,
    pub residency: Option<String>,
    pub site: Option<String>,
    /// As the form has it: which kind it is depends on the cohort.
    pub leave: Option<String>,
    pub signed_up: Option<NaiveDateTime>,
    pub agreed: Option<Answer>,
    pub said_to_be: Option<SaidToBe>,
    pub cohort: Option<String>,
    pub status: Option<Status>,
}

/// Words with which a last name begins.
const PARTICLES: [&str; 24] = [
    "al", "bin", "ben", "da", "das", "de", "del", "della", "den", "der", "di", "dos", "du", "el",
    "la", "le", "mac", "san", "st", "ten", "ter", "van", "von", "zu",
];

/// First and last name of a name that is written in one: "Amara Diallo" or
/// "Diallo, Amara".
pub fn split_name(name: &str) -> Option<(String, String)> {
    if let Some((last, first)) = name.split_once(',') {
        let (first, last) = (first.trim(), last.trim());
        return (!first.is_empty() && !last.is_empty()).then(|| (first.into(), last.into()));
    }
    let words: Vec<&str> = name.split_whitespace().collect();
    let is_particle = |word: &&str| PARTICLES.contains(&&*fold(word).replace('.', ""));
    let begins = words.iter().skip(1).position(is_particle).map(|at| at + 1);
    // A particle at the very end belongs to nothing.
    let begins = begins.filter(|at| at + 1 < words.len()).unwrap_or(words.len().max(1) - 1);
    (begins > 0).then(|| (words[..begins].join(" "), words[begins..].join(" ")))
}

/// Ways of not answering.
const NOT_SAID: [&str; 7] =
    ["-", "none", "n/a", "na", "not said", "prefer not to say", "prefer not to answer"];

/// An answer that is none of the kinds of leave, or more than one.
#[derive(Debug, PartialEq, Eq)]
pub struct NoOneKind;

/// The kind of leave that an answer means, if it means one: "Maternity leave"
/// is maternity.
pub fn kind_of_leave(kinds: &[String], answer: &str) -> Result<Option<String>, NoOneKind> {
    let answer = fold(answer);
    if kinds.is_empty() || answer.is_empty() || NOT_SAID.contains(&&*answer) {
        return Ok(None);
    }
    let mut meant = kinds.iter().filter(|kind| fold(kind) == answer);
    if let Some(kind) = meant.next() {
        return Ok(Some(kind.clone()));
    }
    let words = |text: &str| -> Vec<String> {
        text.split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect()
    };
    let said = words(&answer);
    let mut meant = kinds.iter().filter(|kind| {
        let kind = words(&fold(kind));
        said.windows(kind.len()).any(|part| part == kind)
    });
    match (meant.next(), meant.next()) {
        (Some(kind), None) => Ok(Some(kind.clone())),
        _ => Err(NoOneKind),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_one_is_split_as_people_would() {
        for (name, first, last) in [
            ("Amara Diallo", "Amara", "Diallo"),
            ("Diallo, Amara", "Amara", "Diallo"),
            ("Ana María  Souza", "Ana María", "Souza"),
            ("Jan van der Berg", "Jan", "van der Berg"),
            ("Ludwig van", "Ludwig", "van"),
            ("St. John, Kit", "Kit", "St. John"),
            ("Le Tran", "Le", "Tran"),
        ] {
            assert_eq!(split_name(name), Some((first.into(), last.into())), "{name}");
        }
        for name in ["", "Amara", " , ", "Diallo,", ",Amara"] {
            assert_eq!(split_name(name), None, "{name}");
        }
    }

    #[test]
    fn an_answer_is_one_kind_of_leave_or_none() {
        let kinds = ["medical", "maternity", "parental"].map(str::to_owned);
        let kind = |answer| kind_of_leave(&kinds, answer);
        assert_eq!(kind("Medical"), Ok(Some("medical".into())));
        assert_eq!(kind("On maternity leave (since June)"), Ok(Some("maternity".into())));
        assert_eq!(kind(""), Ok(None));
        assert_eq!(kind("Prefer not to say"), Ok(None));
        for answer in ["sabbatical", "medical or parental", "biomedical"] {
            assert_eq!(kind(answer), Err(NoOneKind), "{answer}");
        }
        assert_eq!(kind_of_leave(&[], "anything"), Ok(None));
    }
}

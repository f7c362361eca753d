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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Answer {
    /// With the day, where the form has one of its own for it.
    Yes(Option<NaiveDate>),
    No,
}

impl Answer {
    /// The form's own day of a yes.
    pub fn day(self) -> Option<NaiveDate> {
        match self {
            Self::Yes(day) => day,
            Self::No => None,
        }
    }
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

/// Degrees, which are no part of a name.
#[rustfmt::skip]
const DEGREES: [&str; 29] = [
    "md", "mdcm", "phd", "dphil", "rn", "rpn", "lpn", "frcpc", "frcp", "frcsc", "frcs", "ccfp", "fcfp", "lmcc", "mbbs",
    "mbchb", "bmbs", "msc", "bsc", "bscn", "mscn", "mph", "msw", "mba", "pharmd", "psyd", "dds", "dmd", "rcc",
];

/// Degrees that are last names too, unless they are written like this.
const DEGREES_OR_NAMES: [&str; 6] = ["DO", "MA", "BA", "MS", "BS", "NP"];

const PRONOUNS: [&str; 17] = [
    "she", "her", "hers", "he", "him", "his", "they", "them", "theirs", "ze", "zir", "hir", "xe",
    "xem", "elle", "il", "any",
];

/// First and last name of a name that is written in one: "Amara Diallo" or
/// "Diallo, Amara". Degrees and pronouns are taken off. Otherwise says why not.
pub fn split_name(name: &str) -> Result<(String, String), &'static str> {
    let name = without_pronouns(name)?;
    let mut parts: Vec<&str> = name.split(',').map(str::trim).collect();
    while let [_, .., last] = parts.as_slice()
        && let whole = (parts.len() > 2) | parts[0].contains(' ')
        && last.split_whitespace().all(|word| is_degree(word, whole))
    {
        parts.pop();
    }
    let words = |part: &str| -> Vec<String> {
        let mut words: Vec<String> = part.split_whitespace().map(str::to_owned).collect();
        // In a name all in capitals, "MA" may be either.
        let shouted = !part.chars().any(char::is_lowercase);
        while let [_, .., last] = words.as_slice()
            && is_degree(last, words.len() > 2 && !shouted)
        {
            words.pop();
        }
        words
    };
    match parts.as_slice() {
        [last, first] => {
            let (first, last) = (words(first).join(" "), words(last).join(" "));
            if first.is_empty() || last.is_empty() {
                return Err("the name has nothing before or after its comma");
            }
            Ok((first, last))
        }
        [whole] => {
            let words = words(whole);
            let is_particle = |word: &String| PARTICLES.contains(&&*fold(word).replace('.', ""));
            let begins = words.iter().skip(1).position(is_particle).map(|at| at + 1);
            // A particle at the very end belongs to nothing.
            let begins = begins.filter(|at| at + 1 < words.len());
            match begins.unwrap_or(words.len().max(1) - 1) {
                0 => Err("the name is one word; a first and a last name are needed"),
                begins => Ok((words[..begins].join(" "), words[begins..].join(" "))),
            }
        }
        _ => Err("the name has several commas; write it as `First Last`"),
    }
}

/// A name without "(she/her)".
fn without_pronouns(name: &str) -> Result<String, &'static str> {
    let mut name = name.to_owned();
    while let Some(from) = name.find(['(', '[']) {
        let to = name[from..].find([')', ']']).map(|at| from + at);
        match to {
            Some(to) if are_pronouns(&name[from + 1..to]) => name.replace_range(from..=to, " "),
            _ => return Err("the name has something in brackets; write it as `First Last`"),
        }
    }
    Ok(name.trim().to_owned())
}

fn are_pronouns(text: &str) -> bool {
    let is_pronoun = |word: &str| word.is_empty() || PRONOUNS.contains(&word);
    fold(text).split([' ', '/', ',']).all(is_pronoun)
}

/// Whether a word is a degree, or `she/her`; `DO` and the like only where there is a name
/// without it.
fn is_degree(word: &str, has_name: bool) -> bool {
    let letters = word.replace('.', "");
    DEGREES.contains(&&*fold(&letters))
        || (word.contains('/') && are_pronouns(word))
        || (has_name && DEGREES_OR_NAMES.contains(&letters.as_str()))
}

/// An answer that is none of the kinds, or more than one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unclear;

/// Ways of not answering.
const NOT_SAID: [&str; 7] =
    ["-", "none", "n/a", "na", "not said", "prefer not to say", "prefer not to answer"];

/// Words that turn an answer into its opposite.
const NOT: [&str; 8] = ["not", "no", "non", "never", "neither", "nor", "without", "t"];

/// The kind of leave that an answer means, if it means one: "Maternity leave"
/// is maternity.
pub fn kind_of_leave(kinds: &[String], answer: &str) -> Result<Option<String>, Unclear> {
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
    if said.iter().any(|word| NOT.contains(&word.as_str())) {
        return Err(Unclear);
    }
    let mut meant = kinds.iter().filter(|kind| {
        let kind = words(&fold(kind));
        said.windows(kind.len()).any(|part| part == kind)
    });
    match (meant.next(), meant.next()) {
        (Some(kind), None) => Ok(Some(kind.clone())),
        _ => Err(Unclear),
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
            assert_eq!(split_name(name), Ok((first.into(), last.into())), "{name}");
        }
        for name in ["", "Amara", " , ", "Diallo,", ",Amara"] {
            assert!(split_name(name).is_err(), "{name}");
        }
    }

    #[test]
    fn degrees_and_pronouns_are_no_names() {
        for (name, first, last) in [
            ("Jane Roe, MD", "Jane", "Roe"),
            ("Jane Roe, M.D., PhD", "Jane", "Roe"),
            ("Jane Roe MD FRCPC", "Jane", "Roe"),
            ("Roe, Jane, MD", "Jane", "Roe"),
            ("Roe, Jane RN", "Jane", "Roe"),
            ("Roe MD, Jane", "Jane", "Roe"),
            ("Jane Roe, DO", "Jane", "Roe"),
            ("Jane Roe MA", "Jane", "Roe"),
            ("Jane Roe (she/her)", "Jane", "Roe"),
            ("Jane Roe, MD [She / Her]", "Jane", "Roe"),
            ("Jane (they) Roe", "Jane", "Roe"),
            ("Jane Roe, she/her", "Jane", "Roe"),
            ("Jane Roe he/him", "Jane", "Roe"),
            // These are names.
            ("Jane Lee Ma", "Jane Lee", "Ma"),
            ("JANE LEE MA", "JANE LEE", "MA"),
            ("Do, Anh", "Anh", "Do"),
            ("Tran, Do", "Do", "Tran"),
            ("Anh DO", "Anh", "DO"),
        ] {
            assert_eq!(split_name(name), Ok((first.into(), last.into())), "{name}");
        }
        for name in ["Roe, MD", "Jane MD", "Jane (Janie) Roe", "Jane Roe (she", "Roe, Jane, Ann"] {
            assert!(split_name(name).is_err(), "{name}");
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
        for answer in [
            "sabbatical",
            "medical or parental",
            "biomedical",
            "non-medical",
            "not maternity",
            "It isn't medical",
        ] {
            assert_eq!(kind(answer), Err(Unclear), "{answer}");
        }
        assert_eq!(kind_of_leave(&[], "anything"), Ok(None));
    }
}

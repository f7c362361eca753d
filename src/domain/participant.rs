//! Somebody known to the office, whatever cohorts they are in.

use std::fmt;

use super::text::{clean, fold};

/// A participant's random pseudonym: a letter, a digit, three of either, and
/// none of I, L, O and U, which are mistaken for others (`K7QM2`).
///
/// It says nothing about anybody, and neither a shell nor Excel reads anything
/// into it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(String);

const LETTERS: &[u8] = b"ABCDEFGHJKMNPQRSTVWXYZ";
const SIGNS: &[u8] = b"ABCDEFGHJKMNPQRSTVWXYZ0123456789";

fn is_letter(sign: u8) -> bool {
    sign.is_ascii_uppercase() && !matches!(sign, b'I' | b'L' | b'O' | b'U')
}

impl Code {
    pub fn draw(random: &mut fastrand::Rng) -> Self {
        let mut one_of = |signs: &[u8]| char::from(signs[random.usize(..signs.len())]);
        Self([LETTERS, b"0123456789", SIGNS, SIGNS, SIGNS].map(&mut one_of).iter().collect())
    }

    /// A code as somebody typed it, in either case.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_uppercase();
        let signs = text.as_bytes();
        let good = signs.len() == 5
            && is_letter(signs[0])
            && signs[1].is_ascii_digit()
            && signs.iter().all(|sign| is_letter(*sign) || sign.is_ascii_digit());
        good.then_some(Self(text))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// An e-mail address, as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email(String);

impl Email {
    /// Says what is wrong with text that is no address.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let options = email_address::Options::default()
            .with_required_tld()
            .without_display_text()
            .without_domain_literal();
        let text = clean(text)?;
        match email_address::EmailAddress::parse_with_options(&text, options) {
            Ok(_) => Ok(Self(text)),
            Err(_) => Err("is not an e-mail address, such as amara@example.org"),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn into_string(self) -> String {
        self.0
    }

    /// Two addresses are the same when their keys are.
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }
}

/// Whether what is to be a name has an address in it: typed into the wrong place, it
/// would be shown wherever names are.
pub fn is_address(name: &str) -> bool {
    let around = |word: &str| {
        word.split_once('@').is_some_and(|(before, after)| !before.is_empty() && !after.is_empty())
    };
    name.contains('@') && name.split(' ').any(around)
}

pub const ADDRESS_FOR_NAME: &str = "is an e-mail address, not a name";

/// A participant as the records hold them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Participant {
    pub id: i64,
    pub code: Code,
    pub first_name: String,
    pub last_name: String,
    /// What they like to be called, where it is not the first name.
    pub goes_by: Option<String>,
    pub phone: Option<String>,
    /// The current address.
    pub email: Option<String>,
    /// Addresses that were theirs once; they still find them.
    pub former_emails: Vec<String>,
}

/// How well a WHO on the command line names somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Match {
    /// Part of a name: good enough to ask about, not to change anything.
    Part,
    /// The whole name.
    Name,
    /// The code, or an address.
    Exact,
}

impl Participant {
    /// What to call them.
    pub fn call_name(&self) -> &str {
        self.goes_by.as_deref().unwrap_or(&self.first_name)
    }

    /// What to call them, with the code: "Amara (M6VJ8)".
    pub fn called(&self) -> String {
        format!("{} ({})", self.call_name(), self.code)
    }

    /// The name as a list is sorted by it: "Diallo, Amara".
    pub fn listed_name(&self) -> String {
        [&*self.last_name, ", ", &*self.first_name].concat()
    }

    /// The name as it is spoken: "Amara Diallo".
    pub fn full_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }

    pub fn has_name(&self, first: &str, last: &str) -> bool {
        fold(&self.first_name) == fold(first) && fold(&self.last_name) == fold(last)
    }

    /// Whether, and how well, `who` names this participant.
    pub fn matches(&self, who: &Who) -> Option<Match> {
        if who.code.as_ref() == Some(&self.code) {
            return Some(Match::Exact);
        }
        let mut emails = self.email.iter().chain(&self.former_emails);
        if who.text.contains('@') {
            return emails.any(|email| email.to_lowercase() == who.lower).then_some(Match::Exact);
        }
        let full = fold(&self.full_name());
        let called = self.goes_by.as_ref().map(|name| fold(&format!("{name} {}", self.last_name)));
        let whole_names = [Some(full.clone()), Some(fold(&self.listed_name())), called.clone()];
        if whole_names.iter().flatten().any(|name| *name == who.folded) {
            return Some(Match::Name);
        }
        [Some(full), called]
            .iter()
            .flatten()
            .any(|name| name.contains(&who.folded))
            .then_some(Match::Part)
    }
}

/// A participant as somebody named them on the command line: a code, an
/// e-mail address, or a name or part of one.
#[derive(Debug, Clone)]
pub struct Who {
    pub text: String,
    code: Option<Code>,
    lower: String,
    folded: String,
}

impl Who {
    /// Nothing but blanks names nobody.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let text = clean(text)?;
        if text.is_empty() {
            return Err("names nobody");
        }
        Ok(Self { code: Code::parse(&text), lower: text.to_lowercase(), folded: fold(&text), text })
    }

    /// The code, where it looks like one.
    pub fn code(&self) -> Option<&Code> {
        self.code.as_ref()
    }
}

/// What to call each of some people when they are together: first names, with
/// as much more as tells two of the same name apart.
pub fn call_names(people: &[&Participant]) -> Vec<String> {
    let initial = |p: &Participant| {
        let letter = p.last_name.chars().next().unwrap_or(' ');
        format!("{} {letter}.", p.call_name())
    };
    let with_code = |p: &Participant| format!("{} {}", p.call_name(), p.code);
    let names: Vec<String> = people.iter().map(|p| fold(p.call_name())).collect();
    let initials: Vec<String> = people.iter().map(|p| fold(&initial(p))).collect();
    let is_unique = |of: &[String], at: usize| of.iter().filter(|one| **one == of[at]).count() == 1;
    people
        .iter()
        .enumerate()
        .map(|(at, p)| {
            if is_unique(&names, at) {
                p.call_name().to_owned()
            } else if is_unique(&initials, at) {
                initial(p)
            } else {
                with_code(p)
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(code: &str, first: &str, last: &str) -> Participant {
        Participant {
            id: 1,
            code: Code::parse(code).unwrap(),
            first_name: first.into(),
            last_name: last.into(),
            goes_by: None,
            phone: None,
            email: Some("Amara@Example.org".into()),
            former_emails: vec!["old@example.org".into()],
        }
    }

    #[test]
    fn every_code_drawn_is_one_that_can_be_typed_back() {
        let mut random = fastrand::Rng::with_seed(1);
        for _ in 0..10_000 {
            let code = Code::draw(&mut random);
            assert_eq!(Code::parse(&code.as_str().to_lowercase()), Some(code));
        }
    }

    #[test]
    fn what_is_not_a_code() {
        for text in ["", "K7QM", "K7QM22", "77QM2", "KKQM2", "K7OM2", "K7ÖM2", "I7QM2"] {
            assert_eq!(Code::parse(text), None, "{text}");
        }
    }

    #[test]
    fn addresses_are_bare_and_complete() {
        assert!(Email::parse(" amara@example.org ").is_ok());
        for bad in [
            "",
            "amara",
            "amara@",
            "@example.org",
            "a b@example.org",
            "amara@example",
            "Amara <amara@example.org>",
            "amara@[127.0.0.1]",
        ] {
            assert!(Email::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn who_is_a_code_an_address_a_name_or_part_of_one() {
        let amara = person("M6VJ8", "Amara", "Diallo");
        let how = |who| amara.matches(&Who::parse(who).unwrap());
        assert_eq!(how("m6vj8"), Some(Match::Exact));
        assert_eq!(how("amara@example.ORG"), Some(Match::Exact));
        assert_eq!(how("old@example.org"), Some(Match::Exact));
        assert_eq!(how("amara diallo"), Some(Match::Name));
        assert_eq!(how("Diallo, Amara"), Some(Match::Name));
        assert_eq!(how("ama"), Some(Match::Part));
        assert_eq!(how("Kit"), None);
        assert_eq!(how("example.org"), None);
        assert_eq!(how("mara@example.org"), None);
    }

    #[test]
    fn people_of_one_name_are_told_apart() {
        let (a, b, c) = (
            person("M6VJ8", "Sara", "Vogel"),
            person("K7QM2", "Sara", "Weiss"),
            person("P3XVA", "Kit", "Tran"),
        );
        assert_eq!(call_names(&[&a, &b, &c]), ["Sara V.", "Sara W.", "Kit"]);
        let d = person("T9KFW", "sara", "Vu");
        assert_eq!(call_names(&[&a, &d]), ["Sara M6VJ8", "sara T9KFW"]);
    }
}

//! What a name that somebody had in a Zoom meeting tells: an AI notetaker, two
//! people, or whom it is like. It never tells who it is: anybody may call
//! themselves anything.

use super::participant::{Match, Participant, Who};
use super::text::fold;

/// Words that only an AI notetaker has in its name, one after the other.
const NOTETAKERS: &[&[&str]] = &[
    &["notetaker"],
    &["note", "taker"],
    &["meeting", "notes"],
    &["ai", "notes"],
    &["ai", "companion"],
    &["ai", "assistant"],
    &["meeting", "assistant"],
    &["otter", "ai"],
    &["otterpilot"],
    &["fireflies", "ai"],
    &["read", "ai"],
    &["fathom", "ai"],
    &["fathom", "video"],
    &["tl", "dv"],
    &["tldv"],
    &["meetgeek"],
    &["avoma"],
    &["sembly"],
    &["supernormal"],
    &["circleback"],
    &["spinach", "ai"],
    &["fellow", "ai"],
    &["grain", "ai"],
    &["krisp", "ai"],
];

/// Words that an AI notetaker may have in its name, and a person too: Ai and
/// Fathom are people's names.
const PERHAPS: &[&str] = &[
    "ai",
    "assistant",
    "bot",
    "copilot",
    "fathom",
    "fellow",
    "fireflies",
    "gong",
    "grain",
    "krisp",
    "notes",
    "notta",
    "otter",
    "recorder",
    "scribe",
    "transcript",
    "transcription",
];

/// Whether somebody is no person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notetaker {
    Certainly,
    Perhaps,
    No,
}

pub fn notetaker(name: &str) -> Notetaker {
    let words = words(name);
    let has = |known: &[&str]| words.windows(known.len()).any(|some| some == known);
    if NOTETAKERS.iter().any(|known| has(known)) {
        Notetaker::Certainly
    } else if words.iter().any(|word| PERHAPS.contains(&&**word)) {
        Notetaker::Perhaps
    } else {
        Notetaker::No
    }
}

/// Whether a name is that of two people: "Kit & Sam", "Kit and Sam".
pub fn is_of_two(name: &str) -> bool {
    let parts: Vec<&str> = name.split_whitespace().collect();
    let joins = |part: &str| matches!(&*fold(part), "&" | "+" | "and" | "et");
    let inner = parts.get(1..parts.len().saturating_sub(1)).unwrap_or_default();
    inner.iter().any(|part| joins(part))
        || name.split('&').filter(|part| !part.trim().is_empty()).count() > 1
}

/// How much a name is like somebody's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    None,
    /// One of their names, or what they like to be called.
    Some,
    /// That, and the other name or its first letter.
    Much,
    /// The whole name.
    Same,
}

/// How much a participant's name, or phone number, is like any of the names somebody had in the
/// room, one of which may be an address.
pub fn likeness(names: &[&str], of: &Participant) -> Likeness {
    let is_same =
        |name: &&str| Who::parse(name).is_ok_and(|who| of.matches(&who) == Some(Match::Name));
    if names.iter().any(is_same) {
        return Likeness::Same;
    }
    let said: Vec<String> =
        names.iter().flat_map(|name| words(name.split('@').next().unwrap_or(name))).collect();
    let has = |name: &str| {
        let words = words(name);
        !words.is_empty() && said.windows(words.len()).any(|some| some == words)
    };
    // Whoever calls in has their number for a name, with or without the country.
    let number = of.phone.as_deref().map(digits).filter(|number| number.len() >= 7);
    let calls = |name: &&str| {
        let dialled = digits(name);
        let is_number = dialled.len() >= 7 && !name.chars().any(char::is_alphabetic);
        let same = |number: &String| number.ends_with(&dialled) || dialled.ends_with(number);
        is_number && number.as_ref().is_some_and(same)
    };
    if names.iter().any(calls) {
        return Likeness::Much;
    }
    let initial = |name: &str| fold(name).chars().next().map(String::from).unwrap_or_default();
    let first = has(&of.first_name) || of.goes_by.as_deref().is_some_and(has);
    let last = has(&of.last_name);
    let last_initial = said.contains(&initial(&of.last_name));
    match (first, last) {
        (true, _) if last || last_initial => Likeness::Much,
        (true, _) | (_, true) => Likeness::Some,
        (false, false) => Likeness::None,
    }
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

fn words(text: &str) -> Vec<String> {
    let folded = fold(text);
    let words = folded.split(|c: char| !c.is_alphanumeric());
    words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::participant::Code;

    #[test]
    fn notetakers_are_known_by_whole_words() {
        for name in [
            "Otter.ai",
            "Kit's OtterPilot",
            "Fireflies.ai Notetaker Kit",
            "read.ai meeting notes",
            "Rahil's MeetGeek Notetaker",
            "AI Note Taker",
            "tl;dv",
            "Zoom AI Companion",
            "Fathom Notetaker",
            "Kit (Avoma)",
        ] {
            assert_eq!(notetaker(name), Notetaker::Certainly, "{name}");
        }
        for name in ["Mr Fathom", "Ai Tanaka", "Kit (taking notes)", "Otter", "Scribe 3"] {
            assert_eq!(notetaker(name), Notetaker::Perhaps, "{name}");
        }
        for name in ["Amara Diallo", "Aidan Otterly", "Robot Wars", "Grainger", "", "iPhone"] {
            assert_eq!(notetaker(name), Notetaker::No, "{name}");
        }
    }

    #[test]
    fn two_people_are_known_by_what_joins_them() {
        for name in ["Kit & Sam", "Kit and Sam", "Kit + Sam Tran", "Kit&Sam", "Kit et Sam"] {
            assert!(is_of_two(name), "{name}");
        }
        for name in ["Kit Tran", "Andrew And", "And Andersen", "Kit (she/her)", "", "&", "Kit &"] {
            assert!(!is_of_two(name), "{name}");
        }
    }

    #[test]
    fn a_name_is_more_or_less_like_somebodys() {
        let bea = Participant {
            id: 1,
            code: Code::parse("K7QM2").unwrap(),
            first_name: "Beatriz".into(),
            last_name: "Lindqvist".into(),
            goes_by: Some("Bea".into()),
            phone: Some("+1 604 555 0101".into()),
            email: None,
            former_emails: Vec::new(),
        };
        for (names, like) in [
            (&["BEATRIZ LINDQVIST"][..], Likeness::Same),
            (&["Bea Lindqvist"], Likeness::Same),
            (&["B (Lindqvist, Beatriz)", "B", "Lindqvist, Beatriz"], Likeness::Same),
            (&["Bea L."], Likeness::Much),
            (&["Dr. Beatriz von Lindqvist"], Likeness::Much),
            (&["iPhone", "bea.lindqvist@example.org"], Likeness::Much),
            (&["Bea"], Likeness::Some),
            (&["Bea's iPad"], Likeness::Some),
            (&["Lindqvist family"], Likeness::Some),
            (&["16045550101"], Likeness::Much),
            (&["(604) 555-0101"], Likeness::Much),
            (&["16045550102"], Likeness::None),
            (&["0101"], Likeness::None),
            (&["Beate"], Likeness::None),
            (&["iPhone (2)"], Likeness::None),
            (&[""], Likeness::None),
        ] {
            assert_eq!(likeness(names, &bea), like, "{names:?}");
        }
    }
}

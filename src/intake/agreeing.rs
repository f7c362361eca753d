//! What somebody said of the agreement. A yes is a yes and nothing besides:
//! whoever says "yes, but" has not agreed to the text as it stands.

use super::dates::{self, Order};
use crate::domain::sign_up::Answer;
use crate::domain::text;

const NO: [&str; 9] =
    ["no", "false", "0", "i do not", "i don't", "i disagree", "disagree", "declined", "unchecked"];

const YES: [&str; 11] = [
    "yes",
    "true",
    "1",
    "i agree",
    "i have read and agree",
    "i consent",
    "i accept",
    "agree",
    "agreed",
    "checked",
    "x",
];

/// Words that may follow a yes, since they take nothing of it back.
#[rustfmt::skip]
const BESIDES: [&str; 48] = [
    "yes", "i", "agree", "agreed", "consent", "accept", "do", "have", "read", "understand", "understood", "and", "to",
    "the", "this", "that", "it", "of", "in", "for", "with", "above", "text", "terms", "statement", "agreement",
    "respect", "respecting", "confidentiality", "confidential", "privacy", "private", "other", "others", "everyone",
    "everything", "participants", "members", "group", "program", "all", "what", "is", "are", "said", "shared", "keep",
    "residents",
];

/// The answer, where it is one; nothing else is guessed at.
pub(super) fn answer(said: &str, order: Order) -> Result<Answer, ()> {
    // In our own rosters it is the day.
    if said.starts_with(|c: char| c.is_ascii_digit())
        && let Some(at) = dates::moment(said, order)
    {
        return Ok(Answer::Yes(Some(at.date())));
    }
    let folded = text::fold(said);
    let after = |beginnings: &[&str]| {
        beginnings
            .iter()
            .filter_map(|beginning| folded.strip_prefix(beginning))
            .find(|rest| !rest.starts_with(char::is_alphanumeric))
    };
    if after(&NO).is_some() {
        return Ok(Answer::No);
    }
    let takes_nothing_back = |rest: &str| {
        let mut words = rest.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        !rest.contains('?') && words.all(|word| BESIDES.contains(&word))
    };
    if after(&YES).is_some_and(takes_nothing_back) { Ok(Answer::Yes(None)) } else { Err(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_yes_is_a_yes_and_nothing_besides() {
        let answer = |said| answer(said, Order::MonthFirst);
        for yes in [
            "Yes",
            "yes.",
            "TRUE",
            "1",
            "x",
            "I agree",
            "Agree",
            "Yes, I agree",
            "Yes; I agree.",
            "I have read and agree to the above",
            "I agree to the respect and confidentiality of the other participants in the group",
            "Yes, I agree to keep everything that is said in the group confidential.",
        ] {
            assert_eq!(answer(yes), Ok(Answer::Yes(None)), "{yes}");
        }
        for no in ["No", "no.", "FALSE", "0", "I do not agree", "I don't", "Disagree", "No, sorry"]
        {
            assert_eq!(answer(no), Ok(Answer::No), "{no}");
        }
        for neither in [
            "Not yet",
            "Yes, I do not agree",
            "Yes but not to point 5",
            "Yes and no",
            "Yes - no",
            "Yes?",
            "I agree to disagree",
            "Agree with some",
            "Yes, except 5",
            "Yes, mostly",
            "Yes I can't",
            "perhaps",
            "yesterday",
        ] {
            assert_eq!(answer(neither), Err(()), "{neither}");
        }
        let day = "2024-01-03".parse().unwrap();
        assert_eq!(answer("1/3/2024"), Ok(Answer::Yes(Some(day))));
    }
}

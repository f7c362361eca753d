//! What is wrong where a file is not even TOML, in a coordinator's words.
//!
//! The parser reads on after a mistake and then stumbles over what follows
//! from it. Here each mistake is told once.

use std::ops::Range;

use toml::de::Error;

use super::problem::Report;

pub(super) fn report(text: &str, errors: &[Error], report: &mut Report<'_>) {
    let mut found: Vec<Mistake<'_>> =
        errors.iter().map(|error| Mistake::new(text, error)).collect();
    found.sort_by_key(|mistake| mistake.place.start);

    // Where a bracket is never closed, all that follows was read as its content.
    let never_closed =
        found.iter().any(|m| matches!(m.message, "unclosed array" | "unclosed inline table"));
    if never_closed && let Some(first) = found.iter().position(Mistake::is_in_brackets) {
        found.truncate(first + 1);
    }

    let mut last: Option<(Range<usize>, bool)> = None;
    for (index, mistake) in found.iter().enumerate() {
        // Where the quotes of a text are missing, each line of it is one.
        let is_line_of_text = |other: Option<&Mistake<'_>>| {
            mistake.message == NO_VALUE && other.is_some_and(|other| other.message == NO_VALUE)
        };
        if is_line_of_text(index.checked_sub(1).and_then(|before| found.get(before))) {
            continue;
        }
        let place = mistake.shown_place();
        let same_line = |before: &Range<usize>| !text[before.start..place.start].contains('\n');
        let same_section = |before: &Range<usize>| !text[before.end..place.start].contains("\n[");
        // One line is told once; and where a section is there twice, so is
        // every key in it.
        let follows = last.as_ref().is_some_and(|(before, section_twice)| {
            place.start < before.start
                || same_line(before)
                || (*section_twice && mistake.message == "duplicate key" && same_section(before))
        });
        if follows {
            continue;
        }
        let (what, mut help) = mistake.in_words();
        if is_line_of_text(found.get(index + 1)) {
            help.push_str("; a text of several lines begins and ends with `\"\"\"`");
        }
        report.error(&place, what, help);
        let section_twice = mistake.message == "duplicate key" && mistake.is_a_header();
        last = Some((place, section_twice));
    }
}

/// The parser's words for a line without a `=`.
const NO_VALUE: &str = "key with no value";

struct Mistake<'t> {
    text: &'t str,
    place: Range<usize>,
    /// The parser's words, and what it says it could go on with.
    message: &'t str,
    wanted: &'t str,
}

impl<'t> Mistake<'t> {
    fn new(text: &'t str, error: &'t Error) -> Self {
        let message = error.message();
        let (message, wanted) = message.split_once(", expected ").unwrap_or((message, ""));
        let whole = 0..text.len();
        let place = error.span().filter(|place| text.get(place.clone()).is_some());
        Self { text, place: place.unwrap_or(whole), message, wanted }
    }

    fn found(&self) -> &'t str {
        &self.text[self.place.clone()]
    }

    fn is_a_header(&self) -> bool {
        let before = &self.text[..self.place.start];
        let line = before.rfind('\n').map_or(before, |at| &before[at + 1..]);
        line.trim_start().starts_with('[')
    }

    fn is_in_brackets(&self) -> bool {
        matches!(
            self.message,
            "unclosed array"
                | "unclosed inline table"
                | "missing comma between array elements"
                | "unexpected `=` in array"
                | "missing comma between key-value pairs"
                | "invalid inline table element"
        )
    }

    /// What is missing is missed too late: shown is the end of what was there.
    fn shown_place(&self) -> Range<usize> {
        if self.message.starts_with("invalid multi-line") {
            // Nothing closed it, so its own quotes are the last ones.
            let quotes = if self.message.contains("literal") { "'''" } else { "\"\"\"" };
            let start = self.text.rfind(quotes).unwrap_or(self.place.start);
            start..start + quotes.len()
        } else if self.place.is_empty()
            && (self.is_in_brackets() || self.place.start == self.text.len())
        {
            let end = self.text[..self.place.start].trim_end().len();
            end..end
        } else {
            self.place.clone()
        }
    }

    fn in_words(&self) -> (String, String) {
        let found = self.found();
        let (what, help) = match self.message {
            "duplicate key" if self.is_a_header() => {
                let help = match found {
                    "agreement" | "cohort" => {
                        format!("begin each with `[[{found}]]`, in double brackets")
                    }
                    _ => "keep one of them".into(),
                };
                return (format!("the section `{found}` is here twice"), help);
            }
            "duplicate key" => {
                return (format!("`{found}` is here twice"), "keep one of them".into());
            }
            "unclosed table" => ("the section's name is not closed", "a `]` is missing here"),
            "unclosed array table" => {
                ("the section's name is not closed", "a `]]` is missing here")
            }
            "unclosed inline table"
            | "missing comma between key-value pairs"
            | "invalid inline table element" => {
                ("the braces are not closed", "a `,` or a `}` is missing here")
            }
            _ if self.is_in_brackets() => {
                ("the list is not closed", "a `,` or a `]` is missing here")
            }
            "invalid basic string" | "invalid literal string" if found.is_empty() => {
                ("the text is not closed", "a quotation mark is missing at the end of it")
            }
            "missing escaped value" => {
                (r"`\` has a meaning of its own in text", r"write `\\` for one `\`")
            }
            message if message.starts_with("invalid multi-line") => {
                ("the text is not closed", "end it with the same three quotation marks")
            }
            NO_VALUE => ("a line here is one word, then `=` and its value", "like `capacity = 12`"),
            "unexpected leading zero" => ("a number must not begin with 0", ""),
            "unexpected key or value" => (
                "the line goes on after its value",
                "put the rest on a line of its own, or a `#` before it",
            ),
            "string values must be quoted" if found.is_empty() => {
                ("the value is missing", "write it after the `=`")
            }
            "string values must be quoted" => return bare_word(found),
            message if message.starts_with("invalid") && !found.is_empty() => {
                return bare_word(found);
            }
            message if self.wanted.is_empty() || self.wanted == "nothing" => {
                return (message.into(), String::new());
            }
            message => return (message.into(), format!("what can be here: {}", self.wanted)),
        };
        (what.into(), help.into())
    }
}

/// Numbers that people write out.
const NUMBERS: [&str; 13] = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve",
];

/// What was probably meant by something without quotes that is no value.
fn bare_word(found: &str) -> (String, String) {
    let unquoted =
        found.trim_matches(|c| "\u{201c}\u{201d}\u{201e}\u{ab}\u{bb}\u{2018}\u{2019}".contains(c));
    if unquoted != found {
        let what = format!("`{found}` is in curly quotation marks");
        (what, format!("use straight ones: `\"{unquoted}\"`"))
    } else if let Some(number) = NUMBERS.iter().position(|word| *word == found.to_lowercase()) {
        (format!("`{found}` must be in digits"), format!("write `{number}`"))
    } else if found.starts_with(char::is_alphabetic) {
        let what = format!("`{found}` must be in quotation marks");
        (what, format!("write `\"{found}\"`"))
    } else if found.contains(':') {
        (format!("`{found}` is no time"), "a time is written like 09:30:00".into())
    } else if found.contains(['-', '/']) {
        (format!("`{found}` is no date"), "a date is written like 2024-01-23".into())
    } else {
        let help =
            "a date is written like 2024-01-23, a time like 09:30:00, text in quotation marks";
        (format!("`{found}` is no value"), help.into())
    }
}

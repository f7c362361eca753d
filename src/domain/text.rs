//! Text about people as it is kept, compared and sorted.

use std::borrow::Cow;

/// The longest name, address or site that is kept, in characters.
const LONGEST: usize = 200;

/// Text as it is kept: without blanks around it, runs of blanks as one. Most text
/// is so already.
///
/// Refuses, with what is wrong, text with control or direction characters
/// (they would garble a terminal or a table) and text that is too long.
pub fn cleaned(text: &str) -> Result<Cow<'_, str>, &'static str> {
    if text.len() <= LONGEST && is_plain(text) {
        return Ok(text.into());
    }
    let cleaned = with_single_blanks(text);
    if cleaned.chars().any(is_treacherous) {
        Err("contains an invisible control character; type it again by hand")
    } else if cleaned.len() > LONGEST && cleaned.chars().count() > LONGEST {
        Err("is longer than 200 characters")
    } else {
        Ok(cleaned.into())
    }
}

/// The same, of its own.
pub fn clean(text: &str) -> Result<String, &'static str> {
    cleaned(text).map(Cow::into_owned)
}

/// Text of others as it can be shown and compared: tidied, without what [`clean`]
/// refuses, and cut where it is too long.
pub fn tidied(text: &str) -> String {
    let shown: String = text
        .chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .filter(|c| !is_treacherous(*c))
        .collect();
    with_single_blanks(&shown).chars().take(LONGEST).collect::<String>().trim_end().to_owned()
}

/// Whether text is as it is kept already, and ASCII, as most is.
fn is_plain(text: &str) -> bool {
    let mut before = b' ';
    for byte in text.bytes() {
        if !matches!(byte, b' '..=b'~') || (byte == b' ' && before == b' ') {
            return false;
        }
        before = byte;
    }
    before != b' ' || text.is_empty()
}

fn with_single_blanks(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !tidy.is_empty() {
            tidy.push(' ');
        }
        tidy.push_str(word);
    }
    tidy
}

/// Characters that do not show but change what shows.
fn is_treacherous(c: char) -> bool {
    c.is_control()
        || !c.is_ascii()
            && matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Text as it is compared and sorted: without case or accents.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let folded = deunicode::deunicode(text).to_lowercase();
    // Signs without any Latin likeness are compared as they are.
    if folded.trim().is_empty() { text.to_lowercase() } else { folded }
}

/// What a spreadsheet takes for the start of a formula; the wide signs do in
/// East Asian versions (OWASP, "CSV injection").
const STARTS_A_FORMULA: [char; 11] =
    ['=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];

/// Whether a spreadsheet would run text as a formula, or it looks like such text
/// with the `'` before it that keeps it from being run. A dash alone is none: it
/// stands where somebody has but one name.
pub fn runs_as_formula(text: &str) -> bool {
    text != "-" && text.trim_start_matches('\'').starts_with(STARTS_A_FORMULA)
}

/// The entry of `known` that `typed` was probably meant to be.
pub fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|word| {
            (strsim::damerau_levenshtein(&typed.to_lowercase(), &word.to_lowercase()), word)
        })
        .filter(|(distance, word)| *distance <= 1 + word.chars().count() / 4)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_are_tidied_and_control_characters_refused() {
        assert_eq!(clean("  Ana   María "), Ok("Ana María".into()));
        assert_eq!(clean("Ana\nMaría"), Ok("Ana María".into()));
        for bad in ["Ana\0", "A\u{1b}[2Jna", "\u{202e}anA", "An\u{200b}a"] {
            assert!(clean(bad).is_err(), "{bad:?}");
        }
        assert!(clean(&"a".repeat(201)).is_err());
    }

    #[test]
    fn text_of_others_is_tidied_rather_than_refused() {
        assert_eq!(tidied("  Ana\n María\0 \u{202e}K\u{1b}[2J"), "Ana María K[2J");
        assert_eq!(tidied(&"é ".repeat(300)).chars().count(), 199);
        assert_eq!(tidied("\u{200b}"), "");
    }

    #[test]
    fn case_and_accents_do_not_matter_when_comparing() {
        assert_eq!(fold("Zoë"), "zoe");
        assert_eq!(fold("Zoe\u{308}"), "zoe");
        assert_eq!(fold("ÁBEL"), fold("abel"));
    }

    #[test]
    fn a_slip_finds_its_word_and_nonsense_none() {
        let words = ["weekday", "sessions", "capacity"];
        assert_eq!(nearest("sesions", words), Some("sessions"));
        assert_eq!(nearest("Weekday", words), Some("weekday"));
        assert_eq!(nearest("colour", words), None);
    }
}

//! The difference between two texts as one cut and one insertion, so that an
//! edit of the file can be kept and taken back. Knows nothing of TOML.

use serde::{Deserialize, Serialize};

/// At a byte of a text, what is taken out and what is put in its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Splice {
    pub at: usize,
    pub removed: String,
    pub inserted: String,
}

impl Splice {
    /// What turns `before` into `after`: all but the beginning and the end
    /// that they share.
    pub fn between(before: &str, after: &str) -> Self {
        let at = shared(before.chars(), after.chars());
        let (_, old) = before.split_at(at);
        let (_, new) = after.split_at(at);
        let tail = shared(old.chars().rev(), new.chars().rev());
        Self {
            at,
            removed: old[..old.len() - tail].to_owned(),
            inserted: new[..new.len() - tail].to_owned(),
        }
    }

    /// The text with the splice applied; `None` where what it removes is not
    /// there any more.
    pub fn apply(&self, text: &str) -> Option<String> {
        let (head, rest) = text.split_at_checked(self.at)?;
        let tail = rest.strip_prefix(&self.removed)?;
        Some([head, &self.inserted, tail].concat())
    }

    /// What takes it back.
    pub fn inverse(&self) -> Self {
        Self { at: self.at, removed: self.inserted.clone(), inserted: self.removed.clone() }
    }
}

/// How many bytes two texts share from where they are read.
fn shared(a: impl Iterator<Item = char>, b: impl Iterator<Item = char>) -> usize {
    a.zip(b).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_splice_leads_there_and_back() {
        for (before, after, removed, inserted) in [
            ("", "", "", ""),
            ("abc", "abc", "", ""),
            ("", "abc", "", "abc"),
            ("abc", "", "abc", ""),
            ("ac", "abc", "", "b"),
            ("aa", "aaa", "", "a"),
            ("aaa", "aa", "a", ""),
            ("abcabc", "abc", "abc", ""),
            // These share bytes within a letter, and no letter.
            ("né", "nè", "é", "è"),
            ("x\u{20ac}y", "x\u{20ad}y", "\u{20ac}", "\u{20ad}"),
            ("\u{e9}", "\u{129}", "\u{e9}", "\u{129}"),
            ("a\r\nb\r\n", "a\r\nc\r\nb\r\n", "", "c\r\n"),
        ] {
            let splice = Splice::between(before, after);
            assert_eq!((&*splice.removed, &*splice.inserted), (removed, inserted), "{before:?}");
            assert_eq!(splice.apply(before).as_deref(), Some(after));
            assert_eq!(splice.inverse().apply(after).as_deref(), Some(before));
        }
    }

    #[test]
    fn a_splice_refuses_a_text_that_changed() {
        let splice = Splice::between("one two three", "one 2 three");
        assert_eq!(splice.apply("zero\none two three"), None);
        assert_eq!(splice.apply("one"), None);
        assert_eq!(splice.apply("ééé"), None);
        assert_eq!(splice.apply("one two, three").as_deref(), Some("one 2, three"));
    }

    #[test]
    fn a_splice_is_kept_as_json() {
        let splice = Splice::between("a = 1\n", "a = 2\n");
        let json = serde_json::to_string(&splice).unwrap();
        assert_eq!(json, r#"{"at":4,"removed":"1","inserted":"2"}"#);
        assert_eq!(serde_json::from_str::<Splice>(&json).unwrap(), splice);
    }
}

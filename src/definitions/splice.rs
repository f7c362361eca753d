//! The difference between two texts as one cut and one insertion, so that an
//! edit of the file can be kept and taken back. Knows nothing of TOML.
//!
//! People edit the file in between, so a splice finds its place by the text
//! around it and never by a number: a wrong place would be worse than none.

use serde::{Deserialize, Serialize};

/// How many characters around an edit are kept to find its place again.
const CONTEXT: usize = 80;

/// A cut of at least this many bytes that stands only once is certain enough
/// without what was around it.
const UNMISTAKABLE: usize = 20;

/// Between two pieces of text, what is taken out and what is put in its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Splice {
    pub before: String,
    pub removed: String,
    pub inserted: String,
    pub after: String,
}

impl Splice {
    /// What turns `old` into `new`: all but the beginning and the end that they
    /// share.
    pub fn between(old: &str, new: &str) -> Self {
        let head = shared(old.chars(), new.chars());
        let (before, old) = old.split_at(head);
        let (_, new) = new.split_at(head);
        let tail = shared(old.chars().rev(), new.chars().rev());
        let (removed, after) = old.split_at(old.len() - tail);
        let context_start = before.char_indices().rev().nth(CONTEXT - 1).map_or(0, |(at, _)| at);
        Self {
            before: before[context_start..].to_owned(),
            removed: removed.to_owned(),
            inserted: new[..new.len() - tail].to_owned(),
            after: after.chars().take(CONTEXT).collect(),
        }
    }

    /// The text with the splice applied; `None` where its place is not certain.
    pub fn apply(&self, text: &str) -> Option<String> {
        let around = [&*self.before, &self.removed, &self.after].concat();
        let cut = match only_place(text, &around) {
            Some(at) => at + self.before.len(),
            None if self.removed.len() >= UNMISTAKABLE => only_place(text, &self.removed)?,
            None => return None,
        };
        let (head, rest) = text.split_at_checked(cut)?;
        let tail = rest.strip_prefix(&self.removed)?;
        Some([head, &self.inserted, tail].concat())
    }

    /// What takes it back.
    pub fn inverse(&self) -> Self {
        Self { removed: self.inserted.clone(), inserted: self.removed.clone(), ..self.clone() }
    }

    /// Whether a text has the splice applied already. At the end of a text, what
    /// was there before the splice and after it may begin alike: then the longer
    /// one of them is what stands there.
    pub fn is_applied_to(&self, text: &str) -> bool {
        let to_take_back = self.inverse().apply(text).is_some();
        let to_apply = self.apply(text).is_some();
        to_take_back && (!to_apply || self.inserted.len() >= self.removed.len())
    }
}

/// Where a piece stands in a text, if it stands there once.
fn only_place(text: &str, piece: &str) -> Option<usize> {
    if piece.is_empty() {
        return text.is_empty().then_some(0);
    }
    let at = text.find(piece)?;
    (text.rfind(piece) == Some(at)).then_some(at)
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
        for (old, new, removed, inserted) in [
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
            let splice = Splice::between(old, new);
            assert_eq!((&*splice.removed, &*splice.inserted), (removed, inserted), "{old:?}");
            assert_eq!(splice.apply(old).as_deref(), Some(new));
            assert_eq!(splice.inverse().apply(new).as_deref(), Some(old));
            assert!(splice.is_applied_to(new), "{new:?}");
            assert!(old == new || !splice.is_applied_to(old), "{old:?}");
        }
    }

    #[test]
    fn what_is_cut_off_at_the_end_is_not_gone_before_it_is() {
        let (long, short) = ("[a]\nx = 1\n\n[b]\ny = 2\n", "[a]\nx = 1\n");
        for (old, new) in [(long, short), (short, long)] {
            let splice = Splice::between(old, new);
            assert!(splice.is_applied_to(new) && !splice.is_applied_to(old), "{old:?}");
            let (old, new) = (format!("# by hand\n{old}"), format!("# by hand\n{new}"));
            assert!(splice.is_applied_to(&new) && !splice.is_applied_to(&old), "{old:?}");
        }
    }

    #[test]
    fn a_splice_finds_its_place_when_the_text_around_moved() {
        let splice = Splice::between("one two three", "one 2 three");
        assert_eq!(splice.apply("zero\none two three").as_deref(), Some("zero\none 2 three"));
        assert_eq!(splice.apply("one two, three"), None);
        assert_eq!(splice.apply("one two three, one two three"), None);
        assert_eq!(splice.apply("one"), None);
    }

    #[test]
    fn nothing_is_put_where_the_place_is_gone() {
        let (old, new) = ("[a]\nx = 1\n", "[a]\nx = 1\n\n[b]\ny = 22222222222\n");
        let added = Splice::between(old, new);
        assert_eq!(added.apply("[c]\nx = 2\n"), None);
        // What was added is certain by itself, wherever it is now.
        let elsewhere = "[c]\nx = 2\n\n[b]\ny = 22222222222\n# more\n";
        assert_eq!(added.inverse().apply(elsewhere).as_deref(), Some("[c]\nx = 2\n# more\n"));
    }

    #[test]
    fn long_texts_keep_a_little_around_the_edit() {
        let old = format!("{}\n{}", "é".repeat(500), "z".repeat(500));
        let splice = Splice::between(&old, &old.replace('\n', "\n\n"));
        assert_eq!((splice.before.chars().count(), splice.after.len()), (CONTEXT, CONTEXT));
    }
}

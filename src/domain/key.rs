//! The key that encrypted records are opened with: 256 random bits, which have a
//! name that may be told, and words that can be written down.
//!
//! A key never shows itself: whoever needs its bits asks for them by name, and
//! they are wiped from memory with it.

use std::fmt;

use bip39::{Language, Mnemonic};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// How long a key is, in bytes.
pub const BYTES: usize = 32;

/// How many words say a key.
pub const WORDS: usize = 24;

/// A key to records.
#[derive(Clone)]
pub struct Key(Zeroizing<[u8; BYTES]>);

impl Key {
    /// The key of these bits, which have to be random.
    pub fn of(bits: Zeroizing<[u8; BYTES]>) -> Self {
        Self(bits)
    }

    pub fn bits(&self) -> &[u8; BYTES] {
        &self.0
    }

    /// The name of the key, from which the key cannot be told.
    pub fn id(&self) -> KeyId {
        let digest =
            Sha256::new().chain_update(b"cohorts key").chain_update(self.bits()).finalize();
        let mut id = [0; 8];
        id.copy_from_slice(&digest[..8]);
        KeyId(id)
    }

    /// The key in words (BIP 39), the last of which has a checksum in it.
    pub fn words(&self) -> Vec<&'static str> {
        // 32 bytes always make words.
        Mnemonic::from_entropy(self.bits()).map(|said| said.words().collect()).unwrap_or_default()
    }

    /// The key that words say, or what is wrong with them.
    pub fn from_words(typed: &str) -> Result<Self, String> {
        let mut words = Words::default();
        words.take(typed)?;
        words.key()
    }
}

/// The words of a key as they are typed, in whatever pieces.
#[derive(Default)]
pub struct Words {
    words: [Option<&'static str>; WORDS],
    /// Where a word goes that has no number.
    at: usize,
}

impl Words {
    /// Takes the words of a line up to one that none can be. A number before a word
    /// says which one it is: sheets have several columns.
    pub fn take(&mut self, typed: &str) -> Result<(), String> {
        let typed = Zeroizing::new(typed.to_lowercase());
        let is_word = |c: char| c.is_alphabetic();
        let signs = typed.split(|c: char| !c.is_alphanumeric());
        // In "1abandon" the number stands before the word as well.
        let signs = signs.flat_map(|sign| {
            let (number, word) = sign.split_at(sign.find(is_word).unwrap_or(sign.len()));
            [number, word]
        });
        for sign in signs.filter(|sign| !sign.is_empty()) {
            let none = || format!("a key has {WORDS} words, and none is number {sign}");
            if !sign.contains(is_word) {
                let number: usize = sign.parse().map_err(|_| none())?;
                self.at = number.checked_sub(1).filter(|at| *at < WORDS).ok_or_else(none)?;
                continue;
            }
            if self.at >= WORDS {
                // Which of them are too many, nobody can tell.
                *self = Self::default();
                return Err(format!("a key has {WORDS} words, and these are more"));
            }
            let number = self.at + 1;
            let word = known(sign).ok_or_else(|| {
                let meant = near(sign).map(|near| format!(": {near}?")).unwrap_or_default();
                format!("word {number}, \"{sign}\", is none of the list{meant}")
            })?;
            self.words[self.at] = Some(word);
            self.at += 1;
        }
        self.at = self.missing().unwrap_or(self.at);
        Ok(())
    }

    /// Where the next word goes that is missing, if one is.
    fn missing(&self) -> Option<usize> {
        let later = (self.at..WORDS).find(|at| self.words[*at].is_none());
        later.or_else(|| self.words.iter().position(Option::is_none))
    }

    /// The number of the next word that is missing; none where all are there.
    pub fn next(&self) -> Option<usize> {
        self.missing().map(|at| at + 1)
    }

    /// The key that they say, or what is wrong with them.
    pub fn key(&self) -> Result<Key, String> {
        let words: Vec<&str> = self.words.iter().flatten().copied().collect();
        if words.len() != WORDS {
            return Err(format!("a key has {WORDS} words, and these are {}", words.len()));
        }
        let said = Zeroizing::new(words.join(" "));
        let said = Mnemonic::parse_in_normalized(Language::English, &said).map_err(
            |_| "these words do not fit each other: one is another, or in another place",
        )?;
        let bits = Zeroizing::new(said.to_entropy_array().0);
        let mut key = Zeroizing::new([0; BYTES]);
        key.copy_from_slice(&bits[..BYTES]);
        Ok(Key(key))
    }
}

/// A word of the list, as the list has it.
fn known(word: &str) -> Option<&'static str> {
    let number = Language::English.find_word(word)?;
    Some(Language::English.word_list()[usize::from(number)])
}

/// The word of the list that is meant by one that is not in it.
fn near(word: &str) -> Option<&'static str> {
    Language::English
        .word_list()
        .iter()
        .map(|known| (strsim::damerau_levenshtein(known, word), *known))
        .min()
        .filter(|(distance, _)| *distance <= 2)
        .map(|(_, known)| known)
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({})", self.id())
    }
}

/// The name of a key, as files have it that the key opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyId(pub [u8; 8]);

impl KeyId {
    /// What [`KeyId`] writes, read.
    pub fn parse(written: &str) -> Option<Self> {
        bytes(written).map(Self)
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

/// Bytes in hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    // Long enough from the first: what grows leaves parts of itself behind.
    let mut digits = String::with_capacity(2 * bytes.len());
    for half in bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]) {
        digits.extend(char::from_digit(half.into(), 16));
    }
    digits
}

/// The bytes of just so many hexadecimal digits.
pub fn bytes<const N: usize>(hex: &str) -> Option<[u8; N]> {
    let digits =
        Zeroizing::new(hex.chars().map(|digit| digit.to_digit(16)).collect::<Option<Vec<u32>>>()?);
    let mut bytes = [0; N];
    if digits.len() != 2 * N {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks(2)) {
        *byte = u8::try_from(pair[0] << 4 | pair[1]).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The last of BIP 39's own examples for 256 bits,
    /// <https://github.com/trezor/python-mnemonic/blob/master/vectors.json>.
    const BITS: &str = "f585c11aec520db57dd353c69554b21a89b20fb0650966fa0a9d6f74fd989d8f";
    const SAID: &str = "void come effort suffer camp survey warrior heavy shoot primary clutch \
                        crush open amazing screen patrol group space point ten exist slush \
                        involve unfold";

    fn key() -> Key {
        Key::of(Zeroizing::new(bytes(BITS).unwrap()))
    }

    #[test]
    fn a_key_is_said_in_the_words_that_everybody_says_it_in() {
        assert_eq!(key().words().join(" "), SAID.split_whitespace().collect::<Vec<_>>().join(" "));
        assert_eq!(key().words().len(), WORDS);
    }

    #[test]
    fn words_are_taken_however_they_are_typed() {
        let numbered: Vec<String> = SAID
            .split_whitespace()
            .enumerate()
            .map(|(at, word)| format!("{:>2}. {}", at + 1, word.to_uppercase()))
            .collect();
        let across: Vec<String> = (0..6)
            .flat_map(|row| [row, row + 6, row + 12, row + 18])
            .map(|at| numbered[at].clone())
            .collect();
        let glued = numbered.join("  ").replace(". ", "");
        for typed in
            [SAID.to_owned(), numbered.join("\n"), SAID.replace(' ', ", "), across.join(" "), glued]
        {
            assert_eq!(Key::from_words(&typed).unwrap().id(), key().id(), "{typed}");
        }
    }

    #[test]
    fn words_come_in_pieces_and_what_was_right_is_kept() {
        let mut words = Words::default();
        assert_eq!(words.next(), Some(1));
        let wrong = words.take("void come efort").unwrap_err();
        assert_eq!(wrong, "word 3, \"efort\", is none of the list: effort?");
        assert_eq!(words.next(), Some(3));
        words.take("effort 24 unfold").unwrap();
        assert_eq!(words.next(), Some(4));
        words.take(&SAID.split_whitespace().collect::<Vec<_>>()[3..23].join(" ")).unwrap();
        assert_eq!(words.next(), None);
        assert_eq!(words.key().unwrap().id(), key().id());
    }

    #[test]
    fn words_that_say_no_key_are_told_what_is_wrong() {
        let wrong = |typed: &str| Key::from_words(typed).unwrap_err();
        assert_eq!(
            wrong(&SAID.replace("camp", "cemp")),
            "word 5, \"cemp\", is none of the list: camp?"
        );
        assert_eq!(wrong("quetzalcoatl"), "word 1, \"quetzalcoatl\", is none of the list");
        assert_eq!(wrong("void come"), "a key has 24 words, and these are 2");
        assert_eq!(wrong(""), "a key has 24 words, and these are 0");
        assert_eq!(wrong(&format!("{SAID} void")), "a key has 24 words, and these are more");
        let mut words = Words::default();
        words.take(&format!("{SAID} void")).unwrap_err();
        assert_eq!(words.next(), Some(1), "which are too many, nobody can tell");
        for number in ["0", "25", "99999999999999999999999"] {
            let said = format!("a key has 24 words, and none is number {number}");
            assert_eq!(wrong(&format!("{number} void")), said);
        }
        for other in [SAID.replace("camp", "come"), SAID.replace("void come", "come void")] {
            assert_eq!(
                wrong(&other),
                "these words do not fit each other: one is another, or in another place"
            );
        }
    }

    #[test]
    fn a_key_does_not_show_itself() {
        let shown = format!("{:?} {}", key(), key().id());
        assert!(!shown.contains(&BITS[..8]), "{shown}");
        assert_eq!(KeyId::parse(&key().id().to_string()), Some(key().id()));
    }

    #[test]
    fn digits_are_bytes_only_where_there_are_just_as_many() {
        assert_eq!(bytes("0aFf"), Some([10, 255]));
        for not in ["", "0", "0a", "0aff0", "0aff00", "0agf", "0a f", "äfff"] {
            assert_eq!(bytes::<2>(not), None, "{not}");
        }
    }
}

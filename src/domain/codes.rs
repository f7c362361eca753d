//! A set of codes.

use super::participant::Code;

/// Digits and letters, of which a code has five.
const SIGNS: u32 = 36;

/// A bit for each code that there can be: a million of them take no more memory
/// than a few, and are as quickly found.
pub struct Codes(Vec<u64>);

impl Codes {
    /// Adds a code; false where it was there.
    pub fn insert(&mut self, code: &Code) -> bool {
        let digits = code.as_str().chars().filter_map(|sign| sign.to_digit(SIGNS));
        let number = digits.fold(0, |number, digit| number * SIGNS as usize + digit as usize);
        let (bits, bit) = (&mut self.0[number / 64], 1 << (number % 64));
        let is_new = *bits & bit == 0;
        *bits |= bit;
        is_new
    }
}

impl Default for Codes {
    fn default() -> Self {
        Self(vec![0; SIGNS.pow(5) as usize / 64 + 1])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_new_once() {
        let mut codes = Codes::default();
        for code in ["A0AAA", "A0AAB", "K7QM2", "Z9ZZZ", "Z9999"] {
            let code = Code::parse(code).unwrap();
            assert!(codes.insert(&code) && !codes.insert(&code), "{code}");
        }
    }
}

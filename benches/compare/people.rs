//! Made-up people who sign up. Lines are written as they come: none is kept.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use crate::Result;

const FIRST: [&str; 28] = [
    "Amara", "Beatriz", "Chen", "Dara", "Elif", "Finn", "Grace", "Hugo", "Ines", "Jonas", "Kit",
    "Sara", "Zoë", "Maël", "Noor", "Oskar", "Priya", "Quentin", "Rosa", "Søren", "Tariq", "Uma",
    "Viktor", "Wren", "Xavier", "Yara", "Zahra", "Åsa",
];

const LAST: [&str; 28] = [
    "Diallo",
    "Lindqvist",
    "Liu",
    "Okonkwo",
    "Yılmaz",
    "O'Neill",
    "Tran",
    "Vega",
    "Novák",
    "García",
    "Müller",
    "Singh",
    "Patel",
    "Kim",
    "Nguyen",
    "Haddad",
    "Rossi",
    "Dubois",
    "Ivanova",
    "Sato",
    "Cohen",
    "Brown",
    "Smith",
    "Jones",
    "Li",
    "Wang",
    "Ek",
    "Ng",
];

const CONSONANTS: &[u8] = b"bdklmnrstvz";

const VOWELS: &[u8] = b"aeiou";

/// Writes one line for each of some people: what `before` gives for them, their
/// name and all else that a form asks, and what `after` gives.
pub(crate) fn write(
    file: &Path,
    headings: &str,
    people: usize,
    before: impl Fn(usize) -> String,
    after: impl Fn(usize) -> String,
) -> Result<()> {
    let mut random = fastrand::Rng::with_seed(1);
    let mut to = BufWriter::new(File::create(file)?);
    writeln!(to, "{headings}")?;
    for index in 0..people {
        let first = FIRST[random.usize(..FIRST.len())];
        let last = last_name(&mut random);
        let phone = index % 10_000;
        let residency = if index % 3 == 0 { "Psychiatry" } else { "Family Medicine" };
        let site = if index % 2 == 0 { "Surrey" } else { "Vancouver" };
        let leave = ["medical", "maternity", "parental"][index % 3];
        let (before, after) = (before(index), after(index));
        writeln!(
            to,
            "{before}{first},{last},p{index}@example.org,+1 604 555 {phone:04},{residency},{site},{leave},{after}"
        )?;
    }
    Ok(to.flush()?)
}

/// Made of syllables and of a known one, so that few people share a whole name.
fn last_name(random: &mut fastrand::Rng) -> String {
    let mut name = String::new();
    for _ in 0..3 {
        for letters in [CONSONANTS, VOWELS] {
            let letter = char::from(letters[random.usize(..letters.len())]);
            name.push(if name.is_empty() { letter.to_ascii_uppercase() } else { letter });
        }
    }
    format!("{name} {}", LAST[random.usize(..LAST.len())])
}

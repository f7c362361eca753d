//! The recovery sheet: the key in words, what it opens, and where to lock it
//! away. It counts once somebody has typed part of it back.

use std::io::Write;
use std::path::Path;

use zeroize::Zeroizing;

use crate::context::Context;
use crate::domain::key::{Key, WORDS};
use crate::error::{Error, Result};
use crate::output::words;

/// So many words are asked for.
const ASKED: usize = 3;

/// Words stand in so many columns, to be read downwards.
const COLUMNS: usize = 4;

/// The sheet for the records in a folder.
pub fn text(ctx: &Context, key: &Key, folder: &Path) -> Zeroizing<String> {
    let words = key.words();
    let lines = WORDS / COLUMNS;
    let mut text = Zeroizing::new(String::with_capacity(4 << 10));
    text.push_str("RECOVERY SHEET");
    // With mistakes in cohorts.toml it has to be seen as well.
    if let Ok(definitions) = ctx.definitions(folder) {
        text.push_str(&format!(" for the records of {}", definitions.program.terms.name));
    }
    text.push_str("\n\n");
    for line in 0..lines {
        for column in 0..COLUMNS {
            let at = column * lines + line;
            text.push_str(&format!("  {:>2} {:<10}", at + 1, words[at]));
        }
        let end = text.trim_end().len();
        text.truncate(end);
        text.push('\n');
    }
    text.push_str(&format!(
        "
Opens     {}
          and their backups and handovers (key {})
Made on   {}

Write the {WORDS} words down in their order, by hand or on a printer of your own, and
lock the sheet away from this computer: where your office keeps what must not be
lost, such as a safe. Never keep it in a file, a photo or an e-mail, and close
this window afterwards.
Whoever has the sheet and a copy of the records can read everything. If this
computer is lost and the sheet as well, nobody can read them ever again.
On a new computer: cohorts key recover
",
        folder.display(),
        key.id(),
        words::day_of_year(ctx.today()),
    ));
    text
}

/// Its words are typed by hand, never piped in.
pub fn require_terminal(ctx: &Context) -> Result<()> {
    match ctx.prompts.are_possible() {
        true => Ok(()),
        false => Err(Error::usage("words of the recovery sheet have to be typed, on a terminal")
            .hint("run the command by itself in a terminal window")),
    }
}

/// Shows the sheet, and asks for some of its words until they are right.
pub fn confirm(ctx: &mut Context, key: &Key, folder: &Path) -> Result<()> {
    let sheet = text(ctx, key, folder);
    let people = ctx.out.people();
    writeln!(people)?;
    people.write_all(sheet.as_bytes())?;
    writeln!(
        people,
        "\nOnce it is written down, type these words of it. Esc: leave all as it is."
    )?;
    let words = key.words();
    let mut numbers: Vec<usize> = (0..WORDS).collect();
    ctx.random.shuffle(&mut numbers);
    numbers.truncate(ASKED);
    numbers.sort_unstable();
    for at in numbers {
        ctx.prompts.line(&format!("Word {}", at + 1), |typed| {
            match typed.to_lowercase() == words[at] {
                true => Ok(()),
                false => Err(format!("that is not word {}; look at the sheet", at + 1)),
            }
        })?;
    }
    Ok(())
}

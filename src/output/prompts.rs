//! Questions to the person at the keyboard.
//!
//! Nothing is ever asked where stdin or stderr is no terminal: then the answer
//! has to come from a flag, and the error names it. Esc and Ctrl-C leave
//! everything as it was.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use console::{Key, Term};
use dialoguer::{MultiSelect, Select};
use unicode_width::UnicodeWidthChar;
use zeroize::Zeroizing;

use super::messages::turned_over;
use crate::error::{Error, Result};

/// Who there is to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prompts {
    Terminal,
    Nobody,
}

impl Prompts {
    pub fn are_possible(self) -> bool {
        self == Self::Terminal
    }

    /// Refuses where nobody can be asked, naming the flag to use instead.
    pub fn require(self, what: &str, flag: &str) -> Result<()> {
        match self {
            Self::Terminal => Ok(()),
            Self::Nobody => {
                Err(Error::usage(format!("{what} is missing")).hint(format!("add {flag}")))
            }
        }
    }

    /// Asks before something that cannot simply be taken back; whoever cannot be
    /// asked has to say `--yes`. `undone` is what was not done, such as "nothing
    /// was erased".
    pub fn be_sure(self, question: &str, undone: &str) -> Result<()> {
        match self {
            Self::Terminal if self.confirm(question, false)? => Ok(()),
            Self::Terminal => Err(Error::cancelled()),
            Self::Nobody => Err(Error::usage(format!("{undone}: this has to be asked first"))
                .hint("add --yes to do it without")),
        }
    }

    /// Asks for a line of text, again until `check` takes it.
    pub fn line<T>(
        self,
        question: &str,
        check: impl Fn(&str) -> std::result::Result<T, String>,
    ) -> Result<T> {
        answered(question, ": ", 10, check)
    }

    /// Asks for what nobody else may see, and shows nothing of it.
    pub fn secret(self, question: &str) -> Result<Zeroizing<String>> {
        let term = Term::stderr();
        guarded(&term, || read_line(&term, &last_line(&term, question, ": ", 0)?, Echo::Off))
    }

    /// Says something between two questions.
    pub fn note(self, said: &str) -> Result<()> {
        Ok(Term::stderr().write_line(said)?)
    }

    /// Asks yes or no, again until it is one of them; Enter takes the default, Esc
    /// leaves. It is answered by a line, as `line` is: the Enter that follows a key,
    /// and what was meant for the question before, would answer the next one.
    pub fn confirm(self, question: &str, default: bool) -> Result<bool> {
        let choice = if default { " [Y/n] " } else { " [y/N] " };
        answered(question, choice, 1, |typed| match typed.to_lowercase().as_str() {
            "" => Ok(default),
            "y" | "yes" => Ok(true),
            "n" | "no" => Ok(false),
            _ => Err(format!("`{typed}` is neither yes nor no: y or n, then Enter")),
        })
    }

    /// Asks for one of some items; Esc leaves.
    pub fn choose(self, question: &str, items: &[String]) -> Result<usize> {
        let term = Term::stderr();
        guarded(&term, || {
            let select = Select::new().with_prompt(last_line(&term, question, "", 0)?);
            Ok(select.items(items).default(0).interact_on_opt(&term)?)
        })?
        .ok_or_else(Error::cancelled)
    }

    /// Asks for any of some items, each with whether it is chosen unless somebody
    /// says otherwise; Esc leaves.
    pub fn choose_several(self, question: &str, items: &[(String, bool)]) -> Result<Vec<usize>> {
        let term = Term::stderr();
        let question = format!("{question} (Space: choose, Enter: go on, Esc: leave)");
        guarded(&term, || {
            let select = MultiSelect::new().with_prompt(last_line(&term, &question, "", 0)?);
            let items = items.iter().map(|(item, chosen)| (item, *chosen));
            Ok(select.report(false).items_checked(items).interact_on_opt(&term)?)
        })?
        .ok_or_else(Error::cancelled)
    }
}

/// Asks for a line, again until `check` takes it. `after` stands between the
/// question and what is typed, for which there is `room`.
fn answered<T>(
    question: &str,
    after: &str,
    room: usize,
    check: impl Fn(&str) -> std::result::Result<T, String>,
) -> Result<T> {
    let term = Term::stderr();
    loop {
        let answer = guarded(&term, || {
            read_line(&term, &last_line(&term, question, after, room)?, Echo::On)
        })?;
        match check(answer.trim()) {
            Ok(value) => return Ok(value),
            Err(problem) => term.write_line(&format!("  {problem}"))?,
        }
    }
}

/// Writes a question but for its last line, which is asked: what is asked may be
/// drawn again and again, and a screen must not break it, nor part it from what
/// stands `after` it and the `room` for the answer.
fn last_line(term: &Term, question: &str, after: &str, room: usize) -> Result<String> {
    // And the cursor.
    let width = usize::from(term.size().1).saturating_sub(after.len() + room + 1);
    let text = turned_over(question, u16::try_from(width).ok());
    let last = match text.rsplit_once('\n') {
        Some((above, last)) => {
            term.write_line(above)?;
            last
        }
        None => &text,
    };
    Ok(format!("{last}{after}"))
}

/// Runs a prompt so that Ctrl-C comes back as an error, and the terminal is
/// as it was, with its cursor, whatever happened.
fn guarded<T>(term: &Term, ask: impl FnOnce() -> Result<T>) -> Result<T> {
    #[cfg(unix)]
    let _key_by_key = KeyByKey::begin()?;
    // `console` raises the signal on itself; without a handler that would end
    // the program with the cursor still hidden.
    let interrupted = Arc::new(AtomicBool::new(false));
    let handler = signal_hook::flag::register(signal_hook::consts::SIGINT, interrupted)?;
    let answer = ask();
    signal_hook::low_level::unregister(handler);
    if answer.is_err() {
        term.show_cursor().ok();
        term.write_line("").ok();
    }
    answer
}

/// The terminal gives each key as it is pressed and shows none by itself, from
/// before the question is seen until it is answered. `console` sees to that
/// only while it waits for one key: between two of them a pasted passphrase
/// would be shown, and Ctrl-C would be lost.
#[cfg(unix)]
struct KeyByKey {
    before: rustix::termios::Termios,
}

#[cfg(unix)]
impl KeyByKey {
    fn begin() -> Result<Self> {
        let before = rustix::termios::tcgetattr(io::stdin()).map_err(io::Error::from)?;
        let mut key_by_key = before.clone();
        key_by_key.make_raw();
        key_by_key.output_modes = before.output_modes;
        Self::set(&key_by_key)?;
        Ok(Self { before })
    }

    fn set(termios: &rustix::termios::Termios) -> io::Result<()> {
        let when_written = rustix::termios::OptionalActions::Drain;
        Ok(rustix::termios::tcsetattr(io::stdin(), when_written, termios)?)
    }
}

#[cfg(unix)]
impl Drop for KeyByKey {
    fn drop(&mut self) {
        // A terminal that is gone has nothing to be put back.
        Self::set(&self.before).ok();
    }
}

/// Whether what is typed is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Echo {
    On,
    Off,
}

/// The longest line that is wiped from memory as a whole, in bytes; a longer one
/// may leave its beginning behind.
const LONG: usize = 1 << 10;

/// A line with Backspace, Enter and Esc: `dialoguer`'s own has no Esc.
fn read_line(term: &Term, question: &str, echo: Echo) -> Result<Zeroizing<String>> {
    let mut term_out = term.clone();
    write!(term_out, "{question}")?;
    let mut typed = Zeroizing::new(String::with_capacity(LONG));
    loop {
        match term.read_key()? {
            Key::Enter => {
                term.write_line("")?;
                return Ok(typed);
            }
            Key::Escape => return Err(Error::cancelled()),
            Key::Backspace => {
                if let (Some(gone), Echo::On) = (typed.pop(), echo) {
                    term.clear_chars(gone.width().unwrap_or_default())?;
                }
            }
            Key::Char(c) if !c.is_control() => {
                typed.push(c);
                if echo == Echo::On {
                    write!(term_out, "{c}")?;
                }
            }
            // Ctrl-D on an empty line: nothing more will come.
            Key::Char('\u{4}') if typed.is_empty() => return Err(Error::cancelled()),
            _ => {}
        }
    }
}

impl From<dialoguer::Error> for Error {
    fn from(error: dialoguer::Error) -> Self {
        let dialoguer::Error::IO(error) = error;
        io::Error::from(error.kind()).into()
    }
}

//! What people and other programs see: rows, files, messages, questions.
//!
//! Data goes to stdout, everything said to people to stderr. Nothing here
//! decides what is said about whom.

pub mod before_after;
pub mod calendar;
pub mod csv;
pub mod exact;
pub mod file;
pub mod folder;
pub mod items;
mod markdown;
pub mod message;
pub mod messages;
pub mod problems;
pub mod progress;
pub mod prompts;
pub mod report;
pub mod rows;
mod table;
pub mod words;
mod xlsx;

use std::io::{self, IsTerminal, Stderr, Stdout, Write};
use std::path::PathBuf;

use anstream::AutoStream;
use rows::{Format, Heading, Rows};

use crate::error::{Error, Result};
use messages::Report;

/// Rows up to this size wait until a command is done with the records, so that
/// a pager that nobody scrolls never holds the file's lock.
const BUFFER: usize = 512 << 10;

/// The two streams.
pub struct Out {
    data: Held,
    people: AutoStream<Stderr>,
    /// The folder that was typed: without it, commands that are proposed would be
    /// about another.
    pub folder: Option<PathBuf>,
}

/// Standard output, held back. Grows as it fills: setting [`BUFFER`] aside at
/// once takes longer than a whole small command.
struct Held {
    bytes: Vec<u8>,
    to: AutoStream<Stdout>,
}

impl Write for Held {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + bytes.len() > BUFFER {
            self.flush()?;
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let written = self.to.write_all(&self.bytes).and_then(|()| self.to.flush());
        self.bytes.clear();
        written
    }
}

/// How wide the screen is where something is said to people, if it is one.
pub fn width_for_people() -> Option<u16> {
    io::stderr().is_terminal().then(|| console::Term::stderr().size().1)
}

impl Default for Out {
    fn default() -> Self {
        Self::new()
    }
}

impl Out {
    /// Colour as `--color` says, else where there is a terminal that has it.
    pub fn new() -> Self {
        Self {
            data: Held { bytes: Vec::new(), to: AutoStream::auto(io::stdout()) },
            people: AutoStream::auto(io::stderr()),
            folder: None,
        }
    }

    /// Where data goes.
    pub fn data(&mut self) -> &mut impl Write {
        &mut self.data
    }

    /// Where everything goes that is said to people.
    pub fn people(&mut self) -> &mut impl Write {
        &mut self.people
    }

    /// A command as it is proposed, and what is said around it.
    pub fn proposed(&self, command: &str) -> String {
        match &self.folder {
            Some(folder) => words::in_folder(command, folder),
            None => command.to_owned(),
        }
    }

    /// Says something to people.
    pub fn say(&mut self, report: &Report) -> io::Result<()> {
        report.print(&mut self.people, width_for_people())
    }

    /// Whether messages are coloured.
    pub fn color(&self) -> bool {
        self.people.current_choice() != anstream::ColorChoice::Never
    }

    /// Begins rows on stdout.
    pub fn rows(
        &mut self,
        format: Format,
        headings: Vec<Heading>,
    ) -> Result<Rows<&mut impl Write>> {
        let (to, width) = self
            .for_rows(format)
            .map_err(|error| error.hint("send it into a file: add > rows.xlsx"))?;
        Rows::new(format, headings, to, width)
    }

    /// Where rows go, and how wide that is where it is a screen. Refused where
    /// a screen cannot show them.
    pub fn for_rows(&mut self, format: Format) -> Result<(&mut impl Write, Option<u16>)> {
        let is_screen = io::stdout().is_terminal();
        if is_screen && format == Format::Xlsx {
            return Err(Error::usage("a spreadsheet cannot be shown on the screen"));
        }
        if !format.is_to_be_read() {
            // Nothing in it is an escape sequence, whatever it looks like.
            self.data.to = AutoStream::always_ansi(io::stdout());
        }
        Ok((&mut self.data, is_screen.then(|| console::Term::stdout().size().1)))
    }

    pub fn flush(&mut self) -> io::Result<()> {
        self.data.flush()
    }
}

//! What people and other programs see: rows, files, messages, questions.
//!
//! Data goes to stdout, everything said to people to stderr. Nothing here
//! decides what is said about whom.

pub mod csv;
pub mod file;
pub mod messages;
pub mod problems;
pub mod prompts;
pub mod rows;
mod table;
pub mod words;

use std::io::{self, BufWriter, IsTerminal, Stderr, Stdout, Write};

use anstream::AutoStream;
use rows::{Format, Heading, Rows};

/// Rows up to this size wait until a command is done with the records, so that
/// a pager that nobody scrolls never holds the file's lock.
const BUFFER: usize = 8 << 20;

/// The two streams.
pub struct Out {
    data: BufWriter<AutoStream<Stdout>>,
    people: AutoStream<Stderr>,
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
            data: BufWriter::with_capacity(BUFFER, AutoStream::auto(io::stdout())),
            people: AutoStream::auto(io::stderr()),
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

    /// Whether messages are coloured.
    pub fn color(&self) -> bool {
        self.people.current_choice() != anstream::ColorChoice::Never
    }

    /// Begins rows on stdout.
    pub fn rows(
        &mut self,
        format: Format,
        headings: Vec<Heading>,
    ) -> io::Result<Rows<&mut impl Write>> {
        let width = io::stdout().is_terminal().then(|| console::Term::stdout().size().1);
        Rows::new(format, headings, &mut self.data, width)
    }

    pub fn flush(&mut self) -> io::Result<()> {
        self.data.flush()
    }
}

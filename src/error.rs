//! What went wrong, about which thing, and how to go on.
//!
//! Messages are for coordinators. They hold nothing personal beyond what the
//! command was given: people are named by their codes.

use std::fmt;
use std::io;

pub type Result<T> = std::result::Result<T, Error>;

/// What kind of failure it is, which decides the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It could not be done.
    Refused,
    /// The command line was wrong, or something had to be asked and there was
    /// no terminal to ask on.
    Usage,
    /// The person at the keyboard left.
    Cancelled,
    /// There is no key to records that are encrypted, or not the right one.
    Locked,
    /// The records cannot be read: SQLite says that the file is damaged.
    Damaged,
    /// `check` found something.
    Found,
    /// The other end of a pipe was closed; nobody is left to be told.
    ClosedPipe,
}

impl Kind {
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Refused | Self::Damaged => 1,
            Self::Usage => 2,
            Self::Cancelled => 3,
            Self::Locked => 4,
            Self::Found => 5,
            Self::ClosedPipe => 0,
        }
    }
}

/// A failure to tell somebody about.
#[derive(Debug)]
pub struct Error {
    pub kind: Kind,
    /// What, about which thing.
    pub message: String,
    /// Shown as it is, before anything else: the mistakes of a file.
    pub preamble: Option<String>,
    /// What the system or SQLite said.
    pub source: Option<String>,
    /// How to go on, most likely way first.
    pub hints: Vec<String>,
}

impl Error {
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), preamble: None, source: None, hints: Vec::new() }
    }

    pub fn refused(message: impl Into<String>) -> Self {
        Self::new(Kind::Refused, message)
    }

    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Kind::Usage, message)
    }

    /// Something that is encrypted stays so, for want of its key.
    pub fn locked(message: impl Into<String>) -> Self {
        Self::new(Kind::Locked, message)
    }

    pub fn cancelled() -> Self {
        Self::new(Kind::Cancelled, "left; nothing was changed")
    }

    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// What failed, for a sentence about something that was done all the same.
    pub fn in_short(&self) -> String {
        let what = self.message.replace("; nothing was changed", "");
        match &self.source {
            Some(source) => format!("{what} ({source})"),
            None => what,
        }
    }

    #[must_use]
    pub fn because(mut self, source: impl fmt::Display) -> Self {
        self.source = Some(source.to_string());
        self
    }

    /// The same for damage in the records, with how to go on.
    #[must_use]
    pub fn because_of_damage(self, what: impl fmt::Display) -> Self {
        self.because(what)
            .hint("cohorts check, to see what is wrong")
            .hint("cohorts restore FILE, to go back to the last backup")
    }
}

/// A failed read or write of a file, with what was being done to which.
pub fn io_error(doing: &str, path: &std::path::Path, error: &io::Error) -> Error {
    let failed = Error::refused(format!("could not {doing} {}", path.display()));
    let failed = failed.because(plainly(error));
    match error.kind() {
        io::ErrorKind::StorageFull => failed.hint("make room, then try again"),
        _ => failed,
    }
}

/// Why something failed, without the system's numbers and our temporary names.
fn plainly(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::StorageFull => "the disk is full".into(),
        io::ErrorKind::ReadOnlyFilesystem => "what is on that disk may only be read".into(),
        _ => match error.to_string().split(" (os error").next() {
            Some("Input/output error") | None => "the disk reported an error".into(),
            Some(text) => text.to_owned(),
        },
    }
}

/// A failed read or write of a copy of the records, which are none the worse.
pub fn copy_error(doing: &str, path: &std::path::Path, error: rusqlite::Error) -> Error {
    use rusqlite::ErrorCode as Code;
    let failed = Error::refused(format!("could not {doing} {}", path.display()));
    match error.sqlite_error_code() {
        Some(Code::DiskFull) => {
            failed.because("the disk is full").hint("make room, then try again")
        }
        Some(Code::SystemIoFailure | Code::CannotOpen) => failed.because(Redacted(&error)),
        _ => error.into(),
    }
}

/// Whether it is the disk that failed, and not what is on it.
pub fn is_of_the_disk(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode as Code;
    matches!(
        error.sqlite_error_code(),
        Some(Code::SystemIoFailure | Code::CannotOpen | Code::DiskFull | Code::OutOfMemory)
    )
}

/// Another file took the place of the one that was opened.
pub fn replaced() -> Error {
    Error::refused("cohorts.db was replaced meanwhile; nothing was changed")
        .hint("run the command again")
}

/// The records are there to be read, and no more.
pub fn read_only() -> Error {
    Error::refused("cohorts.db may only be read, not changed, from here")
        .hint("look at the permissions of the file and its folder")
}

impl From<io::Error> for Error {
    /// Failures of stdout and stderr; those of files go through [`io_error`].
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::new(Kind::ClosedPipe, "the output was closed"),
            io::ErrorKind::Interrupted => Self::cancelled(),
            _ => Self::refused("could not write the output").because(plainly(&error)),
        }
    }
}

impl From<rusqlite::Error> for Error {
    /// What SQLite says is seldom what a coordinator needs to hear.
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Code;
        let damaged = |why: &dyn fmt::Display| {
            Self::new(Kind::Damaged, "cohorts.db is damaged").because(why).hint(
                "cohorts restore FILE, to go back to the last backup; the damaged file is kept",
            )
        };
        match error.sqlite_error_code() {
            Some(Code::DatabaseBusy | Code::DatabaseLocked) => Self::refused(
                "another program is using cohorts.db, and did not let go of it for 10 seconds",
            )
            .hint("close the other window that runs cohorts, then try again"),
            Some(Code::ReadOnly) if was_moved(&error) => replaced(),
            Some(Code::ReadOnly | Code::PermissionDenied) => read_only(),
            Some(Code::DiskFull) => Self::refused("the disk is full; nothing was changed")
                .hint("make room, then try again"),
            Some(Code::DatabaseCorrupt | Code::NotADatabase) => damaged(&error),
            None if matches!(error, rusqlite::Error::QueryReturnedNoRows) => {
                damaged(&"a row that has to be there is gone")
            }
            _ => Self::refused("cohorts.db could not be read or changed; nothing was changed")
                .because(Redacted(&error)),
        }
    }
}

/// Whether SQLite found that the file it has open is at its place no more.
fn was_moved(error: &rusqlite::Error) -> bool {
    error
        .sqlite_error()
        .is_some_and(|error| error.extended_code == rusqlite::ffi::SQLITE_READONLY_DBMOVED)
}

/// An SQLite failure without the values that were in the statement.
struct Redacted<'a>(&'a rusqlite::Error);

impl fmt::Display for Redacted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use rusqlite::ErrorCode as Code;
        match self.0 {
            rusqlite::Error::SqliteFailure(code, _) if code.code == Code::SystemIoFailure => {
                write!(f, "the disk reported an error ({})", code.extended_code)
            }
            rusqlite::Error::SqliteFailure(code, _) if code.code == Code::CannotOpen => {
                write!(f, "it or a file beside it could not be opened ({})", code.extended_code)
            }
            rusqlite::Error::SqliteFailure(code, Some(message)) => {
                write!(f, "{message} ({})", code.extended_code)
            }
            rusqlite::Error::SqliteFailure(code, None) => write!(f, "{code}"),
            // These print the value that did not fit.
            rusqlite::Error::FromSqlConversionFailure(column, ..) => {
                write!(f, "column {column} holds something unknown")
            }
            rusqlite::Error::SqlInputError { msg, .. } => f.write_str(msg),
            other => write!(f, "{other}"),
        }
    }
}

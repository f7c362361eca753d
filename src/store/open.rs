//! Opening and making the file: whose it is, which version, how it is kept.

use std::cell::RefCell;
use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, TransactionBehavior, ffi};

use super::{Store, cipher, triggers};
use crate::domain::key::{Key, KeyId};
use crate::error::Error;

/// `coho` in the file's header says whose file it is.
pub(super) const APPLICATION_ID: i32 = 0x636f_686f;

/// Numbered steps from an empty file to the newest version. Only ever added
/// to: files of every version are out there.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_first.sql"),
    include_str!("migrations/0002_kept_safe.sql"),
    include_str!("migrations/0003_incidents.sql"),
    include_str!("migrations/0004_interim_support.sql"),
    include_str!("migrations/0005_what_left.sql"),
];

/// The version that this program writes.
pub(super) const NEWEST: usize = MIGRATIONS.len();

/// Long enough for the slowest command of another window.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// Why a file was not opened. Such a file was not touched.
#[derive(Debug)]
pub enum OpenError {
    Missing,
    NotOurs,
    /// The version of the file, and the newest one this program knows.
    Newer(i32, usize),
    /// There already.
    Exists,
    /// What a program that was interrupted left of records that are not there: it
    /// would be put into new ones.
    Leftover,
    /// A copy that is not whole by itself: another file has the rest of it.
    NotWhole,
    /// Encrypted, and this program was built without that.
    CannotEncrypt,
    /// Encrypted, and there is no key to it.
    Locked(Box<Error>),
    Io(io::Error),
    Sqlite(rusqlite::Error),
}

impl From<rusqlite::Error> for OpenError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<io::Error> for OpenError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::Missing,
            io::ErrorKind::AlreadyExists => Self::Exists,
            _ => Self::Io(error),
        }
    }
}

impl From<Error> for OpenError {
    fn from(error: Error) -> Self {
        Self::Locked(Box::new(error))
    }
}

/// Finds the key to a file that is encrypted, or says why there is none.
pub type Unlock<'k> = &'k dyn Fn(KeyId) -> Result<Key, Error>;

/// Makes a new, empty file of records that only its owner may read, encrypted
/// where there is a key. It appears whole: half of one would be refused as not ours ever after.
pub fn create(path: &Path, key: Option<Key>) -> Result<(), OpenError> {
    if path.symlink_metadata().is_ok() {
        return Err(OpenError::Exists);
    }
    refuse_leftover(path)?;
    let folder = path.parent().unwrap_or(Path::new("."));
    // Made with mode 0600 before SQLite sees it; its journals take that over.
    let growing = tempfile::Builder::new().prefix(".cohorts-").tempfile_in(folder)?;
    // Says that somebody is at it: what is left by a crash is removed.
    #[cfg(unix)]
    growing.as_file().lock().ok();
    migrate(&connect(growing.path(), OpenFlags::SQLITE_OPEN_READ_WRITE, key)?, NEWEST)?;
    growing.persist_noclobber(path).map(drop).map_err(|error| error.error.into())
}

/// Refuses a place for new records where others left their journal.
pub fn refuse_leftover(path: &Path) -> Result<(), OpenError> {
    let is_there = |ending| beside(path, ending).symlink_metadata().is_ok();
    match !path.exists() && (is_there("-journal") || is_there("-wal")) {
        true => Err(OpenError::Leftover),
        false => Ok(()),
    }
}

/// The file that SQLite has beside one.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Opens a file of records, bringing an older version up to date first.
pub fn open(path: &Path, unlock: Unlock<'_>) -> Result<Store, OpenError> {
    let (file, beginning) = beginning_of(path)?;
    let (mut store, about) = open_as(path, beginning, OpenFlags::SQLITE_OPEN_READ_WRITE, unlock)?;
    store.file = Some(file);
    if about.has_wal {
        // Another program switched it; one file is whole after each command
        // only with a rollback journal.
        store.conn.pragma_update(None, "journal_mode", "DELETE")?;
    }
    if about.version < NEWEST {
        migrate(&store, NEWEST)?;
    }
    Ok(store)
}

/// Opens a copy to look into it, of whatever version it is. Nothing is written,
/// neither into it nor beside it: it may lie on a disk that cannot be written.
pub fn open_copy(path: &Path, unlock: Unlock<'_>) -> Result<Store, OpenError> {
    let has = |ending| fs::metadata(beside(path, ending)).is_ok_and(|file| file.len() > 0);
    let (_, beginning) = beginning_of(path)?;
    let has_wal = matches!(&beginning, Beginning::Plain(about) if about.has_wal);
    if has_wal || has("-journal") || has("-wal") {
        return Err(OpenError::NotWhole);
    }
    Ok(open_as(path, beginning, OpenFlags::SQLITE_OPEN_READ_ONLY, unlock)?.0)
}

/// Which key opens a file, if it is encrypted.
pub fn key_of(path: &Path) -> Result<Option<KeyId>, OpenError> {
    Ok(match beginning_of(path)?.1 {
        Beginning::Plain(_) => None,
        Beginning::Encrypted(id) => Some(id),
    })
}

/// Whether a file begins as records do, of whatever office and version. Nothing but
/// a file is opened: a pipe would be waited for.
pub fn are_records(path: &Path) -> bool {
    let is_file = path.symlink_metadata().is_ok_and(|found| found.is_file());
    is_file
        && !matches!(
            beginning_of(path),
            Err(OpenError::NotOurs | OpenError::Missing | OpenError::Io(_))
        )
}

/// Opens a file that begins as it was seen to.
fn open_as(
    path: &Path,
    beginning: Beginning,
    access: OpenFlags,
    unlock: Unlock<'_>,
) -> Result<(Store, About), OpenError> {
    Ok(match beginning {
        Beginning::Plain(about) => {
            let mut store = connect(path, access, None)?;
            store.odd_byte = about.odd_byte;
            (store, about)
        }
        Beginning::Encrypted(_) if !cipher::ENCRYPTS => return Err(OpenError::CannotEncrypt),
        Beginning::Encrypted(id) => {
            let store = connect(path, access, Some(unlock(id)?))?;
            let about = About::inside(&store.conn)?;
            (store, about)
        }
    })
}

/// Empty records of a version, in memory: what the file's tables must be like.
pub(super) fn model(version: usize) -> Result<Connection, OpenError> {
    let store = connect(Path::new(":memory:"), OpenFlags::SQLITE_OPEN_READ_WRITE, None)?;
    migrate(&store, version)?;
    Ok(store.conn)
}

/// How a file begins.
enum Beginning {
    Plain(About),
    /// With the name of the key to all the rest.
    Encrypted(KeyId),
}

/// What a file says of itself.
struct About {
    version: usize,
    has_wal: bool,
    odd_byte: Option<usize>,
}

/// Which file a path led to, where the system tells: another one may be put in
/// its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FileId(u64, u64);

impl FileId {
    pub(super) fn of(about: &Metadata) -> Self {
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            Self(about.dev(), about.ino())
        }
        #[cfg(not(unix))]
        {
            let _ = about;
            Self(0, 0)
        }
    }
}

/// What the file's first bytes must be where they are always the same, so that
/// damage is noticed that SQLite passes over: how the pages are laid out, in
/// which encoding the texts are, and what is kept for later.
const ALWAYS: &[(usize, &[u8])] = &[
    (20, &[0, 64, 32, 32]),
    (44, &[0, 0, 0, 4]),
    (52, &[0, 0, 0, 0, 0, 0, 0, 1]),
    (64, &[0, 0, 0, 0]),
    (72, &[0; 20]),
];

fn odd_byte(header: &[u8; 100]) -> Option<usize> {
    let journal = [header[18], header[19]];
    if journal != [1, 1] && journal != [2, 2] {
        return Some(18);
    }
    let odd = |(at, right): &(usize, &[u8])| header[*at..*at + right.len()] != **right;
    ALWAYS.iter().find(|place| odd(place)).map(|(at, _)| *at)
}

/// Looks at the header alone, before SQLite opens the file: opening one that is
/// not ours can already change what lies beside it. The places are those of
/// <https://sqlite.org/fileformat.html>.
fn beginning_of(path: &Path) -> Result<(FileId, Beginning), OpenError> {
    let mut header = [0; 100];
    let mut file = File::open(path)?;
    match file.read_exact(&mut header) {
        Err(error) if error.kind() != io::ErrorKind::UnexpectedEof => return Err(error.into()),
        Err(_) => return Err(OpenError::NotOurs),
        Ok(()) => {}
    }
    let number = |at: usize| {
        i32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]])
    };
    let beginning = match header.first_chunk().and_then(cipher::key_of) {
        Some(key) => Beginning::Encrypted(key),
        None if !header.starts_with(b"SQLite format 3\0") => return Err(OpenError::NotOurs),
        None => Beginning::Plain(About {
            version: version_of_ours(number(68), number(60))?,
            has_wal: header[18] == 2,
            odd_byte: odd_byte(&header),
        }),
    };
    Ok((FileId::of(&file.metadata()?), beginning))
}

impl About {
    /// What an encrypted file says of itself to who has the key. No byte of it
    /// can be odd: each page has a checksum.
    fn inside(conn: &Connection) -> Result<Self, OpenError> {
        let number = |name: &str| conn.pragma_query_value(None, name, |row| row.get(0));
        let version = version_of_ours(number("application_id")?, number("user_version")?)?;
        let journal: String = conn.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
        Ok(Self { version, has_wal: journal == "wal", odd_byte: None })
    }
}

/// The version of a file that says whose it is, if it is ours and not newer than
/// this program.
fn version_of_ours(application: i32, version: i32) -> Result<usize, OpenError> {
    match usize::try_from(version) {
        _ if application != APPLICATION_ID => Err(OpenError::NotOurs),
        // Ours are of version 1 at least: a step is never seen half done.
        Ok(0) => Err(damaged().into()),
        Ok(known) if known <= NEWEST => Ok(known),
        // There will hardly ever be so many: then a bit was flipped.
        Ok(256..) => Err(damaged().into()),
        _ => Err(OpenError::Newer(version, NEWEST)),
    }
}

/// What SQLite says of a file that it cannot make sense of.
fn damaged() -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_CORRUPT), None)
}

pub(super) fn connect(
    path: &Path,
    access: OpenFlags,
    key: Option<Key>,
) -> Result<Store, OpenError> {
    let conn = Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    if let Some(key) = &key {
        cipher::unlock(&conn, key)?;
    }
    furnish(conn, key)
}

/// Gives a connection what each of ours has.
pub(super) fn furnish(conn: Connection, key: Option<Key>) -> Result<Store, OpenError> {
    #[cfg(test)]
    let conn = super::plans::overheard(conn)?;
    conn.busy_timeout(PATIENCE)?;
    // One file, whole after each command and after a power cut (EXTRA also
    // syncs the folder once the journal is gone); deleted rows are overwritten;
    // large sorts never spill names into the temp folder; views and triggers of
    // a file somebody tampered with may not call what they like. What is kept of
    // the file in memory holds the sign-ups of a quarter of a whole province, so
    // that a roster of one cohort after the other reads each page once.
    conn.execute_batch(
        "PRAGMA synchronous = EXTRA;
         PRAGMA secure_delete = ON;
         PRAGMA temp_store = MEMORY;
         PRAGMA foreign_keys = ON;
         PRAGMA trusted_schema = OFF;
         PRAGMA cell_size_check = ON;
         PRAGMA cache_size = -3500;",
    )?;
    // Plans do not depend on values here; without this, SQLite would prepare
    // every statement anew once its parameters are bound.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    conn.set_prepared_statement_cache_capacity(64);
    let permits = Arc::default();
    triggers::add_functions(&conn, &permits)?;
    Ok(Store { conn, key, permits, file: None, odd_byte: None, unlogged: RefCell::default() })
}

pub(super) fn version(conn: &Connection) -> rusqlite::Result<usize> {
    let version: i64 = conn.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    Ok(usize::try_from(version).unwrap_or(usize::MAX))
}

/// How many pages of an encrypted file are not as they were written: each has a
/// checksum that only the key can make. Of a plain one nobody can tell.
pub(super) fn broken_pages(conn: &Connection) -> rusqlite::Result<usize> {
    let mut statement = conn.prepare("PRAGMA cipher_integrity_check")?;
    let mut rows = statement.query([])?;
    let mut pages = 0;
    while rows.next()?.is_some() {
        pages += 1;
    }
    Ok(pages)
}

/// Applies the missing steps up to a version, all of them or none.
pub(super) fn migrate(store: &Store, to: usize) -> Result<(), OpenError> {
    let tx = rusqlite::Transaction::new_unchecked(&store.conn, TransactionBehavior::Immediate)?;
    // Another window may have done it while this one waited for the lock.
    for step in MIGRATIONS.iter().take(to).skip(version(&tx)?) {
        tx.execute_batch(step)?;
    }
    say_whose(&tx, to)?;
    Ok(tx.commit()?)
}

/// Says in the file's header whose it is, and of which version.
pub(super) fn say_whose(conn: &Connection, version: usize) -> rusqlite::Result<()> {
    conn.pragma_update(None, "application_id", APPLICATION_ID)?;
    conn.pragma_update(None, "user_version", i64::try_from(version).unwrap_or(0))
}

//! Opening and making the file: whose it is, which version, how it is kept.

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::Store;
use super::triggers;

/// `coho` in the file's header says whose file it is.
const APPLICATION_ID: i32 = 0x636f_686f;

/// Numbered steps from an empty file to the newest version. Only ever added
/// to: files of every version are out there.
const MIGRATIONS: &[&str] =
    &[include_str!("migrations/0001_first.sql"), include_str!("migrations/0002_kept_safe.sql")];

/// The version that this program writes.
pub(super) const NEWEST: usize = MIGRATIONS.len();

/// Long enough for the slowest command of another window.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why a file was not opened. Such a file was not touched.
#[derive(Debug)]
pub enum OpenError {
    Missing,
    NotOurs,
    /// The version of the file, and the newest one this program knows.
    Newer(i32, usize),
    /// There already.
    Exists,
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

/// Makes a new, empty file of records that only its owner may read. It appears
/// whole: half of one would be refused as not ours ever after.
pub fn create(path: &Path) -> Result<(), OpenError> {
    if path.symlink_metadata().is_ok() {
        return Err(OpenError::Exists);
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    // Made with mode 0600 before SQLite sees it; its journals take that over.
    let growing = tempfile::Builder::new().prefix(".cohorts-").tempfile_in(folder)?;
    // Says that somebody is at it: what is left by a crash is removed.
    #[cfg(unix)]
    growing.as_file().lock().ok();
    migrate(&connect(growing.path())?)?;
    growing.persist_noclobber(path).map(drop).map_err(|error| error.error.into())
}

/// Opens a file of records, bringing an older version up to date first.
pub fn open(path: &Path) -> Result<Store, OpenError> {
    let header = header_of_ours(path)?;
    let mut store = connect(path)?;
    store.file = Some(header.file);
    if header.has_wal {
        // Another program switched it; one file is whole after each command
        // only with a rollback journal.
        store.conn.pragma_update(None, "journal_mode", "DELETE")?;
    }
    if header.version < NEWEST {
        migrate(&store)?;
    }
    Ok(store)
}

/// STUB, replaced in the merge.
pub fn open_copy(path: &Path) -> Result<Store, OpenError> {
    header_of_ours(path)?;
    connect(path)
}

/// What the beginning of a file says of it.
struct Header {
    version: usize,
    has_wal: bool,
    file: FileId,
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

/// Looks at the header alone, before SQLite opens the file: opening one that is
/// not ours can already change what lies beside it. The places are those of
/// <https://sqlite.org/fileformat.html>.
fn header_of_ours(path: &Path) -> Result<Header, OpenError> {
    let mut header = [0; 100];
    let mut file = File::open(path)?;
    let read = file.read_exact(&mut header);
    let number = |at: usize| {
        i32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]])
    };
    match read {
        Err(error) if error.kind() != io::ErrorKind::UnexpectedEof => Err(error.into()),
        Err(_) => Err(OpenError::NotOurs),
        Ok(()) if !header.starts_with(b"SQLite format 3\0") => Err(OpenError::NotOurs),
        Ok(()) if number(68) != APPLICATION_ID => Err(OpenError::NotOurs),
        Ok(()) => match (number(60), usize::try_from(number(60))) {
            (_, Ok(version)) if version <= MIGRATIONS.len() => {
                let file = FileId::of(&file.metadata()?);
                Ok(Header { version, has_wal: header[18] == 2, file })
            }
            (version, _) => Err(OpenError::Newer(version, MIGRATIONS.len())),
        },
    }
}

pub(super) fn connect(path: &Path) -> Result<Store, OpenError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags)?;
    conn.busy_timeout(PATIENCE)?;
    // One file, whole after each command and after a power cut (EXTRA also
    // syncs the folder once the journal is gone); deleted rows are overwritten;
    // large sorts never spill names into the temp folder; views and triggers of
    // a file somebody tampered with may not call what they like.
    conn.execute_batch(
        "PRAGMA synchronous = EXTRA;
         PRAGMA secure_delete = ON;
         PRAGMA temp_store = MEMORY;
         PRAGMA foreign_keys = ON;
         PRAGMA trusted_schema = OFF;
         PRAGMA cell_size_check = ON;",
    )?;
    // Plans do not depend on values here; without this, SQLite would prepare
    // every statement anew once its parameters are bound.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    conn.set_prepared_statement_cache_capacity(64);
    let permits = Arc::default();
    triggers::add_functions(&conn, &permits)?;
    Ok(Store { conn, permits, file: None })
}

pub(super) fn version(conn: &Connection) -> rusqlite::Result<usize> {
    let version: i64 = conn.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    Ok(usize::try_from(version).unwrap_or(usize::MAX))
}

/// Applies the missing steps, all of them or none.
pub(super) fn migrate(store: &Store) -> Result<(), OpenError> {
    let tx = rusqlite::Transaction::new_unchecked(&store.conn, TransactionBehavior::Immediate)?;
    // Another window may have done it while this one waited for the lock.
    for step in MIGRATIONS.iter().skip(version(&tx)?) {
        tx.execute_batch(step)?;
    }
    tx.pragma_update(None, "application_id", APPLICATION_ID)?;
    tx.pragma_update(None, "user_version", i64::try_from(MIGRATIONS.len()).unwrap_or(0))?;
    Ok(tx.commit()?)
}

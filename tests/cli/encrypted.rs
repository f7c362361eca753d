//! Where the program can encrypt, the stories are told of encrypted records; where
//! it cannot, the same ones of plain records.

use std::cell::RefCell;
use std::fs;
use std::path::Path;
use std::sync::Once;

use cohorts::domain::key::{Key, KeyId, hex};
use cohorts::error::Error;
use cohorts::store::ENCRYPTS;
use rusqlite::Connection;

thread_local! {
    /// Another key than that of every office.
    static OTHER: RefCell<Option<Key>> = const { RefCell::new(None) };
}

/// The key of every office, or the one of [`with_key`].
pub(crate) fn key() -> Key {
    OTHER.with_borrow(Clone::clone).unwrap_or_else(|| Key::of([42; 32].into()))
}

/// Opens files with another key.
#[cfg(feature = "encryption")]
pub(crate) fn with_key<T>(key: &Key, open: impl FnOnce() -> T) -> T {
    OTHER.set(Some(key.clone()));
    let opened = open();
    OTHER.set(None);
    opened
}

/// The key as `SQLCipher` takes it, with how every file begins that it opens.
fn literal() -> String {
    format!("x'{}{}{}'", hex(key().bits()), hex(b"cohorts\x01"), key().id())
}

/// Puts the key on somebody's computer.
pub(crate) fn keep_key(home: &Path) {
    if ENCRYPTS {
        // `SQLCipher` is not ready before its first connection is open, and other
        // stories are told meanwhile.
        static READY: Once = Once::new();
        READY.call_once(|| drop(Connection::open_in_memory().unwrap()));
        let keys = home.join(".config/cohorts/keys");
        fs::create_dir_all(&keys).unwrap();
        write_key(&keys);
    }
}

/// Writes the file of the key into a folder.
pub(crate) fn write_key(folder: &Path) {
    let text = format!("opens = \"{}\"\nkey = \"{}\"\n", key().id(), hex(key().bits()));
    fs::write(folder.join(key_file()), text).unwrap();
}

/// What the file of the key is called.
pub(crate) fn key_file() -> String {
    format!("{}.key", key().id())
}

/// Encrypts records.
pub(crate) fn encrypt(records: &Path) {
    if ENCRYPTS {
        let growing = records.with_extension("growing");
        convert(records, &growing, &literal());
        fs::set_permissions(&growing, fs::metadata(records).unwrap().permissions()).unwrap();
        fs::rename(&growing, records).unwrap();
    }
}

/// What a file of records would be if it were not encrypted.
pub(crate) fn readable(file: &Path) -> Vec<u8> {
    if !is(file) {
        return fs::read(file).unwrap();
    }
    let plain = tempfile::tempdir().unwrap();
    let plain = plain.path().join("plain.db");
    convert(file, &plain, "");
    fs::read(plain).unwrap()
}

fn convert(from: &Path, to: &Path, to_key: &str) {
    let records = open(from);
    records.execute("ATTACH ?1 AS other KEY ?2", [to.to_str().unwrap(), to_key]).unwrap();
    let number =
        |name: &str| -> i64 { records.pragma_query_value(None, name, |row| row.get(0)).unwrap() };
    let (version, whose) = (number("user_version"), number("application_id"));
    records
        .execute_batch(&format!(
            "SELECT sqlcipher_export('other');
             PRAGMA other.user_version = {version};
             PRAGMA other.application_id = {whose};"
        ))
        .unwrap();
}

/// The key of a name, if it is the one.
pub(crate) fn find_key(id: KeyId) -> Result<Key, Error> {
    Some(key()).filter(|key| key.id() == id).ok_or_else(|| Error::locked("that is another key"))
}

/// Whether a file of records is encrypted.
pub(crate) fn is(file: &Path) -> bool {
    fs::read(file).is_ok_and(|bytes| bytes.starts_with(b"cohorts\x01"))
}

/// Opens a file of records that may be encrypted.
pub(crate) fn open(file: &Path) -> Connection {
    let records = Connection::open(file).unwrap();
    if is(file) {
        unlock(&records);
    }
    records
}

pub(crate) fn unlock(records: &Connection) {
    records.pragma_update(None, "cipher_log_level", "NONE").unwrap();
    records.pragma_update(None, "key", literal()).unwrap();
}

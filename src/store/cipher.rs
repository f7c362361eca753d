//! Records that nobody can read without their key: how `SQLCipher` is told it, and
//! how such a file is known from outside.
//!
//! A file of `SQLCipher` begins with 16 bytes that are mixed into its key. Where
//! the key is random, as ours are, they may be the same in every file of one
//! key; so here they say that the file is ours and which key opens it. Nothing
//! else of such a file says anything.

use std::path::Path;

use rusqlite::{Connection, OpenFlags, params};
use zeroize::Zeroizing;

use super::open::{self, OpenError};
use crate::domain::key::{Key, KeyId, hex};

/// Whether this program was built so that it can encrypt and decrypt.
pub const ENCRYPTS: bool = cfg!(feature = "encryption");

/// How an encrypted file of ours begins, before the name of its key.
const OURS: &[u8; 8] = b"cohorts\x01";

/// Which key opens a file that begins like this, if it is an encrypted one of
/// ours.
pub(super) fn key_of(beginning: &[u8; 16]) -> Option<KeyId> {
    let (ours, id) = beginning.split_at(OURS.len());
    (ours == OURS).then_some(KeyId(id.try_into().ok()?))
}

/// A key as `SQLCipher` takes it, used as it is: 64 digits, and those of the
/// file's beginning.
fn literal(key: &Key) -> Zeroizing<String> {
    let mut literal = Zeroizing::new(String::with_capacity(100));
    let bits = Zeroizing::new(hex(key.bits()));
    for part in ["x'", &bits, &hex(OURS), &key.id().to_string(), "'"] {
        literal.push_str(part);
    }
    literal
}

/// Opens and makes everything in a file with a key from now on.
pub(super) fn unlock(conn: &Connection, key: &Key) -> Result<(), OpenError> {
    if !ENCRYPTS {
        // Without SQLCipher the pragma does nothing, and names would be written
        // for everybody to read.
        return Err(OpenError::CannotEncrypt);
    }
    // What it has to say of a wrong key is not for people.
    conn.pragma_update(None, "cipher_log_level", "NONE")?;
    conn.pragma_update(None, "key", &*literal(key))?;
    Ok(())
}

/// Copies the tables of a file that anybody can read into another that is there
/// and empty, encrypted. Whose the other file is, it does not say yet.
pub(super) fn encrypt(from: &Path, to: &Path, key: &Key) -> Result<(), OpenError> {
    if !ENCRYPTS {
        return Err(OpenError::CannotEncrypt);
    }
    // Without our functions and foreign keys: rows are copied as they are.
    let access = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(from, access)?;
    conn.busy_timeout(open::PATIENCE)?;
    conn.execute("ATTACH ?1 AS other KEY ?2", params![to.to_string_lossy(), &*literal(key)])?;
    // Nobody sees the other file before it is complete, and the caller puts it
    // on the disk; a journal beside it would only be one more place for names.
    conn.execute_batch(
        "PRAGMA temp_store = MEMORY;
         PRAGMA other.journal_mode = MEMORY;
         PRAGMA other.synchronous = OFF;
         BEGIN;
         SELECT sqlcipher_export('other');
         COMMIT;
         DETACH other;",
    )?;
    Ok(())
}

/// Copies the tables of an encrypted file into memory: on the disk anybody could
/// read them. Whose they are, they do not say yet.
pub(super) fn decrypt(from: &Path, key: &Key) -> Result<Connection, OpenError> {
    if !ENCRYPTS {
        return Err(OpenError::CannotEncrypt);
    }
    let conn = Connection::open_in_memory()?;
    conn.busy_timeout(open::PATIENCE)?;
    conn.pragma_update(None, "cipher_log_level", "NONE")?;
    conn.execute("ATTACH ?1 AS sealed KEY ?2", params![from.to_string_lossy(), &*literal(key)])?;
    conn.execute_batch(
        "BEGIN;
         SELECT sqlcipher_export('main', 'sealed');
         COMMIT;
         DETACH sealed;",
    )?;
    Ok(conn)
}

//! Changes the records behind the history's back, as a program could that knows
//! how cohorts keeps others from it.

use rusqlite::functions::FunctionFlags;
use rusqlite::types::ValueRef;
use sha2::{Digest, Sha256};

use crate::encrypted;
use crate::office::Office;

/// Runs SQL that no guard holds up, and no reference.
pub(super) fn tamper(office: &Office, sql: &str) {
    tamper_with(office, "cohorts.db", sql);
}

/// The same with another file of records.
pub(super) fn tamper_with(office: &Office, file: &str, sql: &str) {
    let records = encrypted::open(&office.path(file));
    let flags = FunctionFlags::SQLITE_INNOCUOUS;
    for name in ["open_operation", "writes_history", "erasing"] {
        records.create_scalar_function(name, 0, flags, |_| Ok(1)).unwrap();
    }
    records
        .create_scalar_function("change_checksum", -1, flags, |arguments| {
            let mut hash = Sha256::new();
            for index in 0..arguments.len() {
                match arguments.get_raw(index) {
                    ValueRef::Integer(number) => hash.update(number.to_le_bytes()),
                    ValueRef::Text(text) => hash.update(text),
                    _ => hash.update([0]),
                }
                hash.update([0xff]);
            }
            Ok(hash
                .finalize()
                .iter()
                .take(8)
                .fold(0_i64, |sum, byte| (sum << 8) | i64::from(*byte)))
        })
        .unwrap();
    records.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
    records.execute_batch(sql).unwrap();
}

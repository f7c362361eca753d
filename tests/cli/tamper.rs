//! Changes the records behind the history's back, as a program could that knows
//! how cohorts keeps others from it.

use rusqlite::functions::FunctionFlags;
use rusqlite::types::ValueRef;
use sha2::{Digest, Sha256};

use crate::office::Office;

/// Runs SQL that no guard holds up, and no reference.
pub(super) fn tamper(office: &Office, sql: &str) {
    let records = office.records();
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

/// Makes a copy of the records that carries cohorts.toml, as a backup does.
pub(super) fn copy_as(office: &Office, kind: &str, name: &str) {
    let whole = std::fs::read(office.path("cohorts.db")).unwrap();
    let definitions = office.read("cohorts.toml").replace('\'', "''");
    tamper(
        office,
        &format!(
            "UPDATE office SET copy_kind = '{kind}', copied_at = '2024-02-20 10:00:00',
                               definitions = '{definitions}';
             UPDATE office SET checksum = change_checksum(id, uid, hash_key, handed_over_at,
                               handed_over_to, copy_kind, copied_at, definitions);"
        ),
    );
    std::fs::copy(office.path("cohorts.db"), office.path(name)).unwrap();
    std::fs::write(office.path("cohorts.db"), whole).unwrap();
}

//! Single bits of cohorts.db flipped: each is found by `check`, or does no harm.

use std::path::Path;

use cohorts::store::{self, ENCRYPTS, OpenError};
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags};

use crate::encrypted;
use crate::office::Office;
use crate::quarter::lively_quarter;

/// How many bits, unless `COHORTS_FLIPS` says otherwise.
const FLIPS: usize = 500;

/// What came of one bit.
#[derive(Debug, PartialEq, Eq)]
enum Fate {
    Found,
    Harmless,
    Missed,
}

#[test]
fn every_flipped_bit_is_found_or_harmless() {
    let flips = std::env::var("COHORTS_FLIPS").ok().and_then(|n| n.parse().ok());
    let flips = flips.unwrap_or(FLIPS);
    let office = lively_quarter();
    let path = office.path("cohorts.db");
    let whole = std::fs::read(&path).unwrap();
    let (rows, said) = (all_rows(&path).unwrap(), outputs(&office));
    assert!(store::open(&path, &encrypted::find_key).unwrap().verify().unwrap().is_empty());

    // Pages are half empty: as many bits again are flipped where something is.
    let used: Vec<usize> = (0..whole.len()).filter(|at| whole[*at] != 0).collect();
    let mut random = fastrand::Rng::with_seed(1);
    let anywhere = (0..flips).map(|_| random.usize(..whole.len())).collect::<Vec<_>>();
    let in_use = (0..flips).map(|_| used[random.usize(..used.len())]).collect::<Vec<_>>();
    for (place, bytes) in [("anywhere", anywhere), ("where something is", in_use)] {
        let bits = bytes.into_iter().map(|byte| byte * 8 + random.usize(..8));
        let (mut found, mut harmless, mut missed) = (0, 0, Vec::new());
        for bit in bits {
            let mut bytes = whole.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            std::fs::write(&path, &bytes).unwrap();
            match fate(&path, &rows) {
                Fate::Found => {
                    found += 1;
                    if found % 32 == 1 {
                        let done = office.run("check");
                        assert!([1, 4, 5].contains(&done.code), "bit {bit}: {}", done.stderr);
                        assert!(!done.stderr.contains("nothing was changed"), "{}", done.stderr);
                    }
                }
                Fate::Harmless => {
                    harmless += 1;
                    // What the commands say is looked at too, now and then: it
                    // takes longer than all the rest.
                    if harmless % 16 == 1 {
                        assert_eq!(office.run("check").code, 0, "bit {bit}");
                        assert_eq!(outputs(&office), said, "bit {bit}");
                    }
                }
                Fate::Missed => missed.push(bit),
            }
        }
        // To be seen with --nocapture.
        #[expect(clippy::print_stderr, reason = "the numbers are the point")]
        {
            eprintln!(
                "{flips} bits {place}: {found} found, {harmless} harmless, {} missed",
                missed.len()
            );
        }
        assert!(missed.is_empty(), "flipped without being noticed: {missed:?}");
        // Each page of encrypted records has a checksum over all of it.
        assert!(!ENCRYPTS || harmless == 0, "{harmless} harmless");
        assert!(found > flips / 8, "{found} found, {harmless} harmless");
    }
}

/// What comes of a file with a flipped bit.
fn fate(path: &Path, rows: &[Vec<Value>]) -> Fate {
    let store = match store::open(path, &encrypted::find_key) {
        Ok(store) => store,
        Err(OpenError::NotOurs | OpenError::Newer(..) | OpenError::Locked(_)) => {
            return Fate::Found;
        }
        Err(OpenError::Sqlite(error)) if store::is_damage(&error) => return Fate::Found,
        Err(error) => panic!("{error:?}"),
    };
    // Damage is a finding, and never an error.
    if !store.verify().unwrap().is_empty() {
        return Fate::Found;
    }
    drop(store);
    match all_rows(path) {
        Ok(now) if now == rows => Fate::Harmless,
        _ => Fate::Missed,
    }
}

/// Every value in the file.
fn all_rows(path: &Path) -> rusqlite::Result<Vec<Vec<Value>>> {
    let records = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    if encrypted::is(path) {
        encrypted::unlock(&records);
    }
    let tables: Vec<String> = records
        .prepare(
            "SELECT name FROM sqlite_schema
             WHERE type = 'table' AND name <> 'sqlite_sequence' ORDER BY name",
        )?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let mut all = Vec::new();
    for table in tables {
        let mut statement = records.prepare(&format!("SELECT * FROM {table} ORDER BY id"))?;
        let columns = statement.column_count();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            all.push((0..columns).map(|column| row.get(column)).collect::<Result<_, _>>()?);
        }
    }
    Ok(all)
}

/// What the commands say of all there is.
fn outputs(office: &Office) -> Vec<String> {
    let columns = "cohort,code,first_name,last_name,goes_by,email,phone,status,agreed,joined_week,\
                   withdrawn_on,leave,site,residency,attendance";
    [
        &format!("roster --status all --all --columns {columns} --format csv"),
        "consent list",
        "participant list",
        "history --all --format csv",
    ]
    .iter()
    .map(|line| office.ok(line))
    .collect()
}

//! Whether two programs came to the same. What is compared may be larger than
//! what this process may hold, so it is read as it comes.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::path::Path;

use crate::Result;
use crate::programs::Call;

/// Whether two CSV files have the same cells, whatever the order of their lines
/// and the quotes around them.
pub(crate) fn cells(one: &Path, other: &Path) -> Result<()> {
    let (first, second) = (summed_up(one)?, summed_up(other)?);
    if first == second && first.0 > 1 {
        return Ok(());
    }
    let (one, other) = (one.display(), other.display());
    Err(format!("these are not the same: {one} ({first:?}) and {other} ({second:?})").into())
}

/// How many lines there are, and their hashes added up.
fn summed_up(file: &Path) -> Result<(u64, u64)> {
    let mut lines = csv::ReaderBuilder::new().has_headers(false).from_path(file)?;
    let mut line = csv::StringRecord::new();
    let (mut count, mut sum) = (0, 0_u64);
    while lines.read_record(&mut line)? {
        let mut hash = DefaultHasher::new();
        line.iter().for_each(|cell| cell.hash(&mut hash));
        count += 1;
        sum = sum.wrapping_add(hash.finish());
    }
    Ok((count, sum))
}

/// Whether two files of records hold as many rows of each kind, with the same
/// columns in the history.
pub(crate) fn history(one: &Path, other: &Path) -> Result<()> {
    let sql = "SELECT tbl, count(*), (SELECT group_concat(key) FROM json_each(max(after)))
               FROM change GROUP BY tbl;
               SELECT count(*) FROM participant; SELECT count(*) FROM address;
               SELECT status, count(*) FROM enrollment GROUP BY status;
               SELECT decision, decided_on, method, count(*) FROM consent GROUP BY 1, 2, 3;";
    let summed_up = |folder: &Path| Call::sqlite(&folder.join("cohorts.db"), &[sql]).output();
    let (first, second) = (summed_up(one)?, summed_up(other)?);
    if first == second {
        return Ok(());
    }
    Err(format!("these are not the same:\n{first}and by sqlite3:\n{second}").into())
}

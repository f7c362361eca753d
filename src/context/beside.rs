//! Files that hold records and lie beside those that a folder works with: what
//! others took the place of, and what somebody or a program copied. Not below.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::store;

/// What a command has moved aside for other records begins with this.
const BEFORE: &str = "cohorts.db.before-";

/// All of them, by how they begin or are called; and definitions are not among them.
pub fn kept_aside(folder: &Path) -> Vec<PathBuf> {
    let mut found = files(folder);
    found.retain(|(path, name)| {
        is_aside(name) || is_second(name) || (!is_growing(name) && store::are_records(path))
    });
    found.into_iter().map(|(path, _)| path).collect()
}

/// The names of those that nobody keeps on purpose, as far as that can be told: no
/// backups, nor what was moved aside for other records.
pub fn strays(folder: &Path) -> Vec<String> {
    let mut found = files(folder);
    found.retain(|(path, name)| {
        is_second(name)
            || !is_growing(name) && !name.starts_with(BEFORE) && are_plain_and_no_copy(path)
    });
    found.into_iter().map(|(_, name)| name).collect()
}

/// What lies in a folder beside the records, by name.
fn files(folder: &Path) -> Vec<(PathBuf, String)> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut found: Vec<(PathBuf, String)> = entries
        .map(|entry| (entry.path(), entry.file_name().to_string_lossy().into_owned()))
        .filter(|(_, name)| name != store::FILE_NAME)
        .collect();
    found.sort();
    found
}

/// Whether a file is called as what was moved aside.
fn is_aside(name: &str) -> bool {
    name.strip_prefix(store::FILE_NAME).is_some_and(|rest| {
        let beside = store::BESIDE.iter().find_map(|ending| rest.strip_prefix(ending));
        beside.unwrap_or(rest).starts_with('.')
    })
}

/// Whether a file is called as a program for synced folders calls a second
/// `cohorts.db`, such as `cohorts (conflicted copy).db` and `cohorts-DESKTOP-1.db`.
fn is_second(name: &str) -> bool {
    let is_db = Path::new(name).extension().is_some_and(|ending| ending.eq_ignore_ascii_case("db"));
    name.starts_with("cohorts") && is_db
}

/// Whether a file is not complete yet; what is left of one is said elsewhere.
fn is_growing(name: &str) -> bool {
    name.starts_with(".cohorts-")
}

/// Whether a file is records that do not say that they are a copy. What is encrypted
/// does not say it without its key.
fn are_plain_and_no_copy(path: &Path) -> bool {
    let no_key = |_| Err(Error::locked("nobody is asked"));
    store::are_records(path)
        && matches!(store::key_of(path), Ok(None))
        && !store::open_copy(path, &no_key).is_ok_and(|copy| !matches!(copy.copy_note(), Ok(None)))
}

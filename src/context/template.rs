//! What messages say, where it is in a file of its own. cohorts.toml may come from
//! somebody else, and what is read here leaves in messages: only what lies beside
//! it, or below, is.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Component, Path};

use crate::definitions::FILE_NAME;

/// Longer than any letter.
const LARGEST: u64 = 1 << 20;

/// Reads a template by the name that cohorts.toml has for it, or says what is wrong
/// with that.
pub fn read(folder: &Path, name: &str) -> Result<Vec<u8>, String> {
    let failed = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => format!("there is no file {name} beside {FILE_NAME}"),
        kind => format!("{name} cannot be read: {kind}"),
    };
    let elsewhere = || format!("{name} is not in the folder of {FILE_NAME}, nor below it");
    let inside = |part| matches!(part, Component::Normal(_) | Component::CurDir);
    let may_lead_out = !Path::new(name).components().all(inside);
    let folder = folder.canonicalize().map_err(failed)?;
    let path = folder.join(name).canonicalize().map_err(|error| match may_lead_out {
        // Whether there is such a file elsewhere is nobody's business.
        true => elsewhere(),
        false => failed(error),
    })?;
    if !path.starts_with(&folder) {
        return Err(elsewhere());
    }
    // A pipe would be waited for.
    if !fs::metadata(&path).map_err(failed)?.is_file() {
        return Err(format!("{name} is no file with a text"));
    }
    let mut bytes = Vec::new();
    File::open(&path)
        .and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes))
        .map_err(failed)?;
    match bytes.len() as u64 > LARGEST {
        true => Err(format!("{name} has more than 1 MB, which is too long")),
        false => Ok(bytes),
    }
}

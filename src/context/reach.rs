//! What left the records, and is beyond reach of a command: the files that may hold
//! somebody, and whether they are still where they were written to.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use super::{beside, copies};
use crate::definitions::Definitions;
use crate::domain::file_name;
use crate::domain::participant::Participant;
use crate::error::Result;
use crate::output::file;
use crate::output::messages::Report;
use crate::output::words;
use crate::store::Store;

/// Whether a file that left still lies there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lies {
    There,
    /// Its folder is there, and it is not in it.
    Gone,
    /// The disk may only be unplugged.
    Away,
    Unknown,
}

impl Lies {
    pub fn said(self) -> &'static str {
        match self {
            Self::There => "still there",
            Self::Gone => "gone",
            Self::Away => "cannot be looked at: the disk or folder is not there now",
            Self::Unknown => "cannot be looked at",
        }
    }
}

/// Looks for a file that left.
pub fn look_for(file: &str) -> Lies {
    let path = Path::new(file);
    // A name was erased, because it told of somebody; or it is of another system.
    if file_name::is_emptied(file) || !path.is_absolute() {
        return Lies::Unknown;
    }
    let is_missing =
        |kind: ErrorKind| matches!(kind, ErrorKind::NotFound | ErrorKind::NotADirectory);
    match path.symlink_metadata() {
        Ok(_) => Lies::There,
        Err(error) if !is_missing(error.kind()) => Lies::Unknown,
        Err(_) if path.parent().is_some_and(Path::is_dir) => Lies::Gone,
        Err(_) => Lies::Away,
    }
}

/// Where an interrupted command may have left something just now.
pub const LATELY: i64 = 3;

/// Removes what interrupted commands left where their files were to go, of the last
/// `most`: it can be read by whoever has that disk, and no history tells of it.
pub fn sweep(store: &Store, most: i64) -> Result<()> {
    let files = store.files_that_left(most)?;
    let folders: BTreeSet<&Path> = files.iter().filter_map(|f| Path::new(f).parent()).collect();
    folders.into_iter().for_each(file::sweep);
    Ok(())
}

/// Says where people may still be found, which nothing here can change.
pub fn beyond(
    folder: &Path,
    definitions: &Definitions,
    store: &Store,
    people: &[Participant],
) -> Result<Report> {
    sweep(store, i64::MAX)?;
    let mut files: Vec<String> = Vec::new();
    for one in people {
        for file in store.files_that_may_hold(one.id)? {
            if !files.contains(&file) {
                files.push(file);
            }
        }
    }
    for path in beside::kept_aside(folder) {
        let file = path.display().to_string();
        if !files.contains(&file) {
            files.push(file);
        }
    }
    let mut report = Report::new("What this cannot reach, and you can:");
    for file in files {
        let lies = look_for(&file);
        if lies != Lies::Gone {
            report = report.and(format!("  {file}"));
        }
        if lies == Lies::Away || (lies == Lies::Unknown && !file_name::is_emptied(&file)) {
            report = report.and(format!("    {}", lies.said()));
        }
    }
    if let Some(plan) = copies::plan(folder, definitions) {
        if let Some(backups) = copies::backups(store, &plan)? {
            report = report.and(format!(
                "  {} in {}:\n    today's is renewed now; the others stay until newer ones take their place",
                words::count(backups.count, "backup"),
                plan.folder.display(),
            ));
            for backup in backups.with_more {
                let name = backup.file_name().unwrap_or_default().display();
                report = report.and(format!(
                    "    but {name} has what the records lack, and stays until you delete it"
                ));
            }
        } else if fs::read_dir(&plan.folder).is_err() {
            report = report.and(format!(
                "  the backups in {}\n    {}",
                plan.folder.display(),
                Lies::Away.said()
            ));
        }
    }
    Ok(report.and("  the sign-up form, your mailbox, Zoom, files that you exported and sent on"))
}

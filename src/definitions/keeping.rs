//! `[backup]` and `[retention]`: where copies of the records go, and how long
//! people are kept. Where the folder is, and whether it is there, is not known
//! here.

use super::fields::{Field, Section};
use super::problem::Report;
use super::{attendance, receipt, reporting};
use crate::domain::period::Period;

pub(super) const BACKUP_KEYS: [&str; 2] = ["folder", "keep"];
pub(super) const RETENTION_KEYS: [&str; 1] = ["erase_after"];

/// How many copies are kept where nothing else is said.
const KEEP: usize = 30;

/// What becomes of the records.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Keeping {
    pub backup: Option<BackupPlan>,
    /// How long after their last cohort people are due to be erased.
    pub erase_after: Option<Period>,
}

/// Where copies go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupPlan {
    /// As it was written: it may begin with `~/`, or with the folder of the
    /// file that says it left out.
    pub folder: String,
    /// How many copies are kept, one a day.
    pub keep: usize,
}

/// The line below which a key belongs, for one that stands elsewhere.
pub(super) fn header_of(key: &str) -> Option<&'static str> {
    if BACKUP_KEYS.contains(&key) {
        Some("[backup]")
    } else if RETENTION_KEYS.contains(&key) {
        Some("[retention]")
    } else if attendance::KEYS.contains(&key) {
        Some("[attendance]")
    } else if reporting::KEYS.contains(&key) {
        Some("[report]")
    } else if receipt::KEYS.contains(&key) {
        Some("[receipt]")
    } else {
        None
    }
}

pub(super) fn backup(section: &Section<'_>, report: &mut Report<'_>) -> Option<BackupPlan> {
    let folder = section.require("folder", report);
    let folder = folder.and_then(|field| folder_name(&field, report));
    let keep = match section.get("keep") {
        Some(field) => field.whole_number(1..=3650, report).map(|keep| keep as usize),
        None => Some(KEEP),
    };
    Some(BackupPlan { folder: folder?, keep: keep? })
}

/// A folder's name is not tidied: blanks in it count.
fn folder_name(field: &Field<'_>, report: &mut Report<'_>) -> Option<String> {
    let name = field.raw_text(report)?;
    if name.trim().is_empty() {
        field.wrong("is empty", field.like(), report);
        None
    } else if name.chars().any(char::is_control) {
        // "E:\backup" in the file is `E:`, a control character, and `ackup`.
        let help = r"write `/` wherever the folder's name has `\`";
        field.wrong("contains an invisible control character", help, report);
        None
    } else {
        Some(name.to_owned())
    }
}

pub(super) fn erase_after(section: &Section<'_>, report: &mut Report<'_>) -> Option<Period> {
    let field = section.require("erase_after", report)?;
    let typed = field.raw_text(report)?;
    if typed.trim().is_empty() {
        field.wrong("is empty", field.like(), report);
        return None;
    }
    match Period::parse(typed) {
        Ok(period) => Some(period),
        Err(help) => {
            field.wrong(&format!("cannot be `{typed}`"), help, report);
            None
        }
    }
}

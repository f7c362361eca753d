//! Which edition of its dates an office has, for calendars: they keep the entry
//! with the higher number and pass over the others.
//!
//! The number must rise with every change of a date, be it by `cohorts move`,
//! `cohorts undo` or by hand; never fall, also not when a backup is put back;
//! and stay where nothing was changed, so that two files of the same dates are
//! the same. The history does not know what was edited by hand, and is shorter
//! after a backup was put back. But everything that changes a date saves
//! cohorts.toml. So the number is the second in which that was last saved, plus
//! how often commands edited it, which tells apart what they do within one
//! second. It rises for all sessions when any line of the file is changed,
//! which moves nothing in a calendar.

use std::path::Path;

use chrono::{DateTime, SubsecRound, Utc};

use crate::definitions;
use crate::error::{Result, io_error};
use crate::output::calendar::Edition;

/// 1 January 2024. Counted from here, seconds fit the 31 bits that calendars
/// have for the number until 2092.
const BEGINNING: i64 = 1_704_067_200;

/// When cohorts.toml was last saved. Asked before it is read: what is saved
/// between the two gets its own number the next time.
pub fn saved_at(folder: &Path) -> Result<DateTime<Utc>> {
    let path = folder.join(definitions::FILE_NAME);
    let saved = std::fs::metadata(&path).and_then(|about| about.modified());
    let saved = saved.map_err(|error| io_error("read", &path, &error))?;
    Ok(DateTime::<Utc>::from(saved).trunc_subsecs(0))
}

/// The edition of the dates in a cohorts.toml that was saved then, and edited
/// so often by commands.
pub fn of(saved_at: DateTime<Utc>, edits: u32) -> Edition {
    let seconds = (saved_at.timestamp() - BEGINNING).clamp(0, i64::from(i32::MAX));
    let number = u32::try_from(seconds).unwrap_or_default().saturating_add(edits);
    Edition { number: number.min(i32::MAX.unsigned_abs()), at: saved_at }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_rises_with_every_second_and_every_edit_within_it() {
        let number = |saved: &str, edits| of(saved.parse().unwrap(), edits).number;
        for (saved, edits, is) in [
            ("2024-01-01T00:00:00Z", 0, 0),
            ("2024-01-01T00:00:00Z", 2, 2),
            ("2024-01-02T00:00:00Z", 1, 86_401),
            // A file from before, and one from far too late.
            ("1980-01-01T00:00:00Z", 3, 3),
            ("2200-01-01T00:00:00Z", 3, 2_147_483_647),
        ] {
            assert_eq!(number(saved, edits), is, "{saved} {edits}");
        }
        assert!(number("2024-01-02T00:00:01Z", 1) > number("2024-01-02T00:00:00Z", 1));
        // An older backup is put back: fewer edits, saved later.
        assert!(number("2024-03-01T00:00:00Z", 2) > number("2024-02-01T00:00:00Z", 40));
    }
}

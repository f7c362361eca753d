//! `[report]`: which counts are too small for a report.

use super::fields::Section;
use super::problem::Report;

pub(super) const KEYS: [&str; 1] = ["suppress_below"];

/// British Columbia masks groups of one to nine.
pub(super) const SUPPRESS_BELOW: u32 = 10;

/// Below which number a report hides a count; 1 hides none.
pub(super) fn suppress_below(section: &Section<'_>, report: &mut Report<'_>) -> u32 {
    let Some(field) = section.get("suppress_below") else {
        return SUPPRESS_BELOW;
    };
    match field.whole_number(1..=100, report) {
        // All that is below 2 and not zero is 1.
        Some(2) => {
            let help = "write 3 or more, or 1 to hide nothing";
            field.wrong("cannot be 2: `<2` says that it is 1", help, report);
            SUPPRESS_BELOW
        }
        limit => limit.unwrap_or(SUPPRESS_BELOW),
    }
}

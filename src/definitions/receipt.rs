//! `[receipt]`: what a consent receipt says of whoever answers for the program.
//! Each key may be left out.

use super::fields::Section;
use super::problem::Report;

pub(super) const KEYS: [&str; 4] = ["controller", "contact", "withdraw", "jurisdiction"];

/// What a consent receipt says beside the consent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Responsible {
    /// Who answers for what is done with what people tell.
    pub controller: Option<String>,
    /// How to reach them.
    pub contact: Option<String>,
    /// How somebody takes their consent back.
    pub withdraw: Option<String>,
    /// Whose law it is under.
    pub jurisdiction: Option<String>,
}

pub(super) fn responsible(section: &Section<'_>, report: &mut Report<'_>) -> Responsible {
    let mut text = |key| section.get(key).and_then(|field| field.text(report));
    Responsible {
        controller: text("controller"),
        contact: text("contact"),
        withdraw: text("withdraw"),
        jurisdiction: text("jurisdiction"),
    }
}

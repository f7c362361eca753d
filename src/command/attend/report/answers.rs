//! `--who NAME=WHO`: who a name in a report is, said beforehand.

use super::room::Attendant;
use crate::domain::participant::Who;
use crate::domain::text::fold;

/// Who somebody in the room is.
#[derive(Debug, Clone)]
pub(super) enum Meant {
    Member(Who),
    /// Or otherwise there to lead or to help.
    Facilitator,
    Notetaker,
    /// Nobody of the group.
    Nobody,
}

/// A name, or an address, and who that is.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(super) name: String,
    pub(super) meant: Meant,
}

impl Answer {
    pub(super) fn is_about(&self, one: &Attendant) -> bool {
        fold(&self.name) == one.name.key() || self.has_address_of(one)
    }

    pub(super) fn has_address_of(&self, one: &Attendant) -> bool {
        one.address.as_ref().is_some_and(|address| *address == self.name.to_lowercase())
    }
}

/// Reads NAME=WHO. The name may hold a `=`, whoever is meant does not.
pub(crate) fn answer(typed: &str) -> Result<Answer, String> {
    let (name, who) = typed
        .rsplit_once('=')
        .ok_or("write the name in Zoom, then = and who it is, such as 'iPhone (2)=K7QM2'")?;
    let name = crate::domain::text::tidied(name);
    if name.is_empty() {
        return Err("there is no name before the =".into());
    }
    let meant = match fold(who.trim()).as_str() {
        "facilitator" => Meant::Facilitator,
        "notetaker" => Meant::Notetaker,
        "nobody" => Meant::Nobody,
        _ => Meant::Member(Who::parse(who)?),
    };
    Ok(Answer { name, meant })
}

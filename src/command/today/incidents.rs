//! What went wrong in a group, until something was done about it.

use super::{MOST_NAMED, Screen};
use crate::command::incident;
use crate::context::Office;
use crate::domain::incident::Incident;
use crate::domain::participant::{Participant, call_names};
use crate::error::Result;
use crate::output::items::Item;
use crate::output::words;
use crate::store::Incidents;

impl Screen {
    /// The incidents that are open, of whatever cohort and however old.
    pub(super) fn add_incidents(&mut self, office: &Office) -> Result<()> {
        let count = office.store.count_open_incidents()?;
        if count > MOST_NAMED {
            let what = format!("{} open", words::are(count, "incident"));
            self.today.push(Item { what, command: "cohorts incident list".into() });
            return Ok(());
        }
        let mut open: Vec<Incident> = Vec::new();
        office.store.each_incident(Incidents::Open, None, |incident| -> Result<()> {
            open.push(incident);
            Ok(())
        })?;
        // Each once, or they would be told from themselves.
        let mut people: Vec<&Participant> =
            open.iter().filter_map(|incident| incident.participant.as_ref()).collect();
        people.sort_by_key(|one| one.id);
        people.dedup_by_key(|one| one.id);
        let names = call_names(&people);
        for incident in &open {
            let who = incident.participant.as_ref().map(|one| one.id);
            let at = people.iter().position(|one| Some(one.id) == who);
            self.today.push(Item {
                what: incident::told(incident, at.map(|at| &*names[at])),
                command: format!("cohorts incident close {}", incident.number),
            });
        }
        Ok(())
    }
}

//! Whoever waits for support until a group starts, so that nobody is forgotten.

use super::{MOST_NAMED, Screen};
use crate::command::support;
use crate::context::{Context, Office};
use crate::domain::support::Support;
use crate::error::Result;
use crate::output::items::Item;
use crate::output::words;

impl Screen {
    pub(super) fn add_support(&mut self, ctx: &Context, office: &Office) -> Result<()> {
        let today = ctx.today();
        let (due, later): (Vec<_>, Vec<_>) =
            support::open(office)?.into_iter().partition(|(one, _)| one.is_due(today));
        let contact =
            |support: &Support| format!("cohorts support contact {}", support.participant.code);
        if due.len() > MOST_NAMED {
            let what = format!("{} contacts about support are due", due.len());
            self.today.push(Item::new(what, "cohorts support list"));
        } else {
            for (one, name) in &due {
                let what = match one.days(today) {
                    0 => format!("{name} asked for support today"),
                    1 => format!("{name} asked for support yesterday"),
                    days => format!("{name} asked for support {days} days ago"),
                };
                self.today.push(Item::new(what, contact(one)));
            }
        }
        let (planned, unplanned): (Vec<_>, Vec<_>) =
            later.into_iter().partition(|(one, _)| one.next_on.is_some());
        // Whoever has asked stands here until it is closed, however late the
        // next contact is.
        match planned.first().and_then(|(one, _)| one.next_on) {
            Some(next) if planned.len() > MOST_NAMED => {
                let (count, next) = (planned.len(), words::day(next));
                let what = format!("{count} requests for support, the next contact {next}");
                self.soon.push(Item::new(what, "cohorts support list"));
            }
            _ => {
                for (one, name) in &planned {
                    let day = one.next_on.map(words::weekday).unwrap_or_default();
                    self.soon.push(Item::new(format!("{name}: support, {day}"), contact(one)));
                }
            }
        }
        if !unplanned.is_empty() {
            let wait = words::count(unplanned.len(), "request");
            let what = format!("{wait} for support without a next contact");
            self.soon.push(Item::new(what, "cohorts support list"));
        }
        Ok(())
    }
}

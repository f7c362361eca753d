//! `[attendance]`: what makes somebody present, late or departed in a report of
//! who was in the room when. Each key may be left out.

use super::fields::{Field, Section};
use super::problem::Report;
use crate::domain::period::Minutes;
use crate::domain::presence::Rules;

pub(super) const KEYS: [&str; 3] = ["late_after", "departed_before_end", "present_from"];

pub(super) fn rules(section: &Section<'_>, report: &mut Report<'_>) -> Rules {
    let mut rules = Rules::default();
    for (key, rule) in [
        ("late_after", &mut rules.late_after),
        ("departed_before_end", &mut rules.departed_before_end),
        ("present_from", &mut rules.present_from),
    ] {
        let read = section.get(key).and_then(|field| minutes(&field, report));
        *rule = read.unwrap_or(*rule);
    }
    rules
}

fn minutes(field: &Field<'_>, report: &mut Report<'_>) -> Option<Minutes> {
    let typed = field.raw_text(report)?;
    match Minutes::parse(typed) {
        Ok(minutes) => Some(minutes),
        Err(help) => {
            field.wrong(&format!("cannot be `{typed}`"), help, report);
            None
        }
    }
}

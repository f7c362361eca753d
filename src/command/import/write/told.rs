//! What was written, in words: for the history, and for whoever imported it.

use std::collections::{HashMap, HashSet};

use super::Writing;
use crate::command::import::plan::{Plan, What};
use crate::command::import::preview::{guessed, places_and_line};
use crate::domain::consent::Decision;
use crate::domain::participant::Code;
use crate::intake::dates::Order;
use crate::output::messages::Report;
use crate::output::words;

/// So many people of one name are told of one by one.
const MOST_TOLD: usize = 20;

impl Writing<'_> {
    pub(super) fn report(&self, done: &Done) -> Report {
        let targets = &self.plan.cohorts;
        let slugs: Vec<&str> = targets.iter().map(|target| target.slug.as_str()).collect();
        let mut report = Report::silent();
        let signed_up = done.enrolled + done.waiting;
        if signed_up > 0 {
            let places = match targets.as_slice() {
                [one] => format!(
                    " {} of {} places are taken.",
                    one.capacity.saturating_sub(one.free) + done.enrolled,
                    one.capacity
                ),
                _ => String::new(),
            };
            report = report.and(format!(
                "Signed up {} for {}: {}.{places}",
                people(signed_up),
                words::list_or_count(&slugs, "cohort"),
                places_and_line(done.enrolled, done.waiting)
            ));
        }
        if done.unaddressed > 0 {
            let (who, has) = (people(done.unaddressed), words::has(done.unaddressed));
            report = report.and(format!("{who} {has} no address: messages cannot reach them."));
        }
        if done.agreed > 0 {
            report = report
                .and(format!("Recorded {} from the form.", words::count(done.agreed, "consent")));
        } else if self.plan.agreeing > 0 {
            report = report.and(format!(
                "{} in the form agreed, which is not recorded; --consents would.",
                words::count(self.plan.agreeing, "row")
            ));
        }
        if let Some(section) = &done.section {
            report = report
                .and(format!("Wrote what the columns are into cohorts.toml, [import.{section}]."));
        }
        if let Some((order, other)) = guessed(self.days) {
            let first = if other == Order::MonthFirst { "month" } else { "day" };
            report = report.and(format!("Days were read {order}.")).next(
                format!("if the {first} comes first"),
                format!("cohorts undo, then import it with --dates {other}"),
            );
        }
        for (one, other) in done.namesakes.iter().take(MOST_TOLD) {
            report = report
                .warning(format!("{one} has the same name as {other}, and another address or none"))
                .next(
                    "if it is the same person",
                    format!("cohorts participant merge {other} {one}"),
                );
        }
        if done.namesakes.len() > MOST_TOLD {
            let more = done.namesakes.len() - MOST_TOLD;
            report = report.warning(format!("{more} more have the name of somebody else"));
        }
        if signed_up > 0
            && let [one] = slugs.as_slice()
        {
            report = report.next("the text to agree to", format!("cohorts agreement {one}"));
        }
        if done.asked_before > 0 {
            report = report.next(
                format!("{} asked for support; close what is over", people(done.asked_before)),
                "cohorts support list",
            );
        }
        advised(self.plan, &done.codes, report).next("take it back", "cohorts undo")
    }
}

/// How to go on with what a form says and nothing is done about: a no, and an answer
/// for an earlier cohort. `codes` are those of whoever was new, by their lines.
pub(in crate::command::import) fn advised(
    plan: &Plan,
    codes: &HashMap<u64, Code>,
    mut report: Report,
) -> Report {
    let kinds = [
        (Decision::Declined, "to record the no in the form"),
        (Decision::Withdrawn, "to record the no of who had agreed"),
    ];
    let cohorts = plan.cohorts.iter().enumerate();
    for ((index, target), (decision, why)) in cohorts.flat_map(|one| kinds.map(|kind| (one, kind)))
    {
        let of_it = plan.planned.iter().filter(|one| one.cohort() == index);
        let declining: Vec<&str> = match plan.declining.is_empty() {
            true => Vec::new(),
            false => of_it
                .filter(|one| plan.declining.get(&one.line()) == Some(&decision))
                .filter_map(|one| one.what.code().or_else(|| codes.get(&one.line())))
                .map(Code::as_str)
                .collect(),
        };
        let who = match declining.len() {
            0 => continue,
            1..=MOST_TOLD => declining.join(" "),
            _ => "WHO...".into(),
        };
        report = report.next(
            why,
            format!("cohorts consent {decision} {who} -c {} --method form", target.slug),
        );
    }
    let mut earlier = plan.planned.iter().filter_map(|one| match &one.what {
        What::ForEarlier(earlier) => Some((earlier.cohort.as_str(), one.cohort())),
        _ => None,
    });
    let Some((from, to)) = earlier.next() else { return report };
    let from = if earlier.all(|(other, _)| other == from) { from } else { "FROM" };
    let to = &plan.cohorts[to].slug;
    report
        .next("whoever waited or missed some of it", format!("cohorts carry {from} {to}"))
        .next("whoever else comes again", format!("cohorts enroll -c {to} --same-person CODE"))
}

/// What was done, to be said.
#[derive(Default)]
pub(super) struct Done {
    pub(super) enrolled: usize,
    pub(super) waiting: usize,
    /// How many of these nobody can write to.
    pub(super) unaddressed: usize,
    pub(super) agreed: usize,
    /// Those whose requests for support stand, and how many of them signed up.
    pub(super) ask_for_support: HashSet<i64>,
    pub(super) asked_before: usize,
    /// Somebody new, and somebody who had that name before.
    pub(super) namesakes: Vec<(Code, Code)>,
    /// Who answers once more further down or says no, by the line of their first answer.
    pub(super) codes: HashMap<u64, Code>,
    pub(super) section: Option<String>,
}

impl Done {
    pub(super) fn summary(&self, cohorts: &str) -> String {
        let mut parts = Vec::new();
        if self.enrolled + self.waiting > 0 {
            parts.push(format!(
                "{} signed up for {cohorts} from a form, {}",
                people(self.enrolled + self.waiting),
                places_and_line(self.enrolled, self.waiting)
            ));
        }
        if self.agreed > 0 {
            parts
                .push(format!("{} of {cohorts} from a form", words::count(self.agreed, "consent")));
        }
        parts.join("; ")
    }
}

fn people(count: usize) -> String {
    if count == 1 { "1 person".into() } else { format!("{count} people") }
}

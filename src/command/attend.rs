//! `cohorts attend`

mod named;
mod report;
mod roll_call;
mod sheet;
mod strip;
mod which;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::PathBuf;

use named::named;
use report::Kept;
use sheet::{nobody_expected, sheet};

use super::args;
use super::consent::refuse_edited_agreement;
use crate::context::{Context, Outcome, Seen, pick};
use crate::domain::attendance::{Mark, WithoutAgreement};
use crate::domain::group::Group;
use crate::domain::incident::Action;
use crate::domain::participant::{Code, Who};
use crate::domain::program::{CohortId, Week};
use crate::domain::words::{Word, words};
use crate::error::Result;
use crate::output::messages::Report;
use crate::output::words;

/// Record who was at a session
#[derive(Debug, clap::Args)]
#[command(after_help = "\
On a terminal, everybody expected is present unless you say otherwise, by
number and letter. Recording a week again changes only those you name. Without
--week: today's session, else the only past one that is not recorded.

Nobody without a valid agreement on that day is marked as having been there. If
it happened all the same: --without-agreement WHO --reason let-in-by-mistake,
said-yes-in-the-room, paper-not-found or facilitator-decided.

In Zoom: Reports, Meeting and webinar history, the number of participants,
Export. People are known by address, or by a name that you have confirmed; who
else was there is asked about. What is late: [attendance] in cohorts.toml.

Examples:
  cohorts attend
  cohorts attend --from participants_81234567890.csv
  cohorts attend --week 2 --absent K7QM2 T9KFW --late P3XVA --rest present")]
pub struct Args {
    /// Which cohort; the running one
    #[arg(value_name = "COHORT")]
    cohort: Option<String>,

    /// Which session, if not today's
    #[arg(long, short, value_name = "N", value_parser = args::week)]
    week: Option<Week>,

    /// Was there all the time
    #[arg(long, value_name = "WHO", num_args = 1.., value_parser = args::who)]
    present: Vec<Who>,

    /// Came after it had begun
    #[arg(long, value_name = "WHO", num_args = 1.., value_parser = args::who)]
    late: Vec<Who>,

    /// Left before the end
    #[arg(long, value_name = "WHO", num_args = 1.., value_parser = args::who)]
    departed: Vec<Who>,

    /// Was not there, and told you
    #[arg(long, value_name = "WHO", num_args = 1.., value_parser = args::who)]
    excused: Vec<Who>,

    /// Was not there, without a word
    #[arg(long, value_name = "WHO", num_args = 1.., value_parser = args::who)]
    absent: Vec<Who>,

    /// present or absent, for all not named
    #[arg(long, value_name = "MARK", value_parser = args::one_of::<Rest>(), hide_possible_values = true)]
    rest: Option<Rest>,

    /// Was there without a valid agreement
    #[arg(long, value_name = "WHO", num_args = 1.., value_parser = args::who, requires = "reason")]
    without_agreement: Vec<Who>,

    /// Why they were let in
    #[arg(long, value_name = "REASON", value_parser = args::one_of::<WithoutAgreement>(), hide_possible_values = true, requires = "without_agreement")]
    reason: Option<WithoutAgreement>,

    /// Zoom's attendance report; - for a pipe
    #[arg(long, value_name = "FILE", conflicts_with = "rest")]
    from: Option<PathBuf>,

    /// Who a name is, or facilitator, nobody
    #[arg(long, value_name = "NAME=WHO", num_args = 1.., value_parser = report::answer, requires = "from")]
    who: Vec<report::Answer>,

    /// Know the names of --who from now on
    #[arg(long, requires = "who")]
    always: bool,

    /// ignore: leave out whoever matches nobody
    #[arg(long, value_name = "HOW", value_parser = args::one_of::<Unmatched>(), hide_possible_values = true, requires = "from")]
    unmatched: Option<Unmatched>,

    /// Replace marks that were made by hand
    #[arg(long, requires = "from")]
    replace: bool,
}

/// As the history calls it when a report was recorded. Marks that something else
/// changed last are made by hand.
const FROM_REPORT: &str = "attend --from";

words! {
    /// What those are who were not named.
    pub enum Rest {
        Present = "present",
        Absent = "absent",
    }
}

words! {
    /// What becomes of whoever matches nobody.
    pub enum Unmatched {
        Ignore = "ignore",
    }
}

/// What was said of whom.
#[derive(Clone, Default)]
struct Said {
    marks: BTreeMap<Code, Mark>,
    /// Those who were there without an agreement, and why.
    without_agreement: BTreeMap<Code, WithoutAgreement>,
    rest: Option<Mark>,
    /// Those who stay without a mark: a name that was left out may be theirs.
    unmarked: BTreeSet<Code>,
    /// What else is kept where it comes from a report.
    report: Option<Kept>,
}

pub fn run(ctx: &mut Context, args: &Args) -> Result<Report> {
    if let Some(file) = &args.from {
        return report::run(ctx, args, file);
    }
    loop {
        let office = ctx.office()?;
        let snapshot = office.store.snapshot()?;
        let cohort = which::cohort(ctx, &office, args.cohort.as_deref(), args.week)?;
        let group = office.group(cohort)?;
        let seen = office.seen()?;
        drop(snapshot);
        let week = which::week(ctx, &group, args.week)?;
        let session = pick::session(&group, week)?;
        let named = named(ctx, &office, &group, args)?;
        let nothing_was_shown = named.is_some() || !ctx.prompts.are_possible();
        let said = match named {
            Some(said) => said.complete(),
            None if ctx.prompts.are_possible() => roll_call::ask(ctx, &group, &session)?,
            None => Said::default(),
        };
        if let Outcome::Done(report) = save(ctx, &cohort.id, week, &said, &seen)? {
            return Ok(report);
        }
        // Somebody else recorded something meanwhile: what was shown is not
        // what would be saved, so it is shown again.
        if nothing_was_shown {
            continue;
        }
        let people = ctx.out.people();
        writeln!(
            people,
            "The records were changed meanwhile by another window; here they are again."
        )?;
    }
}

impl Said {
    /// Whoever was there without an agreement was present, unless said otherwise.
    fn complete(mut self) -> Self {
        for code in self.without_agreement.keys() {
            self.marks.entry(code.clone()).or_insert(Mark::Present);
        }
        self
    }
}

fn save(ctx: &mut Context, id: &CohortId, week: Week, said: &Said, seen: &Seen) -> Result<Outcome> {
    let command = if said.report.is_some() { FROM_REPORT } else { "attend" };
    let undo = ctx.out.proposed("cohorts undo");
    ctx.change_since(Some(seen), command, |desk| {
        let group = desk.group(id)?;
        refuse_edited_agreement(desk.store, group.agreement)?;
        let session = pick::session(&group, week)?;
        let before = group.is_recorded(&session) && group.recorded.contains_key(&week);
        let sheet = sheet(&group, &session, said, desk.today())?;
        for (member, attendance) in &sheet {
            desk.store.set_mark(member.enrollment.id, week, attendance)?;
        }
        let noted = match &said.report {
            Some(kept) => kept.keep(desk, id, week)?,
            None => Vec::new(),
        };
        let nothing = sheet.is_empty() && noted.is_empty() && said.unmarked.is_empty();
        if nothing && !group.recorded.contains_key(&week) {
            return Err(nobody_expected(&group, &session));
        }
        let flagged = group.members.iter().find(|m| {
            let old = m.marks.get(&week).and_then(|a| a.without_agreement);
            old.is_some() && said.marks.contains_key(&m.participant.code)
        });
        if let Some(member) = flagged.filter(|_| sheet.is_empty() && said.report.is_none()) {
            return Ok(Report::new(format!(
                "{} stays as there without an agreement in week {week}; nothing was changed.",
                member.participant.called()
            )));
        }
        if !desk.store.changed_anything(desk.operation)? {
            return Ok(unchanged(&group, said, week));
        }
        if !sheet.is_empty() {
            desk.store.keep_session(id, &session, &group.cohort.terms.timezone)?;
        }
        let mut count = match sheet.len() {
            0 => "no mark is changed".to_owned(),
            n => words::count(n, "mark"),
        };
        if !noted.is_empty() {
            count += &format!(", {}", words::count(noted.len(), "incident"));
        }
        let from = if said.report.is_some() { ", from Zoom's report" } else { "" };
        desk.summary = format!("week {week} of {id}, {count}{from}");
        let mut report = Report::silent();
        if before {
            for (member, attendance) in &sheet {
                let old = member.marks.get(&week).map_or("nothing", |a| a.mark.meaning());
                report = report.and(format!(
                    "{}: {old} -> {}",
                    member.participant.called(),
                    attendance.mark.meaning()
                ));
            }
        }
        let did = match (sheet.is_empty(), before) {
            (true, _) => "Recorded the report of",
            (false, true) => "Changed",
            (false, false) => "Saved",
        };
        report =
            report.and(format!("{did} week {week} of {id}: {count}.  To take it back: {undo}"));
        if !noted.is_empty() {
            report = report.next("once something was done", close(&noted));
        }
        let not_given = match &said.report {
            Some(kept) => kept.not_given(desk, id, week)?,
            None => Vec::new(),
        };
        if !not_given.is_empty() {
            let which = match not_given.as_slice() {
                [one] => format!("incident {one}"),
                several => words::count(several.len(), "older incident"),
            };
            let command = format!("{} --done {}", close(&not_given), Action::Mistake.word());
            report = report.next(format!("if {which} came of a mistake"), command);
        }
        Ok(report)
    })
}

/// Says that a week stays as it is, and why where the rest was said to be
/// something else: a mark that there is may have been made with care.
fn unchanged(group: &Group<'_>, said: &Said, week: Week) -> Report {
    let id = &group.cohort.id;
    let is_otherwise = |rest: &Mark| {
        let mut unnamed =
            group.members.iter().filter(|m| !said.marks.contains_key(&m.participant.code));
        unnamed.any(|m| m.marks.get(&week).is_some_and(|old| old.mark != *rest))
    };
    let Some(rest) = said.rest.filter(is_otherwise) else {
        return Report::new(format!(
            "Week {week} of {id} is recorded so already; nothing was changed."
        ));
    };
    Report::new(format!(
        "Everybody expected in week {week} of {id} has a mark already, and --rest is for those \
         without one; nothing was changed."
    ))
    .next("to change a mark", format!("cohorts attend {id} --week {week} --{} WHO", rest.meaning()))
}

/// The command that closes incidents of these numbers.
fn close(numbers: &[i64]) -> String {
    let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    format!("cohorts incident close {}", numbers.join(" "))
}

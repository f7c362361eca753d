//! `cohorts attend`

mod roll_call;
mod sheet;

use std::collections::BTreeMap;
use std::io::Write;

use sheet::{nobody_expected, sheet};

use super::args;
use super::consent::refuse_edited_agreement;
use crate::context::{Context, Office, Outcome, Seen, pick};
use crate::domain::attendance::{Mark, WithoutAgreement, absent_in_a_row};
use crate::domain::group::{Group, Member, by_call_name};
use crate::domain::participant::{Code, Who, call_names};
use crate::domain::program::{Cohort, CohortId, Week};
use crate::domain::schedule::{Session, Stage};
use crate::domain::words::{Word, words};
use crate::error::{Error, Result};
use crate::output::messages::Report;
use crate::output::words;

/// Record who was at a session
#[derive(Debug, clap::Args)]
#[command(after_help = "\
On a terminal, everybody expected is present unless you say otherwise, by
number and letter. Elsewhere, say it with the options. Recording a
week again changes only those you name. Without --week: today's session, else
the only past one that is not recorded.

Nobody without a valid agreement on the day of the session is marked
present, late or departed. If it happened all the same, record it with
--without-agreement and a --reason: let-in-by-mistake,
said-yes-in-the-room, paper-not-found or facilitator-decided.
It is shown ever after.

Examples:
  cohorts attend
  cohorts attend --week 2 --absent K7QM2 T9KFW --late P3XVA --rest present
  cohorts attend --week 2 --without-agreement K7QM2 --reason let-in-by-mistake")]
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
}

words! {
    /// What those are who were not named.
    pub enum Rest {
        Present = "present",
        Absent = "absent",
    }
}

/// What was said of whom.
#[derive(Default)]
struct Said {
    marks: BTreeMap<Code, Mark>,
    /// Those who were there without an agreement, and why.
    without_agreement: BTreeMap<Code, WithoutAgreement>,
    rest: Option<Mark>,
}

pub fn run(ctx: &mut Context, args: &Args) -> Result<Report> {
    loop {
        let office = ctx.office()?;
        let snapshot = office.store.snapshot()?;
        let cohort = chosen_cohort(ctx, &office, args.cohort.as_deref())?;
        let group = office.group(cohort)?;
        let seen = office.seen()?;
        drop(snapshot);
        let week = chosen_week(ctx, &group, args.week)?;
        let session = pick::session(&group, week)?;
        let named = named(ctx, &office, &group, args)?;
        let nothing_was_shown = named.is_some() || !ctx.prompts.are_possible();
        let said = match named {
            Some(said) => said,
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

/// The running cohort, else the one that ended last with a week to record.
fn chosen_cohort<'o>(ctx: &Context, office: &'o Office, named: Option<&str>) -> Result<&'o Cohort> {
    let program = &office.definitions.program;
    let today = ctx.today();
    if named.is_none() && pick::running(program, today)?.is_none() {
        let finished = program.cohorts.iter().rev().filter(|c| c.stage(today) == Stage::Finished);
        for cohort in finished.take(4) {
            if !office.group(cohort)?.unrecorded(ctx.now).is_empty() {
                return Ok(cohort);
            }
        }
    }
    pick::cohort(program, named, pick::Otherwise::Current, today)
}

fn chosen_week(ctx: &Context, group: &Group<'_>, named: Option<Week>) -> Result<Week> {
    let id = &group.cohort.id;
    if let Some(week) = named {
        let session = pick::session(group, week)?;
        if session.begins() > ctx.now {
            return Err(Error::refused(format!(
                "week {week} of `{id}` has not come: it is on {} at {}",
                words::weekday_of_year(session.date),
                words::time(session.starts_at)
            ))
            .hint(format!("cohorts excuse WHO --week {week} -c {id}, for what is known ahead")));
        }
        return Ok(week);
    }
    let todays = group.sessions().iter().find(|s| s.date == ctx.today() && s.begins() <= ctx.now);
    if let Some(session) = todays {
        return Ok(session.week);
    }
    match group.unrecorded(ctx.now).as_slice() {
        [one] => Ok(one.week),
        [] => {
            let next = group.sessions().iter().find(|s| s.begins() > ctx.now);
            let error = Error::refused(match next {
                Some(next) => format!(
                    "nothing of `{id}` is to be recorded before {}, {}",
                    words::weekday(next.date),
                    words::time(next.starts_at)
                ),
                None => format!("every week of `{id}` is recorded"),
            });
            Err(error.hint(format!("cohorts attend {id} --week N, to change a recorded week")))
        }
        several => {
            let weeks: Vec<String> = several
                .iter()
                .map(|s| format!("{} ({})", s.week, words::weekday(s.date)))
                .collect();
            if ctx.prompts.are_possible() {
                return Ok(several[ctx.prompts.choose("Which week", &weeks)?].week);
            }
            Err(Error::usage(format!(
                "weeks {} of `{id}` are not recorded; say which",
                words::list(&weeks)
            ))
            .hint("add --week N"))
        }
    }
}

/// What the options say; nothing where there are none.
fn named(ctx: &Context, office: &Office, group: &Group<'_>, args: &Args) -> Result<Option<Said>> {
    let mut said = Said {
        rest: args.rest.map(|rest| match rest {
            Rest::Present => Mark::Present,
            Rest::Absent => Mark::Absent,
        }),
        ..Said::default()
    };
    let lists = [
        (&args.present, Mark::Present),
        (&args.late, Mark::Late),
        (&args.departed, Mark::Departed),
        (&args.excused, Mark::Excused),
        (&args.absent, Mark::Absent),
    ];
    for (whos, mark) in lists {
        for who in whos {
            let code =
                ctx.member(office, group, who, pick::Care::Changing)?.participant.code.clone();
            let before = said.marks.insert(code.clone(), mark);
            if before.is_some_and(|before| before != mark) {
                return Err(Error::usage(format!("`{code}` is named with two marks")));
            }
        }
    }
    for who in &args.without_agreement {
        let code = ctx.member(office, group, who, pick::Care::Changing)?.participant.code.clone();
        if !said.marks.entry(code.clone()).or_insert(Mark::Present).was_there() {
            return Err(Error::usage(format!(
                "`{code}` is named as away, and as there without an agreement"
            )));
        }
        said.without_agreement.extend(args.reason.map(|reason| (code, reason)));
    }
    let nothing = said.marks.is_empty() && said.rest.is_none();
    Ok((!nothing).then_some(said))
}

fn save(ctx: &mut Context, id: &CohortId, week: Week, said: &Said, seen: &Seen) -> Result<Outcome> {
    ctx.change_since(Some(seen), "attend", |desk| {
        let group = desk.group(id)?;
        refuse_edited_agreement(desk.store, &group)?;
        let session = pick::session(&group, week)?;
        let before = group.is_recorded(&session) && group.recorded.contains_key(&week);
        let sheet = sheet(&group, &session, said, desk.today())?;
        for (member, attendance) in &sheet {
            desk.store.set_mark(member.enrollment.id, week, attendance)?;
        }
        if sheet.is_empty() && !group.recorded.contains_key(&week) {
            return Err(nobody_expected(&group, &session));
        }
        let flagged = group.members.iter().find(|m| {
            let old = m.marks.get(&week).and_then(|a| a.without_agreement);
            old.is_some() && said.marks.contains_key(&m.participant.code)
        });
        if let Some(member) = flagged.filter(|_| sheet.is_empty()) {
            return Ok(Report::new(format!(
                "{} stays as there without an agreement in week {week}; nothing was changed.",
                member.participant.called()
            )));
        }
        if sheet.is_empty() {
            return Ok(Report::new(format!(
                "Week {week} of {id} is recorded so already; nothing was changed."
            )));
        }
        desk.store.keep_session(id, &session, &group.cohort.terms.timezone)?;
        let count = words::count(sheet.len(), "mark");
        desk.summary = format!("week {week} of {id}, {count}");
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
        let verb = if before { "Changed" } else { "Saved" };
        Ok(report
            .and(format!("{verb} week {week} of {id}: {count}.  To take it back: cohorts undo")))
    })
}

/// The marks of a week in words, one line a mark, with the names that carry it.
fn summary(group: &Group<'_>, session: &Session, marks: &BTreeMap<Code, Mark>) -> Vec<String> {
    let members: Vec<&Member> = by_call_name(group.members.iter().collect());
    let people: Vec<_> = members.iter().map(|m| &m.participant).collect();
    let names = call_names(&people);
    Mark::ALL
        .iter()
        .filter_map(|mark| {
            let with: Vec<String> = members
                .iter()
                .zip(&names)
                .filter(|(m, _)| marks.get(&m.participant.code) == Some(mark))
                .map(|(m, name)| match absences(m, session.week, *mark) {
                    0 | 1 => name.clone(),
                    weeks => format!("{name} ({} week)", words::ordinal(weeks as usize)),
                })
                .collect();
            (!with.is_empty())
                .then(|| format!("{:>3} {:<14} {}", with.len(), mark.meaning(), with.join(", ")))
        })
        .collect()
}

/// How many weeks in a row somebody is absent, if `mark` is their mark now.
fn absences(member: &Member, week: Week, mark: Mark) -> u32 {
    let mark_of = |w: Week| match w == week {
        true => Some(mark),
        false => member.marks.get(&w).map(|a| a.mark),
    };
    absent_in_a_row(mark_of, week)
}

//! `cohorts attend`

mod roll_call;

use std::collections::BTreeMap;

use super::args;
use super::consent::refuse_edited_agreement;
use crate::context::{Context, Office, Outcome, Seen, pick};
use crate::domain::attendance::{Attendance, Mark, WithoutAgreement, absent_in_a_row};
use crate::domain::group::{Group, Member, Standing, by_call_name};
use crate::domain::participant::{Code, Who, call_names};
use crate::domain::program::{Cohort, CohortId, Week};
use crate::domain::schedule::Session;
use crate::domain::words::{Word, words};
use crate::error::{Error, Result};
use crate::output::messages::Report;
use crate::output::words;

/// Record who was at a session
///
/// On a terminal, everybody expected is present unless you say otherwise, by
/// number and letter. Elsewhere, say it with the options below. Recording a
/// week again changes only those you name.
///
/// Nobody without a valid agreement on the day of the session is marked
/// present, late or departed. If it happened all the same, record it with
/// --without-agreement; it is shown ever after.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  cohorts attend
  cohorts attend --week 2 --absent K7QM2 T9KFW --late P3XVA --rest present
  cohorts attend --week 2 --without-agreement K7QM2 --reason let-in-by-mistake")]
pub struct Args {
    /// Which cohort; the running one
    #[arg(value_name = "COHORT")]
    cohort: Option<String>,

    /// Which session; today's, else the only past one not recorded
    #[arg(long, short, value_name = "N", value_parser = args::week)]
    week: Option<Week>,

    #[arg(long, value_name = "WHO", num_args = 1.., value_parser = args::who)]
    present: Vec<Who>,

    #[arg(long, value_name = "WHO", num_args = 1.., value_parser = args::who)]
    late: Vec<Who>,

    /// Left before the end
    #[arg(long, value_name = "WHO", num_args = 1.., value_parser = args::who)]
    departed: Vec<Who>,

    /// Was not there, and told you
    #[arg(long, value_name = "WHO", num_args = 1.., value_parser = args::who)]
    excused: Vec<Who>,

    #[arg(long, value_name = "WHO", num_args = 1.., value_parser = args::who)]
    absent: Vec<Who>,

    /// What everybody else is who is expected and has no mark yet
    #[arg(long, value_name = "MARK", value_parser = args::one_of::<Rest>())]
    rest: Option<Rest>,

    /// Was there without a valid agreement
    #[arg(long, value_name = "WHO", num_args = 1.., value_parser = args::who, requires = "reason")]
    without_agreement: Vec<Who>,

    /// Why they were let in
    #[arg(long, value_name = "REASON", value_parser = args::one_of::<WithoutAgreement>(), requires = "without_agreement")]
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
        let session = group.session(week).copied().ok_or_else(|| no_such_week(&group, week))?;
        let said = match named(ctx, &office, &group, args)? {
            Some(said) => said,
            None if ctx.prompts.are_possible() => roll_call::ask(ctx, &group, &session)?,
            None => Said::default(),
        };
        if let Outcome::Done(report) = save(ctx, &cohort.id, week, &said, &seen)? {
            return Ok(report);
        }
        // Somebody else recorded something meanwhile: what was shown is not
        // what would be saved, so it is shown again.
        writeln_people(
            ctx,
            "The records were changed meanwhile by another window; here they are again.",
        )?;
    }
}

fn writeln_people(ctx: &mut Context, line: &str) -> Result<()> {
    use std::io::Write;
    Ok(writeln!(ctx.out.people(), "{line}")?)
}

/// The running cohort, else the one that ended last with a week to record.
fn chosen_cohort<'o>(ctx: &Context, office: &'o Office, named: Option<&str>) -> Result<&'o Cohort> {
    let program = &office.definitions.program;
    let today = ctx.today();
    if named.is_none() && pick::running(program, today)?.is_none() {
        let finished = program
            .cohorts
            .iter()
            .rev()
            .filter(|c| c.stage(today) == crate::domain::schedule::Stage::Finished);
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
        let session = group.session(week).ok_or_else(|| no_such_week(group, week))?;
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

fn no_such_week(group: &Group<'_>, week: Week) -> Error {
    Error::refused(format!(
        "`{}` has no week {week}: it has {}",
        group.cohort.id,
        words::count(group.sessions().len(), "session")
    ))
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
        said.marks.entry(code.clone()).or_insert(Mark::Present);
        said.without_agreement.extend(args.reason.map(|reason| (code, reason)));
    }
    let nothing = said.marks.is_empty() && said.rest.is_none();
    Ok((!nothing).then_some(said))
}

/// Whether a mark fits how somebody stands towards a session; if not, why.
fn refuse_mark(
    group: &Group<'_>,
    member: &Member,
    session: &Session,
    mark: Mark,
    without_agreement: bool,
) -> Option<Error> {
    let (code, id, week) = (&member.participant.code, &group.cohort.id, session.week);
    let standing = group.standing(member, session);
    let was_in_the_group = match standing {
        Standing::Expected | Standing::NotAgreed | Standing::WithdrawnThatDay => true,
        // A mark that was made while they were in the group can be corrected.
        _ => member.marks.contains_key(&week),
    };
    if was_in_the_group {
        let may_be_there = !mark.was_there()
            || without_agreement
            || group.valid_consent(member, session.date).is_some();
        return (!may_be_there).then(|| {
            Error::refused(format!("`{code}` has not agreed to the confidentiality agreement of `{id}`"))
                .hint(format!("cohorts consent agreed {code} -c {id} --on {}, if they had by then", session.date))
                .hint(format!("cohorts attend {id} --week {week} --without-agreement {code} --reason REASON, if they were let in all the same"))
        });
    }
    Some(match standing {
        Standing::Waitlisted => Error::refused(format!("`{code}` waits for a place in `{id}`"))
            .hint(format!("cohorts place {code} -c {id}")),
        Standing::NotYetJoined => Error::refused(format!(
            "`{code}` was not in the group in week {week}: they joined in week {}",
            member.enrollment.joined_week.unwrap_or_default()
        )),
        _ => Error::refused(format!("`{code}` had withdrawn from `{id}` by week {week}")),
    })
}

fn save(ctx: &mut Context, id: &CohortId, week: Week, said: &Said, seen: &Seen) -> Result<Outcome> {
    ctx.change_since(Some(seen), "attend", |desk| {
        let group = desk.group(id)?;
        refuse_edited_agreement(desk.store, &group)?;
        let session = group.session(week).copied().ok_or_else(|| no_such_week(&group, week))?;
        let before = group.is_recorded(&session) && group.recorded.contains_key(&week);
        let sheet = sheet(&group, &session, said, desk.today())?;
        for (member, attendance) in &sheet {
            desk.store.set_mark(member.enrollment.id, week, attendance)?;
        }
        if sheet.is_empty() && !group.recorded.contains_key(&week) {
            return Err(nobody_expected(&group, &session));
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
                    "{} ({}): {old} -> {}",
                    member.participant.call_name(),
                    member.participant.code,
                    attendance.mark.meaning()
                ));
            }
        }
        let verb = if before { "Changed" } else { "Saved" };
        Ok(report
            .and(format!("{verb} week {week} of {id}: {count}.  To take it back: cohorts undo")))
    })
}

fn nobody_expected(group: &Group<'_>, session: &Session) -> Error {
    let id = &group.cohort.id;
    let standing = |m: &&Member| group.standing(m, session) == Standing::NotAgreed;
    let message = format!("nobody is expected in week {} of `{id}`", session.week);
    match group.members.iter().filter(standing).count() {
        0 => Error::refused(message).hint(format!("cohorts enroll -c {id}")),
        1 => Error::refused(format!("{message}: 1 has not agreed"))
            .hint(format!("cohorts consent list {id}")),
        n => Error::refused(format!("{message}: {n} have not agreed"))
            .hint(format!("cohorts consent list {id}")),
    }
}

/// The marks to write: what was said, and the rest. Everybody expected has a
/// mark afterwards, and nobody has one who may not.
fn sheet<'g>(
    group: &'g Group<'_>,
    session: &Session,
    said: &Said,
    today: chrono::NaiveDate,
) -> Result<Vec<(&'g Member, Attendance)>> {
    let mut sheet = Vec::new();
    let mut refused = Vec::new();
    let mut unnamed = Vec::new();
    for member in &group.members {
        let code = &member.participant.code;
        let old = member.marks.get(&session.week);
        let newly_without = said.without_agreement.get(code).copied();
        let mark = match said.marks.get(code) {
            Some(mark) => *mark,
            None if old.is_some() || group.standing(member, session) != Standing::Expected => {
                continue;
            }
            None => match said.rest {
                Some(mark) => mark,
                None => {
                    unnamed.push(code.as_str());
                    continue;
                }
            },
        };
        // Somebody marked so before stays so: it is shown ever after.
        let without_agreement = newly_without
            .or(old.and_then(|old| old.without_agreement))
            .filter(|_| mark.was_there());
        if newly_without.is_some() && group.standing(member, session) == Standing::Expected {
            refused.push(Error::refused(format!(
                "`{code}` has agreed; mark them without --without-agreement"
            )));
        }
        // What stands already is not judged again.
        if old.is_some_and(|old| (old.mark, old.without_agreement) == (mark, without_agreement)) {
            continue;
        }
        refused.extend(refuse_mark(group, member, session, mark, without_agreement.is_some()));
        sheet.push((member, Attendance { mark, without_agreement, noted_on: today }));
    }
    if let Some(first) = refused.into_iter().reduce(|mut first, next| {
        first.message = format!("{}\nerror: {}", first.message, next.message);
        first.hints.extend(next.hints);
        first
    }) {
        return Err(first);
    }
    if !unnamed.is_empty() {
        return Err(Error::usage(format!(
            "{} expected in week {} without a mark: {}",
            match unnamed.len() {
                1 => "1 person is".to_owned(),
                n => format!("{n} people are"),
            },
            session.week,
            unnamed.join(", ")
        ))
        .hint("name them, or add --rest present"));
    }
    Ok(sheet)
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
                .then(|| format!("{:>3} {:<14} {}", with.len(), mark.meaning(), with.join(" ")))
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

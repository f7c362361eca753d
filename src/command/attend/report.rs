//! A week from Zoom's report of who was in the room: shown first, then saved as
//! a roll call is, by the same rules.

mod answers;
mod ask;
mod day;
mod people;
mod plan;
mod preview;
mod room;

use std::io::Write;
use std::path::Path;

use chrono::NaiveDate;

pub(super) use answers::{Answer, answer};
use people::Book;
use plan::{Hand, Plan};
use room::{Attendant, InRoom};

use super::{Args, FROM_REPORT, named, save, which};
use crate::command::excuse;
use crate::context::{Context, Desk, Outcome};
use crate::domain::incident::{Kind, NewIncident};
use crate::domain::program::{CohortId, Week};
use crate::error::{Error, Result};
use crate::intake::{Problem, Source, zoom};
use crate::output::messages::Report;
use crate::output::progress::Progress;
use crate::output::words;
use crate::store::Incidents;

/// What is kept of a report beside the marks.
#[derive(Clone)]
pub(super) struct Kept {
    sha256: String,
    incidents: Vec<(Kind, Option<i64>)>,
    /// Names that were confirmed for good, and whose they are.
    names: Vec<(i64, String)>,
}

impl Kept {
    /// Gives the numbers of the incidents that were not noted before.
    pub(super) fn keep(&self, desk: &Desk<'_>, id: &CohortId, week: Week) -> Result<Vec<i64>> {
        desk.store.keep_zoom_report(id, week, &self.sha256)?;
        for (participant, name) in &self.names {
            desk.store.confirm_zoom_name(*participant, name)?;
        }
        let mut noted = Vec::new();
        for (kind, participant) in &self.incidents {
            let new = NewIncident {
                week: Some(week),
                kind: *kind,
                participant: *participant,
                noted_on: desk.today(),
            };
            if desk.store.incident_like(id, &new)?.is_none() {
                noted.push(desk.store.add_incident(id, &new)?);
            }
        }
        Ok(noted)
    }

    /// The numbers of open incidents of that week that a report may have given,
    /// and this one does not.
    pub(super) fn not_given(&self, desk: &Desk<'_>, id: &CohortId, week: Week) -> Result<Vec<i64>> {
        let of_reports = |kind| matches!(kind, Kind::Stranger | Kind::NotAgreed | Kind::Notetaker);
        let mut numbers = Vec::new();
        desk.store.each_incident(Incidents::Open, Some(id), |incident| -> Result<()> {
            let about = incident.participant.as_ref().map(|one| one.id);
            let is_given = self.incidents.contains(&(incident.kind, about));
            if incident.week == Some(week) && of_reports(incident.kind) && !is_given {
                numbers.push(incident.number);
            }
            Ok(())
        })?;
        Ok(numbers)
    }
}

pub(super) fn run(ctx: &mut Context, args: &Args, file: &Path) -> Result<Report> {
    let progress = Progress::new(format!("Reading {}", file.display()));
    let source = Source::open(&ctx.file_or_pipe(file))?;
    drop(progress);
    let report = zoom::read(&mut source.rows()?).map_err(|all| unreadable(&source, &all))?;
    loop {
        let office = ctx.office()?;
        let snapshot = office.store.snapshot()?;
        let cohort = which::cohort(ctx, &office, args.cohort.as_deref(), args.week)?;
        let group = office.group(cohort)?;
        let seen = office.seen()?;
        let book = Book::open(&office, &group)?;
        drop(snapshot);
        let program = &office.definitions.program;
        let day = day::of(ctx, program, &group, &report, args.week, &source.name)?;
        let session = day.session;
        let week = session.week;
        let by_hand =
            office.store.marked_by_hand(&cohort.id, &session, FROM_REPORT, excuse::NAME)?;
        let named = named(ctx, &office, &group, args)?;
        let marks_are_named = named.is_some();
        let said = named.unwrap_or_default();
        let room = InRoom::of(&day.rooms, &session);
        room.refuse_if_empty(&group, day.held_on, &source.name)?;
        let found = people::find(ctx, &office, &group, &book, &room, args, &source.name)?;
        let basis = plan::Basis {
            group: &group,
            session: &session,
            rules: &office.definitions.attendance,
            by_hand: &by_hand,
            file,
        };
        let recorded = office.store.zoom_report_kept_at(&cohort.id, week, &source.sha256)?;
        let unknown = found.unknown(&room);
        let is_to_be_used = args.replace || (marks_are_named && unknown.is_some());
        if let (Some(at), false) = (recorded, is_to_be_used) {
            let plan = Plan::make(&basis, &room, &found.so_far(), said.clone());
            if plan.stands(&basis, &office.store, &book, unknown.is_some())? {
                return Ok(passed_over(at.date(), &cohort.id, week, file, unknown));
            }
        }
        let known = people::ask(ctx, &book, &room, found, &source.name)?;
        let mut plan = Plan::make(&basis, &room, &known, said);
        plan.notes.splice(..0, day.note());
        let asks = ctx.prompts.are_possible() && !ctx.is_dry_run();
        let mut replace = args.replace;
        let hand = match (replace, asks) {
            (true, _) => Hand::Replaced,
            (false, true) => Hand::Asked,
            (false, false) => Hand::Stays,
        };
        let preview = preview::of(&basis, &room, &plan, hand, &source.name);
        if asks {
            ctx.out.say(&preview)?;
            if !plan.by_hand.is_empty() && !replace {
                let marks = words::count(plan.by_hand.len(), "mark");
                replace = ctx.prompts.confirm(&format!("Replace {marks} made by hand?"), false)?;
            }
            if !ctx.prompts.confirm("Save?", true)? {
                return Err(Error::cancelled());
            }
        }
        let to_save = plan.into_said(replace, &source.sha256);
        match save(ctx, &cohort.id, week, &to_save, &seen)? {
            Outcome::Done(saved) if asks => return Ok(saved),
            Outcome::Done(saved) => return Ok(preview.then(saved)),
            Outcome::Moved => writeln!(
                ctx.out.people(),
                "The records were changed meanwhile by another window; here it is again."
            )?,
        }
    }
}

/// A report that was recorded, and whose marks stand. Who an `unknown` one in it
/// is was said when it was recorded, and can be said otherwise.
fn passed_over(
    on: NaiveDate,
    id: &CohortId,
    week: Week,
    file: &Path,
    unknown: Option<&Attendant>,
) -> Report {
    let report = Report::new(format!(
        "This report was recorded on {}; nothing was changed.",
        words::day(on)
    ));
    let Some(unknown) = unknown else { return report };
    let name = words::printable(&unknown.name.whole);
    let who = words::argument(&format!("{name}=CODE"));
    let file = words::quoted(file);
    report.next(
        format!("to say otherwise who `{name}` is"),
        format!("cohorts attend {id} --week {week} --from {file} --who {who}"),
    )
}

/// Everything that cannot be read, each with its line.
fn unreadable(source: &Source, problems: &[Problem]) -> Error {
    let name = words::printable(&source.name);
    let lines: Vec<String> = problems
        .iter()
        .map(|problem| format!("{name}:{}: {}", problem.line, problem.what))
        .collect();
    let mut error = Error::refused(format!(
        "{name} cannot be read as Zoom's attendance report; nothing was changed"
    ));
    error.preamble = Some(lines.join("\n"));
    error.hint(
        "in Zoom: Reports, Meeting and webinar history, the number of participants, Export; \
         do not change the file",
    )
}

//! Writing what was planned: one transaction, and the rejects beside it.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::io::{BufWriter, Write};
use std::path::Path;

use super::plan::{Plan, Planned, Seat, What, agreed_on};
use super::preview::places_and_line;
use crate::command::consent::refuse_edited_agreement;
use crate::command::enroll::{self, Identity, add_participant, identify, update_known};
use crate::context::{Context, Desk, Mode, Office, Outcome, Seen};
use crate::definitions::edit;
use crate::domain::consent::{Consent, Decision, Method};
use crate::domain::enrollment::Enrollment;
use crate::domain::participant::{Code, Participant};
use crate::domain::sign_up::{Field, SaidToBe, SignUp, kind_of_leave};
use crate::error::{Error, Result};
use crate::intake::dates::Order;
use crate::intake::{Entry, Form, Row, Source};
use crate::output::csv::{self, Delimiter};
use crate::output::file::{Draft, Existing};
use crate::output::messages::Report;
use crate::output::progress::Progress;
use crate::output::words;
use crate::store::Supports;

/// The column of a file of rejects that says why.
const PROBLEM: &str = "problem";

/// So many people of one name are told of one by one.
const MOST_TOLD: usize = 20;

pub(super) struct Writing<'w> {
    pub(super) source: &'w Source,
    pub(super) form: &'w Form,
    pub(super) order: Order,
    pub(super) plan: &'w Plan,
    pub(super) consents: bool,
    /// What was said of columns, to be kept in cohorts.toml.
    pub(super) new_headings: &'w [(Field, String)],
    pub(super) rejects: Option<&'w Path>,
    pub(super) force: bool,
    /// The cohort, where it was named.
    pub(super) named: Option<&'w str>,
}

impl Writing<'_> {
    pub(super) fn run(&self, ctx: &mut Context, office: &Office, seen: &Seen) -> Result<Outcome> {
        let path = self.rejects.filter(|_| self.plan.refused > 0);
        let file = path.map(|path| ctx.file(path));
        let mut draft = None;
        if let Some(file) = &file {
            let existing = if self.force { Existing::Replace } else { Existing::Keep };
            let mut begun = Draft::begin(file, existing)?;
            self.write_rejects(&mut begun)?;
            draft = Some(begun);
        }
        let done = if self.plan.changes(self.consents) == 0 {
            Outcome::Done(Report::silent())
        } else {
            ctx.change_since(Some(seen), "import", |desk| self.write(desk))?
        };
        let Outcome::Done(mut report) = done else { return Ok(Outcome::Moved) };
        let (Some(draft), Some(path)) = (draft, path) else { return Ok(Outcome::Done(report)) };
        let refused = words::count(self.plan.refused, "row");
        if ctx.mode == Mode::DryRun {
            report = report.and(format!("{refused} would be put into {}", path.display()));
            return Ok(Outcome::Done(report));
        }
        let cohorts: Vec<&str> = self.plan.cohorts.iter().map(|c| c.slug.as_str()).collect();
        let columns = "rows of a form that could not be taken";
        ctx.disclose(
            &office.store,
            &cohorts.join(" "),
            columns,
            self.plan.refused,
            &ctx.file(path),
        )?;
        draft.publish()?;
        Ok(Outcome::Done(
            report
                .and(format!("Put {refused} that could not be taken into {}.", path.display()))
                .next(
                    "once they are mended",
                    format!("cohorts import {}{}", words::quoted(path), self.option()),
                ),
        ))
    }

    /// The option that says the same cohort again, where it was said.
    fn option(&self) -> String {
        self.named.map_or(String::new(), |cohort| format!(" -c {cohort}"))
    }

    /// The refused rows as they came, with why in a column more.
    fn write_rejects(&self, draft: &mut Draft<'_>) -> Result<()> {
        draft.write_all(csv::BYTE_ORDER_MARK)?;
        let mut to = BufWriter::new(draft);
        let width = self.form.heads.iter().map(|head| head.cells.len()).max().unwrap_or_default();
        // What was mended and is refused again has the column already.
        let old =
            self.form.heads.first().and_then(|head| head.cells.iter().position(|h| h == PROBLEM));
        let mut write = |row: &Row, why: &str| {
            let columns = (0..width.max(row.cells.len())).filter(|column| Some(*column) != old);
            let cell = |column| csv::guard(row.cells.get(column).unwrap_or_default());
            let cells: Vec<_> = columns.map(cell).chain([Cow::from(why)]).collect();
            csv::write_line(&mut to, Delimiter::Comma, cells.into_iter())
        };
        for (index, head) in self.form.heads.iter().enumerate() {
            write(head, if index == 0 { PROBLEM } else { "" })?;
        }
        self.each_row(|row, _, planned| {
            if let What::Refused(why) = &planned.what {
                write(row, why)?;
            }
            Ok(())
        })?;
        Ok(to.flush()?)
    }

    /// Goes through the file once more, with what each row comes to.
    fn each_row(&self, mut each: impl FnMut(&Row, Entry, &Planned) -> Result<()>) -> Result<()> {
        let mut rows = self.form.answers(self.source, self.order)?;
        for planned in &self.plan.planned {
            match rows.next_entry() {
                Ok(Some((row, entry))) if row.line == planned.line => each(row, entry, planned)?,
                // What cannot be read was refused, with all that is below it.
                Err(_) if matches!(planned.what, What::Refused(_)) => break,
                _ => return Err(changed(self.source)),
            }
        }
        if self.source.is_unchanged() { Ok(()) } else { Err(changed(self.source)) }
    }

    fn write(&self, desk: &mut Desk<'_>) -> Result<Report> {
        let mut done = Done::default();
        desk.store.each_support(Supports::Open, |support| -> Result<()> {
            done.ask_for_support.insert(support.participant.id);
            Ok(())
        })?;
        let progress = Progress::new(format!("Signing up from {}", self.source.name));
        let mut rows = 0;
        self.each_row(|_, entry, planned| {
            rows += 1;
            progress.at(rows);
            let agrees = planned.agrees && self.consents;
            let again = matches!(planned.what, What::Again(_));
            match entry {
                Entry::Answer(sign_up) if planned.what.signs_up() || agrees || again => {
                    self.write_one(desk, &sign_up, planned, &mut done)
                }
                _ => Ok(()),
            }
        })?;
        drop(progress);
        if !self.new_headings.is_empty() {
            let text = &desk.definitions.text;
            let (text, name) = edit::add_import(text, self.new_headings)
                .map_err(|error| Error::refused("could not edit cohorts.toml").because(error))?;
            desk.edited = Some(text);
            done.section = Some(name);
        }
        let targets = &self.plan.cohorts;
        desk.cohort = match targets.as_slice() {
            [one] => Some(one.slug.clone()),
            _ => None,
        };
        let slugs: Vec<&str> = targets.iter().map(|target| target.slug.as_str()).collect();
        desk.summary = done.summary(&words::list(&slugs));
        Ok(self.report(&done))
    }

    fn write_one(
        &self,
        desk: &mut Desk<'_>,
        sign_up: &SignUp,
        planned: &Planned,
        done: &mut Done,
    ) -> Result<()> {
        let target = &self.plan.cohorts[planned.cohort];
        let program = &desk.definitions.program;
        let cohort = program.cohort(&target.slug).ok_or_else(|| {
            Error::refused(format!("`{}` is not in cohorts.toml any more", target.slug))
        })?;
        let leave =
            kind_of_leave(&cohort.terms.leave, sign_up.leave.as_deref().unwrap_or_default())
                .unwrap_or_default();
        let args = details(sign_up, desk.now);
        let enrollment = if planned.what.signs_up() {
            let who = who(desk, &args, sign_up, planned, done)?;
            done.asked_before += usize::from(done.ask_for_support.contains(&who.id));
            let old = desk.store.enrollment_in(who.id, &cohort.id)?;
            let joins = (planned.seat == Seat::Place).then_some(target.joins);
            let line = (desk.now, target.last_sign_up);
            let new =
                enroll::enrollment(old.as_ref().map(|(old, _)| old), &args, leave, joins, line);
            match joins {
                Some(_) => done.enrolled += 1,
                None => done.waiting += 1,
            }
            if self.plan.repeated.contains(&planned.line) {
                done.repeated.insert(planned.line, who.code.clone());
            }
            match old {
                Some((old, _)) => {
                    desk.store.update_enrollment(&new)?;
                    old.id
                }
                None => desk.store.add_enrollment(who.id, &cohort.id, &new)?,
            }
        } else {
            let first = match planned.what {
                What::Again(first) => &self.plan.planned[first],
                _ => planned,
            };
            let code = match &first.what {
                What::Already(already) => Some(&already.0),
                _ => done.repeated.get(&first.line),
            };
            let Some(code) = code else { return Ok(()) };
            let who = desk.store.participant(code)?.ok_or_else(|| changed(self.source))?;
            let there = desk.store.enrollment_in(who.id, &cohort.id)?;
            let there = there.ok_or_else(|| changed(self.source))?.0;
            // Of who was there before, nothing but the consent is taken.
            if first.what.signs_up() {
                drop(update_known(desk.store, &args, &who)?);
                let later = Enrollment {
                    leave: leave.or_else(|| there.leave.clone()),
                    site: args.site.clone().or_else(|| there.site.clone()),
                    residency: args.residency.clone().or_else(|| there.residency.clone()),
                    ..there.clone()
                };
                if later != there {
                    desk.store.update_enrollment(&later)?;
                }
            }
            there.id
        };
        if planned.agrees && self.consents {
            let group = desk.store.group_without_people(program, cohort)?;
            let Some(agreement) = group.agreement else {
                let id = &cohort.id;
                return Err(Error::refused(format!("no agreement is in force when `{id}` starts")));
            };
            refuse_edited_agreement(desk.store, &group)?;
            let consent = Consent {
                decision: Decision::Agreed,
                decided_on: agreed_on(sign_up, desk.today()),
                method: Some(Method::Form),
                version: agreement.version.clone(),
            };
            desk.store.add_consent(enrollment, agreement, &consent)?;
            done.agreed += 1;
        }
        Ok(())
    }

    fn report(&self, done: &Done) -> Report {
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
                words::list(&slugs),
                places_and_line(done.enrolled, done.waiting)
            ));
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
        report.next("take it back", "cohorts undo")
    }
}

/// What was done, to be said.
#[derive(Default)]
struct Done {
    enrolled: usize,
    waiting: usize,
    agreed: usize,
    /// Those whose requests for support stand, and how many of them signed up.
    ask_for_support: HashSet<i64>,
    asked_before: usize,
    /// Somebody new, and somebody who had that name before.
    namesakes: Vec<(Code, Code)>,
    /// Who answers once more further down, by the line of their first answer.
    repeated: HashMap<u64, Code>,
    section: Option<String>,
}

impl Done {
    fn summary(&self, cohorts: &str) -> String {
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

/// Who a row is about, added or brought up to date.
fn who(
    desk: &mut Desk<'_>,
    args: &enroll::Args,
    sign_up: &SignUp,
    planned: &Planned,
    done: &mut Done,
) -> Result<Participant> {
    let known = match &planned.what {
        What::Known(known) => Some(known.0.clone()),
        What::Back(code) => Some((**code).clone()),
        // A roster of other records: they keep their code.
        _ => match &sign_up.said_to_be {
            Some(SaidToBe::Participant(code)) => Some(code.clone()),
            _ => None,
        },
    };
    if let Some(code) = &known
        && let Some(known) = desk.store.participant(code)?
    {
        let (who, notes) = update_known(desk.store, args, &known)?;
        drop(notes);
        return Ok(who);
    }
    // An earlier row, about another cohort, may have been the first of theirs.
    let new = enroll::Args {
        new_person: sign_up.said_to_be == Some(SaidToBe::SomebodyNew),
        ..args.clone()
    };
    let namesakes = match identify(desk.store, &new)? {
        Identity::Known(known) => return Ok(known),
        Identity::New { namesakes } => namesakes,
        Identity::Unclear(people) => people,
    };
    let code = match known {
        Some(code) if desk.store.is_free(&code)? => code,
        _ => {
            let mut code = Code::draw(desk.random);
            while !desk.store.is_free(&code)? {
                code = Code::draw(desk.random);
            }
            code
        }
    };
    if let Some(one) = namesakes.first() {
        done.namesakes.push((code.clone(), one.code.clone()));
    }
    add_participant(desk.store, args, code)
}

/// An answer as `enroll` takes it.
fn details(sign_up: &SignUp, now: chrono::NaiveDateTime) -> enroll::Args {
    enroll::Args {
        first_name: Some(sign_up.first_name.clone()),
        last_name: Some(sign_up.last_name.clone()),
        goes_by: sign_up.goes_by.clone(),
        email: sign_up.email.clone(),
        phone: sign_up.phone.clone(),
        residency: sign_up.residency.clone(),
        site: sign_up.site.clone(),
        // A form's clock may be ahead of this one.
        signed_up: sign_up.signed_up.map(|at| at.min(now)),
        ..enroll::Args::default()
    }
}

fn changed(source: &Source) -> Error {
    Error::refused(format!("{} was changed while it was read; nothing was written", source.name))
        .hint("run the command again")
}

fn people(count: usize) -> String {
    if count == 1 { "1 person".into() } else { format!("{count} people") }
}

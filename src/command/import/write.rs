//! Writing what was planned: one transaction, and the rejects beside it.

mod rows;
mod told;

use std::borrow::Cow;
use std::io::{BufWriter, Write};

use super::Args;
use super::plan::{Plan, Planned, What};
use crate::context::{Context, Desk, Mode, Office, Outcome, Seen};
use crate::definitions::edit;
use crate::domain::sign_up::Field;
use crate::error::{Error, Result};
use crate::intake::dates::Told;
use crate::intake::{Entry, Form, Row, Source, ahead};
use crate::output::csv::{self, Delimiter};
use crate::output::file::{Draft, Existing};
use crate::output::messages::Report;
use crate::output::progress::Progress;
use crate::output::words;
use rows::Taken;
pub(super) use told::advised;

/// The column of a file of rejects that says why.
const PROBLEM: &str = "problem";

pub(super) struct Writing<'w> {
    pub(super) source: &'w Source,
    pub(super) form: &'w Form,
    pub(super) days: &'w Told,
    pub(super) plan: &'w Plan,
    pub(super) consents: bool,
    /// What was said of columns, to be kept in cohorts.toml.
    pub(super) new_headings: &'w [(Field, String)],
    pub(super) args: &'w Args,
}

impl Writing<'_> {
    pub(super) fn run(&self, ctx: &mut Context, office: &Office, seen: &Seen) -> Result<Outcome> {
        let path = self.args.rejects.as_deref().filter(|_| !self.plan.refusals.is_empty());
        let file = path.map(|path| ctx.file(path));
        let mut draft = None;
        if let Some(file) = &file {
            let existing = if self.args.force { Existing::Replace } else { Existing::Keep };
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
        let refused = words::count(self.plan.refusals.len(), "row");
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
            self.plan.refusals.len(),
            &ctx.file(path),
        )?;
        draft.publish()?;
        Ok(Outcome::Done(
            report
                .and(format!("Put {refused} that could not be taken into {}.", path.display()))
                .next(
                    "once they are mended",
                    format!("cohorts import {}{}", words::quoted(path), self.options()),
                ),
        ))
    }

    /// The options that say again how the form is to be taken.
    fn options(&self) -> String {
        let args = self.args;
        [
            args.cohort.as_ref().map(|cohort| format!(" -c {cohort}")),
            args.consents.then(|| " --consents".into()),
            // The rows that are left may not tell it.
            self.days.matters.then(|| format!(" --dates {}", self.days.order)),
            args.late.then(|| " --late".into()),
        ]
        .into_iter()
        .flatten()
        .collect()
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
        self.each_row(
            |row, _| row.clone(),
            |row, planned| match planned.what {
                What::Refused(at) => Ok(write(&row, &self.plan.refusals[at].1)?),
                _ => Ok(()),
            },
        )?;
        Ok(to.flush()?)
    }

    /// Goes through the file once more, with what is `wanted` of each row, and what
    /// it comes to.
    fn each_row<T: Send>(
        &self,
        wanted: fn(&Row, Entry) -> T,
        mut each: impl FnMut(T, &Planned) -> Result<()>,
    ) -> Result<()> {
        ahead(self.form.answers(self.source, self.days.order, wanted)?, |answers| {
            for planned in &self.plan.planned {
                match answers.next() {
                    Some(Ok((line, row))) if line == planned.line() => each(row, planned)?,
                    // What cannot be read was refused, with all that is below it.
                    Some(Err(_)) if matches!(planned.what, What::Refused(_)) => break,
                    _ => return Err(changed(self.source)),
                }
            }
            Ok(())
        })?;
        if self.source.is_unchanged() { Ok(()) } else { Err(changed(self.source)) }
    }

    fn write(&self, desk: &mut Desk<'_>) -> Result<Report> {
        let mut taken = Taken::begin(self, desk)?;
        let progress = Progress::new(format!("Signing up from {}", self.source.name));
        let mut rows = 0;
        self.each_row(
            |_, entry| entry,
            |entry, planned| {
                rows += 1;
                progress.at(rows);
                match entry {
                    Entry::Answer(sign_up) => taken.take(sign_up, planned),
                    _ => Ok(()),
                }
            },
        )?;
        let mut done = taken.finish()?;
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
        desk.summary = done.summary(&words::list_or_count(&slugs, "cohort"));
        Ok(self.report(&done))
    }
}

fn changed(source: &Source) -> Error {
    Error::refused(format!("{} was changed while it was read; nothing was written", source.name))
        .hint("run the command again")
}

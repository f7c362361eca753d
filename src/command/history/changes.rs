//! What was changed, field by field.

use super::fields::{self, Personal};
use super::{AtMost, Shown, keys};
use crate::context::{Context, Office};
use crate::domain::roster::Cell;
use crate::error::Result;
use crate::output::before_after::BeforeAfter;
use crate::output::rows::Format;
use crate::output::words;
use crate::store::{Entry, Part};

pub(super) fn list(
    ctx: &mut Context,
    office: &Office,
    part: &Part<'_>,
    most: i64,
    format: Format,
    personal: Personal,
) -> Result<Shown> {
    let mut at_most = AtMost::new(most);
    if format == Format::Table {
        let newest = office.store.last_operation()?;
        let mut lines = BeforeAfter::new(ctx.out.data(), Some(newest))?;
        office.store.each_entry(part, at_most.to_ask_for(), |entry| -> Result<()> {
            if !at_most.takes_one() {
                return Ok(());
            }
            lines.heading(entry.id, &heading(&entry))?;
            office.store.each_field_change(entry.id, part.participant, |change| {
                let change = fields::readable(change, personal)?;
                let what = fields::what(&change, entry.cohort.as_deref());
                Ok(lines.field(&fields::line(&change, &what))?)
            })
        })?;
        return Ok(at_most.shown());
    }
    let headings = keys(&[
        "operation",
        "at",
        "actor",
        "command",
        "participant",
        "cohort",
        "week",
        "table",
        "field",
        "before",
        "after",
    ]);
    let mut rows = ctx.out.rows(format, headings)?;
    office.store.each_entry(part, at_most.to_ask_for(), |entry| -> Result<()> {
        if !at_most.takes_one() {
            return Ok(());
        }
        office.store.each_field_change(entry.id, part.participant, |change| {
            let change = fields::readable(change, personal)?;
            rows.row(&[
                Cell::Number(entry.id),
                Cell::Moment(entry.at),
                Cell::text(&*entry.actor),
                Cell::text(&*entry.command),
                Cell::maybe(change.code.as_deref()),
                Cell::maybe(change.cohort.as_deref()),
                change.week.map_or(Cell::Empty, |week| Cell::Number(week.into())),
                Cell::text(&*change.table),
                Cell::text(&*change.field),
                Cell::maybe(change.before.as_deref()),
                Cell::maybe(change.after.as_deref()),
            ])
        })
    })?;
    rows.finish()?;
    Ok(at_most.shown())
}

/// "23 Jan 2024, 12:00, coordinator: week 1 of winter-2024, 2 marks"
fn heading(entry: &Entry) -> String {
    let undone = if entry.undone { " (undone)" } else { "" };
    format!("{}, {}: {}{undone}", words::moment(entry.at), entry.actor, entry.summary)
}

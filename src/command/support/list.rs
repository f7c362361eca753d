//! `cohorts support list`

use crate::command::args;
use crate::context::Context;
use crate::domain::roster::Cell;
use crate::domain::support::Support;
use crate::domain::words::Word;
use crate::error::Result;
use crate::output::messages::Report;
use crate::output::rows::Heading;
use crate::output::words;
use crate::store::Supports;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Those that were closed too
    #[arg(long)]
    all: bool,

    #[command(flatten)]
    listed: args::Listed,
}

/// As data, and to be read; there the last two only where any can be closed.
const COLUMNS: [(&str, &str); 9] = [
    ("code", "Code"),
    ("goes_by", "Goes by"),
    ("asked_on", "Asked"),
    ("days", "Days"),
    ("last_contact_on", "Last"),
    ("last_contact", "How"),
    ("next_contact_on", "Next"),
    ("outcome", "Outcome"),
    ("closed_on", "Closed"),
];

pub(super) fn run(ctx: &mut Context, args: &Args) -> Result<Report> {
    let office = ctx.office()?;
    let snapshot = office.store.snapshot()?;
    let today = ctx.today();
    let format = args.listed.format;
    let which = if args.all { Supports::All } else { Supports::Open };
    let columns = if !args.all && format.is_to_be_read() { 7 } else { 9 };
    let headings = COLUMNS[..columns].iter().map(|(key, title)| Heading::new(key, title));
    let mut rows = ctx.out.rows(format, headings.collect())?;
    let (mut open, mut due) = (0, 0);
    office.store.each_support(which, |support| -> Result<()> {
        open += usize::from(support.closed.is_none());
        due += usize::from(support.is_due(today));
        let waited = Cell::Number(support.days(today));
        rows.row(&cells(&support, waited)[..columns])
    })?;
    rows.finish()?;
    drop(snapshot);
    if open == 0 {
        return Ok(Report::new("No request for support is open."));
    }
    let due = match due {
        0 => "none is due for a contact today".to_owned(),
        due => format!("{due} due for a contact"),
    };
    Ok(Report::new(format!("{} open, {due}.", words::are(open, "request")))
        .next("once you were in touch", "cohorts support contact WHO")
        .next("once it is over", "cohorts support close WHO"))
}

/// The values of [`COLUMNS`].
fn cells<'s>(support: &'s Support, waited: Cell<'s>) -> [Cell<'s>; 9] {
    let day = |on| Cell::DoneOn(Some(on));
    [
        Cell::text(support.participant.code.as_str()),
        Cell::text(support.participant.call_name()),
        day(support.asked_on),
        waited,
        support.last.map_or(Cell::Empty, |last| day(last.on)),
        Cell::maybe(support.last.map(|last| last.kind.word())),
        support.next_on.map_or(Cell::Empty, day),
        Cell::maybe(support.closed.map(|closed| closed.outcome.word())),
        support.closed.map_or(Cell::Empty, |closed| day(closed.on)),
    ]
}

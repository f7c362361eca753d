//! `cohorts import`

mod all;
mod ask;
mod plan;
mod preview;
mod write;

use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::args;
use crate::context::{Context, Office, Outcome, pick, place};
use crate::domain::sign_up::Field;
use crate::error::{Error, Result};
use crate::intake::dates::{Order, Told};
use crate::intake::{Form, Source};
use crate::output::messages::Report;
use crate::output::progress::Progress;
use crate::output::words as say;
use ask::Answers;
use plan::Plan;

/// Sign up everyone in a form's CSV or spreadsheet
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Takes the files of Microsoft Forms, Google Forms, Qualtrics and REDCap as they
come (.csv or .xlsx), and our own rosters. Shows first what each row comes to;
the same file again changes nothing, and answers for an earlier cohort are left
out. A known address is the same participant; who signed up first is first.

A row that cannot be taken is said with its line, and then nothing is written,
unless you add --rejects FILE: it gets those rows, to be mended and imported.
Headings that are not known are told in cohorts.toml:

  [import.forms]
  first_name = \"What are you called?\"

Keys: first_name last_name name goes_by email phone residency site leave
signed_up agreed. A column `code` says who somebody of a shared address is: a
code, or `new`.

Examples:
  cohorts import signups.xlsx
  cohorts import signups.csv -c spring-2027 --rejects mend-these.csv
  cohorts import --all /media/usb/everything --folder .")]
pub struct Args {
    /// The form's answers; - for what is piped in
    #[arg(value_name = "FILE", required_unless_present = "all")]
    file: Option<PathBuf>,

    /// Which cohort; the next one to start
    #[arg(long, short, value_name = "COHORT")]
    cohort: Option<String>,

    /// Record who agreed in the form as having agreed
    #[arg(long)]
    consents: bool,

    /// Put the rows that cannot be taken, with why, into this CSV
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,

    /// Replace the file of rejects if there is one
    #[arg(long, requires = "rejects")]
    force: bool,

    /// Whether 1/3/2024 is in January or March, if the form does not tell:
    /// day-first or month-first
    #[arg(long, value_name = "ORDER", value_parser = args::one_of::<Order>(), hide_possible_values = true)]
    dates: Option<Order>,

    /// Even after the last week for joining
    #[arg(long)]
    late: bool,

    /// Make the same records again of a folder from `cohorts export`; for an
    /// empty folder
    #[arg(long, value_name = "DIR", conflicts_with_all = ["file", "cohort", "consents", "rejects", "force", "dates", "late"])]
    pub all: Option<PathBuf>,
}

pub fn run(ctx: &mut Context, args: &Args) -> Result<Report> {
    match (&args.all, &args.file) {
        (Some(dir), _) => all::run(ctx, dir),
        (None, Some(file)) => form(ctx, args, file),
        (None, None) => {
            Err(Error::usage("the file to import is missing").hint("cohorts import FILE"))
        }
    }
}

fn form(ctx: &mut Context, args: &Args, file: &Path) -> Result<Report> {
    let path = ctx.file_or_pipe(file);
    say_what_is_waited_for(ctx, &path)?;
    let progress = Progress::new(format!("Reading {}", file.display()));
    let source = Source::open(&path)?;
    drop(progress);
    if let Some(rejects) = &args.rejects {
        refuse_form_itself(ctx, &path, rejects)?;
        ctx.office()?.refuse_own_files(&ctx.file(rejects))?;
    }
    let mut said = Said::default();
    loop {
        let office = ctx.office()?;
        let snapshot = office.store.snapshot()?;
        let seen = office.seen()?;
        let form = recognized(ctx, &office, &source, &mut said)?;
        let days = order(ctx, args, &form)?;
        let basis = plan::Basis {
            office: &office,
            source: &source,
            form: &form,
            order: days.order,
            now: ctx.now,
            late: args.late,
            consents: args.consents,
            usual: pick::cohort(
                &office.definitions.program,
                args.cohort.as_deref(),
                pick::Otherwise::Next,
                ctx.today(),
            ),
            named: args.cohort.is_some(),
        };
        let mut plan = plan::make(&basis, &said.people)?;
        if ctx.prompts.are_possible() && ask::people(ctx, &office, &plan, &mut said.people)? {
            plan = plan::make(&basis, &said.people)?;
        }
        if plan.broken || (!plan.refusals.is_empty() && args.rejects.is_none()) {
            return Err(refusal(&source, &form, &plan));
        }
        let questions = ctx.prompts.are_possible() && !ctx.is_dry_run();
        let mut shown = Report::new(preview::text(&source, &form, &days, &plan, args.consents)?);
        if questions {
            ctx.out.say(&shown)?;
            shown = Report::silent();
        }
        let consents = match (plan.agreeing, args.consents) {
            (0, _) => false,
            (_, true) => true,
            (_, false) if questions => ask::consents(ctx, &plan)?,
            (_, false) => false,
        };
        if plan.changes(consents) == 0 && (args.rejects.is_none() || plan.refusals.is_empty()) {
            return Ok(shown.then(nothing_to_do(&plan, args)));
        }
        if questions && !ctx.prompts.confirm(&preview::question(&plan, consents), true)? {
            return Err(Error::cancelled());
        }
        if questions && !said.columns.is_empty() && plan.changes(consents) > 0 {
            said.ask_to_keep(ctx)?;
        }
        drop(snapshot);
        let writing = write::Writing {
            source: &source,
            form: &form,
            days: &days,
            plan: &plan,
            consents,
            new_headings: if said.columns_kept == Some(true) { &said.columns } else { &[] },
            args,
        };
        match writing.run(ctx, &office, &seen)? {
            Outcome::Done(report) => return Ok(shown.then(report)),
            Outcome::Moved if questions => writeln!(
                ctx.out.people(),
                "The records were changed meanwhile by another window; here it is again."
            )?,
            Outcome::Moved => {}
        }
    }
}

/// The rows that are taken would be lost with the form.
fn refuse_form_itself(ctx: &Context, form: &Path, rejects: &Path) -> Result<()> {
    let form = if form.as_os_str() == "-" { Path::new("/dev/stdin") } else { form };
    if !place::is_one_file(form, &ctx.file(rejects)) {
        return Ok(());
    }
    Err(Error::refused(format!("{} is the form itself; nothing was written", rejects.display()))
        .hint("name another file for the rows that cannot be taken: --rejects FILE"))
}

/// Where rows come from the keyboard or another program, they may never come.
fn say_what_is_waited_for(ctx: &mut Context, path: &Path) -> Result<()> {
    if path.as_os_str() == "-" {
        if ctx.prompts.are_possible() {
            let end = if cfg!(windows) { "Ctrl-Z and Enter" } else { "Ctrl-D" };
            writeln!(
                ctx.out.people(),
                "Paste the form here, with its headings; then Enter and {end}."
            )?;
        }
    } else if path.metadata().is_ok_and(|about| !about.is_file() && !about.is_dir()) {
        writeln!(ctx.out.people(), "Waiting for what is written into {}.", path.display())?;
    }
    Ok(())
}

/// What was answered, so that nothing is asked twice.
#[derive(Default)]
struct Said {
    /// What columns are, by their heading.
    columns: Vec<(Field, String)>,
    columns_asked: bool,
    /// Whether they are to be written into cohorts.toml.
    columns_kept: Option<bool>,
    /// Who those are whose address is known under another name, by line.
    people: Answers,
}

impl Said {
    /// Asked last: what is answered is written with the rest, or nothing is.
    fn ask_to_keep(&mut self, ctx: &Context) -> Result<()> {
        if self.columns_kept.is_none() {
            let question = "Write the columns into cohorts.toml, so that it is not asked again?";
            self.columns_kept = Some(ctx.prompts.confirm(question, true)?);
        }
        Ok(())
    }
}

/// The form, with its columns asked about where it is not clear enough.
fn recognized(
    ctx: &mut Context,
    office: &Office,
    source: &Source,
    said: &mut Said,
) -> Result<Form> {
    // The clock of a form's company may be most of a day ahead.
    let latest = ctx.now + chrono::Days::new(1);
    let mappings = &office.definitions.imports;
    loop {
        let form = Form::recognize(source, mappings, &said.columns, latest)?;
        let form = form.map_err(|problem| {
            Error::refused(format!("{}:{}: {}", source.name, problem.line, problem.what))
        })?;
        if !said.columns_asked && ctx.prompts.are_possible() && !form.unread.is_empty() {
            said.columns_asked = true;
            ask::columns(ctx, &form, &mut said.columns)?;
            if !said.columns.is_empty() {
                continue;
            }
        }
        if form.has_names() {
            return Ok(form);
        }
        return Err(no_names(source, &form, said.columns_asked));
    }
}

fn no_names(source: &Source, form: &Form, asked: bool) -> Error {
    let (field, names) = match [Field::FirstName, Field::LastName].map(|field| form.has(field)) {
        [true, _] => ("last_name", "last names"),
        [_, true] => ("first_name", "first names"),
        _ => ("first_name", "names"),
    };
    let error = Error::refused(format!(
        "{} has no column that is known to be people's {names}; nothing was written",
        source.name
    ));
    let error = match unread(form) {
        None => error,
        Some(unread) => error.hint(format!("the headings that are not known: {unread}")),
    };
    let error = error.hint(format!(
        "say in cohorts.toml which is which, under [import.forms]: {field} = \"...\""
    ));
    match asked {
        true => error.hint("or import it again, and say which column has them"),
        false => error.hint("or import it in a terminal, and be asked"),
    }
}

/// The first headings that are not known, where there are any.
fn unread(form: &Form) -> Option<String> {
    let unread = form.unread.iter().take(10);
    let quoted: Vec<String> =
        unread.map(|heading| format!("\"{}\"", say::printable(heading))).collect();
    (!quoted.is_empty()).then(|| quoted.join(", "))
}

/// The order of day and month: as it is said, else as the form's own days tell.
fn order(ctx: &Context, args: &Args, form: &Form) -> Result<Told> {
    let said = |order| Told { order, matters: true, by_rows: None };
    if let Some(told) = args.dates.map(said).or_else(|| form.order.clone()) {
        return Ok(told);
    }
    if ctx.prompts.are_possible() {
        let orders = ["the month first: 1/3 is in January", "the day first: 1/3 is in March"];
        let chosen =
            ctx.prompts.choose("The form's days are written with", &orders.map(str::to_owned))?;
        return Ok(said(if chosen == 0 { Order::MonthFirst } else { Order::DayFirst }));
    }
    Err(Error::usage("whether the form's days begin with the day or the month cannot be told")
        .hint("add --dates day-first or --dates month-first"))
}

/// So many rows that cannot be taken are told of one by one.
const REFUSALS: usize = 100;

/// Every row that cannot be taken, each with its line.
fn refusal(source: &Source, form: &Form, plan: &Plan) -> Error {
    let refused = plan.refusals.len();
    let shown = plan.refusals.iter().take(REFUSALS);
    let mut lines: Vec<String> =
        shown.map(|(line, why)| format!("{}:{line}: {why}", source.name)).collect();
    if refused > REFUSALS {
        lines.push(format!("and {} more", refused - REFUSALS));
    }
    let rows = say::count(plan.rows, "row");
    let mut error = Error::refused(match refused {
        1 => format!("1 of {rows} cannot be taken; nothing was written"),
        n => format!("{n} of {rows} cannot be taken; nothing was written"),
    });
    if plan.broken {
        error.message = "the file cannot be read to its end; nothing was written".into();
        error.preamble = Some(lines.join("\n"));
        return error.hint("mend the file, and import it again");
    }
    error.preamble = Some(lines.join("\n"));
    if let Some(unread) = unread(form).filter(|_| !form.has(Field::Email)) {
        error = error.hint(format!(
            "no column is known to be their addresses, and these are not read: {unread}; say in \
             cohorts.toml if it is one, under [import.forms]: email = \"...\""
        ));
    }
    error
        .hint("mend the file, and import it again")
        .hint("or add --rejects FILE: the others are taken, and these are put there with why")
}

fn nothing_to_do(plan: &Plan, args: &Args) -> Report {
    let report = Report::new("Nothing is new in it; nothing was changed.");
    let report = match plan.agreeing {
        0 => report,
        _ if args.consents => report,
        n => report.and(format!("{} in the form agreed: {}", say::count(n, "row"), CONSENTS)),
    };
    write::advised(plan, &HashMap::new(), report)
}

const CONSENTS: &str = "add --consents to record that.";

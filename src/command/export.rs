//! `cohorts export`

mod read_me;

use std::borrow::Cow;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

use crate::context::{Context, Mode, copies, refuse_own_files};
use crate::definitions;
use crate::error::{Error, Result};
use crate::intake::LONGEST_CELL;
use crate::output::exact::{self, Sum};
use crate::output::file::ALONE;
use crate::output::folder::{self, FolderDraft};
use crate::output::messages::Report;
use crate::output::progress::Progress;
use crate::output::words;
use crate::store::{NEWEST, Store, Table, Value};

pub use read_me::FILE_NAME as READ_ME;

/// Write everything as CSV into a folder, readable without this program
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Makes the folder: one CSV for each table of the records, the history included,
cohorts.toml as it is, and a README.txt that says what each column is. It is
there when all of it is, and only you can read it. It holds everybody's names
and leave: keep it as safe as the records.

In an empty folder, `cohorts import --all DIR` makes the same records of it.

Examples:
  cohorts export /media/usb/everything
  cohorts export ../everything --dry-run")]
pub struct Args {
    /// Where; the folder is made
    #[arg(value_name = "DIR")]
    dir: PathBuf,
}

/// Says what there is in each file, for whoever reads them back.
pub const CONTENTS: &str = "contents.csv";
pub const CONTENTS_COLUMNS: [&str; 4] = ["file", "rows", "sha256", "format"];

pub fn run(ctx: &mut Context, args: &Args) -> Result<Report> {
    let folder = ctx.folder()?;
    let store = ctx.records(&folder)?;
    let definitions = match ctx.definitions(&folder) {
        Ok(definitions) => Some(definitions),
        // With mistakes it goes along as it is.
        Err(error) if error.preamble.is_some() => None,
        Err(error) => return Err(error),
    };
    let path = ctx.file(&args.dir);
    refuse_own_files(&folder, &path)?;
    folder::refuse_bad_place(&path)?;
    let shown = path.display();
    let people = store.count_participants()?;
    let cohorts = match &definitions {
        Some(definitions) => definitions.program.cohorts.len(),
        None => store.holdings()?.cohorts,
    };
    let cohorts = words::count(cohorts, "cohort");
    let what = format!("{cohorts} and {}", words::count(people, "participant"));
    if ctx.mode == Mode::DryRun {
        return Ok(Report::new(format!("Dry run: would export {what} to {shown}")));
    }
    let draft = FolderDraft::begin(&path)?;
    let _progress = Progress::new(format!("Exporting to {shown}"));
    // An export of records that may only be read changes nothing in them.
    if !store.is_read_only() {
        ctx.disclose(&store, "all", "export of everything", people, &path)?;
    }
    let (snapshot, text) = copies::both_files(&folder, &store)?;
    // What could not be brought back is no export.
    if let Some(damage) = store.verify()?.first() {
        return Err(Error::refused("the records are damaged, and were not exported")
            .because_of_damage(damage));
    }
    let mut sums = Vec::new();
    for table in store.tables()? {
        sums.push((file_of(&table), write_table(&store, &draft, &table)?));
    }
    write_text(&draft, definitions::FILE_NAME, &text)?;
    sums.push((definitions::FILE_NAME.to_owned(), exact::sum_of(&text)));
    write_text(&draft, READ_ME, read_me::text().as_bytes())?;
    write_contents(&draft, sums)?;
    drop(snapshot);
    draft.publish()?;
    let mut report = Report::new(format!("Exported {what} to {shown}{ALONE}."));
    if definitions.is_none() {
        report =
            report.warning("cohorts.toml has mistakes, and was exported as it is: cohorts check");
    }
    Ok(report
        .next("what is in it", words::quoted(&path.join(READ_ME)))
        .next("the same records again", format!("cohorts import --all {}", words::quoted(&path))))
}

fn write_contents(draft: &FolderDraft<'_>, sums: Vec<(String, Sum)>) -> Result<()> {
    let failed = |error| draft.failed(CONTENTS, &error);
    let file = BufWriter::new(draft.file(CONTENTS)?);
    let mut csv = exact::Table::begin(file, CONTENTS_COLUMNS).map_err(failed)?;
    for (file, Sum { rows, sha256 }) in sums {
        let cells = [file, rows.to_string(), sha256, NEWEST.to_string()];
        csv.row(cells.map(Cow::Owned)).map_err(failed)?;
    }
    on_disk(draft, CONTENTS, csv.finish().map_err(failed)?.0)
}

fn write_table(store: &Store, draft: &FolderDraft<'_>, table: &Table) -> Result<Sum> {
    let name = file_of(table);
    let failed = |error| draft.failed(&name, &error);
    let file = BufWriter::with_capacity(1 << 16, draft.file(&name)?);
    let mut csv = begin(file, table).map_err(failed)?;
    store.each_row_of(table, |values| {
        for (column, value) in table.columns.iter().zip(values) {
            if matches!(value, Value::Text(text) if text.len() >= LONGEST_CELL) {
                return Err(too_long(&table.name, &column.name));
            }
        }
        csv.row(values.iter().map(cell)).map_err(failed)
    })?;
    let (file, sum) = csv.finish().map_err(failed)?;
    on_disk(draft, &name, file)?;
    Ok(sum)
}

fn too_long(table: &str, column: &str) -> Error {
    Error::refused(format!(
        "a `{column}` in {table} is longer than 1 MB, and could not be brought back"
    ))
    .hint("cohorts backup FILE takes everything")
}

fn write_text(draft: &FolderDraft<'_>, name: &str, text: &[u8]) -> Result<()> {
    let mut file = BufWriter::new(draft.file(name)?);
    file.write_all(text).map_err(|error| draft.failed(name, &error))?;
    on_disk(draft, name, file)
}

fn on_disk(draft: &FolderDraft<'_>, name: &str, file: BufWriter<std::fs::File>) -> Result<()> {
    let failed = |error| draft.failed(name, &error);
    let file = file.into_inner().map_err(|error| failed(error.into_error()))?;
    file.sync_all().map_err(failed)
}

/// The name of a table's file.
pub fn file_of(table: &Table) -> String {
    format!("{}.csv", table.name)
}

/// Begins a table's CSV, as an export writes it.
pub fn begin<W: Write>(to: W, table: &Table) -> std::io::Result<exact::Table<W>> {
    exact::Table::begin(to, table.columns.iter().map(|column| column.name.as_str()))
}

/// A value as a cell of it.
pub fn cell<'v>(value: &Value<'v>) -> Cow<'v, str> {
    match value {
        Value::Nothing => exact::cell(None),
        Value::Number(number) => Cow::Owned(number.to_string()),
        Value::Text(text) => exact::cell(Some(text)),
    }
}

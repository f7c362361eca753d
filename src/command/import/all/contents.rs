//! What an export says of itself, and whether all of it is there.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::problems::Problems;
use super::rows;
use crate::command::export::{self, CONTENTS, CONTENTS_COLUMNS, READ_ME};
use crate::definitions;
use crate::error::{Error, Result, io_error};
use crate::output::exact::{self, Sum};
use crate::output::words;
use crate::store::{NEWEST, Table};

/// The first version of the records that could be exported.
const OLDEST: usize = 2;

/// What was exported.
pub(super) struct Contents {
    /// The version of the records.
    pub(super) format: usize,
    sums: BTreeMap<String, Sum>,
}

impl Contents {
    /// Reads what the export wrote down of itself.
    pub(super) fn read(dir: &Path) -> Result<Self> {
        let path = dir.join(CONTENTS);
        if !path.exists() {
            return Err(Error::refused(format!(
                "{} is no export: there is no {CONTENTS} in it",
                dir.display()
            ))
            .hint("name the folder that `cohorts export` made"));
        }
        let wrong = |line: usize, what: &str| {
            Error::refused(format!("{CONTENTS}:{line}: {what}; nothing was changed"))
                .hint("take the files as cohorts exported them")
        };
        let mut lines = rows::open(&path)?;
        let failed = |error| io_error("read", &path, &error);
        let places = rows::header(lines.read().map_err(failed)?, &CONTENTS_COLUMNS)
            .map_err(|(line, what)| wrong(line, &what.join("; ")))?;
        let mut sums = BTreeMap::new();
        let mut format = None;
        while let Some(line) = lines.read().map_err(failed)? {
            let line = line.map_err(|(line, bad)| wrong(line, bad.what()))?;
            let field = |at: usize| line.field(places[at]).unwrap_or_default();
            let (Ok(rows), Ok(version)) = (field(1).parse(), field(3).parse::<usize>()) else {
                return Err(wrong(line.number, "`rows` and `format` must be whole numbers"));
            };
            if *format.get_or_insert(version) != version {
                return Err(wrong(line.number, "the format is another one than above"));
            }
            let sum = Sum { rows, sha256: field(2).to_owned() };
            if sums.insert(field(0).to_owned(), sum).is_some() {
                return Err(wrong(line.number, "the file is there twice"));
            }
        }
        match format {
            Some(format @ OLDEST..=NEWEST) => Ok(Self { format, sums }),
            Some(format) if format > NEWEST => Err(Error::refused(format!(
                "it was exported by a newer cohorts (format {format}; this one knows {NEWEST}); \
                 nothing was changed"
            ))
            .hint("install the newer cohorts on this computer too")),
            Some(format) => Err(wrong(2, &format!("there is no format {format}"))),
            None => Err(wrong(1, "no file is listed below")),
        }
    }

    /// Says which files of the tables are missing, and which do not belong here.
    pub(super) fn refuse_other_files(&self, dir: &Path, tables: &[Table]) -> Result<()> {
        let mut problems = Problems::default();
        let mut listed: Vec<String> = tables.iter().map(export::file_of).collect();
        listed.push(definitions::FILE_NAME.to_owned());
        for name in &listed {
            if !dir.join(name).is_file() {
                problems.add_of_all(&format!("{name} is missing"));
            }
            if !self.sums.contains_key(name) {
                problems.add_of_all(&format!("{CONTENTS}: there is no line for {name}"));
            }
        }
        for name in self.sums.keys().filter(|name| !listed.contains(name)) {
            problems.add_of_all(&format!("{CONTENTS}: records of this format have no {name}"));
        }
        listed.extend([CONTENTS.to_owned(), READ_ME.to_owned()]);
        for name in files_in(dir)?.iter().filter(|name| !listed.contains(name)) {
            problems.add_of_all(&format!("{name} is no part of an export; move it elsewhere"));
        }
        problems.refuse_if_any(dir)
    }

    /// Whether cohorts.toml is still what was exported.
    pub(super) fn has_same_definitions(&self, text: &[u8]) -> bool {
        self.sums.get(definitions::FILE_NAME) == Some(&exact::sum_of(text))
    }

    /// Holds what was read of a table against what was exported, where nothing
    /// better is known to be wrong with it.
    pub(super) fn compare(&self, table: &Table, read: &Sum, problems: &mut Problems) {
        let Some(exported) = self.sums.get(&export::file_of(table)) else { return };
        if read.rows != exported.rows {
            let were = if exported.rows == 1 { "was" } else { "were" };
            let (was, is) = (words::count(exported.rows, "row"), words::are(read.rows, "row"));
            problems.add(table, None, &format!("{was} {were} exported, and {is} there"));
        } else if read.sha256 != exported.sha256 && !problems.are_in(table) {
            problems.add(table, None, "something in it is not as it was exported");
        }
    }
}

/// The files in a folder but for those that the system puts there.
fn files_in(dir: &Path) -> Result<Vec<String>> {
    let failed = |error| io_error("look into", dir, &error);
    let mut names = Vec::new();
    for entry in fs::read_dir(dir).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') && name != "desktop.ini" && name != "Thumbs.db" {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

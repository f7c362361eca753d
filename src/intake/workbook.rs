//! Excel workbooks (.xlsx): the first sheet with anything in it, as rows of
//! text.

use std::io::{self, Read, Seek};

use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use zip::ZipArchive;

use super::rows::TOO_LONG;
use super::{LONGEST_CELL, MOST_COLUMNS, Problem, Row};
use crate::error::{Error, Result};

/// A workbook is taken into memory, so it may unpack to this much and no more.
const LARGEST: u64 = 64 << 20;

/// An ordinary workbook has a dozen files in it.
const MOST_FILES: usize = 2000;

/// Reads the rows; refuses what is no workbook or too large.
pub(super) fn rows(file: impl Read + Seek + Clone, name: &str) -> Result<Vec<Row>> {
    let no = |error: &dyn std::fmt::Display| {
        Error::refused(format!("{name} is no Excel workbook that can be read"))
            .because(error)
            .hint("open it in Excel and save it again, as .xlsx or as `CSV UTF-8`")
    };
    match unpacked(file.clone()) {
        Ok(size) if size > LARGEST => {
            return Err(Error::refused(format!(
                "{name} unpacks to more than 64 MB, which is too much"
            ))
            .hint("save it as `CSV UTF-8`, which may be of any length"));
        }
        Ok(_) => {}
        Err(error) => return Err(no(&error)),
    }
    let mut workbook: Xlsx<_> = Xlsx::new(file).map_err(|error| no(&error))?;
    let sheets: Vec<String> = workbook
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible)
        .map(|sheet| sheet.name.clone())
        .collect();
    for sheet in sheets {
        match sheet_rows(&mut workbook, &sheet) {
            Ok(Ok(rows)) if rows.is_empty() => {}
            Ok(Ok(rows)) => return Ok(rows),
            Ok(Err(Problem { line, what })) => {
                return Err(Error::refused(format!("{name}:{line}: {what}")));
            }
            Err(error) => return Err(no(&error)),
        }
    }
    Err(Error::refused(format!("{name} has nothing in it")))
}

/// How many bytes all of it unpacks to, counted up to the limit: what a file
/// says of its size need not be true.
fn unpacked(file: impl Read + Seek) -> std::result::Result<u64, Box<dyn std::error::Error>> {
    let mut archive = ZipArchive::new(file)?;
    if archive.len() > MOST_FILES {
        return Err("it has too many parts".into());
    }
    let mut total = 0;
    for index in 0..archive.len() {
        let part = archive.by_index(index)?;
        total += io::copy(&mut part.take(LARGEST + 1 - total), &mut io::sink())?;
        if total > LARGEST {
            break;
        }
    }
    Ok(total)
}

/// The rows of a sheet, or what is too much in it. Many cells may share one
/// text, so that a small file can hold far more than it unpacks to.
fn sheet_rows<R: Read + Seek>(
    workbook: &mut Xlsx<R>,
    sheet: &str,
) -> std::result::Result<std::result::Result<Vec<Row>, Problem>, XlsxError> {
    let mut rows: Vec<Row> = Vec::new();
    let mut cells: Vec<String> = Vec::new();
    let mut line = 0;
    let mut held = 0;
    let mut reader = workbook.worksheet_cells_reader(sheet)?;
    while let Some(cell) = reader.next_cell()? {
        let (row, column) = cell.get_position();
        let (this, column) = (u64::from(row) + 1, column as usize);
        if this != line {
            keep(&mut rows, line, &mut cells);
            line = this;
        }
        let text = text(cell.get_value());
        if text.is_empty() {
            continue;
        }
        if column >= MOST_COLUMNS {
            let what = format!("has more than {MOST_COLUMNS} columns");
            return Ok(Err(Problem::new(line, what)));
        }
        if text.len() > LONGEST_CELL {
            return Ok(Err(Problem::new(line, TOO_LONG)));
        }
        let more = (column + 1).saturating_sub(cells.len());
        held += (text.len() + more * size_of::<usize>()) as u64;
        if held > LARGEST {
            return Ok(Err(Problem::new(line, "is where it comes to more than 64 MB, too much")));
        }
        cells.resize(cells.len() + more, String::new());
        cells[column] = text;
    }
    keep(&mut rows, line, &mut cells);
    Ok(Ok(rows))
}

fn keep(rows: &mut Vec<Row>, line: u64, cells: &mut Vec<String>) {
    if !cells.is_empty() {
        rows.push(Row { line, cells: std::mem::take(cells).into() });
    }
}

/// A cell as text: days and times as ISO 8601 has them, whole numbers without
/// a point.
fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            text.clone()
        }
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::Bool(yes) => if *yes { "yes" } else { "no" }.into(),
        DataRef::DateTime(at) => {
            let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
            let time = format!("{hour:02}:{minute:02}:{second:02}");
            if at.is_duration() {
                time
            } else if time == "00:00:00" {
                format!("{year:04}-{month:02}-{day:02}")
            } else {
                format!("{year:04}-{month:02}-{day:02} {time}")
            }
        }
        DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}

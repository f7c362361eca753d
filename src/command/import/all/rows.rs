//! One table's file, line by line.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufReader};
use std::path::Path;

use super::problems::Problems;
use crate::command::export;
use crate::domain::text;
use crate::error::{Result, io_error};
use crate::intake::{Bad, Line, Lines};
use crate::output::exact::{self, Sum};
use crate::store::{Column, Holds, Load, Table, Value};

/// Puts each line into the records, and sums them up as the export did.
pub(super) fn read(load: &Load, dir: &Path, table: &Table, problems: &mut Problems) -> Result<Sum> {
    let path = dir.join(export::file_of(table));
    let failed = |error: io::Error| io_error("read", &path, &error);
    let mut lines = open(&path)?;
    let mut csv = export::begin(io::sink(), table).map_err(failed)?;
    let names: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
    let places = match header(lines.next().map_err(failed)?, &names) {
        Ok(places) => places,
        Err((line, wrong)) => {
            wrong.into_iter().for_each(|what| problems.add(table, Some(line), what));
            return Ok(csv.finish().map_err(failed)?.1);
        }
    };
    while let Some(line) = lines.next().map_err(failed)? {
        let line = match line {
            Ok(line) => line,
            Err((number, bad)) => {
                problems.add(table, Some(number), bad.what());
                continue;
            }
        };
        let number = line.number;
        let mut wrong = Vec::new();
        let values = values(&line, table, &places, &mut wrong);
        if wrong.is_empty() {
            csv.row(values.iter().map(export::cell)).map_err(failed)?;
            wrong.extend(load.insert(table, &values)?.err());
        }
        wrong.into_iter().for_each(|what| problems.add(table, Some(number), what));
    }
    Ok(csv.finish().map_err(failed)?.1)
}

pub(super) fn open(path: &Path) -> Result<Lines<BufReader<File>>> {
    let file = File::open(path).map_err(|error| io_error("read", path, &error))?;
    Ok(Lines::new(BufReader::with_capacity(64 << 10, file), b','))
}

/// What is wrong, in words, and in which line.
type Wrong = (usize, Vec<String>);

/// Where each column stands in the lines, in whatever order they are.
pub(super) fn header(
    first: Option<std::result::Result<Line<'_>, (usize, Bad)>>,
    columns: &[&str],
) -> std::result::Result<Vec<usize>, Wrong> {
    let line = match first {
        None => return Err((1, vec!["is empty: the names of the columns are missing".into()])),
        Some(Err((number, bad))) => return Err((number, vec![bad.what().into()])),
        Some(Ok(line)) => line,
    };
    let named: Vec<&str> = line.fields().collect();
    if named.iter().all(|name| !columns.contains(name)) {
        let what = "does not name the columns, separated by commas";
        return Err((line.number, vec![what.into()]));
    }
    let mut wrong = Vec::new();
    for (at, name) in named.iter().enumerate() {
        if !columns.contains(name) {
            let like = match text::nearest(name, columns.iter().copied()) {
                Some(like) => format!("; is `{like}` meant?"),
                None => String::new(),
            };
            wrong.push(format!("there is no column `{name}`{like}"));
        } else if named[..at].contains(name) {
            wrong.push(format!("the column `{name}` is there twice"));
        }
    }
    let places: Vec<Option<usize>> =
        columns.iter().map(|column| named.iter().position(|name| name == column)).collect();
    for (column, place) in columns.iter().zip(&places) {
        if place.is_none() {
            wrong.push(format!("the column `{column}` is missing"));
        }
    }
    match wrong.is_empty() {
        true => Ok(places.into_iter().flatten().collect()),
        false => Err((line.number, wrong)),
    }
}

fn values<'l>(
    line: &Line<'l>,
    table: &Table,
    places: &[usize],
    wrong: &mut Vec<String>,
) -> Vec<Value<'l>> {
    if line.width() != places.len() {
        wrong.push(format!("has {} columns instead of {}", line.width(), places.len()));
        return Vec::new();
    }
    let columns = table.columns.iter().zip(places);
    columns
        .map(|(column, place)| {
            value(line.field(*place).unwrap_or_default(), column).unwrap_or_else(|what| {
                wrong.push(what);
                Value::Nothing
            })
        })
        .collect()
}

fn value<'l>(cell: &'l str, column: &Column) -> std::result::Result<Value<'l>, String> {
    match (column.holds, exact::text(cell)) {
        (_, None) => Ok(Value::Nothing),
        (Holds::Text, Some(text)) => Ok(Value::Text(text)),
        (Holds::Numbers, Some(_)) => match cell.parse() {
            Ok(number) => Ok(Value::Number(number)),
            Err(_) => Err(format!("`{}` is not a whole number", column.name)),
        },
    }
}

/// In which lines the rows with these ids are.
pub(super) fn lines_of(dir: &Path, table: &Table, ids: &[i64]) -> Result<HashMap<i64, usize>> {
    let path = dir.join(export::file_of(table));
    let mut lines = open(&path)?;
    let mut found = HashMap::new();
    let mut place = None;
    while let Some(line) = lines.next().map_err(|error| io_error("read", &path, &error))? {
        let Ok(line) = line else { continue };
        match place {
            None => place = Some(line.fields().position(|name| name == "id").unwrap_or_default()),
            Some(place) => {
                let id = line.field(place).and_then(|id| id.parse().ok());
                if let Some(id) = id.filter(|id| ids.contains(id)) {
                    found.insert(id, line.number);
                }
            }
        }
    }
    Ok(found)
}

//! Figures for other programs: a row a group.

use std::io::Write;

use serde_json::{Map, Value, json};

use super::super::rows::{self, Heading, Rows};
use super::{About, cell, rule};
use crate::domain::figures::Figures;
use crate::domain::roster::Cell;
use crate::domain::suppression::Shown;
use crate::domain::words::Word;
use crate::error::Result;

const MEDIAN: &str = "waiting_days_median";

pub(super) fn csv(to: &mut impl Write, figures: &Figures) -> Result<()> {
    let keys = [figures.by.word().to_owned()].into_iter().chain(figures.keys());
    let headings = keys.chain([MEDIAN.to_owned()]).map(|key| Heading::new(&key, &key)).collect();
    let mut rows = Rows::new(rows::Format::Csv, headings, to, None)?;
    for row in &figures.rows {
        let mut cells = vec![Cell::text(&*row.name)];
        cells.extend(row.cells().iter().map(|shown| Cell::text(cell(*shown, figures.limit))));
        cells.push(row.median_wait.map_or(Cell::Empty, |days| Cell::text(days.to_string())));
        rows.row(&cells)?;
    }
    rows.finish()
}

/// Each hidden count is null, with the reason in `hidden`.
pub(super) fn json(to: &mut impl Write, about: &About, figures: &Figures) -> Result<()> {
    let keys = figures.keys();
    let below = format!("from 1 to {}", figures.limit - 1);
    let groups = figures.rows.iter().map(|row| {
        let mut group = Map::new();
        let mut hidden = Map::new();
        group.insert("name".into(), json!(row.name));
        group.insert("all".into(), json!(row.is_all));
        for (key, shown) in keys.iter().zip(row.cells()) {
            let (count, why) = match shown {
                Shown::Count(count) => (json!(count), None),
                Shown::Below => (Value::Null, Some(below.as_str())),
                Shown::Hidden => (Value::Null, Some("others could be worked out from it")),
            };
            group.insert(key.clone(), count);
            if let Some(why) = why {
                hidden.insert(key.clone(), json!(why));
            }
        }
        group.insert(MEDIAN.into(), json!(row.median_wait));
        group.insert("hidden".into(), Value::Object(hidden));
        Value::Object(group)
    });
    let report = json!({
        "program": about.program,
        "scope": about.scope,
        "by": figures.by.word(),
        "suppress_below": figures.limit,
        "rule": rule(figures),
        "groups": groups.collect::<Vec<_>>(),
    });
    let text = serde_json::to_string_pretty(&report).map_err(std::io::Error::from)?;
    Ok(writeln!(to, "{text}")?)
}

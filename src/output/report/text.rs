//! Figures on a screen: tables of at most 80 columns, and bars that read
//! without colour.

use std::io::Write;

use unicode_width::UnicodeWidthStr;

use super::super::before_after::wrapped;
use super::super::table;
use super::{About, cell, days, heading, name, rule};
use crate::domain::figures::{Attended, Figure, Figures, Row};
use crate::domain::suppression::Shown;
use crate::domain::words::Word;
use crate::error::Result;

/// What stands above how the figures were made.
pub const RULE_HEADING: &str = "How to read this";

/// A table of a report, one row a group.
pub(super) struct Table {
    pub(super) title: &'static str,
    /// What bars show: its column on a screen, on a page what stands above them.
    pub(super) bars: (&'static str, Figure),
    pub(super) columns: &'static [(&'static str, Figure)],
    pub(super) with_wait: bool,
}

pub(super) const TABLES: [Table; 3] = [
    Table {
        title: "Sign-ups",
        bars: ("Sign-ups", Figure::SignUps),
        columns: &[
            ("Sign-ups", Figure::SignUps),
            ("Waiting", Figure::Waitlisted),
            ("Enrolled", Figure::Enrolled),
            ("Withdrawn", Figure::Withdrawn),
        ],
        with_wait: true,
    },
    Table {
        title: "Of those enrolled",
        bars: ("Completed", Figure::Completed),
        columns: &[
            ("Agreed", Figure::Agreed),
            ("Not agreed", Figure::NotAgreed),
            ("Completed", Figure::Completed),
            ("Not completed", Figure::NotCompleted),
            ("Not over", Figure::StillToEnd),
        ],
        with_wait: false,
    },
    Table {
        title: "Withdrawn, and why",
        bars: ("Withdrawn", Figure::Withdrawn),
        columns: &[
            ("All", Figure::Withdrawn),
            ("Schedule", Figure::Schedule),
            ("At work", Figure::BackAtWork),
            ("Other", Figure::OtherSupport),
            ("No need", Figure::NoLongerNeeded),
            ("No reply", Figure::NoReply),
            ("Moved", Figure::AnotherCohort),
            ("Not said", Figure::NotSaid),
        ],
        with_wait: false,
    },
];

/// What the columns of attendance are called, and what that means.
pub(super) const WEEKLY: [(&str, &str); 8] = [
    ("All", "everybody in the group"),
    ("P", "present"),
    ("L", "late"),
    ("D", "departed early"),
    ("E", "excused"),
    ("A", "absent"),
    ("x", "not let in"),
    ("-", "not recorded"),
];

/// How wide a table is at the most, with its bars, which are no longer than
/// that; shorter ones would not tell anything.
const WIDTH: usize = 80;
const LONGEST_BAR: usize = 14;
const SHORTEST_BAR: usize = 6;

pub(super) fn write(to: &mut impl Write, about: &About, figures: &Figures) -> Result<()> {
    writeln!(to, "{}", super::super::words::printable(&about.program))?;
    for line in wrapped(&about.scope, 80) {
        writeln!(to, "{line}")?;
    }
    let limit = figures.limit;
    for section in &TABLES {
        let largest =
            figures.rows.iter().filter(|row| !row.is_all).map(|row| count(row, section.bars.1));
        let largest = largest.max().unwrap_or_default();
        let mut titles = vec![heading(figures.by).to_owned()];
        titles.extend(section.columns.iter().map(|(title, _)| (*title).to_owned()));
        if section.with_wait {
            titles.push("Days waited".into());
        }
        let mut rows: Vec<Vec<String>> = figures
            .rows
            .iter()
            .map(|row| {
                let counts = section.columns.iter().map(|(_, figure)| cell(row.at(*figure), limit));
                let wait = section.with_wait.then(|| days(row.median_wait));
                [short(&name(row))].into_iter().chain(counts).chain(wait).collect()
            })
            .collect();
        let width = |column: usize| {
            let cells = rows.iter().chain([&titles]).map(|row| row[column].width());
            cells.max().unwrap_or_default() + 2
        };
        let room = WIDTH.saturating_sub((0..titles.len()).map(width).sum()).min(LONGEST_BAR);
        if room >= SHORTEST_BAR && largest > 0 {
            // Behind the number that it shows, without a heading: a second column of that
            // name would be taken for another figure.
            let shown = section.columns.iter().position(|(_, figure)| *figure == section.bars.1);
            let behind = shown.map_or(titles.len(), |column| column + 2);
            titles.insert(behind, String::new());
            for (cells, row) in rows.iter_mut().zip(&figures.rows) {
                let longest = u64::try_from(room).unwrap_or_default();
                let bar = count(row, section.bars.1) * longest / largest.max(1);
                let bar = if row.is_all { 0 } else { usize::try_from(bar).unwrap_or_default() };
                cells.insert(behind, "█".repeat(bar));
            }
        }
        writeln!(to, "\n{}", section.title)?;
        to.write_all(table::render(titles, rows, None).as_bytes())?;
    }
    writeln!(to, "\nAttendance by week")?;
    let mut titles = vec![heading(figures.by).to_owned(), "Week".into()];
    titles.extend(WEEKLY.iter().map(|(sign, _)| (*sign).to_owned()));
    let weekly = figures.rows.iter().flat_map(|row| {
        (1..=figures.weeks).map(move |week| {
            let group = if week == 1 { short(&name(row)) } else { String::new() };
            let mut cells = vec![group, week.to_string()];
            cells.extend(Attended::ALL.iter().map(|one| cell(row.in_week(week, *one), limit)));
            cells
        })
    });
    to.write_all(table::render(titles, weekly.collect(), None).as_bytes())?;
    let signs: Vec<String> =
        WEEKLY.iter().skip(1).map(|(sign, meaning)| format!("{sign} {meaning}")).collect();
    for line in wrapped(&signs.join(", "), 80) {
        writeln!(to, "{line}")?;
    }
    writeln!(to, "\n{RULE_HEADING}")?;
    for paragraph in rule(figures) {
        for line in wrapped(&paragraph, 80) {
            writeln!(to, "{line}")?;
        }
    }
    Ok(())
}

/// A count as long as a bar may be; a hidden one has none.
pub(super) fn count(row: &Row, figure: Figure) -> u64 {
    match row.at(figure) {
        Shown::Count(count) => count,
        Shown::Below | Shown::Hidden => 0,
    }
}

/// A site's name may be a whole address.
fn short(name: &str) -> String {
    match name.char_indices().nth(18) {
        Some((end, _)) if name.chars().count() > 19 => format!("{}…", &name[..end]),
        _ => name.to_owned(),
    }
}

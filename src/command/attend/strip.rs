//! A week's marks on the screen: everybody in columns, and who has which mark.

use std::collections::BTreeMap;

use unicode_width::UnicodeWidthStr;

use crate::domain::attendance::{Mark, absent_in_a_row};
use crate::domain::group::Member;
use crate::domain::participant::{Code, call_names};
use crate::domain::program::Week;
use crate::domain::schedule::Session;
use crate::domain::words::Word;
use crate::output::items::WIDTH;
use crate::output::{width_for_people, words};

/// One person's place in the columns.
pub(super) struct Cell {
    /// What stands before the name, such as a number.
    pub(super) before: String,
    pub(super) name: String,
    pub(super) sign: String,
    pub(super) note: String,
}

/// Up to three columns, read downwards, as wide as their widest entry.
pub(super) fn in_columns(cells: &[Cell]) -> Vec<String> {
    let name_width = cells.iter().map(|cell| cell.name.width()).max().unwrap_or_default();
    let cells: Vec<String> = cells
        .iter()
        .map(|Cell { before, name, sign, note }| {
            let padding = " ".repeat(name_width - name.width());
            format!("{before} {name}{padding}  {sign}  {note}")
        })
        .collect();
    let width = |cell: &String| cell.trim_end().width();
    // The most columns that leave a little room.
    let room = width_for_people().map_or(WIDTH, |width| WIDTH.min(width.into())).saturating_sub(2);
    for columns in (1..=3).rev() {
        let rows = cells.len().div_ceil(columns).max(1);
        let widths: Vec<usize> = cells
            .chunks(rows)
            .map(|column| column.iter().map(width).max().unwrap_or_default() + 1)
            .collect();
        if widths.iter().sum::<usize>() > room && columns > 1 {
            continue;
        }
        return (0..rows.min(cells.len()))
            .map(|row| {
                let mut line = String::new();
                for (column, column_width) in widths.iter().enumerate() {
                    if let Some(cell) = cells.get(column * rows + row) {
                        let cell = cell.trim_end();
                        line += cell;
                        line += &" ".repeat(column_width - cell.width());
                    }
                }
                line.trim_end().to_owned()
            })
            .collect();
    }
    Vec::new()
}

/// The marks of a week in words, one line a mark, with the names that carry it:
/// those of the columns above, since names are as long as tells apart whoever is
/// on the screen.
pub(super) fn in_words(
    members: &[&Member],
    session: &Session,
    marks: &BTreeMap<Code, Mark>,
) -> Vec<String> {
    let people: Vec<_> = members.iter().map(|m| &m.participant).collect();
    let names = call_names(&people);
    Mark::ALL
        .iter()
        .filter_map(|mark| {
            let with: Vec<String> = members
                .iter()
                .zip(&names)
                .filter(|(m, _)| marks.get(&m.participant.code) == Some(mark))
                .map(|(m, name)| match absences(m, session.week, *mark) {
                    0 | 1 => name.clone(),
                    weeks => format!("{name} ({} week)", words::ordinal(weeks as usize)),
                })
                .collect();
            (!with.is_empty())
                .then(|| format!("{:>3} {:<14} {}", with.len(), mark.meaning(), with.join(", ")))
        })
        .collect()
}

/// How many weeks in a row somebody is absent, if `mark` is their mark now.
fn absences(member: &Member, week: Week, mark: Mark) -> u32 {
    let mark_of = |w: Week| match w == week {
        true => Some(mark),
        false => member.marks.get(&w).map(|a| a.mark),
    };
    absent_in_a_row(mark_of, week)
}

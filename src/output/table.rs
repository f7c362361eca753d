//! Tables for a screen.

use comfy_table::{ContentArrangement, LineStyle, Table, presets};
use unicode_width::UnicodeWidthStr;

/// Blanks between two columns.
const GAP: usize = 2;

/// A table with a rule under its titles, each line ended. Wider text is
/// wrapped where the table goes to a terminal of that `width`.
pub(super) fn render(titles: Vec<String>, rows: Vec<Vec<String>>, width: Option<u16>) -> String {
    let mut widths: Vec<usize> = titles.iter().map(|title| title.width().max(1)).collect();
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.width().max(*width);
        }
    }
    let whole = widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1);
    let fits = width.is_none_or(|width| whole <= width.into());
    // Nearly always there is nothing to wrap, which takes more than all of this.
    let is_in_lines = titles.iter().chain(rows.iter().flatten()).any(|cell| cell.contains('\n'));
    if !fits || is_in_lines || widths.is_empty() {
        return wrapped(titles, rows, width);
    }
    let mut text = line(&titles, &widths);
    text += &"-".repeat(whole);
    text.push('\n');
    text.extend(rows.iter().map(|row| line(row, &widths)));
    text
}

fn line(cells: &[String], widths: &[usize]) -> String {
    let mut line = String::new();
    for (cell, width) in cells.iter().zip(widths) {
        line += cell;
        line.extend(std::iter::repeat_n(' ', width - cell.width() + GAP));
    }
    line.truncate(line.trim_end().len());
    line.push('\n');
    line
}

fn wrapped(titles: Vec<String>, rows: Vec<Vec<String>>, width: Option<u16>) -> String {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING.header_separator(LineStyle::none().fill('-')))
        .set_header(titles)
        .add_rows(rows);
    match width {
        Some(width) => table.set_width(width).set_content_arrangement(ContentArrangement::Dynamic),
        None => table.set_content_arrangement(ContentArrangement::Disabled),
    };
    let last = table.column_count().saturating_sub(1);
    for (index, column) in table.column_iter_mut().enumerate() {
        let after = if index == last { 0 } else { u16::try_from(GAP).unwrap_or(0) };
        column.set_padding((0, after));
    }
    let mut text = table.trim_fmt();
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_looks_as_if_it_had_been_wrapped() {
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        let titles: Vec<String> = texts(&["Code", "Name", "", "Agreed"]);
        for rows in [
            vec![],
            vec![texts(&["K7QM2", "Zoë Œuvre", "", "18 Jan"])],
            vec![texts(&["", "李小龍", "x", ""]), texts(&["a", "\u{301}b ", " c", "NO  "])],
            vec![texts(&["a", "two\nlines", "", "b"]), texts(&["", "", "", ""])],
        ] {
            for width in [None, Some(30), Some(60)] {
                let wrapped = wrapped(titles.clone(), rows.clone(), width);
                assert_eq!(render(titles.clone(), rows.clone(), width), wrapped, "{rows:?}");
            }
        }
    }
}

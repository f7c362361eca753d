//! Figures as one page to read in a browser and to print: no script, nothing
//! loaded from elsewhere, each drawing with a table of the same figures.

use std::io::Write;

use super::text::{RULE_HEADING, TABLES, Table, WEEKLY, count};
use super::{About, cell, days, heading, name, rule};
use crate::domain::figures::{Attended, Figures};
use crate::domain::words::Word;
use crate::error::Result;

const STYLE: &str = include_str!("page.css");

pub(super) fn write(to: &mut impl Write, about: &About, figures: &Figures) -> Result<()> {
    let title = escaped(&about.program);
    write!(
        to,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>Report: {title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n\
         <h1>{title}</h1>\n<p>{}. Made on {}.</p>\n",
        escaped(&about.scope),
        escaped(&about.made_on),
    )?;
    for (index, section) in TABLES.iter().enumerate() {
        write!(to, "<section>\n<h2>{}</h2>\n", section.title)?;
        bars(to, index, section, figures)?;
        let mut titles: Vec<&str> = section.columns.iter().map(|(title, _)| *title).collect();
        if section.with_wait {
            titles.push("Days waited");
        }
        let rows = figures.rows.iter().map(|row| {
            let counts = section.columns.iter().map(|(_, figure)| row.at(*figure));
            let mut cells: Vec<String> = counts.map(|shown| cell(shown, figures.limit)).collect();
            if section.with_wait {
                cells.push(days(row.median_wait));
            }
            (vec![name(row)], row.is_all, cells)
        });
        table(to, &[heading(figures.by)], &titles, rows)?;
        to.write_all(b"</section>\n")?;
    }
    to.write_all(b"<section>\n<h2>Attendance by week</h2>\n")?;
    let titles = WEEKLY.map(|(_, meaning)| meaning);
    let rows = figures.rows.iter().flat_map(|row| {
        (1..=figures.weeks).map(move |week| {
            let counts = Attended::ALL.iter().map(|one| row.in_week(week, *one));
            let cells = counts.map(|shown| cell(shown, figures.limit)).collect();
            (vec![name(row), week.to_string()], row.is_all, cells)
        })
    });
    table(to, &[heading(figures.by), "Week"], &titles, rows)?;
    write!(to, "</section>\n<section>\n<h2>{RULE_HEADING}</h2>\n")?;
    for paragraph in rule(figures) {
        writeln!(to, "<p>{}</p>", escaped(&paragraph))?;
    }
    Ok(to.write_all(b"</section>\n</main>\n</body>\n</html>\n")?)
}

fn table(
    to: &mut impl Write,
    groups: &[&str],
    titles: &[&str],
    rows: impl Iterator<Item = (Vec<String>, bool, Vec<String>)>,
) -> Result<()> {
    to.write_all(b"<div class=\"wide\">\n<table>\n<thead><tr>")?;
    for title in groups.iter().chain(titles) {
        write!(to, "<th scope=\"col\">{}</th>", escaped(title))?;
    }
    to.write_all(b"</tr></thead>\n<tbody>\n")?;
    for (names, is_all, cells) in rows {
        to.write_all(if is_all { b"<tr class=\"all\">" } else { b"<tr>" })?;
        for name in names {
            write!(to, "<th scope=\"row\">{}</th>", escaped(&name))?;
        }
        for cell in cells {
            write!(to, "<td>{}</td>", escaped(&cell))?;
        }
        to.write_all(b"</tr>\n")?;
    }
    Ok(to.write_all(b"</tbody>\n</table>\n</div>\n")?)
}

/// A bar a group; a hidden count has its sign in place of a bar.
fn bars(to: &mut impl Write, index: usize, section: &Table, figures: &Figures) -> Result<()> {
    const LEFT: u64 = 200;
    const WIDTH: u64 = 760;
    const LINE: u64 = 26;
    let (what, figure) = section.bars;
    let rows: Vec<_> = figures.rows.iter().filter(|row| !row.is_all).collect();
    let largest = rows.iter().map(|row| count(row, figure)).max().unwrap_or_default().max(1);
    let height = LINE * rows.len() as u64 + 4;
    let by = heading(figures.by).to_lowercase();
    let said: Vec<String> = rows
        .iter()
        .map(|row| format!("{}: {}", name(row), cell(row.at(figure), figures.limit)))
        .collect();
    write!(
        to,
        "<p>{what}, by {by}:</p>\n<svg viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-labelledby=\"t{index} d{index}\">\n\
         <title id=\"t{index}\">{what} by {by}</title>\n<desc id=\"d{index}\">{}</desc>\n\
         <line x1=\"{LEFT}\" y1=\"0\" x2=\"{LEFT}\" y2=\"{height}\"/>\n",
        escaped(&said.join("; ")),
    )?;
    for (row, y) in rows.iter().zip((2..).step_by(26)) {
        let length = count(row, figure) * (WIDTH - LEFT - 60) / largest;
        let mut label: String = name(row).chars().take(26).collect();
        if label.len() < name(row).len() {
            label.push('…');
        }
        writeln!(
            to,
            "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>\
             <rect x=\"{LEFT}\" y=\"{}\" width=\"{length}\" height=\"18\"/>\
             <text x=\"{}\" y=\"{}\">{}</text>",
            LEFT - 8,
            y + 16,
            escaped(&label),
            y + 2,
            LEFT + length + 8,
            y + 16,
            escaped(&cell(row.at(figure), figures.limit)),
        )?;
    }
    Ok(to.write_all(b"</svg>\n")?)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

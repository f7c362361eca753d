//! What came of it, to be read and as CSV.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use crate::Result;
use crate::measure::Took;
use crate::rows::Goal;

/// One line of the table.
pub(crate) struct Line {
    pub(crate) name: String,
    pub(crate) ours: Took,
    pub(crate) other: Took,
    pub(crate) goal: Goal,
}

impl Line {
    fn ratio(&self) -> f64 {
        self.ours.ms / self.other.ms
    }

    /// The goals, and whether they are met.
    fn goal(&self) -> String {
        let judged = |what: String, is_met: bool| {
            format!("{what} {}", if is_met { "met" } else { "MISSED" })
        };
        let ratio =
            self.goal.ratio.map(|most| judged(format!("<= {most:.2}"), self.ratio() <= most));
        let memory = self.goal.mb.zip(self.ours.mb);
        let memory = memory.map(|(most, mb)| judged(format!("< {most} MB"), mb < most));
        ratio.into_iter().chain(memory).collect::<Vec<_>>().join(", ")
    }
}

/// Says all of it.
pub(crate) fn show(lines: &[Line]) {
    let width = lines.iter().map(|line| line.name.len()).max().unwrap_or_default();
    println!(
        "\n{:width$}  {:>10}  {:>6}  {:>10}  {:>6}  {:>6}  goal",
        "", "cohorts ms", "MB", "other ms", "MB", "ratio"
    );
    for line in lines {
        let row = format!(
            "{:width$}  {:>10}  {:>6}  {:>10}  {:>6}  {:>6.2}  {}",
            line.name,
            ms(line.ours),
            mb(line.ours),
            ms(line.other),
            mb(line.other),
            line.ratio(),
            line.goal(),
        );
        println!("{}", row.trim_end());
    }
}

/// Writes all of it.
pub(crate) fn write(lines: &[Line], file: &Path) -> Result<()> {
    let mut to = BufWriter::new(File::create(file)?);
    writeln!(to, "row,cohorts_ms,cohorts_mb,other_ms,other_mb,ratio,goal_ratio,goal_mb")?;
    for line in lines {
        let some = |number: Option<f64>| number.map_or_else(String::new, |n| n.to_string());
        writeln!(
            to,
            "\"{}\",{},{},{},{},{:.4},{},{}",
            line.name.trim(),
            ms(line.ours),
            mb(line.ours),
            ms(line.other),
            mb(line.other),
            line.ratio(),
            some(line.goal.ratio),
            some(line.goal.mb),
        )?;
    }
    Ok(to.flush()?)
}

fn ms(took: Took) -> String {
    match took.ms {
        ms if ms < 1.0 => format!("{ms:.5}"),
        ms if ms < 1000.0 => format!("{ms:.2}"),
        ms => format!("{ms:.0}"),
    }
}

fn mb(took: Took) -> String {
    took.mb.map_or_else(String::new, |mb| format!("{mb:.1}"))
}

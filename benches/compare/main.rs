//! How long commands take and how much memory, beside what `sqlite3` takes for
//! the same:
//!
//! ```text
//! cargo bench --bench compare                  all of it
//! cargo bench --bench compare -- WORD...       rows whose name has one of these
//! COMPARE_SCALE=small cargo bench ...          a hundredth of it, to try this out
//! ```
//!
//! A program of its own, which knows of `cohorts` no more than its users do. It
//! makes up people and cohorts, lets `cohorts` record them, and keeps that under
//! `target/compare` for the next time.
//!
//! What is measured is a whole process, as a person waits for it: the time on the
//! wall, half of the runs taking no longer, and the most memory it had. Whatever
//! it writes goes nowhere. A process is said to have had at least as much memory
//! as the one that started it, which therefore keeps little itself.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program of its own")]

mod data;
mod import;
mod measure;
mod people;
mod programs;
mod rows;
mod same;
mod table;

use std::env;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use measure::Took;
use rows::Row;
use table::Line;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    let (options, words): (Vec<_>, Vec<_>) =
        env::args().skip(1).partition(|word| word.starts_with("--"));
    // `cargo test --all-targets` runs this too, where nothing is to be measured.
    if !options.iter().any(|option| option == "--bench") {
        return ExitCode::SUCCESS;
    }
    if !programs::sqlite_is_there() {
        println!("There is no sqlite3 to compare with: install it, and run this again.");
        return ExitCode::SUCCESS;
    }
    match compare(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn compare(words: &[String]) -> Result<()> {
    fs::create_dir_all(root())?;
    // Made by what may have been another version.
    data::remove(&root().join("empty"))?;
    data::remove(&scratch())?;
    let mut measured: Vec<(Row, [Took; 2])> = Vec::new();
    let mut failed = Vec::new();
    for row in rows::all() {
        if !words.is_empty() && !words.iter().any(|word| row.name.contains(&**word)) {
            continue;
        }
        match measure(&row) {
            Ok(took) => measured.push((row, took)),
            Err(error) => {
                eprintln!("error: {}: {error}", row.name);
                failed.push(row.name);
            }
        }
        data::remove(&scratch())?;
    }
    let lines = lines(&measured);
    if lines.is_empty() && failed.is_empty() {
        return Err("no row has any of these words in its name".into());
    }
    let file = root().join("compare.csv");
    table::show(&lines);
    table::write(&lines, &file)?;
    println!("\nThe same as CSV: {}", file.display());
    match failed.as_slice() {
        [] => Ok(()),
        failed => Err(format!("not measured, see above: {}", failed.join("; ")).into()),
    }
}

fn measure(row: &Row) -> Result<[Took; 2]> {
    fs::create_dir_all(scratch())?;
    let pair = (row.prepare)()?;
    let took = measure::by_turns(pair.sides.each_ref())?;
    pair.same.iter().try_for_each(|same| same())?;
    eprintln!("{}: {:.2} ms, and {:.2} ms", row.name, took[0].ms, took[1].ms);
    Ok(took)
}

/// The rows that were measured, and below each what one of its many costs.
fn lines(measured: &[(Row, [Took; 2])]) -> Vec<Line> {
    let mut lines = Vec::new();
    for (row, took) in measured {
        let [ours, other] = *took;
        lines.push(Line { name: row.name.clone(), ours, other, goal: row.goal });
        let Some(each) = &row.each else { continue };
        let base =
            measured.iter().find(|(base, _)| base.name == each.against && base.name != row.name);
        let Some((Row { each: Some(each_of_base), .. }, base)) = base else { continue };
        let [ours, other] =
            [(each.ms)(*took), (each_of_base.ms)(*base)].map(|ms| Took { ms, mb: None });
        lines.push(Line { name: each.name.clone(), ours, other, goal: each.goal });
    }
    lines
}

/// Where everything is kept: another place for another scale.
fn root() -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("compare");
    if is_small() { target.join("small") } else { target }
}

/// What is removed after each row.
fn scratch() -> PathBuf {
    root().join("scratch")
}

fn is_small() -> bool {
    env::var_os("COMPARE_SCALE").is_some_and(|scale| scale == "small")
}

/// So many, or a hundredth of it where this is only tried out.
fn scaled(number: usize) -> usize {
    if is_small() { number / 100 } else { number }
}

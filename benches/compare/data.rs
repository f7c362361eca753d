//! The records that are measured, made through the tool itself and kept from run
//! to run.
//!
//! All folders share a calendar of ten years: a cohort starts every quarter, or
//! several do. The last cohort is still to come, and the one before it had its
//! last session today, which is not recorded.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Instant;

use chrono::{Days, NaiveDate};

use crate::programs::Call;
use crate::{Result, people, root, scaled, scratch};

/// To be counted up whenever what is made here changes.
const GENERATOR: u32 = 2;

/// Before anything has begun: when people sign up.
pub(crate) const BEFORE: &str = "2009-12-01 12:00";

/// When everything is measured.
pub(crate) const NOW: &str = "2019-07-16 12:00";

/// Quarters from the first cohort to the last one.
const QUARTERS: usize = 40;

const WEEKS: usize = 4;

/// Some records.
pub(crate) struct Records {
    name: &'static str,
    cohorts: usize,
    places: usize,
    people: usize,
    /// The cohorts that people are in are so many, the last ones.
    filled: usize,
    /// Whether the sessions that are over are recorded.
    recorded: bool,
}

impl Records {
    /// A real office.
    pub(crate) fn typical() -> Self {
        let (cohorts, people) = (40, 500);
        Self { name: "typical", cohorts, places: 13, people, filled: cohorts, recorded: true }
    }

    /// A whole province.
    pub(crate) fn provincial() -> Self {
        let cohorts = scaled(5_000);
        let people = cohorts * 20;
        Self { name: "provincial", cohorts, places: 24, people, filled: cohorts, recorded: true }
    }

    /// The people of an office with the cohorts of a province, each as large.
    pub(crate) fn office_in_province() -> Self {
        Self { name: "office", people: 500, filled: 25, ..Self::provincial() }
    }

    /// A million sign-ups.
    pub(crate) fn extreme() -> Self {
        let (cohorts, places) = (scaled(5_000), 200);
        let people = cohorts * places;
        Self { name: "extreme", cohorts, places, people, filled: cohorts, recorded: false }
    }

    /// The cohort whose last session was today.
    pub(crate) fn running(&self) -> String {
        id(self.cohorts - 2)
    }

    /// The cohort that is still to come.
    pub(crate) fn upcoming(&self) -> String {
        id(self.cohorts - 1)
    }

    /// Their folder, made now if it is not there yet.
    pub(crate) fn folder(&self) -> Result<PathBuf> {
        let folder = root().join(self.name);
        let stamp = folder.join("stamp.txt");
        let right = format!("generator {GENERATOR}, records {}\n", format_of_records()?);
        if fs::read_to_string(&stamp).is_ok_and(|found| found == right) {
            return Ok(folder);
        }
        eprintln!(
            "Making the {} records: {} people in {} cohorts.",
            self.name, self.people, self.filled
        );
        let begun = Instant::now();
        empty(&folder)?;
        write_definitions(&folder, self.places, self.cohorts, 0..self.cohorts)?;
        self.sign_up(&folder)?;
        if self.recorded {
            self.record(&folder)?;
        }
        write_definitions(&folder, self.places, self.cohorts, 0..self.cohorts)?;
        fs::write(stamp, right)?;
        eprintln!("  which took {} s", begun.elapsed().as_secs());
        Ok(folder)
    }

    /// The cohort that somebody signs up for: one quarter after the other, and
    /// within a quarter for any of its cohorts.
    fn cohort_of(&self, index: usize) -> usize {
        let at_once = (self.cohorts / QUARTERS).max(1);
        let quarter = index * self.filled / self.people / at_once * at_once;
        let cohorts = at_once.min(self.filled - quarter);
        self.cohorts - self.filled + quarter + index % cohorts
    }

    /// Everybody at once, from a roster that says which cohort each is in.
    fn sign_up(&self, folder: &Path) -> Result<()> {
        let form = root().join("signups.csv");
        people::write(
            &form,
            "cohort,code,first_name,last_name,email,phone,residency,site,leave,agreed",
            self.people,
            |index| format!("{},,", id(self.cohort_of(index))),
            |_| "2009-11-25".to_owned(),
        )?;
        let file = form.to_string_lossy();
        Call::cohorts(folder, BEFORE, &["import", &file, "--consents"]).run()?;
        Ok(fs::remove_file(form)?)
    }

    /// Session by session, one process each. With the cohorts of one quarter at a
    /// time in cohorts.toml, since reading all of them 20,000 times would take
    /// most of the time.
    fn record(&self, folder: &Path) -> Result<()> {
        let mut done = self.cohorts - self.filled;
        while done < self.cohorts - 1 {
            let this = quarter(done, self.cohorts);
            let end = (done..self.cohorts).find(|at| quarter(*at, self.cohorts) != this);
            let end = end.unwrap_or(self.cohorts);
            write_definitions(folder, self.places, self.cohorts, done..end)?;
            let over = start(this) + Days::new(7 * (WEEKS as u64 - 1));
            let weeks = if end == self.cohorts - 1 { WEEKS - 1 } else { WEEKS };
            for cohort in done..end {
                for week in 1..=weeks {
                    let (cohort, week) = (id(cohort), week.to_string());
                    let attend = ["attend", &cohort, "--week", &week, "--rest", "present"];
                    Call::cohorts(folder, &format!("{over} 12:00"), &attend).run()?;
                }
            }
            let tenths = [done, end].map(|cohorts| cohorts * 10 / self.cohorts);
            if tenths[0] < tenths[1] {
                eprintln!("  recorded the sessions of {end} of {} cohorts", self.cohorts);
            }
            done = end;
        }
        Ok(())
    }
}

/// What a cohort is called.
pub(crate) fn id(cohort: usize) -> String {
    format!("group-{cohort:04}")
}

/// Which quarter a cohort of some starts in: the last two have one of their own.
fn quarter(cohort: usize, cohorts: usize) -> usize {
    match cohorts - cohort {
        1 => QUARTERS - 1,
        2 => QUARTERS - 2,
        _ => cohort * (QUARTERS - 2) / (cohorts - 2),
    }
}

fn start(quarter: usize) -> NaiveDate {
    let first = NaiveDate::from_ymd_opt(2010, 1, 5).unwrap_or_default();
    first + Days::new(91 * quarter as u64)
}

/// Writes a cohorts.toml: the project's own up to its first cohort, then some of
/// these cohorts.
pub(crate) fn write_definitions(
    folder: &Path,
    places: usize,
    cohorts: usize,
    written: std::ops::Range<usize>,
) -> Result<()> {
    let own = include_str!("../../cohorts.toml");
    let head = own.split("\n[[cohort]]").next().unwrap_or_default();
    let mut text = head
        .replace("capacity = 12", &format!("capacity = {places}"))
        .replace("since = 2024-01-01", "since = 2009-01-01");
    for cohort in written {
        let starts_on = start(quarter(cohort, cohorts));
        write!(text, "\n[[cohort]]\nid = \"{}\"\nstarts_on = {starts_on}\n", id(cohort))?;
    }
    Ok(fs::write(folder.join("cohorts.toml"), text)?)
}

/// Makes a folder without any records, in place of what was there.
pub(crate) fn empty(folder: &Path) -> Result<()> {
    remove(folder)?;
    let made = root().join("empty");
    if !made.join("cohorts.db").exists() {
        Call::cohorts(&made, BEFORE, &["init", &made.to_string_lossy()]).run()?;
    }
    fs::create_dir_all(folder)?;
    copy(&made.join("cohorts.db"), &folder.join("cohorts.db"))
}

/// A copy of some records that may be changed.
pub(crate) fn changeable(records: &Records) -> Result<PathBuf> {
    let folder = records.folder()?;
    let copied = scratch().join(records.name);
    remove(&copied)?;
    fs::create_dir_all(&copied)?;
    for name in ["cohorts.toml", "cohorts.db"] {
        copy(&folder.join(name), &copied.join(name))?;
    }
    Ok(copied)
}

/// Copies a file, down to the disk: else it would be written while something is
/// measured.
fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to)?;
    Ok(File::open(to)?.sync_all()?)
}

/// Removes a folder, if it is there.
pub(crate) fn remove(folder: &Path) -> Result<()> {
    if folder.exists() { Ok(fs::remove_dir_all(folder)?) } else { Ok(()) }
}

/// The version of the records that this `cohorts` writes, as its file says.
fn format_of_records() -> Result<u32> {
    let probe = scratch().join("probe");
    empty(&probe)?;
    let header = fs::read(probe.join("cohorts.db"))?;
    let version = header.get(60..64).ok_or("cohorts init made no records")?;
    Ok(version.iter().fold(0, |number, byte| (number << 8) | u32::from(*byte)))
}

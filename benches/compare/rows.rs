//! The rows of the comparison: what is measured beside what.

use std::fs;
use std::path::Path;

use crate::data::{self, NOW, Records};
use crate::import::import;
use crate::measure::{Side, Took};
use crate::programs::Call;
use crate::{Result, same, scaled, scratch};

/// What a figure should not be above.
#[derive(Clone, Copy, Default)]
pub(crate) struct Goal {
    pub(crate) ratio: Option<f64>,
    pub(crate) mb: Option<f64>,
}

impl Goal {
    pub(crate) const fn ratio(ratio: f64) -> Self {
        Self { ratio: Some(ratio), mb: None }
    }
}

/// Two processes to be measured, the first of them `cohorts`.
pub(crate) struct Pair {
    pub(crate) sides: [Side; 2],
    /// Whether both came to the same, looked at once they were measured.
    pub(crate) same: Option<Box<dyn Fn() -> Result<()>>>,
}

impl Pair {
    pub(crate) fn of(ours: Side, other: Side) -> Self {
        Self { sides: [ours, other], same: None }
    }
}

/// What one of many costs in a row, compared with what it costs in another one.
pub(crate) struct Each {
    pub(crate) name: String,
    /// The milliseconds of one.
    pub(crate) ms: Box<dyn Fn([Took; 2]) -> f64>,
    /// The row to compare with.
    pub(crate) against: String,
    pub(crate) goal: Goal,
}

/// One line of the comparison.
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) goal: Goal,
    /// Makes what is needed. Not called for rows that are not asked for.
    pub(crate) prepare: Box<dyn Fn() -> Result<Pair>>,
    pub(crate) each: Option<Each>,
}

impl Row {
    pub(crate) fn new(
        name: &str,
        goal: Goal,
        prepare: impl Fn() -> Result<Pair> + 'static,
    ) -> Self {
        Self { name: name.to_owned(), goal, prepare: Box::new(prepare), each: None }
    }
}

/// All of them, in the order in which they are measured.
pub(crate) fn all() -> Vec<Row> {
    let mut rows = starting();
    rows.extend(one_cohort());
    rows.extend([40, 500, 5_000].map(definitions));
    let people = in_thousands(scaled(1_000_000));
    let goal = Goal { ratio: Some(0.65), mb: Some(16.0) };
    rows.push(Row::new(&format!("export of {people}"), goal, export));
    rows.extend([10_000, 100_000, 1_000_000].map(import));
    for (name, arguments) in
        [("report", &["report"][..]), ("report as CSV", &["report", "--format", "csv"])]
    {
        rows.push(Row::new(name, Goal::ratio(1.5), move || {
            let folder = Records::provincial().folder()?;
            Ok(Pair::of(
                Side::new(Call::cohorts(&folder, NOW, arguments)),
                Side::new(query(&folder, include_str!("report.sql"))),
            ))
        }));
    }
    rows.push(Row::new("check, against integrity_check", Goal::default(), || {
        let folder = Records::provincial().folder()?;
        Ok(Pair::of(
            Side::new(Call::cohorts(&folder, NOW, &["check"])),
            Side::new(query(&folder, "PRAGMA integrity_check")),
        ))
    }));
    rows.push(Row::new("backup, against .backup", Goal::default(), backup));
    rows
}

fn query(folder: &Path, sql: &str) -> Call {
    Call::sqlite(&folder.join("cohorts.db"), &[sql])
}

/// How long it takes until something is on the screen, at a real office.
fn starting() -> Vec<Row> {
    let running = Records::typical().running();
    let roster = include_str!("roster.sql").replace("COHORT", &running);
    let today = roster.clone() + include_str!("open.sql");
    let screens = [
        ("list", vec!["list".to_owned()], include_str!("list.sql").to_owned()),
        ("roster", vec!["roster".to_owned(), running], roster),
        // No command at all.
        ("today", Vec::new(), today),
    ];
    let mut rows = Vec::new();
    for (screen, words, sql) in screens {
        let against = [
            ("select 1", Goal::ratio(1.1), "select 1".to_owned()),
            ("the same by query", Goal::default(), sql),
        ];
        for (what, goal, sql) in against {
            let words = words.clone();
            rows.push(Row::new(&format!("start {screen}, against {what}"), goal, move || {
                let folder = Records::typical().folder()?;
                let words: Vec<&str> = words.iter().map(|word| &**word).collect();
                Ok(Pair::of(
                    Side::new(Call::cohorts(&folder, NOW, &words)),
                    Side::new(query(&folder, &sql)),
                ))
            }));
        }
    }
    rows
}

/// What one cohort takes where there are many records, beside where there are few
/// with the same cohorts.toml.
fn one_cohort() -> Vec<Row> {
    let goal = Goal::ratio(1.15);
    let roster = Row::new("one cohort: roster", goal, || {
        let side = |records: Records| -> Result<Side> {
            let running = records.running();
            Ok(Side::new(Call::cohorts(&records.folder()?, NOW, &["roster", &running])))
        };
        Ok(Pair::of(side(Records::provincial())?, side(Records::office_in_province())?))
    });
    let attend = Row::new("one cohort: attend", goal, || {
        let side = |records: &Records| {
            let running = records.running();
            undone(records, &["attend", &running, "--week", "4", "--rest", "present"])
        };
        Ok(Pair::of(side(&Records::provincial())?, side(&Records::office_in_province())?))
    });
    let enroll = Row::new("one cohort: enroll", goal, || {
        let side = |records: &Records| {
            let words = "enroll --first-name Ida --last-name Newcomer --email ida@example.org -c";
            let upcoming = records.upcoming();
            undone(records, &words.split(' ').chain([&*upcoming]).collect::<Vec<_>>())
        };
        Ok(Pair::of(side(&Records::provincial())?, side(&Records::office_in_province())?))
    });
    vec![roster, attend, enroll]
}

/// A change that is taken back after each run, so that each changes the same.
fn undone(records: &Records, words: &[&str]) -> Result<Side> {
    let folder = data::changeable(records)?;
    // The first codes that another seed draws are not those of the people there.
    let change = Call::cohorts(&folder, NOW, words).with_seed(2);
    let undo = Call::cohorts(&folder, NOW, &["undo", "--yes"]);
    Ok(Side::new(change).after(move || undo.run()))
}

/// Reading a cohorts.toml, beside reading one with a single cohort.
fn definitions(cohorts: usize) -> Row {
    let name = |cohorts: usize| format!("cohorts.toml of {}", in_thousands(cohorts));
    let mut row = Row::new(&name(cohorts), Goal::default(), move || {
        let side = |cohorts: usize| -> Result<Side> {
            let folder = scratch().join(format!("definitions-{cohorts}"));
            data::empty(&folder)?;
            data::write_definitions(&folder, 12, cohorts, 0..cohorts)?;
            let last = data::id(cohorts - 1);
            Ok(Side::new(Call::cohorts(&folder, NOW, &["show", &last])))
        };
        Ok(Pair::of(side(cohorts)?, side(1)?))
    });
    if cohorts < 500 {
        // So few take less than the noise.
        return row;
    }
    #[expect(clippy::cast_precision_loss, reason = "a few thousand")]
    let more = (cohorts - 1) as f64;
    row.each = Some(Each {
        name: format!("  each cohort of {}, against 500", in_thousands(cohorts)),
        ms: Box::new(move |[ours, single]| (ours.ms - single.ms) / more),
        against: name(500),
        goal: Goal::default(),
    });
    row
}

fn export() -> Result<Pair> {
    let pair = |folder: &Path| {
        let file = folder.join("cohorts.db");
        (
            Call::cohorts(folder, NOW, &["roster", "--all", "--format", "csv"]),
            Call::sqlite(&file, &["-csv", "-header", include_str!("export.sql")]),
        )
    };
    // Looked at where there are marks, too.
    let (ours, other) = pair(&Records::provincial().folder()?);
    let files = ["ours.csv", "other.csv"].map(|name| scratch().join(name));
    ours.write(&files[0])?;
    other.write(&files[1])?;
    same::cells(&files[0], &files[1])?;
    let (ours, other) = pair(&Records::extreme().folder()?);
    Ok(Pair::of(Side::new(ours), Side::new(other)))
}

fn backup() -> Result<Pair> {
    // Of a copy: a backup may be noted in the records.
    let folder = data::changeable(&Records::provincial())?;
    let [ours, other] = ["ours.backup", "other.backup"].map(|name| scratch().join(name));
    let by_sqlite = format!(".backup '{}'", other.display());
    Ok(Pair::of(
        Side::new(Call::cohorts(&folder, NOW, &["backup", &ours.to_string_lossy()]))
            .after(move || Ok(fs::remove_file(&ours)?)),
        Side::new(query(&folder, &by_sqlite)).after(move || Ok(fs::remove_file(&other)?)),
    ))
}

/// A number as people read it: 1,000,000.
pub(crate) fn in_thousands(number: usize) -> String {
    match number {
        0..1000 => number.to_string(),
        _ => format!("{},{:03}", in_thousands(number / 1000), number % 1000),
    }
}

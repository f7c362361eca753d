//! The rows of the comparison: what is measured beside what.

use std::fs;
use std::path::{Path, PathBuf};

use crate::data::{self, BEFORE, NOW, Records};
use crate::measure::{Side, Took};
use crate::programs::Call;
use crate::{Result, people, root, same, scaled};

/// What a figure should not be above.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Goal {
    pub(crate) ratio: Option<f64>,
    pub(crate) mb: Option<f64>,
}

impl Goal {
    const NONE: Self = Self { ratio: None, mb: None };

    const fn ratio(ratio: f64) -> Self {
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
    fn of(ours: Side, other: Side) -> Self {
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
    fn new(name: &str, goal: Goal, prepare: impl Fn() -> Result<Pair> + 'static) -> Self {
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
    rows.push(Row::new("check, against integrity_check", Goal::NONE, || {
        let folder = Records::provincial().folder()?;
        Ok(Pair::of(
            Side::new(Call::cohorts(&folder, NOW, &["check"])),
            Side::new(query(&folder, "PRAGMA integrity_check")),
        ))
    }));
    rows.push(Row::new("backup, against .backup", Goal::NONE, backup));
    rows
}

fn query(folder: &Path, sql: &str) -> Call {
    Call::sqlite(&folder.join("cohorts.db"), &[sql])
}

/// How long it takes until something is on the screen, at a real office.
fn starting() -> Vec<Row> {
    let roster = include_str!("roster.sql").replace("COHORT", &Records::typical().running());
    let today = roster.clone() + include_str!("open.sql");
    let screens = [
        ("list", vec!["list"], include_str!("list.sql").to_owned()),
        ("roster", vec!["roster", "RUNNING"], roster),
        ("today", vec![], today),
    ];
    let mut rows = Vec::new();
    for (screen, words, sql) in screens {
        let against = [
            ("select 1", Goal::ratio(1.1), "select 1".to_owned()),
            ("the same by query", Goal::NONE, sql),
        ];
        for (what, goal, sql) in against {
            let words = words.clone();
            rows.push(Row::new(&format!("start {screen}, against {what}"), goal, move || {
                let records = Records::typical();
                let (folder, running) = (records.folder()?, records.running());
                let said = |word: &&'static str| if *word == "RUNNING" { &*running } else { *word };
                let words: Vec<&str> = words.iter().map(said).collect();
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
    let mut row = Row::new(&name(cohorts), Goal::NONE, move || {
        let side = |cohorts: usize| -> Result<Side> {
            let folder = root().join("scratch").join(format!("definitions-{cohorts}"));
            data::empty(&folder)?;
            data::write_definitions(&folder, 12, cohorts, 0..cohorts)?;
            let last = data::id(cohorts - 1);
            Ok(Side::new(Call::cohorts(&folder, NOW, &["show", &last])))
        };
        Ok(Pair::of(side(cohorts)?, side(1)?))
    });
    #[expect(clippy::cast_precision_loss, reason = "a few thousand")]
    let more = (cohorts - 1) as f64;
    row.each = Some(Each {
        name: format!("  each cohort of {}, against 500", in_thousands(cohorts)),
        ms: Box::new(move |[ours, single]| (ours.ms - single.ms) / more),
        against: name(500),
        goal: Goal::NONE,
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
    // Where there are marks, too.
    let (ours, other) = pair(&Records::provincial().folder()?);
    let files = ["ours.csv", "other.csv"].map(|name| root().join(name));
    ours.write(&files[0])?;
    other.write(&files[1])?;
    same::cells(&files[0], &files[1])?;
    files.iter().try_for_each(fs::remove_file)?;
    let (ours, other) = pair(&Records::extreme().folder()?);
    Ok(Pair::of(Side::new(ours), Side::new(other)))
}

/// A form's sign-ups for one cohort, each time into empty records.
fn import(people: usize) -> Row {
    let people = scaled(people);
    let name = |people: usize| format!("import of {}", in_thousands(people));
    let is_largest = people == scaled(1_000_000);
    let goal = Goal { ratio: Some(1.0), mb: is_largest.then_some(100.0) };
    let mut row = Row::new(&name(people), goal, move || {
        let form = root().join("scratch").join(format!("form-{people}.csv"));
        people::write(
            &form,
            "first_name,last_name,email,phone,residency,site,leave,signed_up,agreed",
            people,
            |_| String::new(),
            |index| {
                let (day, hour) = (1 + index % 20, index / 60 % 24);
                let (minute, second) = (index % 60, index * 7 % 60);
                format!("2009-11-{day:02} {hour:02}:{minute:02}:{second:02},2009-11-25")
            },
        )?;
        let form = form.to_string_lossy().into_owned();
        let [ours, other] =
            ["import", "import-sqlite"].map(|name| root().join("scratch").join(name));
        let script = root().join("scratch").join("import.sql");
        fs::write(&script, include_str!("import.sql").replace("FILE", &form))?;
        let words = ["import", &form, "--consents"];
        let mut pair = Pair::of(
            Side::new(Call::cohorts(&ours, BEFORE, &words)).before(fresh(&ours)),
            Side::new(Call::sqlite(&other.join("cohorts.db"), &[]).reading(script))
                .before(without_guards(&other)),
        );
        pair.same = Some(Box::new(move || same::history(&ours, &other)));
        Ok(pair)
    });
    #[expect(clippy::cast_precision_loss, reason = "a million at most")]
    let rows = people as f64;
    row.each = Some(Each {
        name: format!(
            "  each row of {}, against {}",
            in_thousands(people),
            in_thousands(scaled(10_000))
        ),
        ms: Box::new(move |[ours, _]| ours.ms / rows),
        against: name(scaled(10_000)),
        goal: Goal::ratio(1.2),
    });
    row
}

/// Empty records with one cohort, the first of all, to come.
fn fresh(folder: &Path) -> impl Fn() -> Result<()> + 'static {
    let folder = folder.to_owned();
    move || {
        data::empty(&folder)?;
        data::write_definitions(&folder, 12, 40, 0..1)
    }
}

/// The same that other programs may write, too.
fn without_guards(folder: &Path) -> impl Fn() -> Result<()> + 'static {
    let (make, file) = (fresh(folder), folder.join("cohorts.db"));
    move || {
        make()?;
        let guards = Call::sqlite(
            &file,
            &["SELECT 'DROP TRIGGER ' || name || ';' FROM sqlite_schema WHERE name LIKE 'guard%'"],
        );
        let drop_them = guards.output()?;
        Call::sqlite(&file, &[&drop_them]).run()
    }
}

fn backup() -> Result<Pair> {
    let folder = data::changeable(&Records::provincial())?;
    let [ours, other] =
        ["ours.backup", "other.backup"].map(|name| root().join("scratch").join(name));
    let command = format!(".backup '{}'", other.display());
    let is_away = |file: &PathBuf| {
        let file = file.clone();
        move || if file.exists() { Ok(fs::remove_file(&file)?) } else { Ok(()) }
    };
    let away = [is_away(&ours), is_away(&other)];
    let [ours_away, other_away] = away;
    Ok(Pair::of(
        Side::new(Call::cohorts(&folder, NOW, &["backup", &ours.to_string_lossy()]))
            .before(ours_away),
        Side::new(query(&folder, &command)).before(other_away),
    ))
}

/// A number as people read it: 1,000,000.
fn in_thousands(number: usize) -> String {
    match number {
        0..1000 => number.to_string(),
        _ => format!("{},{:03}", in_thousands(number / 1000), number % 1000),
    }
}

//! The rows about imports, beside the same inserts by `sqlite3`.

use std::fs;
use std::path::Path;

use crate::data::{self, BEFORE};
use crate::measure::Side;
use crate::programs::Call;
use crate::rows::{Each, Goal, Pair, Row, in_thousands};
use crate::{Result, people, same, scaled, scratch};

/// A form's sign-ups for one cohort, each time into empty records.
pub(crate) fn import(people: usize) -> Row {
    let people = scaled(people);
    let name = |people: usize| format!("import of {}", in_thousands(people));
    let is_largest = people == scaled(1_000_000);
    let goal = Goal { ratio: Some(1.0), mb: is_largest.then_some(100.0) };
    let mut row = Row::new(&name(people), goal, move || {
        let form = scratch().join(format!("form-{people}.csv"));
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
        let [ours, other] = ["import", "import-sqlite"].map(|name| scratch().join(name));
        let script = scratch().join("import.sql");
        fs::write(&script, include_str!("import.sql").replace("FILE", &form))?;
        let words = ["import", &form, "--consents"];
        let mut pair = Pair::of(
            Side::new(Call::cohorts(&ours, BEFORE, &words)).before(fresh(&ours)),
            Side::new(Call::sqlite(&other.join("cohorts.db"), &[]).reading(script))
                .before(with_open_guards(&other)),
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

const OPEN_GUARDS: &str = "
    SELECT 'DROP TRIGGER ' || name || ';' ||
           replace(replace(replace(sql, 'open_operation()', 'abs(1)'),
                           'writes_history()', 'abs(1)'), 'erasing()', 'abs(1)') || ';'
    FROM sqlite_schema WHERE name LIKE 'guard%'";

/// Empty records with one cohort, the first of all, to come.
fn fresh(folder: &Path) -> impl Fn() -> Result<()> + 'static {
    let folder = folder.to_owned();
    move || {
        data::empty(&folder)?;
        data::write_definitions(&folder, 12, 40, 0..1)
    }
}

/// The same with guards that other programs can pass, too: what they call is
/// something that sqlite3 has.
fn with_open_guards(folder: &Path) -> impl Fn() -> Result<()> + 'static {
    let (make, file) = (fresh(folder), folder.join("cohorts.db"));
    move || {
        make()?;
        let guards = Call::sqlite(&file, &[OPEN_GUARDS]);
        let open_them = guards.output()?;
        Call::sqlite(&file, &[&open_them]).run()
    }
}

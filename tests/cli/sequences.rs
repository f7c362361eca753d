//! Any sequence of commands keeps what always holds, and undone step by step
//! gives the same records and the same cohorts.toml again.
//!
//! The commands run inside the test, which is quicker than a program each.
//! Sequences are the same in every run, unless `PROPTEST_CASES` says how many
//! there are to be: then they are new ones.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime};
use clap::Parser;
use cohorts::cli::{self, Cli};
use cohorts::context::keys::Keys;
use cohorts::context::{Context, Mode};
use cohorts::error::Result;
use cohorts::output::Out;
use cohorts::output::messages::Report;
use cohorts::output::prompts::Prompts;
use proptest::collection::vec;
use proptest::prelude::{Just, ProptestConfig, Strategy, prop, prop_oneof, proptest};
use proptest::test_runner::RngSeed;
use rusqlite::Connection;
use tempfile::TempDir;

use crate::encrypted;
use crate::office::{Office, words};

/// What the history says of every row, and the tables that it is kept for.
const HISTORY: [&str; 15] = [
    "participant",
    "address",
    "alias",
    "cohort",
    "session",
    "agreement",
    "enrollment",
    "consent",
    "attendance",
    "incident",
    "zoom_report",
    "support",
    "contact",
    "finish",
    "draft",
];

/// Those whose rows go when the command is undone that made them. Cohorts and
/// agreements stay: others may have come to need them.
fn undone_with_their_command() -> impl Iterator<Item = &'static str> {
    HISTORY.into_iter().filter(|table| !["cohort", "agreement"].contains(table))
}

/// Forms to be imported: people who are known, new, refused, and back again.
pub(super) const FORMS: [(&str, &str); 2] = [
    (
        "form-1.csv",
        "Timestamp,Name,Email,Phone,Agree\n\
         2024-01-05 08:00,Amara Example,amara@example.org,555-0102,yes\n\
         2024-01-04 08:00,Gina Example,gina@example.org,,yes\n\
         2024-01-06 08:00,Bea Example,bea@example.org,555-0104,no\n",
    ),
    (
        "form-2.csv",
        "Timestamp,Name,Email,Phone,Agree\n\
         2024-02-10 08:00,Elif Example,elif@example.org,,yes\n\
         2024-01-20 08:00,Hugo Example,,,\n\
         2024-01-20 08:00,Somebody Else,dara@example.org,,\n",
    ),
];

/// A folder that commands are typed in.
pub(super) struct Desk {
    folder: TempDir,
    now: NaiveDateTime,
    random: fastrand::Rng,
}

/// Everything that an undo has to bring back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct State {
    definitions: String,
    rows: BTreeMap<&'static str, BTreeMap<i64, Option<String>>>,
}

impl Desk {
    /// The folder as it was at the [`beginning`], on the Monday before winter
    /// starts.
    pub(super) fn new(files: &(Option<Vec<u8>>, Option<Vec<u8>>)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("cohorts.toml"), files.0.as_ref().unwrap()).unwrap();
        fs::write(folder.path().join("cohorts.db"), files.1.as_ref().unwrap()).unwrap();
        for (name, form) in FORMS {
            fs::write(folder.path().join(name), form).unwrap();
        }
        let now = day(2024, 1, 22).and_time(NaiveTime::from_hms_opt(12, 0, 0).unwrap());
        Self { folder, now, random: fastrand::Rng::with_seed(1) }
    }

    fn types(&mut self, line: &str) -> Result<Report> {
        let mut ctx = Context {
            now: self.now,
            moment: None,
            zone: "America/Vancouver".into(),
            actor: "coordinator".into(),
            random: self.random.fork(),
            prompts: Prompts::Nobody,
            keys: Keys::with(encrypted::key()),
            out: Out::new(),
            mode: Mode::Real,
            here: self.folder.path().to_owned(),
            named_folder: None,
            gone_elsewhere: Cell::default(),
        };
        let typed = ["cohorts".to_owned()].into_iter().chain(words(line));
        let cli = Cli::try_parse_from(typed).unwrap_or_else(|error| panic!("{line}: {error}"));
        cli::run(&mut ctx, cli.command)
    }

    /// Where the records are.
    pub(super) fn path(&self) -> PathBuf {
        self.folder.path().join("cohorts.db")
    }

    fn records(&self) -> Connection {
        encrypted::open(&self.path())
    }

    fn bytes(&self) -> [Vec<u8>; 2] {
        ["cohorts.toml", "cohorts.db"].map(|name| read(&self.folder.path().join(name)))
    }

    fn state(&self) -> State {
        let records = self.records();
        let rows = undone_with_their_command().map(|table| (table, rows(&records, table)));
        let definitions = String::from_utf8(read(&self.folder.path().join("cohorts.toml")));
        State { definitions: definitions.unwrap(), rows: rows.collect() }
    }

    fn last_operation(&self) -> i64 {
        let sql = "SELECT coalesce(max(id), 0) FROM operation";
        self.records().query_row(sql, [], |row| row.get(0)).unwrap()
    }

    /// Types a line that may be refused, and then must change nothing; whether
    /// it changed anything.
    pub(super) fn tries(&mut self, line: &str) -> bool {
        let (bytes, last) = (self.bytes(), self.last_operation());
        let done = self.types(line);
        if done.is_err() {
            assert!(self.bytes() == bytes, "{line} was refused, and changed something: {done:?}");
        }
        self.last_operation() > last
    }

    /// What holds after every command.
    pub(super) fn holds(&mut self, after: &str) {
        if let Err(error) = self.types("check") {
            panic!("after `{after}`: {}{}", error.preamble.unwrap_or_default(), error.message);
        }
        let records = self.records();
        for table in HISTORY {
            let logged = last_changes(&records, table);
            assert_eq!(rows(&records, table), logged, "{table} after `{after}`");
        }
    }
}

fn read(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap()
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn by_id(records: &Connection, sql: &str) -> BTreeMap<i64, Option<String>> {
    let mut statement = records.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    rows.map(std::result::Result::unwrap).collect()
}

/// Each row of a table as the history would write it down.
fn rows(records: &Connection, table: &str) -> BTreeMap<i64, Option<String>> {
    let pairs = "SELECT group_concat('''' || name || ''', ' || name, ', ' ORDER BY cid)
                 FROM pragma_table_info(?1)";
    let pairs: String = records.query_row(pairs, [table], |row| row.get(0)).unwrap();
    by_id(records, &format!("SELECT id, json_object({pairs}) FROM {table}"))
}

/// Each row of a table as its last change left it.
fn last_changes(records: &Connection, table: &str) -> BTreeMap<i64, Option<String>> {
    let sql = format!("SELECT row_id, after FROM change WHERE tbl = '{table}' ORDER BY id");
    let mut changes = by_id(records, &sql);
    // A row that was deleted has no `after`.
    changes.retain(|_, after| after.is_some());
    changes
}

/// How many days pass before a command, and the command.
pub(super) type Step = (u64, String);

fn who() -> impl Strategy<Value = &'static str> {
    let names = vec!["amara", "bea", "chen", "dara", "elif", "finn"];
    prop::sample::select(names)
}

pub(super) fn address() -> impl Strategy<Value = String> {
    who().prop_map(|name| format!("{name}@example.org"))
}

/// Winter more often: its days are those that pass.
fn cohort() -> impl Strategy<Value = &'static str> {
    prop_oneof![12 => Just("winter-2024"), 6 => Just("spring-2024"), 1 => Just("summer-2024")]
}

fn one_of(words: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    prop::sample::select(words)
}

fn enroll() -> impl Strategy<Value = String> {
    let more = one_of(&[
        "",
        "",
        "--late",
        "--leave medical --site Victoria",
        "--signed-up 2024-01-10",
        "--late --from-week 2",
        "--new-person",
    ]);
    (who(), cohort(), more).prop_map(|(name, cohort, more)| {
        let first = name[..1].to_uppercase() + &name[1..];
        format!(
            "enroll -c {cohort} --first-name {first} --last-name Example \
             --email {name}@example.org {more}"
        )
    })
}

fn consent() -> impl Strategy<Value = String> {
    let decision = prop_oneof![4 => Just("agreed"), 1 => Just("declined"), 1 => Just("withdrawn")];
    let more = one_of(&["", "", "--method form", "--on 2024-01-18", "--on 2024-01-25"]);
    (decision, vec(address(), 1..4), cohort(), more).prop_map(|(decision, who, cohort, more)| {
        format!("consent {decision} {} -c {cohort} {more}", who.join(" "))
    })
}

/// The first weeks more often: they are over sooner.
fn week() -> impl Strategy<Value = u64> {
    prop_oneof![3 => Just(1), 2 => Just(2), 1 => Just(3), 1 => Just(4)]
}

fn attend() -> impl Strategy<Value = String> {
    let mark = one_of(&["present", "late", "departed", "excused", "absent"]);
    let marks = vec((mark, address()), 0..3);
    let rest = one_of(&["", "--rest present", "--rest present", "--rest absent"]);
    let let_in = prop_oneof![
        3 => Just(String::new()),
        1 => address().prop_map(|who| {
            format!("--without-agreement {who} --reason let-in-by-mistake")
        }),
    ];
    (cohort(), week(), marks, rest, let_in).prop_map(|(cohort, week, marks, rest, let_in)| {
        let marks: String = marks.iter().map(|(mark, who)| format!(" --{mark} {who}")).collect();
        format!("attend {cohort} --week {week}{marks} {rest} {let_in}")
    })
}

fn move_session() -> impl Strategy<Value = String> {
    let hour = one_of(&["", "", "--at 13:00"]);
    (cohort(), week(), 0_u64..8, hour).prop_map(|(cohort, week, days, hour)| {
        let start = match cohort {
            "winter-2024" => day(2024, 1, 23),
            "spring-2024" => day(2024, 4, 2),
            _ => day(2024, 7, 2),
        };
        let to = start + Days::new(7 * (week - 1) + days) - Days::new(2);
        format!("move {cohort} --week {week} --to {to} {hour}")
    })
}

pub(super) fn edit() -> impl Strategy<Value = String> {
    let what = one_of(&[
        "--goes-by Sunny",
        "--goes-by ''",
        "--phone 555-0101",
        "--last-name Sample",
        "--email new.address@example.org",
        "--email amara@example.org",
        "-c winter-2024 --leave parental",
        "-c winter-2024 --site ''",
    ]);
    (address(), what).prop_map(|(who, what)| format!("participant edit {who} {what}"))
}

pub(super) fn merge() -> impl Strategy<Value = String> {
    (address(), address()).prop_map(|(one, other)| format!("participant merge {one} {other} --yes"))
}

pub(super) fn command() -> impl Strategy<Value = String> {
    let new = one_of(&[
        "new summer-2024 --starts 2024-07-02",
        "new winter-2024 --starts 2024-01-23",
        "new --starts 2024-10-01",
    ]);
    let withdraw = (address(), cohort(), one_of(&["--reason schedule", "--reason not-said"]))
        .prop_map(|(who, cohort, more)| format!("withdraw {who} -c {cohort} {more}"));
    let place = (address(), cohort(), one_of(&["", "--late", "--late --beyond-capacity"]))
        .prop_map(|(who, cohort, more)| format!("place {who} -c {cohort} {more}"));
    let excuse = (address(), cohort(), week())
        .prop_map(|(who, cohort, week)| format!("excuse {who} -c {cohort} --week {week}"));
    let incident = (address(), cohort(), week(), one_of(&["stranger", "recording", "other"]))
        .prop_map(|(who, cohort, week, kind)| {
            format!("incident add {who} -c {cohort} --week {week} --kind {kind}")
        });
    let finish = one_of(&["finish autumn-2023", "finish autumn-2023", "finish winter-2024"]);
    let from = prop_oneof![2 => Just("autumn-2023"), 3 => Just("winter-2024")];
    let to = prop_oneof![1 => Just("winter-2024"), 2 => Just("spring-2024")];
    let carried = one_of(&[
        "--waiting",
        "--incomplete --waiting --late",
        "jana@example.org --late",
        "elif@example.org",
    ]);
    let carry = (from, to, carried).prop_map(|(from, to, who)| format!("carry {from} {to} {who}"));
    let mail = (cohort(), one_of(&["invitation", "agreement", "reminder", "missed", "moved"]))
        .prop_map(|(cohort, kind)| format!("mail {cohort} --template {kind}"));
    let close = (1..4).prop_map(|number| format!("incident close {number} --done talked"));
    let support = (address(), 0..4).prop_map(|(who, what)| match what {
        0 => format!("support add {who}"),
        1 => format!("support add {who} --next none"),
        2 => format!("support contact {who} --kind phone"),
        _ => format!("support close {who} --outcome joined"),
    });
    prop_oneof![
        6 => enroll(),
        3 => import(),
        4 => consent(),
        4 => attend(),
        2 => edit(),
        2 => excuse,
        2 => withdraw,
        2 => place,
        2 => merge(),
        2 => incident,
        2 => close,
        2 => mail,
        3 => support,
        2 => carry,
        1 => finish.prop_map(str::to_owned),
        1 => move_session(),
        1 => new.prop_map(str::to_owned),
    ]
}

pub(super) fn import() -> impl Strategy<Value = String> {
    let form = one_of(&["form-1.csv", "form-1.csv", "form-2.csv --rejects rejects.csv --force"]);
    let more = one_of(&["", "--late", "--late --consents", "--late --consents"]);
    (form, cohort(), more)
        .prop_map(|(form, cohort, more)| format!("import {form} -c {cohort} {more}"))
}

/// A command that takes something back, the last change or any.
pub(super) fn undo() -> impl Strategy<Value = String> {
    prop_oneof![Just("undo".to_owned()), (1..28).prop_map(|number| format!("undo {number}")),]
}

pub(super) fn steps(command: impl Strategy<Value = String>) -> impl Strategy<Value = Vec<Step>> {
    vec((0..8_u64, command), 1..13)
}

/// The two files that every sequence begins with: winter and spring have three
/// places each, and an agreement of their own.
pub(super) fn beginning() -> (Option<Vec<u8>>, Option<Vec<u8>>) {
    let office = Office::winter();
    office.edit("capacity = 12", "capacity = 3");
    office.ok("new spring-2024 --starts 2024-04-02");
    let another = "\n[[agreement]]\nversion = \"2024-03\"\nsince = 2024-03-01\ntext = \"New.\"\n";
    office.write("cohorts.toml", &(office.read("cohorts.toml") + another));
    // Autumn is over, and its three people did not agree.
    office.edit("since = 2024-01-01", "since = 2023-01-01");
    office.at("2023-09-20 09:00").ok("new autumn-2023 --starts 2023-10-03");
    office.sign_up("autumn", &["ivo", "jana", "gina"]);
    for name in ["ivo", "jana", "gina"] {
        office.ok(&format!("consent declined {name}@example.org -c autumn"));
    }
    office.at("2024-01-02 09:00");
    // Two wait for winter, and one person is in both cohorts.
    office.sign_up("winter", &["amara", "bea", "chen", "dara", "elif"]);
    office.sign_up("spring", &["finn", "amara"]);
    office.at("2024-01-18 09:00").agree("winter", &["amara", "bea"]);
    office.files()
}

pub(super) fn config(cases: u32) -> ProptestConfig {
    let asked = ProptestConfig::default();
    match std::env::var_os("PROPTEST_CASES") {
        Some(_) => asked,
        None => ProptestConfig { cases, rng_seed: RngSeed::Fixed(2024), ..asked },
    }
}

/// Types every step, and gives those that changed something, each with the
/// state before it.
pub(super) fn done(desk: &mut Desk, steps: &[Step]) -> Vec<(String, State)> {
    let mut done = Vec::new();
    for (days, line) in steps {
        desk.now = desk.now + Days::new(*days);
        let before = desk.state();
        if desk.tries(line) {
            desk.holds(line);
            done.push((line.clone(), before));
        }
    }
    done
}

#[test]
fn undone_step_by_step_and_redone() {
    let files = beginning();
    proptest!(config(64), |(steps in steps(command()))| {
        let mut desk = Desk::new(&files);
        let mut done = done(&mut desk, &steps);
        let mut redo = Vec::new();
        while let Some((line, before)) = done.pop() {
            let after = desk.state();
            if let Err(error) = desk.types("undo") {
                panic!("`{line}` was not taken back: {error:?}");
            }
            desk.holds("undo");
            assert_eq!(desk.state(), before, "`{line}` was taken back");
            redo.push((line, desk.last_operation(), after));
        }
        while let Some((line, operation, after)) = redo.pop() {
            if let Err(error) = desk.types(&format!("undo {operation}")) {
                panic!("`{line}` was not brought back: {error:?}");
            }
            desk.holds("undo");
            assert_eq!(desk.state(), after, "`{line}` was brought back");
        }
    });
}

#[test]
fn with_anything_undone_in_between() {
    let files = beginning();
    let any = || prop_oneof![3 => command(), 1 => undo()];
    proptest!(config(64), |(steps in steps(any()))| {
        let mut desk = Desk::new(&files);
        done(&mut desk, &steps);
    });
}

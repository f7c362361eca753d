//! The program killed at any point of what it does: whatever it said was done is
//! there, and anything else is there whole or not at all.
//!
//! `COHORTS_KILLS` sets how many kills there are over all commands, 200 if it is
//! not set. With `--nocapture` each command says when its kills came.

use std::collections::BTreeMap;
use std::fs;
use std::process::{Child, Stdio};
use std::sync::OnceLock;
use std::thread;
use std::time::Instant;

use cohorts::store::{self, ENCRYPTS};
use rusqlite::types::ValueRef;

use crate::encrypted;
use crate::erase::{KIT, holding};
use crate::mail::drafts;
use crate::office::{Office, holds};
use crate::quarter::lively_quarter;

/// One test for each, so that a failure says which command it was.
const COMMANDS: usize = 13;

/// Files by their names.
type Files = BTreeMap<String, Vec<u8>>;

/// All that the two files say: cohorts.toml, and every row of every table.
#[derive(Debug, PartialEq, Eq)]
struct State {
    definitions: String,
    rows: Vec<String>,
}

impl State {
    fn of(office: &Office) -> Self {
        let records = office.records();
        let mut tables = records
            .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
            .unwrap();
        let tables: Vec<String> =
            tables.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        // Only where files went differs from one folder to the next.
        let here = office.path("").display().to_string();
        let mut rows = Vec::new();
        for table in tables {
            let mut statement = records.prepare(&format!("SELECT * FROM {table}")).unwrap();
            let width = statement.column_count() - usize::from(table == "disclosure");
            let mut found = statement.query([]).unwrap();
            while let Some(row) = found.next().unwrap() {
                let cells = (0..width).map(|at| match row.get_ref(at).unwrap() {
                    ValueRef::Text(text) => String::from_utf8_lossy(text).replace(&here, ""),
                    other => format!("{other:?}"),
                });
                rows.push(format!("{table}: {}", cells.collect::<Vec<_>>().join(" ")));
            }
        }
        Self { definitions: office.read("cohorts.toml"), rows }
    }

    /// What only this one says, and what only the other one.
    fn unlike(&self, other: &Self) -> String {
        let lines = |state: &Self| -> Vec<String> {
            state.definitions.lines().map(str::to_owned).chain(state.rows.clone()).collect()
        };
        let (mine, others) = (lines(self), lines(other));
        let more =
            mine.iter().filter(|line| !others.contains(line)).map(|line| format!("+ {line}"));
        let less =
            others.iter().filter(|line| !mine.contains(line)).map(|line| format!("- {line}"));
        more.chain(less).collect::<Vec<_>>().join("\n")
    }
}

/// A lively quarter, and after it a cohort that is the last change.
fn prepared() -> &'static Files {
    static PREPARED: OnceLock<Files> = OnceLock::new();
    PREPARED.get_or_init(|| {
        let office = lively_quarter();
        office.at("2024-02-15 09:00").ok("backup old.backup");
        office.at("2024-02-16 09:00").ok("new summer-2024 --starts 2024-07-02");
        let names = ["cohorts.toml", "cohorts.db", "old.backup"];
        names.map(|name| (name.to_owned(), fs::read(office.path(name)).unwrap())).into()
    })
}

fn laid_out(files: &Files) -> Office {
    let office = Office::empty();
    office.at("2024-02-20 09:00");
    for (name, bytes) in files {
        fs::write(office.path(name), bytes).unwrap();
    }
    for folder in ["temporary", "backups"] {
        fs::create_dir(office.path(folder)).unwrap();
    }
    office
}

fn started(office: &Office, line: &str) -> Child {
    office
        .command(line)
        .env("TMPDIR", office.path("temporary"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// What a killed program leaves behind under a name that nobody would look for.
fn left_behind(office: &Office) -> usize {
    let hidden = |folder: &str| {
        let entries = fs::read_dir(office.path(folder)).into_iter().flatten();
        entries
            .filter(|entry| {
                let name = entry.as_ref().unwrap().file_name();
                name.to_string_lossy().starts_with(".cohorts-")
            })
            .count()
    };
    hidden("") + hidden("temporary") + hidden("backups")
}

/// When the kills of one command came.
#[derive(Default)]
struct Kills {
    before: usize,
    after: usize,
    acknowledged: usize,
    left_behind: usize,
}

/// Kills a command again and again, and looks each time at what there is:
/// `look` is told whether the change is there, and whether the command had
/// ended well by then.
fn kill(files: &Files, line: &str, look: impl Fn(&Office, bool, bool)) {
    let before = State::of(&laid_out(files));
    let mut usual = Vec::new();
    let mut after = None;
    for _ in 0..3 {
        let office = laid_out(files);
        let begun = Instant::now();
        assert!(started(&office, line).wait().unwrap().success(), "{line}");
        usual.push(begun.elapsed());
        after = Some(State::of(&office));
    }
    usual.sort_unstable();
    let (usual, after) = (usual[1], after.unwrap());
    assert_ne!(before, after, "{line} changes nothing");

    let number = std::env::var("COHORTS_KILLS").map_or(200, |set| set.parse().unwrap());
    let mut random = fastrand::Rng::with_seed(number as u64);
    let mut kills = Kills::default();
    for _ in 0..usize::div_ceil(number, COMMANDS) {
        let office = laid_out(files);
        let mut child = started(&office, line);
        // This waits for nothing: it is where in its work the program is hit.
        thread::sleep(usual.mul_f64(1.1 * random.f64()));
        child.kill().unwrap();
        let acknowledged = child.wait().unwrap().success();

        if ENCRYPTS && !line.starts_with("decrypt") {
            nothing_can_be_read(&office);
        }
        // Nobody clears up first.
        let check = office.run("check");
        assert_eq!(check.code, 0, "{line}\n{}", check.stderr);
        let found = State::of(&office);
        let is_there = found == after;
        assert!(
            is_there || found == before || is_disclosed_alone(line, &found, &before),
            "{line}: half of it is there; unlike before it\n{}\nunlike after it\n{}",
            found.unlike(&before),
            found.unlike(&after)
        );
        assert!(is_there || !acknowledged, "{line}: acknowledged and lost");
        for entry in fs::read_dir(office.path("")).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let is_mark = [".cohorts.toml.pending", ".cohorts.db.erasing"]
                .iter()
                .any(|mark| name.starts_with(mark));
            assert!(!is_mark, "{line}: {name} was not cleared up");
        }
        look(&office, is_there, acknowledged);
        kills.left_behind += usize::from(left_behind(&office) > 0);

        // And the work goes on.
        office.ok("enroll -c spring --first-name Nina --last-name Next --email nina@example.org");
        assert!(!office.path("cohorts.db-journal").exists(), "{line}: the journal stays");
        match (acknowledged, is_there) {
            (true, _) => kills.acknowledged += 1,
            (false, true) => kills.after += 1,
            (false, false) => kills.before += 1,
        }
    }
    let Kills { before, after, acknowledged, left_behind } = kills;
    eprintln!(
        "{line}\n    killed before the commit {before}, after it {after}, too late {acknowledged}; \
         lost 0; a .cohorts- file stayed {left_behind} times"
    );
}

/// That drafts leave is written down before they do, and then that they are
/// there: between the two, the first alone is.
fn is_disclosed_alone(line: &str, found: &State, before: &State) -> bool {
    let mut new = found.rows.iter().filter(|row| !before.rows.contains(row));
    let disclosed = ["disclosure: ", "sqlite_sequence: disclosure "];
    line.starts_with("mail") && new.all(|row| disclosed.iter().any(|table| row.starts_with(table)))
}

/// No name stands in encrypted records, nor in a journal, a copy or whatever else
/// the program was at.
fn nothing_can_be_read(office: &Office) {
    for folder in ["", "temporary", "backups"] {
        for entry in fs::read_dir(office.path(folder)).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let is_ours = name.starts_with("cohorts.db")
                || name.ends_with("backup")
                || folder == "temporary"
                || name.starts_with(".cohorts-");
            if is_ours && path.is_file() {
                let bytes = fs::read(&path).unwrap();
                // A text of four letters stands in encrypted records by chance.
                for text in ["Diallo", "amara@example.org", "zora@example.org", "p7@example.org"] {
                    assert!(!holds(&bytes, text), "{name}: {text}");
                }
            }
        }
    }
}

fn nothing_more(_: &Office, _: bool, _: bool) {}

#[test]
fn enroll() {
    let line = "enroll -c spring --first-name Zora --last-name Late --email zora@example.org";
    kill(prepared(), line, nothing_more);
}

#[test]
fn import() {
    let people = (0..60).map(|n| format!("2024-02-19,Person {n},p{n}@example.org,yes\n"));
    let form = format!("Timestamp,Name,Email,Agree\n{}", people.collect::<String>());
    let mut files = prepared().clone();
    files.insert("form.csv".into(), form.into_bytes());
    kill(&files, "import form.csv -c spring --consents", |office, is_there, _| {
        // What was cut off is made up for by importing once more.
        let said = office.says("import form.csv -c spring --consents");
        assert_eq!(said.contains("nothing was changed"), is_there, "{said}");
    });
}

#[test]
fn attend() {
    let line = "attend winter --week 4 --absent amara@example.org --late bea@example.org";
    kill(prepared(), line, nothing_more);
}

#[test]
fn undo_of_records() {
    let mut files = prepared().clone();
    let office = laid_out(&files);
    office.ok("excuse chen@example.org -c spring --week 2");
    files.insert("cohorts.db".into(), fs::read(office.path("cohorts.db")).unwrap());
    kill(&files, "undo", nothing_more);
}

#[test]
fn undo_of_an_edit_of_the_definitions() {
    kill(prepared(), "undo", |office, is_there, _| {
        assert_eq!(office.read("cohorts.toml").contains("summer-2024"), !is_there);
    });
}

#[test]
fn new() {
    kill(prepared(), "new autumn-2024 --starts 2024-10-01", |office, is_there, _| {
        assert_eq!(office.ok("list").contains("autumn-2024"), is_there);
    });
}

#[test]
fn moving_a_session() {
    let line = "move spring --week 2 --to 2024-04-11 --at 13:00";
    kill(prepared(), line, |office, is_there, _| {
        assert_eq!(office.ok("show spring").contains("11 April"), is_there);
    });
}

#[test]
fn erase() {
    let kit = laid_out(prepared()).code("kit");
    let mut files = prepared().clone();
    files.remove("old.backup");
    let line = format!("participant erase {kit} --yes");
    kill(&files, &line, |office, is_there, _| {
        for personal in KIT {
            let found = holding(&office.path(""), personal);
            match is_there {
                true => assert!(found.is_empty(), "{personal} is in {found:?}"),
                false => assert!(found.contains(&"cohorts.db".to_owned()), "{personal}"),
            }
        }
    });
}

#[test]
fn backup() {
    kill(prepared(), "backup new.backup", |office, _, acknowledged| {
        whole_or_absent(office, "new.backup", acknowledged);
    });
}

#[test]
fn export() {
    kill(prepared(), "export everything", |office, _, acknowledged| {
        let everything = office.path("everything");
        assert!(everything.exists() || !acknowledged, "it is gone");
        if everything.exists() {
            let elsewhere = Office::empty();
            elsewhere.ok(&format!("import --all '{}' --folder .", everything.display()));
        }
    });
}

#[test]
fn mail() {
    let line = "mail spring --template invitation --output drafts";
    let mut files = prepared().clone();
    let office = laid_out(&files);
    office.sign_up("spring", &["dara", "elif", "finn"]);
    files.insert("cohorts.db".into(), fs::read(office.path("cohorts.db")).unwrap());
    kill(&files, line, |office, is_there, acknowledged| {
        let drafted = office.path("drafts").exists();
        assert!(drafted || !is_there, "it is said to be drafted, and is nowhere");
        assert!(is_there || !acknowledged);
        if drafted {
            assert_eq!(drafts(office, "drafts").len(), 3);
        }
        let said = office.says("mail spring --template invitation --output more");
        assert_eq!(said.starts_with("Nobody is to get it now"), is_there, "{said}");
    });
}

#[test]
fn restore() {
    kill(prepared(), "restore old.backup --yes", |office, is_there, _| {
        assert_eq!(office.read("cohorts.toml").contains("summer-2024"), !is_there);
        whole_or_absent(office, "old.backup", true);
    });
}

#[test]
fn decrypt() {
    if ENCRYPTS {
        kill(prepared(), "decrypt --yes", |office, is_there, _| {
            assert_eq!(encrypted::is(&office.path("cohorts.db")), !is_there);
        });
    }
}

#[test]
fn a_change_that_renews_the_backup() {
    let mut files = prepared().clone();
    let section = b"\n[backup]\nfolder = \"backups\"\n";
    files.get_mut("cohorts.toml").unwrap().extend(section);
    let line = "excuse chen@example.org -c spring --week 2";
    kill(&files, line, |office, _, acknowledged| {
        whole_or_absent(office, "backups/aim-focus-release-2024-02-20.backup", acknowledged);
    });
}

/// A copy that is there at all can be put back.
fn whole_or_absent(office: &Office, name: &str, must_be_there: bool) {
    let path = office.path(name);
    if !path.exists() {
        assert!(!must_be_there, "{name} is gone");
        return;
    }
    let Ok(copy) = store::open_copy(&path, &encrypted::find_key) else {
        panic!("{name} is no whole copy")
    };
    assert_eq!(copy.first_damage().unwrap(), None, "{name}");
    drop(copy);
    let elsewhere = Office::empty();
    elsewhere.ok(&format!("restore '{}' --yes", path.display()));
    elsewhere.ok("check");
}

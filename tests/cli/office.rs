//! A coordinator's office: a folder, a clock, and the program to run in it.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

use crate::encrypted;

pub(crate) struct Office {
    folder: TempDir,
    /// Of whoever runs the program; their keys are not to lie with the records.
    home: TempDir,
    now: RefCell<String>,
}

/// What a command did.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Done {
    pub(crate) fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
        }
    }
}

impl Office {
    /// A folder without any files, on 2 January 2024 at 9:00.
    pub(crate) fn empty() -> Self {
        let [folder, home] = [(); 2].map(|()| tempfile::tempdir().unwrap());
        encrypted::keep_key(home.path());
        Self { folder, home, now: RefCell::new("2024-01-02 09:00".into()) }
    }

    /// A folder as `init` makes it.
    pub(crate) fn new() -> Self {
        let office = Self::empty();
        office.ok("init .");
        encrypted::encrypt(&office.path("cohorts.db"));
        office
    }

    /// A folder with Winter 2024, which starts on 23 January.
    pub(crate) fn winter() -> Self {
        let office = Self::new();
        office.ok("new winter-2024 --starts 2024-01-23");
        office
    }

    /// Sets the clock, such as `2024-01-30 09:05`.
    pub(crate) fn at(&self, now: &str) -> &Self {
        now.clone_into(&mut self.now.borrow_mut());
        self
    }

    /// Signs people up by their first names: `amara` is Amara Example at
    /// amara@example.org.
    pub(crate) fn sign_up(&self, cohort: &str, names: &[&str]) {
        for name in names {
            let first = name[..1].to_uppercase() + &name[1..];
            self.ok(&format!(
                "enroll -c {cohort} --first-name {first} --last-name Example --email {name}@example.org"
            ));
        }
    }

    pub(crate) fn agree(&self, cohort: &str, names: &[&str]) {
        for name in names {
            self.ok(&format!("consent agreed {name}@example.org -c {cohort}"));
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn home(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    /// Replaces text in cohorts.toml that must be there.
    pub(crate) fn edit(&self, from: &str, to: &str) {
        let text = self.read("cohorts.toml");
        assert!(text.contains(from), "cohorts.toml has no {from:?}");
        self.write("cohorts.toml", &text.replace(from, to));
    }

    /// The program, ready to be run in the folder with words split as a shell
    /// splits them: 'one word' is one.
    pub(crate) fn command(&self, line: &str) -> Command {
        let program = Path::new(env!("CARGO_BIN_EXE_cohorts"));
        let mut command = Command::new(program);
        command
            .args(words(line))
            .current_dir(self.folder.path())
            .env_clear()
            .env("PATH", program.parent().unwrap())
            .env("HOME", self.home.path())
            .env("TZ", "UTC")
            .env("COHORTS_NOW", &*self.now.borrow())
            .env("COHORTS_ACTOR", "coordinator")
            .env("COHORTS_SEED", "1")
            .stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, line: &str) -> Done {
        Done::of(&self.command(line).output().unwrap())
    }

    /// Runs what must succeed, and gives stdout.
    pub(crate) fn ok(&self, line: &str) -> String {
        let done = self.run(line);
        assert_eq!(done.code, 0, "cohorts {line}\n{}", done.stderr);
        done.stdout
    }

    /// Runs what must succeed, and gives what is said to people.
    pub(crate) fn says(&self, line: &str) -> String {
        let done = self.run(line);
        assert_eq!(done.code, 0, "cohorts {line}\n{}", done.stderr);
        done.stderr
    }

    /// Runs what must be refused with an exit code and leave both files as
    /// they are, and gives what is said.
    pub(crate) fn refuses(&self, code: i32, line: &str) -> String {
        let before = self.files();
        let done = self.run(line);
        assert_eq!(done.code, code, "cohorts {line}\n{}{}", done.stdout, done.stderr);
        assert!(self.files() == before, "cohorts {line} changed something");
        done.stderr
    }

    /// The bytes of cohorts.toml and cohorts.db.
    pub(crate) fn files(&self) -> (Option<Vec<u8>>, Option<Vec<u8>>) {
        let read = |name| std::fs::read(self.path(name)).ok();
        (read("cohorts.toml"), read("cohorts.db"))
    }

    /// The code of whoever has an address, in whatever cohorts.
    pub(crate) fn code(&self, name: &str) -> String {
        let listed = self.ok(&format!("participant list {name}@example.org --format csv"));
        listed.lines().nth(1).unwrap().split(',').next().unwrap().to_owned()
    }

    /// The marks of a cohort, a line a person: "Amara P L  ".
    pub(crate) fn marks(&self, cohort: &str) -> String {
        self.ok(&format!("roster {cohort} --status all --columns goes_by,attendance --format csv"))
    }

    /// The records, to look into.
    pub(crate) fn records(&self) -> rusqlite::Connection {
        encrypted::open(&self.path("cohorts.db"))
    }

    /// The same, where the records can be read at all.
    pub(crate) fn uncoded_if_whole(&self, text: &str) -> String {
        let path = self.path("cohorts.db");
        let tables = "SELECT count(*) FROM sqlite_schema";
        let is_whole = path.exists()
            && encrypted::open(&path).query_row(tables, [], |row| row.get::<_, i64>(0)).is_ok();
        if is_whole { self.uncoded(text) } else { text.to_owned() }
    }

    /// Text in which each code is its participant's first name, five wide:
    /// `KIT__`.
    pub(crate) fn uncoded(&self, text: &str) -> String {
        let records = self.records();
        let mut people = records.prepare("SELECT code, first_name FROM participant").unwrap();
        let mut rows = people.query([]).unwrap();
        let mut text = text.to_owned();
        while let Some(row) = rows.next().unwrap() {
            let (code, first): (String, String) = (row.get(0).unwrap(), row.get(1).unwrap());
            let name: String = first.to_uppercase().chars().take(5).collect();
            text = text.replace(&code, &format!("{name:_<5}"));
        }
        text
    }
}

/// The files in a folder and in those in it.
pub(crate) fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}

/// Whether a text stands somewhere in a file. In an encrypted one there is none to be
/// found, and three letters stand there by chance: [`encrypted::readable`] comes first.
pub(crate) fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

/// Splits a line at blanks, except inside single quotes.
pub(crate) fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (index, part) in line.split('\'').enumerate() {
        if index % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words
}

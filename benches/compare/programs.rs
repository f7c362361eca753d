//! The two programs that are compared, and how they are started: always with a
//! home of their own, so that nothing of this user's is read or changed.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::{Result, root};

/// So many bytes are shown of what a program said when it failed.
const MOST_SAID: u64 = 2000;

/// One start of a program.
pub(crate) struct Call {
    program: &'static str,
    arguments: Vec<OsString>,
    input: Option<PathBuf>,
    now: String,
    seed: u64,
}

impl Call {
    fn new(program: &'static str, file: &Path, arguments: &[&str]) -> Self {
        let arguments = [file.into()].into_iter().chain(arguments.iter().map(Into::into));
        Self { program, arguments: arguments.collect(), input: None, now: String::new(), seed: 1 }
    }

    /// `cohorts` in a folder, at a moment.
    pub(crate) fn cohorts(folder: &Path, now: &str, arguments: &[&str]) -> Self {
        let mut call = Self::new(env!("CARGO_BIN_EXE_cohorts"), folder, arguments);
        call.arguments.insert(0, "--folder".into());
        now.clone_into(&mut call.now);
        call
    }

    /// `sqlite3` with a file of records.
    pub(crate) fn sqlite(file: &Path, arguments: &[&str]) -> Self {
        let mut call = Self::new("sqlite3", file, arguments);
        for word in &mut call.arguments {
            // A comment before a query would be taken for an option.
            if word.to_string_lossy().starts_with("-- ") {
                *word = format!("\n{}", word.to_string_lossy()).into();
            }
        }
        call.arguments.insert(0, "-bail".into());
        call
    }

    /// The codes that are drawn depend on it.
    pub(crate) fn with_seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// Lets it read a file instead of nothing.
    pub(crate) fn reading(self, input: PathBuf) -> Self {
        Self { input: Some(input), ..self }
    }

    pub(crate) fn command(&self) -> Result<Command> {
        let home = root().join("home");
        let mut command = Command::new(self.program);
        command
            .args(&self.arguments)
            .env_clear()
            .envs(
                ["PATH", "SYSTEMROOT"]
                    .iter()
                    .filter_map(|name| std::env::var_os(name).map(|value| (*name, value))),
            )
            .envs(["HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "APPDATA"].map(|name| (name, &home)))
            .env("COHORTS_ACTOR", "compare")
            .env("COHORTS_NOW", &self.now)
            .env("COHORTS_SEED", self.seed.to_string())
            .stdin(match &self.input {
                Some(input) => File::open(input)?.into(),
                None => Stdio::null(),
            })
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        Ok(command)
    }

    /// Runs it without measuring anything; what it says goes to nobody, unless
    /// it fails.
    pub(crate) fn run(&self) -> Result<()> {
        self.run_into(Stdio::null())
    }

    /// The same, with its output in a file.
    pub(crate) fn write(&self, file: &Path) -> Result<()> {
        self.run_into(File::create(file)?.into())
    }

    fn run_into(&self, output: Stdio) -> Result<()> {
        let said = root().join("said.txt");
        let status = self.command()?.stdout(output).stderr(File::create(&said)?).status()?;
        if status.success() {
            return Ok(());
        }
        let mut why = Vec::new();
        File::open(said)?.take(MOST_SAID).read_to_end(&mut why)?;
        let why = String::from_utf8_lossy(&why);
        Err(format!("{}: {status}\n{why}", self.in_words()).into())
    }

    /// What it writes, which must be little: the memory of this process counts
    /// for every process that it starts.
    pub(crate) fn output(&self) -> Result<String> {
        let file = root().join("output.txt");
        self.write(&file)?;
        Ok(fs::read_to_string(file)?)
    }

    pub(crate) fn in_words(&self) -> String {
        let arguments: Vec<_> = self.arguments.iter().map(|word| word.to_string_lossy()).collect();
        format!("{} {}", self.program, arguments.join(" "))
    }
}

/// Whether there is a `sqlite3` to compare with.
pub(crate) fn sqlite_is_there() -> bool {
    let mut command = Command::new("sqlite3");
    command.arg("-version").stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

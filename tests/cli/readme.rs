//! The README's console blocks, run one after the other as a reader would.
//!
//! A comment above a block says when it is and in which folder it is run. With
//! `SNAPSHOTS=overwrite` the blocks are written anew from what is printed.

use std::path::{Path, PathBuf};
use std::process::Command;

use snapbox::Assert;

const README: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");

/// A reader's computer, where home is called as in the README.
struct Reader {
    home: tempfile::TempDir,
}

impl Reader {
    /// Runs a line as a shell does, and gives all that is seen.
    fn run(&self, folder: &Path, now: &str, line: &str) -> String {
        let line = line.replace("cargo run --release --", "cohorts");
        let program = Path::new(env!("CARGO_BIN_EXE_cohorts"));
        let output = Command::new("sh")
            .args(["-c", &format!("{line} 2>&1")])
            .current_dir(folder)
            .env_clear()
            .env("PATH", program.parent().unwrap().display().to_string() + ":/usr/bin:/bin")
            .env("HOME", self.home.path())
            .env("USER", "robin")
            .env("COHORTS_NOW", now)
            .env("COHORTS_SEED", "11")
            .output()
            .unwrap();
        let seen = String::from_utf8(output.stdout).unwrap();
        let home = self.home.path().canonicalize().unwrap();
        seen.replace(home.to_str().unwrap(), "/home/robin")
    }

    /// A folder in which the quarter of `examples/` was played until a moment.
    fn practise_until(&self, folder: &Path, now: &str) {
        self.run(self.home.path(), now, &format!("cohorts init {}", folder.display()));
        self.run(folder, "2024-01-02 09:00", "cohorts new winter-2024 --starts 2024-01-23");
        self.run(folder, "2024-01-02 09:01", "cohorts new spring-2024 --starts 2024-04-02");
        let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
        let form = examples.join("winter-2024-signups.csv");
        self.run(
            folder,
            "2024-01-16 09:05",
            &format!("cohorts import -c winter-2024 {}", form.display()),
        );
        std::fs::copy(examples.join("zoom-joins.csv"), folder.join("zoom-joins.csv")).unwrap();
        let commands = std::fs::read_to_string(examples.join("winter-2024-commands.txt")).unwrap();
        for line in commands.lines().filter(|line| line.starts_with("2024") && &line[..16] < now) {
            self.run(folder, &line[..16], &format!("cohorts {}", &line[16..]));
        }
    }
}

#[test]
fn every_console_block_prints_what_the_readme_shows() {
    let readme = std::fs::read_to_string(README).unwrap();
    let reader = Reader { home: tempfile::tempdir().unwrap() };
    let home = reader.home.path().to_owned();
    let (mut now, mut folder) = (String::new(), home.clone());
    let mut printed = String::new();
    let mut lines = readme.lines();
    while let Some(line) = lines.next() {
        printed += &format!("{line}\n");
        if let Some(said) = line.strip_prefix("<!-- now: ") {
            let said = said.trim_end_matches(" -->");
            let (when, place) = said.split_once(", in: ").unwrap_or((said, ""));
            when.clone_into(&mut now);
            folder = prepared(&reader, &home, place, when);
        }
        if line != "```console" {
            continue;
        }
        for line in lines.by_ref().take_while(|line| *line != "```") {
            let Some(command) = line.strip_prefix("$ ") else { continue };
            printed += &format!("{line}\n");
            match command.strip_prefix("cd ") {
                Some(into) => folder = folder.join(into),
                None => printed += &reader.run(&folder, &now, command),
            }
        }
        printed += "```\n";
    }
    Assert::new()
        .action_env("SNAPSHOTS")
        .eq(printed, snapbox::Data::read_from(Path::new(README), None).raw());
}

fn prepared(reader: &Reader, home: &Path, place: &str, now: &str) -> PathBuf {
    let folder = home.join(place);
    match place {
        "practice" | "first-session" | "last-session" => reader.practise_until(&folder, now),
        "practice-march" => {
            reader.practise_until(&folder, now);
            let form = "signups-microsoft-forms.xlsx";
            let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
            std::fs::copy(examples.join(form), folder.join(form)).unwrap();
        }
        "messages" => {
            reader.practise_until(&folder, now);
            let file = folder.join("cohorts.toml");
            let text = std::fs::read_to_string(&file).unwrap();
            let with_link = text.replace(
                "# link = \"https://zoom.us/...\"",
                "link = \"https://zoom.us/j/95123456789\"",
            );
            assert_ne!(text, with_link);
            std::fs::write(file, with_link).unwrap();
        }
        "broken" => {
            let office = home.join("aim-focus-release");
            let good = std::fs::read_to_string(office.join("cohorts.toml")).unwrap();
            let broken = good
                .replace("sessions = 4 ", "sesions = 4 ")
                .replace("starts_on = 2024-01-23", "starts_on = 2024-01-24");
            assert_ne!(good, broken);
            std::fs::create_dir(&folder).unwrap();
            std::fs::write(folder.join("cohorts.toml"), broken).unwrap();
            std::fs::copy(office.join("cohorts.db"), folder.join("cohorts.db")).unwrap();
        }
        _ => {}
    }
    folder
}

//! A small office in which everything happens once that the store has a query
//! for.

use std::cell::Cell;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::NaiveDateTime;
use clap::Parser;
use rusqlite::Connection;
use tempfile::TempDir;

use crate::cli::{self, Cli};
use crate::context::keys::Keys;
use crate::context::{Context, Mode};
use crate::definitions;
use crate::error::{Error, Result};
use crate::output::Out;
use crate::output::messages::Report;
use crate::output::prompts::Prompts;
use crate::store::triggers::{self, Permits};
use crate::store::{self, NewOperation, Store};

/// What is typed, each command on the day that was said last. What is to be
/// refused stands behind a `!`; before a file that is written, `./` is the folder.
const STORY: &str = "
2023-12-01
new winter-2024 --starts 2024-01-23
new spring-2024 --starts 2024-04-02
new autumn-2023 --starts 2023-10-03
finish autumn
support add noor@example.org --first-name Noor --last-name Example
support contact noor@example.org --kind phone
support close noor@example.org --outcome joined

2024-01-08
enroll -c winter --first-name Amara --last-name Example --email amara@example.org --leave medical
enroll -c winter --first-name Bea --last-name Example --email bea@example.org
enroll -c winter --first-name Kit --last-name Example --email kit@example.org
enroll -c winter --first-name Kit --last-name Example --email kit.t@example.org --phone 555-0199
import form.csv -c winter --consents
enroll -c spring --email kit.t@example.org
support add kit@example.org
support add kit.t@example.org
participant edit amara@example.org --goes-by Ama --email ama@example.org
participant edit amara@example.org -c winter --site Victoria
withdraw kit.t@example.org -c winter --reason schedule
place -c winter
! undo 18
undo
undo
agreement winter
today

2024-01-18
consent agreed ama@example.org bea@example.org kit@example.org
consent withdrawn gina@example.org -c winter
import form.csv -c winter
agreement --kept 2024-01
consent list winter
consent receipt ama@example.org -c winter --output receipt.md
mail winter --template invitation
mail winter --template reminder
mail winter --template invitation --again --output more
roster winter --output ./amara.csv
export everything
import --all everything --folder again
backup before.backup
participant merge kit@example.org kit.t@example.org --yes
undo
participant merge kit@example.org kit.t@example.org --yes
backup joined.backup
undo
participant erase kit.t@example.org --yes
enroll -c winter --first-name Dara --last-name Example --email dara@example.org
participant erase dara@example.org --yes
enroll -c winter --first-name Nils --last-name Example --email nils@example.org
undo
participant erase nils@example.org --yes
! enroll -c winter --first-name Dara --last-name Sample --email dara@example.org

2024-01-23
attend --from zoom.csv --who Otter=nobody Kitty=kit@example.org --always
attend --from zoom.csv --who Otter=nobody
attend --week 1 --late bea@example.org
incident add bea@example.org --week 1 --kind recording
incident close 1 --done talked
excuse kit@example.org --week 2
participant edit kit@example.org --zoom-name=
move winter --week 3 --to 2024-02-08
mail winter --template moved --week 3
! undo 6
undo
participant list exam
participant list
participant show kit@example.org --all
participant show ama
incident list
incident list --all
incident list winter
support list --all
show winter
list
calendar winter
report
today
history
history -c winter --changes --show-personal
history --participant ama@example.org --changes
history --since 2024-01-05
history --exports -c winter
roster winter --as-of 2024-01-20
roster --all
excuse bea@example.org -c winter --week 4
withdraw bea@example.org -c winter --reason schedule
participant erase ama@example.org --yes
! undo 6
check joined.backup
check
handover out.handover
handover --cancel

2024-02-14
carry winter spring kit@example.org

2028-01-01
participant erase --due --yes
";

const FORM: &str = "Timestamp,Name,Email,Phone,Agree
2024-01-04 08:00,Gina Example,gina@example.org,,yes
2024-01-05 08:00,Amara Example,amara@example.org,555-0102,yes
";

const ZOOM: &str = "Name (original name),Email,Join time,Leave time,Duration (minutes),Guest,Recording disclaimer response,In waiting room
Bea Example,bea@example.org,01/23/2024 09:29,01/23/2024 11:31,122,Yes,,No
Kitty,,01/23/2024 09:29,01/23/2024 11:31,122,Yes,,No
Otter,,01/23/2024 09:31,01/23/2024 11:31,120,Yes,,No
";

/// A folder that commands are typed in.
struct Desk {
    folder: TempDir,
    now: NaiveDateTime,
    random: fastrand::Rng,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        write(
            "cohorts.toml",
            &definitions::filled(None, None)
                .replace("since = 2024", "since = 2023")
                .replace("capacity = 12", "capacity = 4")
                .replace("# [retention]\n# erase_after", "[retention]\nerase_after"),
        );
        write("form.csv", FORM);
        write("zoom.csv", ZOOM);
        fs::create_dir(folder.path().join("again")).unwrap();
        let desk =
            Self { folder, now: NaiveDateTime::default(), random: fastrand::Rng::with_seed(1) };
        store::create(&desk.path(store::FILE_NAME), None).unwrap();
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn open(&self, name: &str) -> Store {
        store::open(&self.path(name), &|_| Err(Error::locked("there is no key"))).unwrap()
    }

    fn types(&mut self, line: &str) -> Result<Report> {
        let mut ctx = Context {
            now: self.now,
            moment: None,
            zone: "America/Vancouver".into(),
            actor: "coordinator".into(),
            random: self.random.fork(),
            prompts: Prompts::Nobody,
            keys: Keys::default(),
            out: Out::new(),
            mode: Mode::Real,
            here: self.folder.path().to_owned(),
            named_folder: None,
            gone_elsewhere: Cell::default(),
        };
        let line = line.replace("./", &format!("{}/", self.folder.path().display()));
        let typed = ["cohorts"].into_iter().chain(line.split_whitespace());
        let cli = Cli::try_parse_from(typed).unwrap_or_else(|error| panic!("{line}: {error}"));
        ctx.named_folder = cli.everywhere.folder.map(|folder| self.folder.path().join(folder));
        cli::run(&mut ctx, cli.command)
    }
}

/// What `restore`, `takeover` and `[backup]` ask of two copies of the records: these
/// would also change this user's settings. In the backup, two entries are joined
/// that were parted since, and one of them erased.
fn bring_together(desk: &Desk) -> rusqlite::Result<()> {
    let open = |name: &str| desk.open(name);
    let (here, copy) = (open(store::FILE_NAME), open("joined.backup"));
    here.relation(&copy)?;
    here.ends_as(&here)?;
    here.first_gone()?;
    copy.newest()?.map(|end| here.has(&end)).transpose()?;
    copy.recorded_weeks()?;
    copy.erased_in_part(&here)?;
    let _lock = copy.lock()?;
    copy.begin_operation(&NewOperation {
        at: desk.now,
        zone: "America/Vancouver",
        actor: "coordinator",
        command: "restore",
    })?;
    copy.adopt_disclosures(&here)?;
    copy.erase_again(&here, |_| Ok(()))?;
    Ok(())
}

/// What is asked only after an accident: a crash in the middle of an edit of
/// cohorts.toml, a cohort that is gone from it, damaged rows.
fn after_accidents(desk: &Desk) -> rusqlite::Result<()> {
    let here = desk.open(store::FILE_NAME);
    here.file_edit(1)?;
    here.first_recorded("winter-2024")?;
    let damaged = Connection::open(desk.path("joined.backup"))?;
    let permits = Permits { operation: 1.into(), erasing: true.into() };
    triggers::add_functions(&damaged, &Arc::new(permits))?;
    damaged.execute_batch(
        "UPDATE change SET checksum = 0 WHERE tbl = 'participant';
         UPDATE address SET value = 'damaged' WHERE kind = 'email'",
    )?;
    let damaged = desk.open("joined.backup");
    damaged.verify()?;
    here.relation(&damaged)?;
    Ok(())
}

/// Makes it all happen.
pub(super) fn tell() {
    let mut desk = Desk::new();
    for line in STORY.lines().filter(|line| !line.is_empty()) {
        if line.starts_with("20") {
            desk.now = format!("{line}T12:00:00").parse().unwrap();
            continue;
        }
        let refused = line.strip_prefix("! ");
        let done = desk.types(refused.unwrap_or(line));
        assert_eq!(done.is_err(), refused.is_some(), "{line}: {done:?}");
    }
    bring_together(&desk).unwrap();
    after_accidents(&desk).unwrap();
}

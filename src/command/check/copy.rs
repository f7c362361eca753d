//! `cohorts check FILE`: a backup, or a file that was handed over. It needs no
//! folder, and leaves everything as it is.

use std::path::Path;

use super::told::Told;
use super::{fit, well};
use crate::context::{Context, Office, exposure, open_error};
use crate::definitions::{Definitions, Level};
use crate::error::{Error, Result};
use crate::output::messages::Report;
use crate::output::progress::Progress;
use crate::output::words;
use crate::store::{self, CopyKind, OpenError, Store};

pub(super) fn run(ctx: &mut Context, file: &Path) -> Result<Report> {
    let path = ctx.here.join(file);
    let shown = file.display();
    if path.is_dir() {
        return Err(Error::usage(format!("{shown} is a folder; name a file in it"))
            .hint(format!("to check a folder: cohorts check --folder {}", words::quoted(file))));
    }
    let mut told = Told::default();
    told.exposed = exposure::of_file(file);
    let store = match store::open_copy(&path, &|id| ctx.key(id, file)) {
        Ok(store) => store,
        Err(OpenError::Missing) => return Err(Error::refused(format!("there is no file {shown}"))),
        Err(OpenError::NotOurs) => {
            return Err(Error::refused(format!(
                "{shown} was not made by cohorts, or its very beginning is damaged"
            )));
        }
        Err(OpenError::Sqlite(error)) if store::is_damage(&error) => {
            told.unreadable(&shown.to_string());
            return told.end(&ctx.out, Report::silent(), &ANOTHER);
        }
        Err(error) => return Err(open_error(error, file)),
    };
    let _progress = Progress::new("Checking");
    let view = store.snapshot()?;
    told.damage = store.verify()?;
    // What cannot be read of a damaged file was found already.
    told.about = match about(&store) {
        Ok(about) => about,
        Err(_) if !told.damage.is_empty() => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    if !told.damage.is_empty() {
        return told.end(&ctx.out, Report::silent(), &ANOTHER);
    }
    drop(view);
    let holds = store.holdings()?;
    let Some(copied) = store.copy_note()? else {
        return told.end(&ctx.out, well(holds.cohorts, holds.enrollments, holds.changes), &[]);
    };
    let definitions = match Definitions::read(&copied.definitions) {
        Ok(definitions) => definitions,
        Err(problems) => {
            told.mistakes(problems);
            told.whole = Some(holds.changes);
            return told.end(&ctx.out, Report::silent(), &[]);
        }
    };
    let folder = path.parent().unwrap_or(Path::new("/")).to_owned();
    let office = Office { folder, definitions, store };
    let fit = fit::look(&office)?;
    // Warnings about the definitions are for the folder that they came from.
    told.text.clone_from(&office.definitions.text);
    told.in_file.extend(fit.in_file.into_iter().filter(|p| p.level == Level::Error));
    told.elsewhere = fit.elsewhere;
    let cohorts = office.definitions.program.cohorts.len();
    told.end(&ctx.out, well(cohorts, fit.enrollments, holds.changes), &[])
}

/// How to go on with a damaged copy.
const ANOTHER: [&str; 2] = [
    "do not rely on this copy; look at an earlier one: cohorts check FILE",
    "if your folder is well (cohorts check), make a new one: cohorts backup",
];

/// What a file is, when it was made, and how far it goes.
fn about(store: &Store) -> rusqlite::Result<Vec<String>> {
    let copied = store.copy_note()?;
    let holds = store.holdings()?;
    let up_to = match holds.last {
        Some((id, at)) => format!("up to entry {id} of {}", words::moment(at)),
        None => "still empty".to_owned(),
    };
    let what = match &copied {
        Some(copied) => {
            let kind = match copied.kind {
                CopyKind::Backup => "A backup",
                CopyKind::Handover => "A handover file",
            };
            format!("{kind} of {}", words::moment(copied.at))
        }
        None => "Records as a folder keeps them".to_owned(),
    };
    let mut about = vec![format!("{what}, {up_to}.")];
    if let Some(version) = store.older_version()? {
        about.push(format!("They are of an older format ({version}), with fewer checksums."));
    }
    if copied.is_none() {
        about.push("There is no cohorts.toml in it to hold them against.".to_owned());
    }
    Ok(about)
}

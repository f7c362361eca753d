//! What there is to do so that nothing is lost, and nothing kept too long.

use super::{Item, Screen};
use crate::context::{Context, Office, copies};
use crate::error::Result;
use crate::output::words;

impl Screen {
    /// A backup that is missing, and people whose time has come.
    pub(super) fn add_keeping(&mut self, ctx: &Context, office: &Office) -> Result<()> {
        if let Some(what) = backup_missing(office)? {
            self.today.push(Item { what, command: "cohorts backup".into() });
        }
        let due = crate::command::participant::due(office, ctx.today())?.len();
        if due > 0 {
            self.soon.push(Item {
                what: format!("{} due to be erased", words::are(due, "participant")),
                command: "cohorts participant erase --due".into(),
            });
        }
        Ok(())
    }
}

/// Why the last change is in no backup, where backups are to be made.
fn backup_missing(office: &Office) -> Result<Option<String>> {
    let (Some(plan), Some(changed)) =
        (copies::plan(&office.folder, &office.definitions), office.store.last_moment()?)
    else {
        return Ok(None);
    };
    if office.store.handed_over()?.is_some() {
        return Ok(None);
    }
    Ok(if plan.folder.is_dir() {
        match copies::backups(&office.store, &plan)? {
            Some(backups) if backups.are_complete => None,
            Some(backups) if backups.day < changed.date() => {
                Some(format!("The last backup is of {}", words::day_of_year(backups.day)))
            }
            Some(_) => Some("The last change is in no backup".to_owned()),
            None => Some("There is no backup yet".to_owned()),
        }
    } else {
        Some("The folder for backups is not there".to_owned())
    })
}

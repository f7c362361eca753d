//! What there is to do so that nothing is lost, and nothing kept too long.

use super::Screen;
use crate::context::{Context, Office, copies};
use crate::error::Result;
use crate::output::items::Item;
use crate::output::words;

impl Screen {
    /// The last backup, one that is missing, and people whose time has come.
    pub(super) fn add_keeping(&mut self, ctx: &Context, office: &Office) -> Result<()> {
        self.add_backup(office)?;
        let due = crate::command::participant::due(office, ctx.today())?.len();
        if due > 0 {
            self.soon.push(Item::new(
                format!("{} due to be erased", words::are(due, "participant")),
                "cohorts participant erase --due",
            ));
        }
        Ok(())
    }

    fn add_backup(&mut self, office: &Office) -> Result<()> {
        let Some(changed) = office.store.last_moment()? else { return Ok(()) };
        if office.store.handed_over()?.is_some() {
            return Ok(());
        }
        let by_hand = || -> Result<Option<String>> {
            Ok(office.store.last_export_of(copies::OF_EVERYTHING)?.map(words::moment))
        };
        let Some(plan) = copies::plan(&office.folder, &office.definitions) else {
            self.last_backup = by_hand()?;
            if self.last_backup.is_none() && office.store.knows_anybody()? {
                self.soon.push(Item::new("There is no backup yet", "cohorts backup FILE"));
            }
            return Ok(());
        };
        if !plan.folder.is_dir() {
            // Which one, and what to do, is for more than a line.
            self.today.push(Item::new("The folder for backups is not there", "cohorts check"));
            return Ok(());
        }
        let backups = copies::backups(&office.store, &plan)?;
        self.last_backup = backups.as_ref().map(|newest| words::day_of_year(newest.day));
        if backups.as_ref().is_some_and(|backups| !backups.with_more.is_empty()) {
            let what = "A backup has changes that the records lack";
            self.today.push(Item::new(what, "cohorts check"));
        }
        let missing = match backups {
            Some(backups) if backups.are_complete => None,
            Some(backups) if backups.day < changed.date() => {
                Some(format!("The last backup is of {}", words::day_of_year(backups.day)))
            }
            Some(_) => Some("The last change is in no backup".to_owned()),
            None => Some("There is no backup yet".to_owned()),
        };
        if let Some(what) = missing {
            self.today.push(Item::new(what, "cohorts backup"));
        }
        Ok(())
    }
}

//! The file that `init` writes.

use toml_edit::Value;

use crate::domain::period::Period;

/// The file as it is without answers to the questions of `init`.
pub const TEMPLATE: &str = include_str!("template.toml");

/// The lines of the template that wait for an answer.
const BACKUP: &str = "\
# To switch this on, take the # away from the next three lines:
# [backup]
# folder = \"/Volumes/Backup\"     # on Windows such as \"E:/Backup\"
# keep = 30
";
const RETENTION: &str = "\
# To switch this on, take the # away from the next two lines:
# [retention]
# erase_after = \"2 years\"
";

/// The template with the folder for backups and the time that people are kept,
/// where they are known.
pub fn filled(backup_folder: Option<&str>, erase_after: Option<Period>) -> String {
    let mut text = TEMPLATE.to_owned();
    if let Some(folder) = backup_folder {
        let lines = format!("[backup]\nfolder = {}\nkeep = 30\n", Value::from(folder));
        text = text.replace(BACKUP, &lines);
    }
    if let Some(time) = erase_after {
        let lines = format!("[retention]\nerase_after = \"{time}\"\n");
        text = text.replace(RETENTION, &lines);
    }
    text
}

//! Where the records lie, and who may read them besides the coordinator.
//!
//! What is found here is no mistake in the records, and nothing is changed:
//! each is said with what to do instead.

use std::fs;
use std::path::Path;

use super::copies::{self, Backups, Plan};
use super::keys::KeyFile;
use super::{Office, beside, place};
use crate::definitions::{self, Definitions};
use crate::output::words;
use crate::store;

/// A way in which the records may come into other hands, or to harm.
#[derive(Debug, PartialEq, Eq)]
pub struct Exposure {
    pub what: String,
    /// What to do instead.
    pub instead: String,
}

impl Exposure {
    fn new(what: impl Into<String>, instead: impl Into<String>) -> Self {
        Self { what: what.into(), instead: instead.into() }
    }
}

/// What there is to say of a folder with records. Looked at before the records
/// are opened, which may take a leftover away.
pub fn of_folder(folder: &Path) -> Vec<Exposure> {
    let mut found = of_file(&folder.join(store::FILE_NAME));
    found.extend(folder_open_to_others(folder));
    found.extend(beside::kept_aside(folder).iter().filter_map(|file| open_to_others(file)));
    found.extend(leftovers(folder));
    found
}

/// Where the backups of every change go, if anywhere, and what there is of them.
pub type Kept = Option<(Plan, Option<Backups>)>;

/// Looks at the backups of an office, each of which is opened for that.
pub fn kept(office: &Office) -> Kept {
    let plan = copies::plan(&office.folder, &office.definitions)?;
    let backups = copies::backups(&office.store, &plan).ok().flatten();
    Some((plan, backups))
}

/// What there is to say of the newest backup where every change renews one.
pub fn of_backups(office: &Office, kept: &Kept) -> Vec<Exposure> {
    let Some((plan, backups)) = kept else { return Vec::new() };
    if !plan.folder.is_dir() {
        return vec![Exposure::new(
            format!("the folder for backups is not there: {}", plan.folder.display()),
            "plug in its disk, or name another folder below [backup] in cohorts.toml",
        )];
    }
    let Some(backups) = backups else {
        return vec![Exposure::new(
            format!("there is no backup in {}", plan.folder.display()),
            "cohorts backup",
        )];
    };
    let mut found = of_file(&backups.newest);
    if let [backup, others @ ..] = backups.with_more.as_slice() {
        let has = match others.len() {
            0 => "has".to_owned(),
            more => format!("and {} have", words::count(more, "other")),
        };
        found.push(Exposure::new(
            format!("{} {has} changes that the records lack", backup.display()),
            format!(
                "see which: cohorts restore {} --dry-run\n  \
                 put it back if an old cohorts.db took its place; else delete it",
                words::quoted(backup)
            ),
        ));
    }
    if place::on_one_disk(&office.folder, &plan.folder) {
        found.push(Exposure::new(
            "the backups are on the disk of the records, and are lost with it",
            "name a folder on another disk below [backup] in cohorts.toml",
        ));
    }
    found
}

/// Files with what encrypted records hold, that can be read without the key.
pub fn readable(office: &Office, kept: &Kept) -> Vec<Exposure> {
    if office.store.key().is_none() {
        return Vec::new();
    }
    let mut files = beside::kept_aside(&office.folder);
    files.retain(|file| matches!(store::key_of(file), Ok(None)));
    let mut found: Vec<Exposure> = files
        .iter()
        .map(|file| {
            Exposure::new(
                format!("{} can be read without the key", name(file)),
                "delete it, once you are sure that it is not needed",
            )
        })
        .collect();
    if let Some((plan, Some(backups))) = kept
        && !backups.readable.is_empty()
    {
        let which = words::list_or_count(&backups.readable, "backup");
        found.push(Exposure::new(
            format!("{which} in {} can be read without the key", plan.folder.display()),
            "delete what was made before the records were encrypted",
        ));
    }
    let key = office.store.key().and_then(|key| KeyFile::path(key.id()));
    found.extend(key.and_then(|file| open_to_others(&file)));
    let backups = kept.as_ref().map(|(plan, _)| plan.folder.as_path());
    for folder in [Some(office.folder.as_path()), backups].into_iter().flatten() {
        if KeyFile::lie_within(folder) {
            found.push(Exposure::new(
                format!("the key is in {} too: whoever copies that has both", folder.display()),
                "move the records and the backups into folders of their own",
            ));
        }
    }
    found
}

/// What there is to say of one file of records, such as a backup.
pub fn of_file(file: &Path) -> Vec<Exposure> {
    let folder = match file.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let mut found = Vec::new();
    found.extend(open_to_others(file));
    found.extend(place::synced_by(folder).map(|service| {
        Exposure::new(
            format!("{} is in a folder that {service} copies to its computers", name(file)),
            "move it to a folder of this computer that is not synced",
        )
    }));
    found.extend(file_system(folder).map(|kind| match kind {
        Kind::Network => Exposure::new(
            format!("{} lies on a network drive, where records are easily damaged", name(file)),
            "move it to a disk of this computer, and keep only backups there",
        ),
        Kind::Perhaps => Exposure::new(
            format!("{} lies on a drive that may be another computer's", name(file)),
            "if it is, move it to a disk of this computer, and keep only backups there",
        ),
    }));
    found
}

fn name(file: &Path) -> String {
    file.file_name().unwrap_or(file.as_os_str()).to_string_lossy().into_owned()
}

/// What there is to say of cohorts.toml: it may be read, unless it has the link.
pub fn of_definitions(folder: &Path, definitions: Option<&Definitions>) -> Option<Exposure> {
    let file = folder.join(definitions::FILE_NAME);
    let has_link = definitions.is_some_and(|Definitions { program, .. }| {
        let cohorts = program.cohorts.iter().map(|cohort| &*cohort.terms);
        cohorts.chain([&*program.terms]).any(|terms| terms.link.is_some())
    });
    open_to(&file, if has_link { READ | CHANGE } else { CHANGE })
}

/// What others may do with a file, by its permissions.
const READ: u32 = 0o044;
const CHANGE: u32 = 0o022;

/// Whether other users of this computer may read or change a file.
fn open_to_others(file: &Path) -> Option<Exposure> {
    open_to(file, READ | CHANGE)
}

/// Whether they may do something with it that they should not.
#[cfg(unix)]
fn open_to(file: &Path, should_not: u32) -> Option<Exposure> {
    use std::os::unix::fs::PermissionsExt;
    let may = fs::metadata(file).ok()?.permissions().mode() & should_not;
    let what = match (may & READ != 0, may & CHANGE != 0) {
        (false, false) => return None,
        (true, false) => "read",
        (false, true) => "changed",
        (true, true) => "read and changed",
    };
    Some(Exposure::new(
        format!("{} may be {what} by other users of this computer", name(file)),
        format!("chmod 600 {}", quoted(file)),
    ))
}

/// Whether others may put other files in the place of those in a folder. Where
/// everybody has a group of their own, that is nobody else.
#[cfg(unix)]
fn folder_open_to_others(folder: &Path) -> Option<Exposure> {
    use std::os::unix::fs::MetadataExt;
    let about = fs::metadata(folder).ok()?;
    let group = if about.gid() == about.uid() { 0 } else { 0o020 };
    (about.mode() & (0o002 | group) != 0).then(|| {
        Exposure::new(
            format!("the folder {} may be changed by other users of this computer", name(folder)),
            format!("chmod go-w {}", quoted(folder)),
        )
    })
}

#[cfg(not(unix))]
fn open_to(_: &Path, _: u32) -> Option<Exposure> {
    None
}

#[cfg(not(unix))]
fn folder_open_to_others(_: &Path) -> Option<Exposure> {
    None
}

/// A path as it can be pasted into a shell.
#[cfg(unix)]
fn quoted(path: &Path) -> String {
    let text = path.to_string_lossy();
    let plain = |c: char| c.is_alphanumeric() || "/._-+".contains(c);
    if text.chars().all(plain) {
        text.into_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

/// A file system that is not a disk of this computer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "only Linux says"))]
enum Kind {
    Network,
    /// A program stands between, and only it knows where the files are.
    Perhaps,
}

#[cfg(target_os = "linux")]
fn file_system(folder: &Path) -> Option<Kind> {
    let found = rustix::fs::statfs(folder).ok()?;
    // Its type has another width and sign on every processor.
    #[allow(clippy::cast_sign_loss, clippy::unnecessary_cast, reason = "32 bits of a number")]
    kind(found.f_type as u64 & 0xffff_ffff)
}

#[cfg(not(target_os = "linux"))]
fn file_system(_: &Path) -> Option<Kind> {
    None
}

/// By the numbers of `linux/magic.h` and those that file systems give
/// themselves.
#[cfg(target_os = "linux")]
fn kind(number: u64) -> Option<Kind> {
    match number {
        // NFS; SMB under three names; NCP; Coda; AFS twice; Ceph; Lustre; 9P,
        // which is also how Linux inside Windows sees the disks of Windows.
        0x6969 | 0x517b | 0xff53_4d42 | 0xfe53_4d42 | 0x564c | 0x7375_7245 | 0x5346_414f
        | 0x6b41_4653 | 0x00c3_6400 | 0x0bd0_0bd0 | 0x0102_1997 => Some(Kind::Network),
        // FUSE: sshfs and the like, but also some local disks.
        0x6573_5546 => Some(Kind::Perhaps),
        _ => None,
    }
}

/// Files beside the records that hold parts of them, and should not be there.
fn leftovers(folder: &Path) -> Vec<Exposure> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let strays = beside::strays(folder);
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| {
            name.starts_with(".cohorts-") || name == "cohorts.db-wal" || strays.contains(name)
        })
        .collect();
    names.sort();
    names
        .into_iter()
        .map(|name| match name.as_str() {
            "cohorts.db-wal" => Exposure::new(
                "cohorts.db-wal is of another program that has opened cohorts.db",
                "close that program, then look again: cohorts check",
            ),
            _ if strays.contains(&name) => Exposure::new(
                format!(
                    "{name} looks like other records, copied by hand or by a program for synced folders"
                ),
                format!(
                    "see what it has that is missing here, else delete it: cohorts restore {} --dry-run",
                    words::quoted(&folder.join(&name))
                ),
            ),
            _ => Exposure::new(
                format!("{name} was left by an interrupted command; it may hold names"),
                "delete it, if no command is running just now",
            ),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn a_network_drive_is_told_from_a_disk() {
        for (number, what) in [
            (0xef53, None),                     // ext4
            (0x9123_683e, None),                // Btrfs
            (0x0102_1994, None),                // tmpfs
            (0x6969, Some(Kind::Network)),      // NFS
            (0xfe53_4d42, Some(Kind::Network)), // SMB
            (0x0102_1997, Some(Kind::Network)), // 9P
            (0x6573_5546, Some(Kind::Perhaps)), // FUSE
        ] {
            assert_eq!(kind(number), what, "{number:#x}");
        }
        assert_eq!(file_system(Path::new("/proc")), None);
    }

    #[cfg(unix)]
    #[test]
    fn a_path_can_be_pasted_into_a_shell() {
        for (path, shown) in [
            ("/a/b-c.db", "/a/b-c.db"),
            ("/My Files/a.db", "'/My Files/a.db'"),
            ("/it's", r"'/it'\''s'"),
        ] {
            assert_eq!(quoted(Path::new(path)), shown);
        }
    }
}

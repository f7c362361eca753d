//! What is special about a place on this computer: whether a folder's files
//! are copied elsewhere by itself, whether two folders share a disk, and whether two
//! paths lead to one file.

use std::env;
use std::io;
use std::path::{Component, Path, PathBuf};

/// The service that copies what is in a folder to the computers of another
/// company, as far as the folder's name and those above it tell. The folder
/// need not be there yet.
pub fn synced_by(path: &Path) -> Option<&'static str> {
    let written = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    // A link may lead into such a folder, or be what the service calls its own.
    service_of(&written).or_else(|| service_of(&real(&written)))
}

/// A path without links, as far as it is there.
fn real(path: &Path) -> PathBuf {
    let there = path.ancestors().find_map(|above| Some((above, above.canonicalize().ok()?)));
    match there {
        Some((above, real)) => match path.strip_prefix(above) {
            Ok(rest) if !rest.as_os_str().is_empty() => real.join(rest),
            _ => real,
        },
        None => path.to_owned(),
    }
}

fn service_of(path: &Path) -> Option<&'static str> {
    let names = path.components().filter_map(|part| match part {
        Component::Normal(name) => Some(name.to_string_lossy().to_lowercase()),
        _ => None,
    });
    let names: Vec<String> = names.collect();
    names.iter().enumerate().find_map(|(at, name)| {
        if name == "cloudstorage" {
            // Here macOS has a folder for each: `OneDrive-Personal`.
            let inside = names.get(at + 1).and_then(|inside| inside.split('-').next());
            return Some(inside.and_then(service).unwrap_or("a cloud service"));
        }
        service(name)
    })
}

/// The service that gives its folder this name, in lower case.
fn service(name: &str) -> Option<&'static str> {
    match name {
        "onedrive" => Some("OneDrive"),
        "dropbox" => Some("Dropbox"),
        "google drive" | "googledrive" | "my drive" => Some("Google Drive"),
        "icloud" | "icloud drive" | "iclouddrive" | "mobile documents" | "com~apple~clouddocs" => {
            Some("iCloud")
        }
        // With the name of an employer or of what it is for.
        _ if name.starts_with("onedrive - ") => Some("OneDrive"),
        _ if name.starts_with("dropbox (") => Some("Dropbox"),
        _ => None,
    }
}

/// Whether two folders are on one disk, so that both are lost with it; one that
/// is not there yet will be where the one above it is. Not known everywhere:
/// then they are taken to be on two.
pub fn on_one_disk(one: &Path, other: &Path) -> bool {
    matches!((disk(one), disk(other)), (Some(one), Some(other)) if one == other)
}

#[cfg(unix)]
fn disk(folder: &Path) -> Option<u64> {
    use std::os::unix::fs::MetadataExt;
    let whole = std::path::absolute(folder).ok()?;
    whole.ancestors().find_map(|there| Some(there.metadata().ok()?.dev()))
}

#[cfg(not(unix))]
fn disk(_: &Path) -> Option<u64> {
    None
}

/// Whether two paths lead to one file, by whatever names it has.
#[cfg(unix)]
pub fn is_one_file(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let file = |path: &Path| path.metadata().map(|about| (about.dev(), about.ino())).ok();
    file(one).is_some_and(|one| file(other) == Some(one))
}

#[cfg(not(unix))]
pub fn is_one_file(one: &Path, other: &Path) -> bool {
    one.canonicalize().is_ok_and(|one| other.canonicalize().is_ok_and(|other| other == one))
}

/// The place that somebody means by a path as people type it, or as the file
/// manager puts it where it is dropped: in quotes, or with `\ ` for a blank.
/// `~/` is this user's home; what is not whole begins at `here`.
pub fn meant_by(typed: &str, here: &Path) -> io::Result<PathBuf> {
    let typed = typed.trim();
    let quoted = ['\'', '"'].iter().find_map(|q| typed.strip_prefix(*q)?.strip_suffix(*q));
    let plain = match quoted {
        Some(inside) => inside.to_owned(),
        None if cfg!(unix) => typed.replace("\\ ", " "),
        None => typed.to_owned(),
    };
    let path = match plain.strip_prefix("~/").or_else(|| (plain == "~").then_some("")) {
        Some(below) => match home() {
            Some(home) => home.join(below),
            None => PathBuf::from(plain),
        },
        None => here.join(plain),
    };
    let whole = std::path::absolute(path)?;
    let goes_up = whole.components().any(|part| part == Component::ParentDir);
    let whole = if goes_up { real(&whole) } else { whole };
    // Without a `/` at the end.
    Ok(whole.components().collect())
}

/// This user's own folder. Where the C library may be in the program (src/link.rs),
/// that is what HOME says and nothing else: to look for somebody in the list of users
/// can need more libraries, and crashes without them.
pub(super) fn home() -> Option<PathBuf> {
    if cfg!(all(unix, not(feature = "encryption"))) && env::var_os("HOME").is_none() {
        return None;
    }
    etcetera::home_dir().ok()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_synced_folder_is_known_by_its_name_or_one_above() {
        for (path, service) in [
            ("/Users/robin/OneDrive/group", Some("OneDrive")),
            ("/c/Users/robin/OneDrive - Example Health/group", Some("OneDrive")),
            ("/Users/robin/onedrive", Some("OneDrive")),
            ("/Users/robin/Dropbox/group", Some("Dropbox")),
            ("/Users/robin/Dropbox (Personal)/group", Some("Dropbox")),
            ("/Users/robin/Google Drive/My Drive/group", Some("Google Drive")),
            ("/Users/robin/GoogleDrive", Some("Google Drive")),
            ("/Volumes/My Drive/group", Some("Google Drive")),
            ("/Users/robin/iCloud Drive/group", Some("iCloud")),
            ("/c/Users/robin/iCloudDrive/group", Some("iCloud")),
            ("/Users/robin/iCloud/group", Some("iCloud")),
            ("/Users/robin/Library/Mobile Documents/com~apple~CloudDocs/group", Some("iCloud")),
            ("/Users/robin/Library/CloudStorage/OneDrive-Personal/group", Some("OneDrive")),
            ("/Users/robin/Library/CloudStorage/GoogleDrive-r@example.org", Some("Google Drive")),
            ("/Users/robin/Library/CloudStorage/Box-Box/group", Some("a cloud service")),
            ("/Users/robin/Library/CloudStorage", Some("a cloud service")),
            ("/Users/robin/Documents/group", None),
            ("/Users/robin/my notes about OneDrive/group", None),
            ("/Users/robin/dropboxes", None),
        ] {
            assert_eq!(synced_by(Path::new(path)), service, "{path}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_into_a_synced_folder_is_followed() {
        let home = tempfile::tempdir().unwrap();
        fs::create_dir(home.path().join("Dropbox")).unwrap();
        let link = home.path().join("work");
        std::os::unix::fs::symlink(home.path().join("Dropbox"), &link).unwrap();
        assert_eq!(synced_by(&link.join("not yet there")), Some("Dropbox"));
        assert_eq!(synced_by(&link), Some("Dropbox"));
        assert_eq!(synced_by(&home.path().join("elsewhere")), None);
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_that_is_to_come_is_on_the_disk_of_the_one_above_it() {
        let home = tempfile::tempdir().unwrap();
        assert!(on_one_disk(home.path(), &home.path().join("not/yet/there")));
        assert!(!on_one_disk(home.path(), Path::new("/proc")) || !Path::new("/proc/1").exists());
    }

    #[cfg(unix)]
    #[test]
    fn a_path_is_taken_as_it_was_meant() {
        let here = Path::new("/somewhere");
        for (typed, meant) in [
            ("/Volumes/Backup", "/Volumes/Backup"),
            ("  /Volumes/Backup/ ", "/Volumes/Backup"),
            ("'/Volumes/My Disk'", "/Volumes/My Disk"),
            ("\"/Volumes/My Disk\"", "/Volumes/My Disk"),
            ("/Volumes/My\\ Disk", "/Volumes/My Disk"),
            ("backup", "/somewhere/backup"),
        ] {
            assert_eq!(meant_by(typed, here).unwrap().to_str(), Some(meant), "{typed}");
        }
        let home = etcetera::home_dir().unwrap();
        assert_eq!(meant_by("~/backup", here).unwrap(), home.join("backup"));
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().canonicalize().unwrap();
        fs::create_dir_all(folder.join("a/b")).unwrap();
        assert_eq!(meant_by("../b", &folder.join("a/b")).unwrap(), folder.join("a/b"));
    }
}

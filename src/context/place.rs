//! Where a folder lies: whether a service copies it to its own computers.

use std::path::Path;

/// The service in whose synced folder a path lies, if it does.
pub fn synced_by(path: &Path) -> Option<&'static str> {
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    path.components().find_map(|part| {
        let name = part.as_os_str().to_string_lossy().to_lowercase();
        match name.as_str() {
            "dropbox" => Some("Dropbox"),
            "google drive" | "googledrive" | "my drive" => Some("Google Drive"),
            "icloud" | "icloud drive" | "iclouddrive" | "mobile documents" => Some("iCloud"),
            _ if name == "onedrive" || name.starts_with("onedrive - ") => Some("OneDrive"),
            _ => None,
        }
    })
}

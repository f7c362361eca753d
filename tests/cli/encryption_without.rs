//! What a build without encryption says of what it cannot do.
#![cfg(not(feature = "encryption"))]

use std::fs;

use crate::office::Office;

#[test]
fn a_build_without_encryption_says_what_to_do() {
    let office = Office::winter();
    let how = "hint: build it with encryption: cargo install --path . --features encryption\n";
    for line in ["encrypt", "key recover", "init other --encrypt"] {
        let said = office.refuses(4, line);
        assert!(said.ends_with(&format!(": this cohorts was built without encryption\n{how}")));
    }
    assert!(!office.path("other").exists());
    let mut sealed = b"cohorts\x01".to_vec();
    sealed.extend([7; 8184]);
    fs::write(office.path("cohorts.db"), &sealed).unwrap();
    fs::write(office.path("some.backup"), &sealed).unwrap();
    for line in ["", "enroll", "check", "backup b", "history", "restore some.backup", "init"] {
        let said = office.refuses(4, line);
        assert!(
            said.contains("is encrypted, and cannot be read: this cohorts was built without"),
            "{line}: {said}"
        );
        assert!(said.ends_with(how), "{line}: {said}");
    }
}

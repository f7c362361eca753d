//! `cohorts participant erase`: the files that left, which may hold somebody and
//! whose names may say who they are.

use std::fs;

use crate::erase::holding;
use crate::office::Office;

/// An office with Zelda in it, and others.
fn with_zelda() -> Office {
    let office = Office::winter();
    office.ok("enroll --first-name Zelda --last-name Quorndorf --email zelda@example.org");
    office.sign_up("winter", &["nina"]);
    office
}

#[test]
fn a_folder_that_was_named_after_them_is_not_named_any_more() {
    let office = with_zelda();
    for folder in ["zelda@example.org", "quorndorf", "dir-quorndorf", "Zelda", "Z", "Z/zelda"] {
        fs::create_dir(office.path(folder)).unwrap();
        office
            .ok(&format!("participant show zelda@example.org --all --output {folder}/answer.txt"));
    }
    office.ok("roster winter --output Zelda/roster.csv");
    let said = office.says("participant erase zelda@example.org --yes");
    assert!(said.contains("/dir-quorndorf/answer.txt\n"), "{said}");
    for personal in ["zelda", "Zelda", "quorndorf", "Quorndorf"] {
        let mut left = holding(&office.path(""), personal);
        left.retain(|file| !["answer.txt", "roster.csv"].contains(&&**file));
        assert!(left.is_empty(), "{personal}: {left:?}");
    }
    let exports = office.ok("history --exports");
    let emptied = "/a folder whose name was erased/answer.txt\n           cannot be looked at\n";
    assert_eq!(exports.matches(emptied).count(), 5, "{exports}");
    assert!(exports.contains("/Z/answer.txt\n           still there\n"), "{exports}");
    assert_eq!(office.run("check").code, 0);
    // Nina is in the roster.
    let said = office.says("participant erase nina@example.org --yes");
    assert!(said.contains("/a folder whose name was erased/roster.csv\n"), "{said}");
}

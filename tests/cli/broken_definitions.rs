//! While cohorts.toml has mistakes: the records can be checked, copied and put
//! back all the same.

use std::fs;

use snapbox::{assert_data_eq, str};

use crate::office::Office;
use crate::tamper::tamper;

/// Two people in a cohort, and a key that is written wrong.
fn mistaken() -> Office {
    let office = Office::winter();
    office.sign_up("winter", &["amara", "bea"]);
    office.edit("sessions = 4 ", "sesions = 4 ");
    office
}

#[test]
fn the_records_are_checked_as_far_as_that_goes() {
    let office = mistaken();
    assert_data_eq!(
        office.refuses(5, "check"),
        str![[r#"
error: unknown key `sesions`
  --> cohorts.toml:10:1
   |
10 | sesions = 4                     # how many a cohort has, one a week
   | ^^^^^^^ did you mean `sessions`?

The records are whole: every row is as its history says (8 changes).
Whether they fit cohorts.toml is seen once it has no mistakes.

error: cohorts.toml has a mistake

"#]]
    );
}

#[test]
fn both_are_found() {
    let office = mistaken();
    tamper(&office, "UPDATE participant SET first_name = 'Bee' WHERE id = 2");
    let said = office.refuses(5, "check");
    assert_data_eq!(
        office.uncoded(&said),
        str![[r#"
error: unknown key `sesions`
  --> cohorts.toml:10:1
   |
10 | sesions = 4                     # how many a cohort has, one a week
   | ^^^^^^^ did you mean `sessions`?

error: BEE__: participant row 2 is not as it was last recorded: first_name

error: 2 problems found
hint: enter nothing more; bring back the last good backup: cohorts restore FILE
hint: keep the damaged file: it may hold what the backup does not

"#]]
    );
    let whole = fs::read(office.path("cohorts.db")).unwrap();
    fs::write(office.path("cohorts.db"), &whole[..whole.len() / 2]).unwrap();
    let said = office.refuses(5, "check");
    assert!(said.contains("did you mean `sessions`?"), "{said}");
    assert!(said.contains("cohorts.db is damaged so badly that it cannot be read"), "{said}");
    fs::remove_file(office.path("cohorts.db")).unwrap();
    let said = office.refuses(5, "check");
    assert!(said.contains("did you mean `sessions`?"), "{said}");
    assert!(said.contains("there is no ") && said.contains("cohorts.db\n"), "{said}");
}

#[test]
fn a_backup_holds_the_text_as_it_is() {
    let office = mistaken();
    // As an editor may save it that knows nothing of UTF-8.
    let mut toml = fs::read(office.path("cohorts.toml")).unwrap();
    for saved in ["", "# R\u{e9}sidents\n"] {
        toml.extend(saved.chars().map(|c| u8::try_from(u32::from(c)).unwrap()));
        fs::write(office.path("cohorts.toml"), &toml).unwrap();
        let said = office.says("backup copy.backup --force");
        assert!(said.contains("Backed up 1 cohort and 2 participants to "), "{said}");
        assert!(
            said.contains(
                "warning: cohorts.toml has mistakes, and was copied as it is: cohorts check"
            ),
            "{said}"
        );
        let said = office.refuses(5, "check copy.backup");
        assert!(said.contains("The records are whole"), "{said}");

        let said = office.says("restore copy.backup --dry-run");
        assert!(said.contains("The cohorts.toml in it has mistakes"), "{said}");
        fs::create_dir(office.path("new")).unwrap();
        let said = office.says("restore copy.backup --folder new --yes");
        assert!(
            said.contains("everything as of 2 Jan 2024, 9:00: 1 cohort, 2 participants."),
            "{said}"
        );
        assert!(fs::read(office.path("new/cohorts.toml")).unwrap() == toml);
        office.write("new/cohorts.toml", &Office::winter().read("cohorts.toml"));
        assert!(office.ok("list --folder new").contains("2/12"));
        fs::remove_dir_all(office.path("new")).unwrap();
        // And over what is there.
        office.ok("restore copy.backup --yes");
        assert!(fs::read(office.path("cohorts.toml")).unwrap() == toml);
    }
}

#[test]
fn where_backups_go_by_themselves_is_not_known() {
    let office = mistaken();
    let said = office.refuses(2, "backup");
    assert!(
        said.contains("where backups go is not known while cohorts.toml has mistakes"),
        "{said}"
    );
    assert!(said.contains("hint: cohorts backup FILE"), "{said}");
    let before = office.files();
    office.ok("backup copy.backup --dry-run");
    assert!(office.files() == before && !office.path("copy.backup").exists());
    office.refuses(1, "backup cohorts.db --force");
}

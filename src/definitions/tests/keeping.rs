//! `[backup]` and `[retention]`, and the template with answers in it.

use super::{PROGRAM, mistakes, read};
use crate::definitions::{BackupPlan, Keeping, TEMPLATE, filled};
use crate::domain::period::Period;

fn backup(folder: &str, keep: usize) -> BackupPlan {
    BackupPlan { folder: folder.into(), keep }
}

#[test]
fn what_is_said_about_backups_and_how_long_people_are_kept() {
    assert_eq!(read(PROGRAM).keeping, Keeping::default());
    let both = "[backup]\nfolder = '~/My  Disk'\nkeep = 7\n[retention]\nerase_after = '2 years'\n";
    let keeping = read(&format!("{PROGRAM}{both}")).keeping;
    assert_eq!(keeping.backup, Some(backup("~/My  Disk", 7)), "as it was written");
    assert_eq!(keeping.erase_after, Period::parse("2 years").ok());

    let without_keep = read(&format!("{PROGRAM}[backup]\nfolder = 'E:\\backup'\n")).keeping;
    assert_eq!(without_keep, Keeping { backup: Some(backup("E:\\backup", 30)), erase_after: None });
}

#[test]
fn mistakes_in_what_is_kept() {
    for (section, said) in [
        ("[backup]\n", "9:1 `folder` is missing (add `folder = \"/Volumes/Backup\"`)"),
        ("[backup]\nfolder = ' '", "10:10 `folder` is empty (like `folder = \"/Volumes/Backup\"`)"),
        (
            "[backup]\nfolder = 3",
            "10:10 `folder` must be text, not a whole number (like `folder = \"/Volumes/Backup\"`)",
        ),
        (
            "[backup]\nfolder = \"E:\\backup\"",
            "10:10 `folder` contains an invisible control character (write `/` wherever the folder's name has `\\`)",
        ),
        ("[backup]\nfolder = '/x'\nkeep = 0", "11:8 `keep` must be from 1 to 3650, not 0"),
        ("[backup]\nfolder = '/x'\nkeep = 3651", "11:8 `keep` must be from 1 to 3650, not 3651"),
        (
            "[backup]\nfoldr = '/x'\nkeep = '30'",
            "10:1 unknown key `foldr` (did you mean `folder`?)\n11:8 `keep` must be a whole number, not text (write it without quotation marks: `keep = 30`)",
        ),
        (
            "[backup]\nfolder = '/x'\nerase_after = '2 years'",
            "11:1 unknown key `erase_after` (it belongs below the line `[retention]`)",
        ),
        (
            "[backup]\nfolder = '/x'\ncolour = 3",
            "11:1 unknown key `colour` (there are `folder` and `keep`)",
        ),
        (
            "[[backup]]\nfolder = '/x'",
            "9:1 `backup` must be one section (begin it with the line `[backup]`, in single brackets, once)",
        ),
        ("[bakcup]\nfolder = '/x'", "9:2 unknown section `bakcup` (did you mean `[backup]`?)"),
        ("[retention]\n", "9:1 `erase_after` is missing (add `erase_after = \"2 years\"`)"),
        (
            "[retention]\nerase_after = 2",
            "10:15 `erase_after` must be text, not a whole number (like `erase_after = \"2 years\"`)",
        ),
        (
            "[retention]\nerase_after = 'ever'",
            "10:15 `erase_after` cannot be `ever` (write a length of time such as 2 years, 18 months, 10 weeks or 90 days)",
        ),
        (
            "[retention]\nerase_after = '0 days'",
            "10:15 `erase_after` cannot be `0 days` (the shortest time is 1 day)",
        ),
        (
            "[[retention]]\nerase_after = '2 years'",
            "9:1 `retention` must be one section (begin it with the line `[retention]`, in single brackets, once)",
        ),
        (
            "[retenton]\nerase_after = '2 years'",
            "9:2 unknown section `retenton` (did you mean `[retention]`?)",
        ),
    ] {
        assert_eq!(mistakes(&format!("{PROGRAM}{section}\n")), said, "{section}");
    }
    // All at once, those of the program among them.
    let text = PROGRAM.replace("capacity = 12", "capacity = 0");
    assert_eq!(
        mistakes(&format!("{text}[backup]\nkeep = 0\n[retention]\nerase_after = ''\n")),
        "8:12 `capacity` must be from 1 to 10000, not 0\n\
         9:1 `folder` is missing (add `folder = \"/Volumes/Backup\"`)\n\
         10:8 `keep` must be from 1 to 3650, not 0\n\
         12:15 `erase_after` is empty (like `erase_after = \"2 years\"`)"
    );
}

#[test]
fn the_lines_of_the_template_count_once_they_have_no_sign_in_front() {
    assert_eq!(read(TEMPLATE).keeping, Keeping::default());
    let mut text = TEMPLATE.to_owned();
    for line in ["[backup]", "folder =", "keep =", "[retention]", "erase_after ="] {
        let noted = format!("\n# {line}");
        assert_eq!(text.matches(&noted).count(), 1, "{line}");
        // Whether or not the blank goes with the sign.
        text = text.replace(&noted, &format!("\n {line}"));
    }
    let keeping = read(&text).keeping;
    assert_eq!(keeping.backup, Some(backup("/Volumes/Backup", 30)));
    assert_eq!(keeping.erase_after, Period::parse("2 years").ok());
}

#[test]
fn answers_take_the_place_of_the_lines_that_wait_for_them() {
    assert_eq!(filled(None, None), TEMPLATE);
    let time = Period::parse("18 months").ok();
    for folder in ["/Volumes/My Disk", r"E:\backup", r#"/x/Robin's "disk""#] {
        let text = filled(Some(folder), time);
        let keeping = read(&text).keeping;
        assert_eq!(keeping, Keeping { backup: Some(backup(folder, 30)), erase_after: time });
        assert!(!text.contains("To switch this on"), "{text}");
    }
    // One alone leaves the other as a note, and what is around it as it was.
    let text = filled(None, time);
    assert_eq!(read(&text).keeping, Keeping { backup: None, erase_after: time });
    let same = |line: &&str| TEMPLATE.contains(*line);
    let new: Vec<_> = text.lines().filter(|line| !same(line)).collect();
    assert_eq!(new, ["erase_after = \"18 months\""]);
    assert_eq!(text.lines().count(), TEMPLATE.lines().count() - 1);
}

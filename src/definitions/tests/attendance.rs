//! `[attendance]`.

use super::{PROGRAM, mistakes, read};
use crate::domain::period::Minutes;
use crate::domain::presence::Rules;

#[test]
fn what_makes_somebody_present_late_or_departed() {
    let default = Rules {
        late_after: Minutes(10),
        departed_before_end: Minutes(15),
        present_from: Minutes(60),
    };
    assert_eq!(read(PROGRAM).attendance, default);
    assert_eq!(read(&format!("{PROGRAM}[attendance]\n")).attendance, default);
    assert_eq!(read(include_str!("../template.toml")).attendance, default);
    let some = read(&format!(
        "{PROGRAM}[attendance]\nlate_after = '5 minutes'\npresent_from = '1.5 hours'\n"
    ));
    let changed = Rules { late_after: Minutes(5), present_from: Minutes(90), ..default };
    assert_eq!(some.attendance, changed);
}

#[test]
fn mistakes_in_what_makes_somebody_present() {
    for (section, said) in [
        (
            "[attendance]\nlate_after = 10",
            "10:14 `late_after` must be text, not a whole number (like `late_after = \"10 min\"`)",
        ),
        (
            "[attendance]\nlate_after = 'soon'\npresent_from = '25 hours'",
            "10:14 `late_after` cannot be `soon` (write a length of time such as 10 min, 90 min or 1 hour)\n\
             11:16 `present_from` cannot be `25 hours` (the longest time is 24 hours)",
        ),
        (
            "[attendance]\nlate = '10 min'",
            "10:1 unknown key `late` (there are `late_after`, `departed_before_end` and `present_from`)",
        ),
        (
            "[retention]\nerase_after = '2 years'\npresent_from = '1 hour'",
            "11:1 unknown key `present_from` (it belongs below the line `[attendance]`)",
        ),
        (
            "[[attendance]]\nlate_after = '10 min'",
            "9:1 `attendance` must be one section (begin it with the line `[attendance]`, in single brackets, once)",
        ),
    ] {
        assert_eq!(mistakes(&format!("{PROGRAM}{section}\n")), said, "{section}");
    }
}

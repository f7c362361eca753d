//! `[report]`.

use super::{PROGRAM, mistakes, read};

#[test]
fn which_counts_are_too_small_for_a_report() {
    assert_eq!(read(PROGRAM).suppress_below, 10);
    assert_eq!(read(&format!("{PROGRAM}[report]\n")).suppress_below, 10);
    for limit in [1, 3, 5, 100] {
        let text = format!("{PROGRAM}[report]\nsuppress_below = {limit}\n");
        assert_eq!(read(&text).suppress_below, limit);
    }
}

#[test]
fn mistakes_in_which_counts_are_too_small() {
    for (section, said) in [
        ("[report]\nsuppress_below = 0", "10:18 `suppress_below` must be from 1 to 100, not 0"),
        ("[report]\nsuppress_below = -3", "10:18 `suppress_below` must be from 1 to 100, not -3"),
        (
            "[report]\nsuppress_below = 2",
            "10:18 `suppress_below` cannot be 2: `<2` says that it is 1 (write 3 or more, or 1 to hide nothing)",
        ),
        (
            "[report]\nsuppress_below = '5'",
            "10:18 `suppress_below` must be a whole number, not text (write it without quotation marks: `suppress_below = 5`)",
        ),
        ("[report]\nsuppress = 5", "10:1 unknown key `suppress` (there are `suppress_below`)"),
        (
            "[retention]\nerase_after = '2 years'\nsuppress_below = 5",
            "11:1 unknown key `suppress_below` (it belongs below the line `[report]`)",
        ),
    ] {
        assert_eq!(mistakes(&format!("{PROGRAM}{section}\n")), said, "{section}");
    }
}

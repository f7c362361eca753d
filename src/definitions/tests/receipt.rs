//! `[receipt]`.

use super::{PROGRAM, mistakes, read};
use crate::definitions::Responsible;

#[test]
fn who_answers_for_the_program() {
    assert_eq!(read(PROGRAM).responsible, Responsible::default());
    assert_eq!(read(&format!("{PROGRAM}[receipt]\n")).responsible, Responsible::default());
    let some = read(&format!("{PROGRAM}[receipt]\ncontroller = ' Example  Health '\n"));
    let controller = Some("Example Health".to_owned());
    assert_eq!(some.responsible, Responsible { controller, ..Responsible::default() });
}

#[test]
fn mistakes_in_who_answers_for_the_program() {
    for (section, said) in [
        (
            "[receipt]\ncontroller = 3\ncontact = ''",
            "10:14 `controller` must be text, not a whole number (like `controller = \"Example Health Authority\"`)\n\
             11:11 `contact` is empty (like `contact = \"privacy@example.org\"`)",
        ),
        (
            "[receipt]\ncontroler = 'Example Health'\nphone = 'x'",
            "10:1 unknown key `controler` (did you mean `controller`?)\n\
             11:1 unknown key `phone` (there are `controller`, `contact`, `withdraw` and `jurisdiction`)",
        ),
        (
            "[reciept]\ncontact = 'Robin'",
            "9:2 unknown section `reciept` (did you mean `[receipt]`?)",
        ),
        (
            "[retention]\nerase_after = '2 years'\njurisdiction = 'CA-BC'",
            "11:1 unknown key `jurisdiction` (it belongs below the line `[receipt]`)",
        ),
    ] {
        assert_eq!(mistakes(&format!("{PROGRAM}{section}\n")), said, "{section}");
    }
}

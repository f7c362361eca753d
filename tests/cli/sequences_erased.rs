//! Whatever was done before, whoever is erased is gone, and the records hold.

use proptest::collection::vec;
use proptest::prelude::{prop_oneof, proptest};

use crate::encrypted;
use crate::office::holds;
use crate::sequences::{
    Desk, address, beginning, command, config, done, edit, import, merge, steps, undo,
};

#[test]
fn anybody_can_be_erased_after_anything() {
    let files = beginning();
    // More often what brings values from one entry, or file, into several.
    let any = || prop_oneof![4 => command(), 2 => import(), 3 => edit(), 2 => merge(), 3 => undo()];
    proptest!(config(48), |(steps in steps(any()), erased in vec(address(), 1..4))| {
        let mut desk = Desk::new(&files);
        done(&mut desk, &steps);
        for who in &erased {
            let line = format!("participant erase {who} --yes");
            if desk.tries(&line) {
                desk.holds(&line);
                assert!(!holds(&encrypted::readable(&desk.path()), who), "{line}");
            }
        }
    });
}

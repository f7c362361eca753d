//! `cohorts attend --from`: what counts where answers, names, and addresses differ,
//! are missing, or belong to more than one.

use crate::attend_report::winter;
use crate::attend_report_people::report;

#[test]
fn somebody_is_called_the_same_in_the_columns_and_below_them() {
    let office = winter();
    // Another Sara waits for a place, and is not on the screen.
    office.ok("consent agreed sara.vogel@example.org");
    report(&office, &[("Sara Vogel", "sara.vogel@example.org", "")]);
    let said = office.says("attend --from report.csv");
    assert!(
        said.contains("Sara   P  120 min") && said.contains("  1 present        Sara\n"),
        "{said}"
    );
}

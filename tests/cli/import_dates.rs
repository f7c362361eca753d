//! Whether a form's days begin with the day or the month, where its rows tell.

use snapbox::{assert_data_eq, str};

use crate::office::Office;

/// An office on 16 May 2026, with a form of those days in that order.
fn with_form(days: &[&str]) -> Office {
    let office = Office::new();
    office.at("2026-05-16 09:00");
    office.ok("new s26 --starts 2026-07-07");
    let names = ["Al", "Bo", "Cy", "Di", "Ed", "Fe", "Gus"].iter().zip(days);
    let rows = names.map(|(name, day)| format!("{day}/2026 08:10,{name} Lee,{name}@example.org\n"));
    let rows: String = rows.collect();
    office.write("form.csv", &format!("Timestamp,Name,Email\n{rows}"));
    office
}

const RISING: [&str; 6] = ["3/1", "5/1", "2/2", "4/2", "1/3", "4/4"];

#[test]
fn a_few_rows_in_order_do_not_tell_what_comes_first_in_a_day() {
    // People by name: it is by chance that their days rise if the day comes first.
    for days in [&["3/1", "2/3", "5/4"][..], &["3/1", "2/3", "4/2"], &RISING[..5]] {
        let office = with_form(days);
        let before = office.files();
        let said = office.refuses(2, "import form.csv");
        assert!(said.contains("hint: add --dates day-first or --dates month-first"), "{said}");
        assert!(office.files() == before);
        // The same moment again tells no more.
        let again = office.read("form.csv").replace("Timestamp,Name,Email\n", "");
        let (first, _) = again.split_once('\n').unwrap();
        let form = format!("Timestamp,Name,Email\n{}{again}", format!("{first}\n").repeat(6));
        office.write("form.csv", &form);
        office.refuses(2, "import form.csv");
    }
}

#[test]
fn how_days_are_read_is_said_where_nothing_but_the_order_of_the_rows_tells() {
    let office = with_form(&RISING);
    let said = office.says("import form.csv");
    assert_data_eq!(
        said,
        str![[r#"
form.csv: 6 rows for s26 (12 of 12 places free)
Days are read day first: `3/1/2026` is 3 January 2026; if not: --dates month-first

Line  First name  Last name  What
----------------------------------------------
2     Al          Lee        new, gets a place
3     Bo          Lee        new, gets a place
4     Cy          Lee        new, gets a place
5     Di          Lee        new, gets a place
6     Ed          Lee        new, gets a place
7     Fe          Lee        new, gets a place

6 to sign up: all with a place.
Signed up 6 people for s26: all with a place. 6 of 12 places are taken.
Days were read day first: `3/1/2026` is 3 January 2026.
  if the month comes first  cohorts undo, then import it with --dates month-first
  the text to agree to      cohorts agreement s26
  take it back              cohorts undo

"#]]
    );
    office.ok("undo");
    let said = office.says("import form.csv --dates month-first");
    assert!(!said.contains("Days"), "{said}");
    // Of American forms, it is the month.
    let office = with_form(&["1/3", "1/5", "2/2", "2/4", "3/1", "4/4"]);
    let said = office.says("import form.csv");
    let read = "Days are read month first: `1/3/2026` is 3 January 2026; if not: --dates day-first";
    assert!(said.contains(read), "{said}");
    // What no other reading allows is not said.
    let office = with_form(&["3/1", "5/1", "2/2", "4/2", "1/3", "4/4", "14/4"]);
    let said = office.says("import form.csv");
    assert!(!said.contains("Days"), "{said}");
}

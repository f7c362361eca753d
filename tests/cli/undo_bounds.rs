//! `cohorts undo`: what it shows beforehand, that it leaves nothing behind, and
//! where it stops.

use chrono::NaiveDate;
use cohorts::domain::enrollment::{Enrollment, Reason, Status};
use cohorts::store::{self, Done, NewOperation};
use rusqlite::functions::FunctionFlags;
use rusqlite::types::Value;
use snapbox::{assert_data_eq, str};

use crate::encrypted;
use crate::office::Office;

/// Everything in the records but the history, and what the first to need a
/// cohort or an agreement left there for others; and cohorts.toml.
fn everything(office: &Office) -> String {
    let records = office.records();
    let mut all = office.read("cohorts.toml");
    let mut tables = records
        .prepare(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
             AND name NOT IN ('operation', 'change', 'disclosure', 'cohort', 'agreement')",
        )
        .unwrap();
    let names = tables.query_map([], |row| row.get(0)).unwrap();
    for table in names.map(Result::<String, _>::unwrap) {
        let mut rows = records.prepare(&format!("SELECT * FROM {table} ORDER BY id")).unwrap();
        let width = rows.column_count();
        let mut rows = rows.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let values: Vec<Value> = (0..width).map(|n| row.get(n).unwrap()).collect();
            all += &format!("{table} {values:?}\n");
        }
    }
    all
}

/// The number of the last change.
pub(crate) fn last(office: &Office) -> i64 {
    office.records().query_row("SELECT max(id) FROM operation", [], |row| row.get(0)).unwrap()
}

/// Amara and Bea have two places in Winter, Chen waits; Amara and Bea agreed.
fn full() -> Office {
    let office = Office::winter();
    office.edit("capacity = 12", "capacity = 2");
    office.sign_up("winter", &["amara", "bea", "chen"]);
    office.agree("winter", &["amara", "bea"]);
    office
}

#[test]
fn each_command_is_taken_back_without_a_trace() {
    let office = full();
    for line in [
        "new spring-2024 --starts 2024-04-02",
        "enroll -c winter --first-name Dara --last-name Okonkwo --email dara@example.org --phone 604",
        "consent declined chen@example.org -c winter",
        "consent withdrawn bea@example.org -c winter",
        "excuse bea@example.org --week 2",
        "move winter --week 3 --to 2024-02-08",
        "withdraw bea@example.org --reason schedule",
        "place chen@example.org --beyond-capacity",
        "participant edit amara@example.org --email a@example.org --first-name Ama --leave medical",
        "attend --week 1 --late bea@example.org --rest present",
        "incident add bea@example.org --kind overheard --week 1",
        "incident close 2 --done talked",
    ] {
        if line.starts_with("attend") {
            office.at("2024-01-23 12:00");
        }
        if line.starts_with("incident close") {
            office.ok("incident add bea@example.org --kind overheard --week 1");
        }
        let before = everything(&office);
        office.ok(line);
        let after = everything(&office);
        assert!(before != after, "{line}");
        office.ok("undo");
        assert_eq!(everything(&office), before, "{line}");
        office.ok(&format!("undo {}", last(&office)));
        assert_eq!(everything(&office), after, "{line}, brought back");
        office.ok(&format!("undo {}", last(&office)));
        assert_eq!(everything(&office), before, "{line}, taken back again");
    }
}

#[test]
fn a_dry_run_shows_each_field_that_would_change() {
    let office = full();
    office.ok("withdraw bea@example.org --reason schedule");
    let files = office.files();
    let done = office.run("undo --dry-run");
    assert!(office.files() == files);
    assert_data_eq!(
        office.uncoded(&done.stdout),
        str![[r#"
Whose  What                       Before               After
-----  -------------------------  -------------------  -------------------
BEA__  status                     withdrawn            enrolled
BEA__  withdrawn on               2024-01-02
BEA__  reason                     schedule

"#]]
    );
    assert_data_eq!(
        office.uncoded(&done.stderr),
        str![[r#"
Dry run, nothing was changed. Otherwise:
Took back: BEA__ withdrew from winter-2024, 2 Jan 2024, 9:00 (withdraw)
  the other way round  cohorts undo 8

"#]]
    );
    // Taken back, the same fields would go the other way.
    office.ok("undo");
    assert_data_eq!(
        office.uncoded(&office.ok(&format!("undo {} --dry-run", last(&office)))),
        str![[r#"
Whose  What                       Before               After
-----  -------------------------  -------------------  -------------------
BEA__  status                     enrolled             withdrawn
BEA__  withdrawn on                                    2024-01-02
BEA__  reason                                          schedule

"#]]
    );
    assert_data_eq!(
        office.at("2024-01-03 09:00").ok("move winter --week 3 --to 2024-02-08")
            + &office.ok("undo --dry-run"),
        str![[r#"
Whose  What                       Before               After
-----  -------------------------  -------------------  -------------------
       cohorts.toml               moved = [{ week...

"#]]
    );
}

#[test]
fn a_dry_run_shows_nothing_personal() {
    let office = Office::winter();
    office.ok("enroll --first-name Amara --last-name Diallo --email amara@example.org --phone 604");
    let shown = office.ok("undo --dry-run");
    for personal in ["Amara", "Diallo", "amara", "604"] {
        assert!(!shown.contains(personal), "{shown}");
    }
    assert_eq!(shown.matches("***").count(), 4, "{shown}");
}

#[test]
fn an_enrollment_with_marks_and_a_consent_that_they_rest_on_stay() {
    let office = full();
    let consent = last(&office);
    office.at("2024-01-23 12:00").ok("attend --rest present");
    assert_data_eq!(
        office.uncoded(&office.refuses(1, &format!("undo {consent}"))),
        str![[r#"
error: cannot take back 6: BEA__ agreed in winter-2024, 2 Jan 2024, 9:00 (consent agreed)
  because: then `BEA__` is marked P in week 1, without a valid consent on that day
hint: take back what came after it first, beginning with: cohorts undo 7

"#]]
    );
    assert_data_eq!(
        office.uncoded(&office.refuses(1, "undo 3")),
        str![[r#"
error: cannot take back 3: BEA__ enrolled in winter-2024, 2 Jan 2024, 9:00 (enroll)
  because: 7 rests on it: week 1 of winter-2024, 2 marks
hint: cohorts undo 7, first

"#]]
    );
    assert!(office.refuses(1, "undo 3 --dry-run").contains("cannot take back 3"));
    office.ok("undo");
    office.ok(&format!("undo {consent}"));
}

#[test]
fn a_withdrawal_whose_seat_was_filled_stays() {
    let office = full();
    office.ok("withdraw bea@example.org --reason schedule");
    office.ok("place");
    assert_data_eq!(
        office.uncoded(&office.refuses(1, "undo 7")),
        str![[r#"
error: cannot take back 7: BEA__ withdrew from winter-2024, 2 Jan 2024, 9:00 (withdraw)
  because: then 3 would be enrolled in winter-2024, for 2 places
hint: take back what came after it first, beginning with: cohorts undo 8

"#]]
    );
}

/// A single place, which Amara had and gave up: her sign-up is change 2, and that she
/// withdrew is change 3.
fn given_up() -> Office {
    let office = Office::winter();
    office.edit("capacity = 12", "capacity = 1");
    office.sign_up("winter", &["amara"]);
    office.ok("withdraw amara@example.org --reason schedule");
    office
}

#[test]
fn a_seat_that_was_taken_by_an_undo_is_taken() {
    let office = given_up();
    office.sign_up("winter", &["bea"]);
    office.ok("undo 4");
    office.ok("undo 3");
    let said = office.refuses(1, "undo 5");
    assert!(said.contains("then 2 would be enrolled in winter-2024, for 1 place\n"), "{said}");
    assert!(said.contains("beginning with: cohorts undo 6"), "{said}");
    office.ok("undo 6");
    office.ok("undo 5");
    assert!(office.ok("list").contains(" 1/1 "), "{}", office.ok("list"));
}

#[test]
fn a_seat_that_was_taken_by_an_import_of_several_cohorts_is_taken() {
    let office = given_up();
    office.ok("new spring-2024 --starts 2024-04-02");
    office.write(
        "form.csv",
        "cohort,code,first_name,last_name,email\n\
         winter-2024,,Bea,Example,bea@example.org\n\
         spring-2024,,Chen,Example,chen@example.org\n",
    );
    office.ok("import form.csv");
    assert_data_eq!(
        office.uncoded(&office.refuses(1, "undo 3")),
        str![[r#"
error: cannot take back 3: AMARA withdrew from winter-2024, 2 Jan 2024, 9:00 (withdraw)
  because: then 2 would be enrolled in winter-2024, for 1 place
hint: take back what came after it first, beginning with: cohorts undo 5

"#]]
    );
}

#[test]
fn a_seat_that_nobody_took_is_given_back_whatever_else_was_done_since() {
    let office = full();
    office.ok("place chen@example.org --beyond-capacity");
    office.ok("withdraw bea@example.org --reason schedule");
    let withdrawal = last(&office);
    office.agree("winter", &["chen"]);
    office.ok(&format!("undo {withdrawal}"));
    assert!(office.ok("list").contains(" 3/2 "), "{}", office.ok("list"));
}

/// Bea withdraws from two cohorts in one change, which is told under the first.
fn leave_both(office: &Office) {
    let store = store::open(&office.path("cohorts.db"), &encrypted::find_key).unwrap();
    let transaction = store.lock().unwrap();
    let at = NaiveDate::from_ymd_opt(2024, 1, 3).unwrap().and_hms_opt(9, 0, 0).unwrap();
    let new = NewOperation { at, zone: "UTC", actor: "coordinator", command: "withdraw" };
    let operation = store.begin_operation(&new).unwrap();
    let records = office.records();
    let sql = "SELECT e.id FROM enrollment e JOIN participant p ON p.id = e.participant_id
               WHERE p.first_name = 'Bea'";
    let mut ids = records.prepare(sql).unwrap();
    for id in ids.query_map([], |row| row.get(0)).unwrap() {
        let gone = Enrollment {
            id: id.unwrap(),
            status: Status::Withdrawn,
            signed_up_at: at,
            joined_week: Some(1),
            withdrawn_on: Some(at.date()),
            reason: Some(Reason::Schedule),
            leave: None,
            site: None,
            residency: None,
        };
        store.update_enrollment(&gone).unwrap();
    }
    let done = Done { cohort: Some("winter-2024"), summary: "left both", ..Done::default() };
    store.finish_operation(operation, &done).unwrap();
    transaction.commit().unwrap();
}

#[test]
fn a_change_of_two_cohorts_is_bound_by_both() {
    let office = full();
    office.ok("new spring-2024 --starts 2024-04-02");
    office.sign_up("spring", &["dara", "elif"]);
    office.ok(&format!("withdraw {} -c spring --reason schedule", office.code("dara")));
    office.ok("enroll -c spring --email bea@example.org");
    leave_both(&office);
    let both = last(&office);
    assert!(office.ok("undo --dry-run").contains("spring-2024: status"));
    // Somebody else gets the place in the cohort that the change is not told under.
    office.ok("enroll -c spring --email chen@example.org");
    assert_data_eq!(
        office.uncoded(&office.refuses(1, &format!("undo {both}"))),
        str![[r#"
error: cannot take back 12: left both, 3 Jan 2024, 9:00 (withdraw)
  because: then 3 would be enrolled in spring-2024, for 2 places
hint: take back what came after it first, beginning with: cohorts undo 13

"#]]
    );
    office.ok("undo");
    office.ok("undo");
    assert_eq!(office.run("check").code, 0);
}

/// Makes changes lasting, as an erasure does.
fn make_lasting(office: &Office, numbers: &[i64]) {
    let records = office.records();
    let flags = FunctionFlags::SQLITE_INNOCUOUS;
    records.create_scalar_function("writes_history", 0, flags, |_| Ok(1)).unwrap();
    for number in numbers {
        records.execute("UPDATE operation SET lasting = 1 WHERE id = ?1", [number]).unwrap();
    }
}

#[test]
fn what_was_meant_to_last_stays() {
    let office = full();
    make_lasting(&office, &[5, 6]);
    let said = office.refuses(1, "undo");
    assert_data_eq!(
        office.uncoded(&said),
        str![[r#"
error: cannot take back 6: BEA__ agreed in winter-2024, 2 Jan 2024, 9:00 (consent agreed)
  because: it was meant to last
hint: the change before it: cohorts undo 4

"#]]
    );
    assert_eq!(office.refuses(1, "undo 6"), said);
    office.ok("undo 4");
    make_lasting(&office, &[1, 2, 3]);
    assert!(office.refuses(1, "undo 2").contains("hint: look at what was done: cohorts history"));
}

/// Writes down that somebody was erased.
fn erase(office: &Office, code: &str) {
    let sql = "INSERT INTO erased (code, erased_on, checksum) VALUES (?1, '2024-01-03', 0)";
    office.records().execute(sql, [code]).unwrap();
}

#[test]
fn nothing_of_somebody_who_was_erased_comes_back() {
    let office = full();
    erase(&office, &office.code("bea"));
    assert_data_eq!(
        office.uncoded(&office.refuses(1, "undo")),
        str![[r#"
error: cannot take back 6: BEA__ agreed in winter-2024, 2 Jan 2024, 9:00 (consent agreed)
  because: BEA__, whom it is about, was erased since
hint: the change before it: cohorts undo 5

"#]]
    );
    assert!(office.refuses(1, "undo 3").contains("was erased since"));
    office.ok("undo 5");
}

#[test]
fn what_was_done_after_an_erasure_is_taken_back_as_ever() {
    let office = full();
    // The consent of Bea stands for the erasure here.
    make_lasting(&office, &[6]);
    erase(&office, &office.code("bea"));
    office.at("2024-01-23 12:00").ok("attend --rest present");
    office.ok("undo");
    let said = office.refuses(1, &format!("undo {}", 3));
    assert!(said.contains("was erased since"), "{said}");
}

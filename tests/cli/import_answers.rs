//! Answers that are not what they seem: sent twice, before their time, in the
//! wrong column or behind a quotation mark that is never closed.

use std::process::Stdio;

use snapbox::{assert_data_eq, str};

use crate::import::spring;
use crate::office::{Done, Office};

const COLUMNS: &str = "roster spring --status all --columns goes_by,phone,agreed --format csv";

#[test]
fn the_later_answer_of_the_same_person_counts() {
    let office = spring();
    office.write(
        "form.csv",
        "Timestamp,Name,Email,Phone,I agree\n\
         2024-03-01,Amara Diallo,amara@example.org,555-0101,Yes\n\
         2024-03-01,Kit Tran,kit@example.org,555-0102,No\n\
         2024-03-01,Elif Kaya,elif@example.org,555-0103,Yes\n\
         2024-03-02,Amara Diallo,amara@example.org,,No\n\
         2024-03-02,Kit Tran,kit@example.org,555-0199,Yes\n\
         2024-02-28,Elif Kaya,elif@example.org,555-0198,No\n",
    );
    let said = office.says("import form.csv --consents");
    assert_data_eq!(
        office.uncoded(&said),
        str![[r#"
form.csv: 6 rows for spring-2024 (12 of 12 places free)
Agreement: "I agree"

Line  First name  Last name  What
-----------------------------------------------------------------------------------------------------------------
2     Amara       Diallo     new, gets a place
3     Kit         Tran       new, gets a place; says no to the agreement
4     Elif        Kaya       new, gets a place
5     Amara       Diallo     the same person as line 2, later; what differs here counts; says no to the agreement
6     Kit         Tran       the same person as line 3, later; what differs here counts
7     Elif        Kaya       the same person as line 4, skipped

3 to sign up: all with a place; 2 later answers; 1 skipped.
Signed up 3 people for spring-2024: all with a place. 3 of 12 places are taken.
Recorded 2 consents from the form.
  the text to agree to          cohorts agreement spring-2024
  to record the no in the form  cohorts consent declined AMARA -c spring-2024 --method form
  take it back                  cohorts undo

"#]]
    );
    assert_data_eq!(
        office.ok(COLUMNS),
        str![[r#"
goes_by,phone,agreed
Amara,555-0101,NO
Elif,555-0103,2024-03-01
Kit,555-0199,2024-03-02

"#]]
    );
    let said = office.says("import form.csv --consents");
    assert!(said.contains("Nothing is new in it; nothing was changed."), "{said}");
    office.ok("check");
}

#[test]
fn a_no_of_somebody_who_is_there_is_said() {
    let office = spring();
    office.write("form.csv", "Name,Email,I agree\nKit Tran,kit@example.org,Yes\n");
    office.ok("import form.csv --consents");
    office.write("later.csv", "Name,Email,I agree\nKit Tran,kit@example.org,No\n");
    let said = office.says("import later.csv --consents");
    assert!(said.contains("has a place already; says no to the agreement"), "{said}");
}

#[test]
fn nobody_agrees_to_a_text_that_is_still_to_come() {
    let office = spring();
    office.write(
        "form.csv",
        "Completion time,Name,Email,I agree\n2023-11-04 08:00,Kit Tran,kit@example.org,Yes\n",
    );
    let said = office.refuses(1, "import form.csv --consents");
    assert!(
        said.contains("form.csv:2: agreed on 2023-11-04, before version `2024-01` of the agreement was in force, on 2024-01-01"),
        "{said}"
    );
    // Without consents they are signed up all the same.
    let said = office.says("import form.csv");
    assert!(said.contains("agreed before the text was in force, which does not count"), "{said}");
    let said = office.refuses(1, "consent agreed kit@example.org -c spring --on 2023-11-04");
    assert!(
        said.contains(
            "on 2023-11-04 nobody can have agreed to version `2024-01`: it is in force since 2024-01-01"
        ),
        "{said}"
    );
    office.ok("consent agreed kit@example.org -c spring --on 2024-01-01");
}

#[test]
fn who_agreed_in_another_cohort_has_not_agreed_in_this() {
    let office = Office::winter();
    office.sign_up("winter", &["kit"]);
    office.agree("winter", &["kit"]);
    office.ok("new spring-2024 --starts 2024-04-02");
    office.ok(
        "roster winter --columns cohort,code,first_name,last_name,email,agreed --output roster.csv",
    );
    let said = office.says("import roster.csv -c spring --consents");
    assert!(said.contains("agreed in another cohort, which does not count"), "{said}");
    assert!(office.ok(COLUMNS).contains("Kit,,NO"));
    let all = office.says("import roster.csv --consents");
    assert!(!all.contains("another cohort"), "{all}");
}

#[test]
fn a_quotation_mark_that_is_never_closed_swallows_nobody() {
    let office = spring();
    let refused = |rows: &str, said: &str| {
        office.write("form.csv", &format!("First name,Last name,Email,Phone\n{rows}"));
        let error = office.refuses(1, "import form.csv --rejects mend.csv");
        assert!(error.starts_with(said), "{error}");
    };
    refused(
        "Ada,Lovelace,ada@example.org,\"604\nBo,Lee,bo@example.org,\nUma,Ray,uma@example.org,\n",
        "form.csv:2: has a quotation mark that is never closed\n",
    );
    refused(
        "Ada,Lovelace,ada@example.org,\"604\nBo,Lee,bo@example.org,\"605\"\n",
        "form.csv:2: has a quotation mark that is never closed, or one in its text that is not doubled\n",
    );
    office.write("form.csv", "Name,Site\n\"Ada\nLovelace\",\"the \"\"old\"\"\nhospital\"\n");
    assert!(office.says("import form.csv").contains("Ada         Lovelace"));
}

#[test]
fn nor_does_one_in_zooms_report() {
    let office = Office::winter();
    office.sign_up("winter", &["kit"]);
    office.at("2024-01-23 12:00");
    office.write(
        "zoom.csv",
        "Name (original name),Email,Join time,Leave time,Duration (minutes),Guest\n\
         Kit Example,\"kit@example.org,01/23/2024 09:12,01/23/2024 11:33,142,No\n\
         Uma Ray,uma@example.org,01/23/2024 09:12,01/23/2024 11:33,142,Yes\n",
    );
    let said = office.refuses(1, "attend --from zoom.csv");
    assert!(said.starts_with("zoom.csv:2: has a quotation mark that is never closed\n"), "{said}");
}

#[test]
fn no_value_is_dropped_without_a_word() {
    let office = spring();
    office.write(
        "form.csv",
        "Name,Email,Site\nKit Tran,kit@example.org,Surrey,,\nUma Ray,uma@example.org,Surrey, BC\n",
    );
    let said = office.refuses(1, "import form.csv");
    assert!(said.contains("form.csv:3: has more cells than there are headings"), "{said}");
    assert!(!said.contains("form.csv:2"), "{said}");
    office.write(
        "form.csv",
        "Name,Email,E-mail address\nKit Tran,kit@example.org,tran@example.org\nUma Ray,uma@example.org,\n",
    );
    let said = office.says("import form.csv");
    assert!(
        said.contains(
            "Read as email: \"Email\" and \"E-mail address\"; the last with something in it counts"
        ),
        "{said}"
    );
    assert_eq!(
        office.ok("roster --columns email --sort email --format csv"),
        "email\ntran@example.org\numa@example.org\n"
    );
}

#[test]
fn a_name_that_is_not_plain_is_refused_with_why() {
    let office = spring();
    office.write("form.csv", "Name\n\"Jane Roe, MD\"\nAda Lee (she/her)\n");
    let said = office.says("import form.csv");
    assert!(said.contains("Jane        Roe ") && said.contains("Ada         Lee "), "{said}");
    office.write("form.csv", "Name\nJane (Janie) Roe\nKit MD\n");
    let said = office.refuses(1, "import form.csv");
    assert!(said.contains("form.csv:2: the name has something in brackets"), "{said}");
    assert!(said.contains("form.csv:3: the name is one word"), "{said}");
}

#[test]
fn consents_without_a_column_for_them_are_said_not_to_be_there() {
    let office = spring();
    office.write("form.csv", "Name,Email\nKit Tran,kit@example.org\n");
    let said = office.says("import form.csv --consents");
    assert!(said.contains("Agreement: no column is about it; no consent is recorded"), "{said}");
    assert!(!office.says("import form.csv").contains("Agreement"));
}

#[test]
fn who_was_in_a_cohort_that_is_over_is_added_as_the_hint_says() {
    let office = Office::winter();
    office.at("2024-03-01 09:00");
    office.write("form.csv", "Name,Email\nKit Tran,kit@example.org\n");
    for late in ["", " --late"] {
        let said = office.refuses(1, &format!("import form.csv -c winter{late}"));
        let hint = "hint: add those who were in it one by one: cohorts enroll -c winter-2024 --late --from-week N\n";
        assert!(said.ends_with(hint), "{said}");
    }
    office.ok("enroll -c winter-2024 --late --from-week 2 --first-name Kit --last-name Tran --email kit@example.org");
}

#[test]
fn times_that_cannot_be_are_refused_each_on_its_line() {
    let office = spring();
    let form = "Completion time,Name\r24-02-03,Kit Tran\r2024-02-03,Uma Ray\r2014-02-03,Ada Lee\r";
    office.write("form.csv", form);
    let said = office.refuses(1, "import form.csv");
    assert!(said.contains("form.csv:2: \"Completion time\" is no day or time"), "{said}");
    assert!(!said.contains("form.csv:3"), "{said}");
    assert!(
        said.contains(
            "form.csv:4: \"Completion time\" is more than 3 years before `spring-2024` starts"
        ),
        "{said}"
    );
}

#[test]
#[cfg(unix)]
fn what_is_waited_for_is_said() {
    let office = spring();
    let made = std::process::Command::new("mkfifo").arg(office.path("pipe")).status().unwrap();
    assert!(made.success());
    let import = office
        .command("import pipe")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    office.write("pipe", "Name,Email\nKit Tran,kit@example.org\n");
    let done = Done::of(&import.wait_with_output().unwrap());
    assert_eq!(done.code, 0, "{}", done.stderr);
    assert!(done.stderr.starts_with("Waiting for what is written into "), "{}", done.stderr);
}

#[test]
fn what_is_wrong_is_told_by_the_heading_that_stands_in_the_file() {
    let office = spring();
    let long = "I agree to the respect and confidentiality of the other participants in the group, now and for ever";
    office.write(
        "form.csv",
        &format!("Name,Your e-mail address,\"{long}\"\nKit Tran,kit@example,perhaps\n"),
    );
    let said = office.refuses(1, "import form.csv");
    assert!(
        said.starts_with(
            "form.csv:2: \"Your e-mail address\" is not an e-mail address, such as amara@example.org; \
             \"I agree to the respect and confidentiality of the other participants in the grou...\" \
             says neither yes nor no\n"
        ),
        "{said}"
    );
}

#[test]
fn what_is_no_day_does_not_hide_what_comes_first_in_a_day() {
    let office = spring();
    // In Excel, a number for a day.
    office.write("form.csv", "Timestamp,Name\n1/31/24 9:03:10,Kit Tran\n45357.5,Uma Ray\n");
    let said = office.refuses(1, "import form.csv");
    assert!(said.starts_with("form.csv:3: \"Timestamp\" is no day or time"), "{said}");
    office.ok("import form.csv --rejects mend.csv");
    let listed = office.ok("roster --columns goes_by,signed_up --format csv");
    assert_eq!(listed, "goes_by,signed_up\nKit,2024-01-31 09:03:10\n");
}

#[test]
fn an_address_is_no_name() {
    let office = spring();
    office.write(
        "form.csv",
        "First name,Last name,Preferred name\n\
         kit@example,Tran,\n\
         Uma,uma@example.org,\n\
         Ada,Lee,Ada ada@example.org\n\
         Ann,@home,\n",
    );
    let said = office.refuses(1, "import form.csv");
    assert!(
        said.starts_with(
            "form.csv:2: \"First name\" is an e-mail address, not a name\n\
             form.csv:3: \"Last name\" is an e-mail address, not a name\n\
             form.csv:4: \"Preferred name\" is an e-mail address, not a name\n\
             error: 3 of 4 rows"
        ),
        "{said}"
    );
    office.write("form.csv", "Name\nKit kit@example.org\n");
    let said = office.refuses(1, "import form.csv");
    assert!(said.starts_with("form.csv:2: \"Name\" is an e-mail address, not a name"), "{said}");
    for line in [
        "enroll --first-name dana@example --last-name Lee",
        "enroll --first-name Dana --last-name dana@example.org",
        "enroll --first-name Dana --last-name Lee --goes-by dana@example.org",
        "support add --first-name Dana --last-name dana@example.org",
    ] {
        let said = office.refuses(2, line);
        assert!(said.contains("is an e-mail address, not a name"), "{said}");
    }
    office.sign_up("spring", &["amara"]);
    for option in ["first-name", "last-name", "goes-by"] {
        let said = office.refuses(
            2,
            &format!("participant edit amara@example.org --{option} amara@example.org"),
        );
        assert!(said.contains("is an e-mail address, not a name"), "{said}");
    }
}

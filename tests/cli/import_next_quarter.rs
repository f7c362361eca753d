//! The same form in the next quarter: its file has the answers of all quarters.

use snapbox::{assert_data_eq, str};

use crate::office::Office;

const FORM: &str = "\
Completion time,Email,First name,Last name,I agree to the confidentiality of the group
2023-12-20 09:00,amara@example.org,Amara,Diallo,yes
2023-12-21 09:00,bea@example.org,Bea,Lindqvist,yes
2023-12-22 09:00,chen@example.org,Chen,Liu,yes
";

/// On 16 March: Winter 2024 is over, of which Amara had a place, Bea withdrew and Chen
/// waited in vain; Spring 2024 is to come.
fn next_quarter() -> Office {
    let office = Office::winter();
    office.edit("since = 2024", "since = 2023");
    office.edit("capacity = 12", "capacity = 2");
    office.write("form.csv", FORM);
    office.ok("import form.csv --consents");
    office.at("2024-01-10 09:00");
    office.ok("withdraw bea@example.org --reason back-at-work");
    office.at("2024-03-16 10:00");
    office.ok("new spring-2024 --starts 2024-04-02");
    office
}

#[test]
fn answers_for_an_earlier_cohort_sign_nobody_up_again() {
    let office = next_quarter();
    let before = office.files();
    let said = office.says("import form.csv --consents");
    assert_data_eq!(
        office.uncoded(&said),
        str![[r#"
form.csv: 3 rows for spring-2024 (2 of 2 places free)
Agreement: "I agree to the confidentiality of the group"

Line  First name  Last name  What
---------------------------------------------------------------------
2     Amara       Diallo     AMARA answered for winter-2024, left out
3     Bea         Lindqvist  BEA__ answered for winter-2024, left out
4     Chen        Liu        CHEN_ answered for winter-2024, left out

3 answered for an earlier cohort, left out.
Nothing is new in it; nothing was changed.
  whoever waited or missed some of it  cohorts carry winter-2024 spring-2024
  whoever else comes again             cohorts enroll -c spring-2024 --same-person CODE

"#]]
    );
    assert!(office.files() == before);
    // Somebody new comes in with their consent, and nobody else.
    office.write("form.csv", &format!("{FORM}2024-03-12,dara@example.org,Dara,Okonkwo,yes\n"));
    let said = office.says("import form.csv --consents");
    assert!(
        said.contains("1 to sign up: with a place; 3 answered for an earlier cohort"),
        "{said}"
    );
    assert!(said.contains("Recorded 1 consent from the form."), "{said}");
    let listed = office.ok("roster spring --status all --columns goes_by,agreed --format csv");
    assert_eq!(listed, "goes_by,agreed\nDara,2024-03-12\n");
    office.ok("check");
}

#[test]
fn whoever_answers_anew_signs_up_anew() {
    let office = next_quarter();
    office.write(
        "form.csv",
        &format!(
            "{FORM}2024-01-05 09:00,amara@example.org,Amara,Diallo,no\n\
             2024-01-11 09:00,bea@example.org,Bea,Lindqvist,yes\n\
             2024-02-06 09:00,chen@example.org,Chen,Liu,yes\n\
             2024-02-06 09:00,amara@example.org,Amara,Diallo,yes\n\
             2024-03-11 09:00,amara@example.org,Amara,Diallo,yes\n\
             2024-03-12 09:00,amara@example.org,Amara,Diallo,no\n"
        ),
    );
    let said = office.says("import form.csv --consents");
    assert_data_eq!(
        office.uncoded(&said),
        str![[r#"
form.csv: 9 rows for spring-2024 (2 of 2 places free)
Agreement: "I agree to the confidentiality of the group"

Line  First name  Last name  What
-----------------------------------------------------------------------------------------------------------------
2     Amara       Diallo     AMARA answered for winter-2024, left out
3     Bea         Lindqvist  BEA__ answered for winter-2024, left out
4     Chen        Liu        CHEN_ answered for winter-2024, left out
5     Amara       Diallo     AMARA answered for winter-2024, left out
6     Bea         Lindqvist  known as BEA__, gets a place
7     Chen        Liu        known as CHEN_, gets a place
8     Amara       Diallo     AMARA answered while winter-2024 ran, left out
9     Amara       Diallo     known as AMARA, waits, 1st in line
10    Amara       Diallo     the same person as line 9, later; what differs here counts; says no to the agreement

3 to sign up: 2 with a place, 1 waiting; 1 later answer; 5 answered for an earlier cohort, left out.
Signed up 3 people for spring-2024: 2 with a place, 1 waiting. 2 of 2 places are taken.
Recorded 2 consents from the form.
  the text to agree to                 cohorts agreement spring-2024
  to record the no in the form         cohorts consent declined AMARA -c spring-2024 --method form
  whoever waited or missed some of it  cohorts carry winter-2024 spring-2024
  whoever else comes again             cohorts enroll -c spring-2024 --same-person CODE
  take it back                         cohorts undo

"#]]
    );
}

#[test]
fn nobody_agrees_for_a_later_cohort_by_an_answer_for_an_earlier_one() {
    let office = next_quarter();
    office.ok("carry winter spring --waiting");
    office.ok("enroll -c spring --email amara@example.org");
    let said = office.says("import form.csv --consents");
    assert!(
        said.contains("has a place already; agreed for an earlier cohort, which does not count"),
        "{said}"
    );
    // Without a time nobody can tell; a yes of its own day is as good as a time.
    office.write(
        "untold.csv",
        "Email,First name,Last name,I agree\n\
         amara@example.org,Amara,Diallo,yes\n\
         chen@example.org,Chen,Liu,2024-03-15\n\
         bea@example.org,Bea,Lindqvist,yes\n\
         dara@example.org,Dara,Okonkwo,yes\n",
    );
    let said = office.says("import untold.csv --consents");
    assert!(said.contains("already; agreed, perhaps for an earlier cohort, which does"), "{said}");
    assert!(said.contains("in line; agreed, perhaps for an earlier cohort, which"), "{said}");
    assert!(said.contains("Recorded 2 consents from the form."), "{said}");
    let listed = office
        .ok("roster spring --status all --columns goes_by,agreed --sort goes_by --format csv");
    assert_eq!(listed, "goes_by,agreed\nAmara,NO\nBea,NO\nChen,2024-03-15\nDara,2024-03-16\n");
}

#[test]
fn what_was_right_for_an_earlier_cohort_need_not_be_so_for_this_one() {
    let office = next_quarter();
    office.edit("starts_on = 2024-04-02", "starts_on = 2027-04-06");
    office.at("2027-03-16 10:00");
    let said = office.says("import form.csv");
    assert!(said.contains("3 answered for an earlier cohort"), "{said}");
}

#[test]
fn whoever_has_no_address_is_known_by_name_and_time() {
    let office = Office::winter();
    office.write("form.csv", "Timestamp,Name\n2024-01-02 08:00:00,Kit Tran\n");
    office.ok("import form.csv");
    office.at("2024-03-16 10:00");
    office.ok("new spring-2024 --starts 2024-04-02");
    let said = office.says("import form.csv");
    assert!(said.contains("1 answered for an earlier cohort"), "{said}");
    // Somebody of that name at another time may be anybody.
    office.write("form.csv", "Timestamp,Name\n2024-01-02 08:00:01,Kit Tran\n");
    assert!(office.says("import form.csv").contains("has the same name"));
}

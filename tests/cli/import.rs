//! `cohorts import`: signing up everyone in a form.

use snapbox::{assert_data_eq, str};

use crate::office::Office;

/// An office on 16 March 2024 with Spring 2024, which starts on 2 April.
pub(super) fn spring() -> Office {
    let office = Office::new();
    office.ok("new spring-2024 --starts 2024-04-02");
    office.at("2024-03-16 10:00");
    office
}

const FORM: &str = "\
Timestamp,First name,Last name,Email,Phone
2024-03-04 08:00,Amara,Diallo,amara@example.org,+1 604 555 0101
2024-03-02 09:00,Kit,Tran,kit@example.org,
";

#[test]
fn whoever_signed_up_first_gets_a_place_first() {
    let office = spring();
    office.edit("capacity = 12", "capacity = 1");
    office.write("form.csv", FORM);
    assert_data_eq!(
        office.says("import form.csv"),
        str![[r#"
form.csv: 2 rows for spring-2024 (1 of 1 places free)

Line  First name  Last name  What
----------------------------------------------------
2     Amara       Diallo     new, waits, 1st in line
3     Kit         Tran       new, gets a place

2 to sign up: 1 with a place, 1 waiting.
Signed up 2 people for spring-2024: 1 with a place, 1 waiting. 1 of 1 places are taken.
  the text to agree to  cohorts agreement spring-2024
  take it back          cohorts undo

"#]]
    );
    let line = "roster --status all --columns goes_by,status,signed_up,phone --format csv";
    assert_data_eq!(
        office.ok(line),
        str![[r#"
goes_by,status,signed_up,phone
Amara,waitlisted,2024-03-04 08:00:00,'+1 604 555 0101
Kit,enrolled,2024-03-02 09:00:00,

"#]]
    );
}

#[test]
fn the_same_file_again_changes_nothing_and_says_so() {
    let office = spring();
    office.write("form.csv", FORM);
    office.ok("import form.csv");
    let before = office.files();
    assert_data_eq!(
        office.says("import form.csv"),
        str![[r#"
form.csv: 2 rows for spring-2024 (10 of 12 places free)

Lines 2-3 are there already.
2 already there.
Nothing is new in it; nothing was changed.

"#]]
    );
    // More came since: only they are signed up.
    office.write("form.csv", &format!("{FORM}2024-03-15,Elif,Kaya,ELIF@example.org,\n"));
    assert!(office.files() == before);
    let said = office.says("import form.csv");
    assert!(said.contains("Signed up 1 person for spring-2024: with a place."), "{said}");
    // And taken back, all of it.
    office.ok("undo");
    assert!(office.says("import form.csv").contains("Signed up 1 person"));
}

#[test]
fn a_list_without_addresses_twice_changes_nothing_either() {
    let office = spring();
    office.write("names.csv", "Name\nKit Tran\nElif Kaya\n");
    office.ok("import names.csv");
    assert!(office.says("import names.csv").contains("Lines 2-3 are there already."));
    // With times, the same answer is told from another one's.
    office.write("form.csv", "Timestamp,Name\n2024-03-04 08:00:00,Kit Tran\n");
    let said = office.refuses(1, "import form.csv");
    assert_data_eq!(
        office.uncoded(&said),
        str![[r#"
form.csv:2: has no address, and KIT__ of the same name is in `spring-2024` already; say who it is in a column `code`: the code of that person, or `new`
error: 1 of 1 row cannot be taken; nothing was written
hint: mend the file, and import it again
hint: or add --rejects FILE: the others are taken, and these are put there with why

"#]]
    );
    office.write("form.csv", "Timestamp,Name,Code\n2024-03-04 08:00:00,Kit Tran,new\n");
    assert!(office.says("import form.csv").contains("Signed up 1 person"));
}

#[test]
fn who_withdrew_stays_so_unless_they_ask_again_afterwards() {
    let office = spring();
    office.write("form.csv", FORM);
    office.ok("import form.csv");
    office.ok("withdraw kit@example.org --reason schedule");
    let said = office.says("import form.csv");
    assert!(said.contains("has withdrawn since, and stays so"), "{said}");
    assert!(said.contains("nothing was changed"), "{said}");
    office.at("2024-03-20 10:00");
    office.write("form.csv", &format!("{FORM}2024-03-18 09:00,Kit,Tran,kit@example.org,\n"));
    let said = office.says("import form.csv");
    // The form has both answers of theirs; the later one counts.
    assert!(said.contains("has withdrawn since, and stays so"), "{said}");
    assert!(said.contains("had withdrawn, and is back, gets a place"), "{said}");
    office.ok("check");
}

#[test]
fn known_people_are_known_by_their_address_and_keep_their_name() {
    let office = Office::winter();
    office.sign_up("winter", &["amara"]);
    office.ok("new spring-2024 --starts 2024-04-02");
    office.at("2024-03-16 10:00");
    office.write(
        "form.csv",
        "First name,Last name,Email,Phone\nAmara,Example,Amara@Example.org,555-0199\nKit,Tran,kit@example.org,\nAmara,Example,other@example.org,\n",
    );
    let said = office.says("import form.csv");
    assert_data_eq!(
        office.uncoded(&said),
        str![[r#"
form.csv: 3 rows for spring-2024 (12 of 12 places free)

Line  First name  Last name  What
---------------------------------------------------------------------------
2     Amara       Example    known as AMARA, gets a place; new phone number
3     Kit         Tran       new, gets a place
4     Amara       Example    new, gets a place; AMARA has the same name

3 to sign up: all with a place.
Signed up 3 people for spring-2024: all with a place. 3 of 12 places are taken.
warning: AMARA has the same name as AMARA, and another address or none
  if it is the same person  cohorts participant merge AMARA AMARA
  the text to agree to      cohorts agreement spring-2024
  take it back              cohorts undo

"#]]
    );
    let listed = office.ok("participant list Example --format csv");
    assert_eq!(listed.lines().count(), 3, "never merged: {listed}");
}

#[test]
fn an_address_of_another_name_is_nobody_before_it_is_said() {
    let office = spring();
    office.sign_up("spring", &["amara"]);
    office.ok("withdraw amara@example.org --reason schedule");
    office.write("form.csv", "Name,Email,Code\nSam Okafor,amara@example.org,\n");
    let said = office.refuses(1, "import form.csv");
    assert!(
        said.contains("form.csv:2: that address belongs to somebody of another name ("),
        "{said}"
    );
    let code = office.code("amara");
    office.write("form.csv", &format!("Name,Email,Code\nSam Okafor,amara@example.org,{code}\n"));
    let said = office.says("import form.csv");
    assert!(said.contains("has withdrawn since"), "{said}");
    office.write("form.csv", "Name,Email,Code\nSam Okafor,amara@example.org,new\n");
    assert!(office.says("import form.csv").contains("Signed up 1 person"));
    // Of two in one file neither is guessed.
    office.write("two.csv", "Name,Email\nUma Ray,uma@example.org\nTom Ray,uma@example.org\n");
    let said = office.refuses(1, "import two.csv");
    assert!(said.contains("two.csv:3: has the address of line 2 under another name"), "{said}");
}

#[test]
fn one_code_in_two_rows_is_one_person() {
    let office = spring();
    office.sign_up("spring", &["amara"]);
    office.ok("new summer-2024 --starts 2024-07-02");
    let code = office.code("amara");
    office.write(
        "form.csv",
        &format!("Name,Email,Code\nAmara Example,a@example.org,{code}\nA. Example,b@example.org,{code}\nAmara Example,amara@example.org,\n"),
    );
    let said = office.says("import form.csv -c summer");
    assert!(said.contains("Signed up 1 person for summer-2024"), "{said}");
    office.ok("check");
}

#[test]
fn the_erased_are_skipped_and_not_named() {
    let office = spring();
    office.write("form.csv", FORM);
    office.ok("import form.csv");
    office.ok("participant erase kit@example.org --yes");
    let said = office.says("import form.csv");
    assert!(said.contains("3                            erased on request, skipped"), "{said}");
    assert!(!said.contains("Kit"), "{said}");
    assert!(said.contains("1 already there; 1 skipped."), "{said}");
}

#[test]
fn every_bad_line_is_said_and_nothing_is_written() {
    let office = spring();
    office.write(
        "form.csv",
        "First name,Last name,Email,Leave,Timestamp\n\
         Amara,Diallo,amara@example.org,Maternity leave,2024-03-01\n\
         Kit,,kit@example.org,sabbatical,2024-03-01\n\
         Finn,Murphy,finn@example,medical,2024-03-01\n\
         Grace,Naka\u{202e}mura,grace@example.org,,2024-03-01\n\
         Hugo,Tremblay,hugo@example.org,,soon\n\
         Ines,Carvalho,ines@example.org,sabbatical,2025-03-01\n",
    );
    assert_data_eq!(
        office.refuses(1, "import form.csv"),
        str![[r#"
form.csv:3: the last name is missing
form.csv:4: "Email" is not an e-mail address, such as amara@example.org
form.csv:5: "Last name" contains an invisible control character; type it again by hand
form.csv:6: "Timestamp" is no day or time, such as 2024-01-03 08:12
form.csv:7: "Leave" is not one of the kinds in cohorts.toml: medical, maternity and parental
error: 5 of 6 rows cannot be taken; nothing was written
hint: mend the file, and import it again
hint: or add --rejects FILE: the others are taken, and these are put there with why

"#]]
    );
}

#[test]
fn consents_are_recorded_where_that_is_said() {
    let office = spring();
    let form = "Timestamp,Name,Email,I agree to confidentiality\n\
                2024-03-04,Amara Diallo,amara@example.org,Yes\n\
                2024-03-05,Kit Tran,kit@example.org,I do not agree\n\
                2024-03-05,Elif Kaya,elif@example.org,\n";
    office.write("form.csv", form);
    let said = office.says("import form.csv");
    assert!(
        said.contains("1 row in the form agreed, which is not recorded; --consents would."),
        "{said}"
    );
    let said = office.says("import form.csv --consents");
    assert!(said.contains("Recorded 1 consent from the form."), "{said}");
    let line = "roster --columns goes_by,agreed,consent_method,agreement --format csv";
    assert_data_eq!(
        office.ok(line),
        str![[r#"
goes_by,agreed,consent_method,agreement
Amara,2024-03-04,form,2024-01
Elif,NO,,
Kit,NO,,

"#]]
    );
    // What was decided since is not decided again.
    office.ok("consent withdrawn amara@example.org -c spring");
    assert!(office.says("import form.csv --consents").contains("nothing was changed"));
    office.write("odd.csv", "Name,Agree\nUma Ray,perhaps\n");
    let said = office.refuses(1, "import odd.csv");
    assert!(said.contains("odd.csv:2: \"Agree\" says neither yes nor no"), "{said}");
}

#[test]
fn an_edited_agreement_is_no_text_that_somebody_agreed_to() {
    let office = spring();
    office.sign_up("spring", &["amara"]);
    office.agree("spring", &["amara"]);
    office.edit("treat the other participants", "greet the other participants");
    office.write("form.csv", "Name,Email,Agree\nKit Tran,kit@example.org,yes\n");
    let said = office.refuses(1, "import form.csv --consents");
    assert!(said.contains("was edited after somebody decided about it"), "{said}");
}

#[test]
fn a_dry_run_shows_what_would_be_and_changes_nothing() {
    let office = spring();
    office.write("form.csv", &format!("{FORM},Bad,,,\n"));
    let before = office.files();
    let said = office.says("import form.csv --dry-run --rejects mend.csv");
    assert!(
        said.contains("Dry run, nothing was changed. Otherwise:\nSigned up 2 people"),
        "{said}"
    );
    assert!(said.contains("1 row would be put into mend.csv"), "{said}");
    assert!(office.files() == before && !office.path("mend.csv").exists());
}

#[test]
fn a_form_after_joining_is_over_is_refused_unless_it_is_meant() {
    let office = spring();
    office.write("form.csv", FORM);
    office.at("2024-04-05 09:00");
    let said = office.refuses(1, "import form.csv -c spring");
    assert!(said.contains("joining `spring-2024` was possible until week 1"), "{said}");
    office.ok("import form.csv -c spring --late");
    assert!(office.ok("roster spring --columns joined_week --format csv").contains("\n2\n"));
}

#[test]
fn days_of_two_readings_have_to_be_said() {
    let office = spring();
    office
        .write("form.csv", "Timestamp,Name\n1/2/2024 8:00,Amara Diallo\n2/3/2024 9:00,Kit Tran\n");
    let said = office.refuses(2, "import form.csv");
    assert!(said.contains("hint: add --dates day-first or --dates month-first"), "{said}");
    office.ok("import form.csv --dates day-first");
    let line = "roster --columns signed_up --sort signed_up --format csv";
    assert_eq!(office.ok(line), "signed_up\n2024-02-01 08:00:00\n2024-03-02 09:00:00\n");
}

#[test]
fn headings_of_ones_own_are_told_in_cohorts_toml() {
    let office = spring();
    office
        .write("form.csv", "How are you called?;And your family?;Mail\nKit;Tran;kit@example.org\n");
    assert_data_eq!(
        office.refuses(1, "import form.csv"),
        str![[r#"
error: form.csv has no column that is known to be people's names; nothing was written
hint: the headings that are not known: "How are you called?", "And your family?"
hint: say in cohorts.toml which is which, under [import.forms]: first_name = "..."
hint: or import it in a terminal, and be asked

"#]]
    );
    let toml = office.read("cohorts.toml");
    office.write(
        "cohorts.toml",
        &format!("{toml}\n[import.forms]\nfirst_name = \"how are you called\"\nlast_name = \"And your family?\"\n"),
    );
    assert!(office.says("import form.csv").contains("Kit         Tran"));
    office.edit("last_name =", "lastname =");
    let said = office.refuses(1, "import form.csv");
    assert!(said.contains("did you mean `last_name`?"), "{said}");
}

#[test]
fn several_cohorts_in_our_own_roster_go_where_they_belong() {
    let office = Office::winter();
    office.ok("new spring-2024 --starts 2024-04-02");
    office.sign_up("winter", &["amara", "kit"]);
    office.sign_up("spring", &["amara"]);
    office.ok("roster --all --columns cohort,code,first_name,last_name,email --output all.csv");
    let other = Office::winter();
    other.ok("new spring-2024 --starts 2024-04-02");
    std::fs::copy(office.path("all.csv"), other.path("all.csv")).unwrap();
    let said = other.says("import all.csv");
    assert!(said.contains("Signed up 3 people for winter-2024 and spring-2024"), "{said}");
    assert_eq!(other.code("amara"), office.code("amara"), "one person, with the code she had");
    let line = "roster --all --columns cohort,code,name --format csv";
    assert_eq!(other.ok(line), office.ok(line));
    other.ok("check");
    let said = other.refuses(1, "import missing.csv");
    assert!(said.contains("there is no ") && said.contains("missing.csv"), "{said}");
}

//! What of a form counts as agreement, and what does not.

use snapbox::{assert_data_eq, str};

use crate::import::spring;
use crate::office::Office;

/// Whoever has agreed, by what to call them.
fn agreed(office: &Office) -> Vec<String> {
    let listed = office.ok("roster spring --status all --columns goes_by,agreed --format csv");
    let agreed = listed.lines().skip(1).filter_map(|line| line.split_once(",2024-"));
    agreed.map(|(name, _)| name.to_owned()).collect()
}

#[test]
fn agreeing_to_something_else_is_no_consent() {
    for question in [
        "Do you agree to be recorded?",
        "Do you agree to be contacted by phone?",
        "Do you agree to our newsletter",
        "I agree to photos",
    ] {
        let office = spring();
        office.write("form.csv", &format!("Name,Email,{question}\nKit Tran,kit@example.org,Yes\n"));
        let said = office.says("import form.csv --consents");
        assert!(said.contains(&format!("Not read: \"{question}\"")), "{said}");
        assert!(agreed(&office).is_empty(), "{question}");
    }
}

#[test]
fn the_question_about_the_agreement_is_named() {
    for question in [
        "I agree",
        "Do you agree to keep it confidential?",
        "I have read and agree to the agreement",
        "Confidentiality agreement",
    ] {
        let office = spring();
        office.write(
            "form.csv",
            &format!("Name,Email,{question},Do you agree to be contacted later?\nKit Tran,kit@example.org,no,Yes\nElif Kaya,elif@example.org,Yes,no\n"),
        );
        let said = office.says("import form.csv --consents");
        assert!(said.contains(&format!("Agreement: \"{question}\"")), "{said}");
        assert_eq!(agreed(&office), ["Elif"], "{question}");
    }
}

#[test]
fn of_two_questions_about_the_agreement_none_is_guessed() {
    let office = spring();
    let form = "Name,Email,I agree,Confidentiality\nKit Tran,kit@example.org,Yes,no\n";
    office.write("form.csv", form);
    let said = office.says("import form.csv --consents");
    assert!(said.contains("Agreement: \"I agree\" or \"Confidentiality\"? It is not"), "{said}");
    assert!(agreed(&office).is_empty());
    let toml = office.read("cohorts.toml");
    office.write("cohorts.toml", &format!("{toml}\n[import.forms]\nagreed = \"I agree\"\n"));
    let said = office.says("import form.csv --consents");
    assert!(said.contains("Agreement: \"I agree\""), "{said}");
    assert_eq!(agreed(&office), ["Kit"]);
}

#[test]
fn a_ticked_no_is_no_yes() {
    let office = spring();
    office.write(
        "form.csv",
        "name,email,agree___1,agree___0\nKit Tran,kit@example.org,0,1\nElif Kaya,elif@example.org,1,0\n",
    );
    let said = office.says("import form.csv --consents");
    assert!(said.contains("Agreement: \"agree\""), "{said}");
    assert_eq!(agreed(&office), ["Elif"]);
    office.write("both.csv", "name,email,agree___1,agree___0\nUma Ray,uma@example.org,1,1\n");
    let said = office.refuses(1, "import both.csv");
    assert!(said.contains("both.csv:2: \"agree\" says both yes and no"), "{said}");
}

#[test]
fn a_yes_with_a_but_is_no_yes() {
    let office = spring();
    office.write(
        "form.csv",
        "Name;I agree\nKit Tran;Yes, I do not agree\nElif Kaya;Yes but not to point 5\nUma Ray;Yes?\n",
    );
    let said = office.refuses(1, "import form.csv --consents");
    assert_eq!(said.matches("\"I agree\" says neither yes nor no").count(), 3, "{said}");
}

#[test]
fn a_yes_after_a_no_counts_and_one_before_it_does_not() {
    let office = spring();
    office.at("2024-03-28 10:00");
    office.sign_up("spring", &["amara", "bea", "chen", "dara"]);
    for name in ["amara", "bea", "chen", "dara"] {
        office.ok(&format!("consent declined {name}@example.org -c spring --on 2024-03-25"));
    }
    office.write(
        "form.csv",
        "Timestamp,Name,Email,I agree\n\
         2024-03-26 09:00,Amara Example,amara@example.org,yes\n\
         2024-03-24 09:00,Bea Example,bea@example.org,yes\n\
         2024-03-25 09:00,Chen Example,chen@example.org,yes\n\
         ,Dara Example,dara@example.org,yes\n",
    );
    let said = office.says("import form.csv");
    assert!(said.contains("1 row in the form agreed: add --consents to record that."), "{said}");
    let said = office.says("import form.csv --consents");
    assert!(said.contains("Recorded 1 consent from the form."), "{said}");
    let perhaps = "has a place already; agreed, perhaps before they said no, which does not count";
    assert_eq!(said.matches(perhaps).count(), 2, "{said}");
    assert_eq!(agreed(&office), ["Amara"]);
    // Whoever takes it back after that has taken it back, whatever the file says.
    office.ok("consent withdrawn amara@example.org -c spring");
    office.says("import form.csv --consents");
    assert!(agreed(&office).is_empty());
}

#[test]
fn a_no_is_recorded_as_is_said_and_then_not_told_of_again() {
    let office = spring();
    office.write(
        "form.csv",
        "Timestamp,Name,Email,I agree\n\
         2024-03-04,Kit Tran,kit@example.org,No\n\
         2024-03-05,Elif Kaya,elif@example.org,Yes\n\
         2024-03-06,Elif Kaya,elif@example.org,No\n\
         2024-03-07,Uma Ray,uma@example.org,No\n\
         2024-03-08,Uma Ray,uma@example.org,Yes\n",
    );
    let told = |said: &str| {
        let command = said.split_once("to record the no in the form  ").expect("a command").1;
        command.lines().next().unwrap().strip_prefix("cohorts ").unwrap().to_owned()
    };
    let first = told(&office.says("import form.csv --consents"));
    let again = told(&office.says("import form.csv --consents"));
    let codes = |command: &str| {
        let mut words: Vec<String> = command.split(' ').map(str::to_owned).collect();
        words.sort();
        words
    };
    assert_eq!(codes(&first), codes(&again));
    office.ok(&first);
    let said = office.says("import form.csv --consents");
    assert!(!said.contains("the no in the form") && !said.contains("says no"), "{said}");
    let listed = office.ok("consent list spring --format csv");
    assert_eq!(listed.matches(",declined,").count(), 2, "{listed}");
    assert_eq!(agreed(&office), ["Uma"]);
}

#[test]
fn days_of_agreeing_tell_what_comes_first_in_a_day() {
    let office = spring();
    let form = |days: [&str; 3]| {
        let people = [("Amara", "Diallo"), ("Kit", "Tran"), ("Elif", "Kaya")];
        let rows = people.iter().zip(days).map(|((first, last), day)| {
            format!("{first},{last},{}@example.org,{day}\n", first.to_lowercase())
        });
        let rows: String = rows.collect();
        office.write("form.csv", &format!("First name,Last name,Email,Agreed\n{rows}"));
    };
    let listed = || office.ok("roster spring --columns goes_by,agreed --format csv");
    // Thirteen is no month; and in the other reading, one would be still to come.
    for days in [["02/03/2024", "05/03/2024", "13/03/2024"], ["02/03/2024", "05/03/2024", "yes"]] {
        form(days);
        office.ok("import form.csv --consents");
        let listed = listed();
        assert!(
            listed.contains("Amara,2024-03-02\n") && listed.contains("Kit,2024-03-05\n"),
            "{listed}"
        );
        office.ok("undo");
    }
    // They need not be in the order in which the form was sent, which tells nothing then.
    form(["02/03/2024", "01/03/2024", "01/02/2024"]);
    let said = office.refuses(2, "import form.csv --consents");
    assert!(said.contains("hint: add --dates day-first or --dates month-first"), "{said}");
    office.ok("import form.csv --consents --dates day-first");
    assert_eq!(listed(), "goes_by,agreed\nAmara,2024-03-02\nElif,2024-02-01\nKit,2024-03-01\n");
}

#[test]
fn a_day_of_agreeing_that_is_still_to_come_is_refused() {
    let office = spring();
    office.write(
        "form.csv",
        "Name,Email,Agreed\n\
         Amara Diallo,amara@example.org,2024-03-16\n\
         Kit Tran,kit@example.org,2024-05-03\n",
    );
    let said = office.refuses(1, "import form.csv --consents");
    assert!(said.starts_with("form.csv:3: \"Agreed\" is still to come: 2024-05-03\n"), "{said}");
    // A clock that is a day ahead is not to be believed, but is no mistake either.
    office.write("form.csv", "Timestamp,Name,I agree\n2024-03-17 01:00,Kit Tran,yes\n");
    office.ok("import form.csv --consents");
    let listed = office.ok("roster spring --columns goes_by,agreed --format csv");
    assert_eq!(listed, "goes_by,agreed\nKit,2024-03-16\n");
}

#[test]
fn a_new_text_needs_a_new_yes_and_gets_it_from_the_form() {
    let office = Office::winter();
    office.at("2024-01-08 10:00");
    let form = "Timestamp,Name,Email,I agree\n\
                2024-01-05 09:00,Amara Diallo,amara@example.org,yes\n\
                2024-01-06 09:00,Bea Lindqvist,bea@example.org,yes\n\
                2024-01-07 09:00,Chen Liu,chen@example.org,yes\n";
    office.write("form.csv", form);
    office.ok("import form.csv --consents");
    let toml = office.read("cohorts.toml");
    let newer = "\n[[agreement]]\nversion = \"2024-02\"\nsince = 2024-01-07\ntext = \"Keep it.\"\n";
    office.write("cohorts.toml", &format!("{toml}{newer}"));
    office.at("2024-01-13 10:00");
    let agreed = || {
        office
            .ok("roster winter --columns goes_by,agreed,consent_on,agreement --sort goes_by --format csv")
            .replace("goes_by,agreed,consent_on,agreement\n", "")
    };
    // What they said of the older text is nothing that they said of this one: not even
    // on a day on which either could be meant.
    let before = office.files();
    let said = office.says("import form.csv --consents");
    let old = "has a place already; agreed before the text was in force, which does not count";
    assert_eq!(said.matches(old).count(), 2, "{said}");
    assert!(said.contains("already; agreed, perhaps to an earlier text, which does not"), "{said}");
    office.write("untold.csv", "Name,Email,I agree\nBea Lindqvist,bea@example.org,yes\n");
    let said = office.says("import untold.csv --consents");
    assert!(said.contains("already; agreed, perhaps to an earlier text, which does not"), "{said}");
    assert!(office.files() == before);
    // Amara answers anew, and Chen in place of what he answered before.
    let form = form.replace("2024-01-07 09:00,Chen", "2024-01-11 09:00,Chen");
    office
        .write("form.csv", &format!("{form}2024-01-12 09:00,Amara Diallo,amara@example.org,yes\n"));
    let said = office.says("import form.csv --consents");
    assert!(said.contains("Recorded 2 consents from the form."), "{said}");
    assert_eq!(
        agreed(),
        "Amara,2024-01-12,2024-01-12,2024-02\n\
         Bea,NO,2024-01-06,2024-01\n\
         Chen,2024-01-11,2024-01-11,2024-02\n"
    );
    let before = office.files();
    let said = office.says("import form.csv --consents");
    assert!(said.contains("Nothing is new in it; nothing was changed."), "{said}");
    assert!(office.files() == before);
    office.ok("check");
}

#[test]
fn the_no_of_whoever_had_agreed_takes_it_back() {
    let office = spring();
    let form = "Timestamp,Name,Email,I agree\n\
                2024-03-04,Dee Moss,dee@example.org,Yes\n\
                2024-03-05,Elif Kaya,elif@example.org,No\n";
    office.write("form.csv", form);
    office.ok("import form.csv --consents");
    office.write("form.csv", &format!("{form}2024-03-10,Dee Moss,dee@example.org,No\n"));
    let said = office.says("import form.csv --consents");
    let commands: Vec<&str> =
        said.lines().filter_map(|line| Some(line.split_once("  cohorts ")?.1)).collect();
    let [declined, withdrawn] = commands[..] else { panic!("{said}") };
    assert_data_eq!(
        office.uncoded(said.split_once("nothing was changed.\n").unwrap().1),
        str![[r#"
  to record the no in the form        cohorts consent declined ELIF_ -c spring-2024 --method form
  to record the no of who had agreed  cohorts consent withdrawn DEE__ -c spring-2024 --method form

"#]]
    );
    office.ok(declined);
    office.ok(withdrawn);
    let said = office.says("import form.csv --consents");
    assert!(!said.contains("  cohorts consent") && !said.contains("says no"), "{said}");
    let listed =
        office.ok("roster spring --columns goes_by,consent,agreed --sort goes_by --format csv");
    assert_eq!(listed, "goes_by,consent,agreed\nDee,withdrawn,NO\nElif,declined,NO\n");
    // Of an earlier text, there is nothing to be taken back for the present one.
    office.write(
        "form.csv",
        "Timestamp,Name,Email,I agree\n2024-03-07,Uma Ray,uma@example.org,Yes\n",
    );
    office.ok("import form.csv --consents");
    let toml = office.read("cohorts.toml");
    let newer = "\n[[agreement]]\nversion = \"2024-02\"\nsince = 2024-03-08\ntext = \"Keep it.\"\n";
    office.write("cohorts.toml", &format!("{toml}{newer}"));
    office
        .write("form.csv", "Timestamp,Name,Email,I agree\n2024-03-09,Uma Ray,uma@example.org,No\n");
    let said = office.says("import form.csv --consents");
    let (_, command) = said.trim_end().rsplit_once("  cohorts ").unwrap();
    assert!(command.starts_with("consent declined "), "{said}");
    office.ok(command);
    assert!(!office.says("import form.csv --consents").contains("says no"));
}

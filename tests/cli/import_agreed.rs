//! What of a form counts as agreement, and what does not.

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
    assert!(said.contains("both.csv:2: `agreed` says both yes and no"), "{said}");
}

#[test]
fn a_yes_with_a_but_is_no_yes() {
    let office = spring();
    office.write(
        "form.csv",
        "Name;I agree\nKit Tran;Yes, I do not agree\nElif Kaya;Yes but not to point 5\nUma Ray;Yes?\n",
    );
    let said = office.refuses(1, "import form.csv --consents");
    assert_eq!(said.matches("`agreed` says neither yes nor no").count(), 3, "{said}");
}

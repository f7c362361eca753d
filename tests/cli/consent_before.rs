//! A yes to a text that is sent out before it is in force, and a yes or no from before it.

use crate::office::Office;

/// An office on 5 January 2026 with Winter 2026, which needs a text that is in force from
/// the 10th.
fn with_new_text() -> Office {
    let office = Office::new();
    office.at("2026-01-05 09:00").ok("new w26 --starts 2026-01-20");
    let toml = office.read("cohorts.toml");
    let newer = "\n[[agreement]]\nversion = \"2026\"\nsince = 2026-01-10\ntext = \"Keep it.\"\n";
    office.write("cohorts.toml", &format!("{toml}{newer}"));
    office.sign_up("w26", &["ann", "bea", "chen"]);
    office
}

fn agreed(office: &Office) -> String {
    office
        .ok("roster w26 --columns goes_by,consent_on,agreement --sort goes_by --format csv")
        .replace("goes_by,consent_on,agreement\n", "")
}

fn answer(office: &Office, name: &str, at: &str) {
    let low = name.to_lowercase();
    let row = format!("{at},{name} Example,{low}@example.org,yes\n");
    office.write("form.csv", &format!("Timestamp,Name,Email,I agree\n{row}"));
}

#[test]
fn what_is_accepted_today_is_accepted_tomorrow() {
    let office = with_new_text();
    answer(&office, "Ann", "2026-01-05 08:00");
    let said = office.says("import form.csv --consents");
    assert!(said.contains("Recorded 1 consent from the form."), "{said}");
    // From that day on the text was there, by whichever way the next ones come.
    office.at("2026-01-06 09:00");
    answer(&office, "Dara", "2026-01-05 08:00");
    let said = office.says("import form.csv --consents");
    assert!(said.contains("Recorded 1 consent from the form."), "{said}");
    office.at("2026-01-07 09:00");
    office.ok("consent agreed bea@example.org --on 2026-01-06");
    assert_eq!(
        agreed(&office),
        "Ann,2026-01-05,2026\nBea,2026-01-06,2026\nChen,,\nDara,2026-01-05,2026\n"
    );
    // What was said before it may have been about the text before.
    let before = office.files();
    let said = office.refuses(1, "consent agreed chen@example.org --on 2026-01-04");
    assert!(
        said.starts_with(
            "error: on 2026-01-04 nobody can have agreed to version `2026`: nothing tells that it \
             was there before 2026-01-05, and it is in force from 2026-01-10\n"
        ),
        "{said}"
    );
    let sent = "hint: if it was sent out earlier, write that day as its `since` in cohorts.toml";
    assert!(said.contains(sent), "{said}");
    answer(&office, "Chen", "2026-01-04 08:00");
    let said = office.refuses(1, "import form.csv --consents");
    assert!(
        said.starts_with(
            "form.csv:2: agreed on 2026-01-04, and nothing tells that version `2026` of the \
             agreement was there before 2026-01-05; if it was sent out earlier, write that day \
             as its `since` in cohorts.toml\n"
        ),
        "{said}"
    );
    assert!(office.files() == before);
    office.edit("since = 2026-01-10", "since = 2026-01-04");
    office.ok("import form.csv --consents");
    assert!(agreed(&office).contains("Chen,2026-01-04,2026\n"));
    office.ok("check");
}

#[test]
fn a_text_was_there_from_the_day_on_which_it_was_drafted_to_somebody() {
    for drafted in [false, true] {
        let office = with_new_text();
        if drafted {
            office.ok("mail w26 --template agreement");
        }
        office.at("2026-01-08 09:00");
        answer(&office, "Bea", "2026-01-06 08:00");
        let (import, consent) = (
            "import form.csv --consents",
            "consent agreed ann@example.org --on 2026-01-06 --method email",
        );
        if drafted {
            office.ok(import);
            office.ok(consent);
        } else {
            office.refuses(1, import);
            office.refuses(1, consent);
        }
        // Of today's own answers there is no doubt.
        office.ok("consent agreed chen@example.org");
        let early = if drafted { "2026-01-06,2026" } else { "," };
        assert_eq!(agreed(&office), format!("Ann,{early}\nBea,{early}\nChen,2026-01-08,2026\n"));
    }
}

#[test]
fn a_no_to_an_earlier_text_is_none_to_the_one_that_is_needed() {
    let office = Office::winter();
    office.sign_up("winter", &["ann", "bob"]);
    office.ok("consent declined bob@example.org");
    let newer = "\n[[agreement]]\nversion = \"2024-02\"\nsince = 2024-01-10\ntext = \"New.\"\n";
    office.write("cohorts.toml", &(office.read("cohorts.toml") + newer));
    office.at("2024-01-19 09:00");
    let said = office.says("mail --template agreement --output drafts");
    assert!(!said.contains("said no"), "{said}");
    let screen = office.uncoded(&office.ok(""));
    assert!(screen.contains("  Bob has not agreed"), "{screen}");
    assert!(!screen.contains("declined"), "{screen}");
    let said = office.uncoded(&office.says("consent list"));
    assert!(said.contains("consent agreed ANN__ BOB__ "), "{said}");
    let shown = office.at("2024-02-14 09:00").run("finish").stdout;
    assert!(shown.contains("Bob") && shown.contains("has neither agreed nor declined"), "{shown}");
    // A no to this text is one everywhere.
    office.at("2024-01-19 09:00").ok("undo");
    office.ok("consent declined bob@example.org");
    let said = office.uncoded(&office.says("mail --template agreement --output others"));
    assert!(said.contains("Left out, said no to it: BOB__"), "{said}");
    assert!(office.ok("").contains("  Bob has declined the agreement"));
    let shown = office.at("2024-02-14 09:00").run("finish").stdout;
    assert!(!shown.contains("Bob"), "{shown}");
}

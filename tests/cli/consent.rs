//! `cohorts consent`: decisions about the agreement, only ever added.

use sha2::{Digest, Sha256};
use snapbox::{assert_data_eq, str};

use crate::office::Office;

fn office() -> Office {
    let office = Office::winter();
    office.sign_up("winter", &["amara", "bea", "chen"]);
    office
}

/// The last decision of everybody, as the list says it.
fn decisions(office: &Office) -> String {
    let columns = "goes_by,agreed,consent,consent_on,consent_method,agreement";
    office.ok(&format!("roster winter --status all --columns {columns} --format csv"))
}

/// Every decision in the records, in the order in which they were added.
fn kept(office: &Office) -> Vec<String> {
    let records = office.records();
    let sql = "SELECT p.first_name || ' ' || c.decision || ' ' || c.decided_on || ' ' ||
                      coalesce(c.method, '-') || ' ' || a.version
               FROM consent c JOIN enrollment e ON e.id = c.enrollment_id
               JOIN participant p ON p.id = e.participant_id
               JOIN agreement a ON a.id = c.agreement_id ORDER BY c.id";
    let mut statement = records.prepare(sql).unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

#[test]
fn who_agreed_when_and_how_is_kept() {
    let office = office();
    office.at("2024-01-19 09:00");
    let said = office.says("consent agreed amara@example.org --on 2024-01-18 --method email");
    assert_data_eq!(
        office.uncoded(&said),
        str![[r#"
Amara (AMARA) has agreed to version 2024-01 for winter-2024, on 18 January.
1 of 3 enrolled has agreed.
  who has not  cohorts consent list winter-2024

"#]]
    );
    office.ok("consent declined bea@example.org --method verbal");
    assert_eq!(
        decisions(&office),
        "goes_by,agreed,consent,consent_on,consent_method,agreement\n\
         Amara,2024-01-18,agreed,2024-01-18,email,2024-01\n\
         Bea,NO,declined,2024-01-19,verbal,2024-01\n\
         Chen,NO,,,,\n"
    );
    assert!(office.refuses(2, "consent agreed chen@example.org --method phone").contains("verbal"));
}

#[test]
fn several_agree_together_or_nobody_does() {
    let office = office();
    office.refuses(1, "consent agreed amara@example.org nobody@example.org");
    office.ok("consent agreed chen@example.org");
    office.at("2024-01-01 09:00");
    // For Chen that day is too early, so for nobody.
    office.refuses(1, "consent agreed amara@example.org chen@example.org --on 2024-01-01");
    office.at("2024-01-19 09:00");
    let said = office.says("consent agreed amara@example.org bea@example.org 'Chen Example'");
    assert!(said.contains("have agreed") && said.contains("already"), "{said}");
    assert!(said.contains("3 of 3 enrolled have agreed."), "{said}");
    assert_eq!(kept(&office).len(), 3);
    // The history names whom it changed.
    let history = office.uncoded(&office.ok("history --format csv"));
    assert!(history.contains("\"AMARA, BEA__ agreed in winter-2024\""), "{history}");
    assert!(office.refuses(2, "consent agreed").contains("WHO"));
}

#[test]
fn the_commands_it_proposes_for_several_work() {
    let office = office();
    let said = office.says("consent declined amara@example.org bea@example.org");
    let proposed = said.lines().filter_map(|line| line.split_once("cohorts withdraw "));
    let mut count = 0;
    for (_, rest) in proposed {
        office.ok(&format!("withdraw {rest} --reason not-said"));
        count += 1;
    }
    assert!(count > 0, "{said}");
}

#[test]
fn the_day_is_neither_to_come_nor_before_an_earlier_decision() {
    let office = office();
    office.at("2024-01-18 09:00");
    let said = office.refuses(2, "consent agreed amara@example.org --on 2024-01-19");
    assert!(said.contains("still to come"), "{said}");
    office.refuses(2, "consent agreed amara@example.org --on 1066-01-19");
    office.ok("consent agreed amara@example.org --on 2024-01-10");
    let said = office.refuses(1, "consent withdrawn amara@example.org --on 2024-01-09");
    assert!(said.contains("2024-01-10"), "{said}");
    office.ok("consent withdrawn amara@example.org --on 2024-01-10");
}

#[test]
fn only_what_was_agreed_can_be_taken_back() {
    let office = office();
    let said = office.refuses(1, "consent withdrawn amara@example.org");
    assert!(said.contains("has not agreed") && said.contains("consent declined"), "{said}");
    office.ok("consent agreed amara@example.org");
    let said = office.refuses(1, "consent declined amara@example.org");
    assert!(said.contains("has agreed") && said.contains("consent withdrawn"), "{said}");
    let said = office.says("consent withdrawn amara@example.org");
    assert_data_eq!(
        office.uncoded(&said),
        str![[r#"
Amara (AMARA) has taken the agreement back for winter-2024, on 2 January.
0 of 3 enrolled have agreed.
They cannot be let in to a session.
  if they leave the group  cohorts withdraw AMARA -c winter-2024

"#]]
    );
}

#[test]
fn what_is_taken_back_is_the_text_that_was_agreed_to() {
    let office = office();
    office.ok("consent agreed amara@example.org");
    let toml = office.read("cohorts.toml");
    let newer = "\n[[agreement]]\nversion = \"2024-02\"\nsince = 2024-01-10\ntext = \"New.\"\n";
    office.write("cohorts.toml", &(toml + newer));
    office.at("2024-01-12 09:00").ok("consent withdrawn amara@example.org --method email");
    assert_eq!(
        kept(&office),
        ["Amara agreed 2024-01-02 - 2024-01", "Amara withdrawn 2024-01-12 email 2024-01"]
    );
    assert!(office.says("consent withdrawn amara@example.org").contains("already"));
    let receipt = office.ok("consent receipt amara@example.org --format json");
    assert!(receipt.contains("\"2024-01\"") && !receipt.contains("2024-02"), "{receipt}");
    // What they need now is another decision.
    office.ok("consent agreed amara@example.org");
    assert_eq!(kept(&office)[2], "Amara agreed 2024-01-12 - 2024-02");
    office.ok("check");
}

#[test]
fn decisions_follow_one_another_and_none_is_edited() {
    let office = office();
    office.ok("consent declined bea@example.org");
    office.at("2024-01-10 09:00").ok("consent agreed bea@example.org --method signed");
    office.at("2024-01-12 09:00").ok("consent withdrawn bea@example.org");
    office.at("2024-01-14 09:00").ok("consent agreed bea@example.org");
    let all = [
        "Bea declined 2024-01-02 - 2024-01",
        "Bea agreed 2024-01-10 signed 2024-01",
        "Bea withdrawn 2024-01-12 - 2024-01",
        "Bea agreed 2024-01-14 - 2024-01",
    ];
    assert_eq!(kept(&office), all);
    assert!(decisions(&office).contains("Bea,2024-01-14,agreed"));
    // Saying it once more adds nothing.
    let before = office.files();
    assert!(office.says("consent agreed bea@example.org").contains("already"));
    assert!(office.files() == before);
    // Nor can another program edit one.
    office.records().execute("UPDATE consent SET decision = 'declined'", []).unwrap_err();
}

#[test]
fn the_text_is_kept_as_it_was_with_its_sha256() {
    let office = office();
    office.ok("consent agreed amara@example.org");
    let shown = office.run("agreement winter");
    let (version, sha256, text): (String, String, String) = office
        .records()
        .query_row("SELECT version, sha256, text FROM agreement", [], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .unwrap();
    assert_eq!(version, "2024-01");
    assert_eq!(text.trim_end(), shown.stdout.trim_end());
    assert!(shown.stderr.contains(&format!("SHA-256 {sha256}")), "{}", shown.stderr);
    let computed: String =
        Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(computed, sha256);
    assert!(office.read("cohorts.toml").contains(text.trim_start()), "as in cohorts.toml");
}

#[test]
fn once_somebody_decided_the_text_may_not_change_beneath_it() {
    let office = office();
    office.ok("consent agreed amara@example.org");
    let text = office.ok("agreement winter");
    office.edit("I make no recordings", "I make recordings");
    for line in ["consent agreed bea@example.org", "consent withdrawn amara@example.org"] {
        assert!(office.refuses(1, line).contains("cohorts check"), "{line}");
    }
    assert_eq!(office.ok("agreement --kept 2024-01"), text);
    // Another line ending is not another text.
    office.edit("I make recordings", "I make no recordings");
    let toml = office.read("cohorts.toml").replace('\n', "\r\n");
    office.write("cohorts.toml", &toml);
    office.ok("consent agreed bea@example.org");
}

#[test]
fn the_list_begins_with_who_has_not_agreed() {
    let office = office();
    office.at("2024-01-18 09:00").ok("consent agreed amara@example.org bea@example.org");
    office.ok("consent withdrawn bea@example.org");
    let done = office.run("consent list");
    assert_data_eq!(
        office.uncoded(&done.stdout),
        str![[r#"
Code   Name            Status    Agreed  Consent    Decided      How  Agreement
-------------------------------------------------------------------------------
BEA__  Example, Bea    enrolled  NO      withdrawn  18 Jan 2024       2024-01
CHEN_  Example, Chen   enrolled  NO
AMARA  Example, Amara  enrolled  18 Jan  agreed     18 Jan 2024       2024-01

"#]]
    );
    assert_data_eq!(
        office.uncoded(&done.stderr),
        str![[r#"
2 of 3 enrolled have not agreed.
  the text to agree to   cohorts agreement winter-2024
  once they have agreed  cohorts consent agreed CHEN_ -c winter-2024

"#]]
    );
    let csv = office.ok("consent list --format csv");
    assert!(
        csv.starts_with("code,name,status,agreed,consent,consent_on,consent_method,agreement\n")
    );
    let json: serde_json::Value =
        serde_json::from_str(&office.ok("consent list --format json")).unwrap();
    assert_eq!(json[0]["agreed"], serde_json::Value::Null);
    assert_eq!(json[2]["agreed"], "2024-01-18");
}

#[test]
fn when_all_have_agreed_the_list_says_so() {
    let office = office();
    office.agree("winter", &["amara", "bea", "chen"]);
    assert_eq!(office.says("consent list"), "All who are enrolled in winter-2024 have agreed.\n");
    office.ok("new spring-2024 --starts 2024-04-02");
    assert_eq!(office.says("consent list spring"), "Nobody is enrolled in spring-2024.\n");
}

#[test]
fn agreeing_after_the_last_session_lets_nobody_in_to_one() {
    let office = office();
    office.agree("winter", &["amara"]);
    let said = office.at("2024-02-20 09:00").says("consent agreed bea@example.org -c winter");
    assert!(
        said.contains("The last session was on 13 February: this lets nobody in to one.\n1 of 3 enrolled has agreed."),
        "{said}"
    );
    let said = office.says("consent list winter");
    assert!(said.starts_with("2 of 3 enrolled have not agreed."), "{said}");
}

#[test]
fn a_new_cohort_needs_a_new_consent() {
    let office = office();
    office.agree("winter", &["amara"]);
    office.ok("new spring-2024 --starts 2024-04-02");
    office.ok("enroll -c spring --email amara@example.org");
    let listed = office.ok("consent list spring --format csv");
    assert!(listed.lines().nth(1).unwrap().ends_with("enrolled,NO,,,,"), "{listed}");
    office.at("2024-02-20 09:00").ok("consent agreed amara@example.org");
    assert_eq!(kept(&office).len(), 2);
}

#[test]
fn a_cohort_needs_the_latest_text_in_force_when_it_starts() {
    let office = office();
    office.ok("new spring-2024 --starts 2024-04-02");
    office.ok("enroll -c spring --email amara@example.org");
    office.edit(
        "# Who gets which columns",
        "[[agreement]]\nversion = \"2024-03\"\nsince = 2024-03-01\ntext = \"Be kind.\"\n\n# Who gets which columns",
    );
    assert_eq!(office.ok("agreement spring"), "Be kind.\n");
    assert!(office.ok("agreement winter").starts_with("Respect and confidentiality"));
    office.ok("consent agreed amara@example.org -c spring");
    office.ok("consent agreed amara@example.org -c winter");
    let all = ["Amara agreed 2024-01-02 - 2024-03", "Amara agreed 2024-01-02 - 2024-01"];
    assert_eq!(kept(&office), all);
}

#[test]
fn the_start_decides_which_text_though_the_first_session_moved() {
    let office = office();
    office.edit(
        "# Who gets which columns",
        "[[agreement]]\nversion = \"later\"\nsince = 2024-01-24\ntext = \"Be kind.\"\n\n# Who gets which columns",
    );
    office.ok("move winter --week 1 --to 2024-01-25");
    assert!(office.ok("agreement winter").starts_with("Respect and confidentiality"));
}

#[test]
fn who_withdrew_from_the_cohort_decides_nothing() {
    let office = office();
    office.ok("withdraw amara@example.org --reason schedule");
    let said = office.refuses(1, "consent agreed amara@example.org");
    assert!(said.contains("has withdrawn from `winter-2024`"), "{said}");
}

#[test]
fn who_is_there_cannot_have_taken_it_back_before() {
    let office = office();
    office.agree("winter", &["amara", "bea", "chen"]);
    office.at("2024-01-23 12:00").ok("attend --rest present");
    let said = office.refuses(1, "consent withdrawn amara@example.org --on 2024-01-22");
    assert!(said.contains("was at week 1, Tue 23 January"), "{said}");
    office.ok("consent withdrawn amara@example.org --on 2024-01-23");
}

#[test]
fn who_said_no_is_in_no_command_to_copy() {
    let office = office();
    office.ok("consent declined amara@example.org");
    office.ok("consent agreed bea@example.org");
    office.ok("consent withdrawn bea@example.org");
    let codes = [office.code("amara"), office.code("bea")];
    office.at("2024-01-23 12:00");
    for line in ["consent list", "roster --for zoom", "attend --rest present"] {
        let said = office.run(line).stderr;
        let proposed = said.lines().filter(|line| line.contains("consent agreed"));
        for line in proposed {
            assert!(!codes.iter().any(|code| line.contains(code)), "{line}");
        }
    }
    let said = office.refuses(1, "attend --present bea@example.org --rest present");
    assert!(said.contains("has taken back the confidentiality agreement"), "{said}");
    let history = office.ok("history");
    assert!(history.contains("took the agreement back in winter-2024"), "{history}");
}

#[test]
fn whoever_said_no_is_not_among_those_who_are_waited_for() {
    let office = Office::winter();
    office.sign_up("winter", &["amara", "bea", "chen"]);
    office.agree("winter", &["amara"]);
    office.ok("consent declined bea@example.org");
    let said = office.says("consent list");
    assert!(said.contains("2 of 3 enrolled have not agreed.\n"), "{said}");
    let screen = office.uncoded(&office.at("2024-01-08 09:00").ok(""));
    assert!(screen.contains("  1 has not agreed to Winter 2024, due 19 January  "), "{screen}");
    assert!(screen.contains("  Bea has declined the agreement  "), "{screen}");
    assert!(screen.contains("cohorts withdraw BEA__\n"), "{screen}");
    office.agree("winter", &["chen"]);
    let said = office.says("consent list");
    assert!(said.contains("1 of 3 enrolled has not agreed.\n"), "{said}");
    let screen = office.ok("");
    assert!(!screen.contains("not agreed"), "{screen}");
    // More than a few are not named.
    let more = ["dara", "elif", "finn"].map(|name| format!("{name}@example.org"));
    office.sign_up("winter", &["dara", "elif", "finn"]);
    office.ok(&format!("consent declined {}", more.join(" ")));
    let screen = office.ok("");
    assert!(screen.contains("  4 said no to the agreement of Winter 2024  "), "{screen}");
}

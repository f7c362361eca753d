//! `cohorts consent receipt`: what somebody decided, for them and nobody else.

use serde_json::Value;
use sha2::{Digest, Sha256};
use snapbox::{assert_data_eq, str};

use crate::office::Office;

/// Amara agreed, Bea declined, Chen took it back, Dara decided nothing.
fn office() -> Office {
    let office = Office::winter();
    office.ok(
        "enroll --first-name Amara --last-name Diallo --email amara@example.org --phone 555-0142 \
         --leave maternity --site Victoria --residency Pediatrics",
    );
    office.sign_up("winter", &["bea", "chen", "dara"]);
    let said = |line: &str| office.ok(line);
    said("consent agreed amara@example.org --method email");
    said("consent declined bea@example.org --method form");
    said("consent agreed chen@example.org");
    office.at("2024-01-10 09:00").ok("consent withdrawn chen@example.org --method verbal");
    office
}

fn json(office: &Office, line: &str) -> Value {
    serde_json::from_str(&office.ok(&format!("consent receipt {line} --format json"))).unwrap()
}

#[test]
fn a_receipt_says_what_was_decided_about_which_text() {
    let office = office();
    let responsible = "\n[receipt]\ncontroller = \"Example Health\"\n\
                       contact = \"privacy@example.org\"\n\
                       withdraw = \"Write to robin@example.org.\"\njurisdiction = \"CA-BC\"\n";
    office.write("cohorts.toml", &(office.read("cohorts.toml") + responsible));
    let shown = office.uncoded(&office.ok("consent receipt amara@example.org"));
    let (receipt, text) = shown.split_once("\nThe agreement\n").unwrap();
    // The records of every office have another secret, and the receipt another id.
    let id = receipt.lines().find(|line| line.starts_with("Receipt  ")).unwrap();
    assert_data_eq!(
        receipt.replace(id, "Receipt      [ID]"),
        str![[r#"
Receipt of a decision about confidentiality

Receipt      [ID]
Participant  AMARA
Program      Aim. Focus. Release.
Cohort       winter-2024
Decision     agreed
On           2 January 2024
How          email
Agreement    version 2024-01
SHA-256      b8bc62173633f95f358b188ac5f14da7fbd4a410c08ce84e3b314e19a8a715b0
Answerable   Example Health
Contact      privacy@example.org
Law of       CA-BC

What it is for
  Taking part in a group of the program, under its agreement.

To change it
  Write to robin@example.org.

"#]]
    );
    assert_eq!(text.trim(), office.ok("agreement").trim());

    let receipt = json(&office, "amara@example.org");
    for (pointer, value) in [
        ("/version", "cohorts-1"),
        ("/fieldsOf", "KI-CR-v1.1.0"),
        ("/consentTimestamp", "2024-01-02"),
        ("/jurisdiction", "CA-BC"),
        ("/collectionMethod", "email"),
        ("/piiPrincipalId", &office.code("amara")),
        ("/piiControllers/0/piiController", "Example Health"),
        ("/piiControllers/0/contact", "privacy@example.org"),
        ("/services/0/service", "Aim. Focus. Release."),
        ("/services/0/cohort", "winter-2024"),
        ("/services/0/purposes/0/consentType", "EXPLICIT"),
        ("/services/0/purposes/0/termination", "Write to robin@example.org."),
        ("/decision", "agreed"),
        ("/agreement/version", "2024-01"),
    ] {
        assert_eq!(receipt.pointer(pointer).and_then(Value::as_str), Some(value), "{pointer}");
    }
    assert_eq!(receipt["services"][0]["purposes"][0]["primaryPurpose"], true);
    // Whoever has the receipt can hold the text against its sum.
    let digest = Sha256::digest(receipt["agreement"]["text"].as_str().unwrap());
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(receipt["agreement"]["sha256"], hex);
}

#[test]
fn without_a_receipt_section_the_program_answers_for_itself() {
    let office = office();
    let receipt = json(&office, "chen@example.org");
    assert_eq!(receipt["piiControllers"][0]["piiController"], "Aim. Focus. Release.");
    assert!(receipt.get("jurisdiction").is_none());
    assert!(receipt["piiControllers"][0].get("contact").is_none());
    let how = receipt["services"][0]["purposes"][0]["termination"].as_str().unwrap();
    assert!(how.starts_with("Tell whoever coordinates the group"), "{how}");
}

#[test]
fn whoever_declined_or_took_it_back_has_one_too_and_who_decided_nothing_has_none() {
    let office = office();
    let declined = json(&office, "bea@example.org");
    assert_eq!(
        (&declined["decision"], &declined["collectionMethod"]),
        (&"declined".into(), &"form".into())
    );
    let withdrawn = json(&office, "chen@example.org");
    assert_eq!(withdrawn["decision"], "withdrawn");
    assert_eq!(withdrawn["consentTimestamp"], "2024-01-10");
    let said = office.uncoded(&office.refuses(1, "consent receipt dara@example.org"));
    assert_data_eq!(
        said,
        str![[r#"
error: `DARA_` has decided nothing in `winter-2024`
hint: cohorts consent agreed DARA_ -c winter-2024, once they have agreed

"#]]
    );
    let said = office.refuses(1, "consent receipt nobody@example.org");
    assert!(said.contains("nobody in `winter-2024` matches"), "{said}");
    // How a decision came is not always known.
    office.ok("consent agreed dara@example.org");
    assert_eq!(json(&office, "dara@example.org")["collectionMethod"], "not recorded");
}

#[test]
fn the_same_decision_gives_the_same_receipt_whatever_happens_around_it() {
    let office = office();
    let all = |office: &Office| {
        ["text", "json"].map(|format| {
            office.ok(&format!("consent receipt amara@example.org -c winter --format {format}"))
        })
    };
    let first = all(&office);
    office.ok("participant edit amara@example.org --last-name Sample --phone 555-0143");
    office.ok("participant edit amara@example.org -c winter --leave medical --site Nanaimo");
    office.ok("consent agreed dara@example.org");
    office.ok("withdraw amara@example.org -c winter --reason schedule");
    office.ok("backup copy.backup");
    // The text as it was decided about counts, whatever the file says by now.
    office.edit("I treat the other participants with respect.", "Be nice.");
    office.at("2025-06-01 09:00");
    assert_eq!(all(&office), first);
    // A later decision is another one.
    let office = self::office();
    let before = json(&office, "amara@example.org")["consentReceiptID"].clone();
    office.ok("consent withdrawn amara@example.org");
    let after = json(&office, "amara@example.org")["consentReceiptID"].clone();
    assert_ne!(before, after);
    office.ok("undo");
    assert_eq!(json(&office, "amara@example.org")["consentReceiptID"], before);
}

#[test]
fn a_receipt_is_about_one_person_and_does_not_say_who() {
    let office = office();
    let mut ids = Vec::new();
    for name in ["amara", "bea", "chen"] {
        let id = json(&office, &format!("{name}@example.org"))["consentReceiptID"].clone();
        let id = id.as_str().unwrap().to_owned();
        for format in ["text", "json"] {
            let receipt =
                office.ok(&format!("consent receipt {name}@example.org --format {format}"));
            // Any three letters from a to f are in some receipt's number.
            let lower = receipt.replace(&id, "").to_lowercase();
            for secret in [
                "amara",
                "diallo",
                "bea",
                "chen",
                "dara",
                "555-0142",
                "maternity",
                "victoria",
                "pediatrics",
                "9:00",
                "09:00",
            ] {
                assert!(!lower.contains(secret), "{name}, {format}: {secret}");
            }
            for other in ["amara", "bea", "chen", "dara"].iter().filter(|other| **other != name) {
                assert!(!receipt.contains(&office.code(other)), "{name}, {format}: {other}");
            }
        }
        let parts: Vec<usize> = id.split('-').map(str::len).collect();
        assert_eq!(parts, [8, 4, 4, 4, 12], "{id}");
        assert!(id.as_bytes()[14] == b'8' && b"89ab".contains(&id.as_bytes()[19]), "{id}");
        ids.push(id);
    }
    // Another office's rows have the same numbers, and not the same receipts.
    let elsewhere = self::office();
    for (name, id) in ["amara", "bea", "chen"].iter().zip(&ids) {
        let other = json(&elsewhere, &format!("{name}@example.org"))["consentReceiptID"].clone();
        assert_ne!(other.as_str().unwrap(), id);
    }
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 3);
}

#[test]
fn a_file_is_private_and_the_history_tells_of_it() {
    let office = office();
    let said = office.says("consent receipt amara@example.org --output receipt.json");
    assert_data_eq!(
        office.uncoded(&said),
        str![[r#"
Wrote the receipt of AMARA to receipt.json, which only you can read.

"#]]
    );
    assert!(office.read("receipt.json").starts_with("{\n  \"version\""));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(office.path("receipt.json")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    assert!(
        office
            .refuses(1, "consent receipt amara@example.org -o receipt.json")
            .contains("exists already")
    );
    office.ok("consent receipt amara@example.org -o receipt.json --force --format text");
    assert!(office.read("receipt.json").starts_with("Receipt of a decision"));
    office.refuses(1, "consent receipt amara@example.org -o cohorts.toml --force");
    let exports = || office.ok("history --exports --format csv").lines().count();
    let before = exports();
    office.ok("consent receipt amara@example.org -o other.txt --dry-run");
    assert!(!office.path("other.txt").exists());
    office.ok("consent receipt amara@example.org");
    assert_eq!(exports(), before, "neither left for a file");
    let listed = office.ok("history --exports --format csv");
    let columns = format!(",winter-2024,consent receipt of {},1,", office.code("amara"));
    assert!(listed.contains(&columns), "{listed}");
}

#[test]
fn only_their_own_receipts_may_hold_somebody_who_is_erased() {
    let office = office();
    office.ok("consent receipt amara@example.org -o one.txt");
    office.ok("consent receipt bea@example.org -o two.txt");
    let said = office.says("participant erase amara@example.org --yes");
    assert!(said.contains("one.txt") && !said.contains("two.txt"), "{said}");
}

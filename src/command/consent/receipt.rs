//! `cohorts consent receipt`
//!
//! The same decision gives the same receipt, byte for byte: nothing in it depends
//! on when it is asked for, and nothing but the code says whose it is.

use std::io::Write;

use chrono::NaiveDate;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::command::args;
use crate::context::pick::{self, Care};
use crate::context::{Context, Mode, Office};
use crate::domain::consent::Consent;
use crate::domain::enrollment::Status;
use crate::domain::group::Member;
use crate::domain::participant::Who;
use crate::domain::program::Cohort;
use crate::domain::words::{Word, words};
use crate::error::{Error, Result, io_error};
use crate::output::file::{self, ALONE, Draft};
use crate::output::messages::Report;
use crate::output::words as say;
use crate::store::RECEIPT_OF;

pub(super) const AFTER: &str = "\
It tells the last decision and the text that it was about, and of the person
only the code. The ending of FILE decides the format. JSON has the field names
of Kantara's Consent Receipt 1.1, as far as they apply. Who answers for the
program and how to reach them is said below [receipt] in cohorts.toml, by
controller, contact, withdraw and jurisdiction.

Examples:
  cohorts consent receipt K7QM2
  cohorts consent receipt K7QM2 -c winter-2027 --output receipt.json";

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A code, an address or a name
    #[arg(value_name = "WHO", value_parser = args::who)]
    who: Who,

    /// Which cohort; the running one, else the next
    #[arg(long, short, value_name = "COHORT")]
    cohort: Option<String>,

    /// How it is written; text, if neither this nor FILE says
    #[arg(long, value_parser = args::one_of::<Format>())]
    format: Option<Format>,

    #[command(flatten)]
    file: args::IntoFile,
}

words! {
    /// How a receipt is written.
    pub enum Format {
        Text = "text",
        Json = "json",
    }
}

/// All that a receipt says. The names of its fields in JSON are a promise.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Receipt {
    version: &'static str,
    /// Where most of the names come from. It does not claim to conform: of the
    /// moment only the day is known, and there is no policy to link to.
    fields_of: &'static str,
    #[serde(rename = "consentReceiptID")]
    id: String,
    consent_timestamp: NaiveDate,
    #[serde(skip_serializing_if = "Option::is_none")]
    jurisdiction: Option<String>,
    collection_method: &'static str,
    pii_principal_id: String,
    pii_controllers: [Controller; 1],
    services: [Program; 1],
    decision: &'static str,
    agreement: Decided,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Controller {
    pii_controller: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    contact: Option<String>,
}

#[derive(Serialize)]
struct Program {
    service: String,
    cohort: String,
    purposes: [Use; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Use {
    purpose: &'static str,
    consent_type: &'static str,
    primary_purpose: bool,
    /// How the decision is changed.
    termination: String,
}

/// The text that was decided about.
#[derive(Serialize)]
struct Decided {
    version: String,
    sha256: String,
    text: String,
}

const PURPOSE: &str = "Taking part in a group of the program, under its agreement";
const TERMINATION: &str =
    "Tell whoever coordinates the group, at any time. It counts from that day.";

pub(super) fn run(ctx: &mut Context, args: &Args) -> Result<Report> {
    let office = ctx.office()?;
    let snapshot = office.store.snapshot()?;
    let program = &office.definitions.program;
    let otherwise = pick::Otherwise::Current;
    let cohort = pick::cohort(program, args.cohort.as_deref(), otherwise, ctx.today())?;
    let group = office.group(cohort)?;
    let member = ctx.member(&office, &group, &args.who, Care::Looking)?;
    let receipt = receipt(&office, cohort, member)?;
    drop(snapshot);
    let code = &member.participant.code;
    let Some(named) = args.file.path() else {
        let text = written(&receipt, args.format.unwrap_or(Format::Text))?;
        ctx.out.data().write_all(text.as_bytes())?;
        return Ok(Report::silent());
    };
    let is_json = named.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
    let ending = if is_json { Format::Json } else { Format::Text };
    let text = written(&receipt, args.format.unwrap_or(ending))?;
    let path = ctx.file(named);
    let existing = args.file.existing();
    office.refuse_own_files(&path)?;
    if ctx.mode == Mode::DryRun {
        file::refuse_bad_place(&path, existing)?;
        let shown = named.display();
        return Ok(Report::new(format!("Dry run: would write the receipt of {code} to {shown}")));
    }
    let mut draft = Draft::begin(&path, existing)?;
    draft.write_all(text.as_bytes()).map_err(|error| io_error("write", &path, &error))?;
    ctx.disclose(&office.store, cohort.id.as_str(), &format!("{RECEIPT_OF}{code}"), 1, &path)?;
    draft.publish()?;
    Ok(Report::new(format!("Wrote the receipt of {code} to {}{ALONE}.", named.display())))
}

fn receipt(office: &Office, cohort: &Cohort, member: &Member) -> Result<Receipt> {
    let (code, id) = (&member.participant.code, &cohort.id);
    let Some((row, consent)) = office.store.last_consent(member.enrollment.id)? else {
        let error = Error::refused(format!("`{code}` has decided nothing in `{id}`"));
        return Err(match member.enrollment.status {
            Status::Withdrawn => error,
            _ => {
                error.hint(format!("cohorts consent agreed {code} -c {id}, once they have agreed"))
            }
        });
    };
    let Consent { decision, decided_on, method, version } = consent;
    let lost = || Error::refused(format!("the text of agreement `{version}` is not kept"));
    let text = office.store.kept_text(&version)?.ok_or_else(lost)?;
    let sha256 = office.store.kept_sha256(&version)?.ok_or_else(lost)?;
    let said = office.definitions.responsible.clone();
    Ok(Receipt {
        version: "cohorts-1",
        fields_of: "KI-CR-v1.1.0",
        id: receipt_id(&office.store.office_uid()?, row),
        consent_timestamp: decided_on,
        jurisdiction: said.jurisdiction,
        collection_method: method.map_or("not recorded", Word::word),
        pii_principal_id: code.to_string(),
        pii_controllers: [Controller {
            pii_controller: said.controller.unwrap_or_else(|| cohort.terms.name.clone()),
            contact: said.contact,
        }],
        services: [Program {
            service: cohort.terms.name.clone(),
            cohort: id.to_string(),
            purposes: [Use {
                purpose: PURPOSE,
                consent_type: "EXPLICIT",
                primary_purpose: true,
                termination: said.withdraw.unwrap_or_else(|| TERMINATION.to_owned()),
            }],
        }],
        decision: decision.word(),
        agreement: Decided { version: version.to_string(), sha256, text },
    })
}

/// What a receipt is known by: the same for ever, another for every decision and
/// in each office, and it tells nobody whose it is. A UUID of a kind of one's own,
/// which is version 8.
fn receipt_id(office: &str, row: i64) -> String {
    let mut bytes: Vec<u8> = Sha256::digest(format!("{office}/consent/{row}"))[..16].to_vec();
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    [&hex[..4], &hex[4..6], &hex[6..8], &hex[8..10], &hex[10..]].map(<[String]>::concat).join("-")
}

fn written(receipt: &Receipt, format: Format) -> Result<String> {
    match format {
        Format::Text => Ok(in_words(receipt)),
        Format::Json => serde_json::to_string_pretty(receipt)
            .map(|json| json + "\n")
            .map_err(|error| Error::refused("the receipt could not be written").because(error)),
    }
}

fn in_words(receipt: &Receipt) -> String {
    let Receipt { pii_controllers: [controller], services: [service], agreement, .. } = receipt;
    let [purpose] = &service.purposes;
    let (on, version) =
        (say::day_of_year(receipt.consent_timestamp), format!("version {}", agreement.version));
    let mut lines = vec!["Receipt of a decision about confidentiality\n".to_owned()];
    for (what, value) in [
        ("Receipt", Some(&*receipt.id)),
        ("Participant", Some(&*receipt.pii_principal_id)),
        ("Program", Some(&*service.service)),
        ("Cohort", Some(&*service.cohort)),
        ("Decision", Some(receipt.decision)),
        ("On", Some(&*on)),
        ("How", Some(receipt.collection_method)),
        ("Agreement", Some(&*version)),
        ("SHA-256", Some(&*agreement.sha256)),
        ("Answerable", Some(&*controller.pii_controller)),
        ("Contact", controller.contact.as_deref()),
        ("Law of", receipt.jurisdiction.as_deref()),
    ] {
        lines.extend(value.map(|value| format!("{what:<12} {value}")));
    }
    lines.push(format!("\nWhat it is for\n  {}.", purpose.purpose));
    lines.push(format!("\nTo change it\n  {}", purpose.termination));
    lines.push(format!("\nThe agreement\n\n{}", agreement.text.trim_end_matches('\n')));
    lines.join("\n") + "\n"
}

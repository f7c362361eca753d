//! What has to be asked: what a column is, who somebody of a known address is,
//! whether an agreement is to be recorded.

use std::collections::HashMap;

use super::plan::Plan;
use crate::context::{Context, Office, pick};
use crate::domain::participant::Code;
use crate::domain::sign_up::Field;
use crate::error::Result;
use crate::intake::Form;
use crate::output::words;

/// Who the person of a row is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Is {
    Participant(Code),
    SomebodyNew,
    /// The row is left out.
    LeftOut,
}

/// Who those are that were asked about, by line.
#[derive(Debug, Default)]
pub(super) struct Answers(HashMap<u64, Is>);

impl Answers {
    pub(super) fn of(&self, line: u64) -> Option<&Is> {
        self.0.get(&line)
    }
}

/// What a column can be said to be.
const FIELDS: [(Field, &str); 11] = [
    (Field::FirstName, "the first name"),
    (Field::LastName, "the last name"),
    (Field::Name, "first and last name in one"),
    (Field::GoesBy, "what to call them"),
    (Field::Email, "the e-mail address"),
    (Field::Phone, "the phone number"),
    (Field::Residency, "the residency, their training program"),
    (Field::Site, "the site, where they train"),
    (Field::Leave, "the kind of leave"),
    (Field::SignedUp, "when they sent the form"),
    (Field::Agreed, "whether they agree to confidentiality"),
];

/// Asks what the columns are whose headings are not known.
pub(super) fn columns(ctx: &Context, form: &Form, said: &mut Vec<(Field, String)>) -> Result<()> {
    let names: Vec<String> =
        form.unread.iter().map(|heading| format!("\"{}\"", words::printable(heading))).collect();
    if form.has_names() {
        let one = names.len() == 1;
        let question = match names.as_slice() {
            few if few.len() <= 3 => {
                format!(
                    "{} {} not read. Say what {}?",
                    words::list(few),
                    if one { "is" } else { "are" },
                    if one { "it is" } else { "they are" }
                )
            }
            many => format!("{} columns are not read. Say what they are?", many.len()),
        };
        if !ctx.prompts.confirm(&question, false)? {
            return Ok(());
        }
    }
    for (heading, shown) in form.unread.iter().zip(&names) {
        let open: Vec<&(Field, &str)> = FIELDS
            .iter()
            .filter(|(field, _)| !form.has(*field) && said.iter().all(|(other, _)| other != field))
            .collect();
        if open.is_empty() {
            break;
        }
        let mut choices = vec!["not needed".to_owned()];
        choices.extend(open.iter().map(|(_, what)| (*what).to_owned()));
        let chosen = ctx.prompts.choose(&format!("{shown} is"), &choices)?;
        if let Some((field, _)) = chosen.checked_sub(1).and_then(|index| open.get(index)) {
            said.push((*field, heading.clone()));
        }
    }
    Ok(())
}

/// Asks who those are whose address is known under another name. Says whether
/// anything was asked.
pub(super) fn people(
    ctx: &Context,
    office: &Office,
    plan: &Plan,
    answers: &mut Answers,
) -> Result<bool> {
    let mut asked = false;
    for unclear in &plan.unclear {
        if answers.of(unclear.line).is_some() {
            continue;
        }
        let mut people = Vec::new();
        for code in &unclear.people {
            people.extend(office.store.participant(code)?);
        }
        let named = pick::with_codes(&people.iter().collect::<Vec<_>>());
        let mut choices: Vec<String> =
            named.iter().map(|one| format!("the same person as {one}")).collect();
        choices.extend(["somebody new".into(), "left out for now".into()]);
        let question = format!(
            "Line {}: {} has an address that is known under another name. This is",
            unclear.line,
            words::printable(&unclear.name)
        );
        let chosen = ctx.prompts.choose(&question, &choices)?;
        let is = match people.get(chosen) {
            Some(known) => Is::Participant(known.code.clone()),
            None if chosen == people.len() => Is::SomebodyNew,
            None => Is::LeftOut,
        };
        answers.0.insert(unclear.line, is);
        asked = true;
    }
    Ok(asked)
}

/// Asks whether what was agreed in the form counts as consent. Nobody is let in
/// by an Enter too many: the default is no.
pub(super) fn consents(ctx: &Context, plan: &Plan) -> Result<bool> {
    let question = format!(
        "{} in the form agreed. Was it the present text of the agreement, and is it to be recorded?",
        words::count(plan.agreeing, "row")
    );
    ctx.prompts.confirm(&question, false)
}

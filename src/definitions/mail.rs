//! `[mail]`: who messages are from, and what they say instead of what is built
//! in. A template may be in a file of its own, which whoever asks for it reads.

use std::ops::Range;

use super::fields::{Field, Section};
use super::letters::{self, Mistake};
use super::problem::{Problem, Report};
use super::{Definitions, FILE_NAME};
use crate::domain::message::{Facts, Kind};
use crate::domain::participant::Email;
use crate::domain::words::Word;

pub(super) const KEYS: [&str; 6] =
    ["from", "invitation", "agreement", "reminder", "missed", "moved"];

const OR_AWAY: &str = "write the message there, or take `file` away";

/// What `[mail]` says.
#[derive(Debug, Default)]
pub struct Mail {
    pub from: Option<Sender>,
    templates: Vec<(Kind, Template)>,
}

/// Who messages are from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    pub name: Option<String>,
    pub address: Email,
}

/// What is said instead of what is built in.
#[derive(Debug)]
struct Template {
    subject: Option<Text>,
    body: Option<Text>,
    /// The file beside this one that has the body.
    file: Option<(String, Range<usize>)>,
}

/// A template, and where it stands.
#[derive(Debug)]
struct Text {
    written: String,
    /// In which file, if not in this one.
    file: Option<String>,
    place: Range<usize>,
    /// Where its first letter stands, if the file has it letter by letter.
    begins: Option<usize>,
}

/// A problem of one of the files that templates are in.
#[derive(Debug)]
pub struct InFile {
    pub file: String,
    pub text: String,
    pub problem: Problem,
}

/// A message that is filled in.
#[derive(Debug)]
pub struct Filled {
    pub subject: String,
    pub text: String,
}

/// What is built in.
fn built_in(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Invitation => {
            ("Your place, from {{ sessions[0].day }}", include_str!("letters/invitation.txt"))
        }
        Kind::Agreement => (
            "Please read and answer{% if agree_by %} by {{ agree_by }}{% endif %}",
            include_str!("letters/agreement.txt"),
        ),
        Kind::Reminder => ("{{ day }}, {{ starts_at }}", include_str!("letters/reminder.txt")),
        Kind::Missed => ("About {{ day }}", include_str!("letters/missed.txt")),
        Kind::Moved => ("New time: {{ day }}, {{ starts_at }}", include_str!("letters/moved.txt")),
    }
}

impl Definitions {
    /// Fetches the templates that are in files of their own, each by `read` with
    /// its name or not at all, and says what is wrong with them.
    pub fn fetch_templates(
        &mut self,
        read: impl Fn(&str) -> Result<Vec<u8>, String>,
    ) -> Vec<InFile> {
        let mut found = Vec::new();
        for (kind, template) in &mut self.mail.templates {
            let Some((file, place)) = &template.file else { continue };
            let mut wrong = |file: &str, text: &str, problem| {
                found.push(InFile { file: file.to_owned(), text: text.to_owned(), problem });
            };
            let unread = |what: String, help: &str| Problem::at(place, what, help);
            let bytes = match read(file) {
                Ok(bytes) => bytes,
                Err(what) => {
                    wrong(FILE_NAME, &self.text, unread(what, OR_AWAY));
                    continue;
                }
            };
            let Ok(text) = String::from_utf8(bytes) else {
                let what = format!("{file} is not in UTF-8");
                let help = "save it again with the encoding UTF-8";
                wrong(FILE_NAME, &self.text, unread(what, help));
                continue;
            };
            let text = text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned();
            let place = 0..0;
            let text = Text { written: text, file: Some(file.clone()), place, begins: Some(0) };
            match letters::check(&text.written, *kind) {
                Ok(()) if text.written.trim().is_empty() => {
                    wrong(file, &text.written, Problem::at(&(0..0), "this file is empty", OR_AWAY));
                }
                Ok(()) => template.body = Some(text),
                Err(mistake) => wrong(file, &text.written, text.problem(mistake)),
            }
        }
        found
    }

    /// A message with the facts filled in, or what cannot be filled in.
    pub fn message(&self, kind: Kind, facts: &Facts) -> Result<Filled, InFile> {
        let templates = &self.mail.templates;
        let own = templates.iter().find(|(of, _)| *of == kind).map(|(_, template)| template);
        let (subject, body) = built_in(kind);
        let fill = |own: Option<&Text>, otherwise: &str| {
            let template = own.map_or(otherwise, |text| &text.written);
            letters::filled_in(template, kind, facts).map_err(|mistake| match own {
                Some(text) => InFile {
                    file: text.file.clone().unwrap_or_else(|| FILE_NAME.to_owned()),
                    text: text.file.as_ref().map_or(&self.text, |_| &text.written).clone(),
                    problem: text.problem(mistake),
                },
                None => InFile {
                    file: format!("the built-in {kind}"),
                    text: template.to_owned(),
                    problem: Problem::at(&mistake.place, mistake.what, mistake.help),
                },
            })
        };
        let subject = fill(own.and_then(|own| own.subject.as_ref()), subject)?;
        // It is one line, whatever a fact has.
        let subject = subject.split_whitespace().collect::<Vec<_>>().join(" ");
        let text = fill(own.and_then(|own| own.body.as_ref()), body)?;
        let text = text.replace("\r\n", "\n").trim().to_owned() + "\n";
        Ok(Filled { subject, text })
    }
}

impl Text {
    fn problem(&self, Mistake { place, what, help }: Mistake) -> Problem {
        match self.begins {
            Some(begins) => Problem::at(&(begins + place.start..begins + place.end), what, help),
            None => {
                let line = self.written[..place.start].matches('\n').count() + 1;
                Problem::at(&self.place, format!("{what}, in line {line} of it"), help)
            }
        }
    }
}

pub(super) fn read(section: &Section<'_>, report: &mut Report<'_>) -> Mail {
    let from = section.get("from").and_then(|field| sender(&field, report));
    let templates = KEYS[1..]
        .iter()
        .filter_map(|key| {
            let (kind, field) = (Kind::from_word(key)?, section.get(key)?);
            Some((kind, template(kind, &field, report)?))
        })
        .collect();
    Mail { from, templates }
}

/// `Robin Lee <robin@example.org>`, or an address alone.
/// A name and an address, or an address alone.
pub(super) fn sender(field: &Field<'_>, report: &mut Report<'_>) -> Option<Sender> {
    let typed = field.text(report)?;
    let (name, address) = match typed.strip_suffix('>').and_then(|typed| typed.split_once('<')) {
        Some((name, address)) => (name.trim().trim_matches('"').trim(), address),
        None => ("", &*typed),
    };
    match Email::parse(address) {
        Ok(address) => {
            let name = (!name.is_empty()).then(|| name.to_owned());
            Some(Sender { name, address })
        }
        Err(_) => {
            field.wrong("has no e-mail address that could be one", field.like(), report);
            None
        }
    }
}

fn template(kind: Kind, field: &Field<'_>, report: &mut Report<'_>) -> Option<Template> {
    if !field.is_section() {
        let help = format!("begin it with the line `[mail.{kind}]`");
        field.wrong("must be a section", help, report);
        return None;
    }
    let section = Section::open(field, &["subject", "text", "file"], report)?;
    let subject = section.get("subject").map(|field| text(kind, &field, report));
    let body = section.get("text").map(|field| text(kind, &field, report));
    let file = section.get("file");
    match (&subject, &body, &file) {
        (None, None, None) if section.misspelt.is_empty() => {
            let help = "add `subject`, `text`, or `file`, or take the section away";
            report.error(&section.place, "this message says nothing", help);
        }
        (_, Some(_), Some(file)) => {
            file.wrong("is there beside `text`", "keep one of them", report);
        }
        _ => {}
    }
    let file = file.and_then(|field| Some((field.text(report)?, field.place)));
    Some(Template { subject: subject.flatten(), body: body.flatten(), file })
}

fn text(kind: Kind, field: &Field<'_>, report: &mut Report<'_>) -> Option<Text> {
    let text = field.raw_text(report)?.to_owned();
    if text.trim().is_empty() {
        field.wrong("is empty", field.like(), report);
        return None;
    }
    if field.key == "subject" && text.trim().contains(char::is_control) {
        field.wrong("has more than one line", "shorten it to one", report);
        return None;
    }
    let begins = report.written(&field.place).find(&text).map(|at| field.place.start + at);
    let text = Text { written: text, file: None, place: field.place.clone(), begins };
    match letters::check(&text.written, kind) {
        Ok(()) => Some(text),
        Err(mistake) => {
            report.add(text.problem(mistake));
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_built_in_is_right_and_gives_nothing_away_in_the_subject() {
        for kind in Kind::ALL {
            let (subject, body) = built_in(*kind);
            for template in [subject, body] {
                letters::check(template, *kind).unwrap_or_else(|mistake| panic!("{mistake:?}"));
            }
            for word in ["program", "cohort", "topic", "location", "_name"] {
                assert!(!subject.contains(word), "{subject}");
            }
        }
    }
}

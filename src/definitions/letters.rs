//! Templates of messages: whether one is right, and what it says with the facts
//! filled in. The language is Jinja.
//!
//! A mistake is shown at its place and never together with a value: those are
//! people's.

use std::ops::Range;

use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, ErrorKind, UndefinedBehavior, Value};

use super::wording::listed;
use crate::domain::message::{self, Fact, Facts, Kind, OF_EACH_SESSION, VARIABLES};
use crate::domain::text::nearest;

/// What is wrong with a template, and where in it.
#[derive(Debug)]
pub struct Mistake {
    pub place: Range<usize>,
    pub what: String,
    pub help: String,
}

/// What a template says, with the facts filled in.
pub fn filled_in(template: &str, kind: Kind, facts: &Facts) -> Result<String, Mistake> {
    let environment = environment();
    let letter =
        environment.template_from_str(template).map_err(|error| mistake(template, kind, &error))?;
    letter.render(value_of(facts)).map_err(|error| mistake(template, kind, &error))
}

/// What is wrong with a template for messages of a kind, whomever they are for.
pub(super) fn check(template: &str, kind: Kind) -> Result<(), Mistake> {
    let environment = environment();
    let letter =
        environment.template_from_str(template).map_err(|error| mistake(template, kind, &error))?;
    let known = known(kind);
    // Where it stands does not matter: it may be needed for one person alone.
    let mut unknown: Vec<(Range<usize>, String)> = letter
        .undeclared_variables(false)
        .into_iter()
        .filter(|name| !known.contains(&name.as_str()))
        .filter(|name| environment.globals().all(|(global, _)| global != name))
        .map(|name| (place_of(template, &name), name))
        .collect();
    unknown.sort_by_key(|(place, _)| place.start);
    if let Some((place, name)) = unknown.into_iter().next() {
        return Err(unknown_name(&name, kind, place));
    }
    let everything = message::example(kind);
    let render = |facts: &Facts| letter.render(value_of(facts));
    render(&everything).map_err(|error| match mistake(template, kind, &error) {
        Mistake { place, .. } if is_missing(&error) => {
            let what = format!("there is no `{}`", name_at(template, &place));
            let help = format!("each of `sessions` has {}", listed(&OF_EACH_SESSION));
            Mistake { place, what, help }
        }
        mistake => mistake,
    })?;
    // The other branches, for whoever has not agreed and is told less.
    let little: Facts = everything
        .into_iter()
        .map(|(name, fact)| match fact {
            Fact::YesNo(_) => (name, Fact::YesNo(false)),
            fact => (name, fact),
        })
        .filter(|(name, _)| *name != "link")
        .collect();
    match render(&little) {
        // A reminder is for those who have agreed: whether there is a link is
        // seen when it is drafted.
        Err(error) if kind == Kind::Reminder && is_missing(&error) => Ok(()),
        Err(error) => Err(mistake(template, kind, &error)),
        Ok(_) => Ok(()),
    }
}

/// Plain text, in which a line with nothing but a tag leaves no empty line.
fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    environment.set_debug(true);
    if let Ok(syntax) = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build() {
        environment.set_syntax(syntax);
    }
    environment
}

fn known(kind: Kind) -> Vec<&'static str> {
    let of_kind = VARIABLES.iter().filter(|variable| variable.kinds.contains(&kind));
    of_kind.map(|variable| variable.name).collect()
}

fn value_of(facts: &Facts) -> Value {
    Value::from_pairs(facts.iter().map(|(name, fact)| {
        let value = match fact {
            Fact::Text(text) => Value::from(text.as_str()),
            Fact::Number(number) => Value::from(*number),
            Fact::YesNo(yes) => Value::from(*yes),
            Fact::List(list) => list.iter().map(value_of).collect(),
        };
        (*name, value)
    }))
}

fn unknown_name(name: &str, kind: Kind, place: Range<usize>) -> Mistake {
    let known = known(kind);
    let elsewhere = VARIABLES.iter().find(|variable| variable.name == name);
    let help = match (name, elsewhere) {
        ("link", _) => {
            "only `reminder` and `moved` have the link, for those who have agreed".to_owned()
        }
        (_, Some(variable)) => {
            let kinds: Vec<String> = variable.kinds.iter().map(ToString::to_string).collect();
            let kinds: Vec<&str> = kinds.iter().map(String::as_str).collect();
            format!("it is for {}", listed(&kinds))
        }
        _ => match nearest(name, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("there are {}", listed(&known)),
        },
    };
    let kind = kind.to_string();
    let article = if kind.starts_with(['a', 'i']) { "an" } else { "a" };
    let what = match kind.as_str() {
        "missed" | "moved" => format!("a message of the kind `{kind}` knows no `{name}`"),
        _ => format!("{article} {kind} knows no `{name}`"),
    };
    Mistake { place, what, help }
}

fn is_missing(error: &minijinja::Error) -> bool {
    error.kind() == ErrorKind::UndefinedError
}

fn mistake(template: &str, kind: Kind, error: &minijinja::Error) -> Mistake {
    let place = error.range().filter(|range| template.get(range.clone()).is_some());
    let place = place.unwrap_or_else(|| line(template, error.line().unwrap_or(1)));
    if is_missing(error) {
        let name = name_at(template, &place);
        let what = format!("`{name}` is not there for everybody who gets `{kind}`");
        let help = format!("put what needs it between {{% if {name} %}} and {{% endif %}}");
        return Mistake { place, what, help };
    }
    let (what, help) = match error.kind() {
        ErrorKind::SyntaxError => ("this template cannot be read", error.detail().unwrap_or("")),
        ErrorKind::UnknownFilter => ("there is no such filter", ""),
        ErrorKind::UnknownTest => ("there is no such test", ""),
        ErrorKind::UnknownFunction | ErrorKind::UnknownMethod => ("there is no such function", ""),
        _ => ("this cannot be done with it", ""),
    };
    let help = match help {
        "" => "the language is Jinja; `cohorts mail --help` says what there is".to_owned(),
        help => help.to_owned(),
    };
    Mistake { place, what: what.to_owned(), help }
}

/// The name that stands at a place, such as `session.topic`.
fn name_at<'t>(template: &'t str, place: &Range<usize>) -> &'t str {
    let there = template.get(place.clone()).unwrap_or_default();
    let end = there.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.'));
    &there[..end.unwrap_or(there.len())]
}

/// A line of a text, by its number, without its end.
fn line(text: &str, number: usize) -> Range<usize> {
    let mut start = 0;
    for (index, line) in text.split_inclusive('\n').enumerate() {
        if index + 1 == number {
            return start..start + line.trim_end().len();
        }
        start += line.len();
    }
    0..0
}

/// Where a name first stands in a tag.
fn place_of(template: &str, name: &str) -> Range<usize> {
    let is_of_a_name = |c: char| c.is_alphanumeric() || c == '_';
    let stands = |at: &usize| {
        let (before, rest) = template.split_at(*at);
        let opened = before.rfind("{{").max(before.rfind("{%"));
        let closed = before.rfind("}}").max(before.rfind("%}"));
        opened.is_some()
            && opened > closed
            && !before.ends_with(|c: char| is_of_a_name(c) || matches!(c, '.' | '"' | '\''))
            && !rest[name.len()..].starts_with(is_of_a_name)
    };
    let found = template.match_indices(name).map(|(at, _)| at).find(stands);
    found.map_or(0..0, |at| at..at + name.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(template: &str, kind: Kind) -> String {
        match check(template, kind) {
            Ok(()) => "right".into(),
            Err(Mistake { place, what, help }) => {
                format!("{}: {what} ({help})", &template[place])
            }
        }
    }

    #[test]
    #[rustfmt::skip]
    fn a_mistake_is_found_where_it_stands_also_in_a_branch_that_is_not_taken() {
        use Kind::{Agreement, Invitation, Missed, Moved, Reminder};
        for (template, kind, expected) in [
            ("Dear {{ goes_by }}, {{ day }}", Reminder, "right"),
            ("{% if link %}{{ link }}{% endif %}", Moved, "right"),
            ("{{ link }}", Reminder, "right"),
            ("{{ link }}", Moved, "link: `link` is not there for everybody who gets `moved` (put what needs it between {% if link %} and {% endif %})"),
            ("{{ link }}", Invitation, "link: an invitation knows no `link` (only `reminder` and `moved` have the link, for those who have agreed)"),
            ("goesby {{ goesby }}", Missed, "goesby: a message of the kind `missed` knows no `goesby` (did you mean `goes_by`?)"),
            ("{{ day }}", Agreement, "day: an agreement knows no `day` (it is for `reminder`, `missed` and `moved`)"),
            ("{% if not agreed %}{{ days }}{% endif %}", Reminder, "days: a reminder knows no `days` (did you mean `day`?)"),
            ("{% for s in sessions %}{{ s.topik }}{% endfor %}", Invitation, "s.topik: there is no `s.topik` (each of `sessions` has `week`, `day`, `year`, `time`, `starts_at` and `topic`)"),
            ("{% for s in sessions %}{{ s.topic }}{% endfor %}", Invitation, "right"),
            ("a\nb {{ day", Reminder, "day: this template cannot be read (unexpected end of input, expected end of variable block)"),
            ("a {{ day }\nb", Reminder, "}: this template cannot be read (unexpected `}`, expected end of variable block)"),
            ("{{ day|upper }}", Reminder, "right"),
            ("{% if not agreed %}{{ day|uper }}{% endif %}", Reminder, "uper: there is no such filter (the language is Jinja; `cohorts mail --help` says what there is)"),
        ] {
            assert_eq!(said(template, kind), expected, "{template}");
        }
    }
}

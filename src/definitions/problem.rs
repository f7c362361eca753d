//! What is wrong with a file, and where. Only words and places: how they look
//! on the screen is `output`'s.

use std::ops::Range;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    Error,
    Warning,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub level: Level,
    /// The bytes of the text it is about, never more than one line.
    pub place: Range<usize>,
    pub what: String,
    /// What would be right.
    pub help: Option<String>,
}

impl Problem {
    /// An error.
    pub(super) fn at(
        place: &Range<usize>,
        what: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        let help = Some(help.into()).filter(|help| !help.is_empty());
        Self { level: Level::Error, place: place.clone(), what: what.into(), help }
    }

    /// Where its place begins in a text, both counted from 1.
    pub fn line_and_column(&self, text: &str) -> (usize, usize) {
        let before = text.get(..self.place.start).unwrap_or_default();
        let line_starts = before.rfind('\n').map_or(0, |newline| newline + 1);
        (before.matches('\n').count() + 1, before[line_starts..].chars().count() + 1)
    }
}

/// Everything that is wrong with a file, in its order; at least one error.
#[derive(Debug)]
pub struct Problems {
    pub text: String,
    pub list: Vec<Problem>,
}

impl Problems {
    /// How much is wrong.
    pub fn in_short(&self) -> String {
        match self.list.iter().filter(|problem| problem.level == Level::Error).count() {
            1 => "cohorts.toml has a mistake".to_owned(),
            count => format!("cohorts.toml has {count} mistakes"),
        }
    }

    /// Another encoding is one mistake, however many letters it garbles: the
    /// first one is shown.
    pub(super) fn not_utf8(bytes: &[u8], first_bad: usize) -> Self {
        let text = String::from_utf8_lossy(bytes).into_owned();
        let place = first_bad..first_bad + char::REPLACEMENT_CHARACTER.len_utf8();
        let problem = Problem {
            level: Level::Error,
            place,
            what: "the file is not in UTF-8".into(),
            help: Some("save it again with the encoding UTF-8".into()),
        };
        Self { text, list: vec![problem] }
    }
}

/// Collects the problems of one text while it is read.
pub(super) struct Report<'t> {
    text: &'t str,
    list: Vec<Problem>,
}

impl<'t> Report<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, list: Vec::new() }
    }

    pub(super) fn error(
        &mut self,
        place: &Range<usize>,
        what: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.push(Level::Error, place, what.into(), help.into());
    }

    pub(super) fn warning(
        &mut self,
        place: &Range<usize>,
        what: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.push(Level::Warning, place, what.into(), help.into());
    }

    fn push(&mut self, level: Level, place: &Range<usize>, what: String, help: String) {
        // A long text or list is shown by its first line.
        let shown = self.text.get(place.clone()).unwrap_or_default();
        let length = shown.find(['\r', '\n']).unwrap_or(shown.len());
        self.list.push(Problem {
            level,
            place: place.start..place.start + length,
            what,
            help: (!help.is_empty()).then_some(help),
        });
    }

    /// Adds what was found elsewhere.
    pub(super) fn add(&mut self, problem: Problem) {
        self.push(problem.level, &problem.place, problem.what, problem.help.unwrap_or_default());
    }

    /// What stands at a place, to the byte.
    pub(super) fn written(&self, place: &Range<usize>) -> &'t str {
        self.text.get(place.clone()).unwrap_or_default()
    }

    /// The number of the line that a place is on. It counts from the top, so
    /// it is asked for problems only.
    pub(super) fn line_of(&self, place: &Range<usize>) -> usize {
        let before = self.text.get(..place.start).unwrap_or_default();
        before.bytes().filter(|byte| *byte == b'\n').count() + 1
    }

    /// The problems in the order of the file.
    pub(super) fn in_order(mut self) -> Vec<Problem> {
        self.list.sort_by_key(|problem| problem.place.start);
        self.list
    }
}

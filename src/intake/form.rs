//! Sign-up forms as they are downloaded: which column is what, and each row as
//! a [`SignUp`].
//!
//! The headings are those of Microsoft Forms, Google Forms, Qualtrics, REDCap
//! and our own rosters, with the usual spellings of questions; what else a
//! heading means is said in `[import.NAME]` of cohorts.toml.

use chrono::NaiveDateTime;

use super::dates::{self, Order, Possible};
use super::headings::{self, Meaning};
use super::{Problem, Row, Rows, Source, agreeing, unguarded};
use crate::domain::participant::{Code, Email};
use crate::domain::sign_up::{Answer, Field, Mapping, SaidToBe, SignUp, split_name};
use crate::domain::text;
use crate::domain::words::Word;
use crate::error::Result;

/// A form whose columns are known.
pub struct Form {
    columns: Vec<Column>,
    /// The rows above the answers, as they are.
    pub heads: Vec<Row>,
    /// Headings of columns that are not read.
    pub unread: Vec<String>,
    /// The question that is about the agreement. Of several that could be it,
    /// none is read.
    pub agreements: Vec<String>,
    /// Fields that several columns are, with their headings.
    pub doubled: Vec<(Field, Vec<String>)>,
    is_roster: bool,
    /// The order of day and month, where the form's times tell.
    pub order: Option<Order>,
}

struct Column {
    index: usize,
    meaning: Meaning,
}

/// One row below the headings.
pub enum Entry {
    Answer(Box<SignUp>),
    /// Left out, and why.
    LeftOut(&'static str),
    /// All that is wrong with it.
    Bad(Vec<String>),
}

/// Whether a mapping is for a form with these headings: it has all of its own.
fn fits(mapping: &Mapping, headings: &[Vec<String>]) -> bool {
    !mapping.headings.is_empty()
        && mapping.headings.iter().all(|(_, wanted)| position(headings, wanted).is_some())
}

/// The column under a heading.
fn position(headings: &[Vec<String>], wanted: &str) -> Option<usize> {
    let wanted = headings::normal(wanted);
    headings
        .iter()
        .position(|of_column| of_column.iter().any(|one| headings::normal(one) == wanted))
}

impl Form {
    /// Finds out what the columns are. `latest` is the moment after which
    /// nobody can have signed up yet.
    pub fn recognize(
        source: &Source,
        mappings: &[Mapping],
        said: &[(Field, String)],
        latest: NaiveDateTime,
    ) -> Result<std::result::Result<Self, Problem>> {
        let mut rows = source.rows()?;
        Ok(Self::read_heads(&mut rows, mappings, said)
            .and_then(|form| form.with_order(&mut rows, latest)))
    }

    fn read_heads(
        rows: &mut Rows<'_>,
        mappings: &[Mapping],
        said: &[(Field, String)],
    ) -> std::result::Result<Self, Problem> {
        let mut head = Row::default();
        if !rows.read(&mut head)? {
            return Err(Problem::new(1, "has nothing in it"));
        }
        let names: Vec<String> = head.cells.iter().map(|cell| cell.trim().to_owned()).collect();
        let mut headings: Vec<Vec<String>> = names.iter().map(|name| vec![name.clone()]).collect();
        let mut heads = vec![head];
        if headings::is_qualtrics(&names) {
            // Below the names stand the questions, and then what a program needs.
            for below in 1..=2 {
                let mut row = Row::default();
                if !rows.read(&mut row)? {
                    break;
                }
                let for_programs = row.cells.iter().any(|cell| cell.starts_with("{\"ImportId\""));
                if !for_programs && below == 1 {
                    for (of_column, question) in headings.iter_mut().zip(&row.cells) {
                        of_column.push(question.trim().to_owned());
                    }
                } else if !for_programs {
                    break;
                }
                heads.push(row);
                if for_programs {
                    break;
                }
            }
        }
        let mapped: Vec<(Field, usize)> = mappings
            .iter()
            .filter(|mapping| fits(mapping, &headings))
            .max_by_key(|mapping| mapping.headings.len())
            .map_or(&[][..], |mapping| &mapping.headings)
            .iter()
            .chain(said)
            .filter_map(|(field, heading)| Some((*field, position(&headings, heading)?)))
            .collect();
        let is_roster = headings::is_roster(&names);
        let mut form = Self {
            columns: Vec::new(),
            heads,
            unread: Vec::new(),
            agreements: Vec::new(),
            doubled: Vec::new(),
            is_roster,
            order: None,
        };
        let mut agreements: Vec<String> = Vec::new();
        for (index, of_column) in headings.iter().enumerate() {
            let asked = of_column.last().map_or("", String::as_str);
            if let Some((field, _)) = mapped.iter().find(|(_, column)| *column == index) {
                if *field == Field::Agreed {
                    agreements.push(asked.to_owned());
                }
                form.columns.push(Column { index, meaning: Meaning::Field(*field) });
                continue;
            }
            let meaning =
                of_column.iter().find_map(|heading| headings::meaning(heading, is_roster));
            match meaning {
                // What was said of a field counts, and not what looks like it.
                Some(Meaning::Field(field)) if mapped.iter().any(|(other, _)| *other == field) => {}
                Some(Meaning::Choice(field, _))
                    if mapped.iter().any(|(other, _)| *other == field) => {}
                Some(Meaning::Nothing) => {}
                Some(meaning) if meaning.is_of(Field::Agreed) => {
                    let asked = headings::question(asked).to_owned();
                    if !agreements.contains(&asked) {
                        agreements.push(asked);
                    }
                    form.columns.push(Column { index, meaning });
                }
                Some(meaning) => form.columns.push(Column { index, meaning }),
                None => {
                    form.unread.extend(of_column.last().filter(|name| !name.is_empty()).cloned());
                }
            }
        }
        if agreements.len() > 1 {
            form.columns.retain(|column| !column.meaning.is_of(Field::Agreed));
            form.unread.extend(agreements.iter().cloned());
        }
        form.agreements = agreements;
        for field in Field::ALL {
            let is_it =
                |column: &&Column| matches!(column.meaning, Meaning::Field(of) if of == *field);
            let columns = form.columns.iter().filter(is_it);
            let asked = columns.filter_map(|column| headings[column.index].last().cloned());
            let asked: Vec<String> = asked.collect();
            if asked.len() > 1 {
                form.doubled.push((*field, asked));
            }
        }
        Ok(form)
    }

    /// Looks at all times: one of them may tell what the numbers of a day mean.
    fn with_order(
        mut self,
        rows: &mut Rows<'_>,
        latest: NaiveDateTime,
    ) -> std::result::Result<Self, Problem> {
        let mut possible = Possible::default();
        if self.has(Field::SignedUp) {
            let mut row = Row::default();
            while rows.read(&mut row)? {
                let text = self.text(&row, Field::SignedUp);
                if !text.is_empty() {
                    possible.look_at(text, latest);
                }
            }
        }
        self.order = possible.order();
        Ok(self)
    }

    pub fn has(&self, field: Field) -> bool {
        self.columns.iter().any(|column| column.meaning.is_of(field))
    }

    /// Whether people can be told from it: it has their names.
    pub fn has_names(&self) -> bool {
        self.has(Field::Name) || (self.has(Field::FirstName) && self.has(Field::LastName))
    }

    /// What is `wanted` of the answers, from the first.
    pub fn answers<'s, T>(
        &'s self,
        source: &'s Source,
        order: Order,
        wanted: fn(&Row, Entry) -> T,
    ) -> Result<Answers<'s, T>> {
        let mut rows = source.rows()?;
        let mut row = Row::default();
        for _ in &self.heads {
            // They were read before.
            rows.read(&mut row).ok();
        }
        Ok(Answers { form: self, rows, order, row, wanted })
    }

    /// The text of a field: of several columns the last that says something, as
    /// a question that a form asks is below what it knew before. Microsoft Forms
    /// writes `anonymous` where it knew nothing.
    fn text<'r>(&self, row: &'r Row, field: Field) -> &'r str {
        let of = |column: &&Column| matches!(column.meaning, Meaning::Field(of) if of == field);
        self.columns
            .iter()
            .filter(of)
            .rev()
            .map(|column| unguarded(row.cell(column.index)))
            .find(|text| !text.is_empty() && *text != "anonymous")
            .unwrap_or_default()
    }

    fn entry(&self, row: &Row, order: Order) -> Entry {
        let width = self.heads.iter().map(|head| head.cells.len()).max().unwrap_or_default();
        if row.cells.iter().skip(width).any(|cell| !cell.trim().is_empty()) {
            let why = "has more cells than there are headings; \
                       perhaps a value with a comma is not in quotation marks";
            return Entry::Bad(vec![why.into()]);
        }
        for column in &self.columns {
            let cell = row.cell(column.index);
            if let Meaning::LeftOutIf(words, why) = column.meaning
                && words.contains(&&*cell.to_lowercase())
            {
                return Entry::LeftOut(why);
            }
        }
        let mut bad = Vec::new();
        let sign_up = self.sign_up(row, order, &mut bad);
        match bad.is_empty() {
            true => Entry::Answer(Box::new(sign_up)),
            false => Entry::Bad(bad),
        }
    }

    fn sign_up(&self, row: &Row, order: Order, bad: &mut Vec<String>) -> SignUp {
        let mut kept = |field: Field| match text::clean(self.text(row, field)) {
            Ok(text) => Some(text).filter(|text| !text.is_empty()),
            Err(wrong) => {
                bad.push(format!("`{field}` {wrong}"));
                Some(String::new())
            }
        };
        let (mut first, mut last) = (kept(Field::FirstName), kept(Field::LastName));
        let name = kept(Field::Name);
        let goes_by = kept(Field::GoesBy);
        let phone = kept(Field::Phone);
        let (residency, site) = (kept(Field::Residency), kept(Field::Site));
        let leave = kept(Field::Leave);
        let cohort = kept(Field::Cohort);
        let (email, signed_up) = (kept(Field::Email), kept(Field::SignedUp));
        let (agreed, code) = (kept(Field::Agreed), kept(Field::Code));
        let status = kept(Field::Status);
        if let (Some(name), true) = (&name, first.is_none() || last.is_none()) {
            match split_name(name) {
                Ok((one, other)) => (first, last) = (Some(one), Some(other)),
                Err(why) => bad.push(why.into()),
            }
        } else {
            for (part, what) in [(&first, "first"), (&last, "last")] {
                if part.is_none() {
                    bad.push(format!("the {what} name is missing"));
                }
            }
        }
        let email = email.filter(|text| !text.is_empty()).and_then(|text| {
            Email::parse(&text).map_err(|wrong| bad.push(format!("`email` {wrong}"))).ok()
        });
        let signed_up = signed_up.filter(|text| !text.is_empty()).and_then(|text| {
            let at = dates::moment(&text, order);
            if at.is_none() {
                bad.push("`signed_up` is no day or time, such as 2024-01-03 08:12".into());
            }
            at
        });
        let agreed = agreed.and_then(|text| {
            agreeing::answer(&text, order)
                .map_err(|()| bad.push("`agreed` says neither yes nor no".into()))
                .ok()
        });
        let said_to_be = code.and_then(|text| match text.as_str() {
            "new" => Some(SaidToBe::SomebodyNew),
            text => {
                let code = Code::parse(text);
                if code.is_none() {
                    bad.push("`code` is no code, such as K7QM2, and not `new`".into());
                }
                code.map(SaidToBe::Participant)
            }
        });
        let status = status.and_then(|word| {
            let status = Word::from_word(&word);
            if status.is_none() {
                bad.push("`status` is none of enrolled, waitlisted and withdrawn".into());
            }
            status
        });
        let (chosen, agreed_too) = self.choices(row, bad);
        SignUp {
            first_name: first.unwrap_or_default(),
            last_name: last.unwrap_or_default(),
            goes_by,
            email,
            phone,
            residency,
            site,
            leave: leave.or(chosen),
            signed_up,
            agreed: agreed.or(agreed_too),
            said_to_be,
            cohort,
            status,
        }
    }

    /// What was ticked: a kind of leave, and an agreement.
    fn choices(&self, row: &Row, bad: &mut Vec<String>) -> (Option<String>, Option<Answer>) {
        let (mut leave, mut agreed, mut unticked) = (None, None, false);
        for column in &self.columns {
            let Meaning::Choice(field, choice) = &column.meaning else { continue };
            let ticked = match &*row.cell(column.index).to_lowercase() {
                "1" | "checked" | "yes" | "true" => true,
                "0" | "unchecked" | "no" | "false" | "" => false,
                _ => {
                    bad.push(format!("`{field}` is neither ticked (1) nor not (0)"));
                    false
                }
            };
            match field {
                Field::Agreed => {
                    let says = agreeing::answer(choice, Order::MonthFirst).unwrap_or(Answer::No);
                    if ticked && agreed.is_some_and(|other| other != says) {
                        bad.push("`agreed` says both yes and no".into());
                    }
                    agreed = agreed.or(ticked.then_some(says));
                    unticked |= says != Answer::No;
                }
                Field::Leave if ticked && leave.is_some() => {
                    bad.push("more than one kind of leave is ticked".into());
                }
                Field::Leave if ticked => leave = Some(choice.clone()),
                _ => {}
            }
        }
        // Whoever leaves the box of the yes as it is has not agreed.
        (leave, agreed.or(unticked.then_some(Answer::No)))
    }

    pub fn is_roster(&self) -> bool {
        self.is_roster
    }
}

/// Reads the answers one after the other: what is wanted of each, with its line, or
/// why no more can be read.
pub struct Answers<'s, T> {
    form: &'s Form,
    rows: Rows<'s>,
    order: Order,
    row: Row,
    wanted: fn(&Row, Entry) -> T,
}

impl<T> Iterator for Answers<'_, T> {
    type Item = std::result::Result<(u64, T), Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.rows.read(&mut self.row) {
            Ok(true) => {
                let entry = self.form.entry(&self.row, self.order);
                Some(Ok((self.row.line, (self.wanted)(&self.row, entry))))
            }
            Ok(false) => None,
            Err(problem) => Some(Err(problem)),
        }
    }
}

//! Each row of a form as a [`SignUp`], or what is wrong with it.

use std::borrow::Cow;

use super::Form;
use crate::domain::participant::{ADDRESS_FOR_NAME, Code, Email, is_address};
use crate::domain::sign_up::{Answer, Field, SaidToBe, SignUp, split_name};
use crate::domain::text;
use crate::domain::words::Word;
use crate::error::Result;
use crate::intake::dates::{self, Order};
use crate::intake::headings::Meaning;
use crate::intake::{Problem, Row, Rows, Source, agreeing};

/// One row below the headings.
#[expect(
    clippy::large_enum_variant,
    reason = "nearly all are answers; of boxes that one thread makes and another \
              gives back, both would wait for the allocator"
)]
pub enum Entry {
    Answer(SignUp),
    /// Left out, and why.
    LeftOut(&'static str),
    /// All that is wrong with it.
    Bad(Vec<String>),
}

impl Form {
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

    fn entry(&self, row: &Row, order: Order) -> Entry {
        let width = self.heads.iter().map(|head| head.cells.len()).max().unwrap_or_default();
        if row.cells.iter().skip(width).any(|cell| !cell.trim().is_empty()) {
            let why = "has more cells than there are headings; \
                       perhaps a value with a comma is not in quotation marks";
            return Entry::Bad(vec![why.into()]);
        }
        for column in &self.columns {
            if let Meaning::LeftOutIf(words, why) = column.meaning
                && words.contains(&&*row.cell(column.index).to_lowercase())
            {
                return Entry::LeftOut(why);
            }
        }
        let mut bad = Vec::new();
        let sign_up = self.sign_up(row, order, &mut bad);
        match bad.is_empty() {
            true => Entry::Answer(sign_up),
            false => Entry::Bad(bad),
        }
    }

    fn sign_up(&self, row: &Row, order: Order, bad: &mut Vec<String>) -> SignUp {
        let called = |field: Field| self.called_in(self.column(row, field), field);
        let mut said = |field: Field| match text::cleaned(self.text(row, field)) {
            Ok(text) => Some(text).filter(|text| !text.is_empty()),
            Err(wrong) => {
                bad.push(format!("{} {wrong}", called(field)));
                Some(Cow::Borrowed(""))
            }
        };
        let mut kept = |field: Field| said(field).map(Cow::into_owned);
        let (mut first, mut last) = (kept(Field::FirstName), kept(Field::LastName));
        let name = kept(Field::Name);
        let goes_by = kept(Field::GoesBy);
        let phone = kept(Field::Phone);
        let (residency, site) = (kept(Field::Residency), kept(Field::Site));
        let leave = kept(Field::Leave);
        let cohort = kept(Field::Cohort);
        let (email, signed_up) = (said(Field::Email), said(Field::SignedUp));
        let (agreed, code) = (said(Field::Agreed), said(Field::Code));
        let status = said(Field::Status);
        let is_split = name.is_some() && (first.is_none() || last.is_none());
        if let (Some(name), true) = (&name, is_split) {
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
        let of_names = match is_split {
            true => [(&name, Field::Name), (&None, Field::Name)],
            false => [(&first, Field::FirstName), (&last, Field::LastName)],
        };
        for (part, field) in of_names.into_iter().chain([(&goes_by, Field::GoesBy)]) {
            // What is in a roster of ours was taken once.
            if !self.is_roster && part.as_deref().is_some_and(is_address) {
                bad.push(format!("{} {ADDRESS_FOR_NAME}", called(field)));
            }
        }
        let email = email.filter(|text| !text.is_empty()).and_then(|text| {
            let called = || called(Field::Email);
            Email::parse(&text).map_err(|wrong| bad.push(format!("{} {wrong}", called()))).ok()
        });
        let signed_up = signed_up.filter(|text| !text.is_empty()).and_then(|text| {
            let at = dates::moment(&text, order);
            if at.is_none() {
                let called = called(Field::SignedUp);
                bad.push(format!("{called} is no day or time, such as 2024-01-03 08:12"));
            }
            at
        });
        let agreed = agreed.and_then(|text| {
            agreeing::answer(&text, order)
                .map_err(|()| {
                    bad.push(format!("{} says neither yes nor no", called(Field::Agreed)));
                })
                .ok()
        });
        let said_to_be = code.and_then(|text| match &*text {
            "new" => Some(SaidToBe::SomebodyNew),
            text => {
                let code = Code::parse(text);
                if code.is_none() {
                    let called = called(Field::Code);
                    bad.push(format!("{called} is no code, such as K7QM2, and not `new`"));
                }
                code.map(SaidToBe::Participant)
            }
        });
        let status = status.and_then(|word| {
            let status = Word::from_word(&word);
            if status.is_none() {
                let called = called(Field::Status);
                bad.push(format!("{called} is none of enrolled, waitlisted and withdrawn"));
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
                    let called = self.called_in(Some(column.index), *field);
                    bad.push(format!("{called} is neither ticked (1) nor not (0)"));
                    false
                }
            };
            match field {
                Field::Agreed => {
                    let says = agreeing::answer(choice, Order::MonthFirst).unwrap_or(Answer::No);
                    if ticked && agreed.is_some_and(|other| other != says) {
                        let called = self.called_in(Some(column.index), *field);
                        bad.push(format!("{called} says both yes and no"));
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

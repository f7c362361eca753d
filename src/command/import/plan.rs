//! What each row comes to, before anything is written.

mod answered;
mod judged;
mod past;
mod places;
mod row;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::RandomState;

use chrono::{NaiveDate, NaiveDateTime};
use hashbrown::HashTable;

use super::ask::Answers;
use crate::context::Office;
use crate::domain::consent::{Consent, Decision};
use crate::domain::enrollment::Status;
use crate::domain::participant::Code;
use crate::domain::program::{Cohort, Week};
use crate::domain::sign_up::{SaidToBe, SignUp};
use crate::error::Result;
use crate::intake::dates::Order;
use crate::intake::{Entry, Form, Source, ahead};
use crate::output::progress::Progress;
pub(super) use answered::{About, agreed_on};
use judged::{WRITE_CODE, says_otherwise};
use past::Run;
use row::{Namesakes, small};
pub(super) use row::{Planned, Seat, What};

/// So many names are kept to be shown.
const SHOWN: usize = 1000;

/// What a plan is made from.
pub(super) struct Basis<'b> {
    pub(super) office: &'b Office,
    pub(super) source: &'b Source,
    pub(super) form: &'b Form,
    pub(super) order: Order,
    pub(super) now: NaiveDateTime,
    pub(super) late: bool,
    /// Whether consents are to be recorded.
    pub(super) consents: bool,
    /// The cohort of rows that name none, or why there is none.
    pub(super) usual: Result<&'b Cohort>,
    /// Whether that cohort was named: then it is the cohort of all rows.
    pub(super) named: bool,
}

/// Every row, in the order of the file.
#[derive(Default)]
pub(super) struct Plan {
    pub(super) cohorts: Vec<Target>,
    pub(super) planned: Vec<Planned>,
    /// The names of the first rows, to be shown.
    pub(super) names: Vec<(String, String)>,
    pub(super) rows: usize,
    /// The lines that cannot be taken, with why.
    pub(super) refusals: Vec<(u64, Box<str>)>,
    /// Why rows are left out.
    pub(super) reasons: Vec<&'static str>,
    /// Rows whose address is known under another name.
    pub(super) unclear: Vec<Unclear>,
    /// How many agreed in the form who are not known to have agreed before.
    pub(super) agreeing: usize,
    /// Lines whose person answers once more further down.
    pub(super) repeated: HashSet<u64>,
    /// Lines whose person says no, and is not known to have said it before, with the
    /// decision that it is.
    pub(super) declining: BTreeMap<u64, Decision>,
    /// Whether the file could not be read to its end.
    pub(super) broken: bool,
}

/// A cohort that people sign up for.
pub(super) struct Target {
    pub(super) slug: String,
    pub(super) capacity: usize,
    /// The week in which whoever gets a place joins.
    pub(super) joins: Week,
    pub(super) free: usize,
    pub(super) waiting: usize,
    pub(super) last_sign_up: Option<NaiveDateTime>,
    leave: Vec<String>,
    starts_on: NaiveDate,
    agreement: Option<Text>,
}

/// The agreement that a cohort needs.
struct Text {
    version: String,
    since: NaiveDate,
    /// The first day on which somebody can have agreed to it.
    first_agreed_on: NaiveDate,
}

impl Target {
    /// Whether a decision is to agree to the text that the cohort needs.
    fn is_agreed_to_by(&self, decided: &Consent) -> bool {
        let is_of_it = |text: &Text| *text.version == *decided.version;
        decided.decision == Decision::Agreed && self.agreement.as_ref().is_none_or(is_of_it)
    }
}

/// A row whose person is not certain.
pub(super) struct Unclear {
    pub(super) line: u64,
    pub(super) name: String,
    pub(super) people: Vec<Code>,
}

impl Plan {
    pub(super) fn count(&self, which: impl Fn(&Planned) -> bool) -> usize {
        self.planned.iter().filter(|planned| which(planned)).count()
    }

    pub(super) fn signing_up(&self) -> usize {
        self.count(|planned| planned.what.signs_up())
    }

    /// How many rows change something.
    pub(super) fn changes(&self, consents: bool) -> usize {
        self.count(|planned| planned.what.signs_up() || (consents && planned.agrees))
    }
}

/// What a row was judged by, so that the same person twice is noticed: hashes of
/// the address and of the name; without an address, of the name and of all else that
/// is said. Two of a million people have the same with a chance of one to thirty
/// million, and then are shown as the same.
struct JudgedBy {
    key: u64,
    rest: u32,
    position: u32,
}

struct Planner<'b> {
    basis: &'b Basis<'b>,
    answers: &'b Answers,
    plan: Plan,
    targets: HashMap<String, usize>,
    /// The first rows about anybody, and where they are by their keys.
    judged_by: Vec<JudgedBy>,
    seen: HashTable<u32>,
    hash: RandomState,
    /// Known people who sign up, by cohort and code.
    taken: HashMap<(usize, Code), usize>,
    /// The last answer of those who answer more than once, by their first.
    last: HashMap<usize, usize>,
    /// When each row of the plan was sent.
    signed_up: Vec<Option<NaiveDateTime>>,
    /// Who signs up for which cohort, by the place in the plan.
    newcomers: Vec<Vec<u32>>,
    /// The cohorts that have records: where there is but one, nobody was in another.
    recorded: Vec<String>,
    /// When other cohorts are, as far as it was asked.
    runs: HashMap<String, Option<Run>>,
    /// Everybody is new: nobody need be looked for.
    all_new: bool,
}

pub(super) fn make(basis: &Basis<'_>, answers: &Answers) -> Result<Plan> {
    let mut planner = Planner {
        basis,
        answers,
        plan: Plan::default(),
        targets: HashMap::new(),
        judged_by: Vec::new(),
        seen: HashTable::new(),
        hash: RandomState::new(),
        taken: HashMap::new(),
        last: HashMap::new(),
        signed_up: Vec::new(),
        newcomers: Vec::new(),
        recorded: basis.office.store.cohorts_with_records()?,
        runs: HashMap::new(),
        all_new: basis.office.store.never_knew_anybody()?,
    };
    let progress = Progress::new(format!("Reading {}", basis.source.name));
    ahead(basis.form.answers(basis.source, basis.order, |_, entry| entry)?, |answers| {
        for answer in answers {
            match answer {
                Ok((line, entry)) => planner.add(line, entry)?,
                Err(problem) => {
                    planner.plan.broken = true;
                    planner.refuse(problem.line, problem.what);
                    break;
                }
            }
            progress.at(planner.plan.rows);
        }
        Ok(())
    })?;
    planner.give_places()?;
    Ok(planner.plan)
}

impl Planner<'_> {
    fn add(&mut self, line: u64, entry: Entry) -> Result<()> {
        self.plan.rows += 1;
        match entry {
            Entry::LeftOut(why) => {
                let left_out = self.left_out(why);
                self.push(line, None, left_out);
            }
            Entry::Bad(problems) => self.refuse(line, problems.join("; ")),
            Entry::Answer(sign_up) => self.add_answer(line, &sign_up)?,
        }
        Ok(())
    }

    fn left_out(&mut self, why: &'static str) -> What {
        let reasons = &mut self.plan.reasons;
        let known = reasons.iter().position(|other| *other == why);
        What::LeftOut(known.unwrap_or_else(|| {
            reasons.push(why);
            reasons.len() - 1
        }))
    }

    fn refuse(&mut self, line: u64, why: String) {
        self.push(line, None, What::Refused(self.plan.refusals.len()));
        self.plan.refusals.push((line, why.into()));
    }

    fn push(&mut self, line: u64, of: Option<(&SignUp, usize)>, what: What) {
        if self.plan.names.len() == self.plan.planned.len() && self.plan.names.len() < SHOWN {
            // Of somebody erased nothing is said, not even here.
            let named = of.filter(|_| !matches!(what, What::Erased));
            let name = named.map(|(who, _)| (who.first_name.clone(), who.last_name.clone()));
            self.plan.names.push(name.unwrap_or_default());
        }
        let cohort = of.map_or(0, |(_, cohort)| cohort);
        self.plan.planned.push(Planned {
            line: small(line),
            cohort: small(cohort),
            what,
            seat: Seat::NONE,
            agrees: false,
            about: About::Nothing,
        });
        self.signed_up.push(of.and_then(|(who, _)| who.signed_up));
    }

    fn add_answer(&mut self, line: u64, sign_up: &SignUp) -> Result<()> {
        if sign_up.status == Some(Status::Withdrawn) {
            let left_out = self.left_out("had withdrawn");
            self.push(line, None, left_out);
            return Ok(());
        }
        let target = match self.target(sign_up) {
            Ok(target) => target,
            // Without a row for it, no cohort need be there.
            Err(error) if self.basis.named || sign_up.cohort.is_none() => return Err(error),
            Err(error) => {
                self.refuse(line, error.message);
                return Ok(());
            }
        };
        let leave = match self.checked(target, sign_up) {
            Ok(leave) => leave,
            Err(why) => return self.refuse_unless_earlier(line, target, sign_up, why),
        };
        let seen = self.seen_before(target, sign_up);
        // Whoever withdrew since, or was in an earlier cohort, may have asked again.
        let may_ask_again = |first: usize| {
            matches!(self.plan.planned[first].what, What::Withdrew(_) | What::ForEarlier(_))
        };
        let mut otherwise = None;
        match seen {
            Some((first, false)) if sign_up.email.is_some() => {
                let earlier = self.plan.planned[first].line();
                let why = "has the address of line";
                self.refuse(line, format!("{why} {earlier} under another name; {WRITE_CODE}"));
                return Ok(());
            }
            Some((first, _)) if may_ask_again(first) => {}
            Some((first, true)) => return self.add_again(line, first, target, sign_up),
            Some((first, false)) => otherwise = Some(self.plan.planned[first].line()),
            None => {}
        }
        let judged = self.judge(line, target, sign_up, leave.as_deref())?;
        let judged = judged.and_then(|(what, past)| {
            let is_in_it = what.signs_up() || matches!(what, What::Already(_));
            let agreement = match is_in_it {
                true => self.agreement(target, sign_up, &past)?,
                false => (false, About::Nothing),
            };
            Ok((what, agreement))
        });
        let (what, (agrees, about)) = match judged {
            Ok(judged) => judged,
            Err(why) => {
                self.refuse(line, why);
                return Ok(());
            }
        };
        // Whoever is known signs up once, under whatever address or name.
        let code = match (&what, &sign_up.said_to_be) {
            (What::New(_), Some(SaidToBe::Participant(code))) => Some(code.clone()),
            _ => what.code().cloned(),
        };
        let position = self.plan.planned.len();
        let first = code.map(|code| *self.taken.entry((target, code)).or_insert(position));
        let first = first.filter(|first| *first != position);
        match (first, otherwise) {
            // Unless the records know them apart, nobody can.
            (_, Some(other)) if first.is_some() || matches!(what, What::New(_)) => {
                self.refuse(line, says_otherwise(other));
                return Ok(());
            }
            (Some(first), None) => return self.add_again(line, first, target, sign_up),
            _ => {}
        }
        if what.signs_up() && sign_up.status != Some(Status::Waitlisted) {
            self.newcomers[target].push(small(position));
        }
        self.push(line, Some((sign_up, target)), what);
        self.plan.agreeing += usize::from(agrees);
        if let About::SaysNo(decision) = about {
            self.plan.declining.insert(line, decision);
        }
        let planned = &mut self.plan.planned[position];
        (planned.agrees, planned.about) = (agrees, about);
        Ok(())
    }
}

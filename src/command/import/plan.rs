//! What each row comes to, before anything is written.

mod answered;

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};

use chrono::{NaiveDate, NaiveDateTime};

use super::ask::{Answers, Is};
use crate::command::enroll::{self, Identity, identify, joining};
use crate::context::Office;
use crate::domain::enrollment::{Enrollment, Status};
use crate::domain::participant::{Code, Participant};
use crate::domain::program::{Cohort, Week};
use crate::domain::sign_up::{Field, SaidToBe, SignUp, kind_of_leave};
use crate::error::{Error, Result};
use crate::intake::dates::Order;
use crate::intake::{Entry, Form, Source};
use crate::output::progress::Progress;
use crate::output::words as say;
pub(super) use answered::{About, agreed_on};

/// So many names are kept to be shown, and so many refusals.
const SHOWN: usize = 1000;
const REFUSALS: usize = 100;

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
    pub(super) refused: usize,
    pub(super) refusals: Vec<(u64, String)>,
    /// Rows whose address is known under another name.
    pub(super) unclear: Vec<Unclear>,
    /// How many agreed in the form of whom nothing is decided yet.
    pub(super) agreeing: usize,
    /// Lines whose person answers once more further down.
    pub(super) repeated: HashSet<u64>,
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
    /// The version of the agreement, and since when it is in force.
    agreement: Option<(String, NaiveDate)>,
}

/// A row whose person is not certain.
pub(super) struct Unclear {
    pub(super) line: u64,
    pub(super) name: String,
    pub(super) people: Vec<Code>,
}

/// One row.
pub(super) struct Planned {
    pub(super) line: u64,
    pub(super) cohort: usize,
    pub(super) what: What,
    /// What they get who sign up.
    pub(super) seat: Seat,
    /// Whether they agreed in the form, and nothing was decided before.
    pub(super) agrees: bool,
    /// Whether nothing is decided that an answer of theirs would contradict.
    undecided: bool,
    signed_up: Option<NaiveDateTime>,
    pub(super) about: About,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seat {
    None,
    Place,
    /// Their turn in the line, from 1.
    InLine(u32),
}

pub(super) enum What {
    /// Somebody new; with those of the same name.
    New(Box<[Code]>),
    /// Known, and new in this cohort; with what is different.
    Known(Box<(Code, Vec<&'static str>)>),
    /// Withdrew before, and signs up once more.
    Back(Box<Code>),
    Already(Box<(Code, Status, Vec<&'static str>)>),
    /// Withdrew after sending this form.
    Withdrew(Box<Code>),
    Erased,
    /// The same as another line, and no later answer.
    Twice(u64),
    /// A later answer of who is at that place of the plan.
    Again(usize),
    LeftOut(&'static str),
    Refused(Box<str>),
}

impl What {
    pub(super) fn signs_up(&self) -> bool {
        matches!(self, Self::New(_) | Self::Known(_) | Self::Back(_))
    }
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

/// What a row was judged by, so that the same person twice is noticed.
type Seen = HashMap<u64, (usize, u64)>;

struct Planner<'b> {
    basis: &'b Basis<'b>,
    answers: &'b Answers,
    plan: Plan,
    targets: HashMap<String, usize>,
    /// By hash of the address (or the name, without one): place in the plan and
    /// hash of the name. Two of a million people have the same with a chance of one to
    /// thirty million, and then are shown as the same.
    seen: Seen,
    hash: RandomState,
    /// Known people who sign up, by cohort and code.
    taken: HashMap<(usize, Code), usize>,
    /// The last answer of those who answer more than once, by their first.
    last: HashMap<usize, usize>,
    /// Who signs up for which cohort, by when, for the order of the line.
    newcomers: Vec<Vec<(NaiveDateTime, usize)>>,
}

pub(super) fn make(basis: &Basis<'_>, answers: &Answers) -> Result<Plan> {
    let mut planner = Planner {
        basis,
        answers,
        plan: Plan::default(),
        targets: HashMap::new(),
        seen: Seen::new(),
        hash: RandomState::new(),
        taken: HashMap::new(),
        last: HashMap::new(),
        newcomers: Vec::new(),
    };
    let mut rows = basis.form.answers(basis.source, basis.order)?;
    let progress = Progress::new(format!("Reading {}", basis.source.name));
    loop {
        match rows.next_entry() {
            Ok(Some((row, entry))) => planner.add(row.line, entry)?,
            Ok(None) => break,
            Err(problem) => {
                planner.plan.broken = true;
                planner.refuse(problem.line, problem.what);
                break;
            }
        }
        progress.at(planner.plan.rows);
    }
    planner.give_places();
    Ok(planner.plan)
}

impl Planner<'_> {
    fn add(&mut self, line: u64, entry: Entry) -> Result<()> {
        self.plan.rows += 1;
        match entry {
            Entry::LeftOut(why) => self.push(line, None, What::LeftOut(why)),
            Entry::Bad(problems) => self.refuse(line, problems.join("; ")),
            Entry::Answer(sign_up) => self.add_answer(line, &sign_up)?,
        }
        Ok(())
    }

    fn refuse(&mut self, line: u64, why: String) {
        self.plan.refused += 1;
        if self.plan.refusals.len() < REFUSALS {
            self.plan.refusals.push((line, why.clone()));
        }
        self.push(line, None, What::Refused(why.into()));
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
            line,
            cohort,
            what,
            seat: Seat::None,
            agrees: false,
            undecided: false,
            signed_up: of.and_then(|(who, _)| who.signed_up),
            about: About::Nothing,
        });
    }

    fn add_answer(&mut self, line: u64, sign_up: &SignUp) -> Result<()> {
        if sign_up.status == Some(Status::Withdrawn) {
            self.push(line, None, What::LeftOut("had withdrawn"));
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
            Err(why) => {
                self.refuse(line, why);
                return Ok(());
            }
        };
        let earlier = self.seen_before(target, sign_up);
        // Whoever withdrew since may have asked again after that.
        let withdrew = |first: usize| matches!(self.plan.planned[first].what, What::Withdrew(_));
        if let Some((earlier, same_name)) =
            earlier.filter(|(first, same_name)| !same_name || !withdrew(*first))
        {
            if same_name {
                self.add_again(line, earlier, target, sign_up);
            } else {
                let earlier = self.plan.planned[earlier].line;
                let why = "has the address of line";
                self.refuse(line, format!("{why} {earlier} under another name; {WRITE_CODE}"));
            }
            return Ok(());
        }
        let judged = self.judge(line, target, sign_up, leave.as_deref())?;
        let judged = judged.and_then(|(what, undecided)| {
            Ok((what, undecided, self.agreement(target, sign_up, undecided)?))
        });
        let (what, undecided, (agrees, about)) = match judged {
            Ok(judged) => judged,
            Err(why) => {
                self.refuse(line, why);
                return Ok(());
            }
        };
        // Whoever is known signs up once, under whatever address or name.
        let code = match (&what, &sign_up.said_to_be) {
            (What::Known(known), _) => Some(known.0.clone()),
            (What::Already(already), _) => Some(already.0.clone()),
            (What::Back(code), _) => Some((**code).clone()),
            (What::New(_), Some(SaidToBe::Participant(code))) => Some(code.clone()),
            _ => None,
        };
        let position = self.plan.planned.len();
        if let Some(code) = code {
            let first = *self.taken.entry((target, code)).or_insert(position);
            if first != position {
                self.add_again(line, first, target, sign_up);
                return Ok(());
            }
        }
        if what.signs_up() && sign_up.status != Some(Status::Waitlisted) {
            let now = self.basis.now;
            let at = match what {
                What::Back(_) => now,
                _ => sign_up.signed_up.unwrap_or(now).min(now),
            };
            self.newcomers[target].push((at, position));
        }
        self.push(line, Some((sign_up, target)), what);
        self.plan.agreeing += usize::from(agrees);
        let planned = &mut self.plan.planned[position];
        (planned.agrees, planned.undecided, planned.about) = (agrees, undecided, about);
        Ok(())
    }

    /// The cohort of a row.
    fn target(&mut self, sign_up: &SignUp) -> Result<usize> {
        let basis = self.basis;
        let program = &basis.office.definitions.program;
        let cohort = match &sign_up.cohort {
            Some(slug) if !basis.named => program.cohort(slug).ok_or_else(|| {
                Error::refused("`cohort` is not in cohorts.toml; add it, or say which: -c COHORT")
            })?,
            _ => match &basis.usual {
                Ok(cohort) => cohort,
                Err(error) => {
                    let mut same = Error::new(error.kind, error.message.clone());
                    same.hints.clone_from(&error.hints);
                    return Err(same);
                }
            },
        };
        let slug = cohort.id.as_str();
        if let Some(known) = self.targets.get(slug) {
            return Ok(*known);
        }
        let store = &basis.office.store;
        let group = store.group_without_people(program, cohort)?;
        let taken = store.places_taken(&cohort.id)?;
        let capacity = cohort.terms.capacity as usize;
        self.plan.cohorts.push(Target {
            slug: slug.to_owned(),
            capacity,
            joins: joining(&group, basis.now, basis.late, None).map_err(|mut error| {
                if group.joining_week(basis.now).is_none() {
                    error.hints = vec![format!(
                        "add those who were in it one by one: cohorts enroll -c {slug} --late --from-week N"
                    )];
                }
                error
            })?,
            free: capacity.saturating_sub(taken.enrolled),
            waiting: taken.waiting,
            last_sign_up: taken.last_sign_up,
            leave: cohort.terms.leave.clone(),
            starts_on: cohort.starts_on,
            agreement: group.agreement.map(|text| (text.version.clone(), text.since)),
        });
        self.newcomers.push(Vec::new());
        let index = self.plan.cohorts.len() - 1;
        self.targets.insert(slug.to_owned(), index);
        Ok(index)
    }

    /// An earlier row about the same address in the same cohort, and whether
    /// the name is the same too. Where no address is given, the name counts.
    fn seen_before(&mut self, cohort: usize, who: &SignUp) -> Option<(usize, bool)> {
        if who.said_to_be.is_some() {
            return None;
        }
        let fold = crate::domain::text::fold;
        let name = self.hash.hash_one((fold(&who.first_name), fold(&who.last_name)));
        let key = match &who.email {
            Some(email) => self.hash.hash_one((cohort, email.key())),
            None => self.hash.hash_one((cohort, name)),
        };
        match self.seen.get(&key) {
            Some((earlier, of)) => Some((*earlier, *of == name)),
            None => {
                self.seen.insert(key, (self.plan.planned.len(), name));
                None
            }
        }
    }

    /// The kind of leave, where what a row says can be so at all.
    fn checked(
        &self,
        target: usize,
        sign_up: &SignUp,
    ) -> std::result::Result<Option<String>, String> {
        let target = &self.plan.cohorts[target];
        let leave = kind_of_leave(&target.leave, sign_up.leave.as_deref().unwrap_or_default())
            .map_err(|_| {
                let kinds = say::list(&target.leave);
                format!("`leave` is not one of the kinds in cohorts.toml: {kinds}")
            })?;
        if sign_up.signed_up.is_some_and(|at| at > self.basis.now + chrono::Days::new(1)) {
            return Err("`signed_up` is still to come".into());
        }
        let earliest = target.starts_on.checked_sub_months(chrono::Months::new(36));
        if sign_up.signed_up.zip(earliest).is_some_and(|(at, earliest)| at.date() < earliest) {
            let slug = &target.slug;
            return Err(format!("`signed_up` is more than 3 years before `{slug}` starts"));
        }
        Ok(leave)
    }

    /// What a row comes to, and whether an agreement of theirs can be recorded;
    /// or why it cannot be taken.
    fn judge(
        &mut self,
        line: u64,
        target: usize,
        sign_up: &SignUp,
        leave: Option<&str>,
    ) -> Result<std::result::Result<(What, bool), String>> {
        let store = &self.basis.office.store;
        let said = self.answers.of(line).cloned().or_else(|| {
            Some(match sign_up.said_to_be.as_ref()? {
                SaidToBe::Participant(code) => Is::Participant(code.clone()),
                SaidToBe::SomebodyNew => Is::SomebodyNew,
            })
        });
        let mut args = enroll::Args {
            first_name: Some(sign_up.first_name.clone()),
            last_name: Some(sign_up.last_name.clone()),
            email: sign_up.email.clone(),
            ..enroll::Args::default()
        };
        match said {
            None => {}
            Some(Is::LeftOut) => return Ok(Ok((What::LeftOut("left out by you"), false))),
            Some(Is::SomebodyNew) => args.new_person = true,
            Some(Is::Participant(code)) => match store.participant(&code)? {
                Some(_) => args.same_person = Some(code),
                None if store.erased_on(&code)?.is_some() => return Ok(Ok((What::Erased, false))),
                // A roster of other records: whoever had the code there has it here.
                None if self.basis.form.is_roster() => {}
                None => return Ok(Err(format!("nobody has the code `{code}`"))),
            },
        }
        match identify(store, &args)? {
            Identity::Unclear(people) => {
                let named: Vec<&str> = people.iter().map(|one| one.code.as_str()).collect();
                let why = format!(
                    "that address belongs to somebody of another name ({}); {WRITE_CODE}",
                    named.join(", ")
                );
                self.plan.unclear.push(Unclear {
                    line,
                    name: format!("{} {}", sign_up.first_name, sign_up.last_name),
                    people: people.into_iter().map(|one| one.code).collect(),
                });
                Ok(Err(why))
            }
            Identity::Known(known) => Ok(Ok(self.known(target, sign_up, leave, &known)?)),
            Identity::New { namesakes } => {
                if let Some(email) = &sign_up.email
                    && !args.new_person
                    && store.is_erased_address(email)?
                {
                    return Ok(Ok((What::Erased, false)));
                }
                self.new_or_nameless(target, sign_up, leave, &namesakes)
            }
        }
    }

    /// Somebody new, or, where a row has no address, perhaps not.
    fn new_or_nameless(
        &self,
        target: usize,
        sign_up: &SignUp,
        leave: Option<&str>,
        namesakes: &[Participant],
    ) -> Result<std::result::Result<(What, bool), String>> {
        if sign_up.email.is_none() && sign_up.said_to_be.is_none() {
            for one in namesakes {
                let Some((enrollment, _)) = self.enrollment(target, one)? else { continue };
                // The same answer, sent at the same second or at no time at all.
                if sign_up.signed_up.is_none_or(|at| at == enrollment.signed_up_at) {
                    return Ok(Ok(self.known(target, sign_up, leave, one)?));
                }
                return Ok(Err(format!(
                    "has no address, and {} of the same name is in `{}` already; {WRITE_CODE}",
                    one.code, self.plan.cohorts[target].slug
                )));
            }
        }
        let namesakes = namesakes.iter().map(|one| one.code.clone()).collect();
        Ok(Ok((What::New(namesakes), true)))
    }

    fn enrollment(&self, target: usize, who: &Participant) -> Result<Option<(Enrollment, bool)>> {
        let office = self.basis.office;
        let cohort = office.definitions.program.cohort(&self.plan.cohorts[target].slug);
        match cohort {
            Some(cohort) => Ok(office.store.enrollment_in(who.id, &cohort.id)?),
            None => Ok(None),
        }
    }

    fn known(
        &self,
        target: usize,
        sign_up: &SignUp,
        leave: Option<&str>,
        known: &Participant,
    ) -> Result<(What, bool)> {
        let code = known.code.clone();
        let Some((enrollment, decided)) = self.enrollment(target, known)? else {
            let differs = differences(sign_up, None, known, None);
            return Ok((What::Known(Box::new((code, differs))), true));
        };
        if enrollment.status != Status::Withdrawn {
            let differs = differences(sign_up, leave, known, Some(&enrollment));
            let already = What::Already(Box::new((code, enrollment.status, differs)));
            return Ok((already, !decided));
        }
        // Only a form that was sent after they left asks for a place once more.
        let left = enrollment.withdrawn_on.unwrap_or(NaiveDate::MAX);
        let again = sign_up.signed_up.is_some_and(|at| at.date() > left);
        let code = Box::new(code);
        Ok(if again { (What::Back(code), !decided) } else { (What::Withdrew(code), false) })
    }

    /// Gives the free places to whoever signed up first, unless somebody waits
    /// already; all others wait.
    fn give_places(&mut self) {
        for (target, newcomers) in self.plan.cohorts.iter().zip(&mut self.newcomers) {
            newcomers.sort_unstable();
            let free = if target.waiting == 0 { target.free } else { 0 };
            for (_, position) in newcomers.iter().take(free) {
                self.plan.planned[*position].seat = Seat::Place;
            }
        }
        let mut waiting: Vec<usize> = self.plan.cohorts.iter().map(|c| c.waiting).collect();
        let mut in_line: Vec<(usize, NaiveDateTime, usize)> = Vec::new();
        for (cohort, newcomers) in self.newcomers.iter().enumerate() {
            in_line.extend(newcomers.iter().map(|(at, position)| (cohort, *at, *position)));
        }
        for (cohort, _, position) in in_line {
            let planned = &mut self.plan.planned[position];
            if planned.seat == Seat::None {
                waiting[cohort] += 1;
                planned.seat = Seat::InLine(u32::try_from(waiting[cohort]).unwrap_or(u32::MAX));
            }
        }
        // Whoever waited in the roster that this is waits here too.
        for planned in &mut self.plan.planned {
            if planned.what.signs_up() && planned.seat == Seat::None {
                waiting[planned.cohort] += 1;
                let turn = u32::try_from(waiting[planned.cohort]).unwrap_or(u32::MAX);
                planned.seat = Seat::InLine(turn);
            }
        }
    }
}

const WRITE_CODE: &str = "say who it is in a column `code`: the code of that person, or `new`";

/// What a row says differently from what is known.
fn differences(
    sign_up: &SignUp,
    leave: Option<&str>,
    known: &Participant,
    enrollment: Option<&Enrollment>,
) -> Vec<&'static str> {
    let differs = |given: Option<&str>, kept: Option<&str>| given.is_some() && given != kept;
    let mut found = Vec::new();
    if !known.has_name(&sign_up.first_name, &sign_up.last_name) {
        found.push("name");
    }
    let goes_by = sign_up.goes_by.as_deref().filter(|name| *name != known.call_name());
    if goes_by.is_some() {
        found.push("name to go by");
    }
    if differs(sign_up.phone.as_deref(), known.phone.as_deref()) {
        found.push("phone number");
    }
    let current = known.email.as_ref().map(|email| email.to_lowercase());
    if sign_up.email.as_ref().is_some_and(|email| Some(email.key()) != current) {
        found.push("address");
    }
    if let Some(kept) = enrollment {
        for (what, given, kept) in [
            (Field::Leave, leave, &kept.leave),
            (Field::Site, sign_up.site.as_deref(), &kept.site),
            (Field::Residency, sign_up.residency.as_deref(), &kept.residency),
        ] {
            if differs(given, kept.as_deref()) {
                found.push(crate::domain::words::Word::word(what));
            }
        }
    }
    found
}

//! Each row that is taken: whoever is new goes in with others who are, all else
//! one by one.

use std::collections::HashSet;
use std::rc::Rc;

use super::told::Done;
use super::{Writing, changed};
use crate::command::consent::refuse_edited_agreement;
use crate::command::enroll::{self, Identity, add_participant, identify, update_known};
use crate::command::import::plan::{Planned, Seat, What, agreed_on};
use crate::context::Desk;
use crate::domain::codes::Codes;
use crate::domain::consent::{Consent, Decision, Method};
use crate::domain::enrollment::Enrollment;
use crate::domain::participant::{Code, Email, Participant};
use crate::domain::program::Cohort;
use crate::domain::sign_up::{Field, SaidToBe, SignUp, kind_of_leave};
use crate::error::{Error, Result};
use crate::store::{Newcomer, Supports};

/// So many newcomers are put in together.
const TOGETHER: usize = 256;

/// Takes the rows one after the other.
pub(super) struct Taken<'t, 'd> {
    writing: &'t Writing<'t>,
    desk: &'t mut Desk<'d>,
    /// Where people sign up, like the plan's cohorts.
    targets: Vec<Target<'d>>,
    /// Whether an earlier row may be about the same person and the plan does not
    /// say so: one that is about another cohort, or says itself who it is about.
    addresses_repeat: bool,
    /// Those who are about to be put in.
    newcomers: Vec<Newcomer>,
    /// Their addresses, where one may come again.
    addresses: HashSet<String>,
    /// Codes that are taken, and whether these are all.
    codes: Codes,
    knows_all_codes: bool,
    done: Done,
}

/// A cohort that people sign up for.
struct Target<'d> {
    cohort: &'d Cohort,
    /// Its row, once there is one.
    row: Option<i64>,
    /// The row of the agreement and its version, once a consent was recorded.
    agreement: Option<(i64, Rc<str>)>,
}

impl<'t, 'd> Taken<'t, 'd> {
    pub(super) fn begin(writing: &'t Writing<'t>, desk: &'t mut Desk<'d>) -> Result<Self> {
        let program = &desk.definitions.program;
        let targets = writing.plan.cohorts.iter().map(|target| {
            let cohort = program.cohort(&target.slug).ok_or_else(|| {
                Error::refused(format!("`{}` is not in cohorts.toml any more", target.slug))
            })?;
            Ok(Target { cohort, row: None, agreement: None })
        });
        let targets: Vec<Target<'_>> = targets.collect::<Result<_>>()?;
        let addresses_repeat = targets.len() > 1 || writing.form.has(Field::Code);
        desk.store.expect_newcomers()?;
        let mut done = Done::default();
        desk.store.each_support(Supports::Open, |support| -> Result<()> {
            done.ask_for_support.insert(support.participant.id);
            Ok(())
        })?;
        let mut codes = Codes::default();
        let knows_all_codes = desk.store.note_codes(&mut codes, writing.plan.signing_up())?;
        Ok(Self {
            writing,
            desk,
            targets,
            addresses_repeat,
            newcomers: Vec::with_capacity(TOGETHER),
            addresses: HashSet::new(),
            codes,
            knows_all_codes,
            done,
        })
    }

    pub(super) fn take(&mut self, sign_up: SignUp, planned: &Planned) -> Result<()> {
        let agrees = planned.agrees && self.writing.consents;
        let is_again = matches!(planned.what, What::Again(_));
        if !planned.what.signs_up() && !agrees && !is_again {
            return Ok(());
        }
        if self.is_certainly_new(&sign_up, planned)? {
            return self.add_newcomer(sign_up, planned);
        }
        // What is known of others may depend on those who wait to be put in.
        self.put_in()?;
        let enrollment = match planned.what.signs_up() {
            true => self.sign_up(&sign_up, planned)?,
            false => self.answered_again(&sign_up, planned)?,
        };
        if let (Some(enrollment), true) = (enrollment, agrees) {
            let (agreement, consent) = self.consent(&sign_up, planned)?;
            self.desk.store.add_consent(enrollment, agreement, &consent)?;
            self.done.agreed += 1;
        }
        Ok(self.desk.store.log_newcomers()?)
    }

    pub(super) fn finish(mut self) -> Result<Done> {
        self.put_in()?;
        Ok(self.done)
    }

    /// Whether a row is about somebody whom no other row and no record knows.
    fn is_certainly_new(&self, sign_up: &SignUp, planned: &Planned) -> Result<bool> {
        if !matches!(planned.what, What::New(_)) {
            return Ok(false);
        }
        match (&sign_up.said_to_be, &sign_up.email) {
            // A roster of other records: they keep their code.
            (Some(SaidToBe::Participant(_)), _) => Ok(false),
            (Some(SaidToBe::SomebodyNew), _) | (None, None) => Ok(true),
            // An earlier row, about another cohort, may have been the first of theirs;
            // what else may be known of an address, the plan has asked.
            (None, Some(email)) => Ok(!self.addresses_repeat
                || !self.addresses.contains(&email.key())
                    && !self.desk.store.is_known_address(email)?),
        }
    }

    fn add_newcomer(&mut self, sign_up: SignUp, planned: &Planned) -> Result<()> {
        let code = self.free_code()?;
        self.note(planned, &code);
        let consent = match planned.agrees && self.writing.consents {
            true => Some(self.consent(&sign_up, planned)?),
            false => None,
        };
        self.done.agreed += usize::from(consent.is_some());
        let cohort = self.cohort_row(planned)?;
        let leave = self.leave(&sign_up, planned);
        let args = self.details(sign_up);
        let enrollment = self.enrollment(None, leave, &args, planned);
        if self.addresses_repeat {
            self.addresses.extend(args.email.as_ref().map(Email::key));
        }
        let participant = enroll::new_to_records(args, code);
        self.done.unaddressed += usize::from(participant.email.is_none());
        self.newcomers.push(Newcomer { participant, cohort, enrollment, consent });
        if self.newcomers.len() == TOGETHER {
            self.put_in()?;
        }
        Ok(())
    }

    /// Puts the newcomers in, and notes who has the name of somebody before them.
    fn put_in(&mut self) -> Result<()> {
        if !self.newcomers.is_empty() {
            self.done.namesakes.extend(self.desk.store.add_newcomers(&self.newcomers)?);
            self.newcomers.clear();
            self.addresses.clear();
        }
        Ok(())
    }

    /// Signs up whoever a row is about, and gives the enrollment.
    fn sign_up(&mut self, sign_up: &SignUp, planned: &Planned) -> Result<Option<i64>> {
        let args = self.details(sign_up.clone());
        let who = self.who(&args, sign_up, planned)?;
        self.done.asked_before += usize::from(self.done.ask_for_support.contains(&who.id));
        self.done.unaddressed += usize::from(who.email.is_none());
        let cohort = self.targets[planned.cohort()].cohort;
        let old = self.desk.store.enrollment_in(who.id, &cohort.id)?;
        let leave = self.leave(sign_up, planned);
        let new = self.enrollment(old.as_ref(), leave, &args, planned);
        self.note(planned, &who.code);
        Ok(Some(match old {
            Some(old) => {
                self.desk.store.update_enrollment(&new)?;
                old.id
            }
            None => self.desk.store.add_enrollment(who.id, &cohort.id, &new)?,
        }))
    }

    /// Takes what was answered later of somebody who has signed up; gives their
    /// enrollment, where they have.
    fn answered_again(&mut self, sign_up: &SignUp, planned: &Planned) -> Result<Option<i64>> {
        let first = match planned.what {
            What::Again(first) => &self.writing.plan.planned[first],
            _ => planned,
        };
        let code = match &first.what {
            What::Already(already) => Some(&already.0),
            _ => self.done.codes.get(&first.line()),
        };
        let Some(code) = code else { return Ok(None) };
        let store = self.desk.store;
        let is_gone = || changed(self.writing.source);
        let who = store.participant(code)?.ok_or_else(is_gone)?;
        let cohort = self.targets[planned.cohort()].cohort;
        let there = store.enrollment_in(who.id, &cohort.id)?.ok_or_else(is_gone)?;
        // Of who was there before, nothing but the consent is taken.
        if first.what.signs_up() {
            let args = self.details(sign_up.clone());
            drop(update_known(store, &args, &who)?);
            let later = Enrollment {
                leave: self.leave(sign_up, planned).or_else(|| there.leave.clone()),
                site: args.site.or_else(|| there.site.clone()),
                residency: args.residency.or_else(|| there.residency.clone()),
                ..there.clone()
            };
            if later != there {
                store.update_enrollment(&later)?;
            }
        }
        Ok(Some(there.id))
    }

    /// Who a row is about, added or brought up to date.
    fn who(
        &mut self,
        args: &enroll::Args,
        sign_up: &SignUp,
        planned: &Planned,
    ) -> Result<Participant> {
        let store = self.desk.store;
        let known = match (&planned.what, &sign_up.said_to_be) {
            (What::Known(known), _) => Some(&known.0),
            (What::Back(code), _) => Some(&**code),
            // A roster of other records: they keep their code.
            (_, Some(SaidToBe::Participant(code))) => Some(code),
            _ => None,
        };
        if let Some(code) = known
            && let Some(known) = store.participant(code)?
        {
            let (who, notes) = update_known(store, args, &known)?;
            drop(notes);
            return Ok(who);
        }
        let new = enroll::Args {
            new_person: sign_up.said_to_be == Some(SaidToBe::SomebodyNew),
            ..args.clone()
        };
        let namesakes = match identify(store, &new)? {
            Identity::Known(known) => return Ok(known),
            Identity::New { namesakes } => namesakes,
            Identity::Unclear(people) => people,
        };
        let code = match known {
            Some(code) if store.is_free(code)? => code.clone(),
            _ => self.free_code()?,
        };
        self.codes.insert(&code);
        if let Some(one) = namesakes.first() {
            self.done.namesakes.push((code.clone(), one.code.clone()));
        }
        add_participant(store, args, code)
    }

    fn free_code(&mut self) -> Result<Code> {
        loop {
            let code = Code::draw(self.desk.random);
            if self.codes.insert(&code)
                && (self.knows_all_codes || self.desk.store.is_free(&code)?)
            {
                return Ok(code);
            }
        }
    }

    fn enrollment(
        &self,
        old: Option<&Enrollment>,
        leave: Option<String>,
        args: &enroll::Args,
        planned: &Planned,
    ) -> Enrollment {
        let target = &self.writing.plan.cohorts[planned.cohort()];
        let joins = (planned.seat == Seat::PLACE).then_some(target.joins);
        let line = (self.desk.now, target.last_sign_up);
        enroll::enrollment(old, args, leave, joins, line)
    }

    fn leave(&self, sign_up: &SignUp, planned: &Planned) -> Option<String> {
        let kinds = &self.targets[planned.cohort()].cohort.terms.leave;
        kind_of_leave(kinds, sign_up.leave.as_deref()?).unwrap_or_default()
    }

    /// Notes that somebody signed up.
    fn note(&mut self, planned: &Planned, code: &Code) {
        match planned.seat {
            Seat::PLACE => self.done.enrolled += 1,
            _ => self.done.waiting += 1,
        }
        let (plan, line) = (self.writing.plan, planned.line());
        if plan.repeated.contains(&line) || plan.declining.contains_key(&line) {
            self.done.codes.insert(line, code.clone());
        }
    }

    /// The row of the cohort that a row of the form is for.
    fn cohort_row(&mut self, planned: &Planned) -> Result<i64> {
        let target = &mut self.targets[planned.cohort()];
        if let Some(row) = target.row {
            return Ok(row);
        }
        let row = self.desk.store.ensure_cohort_row(&target.cohort.id)?;
        target.row = Some(row);
        Ok(row)
    }

    /// What somebody agreed to, with the row of the agreement.
    fn consent(&mut self, sign_up: &SignUp, planned: &Planned) -> Result<(i64, Consent)> {
        let target = &mut self.targets[planned.cohort()];
        let (row, version) = match &target.agreement {
            Some(kept) => kept,
            None => target.agreement.insert(keep_agreement(self.desk, target.cohort)?),
        };
        let consent = Consent {
            decision: Decision::Agreed,
            decided_on: agreed_on(sign_up, self.desk.today()),
            method: Some(Method::Form),
            version: Rc::clone(version),
        };
        Ok((*row, consent))
    }

    /// An answer as `enroll` takes it.
    fn details(&self, sign_up: SignUp) -> enroll::Args {
        enroll::Args {
            first_name: Some(sign_up.first_name),
            last_name: Some(sign_up.last_name),
            goes_by: sign_up.goes_by,
            email: sign_up.email,
            phone: sign_up.phone,
            residency: sign_up.residency,
            site: sign_up.site,
            // A form's clock may be ahead of this one.
            signed_up: sign_up.signed_up.map(|at| at.min(self.desk.now)),
            ..enroll::Args::default()
        }
    }
}

/// The row and the version of the agreement that a cohort needs.
fn keep_agreement(desk: &Desk<'_>, cohort: &Cohort) -> Result<(i64, Rc<str>)> {
    let group = desk.store.group_without_people(&desk.definitions.program, cohort)?;
    let Some(agreement) = group.agreement else {
        let id = &cohort.id;
        return Err(Error::refused(format!("no agreement is in force when `{id}` starts")));
    };
    refuse_edited_agreement(desk.store, group.agreement)?;
    Ok((desk.store.keep_agreement(agreement)?, agreement.version.as_str().into()))
}

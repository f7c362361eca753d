//! What a row comes to: whether it can be taken at all, and whom it is about.

use chrono::{NaiveDate, NaiveDateTime};

use super::past::Past;
use super::{Namesakes, Planner, Unclear, What};
use crate::command::enroll::{self, Identity};
use crate::command::import::ask::Is;
use crate::domain::enrollment::{Enrollment, Status};
use crate::domain::participant::{Code, Participant};
use crate::domain::sign_up::{Answer, Field, SaidToBe, SignUp, kind_of_leave};
use crate::error::Result;
use crate::output::words as say;

impl Planner<'_> {
    /// The kind of leave, where what a row says can be so at all.
    pub(super) fn checked(
        &self,
        target: usize,
        sign_up: &SignUp,
    ) -> std::result::Result<Option<String>, String> {
        let target = &self.plan.cohorts[target];
        let called = |field| self.basis.form.called(field);
        let leave = kind_of_leave(&target.leave, sign_up.leave.as_deref().unwrap_or_default())
            .map_err(|_| {
                let (called, kinds) = (called(Field::Leave), say::list(&target.leave));
                format!("{called} is not one of the kinds in cohorts.toml: {kinds}")
            })?;
        let agreed = sign_up.agreed.and_then(Answer::day).map(NaiveDateTime::from);
        for (field, at) in [(Field::SignedUp, sign_up.signed_up), (Field::Agreed, agreed)] {
            if let Some(at) = at.filter(|at| *at > self.basis.now + chrono::Days::new(1)) {
                return Err(format!("{} is still to come: {}", called(field), at.date()));
            }
        }
        let earliest = target.starts_on.checked_sub_months(chrono::Months::new(36));
        if sign_up.signed_up.zip(earliest).is_some_and(|(at, earliest)| at.date() < earliest) {
            let (called, slug) = (called(Field::SignedUp), &target.slug);
            return Err(format!("{called} is more than 3 years before `{slug}` starts"));
        }
        Ok(leave)
    }

    /// What a row comes to, and what is known of whom it is about; or why it cannot be
    /// taken.
    pub(super) fn judge(
        &mut self,
        line: u64,
        target: usize,
        sign_up: &SignUp,
        leave: Option<&str>,
    ) -> Result<std::result::Result<(What, Past), String>> {
        let store = &self.basis.office.store;
        let said = self.answers.of(line).cloned().or_else(|| {
            Some(match sign_up.said_to_be.as_ref()? {
                SaidToBe::Participant(code) => Is::Participant(code.clone()),
                SaidToBe::SomebodyNew => Is::SomebodyNew,
            })
        });
        let is_new = matches!(said, Some(Is::SomebodyNew));
        if let Some(Is::LeftOut) = said {
            return Ok(Ok((self.left_out("left out by you"), Past::default())));
        }
        if let Some(Is::Participant(code)) = said {
            match store.participant(&code)? {
                Some(known) => return Ok(Ok(self.known(target, sign_up, leave, &known)?)),
                None if store.erased_on(&code)?.is_some() => {
                    return Ok(Ok((What::Erased, Past::default())));
                }
                // A roster of other records: whoever had the code there has it here.
                None if self.basis.form.is_roster() => {}
                None => return Ok(Err(format!("nobody has the code `{code}`"))),
            }
        }
        if self.all_new {
            return self.new_or_nameless(target, sign_up, leave, &[]);
        }
        let name = (&*sign_up.first_name, &*sign_up.last_name);
        match enroll::named(store, name, sign_up.email.as_ref(), is_new)? {
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
                    && !is_new
                    && store.is_erased_address(email)?
                {
                    return Ok(Ok((What::Erased, Past::default())));
                }
                self.new_or_nameless(target, sign_up, leave, &namesakes)
            }
        }
    }

    /// Somebody new, or, where a row has no address, perhaps not.
    fn new_or_nameless(
        &mut self,
        target: usize,
        sign_up: &SignUp,
        leave: Option<&str>,
        namesakes: &[Participant],
    ) -> Result<std::result::Result<(What, Past), String>> {
        if sign_up.email.is_none() && sign_up.said_to_be.is_none() {
            let mut there = Vec::new();
            for one in namesakes {
                if let Some(enrollment) = self.enrollment(target, one)? {
                    there.push((one, enrollment));
                } else if let Some(at) = sign_up.signed_up {
                    let earlier = self.earlier(target, one)?;
                    if let Some(earlier) = earlier.iter().find(|one| one.signed_up_at == at) {
                        let what = What::for_earlier(&one.code, earlier, at);
                        return Ok(Ok((what, Past::default())));
                    }
                }
            }
            // The same answer, sent at the same second or at no time at all.
            let sent = |at| sign_up.signed_up.is_none_or(|sent| sent == at);
            let same = there
                .iter()
                .filter(|(_, enrollment)| sent(enrollment.signed_up_at))
                .min_by_key(|(one, there)| differences(sign_up, leave, one, Some(there)).len());
            if let Some((one, _)) = same {
                return Ok(Ok(self.known(target, sign_up, leave, one)?));
            }
            if let Some((one, _)) = there.first() {
                return Ok(Err(format!(
                    "has no address, and {} of the same name is in `{}` already; {WRITE_CODE}",
                    one.code, self.plan.cohorts[target].slug
                )));
            }
        }
        let codes: Vec<Code> = namesakes.iter().map(|one| one.code.clone()).collect();
        let namesakes = (!codes.is_empty()).then(|| Box::new(Namesakes(codes)));
        Ok(Ok((What::New(namesakes), Past::default())))
    }

    pub(super) fn enrollment(
        &self,
        target: usize,
        who: &Participant,
    ) -> Result<Option<Enrollment>> {
        let office = self.basis.office;
        let cohort = office.definitions.program.cohort(&self.plan.cohorts[target].slug);
        match cohort {
            Some(cohort) => Ok(office.store.enrollment_in(who.id, &cohort.id)?),
            None => Ok(None),
        }
    }

    fn known(
        &mut self,
        target: usize,
        sign_up: &SignUp,
        leave: Option<&str>,
        known: &Participant,
    ) -> Result<(What, Past)> {
        let code = known.code.clone();
        let (enrollment, past) = self.past(target, sign_up, known)?;
        let Some(enrollment) = enrollment else {
            let at = sign_up.signed_up;
            if let Some((at, earlier)) = at.zip(past.answered_for(at)) {
                return Ok((What::for_earlier(&code, earlier, at), past));
            }
            let differs = differences(sign_up, None, known, None);
            return Ok((What::Known(Box::new((code, differs))), past));
        };
        if enrollment.status != Status::Withdrawn {
            let differs = differences(sign_up, leave, known, Some(&enrollment));
            return Ok((What::Already(Box::new((code, enrollment.status, differs))), past));
        }
        // Only a form that was sent after they left asks for a place once more.
        let left = enrollment.withdrawn_on.unwrap_or(NaiveDate::MAX);
        let again = sign_up.signed_up.is_some_and(|at| at.date() > left);
        let code = Box::new(code);
        Ok((if again { What::Back(code) } else { What::Withdrew(code) }, past))
    }
}

pub(super) const WRITE_CODE: &str =
    "say who it is in a column `code`: the code of that person, or `new`";

/// Without an address, a correction looks as somebody else of the same name does.
pub(super) fn says_otherwise(line: u64) -> String {
    format!(
        "has no address, and says otherwise than line {line} of the same name; if it is \
         somebody else, write `new` into a column `code`, and if not, take out the line \
         that does not count"
    )
}

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

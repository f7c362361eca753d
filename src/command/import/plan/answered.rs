//! What somebody answered about the agreement, and those who answer twice.

use chrono::NaiveDate;

use super::{Planner, What};
use crate::domain::consent::is_before_text;
use crate::domain::sign_up::{Answer, SignUp};

/// Why an answer about the agreement is not one to be recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::command::import) enum About {
    Nothing,
    SaysNo,
    /// They agreed before the text was in force.
    BeforeText,
    /// They agreed in another cohort.
    Elsewhere,
}

impl Planner<'_> {
    /// One more answer of somebody: the later one counts, and above all its no.
    pub(super) fn add_again(&mut self, line: u64, first: usize, target: usize, sign_up: &SignUp) {
        let last = self.last.get(&first).copied().unwrap_or(first);
        let (before, undecided) = (self.signed_up[last], self.plan.planned[first].undecided);
        let is_later = sign_up.signed_up.zip(before).is_none_or(|(at, before)| at >= before);
        let first_line = self.plan.planned[first].line();
        let what = match &self.plan.planned[first].what {
            What::Erased => What::Erased,
            what if is_later && (what.signs_up() || matches!(what, What::Already(_))) => {
                What::Again(first)
            }
            _ => What::Twice(first_line),
        };
        if !matches!(what, What::Again(_)) {
            self.push(line, Some((sign_up, target)), what);
            return;
        }
        let (agrees, about) = match self.agreement(target, sign_up, undecided) {
            Ok(agreement) => agreement,
            Err(why) => {
                self.refuse(line, why);
                return;
            }
        };
        let position = self.plan.planned.len();
        self.push(line, Some((sign_up, target)), what);
        self.plan.planned[position].about = about;
        self.plan.repeated.insert(first_line);
        self.last.insert(first, position);
        if sign_up.agreed.is_some() {
            let before = std::mem::replace(&mut self.plan.planned[last].agrees, false);
            self.plan.agreeing = self.plan.agreeing + usize::from(agrees) - usize::from(before);
            self.plan.planned[position].agrees = agrees;
        }
    }

    /// Whether an agreement is to be recorded, and if not, why; or why the row
    /// cannot be taken.
    pub(super) fn agreement(
        &self,
        target: usize,
        sign_up: &SignUp,
        undecided: bool,
    ) -> std::result::Result<(bool, About), String> {
        let target = &self.plan.cohorts[target];
        match sign_up.agreed {
            // In our rosters, NO is who has not agreed yet.
            Some(Answer::No) if !self.basis.form.is_roster() => Ok((false, About::SaysNo)),
            Some(Answer::Yes(_)) if undecided => {
                if sign_up.cohort.as_ref().is_some_and(|cohort| *cohort != target.slug) {
                    return Ok((false, About::Elsewhere));
                }
                let today = self.basis.now.date();
                let on = agreed_on(sign_up, today);
                let too_early = |since: NaiveDate| is_before_text(on, since, today);
                match target.agreement.as_ref().filter(|(_, since)| too_early(*since)) {
                    Some((version, since)) if self.basis.consents => Err(format!(
                        "agreed on {on}, before version `{version}` of the agreement was in \
                         force, on {since}"
                    )),
                    Some(_) => Ok((false, About::BeforeText)),
                    None => Ok((true, About::Nothing)),
                }
            }
            _ => Ok((false, About::Nothing)),
        }
    }
}

/// The day on which somebody agreed: the form's own, else that of their answer.
pub(in crate::command::import) fn agreed_on(sign_up: &SignUp, today: NaiveDate) -> NaiveDate {
    let said = match sign_up.agreed {
        Some(Answer::Yes(on)) => on,
        _ => None,
    };
    said.or(sign_up.signed_up.map(|at| at.date())).unwrap_or(today).min(today)
}

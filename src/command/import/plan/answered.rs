//! What somebody answered about the agreement, and those who answer twice.

use std::cmp::Ordering;
use std::hash::BuildHasher;

use chrono::NaiveDate;
use hashbrown::hash_table::Entry as Slot;

use super::past::{Past, agreed_at};
use super::{JudgedBy, Planner, Text, What, small};
use crate::domain::consent::Decision;
use crate::domain::sign_up::{Answer, SignUp};
use crate::domain::text::fold;
use crate::error::Result;

/// Why an answer about the agreement is not one to be recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::command::import) enum About {
    Nothing,
    /// They say no, which is that decision.
    SaysNo(Decision),
    /// They agreed before the text was in force.
    BeforeText,
    /// They agreed in another cohort.
    Elsewhere,
    /// They agreed when they were in an earlier cohort.
    Earlier,
    /// They agreed at no known time, perhaps when they were in an earlier cohort.
    PerhapsEarlier,
    /// They agreed at no known time or on the day on which they said no, perhaps
    /// before that.
    PerhapsBeforeNo,
    /// They agreed at no known time or on the day on which they agreed to an earlier
    /// text, perhaps to that.
    PerhapsEarlierText,
}

impl Planner<'_> {
    /// An earlier row about the same address in the same cohort, and whether the name
    /// is the same too; without an address, about the same name, and whether all else
    /// is the same but the time.
    pub(super) fn seen_before(&mut self, cohort: usize, who: &SignUp) -> Option<(usize, bool)> {
        if who.said_to_be.is_some() {
            return None;
        }
        let hash = &self.hash;
        let name = (fold(&who.first_name), fold(&who.last_name));
        let (key, rest) = match &who.email {
            Some(email) => (hash.hash_one((cohort, email.key())), hash.hash_one(name)),
            None => {
                let SignUp { goes_by, phone, residency, site, leave, agreed, .. } = who;
                let rest = (goes_by, phone, residency, site, leave, agreed);
                (hash.hash_one((cohort, name)), hash.hash_one(rest))
            }
        };
        let rest = small(rest >> 32);
        let judged_by = &mut self.judged_by;
        let slot = self.seen.entry(
            key,
            |at| judged_by[*at as usize].key == key,
            |at| judged_by[*at as usize].key,
        );
        match slot {
            Slot::Occupied(slot) => {
                let earlier = &judged_by[*slot.get() as usize];
                Some((earlier.position as usize, earlier.rest == rest))
            }
            Slot::Vacant(slot) => {
                slot.insert(small(judged_by.len()));
                let position = small(self.plan.planned.len());
                judged_by.push(JudgedBy { key, rest, position });
                None
            }
        }
    }

    /// One more answer of somebody: the later one counts, and above all its no.
    pub(super) fn add_again(
        &mut self,
        line: u64,
        first: usize,
        target: usize,
        sign_up: &SignUp,
    ) -> Result<()> {
        let last = self.last.get(&first).copied().unwrap_or(first);
        let before = self.signed_up[last];
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
            return Ok(());
        }
        let past = match sign_up.agreed {
            Some(_) => self.past_of(first, sign_up)?,
            None => Past::default(),
        };
        let (agrees, about) = match self.agreement(target, sign_up, &past) {
            Ok(agreement) => agreement,
            Err(why) => {
                self.refuse(line, why);
                return Ok(());
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
            match about {
                About::SaysNo(decision) => self.plan.declining.insert(first_line, decision),
                _ => self.plan.declining.remove(&first_line),
            };
        }
        Ok(())
    }

    /// Whether an agreement is to be recorded, and if not, why; or why the row
    /// cannot be taken.
    pub(super) fn agreement(
        &self,
        target: usize,
        sign_up: &SignUp,
        past: &Past,
    ) -> std::result::Result<(bool, About), String> {
        let target = &self.plan.cohorts[target];
        let at = agreed_at(sign_up);
        let not = |about| Ok((false, about));
        match sign_up.agreed {
            // In our rosters, NO is who has not agreed yet.
            Some(Answer::No) if !self.basis.form.is_roster() => {
                let is_old = at.is_some() && past.answered_for(at).is_some();
                let stands = past.decided.as_ref().is_none_or(|last| {
                    last.decision == Decision::Agreed
                        && at.is_none_or(|at| at.date() >= last.decided_on)
                });
                // Whoever agreed to this text takes it back.
                let decision = match &past.decided {
                    Some(last) if target.is_agreed_to_by(last) => Decision::Withdrawn,
                    _ => Decision::Declined,
                };
                not(if stands && !is_old { About::SaysNo(decision) } else { About::Nothing })
            }
            Some(Answer::Yes(_)) => {
                if sign_up.cohort.as_ref().is_some_and(|cohort| *cohort != target.slug) {
                    return not(match past.decided {
                        None => About::Elsewhere,
                        Some(_) => About::Nothing,
                    });
                }
                let on = agreed_on(sign_up, self.basis.now.date());
                let too_early = target.agreement.as_ref().filter(|text| on < text.first_agreed_on);
                if let Some(last) = &past.decided {
                    let agreed = last.decision == Decision::Agreed;
                    if target.is_agreed_to_by(last) {
                        return not(About::Nothing);
                    }
                    // Of the earlier text, this yes was right.
                    if agreed && too_early.is_some() {
                        return not(About::BeforeText);
                    }
                    match at.map(|at| at.date().cmp(&last.decided_on)) {
                        Some(Ordering::Greater) => {}
                        // The same file again must not undo a no that came after it.
                        Some(Ordering::Less) => return not(About::Nothing),
                        _ if agreed => return not(About::PerhapsEarlierText),
                        _ => return not(About::PerhapsBeforeNo),
                    }
                }
                if past.answered_for(at).is_some() {
                    let is_known = at.is_some();
                    return not(if is_known { About::Earlier } else { About::PerhapsEarlier });
                }
                match too_early {
                    Some(text) if self.basis.consents => Err(agreed_before(text, on)),
                    Some(_) => Ok((false, About::BeforeText)),
                    None => Ok((true, About::Nothing)),
                }
            }
            _ => Ok((false, About::Nothing)),
        }
    }
}

/// Why nobody can have agreed to a text on a day.
fn agreed_before(text: &Text, on: NaiveDate) -> String {
    let Text { version, since, first_agreed_on } = text;
    match first_agreed_on < since {
        false => format!(
            "agreed on {on}, before version `{version}` of the agreement was in force, on {since}"
        ),
        true => format!(
            "agreed on {on}, and nothing tells that version `{version}` of the agreement was \
             there before {first_agreed_on}; if it was sent out earlier, write that day as its \
             `since` in cohorts.toml"
        ),
    }
}

/// The day on which somebody agreed: the form's own, else that of their answer.
pub(in crate::command::import) fn agreed_on(sign_up: &SignUp, today: NaiveDate) -> NaiveDate {
    let said = sign_up.agreed.and_then(Answer::day);
    said.or(sign_up.signed_up.map(|at| at.date())).unwrap_or(today).min(today)
}

//! What somebody did before, which tells what an answer of theirs is worth: a form
//! has the answers of all quarters, and a later decision follows an earlier one.

use chrono::NaiveDateTime;

use super::{Planner, What};
use crate::domain::consent::Consent;
use crate::domain::enrollment::{Enrollment, Status};
use crate::domain::participant::{Code, Participant};
use crate::domain::sign_up::{Answer, SignUp};
use crate::error::Result;

/// What is known of somebody before an answer is looked at.
#[derive(Default)]
pub(super) struct Past {
    /// The earlier cohorts that they were in, the first one first.
    pub(super) earlier: Vec<Earlier>,
    /// What they decided last in this cohort, where the answer is about that.
    pub(super) decided: Option<Consent>,
}

/// An earlier cohort that somebody was in.
pub(super) struct Earlier {
    pub(super) cohort: String,
    pub(super) signed_up_at: NaiveDateTime,
    pub(super) begins: NaiveDateTime,
    /// Until when they answered for it: its last session, the end of joining for who
    /// waited, the day on which they withdrew.
    until: NaiveDateTime,
}

impl Past {
    /// The earlier cohort that an answer of that moment was for; of one that has
    /// none, any may be.
    pub(super) fn answered_for(&self, at: Option<NaiveDateTime>) -> Option<&Earlier> {
        self.earlier.iter().find(|one| at.is_none_or(|at| at <= one.until))
    }
}

/// An answer that was for an earlier cohort.
pub(in crate::command::import) struct ForEarlier {
    pub(in crate::command::import) code: Code,
    pub(in crate::command::import) cohort: String,
    /// Whether that had begun: then they may have meant this one all the same.
    pub(in crate::command::import) had_begun: bool,
}

impl What {
    pub(super) fn for_earlier(code: &Code, earlier: &Earlier, at: NaiveDateTime) -> Self {
        Self::ForEarlier(Box::new(ForEarlier {
            code: code.clone(),
            cohort: earlier.cohort.clone(),
            had_begun: at >= earlier.begins,
        }))
    }
}

/// When a cohort is.
#[derive(Clone, Copy)]
pub(super) struct Run {
    begins: NaiveDateTime,
    /// Until when somebody may join.
    joining_ends: NaiveDateTime,
    ends: NaiveDateTime,
}

impl Planner<'_> {
    /// The enrollment of somebody in a cohort, and what else has to be known of them
    /// to judge an answer.
    pub(super) fn past(
        &mut self,
        target: usize,
        sign_up: &SignUp,
        who: &Participant,
    ) -> Result<(Option<Enrollment>, Past)> {
        let enrollment = self.enrollment(target, who)?;
        let last = match (&enrollment, sign_up.agreed) {
            (Some(enrollment), Some(_)) => self.basis.office.store.last_consent(enrollment.id)?,
            _ => None,
        };
        let decided = last.map(|(_, last)| last);
        let has_agreed =
            decided.as_ref().is_some_and(|last| self.plan.cohorts[target].is_agreed_to_by(last));
        let matters = enrollment.is_none() || (sign_up.agreed.is_some() && !has_agreed);
        // A row that says itself which cohort it is of is not for another.
        let earlier = match matters && sign_up.cohort.is_none() {
            true => self.earlier(target, who)?,
            false => Vec::new(),
        };
        Ok((enrollment, Past { earlier, decided }))
    }

    /// The past of whom an earlier row of the plan is about.
    pub(super) fn past_of(&mut self, first: usize, sign_up: &SignUp) -> Result<Past> {
        let planned = &self.plan.planned[first];
        let (target, store) = (planned.cohort(), &self.basis.office.store);
        let known = match planned.what.code() {
            Some(code) => store.participant(code)?,
            None => None,
        };
        known.map_or(Ok(Past::default()), |who| Ok(self.past(target, sign_up, &who)?.1))
    }

    /// The cohorts before this one that somebody was in.
    pub(super) fn earlier(&mut self, target: usize, who: &Participant) -> Result<Vec<Earlier>> {
        let (office, target) = (self.basis.office, &self.plan.cohorts[target]);
        let starts_on = target.starts_on;
        if self.recorded.iter().all(|slug| *slug == target.slug) {
            return Ok(Vec::new());
        }
        let Some(cohort) = office.definitions.program.cohort(&target.slug) else {
            return Ok(Vec::new());
        };
        let mut earlier = Vec::new();
        for (cohort, theirs) in office.store.enrollments_elsewhere(who.id, &cohort.id)? {
            // Of a cohort that is gone, nothing tells but when they signed up.
            let signed_up_at = theirs.signed_up_at;
            let [begins, joining_ends, ends] = [signed_up_at; 3];
            let run = self.run(&cohort)?.unwrap_or(Run { begins, joining_ends, ends });
            if run.begins.date() >= starts_on {
                continue;
            }
            let left = theirs.withdrawn_on.and_then(|day| day.and_hms_opt(23, 59, 59));
            let until = match theirs.status {
                Status::Waitlisted => run.joining_ends,
                _ => left.map_or(run.ends, |left| left.min(run.ends)),
            };
            let begins = run.begins;
            earlier.push(Earlier { cohort, signed_up_at, begins, until });
        }
        earlier.sort_by_key(|one| one.begins);
        Ok(earlier)
    }

    /// Refuses a row, but for an answer for an earlier cohort: what was right for that
    /// one need not be so for this.
    pub(super) fn refuse_unless_earlier(
        &mut self,
        line: u64,
        target: usize,
        sign_up: &SignUp,
        why: String,
    ) -> Result<()> {
        let unclear = self.plan.unclear.len();
        match self.judge(line, target, sign_up, None)? {
            Ok((what @ What::ForEarlier(_), _)) => self.push(line, Some((sign_up, target)), what),
            _ => self.refuse(line, why),
        }
        // Who somebody is need not be asked of a row that is not taken.
        self.plan.unclear.truncate(unclear);
        Ok(())
    }

    /// When a cohort is; none of one that is not in cohorts.toml any more.
    fn run(&mut self, slug: &str) -> Result<Option<Run>> {
        if let Some(run) = self.runs.get(slug) {
            return Ok(*run);
        }
        let office = self.basis.office;
        let program = &office.definitions.program;
        let mut run = None;
        if let Some(cohort) = program.cohort(slug) {
            let group = office.store.group_without_people(program, cohort)?;
            let sessions = group.sessions();
            run = sessions.first().zip(sessions.last()).map(|(first, last)| Run {
                begins: first.begins(),
                joining_ends: group.joins_until().unwrap_or(last).ends(),
                ends: last.ends(),
            });
        }
        self.runs.insert(slug.to_owned(), run);
        Ok(run)
    }
}

/// When somebody agreed, where the form tells: on a day of its own, else when it was
/// sent.
pub(super) fn agreed_at(sign_up: &SignUp) -> Option<NaiveDateTime> {
    sign_up.agreed.and_then(Answer::day).map(NaiveDateTime::from).or(sign_up.signed_up)
}

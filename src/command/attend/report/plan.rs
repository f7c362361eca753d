//! What a report comes to: the marks, what differs from marks made by hand, and
//! what went against what was agreed.

mod others;

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use super::super::Said;
use super::super::sheet::refuse_mark;
use super::Kept;
use super::people::{Book, Is, Known};
use super::room::{InRoom, lines};
use crate::domain::attendance::Mark;
use crate::domain::consent::Decision;
use crate::domain::group::{Group, Member, Standing};
use crate::domain::incident::{Kind, NewIncident};
use crate::domain::participant::Code;
use crate::domain::period::Minutes;
use crate::domain::presence::{Presence, Rules};
use crate::domain::schedule::Session;
use crate::error::Result;
use crate::output::words;
use crate::store::Store;

/// What it is decided by.
pub(super) struct Basis<'b> {
    pub(super) group: &'b Group<'b>,
    pub(super) session: &'b Session,
    pub(super) rules: &'b Rules,
    /// The enrollments whose mark was made by hand.
    pub(super) by_hand: &'b HashSet<i64>,
    pub(super) file: &'b Path,
}

/// What becomes of marks made by hand that the report has otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hand {
    Asked,
    Stays,
    Replaced,
}

/// A mark made by hand, and what the report says instead.
pub(super) struct ByHand {
    pub(super) code: Code,
    pub(super) report: Mark,
}

pub(super) struct Plan {
    /// How long each member was in the room.
    pub(super) presences: BTreeMap<Code, Presence>,
    /// The marks to write.
    pub(super) said: Said,
    pub(super) by_hand: Vec<ByHand>,
    pub(super) facilitators: usize,
    pub(super) notes: Vec<String>,
    /// What is said loudly.
    pub(super) alarms: Vec<String>,
    /// What can be done about it, and by which command.
    pub(super) next: Vec<(String, String)>,
    incidents: Vec<(Kind, Option<i64>)>,
    names: Vec<(i64, String)>,
}

impl Plan {
    /// `said` is what the options say; it counts before the report.
    pub(super) fn make(basis: &Basis<'_>, room: &InRoom, known: &Known<'_>, said: Said) -> Self {
        let mut plan = Self {
            presences: presences(room, known),
            said,
            by_hand: Vec::new(),
            facilitators: 0,
            notes: Vec::new(),
            alarms: Vec::new(),
            next: Vec::new(),
            incidents: Vec::new(),
            names: known.names.clone(),
        };
        let left_out = || {
            known.are.iter().filter_map(|is| match is {
                Is::Unmatched(like) => Some(like),
                _ => None,
            })
        };
        let some_are_unmatched = left_out().next().is_some();
        let may_be_there: HashSet<i64> = left_out().flatten().map(|m| m.enrollment.id).collect();
        let mut staying = Vec::new();
        for member in &basis.group.members {
            let old = member.marks.get(&basis.session.week);
            let is_open =
                old.is_none() && basis.group.standing(member, basis.session) == Standing::Expected;
            // Whoever was there and is not seen may be one of those who match nobody.
            if !plan.is_settled(member) {
                if some_are_unmatched && old.is_some_and(|old| old.mark.was_there()) {
                    staying.push(member.participant.called());
                    continue;
                }
                if is_open && may_be_there.contains(&member.enrollment.id) {
                    plan.said.unmarked.insert(member.participant.code.clone());
                    continue;
                }
            }
            plan.member(basis, room, member);
        }
        if !staying.is_empty() {
            plan.notes.push(format!(
                "Recorded as there, and left so, since not everybody in the report is known: {}.",
                words::list(&staying)
            ));
        }
        plan.said = plan.said.complete();
        plan.others(basis, room, known);
        plan.two_under_one_name(room, known);
        if !room.recording.is_empty() {
            let what = "the session was recorded, or that was tried";
            let at = lines(&room.recording);
            plan.alarm(Kind::Recording, None, format!("{what}: its notice was answered ({at})"));
        }
        plan
    }

    fn alarm(&mut self, kind: Kind, about: Option<i64>, what: String) {
        self.alarms.push(what);
        if !self.incidents.contains(&(kind, about)) {
            self.incidents.push((kind, about));
        }
    }

    /// Whether somebody was seen in the room, or the options say their mark.
    fn is_settled(&self, member: &Member) -> bool {
        let code = &member.participant.code;
        let is_seen = self.presences.get(code).is_some_and(Presence::was_there);
        is_seen || self.said.marks.contains_key(code)
    }

    fn member(&mut self, basis: &Basis<'_>, room: &InRoom, member: &Member) {
        let Basis { group, session, .. } = basis;
        let code = &member.participant.code;
        let old = member.marks.get(&session.week);
        let presence = self.presences.get(code).filter(|presence| presence.was_there());
        let Some(presence) = presence else {
            // An excuse stands; whoever is not expected needs no mark.
            let is_marked = old.is_some_and(|old| old.mark != Mark::Excused);
            let is_open = old.is_none() && group.standing(member, session) == Standing::Expected;
            if (is_marked || is_open) && !self.said.marks.contains_key(code) {
                self.mark(basis, member, Mark::Absent);
            }
            return;
        };
        let (mark, minutes) = (presence.mark(basis.rules, room.window), presence.minutes());
        let let_in = old.is_some_and(|old| old.without_agreement.is_some())
            || self.said.without_agreement.contains_key(code);
        let called = member.participant.called();
        if refuse_mark(group, member, session, mark, false).is_some() {
            self.not_to_be_there(basis, member, minutes);
            if !let_in {
                return;
            }
        }
        if self.said.marks.contains_key(code) {
            return;
        }
        let is_by_hand = basis.by_hand.contains(&member.enrollment.id);
        if !is_by_hand && old.is_some_and(|old| old.mark == Mark::Excused) {
            self.notes.push(format!("{called} was excused and came after all."));
            self.said.marks.insert(code.clone(), mark);
            return;
        }
        self.mark(basis, member, mark);
    }

    /// Marks somebody, unless it is marked otherwise by hand.
    fn mark(&mut self, basis: &Basis<'_>, member: &Member, mark: Mark) {
        let code = member.participant.code.clone();
        let differs = member.marks.get(&basis.session.week).is_some_and(|old| old.mark != mark);
        if differs && basis.by_hand.contains(&member.enrollment.id) {
            self.by_hand.push(ByHand { code, report: mark });
        } else {
            self.said.marks.insert(code, mark);
        }
    }

    /// Somebody of the cohort was in the room who may not be.
    fn not_to_be_there(&mut self, basis: &Basis<'_>, member: &Member, minutes: Minutes) {
        let Basis { group, session, .. } = basis;
        let (called, id) = (member.participant.called(), &group.cohort.id);
        let about = Some(member.participant.id);
        let stands = match group.standing(member, session) {
            Standing::Waitlisted => Some("waits for a place"),
            Standing::NotYetJoined => Some("had not joined the group yet"),
            Standing::Withdrawn => Some("is not in the group any more"),
            _ => None,
        };
        let was_there = format!("{called} was in the room for {minutes} and");
        if let Some(stands) = stands {
            self.alarm(Kind::Stranger, about, format!("{was_there} {stands}"));
            return;
        }
        let stands = match group.said_no(member) {
            Some(Decision::Declined) => "has declined to agree",
            Some(Decision::Withdrawn) => "has taken the agreement back",
            _ => "has not agreed",
        };
        let code = &member.participant.code;
        let old = member.marks.get(&session.week).and_then(|old| old.without_agreement);
        if self.said.without_agreement.contains_key(code) || old.is_some() {
            self.alarm(Kind::NotAgreed, about, format!("{was_there} {stands}"));
        } else {
            self.alarm(Kind::NotAgreed, about, format!("{was_there} {stands}: not marked"));
            self.next.push((
                format!("{}, if let in all the same", member.participant.call_name()),
                format!(
                    "cohorts attend {id} --week {} --without-agreement {code} --reason REASON",
                    session.week
                ),
            ));
        }
    }

    /// Whether all that it gives is recorded so already. Whoever is not seen may
    /// be one of those who are not known, where there are such.
    pub(super) fn stands(
        &self,
        basis: &Basis<'_>,
        store: &Store,
        book: &Book<'_>,
        some_are_unknown: bool,
    ) -> Result<bool> {
        let Basis { group, session, .. } = basis;
        let is_so = |(code, mark): (&Code, &Mark)| {
            let old = group.member_with(code).and_then(|member| member.marks.get(&session.week));
            let may_be_there = some_are_unknown && *mark == Mark::Absent;
            let new_reason = self.said.without_agreement.get(code);
            old.is_some_and(|old| {
                (old.mark == *mark || (may_be_there && old.mark.was_there()))
                    && new_reason.is_none_or(|reason| old.without_agreement == Some(*reason))
            })
        };
        let by_hand = self.by_hand.iter().map(|one| (&one.code, &one.report));
        let marks_stand = self.said.marks.iter().chain(by_hand).all(is_so);
        let names_stand = self.names.iter().all(|(whose, name)| book.is_confirmed(name, *whose));
        if !(marks_stand && names_stand) {
            return Ok(false);
        }
        for (kind, participant) in &self.incidents {
            let like = NewIncident {
                week: Some(session.week),
                kind: *kind,
                participant: *participant,
                noted_on: session.date,
            };
            if store.incident_like(&group.cohort.id, &like)?.is_none() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// What is saved: the marks, with those of the report for those made by hand
    /// where they are to be replaced.
    pub(super) fn into_said(self, replace: bool, sha256: &str) -> Said {
        let mut said = self.said;
        if replace {
            said.marks.extend(self.by_hand.into_iter().map(|one| (one.code, one.report)));
        }
        let kept = Kept { sha256: sha256.to_owned(), incidents: self.incidents, names: self.names };
        Said { report: Some(kept), ..said }
    }
}

/// How long each member was in the room, under whatever names.
fn presences(room: &InRoom, known: &Known<'_>) -> BTreeMap<Code, Presence> {
    let mut joins: BTreeMap<Code, Vec<_>> = BTreeMap::new();
    let mut totals: BTreeMap<Code, Minutes> = BTreeMap::new();
    for (one, is) in room.attendants.iter().zip(&known.are) {
        let Is::Member(member) = is else { continue };
        let code = member.participant.code.clone();
        if let Some(total) = one.total {
            let so_far = totals.entry(code.clone()).or_insert(Minutes(0));
            so_far.0 = so_far.0.saturating_add(total.0);
        }
        joins.entry(code).or_default().extend(&one.joins);
    }
    joins
        .into_iter()
        .map(|(code, joins)| {
            let presence = match totals.get(&code) {
                Some(total) => Presence::Total(*total),
                None => Presence::of(&joins, room.window),
            };
            (code, presence)
        })
        .collect()
}

//! What every reader of a report knows of its counts: how they hang together,
//! and what the calendar says.

use chrono::NaiveDateTime;

use super::{Attended, Figure, place};
use crate::domain::group::Group;
use crate::domain::schedule::{Session, Stage};
use crate::domain::suppression::Table;
use crate::domain::words::Word;

/// What the calendar alone says of some cohorts, and so every reader knows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Calendar {
    pub(super) all_over: bool,
    pub(super) none_over: bool,
    /// The weeks that each of them has.
    pub(super) weeks: u32,
    /// The weeks that have begun in each of them, and in any.
    pub(super) begun: u32,
    pub(super) begun_in_any: u32,
}

impl Default for Calendar {
    fn default() -> Self {
        let all = u32::MAX;
        Self { all_over: true, none_over: true, weeks: all, begun: all, begun_in_any: 0 }
    }
}

impl Calendar {
    pub(super) fn add(&mut self, group: &Group<'_>, now: NaiveDateTime) {
        let is_over = group.stage(now.date()) == Stage::Over;
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let has_begun = |session: &&Session| session.begins() <= now;
        // Sessions that were moved may not come in the order of their weeks.
        let begun = number(group.sessions().iter().take_while(has_begun).count());
        let last = group.sessions().iter().rev().find(has_begun).map_or(0, |last| last.week);
        self.all_over &= is_over;
        self.none_over &= !is_over;
        self.weeks = self.weeks.min(number(group.sessions().len()));
        self.begun = self.begun.min(begun);
        self.begun_in_any = self.begun_in_any.max(last);
    }
}

/// How the counts of each group hang together, and what the calendar says of them.
pub(super) fn relate(table: &mut Table, weeks: u32, calendars: &[Calendar]) {
    use Figure::{Agreed, Completed, Enrolled, NotAgreed, NotCompleted, SignUps, StillToEnd};
    let at = |figure: Figure| figure as usize;
    let each = [Figure::Waitlisted, Enrolled, Figure::Withdrawn].map(at);
    table.is_sum(at(SignUps), &each);
    table.is_sum(at(Figure::Withdrawn), &Figure::REASONS.map(at));
    table.is_sum(at(Enrolled), &[Agreed, NotAgreed].map(at));
    table.is_sum(at(Enrolled), &[Completed, NotCompleted, StillToEnd].map(at));
    for (row, calendar) in calendars.iter().enumerate() {
        if calendar.all_over {
            table.is_zero(row, at(StillToEnd));
        }
        if calendar.none_over {
            table.is_zero(row, at(Completed));
            table.is_zero(row, at(NotCompleted));
        }
        for week in calendar.begun_in_any + 1..=weeks {
            // But somebody may be excused ahead, and then is in the group.
            let ahead = [Attended::InGroup, Attended::Excused];
            for attended in Attended::ALL.iter().filter(|one| !ahead.contains(one)) {
                table.is_zero(row, place(week, *attended));
            }
        }
    }
    for week in 1..=weeks {
        let in_group = place(week, Attended::InGroup);
        let each: Vec<usize> = Attended::ALL[1..].iter().map(|one| place(week, *one)).collect();
        table.is_sum(in_group, &each);
        table.is_at_most(&[in_group], &[Enrolled, Figure::Withdrawn].map(at), |_| true);
        // Where nobody joins late, whoever is enrolled is in each group that met.
        table.is_at_most(&[at(Enrolled)], &[in_group], |row| week <= calendars[row].begun);
        // Where nobody joins late, a group only gets smaller.
        if week > 1 {
            table.is_at_most(&[in_group], &[place(week - 1, Attended::InGroup)], |_| true);
        }
        // Whoever completed was there in each week of their cohort.
        let has_week = |row: usize| week <= calendars[row].weeks;
        let there = [Attended::Present, Attended::Late, Attended::Departed];
        table.is_at_most(&[at(Completed)], &there.map(|one| place(week, one)), has_week);
        table.is_at_most(&[Completed, NotCompleted].map(at), &[in_group], has_week);
    }
}

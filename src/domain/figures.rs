//! The figures of a report: how many signed up, waited, agreed, came and
//! completed, by year, quarter, cohort or site; and what of it is shown.
//!
//! All are counts of sign-ups: somebody in two cohorts counts in each.

mod relations;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate, NaiveDateTime};

use super::attendance::{Mark, WeekState};
use super::enrollment::{Reason, Status};
use super::group::{Group, Member};
use super::program::Week;
use super::schedule::Stage;
use super::suppression::{Shown, Table};
use super::words::{Word, words};
use relations::{Calendar, relate};

words! {
    /// What makes a group of a report.
    pub enum By {
        /// July to June.
        Year = "year",
        Quarter = "quarter",
        Cohort = "cohort",
        Site = "site",
    }
}

words! {
    /// A count of each group.
    pub enum Figure {
        SignUps = "sign_ups",
        Waitlisted = "waitlisted",
        Enrolled = "enrolled",
        Withdrawn = "withdrawn",
        Schedule = "withdrawn_schedule",
        BackAtWork = "withdrawn_back_at_work",
        OtherSupport = "withdrawn_other_support",
        NoLongerNeeded = "withdrawn_no_longer_needed",
        NoReply = "withdrawn_no_reply",
        AnotherCohort = "withdrawn_another_cohort",
        NotSaid = "withdrawn_not_said",
        Agreed = "agreed",
        NotAgreed = "not_agreed",
        Completed = "completed",
        NotCompleted = "not_completed",
        /// Enrolled in a cohort that is not over.
        StillToEnd = "still_to_end",
    }
}

words! {
    /// A count of each group in each week.
    pub enum Attended {
        /// All below: everybody in the group that week.
        InGroup = "in_group",
        Present = "present",
        Late = "late",
        Departed = "departed",
        Excused = "excused",
        Absent = "absent",
        NotLetIn = "not_let_in",
        NotRecorded = "not_recorded",
    }
}

impl Figure {
    /// The withdrawn, by why.
    pub const REASONS: [Self; 7] = [
        Self::Schedule,
        Self::BackAtWork,
        Self::OtherSupport,
        Self::NoLongerNeeded,
        Self::NoReply,
        Self::AnotherCohort,
        Self::NotSaid,
    ];

    fn of_reason(reason: Reason) -> Self {
        match reason {
            Reason::Schedule => Self::Schedule,
            Reason::BackAtWork => Self::BackAtWork,
            Reason::OtherSupport => Self::OtherSupport,
            Reason::NoLongerNeeded => Self::NoLongerNeeded,
            Reason::NoReply => Self::NoReply,
            Reason::AnotherCohort => Self::AnotherCohort,
            Reason::NotSaid => Self::NotSaid,
        }
    }
}

/// Where a figure of a week stands among all.
fn place(week: Week, attended: Attended) -> usize {
    Figure::ALL.len() + (week as usize - 1) * Attended::ALL.len() + attended as usize
}

/// The counts of one group while they are counted.
#[derive(Debug, Clone, Default)]
struct Tally {
    name: String,
    calendar: Calendar,
    counts: Vec<u64>,
    /// From signing up to the first session they were in the group, in days.
    waits: Vec<i64>,
}

impl Tally {
    fn count(&mut self, at: usize) {
        if self.counts.len() <= at {
            self.counts.resize(at + 1, 0);
        }
        self.counts[at] += 1;
    }

    fn add(&mut self, group: &Group<'_>, member: &Member, now: NaiveDateTime) {
        let (today, enrollment) = (now.date(), &member.enrollment);
        self.count(Figure::SignUps as usize);
        match enrollment.status {
            Status::Waitlisted => self.count(Figure::Waitlisted as usize),
            Status::Withdrawn => {
                self.count(Figure::Withdrawn as usize);
                let reason = enrollment.reason.unwrap_or(Reason::NotSaid);
                self.count(Figure::of_reason(reason) as usize);
            }
            Status::Enrolled => {
                self.count(Figure::Enrolled as usize);
                self.count(match group.valid_consent(member, group.consent_day(today)) {
                    Some(_) => Figure::Agreed,
                    None => Figure::NotAgreed,
                } as usize);
                self.count(match group.stage(today) {
                    Stage::Over if group.completed(member, today) => Figure::Completed,
                    Stage::Over => Figure::NotCompleted,
                    _ => Figure::StillToEnd,
                } as usize);
                let joined = enrollment.joined_week.and_then(|week| group.session(week));
                self.waits.extend(joined.map(|session| {
                    (session.date - enrollment.signed_up_at.date()).num_days().max(0)
                }));
            }
        }
        for session in group.sessions() {
            let attended = match group.week_state(member, session, now) {
                WeekState::Marked(mark) | WeekState::MarkedWithoutAgreement(mark) => match mark {
                    Mark::Present => Attended::Present,
                    Mark::Late => Attended::Late,
                    Mark::Departed => Attended::Departed,
                    Mark::Excused => Attended::Excused,
                    Mark::Absent => Attended::Absent,
                },
                WeekState::NotRecorded => Attended::NotRecorded,
                WeekState::NotAdmitted => Attended::NotLetIn,
                WeekState::ToCome | WeekState::NotInGroup => continue,
            };
            self.count(place(session.week, attended));
            self.count(place(session.week, Attended::InGroup));
        }
    }

    fn at(&self, at: usize) -> u64 {
        self.counts.get(at).copied().unwrap_or_default()
    }
}

/// Counts cohort after cohort.
#[derive(Debug)]
pub struct Tallies {
    by: By,
    now: NaiveDateTime,
    /// In the order of what sorts them: a day or a name.
    groups: BTreeMap<(Option<NaiveDate>, String), Tally>,
    weeks: u32,
    /// Of all cohorts.
    calendar: Calendar,
}

impl Tallies {
    pub fn new(by: By, now: NaiveDateTime) -> Self {
        Self { by, now, groups: BTreeMap::new(), weeks: 0, calendar: Calendar::default() }
    }

    pub fn add(&mut self, group: &Group<'_>) {
        let Some(first) = group.sessions().first() else {
            return;
        };
        let sessions = u32::try_from(group.sessions().len()).unwrap_or(u32::MAX);
        self.weeks = self.weeks.max(sessions);
        self.calendar.add(group, self.now);
        let (since, name) = match self.by {
            By::Year => year_of(first.date),
            By::Quarter => quarter_of(first.date),
            By::Cohort => (Some(first.date), group.cohort.id.to_string()),
            By::Site => (None, String::new()),
        };
        let now = self.now;
        if self.by != By::Site {
            // A year in which nobody signed up is a figure, too.
            self.tally((since, name.clone())).calendar.add(group, now);
        }
        for member in &group.members {
            let key = match (self.by, &member.enrollment.site) {
                (By::Site, Some(site)) => (None, site.clone()),
                // Any day stands behind all that have none.
                (By::Site, None) => (Some(NaiveDate::MAX), "not said".to_owned()),
                _ => (since, name.clone()),
            };
            self.tally(key).add(group, member, now);
        }
    }

    fn tally(&mut self, key: (Option<NaiveDate>, String)) -> &mut Tally {
        let name = key.1.clone();
        self.groups.entry(key).or_insert_with(|| Tally { name, ..Tally::default() })
    }

    /// What of it is shown, with all groups together in the last row where
    /// there are several.
    pub fn report(self, limit: u32) -> Figures {
        let mut tallies: Vec<Tally> = self.groups.into_values().collect();
        if self.by == By::Site {
            // Whose site it is is not said of any cohort.
            for tally in &mut tallies {
                tally.calendar = self.calendar;
            }
        }
        let cells = Figure::ALL.len() + self.weeks as usize * Attended::ALL.len();
        let several = tallies.len() > 1;
        if several {
            let mut all = Tally { name: "all".into(), calendar: self.calendar, ..Tally::default() };
            all.counts = (0..cells).map(|at| tallies.iter().map(|t| t.at(at)).sum()).collect();
            all.waits = tallies.iter().flat_map(|tally| &tally.waits).copied().collect();
            tallies.push(all);
        }
        let counts = tallies.iter().map(|tally| (0..cells).map(|at| tally.at(at)).collect());
        let mut table = Table::new(counts.collect(), several);
        let calendars: Vec<Calendar> = tallies.iter().map(|tally| tally.calendar).collect();
        relate(&mut table, self.weeks, &calendars);
        let last = tallies.len().saturating_sub(1);
        let rows = tallies.into_iter().zip(table.suppressed(limit)).enumerate();
        let rows = rows.map(|(index, (tally, cells))| Row {
            name: tally.name,
            is_all: several && index == last,
            median_wait: match cells[Figure::Enrolled as usize] {
                Shown::Count(enrolled) if enrolled >= limit.into() => median(tally.waits),
                _ => None,
            },
            cells,
        });
        Figures { by: self.by, limit, weeks: self.weeks, rows: rows.collect() }
    }
}

/// A report as it is shown, whatever the format.
#[derive(Debug)]
pub struct Figures {
    pub by: By,
    /// Counts below it are hidden.
    pub limit: u32,
    pub weeks: u32,
    pub rows: Vec<Row>,
}

/// One group.
#[derive(Debug)]
pub struct Row {
    pub name: String,
    /// All groups together.
    pub is_all: bool,
    /// Half of the enrolled waited fewer days than that; where it may be shown.
    pub median_wait: Option<f64>,
    cells: Vec<Shown>,
}

impl Row {
    pub fn at(&self, figure: Figure) -> Shown {
        self.cells[figure as usize]
    }

    pub fn in_week(&self, week: Week, attended: Attended) -> Shown {
        self.cells[place(week, attended)]
    }

    /// All of them, in the order of [`Figures::keys`].
    pub fn cells(&self) -> &[Shown] {
        &self.cells
    }
}

impl Figures {
    /// What each cell of a row is called.
    pub fn keys(&self) -> Vec<String> {
        let plain = Figure::ALL.iter().map(|figure| figure.word().to_owned());
        let weekly = (1..=self.weeks).flat_map(|week| {
            Attended::ALL.iter().map(move |attended| format!("week_{week}_{attended}"))
        });
        plain.chain(weekly).collect()
    }
}

fn median(mut days: Vec<i64>) -> Option<f64> {
    days.sort_unstable();
    let upper = *days.get(days.len() / 2)?;
    let lower = days[(days.len() - 1) / 2];
    #[expect(clippy::cast_precision_loss, reason = "days of a life")]
    Some((lower + upper) as f64 / 2.0)
}

/// The year from July to June that a day is in: "2023/24".
fn year_of(day: NaiveDate) -> (Option<NaiveDate>, String) {
    let first = if day.month() >= 7 { day.year() } else { day.year() - 1 };
    let name = format!("{first}/{:02}", (first + 1).rem_euclid(100));
    (NaiveDate::from_ymd_opt(first, 7, 1), name)
}

/// The quarter that a day is in: "Jan-Mar 2024".
fn quarter_of(day: NaiveDate) -> (Option<NaiveDate>, String) {
    let quarter = day.month0() / 3;
    let months = ["Jan-Mar", "Apr-Jun", "Jul-Sep", "Oct-Dec"][quarter as usize];
    let since = NaiveDate::from_ymd_opt(day.year(), quarter * 3 + 1, 1);
    (since, format!("{months} {}", day.year()))
}

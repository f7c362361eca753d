//! Whole reports of random groups, read by somebody who wants the hidden numbers.

mod reader;

use std::rc::Rc;

use proptest::prelude::*;

use super::*;
use crate::domain::attendance::Attendance;
use crate::domain::consent::{Consent, Decision};
use crate::domain::enrollment::Enrollment;
use crate::domain::participant::{Code, Participant};
use crate::domain::program::{Agreement, Cohort, CohortId, Terms};
use reader::{given_away, sums};

fn at(text: &str) -> NaiveDateTime {
    text.parse().unwrap()
}

fn now() -> NaiveDateTime {
    at("2024-12-01T09:00:00")
}

fn cohort(id: &str, starts_on: &str) -> Cohort {
    Cohort {
        id: CohortId::parse(id).unwrap(),
        starts_on: starts_on.parse().unwrap(),
        moved: Vec::new(),
        terms: Rc::new(Terms { sessions: 2, ..Terms::example() }),
    }
}

fn agreement() -> Agreement {
    Agreement { version: "a".into(), since: "2023-01-01".parse().unwrap(), text: "text".into() }
}

/// Somebody of a kind from 0 to 12: waiting, gone for one of the reasons, or
/// enrolled with an agreement or without; and what they were marked.
fn member(kind: usize, marks: [usize; 2], site: Option<&str>, first: NaiveDate) -> Member {
    let (status, reason) = match kind {
        0 => (Status::Waitlisted, None),
        1..=7 => (Status::Withdrawn, Some(Reason::ALL[kind - 1])),
        _ => (Status::Enrolled, None),
    };
    let agreed = Consent {
        decision: Decision::Agreed,
        decided_on: first,
        method: None,
        version: "a".into(),
    };
    let marks = (1..).zip(marks).filter_map(|(week, mark)| {
        let mark = *Mark::ALL.get(mark)?;
        Some((week, Attendance { mark, without_agreement: None, noted_on: first }))
    });
    Member {
        participant: Participant {
            id: 1,
            code: Code::parse("K7QM2").unwrap(),
            first_name: "Kit".into(),
            last_name: "Tran".into(),
            goes_by: None,
            phone: None,
            email: None,
            former_emails: Vec::new(),
        },
        enrollment: Enrollment {
            id: 1,
            status,
            signed_up_at: first.and_time(chrono::NaiveTime::MIN) - chrono::Duration::days(10),
            joined_week: (kind > 0).then_some(1),
            withdrawn_on: reason.map(|_| first + chrono::Duration::days(1)),
            reason,
            leave: None,
            site: site.map(str::to_owned),
            residency: None,
        },
        consents: if kind == 8 { Vec::new() } else { vec![agreed] },
        marks: marks.collect(),
    }
}

fn report(by: By, groups: &[(Cohort, Vec<Member>)], limit: u32) -> Figures {
    let agreement = agreement();
    let mut tallies = Tallies::new(by, now());
    for (cohort, members) in groups {
        tallies.add(&Group::new(cohort, Some(&agreement), BTreeMap::new(), members.clone()));
    }
    tallies.report(limit)
}

/// A group's members: how many of which kind with which marks at which site.
fn members() -> impl Strategy<Value = Kinds> {
    prop::collection::vec((0..13usize, [0..6usize, 0..6usize], 0..3usize, 1..16usize), 0..12)
}

/// The kind of some people, their marks, their site, and how many they are.
type Kinds = Vec<(usize, [usize; 2], usize, usize)>;

fn groups(plan: &[Kinds]) -> Vec<(Cohort, Vec<Member>)> {
    let starts = ["2023-02-07", "2023-09-05", "2024-01-23", "2024-11-26"];
    let one = |(index, kinds): (usize, &Kinds)| {
        let cohort = cohort(&format!("cohort-{index}"), starts[index]);
        let first = cohort.starts_on;
        let members = kinds.iter().flat_map(|(kind, marks, site, times)| {
            let site = [None, Some("Surrey"), Some("Victoria")][*site];
            std::iter::repeat_with(move || member(*kind, *marks, site, first)).take(*times)
        });
        (cohort, members.collect())
    };
    plan.iter().enumerate().map(one).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn from_any_one_report_no_hidden_count_can_be_computed(
        plan in prop::collection::vec(members(), 1..5),
        by in 0..4usize,
        limit in prop_oneof![Just(10u32), 3..12u32],
    ) {
        let groups = groups(&plan);
        let figures = report(By::ALL[by], &groups, limit);
        let truth = report(By::ALL[by], &groups, 1);
        let known = given_away(&figures, &truth, &groups);
        prop_assert!(known.is_empty(), "{known:?}\n{figures:?}");
        for (row, true_row) in figures.rows.iter().zip(&truth.rows) {
            for (shown, truth) in row.cells().iter().zip(true_row.cells()) {
                let Shown::Count(truth) = truth else { panic!("1 hides nothing") };
                match shown {
                    Shown::Count(count) => {
                        prop_assert_eq!(count, truth);
                        prop_assert!(*count == 0 || *count >= limit.into());
                    }
                    Shown::Below => prop_assert!((1..limit.into()).contains(truth)),
                    Shown::Hidden => {}
                }
            }
            let enrolled = row.at(Figure::Enrolled);
            prop_assert!(row.median_wait.is_none() || matches!(enrolled, Shown::Count(n) if n >= limit.into()));
        }
    }

    #[test]
    fn what_is_counted_adds_up(plan in prop::collection::vec(members(), 1..5), by in 0..4usize) {
        let figures = report(By::ALL[by], &groups(&plan), 1);
        let counts: Vec<u64> = figures
            .rows
            .iter()
            .flat_map(Row::cells)
            .map(|shown| match shown { Shown::Count(count) => *count, other => panic!("{other:?}") })
            .collect();
        for (total, parts) in sums(&figures) {
            prop_assert_eq!(counts[total], parts.iter().map(|at| counts[*at]).sum::<u64>());
        }
    }
}

#[test]
fn a_reader_of_what_is_not_protected_finds_the_hidden_number() {
    // The same reader, given a report in which only the small is hidden.
    let plan =
        [vec![(0, [0, 0], 0, 4), (9, [0, 0], 0, 20)], vec![(0, [0, 0], 0, 15), (9, [0, 0], 0, 20)]];
    let groups = groups(&plan);
    let mut figures = report(By::Cohort, &groups, 1);
    for row in &mut figures.rows {
        for cell in &mut row.cells {
            if matches!(cell, Shown::Count(1..10)) {
                *cell = Shown::Below;
            }
        }
    }
    figures.limit = 10;
    assert_eq!(given_away(&figures, &figures, &groups)[0], "cohort-0 waitlisted");
}

#[test]
fn the_first_session_decides_the_year_and_the_quarter() {
    let names = |by| {
        let plan = [vec![], vec![], vec![], vec![]];
        report(by, &groups(&plan), 10).rows.iter().map(|row| row.name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(names(By::Year), ["2022/23", "2023/24", "2024/25", "all"]);
    assert_eq!(
        names(By::Quarter),
        ["Jan-Mar 2023", "Jul-Sep 2023", "Jan-Mar 2024", "Oct-Dec 2024", "all"]
    );
    assert_eq!(names(By::Cohort), ["cohort-0", "cohort-1", "cohort-2", "cohort-3", "all"]);
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    assert_eq!(year_of(day("2024-06-30")).1, "2023/24");
    assert_eq!(year_of(day("2024-07-01")).1, "2024/25");
    assert_eq!(year_of(day("1999-12-31")).1, "1999/00");
}

#[test]
fn half_waited_no_longer_than_the_median() {
    assert_eq!(median(vec![]), None);
    assert_eq!(median(vec![9, 1, 3]), Some(3.0));
    assert_eq!(median(vec![4, 1]), Some(2.5));
}

#[test]
fn what_the_calendar_says_gives_nobody_away() {
    let hidden_well = |by, plan: &[Kinds]| {
        let groups = groups(plan);
        let truth = report(by, &groups, 1);
        let known = given_away(&report(by, &groups, 10), &truth, &groups);
        assert!(known.is_empty(), "{known:?}");
    };
    let agreed = |marks, times| (9, marks, 0, times);
    // A cohort that is over, of which one has not agreed, and one that is to come:
    // nobody of the first is still to end, nor of the second to complete.
    let over = vec![(8, [5, 5], 0, 1), agreed([0, 0], 7), agreed([1, 4], 3)];
    let to_come = vec![(8, [5, 5], 0, 11)];
    hidden_well(By::Cohort, &[over.clone(), vec![], vec![], to_come.clone()]);
    hidden_well(By::Quarter, &[over, vec![], vec![], to_come]);
    // One that runs: whoever is enrolled is in its first week.
    let running = vec![(8, [5, 5], 0, 1), agreed([0, 5], 8), agreed([1, 5], 2)];
    hidden_well(By::Cohort, &[vec![], vec![], vec![], running]);
}

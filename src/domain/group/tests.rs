//! Tables of who is expected, who waits, and what may be recorded of whom.

use std::collections::BTreeMap;
use std::rc::Rc;

use chrono::{NaiveDate, NaiveDateTime};

use super::*;
use crate::domain::attendance::WithoutAgreement;
use crate::domain::enrollment::Reason;
use crate::domain::program::{CohortId, Terms};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn at(text: &str) -> NaiveDateTime {
    text.parse().unwrap()
}

/// Winter 2024: 23 and 30 January, 6 and 13 February, two places.
fn winter() -> Cohort {
    Cohort {
        id: CohortId::parse("winter-2024").unwrap(),
        starts_on: day("2024-01-23"),
        moved: Vec::new(),
        terms: Rc::new(Terms { capacity: 2, ..Terms::example() }),
    }
}

fn agreement() -> Agreement {
    Agreement { version: "a".into(), since: day("2024-01-01"), text: "text".into() }
}

fn member(id: i64, status: Status, joined_week: Option<Week>) -> Member {
    Member {
        participant: Participant {
            id,
            code: Code::parse(&format!("K{id}AAA")).unwrap(),
            first_name: format!("P{id}"),
            last_name: "Example".into(),
            goes_by: None,
            phone: None,
            email: None,
            former_emails: Vec::new(),
        },
        enrollment: Enrollment {
            id,
            status,
            signed_up_at: at("2024-01-08T09:00:00"),
            joined_week,
            withdrawn_on: None,
            reason: None,
            leave: None,
            site: None,
            residency: None,
        },
        consents: Vec::new(),
        marks: BTreeMap::new(),
    }
}

fn decided(mut member: Member, decision: Decision, on: &str) -> Member {
    let (decided_on, version) = (day(on), "a".into());
    member.consents.push(Consent { decision, decided_on, method: None, version });
    member
}

fn agreed(member: Member) -> Member {
    decided(member, Decision::Agreed, "2024-01-18")
}

fn withdrawn(mut member: Member, on: &str) -> Member {
    member.enrollment.status = Status::Withdrawn;
    member.enrollment.withdrawn_on = Some(day(on));
    member.enrollment.reason = Some(Reason::Schedule);
    member
}

fn marked(mut member: Member, week: Week, mark: Mark) -> Member {
    let noted_on = day("2024-01-23");
    member.marks.insert(week, Attendance { mark, without_agreement: None, noted_on });
    member
}

fn group<'a>(cohort: &'a Cohort, agreement: &'a Agreement, members: Vec<Member>) -> Group<'a> {
    let recorded = cohort.sessions().into_iter().map(|session| (session.week, session)).collect();
    Group::new(cohort, Some(agreement), recorded, members)
}

#[test]
fn who_is_expected_in_which_week() {
    use Standing::WithdrawnThatDay as D;
    use Standing::{
        Expected as E, NotAgreed as N, NotYetJoined as J, Waitlisted as W, Withdrawn as X,
    };
    let enrolled = || member(1, Status::Enrolled, Some(1));
    let table = [
        ("agreed", agreed(enrolled()), [E, E, E, E]),
        ("never decided", enrolled(), [N, N, N, N]),
        ("declined", decided(enrolled(), Decision::Declined, "2024-01-18"), [N, N, N, N]),
        (
            "agreed on the day of week 2",
            decided(enrolled(), Decision::Agreed, "2024-01-30"),
            [N, E, E, E],
        ),
        (
            "took it back between 2 and 3",
            decided(agreed(enrolled()), Decision::Withdrawn, "2024-02-01"),
            [E, E, N, N],
        ),
        (
            "took it back on the day of week 2",
            decided(agreed(enrolled()), Decision::Withdrawn, "2024-01-30"),
            [E, N, N, N],
        ),
        ("waits", agreed(member(1, Status::Waitlisted, None)), [W, W, W, W]),
        ("joined in week 2", agreed(member(1, Status::Enrolled, Some(2))), [J, E, E, E]),
        ("left after week 2", withdrawn(agreed(enrolled()), "2024-02-01"), [E, E, X, X]),
        ("left on the day of week 2", withdrawn(agreed(enrolled()), "2024-01-30"), [E, D, X, X]),
        (
            "left the waitlist",
            withdrawn(member(1, Status::Waitlisted, None), "2024-02-01"),
            [X, X, X, X],
        ),
        ("left, never having agreed", withdrawn(enrolled(), "2024-02-01"), [N, N, X, X]),
    ];
    let (cohort, agreement) = (winter(), agreement());
    for (case, member, standings) in table {
        let group = group(&cohort, &agreement, vec![member]);
        let seen: Vec<_> =
            group.sessions().iter().map(|s| group.standing(&group.members[0], s)).collect();
        assert_eq!(seen, standings, "{case}");
    }
}

#[test]
fn a_strip_shows_what_is_known_by_now() {
    let member = marked(agreed(member(1, Status::Enrolled, Some(1))), 1, Mark::Late);
    let (cohort, agreement) = (winter(), agreement());
    let group = group(&cohort, &agreement, vec![member]);
    for (now, strip) in [
        ("2024-01-30T09:29:59", "L..."),
        ("2024-01-30T09:30:00", "L-.."),
        ("2024-03-01T00:00:00", "L---"),
    ] {
        let seen: String =
            group.strip(&group.members[0], at(now)).into_iter().map(WeekState::sign).collect();
        assert_eq!(seen, strip, "{now}");
    }
}

#[test]
fn a_week_is_recorded_when_all_who_were_expected_have_a_mark() {
    let (cohort, agreement) = (winter(), agreement());
    let enrolled = |id| agreed(member(id, Status::Enrolled, Some(1)));
    let not_agreed = member(3, Status::Enrolled, Some(1));
    let waiting = agreed(member(4, Status::Waitlisted, None));
    for (members, is_recorded) in [
        (vec![marked(enrolled(1), 1, Mark::Present), enrolled(2)], false),
        (vec![marked(enrolled(1), 1, Mark::Present), marked(enrolled(2), 1, Mark::Absent)], true),
        (vec![marked(enrolled(1), 1, Mark::Excused), not_agreed, waiting], true),
    ] {
        let group = group(&cohort, &agreement, members);
        assert_eq!(group.is_recorded(&group.sessions()[0]), is_recorded);
    }
}

#[test]
fn the_line_is_by_sign_up_and_then_by_entry() {
    let (cohort, agreement) = (winter(), agreement());
    let waiting = |id, signed_up: &str| {
        let mut member = member(id, Status::Waitlisted, None);
        member.enrollment.signed_up_at = at(signed_up);
        member
    };
    // A phone call entered later comes before whoever signed up after it.
    let members = vec![
        waiting(5, "2024-01-09T00:00:00"),
        waiting(3, "2024-01-10T09:00:00"),
        waiting(4, "2024-01-10T09:00:00"),
        waiting(9, "2024-01-08T00:00:00"),
        member(1, Status::Enrolled, Some(1)),
    ];
    let group = group(&cohort, &agreement, members);
    let line: Vec<_> = group.waiting().iter().map(|m| m.enrollment.id).collect();
    assert_eq!(line, [9, 5, 3, 4]);
    assert_eq!(group.seats_free(), 1);
}

#[test]
fn who_joins_now_is_at_the_next_session_that_is_not_over() {
    let (cohort, agreement) = (winter(), agreement());
    let group = group(&cohort, &agreement, Vec::new());
    for (now, week) in [
        ("2024-01-08T09:00:00", Some(1)),
        ("2024-01-23T11:29:59", Some(1)),
        ("2024-01-23T11:30:00", Some(2)),
        ("2024-02-13T11:30:00", None),
    ] {
        assert_eq!(group.joining_week(at(now)), week, "{now}");
    }
}

#[test]
fn completed_means_there_every_time_and_the_cohort_is_over() {
    use Mark::{Absent, Departed, Excused, Late, Present};
    let (cohort, agreement) = (winter(), agreement());
    let with = |marks: [Mark; 4]| {
        let enrolled = agreed(member(1, Status::Enrolled, Some(1)));
        (1..).zip(marks).fold(enrolled, |member, (week, mark)| marked(member, week, mark))
    };
    for (member, over, completed) in [
        (with([Present, Late, Departed, Present]), "2024-02-14", true),
        (with([Present, Late, Departed, Present]), "2024-02-13", false),
        (with([Present, Excused, Present, Present]), "2024-02-14", false),
        (with([Present, Absent, Present, Present]), "2024-02-14", false),
        (withdrawn(with([Present; 4]), "2024-02-14"), "2024-02-14", false),
    ] {
        let group = group(&cohort, &agreement, vec![member]);
        assert_eq!(group.completed(&group.members[0], day(over)), completed);
    }
}

#[test]
fn what_contradicts_is_found() {
    let enrolled = || member(1, Status::Enrolled, Some(1));
    let mut let_in = marked(enrolled(), 1, Mark::Present);
    let why = Some(WithoutAgreement::LetInByMistake);
    let_in.marks.get_mut(&1).unwrap().without_agreement = why;
    let table = [
        ("agreed and present", marked(agreed(enrolled()), 1, Mark::Present), 0),
        ("let in by mistake", let_in, 0),
        ("absent without agreeing", marked(enrolled(), 1, Mark::Absent), 0),
        ("present without agreeing", marked(enrolled(), 1, Mark::Present), 1),
        (
            "present on the waitlist",
            marked(agreed(member(1, Status::Waitlisted, None)), 1, Mark::Present),
            1,
        ),
        (
            "present after leaving",
            marked(withdrawn(agreed(enrolled()), "2024-01-29"), 2, Mark::Present),
            1,
        ),
        (
            "present on the day of leaving",
            marked(withdrawn(agreed(enrolled()), "2024-01-30"), 2, Mark::Present),
            0,
        ),
    ];
    let (cohort, agreement) = (winter(), agreement());
    for (case, member, count) in table {
        let found = group(&cohort, &agreement, vec![member]).contradictions();
        assert_eq!(found.len(), count, "{case}: {found:?}");
    }
}

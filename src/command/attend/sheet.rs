//! The marks to write: what was said and the rest, with everything refused that
//! may not be. It fails closed: nobody without a valid agreement is present.

use chrono::NaiveDate;

use super::Said;
use crate::domain::attendance::{Attendance, Mark};
use crate::domain::consent::Decision;
use crate::domain::group::{Group, Member, Standing};
use crate::domain::schedule::Session;
use crate::error::{Error, Result};

pub(super) fn was_in_the_group(group: &Group<'_>, member: &Member, session: &Session) -> bool {
    match group.standing(member, session) {
        Standing::Expected | Standing::NotAgreed | Standing::WithdrawnThatDay => true,
        // A mark that was made while they were in the group can be corrected.
        _ => member.marks.contains_key(&session.week),
    }
}

/// Whether a mark fits how somebody stands towards a session; if not, why.
pub(super) fn refuse_mark(
    group: &Group<'_>,
    member: &Member,
    session: &Session,
    mark: Mark,
    without_agreement: bool,
) -> Option<Error> {
    let (code, id, week) = (&member.participant.code, &group.cohort.id, session.week);
    if was_in_the_group(group, member, session) {
        let may_be_there = !mark.was_there()
            || without_agreement
            || group.valid_consent(member, session.date).is_some();
        return (!may_be_there).then(|| not_agreed(group, member, session));
    }
    Some(match group.standing(member, session) {
        Standing::Waitlisted => Error::refused(format!("`{code}` waits for a place in `{id}`"))
            .hint(format!(
                "cohorts place {code} -c {id} --late --from-week {week}, if they were in the group"
            )),
        Standing::NotYetJoined => Error::refused(format!(
            "`{code}` was not in the group in week {week}: they joined in week {}",
            member.enrollment.joined_week.unwrap_or_default()
        )),
        _ => Error::refused(format!("`{code}` had withdrawn from `{id}` by week {week}")),
    })
}

/// Says how somebody stands to the agreement, and how to go on. Whoever said no
/// is not proposed to have agreed.
fn not_agreed(group: &Group<'_>, member: &Member, session: &Session) -> Error {
    let (code, id, week) = (&member.participant.code, &group.cohort.id, session.week);
    let (stands, said_no) = match group.said_no(member) {
        Some(Decision::Declined) => ("has declined", true),
        Some(Decision::Withdrawn) => ("has taken back", true),
        _ => ("has not agreed to", false),
    };
    let error =
        Error::refused(format!("`{code}` {stands} the confidentiality agreement of `{id}`"));
    let error = if said_no {
        error
    } else {
        let on = session.date;
        error.hint(format!("cohorts consent agreed {code} -c {id} --on {on}, if they had by then"))
    };
    error.hint(format!(
        "cohorts attend {id} --week {week} --without-agreement {code} --reason REASON, \
         if they were let in all the same"
    ))
}

/// How whoever was there gets in for that session, which has begun.
pub(super) fn enrolled_by_then(group: &Group<'_>, session: &Session) -> String {
    format!("cohorts enroll -c {} --late --from-week {}", group.cohort.id, session.week)
}

pub(super) fn nobody_expected(group: &Group<'_>, session: &Session) -> Error {
    let id = &group.cohort.id;
    let standing = |m: &&Member| group.standing(m, session) == Standing::NotAgreed;
    let message = format!("nobody is expected in week {} of `{id}`", session.week);
    match group.members.iter().filter(standing).count() {
        0 => Error::refused(message).hint(enrolled_by_then(group, session)),
        1 => Error::refused(format!("{message}: 1 has not agreed"))
            .hint(format!("cohorts consent list {id}")),
        n => Error::refused(format!("{message}: {n} have not agreed"))
            .hint(format!("cohorts consent list {id}")),
    }
}

/// The marks to write: what was said, and the rest. Everybody expected has a
/// mark afterwards, and nobody has one who may not.
pub(super) fn sheet<'g>(
    group: &'g Group<'_>,
    session: &Session,
    said: &Said,
    today: NaiveDate,
) -> Result<Vec<(&'g Member, Attendance)>> {
    let mut sheet = Vec::new();
    let mut refused = Vec::new();
    let mut unnamed = Vec::new();
    for member in &group.members {
        let code = &member.participant.code;
        let old = member.marks.get(&session.week);
        let newly_without = said.without_agreement.get(code).copied();
        let mark = match said.marks.get(code) {
            Some(mark) => *mark,
            None if old.is_some() || group.standing(member, session) != Standing::Expected => {
                continue;
            }
            None if said.unmarked.contains(code) => continue,
            None => match said.rest {
                Some(mark) => mark,
                None => {
                    unnamed.push(code.as_str());
                    continue;
                }
            },
        };
        // Somebody marked so before stays so: it is shown ever after.
        let without_agreement = newly_without
            .or(old.and_then(|old| old.without_agreement))
            .filter(|_| mark.was_there());
        // Whoever is not expected any more may have agreed as well.
        if newly_without.is_some()
            && was_in_the_group(group, member, session)
            && group.valid_consent(member, session.date).is_some()
        {
            refused.push(Error::refused(format!(
                "`{code}` has agreed; mark them without --without-agreement"
            )));
        }
        // What stands already is not judged again.
        if old.is_some_and(|old| (old.mark, old.without_agreement) == (mark, without_agreement)) {
            continue;
        }
        refused.extend(refuse_mark(group, member, session, mark, without_agreement.is_some()));
        sheet.push((member, Attendance { mark, without_agreement, noted_on: today }));
    }
    if let Some(first) = refused.into_iter().reduce(|mut first, next| {
        first.message = format!("{}\nerror: {}", first.message, next.message);
        first.hints.extend(next.hints);
        first
    }) {
        return Err(first);
    }
    if !unnamed.is_empty() {
        return Err(Error::usage(format!(
            "{} expected in week {} without a mark: {}",
            match unnamed.len() {
                1 => "1 person is".to_owned(),
                n => format!("{n} people are"),
            },
            session.week,
            unnamed.join(", ")
        ))
        .hint("name them, or add --rest present"));
    }
    Ok(sheet)
}

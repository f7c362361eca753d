//! What one cohort gives to do: attendance, consents, places, and whoever was
//! away.

use chrono::{Datelike, NaiveDate, NaiveDateTime};

use super::session::{Door, called};
use super::{MOST_NAMED, SOON, Screen};
use crate::command::show::what_is_missing;
use crate::command::{finish, mail};
use crate::context::{Office, pick};
use crate::domain::attendance::Mark;
use crate::domain::consent::Decision;
use crate::domain::enrollment::Status;
use crate::domain::group::{Group, Member, by_call_name};
use crate::domain::schedule::{Session, Stage};
use crate::error::Result;
use crate::output::items::Item;
use crate::output::words;

impl Screen {
    pub(super) fn add(
        &mut self,
        office: &Office,
        group: &Group<'_>,
        now: NaiveDateTime,
        named: &str,
    ) -> Result<()> {
        let today = now.date();
        let stage = group.stage(today);
        let todays = group.sessions().iter().find(|session| session.date == today);
        if let Some(session) = todays {
            self.sessions.push(Door::new(group, session, now));
        }
        // " winter-2024" or nothing; " -c winter-2024" or nothing.
        let positional = if named.is_empty() { String::new() } else { format!(" {named}") };
        let option = if named.is_empty() { String::new() } else { format!(" -c {named}") };
        self.add_attendance(group, now, todays, &positional);
        if stage == Stage::Over {
            return self.add_end(group, office, now);
        }
        for (week, people) in mail::told_otherwise(&office.store, group, now)? {
            let were = if people == 1 { "was" } else { "were" };
            self.today.push(Item {
                what: format!("{people} {were} told another day of week {week}"),
                command: format!("cohorts mail{positional} --template moved --week {week}"),
            });
        }
        self.add_consents(group, today, &positional, &option);
        self.add_seats(group, now, &option);
        if stage == Stage::Running {
            self.add_absences(group, now);
        }
        self.add_sessions(group, today);
        if stage == Stage::Upcoming
            && let Some(first) = group.sessions().first()
        {
            self.soon.push(Item {
                what: format!(
                    "{} starts {}, {} of {} taken{}",
                    group.cohort.id.title(),
                    match first.date.year() == today.year() {
                        true => words::day(first.date),
                        false => words::day_of_year(first.date),
                    },
                    group.count(Status::Enrolled),
                    group.cohort.terms.capacity,
                    match group.count(Status::Waitlisted) {
                        0 => String::new(),
                        waiting => format!(", {waiting} waiting"),
                    }
                ),
                command: format!("cohorts show {}", group.cohort.id),
            });
        }
        Ok(())
    }

    /// The sessions of the next two weeks; the first one is said with the cohort.
    fn add_sessions(&mut self, group: &Group<'_>, today: NaiveDate) {
        let id = &group.cohort.id;
        let coming = group.sessions().iter().skip(1);
        let coming = coming.filter(|s| today < s.date && s.date <= today + SOON);
        let said: Vec<String> = coming
            .map(|session| {
                let moved = if group.cohort.is_moved(session) { " (moved)" } else { "" };
                format!("{} on {}{moved}", session.week, words::short(session.date))
            })
            .collect();
        if !said.is_empty() {
            let what = format!("{}: week {}", id.title(), said.join(", "));
            self.soon.push(Item::new(what, format!("cohorts show {id}")));
        }
    }

    /// A cohort that is over, until it is finished; and who waited until its end.
    fn add_end(&mut self, group: &Group<'_>, office: &Office, now: NaiveDateTime) -> Result<()> {
        let (id, title) = (&group.cohort.id, group.cohort.id.title());
        let (store, program) = (&office.store, &office.definitions.program);
        let waiting = finish::still_waiting(store, program, group)?;
        if waiting > 0 {
            let command = match pick::next(program, now.date()) {
                Some(next) => format!("cohorts carry {id} {}", next.id),
                None => format!("cohorts roster {id} --status waitlisted"),
            };
            self.soon.push(Item::new(format!("{waiting} still waiting from {title}"), command));
        }
        let is_marked = store.marked_finished_on(id)?.is_some();
        if !group.members.is_empty() && !finish::is_finished(is_marked, store, program, group, now)?
        {
            let what = format!("{title} is over, and not finished");
            self.soon.push(Item::new(what, format!("cohorts finish {id}")));
        }
        Ok(())
    }

    fn add_attendance(
        &mut self,
        group: &Group<'_>,
        now: NaiveDateTime,
        todays: Option<&Session>,
        positional: &str,
    ) {
        if let Some(session) = todays.filter(|s| {
            s.ends() > now && !(group.is_recorded(s) && group.recorded.contains_key(&s.week))
        }) {
            self.today.push(Item {
                what: format!("Record attendance after {}", words::time(session.ends_at)),
                command: format!("cohorts attend{positional}"),
            });
        }
        for session in group.unrecorded(now) {
            let is_todays = session.date == now.date();
            if is_todays && session.ends() > now {
                continue;
            }
            self.today.push(if is_todays && !group.recorded.contains_key(&session.week) {
                Item {
                    what: "Record attendance".into(),
                    command: format!("cohorts attend{positional}"),
                }
            } else {
                Item {
                    what: format!(
                        "Week {} of {}{}",
                        session.week,
                        group.cohort.id.title(),
                        what_is_missing(group, session)
                    ),
                    command: format!("cohorts attend {} --week {}", group.cohort.id, session.week),
                }
            });
        }
    }

    /// Who has not agreed: due today from the due day on, soon before.
    fn add_consents(
        &mut self,
        group: &Group<'_>,
        today: NaiveDate,
        positional: &str,
        option: &str,
    ) {
        let Some(due) = group.consent_due_on().filter(|due| *due <= today + SOON) else { return };
        let missing: Vec<&Member> = group
            .with_status(Status::Enrolled)
            .filter(|m| group.valid_consent(m, today).is_none())
            .collect();
        let missing = by_call_name(missing);
        // Whoever said no is not waited for: they have been asked.
        let (said_no, undecided): (Vec<_>, Vec<_>) = missing
            .iter()
            .zip(called(&missing))
            .partition(|(member, _)| group.said_no(member).is_some());
        let title = group.cohort.id.title();
        let all = format!("cohorts consent list{positional}");
        let is_due = due <= today;
        let list = if is_due { &mut self.today } else { &mut self.soon };
        if undecided.len() > MOST_NAMED || (!is_due && !undecided.is_empty()) {
            let until = if is_due { String::new() } else { format!(", due {}", words::day(due)) };
            let (count, has) = (undecided.len(), words::has(undecided.len()));
            list.push(Item::new(format!("{count} {has} not agreed to {title}{until}"), &*all));
        } else {
            for (member, name) in undecided {
                let code = &member.participant.code;
                list.push(Item {
                    what: format!("{name} has not agreed"),
                    command: format!("cohorts consent agreed {code}{option}"),
                });
            }
        }
        if said_no.len() > MOST_NAMED {
            let count = said_no.len();
            list.push(Item::new(format!("{count} said no to the agreement of {title}"), all));
            return;
        }
        for (member, name) in said_no {
            let code = &member.participant.code;
            list.push(Item {
                what: match group.said_no(member) {
                    Some(Decision::Declined) => format!("{name} has declined the agreement"),
                    _ => format!("{name} took the agreement back"),
                },
                command: format!("cohorts withdraw {code}{option}"),
            });
        }
    }

    fn add_seats(&mut self, group: &Group<'_>, now: NaiveDateTime, option: &str) {
        let (free, waiting) = (group.seats_free(), group.waiting().len());
        if free == 0 || waiting == 0 || group.joins_until().is_some_and(|last| last.ends() <= now) {
            return;
        }
        let wait = if waiting == 1 { "1 waits".to_owned() } else { format!("{waiting} wait") };
        self.today.push(Item {
            what: format!(
                "{} free in {}, {wait}",
                words::are(free, "place"),
                group.cohort.id.title()
            ),
            command: format!("cohorts place{option}"),
        });
    }

    /// Who was absent from the last recorded session.
    fn add_absences(&mut self, group: &Group<'_>, now: NaiveDateTime) {
        let recorded = |s: &&Session| group.recorded.contains_key(&s.week) && s.date < now.date();
        let Some(last) = group.sessions().iter().rev().find(recorded) else { return };
        let away: Vec<&Member> = group
            .with_status(Status::Enrolled)
            .filter(|m| m.marks.get(&last.week).is_some_and(|a| a.mark == Mark::Absent))
            .collect();
        for (member, name) in away.iter().zip(called(&away)) {
            self.today.push(Item {
                what: format!("{name} was away without a word"),
                command: format!("cohorts participant show {}", member.participant.code),
            });
        }
    }
}

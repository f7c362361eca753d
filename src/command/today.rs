//! `cohorts` alone: what needs doing today, each line with the command that
//! does it.

mod keeping;

use std::io::Write;

use chrono::{Days, NaiveDate, NaiveDateTime};

use crate::context::{Context, Office, pick};
use crate::domain::attendance::Mark;
use crate::domain::consent::Decision;
use crate::domain::enrollment::Status;
use crate::domain::group::{Group, Member, Standing, by_call_name};
use crate::domain::participant::{Participant, call_names};
use crate::domain::schedule::{Session, Stage};
use crate::error::Result;
use crate::output::messages::{ALARM, Report, STRONG};
use crate::output::words;

/// How far ahead "soon" goes, and how long after its end a cohort still has
/// weeks to record.
const SOON: Days = Days::new(14);
const AFTERWARDS: Days = Days::new(60);

/// More of one kind than this become one line.
const MOST_NAMED: usize = 3;

/// A line, and the command that does it.
struct Item {
    what: String,
    command: String,
}

#[derive(Default)]
struct Screen {
    /// Whether cohorts.toml and the records fit together.
    fits: bool,
    sessions: Vec<String>,
    today: Vec<Item>,
    soon: Vec<Item>,
}

pub fn run(ctx: &mut Context) -> Result<Report> {
    let office = ctx.office()?;
    let snapshot = office.store.snapshot()?;
    let now = ctx.now;
    let mut screen = Screen::default();
    let usual = pick::running(&office.definitions.program, now.date()).ok().flatten();
    let usual = usual.or_else(|| pick::next(&office.definitions.program, now.date()));
    for cohort in &office.definitions.program.cohorts {
        let sessions = cohort.sessions();
        let over_for_good = sessions.last().is_some_and(|last| last.date + AFTERWARDS < now.date());
        if over_for_good {
            continue;
        }
        let group = office.group(cohort)?;
        // Commands go without the cohort where they would choose it anyway.
        let is_usual = usual.is_some_and(|usual| usual.id == cohort.id);
        let named = if is_usual { "" } else { cohort.id.as_str() };
        screen.add(&office, &group, now, named)?;
    }
    // Whoever looks here lets people in: that must not rest on what is uncertain.
    screen.fits = super::check::fits(&office)?;
    screen.add_next_cohort(&office, now.date());
    screen.add_keeping(ctx, &office)?;
    drop(snapshot);
    let text = screen.text(now);
    ctx.out.data().write_all(text.as_bytes())?;
    Ok(Report::silent())
}

impl Screen {
    fn add(
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
            if !self.sessions.is_empty() {
                self.sessions.push(String::new());
            }
            self.sessions.extend(session_lines(group, session, now));
        }
        // " winter-2024" or nothing; " -c winter-2024" or nothing.
        let positional = if named.is_empty() { String::new() } else { format!(" {named}") };
        let option = if named.is_empty() { String::new() } else { format!(" -c {named}") };
        self.add_attendance(group, now, todays, &positional);
        if stage == Stage::Finished {
            return self.add_left_waiting(group, office);
        }
        self.add_consents(group, today, &positional, &option);
        self.add_seats(group, now, &option);
        if stage == Stage::Running {
            self.add_absences(group, now);
        }
        if stage == Stage::Upcoming
            && let Some(first) = group.sessions().first()
        {
            self.soon.push(Item {
                what: format!(
                    "{} starts {}, {} of {} taken{}",
                    group.cohort.id.title(),
                    words::day(first.date),
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

    /// Who waited until the end, and is in no later cohort.
    fn add_left_waiting(&mut self, group: &Group<'_>, office: &Office) -> Result<()> {
        let id = group.cohort.id.as_str();
        let mut waiting = 0;
        for member in group.waiting() {
            let cohorts = office.store.cohorts_of(member.participant.id)?;
            waiting += usize::from(cohorts.last().is_some_and(|last| last == id));
        }
        if waiting > 0 {
            self.soon.push(Item {
                what: format!("{waiting} still waiting from {}", group.cohort.id.title()),
                command: format!("cohorts roster {id} --status waitlisted"),
            });
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
            self.today.push(if is_todays {
                Item {
                    what: "Record attendance".into(),
                    command: format!("cohorts attend{positional}"),
                }
            } else {
                Item {
                    what: format!(
                        "Week {} of {} is not recorded",
                        session.week,
                        group.cohort.id.title()
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
        let is_due = due <= today;
        let list = if is_due { &mut self.today } else { &mut self.soon };
        if missing.len() > MOST_NAMED || (!is_due && !missing.is_empty()) {
            let until = if is_due { String::new() } else { format!(", due {}", words::day(due)) };
            list.push(Item {
                what: format!(
                    "{} {} not agreed to {}{until}",
                    missing.len(),
                    words::has(missing.len()),
                    group.cohort.id.title()
                ),
                command: format!("cohorts consent list{positional}"),
            });
            return;
        }
        for (member, name) in missing.iter().zip(called(&missing)) {
            let code = &member.participant.code;
            list.push(match Group::last_decision(member) {
                Some(Decision::Declined) => Item {
                    what: format!("{name} has declined the agreement"),
                    command: format!("cohorts withdraw {code}{option}"),
                },
                Some(Decision::Withdrawn) => Item {
                    what: format!("{name} took the agreement back"),
                    command: format!("cohorts withdraw {code}{option}"),
                },
                _ => Item {
                    what: format!("{name} has not agreed"),
                    command: format!("cohorts consent agreed {code}{option}"),
                },
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

    fn add_next_cohort(&mut self, office: &Office, today: NaiveDate) {
        if pick::next(&office.definitions.program, today).is_none() {
            self.soon
                .push(Item { what: "No cohort is to come".into(), command: "cohorts new".into() });
        }
    }

    fn text(&self, now: NaiveDateTime) -> String {
        let date = format!("{}, {}", words::weekday_of_year(now.date()), words::time(now.time()));
        if !self.fits {
            return format!(
                "{ALARM}cohorts.toml and the records do not fit together.{ALARM:#}\n\
                 Who may be let in is not certain before they do.\n\n{STRONG}Today{STRONG:#}\n  \
                 See what is wrong, and mend it        cohorts check\n"
            );
        }
        if self.today.is_empty() && self.sessions.is_empty() {
            return match self.soon.as_slice() {
                [] => "Nothing to do.\n".into(),
                [one] => format!("Nothing to do. {}: {}\n", one.what, one.command),
                _ => format!("{date}: nothing to do.\n\n{}", self.items("Soon", &self.soon)),
            };
        }
        let mut text = match self.sessions.as_slice() {
            [] => format!("{date}\n"),
            lines => lines.join("\n") + "\n",
        };
        text += "\n";
        text += &self.items("Today", &self.today);
        text += &self.items("Soon", &self.soon);
        text
    }

    /// Lines under a title, with their commands in one column.
    fn items(&self, title: &str, items: &[Item]) -> String {
        use unicode_width::UnicodeWidthStr;
        if items.is_empty() {
            return String::new();
        }
        let widths = self.today.iter().chain(&self.soon).map(|item| item.what.width());
        let width = widths.max().unwrap_or_default().max(36);
        let mut text = format!("{STRONG}{title}{STRONG:#}\n");
        for Item { what, command } in items {
            let gap = " ".repeat(width - what.width());
            text += &format!("  {what}{gap}  {command}\n");
        }
        text
    }
}

/// Today's session: when, who is expected, who told us, who must not be let in.
fn session_lines(group: &Group<'_>, session: &Session, now: NaiveDateTime) -> Vec<String> {
    let cohort = group.cohort;
    let left =
        format!("{}, week {} of {}", cohort.id.title(), session.week, group.sessions().len());
    let right = format!("{}, {}", words::weekday_of_year(now.date()), words::time(now.time()));
    let gap =
        " ".repeat(76_usize.saturating_sub(left.chars().count() + right.chars().count()).max(2));
    let place =
        cohort.terms.location.as_ref().map(|place| format!(", {place}")).unwrap_or_default();
    let when = if now < session.begins() {
        let minutes = (session.begins() - now).num_minutes();
        let wait = match (minutes / 60, minutes % 60) {
            (0, minutes) => format!(
                "in {}",
                words::count(usize::try_from(minutes).unwrap_or_default(), "minute")
            ),
            (hours, 0) => {
                format!("in {}", words::count(usize::try_from(hours).unwrap_or_default(), "hour"))
            }
            (hours, minutes) => format!("in {hours} h {minutes} min"),
        };
        format!("Starts {} ({wait}){place}", words::time(session.starts_at))
    } else if now < session.ends() {
        format!(
            "Started {}, until {}{place}",
            words::time(session.starts_at),
            words::time(session.ends_at)
        )
    } else {
        format!("Was {} - {}{place}", words::time(session.starts_at), words::time(session.ends_at))
    };
    let (mut expected, mut excused, mut not_agreed) = (Vec::new(), Vec::new(), Vec::new());
    for member in by_call_name(group.members.iter().collect()) {
        let told_us = member.marks.get(&session.week).is_some_and(|a| a.mark == Mark::Excused);
        match group.standing(member, session) {
            // Whoever told us may come after all: then the agreement decides.
            Standing::Expected if told_us => excused.push(member),
            Standing::Expected => expected.push(member),
            Standing::NotAgreed => not_agreed.push(member),
            _ => {}
        }
    }
    let mut lines = vec![format!("{STRONG}{left}{STRONG:#}{gap}{right}"), when, String::new()];
    if group.recorded.contains_key(&session.week) && group.is_recorded(session) {
        let counts = super::show::what_was_recorded(group, session, now).unwrap_or_default();
        lines.push(format!("  Recorded     {counts}"));
        return lines;
    }
    lines.extend(people_lines("Expected", &called(&expected), ""));
    lines.extend(people_lines("Excused", &called(&excused), ""));
    let names: Vec<String> = not_agreed
        .iter()
        .zip(called(&not_agreed))
        .map(|(member, name)| match Group::last_decision(member) {
            Some(Decision::Declined) => format!("{name} (declined)"),
            Some(Decision::Withdrawn) => format!("{name} (took it back)"),
            _ => name,
        })
        .collect();
    for line in people_lines("DO NOT ADMIT", &names, "  (not agreed)") {
        lines.push(line.replacen("DO NOT ADMIT", &format!("{ALARM}DO NOT ADMIT{ALARM:#}"), 1));
    }
    lines
}

/// A label, a count and names, turned over where the line is full.
fn people_lines(label: &str, names: &[String], after: &str) -> Vec<String> {
    use unicode_width::UnicodeWidthStr;
    if names.is_empty() {
        return Vec::new();
    }
    let mut line = format!("  {label:<12} {:<3}", names.len());
    let indent = " ".repeat(line.len());
    let mut lines = Vec::new();
    for (index, name) in names.iter().enumerate() {
        let comma = if index + 1 == names.len() { "" } else { "," };
        if line.width() + 1 + name.width() + comma.len() > 78 {
            lines.push(std::mem::replace(&mut line, indent.clone()));
        }
        line += &format!(" {name}{comma}");
    }
    lines.push(line + after);
    lines
}

fn called(members: &[&Member]) -> Vec<String> {
    let people: Vec<&Participant> = members.iter().map(|m| &m.participant).collect();
    call_names(&people).iter().map(|name| words::printable(name)).collect()
}

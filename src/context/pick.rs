//! Who and which cohort a command line means. Never a guess: what is not
//! certain is asked about, or refused with what it could have been.

use chrono::{NaiveDate, NaiveDateTime};

use super::{Context, Office};
use crate::domain::group::{Group, Member};
use crate::domain::participant::{Code, Match, Participant, Who};
use crate::domain::program::{Cohort, CohortId, Program, Week};
use crate::domain::schedule::{Session, Stage};
use crate::domain::text;
use crate::error::{Error, Result};
use crate::output::prompts::Prompts;
use crate::output::words;

/// Which cohort is meant when none is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Otherwise {
    /// The running one, else the next, else the one that ended last.
    Current,
    /// The next one to start, for signing up.
    Next,
    /// The running one, else the one that ended last, for what happened.
    Begun,
}

/// The cohort that `named` means: an id, a unique beginning of one, `current`
/// or `next`.
pub fn cohort<'p>(
    program: &'p Program,
    named: Option<&str>,
    otherwise: Otherwise,
    today: NaiveDate,
) -> Result<&'p Cohort> {
    match (named, otherwise) {
        (Some("current"), _) => running(program, today)?.ok_or_else(|| {
            Error::refused("no cohort is running today").hint("cohorts list, to see them all")
        }),
        (Some("next"), _) | (None, Otherwise::Next) => next(program, today).ok_or_else(|| {
            Error::refused("no cohort is to come").hint("cohorts new, to add the next one")
        }),
        (Some(id), _) => by_id(program, id),
        (None, Otherwise::Current) => running(program, today)?
            .or_else(|| next(program, today))
            .or_else(|| ended_last(program, today))
            .ok_or_else(|| {
                Error::refused("there is no cohort yet").hint("cohorts new, to add the first one")
            }),
        (None, Otherwise::Begun) => running(program, today)?
            .or_else(|| ended_last(program, today))
            .ok_or_else(|| Error::refused("no cohort has begun yet")),
    }
}

/// The cohort that is running; two at once have to be told apart by name.
pub fn running(program: &Program, today: NaiveDate) -> Result<Option<&Cohort>> {
    let running: Vec<_> =
        program.cohorts.iter().filter(|c| c.stage(today) == Stage::Running).collect();
    match running.as_slice() {
        [] => Ok(None),
        [one] => Ok(Some(one)),
        several => Err(Error::usage("more than one cohort is running today; say which is meant")
            .hint(several.iter().map(|c| c.id.as_str()).collect::<Vec<_>>().join(", "))),
    }
}

/// The next cohort to start.
pub fn next(program: &Program, today: NaiveDate) -> Option<&Cohort> {
    program.cohorts.iter().find(|c| c.stage(today) == Stage::Upcoming)
}

/// The cohort that is over since the shortest time.
pub fn ended_last(program: &Program, today: NaiveDate) -> Option<&Cohort> {
    program.cohorts.iter().rev().find(|c| c.stage(today) == Stage::Over)
}

fn by_id<'p>(program: &'p Program, named: &str) -> Result<&'p Cohort> {
    if let Some(found) = program.cohort(named) {
        return Ok(found);
    }
    let begun: Vec<_> =
        program.cohorts.iter().filter(|c| c.id.as_str().starts_with(named)).collect();
    match begun.as_slice() {
        [one] => Ok(one),
        [] => {
            let ids = program.cohorts.iter().map(|c| c.id.as_str());
            let error = Error::refused(format!("there is no cohort `{named}` in cohorts.toml"));
            Err(match text::nearest(named, ids) {
                Some(near) => error.hint(format!("did you mean `{near}`?")),
                None => error.hint("cohorts list, to see them all"),
            })
        }
        several => Err(Error::usage(format!("`{named}` begins the name of more than one cohort"))
            .hint(several.iter().map(|c| c.id.as_str()).collect::<Vec<_>>().join(", "))),
    }
}

/// The session of a cohort that a week means.
pub fn session(group: &Group<'_>, week: Week) -> Result<Session> {
    group.session(week).copied().ok_or_else(|| {
        Error::refused(format!(
            "`{}` has no week {week}: it has {}",
            group.cohort.id,
            words::count(group.sessions().len(), "session")
        ))
    })
}

/// What has to stand in a command that lets somebody join a group by now: what is
/// proposed is pasted as it is.
pub fn to_join(group: &Group<'_>, now: NaiveDateTime) -> &'static str {
    if group.joining_week(now).is_none() {
        " --late --from-week N"
    } else if group.joins_until().is_some_and(|last| last.ends() <= now) {
        " --late"
    } else {
        ""
    }
}

/// Whether part of a name is enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Care {
    /// For looking: part of a name will do.
    Looking,
    /// For changing something: a code, an address or a whole name, unless
    /// somebody can be asked.
    Changing,
}

impl Context {
    /// The week that was named, else the one that is chosen: of those to come, the
    /// next one first, then those that were, the last one first.
    pub fn week(&self, id: &CohortId, named: Option<Week>) -> Result<Week> {
        if let Some(week) = named {
            return Ok(week);
        }
        self.prompts.require("the week", "--week N")?;
        let definitions = self.definitions(&self.folder()?)?;
        let sessions = by_id(&definitions.program, id.as_str())?.sessions();
        let (to_come, past): (Vec<_>, Vec<_>) =
            sessions.iter().partition(|session| session.ends() > self.now);
        let listed: Vec<_> = to_come.into_iter().chain(past.into_iter().rev()).collect();
        let said = |s: &&Session| format!("week {}, {}", s.week, words::weekday(s.date));
        let items: Vec<String> = listed.iter().map(said).collect();
        Ok(listed[self.prompts.choose("Which week", &items)?].week)
    }

    /// The cohort and the people in it that a changing command is about.
    pub fn members(&self, named: Option<&str>, whos: &[Who]) -> Result<(CohortId, Vec<Code>)> {
        let office = self.office()?;
        let program = &office.definitions.program;
        let cohort = cohort(program, named, Otherwise::Current, self.today())?;
        let group = office.group(cohort)?;
        let mut codes = Vec::new();
        for who in whos {
            let code = self.member(&office, &group, who, Care::Changing)?.participant.code.clone();
            if !codes.contains(&code) {
                codes.push(code);
            }
        }
        Ok((cohort.id.clone(), codes))
    }

    /// The member of a group that `who` means.
    pub fn member<'g>(
        &self,
        office: &Office,
        group: &'g Group<'_>,
        who: &Who,
        care: Care,
    ) -> Result<&'g Member> {
        let mut found = matching(group, who);
        if found.1.is_empty()
            && let Some(code) = who.code()
            && let Some(now) = office.store.participant(code)?.filter(|now| now.code != *code)
        {
            // A code from before two entries were joined.
            found = matching(group, &Who::parse(now.code.as_str()).map_err(Error::usage)?);
        }
        let people: Vec<_> = found.1.iter().map(|m| &m.participant).collect();
        if people.is_empty() {
            return Err(not_in(office, group, who, self.now)?);
        }
        let index = choose(self.prompts, who, found.0, &people, care)?;
        Ok(found.1[index])
    }

    /// The participant that `who` means, in whatever cohorts.
    pub fn participant(&self, office: &Office, who: &Who, care: Care) -> Result<Participant> {
        self.one_of(office, who, care, office.store.find_participants(who)?)
    }

    /// The same for erasing, which is also for those whose entry was taken back.
    pub fn participant_ever(&self, office: &Office, who: &Who) -> Result<Participant> {
        let mut found = office.store.find_participants(who)?;
        if found.iter().all(|(how, _)| *how == Match::Part) {
            let mut taken_back = office.store.find_taken_back(who)?;
            // Those of one address are one person's, and go together.
            if let Some(at) = taken_back.iter().position(|(how, _)| *how == Match::Exact) {
                taken_back = vec![taken_back.swap_remove(at)];
            }
            found.append(&mut taken_back);
        }
        self.one_of(office, who, Care::Changing, found)
    }

    fn one_of(
        &self,
        office: &Office,
        who: &Who,
        care: Care,
        found: Vec<(Match, Participant)>,
    ) -> Result<Participant> {
        let (how, mut people) = best(found);
        if people.is_empty() {
            if let Some(code) = who.code()
                && let Some(on) = office.store.erased_on(code)?
            {
                return Err(Error::refused(format!(
                    "`{code}` was erased on {}",
                    words::day_of_year(on)
                )));
            }
            return Err(Error::refused(format!("nobody here matches `{}`", who.text))
                .hint("cohorts participant list, to see everybody"));
        }
        let index = choose(self.prompts, who, how, &people.iter().collect::<Vec<_>>(), care)?;
        Ok(people.swap_remove(index))
    }
}

fn matching<'g>(group: &'g Group<'_>, who: &Who) -> (Match, Vec<&'g Member>) {
    let matches = group.members.iter().filter_map(|m| Some((m.participant.matches(who)?, m)));
    best(matches.collect())
}

/// The best matches: whoever is named by code or address, else by a whole
/// name, else by part of one.
fn best<T>(matches: Vec<(Match, T)>) -> (Match, Vec<T>) {
    let how = matches.iter().map(|(how, _)| *how).max().unwrap_or(Match::Part);
    let found = matches.into_iter().filter(|(match_, _)| *match_ == how);
    (how, found.map(|(_, one)| one).collect())
}

fn choose(
    prompts: Prompts,
    who: &Who,
    how: Match,
    people: &[&Participant],
    care: Care,
) -> Result<usize> {
    let certain = people.len() == 1 && (how > Match::Part || care == Care::Looking);
    if certain {
        return Ok(0);
    }
    let named = with_codes(&people[..people.len().min(20)]);
    if prompts.are_possible() {
        return if let [one] = named.as_slice() {
            match prompts.confirm(&format!("{one}?"), true)? {
                true => Ok(0),
                false => Err(Error::cancelled()),
            }
        } else {
            prompts.choose(&format!("Which `{}`", who.text), &named)
        };
    }
    let message = match people.len() {
        1 => format!("`{}` is only part of a name", who.text),
        _ => format!("`{}` could be {} people", who.text, people.len()),
    };
    let error = Error::usage(message).hint(match how {
        Match::Part => "name them by the code, the address, or the whole name in quotes",
        // Which is what two of them share.
        Match::Name | Match::Exact => "name them by the code",
    });
    Err(named.iter().fold(error, |error, one| error.hint(one.as_str())))
}

/// People by code, first name and an initial: enough to choose by, and no more
/// than a shared screen should show.
pub fn with_codes(people: &[&Participant]) -> Vec<String> {
    let named = |one: &&Participant| {
        let initial = one.last_name.chars().next().unwrap_or(' ');
        format!("{}  {} {initial}.", one.code, one.call_name())
    };
    people.iter().map(named).collect()
}

/// Says that somebody is not in a group, and where they are.
fn not_in(office: &Office, group: &Group<'_>, who: &Who, now: NaiveDateTime) -> Result<Error> {
    let id = &group.cohort.id;
    let (_, known) = best(office.store.find_participants(who)?);
    Ok(match known.as_slice() {
        [] => Error::refused(format!("nobody in `{id}` matches `{}`", who.text))
            .hint(format!("cohorts roster {id} --status all, to see who is in it")),
        [one] => {
            let cohorts = office.store.cohorts_of(one.id)?;
            let error = Error::refused(format!("`{}` is not in `{id}`", one.code));
            match cohorts.last() {
                Some(other) => error.hint(format!("they are in {other}: add -c {other}")),
                None => error.hint(format!(
                    "cohorts enroll -c {id} --same-person {}{}",
                    one.code,
                    to_join(group, now)
                )),
            }
        }
        _ => Error::refused(format!("nobody in `{id}` matches `{}`, but others do", who.text))
            .hint(format!("cohorts participant list {}", who.text)),
    })
}

//! The drafts of one run: the files, what is written down of them, and what is
//! said of them.

use std::fmt::Write as _;
use std::io::Write;
use std::path::Path;

use chrono::NaiveDate;

use super::letters::Letter;
use super::whom::Whom;
use crate::context::{Context, Mode, Office, Outcome, Seen};
use crate::domain::group::{Group, Member};
use crate::domain::instant;
use crate::domain::message::Kind;
use crate::domain::participant::Code;
use crate::domain::program::{CohortId, Week};
use crate::domain::schedule::Session;
use crate::error::Result;
use crate::output::file::ALONE;
use crate::output::folder::{self, FolderDraft};
use crate::output::message::{self, Message};
use crate::output::messages::Report;
use crate::output::words;
use crate::store::{Drafted, Store};

/// What is drafted, and for whom.
pub(super) struct Plan<'g> {
    pub(super) group: &'g Group<'g>,
    pub(super) kind: Kind,
    pub(super) session: Option<Session>,
    pub(super) whom: Whom<'g>,
    /// What each of them is told.
    pub(super) letters: Vec<Letter>,
}

/// What the history of exports says of drafts.
fn columns_of(kind: Kind) -> String {
    format!("drafted messages ({kind}): names, address")
}

/// Warns of drafts that still lie there and have the link for somebody who may
/// not have it any more.
pub fn with_link(store: &Store, id: &CohortId, codes: &[Code]) -> Result<Report> {
    let mut report = Report::silent();
    // A draft from before two entries were joined is named after the one that was.
    let mut named = Vec::new();
    for code in codes {
        if let Some(who) = store.participant(code)? {
            named.append(&mut store.codes_of(&who)?);
        }
    }
    for kind in [Kind::Reminder, Kind::Moved] {
        for folder in store.draft_folders(id, &columns_of(kind))? {
            let files = std::fs::read_dir(&folder).into_iter().flatten().flatten();
            let is_theirs =
                |name: &str| named.iter().any(|code| name.starts_with(&format!("{code}-{kind}")));
            for file in files.filter(|file| file.file_name().to_str().is_some_and(is_theirs)) {
                let path = words::quoted(&file.path());
                report =
                    report.warning(format!("a draft to them may have the link; delete {path}"));
            }
        }
    }
    Ok(report)
}

impl Plan<'_> {
    /// "reminder, week 2 of winter-2024"
    pub(super) fn what(&self) -> String {
        let id = &self.group.cohort.id;
        match &self.session {
            Some(session) => format!("{}, week {} of {id}", self.kind, session.week),
            None => format!("{} of {id}", self.kind),
        }
    }

    pub(super) fn count(&self, verb: &str) -> String {
        format!("{verb} {}: {}.", words::count(self.whom.to.len(), "message"), self.what())
    }

    fn week(&self) -> Option<Week> {
        self.session.map(|session| session.week)
    }

    pub(super) fn folder_name(&self) -> String {
        let week = self.week().map(|week| format!("week-{week}-")).unwrap_or_default();
        format!("mail-{}-{week}{}", self.group.cohort.id, self.kind)
    }

    /// The name of somebody's file: nobody is named in it.
    fn file_name(&self, member: &Member) -> String {
        let week = self.week().map(|week| format!("-{week}")).unwrap_or_default();
        format!("{}-{}{week}.eml", member.participant.code, self.kind)
    }

    pub(super) fn preview(&self) -> String {
        let (Some(member), Some(letter)) = (self.whom.to.first(), self.letters.first()) else {
            return String::new();
        };
        let mut text = format!("To: {}\n", member.participant.called());
        writeln!(text, "Subject: {}", letter.filled.subject).ok();
        if let Some((name, _)) = &letter.calendar {
            writeln!(text, "Attached: {name}").ok();
        }
        format!("{text}\n{}\n", letter.filled.text.trim_end())
    }

    /// Who gets none of them, and why.
    pub(super) fn left_out(&self) -> Report {
        let whom = &self.whom;
        let codes = |members: &[&Member]| {
            members.iter().map(|m| m.participant.code.to_string()).collect::<Vec<_>>().join(", ")
        };
        // Of them it is not known whether they missed it.
        let unmarked = match self.session.filter(|_| self.kind == Kind::Missed) {
            Some(session) => self.group.left_unmarked(&session),
            None => Vec::new(),
        };
        let mut report = Report::silent();
        if !whom.to_call.is_empty() {
            let people: Vec<String> = whom.to_call.iter().map(|m| m.participant.called()).collect();
            report = report.and(format!("No address, to be called: {}", words::list(&people)));
        }
        for (why, members) in [
            ("drafted before", &whom.before),
            ("cannot come", &whom.excused),
            ("said no to it", &whom.said_no),
            ("without a mark", &unmarked),
        ] {
            if !members.is_empty() {
                report = report.and(format!("Left out, {why}: {}", codes(members)));
            }
        }
        report
    }

    /// How those get it too for whom it was drafted before.
    pub(super) fn once_more(&self, report: Report) -> Report {
        if self.whom.before.is_empty() {
            return report;
        }
        let week = self.week().map(|week| format!(" --week {week}")).unwrap_or_default();
        let (id, kind) = (&self.group.cohort.id, self.kind);
        report.next("once more", format!("cohorts mail {id} --template {kind}{week} --again"))
    }

    /// What is written down of each message: itself, and which days it tells.
    fn drafted(&self, on: NaiveDate) -> Vec<Drafted> {
        let about = |session: &Session| Drafted {
            kind: self.kind,
            week: Some(session.week),
            date: Some(session.date),
            starts_at: Some(session.starts_at),
            on,
        };
        if let Some(session) = &self.session {
            return vec![about(session)];
        }
        let agreement = self.group.agreement.filter(|_| self.kind == Kind::Agreement);
        let date = agreement.map(|agreement| agreement.since);
        let mut all = vec![Drafted { kind: self.kind, week: None, date, starts_at: None, on }];
        if self.kind == Kind::Invitation {
            all.extend(self.group.sessions().iter().map(about));
        }
        all
    }

    pub(super) fn write(
        &self,
        ctx: &mut Context,
        office: &Office,
        seen: &Seen,
        path: &Path,
        named: &Path,
    ) -> Result<Outcome> {
        office.refuse_to_change()?;
        office.refuse_own_files(path)?;
        folder::refuse_bad_place(path)?;
        let (id, people) = (&self.group.cohort.id, self.whom.to.len());
        let mut draft = None;
        if ctx.mode == Mode::Real {
            let columns = columns_of(self.kind);
            ctx.disclose(&office.store, id.as_str(), &columns, people, path)?;
            draft = Some(self.folder(ctx, office, path)?);
        }
        let now = ctx.today();
        let shown = named.display().to_string();
        let mut published = false;
        let done = ctx.change_since(Some(seen), "mail", |desk| {
            desk.cohort = Some(id.to_string());
            for drafted in self.drafted(now) {
                for member in &self.whom.to {
                    desk.store.add_draft(member.enrollment.id, &drafted)?;
                }
            }
            desk.summary = format!("{}: {} drafted", self.what(), words::count(people, "message"));
            // A message that is drafted twice is better than one that is said
            // to be drafted and is nowhere: the files are there first.
            if let Some(draft) = draft {
                draft.publish()?;
                published = true;
            }
            let report = Report::new(self.count("Drafted"))
                .and(format!("They are in {shown}{ALONE}."))
                .then(self.left_out())
                .and("Nothing was sent: open each, look at it, send it, and delete the files.");
            Ok(self.once_more(report))
        });
        done.map_err(|error| match published {
            true => error.hint(format!(
                "the drafts are in {shown}; whether they are written down: cohorts history"
            )),
            false => error,
        })
    }

    /// The files, in a folder that nobody sees yet.
    fn folder<'p>(
        &self,
        ctx: &Context,
        office: &Office,
        path: &'p Path,
    ) -> Result<FolderDraft<'p>> {
        let from = office.definitions.mail.from.as_ref();
        let at = instant::utc(ctx.now, &ctx.zone).unwrap_or_else(|| ctx.now.and_utc());
        let draft = FolderDraft::begin(path)?;
        for (member, letter) in self.whom.to.iter().zip(&self.letters) {
            let person = &member.participant;
            let name = person.full_name();
            let bytes = message::render(&Message {
                at,
                from: from.map(|from| (from.name.as_deref(), from.address.as_str())),
                to: (Some(&name), person.email.as_deref().unwrap_or_default()),
                subject: &letter.filled.subject,
                text: &letter.filled.text,
                calendar: letter.calendar.as_ref().map(|(name, text)| (&**name, &**text)),
            });
            let file_name = self.file_name(member);
            let mut file = draft.file(&file_name)?;
            let written = file.write_all(&bytes).and_then(|()| file.sync_all());
            written.map_err(|error| draft.failed(&file_name, &error))?;
        }
        Ok(draft)
    }
}

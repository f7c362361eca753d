//! `cohorts mail`

mod facts;
mod whom;

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::Write;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::{args, calendar};
use crate::command::consent::refuse_edited_agreement;
use crate::context::{Context, Mode, Office, Outcome, Seen, edition, pick};
use crate::definitions::mail::{Filled, InFile};
use crate::domain::group::{Group, Member};
use crate::domain::instant;
use crate::domain::message::Kind;
use crate::domain::program::Week;
use crate::domain::schedule::Session;
use crate::domain::words::Word;
use crate::error::{Error, Result};
use crate::output::folder::{self, FolderDraft};
use crate::output::message::{self, Message};
use crate::output::messages::Report;
use crate::output::{problems, words};
use facts::Letters;
use whom::Whom;

/// Draft messages to everybody whom they are for, one file a person
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER)]
pub struct Args {
    /// Which cohort; the running one, else the next
    #[arg(value_name = "COHORT")]
    cohort: Option<String>,

    /// What it is about: one of those below
    #[arg(long, short, value_name = "KIND", value_parser = args::one_of::<Kind>(), hide_possible_values = true)]
    template: Option<Kind>,

    /// About which session
    #[arg(long, short, value_name = "N", value_parser = args::week)]
    week: Option<Week>,

    /// Show the first of them, and write nothing
    #[arg(long)]
    preview: bool,

    /// Also for those for whom it was drafted before
    #[arg(long)]
    again: bool,

    /// The folder to make [default: mail-COHORT-...]
    #[arg(long, short, value_name = "DIR", conflicts_with = "preview")]
    output: Option<PathBuf>,
}

const AFTER: &str = "\
invitation  enrolled: the dates, and a calendar file
agreement   enrolled, has not agreed and not said no: the text to agree to
reminder    expected at the next session, or week N: day, hour and link
missed      absent from the last session, or week N, without a word
moved       enrolled, where a session moved: the new day, and a calendar file

Nothing is sent: each file is a draft to one person, for your mail program.
The link is `link` below [program] or [[cohort]], for those who have agreed. In
cohorts.toml, [mail] has `from`, and sections such as [mail.reminder] `subject`
and `text`, or `file`: Jinja templates, as the README shows. They know
  goes_by first_name last_name agreed agree_by program cohort location zone
  facilitators sender sessions
of a session, and of each of `sessions`: week day year time starts_at topic
and agreement (agreement), link (reminder, moved), next_day next_time (missed),
old_day old_time (moved).

Examples:
  cohorts mail --template invitation
  cohorts mail --template reminder --preview
  cohorts mail winter-2024 --template missed --week 2 --output to-send";

/// What is drafted, and for whom.
struct Plan<'g> {
    group: &'g Group<'g>,
    kind: Kind,
    session: Option<Session>,
    whom: Whom<'g>,
    /// What each of them is told.
    letters: Vec<Letter>,
}

struct Letter {
    filled: Filled,
    /// The name and the text of the calendar file that comes with it.
    calendar: Option<(String, String)>,
}

pub fn run(ctx: &mut Context, args: &Args) -> Result<Report> {
    let kind = match args.template {
        Some(kind) => kind,
        None => ask_kind(ctx)?,
    };
    loop {
        let saved_at = edition::saved_at(&ctx.folder()?)?;
        let mut office = ctx.office()?;
        let folder = office.folder.clone();
        let mistakes = office.definitions.fetch_templates(|name| std::fs::read(folder.join(name)));
        if !mistakes.is_empty() {
            return Err(cannot_be_written(ctx, &mistakes));
        }
        let seen = office.seen()?;
        let snapshot = office.store.snapshot()?;
        let otherwise = match kind {
            Kind::Missed => pick::Otherwise::Begun,
            _ => pick::Otherwise::Current,
        };
        let program = &office.definitions.program;
        let cohort = pick::cohort(program, args.cohort.as_deref(), otherwise, ctx.today())?;
        let group = office.group(cohort)?;
        if kind != Kind::Missed {
            refuse_edited_agreement(&office.store, &group)?;
        }
        let session = whom::session(&group, kind, args.week, ctx.now)?;
        let drafted = match args.again || args.preview {
            true => HashMap::new(),
            false => office.store.drafted(&cohort.id, kind, session.map(|s| s.week))?,
        };
        let whom = Whom::of(&group, kind, session.as_ref(), &drafted, ctx.today());
        let letters = letters(ctx, &office, &group, kind, session, &whom, saved_at)?;
        drop(snapshot);
        let plan = Plan { group: &group, kind, session, whom, letters };
        if args.preview {
            ctx.out.data().write_all(plan.preview().as_bytes())?;
            return Ok(
                Report::new(plan.count("Nothing was drafted; it would be")).then(plan.left_out())
            );
        }
        if plan.whom.to.is_empty() {
            let nobody = format!("Nobody is to get it now: {}.", plan.what());
            return Ok(plan.once_more(Report::new(nobody).then(plan.left_out())));
        }
        let path = match &args.output {
            Some(named) => ctx.file(named),
            None => free_place(&ctx.here, &plan.folder_name()),
        };
        let named =
            args.output.as_deref().unwrap_or(Path::new(path.file_name().unwrap_or_default()));
        if let Outcome::Done(report) = plan.write(ctx, &office, &seen, &path, named)? {
            return Ok(report);
        }
    }
}

fn ask_kind(ctx: &Context) -> Result<Kind> {
    let words: Vec<String> = Kind::ALL.iter().map(ToString::to_string).collect();
    ctx.prompts
        .require("what it is about", &format!("--template, one of {}", words::list(&words)))?;
    Ok(Kind::ALL[ctx.prompts.choose("What about", &words)?])
}

/// What each is told; nothing is written before all of it can be said.
fn letters(
    ctx: &Context,
    office: &Office,
    group: &Group<'_>,
    kind: Kind,
    session: Option<Session>,
    whom: &Whom<'_>,
    saved_at: DateTime<Utc>,
) -> Result<Vec<Letter>> {
    if kind == Kind::Agreement && group.agreement.is_none() {
        return Err(Error::refused(format!(
            "no agreement is in force when `{}` starts",
            group.cohort.id
        )));
    }
    let (definitions, store) = (&office.definitions, &office.store);
    let from = definitions.mail.from.as_ref();
    let letters = Letters { group, kind, session, from, today: ctx.today() };
    let uid = store.office_uid()?;
    let edition = edition::of(saved_at, store.count_file_edits()?);
    let calendar = |name: &str, sessions: &[Session]| -> Result<Option<(String, String)>> {
        let text = calendar::text_of(&uid, group.cohort, sessions, None, &edition)?;
        Ok(Some((name.to_owned(), text)))
    };
    let one = |member: &&Member| -> Result<Letter> {
        let filled = definitions
            .message(kind, &letters.facts(member))
            .map_err(|mistake| cannot_be_written(ctx, &[mistake]))?;
        let calendar = match (kind, session) {
            (Kind::Invitation, _) => calendar("sessions.ics", &letters.sessions_of(member))?,
            (Kind::Moved, Some(session)) => {
                calendar(&format!("session-{}.ics", session.week), &[session])?
            }
            _ => None,
        };
        Ok(Letter { filled, calendar })
    };
    whom.to.iter().map(one).collect()
}

fn cannot_be_written(ctx: &Context, mistakes: &[InFile]) -> Error {
    let shown = mistakes.iter().map(|InFile { file, text, problem }| {
        problems::render_of(file, text, std::slice::from_ref(problem), ctx.out.color())
    });
    let mut error = Error::refused("a message cannot be written like that; nothing was drafted");
    error.preamble = Some(shown.collect::<Vec<_>>().join("\n"));
    error
}

/// A place beside which nothing of that name is yet.
fn free_place(here: &Path, name: &str) -> PathBuf {
    let numbered = (2..).map(|number| format!("{name}-{number}"));
    let mut names = std::iter::once(name.to_owned()).chain(numbered);
    let free = names.find(|name| here.join(name).symlink_metadata().is_err());
    here.join(free.unwrap_or_default())
}

impl Plan<'_> {
    /// "reminder, week 2 of winter-2024"
    fn what(&self) -> String {
        let id = &self.group.cohort.id;
        match &self.session {
            Some(session) => format!("{}, week {} of {id}", self.kind, session.week),
            None => format!("{} of {id}", self.kind),
        }
    }

    fn count(&self, verb: &str) -> String {
        format!("{verb} {}: {}.", words::count(self.whom.to.len(), "message"), self.what())
    }

    fn week(&self) -> Option<Week> {
        self.session.map(|session| session.week)
    }

    fn folder_name(&self) -> String {
        let week = self.week().map(|week| format!("week-{week}-")).unwrap_or_default();
        format!("mail-{}-{week}{}", self.group.cohort.id, self.kind)
    }

    /// The name of somebody's file: nobody is named in it.
    fn file_name(&self, member: &Member) -> String {
        let week = self.week().map(|week| format!("-{week}")).unwrap_or_default();
        format!("{}-{}{week}.eml", member.participant.code, self.kind)
    }

    fn preview(&self) -> String {
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
    fn left_out(&self) -> Report {
        let whom = &self.whom;
        let codes = |members: &[&Member]| {
            members.iter().map(|m| m.participant.code.to_string()).collect::<Vec<_>>().join(", ")
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
        ] {
            if !members.is_empty() {
                report = report.and(format!("Left out, {why}: {}", codes(members)));
            }
        }
        report
    }

    /// How those get it too for whom it was drafted before.
    fn once_more(&self, report: Report) -> Report {
        if self.whom.before.is_empty() {
            return report;
        }
        let week = self.week().map(|week| format!(" --week {week}")).unwrap_or_default();
        let (id, kind) = (&self.group.cohort.id, self.kind);
        report.next("once more", format!("cohorts mail {id} --template {kind}{week} --again"))
    }

    fn write(
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
            draft = Some(self.folder(ctx, office, path)?);
            let columns = format!("drafted messages ({}): names, address", self.kind);
            ctx.disclose(&office.store, id.as_str(), &columns, people, path)?;
        }
        let now = ctx.today();
        let shown = named.display().to_string();
        let is_there = draft.is_some();
        let done = ctx.change_since(Some(seen), "mail", |desk| {
            desk.cohort = Some(id.to_string());
            for member in &self.whom.to {
                desk.store.add_draft(member.enrollment.id, self.kind, self.week(), now)?;
            }
            desk.summary = format!("{}: {} drafted", self.what(), words::count(people, "message"));
            // A message that is drafted twice is better than one that is said
            // to be drafted and is nowhere: the files are there first.
            if let Some(draft) = draft {
                draft.publish()?;
            }
            let alone = if cfg!(unix) { ", which only you can read" } else { "" };
            let report = Report::new(self.count("Drafted"))
                .and(format!("They are in {shown}{alone}."))
                .then(self.left_out())
                .and("Nothing was sent: open each, look at it, send it, and delete the files.");
            Ok(self.once_more(report))
        });
        done.map_err(|error| match is_there && path.exists() {
            true => error.hint(format!("delete {shown}: that it was drafted is not written down")),
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

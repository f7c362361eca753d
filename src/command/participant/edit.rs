//! `cohorts participant edit`

use crate::command::{args, enroll};
use crate::context::pick::Care;
use crate::context::{Context, Office};
use crate::domain::participant::{Code, Email, Who};
use crate::domain::program::CohortId;
use crate::domain::text::fold;
use crate::error::{Error, Result};
use crate::output::messages::Report;
use crate::output::words;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A code, an address or a name
    #[arg(value_name = "WHO", value_parser = args::who)]
    who: Who,

    /// What it is now
    #[arg(long, value_name = "NAME", value_parser = args::name)]
    first_name: Option<String>,

    /// What it is now
    #[arg(long, value_name = "NAME", value_parser = args::name)]
    last_name: Option<String>,

    /// What to call them; '' clears it
    #[arg(long, value_name = "NAME", value_parser = args::maybe_name)]
    goes_by: Option<String>,

    /// The new address; the one before still finds them
    #[arg(long, value_name = "ADDRESS", value_parser = args::email)]
    email: Option<Email>,

    /// '' clears it
    #[arg(long, value_name = "NUMBER", value_parser = args::maybe_text)]
    phone: Option<String>,

    /// What they are called in Zoom, for `attend --from`; '' forgets all such names
    #[arg(long, value_name = "NAME", value_parser = args::maybe_text)]
    zoom_name: Option<String>,

    /// The cohort whose leave, site or residency changes
    #[arg(long, short, value_name = "COHORT")]
    cohort: Option<String>,

    /// Their training program; '' clears it
    #[arg(long, value_name = "NAME", value_parser = args::maybe_text)]
    residency: Option<String>,

    /// Where they train; '' clears it
    #[arg(long, value_name = "PLACE", value_parser = args::maybe_text)]
    site: Option<String>,

    /// One of the kinds in cohorts.toml; '' clears it
    #[arg(long, value_name = "KIND", value_parser = args::maybe_text)]
    leave: Option<String>,
}

pub(super) fn run(ctx: &mut Context, args: &Args) -> Result<Report> {
    let of_person = args.first_name.is_some()
        || args.last_name.is_some()
        || args.goes_by.is_some()
        || args.email.is_some()
        || args.zoom_name.is_some()
        || args.phone.is_some();
    let of_enrollment = args.residency.is_some() || args.site.is_some() || args.leave.is_some();
    if !of_person && !of_enrollment {
        return Err(Error::usage("nothing to change was given")
            .hint("add --email, --phone, --goes-by, --site or another"));
    }
    let office = ctx.office()?;
    let code = ctx.participant(&office, &args.who, Care::Changing)?.code;
    let cohort = of_enrollment.then(|| enrollment_cohort(ctx, &office, args, &code)).transpose()?;
    drop(office);
    ctx.change("participant edit", |desk| {
        let known = desk.store.participant(&code)?;
        let known = known
            .ok_or_else(|| Error::refused(format!("nobody has the code `{code}` any more")))?;
        let mut changed: Vec<&str> = Vec::new();
        let mut shared = None;
        let mut to = known.clone();
        to.first_name = args.first_name.clone().unwrap_or(to.first_name);
        to.last_name = args.last_name.clone().unwrap_or(to.last_name);
        if let Some(name) = &args.goes_by {
            to.goes_by = enroll::goes_by(Some(name), Some(&to.first_name));
        }
        if let Some(phone) = &args.phone {
            to.phone = Some(phone.clone()).filter(|phone| !phone.is_empty());
        }
        for (what, differs) in [
            ("the name", (&to.first_name, &to.last_name) != (&known.first_name, &known.last_name)),
            ("the name to go by", to.goes_by != known.goes_by),
            ("the phone number", to.phone != known.phone),
        ] {
            if differs {
                changed.push(what);
            }
        }
        if to != known {
            desk.store.update_participant(&to)?;
        }
        let same = |email: &&Email| {
            known.email.as_ref().map(|known| known.to_lowercase()) != Some(email.key())
        };
        if let Some(email) = args.email.as_ref().filter(same) {
            let others = desk.store.participants_at(email)?;
            shared = others.into_iter().find(|other| other.id != known.id).map(|other| other.code);
            desk.store.set_email(known.id, Some(email))?;
            changed.push("the address");
        }
        if let Some(name) = &args.zoom_name {
            let known_as = desk.store.zoom_names_of(known.id)?;
            let is_new = known_as.iter().all(|known| fold(known) != fold(name));
            if name.is_empty() {
                desk.store.forget_zoom_names(known.id)?;
            } else {
                desk.store.confirm_zoom_name(known.id, name)?;
            }
            if is_new && !(name.is_empty() && known_as.is_empty()) {
                changed.push("the name in Zoom");
            }
        }
        if let Some(id) = &cohort {
            let group = desk.group(id)?;
            if let Some(member) = group.member_with(&code) {
                let before = &member.enrollment;
                let mut enrollment = before.clone();
                let set = |field: &mut Option<String>, given: &Option<String>| {
                    if let Some(given) = given {
                        *field = Some(given.clone()).filter(|text| !text.is_empty());
                    }
                };
                set(&mut enrollment.residency, &args.residency);
                set(&mut enrollment.site, &args.site);
                match args.leave.as_deref() {
                    Some("") => enrollment.leave = None,
                    given => {
                        let given = enroll::checked_leave(&group, given)?;
                        enrollment.leave = given.or(enrollment.leave);
                    }
                }
                for (what, differs) in [
                    ("the residency", enrollment.residency != before.residency),
                    ("the site", enrollment.site != before.site),
                    ("the leave", enrollment.leave != before.leave),
                ] {
                    if differs {
                        changed.push(what);
                    }
                }
                if enrollment != *before {
                    desk.store.update_enrollment(&enrollment)?;
                }
            }
        }
        desk.summary = format!("{code}: {} changed", words::list(&changed));
        if changed.is_empty() {
            return Ok(Report::new(format!("{code} is so already; nothing was changed.")));
        }
        let report = Report::new(format!(
            "Changed {} of {} ({code}).",
            words::list(&changed),
            to.call_name()
        ));
        Ok(match shared {
            Some(other) => {
                report.warning(format!("{other} has that address too: name each by the code"))
            }
            None => report,
        }
        .next("take it back", "cohorts undo"))
    })
}

/// The cohort whose details are meant: the one named, else the newest they
/// are in.
fn enrollment_cohort(ctx: &Context, office: &Office, args: &Args, code: &Code) -> Result<CohortId> {
    if args.cohort.is_some() {
        let who = Who::parse(code.as_str()).map_err(Error::usage)?;
        return Ok(ctx.members(args.cohort.as_deref(), &[who])?.0);
    }
    let known = office.store.participant(code)?;
    let cohorts =
        known.map(|known| office.store.cohorts_of(known.id)).transpose()?.unwrap_or_default();
    let newest = cohorts.last().and_then(|id| office.definitions.program.cohort(id));
    newest.map(|cohort| cohort.id.clone()).ok_or_else(|| {
        Error::refused(format!("`{code}` is in no cohort"))
            .hint("residency, site and leave belong to an enrollment")
    })
}

//! `cohorts handover`

use std::path::PathBuf;

use crate::context::copies::{self, Care};
use crate::context::{Context, HANDOVER, Mode, handed_over};
use crate::error::{Error, Result};
use crate::output::file::{self, Existing};
use crate::output::messages::Report;
use crate::output::words;
use crate::store::{CopyKind, Disclosure, HandedOver};

/// Hand everything over to a colleague or a new computer, in one file
#[derive(Debug, clap::Args)]
#[command(after_help = "\
From then on these records may only be read here, so that nobody writes into
two copies at once. The colleague opens the file with `cohorts takeover`; when
they hand it back the same way, it goes on here. Of encrypted records they need
the words of the recovery sheet too (cohorts key show): never with the file.

Examples:
  cohorts handover /media/usb/aim-focus-release.handover
  cohorts handover --cancel      nobody took it over; go on here")]
pub struct Args {
    /// The file to hand over
    #[arg(value_name = "FILE", required_unless_present = "cancel")]
    file: Option<PathBuf>,

    /// Go on here, because nobody has opened the file, nor ever will
    #[arg(long, conflicts_with = "file")]
    cancel: bool,
}

pub fn run(ctx: &mut Context, args: &Args) -> Result<Report> {
    let Some(file) = &args.file else { return cancel(ctx) };
    let office = ctx.office()?;
    let path = ctx.file(file);
    if path.symlink_metadata().is_ok_and(|found| found.is_file()) {
        return Err(Error::refused(format!(
            "{} exists already; nothing was handed over",
            path.display()
        ))
        .hint("choose another name: a file that was handed over before is not replaced"));
    }
    office.refuse_own_files(&path)?;
    file::refuse_bad_place(&path, Existing::Keep)?;
    let (folder, people) = (office.folder.clone(), office.store.count_participants()?);
    drop(office);
    let shown = path.display().to_string();
    let done = ctx.change(HANDOVER, |desk| {
        // Two files of them would be two copies that both go on.
        if let Some(elsewhere) = desk.store.handed_over()? {
            return Err(handed_over(&elsewhere));
        }
        desk.lasting = true;
        desk.summary = "handed over".into();
        let to = HandedOver { at: desk.now, file: shown.clone() };
        desk.store.set_handed_over(Some(&to))?;
        desk.store.disclose(&Disclosure {
            at: desk.now,
            zone: desk.zone,
            actor: desk.actor,
            cohorts: "all",
            columns: "handover of everything",
            people,
            file: &shown,
        })?;
        let mut report = Report::new(format!("Handed everything over to {shown}."))
            .and("From now on the records here may only be read.");
        if desk.store.key().is_some() {
            report = report.and(
                "Who takes them over needs the recovery sheet as well, on paper or by phone: cohorts key show",
            );
        }
        Ok(report
            .next("there, in an empty folder", format!("cohorts takeover {}", words::quoted(&path)))
            .next("here, when they hand it back", "cohorts takeover FILE"))
    })?;
    if ctx.mode == Mode::DryRun {
        return Ok(done);
    }
    let note = (CopyKind::Handover, ctx.now);
    let written = ctx.office().and_then(|office| {
        copies::write(&folder, &office.store, note, Care::Everything, &path, Existing::Keep)
    });
    if let Err(error) = written {
        // Without the file nothing was handed over.
        return Err(match cancel(ctx) {
            Ok(_) => error,
            Err(_) => Error::refused("handed over, but the file for it could not be written")
                .because(error.in_short())
                .hint("cohorts handover --cancel, to go on here"),
        });
    }
    ctx.gone_elsewhere.take();
    Ok(done)
}

fn cancel(ctx: &mut Context) -> Result<Report> {
    let report = ctx.change(HANDOVER, |desk| {
        if desk.store.handed_over()?.is_none() {
            return Err(Error::refused("these records were not handed over"));
        }
        desk.lasting = true;
        desk.summary = "took the handover back".into();
        desk.store.set_handed_over(None)?;
        Ok(Report::new("The records can be changed here again.")
            .warning("delete the handover file: what somebody changes in it would not come back"))
    })?;
    ctx.gone_elsewhere.take();
    Ok(report)
}

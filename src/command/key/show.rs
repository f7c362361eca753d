//! `cohorts key show`

use std::io::Write;

use super::sheet;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::output::messages::Report;

pub(super) fn run(ctx: &mut Context) -> Result<Report> {
    let folder = ctx.folder()?;
    let records = ctx.records(&folder)?;
    let Some(key) = records.key() else {
        return Err(Error::refused("the records are not encrypted, and have no key")
            .hint("cohorts encrypt"));
    };
    let text = sheet::text(ctx, key, &folder);
    ctx.out.data().write_all(text.as_bytes())?;
    Ok(Report::silent())
}

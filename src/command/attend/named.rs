//! What the options say of whom.

use super::{Args, Rest, Said};
use crate::context::{Context, Office, pick};
use crate::domain::attendance::Mark;
use crate::domain::group::Group;
use crate::error::{Error, Result};

/// What the options say; nothing where there are none.
pub(super) fn named(
    ctx: &Context,
    office: &Office,
    group: &Group<'_>,
    args: &Args,
) -> Result<Option<Said>> {
    let mut said = Said {
        rest: args.rest.map(|rest| match rest {
            Rest::Present => Mark::Present,
            Rest::Absent => Mark::Absent,
        }),
        ..Said::default()
    };
    let lists = [
        (&args.present, Mark::Present),
        (&args.late, Mark::Late),
        (&args.departed, Mark::Departed),
        (&args.excused, Mark::Excused),
        (&args.absent, Mark::Absent),
    ];
    for (whos, mark) in lists {
        for who in whos {
            let code =
                ctx.member(office, group, who, pick::Care::Changing)?.participant.code.clone();
            let before = said.marks.insert(code.clone(), mark);
            if before.is_some_and(|before| before != mark) {
                return Err(Error::usage(format!("`{code}` is named with two marks")));
            }
        }
    }
    for who in &args.without_agreement {
        let code = ctx.member(office, group, who, pick::Care::Changing)?.participant.code.clone();
        if said.marks.get(&code).is_some_and(|mark| !mark.was_there()) {
            return Err(Error::usage(format!(
                "`{code}` is named as away, and as there without an agreement"
            )));
        }
        said.without_agreement.extend(args.reason.map(|reason| (code, reason)));
    }
    let nothing = said.marks.is_empty() && said.without_agreement.is_empty() && said.rest.is_none();
    Ok((!nothing).then_some(said))
}

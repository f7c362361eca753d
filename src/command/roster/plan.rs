//! What a roster is to hold, once the purpose and the options are put together.

use chrono::{NaiveDateTime, NaiveTime};

use super::sheet::{Sheet, sort_by, sort_by_name};
use super::{Args, Standing};
use crate::command::consent::refuse_edited_agreement;
use crate::context::{Context, Office};
use crate::domain::group::{Group, Member};
use crate::domain::program::{Cohort, Purpose};
use crate::domain::roster::{self, Column, People, Tells};
use crate::domain::text;
use crate::error::{Error, Result};
use crate::output::csv::Delimiter;
use crate::output::rows::Format;
use crate::output::words as say;

/// What a roster is to hold, once the purpose and the flags are put together.
pub(super) struct Plan<'a> {
    pub(super) sheet: Sheet,
    pub(super) people: People,
    pub(super) only_agreed: bool,
    pub(super) sort: &'a [&'static Column],
    /// Codes stand for people, and say nothing of the order of their names.
    pub(super) codes: bool,
    pub(super) now: NaiveDateTime,
    pub(super) format: Format,
    pub(super) delimiter: Delimiter,
}

impl Plan<'_> {
    /// A cohort with its people; refused where nobody's agreement can be relied on.
    pub(super) fn group<'o>(&self, office: &'o Office, cohort: &'o Cohort) -> Result<Group<'o>> {
        let group = match self.sheet.has("email") || self.sorts_by("email") {
            true => office.group(cohort)?,
            false => office.group_without_addresses(cohort)?,
        };
        if self.only_agreed {
            refuse_edited_agreement(&office.store, group.agreement)?;
        }
        Ok(group)
    }

    fn sorts_by(&self, name: &str) -> bool {
        self.sort.iter().any(|column| column.name == name)
    }

    /// Those of a group whom the roster is about, whether they fit into it or
    /// not.
    pub(super) fn meant<'g>(&self, group: &'g Group<'_>) -> impl Iterator<Item = &'g Member> {
        let today = self.now.date();
        let day = group.consent_day(today);
        group
            .members
            .iter()
            .filter(move |m| self.people.include(group, m, today))
            .filter(move |m| !self.only_agreed || group.valid_consent(m, day).is_some())
    }

    /// Those who are on the roster, in its order.
    pub(super) fn members<'g>(&self, group: &'g Group<'_>) -> Vec<&'g Member> {
        let fits = |m: &&Member| self.sheet.lacks(group, m, self.now).is_none();
        let mut members: Vec<&Member> = self.meant(group).filter(fits).collect();
        if self.codes {
            members.sort_by(|a, b| a.participant.code.as_str().cmp(b.participant.code.as_str()));
        } else {
            sort_by_name(&mut members);
        }
        sort_by(&mut members, self.sort, group, self.now);
        members
    }
}

pub(super) fn plan<'a>(office: &Office, args: &'a Args, ctx: &Context) -> Result<Plan<'a>> {
    let purpose = args.purpose.as_ref().map(|name| find_purpose(office, name)).transpose()?;
    let format = format(args)?;
    let twice = |(index, column): &(usize, &&'static Column)| {
        args.columns[..*index].iter().any(|earlier| earlier.name == column.name)
    };
    if let Some((_, column)) = args.columns.iter().enumerate().find(twice) {
        return Err(Error::usage(format!("--columns names `{}` twice", column.name)));
    }
    let sheet = match purpose {
        _ if !args.columns.is_empty() => Sheet::new(&args.columns),
        Some(purpose) => Sheet::chosen(&purpose.columns)?,
        None if format.is_to_be_read() => Sheet::of(roster::DEFAULT_TABLE)?,
        None => Sheet::of(roster::DEFAULT_DATA)?,
    };
    let sheet = if args.codes { sheet.with_codes()? } else { sheet };
    if args.codes
        && let Some(column) = args.sort.iter().find(|column| column.tells == Tells::Who)
    {
        return Err(Error::usage(format!(
            "--sort {} would give the order of what --codes leaves out",
            column.name
        ))
        .hint("leave --sort away: then it is sorted by code"));
    }
    let delimiter = match args.delimiter {
        Some(_) if format != Format::Csv => {
            return Err(Error::usage("--delimiter is for CSV alone")
                .hint("add --format csv, or an --output FILE that ends in .csv"));
        }
        delimiter => delimiter.unwrap_or(Delimiter::Comma),
    };
    // Such a list is for people who may come: no status goes around that.
    if let Some(purpose) = purpose.filter(|purpose| purpose.people == People::Agreed)
        && args.status.is_some_and(|status| status != Standing::Enrolled)
    {
        return Err(Error::usage(format!(
            "[roster.{}] is for those who have a place and have agreed; --status does not go with it",
            purpose.name
        )));
    }
    let people = match args.status {
        None => purpose.map_or(People::Enrolled, |purpose| purpose.people),
        Some(Standing::Enrolled) => People::Enrolled,
        Some(Standing::Waitlisted) => People::Waitlisted,
        Some(Standing::Withdrawn) => People::Withdrawn,
        Some(Standing::All) => People::All,
    };
    let only_agreed =
        args.agreed || purpose.is_some_and(|purpose| purpose.people == People::Agreed);
    let now = match args.as_of {
        Some(day) if day > ctx.today() => {
            return Err(Error::usage(format!("--as-of {day} is still to come")));
        }
        Some(day) if day < ctx.today() => {
            NaiveTime::from_hms_opt(23, 59, 59).map_or(ctx.now, |late| day.and_time(late))
        }
        _ => ctx.now,
    };
    Ok(Plan {
        sheet,
        people,
        only_agreed,
        sort: &args.sort,
        codes: args.codes,
        now,
        format,
        delimiter,
    })
}

fn find_purpose<'o>(office: &'o Office, name: &str) -> Result<&'o Purpose> {
    let purposes = &office.definitions.program.purposes;
    purposes.iter().find(|purpose| purpose.name == *name).ok_or_else(|| {
        let names: Vec<&str> = purposes.iter().map(|purpose| purpose.name.as_str()).collect();
        let error = Error::refused(format!("there is no [roster.{name}] in cohorts.toml"));
        match (text::nearest(name, names.iter().copied()), names.is_empty()) {
            (Some(near), _) => error.hint(format!("did you mean `{near}`?")),
            (None, false) => error.hint(format!("there is {}", say::list(&names))),
            (None, true) => error.hint("use --columns, or add one"),
        }
    })
}

fn format(args: &Args) -> Result<Format> {
    let Some(path) = args.file.path() else {
        return Ok(args.format.unwrap_or(Format::Table));
    };
    let ending = Format::of_ending(path);
    match (args.format, ending) {
        // Excel opens neither a spreadsheet that is called something else nor
        // something else that is called a spreadsheet.
        (Some(format), Some(ending))
            if format != ending && [format, ending].contains(&Format::Xlsx) =>
        {
            let shown = path.display();
            Err(Error::usage(format!("--format {format} does not go with the ending of {shown}"))
                .hint("leave --format away: the ending decides it"))
        }
        (Some(format), _) | (None, Some(format)) => Ok(format),
        (None, None) => Err(Error::usage(format!(
            "{} ends in none of .xlsx, .csv, .json, .md and .txt",
            path.display()
        ))
        .hint("name it roster.xlsx or roster.csv: Excel opens both")),
    }
}

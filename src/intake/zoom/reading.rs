//! From rows to a report: which heading stands above, which meeting a row is of,
//! and everything that is wrong.

use std::collections::HashMap;
use std::rc::Rc;

use super::super::dates::Order;
use super::super::{Problem, Row, Rows};
use super::cells::{self, Name, address_in, is_said, is_yes, minutes, stamp};
use super::headings::{About, Headings};
use super::{Entry, Meeting, Report, Stamp, When};
use crate::domain::text::tidied;

/// The most rows of a report: a month of a large office's meetings.
const MOST_ROWS: usize = 100_000;

/// How many problems are told; who has as many has another file.
const MOST_PROBLEMS: usize = 50;

/// Reads all rows, or says everything that is wrong with them.
pub fn read(rows: &mut Rows<'_>) -> Result<Report, Vec<Problem>> {
    let mut reading = Reading::default();
    let mut row = Row::default();
    loop {
        match rows.read(&mut row) {
            Ok(true) => reading.row(&row),
            Ok(false) => break,
            Err(problem) => {
                reading.problems.push(problem);
                break;
            }
        }
        if reading.report.entries.len() > MOST_ROWS {
            let what = format!("is beyond {MOST_ROWS} rows, which no meeting has");
            reading.problems.push(Problem::new(row.line, what));
            break;
        }
        let understands_nothing =
            matches!(reading.below, Below::Nothing) && !reading.problems.is_empty();
        if understands_nothing || reading.problems.len() >= MOST_PROBLEMS {
            break;
        }
    }
    reading.finish()
}

/// What the rows below mean.
#[derive(Default)]
enum Below {
    /// No heading has been seen.
    #[default]
    Nothing,
    /// The row of the meeting whose heading was seen.
    Meeting(Headings),
    /// What it says of the meeting has been read; now a heading comes.
    Heading,
    Joins(Rc<Headings>),
}

#[derive(Default)]
struct Reading {
    below: Below,
    report: Report,
    /// Meetings by the cells that name them, where each row has those.
    named: HashMap<Vec<String>, usize>,
    problems: Vec<Problem>,
}

impl Reading {
    fn row(&mut self, row: &Row) {
        if let Some(headings) = Headings::of(row) {
            self.heading(headings);
            return;
        }
        match &self.below {
            Below::Nothing => {
                let what = "is no heading of Zoom's attendance reports";
                self.problems.push(Problem::new(row.line, what));
            }
            Below::Meeting(headings) => {
                let meeting = meeting(headings, row);
                self.report.meetings.push(meeting);
                self.below = Below::Heading;
            }
            Below::Heading => {
                let what = "stands where the heading of the participants is expected";
                self.problems.push(Problem::new(row.line, what));
            }
            Below::Joins(headings) => {
                let headings = Rc::clone(headings);
                match entry(&headings, row) {
                    Ok(read) => {
                        let meeting = self.meeting_of(&headings, row);
                        match read {
                            Some(entry) => {
                                self.report.entries.push(Entry { meeting, ..entry });
                            }
                            None => self.report.meetings[meeting].waited += 1,
                        }
                    }
                    Err(what) => self.problems.push(Problem::new(row.line, what)),
                }
            }
        }
    }

    fn heading(&mut self, headings: Headings) {
        let is_new = !matches!(self.below, Below::Heading);
        self.below = match headings.about() {
            About::Meeting => Below::Meeting(headings),
            About::Joins => {
                if is_new && !headings.name_meetings() {
                    self.report.meetings.push(Meeting::default());
                }
                Below::Joins(Rc::new(headings))
            }
        };
    }

    /// The meeting of a row: the one that its own columns name, else that of the
    /// rows above.
    fn meeting_of(&mut self, headings: &Headings, row: &Row) -> usize {
        let meetings = &mut self.report.meetings;
        if !headings.name_meetings() {
            return meetings.len() - 1;
        }
        let key = headings.key.iter().map(|column| tidied(row.cell(*column))).collect();
        *self.named.entry(key).or_insert_with(|| {
            meetings.push(meeting(headings, row));
            meetings.len() - 1
        })
    }

    fn finish(mut self) -> Result<Report, Vec<Problem>> {
        if self.problems.is_empty() {
            let problem = match self.below {
                Below::Joins(_) if self.report.orders().is_empty() => {
                    Some(self.report.out_of_order())
                }
                Below::Joins(_) => None,
                _ => Some(Problem::new(1, "no heading of Zoom's attendance reports follows")),
            };
            self.problems.extend(problem);
        }
        if self.problems.is_empty() { Ok(self.report) } else { Err(self.problems) }
    }
}

/// What a row's columns say of its meeting.
fn meeting(headings: &Headings, row: &Row) -> Meeting {
    let cell = |column: Option<usize>| column.map(|column| row.cell(column)).unwrap_or_default();
    let stamped = |column| stamp(cell(column));
    Meeting {
        start: stamped(headings.start),
        end: stamped(headings.end),
        host: headings.host.iter().find_map(|column| address_in(row.cell(*column))),
        waited: 0,
    }
}

/// What a row says of somebody; nothing of who waited only.
fn entry(headings: &Headings, row: &Row) -> Result<Option<Entry>, String> {
    let cell = |column: Option<usize>| column.map(|column| row.cell(column)).unwrap_or_default();
    if is_yes(cell(headings.waiting)) {
        return Ok(None);
    }
    let address = cells::address(cell(headings.address));
    let name = Name::read(cell(headings.name));
    let name = match &address {
        Some(address) if name.whole.is_empty() => Name::read(address),
        _ => name,
    };
    if name.whole.is_empty() {
        return Err("has no name".into());
    }
    let when = match (headings.join, headings.leave) {
        (Some(join), Some(leave)) => {
            let (from, to) = (time(row.cell(join), "join")?, time(row.cell(leave), "leave")?);
            let join = When::Join(from, to);
            if !join.is_possible(Order::DayFirst) && !join.is_possible(Order::MonthFirst) {
                return Err("does not leave within a day after it joins".into());
            }
            join
        }
        _ => When::Total(minutes(cell(headings.minutes))?),
    };
    let recording = is_said(cell(headings.recording));
    let guest = is_yes(cell(headings.guest));
    Ok(Some(Entry { line: row.line, meeting: 0, name, address, when, guest, recording }))
}

fn time(cell: &str, which: &str) -> Result<Stamp, String> {
    if cell.chars().all(|c| c == '-') {
        return Err(format!("has no {which} time; was the meeting over?"));
    }
    stamp(cell).ok_or_else(|| {
        let shown: String = tidied(cell).chars().take(40).collect();
        format!("has a {which} time that cannot be read: `{shown}`")
    })
}

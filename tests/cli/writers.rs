//! Many windows at once: everybody's change is kept, nobody is told of a lock,
//! and a reader who stopped in a pager stops nobody.
//!
//! `COHORTS_COMMANDS` sets how many commands each of the eight gives, 25 if it is
//! not set.

use std::collections::BTreeSet;
use std::io::Read;
use std::process::{Command, Stdio};
use std::thread;

use crate::office::Office;

const WRITERS: usize = 8;

/// As many as [`commands`] gives.
const PER_PERSON: usize = 5;

/// Commands for one person each; every one of them is one change.
fn commands(name: &str) -> [String; PER_PERSON] {
    let who = format!("{name}@example.org");
    [
        format!(
            "enroll -c winter --first-name {name} --last-name Example --email {who} --late --from-week 1"
        ),
        format!("consent agreed {who} -c winter --method form"),
        format!("participant edit {who} --phone 555-0101 --goes-by {name}-too"),
        format!("attend winter --week 1 --late {who} --rest present"),
        format!("excuse {who} -c winter --week 2"),
    ]
}

/// An office on the day of the first session, with room for everybody.
fn crowded() -> Office {
    let office = Office::winter();
    office.edit("capacity = 12", "capacity = 1000");
    office.at("2024-01-23 12:00");
    office
}

/// The program ready to be run, with codes of its own for new people.
fn typed(office: &Office, line: &str) -> Command {
    let mut command = office.command(line);
    command.env_remove("COHORTS_SEED");
    command
}

/// Runs one after another what must be done.
fn run(commands: Vec<Command>) {
    for mut command in commands {
        let output = command.output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(0), "{command:?}\n{said}");
        assert!(!said.contains("locked") && !said.contains("busy"), "{command:?}\n{said}");
    }
}

/// Eight windows with so many commands each, and two more that look on all the
/// while.
fn each_writes(office: &Office, each: usize) {
    let writers = (0..WRITERS).map(|writer| {
        let people = (0..).map(|number| format!("W{writer}N{number}"));
        let lines = people.flat_map(|name| commands(&name)).take(each);
        lines.map(|line| typed(office, &line)).collect()
    });
    let readers = ["roster winter --status all --format csv", "history --all --format csv"]
        .map(|line| (0..each / 2).map(|_| typed(office, line)).collect());
    let windows: Vec<Vec<Command>> = writers.chain(readers).collect();
    thread::scope(|at_once| {
        for window in windows {
            at_once.spawn(|| run(window));
        }
    });
}

fn changes(office: &Office) -> usize {
    office.ok("history --all --format csv").lines().count() - 1
}

#[test]
fn eight_write_at_once_and_nothing_is_lost() {
    let office = crowded();
    let each = std::env::var("COHORTS_COMMANDS").map_or(25, |set| set.parse().unwrap());
    let before = changes(&office);
    each_writes(&office, each);
    assert_eq!(changes(&office) - before, WRITERS * each);
    let people = office.ok("participant list --format csv");
    let codes: BTreeSet<&str> =
        people.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    assert_eq!(codes.len(), WRITERS * each.div_ceil(PER_PERSON), "a code each");
    office.ok("check");
}

#[test]
fn a_reader_who_stopped_stops_nobody() {
    let office = crowded();
    // As long as can be, so that a few rows are more than a pipe holds.
    let long = "é".repeat(199);
    for number in 0..30 {
        office.ok(&format!(
            "enroll -c winter --late --email reader{number}@example.org --first-name A{long} \
             --last-name B{long} --goes-by C{long} --site D{long} --residency E{long} --new-person"
        ));
    }
    let columns = "code,name,first_name,last_name,goes_by,site,residency";
    let line = &format!("roster winter --columns {columns} --format json");
    let whole = office.ok(line);
    assert!(whole.len() > 64 << 10, "{} bytes", whole.len());
    let mut reader = office.command(line).stdout(Stdio::piped()).spawn().unwrap();
    let mut pager = reader.stdout.take().unwrap();
    // Once the first byte is there, it is writing; the rest has to wait.
    let mut first = [0];
    pager.read_exact(&mut first).unwrap();

    each_writes(&office, 2 * PER_PERSON);

    assert!(reader.try_wait().unwrap().is_none(), "it was not stopped at all");
    let mut rest = String::new();
    pager.read_to_string(&mut rest).unwrap();
    assert!(reader.wait().unwrap().success());
    assert_eq!(String::from_utf8(first.into()).unwrap() + &rest, whole);
}

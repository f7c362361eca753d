//! Any office comes back from its export as it was; and no export that was
//! damaged becomes anything else.
//!
//! Offices grow by the sequences of [`crate::sequences`] and by odd text. They
//! are the same in every run, unless `PROPTEST_CASES` says how many there are
//! to be: then they are new ones.

use std::fs;

use chrono::{Days, NaiveDate};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Just, Strategy, any, prop, prop_oneof, proptest};
use proptest::sample::Index;

use crate::export::{dump, exported, files, names};
use crate::office::{Office, words};
use crate::sequences::{FORMS, Step, beginning, command, config, steps};
use crate::tamper::tamper;

/// Text that something between here and there might take for something else.
fn odd() -> impl Strategy<Value = String> {
    let known = vec![
        "=1+1",
        "'=",
        "'",
        "''+1",
        "  leading, and trailing  ",
        "two\nlines",
        "and\r\ntwo",
        "a\rb",
        "\"quoted\"",
        "\"",
        "\\",
        ",",
        ";",
        "\t@",
        "\u{ff1d}1",
        "\u{feff}",
        "\u{1f33b}",
        "Zo\u{eb}",
        "NULL",
        "007",
        "2024-01-30",
    ];
    prop_oneof![
        prop::sample::select(known).prop_map(str::to_owned),
        "[ -~\n\r\t'\"=,\u{e9}\u{1f33b}]{0,9}",
        any::<String>().prop_map(|text| text.replace('\0', "")),
    ]
}

/// What is done in an office.
#[derive(Debug, Clone)]
enum Deed {
    Step(Step),
    /// Somebody signs up, or is changed, with odd text; it may be refused.
    Odd {
        typed: Vec<String>,
        actor: String,
    },
    /// The history says what no command would: this, and in which cohort.
    Said(String, Option<String>),
}

fn deed() -> impl Strategy<Value = Deed> {
    let who = || prop::sample::select(vec!["amara", "bea", "chen", "odd", "odder"]);
    let enroll = (who(), odd(), odd(), option::of(odd()), option::of(odd())).prop_map(
        |(who, first, last, goes_by, site)| {
            let mut typed = words("enroll -c winter-2024 --new-person");
            typed.push(format!("--email={who}@example.org"));
            typed.push(format!("--first-name={first}"));
            typed.push(format!("--last-name={last}"));
            typed.extend(goes_by.map(|goes_by| format!("--goes-by={goes_by}")));
            typed.extend(site.map(|site| format!("--site={site}")));
            typed
        },
    );
    let edit = (who(), odd()).prop_map(|(who, phone)| {
        let mut typed = words(&format!("participant edit {who}@example.org"));
        typed.push(format!("--phone={phone}"));
        typed
    });
    let erase = (who(), Just(()))
        .prop_map(|(who, ())| words(&format!("participant erase {who}@example.org --yes")));
    let typed = prop_oneof![4 => enroll, 3 => edit, 1 => erase];
    // What is in the environment, and on a command line, holds no NUL.
    let typed = (typed, odd()).prop_map(|(typed, actor)| Deed::Odd { typed, actor });
    prop_oneof![
        8 => (0..8_u64, command()).prop_map(Deed::Step),
        5 => typed,
        2 => (odd(), option::of(odd())).prop_map(|(text, cohort)| Deed::Said(text, cohort)),
    ]
}

impl Deed {
    fn is_done_in(&self, office: &Office, day: &mut NaiveDate) {
        match self {
            Self::Step((days, line)) => {
                *day = *day + Days::new(*days);
                office.at(&format!("{day} 12:00")).run(line);
            }
            Self::Odd { typed, actor } => {
                let mut command = office.command("");
                command.args(typed).env("COHORTS_ACTOR", actor).output().unwrap();
            }
            Self::Said(text, cohort) => {
                let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
                let text = quoted(text);
                let cohort = cohort.as_ref().map_or("NULL".into(), |cohort| quoted(cohort));
                tamper(
                    office,
                    &format!(
                        "UPDATE operation SET actor = {text}, cohort = {cohort}, checksum =
                             change_checksum(id, at, zone, {text}, command, {cohort}, summary, undoes, lasting)
                         WHERE id = (SELECT max(id) FROM operation)"
                    ),
                );
            }
        }
    }
}

/// An agreement whose text begins with odd text.
fn with_agreement(definitions: &[u8], odd: &str) -> String {
    let text = str::from_utf8(definitions).unwrap();
    let odd: String = odd.chars().filter(|c| *c == '\n' || !c.is_control()).collect();
    let odd = serde_json::to_string(&format!("{odd}. Agreed?")).unwrap();
    let odd = odd.trim_matches('"');
    let changed = text.replace("text = \"New.\"", &format!("text = \"{odd}\""));
    assert_ne!(changed, text);
    changed
}

#[test]
fn any_office_comes_back_as_it_was() {
    let beginning = beginning();
    // Sequences of commands by the dozen, and odd deeds among them.
    let deeds = (steps(command()), vec(deed(), 0..14)).prop_map(|(steps, mut deeds)| {
        for (index, step) in steps.into_iter().enumerate() {
            deeds.insert((index * 2).min(deeds.len()), Deed::Step(step));
        }
        deeds
    });
    proptest!(config(8), |(deeds in deeds, agreement in odd())| {
        let office = Office::empty();
        let definitions = beginning.0.as_deref().unwrap();
        office.write("cohorts.toml", &with_agreement(definitions, &agreement));
        fs::write(office.path("cohorts.db"), beginning.1.as_ref().unwrap()).unwrap();
        for (name, form) in FORMS {
            office.write(name, form);
        }
        let mut day = NaiveDate::from_ymd_opt(2024, 1, 22).unwrap();
        for deed in &deeds {
            deed.is_done_in(&office, &mut day);
        }
        office.ok("check");

        office.ok("export all");
        fs::create_dir(office.path("new")).unwrap();
        office.ok("import --all all --folder new");
        assert_eq!(dump(&office.path("new/cohorts.db")), dump(&office.path("cohorts.db")));
        assert_eq!(office.read("new/cohorts.toml"), office.read("cohorts.toml"));
        office.ok("check --folder new");

        // To the same place, which the records write down.
        fs::remove_dir_all(office.path("all")).unwrap();
        office.ok("export all");
        fs::rename(office.path("all"), office.path("of-the-first")).unwrap();
        office.ok("export all --folder new");
        assert_eq!(files(&office.path("all")), files(&office.path("of-the-first")));
    });
}

/// How a file came to harm on the way.
#[derive(Debug, Clone)]
enum Harm {
    Set(u8),
    Cut(usize),
    Twice(usize),
}

#[test]
fn an_export_that_came_to_harm_is_refused_or_says_the_same() {
    let office = exported();
    let good = files(&office.path("all"));
    let records = dump(&office.path("cohorts.db"));
    let harm = prop_oneof![
        4 => any::<u8>().prop_map(Harm::Set),
        // A sign of those that mean something, or a digit.
        4 => prop::sample::select(b"0123456789,\"'\n\r \xef".to_vec()).prop_map(Harm::Set),
        2 => (1..200_usize).prop_map(Harm::Cut),
        1 => (1..200_usize).prop_map(Harm::Twice),
    ];
    proptest!(config(48), |(file in any::<Index>(), at in any::<Index>(), harm in harm)| {
        let (name, bytes) = file.get(&good);
        let at = at.index(bytes.len());
        let mut harmed = bytes.clone();
        match harm {
            Harm::Set(byte) => harmed[at] = byte,
            Harm::Cut(length) => drop(harmed.drain(at..(at + length).min(bytes.len()))),
            Harm::Twice(length) => {
                let part = bytes[at..(at + length).min(bytes.len())].to_vec();
                drop(harmed.splice(at..at, part));
            }
        }
        let path = office.path("all").join(name);
        fs::write(&path, &harmed).unwrap();
        fs::remove_dir_all(office.path("new")).unwrap();
        fs::create_dir(office.path("new")).unwrap();
        let done = office.run("import --all all --folder new");
        fs::write(&path, bytes).unwrap();
        if done.code == 0 {
            assert_eq!(dump(&office.path("new/cohorts.db")), records);
            let definitions = fs::read(office.path("new/cohorts.toml")).unwrap();
            // Or it is the sum that came to harm.
            let warned = done.stderr.contains("cohorts.toml was changed since the export");
            assert!(warned || definitions == office.files().0.unwrap());
        } else {
            assert_eq!(done.code, 1, "{}", done.stderr);
            assert!(done.stderr.contains("nothing was"), "{}", done.stderr);
            assert_eq!(names(&office.path("new")), [""; 0]);
        }
    });
}

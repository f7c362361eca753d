//! `--help`, and what is said to a wrong command line.

use snapbox::{assert_data_eq, file, str};

use crate::office::Office;

/// The commands in a help text, with what stands below "Commands:" and "More:".
fn commands(help: &str) -> Vec<String> {
    let below = |heading: &str| {
        help.lines()
            .skip_while(|line| *line != heading)
            .skip(1)
            .take_while(|line| !line.is_empty())
            .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
            .map(str::trim)
            .collect::<Vec<_>>()
    };
    let first = below("Commands:").into_iter().map(|line| line.split_whitespace().next().unwrap());
    // "place, withdraw  give a waiting person a place"
    let more =
        below("More:").into_iter().flat_map(|line| line.split("  ").next().unwrap().split(", "));
    first.chain(more).filter(|name| *name != "help").map(str::to_owned).collect()
}

/// Every command and subcommand, found by walking from help to help.
pub(crate) fn all_commands(office: &Office) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut to_see = commands(&office.ok("--help"));
    while let Some(command) = to_see.pop() {
        let help = office.ok(&format!("{command} --help"));
        to_see.extend(commands(&help).into_iter().map(|sub| format!("{command} {sub}")));
        found.push(command);
    }
    found.sort();
    found
}

#[test]
fn the_first_screen_shows_what_is_used_most_first() {
    let help = Office::empty().ok("--help");
    assert_data_eq!(
        &help,
        str![[r#"
Cohorts, sign-ups, consent, attendance and rosters of a confidential support
group, in one folder on your own computer

Usage: cohorts                     what needs doing today
       cohorts COMMAND [OPTIONS]   one of these; COMMAND --help says more

Commands:
  new      Add a cohort to cohorts.toml
  enroll   Sign one participant up for the next cohort
  import   Sign up everyone in a form's CSV or spreadsheet
  consent  Record who agreed to confidentiality, and list who has not
  attend   Record who was at a session
  roster   Print who is in a cohort, or export it
  support  Keep in touch with those who ask for support before a group starts
  undo     Take the last change back

Options:
  -h, --help     Print help
  -V, --version  Print version

Everywhere:
      --folder <DIR>  The folder with cohorts.toml (or set COHORTS_FOLDER)
      --dry-run       Do everything as ever, show it, then take it back
      --color <WHEN>  Colour: auto (only on a terminal), always or never

More:
  init, demo          make a folder of your own, or one to practise in
  today, list, show   another day's screen; the cohorts; one and its dates
  report, export      figures by year or site; everything as CSV
  move, calendar      give a session another day; a file for calendars
  place, withdraw     give a waiting person a place; record that somebody left
  excuse, incident    somebody cannot come; what went wrong, until it is closed
  agreement, mail     the text to agree to; messages, a draft for each person
  participant         look somebody up, change their details, or erase them
  finish, carry       close a cohort; sign up again who waits or missed some
  history, check      what was changed; whether all is well
  backup, restore     copy everything into one file; put such a copy back
  handover, takeover  let somebody go on elsewhere; go on with what they did
  encrypt, decrypt    make the records unreadable without their key, or not
  key, rekey          the recovery sheet of that key; another key
  completions         let the Tab key complete commands and cohorts

COHORT is an id, a unique beginning of one, `current` or `next`.
WHO is a code such as K7QM2, an e-mail address, or a name.
Start with: cohorts demo

"#]]
    );
    assert!(help.lines().count() <= 45, "{} lines", help.lines().count());
    for line in help.lines() {
        assert!(line.chars().count() <= 80, "too wide: {line}");
    }
}

/// The help of every command in the order of the first screen, one after the
/// other in help.txt, to be read as one text. Left out is what is the same
/// everywhere.
#[test]
fn all_help_is_one_text() {
    let office = Office::empty();
    let mut text = String::new();
    let mut to_see = commands(&office.ok("--help"));
    to_see.reverse();
    while let Some(command) = to_see.pop() {
        let help = office.ok(&format!("{command} --help"));
        let below = commands(&help);
        to_see.extend(below.iter().rev().map(|sub| format!("{command} {sub}")));
        let everywhere = "\nEverywhere:\n      --folder <DIR>";
        assert!(help.contains(everywhere), "{command}");
        let own = help.lines().filter(|line| {
            let first = line.trim_start();
            !["-h, --help", "--folder <DIR>", "--dry-run ", "--color <WHEN>", "Everywhere:"]
                .iter()
                .any(|same| first.starts_with(same))
        });
        let own: Vec<&str> = own.collect();
        text += &format!("## cohorts {command}\n\n{}\n\n", own.join("\n").trim());
    }
    let text = text.replace("\nOptions:\n\n", "\n").replace("\n\n\n", "\n\n");
    assert_data_eq!(text, file!["help.txt"].raw());
}

/// Only what is said of it tells people what an option is for, and what
/// happens without it.
#[test]
fn no_argument_is_without_a_word() {
    let office = Office::empty();
    for command in all_commands(&office) {
        let help = office.ok(&format!("{command} --help"));
        for line in help.lines().take_while(|line| *line != "Everywhere:") {
            let rest = line.trim_start().trim_start_matches(['[', '<', '-']);
            let indented = line.len() - line.trim_start().len();
            let bare = (2..=6).contains(&indented)
                && !rest.trim_end().contains("  ")
                && rest.trim_end().trim_end_matches("...").ends_with(['>', ']']);
            assert!(!bare, "{command}: nothing is said of {line}");
        }
    }
}

#[test]
fn every_command_is_on_the_first_screen() {
    let office = Office::empty();
    assert_data_eq!(
        all_commands(&office).join("\n"),
        str![[r#"
agreement
attend
backup
calendar
carry
check
completions
consent
consent agreed
consent declined
consent list
consent receipt
consent withdrawn
decrypt
demo
encrypt
enroll
excuse
export
finish
handover
history
import
incident
incident add
incident close
incident list
init
key
key recover
key show
list
mail
move
new
participant
participant edit
participant erase
participant list
participant merge
participant show
place
rekey
report
restore
roster
show
support
support add
support close
support contact
support list
takeover
today
undo
withdraw
"#]]
    );
}

#[test]
fn the_help_of_every_command_is_one_screen_with_examples() {
    let office = Office::empty();
    let mut long = Vec::new();
    for command in all_commands(&office) {
        let help = office.ok(&format!("{command} --help"));
        let lines = help.lines().count();
        if lines > 45 {
            long.push(format!("{command}: {lines} lines"));
        }
        assert!(help.contains("\nExample"), "{command} has no example");
        let example = format!("  cohorts {command}");
        assert!(help.contains(&example), "{command}: no example shows it\n{help}");
        for line in help.lines() {
            assert!(line.chars().count() <= 80, "{command}: too wide: {line}");
        }
        let examples = help.lines().skip_while(|line| !line.starts_with("Example")).skip(1);
        for line in examples.take_while(|line| !line.is_empty()) {
            assert!(line.starts_with("  cohorts"), "{command}: an example goes over: {line}");
        }
    }
    assert!(long.is_empty(), "more than a screen: {long:?}");
}

#[test]
fn the_examples_of_the_help_can_be_typed() {
    // Wrong names and values aside, the words have to be ones that exist.
    let office = Office::winter();
    for command in all_commands(&office) {
        let help = office.ok(&format!("{command} --help"));
        let examples = help.lines().skip_while(|line| !line.starts_with("Example")).skip(1);
        for line in examples.filter_map(|line| line.strip_prefix("  cohorts ")) {
            let typed = line.split("   ").next().unwrap().split(" >").next().unwrap();
            if typed.starts_with("init") || typed.starts_with("demo") {
                continue;
            }
            let done = office.run(&format!("{typed} --dry-run"));
            for wrong in ["unexpected argument", "unrecognized subcommand", "invalid value"] {
                assert!(!done.stderr.contains(wrong), "{typed}: {}", done.stderr);
            }
        }
    }
}

#[test]
fn an_unknown_command_or_flag_suggests_the_nearest() {
    let office = Office::winter();
    let said = office.refuses(2, "atend");
    assert!(said.contains("'attend'"), "{said}");
    let said = office.refuses(2, "histroy");
    assert!(said.contains("'history'"), "{said}");
    let said = office.refuses(2, "roster --outptu x.csv");
    assert!(said.contains("'--output'"), "{said}");
    let said = office.refuses(2, "consent agree amara@example.org");
    assert!(said.contains("agreed"), "{said}");
    let said = office.refuses(2, "withdraw amara@example.org --reason bored");
    assert!(said.contains("schedule"), "the words that there are: {said}");
    office.refuses(2, "consent");
    office.refuses(2, "participant");
}

#[test]
fn the_version_is_said() {
    let version = Office::empty().ok("--version");
    assert_eq!(version, format!("cohorts {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn help_is_data_and_needs_no_folder() {
    let done = Office::empty().run("attend --help");
    assert_eq!((done.code, done.stderr.as_str()), (0, ""));
    assert!(!done.stdout.contains('\u{1b}'), "colour only on a terminal");
}

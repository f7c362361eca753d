//! What Tab offers, asked by the shells themselves. bash is on every machine
//! that builds this; the others are asked where they are.
#![cfg(unix)]

use std::process::Command;

use snapbox::{assert_data_eq, str};

use crate::office::{Done, Office};

/// Presses Tab after a line of words, the last of which is being typed, and
/// shows what is offered; an unfinished word is `''` at first.
const BASH: &str = r#"
eval "$(cohorts completions bash)" && complete -p cohorts >/dev/null || exit 9
tab() {
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_TYPE=9 COMPREPLY=()
    _clap_complete_cohorts cohorts "${@: -1}" "${@: -2:1}"
    echo "$*: ${COMPREPLY[*]}"
}
"#;

fn office() -> Office {
    let office = Office::winter();
    office.ok("new spring-2024 --starts 2024-04-02");
    office.sign_up("winter-2024", &["amara", "kit"]);
    office.write("form.csv", "Name,Email\n");
    office
}

/// Runs a script in a shell in which `cohorts` is this program, if there is
/// such a shell.
fn in_shell(office: &Office, shell: &[&str], script: &str) -> Option<String> {
    let program = shell[0];
    let Some(found) = std::env::var_os("PATH").and_then(|path| {
        std::env::split_paths(&path).map(|dir| dir.join(program)).find(|path| path.is_file())
    }) else {
        eprintln!("there is no {program} here: not tested in it");
        return None;
    };
    // As `cohorts` is run, with the tools beside it that the scripts use.
    let ours = office.command("");
    let mut command = Command::new(found);
    command.args(&shell[1..]).arg(script).current_dir(office.path(""));
    command.env_clear().envs(ours.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let bin = std::path::Path::new(env!("CARGO_BIN_EXE_cohorts")).parent().unwrap();
    let path = [bin.to_owned(), "/usr/bin".into(), "/bin".into()];
    command.env("PATH", std::env::join_paths(path).unwrap());
    let done = Done::of(&command.output().unwrap());
    assert_eq!((done.code, done.stderr.as_str()), (0, ""), "{script}\n{}", done.stdout);
    Some(done.stdout)
}

fn bash(office: &Office, tabs: &str) -> String {
    in_shell(office, &["bash", "--norc", "-c"], &format!("{BASH}{tabs}")).unwrap()
}

#[test]
fn bash_offers_commands_options_values_cohorts_and_files() {
    let office = office();
    let before = office.files();
    assert_data_eq!(
        bash(
            &office,
            "tab cohorts i
tab cohorts consent ''
tab cohorts show ''
tab cohorts show w
tab cohorts carry winter-2024 s
tab cohorts roster winter-2024 ''
tab cohorts enroll -c s
tab cohorts enroll --fr
tab cohorts enroll --leave ''
tab cohorts roster --format ''
tab cohorts roster --for ''
tab cohorts roster --columns code,le
tab cohorts incident add --kind n
tab cohorts import f
tab cohorts completions ''"
        ),
        str![[r#"
cohorts i: import init incident
cohorts consent : agreed declined withdrawn list receipt
cohorts show : winter-2024 spring-2024 current next
cohorts show w: winter-2024
cohorts carry winter-2024 s: spring-2024
cohorts roster winter-2024 : winter-2024 spring-2024 current next all
cohorts enroll -c s: spring-2024
cohorts enroll --fr: --from-week
cohorts enroll --leave : medical maternity parental
cohorts roster --format : table csv json markdown xlsx
cohorts roster --for : facilitator zoom
cohorts roster --columns code,le: code,leave
cohorts incident add --kind n: not-agreed notetaker
cohorts import f: form.csv
cohorts completions : bash zsh fish powershell

"#]]
    );
    assert!(office.files() == before);
}

#[test]
fn no_participant_is_ever_offered_and_the_records_are_not_read() {
    let office = office();
    // What is no database at all would be an error to whoever opened it.
    office.write("cohorts.db", "not to be opened");
    let tabs = "for line in 'excuse A' 'excuse K' 'participant show k' 'consent agreed a' \\
        'attend --absent A' 'incident add A' 'roster w'; do tab cohorts $line; done";
    assert_data_eq!(
        bash(&office, tabs),
        str![[r#"
cohorts excuse A: 
cohorts excuse K: 
cohorts participant show k: 
cohorts consent agreed a: 
cohorts attend --absent A: 
cohorts incident add A: 
cohorts roster w: winter-2024

"#]]
    );
}

#[test]
fn the_folder_is_found_as_ever() {
    let office = office();
    office.ok("init other");
    office.ok("new fall-2024 --starts 2024-10-01 --folder other");
    std::fs::create_dir(office.path("below")).unwrap();
    assert_data_eq!(
        bash(
            &office,
            "cd below; tab cohorts show ''
tab cohorts --folder ../other show ''
tab cohorts --folder = ../other show ''
COHORTS_FOLDER=../other tab cohorts show ''
cd /; tab cohorts show ''"
        ),
        str![[r#"
cohorts show : winter-2024 spring-2024 current next
cohorts --folder ../other show : fall-2024 current next
cohorts --folder = ../other show : fall-2024 current next
cohorts show : fall-2024 current next
cohorts show : fall-2024 current next

"#]]
    );
}

#[test]
fn a_broken_or_missing_file_gives_no_cohorts_and_no_noise() {
    let office = office();
    let text = office.read("cohorts.toml");
    let tabs = "tab cohorts show w; tab cohorts roster --for z; tab cohorts show --te";
    let nothing = "cohorts show w: \ncohorts roster --for z: \ncohorts show --te: --text\n";
    for broken in ["[[[", &text.replace("winter-2024", "Winter 2024"), "\u{0}"] {
        office.write("cohorts.toml", broken);
        assert_eq!(bash(&office, tabs), nothing, "{broken}");
    }
    std::fs::write(office.path("cohorts.toml"), [0xff, 0xfe]).unwrap();
    assert_eq!(bash(&office, tabs), nothing);
    std::fs::remove_file(office.path("cohorts.toml")).unwrap();
    assert_eq!(bash(&office, tabs), nothing);
    assert_eq!(
        bash(&office, "tab cohorts --folder nowhere show w"),
        "cohorts --folder nowhere show w: \n"
    );
}

#[test]
fn every_command_is_offered() {
    let office = Office::empty();
    let offered = bash(&office, "tab cohorts ''");
    let offered: Vec<_> = offered.split_whitespace().collect();
    for command in crate::help::all_commands(&office) {
        let first = command.split(' ').next().unwrap();
        assert!(offered.contains(&first), "{first} is not in {offered:?}");
    }
}

#[test]
fn zsh_offers_the_same() {
    let office = office();
    // Stands in for zsh's own, which only work while a line is edited.
    let script = "compdef() { }; _describe() { print -l -- ${(P)argv[-1]} }
        source <(cohorts completions zsh)
        words=(cohorts show '') CURRENT=3 _clap_dynamic_completer_cohorts
        words=(cohorts i) CURRENT=2 _clap_dynamic_completer_cohorts
        words=(cohorts import f) CURRENT=3 _clap_dynamic_completer_cohorts
        words=(cohorts excuse K) CURRENT=3 _clap_dynamic_completer_cohorts; true";
    if let Some(offered) = in_shell(&office, &["zsh", "-f", "-c"], script) {
        assert_data_eq!(
            offered,
            str![[r#"
winter-2024:from 23 January 2024
spring-2024:from 2 April 2024
current:the one that is running
next:the next one to start
import:Sign up everyone in a form's CSV or spreadsheet
init:Make a folder for your program, or add what is missing in one
incident:Note what went wrong in a group, and what was done about it
form.csv

"#]]
        );
    }
}

#[test]
fn fish_offers_the_same() {
    let office = office();
    let script = "cohorts completions fish | source
        complete -C 'cohorts show '; complete -C 'cohorts i'
        complete -C 'cohorts import f'; complete -C 'cohorts excuse K'";
    if let Some(offered) = in_shell(&office, &["fish", "--no-config", "-c"], script) {
        assert_data_eq!(
            offered,
            str![[r#"
winter-2024	from 23 January 2024
spring-2024	from 2 April 2024
current	the one that is running
next	the next one to start
import	Sign up everyone in a form's CSV or spreadsheet
init	Make a folder for your program, or add what is missing in one
incident	Note what went wrong in a group, and what was done about it
form.csv

"#]]
        );
    }
}

#[test]
fn powershell_offers_the_same() {
    let office = office();
    let script = "cohorts completions powershell | Out-String | Invoke-Expression
        foreach ($line in 'cohorts show ', 'cohorts excuse K') {
            (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText }";
    if let Some(offered) = in_shell(&office, &["pwsh", "-NoProfile", "-Command"], script) {
        assert_eq!(offered, "winter-2024\nspring-2024\ncurrent\nnext\n");
    }
}

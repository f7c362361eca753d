//! The batteries of `tests/faults/`, in a small form. Where a machine lacks what
//! they need (root, strace, a loop device), they say so and nothing is shown.
#![cfg(target_os = "linux")]

use std::path::Path;
use std::process::{Command, Output};
#[cfg(feature = "encryption")]
use std::{collections::HashMap, fs, path::PathBuf};

use cohorts::store::ENCRYPTS;

use crate::encrypted;
#[cfg(feature = "encryption")]
use crate::encryption::{PERSONAL, holding};
use crate::office::Office;
#[cfg(feature = "encryption")]
use crate::quarter::lively_quarter;

const SKIPPED: i32 = 77;

fn battery(script: &str, size: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/faults").join(script);
    let mut command = Command::new("bash");
    command.arg(path).args([size, env!("CARGO_BIN_EXE_cohorts")]).env_remove("COHORTS_FOLDER");
    let sealed = Office::new();
    if ENCRYPTS {
        encrypted::write_key(&sealed.path(""));
        command.env("SEALED", sealed.path(""));
    }
    let output = command.output();
    let output = match output {
        Ok(output) => output,
        Err(error) => return eprintln!("{script}: skipped, there is no bash ({error})"),
    };
    let said = String::from_utf8_lossy(&output.stdout);
    eprintln!("{script}: {}", said.trim_end());
    let code = output.status.code();
    assert!(
        code == Some(0) || code == Some(SKIPPED),
        "{script}: {code:?}\n{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn what_was_acknowledged_outlasts_a_power_cut() {
    battery("power-cuts.sh", "2");
}

#[test]
fn no_failing_system_call_loses_anything() {
    battery("system-calls.sh", "97");
}

#[test]
fn a_full_disk_and_one_that_may_only_be_read_lose_nothing() {
    battery("full-disk.sh", "24");
}

#[test]
fn an_erasure_keeps_its_mark_while_another_one_clears_up() {
    battery("two-erasures.sh", "1");
}

/// Runs a command under strace, what it traced being in `trace` of its home.
fn traced(office: &Office, line: &str, expressions: &[&str]) -> Option<Output> {
    let command = office.command(line);
    let mut traced = Command::new("strace");
    traced.args(["-f", "-qq", "-o"]).arg(office.home("trace"));
    traced.args(expressions.iter().flat_map(|expression| ["-e", expression]));
    traced.arg(command.get_program()).args(command.get_args());
    traced.current_dir(office.path(""));
    let environment = command.get_envs().filter(|(name, _)| *name != "PATH");
    traced.envs(environment.filter_map(|(name, value)| Some((name, value?))));
    let done = traced.output().ok();
    if done.is_none() {
        eprintln!("skipped, there is no strace");
    }
    done
}

/// As on sticks and network drives.
#[test]
fn a_disk_without_second_names_keeps_both_files() {
    let office = Office::winter();
    office.sign_up("winter", &["amara"]);
    office.ok("backup copy.backup");
    office.ok("new spring-2024 --starts 2024-04-02");
    let kept = std::fs::read(office.path("cohorts.db")).unwrap();
    let injected = ["trace=link,linkat", "inject=link,linkat:error=EPERM"];
    let Some(done) = traced(&office, "restore copy.backup --yes", &injected) else { return };
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{said}");
    let aside = "cohorts.db.before-restore-2024-01-02";
    assert!(std::fs::read(office.path(aside)).unwrap() == kept);
    assert!(office.path("cohorts.toml.before-restore-2024-01-02").exists());
    assert!(!office.read("cohorts.toml").contains("spring-2024"));
    assert!(office.ok("roster winter").contains("Example, Amara"));
    office.ok("check");
}

/// Between the two calls that put the readable records in their place there is a
/// file of them beside it, see `fill_and_name`; the next command removes it.
#[test]
#[cfg(feature = "encryption")]
fn killed_before_any_call_of_decrypting_nothing_readable_is_left() {
    let office = lively_quarter();
    fs::remove_file(office.path("roster.csv")).unwrap();
    let path = office.path("cohorts.db");
    let sealed = fs::read(&path).unwrap();
    let readable = || PERSONAL.iter().flat_map(|personal| holding(&office, personal)).collect();
    let watched = "trace=write,pwrite64,ftruncate,fsync,?rename,renameat,?unlink,unlinkat,linkat";
    let Some(whole) = traced(&office, "decrypt --yes", &[watched]) else { return };
    assert!(whole.status.success());
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut calls = Vec::new();
    for line in fs::read_to_string(office.home("trace")).unwrap().lines() {
        let Some((call, _)) = line.split_whitespace().nth(1).unwrap().split_once('(') else {
            continue;
        };
        let times = seen.entry(call.to_owned()).or_default();
        *times += 1;
        calls.push(format!("inject={call}:signal=KILL:when={times}"));
    }
    let mut last = String::new();
    let (mut before, mut between, mut after) = (0, 0, 0);
    for call in calls {
        fs::write(&path, &sealed).unwrap();
        encrypted::keep_key(&office.home(""));
        traced(&office, "decrypt --yes", &[watched, &call]).unwrap();
        let left: Vec<PathBuf> = readable();
        if !encrypted::is(&path) {
            after += 1;
        } else if last.contains("linkat") {
            between += 1;
        } else {
            before += 1;
            assert_eq!(left, Vec::<PathBuf>::new(), "{call}");
        }
        office.ok("check");
        if encrypted::is(&path) {
            assert_eq!(readable(), Vec::<PathBuf>::new(), "{call}");
        }
        last = call;
    }
    assert!(before > 3 && between == 1 && after > 3, "{before} {between} {after}");
}

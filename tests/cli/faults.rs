//! The batteries of `tests/faults/`, in a small form. Where a machine lacks what
//! they need (root, strace, a loop device), they say so and nothing is shown.
#![cfg(target_os = "linux")]

use std::path::Path;
use std::process::Command;

use cohorts::store::ENCRYPTS;

use crate::encrypted;
use crate::office::Office;

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

/// As on sticks and network drives.
#[test]
fn a_disk_without_second_names_keeps_both_files() {
    let office = Office::winter();
    office.sign_up("winter", &["amara"]);
    office.ok("backup copy.backup");
    office.ok("new spring-2024 --starts 2024-04-02");
    let kept = std::fs::read(office.path("cohorts.db")).unwrap();
    let restore = office.command("restore copy.backup --yes");
    let mut traced = Command::new("strace");
    traced.args(["-f", "-qq", "-o", "/dev/null", "-e", "trace=link,linkat"]);
    traced.args(["-e", "inject=link,linkat:error=EPERM"]);
    traced.arg(restore.get_program()).args(restore.get_args());
    traced.current_dir(office.path(""));
    let environment = restore.get_envs().filter(|(name, _)| *name != "PATH");
    traced.envs(environment.filter_map(|(name, value)| Some((name, value?))));
    let Ok(done) = traced.output() else { return eprintln!("skipped, there is no strace") };
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{said}");
    let aside = "cohorts.db.before-restore-2024-01-02";
    assert!(std::fs::read(office.path(aside)).unwrap() == kept);
    assert!(office.path("cohorts.toml.before-restore-2024-01-02").exists());
    assert!(!office.read("cohorts.toml").contains("spring-2024"));
    assert!(office.ok("roster winter").contains("Example, Amara"));
    office.ok("check");
}

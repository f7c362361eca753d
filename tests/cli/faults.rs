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

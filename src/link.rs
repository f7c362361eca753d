//! How the release build is linked.

#![expect(clippy::print_stdout, reason = "that is how cargo is told")]

use std::env;

fn main() {
    println!("cargo:rerun-if-changed=src/link.rs");
    // Without unwinding, of the compiler's runtime library only a few functions
    // are left in use, for backtraces. To look for it as a file of its own takes
    // a twentieth of a short command's time.
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|found| found == value);
    if is("PROFILE", "release")
        && is("CARGO_CFG_TARGET_OS", "linux")
        && is("CARGO_CFG_TARGET_ENV", "gnu")
    {
        println!("cargo:rustc-link-lib=static:-bundle=gcc_eh");
    }
}

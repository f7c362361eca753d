//! How the release build is linked: on Linux the C library is part of the
//! program, where the machine that builds has it in that form.
//!
//! To look for libraries, map each, and find in them what is needed, takes a sixth of
//! a short command's time. The program still lies at an address that nobody can
//! foresee. Not with encryption: OpenSSL is the system's, which mends it without us.

#![expect(clippy::print_stdout, reason = "that is how cargo is told")]

use std::env;
use std::fs;
use std::io::Result;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What the standard library asks for, and the archives that are that.
const LIBRARIES: [(&str, &[&str]); 7] = [
    ("c", &["libc.a", "libgcc.a", "libgcc_eh.a"]),
    ("dl", &["libdl.a"]),
    ("gcc_s", &["libgcc_eh.a"]),
    ("m", &["libm.a"]),
    ("pthread", &["libpthread.a"]),
    ("rt", &["librt.a"]),
    ("util", &["libutil.a"]),
];

fn main() -> Result<()> {
    println!("cargo:rerun-if-changed=src/link.rs");
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|found| found == value);
    let is_meant = is("PROFILE", "release")
        && is("CARGO_CFG_TARGET_OS", "linux")
        && is("CARGO_CFG_TARGET_ENV", "gnu")
        && env::var_os("HOST") == env::var_os("TARGET")
        && env::var_os("CARGO_FEATURE_ENCRYPTION").is_none();
    if is_meant { in_one_piece() } else { Ok(()) }
}

/// Cargo's own way to have the C library in the program needs `--target` in every
/// build. So the linker is told, and finds the archives before the libraries.
fn in_one_piece() -> Result<()> {
    let folder = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("archives");
    fs::create_dir_all(&folder)?;
    for (name, archives) in LIBRARIES {
        let places: Option<Vec<String>> = archives.iter().map(|file| place_of(file)).collect();
        let Some(places) = places else { return Ok(()) };
        fs::write(folder.join(format!("lib{name}.a")), format!("GROUP({})\n", places.join(" ")))?;
    }
    if place_of("rcrt1.o").is_some() {
        println!("cargo:rustc-link-arg-bins=-L{}", folder.display());
        println!("cargo:rustc-link-arg-bins=-static-pie");
    }
    Ok(())
}

/// Where the linker has a file, in quotes, if it has it.
fn place_of(file: &str) -> Option<String> {
    let linker = env::var_os("RUSTC_LINKER").unwrap_or_else(|| "cc".into());
    let asked = Command::new(linker).arg(format!("-print-file-name={file}")).output().ok()?;
    let place = String::from_utf8(asked.stdout).ok()?;
    Path::new(&place).is_absolute().then(|| format!("\"{}\"", place.trim()))
}

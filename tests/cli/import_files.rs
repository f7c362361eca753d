//! Files of every make and every fault; and our own rosters, out and in.

use std::io::{Seek, Write};
use std::process::Stdio;

use proptest::prelude::*;

use crate::import::spring;
use crate::office::{Done, Office};

#[test]
fn any_encoding_and_delimiter() {
    let form = "Name;E-mail\r\nInês Carvalho;ines@example.org\r\nZoë Müller;zoe@example.org\r\n";
    let utf16: Vec<u8> =
        format!("\u{feff}{form}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let latin: Vec<u8> = form.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let tabs = form.replace(';', "\t").into_bytes();
    for bytes in [form.as_bytes().to_vec(), utf16, latin, tabs] {
        let office = spring();
        std::fs::write(office.path("form.csv"), bytes).unwrap();
        office.ok("import form.csv");
        let names = office.ok("roster --columns first_name,last_name --format csv");
        assert_eq!(names, "first_name,last_name\nInês,Carvalho\nZoë,Müller\n");
    }
}

#[test]
fn a_form_can_be_piped_in() {
    let office = spring();
    let mut child = office
        .command("import -")
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"Name,Email\nKit Tran,kit@example.org\n").unwrap();
    let done = Done::of(&child.wait_with_output().unwrap());
    assert_eq!(done.code, 0, "{}", done.stderr);
    assert!(done.stderr.contains("standard input: 1 row for spring-2024"), "{}", done.stderr);
}

#[test]
fn what_cannot_be_a_form_is_said_at_once() {
    let office = spring();
    let refused = |bytes: &[u8], said: &str| {
        std::fs::write(office.path("form.csv"), bytes).unwrap();
        let error = office.refuses(1, "import form.csv");
        assert!(error.contains(said), "{error}");
        assert!(!error.contains("panicked"), "{error}");
    };
    refused(b"", "form.csv is empty");
    refused(b"%PDF-1.7", "form.csv is a PDF, not a table");
    refused(b"<!DOCTYPE html><title>Sign in</title>", "form.csv is a web page, not a table");
    std::fs::write(office.path("form.csv"), b"Name,Email\n").unwrap();
    assert!(office.says("import form.csv").contains("No row below the headings"));
}

#[test]
fn the_file_that_excel_makes_beside_an_open_workbook_is_told_apart() {
    let office = spring();
    std::fs::write(office.path("~$roster.xlsx"), b"\x05Robin\0\0\0").unwrap();
    let said = office.refuses(1, "import '~$roster.xlsx'");
    assert_eq!(
        said,
        "error: ~$roster.xlsx is no workbook: Excel makes such a file while one is open\n\
         hint: name the workbook itself: roster.xlsx\n"
    );
}

#[test]
fn what_is_far_too_large_is_refused_quickly() {
    let office = spring();
    let refused = |said: &str| {
        let error = office.refuses(1, "import form.csv");
        assert!(error.contains(said), "{error}");
    };
    // A line of a gigabyte: a file with nothing in it but its length.
    let mut file = std::fs::File::create(office.path("form.csv")).unwrap();
    file.write_all(b"Name,Email\n").unwrap();
    file.set_len(1 << 30).unwrap();
    drop(file);
    refused("form.csv:2: holds a sign that no text has");
    let mut file = std::fs::File::create(office.path("form.csv")).unwrap();
    file.write_all(b"Name,Email\n").unwrap();
    for _ in 0..64 {
        file.write_all(&vec![b'x'; 1 << 20]).unwrap();
    }
    assert!(file.stream_position().unwrap() > 1 << 26);
    drop(file);
    refused("form.csv:2: is a line of more than 4 MB, which is too long");
    office.write("form.csv", &format!("Name,Email\n{}\n", "x,".repeat(100_000)));
    refused(
        "form.csv:2: has more than 256 columns\nerror: the file cannot be read to its end; nothing was written",
    );
    // Not even of the rows above is anything written: those below would be missed.
    let said = office.refuses(1, "import form.csv --rejects mend.csv");
    assert!(
        said.contains("cannot be read to its end") && !office.path("mend.csv").exists(),
        "{said}"
    );
    std::fs::write(office.path("form.csv"), b"Name,Email\nY\xc4\xb1l In\xeas,x@example.org\n")
        .unwrap();
    refused("form.csv:2: has letters such as é written in two ways");
    let mut zip = zip::ZipWriter::new(std::fs::File::create(office.path("form.csv")).unwrap());
    zip.start_file("xl/worksheets/sheet1.xml", zip::write::SimpleFileOptions::default()).unwrap();
    for _ in 0..70 {
        zip.write_all(&vec![b' '; 1 << 20]).unwrap();
    }
    zip.finish().unwrap();
    refused("form.csv unpacks to more than 64 MB");
}

/// What is exported of people, so that it can be imported elsewhere.
const COLUMNS: &str = "cohort,code,first_name,last_name,goes_by,email,phone,residency,site,leave,status,signed_up,joined_week,agreed";

fn roster(office: &Office) -> String {
    office.ok(&format!("roster spring --status all --columns {COLUMNS} --format csv"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), ..ProptestConfig::default() })]

    /// A roster that is exported and imported elsewhere is the same roster.
    #[test]
    fn a_roster_goes_out_and_in(
        people in proptest::collection::vec(
            ("[=+@'\"A-Zé-]{1,2}[ -~é€ß]{0,9}", "[-=+@'\"A-Za-z]{1,8}", "[-=+@'0-9 ]{0,8}", "(|medical|parental)", 0..20_u32, any::<bool>()),
            1..8,
        ),
        capacity in 1..6_u32,
        withdrawn in any::<prop::sample::Index>(),
    ) {
        let office = spring();
        office.edit("capacity = 12 ", &format!("capacity = {capacity} "));
        let mut form = csv::Writer::from_path(office.path("form.csv")).unwrap();
        form.write_record(["signed_up", "first_name", "last_name", "email", "phone", "site", "leave", "agreed"]).unwrap();
        for (index, (first, last, phone, leave, minute, agrees)) in people.iter().enumerate() {
            // With a sign on both sides of it, it would be an address.
            let clean = |text: &str| {
                text.replace('@', " @ ").split_whitespace().collect::<Vec<_>>().join(" ")
            };
            let first = Some(clean(first)).filter(|name| !name.is_empty()).unwrap_or("A".into());
            // Text as an export writes it: what a spreadsheet would run is guarded.
            let guard = |text: &str| match text.trim_start_matches('\'').starts_with(['=', '+', '-', '@']) {
                true => format!("'{text}"),
                false => text.to_owned(),
            };
            let agrees = if *agrees { "yes" } else { "" };
            form.write_record([
                &format!("2024-03-0{} 08:{minute:02}", 1 + index % 9),
                &guard(&first), &guard(&clean(last)), &format!("p{index}@example.org"),
                &guard(&clean(phone)), &guard(&first), leave, agrees,
            ]).unwrap();
        }
        form.flush().unwrap();
        office.ok("import form.csv --consents");
        let at = withdrawn.index(people.len() + 1);
        if at < people.len() && people.len() > 1 {
            office.ok(&format!("withdraw p{at}@example.org --reason schedule"));
            office.ok(&format!("participant erase p{at}@example.org --yes"));
        }
        office.ok(&format!("roster spring --status all --columns {COLUMNS} --output roster.csv"));

        let other = spring();
        other.edit("capacity = 12 ", &format!("capacity = {capacity} "));
        std::fs::copy(office.path("roster.csv"), other.path("roster.csv")).unwrap();
        let empty = roster(&office).lines().count() == 1;
        let done = other.run("import roster.csv --consents");
        prop_assert_eq!(done.code, 0, "{}", done.stderr);
        if !empty {
            prop_assert_eq!(roster(&other), roster(&office));
        }
        prop_assert!(other.says("import roster.csv --consents").contains("nothing was changed"));
        other.ok("check");
    }
}

/// A few in every run; `PROPTEST_CASES` says how many.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(12)
}

//! A coordinator's whole quarter, week by week: everything that she does in it,
//! through the program, with the clock moved on.
//!
//! Of 17 who sign up for 12 places, two come again and two phone; one asked for
//! support in the gap before; two never agree; a week moves; one leaves after
//! week 2; one is erased; a colleague takes over, and the director has a report.

use std::fs;

use crate::office::Office;

/// Rosa missed two weeks of autumn, and Sami waited in vain; both come again.
fn autumn() -> Office {
    let office = Office::new();
    office.edit("since = 2024-01-01", "since = 2023-09-01");
    office.at("2023-09-18 09:00").ok("new autumn-2023 --starts 2023-10-10");
    office.edit("id = \"autumn-2023\"", "id = \"autumn-2023\"\ncapacity = 2");
    office.edit("location = \"Zoom\"", "location = \"Zoom\"\nlink = \"https://example.org/j/9\"");
    office.sign_up("autumn", &["rosa", "uma"]);
    office.at("2023-09-19 09:00").sign_up("autumn", &["sami"]);
    office.at("2023-10-05 09:00").agree("autumn", &["rosa", "uma"]);
    office.at("2023-10-10 12:00").ok("attend --rest present");
    office.at("2023-10-17 12:00").ok("attend --absent rosa@example.org --rest present");
    office.at("2023-10-24 12:00").ok("attend --absent rosa@example.org --rest present");
    office.at("2023-10-31 12:00").ok("attend --rest present");
    office
}

/// Noor has to wait two months for the next group, and is not forgotten.
fn the_gap(office: &Office) {
    office.at("2023-11-20 10:00");
    office.ok("support add noor@example.org --first-name Noor --last-name Haddad");
    assert!(office.ok("").contains("Noor asked for support today"));
    office.ok("support contact noor@example.org --kind phone --next 2023-12-04");
    assert!(office.ok("").contains("Noor: support, Mon 4 December"));
    office.at("2023-12-05 09:00");
    assert!(office.ok("").contains("Noor asked for support 15 days ago"));
    office.ok("support contact noor@example.org --kind email --next 2023-12-20");

    office.at("2023-12-11 09:00").ok("new winter-2024 --starts 2024-01-23");
    let missing = office.run("finish autumn");
    assert_eq!(missing.code, 1);
    assert!(missing.stdout.contains("cohorts carry autumn-2023 winter-2024 --waiting"));
    let said = office.says("carry autumn winter --waiting --incomplete");
    assert!(office.uncoded(&said).contains("Sami (SAMI_) and Rosa (ROSA_) have a place"), "{said}");
    office.ok("finish autumn");
}

/// Thirteen by form, Noor among them, and two by phone, one of whom called
/// before most of the forms came in.
fn sign_ups(office: &Office) {
    let names = [
        "Noor,Haddad",
        "Amara,Diallo",
        "Bea,Lind",
        "Chen,Liu",
        "Dara,Okon",
        "Elif,Kaya",
        "Finn,Murphy",
        "Grace,Mori",
        "Hugo,Roy",
        "Kit,Tran",
        "Lena,Fischer",
        "Mio,Sato",
        "Omar,Ali",
    ];
    let mut form = "Timestamp,Email Address,First name,Last name,Training site\n".to_owned();
    for (index, name) in names.iter().enumerate() {
        let first = name.split(',').next().unwrap().to_lowercase();
        let site = if index % 2 == 0 { "Vancouver" } else { "Victoria" };
        form += &format!(
            "2024/01/{:02} 9:00:00 AM PST,{first}@example.org,{name},{site}\n",
            3 + index / 4
        );
    }
    office.write("form.csv", &form);
    office.at("2024-01-08 09:00");
    let called = |first: &str, when: &str| {
        office.says(&format!(
            "enroll -c winter --first-name {first} --last-name Example --email {}@example.org --signed-up '{when}'",
            first.to_lowercase()
        ))
    };
    assert!(called("Ines", "2024-01-02 16:00").starts_with("Enrolled Ines Example"));
    let said = office.says("import form.csv");
    assert!(said.contains("9 with a place, 4 waiting. 12 of 12 places are taken."), "{said}");
    assert!(said.contains("1 person asked for support; close what is over"), "{said}");
    office.ok("support close noor@example.org --outcome joined");
    assert!(called("Petra", "2024-01-05 11:00").contains("4th in line"));
    // The same form again is known row by row.
    assert!(office.says("import form.csv").contains("13 already there"));
    let everybody = office.ok("roster winter --status all --columns code --format csv");
    assert_eq!(everybody.lines().count() - 1, 17);
}

/// Invited, reminded, agreed; two never do.
fn agreements(office: &Office) {
    office.at("2024-01-09 09:00");
    let said = office.says("mail winter --template invitation --output invitations");
    assert!(said.contains("Drafted 12 messages"), "{said}");
    let draft = fs::read_dir(office.path("invitations")).unwrap().next().unwrap().unwrap();
    let draft = fs::read_to_string(draft.path()).unwrap();
    assert!(draft.contains("text/calendar"), "{draft}");
    let said = office.says("mail winter --template invitation --output again");
    assert!(said.contains("Drafted before") || said.contains("drafted before"), "{said}");

    let agreed = ["sami", "rosa", "ines", "noor", "amara", "bea", "chen", "dara", "elif", "finn"];
    office.at("2024-01-18 16:00").agree("winter", &agreed);
    let said = office.says("mail winter --template agreement --output agreements");
    assert!(said.contains("Drafted 2 messages"), "Grace and Hugo alone: {said}");
    office.at("2024-01-22 10:00");
    let said = office.says("mail winter --template reminder --output reminders");
    assert!(said.contains("Drafted 10 messages"), "{said}");
    let screen = office.ok("today --on 2024-01-23");
    assert!(screen.contains("DO NOT ADMIT 2   Grace, Hugo  (not agreed)"), "{screen}");
    let receipt = office.ok("consent receipt rosa@example.org -c winter");
    assert!(receipt.contains("Decision     agreed"), "{receipt}");
    let zoom = office.says("roster winter --for zoom --output registrants.csv");
    assert!(zoom.starts_with("Wrote 10 people"), "{zoom}");
}

fn weeks_one_and_two(office: &Office) {
    let mut zoom = "Name (original name),Email,Join time,Leave time,Duration (minutes),Guest,Recording disclaimer response,In waiting room\n".to_owned();
    for name in ["sami", "rosa", "ines", "noor", "amara", "bea", "dara", "elif"] {
        zoom +=
            &format!("{name},{name}@example.org,01/23/2024 09:29,01/23/2024 11:31,122,Yes,,No\n");
    }
    zoom += "chen,chen@example.org,01/23/2024 09:55,01/23/2024 11:31,96,Yes,,No\n";
    zoom += "Otter.ai,,01/23/2024 09:31,01/23/2024 11:31,120,Yes,,No\n";
    office.write("participants.csv", &zoom);
    office.at("2024-01-23 11:45");
    let said = office.says("attend --from participants.csv");
    assert!(said.contains("8 present") && said.contains("1 late"), "{said}");
    let screen = office.ok("");
    assert!(screen.contains("Winter 2024, week 1: an AI notetaker"), "{screen}");
    office.ok("incident close 1 --done removed");

    office.at("2024-01-24 09:00");
    assert!(office.ok("").contains("Finn was away without a word"), "{}", office.ok(""));
    let said = office.says("mail winter --template missed --output missed");
    assert!(said.contains("Drafted 1 message"), "{said}");
    office.ok("excuse elif@example.org --week 2");
    office.at("2024-01-30 11:45").ok("attend --rest present");
}

/// Bea leaves, and week 3 moves.
fn weeks_three_and_four(office: &Office) {
    office.at("2024-01-31 09:00").ok("withdraw bea@example.org --reason back-at-work");
    office.ok("move --week 3 --to 2024-02-08 --at 13:00");
    let said = office.says("mail winter --template moved --week 3 --output moved");
    assert!(said.contains("Drafted 11 messages"), "{said}");
    office.ok("calendar winter --output sessions.ics");
    assert!(office.read("sessions.ics").contains("DTSTART:20240208T210000Z"));
    office.at("2024-02-08 15:10").ok("attend --rest present");

    // Omar, who waits, asks to be erased.
    office.at("2024-02-09 09:00").ok("participant erase omar@example.org --yes");
    assert!(office.refuses(1, "participant show omar@example.org").contains("nobody here"));

    // A colleague goes on in her own folder.
    office.ok("handover to-robin.handover");
    office.refuses(1, "excuse finn@example.org --week 4");
    fs::create_dir(office.path("robin")).unwrap();
    office.ok("takeover to-robin.handover --folder robin");
    office.at("2024-02-13 11:45").ok("attend --rest present --folder robin");
}

fn the_end(office: &Office) {
    let robin = |line: &str| office.run(&format!("{line} --folder robin"));
    office.at("2024-02-14 09:00");
    let missing = robin("finish winter");
    assert_eq!(missing.code, 1);
    for what in ["Grace", "Hugo", "still wait"] {
        assert!(missing.stdout.contains(what), "{what}: {}", missing.stdout);
    }
    for line in [
        "withdraw grace@example.org hugo@example.org -c winter --reason no-reply",
        "new spring-2024 --starts 2024-04-02",
        "carry winter spring --waiting",
        "finish winter",
        "check",
    ] {
        let done = robin(line);
        assert_eq!(done.code, 0, "{line}: {}{}", done.stdout, done.stderr);
    }
    let line = "roster winter --status enrolled --columns goes_by,attendance,completed --sort goes_by --format csv";
    assert_eq!(
        robin(line).stdout,
        "goes_by,week_1,week_2,week_3,week_4,completed\n\
         Amara,P,P,P,P,yes\n\
         Chen,L,P,P,P,yes\n\
         Dara,P,P,P,P,yes\n\
         Elif,P,E,P,P,no\n\
         Finn,A,P,P,P,no\n\
         Ines,P,P,P,P,yes\n\
         Noor,P,P,P,P,yes\n\
         Rosa,P,P,P,P,yes\n\
         Sami,P,P,P,P,yes\n"
    );
    let waiting = robin("roster spring --columns goes_by --sort goes_by --format csv").stdout;
    assert_eq!(waiting, "goes_by\nKit\nLena\nMio\nPetra\n");
}

/// What the director sees gives nobody away.
fn the_report(office: &Office) {
    let robin = |line: &str| office.ok(&format!("{line} --folder robin"));
    let shown = robin("report");
    assert!(shown.contains("<10"), "{shown}");
    let json: serde_json::Value = serde_json::from_str(&robin("report --format json")).unwrap();
    assert!(!json.to_string().contains("example.org"));
    robin("report --format html --output report.html");
    let page = office.read("report.html");
    assert!(page.contains("<svg") && !page.contains("<script"), "{page}");
    for name in ["Amara", "Omar", "Diallo", "example.org"] {
        assert!(!shown.contains(name) && !page.contains(name), "{name}: {shown}");
    }
}

#[test]
fn a_whole_quarter_with_everything_that_happens_in_one() {
    let office = autumn();
    the_gap(&office);
    sign_ups(&office);
    agreements(&office);
    weeks_one_and_two(&office);
    weeks_three_and_four(&office);
    the_end(&office);
    the_report(&office);
    // Everything is in the history, and no name.
    let history = office.ok("history --all --format csv --folder robin");
    for name in ["Amara", "Omar", "Diallo", "example.org"] {
        assert!(!history.contains(name), "{name}: {history}");
    }
}

//! `cohorts mail`: drafts, read back by another program than the one that wrote
//! them.

use std::collections::BTreeMap;
use std::fs;

use mailparse::{MailHeaderMap, ParsedMail, SingleInfo, addrparse_header, parse_mail};
use snapbox::{assert_data_eq, str};

use crate::office::Office;

/// What a mail program sees of a draft.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) to: SingleInfo,
    pub(super) from: Option<String>,
    pub(super) subject: String,
    pub(super) text: String,
    /// The names and the contents of what is attached.
    pub(super) attached: Vec<(String, String)>,
    /// The names of all headers.
    pub(super) headers: Vec<String>,
    raw: Vec<u8>,
}

/// The drafts of a folder, by the names of their files, with first names for
/// codes.
pub(super) fn drafts(office: &Office, folder: &str) -> BTreeMap<String, Draft> {
    let entries = fs::read_dir(office.path(folder)).unwrap().map(Result::unwrap);
    entries
        .map(|entry| {
            let name = entry.file_name().into_string().unwrap();
            (office.uncoded(&name), draft(&fs::read(entry.path()).unwrap()))
        })
        .collect()
}

fn draft(raw: &[u8]) -> Draft {
    let lines: Vec<&[u8]> = raw.split(|byte| *byte == b'\n').collect();
    assert!(lines.iter().all(|line| line.len() <= 999 && line.is_ascii()), "RFC 5322, 2.1.1");
    assert!(lines[..lines.len() - 1].iter().all(|line| line.ends_with(b"\r")), "CRLF alone");
    let mail = parse_mail(raw).unwrap();
    let header = |name: &str| mail.headers.get_first_value(name);
    let to = mail.headers.get_all_headers("To");
    assert_eq!(to.len(), 1, "one To");
    let to = addrparse_header(to[0]).unwrap();
    assert_eq!(to.count_addrs(), 1, "one address");
    assert_eq!(header("X-Unsent").as_deref(), Some("1"));
    let text = |part: &ParsedMail<'_>| part.get_body().unwrap().replace("\r\n", "\n");
    let (first, rest) = match mail.subparts.as_slice() {
        [] => (&mail, [].as_slice()),
        [first, rest @ ..] => (first, rest),
    };
    assert_eq!(first.ctype.mimetype, "text/plain");
    let attached = rest.iter().map(|part| {
        assert_eq!(part.ctype.mimetype, "text/calendar");
        assert_eq!(part.ctype.params["method"], "PUBLISH");
        (part.get_content_disposition().params["filename"].clone(), part.get_body().unwrap())
    });
    Draft {
        to: to.extract_single_info().unwrap(),
        from: header("From"),
        subject: header("Subject").unwrap(),
        text: text(first),
        attached: attached.collect(),
        headers: mail.headers.iter().map(mailparse::MailHeader::get_key).collect(),
        raw: raw.to_vec(),
    }
}

/// Winter, in which Kit has not agreed, Milo has no address, and Bea and Chen
/// were away in the first week, Chen with a word.
pub(super) fn winter() -> Office {
    let office = Office::winter();
    office.edit(
        "location = \"Zoom\"",
        "location = \"Zoom\"\nlink = \"https://example.org/j/1?pwd=x\"",
    );
    office.sign_up("winter", &["amara", "bea", "chen", "kit"]);
    office.ok("enroll -c winter --first-name Milo --last-name Example --phone 555-0101");
    office.at("2024-01-18 09:00").agree("winter", &["amara", "bea", "chen"]);
    office
}

fn first_week_recorded(office: &Office) {
    office.at("2024-01-22 12:00").ok("excuse chen@example.org --week 1");
    office.at("2024-01-23 12:00").ok("attend --absent bea@example.org --rest present");
}

const LINK: &str = "https://example.org/j/1?pwd=x";

#[test]
fn an_invitation_has_the_dates_in_words_and_for_the_calendar() {
    let office = winter();
    assert_data_eq!(
        office.uncoded(&office.says("mail winter --template invitation")),
        str![[r#"
Drafted 4 messages: invitation of winter-2024.
They are in mail-winter-2024-invitation, which only you can read.
No address, to be called: Milo (MILO_)
Nothing was sent: open each, look at it, send it, and delete the files.

"#]]
    );
    let drafts = drafts(&office, "mail-winter-2024-invitation");
    assert_eq!(
        drafts.keys().collect::<Vec<_>>(),
        [
            "AMARA-invitation.eml",
            "BEA__-invitation.eml",
            "CHEN_-invitation.eml",
            "KIT__-invitation.eml"
        ]
    );
    let kit = &drafts["KIT__-invitation.eml"];
    assert_eq!(kit.to.addr, "kit@example.org");
    assert_eq!(kit.to.display_name.as_deref(), Some("Kit Example"));
    assert_eq!(
        kit.headers,
        ["X-Unsent", "Date", "To", "Subject", "MIME-Version", "Content-Type"],
        "nothing that names a machine, a list or a receipt"
    );
    assert_data_eq!(
        format!("{}\n\n{}", kit.subject, kit.text),
        str![[r#"
Your place, from Tuesday 23 January

Dear Kit,

You have a place in Aim. Focus. Release., and we are glad that you are coming.

We meet on

1. Tuesday 23 January 2024, 9:30 to 11:30: What is mindful self-compassion?
2. Tuesday 30 January 2024, 9:30 to 11:30: Practising mindfulness and loving-kindness
3. Tuesday 6 February 2024, 9:30 to 11:30: Finding your compassionate voice
4. Tuesday 13 February 2024, 9:30 to 11:30: Meeting difficult emotions

Where: Zoom. Times are Vancouver time.

The file that comes with this message puts them into your calendar. All that others could read there is "Session 1 of 4".

Before we start, everybody agrees to respect and confidentiality, so that all of us can speak freely. The text comes in a message of its own; please answer it by Friday 19 January.

There is nothing to prepare, and you are welcome just as you are. If you have a question, or your plans change, reply to this message.

Warmly,
Your coordinator

"#]]
    );
    // The same file as `calendar` writes.
    let [(name, calendar)] = kit.attached.as_slice() else { panic!("{:?}", kit.attached) };
    assert_eq!((name.as_str(), calendar), ("sessions.ics", &office.ok("calendar winter")));
}

#[test]
fn each_kind_goes_to_whom_it_is_for_and_the_link_to_those_who_have_agreed() {
    let office = winter();
    let got = |line: &str, folder: &str| -> Vec<String> {
        let said = office.uncoded(&office.says(line));
        let left_out =
            said.lines().filter(|l| l.starts_with("Left out") || l.starts_with("No add"));
        let left_out: Vec<String> = left_out.map(str::to_owned).collect();
        let drafts = drafts(&office, folder);
        let one = |(name, draft): (&String, &Draft)| {
            let link = if String::from_utf8_lossy(&draft.raw).contains("example.org/j/") {
                assert!(draft.text.contains(LINK));
                " link"
            } else {
                ""
            };
            let with: String = draft.attached.iter().map(|(name, _)| format!(" {name}")).collect();
            format!("{name} | {}{link}{with}", draft.subject)
        };
        drafts.iter().map(one).chain(left_out).collect()
    };
    assert_eq!(
        got("mail --template agreement", "mail-winter-2024-agreement"),
        [
            "KIT__-agreement.eml | Please read and answer by Friday 19 January",
            "No address, to be called: Milo (MILO_)"
        ]
    );
    assert_eq!(
        got("mail --template reminder", "mail-winter-2024-week-1-reminder"),
        [
            "AMARA-reminder-1.eml | Tuesday 23 January, 9:30 link",
            "BEA__-reminder-1.eml | Tuesday 23 January, 9:30 link",
            "CHEN_-reminder-1.eml | Tuesday 23 January, 9:30 link",
        ]
    );
    first_week_recorded(&office);
    assert_eq!(
        got("mail --template missed", "mail-winter-2024-week-1-missed"),
        ["BEA__-missed-1.eml | About Tuesday 23 January"]
    );
    office.ok("excuse amara@example.org --week 2");
    office.ok("consent declined kit@example.org");
    assert_eq!(
        got("mail --template reminder", "mail-winter-2024-week-2-reminder"),
        [
            "BEA__-reminder-2.eml | Tuesday 30 January, 9:30 link",
            "CHEN_-reminder-2.eml | Tuesday 30 January, 9:30 link",
            "Left out, cannot come: AMARA",
        ]
    );
    office.ok("move --week 3 --to 2024-02-08 --at 13:00");
    assert_eq!(
        got("mail --template moved", "mail-winter-2024-week-3-moved"),
        [
            "AMARA-moved-3.eml | New time: Thursday 8 February, 13:00 link session-3.ics",
            "BEA__-moved-3.eml | New time: Thursday 8 February, 13:00 link session-3.ics",
            "CHEN_-moved-3.eml | New time: Thursday 8 February, 13:00 link session-3.ics",
            "KIT__-moved-3.eml | New time: Thursday 8 February, 13:00 session-3.ics",
            "No address, to be called: Milo (MILO_)",
        ]
    );
    let moved = &drafts(&office, "mail-winter-2024-week-3-moved")["KIT__-moved-3.eml"];
    assert_eq!(moved.attached[0].1, office.ok("calendar --week 3"), "with the next SEQUENCE");
    assert_data_eq!(
        moved.text.as_str(),
        str![[r#"
Dear Kit,

Session 3 has moved. It is not on Tuesday 6 February, 9:30 to 11:30, but on

Thursday 8 February 2024, 13:00 to 15:00 (Vancouver time).

The file that comes with this message moves it in your calendar.

You get the link once you have agreed to the text about confidentiality. If you cannot find that message, tell me.

If the new time does not suit you, please reply to this message.

Warmly,
Your coordinator

"#]]
    );
    // Whoever said no is not asked again.
    let said = office.uncoded(&office.says("mail --template agreement --again"));
    assert!(said.contains("Left out, said no to it: KIT__"), "{said}");
}

#[test]
fn a_subject_tells_nothing_on_a_lock_screen() {
    let office = winter();
    first_week_recorded(&office);
    office.ok("move --week 3 --to 2024-02-08");
    for kind in ["invitation", "agreement", "reminder", "missed", "moved"] {
        let shown = office.ok(&format!("mail winter --template {kind} --preview"));
        let subject = shown.lines().find_map(|line| line.strip_prefix("Subject: ")).unwrap();
        let subject = subject.to_lowercase();
        for word in ["aim", "group", "support", "leave", "mindful", "compassion", "zoom", "agree"] {
            assert!(!subject.contains(word), "{subject}");
        }
    }
}

#[test]
fn what_cannot_be_drafted_is_refused_and_says_why() {
    let office = winter();
    office.write("there.txt", "");
    fs::create_dir(office.path("full")).unwrap();
    office.write("full/file", "");
    for (code, line, what) in [
        (2, "mail", "what it is about is missing"),
        (2, "mail --template invitation --week 2", "--week does not go with invitation"),
        (1, "mail --template missed", "no cohort has begun yet"),
        (1, "mail winter --template missed", "no week of `winter-2024` is recorded"),
        (1, "mail winter --template missed --week 1", "week 1 of `winter-2024` is not recorded"),
        (1, "mail --template moved", "no session to come of `winter-2024` was moved"),
        (1, "mail --template moved --week 2", "week 2 of `winter-2024` was not moved"),
        (1, "mail --template reminder --week 9", "has no week 9"),
        (1, "mail --template reminder --output full", "is not empty"),
        (1, "mail --template reminder --output there.txt", "is a file"),
        (1, "mail --template reminder --output no/where", "there is no folder"),
    ] {
        let said = office.refuses(code, line);
        assert!(said.contains(what), "{line}: {said}");
    }
    office.at("2024-01-24 09:00");
    let said = office.refuses(1, "mail --template reminder --week 1");
    assert!(said.contains("week 1 of `winter-2024` was on Tue 23 January 2024"), "{said}");
    office.at("2024-02-20 09:00");
    assert!(office.refuses(1, "mail --template invitation").contains("is over"));
}

#[test]
fn whoever_signs_up_again_is_invited_again() {
    let office = winter();
    office.ok("mail --template invitation --output first");
    office.at("2024-01-19 09:00").ok("withdraw bea@example.org --reason schedule");
    office.at("2024-01-20 09:00").ok("enroll -c winter --email bea@example.org");
    let said = office.says("mail --template invitation --output second");
    assert!(said.starts_with("Drafted 1 message: invitation"), "{said}");
}

#[test]
fn a_draft_with_the_link_is_named_once_somebody_may_not_have_it() {
    let office = winter();
    office.ok("mail --template reminder --week 1 --output first");
    office.ok("mail --template invitation --output second");
    let amara = office.code("amara");
    let said = office.says("consent withdrawn amara@example.org");
    let place = office.path("first").canonicalize().unwrap();
    let named = format!("may have the link; delete {}/{amara}-reminder-1.eml\n", place.display());
    assert!(said.contains(&named) && said.matches("delete").count() == 1, "{said}");
    let said = office.says("withdraw bea@example.org --reason schedule");
    assert!(said.contains(&format!("{}-reminder-1.eml\n", office.code("bea"))), "{said}");
    fs::remove_dir_all(office.path("first")).unwrap();
    assert!(!office.says("withdraw chen@example.org --reason schedule").contains("delete"));
}

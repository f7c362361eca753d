//! `[mail]` in cohorts.toml: what messages say instead of what is built in.

use snapbox::{assert_data_eq, str};

use crate::mail::{drafts, winter};
use crate::office::Office;

fn with_mail(office: &Office, text: &str) {
    office.write("cohorts.toml", &(office.read("cohorts.toml") + "\n" + text));
}

#[test]
fn a_message_says_what_its_template_says() {
    let office = winter();
    with_mail(
        &office,
        "[mail]\nfrom = 'Robin Lee <robin@example.org>'\n\n\
         [mail.reminder]\nsubject = 'See you {{ day }}'\n\
         text = \"\"\"\nHi {{ goes_by }},\n{% if link %}\n{{ link }}\n{% endif %}\n{{ sender }}\n\"\"\"\n\n\
         [mail.invitation]\nfile = 'invitation.txt'\n",
    );
    office.write(
        "invitation.txt",
        "\u{feff}Bonjour {{ first_name }} {{ last_name }}\r\n\
         {% for session in sessions %}\r\n- {{ session.day }}, {{ session.starts_at }}\r\n{% endfor %}\r\n",
    );
    office.ok("mail --template reminder --output reminders");
    let amara = &drafts(&office, "reminders")["AMARA-reminder-1.eml"];
    assert_eq!(amara.subject, "See you Tuesday 23 January");
    assert_eq!(amara.text, "Hi Amara,\nhttps://example.org/j/1?pwd=x\nRobin Lee\n");
    assert_eq!(amara.from.as_deref(), Some("\"Robin Lee\" <robin@example.org>"));
    office.ok("mail --template invitation --output invitations");
    let kit = &drafts(&office, "invitations")["KIT__-invitation.eml"];
    assert_eq!(kit.subject, "Your place, from Tuesday 23 January", "as it is built in");
    assert_eq!(
        kit.text,
        "Bonjour Kit Example\n- Tuesday 23 January, 9:30\n- Tuesday 30 January, 9:30\n\
         - Tuesday 6 February, 9:30\n- Tuesday 13 February, 9:30\n"
    );
}

#[test]
fn a_cohort_may_have_a_link_of_its_own() {
    let office = winter();
    with_mail(&office, "");
    office.edit(
        "id = \"winter-2024\"\nstarts_on",
        "id = \"winter-2024\"\nlink = 'https://example.org/own'\nstarts_on",
    );
    let shown = office.ok("mail --template reminder --preview");
    assert!(shown.contains("https://example.org/own\n") && !shown.contains("/j/1"), "{shown}");
}

#[test]
fn every_mistake_in_a_template_is_found_when_the_file_is_read() {
    let office = winter();
    with_mail(
        &office,
        "[mail]\nfrom = 'Robin'\nform = 1\n\n\
         [mail.reminder]\nsubject = \"{{ dya }}\"\n\
         text = \"\"\"\nDear {{ goes_by }},\n{% if not agreed %}\n  {{ link2 }}\n{% endif %}\n\"\"\"\n\n\
         [mail.invitation]\ntext = \"Come: \\u007b{ link }}\"\n\n\
         [mail.missed]\ntext = '{% if day %}'\n\n\
         [mail.moved]\n\n\
         [mail.agreement]\ntext = '''{{ agreement|uper }}'''\nfile = 'agreement.txt'\n",
    );
    let said = office.refuses(1, "roster");
    let from = said.find("error: `from`").unwrap();
    assert_data_eq!(
        &said[from..],
        str![[r#"
error: `from` has no e-mail address that could be one
   --> cohorts.toml:107:8
    |
107 | from = 'Robin'
    |        ^^^^^^^ like `from = "Robin Lee <robin@example.org>"`

error: unknown key `form`
   --> cohorts.toml:108:1
    |
108 | form = 1
    | ^^^^ did you mean `from`?

error: a reminder knows no `dya`
   --> cohorts.toml:111:15
    |
111 | subject = "{{ dya }}"
    |               ^^^ did you mean `day`?

error: a reminder knows no `link2`
   --> cohorts.toml:115:6
    |
115 |   {{ link2 }}
    |      ^^^^^ did you mean `link`?

error: an invitation knows no `link`, in line 1 of it
   --> cohorts.toml:120:8
    |
120 | text = "Come: /u007b{ link }}"
    |        ^^^^^^^^^^^^^^^^^^^^^^^
    |
    = help: only `reminder` and `moved` have the link, for those who have agreed

error: this template cannot be read
   --> cohorts.toml:123:19
    |
123 | text = '{% if day %}'
    |                   ^^ unexpected end of input, expected end of block

error: this message says nothing
   --> cohorts.toml:125:1
    |
125 | [mail.moved]
    | ^^^^^^^^^^^^ add `subject`, `text`, or `file`, or take the section away

error: there is no such filter
   --> cohorts.toml:128:24
    |
128 | text = '''{{ agreement|uper }}'''
    |                        ^^^^
    |
    = help: the language is Jinja; `cohorts mail --help` says what there is

error: `file` is there beside `text`
   --> cohorts.toml:129:8
    |
129 | file = 'agreement.txt'
    |        ^^^^^^^^^^^^^^^ keep one of them

error: cohorts.toml has 9 mistakes; nothing was done
hint: mend the file, then look with: cohorts check

"#]]
    );
}

#[test]
fn a_file_with_a_mistake_stops_the_messages_alone() {
    let office = winter();
    with_mail(
        &office,
        "[mail.reminder]\nfile = 'reminder.txt'\n\n[mail.missed]\nfile = 'missed.txt'\n",
    );
    office.write("reminder.txt", "Dear {{ goes_by }},\n\nto {{ dey }}\n");
    office.ok("roster");
    assert_data_eq!(
        office.refuses(1, "mail --template invitation"),
        str![[r#"
error: a reminder knows no `dey`
 --> reminder.txt:3:7
  |
3 | to {{ dey }}
  |       ^^^ did you mean `day`?

error: there is no file missed.txt beside cohorts.toml
   --> cohorts.toml:110:8
    |
110 | file = 'missed.txt'
    |        ^^^^^^^^^^^^ write the message there, or take `file` away

error: a message cannot be written like that; nothing was drafted

"#]]
    );
    assert_data_eq!(
        office.refuses(5, "check"),
        str![[r#"
error: there is no file missed.txt beside cohorts.toml
   --> cohorts.toml:110:8
    |
110 | file = 'missed.txt'
    |        ^^^^^^^^^^^^ write the message there, or take `file` away

error: reminder.txt:3:7: a reminder knows no `dey`
  did you mean `day`?

error: 2 problems found

"#]]
    );
    office.write("missed.txt", "Dear {{ goes_by }}");
    office.write("reminder.txt", "Dear {{ goes_by }}");
    office.ok("check");
    office.ok("mail --template reminder");
}

#[test]
fn what_is_not_there_for_somebody_is_said_with_its_place_and_nothing_is_drafted() {
    let office = winter();
    with_mail(&office, "[mail.reminder]\ntext = 'Here: {{ link }}'\n");
    office.ok("mail --template reminder --preview");
    office.edit("link = \"https://example.org/j/1?pwd=x\"\n", "");
    assert_data_eq!(
        office.refuses(1, "mail --template reminder"),
        str![[r#"
error: `link` is not there for everybody who gets `reminder`
   --> cohorts.toml:106:18
    |
106 | text = 'Here: {{ link }}'
    |                  ^^^^ put what needs it between {% if link %} and {% endif %}

error: a message cannot be written like that; nothing was drafted

"#]]
    );
    assert!(!office.path("mail-winter-2024-week-1-reminder").exists());
}

/// What is in it leaves in messages, and cohorts.toml may come from somebody else.
#[cfg(unix)]
#[test]
fn a_message_is_only_in_a_file_beside_cohorts_toml_or_below() {
    let office = winter();
    let elsewhere = tempfile::tempdir().unwrap();
    let diary = elsewhere.path().join("diary.txt");
    std::fs::write(&diary, "Dear diary").unwrap();
    std::os::unix::fs::symlink(&diary, office.path("link.txt")).unwrap();
    std::fs::create_dir(office.path("letters")).unwrap();
    office.write("letters/missed.txt", "Dear {{ goes_by }}");
    std::os::unix::fs::symlink("letters/missed.txt", office.path("near.txt")).unwrap();
    office.write("long.txt", &"Dear all\n".repeat(200_000));
    let pipe = office.path("pipe");
    assert!(std::process::Command::new("mkfifo").arg(pipe).status().unwrap().success());
    with_mail(&office, "[mail.missed]\nfile = 'FILE'\n");
    let toml = office.read("cohorts.toml");
    let (absolute, inside) = (diary.to_str().unwrap(), office.path("letters/missed.txt"));
    let not_in = "is not in the folder of cohorts.toml, nor below it";
    for (file, what) in [
        (absolute, not_in),
        ("../nothing.txt", not_in),
        ("link.txt", not_in),
        ("/dev/zero", not_in),
        ("pipe", "pipe is no file with a text"),
        ("letters", "letters is no file with a text"),
        ("long.txt", "long.txt has more than 1 MB, which is too long"),
    ] {
        office.write("cohorts.toml", &toml.replace("FILE", file));
        for (code, line) in [(1, "mail --template reminder"), (5, "check")] {
            let said = office.refuses(code, line);
            assert!(said.contains(what) && said.contains("cohorts.toml:107:8"), "{file}: {said}");
            assert!(!said.contains("diary\n"), "{said}");
        }
    }
    let inside = inside.to_str().unwrap();
    for file in ["letters/missed.txt", "letters/../letters/missed.txt", "near.txt", inside] {
        office.write("cohorts.toml", &toml.replace("FILE", file));
        office.ok("mail --template reminder --preview");
        office.ok("check");
    }
}

//! Every question of every command, left with Esc and with Ctrl-C: each time
//! everything is as it was, to the byte.
#![cfg(unix)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::prompts::{CTRL_C, Desk, ENTER, ESC, answer};
use crate::prompts_report::FIRST_OF_OURS;

const DOWN_3_ENTER: &str = "\u{1b}[B\u{1b}[B\u{1b}[B\r";

/// A command that asks, with its questions in order and what to answer to go
/// on to the next.
struct Asks {
    line: &'static str,
    before: fn(&mut Desk),
    questions: &'static [(&'static str, &'static str)],
}

const ASKS: &[Asks] = &[
    Asks {
        line: "init group",
        before: nothing,
        questions: &[("Backup folder", ENTER), ("Keep people for", ENTER)],
    },
    Asks {
        line: "new",
        before: nothing,
        questions: &[("Id [spring-2024]", ENTER), ("First session [2024-04-02", ENTER)],
    },
    Asks {
        line: "enroll",
        before: nothing,
        questions: &[
            ("E-mail (Enter if none)", "zoe@example.org\r"),
            ("First name", "Zoe\r"),
            ("Last name", "Young\r"),
            ("Goes by (Enter if the first name)", ENTER),
            ("Phone (Enter if none)", ENTER),
            ("Residency (Enter if none)", ENTER),
            ("Site (Enter if none)", ENTER),
            ("> not said", ENTER),
        ],
    },
    Asks {
        line: "enroll -c spring",
        before: spring,
        questions: &[("E-mail", "amara@example.org\r"), ("The same person? [Y/n]", ENTER)],
    },
    Asks {
        line: "enroll -c spring --first-name Ann --last-name Diallo --email finn@example.org",
        before: spring,
        questions: &[("under another name. This is", ENTER)],
    },
    Asks {
        line: "enroll --first-name Kit --last-name Tran --email kit@example.org",
        before: |desk| drop(desk.quietly("participant erase kit@example.org --yes")),
        questions: &[("Are they to be somebody new? [y/N]", ENTER)],
    },
    Asks {
        line: "import form.csv",
        before: |desk| form(desk, "Say who you are,Anything else\nElif Kaya,no\n"),
        questions: &[
            ("\"Say who you are\" is", DOWN_3_ENTER),
            ("\"Anything else\" is", ENTER),
            ("Sign this one up? [Y/n]", ENTER),
            ("so that it is not asked again? [Y/n]", ENTER),
        ],
    },
    Asks {
        line: "import form.csv",
        before: |desk| form(desk, "Name,Email,More\nElif Kaya,elif@example.org,no\n"),
        questions: &[("is not read. Say what it is? [y/N]", ENTER)],
    },
    Asks {
        line: "import form.csv",
        before: |desk| form(desk, "Name,Email\nSam Lee,kit@example.org\n"),
        questions: &[("under another name. This is", ENTER)],
    },
    Asks {
        line: "import form.csv",
        before: |desk| form(desk, "Name,Email,Agree\nElif Kaya,elif@example.org,yes\n"),
        questions: &[("is it to be recorded? [y/N]", ENTER), ("Sign this one up? [Y/n]", ENTER)],
    },
    Asks {
        line: "import form.csv",
        before: |desk| {
            form(desk, "Name,Email,Timestamp\nElif Kaya,elif@example.org,2/1/2023 9:00\n");
        },
        questions: &[("The form's days are written with", ENTER)],
    },
    Asks { line: "consent agreed ki", before: nothing, questions: &[("Kit T.? [Y/n]", ENTER)] },
    Asks {
        line: "withdraw tran --reason schedule",
        before: |desk| {
            drop(desk.quietly("enroll --first-name Bea --last-name Tran --new-person"));
        },
        questions: &[("Which `tran`", ENTER)],
    },
    Asks { line: "withdraw kit@example.org", before: nothing, questions: &[("Why", ENTER)] },
    Asks { line: "excuse kit@example.org", before: nothing, questions: &[("Which week", ENTER)] },
    Asks {
        line: "move",
        before: nothing,
        questions: &[("Which week", ENTER), ("The new day of week 1", "2024-01-24\r")],
    },
    Asks {
        line: "attend",
        before: |desk| desk.now = "2024-01-23 11:40",
        questions: &[("Number and letter", ENTER), ("Save? [Y/n]", ENTER)],
    },
    Asks {
        line: "attend",
        before: |desk| desk.now = "2024-01-31 11:40",
        questions: &[("Which week", ENTER), ("Number and letter", ENTER), ("Save? [Y/n]", ENTER)],
    },
    Asks {
        line: "attend --from report.csv",
        before: |desk| {
            desk.now = "2024-01-23 11:40";
            report(desk, &["Finn Murphy", "Kit Tran", "iPhone"], " 09:28");
        },
        questions: &[
            ("They are", ENTER),
            ("Who is `iPhone`", FIRST_OF_OURS),
            ("is `iPhone`", ENTER),
            ("Save? [Y/n]", ENTER),
        ],
    },
    Asks {
        line: "attend --from report.csv",
        before: |desk| {
            desk.now = "2024-01-30 11:40";
            let text = "Name (original name),Email,Total duration (minutes)\n\
                        Amara,amara@example.org,118\n";
            std::fs::write(desk.home.path().join("report.csv"), text).unwrap();
        },
        questions: &[("Which week is report.csv", ENTER), ("Save? [Y/n]", ENTER)],
    },
    Asks {
        line: "attend --from report.csv --week 1",
        before: |desk| {
            desk.now = "2024-01-23 11:40";
            report(desk, &[], " 09:28");
            desk.quietly("attend --week 1 --absent amara@example.org finn@example.org");
        },
        questions: &[("made by hand? [y/N]", ENTER), ("Save? [Y/n]", ENTER)],
    },
    Asks { line: "undo 2", before: nothing, questions: &[("Go on? [Y/n]", ENTER)] },
    Asks {
        line: "participant erase kit@example.org",
        before: nothing,
        questions: &[("Erase Kit (", ENTER)],
    },
    Asks {
        line: "participant merge kit@example.org finn@example.org",
        before: nothing,
        questions: &[("Are they one person? [y/N]", ENTER)],
    },
    Asks {
        line: "restore copy.backup",
        before: |desk| drop(desk.quietly("backup copy.backup")),
        questions: &[("Put it into", ENTER)],
    },
    Asks { line: "mail", before: nothing, questions: &[("What about", ENTER)] },
    Asks {
        line: "incident add kit@example.org",
        before: |desk| desk.now = "2024-01-30 11:40",
        questions: &[("What happened in winter-2024", ENTER), ("In which week", ENTER)],
    },
    Asks {
        line: "incident close 1",
        before: |desk| {
            desk.now = "2024-01-30 11:40";
            desk.quietly("incident add --kind told-outside");
        },
        questions: &[("What was done", ENTER)],
    },
    Asks {
        line: "support add",
        before: nothing,
        questions: &[
            ("E-mail (Enter if none)", "zoe@example.org\r"),
            ("First name", "Zoe\r"),
            ("Last name", "Young\r"),
            ("Phone (Enter if none)", ENTER),
        ],
    },
    Asks {
        line: "support contact",
        before: |desk| drop(desk.quietly("support add kit@example.org")),
        questions: &[("Who", ENTER), ("In touch", ENTER), ("Next contact (Enter: ", ENTER)],
    },
    Asks {
        line: "support close kit@example.org",
        before: |desk| drop(desk.quietly("support add kit@example.org")),
        questions: &[("What became of the request of Kit", ENTER)],
    },
    Asks {
        line: "enroll -c spring --first-name Kit --last-name Tran --email kit@example.org",
        before: |desk| {
            spring(desk);
            desk.quietly("support add kit@example.org");
        },
        questions: &[("Close that? [Y/n]", ENTER)],
    },
    Asks { line: "mail", before: nothing, questions: &[("What about", ENTER)] },
    Asks {
        line: "carry winter spring",
        before: |desk| {
            spring(desk);
            desk.now = "2024-02-14 09:00";
        },
        questions: &[("Who wants to come again", ENTER)],
    },
];

fn nothing(_: &mut Desk) {}

fn spring(desk: &mut Desk) {
    desk.quietly("new spring-2024 --starts 2024-04-02");
}

fn form(desk: &Desk, text: &str) {
    std::fs::write(desk.home.path().join("form.csv"), text).unwrap();
}

fn report(desk: &Desk, names: &[&str], from: &str) {
    let mut text = "Name (original name),Email,Join time,Leave time\n".to_owned();
    for who in ["Amara,amara@example.org"]
        .into_iter()
        .map(str::to_owned)
        .chain(names.iter().map(|name| format!("{name},")))
    {
        text += &format!("{who},01/23/2024{from},01/23/2024 11:31\n");
    }
    std::fs::write(desk.home.path().join("report.csv"), text).unwrap();
}

/// Every file below a folder, whatever it is.
fn everything(below: &Path, found: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for entry in std::fs::read_dir(below).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.insert(path.clone(), Vec::new());
            everything(&path, found);
        } else {
            found.insert(path.clone(), std::fs::read(&path).unwrap());
        }
    }
}

#[test]
fn whichever_question_is_left_everything_is_as_it_was() {
    // Most of the time is spent waiting for a terminal.
    std::thread::scope(|scope| {
        for asks in ASKS {
            scope.spawn(|| leave_each_question(asks));
        }
    });
}

fn leave_each_question(Asks { line, before, questions }: &Asks) {
    let mut desk = Desk::new();
    before(&mut desk);
    let files = || {
        let mut found = BTreeMap::new();
        everything(desk.home.path(), &mut found);
        found
    };
    let were = files();
    for at in 0..questions.len() {
        for key in [ESC, CTRL_C] {
            let mut rest = String::new();
            let code = desk.at_terminal(line, |session| {
                for (question, keys) in &questions[..at] {
                    answer(session, question, keys);
                }
                answer(session, questions[at].0, key);
                rest = session.exp_eof().unwrap();
            });
            let left = format!("{line}, {key:?} at `{}`: {rest}", questions[at].0);
            assert_eq!(code, 3, "{left}");
            assert!(files() == were, "{left}");
            assert!(rest.contains("left; nothing was changed"), "{left}");
            let shown = rest.rfind("\u{1b}[?25h");
            assert!(shown.is_some() && shown >= rest.rfind("\u{1b}[?25l"), "{left}");
        }
    }
}

/// Where something is asked, and how often; whoever adds a question adds it to
/// the table above as well.
#[test]
fn every_question_there_is_stands_in_the_table() {
    let mut found = BTreeMap::new();
    everything(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    let asking = [
        "rompts.line(",
        "rompts.confirm(",
        "rompts.choose(",
        "rompts.choose_several(",
        "rompts.be_sure(",
        "rompts.secret(",
    ];
    let count = |bytes: &Vec<u8>| {
        let text = String::from_utf8_lossy(bytes);
        asking.iter().map(|ask| text.matches(ask).count()).sum::<usize>()
    };
    let asked: usize = found.values().map(count).sum();
    assert_eq!(asked, 55, "a question came or went: mend ASKS, then this number");
}

//! `cohorts report`: figures, in which nothing small can be seen.

use std::process::Command;

use snapbox::{assert_data_eq, str};

use crate::office::Office;

/// Winter 2024 is over: eleven had a place and agreed, all but one were there
/// each week; one waited, one left. Spring has three sign-ups.
fn office() -> Office {
    let office = Office::winter();
    let names = [
        "amara", "bea", "chen", "dara", "elif", "finn", "grace", "hugo", "ines", "jonas", "kit",
        "lena",
    ];
    office.at("2024-01-08 09:00").sign_up("winter-2024", &names);
    office.sign_up("winter-2024", &["noor"]);
    office.agree("winter-2024", &names);
    office.at("2024-01-22 09:00").ok("withdraw lena@example.org -c winter-2024 --reason schedule");
    for (week, day) in [(1, "01-23"), (2, "01-30"), (3, "02-06"), (4, "02-13")] {
        office.at(&format!("2024-{day} 12:00"));
        let absent = if week == 2 { "--absent kit@example.org" } else { "" };
        office.ok(&format!("attend winter-2024 --week {week} {absent} --rest present"));
    }
    office.at("2024-03-01 09:00").ok("new spring-2024 --starts 2024-04-02");
    office.sign_up("spring-2024", &["petra", "quinn", "rosa"]);
    office
}

#[test]
fn a_year_on_the_screen() {
    assert_data_eq!(
        office().ok("report"),
        str![[r#"
Aim. Focus. Release.
All cohorts: 2

Sign-ups
Year     Sign-ups  Waiting  Enrolled  Withdrawn  Days waited
------------------------------------------------------------
2023/24  *         <10      *         <10

Of those enrolled
Year     Agreed  Not agreed  Completed                  Not completed  Not over
-------------------------------------------------------------------------------
2023/24  11      <10         10         ██████████████  <10            <10

Withdrawn, and why
Year     All  Schedule  At work  Other  No need  No reply  Moved  Not said
--------------------------------------------------------------------------
2023/24  <10  <10       0        0      0        0         0      0

Attendance by week
Year     Week  All  P   L  D  E  A    x  -
------------------------------------------
2023/24  1     *    *   0  0  0  0    0  0
         2     *    10  0  0  0  <10  0  0
         3     *    *   0  0  0  0    0  0
         4     *    *   0  0  0  0    0  0
P present, L late, D departed early, E excused, A absent, x not let in, - not
recorded

How to read this
Counted are sign-ups: somebody in two cohorts counts twice. A sign-up belongs to
the day of its cohort's first session; years go from July to June.
<10 is a number from 1 to 9. * is hidden so that no such number can be worked
out from the rest. Zero, and 10 or more, are shown otherwise. Days waited, half
of the enrolled waited no longer, are given for 10 or more.
No hidden number can be worked out from this report alone. Two reports compared,
of other days, by something else, or before and after a change, can tell more,
and so can what somebody knows already: hand on one report, not several.

"#]]
    );
}

#[test]
fn a_bar_stands_behind_the_number_that_it_shows() {
    let office = office();
    let text = format!("{}\n[report]\nsuppress_below = 1\n", office.read("cohorts.toml"));
    office.write("cohorts.toml", &text);
    let table = office.ok("report --by cohort");
    for begins in ["winter-2024  13        ██████████████  ", "spring-2024  3         ███  "]
    {
        assert!(table.lines().any(|line| line.starts_with(begins)), "{table}");
    }
    assert!(table.lines().all(|line| line.chars().count() <= 80), "{table}");
}

/// The cells of the CSV, by row name and column.
fn csv(office: &Office, line: &str) -> Vec<Vec<(String, String)>> {
    let text = office.ok(&format!("{line} --format csv"));
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let headers = reader.headers().unwrap().clone();
    let row = |row: csv::StringRecord| {
        headers.iter().map(str::to_owned).zip(row.iter().map(str::to_owned)).collect()
    };
    reader.records().map(|record| row(record.unwrap())).collect()
}

#[test]
fn every_format_shows_the_same() {
    let office = office();
    for by in ["year", "quarter", "cohort", "site"] {
        let line = format!("report --by {by}");
        let rows = csv(&office, &line);
        let json: serde_json::Value =
            serde_json::from_str(&office.ok(&format!("{line} --format json"))).unwrap();
        let html = office.ok(&format!("{line} --format html"));
        let table = office.ok(&line);
        assert_eq!(json["groups"].as_array().unwrap().len(), rows.len());
        for (row, group) in rows.iter().zip(json["groups"].as_array().unwrap()) {
            for (key, value) in &row[1..row.len() - 1] {
                let hidden = &group["hidden"][key];
                match &**value {
                    "<10" => assert_eq!(hidden, "from 1 to 9", "{key}"),
                    "*" => assert_eq!(hidden, "others could be worked out from it", "{key}"),
                    count => assert_eq!(group[key].to_string(), count, "{key}"),
                }
                assert_eq!(group[key].is_null(), !hidden.is_null(), "{key}");
            }
            let cells = |keys: &[&str]| -> Vec<&str> {
                keys.iter()
                    .map(|key| &*row.iter().find(|(name, _)| name == key).unwrap().1)
                    .collect()
            };
            let of_row = cells(&["sign_ups", "waitlisted", "enrolled", "withdrawn"]);
            let tds: String = of_row
                .iter()
                .map(|cell| format!("<td>{}</td>", cell.replace('<', "&lt;")))
                .collect();
            assert!(html.contains(&tds), "{tds}");
            let of_name = row[0].1.split(' ').count();
            let on_screen = |line: &str| {
                line.split_whitespace().skip(of_name).take(4).eq(of_row.iter().copied())
            };
            assert!(table.lines().any(on_screen), "{of_row:?}\n{table}");
        }
    }
}

#[test]
fn a_limit_of_ones_own() {
    let office = office();
    let sign_ups = |limit: &str| {
        let text = format!("{}\n[report]\nsuppress_below = {limit}\n", office.read("cohorts.toml"));
        let before = office.read("cohorts.toml");
        office.write("cohorts.toml", &text);
        let rows = csv(&office, "report --by cohort");
        office.write("cohorts.toml", &before);
        rows.iter().map(|row| row[1].1.clone()).collect::<Vec<_>>()
    };
    assert_eq!(sign_ups("1"), ["13", "3", "16"]);
    assert_eq!(sign_ups("4")[1], "<4");
    assert_eq!(sign_ups("20"), ["<20", "<20", "<20"]);
    let before = office.read("cohorts.toml");
    office.write("cohorts.toml", &format!("{before}\n[report]\nsuppress_below = 2\n"));
    let said = office.refuses(1, "report");
    assert!(said.contains("cannot be 2: `<2` says that it is 1"), "{said}");
}

#[test]
fn the_first_session_decides_what_is_counted() {
    let office = office();
    let names =
        |line: &str| csv(&office, line).iter().map(|row| row[0].1.clone()).collect::<Vec<_>>();
    assert_eq!(names("report --by cohort"), ["winter-2024", "spring-2024", "all"]);
    assert_eq!(names("report --by quarter"), ["Jan-Mar 2024", "Apr-Jun 2024", "all"]);
    assert_eq!(names("report --by cohort --from 2024-01-24"), ["spring-2024"]);
    assert_eq!(names("report --by cohort --from 2024-01-23 --to 2024-04-01"), ["winter-2024"]);
    let said = office.refuses(1, "report --from 2025-01-01");
    assert!(said.contains("no cohort began in these days"), "{said}");
    let said = office.refuses(2, "report --from 2025-01-01 --to 2024-01-01");
    assert!(said.contains("--from 2025-01-01 is after --to 2024-01-01"), "{said}");
}

#[test]
fn a_report_that_leaves_is_written_down() {
    let office = office();
    let said = office.says("report --output report.html");
    assert!(said.starts_with("Wrote a report of 2 cohorts to report.html"), "{said}");
    let exports = office.ok("history --exports --format csv");
    assert!(
        exports.contains(",spring-2024,") || exports.contains("winter-2024 spring-2024"),
        "{exports}"
    );
    assert!(exports.contains("\"counts by year, none below 10\",0,"), "{exports}");
    let said = office.refuses(1, "report --output report.html");
    assert!(said.contains("report.html exists already"), "{said}");
    let said = office.refuses(1, "report --format csv --output cohorts.db");
    assert!(said.contains("is where your records are kept"), "{said}");
    let said = office.refuses(2, "report --output report.pdf");
    assert!(said.contains("report.pdf ends in none of .html, .csv, .json and .txt"), "{said}");
    office.ok("report --output report.csv --dry-run");
    assert!(!office.path("report.csv").exists());
    office.ok("report --output report.csv");
    assert!(office.read("report.csv").starts_with("\u{feff}year,sign_ups,waitlisted,"));
}

#[test]
fn who_was_erased_is_counted_as_before() {
    let office = office();
    let before = office.ok("report --by cohort");
    office.ok("report --output report.csv");
    office.ok("roster winter --output roster.csv");
    let said = office.says("participant erase amara@example.org --yes");
    assert!(said.contains("/roster.csv\n") && !said.contains("report.csv"), "{said}");
    assert_eq!(office.ok("report --by cohort"), before);
}

#[test]
fn the_page_stands_alone_and_its_drawings_have_words() {
    let office = office();
    office.edit("Aim. Focus. Release.", "Aim <b>&</b> Focus");
    office.ok("report --by cohort --output page.html");
    let page = office.read("page.html");
    for never in ["<script", "http:", "https:", "src=", "url(", "@import", "<b>"] {
        assert!(!page.contains(never), "{never}");
    }
    let drawings = page.matches("<svg").count();
    assert_eq!(drawings, 3);
    assert_eq!(page.matches("<desc id=").count(), drawings);
    assert_eq!(page.matches("<table>").count(), drawings + 1);

    // What a real browser makes of it.
    let mut browser = Command::new("chromium");
    browser.args(["--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"]);
    browser.arg(format!("--user-data-dir={}", office.path("browser").display()));
    match browser.arg(office.path("page.html")).output() {
        Ok(shown) => {
            let dom = String::from_utf8(shown.stdout).unwrap();
            assert_eq!(dom.matches("</svg>").count(), drawings, "{dom}");
            assert!(dom.contains("<h1>Aim &lt;b&gt;&amp;&lt;/b&gt; Focus</h1>"), "{dom}");
        }
        Err(_) => eprintln!("skipped the browser's part: there is no chromium here"),
    }
}

//! `list` and `show`: where each cohort stands.

use snapbox::{assert_data_eq, str};

use crate::office::Office;

/// Winter with four people and one waiting, two weeks old and one recorded;
/// Spring to come.
fn in_the_middle_of_winter() -> Office {
    let office = Office::new();
    office.edit("capacity = 12", "capacity = 4");
    office.ok("new fall-2024 --starts 2024-10-01");
    office.ok("new spring-2024 --starts 2024-04-02");
    office.ok("new winter-2024 --starts 2024-01-23");
    office.sign_up("winter", &["amara", "bea", "chen", "dara", "elif"]);
    office.sign_up("spring", &["finn"]);
    office.at("2024-01-18 10:00").agree("winter", &["amara", "bea", "chen"]);
    let attend = "attend --late bea@example.org --excused chen@example.org --rest present";
    office.at("2024-01-23 12:00").ok(attend);
    office.at("2024-02-02 10:00");
    office
}

fn fits_a_terminal(screen: &str) {
    for line in screen.lines() {
        assert!(line.chars().count() <= 80, "{} wide: {line}", line.chars().count());
        assert_eq!(line, line.trim_end(), "blanks at the end of a line");
    }
}

#[test]
fn the_list_says_where_every_cohort_stands_in_the_order_of_time() {
    let office = in_the_middle_of_winter();
    let list = office.ok("list");
    fits_a_terminal(&list);
    assert_data_eq!(
        list,
        str![[r#"
Cohort       Dates            Stage     Places  Wait  Agreed  Next   To record
------------------------------------------------------------------------------
winter-2024  23 Jan - 13 Feb  running   4/4     1     3       6 Feb  2
spring-2024  2 Apr - 23 Apr   upcoming  1/4           0       2 Apr
fall-2024    1 Oct - 22 Oct   upcoming  0/4           0       1 Oct

"#]]
    );
}

#[test]
fn cohorts_finish_and_their_unrecorded_weeks_stay() {
    let office = in_the_middle_of_winter();
    let list = office.at("2024-02-13 09:00").ok("list");
    assert_data_eq!(
        list,
        str![[r#"
Cohort       Dates            Stage     Places  Wait  Agreed  Next    To record
-------------------------------------------------------------------------------
winter-2024  23 Jan - 13 Feb  running   4/4     1     3       13 Feb  2,3
spring-2024  2 Apr - 23 Apr   upcoming  1/4           0       2 Apr
fall-2024    1 Oct - 22 Oct   upcoming  0/4           0       1 Oct

"#]]
    );
    let list = office.at("2024-02-14 00:00").ok("list");
    assert_data_eq!(
        list,
        str![[r#"
Cohort       Dates            Stage     Places  Wait  Agreed  Next   To record
------------------------------------------------------------------------------
winter-2024  23 Jan - 13 Feb  over      4/4     1     3              2,3,4
spring-2024  2 Apr - 23 Apr   upcoming  1/4           0       2 Apr
fall-2024    1 Oct - 22 Oct   upcoming  0/4           0       1 Oct

"#]]
    );
}

#[test]
fn the_last_decision_of_a_day_counts_and_who_left_need_not_be_recorded() {
    let office = in_the_middle_of_winter();
    let (amara, bea) = (office.code("amara"), office.code("bea"));
    office
        .at("2024-01-30 12:00")
        .ok("attend winter --week 2 --late bea@example.org --rest present");
    office.ok(&format!("consent withdrawn {amara} -c winter"));
    office.ok(&format!("consent agreed {amara} -c winter"));
    office.ok(&format!("consent withdrawn {bea} -c winter"));
    office.at("2024-02-07 10:00");
    let line = |list: String| list.lines().nth(2).map(str::to_owned);
    let winter = "winter-2024  23 Jan - 13 Feb  running   4/4     1     2       13 Feb  3";
    assert_eq!(line(office.ok("list")).as_deref(), Some(winter));
    for name in ["amara", "chen"] {
        let code = office.code(name);
        office.at("2024-02-01 10:00").ok(&format!("withdraw {code} -c winter --reason schedule"));
    }
    let winter = "winter-2024  23 Jan - 13 Feb  running   2/4     1     0       13 Feb";
    assert_eq!(line(office.at("2024-02-07 10:00").ok("list")).as_deref(), Some(winter));
}

#[test]
fn a_wide_list_fits_the_terminal() {
    let office = Office::new();
    office.edit("capacity = 12", "capacity = 100");
    office.ok("new summer-2024 --starts 2024-06-25");
    office.ok("new fall-2024 --starts 2024-12-17");
    office.sign_up("summer", &["amara"]);
    office.agree("summer", &["amara"]);
    let list = office.at("2025-01-07 08:00").ok("list");
    fits_a_terminal(&list);
    assert!(list.contains("17 Dec - 7 Jan") && list.contains("1,2,3,4"), "{list}");
}

#[test]
fn the_list_as_json_has_a_key_a_column() {
    let office = in_the_middle_of_winter();
    let json: serde_json::Value = serde_json::from_str(&office.ok("list --format json")).unwrap();
    let rows = json.as_array().unwrap();
    assert_eq!(rows.len(), 3);
    let keys: Vec<_> = rows[0].as_object().unwrap().keys().map(String::as_str).collect();
    let mut wanted = [
        "cohort",
        "first_session",
        "last_session",
        "stage",
        "enrolled",
        "capacity",
        "waitlisted",
        "agreed",
        "next_session",
        "weeks_to_record",
    ];
    wanted.sort_unstable();
    let mut sorted = keys.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, wanted);
    assert_eq!(rows[0]["cohort"], "winter-2024");
    assert_eq!(rows[0]["enrolled"], 4);
    assert_eq!(rows[0]["waitlisted"], 1);
    assert_eq!(rows[0]["agreed"], 3);
    assert_eq!(rows[0]["stage"], "running");
    assert_eq!(rows[0]["next_session"], "2024-02-06");
    assert_eq!(rows[1]["stage"], "upcoming");
}

#[test]
fn the_list_as_csv_starts_with_its_headings() {
    let office = in_the_middle_of_winter();
    assert_data_eq!(
        office.ok("list --format csv"),
        str![[r#"
cohort,first_session,last_session,stage,enrolled,capacity,waitlisted,agreed,next_session,weeks_to_record
winter-2024,2024-01-23,2024-02-13,running,4,4,1,3,2024-02-06,2
spring-2024,2024-04-02,2024-04-23,upcoming,1,4,0,0,2024-04-02,
fall-2024,2024-10-01,2024-10-22,upcoming,0,4,0,0,2024-10-01,

"#]]
    );
}

#[test]
fn show_gives_dates_numbers_and_what_was_recorded() {
    let office = in_the_middle_of_winter();
    let show = office.ok("show");
    fits_a_terminal(&show);
    assert_data_eq!(
        show,
        str![[r#"
Winter 2024 (winter-2024), running
Aim. Focus. Release.
Tuesdays 9:30 - 11:30 (Vancouver time), Zoom

  1  Tue 23 January 2024    1 present, 1 late, 1 excused
  2  Tue 30 January 2024    not recorded
  3  Tue 6 February 2024    Finding your compassionate voice
  4  Tue 13 February 2024   Meeting difficult emotions

Enrolled  4 of 4, 1 waiting
Agreed    3
Next      week 3, Tue 6 February

"#]]
    );
    let show = office.ok("show spring");
    fits_a_terminal(&show);
    assert_data_eq!(
        show,
        str![[r#"
Spring 2024 (spring-2024), upcoming
Aim. Focus. Release.
Tuesdays 9:30 - 11:30 (Vancouver time), Zoom

  1  Tue 2 April 2024       What is mindful self-compassion?
  2  Tue 9 April 2024       Practising mindfulness and loving-kindness
  3  Tue 16 April 2024      Finding your compassionate voice
  4  Tue 23 April 2024      Meeting difficult emotions

Enrolled  1 of 4
Agreed    0, due by Fri 29 March
Next      week 1, Tue 2 April

"#]]
    );
}

#[test]
fn what_stands_behind_the_days_stands_in_one_column() {
    let office = Office::winter();
    office.ok("new fall-2024 --starts 2024-09-17");
    office.ok("move fall --week 2 --to 2024-09-25");
    let show = office.ok("show fall");
    let begin =
        |line: &str| ["What is", "(moved)", "Finding", "Meeting"].iter().find_map(|w| line.find(w));
    let columns: Vec<usize> = show.lines().filter_map(begin).collect();
    assert!(columns.len() == 4 && columns.iter().all(|at| *at == columns[0]), "{show}");
}

#[test]
fn a_finished_cohort_has_no_next_session() {
    let office = in_the_middle_of_winter();
    let show = office.at("2024-02-14 09:00").ok("show winter");
    assert!(show.starts_with("Winter 2024 (winter-2024), over\n"), "{show}");
    assert!(!show.contains("Next"), "{show}");
    assert_eq!(show.matches("not recorded").count(), 3, "{show}");
}

#[test]
fn today_s_session_is_the_next_one_until_it_is_over() {
    let office = in_the_middle_of_winter();
    let show = office.at("2024-02-06 11:29").ok("show");
    assert!(show.contains("Next      week 3, Tue 6 February\n"), "{show}");
    let show = office.at("2024-02-06 11:30").ok("show");
    assert!(show.contains("Next      week 4, Tue 13 February\n"), "{show}");
}

#[test]
fn the_dates_in_words_are_ready_to_be_pasted() {
    let office = in_the_middle_of_winter();
    let done = office.run("show winter --text");
    assert_eq!(done.stderr, "");
    assert_data_eq!(
        done.stdout,
        str![[r#"
Tuesdays, 23 and 30 January, 6 and 13 February 2024, 9:30 to 11:30 (Vancouver time), Zoom

"#]]
    );
    office.ok("move winter --week 3 --to 2024-02-08 --at 13:00");
    assert_data_eq!(
        office.ok("show winter --text"),
        str![[r#"
Tuesdays, 23 and 30 January, 8 (Thursday, 13:00 to 15:00) and 13 February 2024, 9:30 to 11:30 (Vancouver time), Zoom

"#]]
    );
    office.ok("new year-end --starts 2024-12-17");
    assert_data_eq!(
        office.ok("show year-end --text"),
        str![[r#"
Tuesdays, 17, 24 and 31 December 2024, 7 January 2025, 9:30 to 11:30 (Vancouver time), Zoom

"#]]
    );
    office.edit("location = \"Zoom\"", "# nowhere");
    let text = office.ok("show spring --text");
    assert!(
        text.ends_with("2, 9, 16 and 23 April 2024, 9:30 to 11:30 (Vancouver time)\n"),
        "{text}"
    );
}

#[test]
fn a_cohort_may_have_terms_of_its_own() {
    let office = Office::winter();
    let own = "weekday = \"Thursday\"\nstarts_on = 2024-04-04\nstarts_at = 18:00:00\n\
               ends_at = 19:30:00\nsessions = 2\ntopics = []\nlocation = \"Room 4\"\ncapacity = 5\n";
    let text = office.read("cohorts.toml") + "\n[[cohort]]\nid = \"evening\"\n" + own;
    office.write("cohorts.toml", &text);
    assert_data_eq!(
        office.ok("show evening"),
        str![[r#"
Evening (evening), upcoming
Aim. Focus. Release.
Thursdays 18:00 - 19:30 (Vancouver time), Room 4

  1  Thu 4 April 2024
  2  Thu 11 April 2024

Enrolled  0 of 5
Agreed    0, due by Sun 31 March
Next      week 1, Thu 4 April

"#]]
    );
    assert_data_eq!(
        office.ok("show evening --text"),
        str![[r#"
Thursdays, 4 and 11 April 2024, 18:00 to 19:30 (Vancouver time), Room 4

"#]]
    );
}

/// Whoever comes to be expected at a week that was recorded, because their agreement
/// is entered later, does not make what was recorded go away.
#[test]
fn a_recorded_week_says_whose_mark_is_missing_and_stays_recorded() {
    let office = Office::winter();
    office.sign_up("winter", &["ann", "ben", "cy", "dee"]);
    office.agree("winter", &["ann", "ben"]);
    office.at("2024-01-23 12:00").ok("attend --absent ann@example.org --rest present");
    office.at("2024-01-24 09:00").ok("consent agreed cy@example.org --on 2024-01-22");
    let item = |office: &Office, what: &str| {
        let screen = office.ok("");
        let mut lines = screen.lines().filter(|line| line.ends_with("attend winter-2024 --week 1"));
        assert!(lines.any(|line| line.starts_with(what)), "{screen}");
        assert!(!screen.contains("is not recorded"), "{screen}");
    };
    item(&office, "  Week 1 of Winter 2024: Cy has no mark  ");
    let show = office.ok("show");
    assert!(show.contains("  1 present, 1 absent, 1 without a mark\n"), "{show}");
    assert!(office.ok("list --format csv").contains(",2024-01-30,1\n"));
    // Whoever was away is written to, and it is said of whom that is not known.
    let said = office.uncoded(&office.says("mail --template missed --output missed"));
    assert!(
        said.contains("1 message") && said.contains("Left out, without a mark: CY___"),
        "{said}"
    );
    office.ok("consent agreed dee@example.org --on 2024-01-22");
    item(&office, "  Week 1 of Winter 2024: 2 have no mark  ");
    let said = office.at("2024-02-14 09:00").run("finish winter").stdout;
    assert!(said.contains("  Week 1: 2 have no mark  "), "{said}");
    assert!(said.contains("  Week 2 is not recorded  "), "{said}");
    office.ok("attend winter --week 1 --rest absent");
    assert!(office.ok("show winter").contains("  1 present, 3 absent\n"));
}

#[test]
fn the_mark_that_is_missing_on_the_day_itself_is_said_too() {
    let office = Office::winter();
    office.sign_up("winter", &["ann", "ben", "cy"]);
    office.agree("winter", &["ann", "ben"]);
    office.at("2024-01-23 11:45").ok("attend --rest present");
    office.ok("consent agreed cy@example.org");
    let screen = office.ok("");
    assert!(screen.contains("  Week 1 of Winter 2024: Cy has no mark  "), "{screen}");
    assert!(!screen.contains("Record attendance"), "{screen}");
}

//! Where whoever an import signs up stands in line.

use snapbox::{assert_data_eq, str};

use crate::import::spring;

#[test]
fn whoever_sent_the_form_earlier_stands_before_those_who_wait() {
    let office = spring();
    office.edit("capacity = 12", "capacity = 1");
    office.sign_up("spring", &["kit"]);
    office.ok("enroll --first-name Amara --last-name Example --signed-up 2024-03-04");
    // While somebody waits, nobody gets a place before them, however early the form
    // was sent; but who sent it earlier stands before them in line.
    office.write(
        "late.csv",
        "Timestamp,Name,Email\n\
         2024-03-05,Uma Ray,uma@example.org\n\
         2024-03-01,Elif Kaya,elif@example.org\n",
    );
    office.edit("capacity = 1 ", "capacity = 9 ");
    let said = office.says("import late.csv");
    assert!(said.contains("Ray        new, waits, 3rd in line"), "{said}");
    assert!(said.contains("Kaya       new, waits, 1st in line"), "{said}");
    let line = "roster --status waitlisted --columns place_in_line,goes_by --sort place_in_line";
    assert_data_eq!(
        office.ok(&format!("{line} --format csv")),
        str![[r#"
place_in_line,goes_by
1,Elif
2,Amara
3,Uma

"#]]
    );
    office.ok("check");
}

#[test]
fn whoever_comes_back_stands_in_line_where_it_is_said() {
    let office = spring();
    office.edit("capacity = 12", "capacity = 1");
    office.sign_up("spring", &["amara", "bea", "chen"]);
    office.ok("withdraw bea@example.org --reason schedule");
    office.at("2024-03-20 10:00");
    office.write(
        "form.csv",
        "Timestamp,Name,Email\n\
         2024-03-18 09:00,Bea Example,bea@example.org\n\
         2024-03-19 09:00,Uma Ray,uma@example.org\n\
         2024-03-12 09:00,Ines Moss,ines@example.org\n",
    );
    let said = office.says("import form.csv");
    for (name, turn) in [("Ines        Moss", "1st"), ("Uma         Ray ", "3rd")] {
        let line = said.lines().find(|line| line.contains(name)).unwrap();
        assert!(line.contains(&format!("waits, {turn} in line")), "{said}");
    }
    assert!(said.contains("had withdrawn, and is back, waits, 4th in line"), "{said}");
    let line = "roster --status waitlisted --columns place_in_line,goes_by --sort place_in_line";
    let listed = office.ok(&format!("{line} --format csv"));
    assert_eq!(listed, "place_in_line,goes_by\n1,Ines\n2,Chen\n3,Uma\n4,Bea\n");
}

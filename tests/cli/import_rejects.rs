//! What cannot be taken of a form, in a file of its own.

use snapbox::{assert_data_eq, str};

use crate::import::spring;
#[cfg(unix)]
use crate::office::Done;

#[test]
fn rejects_are_put_aside_to_be_mended_and_imported() {
    let office = spring();
    office.write(
        "form.csv",
        "First name,Last name,Email,Phone\nAmara,Diallo,amara@example.org,\nKit,Tran,kit@,+1 604 555 0101\n",
    );
    let said = office.says("import form.csv --rejects mend.csv");
    assert!(
        said.contains("3                            REFUSED: \"Email\" is not an e-mail"),
        "{said}"
    );
    assert!(
        said.ends_with(
            "  take it back           cohorts undo\n\
         Put 1 row that could not be taken into mend.csv.\n  \
         once they are mended   cohorts import mend.csv\n"
        ) || said.contains("Put 1 row that could not be taken into mend.csv."),
        "{said}"
    );
    let rejects = office.read("mend.csv");
    assert_data_eq!(
        rejects.trim_start_matches('\u{feff}').to_owned(),
        str![[r#"
First name,Last name,Email,Phone,problem
Kit,Tran,kit@,'+1 604 555 0101,"""Email"" is not an e-mail address, such as amara@example.org"

"#]]
    );
    let said = office.refuses(1, "import form.csv --rejects mend.csv");
    assert!(said.contains("mend.csv exists already"), "{said}");
    // Mended wrongly: the column of problems does not grow.
    office.write("mend.csv", &rejects.replace("kit@,", "kit,"));
    office.ok("import mend.csv --rejects again.csv");
    assert_eq!(office.read("again.csv").matches("problem").count(), 1);
    office.write("mend.csv", &rejects.replace("kit@,", "kit@example.org,"));
    office.ok("import mend.csv");
    let line = "roster --columns goes_by,email,phone --format csv";
    assert_data_eq!(
        office.ok(line),
        str![[r#"
goes_by,email,phone
Amara,amara@example.org,
Kit,kit@example.org,'+1 604 555 0101

"#]]
    );
    let exports = office.ok("history --exports --format csv");
    assert!(exports.contains("rows of a form that could not be taken"), "{exports}");
    let said = office.refuses(1, "import form.csv --rejects cohorts.db --force");
    assert!(said.contains("cohorts.db is where your records are kept"), "{said}");
}

#[test]
fn what_was_mended_is_imported_as_the_rest_was() {
    let office = spring();
    office.ok("new summer-2024 --starts 2024-07-02");
    office.at("2024-04-05 09:00");
    office.write(
        "form.csv",
        "Timestamp,Name,Email,I agree\n\
         1/2/2024 8:00,Amara Diallo,amara@example.org,yes\n\
         2/3/2024 9:00,Kit Tran,kit@,yes\n",
    );
    let options = "-c spring --consents --dates day-first --late";
    let said = office.says(&format!("import form.csv {options} --rejects 'mend these.csv'"));
    let proposed = format!("cohorts import 'mend these.csv' {options}");
    assert!(said.ends_with(&format!("  once they are mended  {proposed}\n")), "{said}");
    office
        .write("mend these.csv", &office.read("mend these.csv").replace("kit@", "kit@example.org"));
    office.ok(proposed.strip_prefix("cohorts ").unwrap());
    let listed = office.ok("roster spring --columns goes_by,agreed --sort goes_by --format csv");
    assert_eq!(listed, "goes_by,agreed\nAmara,2024-02-01\nKit,2024-03-02\n");
}

/// What the rest of the form told of its days, a row that is left may not tell.
#[test]
fn what_was_mended_is_read_as_the_form_was() {
    let office = spring();
    office.write(
        "form.csv",
        "Timestamp,Name,Email\n14/1/2024,Amara Diallo,amara@example.org\n3/2/2024,Kit Tran,kit@\n",
    );
    office.at("2024-03-05 09:00");
    let said = office.says("import form.csv --rejects mend.csv");
    assert!(said.ends_with("cohorts import mend.csv --dates day-first\n"), "{said}");
    office.write("mend.csv", &office.read("mend.csv").replace("kit@", "kit@example.org"));
    office.ok("import mend.csv --dates day-first");
    let listed = office.ok("roster spring --columns goes_by,signed_up --sort goes_by --format csv");
    assert!(listed.contains("Kit,2024-02-03"), "{listed}");
}

/// What is said instead of writing over the form.
fn refused(rejects: &str) -> String {
    format!(
        "error: {rejects} is the form itself; nothing was written\n\
         hint: name another file for the rows that cannot be taken: --rejects FILE\n"
    )
}

#[test]
fn rejects_never_take_the_place_of_the_form() {
    let office = spring();
    office.write("form.csv", "Name\nAmara Diallo\nKit\n");
    std::fs::create_dir(office.path("forms")).unwrap();
    for rejects in ["form.csv", "forms/../form.csv"] {
        for force in ["", " --force"] {
            let said = office.refuses(1, &format!("import form.csv --rejects {rejects}{force}"));
            assert_eq!(said, refused(rejects));
        }
    }
    office.ok("import form.csv --rejects mend.csv");
}

#[test]
#[cfg(unix)]
fn nor_under_another_name_of_it() {
    let office = spring();
    office.write("form.csv", "Name\nAmara Diallo\nKit\n");
    std::os::unix::fs::symlink(office.path("form.csv"), office.path("link.csv")).unwrap();
    std::fs::hard_link(office.path("form.csv"), office.path("same.csv")).unwrap();
    for (file, rejects) in
        [("link.csv", "form.csv"), ("form.csv", "link.csv"), ("same.csv", "form.csv")]
    {
        let said = office.refuses(1, &format!("import {file} --rejects {rejects} --force"));
        assert_eq!(said, refused(rejects));
    }
    let piped = std::fs::File::open(office.path("form.csv")).unwrap();
    let mut import = office.command("import - --rejects form.csv --force");
    let done = Done::of(&import.stdin(piped).output().unwrap());
    assert_eq!((done.code, done.stderr), (1, refused("form.csv")));
    assert_eq!(office.read("form.csv"), "Name\nAmara Diallo\nKit\n");
}

//! Which column of a form has people's addresses, and whoever has none.

use crate::import::spring;

const ADDRESSES: &str = "roster spring --columns name,email --sort name --format csv";

#[test]
fn a_column_without_any_address_is_not_the_addresses() {
    for asked in [
        "Your best email",
        "Email2",
        "Email address2",
        "Preferred email",
        "Personal email address",
        "E-mail address (personal)",
    ] {
        let office = spring();
        office.write(
            "form.csv",
            &format!(
                "Name,Email,Phone,{asked},I agree to confidentiality\n\
                 Sarah Lee,anonymous,604 555 0001,sarah1@example.org,Yes\n\
                 Sarah Lee,,604 555 0002,sarah2@example.org,Yes\n"
            ),
        );
        let said = office.says("import form.csv --consents");
        assert!(!said.contains("Not read") && !said.contains("Read as"), "{said}");
        assert_eq!(
            office.ok(ADDRESSES),
            "name,email\n\"Lee, Sarah\",sarah1@example.org\n\"Lee, Sarah\",sarah2@example.org\n",
            "{asked}"
        );
    }
}

#[test]
fn of_two_columns_with_addresses_it_is_said_which_counts() {
    let office = spring();
    office.write(
        "form.csv",
        "Name,Email,Email2\nKit Tran,kit@example.org,tran@example.org\nUma Ray,uma@example.org,\n",
    );
    let said = office.says("import form.csv");
    let counts = "Read as email: \"Email\" and \"Email2\"; the last with something in it counts";
    assert!(said.contains(counts), "{said}");
    assert_eq!(
        office.ok(ADDRESSES),
        "name,email\n\"Ray, Uma\",uma@example.org\n\"Tran, Kit\",tran@example.org\n"
    );
}

#[test]
fn two_of_one_name_without_an_address_are_not_taken_for_one() {
    let form = "Timestamp,Name,Phone,I agree\n\
                2024-03-01 08:00:00,Sarah Lee,604 555 0001,yes\n\
                2024-03-02 08:00:00,Sarah Lee,604 555 0002,yes\n\
                2024-03-03 08:00:00,Kit Tran,,yes\n\
                2024-03-04 08:00:00,KIT Tran,,yes\n\
                2024-03-05 08:00:00,Uma Ray,,yes\n\
                2024-03-06 08:00:00,Uma Ray,,no\n";
    // Without times, what is said tells one from the other.
    let untimed: String =
        form.lines().filter_map(|line| Some(line.split_once(',')?.1.to_owned() + "\n")).collect();
    for form in [form, &untimed] {
        let office = spring();
        office.write("form.csv", form);
        let before = office.files();
        let said = office.refuses(1, "import form.csv --consents");
        let why = "has no address, and says otherwise than line 2 of the same name; if it is \
                   somebody else, write `new` into a column `code`, and if not, take out the line \
                   that does not count";
        assert!(said.starts_with(&format!("form.csv:3: {why}\n")), "{said}");
        assert!(said.contains("\nform.csv:7: has no address, and says otherwise than line 6 of"));
        assert!(said.contains("\nerror: 2 of 6 rows cannot be taken"), "{said}");
        assert!(office.files() == before);
        let said = office.says("import form.csv --consents --rejects mend.csv");
        assert!(said.contains("KIT         Tran       the same person as line 4, later"), "{said}");
        // The other Sarah is somebody else; Uma is not, and her no is for her coordinator.
        let mut rows = form.lines();
        let (headings, sarah) = (rows.next().unwrap(), rows.nth(1).unwrap());
        office.write("mend.csv", &format!("{headings},code\n{sarah},new\n"));
        let said = office.says("import mend.csv --consents");
        assert!(said.contains("Signed up 1 person"), "{said}");
        assert!(said.contains("has the same name as"), "{said}");
        let phones =
            office.ok("roster spring --columns name,phone,agreed --sort name --format csv");
        assert_eq!(phones.matches("\"Lee, Sarah\",604 555 000").count(), 2, "{phones}");
        // The next file of the form has them all, and everybody is there already.
        let (form, _) = form.trim_end().rsplit_once('\n').unwrap();
        office.write("form.csv", form);
        let said = office.says("import form.csv --consents");
        assert!(said.contains("Nothing is new in it; nothing was changed."), "{said}");
        office.ok("check");
    }
}

#[test]
fn where_no_column_is_the_addresses_those_that_are_not_read_are_named() {
    let office = spring();
    office.write(
        "form.csv",
        "Name,Email,Where to write\n\
         Sarah Lee,anonymous,sarah1@example.org\n\
         Sarah,anonymous,sarah2@example.org\n",
    );
    let said = office.refuses(1, "import form.csv");
    let hint = "hint: no column is known to be their addresses, and these are not read: \
                \"Where to write\"; say in cohorts.toml if it is one, under [import.forms]: \
                email = \"...\"\n";
    assert!(said.contains(hint), "{said}");
}

#[test]
fn whoever_comes_without_an_address_is_told_of_once() {
    let office = spring();
    office.write("form.csv", "Name,Email\nKit Tran,kit@example.org\nUma Ray,anonymous\nAda Lee,\n");
    let said = office.says("import form.csv");
    assert!(said.contains("\n2 people have no address: messages cannot reach them.\n"), "{said}");
    assert_eq!(said.matches("no address").count(), 1, "{said}");
    // The next quarter, Kit is known by a code; of her there is an address.
    office.ok("new summer-2024 --starts 2024-07-02");
    let listed = office.ok("participant list --format csv");
    let code = |name: &str| listed.lines().find(|row| row.contains(name)).unwrap()[..5].to_owned();
    let (kit, uma) = (code("Kit"), code("Uma"));
    office.write("form.csv", &format!("Name,Code\nKit Tran,{kit}\nUma Ray,{uma}\n"));
    let said = office.says("import form.csv -c summer");
    assert!(said.contains("\n1 person has no address: messages cannot reach them.\n"), "{said}");
    assert!(!office.says("import form.csv -c summer").contains("no address"));
}

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

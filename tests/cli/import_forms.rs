//! The files of each kind of form, as they come: those of `examples/`.

use std::path::Path;

use snapbox::{assert_data_eq, str};

use crate::import::spring;
use crate::office::Office;

fn import(office: &Office, name: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name);
    office.says(&format!("import '{}' --consents", file.display()))
}

/// All that a form can say.
fn signed_up(office: &Office) -> String {
    office.ok("roster --status all --columns first_name,last_name,goes_by,email,phone,residency,site,leave,signed_up,agreed --sort signed_up --format csv")
}

#[test]
fn microsoft_forms() {
    let office = spring();
    let said = import(&office, "signups-microsoft-forms.xlsx");
    assert!(said.contains("signups-microsoft-forms.xlsx: 5 rows for spring-2024"), "{said}");
    assert!(said.contains("5     Jan         van der Berg  new"), "a name in one is split: {said}");
    assert_data_eq!(
        signed_up(&office),
        str![[r#"
first_name,last_name,goes_by,email,phone,residency,site,leave,signed_up,agreed
Noor,Haddad,Noor,noor@example.org,'+1 604 555 0121,Pediatrics,Vancouver,maternity,2024-03-04 08:41:23,2024-03-04
Petra,Nováková,Petra,petra@example.org,'+1 250 555 0122,Psychiatry,Victoria,medical,2024-03-05 09:18:23,2024-03-05
Quinn,Walsh,Q,quinn@example.org,,Family Medicine,Kelowna,parental,2024-03-06 09:55:23,2024-03-06
Jan,van der Berg,Jan,jan@example.org,'+1 604 555 0124,Neurology,Vancouver,medical,2024-03-07 10:32:23,NO
Kit,Tran,Kit,kit@example.org,'+1 604 555 0125,Family Medicine,Nanaimo,medical,2024-03-08 11:09:23,2024-03-08

"#]]
    );
}

#[test]
fn microsoft_forms_where_nobody_signs_in() {
    let office = spring();
    let said = import(&office, "signups-microsoft-forms-anonymous.csv");
    assert!(said.contains("Recorded 3 consents from the form."), "{said}");
    assert_data_eq!(
        signed_up(&office),
        str![[r#"
first_name,last_name,goes_by,email,phone,residency,site,leave,signed_up,agreed
Omar,Farouk,Omar,omar@example.org,'+1 604 555 0131,,,,2024-03-04 08:12:40,2024-03-04
Lena,Fischer,Lena,lena@example.org,,,,,2024-03-05 19:04:05,2024-03-05
Mio,Sato,Mio,mio@example.org,'+1 236 555 0133,,,,2024-03-14 12:31:50,2024-03-14

"#]]
    );
}

#[test]
fn google_forms() {
    let office = spring();
    import(&office, "spring-2024-signups.csv");
    assert_data_eq!(
        signed_up(&office),
        str![[r#"
first_name,last_name,goes_by,email,phone,residency,site,leave,signed_up,agreed
Sara,Weiss,Sara,sara.weiss@example.org,'+1 236 555 0114,Internal Medicine,Kamloops,medical,2024-02-14 09:22:00,NO
Nadia,Haddad,Nadia,nadia@example.org,'+1 604 555 0115,Pediatrics,Vancouver,maternity,2024-02-15 14:03:00,NO
Tomás,O'Neill,Tom,tomas@example.org,'+1 604 555 0116,Psychiatry,Vancouver,parental,2024-02-16 10:47:00,NO

"#]]
    );
}

#[test]
fn qualtrics() {
    let office = spring();
    let said = import(&office, "signups-qualtrics.csv");
    assert!(
        said.contains("4                            was a try-out of the form, skipped"),
        "{said}"
    );
    assert!(said.contains("6                            was not finished, skipped"), "{said}");
    assert_data_eq!(
        signed_up(&office),
        str![[r#"
first_name,last_name,goes_by,email,phone,residency,site,leave,signed_up,agreed
Rosa,Iglesias,Rosa,rosa@example.org,,,Vancouver,maternity,2024-03-04 08:23:06,NO
Uma,Krishnan,Uma,uma@example.org,,,Victoria,medical,2024-03-06 13:05:01,NO

"#]]
    );
}

#[test]
fn redcap() {
    let office = spring();
    let said = import(&office, "signups-redcap.csv");
    assert!(said.contains("was not finished, skipped"), "{said}");
    assert_data_eq!(
        signed_up(&office),
        str![[r#"
first_name,last_name,goes_by,email,phone,residency,site,leave,signed_up,agreed
Vera,Lund,Vera,vera@example.org,'+1 604 555 0151,,Vancouver,maternity,2024-03-04 10:15:22,2024-03-04
Wendel,Okafor,Wendel,wendel@example.org,,,Surrey,medical,2024-03-05 17:45:01,NO

"#]]
    );
}

#[test]
fn redcap_with_labels() {
    let office = spring();
    office.write(
        "labels.csv",
        "Record ID,Survey Timestamp,First name,Last name,E-mail,\"Leave (choice=Medical)\",\"Leave (choice=Parental)\",\"I agree (choice=Yes)\",Complete?\n\
         1,2024-03-04 10:15:22,Vera,Lund,vera@example.org,Unchecked,Checked,Checked,Complete\n\
         2,2024-03-05 10:15:22,Wim,Li,wim@example.org,Checked,Checked,Unchecked,Complete\n",
    );
    let said = office.refuses(1, "import labels.csv");
    assert!(said.contains("labels.csv:3: more than one kind of leave is ticked"), "{said}");
}

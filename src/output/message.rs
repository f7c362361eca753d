//! Messages as files that a mail program opens as drafts: one address each,
//! text alone, nothing that tells who opened it.

use chrono::{DateTime, Utc};
use mail_builder::headers::HeaderType;
use mail_builder::headers::address::Address;
use mail_builder::headers::content_type::ContentType;
use mail_builder::headers::date::Date;
use mail_builder::headers::raw::Raw;
use mail_builder::headers::text::Text;
use mail_builder::mime::MimePart;
use sha2::{Digest, Sha256};

/// A name, if there is one, and an address.
pub type Mailbox<'a> = (Option<&'a str>, &'a str);

/// A message to one person.
pub struct Message<'a> {
    pub at: DateTime<Utc>,
    pub from: Option<Mailbox<'a>>,
    pub to: Mailbox<'a>,
    pub subject: &'a str,
    pub text: &'a str,
    /// The name and the text of a calendar file.
    pub calendar: Option<(&'a str, &'a str)>,
}

/// The bytes of its file.
///
/// It has no Message-ID: the mail program that sends it gives it one.
pub fn render(message: &Message<'_>) -> Vec<u8> {
    let text = || ContentType::new("text/plain").attribute("charset", "utf-8");
    let body = match message.calendar {
        None => MimePart::new(text(), message.text),
        Some((name, calendar)) => {
            let kind = ContentType::new("text/calendar")
                .attribute("charset", "utf-8")
                .attribute("method", "PUBLISH");
            let parts = vec![
                MimePart::new(text(), message.text),
                MimePart::new(kind, calendar).attachment(name),
            ];
            // What separates the parts is in none of them, and the same message
            // is the same file.
            let digest = Sha256::digest([message.text, calendar].concat());
            let boundary: String = digest.iter().take(16).map(|b| format!("{b:02x}")).collect();
            let mixed = ContentType::new("multipart/mixed").attribute("boundary", boundary);
            MimePart::new(mixed, parts)
        }
    };
    let address = |(name, address): Mailbox<'_>| -> HeaderType<'static> {
        Address::new_address(name.map(str::to_owned), address.to_owned()).into()
    };
    let mut headers: Vec<(&str, HeaderType<'_>)> = vec![
        // Outlook opens it to be sent, and not as something that came.
        ("X-Unsent", Raw::new("1").into()),
        ("Date", Date::new(message.at.timestamp()).into()),
    ];
    headers.extend(message.from.map(|from| ("From", address(from))));
    headers.push(("To", address(message.to)));
    headers.push(("Subject", Text::new(message.subject).into()));
    headers.push(("MIME-Version", Raw::new("1.0").into()));
    let mut bytes = Vec::new();
    let mut whole = body;
    let of_the_body = std::mem::take(&mut whole.headers);
    whole.headers = headers.into_iter().map(|(name, value)| (name.into(), value)).collect();
    whole.headers.extend(of_the_body);
    whole.write_part(&mut bytes);
    bytes
}

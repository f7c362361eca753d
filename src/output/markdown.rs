//! Markdown: a table for an e-mail or a wiki, in which no cell is anything but
//! its text, and which can be read as it is.

use comfy_table::{ContentArrangement, Table, presets};

/// A table of cells that are escaped already, its columns under each other.
pub(super) fn render(titles: Vec<String>, rows: Vec<Vec<String>>) -> String {
    let mut table = Table::new();
    table
        .load_style(presets::ASCII_MARKDOWN)
        .set_content_arrangement(ContentArrangement::Disabled)
        .set_header(titles)
        .add_rows(rows);
    format!("{table}\n")
}

/// Text in which nothing is markup, HTML, a link or the end of a cell. What is
/// harmless where it stands stays as it is: an address is copied out of a plain
/// e-mail as often as out of a wiki.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    let mut before = None;
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        let after = rest.clone().next();
        match c {
            // Not every viewer knows `\<`, and one that does not would run it.
            '<' => escaped.push_str("&lt;"),
            '&' if after.is_some_and(|c| c == '#' || c.is_ascii_alphanumeric()) => {
                escaped.push_str("&amp;");
            }
            '\\' | '`' | '*' | '[' | ']' | '|' | '~' | '$' | '^' => escaped.extend(['\\', c]),
            '_' if !(is_letter(before) && is_letter(after)) => escaped.push_str("\\_"),
            // GitHub and many others make links of bare ones.
            ':' if rest.as_str().starts_with("//") => escaped.push_str("\\:"),
            '.' if escaped.ends_with("www") => escaped.push_str("\\."),
            c => escaped.push(c),
        }
        before = Some(c);
    }
    escaped
}

/// Between two of these, `_` marks nothing.
fn is_letter(c: Option<char>) -> bool {
    c.is_some_and(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

    use super::*;

    #[test]
    fn what_would_be_markup_is_text() {
        for (text, escaped_text) in [
            ("Amara", "Amara"),
            ("O'Neill-Diallo, Zoë (she)", "O'Neill-Diallo, Zoë (she)"),
            ("kit_tran@example.org", "kit_tran@example.org"),
            ("_kit_", "\\_kit\\_"),
            ("a|b", "a\\|b"),
            ("a\\|b", "a\\\\\\|b"),
            ("**x**", "\\*\\*x\\*\\*"),
            ("`x`", "\\`x\\`"),
            ("~~x~~", "\\~\\~x\\~\\~"),
            ("$x$", "\\$x\\$"),
            ("[x](https://example.org)", "\\[x\\](https\\://example.org)"),
            ("www.example.org", "www\\.example.org"),
            ("<script>", "&lt;script>"),
            ("R&D, R & D, &amp; &#60;", "R&amp;D, R & D, &amp;amp; &amp;#60;"),
            ("# 1. - + > =", "# 1. - + > ="),
        ] {
            assert_eq!(escaped(text), escaped_text);
        }
    }

    /// The cells of the one table that a viewer sees; anything else is a `!`.
    fn seen(markdown: &str) -> Vec<String> {
        let mut cells: Vec<String> = Vec::new();
        // Prettier quotation marks are the same text.
        let options = Options::all() - Options::ENABLE_SMART_PUNCTUATION;
        for event in Parser::new_ext(markdown, options) {
            match event {
                Event::Start(Tag::TableCell) => cells.push(String::new()),
                Event::Text(text) => match cells.last_mut() {
                    Some(cell) => cell.push_str(&text),
                    None => cells.push(format!("!{text}")),
                },
                Event::Start(Tag::Table(_) | Tag::TableHead | Tag::TableRow)
                | Event::End(
                    TagEnd::Table | TagEnd::TableHead | TagEnd::TableRow | TagEnd::TableCell,
                ) => {}
                other => cells.push(format!("!{other:?}")),
            }
        }
        cells
    }

    proptest! {
        #[test]
        fn a_viewer_sees_every_text_as_it_is(
            texts in proptest::collection::vec("[-a-z0-9 |\\\\*_~`$<>&;:./#!()\\[\\]{}^='\"@+?é]{0,12}", 4)
        ) {
            // As they are in the records: no blanks at the ends.
            let texts: Vec<String> = texts.iter().map(|text| text.trim().to_owned()).collect();
            let row = |texts: &[String]| texts.iter().map(|text| escaped(text)).collect();
            let markdown = render(row(&texts[..2]), vec![row(&texts[2..])]);
            prop_assert_eq!(seen(&markdown), texts, "{}", markdown);
        }
    }
}

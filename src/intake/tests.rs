use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use proptest::prelude::*;

use super::*;

/// All rows of some bytes, or the message that refuses them.
fn rows(bytes: impl Into<Vec<u8>>) -> Result<Vec<Vec<String>>, String> {
    let source = Source::of_bytes("form.csv", bytes.into()).map_err(|error| error.message)?;
    let mut rows = source.rows().map_err(|error| error.message)?;
    let (mut row, mut all) = (Row::default(), Vec::new());
    while rows.read(&mut row).map_err(|problem| format!("{}: {}", problem.line, problem.what))? {
        all.push(row.cells.iter().map(str::to_owned).collect());
    }
    Ok(all)
}

fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

#[test]
fn the_same_table_in_every_encoding_with_every_delimiter() {
    let wanted = vec![vec!["Name", "Site"], vec!["Inês, Zoë", "a;b"], vec!["Yılmaz", ""]];
    let comma = "Name,Site\r\n\"Inês, Zoë\",a;b\r\n\r\n,\r\nYılmaz,\r\n";
    let semicolon = "Name;Site\nInês, Zoë;\"a;b\"\nYılmaz;";
    let tab = "Name\tSite\nInês, Zoë\ta;b\nYılmaz\t\n";
    for text in
        [comma, semicolon, tab, &format!("sep=,\r\n{comma}"), &format!("sep=;\n{semicolon}")]
    {
        let mark = format!("\u{feff}{text}");
        for bytes in [
            text.as_bytes().to_vec(),
            mark.as_bytes().to_vec(),
            utf16(&mark, u16::to_le_bytes),
            utf16(&mark, u16::to_be_bytes),
            utf16(text, u16::to_le_bytes),
        ] {
            assert_eq!(rows(bytes).unwrap(), wanted, "{text:?}");
        }
    }
    // Windows-1252 has no ı; 0x80 is the euro sign there.
    assert_eq!(
        rows(b"Name;Fee\nIn\xeas;5 \x80".to_vec()).unwrap(),
        [["Name", "Fee"], ["Inês", "5 €"]]
    );
}

#[test]
fn lines_are_those_that_an_editor_shows() {
    let text = "\u{feff}Name,Note\nA,\n\n\n\"B\n\",\"two\nlines\"\nC,c";
    for text in [text.to_owned(), format!("{text}\n"), text.replace('\n', "\r\n")] {
        let source = Source::of_bytes("form.csv", text.into_bytes()).unwrap();
        let mut rows = source.rows().unwrap();
        let (mut row, mut lines) = (Row::default(), Vec::new());
        while rows.read(&mut row).unwrap() {
            lines.push((row.line, row.cell(0).to_owned()));
        }
        let wanted = [(1, "Name"), (2, "A"), (5, "B"), (8, "C")];
        assert_eq!(lines, wanted.map(|(line, name)| (line, name.to_owned())));
    }
}

#[test]
fn a_question_with_signs_in_it_does_not_mislead() {
    let form = "Timestamp,What is it; this; or that\n2024-01-03,yes\n2024-01-04,no\n";
    assert_eq!(rows(form).unwrap()[0].len(), 2);
    let form = "Zeit;Name, Vorname, Ort\n2024-01-03;a\n2024-01-04;b\n";
    assert_eq!(rows(form).unwrap()[0].len(), 2);
}

#[test]
fn what_is_no_table_is_said() {
    for (bytes, said) in [
        (&b""[..], "form.csv is empty"),
        (b"%PDF-1.7 ...", "form.csv is a PDF, not a table"),
        (b"\xef\xbb\xbf <!DOCTYPE html>", "form.csv is a web page, not a table"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1...",
            "form.csv is in Excel's old format, or has a password",
        ),
        (b"PK\x03\x04 and no more", "form.csv is no Excel workbook that can be read"),
        (b"a,b\nc,d\ne\0,f\n", "form.csv:3: holds a sign that no text has"),
        ("a,b\nIn\u{ea}s,\u{131}\n".as_bytes(), ""),
        (
            b"Yi,\xc4\xb1\nIn\xeas,d\n",
            "form.csv:2: has letters such as é written in two ways, and cannot be read",
        ),
        (
            b"\xef\xbb\xbfa,b\n\xff,d",
            "form.csv:2: has letters such as é written in two ways, and cannot be read",
        ),
    ] {
        assert_eq!(rows(bytes).err().unwrap_or_default(), said);
    }
}

#[test]
fn what_is_too_large_is_refused_before_it_is_in_memory() {
    let many = "x,".repeat(100_000);
    assert_eq!(rows(format!("a,b\n{many}\n")).unwrap_err(), "2: has more than 256 columns");
    let long = "x".repeat(LONGEST_CELL + 1);
    assert_eq!(
        rows(format!("a,b\nc,d\n{long},e\n")).unwrap_err(),
        "3: has a cell of more than 1 MB, which is too long; perhaps a quotation mark is never closed"
    );
    let endless = "x".repeat(LONGEST_ROW * 2);
    assert_eq!(
        rows(format!("a,b\n{endless}")).unwrap_err(),
        "form.csv:2: is a line of more than 4 MB, which is too long"
    );
    let endless = "x\n".repeat(LONGEST_ROW);
    assert_eq!(
        rows(format!("a,b\n\"{endless}")).unwrap_err(),
        "2: has a cell of more than 1 MB, which is too long; perhaps a quotation mark is never closed"
    );
}

/// Text without an end, and how much of it was read.
#[derive(Clone, Default)]
struct Endless(Arc<AtomicUsize>);

impl std::io::Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        buffer.fill(b'x');
        self.0.fetch_add(buffer.len(), Ordering::Relaxed);
        Ok(buffer.len())
    }
}

#[test]
fn a_line_of_a_gigabyte_is_given_up_early() {
    let endless = Endless::default();
    let mut rows = Rows::of_text(Box::new(endless.clone()), b',');
    assert!(rows.read(&mut Row::default()).is_err());
    let read = endless.0.load(Ordering::Relaxed);
    assert!(read <= 2 * LONGEST_ROW, "read {read}");
}

/// A workbook whose parts are given.
fn workbook(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn sheet(cells: &str) -> Vec<u8> {
    with_shared(cells, "<sst/>")
}

fn with_shared(cells: &str, shared: &str) -> Vec<u8> {
    workbook(&[
        ("xl/sharedStrings.xml", shared.as_bytes()),
        ("[Content_Types].xml", b"<Types/>"),
        (
            "_rels/.rels",
            br#"<Relationships><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
        ),
        ("xl/workbook.xml", br#"<workbook xmlns:r="r"><sheets><sheet name="Form1" sheetId="1" r:id="rId1"/></sheets></workbook>"#),
        ("xl/_rels/workbook.xml.rels", br#"<Relationships><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#),
        ("xl/worksheets/sheet1.xml", format!("<worksheet><sheetData>{cells}</sheetData></worksheet>").as_bytes()),
    ])
}

#[test]
fn a_workbook_is_read_as_text_with_the_lines_that_excel_shows() {
    let bytes = sheet(
        r#"<row r="1"><c r="A1" t="inlineStr"><is><t>Name</t></is></c><c r="C1" t="inlineStr"><is><t>Phone</t></is></c></row>
           <row r="5"><c r="A5" t="inlineStr"><is><t>=1+1</t></is></c><c r="C5"><v>6045550101</v></c></row>"#,
    );
    let source = Source::of_bytes("form.xlsx", bytes).unwrap();
    let mut rows = source.rows().unwrap();
    let mut row = Row::default();
    assert!(rows.read(&mut row).unwrap());
    assert_eq!((row.line, row.cell(0), row.cell(1), row.cell(2)), (1, "Name", "", "Phone"));
    assert!(rows.read(&mut row).unwrap());
    assert_eq!((row.line, row.cell(0), row.cell(2)), (5, "=1+1", "6045550101"));
    assert!(!rows.read(&mut row).unwrap());
}

#[test]
fn a_workbook_that_unpacks_to_far_too_much_is_refused() {
    let bomb = workbook(&[("xl/sharedStrings.xml", &vec![b' '; 65 << 20])]);
    assert!(bomb.len() < 1 << 20);
    assert_eq!(rows(bomb).unwrap_err(), "form.csv unpacks to more than 64 MB, which is too much");
    let wide = sheet(r#"<row r="3"><c r="XFD3"><v>1</v></c></row>"#);
    assert_eq!(rows(wide).unwrap_err(), "form.csv:3: has more than 256 columns");
    assert_eq!(rows(sheet("")).unwrap_err(), "form.csv has nothing in it");
}

#[test]
fn a_workbook_that_says_one_text_many_times_is_given_up() {
    let row = |number, cells: &str| format!(r#"<row r="{number}">{cells}</row>"#);
    let text = |cell: &str, text: &str| {
        format!(r#"<c r="{cell}" t="inlineStr"><is><t>{text}</t></is></c>"#)
    };
    let long = sheet(&row(2, &text("A2", &"x".repeat(LONGEST_CELL + 1))));
    assert_eq!(
        rows(long).unwrap_err(),
        "form.csv:2: has a cell of more than 1 MB, which is too long"
    );
    let shared = format!("<sst><si><t>{}</t></si></sst>", "x".repeat(1 << 20));
    let cells: String = (1..=80)
        .map(|number| row(number, &format!(r#"<c r="A{number}" t="s"><v>0</v></c>"#)))
        .collect();
    let many = with_shared(&cells, &shared);
    assert_eq!(
        rows(many).unwrap_err(),
        "form.csv:64: is where it comes to more than 64 MB, too much"
    );
    // Hardly anything in it, and all of it far to the right.
    let far: String =
        (1..=40_000).map(|number| row(number, &text(&format!("IV{number}"), "x"))).collect();
    assert!(rows(sheet(&far)).unwrap_err().ends_with("it comes to more than 64 MB, too much"));
}

proptest! {
    /// Whatever the bytes are, they end in rows or in a message.
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        rows(bytes).ok();
    }

    /// A workbook with bytes turned over is refused, or read.
    #[test]
    fn no_broken_workbook_makes_it_panic(
        flips in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cells in "(<row r=\"[0-9]{1,12}\">)?(<c r=\"[A-Z]{0,5}[0-9]{0,12}\"( t=\"(s|b|e|str|inlineStr|d)\")?( s=\"[0-9]{1,3}\")?><v>.{0,20}</v></c>){0,4}(</row>)?",
        whole in any::<bool>(),
    ) {
        let mut bytes = sheet(&cells);
        if !whole {
            for (index, byte) in flips {
                let at = index.index(bytes.len());
                bytes[at] = byte;
            }
        }
        rows(bytes).ok();
    }

    /// What was written as CSV is read as it was.
    #[test]
    fn csv_is_read_as_it_was_written(
        table in proptest::collection::vec(proptest::collection::vec("[ -~é€\n\"',;\t]{0,8}", 2..5), 1..8),
    ) {
        let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
        // A first row of many cells, so that it is plain what parts them.
        writer.write_record(["a"; 60]).unwrap();
        for row in &table {
            writer.write_record(row).unwrap();
        }
        let read = rows(writer.into_inner().unwrap()).unwrap();
        let written: Vec<_> =
            table.into_iter().filter(|row| row.iter().any(|cell| !cell.trim().is_empty())).collect();
        prop_assert_eq!(&read[1..], written.as_slice());
    }
}

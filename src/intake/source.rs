//! A file as it comes: what kind it is, in which encoding, and its hash. It is
//! looked through once, in pieces, and can then be read as often as needed.

use std::fs::{File, Metadata};
use std::io::{self, Cursor, Read, Seek};
use std::path::Path;

use encoding_rs_io::DecodeReaderBytesBuilder;
use sha2::{Digest, Sha256};

use super::lines::LineEnds;
use super::rows::{Rows, delimiter};
use super::{LONGEST_ROW, Row, workbook};
use crate::error::{Error, Result, io_error};

/// What does not lie in a file that can be read twice has to fit into memory.
const LARGEST_IN_MEMORY: usize = 64 << 20;

/// A file that somebody wants to have read.
pub struct Source {
    /// As it is called in messages.
    pub name: String,
    /// The SHA-256 of its bytes, in lower-case hex.
    pub sha256: String,
    held: Held,
    form: Form,
}

enum Held {
    File(File, Metadata),
    Memory(Vec<u8>),
}

enum Form {
    Text { encoding: &'static encoding_rs::Encoding, delimiter: u8 },
    Workbook(Vec<Row>),
}

impl Held {
    fn open(&self) -> io::Result<Box<dyn Read + Send + '_>> {
        Ok(match self {
            Self::File(file, _) => {
                let mut file: &File = file;
                file.rewind()?;
                Box::new(file)
            }
            Self::Memory(bytes) => Box::new(bytes.as_slice()),
        })
    }
}

impl Source {
    /// Opens a file and looks through it; `-` is what is piped in.
    pub fn open(path: &Path) -> Result<Self> {
        if path.as_os_str() == "-" {
            let held = in_memory(io::stdin().lock()).map_err(|error| {
                Error::refused("what was piped in could not be read").because(error)
            })?;
            return Self::of("standard input".into(), held);
        }
        let failed = |error: io::Error| match error.kind() {
            io::ErrorKind::NotFound => {
                Error::refused(format!("there is no file {}", path.display()))
            }
            io::ErrorKind::IsADirectory => is_a_folder(path),
            _ => io_error("read", path, &error),
        };
        // On Windows, it cannot even be opened.
        if let Some(workbook) = file_name(path).strip_prefix("~$")
            && path.exists()
        {
            let error = Error::refused(format!(
                "~${workbook} is no workbook: Excel makes such a file while one is open"
            ));
            return Err(error.hint(format!("name the workbook itself: {workbook}")));
        }
        let file = File::open(path).map_err(failed)?;
        let about = file.metadata().map_err(failed)?;
        let held = if about.is_file() {
            Held::File(file, about)
        } else if about.is_dir() {
            return Err(is_a_folder(path));
        } else {
            in_memory(file).map_err(failed)?
        };
        Self::of(file_name(path), held)
    }

    /// Bytes that are at hand already.
    pub fn of_bytes(name: &str, bytes: Vec<u8>) -> Result<Self> {
        Self::of(name.into(), Held::Memory(bytes))
    }

    fn of(name: String, held: Held) -> Result<Self> {
        let unreadable =
            |error: io::Error| Error::refused(format!("could not read {name}")).because(error);
        let look = Look::through(held.open().map_err(unreadable)?).map_err(unreadable)?;
        if let Some(refused) = look.refused(&name) {
            return Err(refused);
        }
        let form = if look.is_zip() {
            let rows = match &held {
                Held::File(file, _) => workbook::rows(file, &name)?,
                Held::Memory(bytes) => workbook::rows(Cursor::new(bytes), &name)?,
            };
            Form::Workbook(rows)
        } else {
            let encoding = look.encoding();
            let text = decoded(held.open().map_err(unreadable)?, encoding);
            Form::Text { encoding, delimiter: delimiter(text).map_err(unreadable)? }
        };
        Ok(Self { name, sha256: look.sha256(), held, form })
    }

    /// Its rows from the first, blank ones left out.
    pub fn rows(&self) -> Result<Rows<'_>> {
        Ok(match &self.form {
            Form::Workbook(rows) => Rows::of_workbook(rows),
            Form::Text { encoding, delimiter } => {
                let bytes = self.held.open().map_err(|error| {
                    Error::refused(format!("could not read {}", self.name)).because(error)
                })?;
                Rows::of_text(decoded(bytes, encoding), *delimiter)
            }
        })
    }

    /// Whether it is still what was looked through, for who reads it again.
    pub fn is_unchanged(&self) -> bool {
        match &self.held {
            Held::Memory(_) => true,
            Held::File(file, before) => file.metadata().is_ok_and(|now| {
                now.len() == before.len() && now.modified().ok() == before.modified().ok()
            }),
        }
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

fn is_a_folder(path: &Path) -> Error {
    Error::refused(format!("{} is a folder; name a file in it", path.display()))
}

fn in_memory(from: impl Read) -> io::Result<Held> {
    let mut bytes = Vec::new();
    from.take(LARGEST_IN_MEMORY as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > LARGEST_IN_MEMORY {
        return Err(io::Error::other("it is larger than 64 MB; save it to a file first"));
    }
    Ok(Held::Memory(bytes))
}

/// The text in UTF-8, without the mark that some programs put first.
fn decoded<'r>(
    bytes: Box<dyn Read + Send + 'r>,
    encoding: &'static encoding_rs::Encoding,
) -> Box<dyn Read + Send + 'r> {
    Box::new(
        DecodeReaderBytesBuilder::new()
            .encoding(Some(encoding))
            .strip_bom(true)
            .utf8_passthru(true)
            .build(bytes),
    )
}

/// What one look through all bytes tells.
struct Look {
    hash: Sha256,
    /// The first bytes, by which many kinds of files are known.
    beginning: Vec<u8>,
    /// The line that is being looked at.
    line: u64,
    ends: LineEnds,
    /// How long it is so far.
    length: usize,
    /// The first line that is longer than a row may be.
    endless: Option<u64>,
    /// The first line with a NUL.
    nul: Option<u64>,
    /// The first line that is not UTF-8.
    broken: Option<u64>,
    /// Whether any sign beyond ASCII is proper UTF-8.
    has_utf8: bool,
    /// A sign whose last bytes are still to come.
    begun: Vec<u8>,
}

impl Look {
    fn through(mut from: impl Read) -> io::Result<Self> {
        let mut look = Self {
            hash: Sha256::new(),
            beginning: Vec::new(),
            line: 1,
            ends: LineEnds::default(),
            length: 0,
            endless: None,
            nul: None,
            broken: None,
            has_utf8: false,
            begun: Vec::new(),
        };
        let mut buffer = vec![0; 64 << 10];
        // What is no text is not looked through to its end.
        while !look.is_hopeless() {
            match from.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => look.at(&buffer[..read]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        if !look.begun.is_empty() {
            look.broken.get_or_insert(look.line);
        }
        Ok(look)
    }

    fn at(&mut self, bytes: &[u8]) {
        self.hash.update(bytes);
        if self.beginning.len() < 64 {
            self.beginning.extend(bytes.iter().take(64 - self.beginning.len()));
        }
        self.measure(bytes);
        let mut joined = std::mem::take(&mut self.begun);
        let mut rest = if joined.is_empty() {
            bytes
        } else {
            joined.extend_from_slice(bytes);
            &joined
        };
        loop {
            let (good, bad) = match str::from_utf8(rest) {
                Ok(_) => (rest.len(), None),
                Err(error) => (error.valid_up_to(), Some(error.error_len())),
            };
            self.good(&rest[..good]);
            rest = &rest[good..];
            match bad {
                None => return,
                Some(None) => {
                    self.begun = rest.to_vec();
                    return;
                }
                Some(Some(length)) => {
                    self.broken.get_or_insert(self.line);
                    rest = &rest[length..];
                }
            }
        }
    }

    fn good(&mut self, text: &[u8]) {
        self.has_utf8 |= !text.is_ascii();
        if self.nul.is_none()
            && let Some(at) = text.iter().position(|byte| *byte == 0)
        {
            self.nul = Some(self.line + self.line_ends(&text[..at]));
            return;
        }
        self.line += self.line_ends(text);
    }

    fn line_ends(&mut self, text: &[u8]) -> u64 {
        text.iter().filter(|byte| self.ends.begins(**byte)).count() as u64
    }

    fn measure(&mut self, bytes: &[u8]) {
        self.length = match bytes.iter().rposition(|byte| matches!(byte, b'\r' | b'\n')) {
            Some(at) => bytes.len() - at,
            None => self.length + bytes.len(),
        };
        if self.length > LONGEST_ROW && self.utf16().is_none() && !self.is_zip() {
            self.endless.get_or_insert(self.line);
        }
    }

    fn is_hopeless(&self) -> bool {
        let nul = self.nul.is_some() && self.utf16().is_none() && !self.is_zip();
        nul || self.endless.is_some()
    }

    fn sha256(&self) -> String {
        self.hash.clone().finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn begins(&self, with: &[u8]) -> bool {
        self.beginning.starts_with(with)
    }

    fn is_zip(&self) -> bool {
        self.begins(b"PK\x03\x04") || self.begins(b"PK\x05\x06")
    }

    /// UTF-16, which has its mark, or whose first sign is of the alphabet.
    fn utf16(&self) -> Option<&'static encoding_rs::Encoding> {
        match self.beginning.as_slice() {
            [0xff, 0xfe, ..] | [1..=255, 0, 1..=255, 0, ..] => Some(encoding_rs::UTF_16LE),
            [0xfe, 0xff, ..] | [0, 1..=255, 0, 1..=255, ..] => Some(encoding_rs::UTF_16BE),
            _ => None,
        }
    }

    fn encoding(&self) -> &'static encoding_rs::Encoding {
        match (self.utf16(), self.broken) {
            (Some(utf16), _) => utf16,
            (None, None) => encoding_rs::UTF_8,
            (None, Some(_)) => encoding_rs::WINDOWS_1252,
        }
    }

    /// Why this is no file to read rows from.
    fn refused(&self, name: &str) -> Option<Error> {
        let as_csv = "save it as `CSV UTF-8` from Excel, or download it as CSV";
        let no = |what: &str| Some(Error::refused(format!("{name} {what}")));
        if self.beginning.is_empty() {
            return no("is empty");
        }
        if self.begins(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
            return no("is in Excel's old format, or has a password").map(|error| {
                error.hint(
                    "open it in Excel and save it as `Excel Workbook (.xlsx)`, without a password",
                )
            });
        }
        if self.begins(b"%PDF") {
            return no("is a PDF, not a table").map(|error| error.hint(as_csv));
        }
        let text = String::from_utf8_lossy(&self.beginning)
            .trim_start_matches('\u{feff}')
            .trim_start()
            .to_lowercase();
        if text.starts_with("<!doctype") || text.starts_with("<html") {
            return no("is a web page, not a table").map(|error| {
                error.hint("sign in where it came from, and download the file itself")
            });
        }
        if self.is_zip() || self.utf16().is_some() {
            return None;
        }
        if let Some(line) = self.nul {
            return Some(
                Error::refused(format!("{name}:{line}: holds a sign that no text has"))
                    .hint("the file is damaged, or no table at all; download it again"),
            );
        }
        if let Some(line) = self.endless {
            return Some(Error::refused(format!(
                "{name}:{line}: is a line of more than 4 MB, which is too long"
            )));
        }
        let claims_utf8 = self.has_utf8 || self.begins(b"\xef\xbb\xbf");
        if let Some(line) = self.broken.filter(|_| claims_utf8) {
            return Some(
                Error::refused(format!(
                    "{name}:{line}: has letters such as é written in two ways, and cannot be read"
                ))
                .hint("download it again, or save it once more as `CSV UTF-8`"),
            );
        }
        None
    }
}

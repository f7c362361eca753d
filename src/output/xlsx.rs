//! Rows as a spreadsheet: one sheet in which text is text whatever it looks
//! like, and days and numbers are what they are.
//!
//! The same rows are the same bytes, and nothing in the file says who made it
//! or when.

use std::borrow::Cow;

use chrono::{NaiveDateTime, NaiveTime};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};
use unicode_width::UnicodeWidthStr;

use super::csv;
use crate::domain::roster::Cell;
use crate::error::{Error, Result};

/// How wide a column is at the least and at the most, in characters.
const WIDTHS: (usize, usize) = (6, 40);

/// A sheet that is being filled.
pub(super) struct Sheet {
    to: Worksheet,
    /// Keeps text what it is when somebody edits it.
    text: Format,
    day: Format,
    moment: Format,
    rows: u32,
    widths: Vec<usize>,
}

impl Sheet {
    /// Begins with a row of names that stays in sight.
    pub(super) fn new(names: &[String]) -> Result<Self> {
        let mut begun = Self {
            to: Worksheet::new(),
            text: Format::new().set_num_format("@"),
            day: Format::new().set_num_format("yyyy-mm-dd"),
            moment: Format::new().set_num_format("yyyy-mm-dd hh:mm"),
            rows: 1,
            widths: vec![0; names.len()],
        };
        begun.to.set_freeze_panes(1, 0).map_err(unfit)?;
        let bold = Format::new().set_bold();
        for (column, name) in (0..).zip(names) {
            begun.to.write_string_with_format(0, column, name, &bold).map_err(unfit)?;
            begun.widen(column, name);
        }
        Ok(begun)
    }

    pub(super) fn row(&mut self, cells: &[Cow<'_, Cell<'_>>]) -> Result<()> {
        for (column, cell) in (0..).zip(cells) {
            self.write(column, cell).map_err(unfit)?;
        }
        self.rows += 1;
        Ok(())
    }

    fn write(&mut self, column: u16, cell: &Cell<'_>) -> Written<()> {
        let text = csv::plain(cell);
        self.widen(column, &text);
        let (row, sheet) = (self.rows, &mut self.to);
        match cell {
            Cell::Empty | Cell::Weeks(_) => sheet,
            #[expect(clippy::cast_precision_loss, reason = "a sheet knows no other numbers")]
            Cell::Number(number) => sheet.write_number(row, column, *number as f64)?,
            Cell::Date(day) | Cell::DoneOn(Some(day)) => {
                let at = in_excel(day.and_time(NaiveTime::MIN))?;
                sheet.write_datetime_with_format(row, column, at, &self.day)?
            }
            Cell::Moment(at) => {
                let at = in_excel(*at)?;
                sheet.write_datetime_with_format(row, column, at, &self.moment)?
            }
            Cell::Text(_) | Cell::DoneOn(None) | Cell::YesNo(_) => {
                sheet.write_string_with_format(row, column, text, &self.text)?
            }
        };
        Ok(())
    }

    fn widen(&mut self, column: u16, text: &str) {
        if let Some(width) = self.widths.get_mut(usize::from(column)) {
            *width = (*width).max(text.width());
        }
    }

    /// The file.
    pub(super) fn pack(mut self) -> Result<Vec<u8>> {
        for (column, width) in (0..).zip(&self.widths) {
            // Bold letters are wider, and some room makes columns readable.
            let width = (width + 2).clamp(WIDTHS.0, WIDTHS.1);
            let width = u8::try_from(width).unwrap_or(u8::MAX);
            self.to.set_column_width(column, width).map_err(unfit)?;
        }
        let mut book = Workbook::new();
        book.push_worksheet(self.to);
        // A file cannot be without a time, and the library's own is the system's.
        let never = ExcelDateTime::from_ymd(1980, 1, 1).map_err(unfit)?;
        book.set_properties(&DocProperties::new().set_creation_datetime(&never));
        book.save_to_buffer().map_err(unfit)
    }
}

type Written<T> = std::result::Result<T, XlsxError>;

fn in_excel(at: NaiveDateTime) -> Written<ExcelDateTime> {
    ExcelDateTime::parse_from_str(&at.format("%FT%T").to_string())
}

/// Why rows do not fit into a spreadsheet.
fn unfit(error: XlsxError) -> Error {
    let what = match error {
        XlsxError::RowColumnLimitError => {
            "a spreadsheet has no room for more than 1,048,575 rows and 16,384 columns"
        }
        XlsxError::MaxStringLengthExceeded => {
            "a cell of a spreadsheet has no room for more than 32,767 characters"
        }
        other => return Error::refused("could not make the spreadsheet").because(other),
    };
    Error::refused(what).hint("CSV has no such limits: --format csv")
}

//! Tables as files: CSV (RFC 4180) and XLSX. No text in them is ever a formula: the guard stands here and nowhere else.

use axum::http::header;
use axum::response::{IntoResponse, Response};
use entrypoint::http::Failure;
use rust_xlsxwriter::{Format as Look, Workbook, XlsxError};

/// The format of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// CSV for spreadsheets: with a byte order mark, lines end with CR LF.
    Csv,
    /// CSV for programs: no byte order mark, lines end with LF.
    BareCsv,
    /// A workbook with one sheet.
    Xlsx,
}

/// The content of a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Never a formula.
    Text(String),
    /// A whole number from 0.
    Count(u64),
    /// A whole number with a sign.
    Difference(i64),
    /// Two digits are shown after the point.
    Number(f64),
    /// An empty cell.
    Nothing,
}

/// A table with a heading.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// The file's name without its ending.
    pub name: &'static str,
    /// One name a column.
    pub heading: Vec<String>,
    /// Each as long as the heading.
    pub rows: Vec<Vec<Value>>,
}

/// First characters that make a cell of CSV a formula in spreadsheets (OWASP, "CSV Injection").
const FORMULA_SIGNS: [char; 7] = ['=', '+', '-', '@', '\t', '\r', '\n'];

/// The longest text in a cell of XLSX has 32,767 UTF-16 units. Half as many characters always fit.
const TEXT_LIMIT: usize = 32_767 / 2;

impl Format {
    /// `csv` or `xlsx`; none if no file is asked for.
    ///
    /// # Errors
    /// 422 for any other name.
    pub fn of(given: Option<&str>) -> Result<Option<Self>, Failure> {
        match given {
            None => Ok(None),
            Some("csv") => Ok(Some(Self::Csv)),
            Some("xlsx") => Ok(Some(Self::Xlsx)),
            Some(_) => Err(Failure::field("format", "give `csv` or `xlsx`")),
        }
    }
}

impl From<Option<String>> for Value {
    fn from(text: Option<String>) -> Self {
        text.map_or(Self::Nothing, Self::Text)
    }
}

impl From<bool> for Value {
    fn from(is: bool) -> Self {
        Self::Text(is.to_string())
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl Table {
    /// With a note about the whole table as its last row.
    #[must_use]
    pub fn with_note(mut self, note: Option<String>) -> Self {
        if let Some(note) = note {
            let mut row = vec![Value::Text(note)];
            row.resize(self.heading.len(), Value::Nothing);
            self.rows.push(row);
        }
        self
    }

    /// The table as a file to save. Ten thousand rows take a while: they are written off the threads that serve requests.
    ///
    /// # Errors
    /// If the table cannot be written, which is our mistake.
    pub async fn response(self, format: Format) -> Result<Response, Failure> {
        let (kind, ending) = match format {
            Format::Csv | Format::BareCsv => ("text/csv; charset=utf-8", "csv"),
            Format::Xlsx => ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
        };
        let disposition = format!("attachment; filename=\"{}.{ending}\"", self.name);
        let write = move || match format {
            // The mark tells spreadsheets that this is UTF-8.
            Format::Csv => self.csv("\u{FEFF}", csv::Terminator::CRLF).map_err(Failure::internal),
            Format::BareCsv => self.csv("", csv::Terminator::Any(b'\n')).map_err(Failure::internal),
            Format::Xlsx => self.xlsx().map_err(Failure::internal),
        };
        let content = tokio::task::spawn_blocking(write).await.map_err(Failure::internal)??;
        let headers = [(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, disposition)];
        Ok((headers, content).into_response())
    }

    fn csv(&self, mark: &str, line_end: csv::Terminator) -> Result<Vec<u8>, csv::Error> {
        let mut written = mark.as_bytes().to_vec();
        let mut writer = csv::WriterBuilder::new().terminator(line_end).from_writer(&mut written);
        writer.write_record(self.heading.iter().map(|text| harmless(text)))?;
        for row in &self.rows {
            writer.write_record(row.iter().map(|value| match value {
                Value::Text(text) => harmless(text),
                Value::Count(count) => count.to_string(),
                Value::Difference(more) => more.to_string(),
                Value::Number(number) => format!("{number:.2}"),
                Value::Nothing => String::new(),
            }))?;
        }
        writer.flush()?;
        drop(writer);
        Ok(written)
    }

    fn xlsx(&self) -> Result<Vec<u8>, XlsxError> {
        let mut workbook = Workbook::new();
        let (bold, two_digits) = (Look::new().set_bold(), Look::new().set_num_format("0.00"));
        let sheet = workbook.add_worksheet();
        sheet.set_freeze_panes(1, 0)?;
        for (column, text) in (0..).zip(&self.heading) {
            sheet.set_column_width(column, 18)?;
            sheet.write_string_with_format(0, column, cut(text), &bold)?;
        }
        for (row, values) in (1..).zip(&self.rows) {
            for (column, value) in (0..).zip(values) {
                match value {
                    // A string cell is never evaluated.
                    Value::Text(text) => sheet.write_string(row, column, cut(text))?,
                    #[expect(clippy::cast_precision_loss, reason = "spreadsheets know no other numbers")]
                    Value::Count(count) => sheet.write_number(row, column, *count as f64)?,
                    #[expect(clippy::cast_precision_loss, reason = "spreadsheets know no other numbers")]
                    Value::Difference(more) => sheet.write_number(row, column, *more as f64)?,
                    Value::Number(number) => {
                        sheet.write_number_with_format(row, column, *number, &two_digits)?
                    }
                    Value::Nothing => continue,
                };
            }
        }
        workbook.save_to_buffer()
    }
}

/// The text with an apostrophe before what would be a formula.
fn harmless(text: &str) -> String {
    if text.starts_with(FORMULA_SIGNS) { format!("'{text}") } else { text.to_owned() }
}

fn cut(text: &str) -> &str {
    text.char_indices().nth(TEXT_LIMIT).map_or(text, |(at, _)| &text[..at])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(texts: &[&str]) -> Table {
        let row =
            |text: &&str| vec![Value::from(*text), Value::Count(3), Value::Number(4.255), Value::Nothing];
        Table { name: "t", heading: vec!["=1+1".into(), "n".into()], rows: texts.iter().map(row).collect() }
    }

    #[test]
    fn nothing_in_csv_is_a_formula() {
        let hostile = ["=HYPERLINK(\"x\")", "+7 900", "-1", "@SUM(A1)", "\t=1", "\r=1", "a,\"b\"\nc"];
        let mut table = table(&hostile);
        table.rows.iter_mut().for_each(|row| row.truncate(2));
        let written = String::from_utf8(table.csv("\u{FEFF}", csv::Terminator::CRLF).unwrap()).unwrap();
        let wanted = "\u{FEFF}'=1+1,n\r\n\"'=HYPERLINK(\"\"x\"\")\",3\r\n'+7 900,3\r\n'-1,3\r\n'@SUM(A1),3\r\n'\t=1,3\r\n\
            \"'\r=1\",3\r\n\"a,\"\"b\"\"\nc\",3\r\n";
        assert_eq!(written, wanted);
    }

    #[test]
    fn programs_read_csv_without_a_mark_and_with_plain_lines() {
        let table = Table {
            name: "result",
            heading: vec!["id".to_owned(), "won".to_owned()],
            rows: vec![vec![Value::from("=1"), Value::from(true)]],
        };
        let written = String::from_utf8(table.csv("", csv::Terminator::Any(b'\n')).unwrap()).unwrap();
        assert_eq!(written, "id,won\n'=1,true\n");
    }

    #[test]
    fn a_note_is_a_row_as_wide_as_the_table() {
        let noted = table(&["a"]).with_note(Some("cut".to_owned()));
        assert_eq!(noted.rows[1], [Value::from("cut"), Value::Nothing]);
        assert_eq!(table(&["a"]).with_note(None).rows.len(), 1);
    }

    /// A file of a workbook (ECMA-376: a workbook is an archive of XML files).
    fn part(workbook: &[u8], name: &str) -> String {
        use std::io::Read;
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(workbook)).unwrap();
        let mut text = String::new();
        archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn nothing_in_a_workbook_is_a_formula() {
        let long = "😀".repeat(40_000);
        let hostile = ["=cmd|' /C calc'!A0", "+7 900", "@SUM(A1)", "<b>&\"</b>", "\u{0}\u{1b}", &long, ""];
        let written = table(&hostile).xlsx().unwrap();
        let sheet = part(&written, "xl/worksheets/sheet1.xml");
        assert!(!sheet.contains("<f>") && !sheet.contains("<f "), "a formula: {sheet}");
        // The heading and each text are cells of the type "shared string"; numbers are numbers.
        assert_eq!(sheet.matches("t=\"s\"").count(), 2 + hostile.len() - 1, "{sheet}");
        assert!(sheet.contains("<v>4.255</v>"), "{sheet}");
        let strings = part(&written, "xl/sharedStrings.xml");
        for said in ["=1+1", "=cmd|' /C calc'!A0", "+7 900", "@SUM(A1)", "&lt;b&gt;&amp;"] {
            assert!(strings.contains(said), "{said}: as it was written");
        }
    }
}

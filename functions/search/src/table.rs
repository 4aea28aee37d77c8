//! Tables to take away: CSV (RFC 4180) and XLSX, in which nothing that people wrote is a formula.

use axum::http::header;
use axum::response::{IntoResponse, Response};
use entrypoint::http::Failure;
use rust_xlsxwriter::{Format as Look, Workbook, XlsxError};

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Csv,
    Xlsx,
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Text(String),
    Count(u64),
    /// How many more, or fewer.
    Difference(i64),
    Number(f64),
    Nothing,
}

/// A table with a heading.
#[derive(Debug, Clone, Default)]
pub(crate) struct Table {
    /// The file's name without its ending.
    pub(crate) name: &'static str,
    pub(crate) heading: Vec<String>,
    pub(crate) rows: Vec<Vec<Value>>,
}

/// Spreadsheets read a cell that begins so as a formula (OWASP, "CSV Injection").
const FORMULA_SIGNS: [char; 7] = ['=', '+', '-', '@', '\t', '\r', '\n'];

/// The longest text in a cell of XLSX, in UTF-16 units; of characters half as many are safe.
const TEXT_LIMIT: usize = 32_767 / 2;

impl Format {
    /// `csv` or `xlsx`.
    pub(crate) fn of(given: Option<&str>) -> Result<Option<Self>, Failure> {
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

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl Table {
    /// The same with a last row that says something of the whole.
    pub(crate) fn with_note(mut self, note: Option<String>) -> Self {
        if let Some(note) = note {
            let mut row = vec![Value::Text(note)];
            row.resize(self.heading.len(), Value::Nothing);
            self.rows.push(row);
        }
        self
    }

    /// As a file to be saved. Ten thousand rows take a while: they are written off the threads that serve requests.
    pub(crate) async fn response(self, format: Format) -> Result<Response, Failure> {
        let (kind, ending) = match format {
            Format::Csv => ("text/csv; charset=utf-8", "csv"),
            Format::Xlsx => ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
        };
        let disposition = format!("attachment; filename=\"{}.{ending}\"", self.name);
        let write = move || match format {
            Format::Csv => self.csv().map_err(Failure::internal),
            Format::Xlsx => self.xlsx().map_err(Failure::internal),
        };
        let content = tokio::task::spawn_blocking(write).await.map_err(Failure::internal)??;
        let headers = [(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, disposition)];
        Ok((headers, content).into_response())
    }

    fn csv(&self) -> Result<Vec<u8>, csv::Error> {
        // The mark says UTF-8 to spreadsheets.
        let mut written = "\u{FEFF}".as_bytes().to_vec();
        let mut writer =
            csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(&mut written);
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
                    // As a string, whatever it begins with.
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

/// A leading apostrophe makes text of a formula.
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
        let written = String::from_utf8(table.csv().unwrap()).unwrap();
        let wanted = "\u{FEFF}'=1+1,n\r\n\"'=HYPERLINK(\"\"x\"\")\",3\r\n'+7 900,3\r\n'-1,3\r\n'@SUM(A1),3\r\n'\t=1,3\r\n\
            \"'\r=1\",3\r\n\"a,\"\"b\"\"\nc\",3\r\n";
        assert_eq!(written, wanted);
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

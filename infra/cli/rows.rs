//! The rows of an import file, and those that cannot be used.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::Context;
use csv::StringRecord;

/// A row that can be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ImportRow {
    /// The file's id, or the row's number.
    pub(crate) id: String,
    pub(crate) text: String,
    pub(crate) topic: String,
    pub(crate) executor: String,
    pub(crate) category: String,
    line: u64,
    raw: String,
}

impl ImportRow {
    /// The same row as a rejected one.
    pub(crate) fn rejected(self, reason: String) -> Rejected {
        Rejected { line: self.line, reason, raw: self.raw }
    }
}

/// A row that cannot be used, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rejected {
    pub(crate) line: u64,
    pub(crate) reason: String,
    pub(crate) raw: String,
}

impl Rejected {
    /// Writes `FILE.rejected.csv` beside the file; without rejected rows there is none, and an older one is removed.
    pub(crate) fn write(file: &Path, rejected: &mut [Self]) -> anyhow::Result<Option<PathBuf>> {
        let path = PathBuf::from(format!("{}.rejected.csv", file.display()));
        if rejected.is_empty() {
            match std::fs::remove_file(&path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
                _ => return Ok(None),
            }
        }
        rejected.sort_by_key(|row| row.line);
        let mut writer = csv::Writer::from_path(&path).with_context(|| format!("{}", path.display()))?;
        writer.write_record(["line", "reason", "row"])?;
        for Self { line, reason, raw } in rejected.iter() {
            writer.write_record([line.to_string().as_str(), reason, raw.trim_end()])?;
        }
        writer.flush()?;
        Ok(Some(path))
    }
}

/// All rows of a file.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    pub(crate) good: Vec<ImportRow>,
    pub(crate) rejected: Vec<Rejected>,
}

/// Longest name in the directory, in characters.
const LABEL_LIMIT: usize = 500;

/// Where the known columns are.
#[derive(Debug, Clone, Copy)]
struct Columns {
    count: usize,
    id: Option<usize>,
    text: usize,
    topic: Option<usize>,
    executor: Option<usize>,
    category: Option<usize>,
}

impl Rows {
    /// Reads a file.
    ///
    /// # Errors
    /// If there is no such file, or it has no header with the column `text`.
    pub(crate) fn read(path: &Path) -> anyhow::Result<Self> {
        let bytes = std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
        Self::parse(&bytes).with_context(|| format!("{}", path.display()))
    }

    fn parse(bytes: &[u8]) -> anyhow::Result<Self> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let head_end = end_of_line(bytes, 0);
        let columns =
            Columns::of(std::str::from_utf8(&bytes[..head_end]).context("the header is not UTF-8")?)?;
        let mut rows = Self::default();
        let mut lines_of: HashMap<String, u64> = HashMap::new();
        let (mut at, mut line, mut number) = (head_end, 2, 0);
        while at < bytes.len() {
            // A record whose quotes are broken ends with its first line, so that it takes no other row with it.
            let whole = end_of_record(bytes, at);
            let end = whole.unwrap_or_else(|| end_of_line(bytes, at));
            let raw = &bytes[at..end];
            number += 1;
            let parsed =
                match whole {
                    None => Err("the quotes are broken: a quoted field must end with a quote before a comma"
                        .to_owned()),
                    Some(_) if raw.trim_ascii().is_empty() => {
                        number -= 1;
                        (at, line) = (end, line + 1);
                        continue;
                    }
                    Some(_) => columns.row(raw, line, number),
                };
            let parsed = parsed.and_then(|row| match lines_of.insert(row.id.clone(), line) {
                Some(first) => Err(format!("the id «{}» is used in line {first} already", row.id)),
                None => Ok(row),
            });
            match parsed {
                Ok(row) => rows.good.push(row),
                Err(reason) => {
                    rows.rejected.push(Rejected {
                        line,
                        reason,
                        raw: String::from_utf8_lossy(raw).into_owned(),
                    });
                }
            }
            line += raw.split(|&byte| byte == b'\n').count() as u64 - 1;
            at = end;
        }
        Ok(rows)
    }
}

impl Columns {
    fn of(header: &str) -> anyhow::Result<Self> {
        let names = record(header.as_bytes()).map_err(anyhow::Error::msg)?;
        let column = |name: &str| names.iter().position(|other| other.trim().eq_ignore_ascii_case(name));
        Ok(Self {
            count: names.len(),
            id: column("id"),
            text: column("text").context("the header has no column `text`")?,
            topic: column("topic"),
            executor: column("executor"),
            category: column("category"),
        })
    }

    fn row(&self, raw: &[u8], line: u64, number: u64) -> Result<ImportRow, String> {
        let fields = record(raw)?;
        if fields.len() != self.count {
            return Err(format!("the row has {} fields, the header {}", fields.len(), self.count));
        }
        let field = |column: Option<usize>| {
            column.and_then(|at| fields.get(at)).map(str::trim).unwrap_or_default().to_owned()
        };
        let text = field(Some(self.text));
        if text.is_empty() {
            return Err("text: must not be empty".into());
        }
        for (name, column) in
            [("topic", self.topic), ("executor", self.executor), ("category", self.category)]
        {
            if field(column).chars().count() > LABEL_LIMIT {
                return Err(format!("{name}: has more than {LABEL_LIMIT} characters"));
            }
        }
        let id = Some(field(self.id)).filter(|id| !id.is_empty()).unwrap_or_else(|| number.to_string());
        Ok(ImportRow {
            id,
            text,
            topic: field(self.topic),
            executor: field(self.executor),
            category: field(self.category),
            line,
            raw: String::from_utf8_lossy(raw).into_owned(),
        })
    }
}

fn record(raw: &[u8]) -> Result<StringRecord, String> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(raw);
    let mut record = StringRecord::new();
    match reader.read_record(&mut record) {
        Ok(_) => Ok(record),
        Err(error) => Err(match error.kind() {
            csv::ErrorKind::Utf8 { err, .. } => format!("field {} is not valid UTF-8", err.field() + 1),
            _ => error.to_string(),
        }),
    }
}

fn end_of_line(bytes: &[u8], from: usize) -> usize {
    bytes[from..].iter().position(|&byte| byte == b'\n').map_or(bytes.len(), |at| from + at + 1)
}

/// The end of the record that begins here (RFC 4180), or `None` if its quotes are broken. The CSV library reads on to
/// the end of the file in that case, and says nothing.
#[expect(clippy::match_same_arms, reason = "one line a transition")]
pub(crate) fn end_of_record(bytes: &[u8], from: usize) -> Option<usize> {
    #[derive(PartialEq)]
    enum In {
        Start,
        Plain,
        Quoted,
        Closed,
    }
    let mut state = In::Start;
    for (at, &byte) in bytes.iter().enumerate().skip(from) {
        state = match (state, byte) {
            (In::Quoted, b'"') => In::Closed,
            (In::Quoted, _) => In::Quoted,
            (_, b'\n') => return Some(at + 1),
            (In::Start | In::Closed, b'"') => In::Quoted,
            (_, b',') => In::Start,
            (In::Closed, b'\r') => In::Closed,
            (In::Closed, _) => return None,
            (_, _) => In::Plain,
        };
    }
    if state == In::Quoted { None } else { Some(bytes.len()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Rows {
        Rows::parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn a_field_may_hold_commas_quotes_and_lines() {
        let rows = parse("id,text,topic\n7,\"a, \"\"b\"\"\nc\",t\n8,plain,\n");
        assert_eq!(rows.rejected, []);
        assert_eq!((rows.good[0].text.as_str(), rows.good[0].line), ("a, \"b\"\nc", 2));
        assert_eq!((rows.good[1].id.as_str(), rows.good[1].line), ("8", 4));
    }

    #[test]
    fn broken_quotes_cost_one_line_and_no_more() {
        let rows = parse("id,text\n1,\"never closed\n2,good\n3,\"closed\" too early\n4,good\n");
        let good: Vec<_> = rows.good.iter().map(|row| row.id.as_str()).collect();
        let bad: Vec<_> = rows.rejected.iter().map(|row| row.line).collect();
        assert_eq!((good, bad), (vec!["2", "4"], vec![2, 4]));
        assert!(rows.rejected[0].reason.contains("quotes"));
    }

    #[test]
    fn every_bad_row_has_its_reason() {
        let rows = Rows::parse(b"id,text\n1,ok\n1,again\n2,\n3,a,b\n4,\xff\n").unwrap();
        let reasons: Vec<_> = rows.rejected.iter().map(|row| (row.line, row.reason.as_str())).collect();
        assert_eq!(rows.good.len(), 1);
        assert_eq!(
            reasons,
            [
                (3, "the id «1» is used in line 2 already"),
                (4, "text: must not be empty"),
                (5, "the row has 3 fields, the header 2"),
                (6, "field 2 is not valid UTF-8"),
            ]
        );
    }

    #[test]
    fn labels_and_ids_are_not_needed_but_text_is() {
        let rows = parse("text\r\nfirst\r\n\r\nsecond\r\n");
        let rows: Vec<_> = rows.good.iter().map(|row| (row.id.as_str(), row.text.as_str())).collect();
        assert_eq!(rows, [("1", "first"), ("2", "second")]);
        assert!(Rows::parse(b"id,topic\n1,a\n").is_err());
    }
}

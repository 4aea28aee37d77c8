//! The hits of a search as a table for a file.

use domain::rulebook::Rulebook;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use pages::Layout;
use pages::table::{Table, Value};
use search_index::DEPTH_LIMIT;

use super::view::{Found, SearchResult};
use crate::missing;

/// The columns by name; the text of each heading is `column-<name>`. The last four are for those who may read texts.
pub(crate) const COLUMNS: [&str; 12] = [
    "id",
    "received",
    "kind",
    "status",
    "category",
    "territory",
    "due",
    "mark",
    "organization",
    "place",
    "external-id",
    "text",
];

/// The number of columns for everybody.
const PUBLIC_COLUMNS: usize = 8;

/// The hits of a result as rows.
pub(crate) fn table(l: &Layout, result: &SearchResult, reads_texts: bool, rulebook: &Rulebook) -> Table {
    let root = rulebook.root_territory();
    let zone = root.map_or(TimeZone::UTC, |root| rulebook.local_days(&root.id).zone);
    let columns = if reads_texts { &COLUMNS[..] } else { &COLUMNS[..PUBLIC_COLUMNS] };
    let time = |at: Timestamp| at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string();
    // A term ends with the end of its last day: the instant itself belongs to the next day.
    let last_day = |due: Timestamp| {
        let within = due.checked_sub(SignedDuration::from_secs(1)).unwrap_or(due);
        within.to_zoned(zone.clone()).date().to_string()
    };
    let row = |hit: &Found| -> Vec<Value> {
        let mut row = vec![
            Value::Text(hit.id.to_string()),
            Value::Text(time(hit.received)),
            Value::Text(l.named("kind", hit.kind.as_str())),
            Value::Text(l.named("status", hit.status)),
            Value::from(hit.category.as_ref().map(|category| category.name.clone())),
            Value::Text(hit.territory.name.clone()),
            Value::from(hit.due.map(last_day)),
            hit.mark.map_or(Value::Nothing, |mark| Value::Count(mark.into())),
        ];
        if reads_texts {
            row.push(Value::from(hit.organization.as_ref().map(|organization| organization.name.clone())));
            row.extend([&hit.place, &hit.external_id, &hit.text].map(|text| Value::from(text.clone())));
        }
        row
    };
    Table {
        name: "submissions",
        heading: columns.iter().map(|name| l.named("column", name)).collect(),
        rows: result.items.iter().map(row).collect(),
    }
    .with_note(cut_note(l, result))
    .with_note(missing::note(l, &result.missing_quarters))
}

/// A note that the file does not have all hits; none if it has.
fn cut_note(l: &Layout, result: &SearchResult) -> Option<String> {
    let (shown, total) = (l.integer(DEPTH_LIMIT), l.integer(result.total));
    (result.total > DEPTH_LIMIT).then(|| l.with2("export-cut", "shown", shown, "total", total))
}

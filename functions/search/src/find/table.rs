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

#[cfg(test)]
mod tests {
    use pages::submission::Named;

    use super::*;
    use crate::find::view::FacetView;
    use crate::fixture::{layout, rulebook};

    fn result(total: usize) -> SearchResult {
        let named = |id: &str, name: &str| Named { id: id.into(), name: name.into() };
        let hit = Found {
            id: "01900000-0000-7000-8000-000000000001".parse().unwrap(),
            external_id: Some("77".into()),
            kind: domain::SubmissionKind::Report,
            status: domain::Status::Answered,
            category: None,
            territory: named("town", "Заозёрск"),
            place: None,
            received: "2026-06-30T21:30:00Z".parse().unwrap(),
            // The end of the last day of June in Moscow.
            due: Some("2026-06-30T21:00:00Z".parse().unwrap()),
            mark: Some(4),
            organization: Some(named("works", "Дорожная служба")),
            text: Some("=1+1".into()),
            snippet: None,
        };
        let facets =
            FacetView { category: Vec::new(), territory: Vec::new(), organization: None, status: Vec::new() };
        SearchResult {
            total,
            items: vec![hit],
            next: None,
            facets,
            timeline: None,
            missing_quarters: Vec::new(),
        }
    }

    #[test]
    fn a_row_has_the_columns_of_its_reader() {
        let l = layout("/search");
        let read = table(&l, &result(1), true, &rulebook());
        assert_eq!(read.heading.len(), COLUMNS.len());
        let row = &read.rows[0];
        let text = |text: &str| Value::from(text);
        assert_eq!(row[1], text("2026-07-01 00:30"), "in the time of the root territory");
        assert_eq!(row[2..=3], [text("Сообщение"), text(&l.named("status", "answered"))]);
        assert_eq!(row[4..=5], [Value::Nothing, text("Заозёрск")]);
        assert_eq!(row[6..=7], [text("2026-06-30"), Value::Count(4)], "the last day, and not the next one");
        assert_eq!(row[8..], [text("Дорожная служба"), Value::Nothing, text("77"), text("=1+1")]);
        let public = table(&l, &result(1), false, &rulebook());
        assert_eq!((public.heading.len(), public.rows[0].len()), (PUBLIC_COLUMNS, PUBLIC_COLUMNS));
        assert_eq!(public.heading[..], read.heading[..PUBLIC_COLUMNS]);
    }

    #[test]
    fn a_file_says_that_it_does_not_have_all_hits() {
        let rows = |total, quarters: &[&str]| {
            let quarters = quarters.iter().map(|&quarter| quarter.to_owned()).collect();
            let result = SearchResult { missing_quarters: quarters, ..result(total) };
            table(&layout("/search"), &result, true, &rulebook()).rows.len()
        };
        assert_eq!(rows(DEPTH_LIMIT, &[]), 1);
        assert_eq!(rows(DEPTH_LIMIT + 1, &[]), 2);
        assert_eq!(rows(DEPTH_LIMIT + 1, &["2026q2"]), 3);
    }
}

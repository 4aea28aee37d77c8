//! The matrix against a count by hand, over many segments and replaced documents.

use std::collections::HashMap;

use domain::Status;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use search_index::{Cell, Document, Filter, MatrixCell, Query};
use tempfile::TempDir;

use crate::common::*;

const NOW: &str = "2025-03-10T00:00:00Z";

fn any_document() -> impl Strategy<Value = Document> {
    let category = proptest::option::of(0..4_u8);
    let due = proptest::option::of(-3..3_i64);
    let mark = proptest::option::of(1..=5_u8);
    // Few ids, so that documents replace each other.
    let reopened = any::<bool>();
    (0..60_u32, 0..3_u64, category, 0..4_u8, 0..Status::ALL.len(), due, mark, reopened).prop_map(
        |(number, version, category, territory, status, due, mark, reopened)| Document {
            version,
            reopened,
            // Over five quarters.
            received: time("2025-01-20T00:00:00Z")
                + SignedDuration::from_hours(24 * 70 * i64::from(number % 6)),
            category: category.map(|n| format!("c{n}").parse().expect("an id")),
            territory: format!("t{territory}").parse().expect("an id"),
            status: Status::ALL[status],
            due: due.map(|hours| time(NOW) + SignedDuration::from_hours(hours)),
            mark,
            ..document(number, if territory % 2 == 0 { "яма" } else { "двор" })
        },
    )
}

fn by_hand<'a>(documents: impl Iterator<Item = &'a Document>, now: Timestamp) -> Vec<MatrixCell> {
    let mut cells: HashMap<_, MatrixCell> = HashMap::new();
    for document in documents {
        let key = (document.category.clone(), document.territory.clone());
        let (category, territory) = key.clone();
        let empty = MatrixCell { category, territory, cell: Cell::default() };
        let cell = &mut cells.entry(key).or_insert(empty).cell;
        cell.count += 1;
        cell.reopened += u64::from(document.reopened);
        if document.status.is_open() {
            cell.open += 1;
            if document.due.is_some_and(|due| due <= now) {
                cell.overdue += 1;
            }
        }
        if let Some(mark) = document.mark {
            cell.marks += 1;
            cell.mark_sum += u64::from(mark);
        }
    }
    sorted(cells.into_values().collect())
}

fn sum(cells: Vec<MatrixCell>) -> Cell {
    let mut sum = Cell::default();
    for cell in cells {
        sum += cell.cell;
    }
    sum
}

fn sorted(mut cells: Vec<MatrixCell>) -> Vec<MatrixCell> {
    cells.sort_by_key(|cell| (cell.category.clone(), cell.territory.clone()));
    cells
}

async fn check(batches: Vec<Vec<Document>>) {
    let (store, folder) = (memory(), TempDir::new().expect("a folder"));
    let mut writer = open(&store, &folder.path().join("work")).await;
    let mut newest: HashMap<_, Document> = HashMap::new();
    for batch in batches {
        for document in &batch {
            let older = newest.get(&document.id).is_some_and(|known| known.version > document.version);
            if !older {
                newest.insert(document.id, document.clone());
            }
        }
        writer.apply(batch).await.expect("applied");
        writer.publish().await.expect("published");
    }
    let searcher = latest(&reader(&store, &folder.path().join("cache")).await).await;
    let matrix = |query: &Query| sorted(searcher.matrix(query, time(NOW)).expect("a matrix"));
    assert_eq!(matrix(&Query::default()), by_hand(newest.values(), time(NOW)));

    // The same in groups: some of the categories and those without one, some of the territories.
    let row = |category: Option<&str>| match category {
        Some("c0" | "c2") => Some("even".to_owned()),
        Some(_) => None,
        None => Some("none".to_owned()),
    };
    let column = |territory: &str| match territory {
        "t1" => Some("t1".to_owned()),
        "t2" | "t3" => Some("others".to_owned()),
        _ => None,
    };
    let grid = searcher.grid(&Query::default(), row, column, time(NOW)).expect("a grid");
    assert_eq!(grid.cells.len(), grid.rows.len() * grid.columns.len());
    let mut places = grid.cells.iter();
    for own_row in &grid.rows {
        for own_column in &grid.columns {
            let inside = newest.values().filter(|document| {
                row(document.category.as_ref().map(domain::CategoryId::as_str)).as_ref() == Some(own_row)
                    && column(document.territory.as_str()).as_ref() == Some(own_column)
            });
            let expected = sum(by_hand(inside, time(NOW)));
            assert_eq!(places.next(), Some(&expected), "{own_row} {own_column}");
        }
    }

    let holes = newest.values().filter(|document| document.text == "яма");
    assert_eq!(matrix(&typed("ямы")), by_hand(holes, time(NOW)));

    let statuses = vec![Status::Received, Status::Closed];
    let some = newest.values().filter(|document| statuses.contains(&document.status));
    let query = filtered(Filter { statuses: statuses.clone(), ..Filter::default() });
    assert_eq!(matrix(&query), by_hand(some, time(NOW)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    #[test]
    fn the_matrix_is_what_a_count_by_hand_gives(
        batches in proptest::collection::vec(proptest::collection::vec(any_document(), 0..80), 1..4),
    ) {
        tokio::runtime::Runtime::new().expect("a runtime").block_on(check(batches));
    }
}

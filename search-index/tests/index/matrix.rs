//! The matrix against a count by hand, over many segments and replaced documents.

use std::collections::{BTreeMap, HashMap};

use domain::{Status, SubmissionKind};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use search_index::{CellCounts, Document, Filter, Query, Searcher};
use tempfile::TempDir;

use crate::common::*;

const NOW: &str = "2025-03-10T00:00:00Z";

fn any_document() -> impl Strategy<Value = Document> {
    let category = proptest::option::of(0..4_u8);
    let due = proptest::option::of(-3..3_i64);
    let mark = proptest::option::of(1..=5_u8);
    // Few ids, so that documents replace each other.
    let (reopened, answered) = (any::<bool>(), proptest::option::of(0..500_i64));
    (0..60_u32, 0..3_u64, category, 0..4_u8, 0..Status::ALL.len(), due, mark, (reopened, answered)).prop_map(
        |(number, version, category, territory, status, due, mark, (reopened, answered))| Document {
            version,
            reopened,
            answered: answered
                .map(|hours| time("2025-03-01T00:00:00Z") + SignedDuration::from_mins(hours * 37)),
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

/// Cells by category, `-` for none, and territory; only those with something in them.
pub(crate) type Cells = BTreeMap<(String, String), CellCounts>;

pub(crate) fn by_hand<'a>(documents: impl Iterator<Item = &'a Document>, now: Timestamp) -> Cells {
    let mut cells = Cells::new();
    for document in documents {
        let category = document.category.as_ref().map_or("-", domain::CategoryId::as_str);
        let key = (category.to_owned(), document.territory.to_string());
        let cell = cells.entry(key).or_default();
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
    cells
}

fn sum(cells: Cells) -> CellCounts {
    let mut sum = CellCounts::default();
    for cell in cells.into_values() {
        sum += cell;
    }
    sum
}

/// Of the minutes that the answers took.
fn median(documents: Vec<&Document>) -> Option<f64> {
    let minutes = |it: &Document| Some((it.answered?.as_second() - it.received.as_second()).max(0) / 60);
    let mut minutes: Vec<i64> = documents.into_iter().filter_map(minutes).collect();
    minutes.sort_unstable();
    let (low, high) = (minutes.get(minutes.len().checked_sub(1)? / 2)?, minutes[minutes.len() / 2]);
    Some(f64::from(u32::try_from(low + high).expect("few years")) / 2.0)
}

/// Every leaf in a group of its own.
pub(crate) fn leaves(searcher: &Searcher, query: &Query, now: Timestamp) -> Cells {
    let row = |category: Option<&str>| Some(category.unwrap_or("-").to_owned());
    let grid = searcher.matrix(query, row, |territory| Some(territory.to_owned()), now).expect("a grid");
    let places = grid.rows.iter().flat_map(|row| grid.columns.iter().map(move |column| (row, column)));
    let cells = places.zip(&grid.cells).filter(|(_, cell)| **cell != CellCounts::default());
    cells.map(|((row, column), cell)| ((row.clone(), column.clone()), *cell)).collect()
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
    let matrix = |query: &Query| leaves(&searcher, query, time(NOW));
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
    let grid = searcher.matrix(&Query::default(), row, column, time(NOW)).expect("a grid");
    assert_eq!(grid.cells.len(), grid.rows.len() * grid.columns.len());
    let grouped = |it: &Document| {
        let category = it.category.as_ref().map(domain::CategoryId::as_str);
        row(category).zip(column(it.territory.as_str()))
    };
    let times = searcher.answer_times(&Query::default(), row, column).expect("times");
    let (mut places, mut medians) = (grid.cells.iter(), times.cells.iter());
    for own_row in &grid.rows {
        for own_column in &grid.columns {
            let inside =
                newest.values().filter(|it| grouped(it) == Some((own_row.clone(), own_column.clone())));
            let inside: Vec<&Document> = inside.collect();
            let expected = sum(by_hand(inside.iter().copied(), time(NOW)));
            assert_eq!(places.next(), Some(&expected), "{own_row} {own_column}");
            assert_eq!(medians.next(), Some(&median(inside)), "{own_row} {own_column}");
        }
    }
    for (own_row, found) in grid.rows.iter().zip(&times.rows) {
        let inside = newest.values().filter(|it| grouped(it).is_some_and(|(row, _)| row == *own_row));
        assert_eq!(*found, median(inside.collect()), "{own_row}");
    }
    for (own_column, found) in grid.columns.iter().zip(&times.columns) {
        let inside =
            newest.values().filter(|it| grouped(it).is_some_and(|(_, column)| column == *own_column));
        assert_eq!(*found, median(inside.collect()), "{own_column}");
    }
    assert_eq!(times.total, median(newest.values().filter(|it| grouped(it).is_some()).collect()));

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

/// Made up by its number and round: enough differs for every column to matter.
fn made_up(number: u32, round: u32) -> Document {
    let draw = |salt: u32, of: u32| {
        let mixed = (number ^ round.wrapping_mul(0x9E37_79B9) ^ salt.wrapping_mul(0x85EB_CA6B))
            .wrapping_mul(0xC2B2_AE35);
        (mixed ^ mixed >> 15) % of
    };
    let fixed = |salt: u32, of: u32| ((number ^ salt).wrapping_mul(0xC2B2_AE35) >> 7) % of;
    let hours = |hours: u32| SignedDuration::from_hours(i64::from(hours));
    let answered = draw(5, 3) == 0;
    let id = |name: &str, number: u32| format!("{name}{number}");
    Document {
        version: u64::from(round) + 1,
        // When it came and what it says stays.
        received: time("2024-11-20T00:00:00Z") + hours(number % 4_000 * 3),
        kind: if fixed(1, 8) == 0 { SubmissionKind::Appeal } else { SubmissionKind::Report },
        category: (draw(2, 9) > 0).then(|| id("c", draw(2, 9)).parse().expect("an id")),
        territory: id("t", number % 37).parse().expect("an id"),
        organization: (draw(3, 5) > 0).then(|| id("o", draw(3, 50)).parse().expect("an id")),
        status: Status::ALL[draw(4, 10) as usize],
        due: (draw(6, 4) > 0).then(|| time("2025-03-01T00:00:00Z") + hours(draw(6, 500))),
        reopened: draw(7, 9) == 0,
        mark: (draw(8, 3) == 0).then(|| u8::try_from(draw(8, 5) + 1).expect("a mark")),
        answered: answered.then(|| time("2025-02-01T00:00:00Z") + hours(draw(9, 300))),
        ..document(number, ["яма на дороге", "снег во дворе", "яма во дворе"][number as usize % 3])
    }
}

/// A filter for every column, each with the same in Rust.
type Wanted = fn(&Document) -> bool;

fn filters() -> Vec<(Filter, Wanted)> {
    let ids = |names: &[&str]| names.iter().map(|name| name.parse().expect("an id")).collect();
    let all = Filter::default;
    let roads = || Filter { categories: Some(vec!["c3".parse().expect("an id")]), ..all() };
    vec![
        (all(), |_| true),
        (roads(), |it| it.category.as_ref().is_some_and(|id| id.as_str() == "c3")),
        (Filter { uncategorized: true, ..all() }, |it| it.category.is_none()),
        (Filter { uncategorized: true, ..roads() }, |_| false),
        (Filter { kind: Some(SubmissionKind::Appeal), ..all() }, |it| it.kind == SubmissionKind::Appeal),
        (Filter { answered: true, ..all() }, |it| it.answered.is_some()),
        (
            Filter {
                territories: Some(vec!["t5".parse().expect("an id"), "t9".parse().expect("an id")]),
                ..all()
            },
            |it| ["t5", "t9"].contains(&it.territory.as_str()),
        ),
        (Filter { organizations: Some(ids(&["o7", "o8", "nobody"])), ..all() }, |it| {
            it.organization.as_ref().is_some_and(|id| ["o7", "o8"].contains(&id.as_str()))
        }),
        (Filter { statuses: vec![Status::Routed, Status::Closed], ..all() }, |it| {
            [Status::Routed, Status::Closed].contains(&it.status)
        }),
        (
            Filter {
                received_from: Some(time("2025-01-10T00:00:00Z")),
                received_before: Some(time("2025-05-02T00:00:00Z")),
                ..all()
            },
            |it| (time("2025-01-10T00:00:00Z")..time("2025-05-02T00:00:00Z")).contains(&it.received),
        ),
        (Filter { marks: Some(1..=2), ..all() }, |it| it.mark.is_some_and(|mark| mark <= 2)),
        (Filter { reopened: true, ..all() }, |it| it.reopened),
        (Filter { overdue_at: Some(time(NOW)), ..all() }, |it| {
            it.status.is_open() && it.due.is_some_and(|due| due <= time(NOW))
        }),
        (Filter { except: vec![Filter { overdue_at: Some(time(NOW)), ..all() }], ..all() }, |it| {
            !it.status.is_open() || it.due.is_none_or(|due| due > time(NOW))
        }),
        (Filter { also: vec![roads()], answered: true, ..all() }, |it| {
            it.answered.is_some() && it.category.as_ref().is_some_and(|id| id.as_str() == "c3")
        }),
        (Filter { except: vec![roads(), Filter { answered: true, ..all() }], ..all() }, |it| {
            it.answered.is_none() && it.category.as_ref().is_none_or(|id| id.as_str() != "c3")
        }),
    ]
}

/// Thousands of rows lie in blocks; what changes lies over them, first in many deltas, then in one, then in a new block.
#[tokio::test]
async fn every_filter_counts_right_while_rows_change_over_their_blocks() {
    let (store, folder) = (memory(), TempDir::new().expect("a folder"));
    let mut writer = open(&store, &folder.path().join("work")).await;
    let reader = reader(&store, &folder.path().join("cache")).await;
    let mut now: Vec<Document> = (0..30_000).map(|number| made_up(number, 0)).collect();
    writer.apply(now.clone()).await.expect("applied");
    writer.publish().await.expect("published");
    for round in 1..24_u32 {
        // Few change in most rounds, and very many in one.
        let step = if round == 20 { 2 } else { 211 };
        let mut changed: Vec<Document> =
            (round..30_000).step_by(step).map(|number| made_up(number, round)).collect();
        changed.push(made_up(30_000 + round, round));
        for document in &changed {
            match now.iter().position(|known| known.id == document.id) {
                Some(place) => now[place] = document.clone(),
                None => now.push(document.clone()),
            }
        }
        writer.apply(changed).await.expect("applied");
        writer.publish().await.expect("published");
        let seen = latest(&reader).await;
        if ![1, 15, 16, 17, 20, 23].contains(&round) {
            continue;
        }
        for (number, (filter, wanted)) in filters().into_iter().enumerate() {
            for (query, words) in
                [(filtered(filter.clone()), ""), (Query { filter: filter.clone(), ..typed("яма") }, "яма")]
            {
                let found: Vec<&Document> =
                    now.iter().filter(|it| wanted(it) && it.text.contains(words)).collect();
                let cells = leaves(&seen, &query, time(NOW));
                assert_eq!(cells, by_hand(found.iter().copied(), time(NOW)), "{round} {number} {words}");
                assert_eq!(find(&seen, &query).total, found.len(), "{round} {number} {words}");
            }
            let mut newest: Vec<&Document> = now.iter().filter(|it| wanted(it)).collect();
            newest.sort_by_key(|it| (std::cmp::Reverse(it.received), it.id));
            let newest: Vec<_> = newest.iter().take(20).map(|it| it.id).collect();
            assert_eq!(find(&seen, &filtered(filter)).items, newest, "{round} {number}");
        }
    }
    let deltas = objects(&store, "files").await.iter().filter(|name| name.contains(".delta")).count();
    assert!(deltas < 200, "they are written together: {deltas}");
}

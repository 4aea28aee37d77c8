//! The figures of a report against a count by hand, the timeline, and what is similar to what.

use std::collections::HashMap;

use domain::Status;
use jiff::SignedDuration;
use proptest::prelude::*;
use search_index::{Document, Figures, Filter, Query, Report};
use tempfile::TempDir;

use crate::common::*;

const NOW: &str = "2025-03-10T00:00:00Z";

/// Weeks of the period.
fn edges() -> Vec<jiff::Timestamp> {
    ["2025-03-01T00:00:00Z", "2025-03-03T00:00:00Z", "2025-03-10T00:00:00Z"].map(time).to_vec()
}

fn any_document() -> impl Strategy<Value = Document> {
    let hours = |from: i64, to: i64| proptest::option::of(from..to);
    let people = (proptest::option::of(0..3_u8), proptest::option::of(0..3_u8));
    let times = (-100..300_i64, hours(-3, 3), hours(-50, 300), hours(-3, 3));
    (0..60_u32, 0..3_u64, proptest::option::of(0..3_u8), 0..Status::ALL.len(), people, times, 0..6_u8)
        .prop_map(
            |(number, version, category, status, (by, assignee), (received, due, answered, late), mark)| {
                let at = |hours: i64| time("2025-03-01T00:00:00Z") + SignedDuration::from_hours(hours);
                let answered = answered.map(at);
                Document {
                    version,
                    category: category.map(|n| format!("c{n}").parse().expect("an id")),
                    status: Status::ALL[status],
                    received: at(received),
                    due: due.map(|hours| time(NOW) + SignedDuration::from_hours(hours)),
                    answered,
                    answer_due: answered.zip(late).map(|(at, late)| at + SignedDuration::from_hours(late)),
                    answered_by: by
                        .filter(|_| answered.is_some())
                        .map(|n| format!("p{n}").parse().expect("an id")),
                    assignee: assignee.map(|n| format!("p{n}").parse().expect("an id")),
                    mark: (mark > 0).then_some(mark),
                    ..document(number, "яма")
                }
            },
        )
}

fn by_hand<'a>(documents: impl Iterator<Item = &'a Document>) -> Report {
    let (edges, now) = (edges(), time(NOW));
    let span = |at: jiff::Timestamp| (0..2).find(|n| edges[*n] <= at && at < edges[n + 1]);
    let mut report = Report { spans: vec![Figures::default(); 2], ..Report::default() };
    let (mut categories, mut people) = (HashMap::new(), HashMap::new());
    for document in documents {
        let open = document.status.is_open();
        let overdue = open && document.due.is_some_and(|due| due <= now);
        let has_now = Figures { open: open.into(), overdue: overdue.into(), ..Figures::default() };
        let mut all = has_now;
        if let Some(span) = span(document.received) {
            report.spans[span].received += 1;
            all.received = 1;
        }
        if let Some((at, span)) = document.answered.and_then(|at| Some((at, span(at)?))) {
            let in_time = document.answer_due.is_none_or(|due| at < due);
            let mut figures = Figures { answered: 1, in_time: in_time.into(), ..Figures::default() };
            if let Some(mark) = document.mark {
                figures.marks[usize::from(mark) - 1] = 1;
            }
            report.spans[span] += figures;
            all += figures;
            if let Some(by) = &document.answered_by {
                *people.entry(by.clone()).or_insert(Figures::default()) += figures;
            }
            let minutes = at.duration_since(document.received).as_mins().max(0);
            report.minutes.push(u32::try_from(minutes).expect("a short time"));
        }
        if let Some(assignee) = &document.assignee {
            *people.entry(assignee.clone()).or_insert(Figures::default()) += has_now;
        }
        *categories.entry(document.category.clone()).or_insert(Figures::default()) += all;
        report.total += all;
    }
    report.categories = categories.into_iter().collect();
    report.caseworkers = people.into_iter().collect();
    sorted(report)
}

/// In a fixed order, without entries that count nothing.
fn sorted(mut report: Report) -> Report {
    report.minutes.sort_unstable();
    report.categories.retain(|(_, figures)| *figures != Figures::default());
    report.caseworkers.retain(|(_, figures)| *figures != Figures::default());
    report.categories.sort_by(|a, b| a.0.cmp(&b.0));
    report.caseworkers.sort_by(|a, b| a.0.cmp(&b.0));
    report
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
    let report = |query: &Query| sorted(searcher.report(query, &edges(), time(NOW)).expect("a report"));
    assert_eq!(report(&Query::default()), by_hand(newest.values()));

    let counted = searcher.timeline(&Query::default(), &edges()).expect("a timeline");
    let received: Vec<u64> = by_hand(newest.values()).spans.iter().map(|span| span.received).collect();
    assert_eq!(counted, received);

    let uncategorized = filtered(Filter { uncategorized: true, ..Filter::default() });
    let without = newest.values().filter(|document| document.category.is_none());
    assert_eq!(report(&uncategorized), by_hand(without));

    let answered = filtered(Filter { answered: true, ..Filter::default() });
    let with_answer = newest.values().filter(|document| document.answered.is_some());
    assert_eq!(report(&answered), by_hand(with_answer));

    let facets = searcher.facets(&Query::default()).expect("facets");
    let times = newest.values().map(|document| document.received);
    assert_eq!(facets.received, times.clone().min().zip(times.max()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    #[test]
    fn a_report_is_what_a_count_by_hand_gives(
        batches in proptest::collection::vec(proptest::collection::vec(any_document(), 0..80), 1..4),
    ) {
        tokio::runtime::Runtime::new().expect("a runtime").block_on(check(batches));
    }
}

#[tokio::test]
async fn similar_texts_share_their_telling_words() {
    let mut documents = vec![
        document(1, "Возле школы огромная яма на дороге, машины объезжают по тротуару"),
        document(2, "Большая яма на дороге у школы, машины едут по тротуару"),
        document(3, "На дороге у магазина не горит фонарь"),
        document(4, "Мусор у школы не вывозят"),
    ];
    for number in 10..40 {
        documents.push(document(number, "Добрый день! Примите меры, пожалуйста, вопрос давно не решается"));
    }
    documents[1].answered = Some(time(NOW));
    let texts: std::collections::HashMap<_, _> =
        documents.iter().map(|document| (document.id, document.text.clone())).collect();
    let (_folder, searcher) = published(documents).await;
    let similar = |number: u32, filter: &Filter| {
        searcher.similar(&texts[&id(number)], id(number), filter, 5).expect("hits")
    };
    assert_eq!(
        similar(1, &Filter::default()),
        [id(2)],
        "not itself, and nothing that has one word in common"
    );
    let answered = Filter { answered: true, ..Filter::default() };
    assert_eq!(similar(1, &answered), [id(2)]);
    assert_eq!(similar(2, &answered), []);
    let odd = searcher.similar("Кенгуру", id(99), &Filter::default(), 5).expect("hits");
    assert_eq!(odd, [], "nobody else says so");
    let elsewhere = Filter { organizations: Some(Vec::new()), ..Filter::default() };
    assert_eq!(similar(1, &elsewhere), []);
    assert_eq!(similar(15, &Filter::default()).len(), 5, "at most so many");
}

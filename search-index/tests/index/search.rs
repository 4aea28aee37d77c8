//! What is found, in which order, and how it is counted.

use std::sync::{Arc, OnceLock};

use domain::Status;
use proptest::prelude::*;
use search_index::{
    DEPTH_LIMIT, Document, Filter, Fragment, Highlighter, Line, Page, Query, Searcher, Words,
};
use tempfile::TempDir;

use crate::common::*;

/// A small town's complaints.
fn town() -> Vec<Document> {
    let mut documents = vec![
        document(1, "Огромная яма на дороге возле школы, колесо пробито"),
        document(2, "Во дворе не горит фонарь, вечером темно"),
        document(3, "Ямы и лужи во дворе, дорога разбита"),
        document(4, "Мусор не вывозят третью неделю"),
        document(5, "Мокрый снег на крыше, течёт потолок"),
        document(6, "Снег мокрый, крыша старая"),
    ];
    documents[3].place = Some("улица Лесная, дом 5".to_owned());
    documents
}

#[tokio::test]
async fn every_word_must_occur_in_any_form() {
    let (_folder, searcher) = published(town()).await;
    assert_eq!(numbers(&searcher, "яму"), [1, 3]);
    assert_eq!(numbers(&searcher, "дорогу яму"), [1, 3]);
    assert_eq!(numbers(&searcher, "яма двор"), [3]);
    assert_eq!(numbers(&searcher, "не горит фонарь"), [2]);
    assert_eq!(numbers(&searcher, "течет"), [5]);
    assert_eq!(numbers(&searcher, "ТЁЧЕТ"), numbers(&searcher, "течет"));
    assert_eq!(numbers(&searcher, "самолёт"), []);
    // `не` and `и` are no words to search for.
    assert_eq!(numbers(&searcher, "не и").len(), 6);
}

#[tokio::test]
async fn the_place_is_searched_too() {
    let (_folder, searcher) = published(town()).await;
    assert_eq!(numbers(&searcher, "лесной"), [4]);
    assert_eq!(numbers(&searcher, "мусор лесная"), [4]);
}

#[tokio::test]
async fn phrases_stand_together_and_exclusions_exclude() {
    let (_folder, searcher) = published(town()).await;
    assert_eq!(numbers(&searcher, "мокрый снег"), [5, 6]);
    assert_eq!(numbers(&searcher, "«мокрый снег»"), [5]);
    assert_eq!(numbers(&searcher, "снег -крыша"), []);
    assert_eq!(numbers(&searcher, "яма -двор"), [1]);
    assert_eq!(numbers(&searcher, "-яма -снег"), [2, 4]);
    assert_eq!(numbers(&searcher, "снег -\"мокрый снег\""), [6]);
    // The stop word keeps its place in the phrase.
    assert_eq!(numbers(&searcher, "\"яма на дороге\""), [1]);
    assert_eq!(numbers(&searcher, "\"яма дорога\""), []);
}

#[tokio::test]
async fn an_excluded_phrase_may_begin_anywhere() {
    for first in 0..6 {
        let mut documents = town();
        documents.rotate_left(first);
        let (_folder, searcher) = published(documents).await;
        assert_eq!(numbers(&searcher, "-\"мокрый снег\""), [1, 2, 3, 4, 6]);
        assert_eq!(numbers(&searcher, "крыша -\"мокрый снег\" -\"яма на дороге\""), [6]);
    }
}

fn shared() -> &'static (TempDir, Arc<Searcher>) {
    static SHARED: OnceLock<(TempDir, Arc<Searcher>)> = OnceLock::new();
    SHARED.get_or_init(|| tokio::runtime::Runtime::new().expect("a runtime").block_on(published(town())))
}

proptest! {
    #[test]
    fn no_line_that_is_understood_is_an_error(
        line in any::<String>(),
        signs in "[-\"«» *яма,.]{0,40}",
        words in "(-?(яма|двор|снег|«мокрый снег»|фо[*]|не) (OR )?){0,8}",
    ) {
        for line in [line, signs, words] {
            if let Ok(line) = Line::read(&line) {
                let query = Query { words: line.words, ..Query::default() };
                shared().1.search(&query, PAGE).expect("what is understood can be searched");
            }
        }
    }
}

#[tokio::test]
async fn a_prefix_finds_what_begins_so() {
    let (_folder, searcher) = published(town()).await;
    assert_eq!(numbers(&searcher, "дор*"), [1, 3]);
    assert_eq!(numbers(&searcher, "дороги* яма"), [1, 3]);
    assert_eq!(numbers(&searcher, "ФОНАР*"), [2]);
    assert_eq!(numbers(&searcher, "ТЁЧ*"), numbers(&searcher, "теч*"));
    assert_eq!(numbers(&searcher, "лес*"), [4], "the place too");
    assert_eq!(numbers(&searcher, "снег -кры*"), []);
    assert_eq!(numbers(&searcher, "-дор* -сне*"), [2, 4]);
    assert_eq!(numbers(&searcher, "самол*"), []);
    // Nothing fits better than anything else: the newest first.
    assert_eq!(ordered(&searcher, &typed("дор*")), [3, 1]);
}

#[tokio::test]
async fn a_prefix_of_very_many_words_stands_for_the_most_frequent() {
    let mut texts: Vec<String> = (0..1_200).map(|n| format!("слово{n:04}")).collect();
    texts.push("слоны".to_owned());
    texts.push("слоны".to_owned());
    let documents = texts.iter().zip(0..).map(|(text, number)| document(number, text)).collect();
    let (_folder, searcher) = published(documents).await;
    assert_eq!(find(&searcher, &typed("сло*")).total, 1_001);
    assert_eq!(numbers(&searcher, "слон*"), [1_200, 1_201]);
    assert_eq!(numbers(&searcher, "слово119*").len(), 10);
}

#[tokio::test]
async fn one_of_several_is_enough() {
    let (_folder, searcher) = published(town()).await;
    assert_eq!(numbers(&searcher, "фонарь OR мусор"), [2, 4]);
    assert_eq!(numbers(&searcher, "фонарь ИЛИ яма двор"), [2, 3]);
    assert_eq!(numbers(&searcher, "двор фонарь OR яма"), [2, 3]);
    assert_eq!(numbers(&searcher, "«мокрый снег» OR фон* -мусор"), [2, 5]);
    assert_eq!(numbers(&searcher, "яма OR снег дорога OR крыша"), [1, 3, 5, 6]);
}

#[tokio::test]
async fn without_words_the_newest_come_first_and_with_words_the_best() {
    let (_folder, searcher) = published(town()).await;
    assert_eq!(ordered(&searcher, &Query::default()), [6, 5, 4, 3, 2, 1]);
    assert_eq!(ordered(&searcher, &typed("-мусор")), [6, 5, 3, 2, 1]);

    let (_folder, searcher) = published(vec![
        document(1, "Яма на дороге, а ещё очень много других слов про город и жизнь в нём"),
        document(2, "Яма, яма, яма"),
    ])
    .await;
    assert_eq!(ordered(&searcher, &typed("яма")), [2, 1]);
}

#[tokio::test]
async fn equal_hits_keep_their_order_over_pages() {
    let same = |number| Document { received: time("2025-03-01T00:00:00Z"), ..document(number, "яма") };
    // Applied in another order than that of the ids.
    let (_folder, searcher) = published((0..25).map(|n| same(n * 7 % 25)).collect()).await;
    for query in [Query::default(), typed("яма")] {
        let mut paged = Vec::new();
        for offset in [0, 10, 20, 30] {
            let hits = searcher.search(&query, Page { offset, limit: 10 }).expect("hits");
            assert_eq!(hits.total, 25);
            paged.extend(hits.items);
        }
        assert_eq!(paged, (0..25).map(id).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn odd_pages_are_no_error() {
    let (_folder, searcher) = published(town()).await;
    for (offset, limit) in [(0, 0), (usize::MAX, usize::MAX), (DEPTH_LIMIT, 1), (6, 1)] {
        let hits = searcher.search(&Query::default(), Page { offset, limit }).expect("hits");
        assert_eq!((hits.total, hits.items.len()), (6, 0));
    }
    let all = Page { offset: 0, limit: usize::MAX };
    assert_eq!(searcher.search(&Query::default(), all).expect("hits").items.len(), 6);
}

#[test]
fn words_are_highlighted_where_they_stand() {
    let fragment = |text: &str, highlighted| Fragment { text: text.to_owned(), highlighted };
    let shown = Highlighter::new(typed("яму -дом").words).cut("Яма <b>у дома</b>");
    assert_eq!(shown, [fragment("Яма", true), fragment(" <b>у дома</b>", false)]);
    assert_eq!(Highlighter::new(Words::default()).cut("Яма"), [fragment("Яма", false)]);
}

#[tokio::test]
async fn filters_restrict() {
    let mut documents = town();
    for (document, (category, territory)) in documents.iter_mut().zip([
        (Some("roads"), "tver"),
        (Some("light"), "tver"),
        (Some("roads"), "rzhev"),
        (Some("waste"), "rzhev"),
        (None, "tver"),
    ]) {
        document.category = category.map(|id| id.parse().expect("an id"));
        document.territory = territory.parse().expect("an id");
    }
    documents[1].status = Status::Closed;
    documents[1].organization = Some("light-co".parse().expect("an id"));
    let (_folder, searcher) = published(documents).await;

    let ask = |filter: Filter| {
        let mut found = ordered(&searcher, &filtered(filter));
        found.sort_unstable();
        found
    };
    let categories = |ids: &[&str]| Some(ids.iter().map(|id| id.parse().expect("an id")).collect::<Vec<_>>());
    assert_eq!(ask(Filter { categories: categories(&["roads", "waste"]), ..Filter::default() }), [1, 3, 4]);
    assert_eq!(ask(Filter { categories: categories(&[]), ..Filter::default() }), []);
    assert_eq!(ask(Filter { categories: categories(&["other"]), ..Filter::default() }), []);
    assert_eq!(ask(Filter { statuses: vec![Status::Closed, Status::Routed], ..Filter::default() }), [2]);
    let territories = Some(vec!["rzhev".parse().expect("an id")]);
    let roads =
        Filter { territories: territories.clone(), categories: categories(&["roads"]), ..Filter::default() };
    assert_eq!(ask(roads), [3]);
    let organizations = Some(vec!["light-co".parse().expect("an id")]);
    assert_eq!(ask(Filter { organizations, ..Filter::default() }), [2]);

    // From is inclusive, before is exclusive; document n was received n minutes after midnight.
    let minute = |n: i64| Some(time("2025-03-01T00:00:00Z") + jiff::SignedDuration::from_mins(n));
    let filter = Filter { received_from: minute(2), received_before: minute(4), ..Filter::default() };
    assert_eq!(ask(filter), [2, 3]);
    assert_eq!(ask(Filter { received_from: minute(5), ..Filter::default() }), [5, 6]);

    let both = Query { filter: Filter { territories, ..Filter::default() }, ..typed("яма") };
    assert_eq!(ordered(&searcher, &both), [3]);
}

#[tokio::test]
async fn filters_hold_together_and_exclude() {
    let mut documents = town();
    for (document, mark) in documents.iter_mut().zip([Some(1), Some(3), Some(5), None, Some(2)]) {
        document.mark = mark;
    }
    documents[2].status = Status::Closed;
    documents[0].category = Some("roads".parse().expect("an id"));
    documents[4].category = Some("roads".parse().expect("an id"));
    let (_folder, searcher) = published(documents).await;
    let ask = |filter: Filter| {
        let mut found = ordered(&searcher, &filtered(filter));
        found.sort_unstable();
        found
    };
    let marks = |marks| Filter { marks: Some(marks), ..Filter::default() };
    assert_eq!(ask(marks(1..=2)), [1, 5]);
    assert_eq!(ask(marks(5..=5)), [3]);
    assert_eq!(ask(marks(1..=5)), [1, 2, 3, 5]);
    assert_eq!(ask(Filter { except: vec![marks(1..=2)], ..Filter::default() }), [2, 3, 4, 6]);
    let closed = Filter { statuses: vec![Status::Closed], ..Filter::default() };
    assert_eq!(ask(Filter { except: vec![marks(1..=2), closed.clone()], ..Filter::default() }), [2, 4, 6]);
    assert_eq!(ask(Filter { also: vec![marks(2..=5), closed.clone()], ..Filter::default() }), [3]);
    assert_eq!(ask(Filter { also: vec![marks(1..=2), marks(2..=3)], ..Filter::default() }), [5]);
    let roads = Filter { categories: Some(vec!["roads".parse().expect("an id")]), ..Filter::default() };
    assert_eq!(ask(Filter { except: vec![marks(2..=2)], ..roads.clone() }), [1]);
    // What is excluded together must hold together; nothing excluded excludes everything.
    let low_roads = Filter { also: vec![roads], ..marks(1..=1) };
    assert_eq!(ask(Filter { except: vec![low_roads], ..Filter::default() }), [2, 3, 4, 5, 6]);
    assert_eq!(ask(Filter { except: vec![Filter::default()], ..Filter::default() }), []);
    let words = Query {
        filter: Filter { except: vec![closed], ..Filter::default() },
        ..typed("яма -фонарь")
    };
    assert_eq!(ordered(&searcher, &words), [1]);
}

#[tokio::test]
async fn thousands_of_ids_are_a_filter() {
    let territory = |n: u32| format!("t-{n:05}").parse().expect("an id");
    let documents =
        (0..200).map(|n| Document { territory: territory(n * 50), ..document(n, "яма") }).collect();
    let (_folder, searcher) = published(documents).await;
    let filter = Filter { territories: Some((0..5_000).map(territory).collect()), ..Filter::default() };
    assert_eq!(find(&searcher, &filtered(filter)).total, 100);
}

#[tokio::test]
async fn facets_count_what_matches() {
    let mut documents = town();
    for document in &mut documents[..3] {
        document.category = Some("yard".parse().expect("an id"));
    }
    documents[3].category = Some("waste".parse().expect("an id"));
    documents[4].status = Status::Closed;
    documents[5].territory = "rzhev".parse().expect("an id");
    let (_folder, searcher) = published(documents).await;

    let pairs =
        |pairs: &[(&str, u64)]| pairs.iter().map(|(id, n)| ((*id).to_owned(), *n)).collect::<Vec<_>>();
    let all = searcher.facets(&Query::default()).expect("facets");
    assert_eq!(all.category, pairs(&[("yard", 3), ("waste", 1)]));
    assert_eq!(all.territory, pairs(&[("tver", 5), ("rzhev", 1)]));
    assert_eq!(all.organization, []);
    assert_eq!(all.status, pairs(&[("received", 5), ("closed", 1)]));

    let snow = searcher.facets(&typed("снег")).expect("facets");
    assert_eq!(snow.category, []);
    assert_eq!(snow.territory, pairs(&[("rzhev", 1), ("tver", 1)]));
    assert_eq!(snow.status, pairs(&[("closed", 1), ("received", 1)]));
}

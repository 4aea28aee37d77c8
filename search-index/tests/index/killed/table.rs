//! What the index must hold: the list of all documents after so many batches.

use std::collections::BTreeMap;

use domain::Status;
use jiff::SignedDuration;
use search_index::{Document, Page, Query, Searcher};

use crate::common::*;
use crate::matrix::{by_hand, leaves};

const NEW: u32 = 3;
const CHANGED: u32 = 2;

/// The newest version of every document, by its number.
pub(super) struct Table {
    batches: u32,
    documents: BTreeMap<u32, Document>,
}

/// The documents of a batch: some new ones, and newer versions of some that were there.
pub(super) fn batch(number: u32) -> Vec<Document> {
    let first = number * NEW;
    let new = first..first + NEW;
    let changed = (0..CHANGED).filter_map(|n| (number * 7 + n * 11).checked_rem(first));
    new.chain(changed).map(|document| written_in(number, document)).collect()
}

fn written_in(batch: u32, number: u32) -> Document {
    let day = if number.is_multiple_of(2) { "2025-02-01" } else { "2025-05-01" }; // two shards
    // Some never change their words.
    let word = if number.is_multiple_of(5) { String::new() } else { format!(" batch{batch}") };
    Document {
        version: u64::from(batch) + 1,
        received: time(&format!("{day}T00:00:00Z")) + SignedDuration::from_mins(number.into()),
        status: Status::ALL[(batch + number) as usize % Status::ALL.len()],
        category: (!number.is_multiple_of(3)).then(|| format!("c{}", number % 3).parse().expect("an id")),
        territory: format!("t{}", batch % 4).parse().expect("an id"),
        ..document(number, &format!("яма id{number}{word}"))
    }
}

impl Table {
    /// After so many batches.
    pub(super) fn of(batches: u32) -> Self {
        let mut documents = BTreeMap::new();
        for number in 0..batches {
            for document in batch(number) {
                documents.insert(number_of(&document), document);
            }
        }
        Self { batches, documents }
    }

    pub(super) fn len(&self) -> u64 {
        self.documents.len() as u64
    }

    /// The index holds these documents, in these versions, and nothing else.
    pub(super) fn check(&self, searcher: &Searcher) {
        assert_eq!(searcher.document_count(), self.len());
        let all = searcher.search(&Query::default(), Page { offset: 0, limit: 10_000 }).expect("hits");
        let mut found = all.items;
        found.sort_unstable();
        let expected: Vec<_> = self.documents.values().map(|document| document.id).collect();
        assert_eq!((all.total, found), (expected.len(), expected));
        for number in self.documents.keys() {
            assert_eq!(numbers(searcher, &format!("id{number}")), [u128::from(*number)]);
        }
        for batch in 0..self.batches {
            let word = format!("batch{batch}");
            let has_it = |document: &&Document| document.text.ends_with(&format!(" {word}"));
            let expected: Vec<u128> =
                self.documents.values().filter(has_it).map(|it| number_of(it).into()).collect();
            assert_eq!(numbers(searcher, &word), expected, "{word}");
        }
        let now = time("2025-06-01T00:00:00Z");
        let matrix = leaves(searcher, &Query::default(), now);
        assert_eq!(matrix.values().map(|cell| cell.count).sum::<u64>(), self.len());
        assert_eq!(matrix, by_hand(self.documents.values(), now));
    }
}

fn number_of(document: &Document) -> u32 {
    let (high, low) = document.id.uuid().as_u64_pair();
    u32::try_from(high * 5 + low).expect("a number")
}

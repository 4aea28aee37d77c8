//! The matrix of systemic problems: leaf category x leaf territory, in one pass over columns.
//!
//! Stored documents are never read, and names are compared once per segment, not once per document.

use std::collections::{BTreeSet, HashMap};
use std::hash::{BuildHasherDefault, Hasher};

use domain::{CategoryId, Status, TerritoryId};
use jiff::Timestamp;
use tantivy::collector::Collector;
use tantivy::{DocId, SegmentOrdinal, SegmentReader, TantivyError};

use crate::columns::{Blocks, Gathered, Names, Values};
use crate::schema::column;

/// The numbers of one leaf category in one leaf territory. Callers add cells up to any level of the trees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatrixCell {
    /// None for documents that have no category yet.
    pub category: Option<CategoryId>,
    /// The leaf territory.
    pub territory: TerritoryId,
    /// Matching documents; never 0.
    pub count: u64,
    /// Those in an open status.
    pub open: u64,
    /// Those in an open status whose due time has come.
    pub overdue: u64,
    /// Those with a mark.
    pub marks: u64,
    /// The sum of these marks; `mark_sum / marks` is the average, 1 to 5.
    pub mark_sum: u64,
}

#[derive(Clone, Copy, Default)]
struct Tally {
    count: u64,
    open: u64,
    overdue: u64,
    marks: u64,
    mark_sum: u64,
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.count += other.count;
        self.open += other.open;
        self.overdue += other.overdue;
        self.marks += other.marks;
        self.mark_sum += other.mark_sum;
    }
}

/// Ordinals or interned numbers of a category (None where there is none) and a territory.
type Key = (Option<u32>, u32);
type Tallies = HashMap<Key, Tally, BuildHasherDefault<KeyHasher>>;

/// Collects [`MatrixCell`]s.
pub(crate) struct MatrixCollector {
    /// Microseconds; what is due at this time or before is overdue.
    now: i64,
}

impl MatrixCollector {
    pub(crate) fn new(now: Timestamp) -> Self {
        Self { now: now.as_microsecond() }
    }
}

impl Collector for MatrixCollector {
    type Fruit = Vec<MatrixCell>;
    type Child = Gathered<SegmentMatrix>;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<Self::Child> {
        let statuses = Names::open(segment, column::STATUS)?;
        let ordinals: Vec<u64> = (0..).take(statuses.len()).collect();
        let mut open = Vec::with_capacity(statuses.len());
        for name in statuses.names(&ordinals)? {
            open.push(Status::ALL.into_iter().any(|status| status.is_open() && status.as_str() == name));
        }
        Ok(Gathered::new(SegmentMatrix {
            now: self.now,
            categories: Names::open(segment, column::CATEGORY)?,
            territories: Names::open(segment, column::TERRITORY)?,
            statuses,
            open,
            due: Values::new(segment.fast_fields().column_opt(column::DUE)?),
            marks: Values::new(segment.fast_fields().column_opt(column::MARK)?),
            tallies: Tallies::default(),
        }))
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<tantivy::Result<SegmentCells>>) -> tantivy::Result<Vec<MatrixCell>> {
        let mut categories = Interned::default();
        let mut territories = Interned::default();
        let mut total = Tallies::default();
        for segment in segments {
            let segment = segment?;
            let category_numbers = categories.numbers(segment.categories);
            let territory_numbers = territories.numbers(segment.territories);
            for ((category, territory), tally) in segment.tallies {
                let category = category.map(|ordinal| category_numbers[&ordinal]);
                let key = (category, territory_numbers[&territory]);
                total.entry(key).or_default().add(tally);
            }
        }
        let categories: Vec<CategoryId> = categories.parsed()?;
        let territories: Vec<TerritoryId> = territories.parsed()?;
        let cell = |((category, territory), tally): (Key, Tally)| MatrixCell {
            category: category.map(|number| categories[number as usize].clone()),
            territory: territories[territory as usize].clone(),
            count: tally.count,
            open: tally.open,
            overdue: tally.overdue,
            marks: tally.marks,
            mark_sum: tally.mark_sum,
        };
        Ok(total.into_iter().map(cell).collect())
    }
}

pub(crate) struct SegmentMatrix {
    now: i64,
    categories: Names,
    territories: Names,
    statuses: Names,
    /// Is the status with this ordinal open?
    open: Vec<bool>,
    due: Values<i64>,
    marks: Values<u64>,
    tallies: Tallies,
}

impl Blocks for SegmentMatrix {
    type Fruit = tantivy::Result<SegmentCells>;

    fn count(&mut self, docs: &[DocId]) {
        let keys = self.categories.ordinals.read(docs).iter().zip(self.territories.ordinals.read(docs));
        let states = self.statuses.ordinals.read(docs).iter().zip(self.due.read(docs));
        for (((category, territory), (status, due)), mark) in keys.zip(states).zip(self.marks.read(docs)) {
            let Some(territory) = territory else { continue }; // every document has one
            let open = status.is_some_and(|ordinal| self.open[number(ordinal) as usize]);
            let overdue = open && due.is_some_and(|due| due <= self.now);
            let one = Tally {
                count: 1,
                open: open.into(),
                overdue: overdue.into(),
                marks: mark.is_some().into(),
                mark_sum: mark.unwrap_or(0),
            };
            self.tallies.entry((category.map(number), number(*territory))).or_default().add(one);
        }
    }

    fn finish(self) -> Self::Fruit {
        let categories = self.tallies.keys().filter_map(|(category, _)| *category).collect();
        let territories = self.tallies.keys().map(|(_, territory)| *territory).collect();
        Ok(SegmentCells {
            categories: decode(&self.categories, categories)?,
            territories: decode(&self.territories, territories)?,
            tallies: self.tallies,
        })
    }
}

/// What a segment yields: tallies by ordinals, and what the ordinals mean.
pub(crate) struct SegmentCells {
    categories: HashMap<u32, String>,
    territories: HashMap<u32, String>,
    tallies: Tallies,
}

fn decode(names: &Names, ordinals: BTreeSet<u32>) -> tantivy::Result<HashMap<u32, String>> {
    let wide: Vec<u64> = ordinals.iter().copied().map(u64::from).collect();
    Ok(ordinals.into_iter().zip(names.names(&wide)?).collect())
}

fn number(ordinal: u64) -> u32 {
    u32::try_from(ordinal).expect("an ordinal is below the number of documents of a segment, a u32")
}

/// Numbers for names across segments, in order of appearance.
#[derive(Default)]
struct Interned(HashMap<String, u32>);

impl Interned {
    /// The number of each ordinal's name.
    fn numbers(&mut self, names: HashMap<u32, String>) -> HashMap<u32, u32> {
        let mut numbers = HashMap::with_capacity(names.len());
        for (ordinal, name) in names {
            let next = u32::try_from(self.0.len()).expect("a directory has fewer than 2^32 entries");
            numbers.insert(ordinal, *self.0.entry(name).or_insert(next));
        }
        numbers
    }

    /// The ids, each at its number.
    fn parsed<T: TryFrom<String, Error = domain::InvalidId>>(self) -> tantivy::Result<Vec<T>> {
        let mut names: Vec<(u32, String)> = self.0.into_iter().map(|(name, number)| (number, name)).collect();
        names.sort_unstable();
        let parse =
            |(_, name)| T::try_from(name).map_err(|error| TantivyError::InternalError(error.to_string()));
        names.into_iter().map(parse).collect()
    }
}

/// A fast hash for keys that no stranger chooses: the default one takes longer than the counting.
#[derive(Default)]
struct KeyHasher(u64);

impl KeyHasher {
    fn mix(&mut self, value: u64) {
        // Fibonacci hashing with a rotation, so that the high bits of one part meet the low bits of the next.
        self.0 = (self.0.rotate_left(26) ^ value).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
}

impl Hasher for KeyHasher {
    fn finish(&self) -> u64 {
        // The table looks at the low bits, the product is best mixed in the high ones.
        self.0.rotate_left(26)
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.mix((*byte).into());
        }
    }

    fn write_u32(&mut self, value: u32) {
        self.mix(value.into());
    }

    fn write_isize(&mut self, value: isize) {
        // The discriminant of the Option.
        self.mix(value.unsigned_abs() as u64);
    }
}

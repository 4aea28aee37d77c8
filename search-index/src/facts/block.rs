//! The facts of a shard as files, each with what somebody needs at once: what everything is counted by, what is listed of a
//! submission, what a writer asks for. A block never changes; what has changed since lies in deltas beside it.
//!
//! What is counted lies as plain columns, little-endian: a head of 16 bytes (magic, rows), then each column at a multiple of
//! 16 bytes. The others are [packed](crate::facts::packed).

use std::cmp::Ordering;
use std::path::Path;

use tantivy::directory::OwnedBytes;

use crate::Error;
use crate::facts::at::index;
use crate::facts::fact::{Fact, Flags};
use crate::facts::packed::{self, Packed};
use crate::publish::disk::map;

#[cfg(target_endian = "big")]
compile_error!("columns are read as they lie in the file, little-endian");

const MAGIC: &[u8; 8] = b"vmfacts2";
const HEAD: usize = 16;
const ALIGNMENT: usize = 16;

/// Bytes of one value of each plain column, in their order.
const WIDTHS: [usize; 7] = [2, 2, 2, 4, 4, 4, 4];

/// The columns of the details.
const ANSWER_DUE: usize = 0;
const ANSWERED_BY: usize = 1;
const ASSIGNEE: usize = 2;
const ID_HIGH: usize = 3;
const ID_LOW: usize = 4;
const DETAILS: usize = 5;

/// The columns of the keys.
const VERSION: usize = 0;
const WORDS: usize = 1;
const BY_ID: usize = 2;
const KEYS: usize = 3;

/// The facts of a shard up to the last time that they were written together. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Block {
    rows: usize,
    bytes: OwnedBytes,
    /// Of readers that only count they are not open.
    details: Option<Packed>,
    /// Open for writers.
    keys: Option<Packed>,
}

/// The three files of a block.
pub(crate) struct Encoded {
    pub(crate) facts: Vec<u8>,
    pub(crate) details: Vec<u8>,
    pub(crate) keys: Vec<u8>,
}

macro_rules! columns {
    ($($place:literal $name:ident: $type:ty;)*) => {
        $(pub(crate) fn $name(&self) -> &[$type] {
            self.column($place)
        })*
    };
}

impl Block {
    /// A block without rows.
    pub(crate) fn empty() -> Self {
        let packed = |columns| Packed::empty(columns);
        Self { rows: 0, bytes: OwnedBytes::empty(), details: Some(packed(DETAILS)), keys: Some(packed(KEYS)) }
    }

    /// Maps what is counted into memory.
    ///
    /// # Errors
    /// If the file cannot be read or is none of these.
    pub(crate) fn open(folder: &Path, name: &str) -> Result<Self, Error> {
        let damaged = || Error::Damaged { object: name.to_owned() };
        let bytes = map(folder, name)?;
        let head = bytes.get(..HEAD).ok_or_else(damaged)?;
        let rows = u32::from_le_bytes([head[8], head[9], head[10], head[11]]);
        if &head[..8] != MAGIC || bytes.len() != begin(WIDTHS.len(), index(rows)) {
            return Err(damaged());
        }
        Ok(Self { rows: index(rows), bytes, details: None, keys: None })
    }

    /// The same, with what is listed of each submission.
    pub(crate) fn with_details(self, folder: &Path, name: &str) -> Result<Self, Error> {
        let details = self.packed(folder, name, DETAILS)?;
        Ok(Self { details: Some(details), ..self })
    }

    /// The same, with what a writer asks for.
    pub(crate) fn with_keys(self, folder: &Path, name: &str) -> Result<Self, Error> {
        let keys = self.packed(folder, name, KEYS)?;
        Ok(Self { keys: Some(keys), ..self })
    }

    fn packed(&self, folder: &Path, name: &str, columns: usize) -> Result<Packed, Error> {
        let packed = Packed::open(folder, name)?;
        if (packed.rows(), packed.columns()) == (self.rows, columns) {
            Ok(packed)
        } else {
            Err(Error::Damaged { object: name.to_owned() })
        }
    }

    pub(crate) fn has_details(&self) -> bool {
        self.details.is_some()
    }

    pub(crate) fn len(&self) -> usize {
        self.rows
    }

    columns! {
        0 category: u16;
        1 territory: u16;
        2 flags: u16;
        3 received: u32;
        4 due: u32;
        5 organization: u32;
        6 answered: u32;
    }

    /// The submission of a row; 0 without details.
    pub(crate) fn id(&self, row: u32) -> u128 {
        let half = |column| self.detail(column, row);
        u128::from(half(ID_HIGH)) << 64 | u128::from(half(ID_LOW))
    }

    fn detail(&self, column: usize, row: u32) -> u64 {
        self.details.as_ref().map_or(0, |details| details.get(column, row))
    }

    /// A whole row. What is not open is 0.
    pub(crate) fn fact(&self, row: u32) -> Fact {
        let place = index(row);
        let small = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        let detail = |column| small(self.detail(column, row));
        let key = |column| self.keys.as_ref().map_or(0, |keys| small(keys.get(column, row)));
        Fact {
            category: self.category()[place],
            territory: self.territory()[place],
            flags: Flags(self.flags()[place]),
            received: self.received()[place],
            due: self.due()[place],
            organization: self.organization()[place],
            answered: self.answered()[place],
            answer_due: detail(ANSWER_DUE),
            answered_by: detail(ANSWERED_BY),
            assignee: detail(ASSIGNEE),
            version: key(VERSION),
            words: key(WORDS),
            id: self.id(row),
        }
    }

    /// The row of a submission; none without keys.
    pub(crate) fn find(&self, id: u128) -> Option<u32> {
        let keys = self.keys.as_ref()?;
        let row = |place: u32| u32::try_from(keys.get(BY_ID, place)).unwrap_or(u32::MAX);
        let (mut low, mut high) = (0, u32::try_from(self.rows).unwrap_or(u32::MAX));
        while low < high {
            let middle = low + (high - low) / 2;
            let found = row(middle);
            match self.id(found).cmp(&id) {
                Ordering::Less => low = middle + 1,
                Ordering::Greater => high = middle,
                Ordering::Equal => return Some(found),
            }
        }
        None
    }

    fn column<T: bytemuck::Pod>(&self, place: usize) -> &[T] {
        if self.rows == 0 {
            return &[]; // nothing of it is aligned
        }
        let begin = begin(place, self.rows);
        // The file is mapped at a page and columns begin at multiples of 16, so they lie as their type asks.
        bytemuck::cast_slice(&self.bytes[begin..begin + self.rows * WIDTHS[place]])
    }
}

/// Writes facts as a block.
pub(crate) fn encode(facts: &[Fact]) -> Encoded {
    let rows = u32::try_from(facts.len()).unwrap_or(u32::MAX);
    let packed = |column: &dyn Fn(&Fact) -> u64| facts.iter().map(column).collect::<Vec<u64>>();
    let mut by_id: Vec<u32> = (0..rows).collect();
    by_id.sort_unstable_by_key(|row| facts[index(*row)].id);
    #[expect(clippy::cast_possible_truncation, reason = "the two halves")]
    let details = [
        packed(&|fact| fact.answer_due.into()),
        packed(&|fact| fact.answered_by.into()),
        packed(&|fact| fact.assignee.into()),
        packed(&|fact| (fact.id >> 64) as u64),
        packed(&|fact| fact.id as u64),
    ];
    let keys = [
        packed(&|fact| fact.version.into()),
        packed(&|fact| fact.words.into()),
        by_id.into_iter().map(u64::from).collect(),
    ];
    Encoded {
        facts: counted(facts, rows),
        details: packed::encode(facts.len(), &details),
        keys: packed::encode(facts.len(), &keys),
    }
}

fn counted(facts: &[Fact], rows: u32) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(begin(WIDTHS.len(), facts.len()));
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&rows.to_le_bytes());
    align(&mut bytes);
    for column in [|fact: &Fact| fact.category, |fact: &Fact| fact.territory, |fact: &Fact| fact.flags.0] {
        bytes.extend(facts.iter().flat_map(|fact| column(fact).to_le_bytes()));
        align(&mut bytes);
    }
    for column in [
        |fact: &Fact| fact.received,
        |fact: &Fact| fact.due,
        |fact: &Fact| fact.organization,
        |fact: &Fact| fact.answered,
    ] {
        bytes.extend(facts.iter().flat_map(|fact| column(fact).to_le_bytes()));
        align(&mut bytes);
    }
    bytes
}

fn align(bytes: &mut Vec<u8>) {
    bytes.resize(bytes.len().next_multiple_of(ALIGNMENT), 0);
}

fn begin(place: usize, rows: usize) -> usize {
    WIDTHS[..place].iter().fold(HEAD, |at, width| at + (rows * width).next_multiple_of(ALIGNMENT))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;

    pub(crate) fn fact() -> impl Strategy<Value = Fact> {
        let small = (any::<u16>(), any::<u16>(), 0_u16..2048);
        let times = (any::<u32>(), any::<u32>(), any::<u32>(), any::<u32>());
        (small, times, any::<[u32; 5]>(), any::<u128>()).prop_map(|(small, times, others, id)| Fact {
            category: small.0,
            territory: small.1,
            flags: Flags(small.2),
            received: times.0,
            due: times.1,
            answered: times.2,
            answer_due: times.3,
            organization: others[0],
            answered_by: others[1],
            assignee: others[2],
            version: others[3],
            words: others[4],
            id,
        })
    }

    /// Facts as a block in files.
    fn written(facts: &[Fact], folder: &Path) -> Result<Block, Error> {
        let encoded = encode(facts);
        for (name, bytes) in [("f", encoded.facts), ("d", encoded.details), ("k", encoded.keys)] {
            std::fs::write(folder.join(name), bytes).expect("written");
        }
        Block::open(folder, "f")?.with_details(folder, "d")?.with_keys(folder, "k")
    }

    proptest! {
        #[test]
        fn a_block_keeps_every_fact(facts in proptest::collection::vec(fact(), 0..70)) {
            let folder = tempfile::tempdir().expect("a folder");
            let block = written(&facts, folder.path()).expect("a block");
            prop_assert_eq!(block.len(), facts.len());
            for (row, fact) in (0..).zip(&facts) {
                prop_assert_eq!(block.fact(row), *fact);
                prop_assert_eq!(block.find(fact.id).map(|row| facts[index(row)].id), Some(fact.id));
            }
            prop_assert_eq!(block.find(1).is_some(), facts.iter().any(|fact| fact.id == 1));
        }
    }

    #[test]
    fn files_of_other_rows_are_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        written(&[Fact::default(); 3], folder.path()).expect("a block");
        std::fs::write(folder.path().join("d"), encode(&[Fact::default(); 4]).details).expect("written");
        let block = Block::open(folder.path(), "f").expect("a block");
        assert!(matches!(block.with_details(folder.path(), "d"), Err(Error::Damaged { .. })));
        for bytes in [&b""[..], b"vmfacts2", &encode(&[Fact::default()]).facts[1..]] {
            std::fs::write(folder.path().join("f"), bytes).expect("written");
            assert!(matches!(Block::open(folder.path(), "f"), Err(Error::Damaged { .. })));
        }
    }
}

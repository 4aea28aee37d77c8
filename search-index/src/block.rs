//! The facts of a shard as a file: one column after another, so that a question reads only the columns it needs. A block
//! never changes; what has changed since lies in deltas beside it.
//!
//! All numbers are little-endian. A head of 16 bytes (magic, rows), then the columns, each at a multiple of 16 bytes, then a
//! CRC-32 of all before it.

use std::path::Path;

use tantivy::directory::{Directory, MmapDirectory, OwnedBytes};

use crate::Error;
use crate::fact::{Fact, Flags};

#[cfg(target_endian = "big")]
compile_error!("columns are read as they lie in the file, little-endian");

const MAGIC: &[u8; 8] = b"vmfacts1";
const HEAD: usize = 16;
const ALIGNMENT: usize = 16;

/// Bytes of one value of each column, in their order; the most frequently read ones first.
const WIDTHS: [usize; 14] = [2, 2, 2, 4, 4, 4, 4, 4, 4, 4, 4, 4, 16, 4];

/// The facts of a shard up to the last time that they were written together.
pub(crate) struct Block {
    bytes: OwnedBytes,
    rows: usize,
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
        Self { bytes: OwnedBytes::new(encode(&[])), rows: 0 }
    }

    /// Maps a block into memory.
    ///
    /// # Errors
    /// If the file cannot be read or is no block.
    pub(crate) fn open(folder: &Path, name: &str) -> Result<Self, Error> {
        let damaged = || Error::Damaged { object: name.to_owned() };
        let directory = MmapDirectory::open(folder).map_err(|_| damaged())?;
        let bytes = directory.open_read(Path::new(name)).map_err(|_| damaged())?;
        let bytes = bytes.read_bytes().map_err(Error::file(&folder.join(name)))?;
        let head = bytes.get(..HEAD).ok_or_else(damaged)?;
        let rows = usize::from(head[8])
            | usize::from(head[9]) << 8
            | usize::from(head[10]) << 16
            | usize::from(head[11]) << 24;
        if &head[..8] != MAGIC || bytes.len() != end(rows) + 4 {
            return Err(damaged());
        }
        Ok(Self { bytes, rows })
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
        7 answer_due: u32;
        8 answered_by: u32;
        9 assignee: u32;
        10 version: u32;
        11 words: u32;
        12 id: u128;
        13 by_id: u32;
    }

    /// A whole row.
    pub(crate) fn fact(&self, row: usize) -> Fact {
        Fact {
            category: self.category()[row],
            territory: self.territory()[row],
            flags: Flags(self.flags()[row]),
            received: self.received()[row],
            due: self.due()[row],
            organization: self.organization()[row],
            answered: self.answered()[row],
            answer_due: self.answer_due()[row],
            answered_by: self.answered_by()[row],
            assignee: self.assignee()[row],
            version: self.version()[row],
            words: self.words()[row],
            id: self.id()[row],
        }
    }

    /// The row of a submission.
    pub(crate) fn find(&self, id: u128) -> Option<usize> {
        let (ids, order) = (self.id(), self.by_id());
        let place = order.binary_search_by_key(&id, |row| ids[index(*row)]).ok()?;
        Some(index(order[place]))
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
pub(crate) fn encode(facts: &[Fact]) -> Vec<u8> {
    let rows = facts.len();
    let mut bytes = Vec::with_capacity(end(rows) + 4);
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&u32::try_from(rows).unwrap_or(u32::MAX).to_le_bytes());
    bytes.resize(HEAD, 0);
    short(&mut bytes, facts, |fact| fact.category);
    short(&mut bytes, facts, |fact| fact.territory);
    short(&mut bytes, facts, |fact| fact.flags.0);
    for column in [
        |fact: &Fact| fact.received,
        |fact: &Fact| fact.due,
        |fact: &Fact| fact.organization,
        |fact: &Fact| fact.answered,
        |fact: &Fact| fact.answer_due,
        |fact: &Fact| fact.answered_by,
        |fact: &Fact| fact.assignee,
        |fact: &Fact| fact.version,
        |fact: &Fact| fact.words,
    ] {
        for fact in facts {
            bytes.extend_from_slice(&column(fact).to_le_bytes());
        }
        align(&mut bytes);
    }
    for fact in facts {
        bytes.extend_from_slice(&fact.id.to_le_bytes());
    }
    align(&mut bytes);
    let mut order: Vec<u32> = (0..u32::try_from(rows).unwrap_or(u32::MAX)).collect();
    order.sort_unstable_by_key(|row| facts[index(*row)].id);
    for row in &order {
        bytes.extend_from_slice(&row.to_le_bytes());
    }
    align(&mut bytes);
    seal(bytes)
}

fn short(bytes: &mut Vec<u8>, facts: &[Fact], column: impl Fn(&Fact) -> u16) {
    for fact in facts {
        bytes.extend_from_slice(&column(fact).to_le_bytes());
    }
    align(bytes);
}

fn align(bytes: &mut Vec<u8>) {
    bytes.resize(bytes.len().next_multiple_of(ALIGNMENT), 0);
}

/// Ends a file with the checksum of what is in it.
pub(crate) fn seal(mut bytes: Vec<u8>) -> Vec<u8> {
    let sum = crc32fast::hash(&bytes);
    bytes.extend_from_slice(&sum.to_le_bytes());
    bytes
}

/// What is in a file, if its checksum is right.
pub(crate) fn unseal(bytes: &[u8]) -> Option<&[u8]> {
    let (content, sum) = bytes.split_at(bytes.len().checked_sub(4)?);
    (crc32fast::hash(content).to_le_bytes() == sum).then_some(content)
}

fn begin(place: usize, rows: usize) -> usize {
    WIDTHS[..place].iter().fold(HEAD, |at, width| at + (rows * width).next_multiple_of(ALIGNMENT))
}

fn end(rows: usize) -> usize {
    begin(WIDTHS.len(), rows)
}

/// A row number as a place. Rows are fewer than 2^32.
pub(crate) fn index(row: u32) -> usize {
    row as usize
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

    proptest! {
        #[test]
        fn a_block_keeps_every_fact(facts in proptest::collection::vec(fact(), 0..70)) {
            let folder = tempfile::tempdir().expect("a folder");
            let bytes = encode(&facts);
            prop_assert!(unseal(&bytes).is_some());
            std::fs::write(folder.path().join("f"), &bytes).expect("written");
            let block = Block::open(folder.path(), "f").expect("a block");
            prop_assert_eq!(block.len(), facts.len());
            for (row, fact) in facts.iter().enumerate() {
                prop_assert_eq!(block.fact(row), *fact);
                prop_assert_eq!(block.find(fact.id).map(|row| facts[row].id), Some(fact.id));
            }
            prop_assert_eq!(block.find(1).is_some(), facts.iter().any(|fact| fact.id == 1));
        }

        #[test]
        fn damage_is_noticed(facts in proptest::collection::vec(fact(), 1..20), at in any::<usize>(), bit in 0_u8..8) {
            let mut bytes = encode(&facts);
            let at = at % bytes.len();
            bytes[at] ^= 1 << bit;
            prop_assert!(unseal(&bytes).is_none());
        }
    }
}

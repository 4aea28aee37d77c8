//! A file of packed columns: each takes as few bits a number as its numbers need. For what is looked up row by row and not scanned.
//!
//! Little-endian: a head of 16 bytes (magic, rows, columns), for each column 16 bytes (its least number except 0, its bits), then
//! the columns.

use std::path::Path;

use tantivy::directory::OwnedBytes;
use tantivy_bitpacker::{BitPacker, BitUnpacker};

use crate::Error;
use crate::publish::disk::map;

const MAGIC: &[u8; 8] = b"vmpack01";
const HEAD: usize = 16;

/// Numbers are read eight bytes at once.
const PADDING: usize = 8;

/// Some columns of the same rows.
#[derive(Clone)]
pub(crate) struct Packed {
    rows: usize,
    columns: Vec<Column>,
}

#[derive(Clone)]
struct Column {
    /// What is added to every number but 0.
    base: u64,
    bits: BitUnpacker,
    bytes: OwnedBytes,
}

impl Packed {
    /// So many columns without rows.
    pub(crate) fn empty(columns: usize) -> Self {
        let column = || Column { base: 0, bits: BitUnpacker::new(0), bytes: OwnedBytes::empty() };
        Self { rows: 0, columns: std::iter::repeat_with(column).take(columns).collect() }
    }

    /// Maps a file into memory.
    ///
    /// # Errors
    /// If the file cannot be read or is none of these.
    pub(crate) fn open(folder: &Path, name: &str) -> Result<Self, Error> {
        let bytes = map(folder, name)?;
        Self::read(&bytes).ok_or_else(|| Error::Damaged { object: name.to_owned() })
    }

    fn read(bytes: &OwnedBytes) -> Option<Self> {
        let number = |at: usize| Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
        if bytes.get(..8)? != MAGIC {
            return None;
        }
        let (rows, columns) = (usize::try_from(number(8)?).ok()?, usize::try_from(number(12)?).ok()?);
        let mut begin = HEAD + columns.checked_mul(16)?;
        let mut read = Vec::new();
        for head in (HEAD..begin).step_by(16) {
            let base = u64::from_le_bytes(bytes.get(head..head + 8)?.try_into().ok()?);
            let bits = *bytes.get(head + 8)?;
            if !(0..=56).contains(&bits) && bits != 64 {
                return None;
            }
            let end = begin + length(rows, bits);
            let column = (end <= bytes.len()).then(|| bytes.slice(begin..end))?;
            read.push(Column { base, bits: BitUnpacker::new(bits), bytes: column });
            begin = end;
        }
        (begin == bytes.len()).then_some(Self { rows, columns: read })
    }

    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    pub(crate) fn columns(&self) -> usize {
        self.columns.len()
    }

    /// The number in a row of a column. Both must exist.
    pub(crate) fn get(&self, column: usize, row: u32) -> u64 {
        let column = &self.columns[column];
        match column.bits.get(row, &column.bytes) {
            0 => 0,
            packed => packed + column.base,
        }
    }
}

fn length(rows: usize, bits: u8) -> usize {
    (rows * usize::from(bits)).div_ceil(8) + PADDING
}

/// Writes columns as a file. All have as many numbers.
pub(crate) fn encode(rows: usize, columns: &[Vec<u64>]) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    bytes.extend_from_slice(&u32::try_from(rows).unwrap_or(u32::MAX).to_le_bytes());
    bytes.extend_from_slice(&u32::try_from(columns.len()).unwrap_or(u32::MAX).to_le_bytes());
    let mut packed = Vec::new();
    for column in columns {
        // 0 means none in most columns, however large the others are.
        let base = column.iter().filter(|number| **number > 0).min().map_or(0, |least| least - 1);
        let greatest = column.iter().max().map_or(0, |greatest| greatest.saturating_sub(base));
        let bits = match 64 - greatest.leading_zeros() {
            57.. => 64, // so that each can be read with one access
            bits => u8::try_from(bits).unwrap_or(64),
        };
        bytes.extend_from_slice(&base.to_le_bytes());
        bytes.push(bits);
        bytes.resize(bytes.len().next_multiple_of(16), 0);
        let end = packed.len() + length(rows, bits);
        let mut packer = BitPacker::new();
        let into = "a vector takes everything";
        for number in column {
            packer.write(number.saturating_sub(base), bits, &mut packed).expect(into);
        }
        packer.flush(&mut packed).expect(into);
        packed.resize(end, 0);
    }
    bytes.extend(packed);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn numbers() -> impl Strategy<Value = Vec<u64>> {
        let number = prop_oneof![
            Just(0),
            any::<u64>(),
            any::<u64>().prop_map(|number| 1_700_000_000 + number % 1_000),
            Just(u64::MAX),
        ];
        proptest::collection::vec(number, 0..90)
    }

    proptest! {
        #[test]
        fn packed_columns_keep_every_number(first in numbers(), narrow in 1_u32..65) {
            let second: Vec<u64> = first.iter().map(|number| number >> (64 - narrow)).collect();
            let columns = [first, second];
            let bytes = encode(columns[0].len(), &columns);
            let packed = Packed::read(&OwnedBytes::new(bytes.clone())).expect("columns");
            prop_assert_eq!((packed.rows(), packed.columns()), (columns[0].len(), 2));
            for (place, column) in columns.iter().enumerate() {
                for (row, number) in (0..).zip(column) {
                    prop_assert_eq!(packed.get(place, row), *number);
                }
            }
            let short = OwnedBytes::new(bytes[..bytes.len() - 1].to_vec());
            prop_assert!(Packed::read(&short).is_none());
        }
    }
}

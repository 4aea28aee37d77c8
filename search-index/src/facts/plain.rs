//! A file of plain columns: numbers lie in it as they are in memory, so counting reads them where they are.
//!
//! Little-endian: a head of 16 bytes (magic, rows), then each column at a multiple of 16 bytes.

use std::path::Path;

use tantivy::directory::OwnedBytes;

use crate::Error;
use crate::facts::at::index;
use crate::publish::disk::map;

#[cfg(target_endian = "big")]
compile_error!("columns are read as they lie in the file, little-endian");

const MAGIC: &[u8; 8] = b"vmfacts3";
const HEAD: usize = 16;
const ALIGNMENT: usize = 16;

/// Columns of a file, at most.
pub(crate) const MOST_COLUMNS: usize = 16;

/// The columns of a file, mapped into memory. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Plain {
    rows: usize,
    bytes: OwnedBytes,
    /// Where each column begins: columns are asked for row by row too.
    begins: [usize; MOST_COLUMNS],
}

impl Plain {
    /// In place of a file that is not open, or of no rows.
    pub(crate) fn absent() -> Self {
        Self { rows: 0, bytes: OwnedBytes::empty(), begins: [0; MOST_COLUMNS] }
    }

    /// Maps a file with columns of these widths, in bytes.
    ///
    /// # Errors
    /// If the file cannot be read or is none of these.
    pub(crate) fn open(folder: &Path, name: &str, widths: &[usize]) -> Result<Self, Error> {
        let damaged = || Error::Damaged { object: name.to_owned() };
        let bytes = map(folder, name)?;
        let head = bytes.get(..HEAD).ok_or_else(damaged)?;
        let rows = index(u32::from_le_bytes([head[8], head[9], head[10], head[11]]));
        if &head[..8] != MAGIC || bytes.len() != begin(widths.len(), rows, widths) {
            return Err(damaged());
        }
        let begins = std::array::from_fn(|place| begin(place.min(widths.len()), rows, widths));
        Ok(Self { rows, bytes, begins })
    }

    pub(crate) fn len(&self) -> usize {
        self.rows
    }

    pub(crate) fn is_absent(&self) -> bool {
        self.rows == 0
    }

    /// A column by its place in the file. Its type is as wide as the column.
    #[inline]
    pub(crate) fn column<T: bytemuck::Pod>(&self, place: usize) -> &[T] {
        if self.rows == 0 {
            return &[]; // no bytes, and none of them aligned
        }
        let begin = self.begins[place];
        // The file is mapped at a page and columns begin at multiples of 16, so they lie as their type asks.
        bytemuck::cast_slice(&self.bytes[begin..begin + self.rows * size_of::<T>()])
    }
}

/// Writes columns of numbers, each as wide as `widths` says, as a file.
pub(crate) fn encode(rows: usize, columns: &[Vec<u64>], widths: &[usize]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(begin(widths.len(), rows, widths));
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&u32::try_from(rows).unwrap_or(u32::MAX).to_le_bytes());
    align(&mut bytes);
    for (column, width) in columns.iter().zip(widths) {
        bytes.extend(column.iter().flat_map(|number| number.to_le_bytes().into_iter().take(*width)));
        align(&mut bytes);
    }
    bytes
}

fn align(bytes: &mut Vec<u8>) {
    bytes.resize(bytes.len().next_multiple_of(ALIGNMENT), 0);
}

fn begin(place: usize, rows: usize, widths: &[usize]) -> usize {
    widths[..place].iter().fold(HEAD, |at, width| at + (rows * width).next_multiple_of(ALIGNMENT))
}

//! Numbers as places in a slice.

/// A 32-bit number as a place in a slice: a row, a document, a number of the lists of ids.
pub(crate) fn index(number: u32) -> usize {
    number as usize
}

//! A file of rows that are new or have changed since their block was written. Of two rows with the same number the later one holds.
//!
//! Little-endian: a head of 12 bytes (magic, bytes of a row), then the rows. A row begins with its number, the id, the version and
//! the fingerprint of the text, whatever columns follow: these are read from a delta of any format.

use crate::facts::columns::{Counted, Details, Keys, Matter, Point};
use crate::facts::flags::Flags;
use crate::facts::row::{FactRow, Rest};

const MAGIC: &[u8; 8] = b"vmdelta2";

/// Bytes of a row.
const ROW: usize = 4 + 16 + Keys::BYTES + Details::BYTES + Counted::BYTES + Point::BYTES + Matter::BYTES;

/// The deltas of format 4: no bytes of a row in the head, and its fields in another order.
const FORMAT_4: &[u8; 8] = b"vmdelta1";
const FORMAT_4_ROW: usize = 62;

/// Writes rows as a file.
pub(crate) fn encode(rows: impl Iterator<Item = (u32, FactRow)>) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    bytes.extend_from_slice(&u32::try_from(ROW).unwrap_or(u32::MAX).to_le_bytes());
    for (row, FactRow { counted, rest }) in rows {
        bytes.extend_from_slice(&row.to_le_bytes());
        bytes.extend_from_slice(&rest.id.to_le_bytes());
        rest.keys.write(&mut bytes);
        rest.details.write(&mut bytes);
        counted.write(&mut bytes);
        rest.point.write(&mut bytes);
        rest.matter.write(&mut bytes);
    }
    bytes
}

/// The rows in a file; none if it is no such file, or has a code that this program does not know.
pub(crate) fn decode(bytes: &[u8]) -> Option<Vec<(u32, FactRow)>> {
    let (length, rows) = head(bytes)?;
    if length != ROW || !rows.len().is_multiple_of(ROW) {
        return None;
    }
    rows.chunks_exact(ROW).map(whole).collect()
}

/// The rows in a file of any format, with ids and keys alone; none if it is no such file.
pub(crate) fn decode_ids(bytes: &[u8]) -> Option<Vec<(u32, FactRow)>> {
    if let Some(rows) = bytes.strip_prefix(FORMAT_4) {
        let whole = rows.len().is_multiple_of(FORMAT_4_ROW);
        return whole.then(|| rows.chunks_exact(FORMAT_4_ROW).map(of_format_4).collect()).flatten();
    }
    let (length, rows) = head(bytes)?;
    if !rows.len().is_multiple_of(length) {
        return None;
    }
    let row = |mut row: &[u8]| {
        let (number, id, keys) = key(&mut row)?;
        Some((number, FactRow::unknown(id, keys)))
    };
    rows.chunks_exact(length).map(row).collect()
}

/// Bytes of a row, and the rows.
fn head(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (length, rows) = bytes.strip_prefix(MAGIC)?.split_first_chunk()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    (length >= 4 + 16 + Keys::BYTES).then_some((length, rows))
}

/// What every row begins with.
fn key(row: &mut &[u8]) -> Option<(u32, u128, Keys)> {
    let (number, rest) = row.split_first_chunk()?;
    let (id, rest) = rest.split_first_chunk()?;
    *row = rest;
    Some((u32::from_le_bytes(*number), u128::from_le_bytes(*id), Keys::read(row)?))
}

fn whole(mut row: &[u8]) -> Option<(u32, FactRow)> {
    let row = &mut row;
    let (number, id, keys) = key(row)?;
    let (details, counted) = (Details::read(row)?, Counted::read(row)?);
    let (point, matter) = (Point::read(row)?, Matter::read(row)?);
    let known = !Flags::any_unknown(&[counted.flags]);
    known.then_some((number, FactRow { counted, rest: Rest { id, details, keys, point, matter } }))
}

fn of_format_4(row: &[u8]) -> Option<(u32, FactRow)> {
    let number = u32::from_le_bytes(*row.first_chunk()?);
    let keys = Keys::read(&mut &row[38..46])?;
    let id = u128::from_le_bytes(*row[46..].first_chunk()?);
    Some((number, FactRow::unknown(id, keys)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::block::tests::fact;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_delta_keeps_every_row(rows in proptest::collection::vec((any::<u32>(), fact()), 0..40)) {
            let bytes = encode(rows.iter().copied());
            let unknown = |(row, fact): &(u32, FactRow)| (*row, FactRow::unknown(fact.rest.id, fact.rest.keys));
            prop_assert_eq!(decode_ids(&bytes), Some(rows.iter().map(unknown).collect()));
            prop_assert_eq!(decode(&bytes), Some(rows));
        }
    }

    #[test]
    fn what_is_no_delta_is_refused() {
        let whole = encode(std::iter::once((1, FactRow::default())));
        for bytes in [&[][..], &whole[..whole.len() - 1], &whole[1..], &whole[..12 + ROW - 4]] {
            assert_eq!((decode(bytes), decode_ids(bytes)), (None, None));
        }
        let counted = Counted { flags: 7 << 9, ..Counted::default() };
        let unknown = encode(std::iter::once((1, FactRow { counted, ..FactRow::default() })));
        assert_eq!(decode(&unknown), None, "a kind that nobody knows is no report");
    }

    /// A later format has more columns.
    #[test]
    fn ids_are_read_out_of_rows_of_another_length() {
        let known = FactRow::unknown(7, Keys { version: 3, text: 5 });
        let ours = encode([(1, known), (2, known)].into_iter());
        let mut later = ours[..8].to_vec();
        later.extend_from_slice(&u32::try_from(ROW + 3).unwrap().to_le_bytes());
        for row in ours[12..].chunks_exact(ROW) {
            later.extend_from_slice(row);
            later.extend_from_slice(&[9; 3]);
        }
        assert_eq!(decode_ids(&later), Some(vec![(1, known), (2, known)]));
        assert_eq!(decode(&later), None);
    }
}

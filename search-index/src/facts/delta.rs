//! Facts that are new or have changed since their block was written, as a file: rows with their numbers, the later ones of
//! the same number hold. Little-endian.

use crate::facts::fact::{Fact, Flags};

const MAGIC: &[u8; 8] = b"vmdelta1";

/// Bytes of a row: its number and the fact.
const ROW: usize = 4 + 3 * 2 + 9 * 4 + 16;

/// Writes rows as a file.
pub(crate) fn encode(rows: impl Iterator<Item = (u32, Fact)>) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    for (row, fact) in rows {
        bytes.extend_from_slice(&row.to_le_bytes());
        for value in [fact.category, fact.territory, fact.flags.0] {
            bytes.extend_from_slice(&value.to_le_bytes());
        }
        for value in [
            fact.received,
            fact.due,
            fact.organization,
            fact.answered,
            fact.answer_due,
            fact.answered_by,
            fact.assignee,
            fact.version,
            fact.words,
        ] {
            bytes.extend_from_slice(&value.to_le_bytes());
        }
        bytes.extend_from_slice(&fact.id.to_le_bytes());
    }
    bytes
}

/// The rows in a file; none if it is no such file.
pub(crate) fn decode(bytes: &[u8]) -> Option<Vec<(u32, Fact)>> {
    let rows = bytes.strip_prefix(MAGIC)?;
    let rows = rows.chunks_exact(ROW);
    if !rows.remainder().is_empty() {
        return None;
    }
    Some(rows.map(row).collect())
}

fn row(bytes: &[u8]) -> (u32, Fact) {
    let short = |at: usize| u16::from_le_bytes([bytes[at], bytes[at + 1]]);
    let word = |at: usize| u32::from_le_bytes(std::array::from_fn(|byte| bytes[at + byte]));
    let number = |place: usize| word(10 + 4 * place);
    let fact = Fact {
        category: short(4),
        territory: short(6),
        flags: Flags(short(8)),
        received: number(0),
        due: number(1),
        organization: number(2),
        answered: number(3),
        answer_due: number(4),
        answered_by: number(5),
        assignee: number(6),
        version: number(7),
        words: number(8),
        id: u128::from_le_bytes(std::array::from_fn(|byte| bytes[46 + byte])),
    };
    (word(0), fact)
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
            prop_assert_eq!(decode(&bytes), Some(rows));
        }
    }

    #[test]
    fn what_is_no_delta_is_refused() {
        let whole = encode(std::iter::once((1, Fact::default())));
        for bytes in [&[][..], &whole[..whole.len() - 1], &whole[1..]] {
            assert_eq!(decode(bytes), None);
        }
    }
}

//! The right edge of a log: all that is needed to let it grow.

use ct_merkle::HashableLeaf;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::bytes::Bytes32;
use super::leaf::Leaf;

/// The hashes of the whole subtrees that a log consists of, the largest first: one for each bit that is set in its size. A writer
/// adds leaves with these hashes alone and does not read the log: a million leaves have twenty hashes at most.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Frontier {
    size: u64,
    peaks: Vec<Bytes32>,
}

impl Frontier {
    /// Adds leaves.
    pub fn extend<'l>(&mut self, leaves: impl IntoIterator<Item = &'l Leaf>) {
        for leaf in leaves {
            let mut hash = Sha256::new_with_prefix([0]);
            leaf.hash(&mut hash);
            let mut whole = Bytes32(hash.finalize().into());
            // As in binary addition: every subtree of the same size to the left is carried over.
            for _ in 0..self.size.trailing_ones() {
                let Some(left) = self.peaks.pop() else { break };
                whole = parent(&left, &whole);
            }
            self.peaks.push(whole);
            self.size += 1;
        }
    }

    /// Leaves so far.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Root of the Merkle tree (RFC 9162, 2.1.1).
    pub fn root(&self) -> Bytes32 {
        let from_the_right = self.peaks.iter().rev().copied();
        let root = from_the_right.reduce(|right, left| parent(&left, &right));
        root.unwrap_or_else(|| Bytes32(Sha256::digest([]).into()))
    }
}

fn parent(left: &Bytes32, right: &Bytes32) -> Bytes32 {
    let hash = Sha256::new_with_prefix([1]).chain_update(left.0).chain_update(right.0);
    Bytes32(hash.finalize().into())
}

#[cfg(test)]
mod tests {
    use super::super::Log;
    use super::*;

    /// The verifier's log is another library's: they must agree at every size.
    #[test]
    fn it_has_the_root_of_the_whole_log() {
        let (mut frontier, mut log) = (Frontier::default(), Log::default());
        assert_eq!(frontier.root(), log.root());
        for number in 0..600_u16 {
            let mut commitment = Bytes32([7; 32]);
            commitment.0[..2].copy_from_slice(&number.to_be_bytes());
            let leaf = Leaf { commitment, replaces: (number % 3 == 0).then_some(Bytes32([9; 32])) };
            frontier.extend([&leaf]);
            log.push(leaf);
            assert_eq!((frontier.size(), frontier.root()), (log.len(), log.root()), "{number}");
            assert_eq!(frontier.peaks.len(), frontier.size().count_ones() as usize);
        }
    }
}

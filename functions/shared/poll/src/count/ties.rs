//! In which order equals stand.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// How a tie is broken; the poll says it before anybody votes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TieBreak {
    /// Who stands higher in the poll's list is preferred.
    Listed,
    /// The cheaper is preferred, and of equally dear ones who stands higher in the list.
    Cheaper,
    /// By lot: the order of the SHA-256 of the log's root at the close and the option's id. Anybody can repeat the lot, and no
    /// voter can foresee it. The holder of the poll's key could try out salts until the lot falls as they like.
    Lot,
}

impl TieBreak {
    /// Every way.
    pub const ALL: [Self; 3] = [Self::Listed, Self::Cheaper, Self::Lot];

    /// The name used in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Listed => "listed",
            Self::Cheaper => "cheaper",
            Self::Lot => "lot",
        }
    }
}

/// The order in which equals stand: it is the same in every step of a count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ties {
    /// The place of each option; the lower, the better.
    places: Vec<usize>,
}

impl Ties {
    /// As the poll lists them.
    pub fn listed(options: usize) -> Self {
        Self { places: (0..options).collect() }
    }

    /// By a rule: ids and costs in the order of the poll, and the seed of the lot.
    pub fn by(rule: TieBreak, ids: &[&str], costs: &[u64], seed: &[u8]) -> Self {
        match rule {
            TieBreak::Listed => Self::listed(ids.len()),
            TieBreak::Cheaper => Self::sorted(ids.len(), |option| costs.get(option).copied()),
            TieBreak::Lot => Self::sorted(ids.len(), |option| {
                let mut hash = Sha256::new();
                hash.update(b"vmeste lot 1\0");
                hash.update(seed);
                hash.update(b"\0");
                hash.update(ids.get(option).copied().unwrap_or_default());
                hash.finalize()
            }),
        }
    }

    fn sorted<K: Ord>(options: usize, key: impl Fn(usize) -> K) -> Self {
        let mut order: Vec<usize> = (0..options).collect();
        order.sort_by_key(|option| (key(*option), *option));
        let mut places = vec![0; options];
        for (place, option) in order.into_iter().enumerate() {
            places[option] = place;
        }
        Self { places }
    }

    /// The place of an option; the lower, the better.
    pub fn place(&self, option: usize) -> usize {
        self.places[option]
    }

    /// The preferred of these.
    pub fn best(&self, among: impl IntoIterator<Item = usize>) -> Option<usize> {
        among.into_iter().min_by_key(|option| self.place(*option))
    }

    /// The least preferred of these.
    pub fn worst(&self, among: impl IntoIterator<Item = usize>) -> Option<usize> {
        among.into_iter().max_by_key(|option| self.place(*option))
    }
}

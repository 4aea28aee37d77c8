//! Counts of the matching submissions by category, territory, organization and status.

use domain::Status;
use jiff::Timestamp;

use crate::count::selection::Count;
use crate::facts::at::index;
use crate::facts::block::Block;
use crate::facts::columns::Counted;
use crate::facts::flags::{Flags, state};
use crate::facts::ids::{IdDictionary, IdKind};
use crate::facts::row::Rest;

/// Counts of leaf values, the most frequent first, equal counts by id. Callers roll up to branches.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facets {
    /// Ids of leaf categories; submissions without category are not counted.
    pub category: Vec<(String, u64)>,
    /// Ids of leaf territories.
    pub territory: Vec<(String, u64)>,
    /// Ids of organizations; submissions without organization are not counted.
    pub organization: Vec<(String, u64)>,
    /// Names of statuses, as `Status::as_str` gives them.
    pub status: Vec<(String, u64)>,
    /// When the first and the last of them were received, to the second.
    pub received: Option<(Timestamp, Timestamp)>,
}

/// Counts by number.
pub(crate) struct FacetCount {
    category: Vec<u32>,
    territory: Vec<u32>,
    organization: Vec<u32>,
    /// By status, mark and *reopened*.
    states: Vec<u32>,
    first: u32,
    last: u32,
}

impl FacetCount {
    pub(crate) fn new(names: &IdDictionary) -> Self {
        let zeros = |kind| vec![0; names.bound(kind)];
        Self {
            category: zeros(IdKind::Category),
            territory: zeros(IdKind::Territory),
            organization: zeros(IdKind::Organization),
            states: vec![0; Flags::STATES],
            first: u32::MAX,
            last: 0,
        }
    }

    pub(crate) fn finish(self, names: &IdDictionary) -> Facets {
        let named = |kind: IdKind, counts: Vec<u32>| {
            let some = (0_u32..).zip(counts).filter(|(_, count)| *count > 0);
            sorted(
                some.filter_map(|(number, count)| Some((names.name(kind, number)?.to_owned(), count.into())))
                    .collect(),
            )
        };
        let mut statuses = [0_u64; Status::ALL.len()];
        for (bits, count) in (0_u16..).zip(&self.states).filter(|(_, count)| **count > 0) {
            let place = Status::ALL.iter().position(|status| Flags(bits).status() == Some(*status));
            if let Some(place) = place {
                statuses[place] += u64::from(*count);
            }
        }
        let statuses = Status::ALL.iter().zip(statuses).filter(|(_, count)| *count > 0);
        let time = |second: u32| Timestamp::from_second(second.into()).ok();
        let received =
            (self.first < self.last).then(|| Some((time(self.first + 1)?, time(self.last)?))).flatten();
        Facets {
            category: named(IdKind::Category, self.category),
            territory: named(IdKind::Territory, self.territory),
            organization: named(IdKind::Organization, self.organization),
            status: sorted(statuses.map(|(status, count)| (status.as_str().to_owned(), count)).collect()),
            received,
        }
    }

    fn received(&mut self, at: u32) {
        // 0 is not known yet: as the number before the first, it is greater than all.
        self.first = self.first.min(at.wrapping_sub(1));
        self.last = self.last.max(at);
    }
}

impl Count for FacetCount {
    fn rows(&mut self, block: &Block, rows: &[u32]) {
        let columns = block.counted();
        let received = columns.received();
        for row in rows {
            self.received(received[index(*row)]);
        }
        let short = [(&mut self.category, columns.category()), (&mut self.territory, columns.territory())];
        for (counts, column) in short {
            for row in rows {
                counts[usize::from(column[index(*row)])] += 1;
            }
        }
        let flags = columns.flags();
        for row in rows {
            self.states[state(flags[index(*row)])] += 1;
        }
        let organization = columns.organization();
        for row in rows {
            self.organization[index(organization[index(*row)])] += 1;
        }
    }

    fn fact(&mut self, fact: &Counted, _: &Rest) {
        self.received(fact.received);
        self.category[usize::from(fact.category)] += 1;
        self.territory[usize::from(fact.territory)] += 1;
        self.states[state(fact.flags)] += 1;
        self.organization[index(fact.organization)] += 1;
    }
}

fn sorted(mut counts: Vec<(String, u64)>) -> Vec<(String, u64)> {
    counts.sort_unstable_by(|(left, left_count), (right, right_count)| {
        right_count.cmp(left_count).then_with(|| left.cmp(right))
    });
    counts
}

//! The one way through the facts: it selects rows by a filter and gives them to a counter.

use domain::Status;

use crate::facts::at::index;
use crate::facts::block::Block;
use crate::facts::columns::Counted;
use crate::facts::flags::{Flags, state_and_kind};
use crate::facts::ids::{IdDictionary, IdKind, NONE};
use crate::facts::row::{Rest, seconds};
use crate::facts::rows::Rows;
use crate::query::filter::Filter;

/// A [`Filter`] in the numbers of a snapshot.
#[derive(Default)]
pub(crate) struct Selection {
    /// By number: true if it passes. Number 0 is no category.
    categories: Option<Vec<bool>>,
    territories: Option<Vec<bool>>,
    organizations: Option<Vec<bool>>,
    /// By status, mark, *reopened* and kind.
    states: Option<Vec<bool>>,
    /// The first second, and the first one after.
    received: Option<(u32, u32)>,
    /// What is due at this second or before; what has no deadline never is.
    due_by: Option<u32>,
    answered: bool,
    /// Selections that must let it pass too.
    also: Vec<Self>,
    /// Selections that must not let it pass.
    except: Vec<Self>,
}

/// Something that counts facts.
pub(crate) trait Count {
    /// Counts rows of a block.
    fn rows(&mut self, block: &Block, rows: &[u32]);

    /// Counts a fact that lies in no block.
    fn fact(&mut self, fact: &Counted, rest: &Rest);

    /// True if rows that were counted can be taken back.
    const TAKES_BACK: bool = false;

    /// Takes back a row of a block, where that can be done.
    fn take_back(&mut self, _block: &Block, _row: u32) {}

    /// Counts all rows of a block.
    fn whole(&mut self, block: &Block) {
        let mut rows = Vec::with_capacity(CHUNK);
        for begin in (0..block.len()).step_by(CHUNK) {
            rows.clear();
            rows.extend(numbers(begin, block.len()));
            self.rows(block, &rows);
        }
    }
}

/// Rows that are looked at together: their columns stay in the nearest cache.
const CHUNK: usize = 2_048;

fn numbers(begin: usize, end: usize) -> std::ops::Range<u32> {
    let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    number(begin)..number(end.min(begin + CHUNK))
}

impl Selection {
    pub(crate) fn new(filter: &Filter, names: &IdDictionary) -> Self {
        let mut categories = filter
            .categories
            .as_ref()
            .map(|ids| marked(names, IdKind::Category, ids.iter().map(domain::CategoryId::as_str)));
        if filter.uncategorized {
            // Together with a list nothing passes: a document has a category or it has none.
            let listed = categories.is_some();
            let mut none = vec![false; names.bound(IdKind::Category)];
            none[index(NONE)] = !listed;
            categories = Some(none);
        }
        let territories = filter.territories.as_ref();
        let organizations = filter.organizations.as_ref();
        let received = filter.received_from.is_some() || filter.received_before.is_some();
        Self {
            categories,
            territories: territories
                .map(|ids| marked(names, IdKind::Territory, ids.iter().map(domain::TerritoryId::as_str))),
            organizations: organizations.map(|ids| {
                marked(names, IdKind::Organization, ids.iter().map(domain::OrganizationId::as_str))
            }),
            states: states(filter),
            received: received.then(|| {
                let from = filter.received_from.map_or(0, ceiling);
                (from, filter.received_before.map_or(u32::MAX, ceiling))
            }),
            due_by: filter.overdue_at.map(seconds),
            answered: filter.answered,
            also: filter.also.iter().map(|other| Self::new(other, names)).collect(),
            except: filter.except.iter().map(|other| Self::new(other, names)).collect(),
        }
    }

    /// The seconds between which everything was received.
    pub(crate) fn period(&self) -> (i64, i64) {
        let own = self.received.map_or((i64::MIN, i64::MAX), |(from, before)| (from.into(), before.into()));
        let narrower = |(from, before): (i64, i64), other: &Self| {
            let (other_from, other_before) = other.period();
            (from.max(other_from), before.min(other_before))
        };
        self.also.iter().fold(own, narrower)
    }

    /// True if every fact passes.
    pub(crate) fn is_open(&self) -> bool {
        self.categories.is_none()
            && self.territories.is_none()
            && self.organizations.is_none()
            && self.states.is_none()
            && self.received.is_none()
            && self.due_by.is_none()
            && !self.answered
            && self.also.is_empty()
            && self.except.is_empty()
    }

    /// True if a fact passes.
    fn passes(&self, fact: &Counted) -> bool {
        let has = |list: &Option<Vec<bool>>, number: usize| list.as_ref().is_none_or(|list| list[number]);
        has(&self.categories, fact.category.into())
            && has(&self.territories, fact.territory.into())
            && has(&self.organizations, index(fact.organization))
            && has(&self.states, state_and_kind(fact.flags))
            && self.received.is_none_or(|(from, before)| (from..before).contains(&fact.received))
            && self.due_by.is_none_or(|now| (1..=now).contains(&fact.due))
            && (!self.answered || fact.answered > 0)
            && self.also.iter().all(|other| other.passes(fact))
            && !self.except.iter().any(|other| other.passes(fact))
    }

    /// True if a row of a block passes.
    fn passes_row(&self, block: &Block, row: usize) -> bool {
        let has = |list: &Option<Vec<bool>>, number: usize| list.as_ref().is_none_or(|list| list[number]);
        let columns = block.counted();
        has(&self.states, state_and_kind(columns.flags()[row]))
            && self.received.is_none_or(|(from, before)| (from..before).contains(&columns.received()[row]))
            && has(&self.categories, columns.category()[row].into())
            && has(&self.territories, columns.territory()[row].into())
            && has(&self.organizations, index(columns.organization()[row]))
            && self.due_by.is_none_or(|now| (1..=now).contains(&columns.due()[row]))
            && (!self.answered || columns.answered()[row] > 0)
            && self.also.iter().all(|other| other.passes_row(block, row))
            && !self.except.iter().any(|other| other.passes_row(block, row))
    }

    /// True if a row passes as it is now.
    pub(crate) fn takes(&self, rows: &Rows, row: u32) -> bool {
        if self.is_open() {
            return true; // the facts need not be open
        }
        if rows.is_in_block(row) {
            return self.passes_row(rows.block(), index(row));
        }
        self.passes(&rows.counted(row))
    }

    /// Keeps the rows of a block that pass, column by column.
    fn narrow(&self, block: &Block, rows: &mut Vec<u32>) {
        let columns = block.counted();
        if let Some((from, before)) = self.received {
            let column = columns.received();
            rows.retain(|row| (from..before).contains(&column[index(*row)]));
        }
        for (list, column) in
            [(&self.categories, columns.category()), (&self.territories, columns.territory())]
        {
            if let Some(list) = list {
                rows.retain(|row| list[usize::from(column[index(*row)])]);
            }
        }
        if let Some(list) = &self.states {
            let column = columns.flags();
            rows.retain(|row| list[state_and_kind(column[index(*row)])]);
        }
        if let Some(list) = &self.organizations {
            let column = columns.organization();
            rows.retain(|row| list[index(column[index(*row)])]);
        }
        if let Some(now) = self.due_by {
            let column = columns.due();
            rows.retain(|row| (1..=now).contains(&column[index(*row)]));
        }
        if self.answered {
            let column = columns.answered();
            rows.retain(|row| column[index(*row)] > 0);
        }
        for other in &self.also {
            other.narrow(block, rows);
        }
        for other in &self.except {
            rows.retain(|row| !other.passes_row(block, index(*row)));
        }
    }

    /// Counts all facts of a shard that pass; of these rows alone if some are given.
    pub(crate) fn count<C: Count>(&self, rows: &Rows, among: Option<&[u32]>, count: &mut C) {
        let block = rows.block();
        let Some(among) = among else {
            if self.is_open() && (rows.is_fresh() || C::TAKES_BACK) {
                count.whole(block);
                // A few of many: quicker than to look at each of the others whether it has changed.
                rows.changed().for_each(|(row, ..)| count.take_back(block, row));
            } else {
                let mut chunk = Vec::with_capacity(CHUNK);
                for begin in (0..block.len()).step_by(CHUNK) {
                    chunk.clear();
                    chunk.extend(numbers(begin, block.len()));
                    if !rows.is_fresh() {
                        chunk.retain(|row| rows.is_in_block(*row));
                    }
                    self.narrow(block, &mut chunk);
                    count.rows(block, &chunk);
                }
            }
            let facts = rows.changed().chain(rows.added());
            facts.filter(|(_, fact, _)| self.passes(fact)).for_each(|(_, fact, rest)| count.fact(fact, rest));
            return;
        };
        let mut in_block = Vec::with_capacity(CHUNK);
        for some in among.chunks(CHUNK) {
            in_block.clear();
            for row in some {
                if rows.is_in_block(*row) {
                    in_block.push(*row);
                } else {
                    let fact = rows.fact(*row);
                    if self.passes(&fact.counted) {
                        count.fact(&fact.counted, &fact.rest);
                    }
                }
            }
            self.narrow(block, &mut in_block);
            count.rows(block, &in_block);
        }
    }
}

fn marked<'a>(names: &IdDictionary, kind: IdKind, ids: impl Iterator<Item = &'a str>) -> Vec<bool> {
    let mut marked = vec![false; names.bound(kind)];
    for number in ids.filter_map(|id| names.find(kind, id)) {
        marked[index(number)] = true;
    }
    marked
}

fn states(filter: &Filter) -> Option<Vec<bool>> {
    let asks_status = !filter.statuses.is_empty() || filter.overdue_at.is_some();
    if filter.kind.is_none() && !asks_status && filter.marks.is_none() && !filter.reopened {
        return None;
    }
    let status = |known: Status| {
        (filter.statuses.is_empty() || filter.statuses.contains(&known))
            && (filter.overdue_at.is_none() || known.is_open())
    };
    let marks = filter.marks.as_ref();
    let passes = |flags: Flags| {
        (!filter.reopened || flags.is_reopened())
            && filter.kind.is_none_or(|kind| flags.kind() == Some(kind))
            && marks.is_none_or(|marks| flags.mark().is_some_and(|mark| marks.contains(&mark)))
            && flags.status().is_some_and(status)
    };
    let bound = u16::try_from(Flags::STATES_AND_KINDS).unwrap_or(u16::MAX);
    Some((0..bound).map(|bits| passes(Flags(bits))).collect())
}

/// The first whole second at this instant or after it: facts keep whole seconds.
fn ceiling(at: jiff::Timestamp) -> u32 {
    let second = seconds(at);
    if at.subsec_nanosecond() > 0 && at.as_second() > 0 { second.saturating_add(1) } else { second }
}

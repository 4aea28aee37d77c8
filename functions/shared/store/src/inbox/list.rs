//! Lists of open submissions by deadline, over the inboxes of many organizations or over cells of them.
//!
//! Every list is a merge of partitions of an index. A partition is read when its next entry may belong to what was asked for, and
//! then a little at first: of 500 organizations, those with the nearest deadlines.

use futures::{FutureExt, StreamExt, TryStreamExt, stream};
use jiff::Timestamp;

use super::cell::InboxCell;
use super::count::OrganizationCounts;
use super::entry::{CELL_ENTRY, InboxEntry, cursor_of, position};
use super::span::Span;
use crate::Store;
use crate::error::StoreError;
use crate::item::{Item, body, string};
use crate::keys::{self, BODY, CELL, INBOX, Index};
use crate::page::Page;

/// Partitions read at the same time.
const AT_ONCE: usize = 16;

/// The parts of a state that make an entry, for a state that was written before there was an entry beside it.
const PARTS: [&str; 16] = [
    "id",
    "version",
    "kind",
    "status",
    "category",
    "territory",
    "place",
    "received",
    "registered",
    "organization",
    "assignee",
    "pauses",
    "terms.registration.date",
    "terms.registration.ends",
    "terms.answer.date",
    "terms.answer.ends",
];

/// What a list is merged of.
#[derive(Debug, Clone)]
pub struct InboxList {
    partitions: Vec<Partition>,
    span: Span,
}

#[derive(Debug, Clone)]
struct Partition {
    index: Index,
    pk: String,
    /// Nothing of it comes before this position.
    from: String,
}

impl InboxList {
    /// All that these organizations have open, as far as its terms end in the span.
    pub fn of_inboxes(counts: &[OrganizationCounts], span: Span) -> Self {
        let partition = |one: &OrganizationCounts| {
            let ends = one.counts.ends.keys().copied().filter(|end| span.has(Some(*end)));
            let still = || (one.counts.has_still() && span.has(None)).then_some(Timestamp::MAX);
            let first = ends.min().or_else(still)?;
            Some(Partition { index: INBOX, pk: keys::inbox(&one.organization), from: keys::second(first) })
        };
        Self { partitions: counts.iter().filter_map(partition).collect(), span }
    }

    /// The cells that are wanted of these organizations.
    pub fn of_cells(
        counts: &[OrganizationCounts],
        wanted: impl Fn(&OrganizationCounts, &InboxCell) -> bool,
    ) -> Self {
        let mut partitions = Vec::new();
        for one in counts {
            for cell in one.counts.cells.keys().filter(|cell| wanted(one, cell)) {
                let pk = keys::inbox_cell(&one.organization, &cell.name());
                partitions.push(Partition { index: CELL, pk, from: String::new() });
            }
        }
        Self { partitions, span: Span::default() }
    }

    /// The position after which the list begins.
    fn beginning(&self) -> String {
        // `$` is the character after `#`: behind everything of this second. Before the first year there is nothing.
        self.span.after.map_or_else(|| "0".to_owned(), |after| format!("{}$", keys::second(after)))
    }

    /// The position before which the list ends.
    fn end(&self) -> String {
        // Years have four digits.
        self.span.until.map_or_else(|| "A".to_owned(), |until| format!("{}$", keys::second(until)))
    }
}

/// A partition read so far.
struct Reading<'l> {
    partition: &'l Partition,
    entries: Vec<(String, InboxEntry)>,
    /// Where the next entries begin.
    after: String,
    /// Whether it is read to its end.
    whole: bool,
}

impl Reading<'_> {
    /// Whether it may hold more of what comes before this position.
    fn lacks(&self, cut: Option<&String>) -> bool {
        !self.whole && cut.is_none_or(|cut| self.after < *cut)
    }
}

impl Store {
    /// The entries of a list, the most urgent first; those whose clock stands still last.
    ///
    /// # Errors
    /// [`StoreError::Cursor`] for a cursor that is none of ours.
    pub async fn list_inbox(
        &self,
        list: &InboxList,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page<InboxEntry>, StoreError> {
        let after = after.map(position).transpose()?.unwrap_or_default().max(list.beginning());
        let mut readings = Vec::with_capacity(list.partitions.len());
        for partition in &list.partitions {
            let after = after.clone().max(partition.from.clone());
            readings.push(Reading { partition, entries: Vec::new(), after, whole: false });
        }
        let mut share = (limit.saturating_mul(4) / readings.len().max(1) + 4).min(limit.saturating_add(1));
        let mut cut: Option<String> = None;
        loop {
            let mut lacking: Vec<&mut Reading<'_>> =
                readings.iter_mut().filter(|reading| reading.lacks(cut.as_ref())).collect();
            if lacking.is_empty() {
                break;
            }
            // Those with the nearest deadlines first: what they give often makes the others superfluous.
            lacking.sort_by(|a, b| a.after.cmp(&b.after));
            let end = list.end();
            let wave =
                lacking.into_iter().take(AT_ONCE).map(|reading| self.read_on(reading, &end, share).boxed());
            stream::iter(wave.collect::<Vec<_>>()).buffer_unordered(AT_ONCE).try_collect::<Vec<()>>().await?;
            let mut positions: Vec<&String> =
                readings.iter().flat_map(|reading| &reading.entries).map(|(position, _)| position).collect();
            if positions.len() > limit {
                cut = Some((*positions.select_nth_unstable(limit).1).clone());
            }
            share = share.saturating_mul(4).min(limit.saturating_add(1));
        }
        let mut entries: Vec<_> = readings.into_iter().flat_map(|reading| reading.entries).collect();
        entries.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        let more = entries.len() > limit;
        entries.truncate(limit);
        let next = entries.last().filter(|_| more).map(|(position, _)| cursor_of(position));
        Ok(Page { next, items: entries.into_iter().map(|(_, entry)| entry).collect() })
    }

    /// The entry of a list right before this one, which need not be in it.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn inbox_before(
        &self,
        list: &InboxList,
        entry: &InboxEntry,
    ) -> Result<Option<InboxEntry>, StoreError> {
        let (beginning, here) = (list.beginning(), entry.position());
        let before = list.partitions.iter().filter(|partition| partition.from < here);
        // Two, since the entry itself may be the last one.
        let reads = before.map(|partition| self.part(partition, &beginning, &here, 2, false).boxed());
        let found = stream::iter(reads.collect::<Vec<_>>()).buffer_unordered(AT_ONCE);
        let found: Vec<(Vec<InboxEntry>, bool)> = found.try_collect().await?;
        let others =
            found.into_iter().flat_map(|(entries, _)| entries).filter(|other| other.position() < here);
        Ok(others.max_by_key(InboxEntry::position))
    }

    async fn read_on(&self, reading: &mut Reading<'_>, end: &str, limit: usize) -> Result<(), StoreError> {
        let (entries, whole) = self.part(reading.partition, &reading.after, end, limit, true).await?;
        reading.whole = whole;
        reading.entries.extend(entries.into_iter().map(|entry| (entry.position(), entry)));
        if let Some((last, _)) = reading.entries.last() {
            reading.after.clone_from(last);
        }
        Ok(())
    }

    /// Entries of a partition after one position and up to another, at most so many, and whether there are no more.
    async fn part(
        &self,
        partition: &Partition,
        after: &str,
        until: &str,
        limit: usize,
        forward: bool,
    ) -> Result<(Vec<InboxEntry>, bool), StoreError> {
        let Partition { index, pk, .. } = partition;
        let mut call = self
            .client
            .query()
            .table_name(&self.platform)
            .index_name(index.name)
            .key_condition_expression("#index_pk = :pk AND #index_sk BETWEEN :after AND :until")
            .expression_attribute_names("#index_pk", index.pk)
            .expression_attribute_names("#index_sk", index.sk)
            .expression_attribute_values(":pk", string(pk))
            // `BETWEEN` takes both bounds in. A space comes before `#` and all that ids are made of.
            .expression_attribute_values(":after", string(format!("{after} ")))
            .expression_attribute_values(":until", string(until))
            .expression_attribute_names(format!("#{CELL_ENTRY}"), CELL_ENTRY)
            .scan_index_forward(forward)
            .limit(i32::try_from(limit).unwrap_or(i32::MAX));
        if index.name == INBOX.name {
            call = call
                .projection_expression(format!("#{CELL_ENTRY}, {}", projection()))
                .expression_attribute_names(format!("#{BODY}"), BODY);
            for name in PARTS.iter().flat_map(|part| part.split('.')) {
                call = call.expression_attribute_names(format!("#{name}"), name);
            }
        } else {
            call = call.projection_expression(format!("#{CELL_ENTRY}"));
        }
        let found = call.send().await.map_err(StoreError::call("Query"))?;
        let whole = found.last_evaluated_key.is_none();
        let entries = found.items.unwrap_or_default().into_iter().map(entry_of);
        Ok((entries.collect::<Result<_, _>>()?, whole))
    }
}

fn entry_of(mut item: Item) -> Result<InboxEntry, StoreError> {
    match item.remove(CELL_ENTRY) {
        Some(entry) => {
            serde_dynamo::from_attribute_value(entry).map_err(|e| StoreError::unreadable(CELL_ENTRY, e))
        }
        None => body(item),
    }
}

/// `body.terms.answer.date` as `#body.#terms.#answer.#date`: many of the names are words of the expression language.
fn projection() -> String {
    let named = |part: &str| format!("#{BODY}.#{}", part.replace('.', ".#"));
    PARTS.map(named).join(", ")
}

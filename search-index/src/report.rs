//! What an organization has done in a period and what it has open now, in one pass over columns.

use std::collections::HashMap;
use std::hash::Hash;
use std::ops::AddAssign;

use domain::{CategoryId, InvalidId, PersonId, Status};
use tantivy::collector::Collector;
use tantivy::{DocId, SegmentOrdinal, SegmentReader, TantivyError};

use crate::columns::{Blocks, Gathered, Names, Values};
use crate::schema::column;
use crate::timeline::Spans;

/// Counts of documents. A period restricts what was received and answered, not what is open.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    /// Received in the period.
    pub received: u64,
    /// With a latest answer that was published in the period.
    pub answered: u64,
    /// Of those, answered before the term was over.
    pub in_time: u64,
    /// Open now.
    pub open: u64,
    /// Open now, and the term is over.
    pub overdue: u64,
    /// Of the answered ones, how many have the mark 1, 2, 3, 4, 5.
    pub marks: [u64; 5],
}

impl AddAssign for Figures {
    fn add_assign(&mut self, other: Self) {
        self.received += other.received;
        self.answered += other.answered;
        self.in_time += other.in_time;
        self.open += other.open;
        self.overdue += other.overdue;
        for (sum, count) in self.marks.iter_mut().zip(other.marks) {
            *sum += count;
        }
    }
}

/// The figures of the matching documents.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Of all of them.
    pub total: Figures,
    /// From receipt to answer, in whole minutes, of those answered in the period; in no particular order.
    pub minutes: Vec<u32>,
    /// By span of the period; what is open now belongs to no span.
    pub spans: Vec<Figures>,
    /// By leaf category; none for documents without category. In no particular order.
    pub categories: Vec<(Option<CategoryId>, Figures)>,
    /// By caseworker: who wrote the answer, and who has open ones now; in no particular order.
    pub caseworkers: Vec<(PersonId, Figures)>,
}

/// Collects a [`Report`].
pub(crate) struct ReportCollector {
    pub(crate) spans: Spans,
    /// Microseconds; what is due at this time or before is overdue.
    pub(crate) now: i64,
}

impl Collector for ReportCollector {
    type Fruit = Report;
    type Child = Gathered<SegmentReport>;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<Self::Child> {
        let fast = segment.fast_fields();
        let statuses = Names::open(segment, column::STATUS)?;
        let ordinals: Vec<u64> = (0..).take(statuses.len()).collect();
        let is_open =
            |name: String| Status::ALL.iter().any(|status| status.is_open() && status.as_str() == name);
        let open = statuses.names(&ordinals)?.into_iter().map(is_open).collect();
        Ok(Gathered::new(SegmentReport {
            spans: self.spans.clone(),
            now: self.now,
            open,
            statuses,
            received: Values::new(fast.column_opt(column::RECEIVED)?),
            due: Values::new(fast.column_opt(column::DUE)?),
            answered: Values::new(fast.column_opt(column::ANSWERED)?),
            answer_due: Values::new(fast.column_opt(column::ANSWER_DUE)?),
            marks: Values::new(fast.column_opt(column::MARK)?),
            categories: ByName::open(segment, column::CATEGORY)?,
            authors: ByName::open(segment, column::ANSWERED_BY)?,
            assignees: ByName::open(segment, column::ASSIGNEE)?,
            by_span: vec![Figures::default(); self.spans.len()],
            total: Figures::default(),
            minutes: Vec::new(),
        }))
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<tantivy::Result<SegmentFigures>>) -> tantivy::Result<Report> {
        let mut report = Report { spans: vec![Figures::default(); self.spans.len()], ..Report::default() };
        let mut categories = HashMap::new();
        let mut caseworkers = HashMap::new();
        for segment in segments {
            let segment = segment?;
            report.total += segment.total;
            report.minutes.extend(segment.minutes);
            for (sum, figures) in report.spans.iter_mut().zip(segment.spans) {
                *sum += figures;
            }
            add(&mut categories, segment.categories);
            add(&mut caseworkers, segment.caseworkers.into_iter().filter_map(|(name, f)| Some((name?, f))));
        }
        for (name, figures) in categories {
            report.categories.push((name.map(parsed).transpose()?, figures));
        }
        for (name, figures) in caseworkers {
            report.caseworkers.push((parsed(name)?, figures));
        }
        Ok(report)
    }
}

fn add<K: Eq + Hash>(sums: &mut HashMap<K, Figures>, more: impl IntoIterator<Item = (K, Figures)>) {
    for (key, figures) in more {
        *sums.entry(key).or_default() += figures;
    }
}

fn parsed<T: TryFrom<String, Error = InvalidId>>(name: String) -> tantivy::Result<T> {
    T::try_from(name).map_err(|error| TantivyError::InternalError(error.to_string()))
}

/// Figures by the ordinals of a column of names; those of documents without a name stand apart.
struct ByName {
    names: Names,
    figures: Vec<Figures>,
    nameless: Figures,
}

impl ByName {
    fn open(segment: &SegmentReader, column: &str) -> tantivy::Result<Self> {
        let names = Names::open(segment, column)?;
        Ok(Self { figures: vec![Figures::default(); names.len()], names, nameless: Figures::default() })
    }

    fn add(&mut self, ordinal: Option<u64>, one: Figures) {
        let ordinal = ordinal.and_then(|ordinal| usize::try_from(ordinal).ok());
        *ordinal.and_then(|at| self.figures.get_mut(at)).unwrap_or(&mut self.nameless) += one;
    }

    fn finish(self) -> tantivy::Result<Vec<(Option<String>, Figures)>> {
        let some = |(_, figures): &(u64, Figures)| *figures != Figures::default();
        let (ordinals, figures): (Vec<u64>, Vec<Figures>) = (0..).zip(self.figures).filter(some).unzip();
        let names = self.names.names(&ordinals)?.into_iter().map(Some);
        let nameless = (self.nameless != Figures::default()).then_some((None, self.nameless));
        Ok(names.zip(figures).chain(nameless).collect())
    }
}

pub(crate) struct SegmentReport {
    spans: Spans,
    now: i64,
    /// Is the status with this ordinal open?
    open: Vec<bool>,
    statuses: Names,
    received: Values<i64>,
    due: Values<i64>,
    answered: Values<i64>,
    answer_due: Values<i64>,
    marks: Values<u64>,
    categories: ByName,
    authors: ByName,
    assignees: ByName,
    by_span: Vec<Figures>,
    total: Figures,
    minutes: Vec<u32>,
}

/// What a segment yields.
pub(crate) struct SegmentFigures {
    total: Figures,
    minutes: Vec<u32>,
    spans: Vec<Figures>,
    categories: Vec<(Option<String>, Figures)>,
    caseworkers: Vec<(Option<String>, Figures)>,
}

impl Blocks for SegmentReport {
    type Fruit = tantivy::Result<SegmentFigures>;

    fn count(&mut self, docs: &[DocId]) {
        let statuses = self.statuses.ordinals.read(docs);
        let (received, due) = (self.received.read(docs), self.due.read(docs));
        let (answered, answer_due) = (self.answered.read(docs), self.answer_due.read(docs));
        let marks = self.marks.read(docs);
        // Copied, since adding to the figures below borrows them.
        let categories = self.categories.names.ordinals.read(docs).to_vec();
        let authors = self.authors.names.ordinals.read(docs).to_vec();
        let assignees = self.assignees.names.ordinals.read(docs).to_vec();
        for at in 0..docs.len() {
            let Some(begun) = received[at] else { continue }; // every document has one
            let is_open = statuses[at].is_some_and(|status| {
                usize::try_from(status).is_ok_and(|status| self.open.get(status).copied().unwrap_or(false))
            });
            let overdue = is_open && due[at].is_some_and(|due| due <= self.now);
            let now = Figures { open: is_open.into(), overdue: overdue.into(), ..Figures::default() };
            let mut all = now;
            if let Some(span) = self.spans.find(begun) {
                self.by_span[span].received += 1;
                all.received = 1;
            }
            if let Some((span, ended)) = answered[at].and_then(|ended| Some((self.spans.find(ended)?, ended)))
            {
                let answer = answer(ended, answer_due[at], marks[at]);
                self.by_span[span] += answer;
                self.authors.add(authors[at], answer);
                all += answer;
                let minutes = ended.saturating_sub(begun).max(0) / 60_000_000;
                self.minutes.push(u32::try_from(minutes).unwrap_or(u32::MAX));
            }
            self.assignees.add(assignees[at], now);
            self.categories.add(categories[at], all);
            self.total += all;
        }
    }

    fn finish(self) -> Self::Fruit {
        let mut caseworkers = self.authors.finish()?;
        caseworkers.extend(self.assignees.finish()?);
        Ok(SegmentFigures {
            total: self.total,
            minutes: self.minutes,
            spans: self.by_span,
            categories: self.categories.finish()?,
            caseworkers,
        })
    }
}

/// The figures of one answer.
fn answer(at: i64, due: Option<i64>, mark: Option<u64>) -> Figures {
    let in_time = due.is_none_or(|due| at < due);
    let mut marks = [0; 5];
    let place = mark.and_then(|mark| usize::try_from(mark).ok()?.checked_sub(1));
    if let Some(count) = place.and_then(|place| marks.get_mut(place)) {
        *count = 1;
    }
    Figures { answered: 1, in_time: in_time.into(), marks, ..Figures::default() }
}

//! What was received and answered in a period and what is open now, in one pass.

use std::collections::HashMap;
use std::ops::AddAssign;

use domain::{CategoryId, PersonId};
use jiff::Timestamp;

use crate::count::selection::Count;
use crate::count::timeline::Spans;
use crate::facts::at::index;
use crate::facts::block::Block;
use crate::facts::columns::Counted;
use crate::facts::flags::Flags;
use crate::facts::ids::{IdDictionary, IdKind, NONE};
use crate::facts::row::{Rest, seconds};

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

/// Counts what a [`Report`] says, by number.
pub(crate) struct ReportCount {
    spans: Spans,
    /// What is due at this second or before is overdue.
    now: u32,
    by_span: Vec<Figures>,
    total: Figures,
    minutes: Vec<u32>,
    /// By number; number 0 is no category.
    categories: Vec<Figures>,
    /// Few of the people who are known have anything to do with what is asked.
    caseworkers: HashMap<u32, Figures>,
}

impl ReportCount {
    pub(crate) fn new(edges: &[Timestamp], now: Timestamp, names: &IdDictionary) -> Self {
        let spans = Spans::new(edges);
        Self {
            by_span: vec![Figures::default(); spans.len()],
            spans,
            now: seconds(now),
            total: Figures::default(),
            minutes: Vec::new(),
            categories: vec![Figures::default(); names.bound(IdKind::Category)],
            caseworkers: HashMap::new(),
        }
    }

    pub(crate) fn finish(self, names: &IdDictionary) -> Report {
        let mut categories = Vec::new();
        for (number, figures) in
            (0..).zip(self.categories).filter(|(_, figures)| *figures != Figures::default())
        {
            let name = names.name(IdKind::Category, number);
            match name.map(str::parse) {
                None => categories.push((None, figures)),
                Some(Ok(id)) => categories.push((Some(id), figures)),
                Some(Err(_)) => {} // every id in the lists was one
            }
        }
        let some = self.caseworkers.into_iter().filter(|(_, figures)| *figures != Figures::default());
        let caseworker =
            |(number, figures)| Some((names.name(IdKind::Person, number)?.parse().ok()?, figures));
        Report {
            total: self.total,
            minutes: self.minutes,
            spans: self.by_span,
            categories,
            caseworkers: some.filter_map(caseworker).collect(),
        }
    }

    fn of_caseworker(&mut self, person: u32, figures: Figures) {
        if person != NONE {
            *self.caseworkers.entry(person).or_default() += figures;
        }
    }
}

impl Count for ReportCount {
    fn rows(&mut self, block: &Block, rows: &[u32]) {
        for row in rows {
            let details = block.details(*row);
            self.fact(&block.counted().row(index(*row)), &Rest { details, ..Rest::default() });
        }
    }

    fn fact(&mut self, fact: &Counted, rest: &Rest) {
        let is_open = Flags(fact.flags).is_open();
        let overdue = is_open && fact.due > 0 && fact.due <= self.now;
        let now = Figures { open: is_open.into(), overdue: overdue.into(), ..Figures::default() };
        let mut all = now;
        if let Some(span) = self.spans.find(fact.received) {
            self.by_span[span].received += 1;
            all.received = 1;
        }
        if let Some(span) = self.spans.find(fact.answered).filter(|_| fact.answered > 0) {
            let answer = answer(fact, rest);
            self.by_span[span] += answer;
            self.of_caseworker(rest.details.answered_by, answer);
            all += answer;
            self.minutes.push(fact.answered.saturating_sub(fact.received) / 60);
        }
        self.of_caseworker(rest.details.assignee, now);
        self.categories[usize::from(fact.category)] += all;
        self.total += all;
    }
}

/// The figures of the latest answer.
fn answer(fact: &Counted, rest: &Rest) -> Figures {
    let in_time = rest.details.answer_due == 0 || fact.answered < rest.details.answer_due;
    let mut marks = [0; 5];
    if let Some(mark) = Flags(fact.flags).mark() {
        marks[usize::from(mark) - 1] = 1;
    }
    Figures { answered: 1, in_time: in_time.into(), marks, ..Figures::default() }
}

//! What became of a submission by the end of the history: the steps of the status machine, taken at plausible times.
//! Times are in seconds since 1970.

use domain::{Status, SubmissionKind};
use fastrand::Rng;

use super::calendar::{Calendar, DAY, HOUR};
use super::random::{chance, log_normal, whole};

/// Days in which an appeal is registered.
const REGISTRATION: i64 = 3;
/// Days in which an answer may be rated.
const RATING: i64 = 14;
/// Answers to one submission; the author of the last one is tired of it.
const ROUNDS: u8 = 3;

/// Where a submission stands, and what it has behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Life {
    pub(super) status: Status,
    pub(super) version: u64,
    /// An organization is responsible.
    pub(super) routed: bool,
    /// A caseworker has it.
    pub(super) assigned: bool,
    pub(super) due: Option<i64>,
    pub(super) answered: Option<i64>,
    pub(super) answer_due: Option<i64>,
    /// Its author has sent it back to work.
    pub(super) reopened: bool,
    pub(super) mark: Option<u8>,
}

/// What decides about a life.
#[derive(Debug, Clone, Copy)]
pub(super) struct Course<'g> {
    pub(super) calendar: &'g Calendar,
    pub(super) kind: SubmissionKind,
    pub(super) received: i64,
    /// Days in which it is to be answered.
    pub(super) term: i64,
    /// The time that the organization takes against the usual one.
    pub(super) slowness: f64,
}

impl Course<'_> {
    /// Lives until the end of the history.
    pub(super) fn live(self, rng: &mut Rng) -> Life {
        let mut life = Life {
            status: Status::Received,
            version: 1,
            routed: false,
            assigned: false,
            due: None,
            answered: None,
            answer_due: None,
            reopened: false,
            mark: None,
        };
        if let Some(at) = self.enter(&mut life, rng) {
            self.work(&mut life, at, rng);
        }
        if !life.status.is_open() {
            life.due = None;
        }
        life
    }

    /// Takes a step at a time, unless the history is over by then.
    fn step(&self, life: &mut Life, status: Status, at: i64) -> bool {
        let happens = at < self.calendar.end();
        if happens {
            life.status = status;
            life.version += 1;
        }
        happens
    }

    /// Registered and routed; gives the time from which caseworkers can have it.
    fn enter(&self, life: &mut Life, rng: &mut Rng) -> Option<i64> {
        let mut at = self.received + rng.i64(2..60);
        let is_report = self.kind == SubmissionKind::Report;
        if is_report && !self.step(life, Status::Registered, at) {
            return None;
        }
        at += rng.i64(1..40);
        if !self.step(life, Status::Routed, at) {
            return None;
        }
        life.routed = true;
        let counts_from = if is_report { self.received } else { at };
        life.due = Some(self.calendar.term(counts_from, if is_report { self.term } else { REGISTRATION }));
        if chance(rng, 2.5) {
            self.step(life, Status::Rejected, at + rng.i64(HOUR..3 * DAY));
            return None;
        }
        if !is_report {
            at += rng.i64(2 * HOUR..REGISTRATION * DAY);
            if !self.step(life, Status::Registered, at) {
                return None;
            }
            life.due = Some(self.calendar.term(at, self.term));
        }
        if chance(rng, 1.0) {
            self.step(life, Status::Withdrawn, at + rng.i64(HOUR..4 * DAY));
            return None;
        }
        // Forgotten: long overdue by now.
        (!chance(rng, 0.7)).then_some(at)
    }

    /// Assigned, drafted, answered, rated, and if need be all of it again.
    fn work(&self, life: &mut Life, mut at: i64, rng: &mut Rng) {
        for round in 1..=ROUNDS {
            let Some(answered) = self.answer(life, at, rng) else { return };
            let is_rated = round < ROUNDS && chance(rng, 26.0);
            let rated_at = answered + rng.i64(HOUR..RATING * DAY);
            if !is_rated {
                self.step(life, Status::Closed, answered + RATING * DAY);
                return;
            }
            if rated_at >= self.calendar.end() {
                return;
            }
            life.version += 1;
            let mark = self.mark(rng);
            life.mark = Some(mark);
            if mark > 2 {
                self.step(life, Status::Closed, rated_at);
                return;
            }
            self.step(life, Status::Reopened, rated_at);
            life.reopened = true;
            life.assigned = false;
            life.due = Some(self.calendar.term(rated_at, self.term));
            at = rated_at;
        }
    }

    /// One answer; gives when it was published.
    fn answer(&self, life: &mut Life, from: i64, rng: &mut Rng) -> Option<i64> {
        let days = |days: f64| whole(days * 86_400.0);
        // What comes back lies longer.
        let usual = if life.status == Status::Reopened { 4.0 } else { 0.8 };
        let assigned = from + 600 + days(log_normal(rng, usual * self.slowness, 0.8));
        if !self.step(life, Status::Assigned, assigned) {
            return None;
        }
        life.assigned = true;
        if chance(rng, 0.4) {
            return None;
        }
        let usual =
            if self.term > 20 { 0.6 } else { 0.45 } * f64::from(i32::try_from(self.term).unwrap_or(14));
        let drafted = assigned + HOUR + days(log_normal(rng, usual * self.slowness, 0.55));
        if !self.step(life, Status::Drafted, drafted) {
            return None;
        }
        let answered = drafted + rng.i64(600..DAY);
        if !self.step(life, Status::Answered, answered) {
            return None;
        }
        life.answered = Some(answered);
        life.answer_due = life.due;
        Some(answered)
    }

    /// People rate when they are angry or glad; where answers come fast they are glad oftener.
    fn mark(&self, rng: &mut Rng) -> u8 {
        let angry = 20.0 + 25.0 * self.slowness;
        if chance(rng, angry) {
            return if chance(rng, 75.0) { 1 } else { 2 };
        }
        [5, 5, 5, 5, 4, 4, 3][rng.usize(..7)]
    }
}

//! The one table of legal steps. Everything not in it is illegal.

use crate::submission::{Status, StepName, SubmissionKind};

/// The status that a step leads to, or `None` if it is not allowed from here.
///
/// A report is registered at once and then routed; an appeal is routed first, because the office of the organization
/// that must answer registers it. Steps that change something other than the status lead back to the same status.
#[expect(clippy::match_same_arms, reason = "one line a rule")]
pub const fn next_status(kind: SubmissionKind, from: Status, step: StepName) -> Option<Status> {
    use Status as S;
    use StepName as N;
    use SubmissionKind::{Appeal, Report};
    match (step, kind, from) {
        (N::Register, Report, S::Received) | (N::Register, Appeal, S::Routed) => Some(S::Registered),
        (N::Route, Report, S::Registered) | (N::Route, Appeal, S::Received) => Some(S::Routed),
        (N::Reject, _, S::Received | S::Registered | S::Routed) => Some(S::Rejected),
        (N::Assign, Report, S::Routed | S::Assigned | S::Reopened)
        | (N::Assign, Appeal, S::Registered | S::Assigned | S::Reopened) => Some(S::Assigned),
        (N::Forward | N::Return, Report, S::Routed | S::Assigned | S::Reopened)
        | (N::Forward | N::Return, Appeal, S::Routed) => Some(S::Routed),
        (N::Forward | N::Return, Appeal, S::Registered | S::Assigned | S::Reopened) => Some(S::Registered),
        (N::Draft, _, S::Assigned | S::Drafted) => Some(S::Drafted),
        (N::SendBack, _, S::Drafted) => Some(S::Assigned),
        (N::Approve, _, S::Drafted) => Some(S::Answered),
        (N::Rate, _, S::Answered) => Some(S::Answered),
        (N::Reopen, _, S::Answered) => Some(S::Reopened),
        (N::Close, _, S::Answered) => Some(S::Closed),
        (N::AnswerInterim, _, S::Assigned | S::Drafted) => Some(from),
        (N::Pause | N::Resume | N::Extend, Report, S::Routed | S::Assigned | S::Drafted | S::Reopened) => {
            Some(from)
        }
        // The term of an appeal counts from its registration: before it there is nothing to extend.
        (
            N::Pause | N::Resume | N::Extend,
            Appeal,
            S::Registered | S::Assigned | S::Drafted | S::Reopened,
        ) => Some(from),
        (N::Withdraw, _, _) if from.is_open() => Some(S::Withdrawn),
        (N::Remind | N::MarkOverdue | N::Escalate, _, _) if from.is_open() => Some(from),
        _ => None,
    }
}

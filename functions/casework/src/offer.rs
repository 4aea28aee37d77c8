//! What a page offers to do with a submission: only what the viewer's roles allow and the domain permits now.

use domain::rulebook::Rulebook;
use domain::submission::{Outcome, RejectionReason, Step, Submission};
use domain::{EventId, PersonId, SubmissionId};
use entrypoint::http::Staff;
use jiff::Timestamp;
use pages::{Choice, Layout};
use store::PlacedOrganization;

use crate::decision::StaffStep;

/// Steps that can be taken now, in the order of [`StaffStep::ALL`]. The domain is asked about each.
pub(crate) fn steps(
    submission: &Submission,
    staff: &Staff,
    rulebook: &Rulebook,
    now: Timestamp,
) -> Vec<StaffStep> {
    let possible = |step: &StaffStep| {
        let person = &staff.person.id;
        staff.may(step.action())
            && (take(submission, probe(*step, person), rulebook, now).is_some()
                || (*step == StaffStep::Draft && can_take(submission, staff, rulebook, now)))
    };
    StaffStep::ALL.into_iter().filter(possible).collect()
}

/// Can they assign it to themselves and draft an answer in one go? Only what nobody has.
pub(crate) fn can_take(submission: &Submission, staff: &Staff, rulebook: &Rulebook, now: Timestamp) -> bool {
    let person = &staff.person.id;
    let allowed = staff.may(StaffStep::Assign.action()) && staff.may(StaffStep::Draft.action());
    if !allowed || submission.assignee.is_some() {
        return false;
    }
    let assigned = take(submission, probe(StaffStep::Assign, person), rulebook, now);
    assigned.is_some_and(|after| take(&after, probe(StaffStep::Draft, person), rulebook, now).is_some())
}

fn take(
    submission: &Submission,
    step: Option<Step>,
    rulebook: &Rulebook,
    now: Timestamp,
) -> Option<Submission> {
    submission.apply(&step?, EventId::new(uuid::Uuid::nil()), now, rulebook).ok()
}

/// A step that stands for all of its kind.
fn probe(step: StaffStep, person: &PersonId) -> Option<Step> {
    Some(match step {
        StaffStep::Register => Step::Register,
        StaffStep::Reject => Step::Reject(RejectionReason::Spam),
        StaffStep::Assign => Step::Assign(person.clone()),
        // An organization that none is.
        StaffStep::Forward => Step::Forward("?".parse().ok()?),
        StaffStep::Return => Step::Return,
        StaffStep::Draft => Step::Draft { by: person.clone(), outcome: Outcome::Solved },
        StaffStep::AnswerInterim => Step::AnswerInterim,
        StaffStep::Approve => Step::Approve,
        StaffStep::SendBack => Step::SendBack,
        StaffStep::Pause => Step::Pause,
        StaffStep::Resume => Step::Resume,
        StaffStep::Extend => Step::Extend(1),
    })
}

/// Organizations to forward to.
#[derive(Debug, Default)]
pub(crate) struct Organizations {
    /// Their names, if they are few enough to be in the page.
    pub(crate) names: Vec<String>,
}

/// Names that a page may hold: about 4 KB transferred.
const NAMES: usize = 150;

impl Organizations {
    /// Nothing for those who may not forward.
    pub(crate) fn of(staff: &Staff, directory: &[PlacedOrganization]) -> Self {
        if !staff.may(StaffStep::Forward.action()) || directory.len() > NAMES {
            return Self::default();
        }
        Self { names: directory.iter().map(|organization| organization.name.clone()).collect() }
    }
}

/// The reasons of a rejection.
pub(crate) fn reasons(l: &Layout) -> Vec<Choice> {
    let all = ["spam", "offensive", "duplicate", "unclear", "out_of_scope"];
    all.into_iter().map(|reason| Choice::new(reason, l.named("reason", reason))).collect()
}

/// The outcomes of an answer.
pub(crate) fn outcomes(l: &Layout) -> Vec<Choice> {
    let all = ["solved", "planned", "explained", "refused"];
    all.into_iter().map(|outcome| Choice::new(outcome, l.named("outcome", outcome))).collect()
}

/// The page of a case, opened from a part of the inbox, saying what was just done.
pub(crate) fn case_link(id: SubmissionId, list: &str, done: Option<&str>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    if !list.is_empty() {
        query.append_pair("list", list);
    }
    if let Some(done) = done {
        query.append_pair("done", done);
    }
    let query = query.finish();
    let mark = if query.is_empty() { "" } else { "?" };
    format!("/workspace/submissions/{id}{mark}{query}")
}

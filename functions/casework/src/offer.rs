//! What a page offers to do with a submission: what the domain allows the viewer now.

use domain::SubmissionId;
use domain::person::Person;
use domain::submission::{Party, RejectionReason, Submission};
use entrypoint::http::Staff;
use jiff::Timestamp;
use pages::{Address, Choice, Layout};
use store::PlacedOrganization;
use strum::VariantArray;

use crate::decision::{OutcomeName, StaffStep};

/// The steps that can be taken now, in the order of [`StaffStep`].
pub(crate) fn steps(submission: &Submission, person: &Person, now: Timestamp) -> Vec<StaffStep> {
    let allowed = submission.allowed(Party::Staff(person), now);
    let is_offered = |step: &StaffStep| {
        allowed.contains(&step.name())
            || (*step == StaffStep::Draft && submission.can_be_claimed(person, now))
    };
    StaffStep::VARIANTS.iter().copied().filter(is_offered).collect()
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
    let all = RejectionReason::ALL.map(RejectionReason::as_str);
    all.into_iter().map(|reason| Choice::new(reason, l.named("reason", reason))).collect()
}

/// The outcomes of an answer.
pub(crate) fn outcomes(l: &Layout) -> Vec<Choice> {
    let all = OutcomeName::VARIANTS.iter().map(<&str>::from);
    all.map(|outcome| Choice::new(outcome, l.named("outcome", outcome))).collect()
}

/// The page of a case, opened from a part of the inbox, saying what was just done.
pub(crate) fn case_link(id: SubmissionId, list: &str, done: Option<&str>) -> String {
    let case = Address::new(format!("/workspace/submissions/{id}"));
    case.with("list", list).with("done", done.unwrap_or_default()).to_string()
}

use std::collections::BTreeSet;
use std::fmt::Write;

use super::*;
use crate::person::{Person, Role};

/// One submission of each status, and what makes a difference besides.
fn submissions(kind: SubmissionKind) -> Vec<(&'static str, Submission)> {
    let start: &[Step] = match kind {
        SubmissionKind::Report => &[Step::Register, Step::Route(decision())],
        SubmissionKind::Appeal => &[Step::Route(decision()), Step::Register],
    };
    let mut found = vec![("received", received(kind))];
    let mut now = received(kind);
    let then: [(&str, Step); 5] = [
        ("assigned", Step::Assign(person("worker"))),
        ("drafted", draft(Outcome::Explained)),
        ("answered", Step::Approve),
        ("rated", rate(1, false, 0)),
        ("reopened", Step::Reopen),
    ];
    let named =
        start.iter().map(|step| (if step.name() == StepName::Route { "routed" } else { "registered" }, step));
    for (name, step) in named.chain(then.iter().map(|(name, step)| (*name, step))) {
        now = apply(&now, step, 0).unwrap();
        found.push((name, now.clone()));
    }
    let of = |name: &str| found.iter().find(|(other, _)| *other == name).unwrap().1.clone();
    let assigned = of("assigned");
    let forwarded = apply(&assigned, &Step::Forward(organization("ministry")), 0).unwrap();
    let mut more = vec![
        ("rejected", apply(&of("registered"), &Step::Reject(RejectionReason::Spam), 0)),
        ("closed", apply(&of("answered"), &Step::Close, 0)),
        ("withdrawn", apply(&assigned, &Step::Withdraw, 0)),
    ];
    match kind {
        SubmissionKind::Report => more.push(("paused", apply(&assigned, &Step::Pause, 0))),
        SubmissionKind::Appeal => more.push(("extended", apply(&assigned, &Step::Extend(30), 0))),
    }
    found.push(("forwarded", forwarded));
    found.extend(more.into_iter().map(|(name, submission)| (name, submission.unwrap())));
    found
}

fn staff(role: Role, id: &str) -> Person {
    Person { id: person(id), organization: organization("school"), roles: BTreeSet::from([role]) }
}

fn names(steps: BTreeSet<StepName>) -> String {
    let names: Vec<&str> = steps.into_iter().map(StepName::as_str).collect();
    if names.is_empty() { "-".into() } else { names.join(" ") }
}

/// Kind, status and who asks, with what they may do on the first day. The caseworker is the assignee.
#[test]
fn the_table_is_as_reviewed() {
    let mut table = String::new();
    for kind in SubmissionKind::ALL {
        for (name, submission) in submissions(kind) {
            writeln!(table, "{} {name}", kind.as_str()).unwrap();
            writeln!(table, "  author: {}", names(submission.allowed(Party::Author, at(0)))).unwrap();
            for role in Role::ALL {
                let worker = staff(role, "worker");
                let steps = submission.allowed(Party::Staff(&worker), at(0));
                let never =
                    StepName::ALL.iter().all(|step| !step.performers().contains(&Performer::Staff(role)));
                if never {
                    assert_eq!(steps, BTreeSet::new(), "{}", role.as_str());
                } else {
                    writeln!(table, "  {}: {}", role.as_str(), names(steps)).unwrap();
                }
            }
            writeln!(table, "  platform: {}", names(submission.allowed(Party::Platform, at(0)))).unwrap();
        }
    }
    let reviewed = include_str!("allowed.txt");
    assert!(table == reviewed, "allowed.txt should be:\n{table}");
}

#[test]
fn every_status_is_in_the_table() {
    for kind in SubmissionKind::ALL {
        let met: BTreeSet<Status> =
            submissions(kind).iter().map(|(_, submission)| submission.status).collect();
        assert_eq!(met.len(), Status::ALL.len(), "{met:?}");
    }
}

#[test]
fn every_step_can_be_taken_by_somebody_some_time() {
    let mut met = BTreeSet::new();
    for kind in SubmissionKind::ALL {
        for (_, submission) in submissions(kind) {
            let all_roles = Person { roles: Role::ALL.into(), ..staff(Role::Analyst, "worker") };
            for party in [Party::Author, Party::Platform, Party::Staff(&all_roles)] {
                met.extend(submission.allowed(party, at(0)));
            }
        }
    }
    assert_eq!(met, StepName::ALL.into());
}

/// What is offered is what the machine then takes: each allowed step with something that fits, each other one refused.
#[test]
fn the_machine_takes_what_is_allowed_and_nothing_else() {
    let everything = [
        Step::Register,
        Step::Reject(RejectionReason::Spam),
        Step::Route(decision()),
        Step::Assign(person("worker")),
        Step::Forward(organization("elsewhere")),
        Step::Return,
        draft(Outcome::Solved),
        Step::AnswerInterim,
        Step::Approve,
        Step::SendBack,
        rate(4, true, 0),
        Step::Reopen,
        Step::Close,
        Step::Withdraw,
        Step::Pause,
        Step::Resume,
        Step::Extend(1),
        Step::Remind,
        Step::MarkOverdue,
        Step::Escalate(organization("above")),
    ];
    let worker = Person { roles: Role::ALL.into(), ..staff(Role::Analyst, "worker") };
    for kind in SubmissionKind::ALL {
        for (name, submission) in submissions(kind) {
            // Past the term for redirection, and past every term.
            for day in [0, 8, 40] {
                let mut allowed = BTreeSet::new();
                for party in [Party::Author, Party::Platform, Party::Staff(&worker)] {
                    allowed.extend(submission.allowed(party, at(day)));
                }
                let taken = everything.iter().filter(|step| apply(&submission, step, day).is_ok());
                let taken: BTreeSet<StepName> = taken.map(Step::name).collect();
                assert_eq!(allowed, taken, "{kind:?} {name} on day {day}");
            }
        }
    }
}

#[test]
fn only_the_assignee_is_offered_the_draft() {
    let report = assigned_report();
    let mine = report.allowed(Party::Staff(&staff(Role::Caseworker, "worker")), at(0));
    let theirs = report.allowed(Party::Staff(&staff(Role::Caseworker, "other")), at(0));
    assert!(mine.contains(&StepName::Draft) && !theirs.contains(&StepName::Draft));
}

#[test]
fn who_is_assigned_must_draft_and_reach_the_organization() {
    let path = |path: &str| -> crate::organization::OrganizationPath {
        serde_json::from_value(path.into()).unwrap()
    };
    let (town, school, clinic) = (path("/town/"), path("/town/school/"), path("/town/clinic/"));
    let worker = staff(Role::Caseworker, "worker");
    assert_eq!(worker.can_be_assigned(&school, &school), Ok(()));
    assert_eq!(worker.can_be_assigned(&town, &school), Ok(()), "from above");
    assert_eq!(worker.can_be_assigned(&clinic, &school), Err(NotAssignable::OtherOrganization));
    assert_eq!(worker.can_be_assigned(&school, &town), Err(NotAssignable::OtherOrganization), "from below");
    let approver = staff(Role::Approver, "boss");
    assert_eq!(approver.can_be_assigned(&school, &school), Err(NotAssignable::NoCaseworker));
}

//! Least privilege: what the functions call in the journeys against their roles in the template.

use std::collections::BTreeSet;

use engines::Resolver;
use engines::{TEMPLATE, Template};

use crate::platform::RECORD;

/// A permission: function, action, resource.
type Permission = (String, String, String);

/// What the roles allow in DynamoDB and SQS. The triggers of queues are SAM's to allow, and object storage is not called
/// through the SDK: there `tests/second-engine` has the roles enforced.
fn allowed() -> BTreeSet<Permission> {
    let template = Template::parse(TEMPLATE).unwrap();
    let resolver = Resolver::of_names(template.ids().chain(&template.parameters));
    let mut allowed = BTreeSet::new();
    for id in template.functions.keys() {
        let function = template.function(id, &resolver).unwrap();
        for statement in function.policies.into_iter().flat_map(|policy| policy.statement) {
            for action in statement.action.into_iter().filter(|action| !action.starts_with("s3:")) {
                allowed.insert((id.clone(), action, statement.resource.replace(".Arn", "")));
            }
        }
    }
    allowed
}

/// What the functions have called in the journeys of this process so far.
fn called() -> BTreeSet<Permission> {
    let record = RECORD.lock().unwrap();
    let by_functions = record.iter().filter_map(|call| call.caller.as_ref().map(|caller| (caller, call)));
    by_functions
        .map(|(caller, call)| (caller.to_string(), call.action.clone(), call.resource.clone()))
        .collect()
}

/// Journeys that together use every permission. The others of this process count too if they have ended: nothing that they
/// call may be missing either.
const JOURNEYS: &[fn()] = &[
    crate::analyst::the_figures_of_an_organization_are_a_count_by_hand,
    crate::citizen::a_bad_answer_is_rated_and_goes_back_to_work,
    crate::citizen::an_appeal_is_for_those_who_sign_in_and_stands_in_their_list,
    crate::clerk::a_case_lives_through_forms_alone,
    crate::clerk::a_template_is_written_changed_and_removed,
    crate::clock::an_answer_that_nobody_rates_is_closed,
    crate::clock::what_no_counter_knows_is_counted_when_its_alarm_rings,
    crate::damage::damage_to_the_index_is_told_and_made_good,
    crate::clock::the_clock_reminds_marks_overdue_and_tells_the_organization_above,
    crate::directory_admin::the_history_names_who_and_what,
    crate::duplicates::duplicate_messages_leave_the_same_state,
    crate::identity::personal_data_is_in_its_own_table_and_for_those_who_work_on_it,
    crate::notifications::a_repeated_delivery_tells_nothing_twice,
    crate::notifications::settings_stop_mail_but_no_notices,
    crate::poll_followers::followers_are_told_what_becomes_of_a_poll,
    crate::poll_followers::what_one_run_does_not_come_to_is_handed_on,
    crate::polls::a_poll_from_draft_to_a_result_that_anybody_checks,
    crate::polls::ballots_are_logged_while_the_poll_runs,
    crate::portal::somebody_signs_in_with_the_provider_and_out_again,
    crate::relay::what_nobody_sent_the_relay_sends,
];

#[test]
fn roles_allow_what_functions_do_and_nothing_else() {
    let allowed = allowed();
    // The journeys before this one have called most already: none is run again for nothing.
    for journey in JOURNEYS {
        if called().is_superset(&allowed) {
            break;
        }
        journey();
    }
    let called = called();
    let missing: Vec<_> = called.difference(&allowed).collect();
    assert!(missing.is_empty(), "called without permission: {missing:#?}");
    let unused: Vec<_> = allowed.difference(&called).collect();
    assert!(unused.is_empty(), "permitted and never called: {unused:#?}");
}

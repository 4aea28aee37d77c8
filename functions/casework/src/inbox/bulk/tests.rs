use axum::http::StatusCode;
use serde_json::{Value, json};

use super::*;

fn request(json: Value) -> BulkRequest {
    serde_json::from_value(json).unwrap()
}

fn fields(request: &BulkRequest) -> Vec<(String, String)> {
    let failure = request.check_fields().unwrap_err();
    failure.refusal().reasons.into_iter().map(|reason| (reason.field, reason.code)).collect()
}

#[test]
fn what_is_wrong_with_all_of_it_is_said_once() {
    let many: Vec<String> = (0..=LIMIT).map(|n| n.to_string()).collect();
    for (json, field, code) in [
        (json!({}), "submissions", "nothing-chosen"),
        (json!({ "submissions": many }), "submissions", "too-many-chosen"),
        (json!({ "submissions": ["1"] }), "assignee", "missing"),
        (json!({ "step": "forward", "submissions": ["1"] }), "organization", "missing"),
        (json!({ "step": "reject", "submissions": ["1"] }), "reason", "missing"),
    ] {
        assert_eq!(fields(&request(json.clone())), [(field.to_owned(), code.to_owned())], "{json}");
    }
}

#[test]
fn an_organization_may_be_named_by_what_is_no_id() {
    let forward = json!({ "step": "forward", "organization": "Школа № 1", "submissions": ["1"] });
    assert!(request(forward).check_fields().is_ok());
    assert!(request(json!({ "step": "register", "submissions": ["1"] })).check_fields().is_ok());
}

#[test]
fn a_form_goes_back_to_its_part_of_the_inbox() {
    for (form, address) in [
        (
            json!({ "step": "forward", "return": "view=mine" }),
            "/workspace/inbox?view=mine&done=bulk-forwarded",
        ),
        (json!({ "step": "reject" }), "/workspace/inbox?done=bulk-rejected"),
        (json!({ "step": "register" }), "/workspace/inbox?done=bulk-registered"),
        (json!({ "return": "https://elsewhere.example/" }), "/workspace/inbox?done=bulk-assigned"),
    ] {
        assert_eq!(after(&request(form.clone())), address, "{form}");
    }
}

#[test]
fn each_submission_has_its_own_result() {
    let id = "00000000-0000-0000-0000-000000000001";
    let taken: StepTaken =
        serde_json::from_value(json!({ "id": id, "version": 4, "status": "assigned", "organization": null }))
            .unwrap();
    let refusal = Failure::Stale.refusal();
    let outcomes = vec![(id.to_owned(), Ok(taken)), ("other".to_owned(), Err(refusal))];
    let results = serde_json::to_value(BulkReply::of(outcomes)).unwrap();
    assert_eq!(results["results"][0], json!({ "id": id, "version": 4, "status": "assigned" }));
    let problem = &results["results"][1]["problem"];
    assert_eq!(problem["type"], "/problems/stale");
    assert_eq!(problem["status"], StatusCode::PRECONDITION_FAILED.as_u16());
}

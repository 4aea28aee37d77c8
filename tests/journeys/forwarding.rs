use serde_json::json;

use crate::platform::{Platform, events};

#[tokio::test(flavor = "multi_thread")]
async fn forward_and_return_keep_history_and_clock() {
    let platform = Platform::start().await;
    let (id, author) = platform.pothole(&platform.anonymous()).await;
    let before = author.get(&format!("/submissions/{id}")).await.ok();
    let town = platform.person("zaozersk-roads-coordinator");
    let ministry = platform.person("ministry-roads-coordinator");

    ministry.get(&format!("/workspace/submissions/{id}")).await.problem(404, "");
    let forward = json!({ "step": "forward", "organization": "ministry-roads", "note": "Областная дорога" });
    town.step(&id, forward.clone()).await.created();
    town.step(&id, forward).await.problem(404, "");
    let there = ministry.get("/workspace/inbox").await.ok();
    assert_eq!(there["items"][0]["id"], json!(id));

    ministry.step(&id, json!({ "step": "return" })).await.problem(422, "note");
    ministry.step(&id, json!({ "step": "return", "note": "Дорога городская" })).await.created();
    let after = author.get(&format!("/submissions/{id}")).await.ok();
    assert_eq!(after["organization"]["id"], "zaozersk-roads");
    assert_eq!(after["deadline"], before["deadline"]);
    assert_eq!(events(&after)[3..], ["submission_forwarded", "submission_returned"]);
    town.step(&id, json!({ "step": "return", "note": "x" })).await.problem(409, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_reach_their_organization_and_those_under_it() {
    let platform = Platform::start().await;
    let (id, _) = platform.pothole(&platform.anonymous()).await;
    let path = format!("/workspace/submissions/{id}");
    // The town administration is above its roads department; the government is above the town.
    platform.person("zaozersk-coordinator").get(&path).await.ok();
    platform.person("demo-coordinator").get(&path).await.ok();
    platform
        .person("zaozersk-coordinator")
        .find("/workspace/inbox", &[("organization", "zaozersk-roads")])
        .await
        .ok();
    // Beside, below, elsewhere, nowhere: all the same.
    for stranger in ["verkhnie-klyuchi-coordinator", "zaozersk-lighting-caseworker", "school-1-coordinator"] {
        platform.person(stranger).get(&path).await.problem(404, "");
        platform.person(stranger).step(&id, json!({ "step": "approve" })).await.problem(404, "");
    }
    let absent = "/workspace/submissions/01990000-0000-7000-8000-000000000000";
    platform.person("demo-coordinator").get(absent).await.problem(404, "");
    platform
        .person("school-1-coordinator")
        .find("/workspace/inbox", &[("organization", "government")])
        .await
        .problem(404, "");
    // In reach, but not their business.
    platform
        .person("zaozersk-roads-caseworker")
        .step(&id, json!({ "step": "approve" }))
        .await
        .problem(403, "");
    platform.person("citizen-1").get(&path).await.problem(403, "");
    platform.anonymous().get(&path).await.problem(401, "");
    // An analyst reads everything and changes nothing.
    platform.person("demo-analyst").get(&path).await.ok();
    platform
        .person("demo-analyst")
        .step(&id, json!({ "step": "reject", "reason": "spam" }))
        .await
        .problem(403, "");
    platform
        .person("demo-moderator")
        .step(&id, json!({ "step": "reject", "reason": "spam" }))
        .await
        .created();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inbox_shows_what_the_organizations_under_it_have_open_by_deadline() {
    let platform = Platform::start().await;
    let anonymous = platform.anonymous();
    for (category, territory) in
        [("pothole", "lugovoy"), ("container-overflow", "zaozersk"), ("pothole", "zaozersk")]
    {
        let body = json!({ "kind": "report", "text": "Яма", "category": category, "territory": territory });
        anonymous.post("/submissions", &body).await.created();
    }
    platform.settle().await;
    let government = platform.person("demo-coordinator");
    let whole = government.get("/workspace/inbox").await.ok();
    let deadlines: Vec<_> =
        whole["items"].as_array().unwrap().iter().map(|item| item["deadline"].as_str()).collect();
    assert_eq!((deadlines.len(), deadlines.is_sorted()), (3, true), "{whole}");
    let mut pages = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = government.find("/workspace/inbox", &[("limit", "1"), ("cursor", &cursor)]).await.ok();
        pages.extend(page["items"].as_array().unwrap().clone());
        match page["next"].as_str() {
            Some(next) => next.clone_into(&mut cursor),
            None => break,
        }
    }
    assert_eq!(json!(pages), whole["items"], "page by page it is the same list");
    assert_eq!(government.find("/workspace/inbox", &[("under", "false")]).await.ok()["items"], json!([]));
    government.find("/workspace/inbox", &[("cursor", "bm9uc2Vuc2U")]).await.problem(422, "cursor");
    let town = platform.person("zaozersk-coordinator").get("/workspace/inbox").await.ok();
    assert_eq!(town["items"].as_array().unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_organization_that_is_gone_worked_on_is_not_lost() {
    let platform = Platform::start().await;
    let (id, _) = platform.pothole(&platform.anonymous()).await;
    let (info, mut draft) = platform.host.store.directory().await.unwrap().unwrap();
    let gone = "zaozersk-roads";
    draft.people.retain(|person| person.organization.as_str() != gone);
    draft.routing_rules.retain(|rule| rule.organization.as_str() != gone);
    draft
        .organizations
        .retain(|one| one.id.as_str() != gone && one.parent.as_ref().is_none_or(|p| p.as_str() != gone));
    draft.people.retain(|person| draft.organizations.iter().any(|one| one.id == person.organization));
    draft.routing_rules.retain(|rule| draft.organizations.iter().any(|one| one.id == rule.organization));
    let directory = domain::directory::Directory::build(draft).unwrap();
    let now = platform.clock.now();
    platform.host.store.publish_directory(&directory, Some(info.version), None, now).await.unwrap();

    platform
        .person("zaozersk-coordinator")
        .get(&format!("/workspace/submissions/{id}"))
        .await
        .problem(404, "");
    let forward = json!({ "step": "forward", "organization": "ministry-roads" });
    platform.person("demo-coordinator").step(&id, forward).await.created();
    platform.person("ministry-roads-coordinator").get(&format!("/workspace/submissions/{id}")).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_caseworker_of_the_organization_can_be_assigned() {
    let platform = Platform::start().await;
    let (id, _) = platform.pothole(&platform.anonymous()).await;
    let coordinator = platform.person("zaozersk-roads-coordinator");
    for wrong in ["nobody", "zaozersk-roads-approver", "school-1-caseworker"] {
        coordinator.step(&id, json!({ "step": "assign", "assignee": wrong })).await.problem(422, "assignee");
    }
    coordinator.step(&id, json!({ "step": "assign" })).await.problem(422, "assignee");
    coordinator
        .step(&id, json!({ "step": "assign", "assignee": "zaozersk-roads-caseworker" }))
        .await
        .created();
    let other = platform.person("demo-caseworker");
    other.step(&id, json!({ "step": "draft", "outcome": "solved", "text": "x" })).await.problem(403, "");
}

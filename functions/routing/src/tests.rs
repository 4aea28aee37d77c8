use domain::calendar::Calendar;
use domain::category::Category;
use domain::routing::{RoutingRule, RoutingTable};
use domain::submission::NewSubmission;
use domain::territory::Territory;
use domain::tree::Tree;
use domain::{SubmissionId, SubmissionKind};
use engines::{Workbench, batch};
use events::Consumer;
use jiff::Timestamp;

use super::*;

/// A town whose rule sends pits to the road service and everything else to the town hall.
fn rulebook(default: Option<&str>) -> Rulebook {
    let town = Territory {
        id: "town".parse().unwrap(),
        name: "Town".into(),
        parent: None,
        time_zone: Some("UTC".into()),
        calendar: None,
        default_organization: default.map(|id| id.parse().unwrap()),
    };
    let pits = Category { id: "pits".parse().unwrap(), name: "Pits".into(), parent: None };
    let rule = RoutingRule {
        id: "pits-here".parse().unwrap(),
        category: Some("pits".parse().unwrap()),
        territory: None,
        organization: "road-service".parse().unwrap(),
    };
    Rulebook {
        version: 1,
        territories: Tree::build(vec![town]).unwrap(),
        categories: Tree::build(vec![pits]).unwrap(),
        routing: RoutingTable::new(vec![rule]),
        deadline_rules: Vec::new(),
        calendars: Vec::new(),
        weekends: Calendar::weekends_only("weekends".parse().unwrap()),
    }
}

fn submission(category: Option<&str>, territory: &str) -> Submission {
    let new = NewSubmission {
        kind: SubmissionKind::Report,
        author: None,
        category: category.map(|id| id.parse().unwrap()),
        territory: territory.parse().unwrap(),
        place: None,
        external_id: None,
        requested_organization: None,
    };
    Submission::receive(new, SubmissionId::new(uuid::Uuid::nil()), Timestamp::UNIX_EPOCH).unwrap()
}

fn clinic() -> PlacedOrganization {
    let json = serde_json::json!({ "id": "clinic", "name": "Clinic", "path": "/clinic/" });
    serde_json::from_value(json).unwrap()
}

#[test]
fn a_file_comes_before_the_rules_and_a_rule_before_the_default() {
    for (named, category, territory, organization, basis) in [
        (Some(clinic()), Some("pits"), "town", "clinic", "import"),
        (None, Some("pits"), "town", "road-service", "pits-here"),
        (None, None, "town", "town-hall", "default"),
        // A territory that has left the directory is looked up at the root.
        (None, Some("pits"), "gone", "road-service", "pits-here"),
        (None, Some("gone"), "gone", "town-hall", "default"),
    ] {
        let submission = submission(category, territory);
        let decision = choose(named, &submission, &rulebook(Some("town-hall"))).unwrap();
        assert_eq!(decision.organization.as_str(), organization, "{category:?} {territory}");
        assert_eq!(decision.basis.rule(), basis, "{category:?} {territory}");
    }
}

#[test]
fn a_directory_without_a_default_says_what_it_lacks() {
    let error = choose(None, &submission(None, "town"), &rulebook(None)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the directory, version 1, has no default organization for the territory «town»"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_is_done_with_the_routing_and_its_copy_does_nothing() {
    let bench = Workbench::start().await.unwrap();
    let routing = bench.app("Routing").unwrap();
    let (pit, nameless) = (bench.report(Some("pothole")).await.unwrap(), bench.report(None).await.unwrap());
    let deliveries = bench.pending(Consumer::Routing).await.unwrap();
    let mut states = Vec::new();
    for _ in 0..2 {
        let reply = handle(&routing, batch(&deliveries).unwrap()).await;
        assert_eq!(reply.batch_item_failures.len(), 0);
        assert_eq!(bench.pending(Consumer::Routing).await.unwrap(), []);
        for (id, organization) in [(pit.id, "roads"), (nameless.id, "town-hall")] {
            let routed = bench.store().submission(id).await.unwrap().unwrap();
            assert_eq!(routed.organization.as_ref().unwrap().as_str(), organization);
            states.push(routed);
        }
    }
    assert_eq!(states[..2], states[2..]);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_submission_that_cannot_be_read_fails_alone() {
    let bench = Workbench::start().await.unwrap();
    let (broken, sound) = (bench.report(None).await.unwrap(), bench.report(None).await.unwrap());
    bench.spoil(&store::keys::state(broken.id)).await.unwrap();
    let deliveries = bench.pending(Consumer::Routing).await.unwrap();
    let reply = handle(&bench.app("Routing").unwrap(), batch(&deliveries).unwrap()).await;
    let failed: Vec<usize> =
        reply.batch_item_failures.iter().map(|one| one.item_identifier.parse().unwrap()).collect();
    assert_eq!(failed.iter().map(|at| deliveries[*at].subject).collect::<Vec<_>>(), [broken.id.into()]);
    assert_eq!(bench.store().submission(sound.id).await.unwrap().unwrap().status, Status::Routed);
}

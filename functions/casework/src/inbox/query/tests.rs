use domain::calendar::Calendar;
use domain::category::Category;
use domain::routing::RoutingTable;
use domain::territory::Territory;
use domain::tree::Tree;
use serde_json::{Value, json};

use super::*;

fn rulebook() -> Rulebook {
    let category = |id: &str, parent: Option<&str>| Category {
        id: id.parse().unwrap(),
        name: id.into(),
        parent: parent.map(|parent| parent.parse().unwrap()),
    };
    let town = Territory {
        id: "town".parse().unwrap(),
        name: "Town".into(),
        parent: None,
        time_zone: Some("Asia/Yekaterinburg".into()),
        calendar: None,
        default_organization: None,
    };
    Rulebook {
        version: 1,
        territories: Tree::build(vec![town]).unwrap(),
        categories: Tree::build(vec![category("roads", None), category("pits", Some("roads"))]).unwrap(),
        routing: RoutingTable::default(),
        deadline_rules: Vec::new(),
        calendars: Vec::new(),
        weekends: Calendar::weekends_only("weekends".parse().unwrap()),
    }
}

/// A report about pits, assigned to `clerk`, due by the end of 10 March in UTC+5, with some fields replaced.
fn entry(changes: &Value) -> InboxEntry {
    let mut entry = json!({
        "id": "00000000-0000-0000-0000-000000000001", "version": 3, "kind": "report", "status": "assigned",
        "territory": "town", "category": "pits", "organization": "roads", "received": "2026-03-01T00:00:00Z", "assignee": "clerk",
        "terms": { "answer": { "date": "2026-03-10", "ends": "2026-03-10T19:00:00Z" } },
    });
    for (field, value) in changes.as_object().unwrap() {
        entry[field] = value.clone();
    }
    serde_json::from_value(entry).unwrap()
}

#[test]
fn a_link_is_read_as_it_is_written_and_what_cannot_be_read_is_left_out() {
    let query = InboxQuery {
        view: Some(View::Mine),
        category: Some("pits".into()),
        status: Some(Status::Drafted),
        kind: Some(SubmissionKind::Appeal),
        under: Some(false),
        ..InboxQuery::default()
    };
    assert_eq!(query.link(), "under=false&view=mine&category=pits&status=drafted&kind=appeal");
    for (link, expected) in [
        (query.link(), query.clone()),
        (format!("/workspace/inbox?{}", query.link()), query),
        (String::new(), InboxQuery::default()),
        ("category=&view=".into(), InboxQuery::default()),
        ("view=nonsense".into(), InboxQuery::default()),
        ("https://elsewhere.example/".into(), InboxQuery::default()),
    ] {
        assert_eq!(InboxQuery::of_link(&link), expected, "{link}");
    }
}

#[test]
fn another_view_begins_at_its_beginning() {
    let query = InboxQuery {
        cursor: Some("c".into()),
        done: Some("bulk-assigned".into()),
        assignee: Some("clerk".into()),
        ..InboxQuery::default()
    };
    assert_eq!(query.seen_as(View::Today).link(), "view=today&assignee=clerk");
}

#[test]
fn filters_let_through_what_they_name() {
    let rulebook = rulebook();
    for (link, changes, fits) in [
        ("", json!({}), true),
        ("category=pits", json!({}), true),
        ("category=roads", json!({}), true),
        ("category=pits", json!({ "category": "roads" }), false),
        ("category=gone", json!({ "category": "gone" }), true),
        ("category=pits", json!({ "category": null }), false),
        ("status=assigned", json!({}), true),
        ("status=drafted", json!({}), false),
        ("assignee=clerk", json!({}), true),
        ("assignee=clerk", json!({ "assignee": null }), false),
        ("kind=report", json!({}), true),
        ("kind=appeal", json!({}), false),
        ("kind=report&assignee=other", json!({}), false),
    ] {
        let query = InboxQuery::of_link(link);
        assert_eq!(query.fits(&entry(&changes), &rulebook), fits, "{link} {changes}");
    }
}

#[test]
fn days_are_counted_by_the_clock_of_the_territory() {
    let (rulebook, person) = (rulebook(), "clerk".parse().unwrap());
    let paused = json!({ "pauses": [{ "from": "2026-03-02T00:00:00Z", "to": null }] });
    for (now, changes, days) in [
        ("2026-03-09T10:00:00Z", json!({}), Some(1)),
        // Already the 10th there.
        ("2026-03-09T20:00:00Z", json!({}), Some(0)),
        ("2026-03-12T10:00:00Z", json!({}), Some(-2)),
        ("2026-03-12T10:00:00Z", paused, None),
        ("2026-03-12T10:00:00Z", json!({ "terms": {} }), None),
    ] {
        let executors = Executors::default();
        let moment =
            Moment { person: &person, now: now.parse().unwrap(), rulebook: &rulebook, executors: &executors };
        assert_eq!(moment.days_left(&entry(&changes)), days, "{now} {changes}");
    }
}

#[test]
fn views_hold_what_they_are_called() {
    let (rulebook, person) = (rulebook(), "clerk".parse().unwrap());
    let executors = Executors::having_left("gone", "roads");
    let all = |now: &str, changes: Value| -> Vec<&'static str> {
        let now = now.parse().unwrap();
        let moment = Moment { person: &person, now, rulebook: &rulebook, executors: &executors };
        let entry = entry(&changes);
        View::VARIANTS.iter().filter(|view| view.has(&entry, &moment)).map(|view| view.as_str()).collect()
    };
    let (before, today, after) = ("2026-03-02T10:00:00Z", "2026-03-10T10:00:00Z", "2026-03-10T20:00:00Z");
    assert_eq!(all(before, json!({})), ["all", "mine"]);
    assert_eq!(all(today, json!({})), ["all", "today", "mine"]);
    assert_eq!(all("2026-03-10T19:00:00Z", json!({})), ["all", "overdue", "mine"], "at the end itself");
    assert_eq!(
        all("2026-03-09T19:00:00Z", json!({})),
        ["all", "today", "mine"],
        "at the beginning of the last day"
    );
    let unassigned = json!({ "assignee": null, "status": "routed" });
    assert_eq!(all(after, unassigned), ["all", "overdue", "new", "nobody"]);
    let disputed = json!({ "assignee": null, "status": "reopened", "disputed": true });
    assert_eq!(all(before, disputed), ["all", "nobody", "disputed"], "it is not new");
    assert_eq!(all(before, json!({ "assignee": "other", "status": "drafted" })), ["all", "sign"]);
    assert_eq!(all(before, json!({ "assignee": "gone", "status": "drafted" })), ["all", "nobody", "sign"]);
    assert_eq!(all(before, json!({ "assignee": "gone", "organization": "water" })), ["all"], "works there");
    let paused = json!({ "pauses": [{ "from": "2026-03-02T00:00:00Z", "to": null }] });
    assert_eq!(all(after, paused), ["all", "mine"]);
}

//! The routes over the tables, without a platform around them.

use axum::Router;
use domain::submission::{Status, Submission};
use engines::Workbench;
use serde_json::json;

async fn answered() -> (Workbench, Router, Submission) {
    let bench = Workbench::start().await.unwrap();
    let router = super::router(bench.app("Surveys").unwrap());
    let answered = bench.answered().await.unwrap();
    (bench, router, answered)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mark_decides_what_becomes_of_the_answer() {
    for (mark, solved, status) in [
        (5, true, Status::Closed),
        (3, true, Status::Closed),
        (2, true, Status::Reopened),
        (5, false, Status::Reopened),
    ] {
        let (bench, router, answered) = answered().await;
        let path = format!("/submissions/{}/rating", answered.id);
        let body = json!({ "mark": mark, "solved": solved });
        let reply = bench.post(&router, &path, Some("author"), &body).await.unwrap();
        assert_eq!(reply.json()["status"], status.as_str(), "{mark} {solved}: {}", reply.text);
        assert_eq!(bench.store().submission(answered.id).await.unwrap().unwrap().status, status);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_author_alone_rates_and_once_an_answer() {
    let (bench, router, answered) = answered().await;
    let path = format!("/submissions/{}/rating", answered.id);
    let (good, half) = (json!({ "mark": 4, "solved": true }), json!({ "mark": 4 }));
    for (person, body, status) in [
        (None, &good, 404),
        (Some("coordinator"), &good, 404),
        (Some("author"), &half, 422),
        (Some("author"), &json!({ "mark": 6, "solved": true }), 422),
        (Some("author"), &good, 201),
        (Some("author"), &good, 409),
    ] {
        let reply = bench.post(&router, &path, person, body).await.unwrap();
        assert_eq!(reply.status.as_u16(), status, "{person:?} {body}: {}", reply.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_sees_how_the_answers_of_an_organization_were_rated() {
    let (bench, router, answered) = answered().await;
    let path = format!("/submissions/{}/rating", answered.id);
    let rating = json!({ "mark": 4, "solved": true });
    bench.post(&router, &path, Some("author"), &rating).await.unwrap();
    let seen = bench.get(&router, "/organizations/roads/satisfaction", None).await.unwrap().json();
    assert_eq!((&seen["answers"], &seen["ratings"], &seen["mean_mark"]), (&json!(1), &json!(1), &json!(4.0)));
    let none = bench.get(&router, "/organizations/parks/satisfaction", None).await.unwrap().json();
    assert_eq!((&none["answers"], &none["ratings"]), (&json!(0), &json!(0)));
    let unknown = bench.get(&router, "/organizations/no-such/satisfaction", None).await.unwrap();
    assert_eq!(unknown.status.as_u16(), 404);
}

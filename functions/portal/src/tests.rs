//! The routes over the tables, without a platform around them.

use axum::Router;
use axum::http::StatusCode;
use domain::satisfaction::SatisfactionRating;
use domain::submission::{Outcome, Step};
use engines::Workbench;
use serde_json::json;

async fn portal() -> (Workbench, Router) {
    let bench = Workbench::start().await.unwrap();
    let router = super::router(bench.app("Portal").unwrap());
    (bench, router)
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_are_ones_own_and_name_what_is_wrong() {
    let (bench, router) = portal().await;
    assert_eq!(bench.get(&router, "/settings", None).await.unwrap().status, StatusCode::UNAUTHORIZED);
    let wrong = json!({ "language": "tlh" });
    let refused = bench.post(&router, "/settings", Some("author"), &wrong).await.unwrap();
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    assert_eq!(refused.json()["fields"][0]["field"], "language");

    let wanted = json!({ "language": "en", "polls_of": "town" });
    let kept = bench.post(&router, "/settings", Some("author"), &wanted).await.unwrap();
    assert!(kept.status.is_success(), "{}", kept.text);
    let own = bench.get(&router, "/settings", Some("author")).await.unwrap().json();
    assert_eq!((&own["language"], &own["polls_of"]), (&json!("en"), &json!("town")));
    let others = bench.get(&router, "/settings", Some("coordinator")).await.unwrap().json();
    assert_eq!(others["polls_of"], json!(null));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_home_page_counts_and_a_lost_page_is_a_problem() {
    let (bench, router) = portal().await;
    bench.answered().await.unwrap();
    bench.routed().await.unwrap();
    let home = bench.get(&router, "/", None).await.unwrap().json();
    assert_eq!([&home["received"], &home["answered"], &home["solved"]], [2, 1, 1], "{home}");
    assert_eq!(home["latest"][0]["category"]["id"], "pothole", "{home}");

    // What its author does not agree with is neither answered nor solved, until there is another answer.
    let id = bench.answered().await.unwrap().id;
    let counts = async || {
        let home = bench.get(&router, "/", None).await.unwrap().json();
        let latest = home["latest"].as_array().unwrap().len();
        (home["answered"].as_u64().unwrap(), home["solved"].as_u64().unwrap(), latest)
    };
    let (answered, solved, latest) = counts().await;
    assert_eq!((answered, solved), (2, 2));
    let mark = 1.try_into().unwrap();
    let rating = SatisfactionRating { mark, solved: false, at: bench.clock.now() };
    let reopened = bench.step(id, &[Step::Rate(rating), Step::Reopen], None).await.unwrap();
    assert_eq!(counts().await, (1, 1, latest - 1));
    let by: domain::PersonId = "caseworker".parse().unwrap();
    let draft = Step::Draft { by: by.clone(), outcome: Outcome::Explained };
    bench.step(reopened.id, &[Step::Assign(by), draft, Step::Approve], Some("Ям там нет.")).await.unwrap();
    assert_eq!(counts().await, (2, 1, latest - 1), "explained is not solved");

    let lost = bench.get(&router, "/no/such/page", None).await.unwrap();
    assert_eq!(
        (lost.status, lost.json()["type"].clone()),
        (StatusCode::NOT_FOUND, json!("/problems/not-found"))
    );
}

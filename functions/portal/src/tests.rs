//! The routes over the tables, without a platform around them.

use axum::Router;
use axum::http::StatusCode;
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
    let lost = bench.get(&router, "/no/such/page", None).await.unwrap();
    assert_eq!(
        (lost.status, lost.json()["type"].clone()),
        (StatusCode::NOT_FOUND, json!("/problems/not-found"))
    );
}

//! The routes over an index, without a platform around them.

use axum::Router;
use axum::http::StatusCode;
use engines::Workbench;
use search_index::{Document, IndexWriter};
use serde_json::json;

/// A workbench, the routes, and an index of three potholes and a tree.
async fn search() -> (Workbench, Router) {
    let bench = Workbench::start().await.unwrap();
    let app = bench.app("Search").unwrap();
    let location = app.index().unwrap().clone();
    let work = bench.folder().join("writer");
    let mut writer = IndexWriter::open(objects::open(&location.store).unwrap(), &work).await.unwrap();
    let mut documents = Vec::new();
    for (category, text) in [
        ("pothole", "Яма у школы"),
        ("pothole", "Ямы во дворе"),
        ("pothole", "Снова яма"),
        ("tree", "Упало дерево"),
    ] {
        documents.push(Document::of(bench.report(Some(category)).await.unwrap(), text.to_owned()));
    }
    writer.apply(documents).await.unwrap();
    writer.publish().await.unwrap();
    (bench, super::router(app))
}

#[tokio::test(flavor = "multi_thread")]
async fn words_are_found_in_any_form_by_an_analyst_and_texts_are_not_public() {
    let (bench, router) = search().await;
    let found = bench.get(&router, "/search?q=%D1%8F%D0%BC%D0%BE%D0%B9", Some("analyst")).await.unwrap();
    assert_eq!(found.json()["total"], 3, "{}", found.text);
    let public = bench.get(&router, "/search?category=pothole", None).await.unwrap();
    assert_eq!(public.json()["total"], 3, "{}", public.text);
    assert!(!public.text.contains("школы"), "{}", public.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_matrix_counts_category_by_territory() {
    let (bench, router) = search().await;
    let matrix = bench.get(&router, "/matrix", None).await.unwrap().json();
    let counts: Vec<_> =
        matrix["cells"].as_array().unwrap().iter().map(|cell| cell["count"].clone()).collect();
    assert_eq!(counts.iter().filter_map(serde_json::Value::as_u64).sum::<u64>(), 4, "{matrix}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_that_cannot_be_asked_names_its_field() {
    let (bench, router) = search().await;
    for (path, field) in [
        ("/search?category=no-such", "category"),
        ("/search?limit=-1", "limit"),
        ("/matrix?measure=beauty", "measure"),
        ("/matrix?from=yesterday", "from"),
    ] {
        let refused = bench.get(&router, path, Some("analyst")).await.unwrap();
        assert!(refused.status.is_client_error(), "{path}: {}", refused.text);
        assert_eq!(refused.json()["fields"][0]["field"], json!(field), "{path}: {}", refused.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_that_is_lost_is_no_empty_answer() {
    let bench = Workbench::start().await.unwrap();
    let router = super::router(bench.app("Search").unwrap());
    let empty = bench.get(&router, "/matrix", None).await.unwrap();
    assert_eq!(empty.json()["cells"], json!([]), "nothing was ever sent: {}", empty.text);
    bench.answered().await.unwrap();
    let lost = bench.get(&router, "/matrix", None).await.unwrap();
    assert_eq!(lost.status, StatusCode::OK, "{}", lost.text);
    assert_ne!(lost.json()["missing_quarters"], json!([]), "{}", lost.text);
}

use std::collections::HashSet;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use search_index::{Line, Page, Query, SnapshotReader};
use serde_json::{Value, json};

use crate::platform::Platform;

pub(crate) fn generate(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_vmeste")).arg("generate").args(arguments).output().unwrap()
}

pub(crate) fn printed(output: Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn json_file(path: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_of_made_up_messages_can_be_searched() {
    let folder = tempfile::tempdir().unwrap();
    let (index, truth) = (folder.path().join("index"), folder.path().join("truth.json"));
    let arguments =
        ["--messages", "300", "--index", index.to_str().unwrap(), "--truth", truth.to_str().unwrap()];
    let said = printed(generate(&arguments));
    assert!(said.starts_with("300 messages are in the index"), "{said}");
    assert!(said.trim_end().ends_with("messages/s"), "{said}");
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|it| it.unwrap().file_name()).collect();
    assert_eq!(left.len(), 2, "{left:?}");

    let store = objects::open(&format!("file://{}", index.display())).unwrap();
    let reader = SnapshotReader::open(store, &folder.path().join("cache")).await.unwrap();
    let searcher = reader.latest().await.unwrap();
    assert_eq!(searcher.document_count(), 300);
    let words = Line::read("улицами").unwrap().words;
    let query = Query { words, ..Query::default() };
    let hits = searcher.search(&query, Page { offset: 0, limit: 5 }).unwrap();
    assert!(hits.total > 100, "{}", hits.total);

    let truth = json_file(&truth);
    let facets = searcher.facets(&Query::default()).unwrap();
    for (status, count) in facets.status {
        assert_eq!(truth["totals"]["status"][status.as_str()], count, "{status}");
    }
}

#[test]
fn a_part_of_the_messages_is_printed_as_it_is_in_the_whole() {
    let lines = |arguments: &[&str]| -> Vec<String> {
        printed(generate(arguments)).lines().map(str::to_owned).collect()
    };
    let whole = lines(&["--messages", "30", "--seed", "5"]);
    assert_eq!(whole.len(), 30);
    assert_eq!(whole[20..], lines(&["--messages", "10", "--seed", "5", "--from", "20"]));
    assert_eq!(lines(&["--messages", "0"]), [""; 0]);
    let first: Value = serde_json::from_str(&whole[0]).unwrap();
    assert!(first["text"].is_string() && first["territory"].as_str().unwrap().starts_with("region-"));
    let refused = generate(&["--messages", "2", "--from", &u64::MAX.to_string()]);
    assert!(!refused.status.success());
}

#[tokio::test(flavor = "multi_thread")]
async fn made_up_messages_come_through_intake() {
    let platform = Platform::start().await;
    let folder = tempfile::tempdir().unwrap();
    let (url, truth) = (platform.host.url.clone(), folder.path().join("truth.json"));
    let file = truth.to_str().unwrap().to_owned();
    let run = move || printed(generate(&["--messages", "40", "--url", &url, "--truth", &file]));
    let run = Arc::new(run);
    for _ in 0..2 {
        let run = Arc::clone(&run);
        let said = tokio::task::spawn_blocking(move || run()).await.unwrap();
        assert!(said.starts_with("40 messages were accepted by http://"), "{said}");
    }
    platform.settle().await;

    // The second time they were there already.
    let analyst = platform.person("demo-analyst");
    let found = analyst.find("/search", &[("limit", "100")]).await.ok();
    assert_eq!(found["total"], 40);
    let truth = json_file(&truth);
    let known: HashSet<&str> =
        found["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect();
    let spikes = truth["spikes"].as_array().unwrap().iter().map(|spike| &spike["planted"]);
    let clusters = truth["clusters"].as_array().unwrap().iter().map(|cluster| &cluster["ids"]);
    for id in spikes.chain(clusters).flat_map(|ids| ids.as_array().unwrap()) {
        assert!(known.contains(id.as_str().unwrap()), "{id} is not an id of the platform");
    }
    assert_eq!(truth["messages"], 40);
}

/// Has no time at first, then refuses one message.
async fn busy(
    State(requests): State<Arc<AtomicUsize>>,
    Json(body): Json<Value>,
) -> (StatusCode, Json<Value>) {
    assert_eq!(body["kind"], "report");
    let status = match requests.fetch_add(1, Ordering::Relaxed) {
        0 => StatusCode::SERVICE_UNAVAILABLE,
        1 => StatusCode::TOO_MANY_REQUESTS,
        2 => StatusCode::BAD_REQUEST,
        _ => StatusCode::CREATED,
    };
    let id = "01990000-0000-7000-8000-00007f3a91c2";
    (status, Json(json!({ "id": id, "detail": "the text is no text" })))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_busy_platform_is_asked_again_and_a_refusal_is_told() {
    let requests = Arc::new(AtomicUsize::new(0));
    let entry = || async { Json(json!([{ "id": "pothole", "name": "Яма", "parent": null }])) };
    let router = axum::Router::new()
        .route("/categories", get(entry))
        .route("/territories", get(entry))
        .route("/submissions", post(busy))
        .with_state(Arc::clone(&requests));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(async move { axum::serve(listener, router).await });
    let output = tokio::task::spawn_blocking(move || generate(&["--messages", "5", "--url", &url])).await;
    let output = output.unwrap();
    server.abort();
    assert_eq!(requests.load(Ordering::Relaxed), 7);
    assert!(!output.status.success());
    let (said, complained) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(said.starts_with("4 messages were accepted"), "{said}");
    assert!(complained.contains("refused messages: 1") && complained.contains("the text is no text"));
}

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures::StreamExt;
use serde_json::{Value, json};

use crate::platform::vmeste;

/// The platform as a process of its own, to be killed.
struct Process {
    child: Child,
    url: String,
}

impl Process {
    fn start(folder: &Path) -> Self {
        let mut child = vmeste(folder).args(["serve", "--port", "0"]).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim().strip_prefix("listening on ").unwrap().to_owned();
        Self { child, url }
    }

    /// `kill -9`: no chance to finish anything.
    fn kill(self) {
        drop(self);
    }
}

impl Drop for Process {
    /// A test that fails must not leave a platform behind.
    fn drop(&mut self) {
        let _gone_already = self.child.kill();
        let _gone_already = self.child.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn kill_minus_nine_loses_nothing_that_was_acknowledged() {
    const WANTED: usize = 500;
    let folder = tempfile::tempdir().unwrap();
    // Here no host does it in this process.
    let _already_chosen = rustls::crypto::ring::default_provider().install_default();
    let http = reqwest::Client::new();
    let process = Process::start(folder.path());

    // Sixteen at once until the process is killed in the middle.
    let url = process.url.clone();
    let acknowledged_so_far = AtomicUsize::new(0);
    let send = |number: usize| {
        let (http, url, count) = (http.clone(), url.clone(), &acknowledged_so_far);
        async move {
            let body = json!({ "kind": "report", "text": format!("Яма {number}"), "category": "pothole" });
            let reply = http.post(format!("{url}/submissions")).json(&body).send().await.ok()?;
            let reply: Value = if reply.status() == 201 {
                reply.json().await.ok()?
            } else {
                return None;
            };
            count.fetch_add(1, Ordering::SeqCst);
            Some((reply["id"].as_str()?.to_owned(), reply["tracking"].as_str()?.to_owned()))
        }
    };
    let sending = futures::stream::iter(0..WANTED).map(send).buffer_unordered(16).collect::<Vec<_>>();
    let killing = async {
        while acknowledged_so_far.load(Ordering::SeqCst) < WANTED / 2 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        process.kill();
    };
    let (replies, ()) = futures::join!(sending, killing);
    let acknowledged: Vec<(String, String)> = replies.into_iter().flatten().collect();
    assert!(
        (WANTED / 2..WANTED).contains(&acknowledged.len()),
        "killed in the middle: {}",
        acknowledged.len()
    );

    let process = Process::start(folder.path());
    let get = async |path: String, tracking: &str| -> Value {
        let reply =
            http.get(format!("{}{path}", process.url)).header("tracking", tracking).send().await.unwrap();
        reply.json().await.unwrap()
    };
    for _ in 0..600 {
        if get("/search?status=routed".into(), "").await["total"].as_u64() >= Some(acknowledged.len() as u64)
        {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    for (id, tracking) in &acknowledged {
        let view = get(format!("/submissions/{id}"), tracking).await;
        let events: Vec<&str> =
            view["history"].as_array().unwrap().iter().filter_map(|e| e["event"].as_str()).collect();
        assert_eq!(
            events,
            ["submission_received", "submission_registered", "submission_routed"],
            "nothing twice"
        );
    }
    let total = get("/search".into(), "").await["total"].as_u64().unwrap();
    let routed = get("/search?status=routed".into(), "").await["total"].as_u64().unwrap();
    assert!(routed >= acknowledged.len() as u64, "{routed} of {} are found", acknowledged.len());
    assert!(total <= acknowledged.len() as u64 + 16, "at most what was under way came besides: {total}");
    // So is what organizations have open: counted in the same transactions.
    let persona = json!({ "persona": "coordinator" });
    let token = http.post(format!("{}/dev/token", process.url)).json(&persona).send().await.unwrap();
    let token: Value = token.json().await.unwrap();
    let inbox = http.get(format!("{}/workspace/inbox?limit=100", process.url));
    let inbox = inbox.bearer_auth(token["token"].as_str().unwrap()).send().await.unwrap();
    let inbox: Value = inbox.json().await.unwrap();
    assert_eq!(
        (&inbox["counts"]["all"], &inbox["counts"]["new"]),
        (&json!(routed), &json!(routed)),
        "{inbox}"
    );
    process.kill();
}

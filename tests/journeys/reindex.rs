use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};
use vmeste::data::Data;

use crate::client::Client;
use crate::platform::{Platform, vmeste};

const QUERIES: usize = 200;
const PARTS: u64 = 4;
const MESSAGES_OF_A_PART: u64 = 30;

/// One index has grown batch by batch, while what was in it changed; the other is made of the submissions as they are in the
/// end.
#[tokio::test(flavor = "multi_thread")]
async fn an_index_made_anew_answers_as_the_one_that_grew() {
    let folder = tempfile::tempdir().unwrap();
    let data = Data::Folder(folder.path().to_owned());
    let first = Platform::on(data.clone()).await;
    for part in 0..PARTS {
        send(folder.path(), &first, part * MESSAGES_OF_A_PART).await;
        first.pothole(&first.anonymous()).await;
        let (id, author) = first.answered(if part % 2 == 0 { "solved" } else { "explained" }).await;
        let rating = json!({ "mark": 1 + part % 5, "solved": part > 1 });
        author.post(&format!("/submissions/{id}/rating"), &rating).await.created();
        first.settle().await;
    }
    let analyst = first.person("demo-analyst");
    let submissions = all(&analyst).await;
    let queries = queries(&submissions);
    let grown = answers(&analyst, &queries).await;
    drop(first);

    for gone in ["IndexBucket", "tmp"] {
        std::fs::remove_dir_all(folder.path().join(gone)).unwrap();
    }
    // What another version of the program has published.
    let manifests = folder.path().join("IndexBucket/manifests");
    std::fs::create_dir_all(&manifests).unwrap();
    std::fs::write(manifests.join("00000000000000000007.json"), r#"{"format":3,"files":[]}"#).unwrap();
    let mut command = vmeste(folder.path());
    let made = tokio::task::spawn_blocking(move || command.arg("reindex").output().unwrap()).await.unwrap();
    let said = String::from_utf8(made.stdout).unwrap();
    assert_eq!(
        said,
        format!("{} submissions are in the new index\n", submissions.len()),
        "{:?}",
        made.stderr
    );

    let second = Platform::on(data).await;
    let anew = answers(&second.person("demo-analyst"), &queries).await;
    for (query, (grown, anew)) in queries.iter().zip(grown.iter().zip(&anew)) {
        assert_eq!(grown, anew, "{query:?}");
    }
    let found = grown.iter().filter(|(found, _)| found["total"].as_u64() > Some(0)).count();
    assert!(found > QUERIES / 2, "{found} queries find anything");
}

/// Nobody is stopped, nobody sees less meanwhile, and nothing of what happens meanwhile is missing in the end.
#[tokio::test(flavor = "multi_thread")]
async fn an_index_is_made_anew_beside_a_platform_that_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let platform = Platform::on(Data::Folder(folder.path().to_owned())).await;
    send(folder.path(), &platform, 0).await;
    let anybody = platform.anonymous();
    let found = async || anybody.get("/search").await.ok();
    let before = found().await["total"].as_u64().unwrap();
    assert_eq!(before, MESSAGES_OF_A_PART);

    let mut command = vmeste(folder.path());
    let made = tokio::task::spawn_blocking(move || command.arg("reindex").output().unwrap());
    let mut sent = 0;
    while !made.is_finished() {
        platform.pothole(&anybody).await;
        sent += 1;
        let now = found().await;
        assert!(now["total"].as_u64() >= Some(before), "{now}");
        assert_eq!(now["missing_quarters"], json!([]));
    }
    let made = made.await.unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    platform.settle().await;
    assert_eq!(found().await["total"].as_u64(), Some(before + sent), "{sent} were sent meanwhile");
}

/// Made-up messages from this number on, as citizens send them.
async fn send(folder: &Path, platform: &Platform, from: u64) {
    let (count, from) = (MESSAGES_OF_A_PART.to_string(), from.to_string());
    let url = platform.host.url.clone();
    let mut command = vmeste(folder);
    command.args(["generate", "--messages", &count, "--from", &from, "--url", &url]);
    let sent = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    assert!(sent.status.success(), "{}", String::from_utf8_lossy(&sent.stderr));
    platform.settle().await;
}

async fn all(analyst: &Client) -> Vec<Value> {
    let mut all = Vec::new();
    let mut page = analyst.find("/search", &[("limit", "100")]).await.ok();
    loop {
        all.extend(page["items"].as_array().unwrap().iter().cloned());
        let Some(next) = page["next"].as_str() else { return all };
        page = analyst.find("/search", &[("limit", "100"), ("cursor", next)]).await.ok();
    }
}

/// Words, phrases, beginnings of words, excluded words and filters, all of them from the submissions themselves.
fn queries(submissions: &[Value]) -> Vec<String> {
    let mut queries = BTreeSet::new();
    for (number, submission) in submissions.iter().cycle().enumerate().take(60 * QUERIES) {
        let words: Vec<&str> =
            submission["text"].as_str().unwrap().split(|c: char| !c.is_alphanumeric()).collect();
        // Every round elsewhere in the text.
        let first = (number * 7 + number / submissions.len() * 3) % words.len();
        let Some([a, b, c]) = words.get(first..first + 3) else { continue };
        if [a, b, c].iter().any(|word| word.chars().count() < 4) {
            continue;
        }
        let beginning: String = a.chars().take(3).collect();
        let id = |field: &str| submission[field]["id"].as_str().unwrap_or("-");
        let (category, territory) = (id("category"), id("territory"));
        let status = submission["status"].as_str().unwrap();
        queries.insert(match queries.len() % 10 {
            0 => a.to_string(),
            1 => format!("{a} {b}"),
            2 => format!("\"{a} {b} {c}\""),
            3 => format!("{a} -{b}"),
            4 => format!("{beginning}*"),
            5 => format!("{a} OR {c} -{b}"),
            6 => format!("category:{category} {beginning}*"),
            7 => format!("territory:{territory} -category:{category} -\"{a} {b}\""),
            8 => format!("status:{status} {a}"),
            _ => format!("{b} OR {c} -mark:4 -status:{status}"),
        });
        if queries.len() == QUERIES {
            break;
        }
    }
    assert_eq!(queries.len(), QUERIES, "different ones");
    queries.into_iter().collect()
}

/// What is found, with its facets and over time; and the matrix.
async fn answers(analyst: &Client, queries: &[String]) -> Vec<(Value, Value)> {
    let mut answers = Vec::with_capacity(queries.len());
    for query in queries {
        let found = analyst.find("/search", &[("q", query), ("limit", "50")]).await.ok();
        let matrix = analyst.find("/matrix", &[("q", query), ("rows", "2"), ("columns", "2")]).await.ok();
        answers.push((found, matrix));
    }
    answers
}

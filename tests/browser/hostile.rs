//! What people write is text, wherever it is shown: `payloads.txt` holds more than 150 attempts to make it more than that.

use serde_json::json;

use crate::browser::{Browser, Setting, texts};
use crate::platform::Platform;

const PAYLOADS: &str = include_str!("payloads.txt");

/// What a payload that came through would leave: `pwned`, its class, or an attribute that acts.
const TRACES: &str = "return [
    ...(window.pwned === undefined ? [] : ['a script ran']),
    ...[...document.querySelectorAll('.pwned, [onerror], [onload], [onfocus], [onclick], base, iframe, object, embed')]
        .map((element) => element.outerHTML.slice(0, 200)),
    ...[...document.scripts].filter((script) => !script.src.includes('/static/vmeste.js')).map((script) => script.outerHTML),
    ...[...document.links].filter((link) => !['http:', 'https:', 'mailto:'].includes(link.protocol)).map((link) => link.href),
]";

#[tokio::test(flavor = "multi_thread")]
async fn what_people_write_never_runs() {
    let platform = Platform::start().await;
    let payloads: Vec<String> =
        PAYLOADS.lines().map(|line| line.replace('⏎', "\n").replace('⇥', "\t")).collect();
    assert!(payloads.len() >= 150, "{}", payloads.len());
    let citizen = platform.person("demo-citizen");
    let mut ids = Vec::new();
    for payload in &payloads {
        let body = json!({
            "kind": "report", "category": "pothole", "territory": "zaozersk", "text": payload,
            "place": { "address": payload },
        });
        ids.push(citizen.post("/submissions", &body).await.created()["id"].as_str().unwrap().to_owned());
    }
    // Names of the directory, an answer, a rating, a template.
    let name = "<img class=pwned src=x onerror=pwned=1>\"'>";
    let entries = json!({
        "categories": [{ "id": "hostile", "name": name }],
        "organizations": [{ "id": "hostile", "name": name, "parent": "government" }],
        "routing_rules": [{ "id": "hostile", "category": "hostile", "organization": "hostile" }],
        "people": [{ "id": "hostile", "organization": "hostile", "roles": ["coordinator", "caseworker", "approver"] }],
    });
    platform.person("demo-administrator").post("/directory/entries", &entries).await.created();
    let (answered, _) =
        platform.submit(&citizen, json!({ "kind": "report", "category": "hostile", "text": name })).await;
    let staff = platform.token(json!({ "sub": "hostile", "name": name, "email": "x@mail.example" }));
    staff.step(&answered, json!({ "step": "assign", "assignee": "hostile" })).await.created();
    staff.step(&answered, json!({ "step": "draft", "outcome": "solved", "text": name })).await.created();
    staff.step(&answered, json!({ "step": "approve" })).await.created();
    platform.settle().await;

    let setting = Setting { scripts: true, width: 1_280, language: "ru", dark: false };
    let browser = Browser::open(&platform.host.url, setting).await;
    let mut pages: Vec<(&str, String)> = Vec::new();
    pages.extend(ids.iter().map(|id| ("demo-citizen", format!("/submissions/{id}"))));
    pages.extend(
        ["/submissions", "/notices", "/submissions/new", "/"].map(|path| ("demo-citizen", path.to_owned())),
    );
    pages.push(("demo-citizen", format!("/submissions/{answered}")));
    for id in ids.iter().step_by(10) {
        pages.push(("zaozersk-roads-coordinator", format!("/workspace/submissions/{id}")));
    }
    for path in ["/workspace/inbox?limit=100", "/workspace/dashboard", "/workspace/templates"] {
        pages.push(("zaozersk-roads-coordinator", path.to_owned()));
    }
    for path in [
        "/search?limit=100",
        "/search?q=pwned&limit=100",
        "/matrix?rows=2",
        "/search?q=%3Cscript%3Epwned%3D1%3C/script%3E",
    ] {
        pages.push(("demo-analyst", path.to_owned()));
    }
    for path in [
        "/directory/entries?section=organizations&q=img",
        "/directory/entries/categories/hostile",
        "/directory/versions/2",
    ] {
        pages.push(("demo-administrator", path.to_owned()));
    }
    pages.push(("", "/dev/mail".to_owned()));
    let mut wrong = Vec::new();
    let mut viewer = "";
    for (subject, path) in &pages {
        if *subject != viewer {
            browser.sign_out().await;
            if !subject.is_empty() {
                browser.sign_in(subject).await;
            }
            viewer = subject;
        }
        browser.go(path).await;
        let found = texts(&browser.client.execute(TRACES, Vec::new()).await.unwrap());
        wrong.extend(found.into_iter().map(|trace| format!("{path}: {trace}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));

    // The texts themselves are there, as they were written.
    browser.sign_in("demo-citizen").await;
    browser.go(&format!("/submissions/{}", ids[0])).await;
    browser.says(&payloads[0]).await;
    browser.close().await;

    // Files: nothing begins like a formula.
    let analyst = platform.person("demo-analyst");
    let csv = analyst.get("/search?format=csv").await;
    let text = csv.body.as_str().unwrap().trim_start_matches('\u{FEFF}');
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert!(rows.len() >= payloads.len(), "{}", rows.len());
    for cell in rows.iter().flatten() {
        let first = cell.chars().next().unwrap_or(' ');
        let number = cell.parse::<f64>().is_ok();
        assert!(number || !['=', '+', '-', '@', '\t', '\r'].contains(&first), "{cell}");
    }
}

use std::path::Path;
use std::process::Output;

use serde_json::json;

use crate::platform::{Platform, vmeste};

fn load(folder: &Path, files: &[(&str, &str)], flags: &[&str]) -> Output {
    let mut command = vmeste(&folder.join("data"));
    command.args(["directory", "load"]).args(flags);
    for (name, text) in files {
        std::fs::write(folder.join(name), text).unwrap();
        command.arg(folder.join(name));
    }
    command.output().unwrap()
}

fn refused(output: &Output) -> String {
    assert!(!output.status.success());
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn files_are_checked_whole_and_problems_have_line_and_field() {
    let folder = tempfile::tempdir().unwrap();
    let cycle = "[\n{\"id\":\"a\",\"name\":\"A\",\"parent\":\"b\"},\n{\"id\":\"b\",\"name\":\"B\",\"parent\":\"a\"}\n]";
    let message = refused(&load(folder.path(), &[("d.json", &format!("{{\"categories\":{cycle}}}"))], &[]));
    assert!(message.contains("d.json:2: parent: «a» is above itself"), "{message}");
    assert!(message.contains("d.json:3: parent: «b» is above itself"), "{message}");

    let csv = "id,name,parent\nnew-school,Новая школа,zaozersk-education\nlost,Потерянная,no-such\n";
    let message = refused(&load(folder.path(), &[("organizations.csv", csv)], &["--merge"]));
    assert!(message.contains("organizations.csv:3: parent: there is no «no-such»"), "{message}");

    let csv = "id,parent,name\nnew-school,zaozersk-education,\"Школа 1\nother,zaozersk-education,Школа 2\n";
    let message = refused(&load(folder.path(), &[("organizations.csv", csv)], &["--merge"]));
    assert!(message.contains("organizations.csv:2: the quotes are broken"), "{message}");

    let typo = "{\n\"deadline_rules\": [\n{\"id\": \"r\", \"kind\": \"report\", \"clock\": \"answer\", \"days\": \"ten\"}]}";
    let message = refused(&load(folder.path(), &[("d.json", typo)], &["--merge"]));
    assert!(message.contains("d.json:3: deadline_rules: days"), "{message}");

    let message = refused(&load(folder.path(), &[("d.json", "{\n\"categories\": [}")], &[]));
    assert!(message.contains("d.json:2"), "{message}");
}

#[test]
fn a_file_becomes_the_next_version() {
    let folder = tempfile::tempdir().unwrap();
    let csv = "id,name,parent\nnew-school,Новая школа,zaozersk-education\n";
    let output = load(folder.path(), &[("organizations.csv", csv)], &["--merge", "--dry-run"]);
    assert!(String::from_utf8_lossy(&output.stdout).contains("nothing was written"));
    let output = load(folder.path(), &[("organizations.csv", csv)], &["--merge"]);
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(
        printed.contains("directory version 2 is in force") && printed.contains("78 organizations"),
        "{printed}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn entries_can_be_changed_over_http_by_an_administrator() {
    let platform = Platform::start().await;
    let administrator = platform.person("demo-administrator");
    let entry = json!({ "categories": [{ "id": "ufo", "name": "НЛО", "parent": "safety" }] });
    platform.anonymous().post("/directory/entries", &entry).await.problem(401, "");
    platform.person("demo-coordinator").post("/directory/entries", &entry).await.problem(403, "");
    // An administrator of a part of the tree does not rule the whole of it.
    let (info, mut draft) = platform.host.store.directory().await.unwrap().unwrap();
    let local = json!({ "id": "school-admin", "organization": "school-1", "roles": ["workspace_admin"] });
    draft.people.push(serde_json::from_value(local).unwrap());
    let directory = domain::directory::Directory::build(draft).unwrap();
    platform
        .host
        .store
        .publish_directory(&directory, Some(info.version), None, platform.clock.now())
        .await
        .unwrap();
    let grab =
        json!({ "people": [{ "id": "school-admin", "organization": "government", "roles": ["analyst"] }] });
    platform.person("school-admin").post("/directory/entries", &grab).await.problem(403, "");
    let stale = administrator.clone().with("if-match", "\"7\"");
    stale.post("/directory/entries", &entry).await.problem(412, "If-Match");
    let cycle = json!({ "categories": [{ "id": "safety", "name": "x", "parent": "ufo" },
        { "id": "ufo", "name": "y", "parent": "safety" }] });
    let problem = administrator.post("/directory/entries", &cycle).await.problem(422, "");
    assert!(problem["detail"].as_str().unwrap().contains("cycle"), "{problem}");
    assert_eq!(administrator.post("/directory/entries", &entry).await.created()["version"], 3);
    // In force at once.
    let report = json!({ "kind": "report", "text": "Летает", "category": "ufo" });
    platform.anonymous().post("/submissions", &report).await.created();
    let found = platform.anonymous().find("/organizations", &[("q", "школа")]).await.ok();
    assert!(found["total"].as_u64().unwrap() > 1);
    platform.settle().await;
}

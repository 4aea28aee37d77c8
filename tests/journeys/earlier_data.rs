//! A data folder that an earlier version wrote and left in a crash (`tests/fixtures/make`) opens, reads and goes on.

use std::io::Read;
use std::path::Path;

use serde_json::{Value, json};
use vmeste::data::Data;

use crate::platform::{Platform, events};

/// What an archive holds is put into a folder.
fn unpack(archive: &str, folder: &Path) {
    let file =
        std::fs::File::open(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(archive));
    let mut archive = zip::ZipArchive::new(file.unwrap()).unwrap();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).unwrap();
        let path = folder.join(entry.enclosed_name().unwrap());
        if entry.is_dir() {
            std::fs::create_dir_all(path).unwrap();
            continue;
        }
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_data_of_the_first_version_opens_reads_and_goes_on() {
    // The folder holds the embedded database: with an engine that is elsewhere there is nothing to open.
    if std::env::var_os("AWS_ENDPOINT_URL_DYNAMODB").is_some() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    unpack("data-1.zip", folder.path());
    let ids: Value =
        serde_json::from_slice(&std::fs::read(folder.path().join("fixture.json")).unwrap()).unwrap();
    let id = |name: &str| ids[name].as_str().unwrap().to_owned();
    let mut platform = Platform::on(Data::Folder(folder.path().to_owned())).await;
    // The host reads all submissions once: the facts of that version's index are made anew.
    platform.may_scan = true;
    let citizen = platform.person("demo-citizen");
    let coordinator = platform.person("demo-coordinator");

    // 126 deliveries were pending. Each has its effect now: everything is routed.
    platform.settle().await;
    let submission = |name: &str| format!("/submissions/{}", id(name));
    let rated = citizen.get(&submission("rated")).await.ok();
    let life = ["submission_received", "submission_registered", "submission_routed", "submission_assigned"];
    assert_eq!(events(&rated)[..4], life);
    assert_eq!((&rated["status"], &rated["answers"][0]["mark"]), (&json!("closed"), &json!(5)), "{rated}");
    let inbox = coordinator.find("/workspace/inbox", &[("limit", "100")]).await.ok();
    let waiting = inbox["items"].as_array().unwrap();
    assert!(waiting.len() > 50, "{} wait", waiting.len());
    // Its tables had no index of cells, and its submissions stood in no counter.
    let views = ["all", "new", "mine", "sign", "disputed"];
    for view in views {
        let part = coordinator.find("/workspace/inbox", &[("limit", "100"), ("view", view)]).await.ok();
        let listed = part["items"].as_array().unwrap().len();
        assert_eq!(part["counts"][view], json!(listed), "{view}");
    }
    assert_eq!(inbox["counts"]["all"], json!(waiting.len()));

    let settings = citizen.get("/settings").await.ok();
    assert_eq!((&settings["language"], &settings["polls_of"]), (&json!("en"), &Value::Null), "{settings}");

    // A case goes on where it was.
    let drafted = id("assigned");
    platform.person("demo-approver").step(&drafted, json!({ "step": "approve" })).await.created();
    coordinator.step(&id("appeal"), json!({ "step": "register" })).await.created();
    platform.settle().await;
    assert_eq!(citizen.get(&submission("assigned")).await.ok()["status"], "answered");
    assert_eq!(citizen.get(&submission("appeal")).await.ok()["status"], "registered");

    // So does a poll, and what was counted stays as it was.
    let running = format!("/polls/{}", id("running"));
    assert_eq!(citizen.get(&running).await.ok()["status"], "open");
    platform.host.run("Relay").await.unwrap();
    let ballot = json!({ "ranking": ["1", "2"] });
    platform.person("anna").post(&format!("{running}/ballots"), &ballot).await.created();
    let counted = format!("/polls/{}", id("counted"));
    let result = citizen.get(&format!("{counted}/result")).await.ok();
    assert_eq!(result["winners"], json!(["2"]), "{result}");
    let news = json!({ "option": "2", "stage": "built", "date": "2027-06-01", "note": "Стоит" });
    platform.person("demo-organizer").post(&format!("{counted}/progress"), &news).await.ok();
    assert_eq!(citizen.get(&counted).await.ok()["progress"].as_array().unwrap().len(), 2);
}

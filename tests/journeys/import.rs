use std::path::Path;
use std::process::Command;

use serde_json::json;

use crate::platform::Platform;

fn import(file: &Path, url: &str) -> String {
    let output =
        Command::new(env!("CARGO_BIN_EXE_vmeste")).arg("import").arg(file).args(["--url", url]).output();
    let output = output.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_comes_through_intake_and_can_be_repeated() {
    let platform = Platform::start().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("old.csv");
    let rows = "id,text,topic,executor,category\n\
        10,Яма у дома,Ямы,Администрация Северного района,3\n\
        11,\"Нет света, совсем\",Освещение,Администрация Северного района,3\n\
        12,,Освещение,Администрация Северного района,3\n\
        13,\"broken,Ямы,Администрация Северного района,3\n\
        14,Без меток,,,\n";
    std::fs::write(&file, rows).unwrap();
    let url = platform.host.url.clone();
    let run = async || {
        let (file, url) = (file.clone(), url.clone());
        let printed = tokio::task::spawn_blocking(move || import(&file, &url)).await.unwrap();
        platform.settle().await;
        printed
    };
    let printed = run().await;
    assert!(printed.starts_with("5 rows: 3 new, 0 there already, 2 rejected"), "{printed}");
    let rejected = std::fs::read_to_string(folder.path().join("old.csv.rejected.csv")).unwrap();
    assert!(
        rejected.contains("4,text: must not be empty") && rejected.contains("5,the quotes are broken"),
        "{rejected}"
    );

    let analyst = platform.person("demo-analyst");
    let found = analyst.find("/search", &[("q", "свет")]).await.ok();
    let item = &found["items"][0];
    assert_eq!((&item["external_id"], &item["category"]["name"]), (&json!("11"), &json!("Освещение")));
    assert_eq!(item["organization"]["name"], "Администрация Северного района");
    let view = analyst.get(&format!("/workspace/submissions/{}", item["id"].as_str().unwrap())).await.ok();
    assert_eq!(view["rule"], "import");
    let matrix = analyst.find("/matrix", &[("category", "3")]).await.ok();
    assert_eq!(matrix["rows"].as_array().unwrap().len(), 2);

    let printed = run().await;
    assert!(printed.starts_with("5 rows: 0 new, 3 there already, 2 rejected"), "{printed}");
    assert_eq!(analyst.get("/search").await.ok()["total"], 3);
}

//! The import table of the architecture, held against `cargo metadata`.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

/// Edges inside the workspace: crate -> what it may import. Functions are added below.
const SHARED: [(&str, &[&str]); 11] = [
    ("domain", &[]),
    ("poll", &["domain"]),
    ("language", &[]),
    ("events", &["domain"]),
    ("search-index", &["domain", "language"]),
    ("store", &["domain", "poll", "events"]),
    ("objects", &[]),
    ("entrypoint", &["domain", "events", "store"]),
    ("pages", &["domain", "events", "store", "entrypoint"]),
    ("engines", &["domain", "poll", "events", "store", "entrypoint"]),
    ("generator", &["domain", "search-index"]),
];

/// What every function may import, and what some may besides.
const FUNCTION: [&str; 7] = ["domain", "poll", "language", "events", "store", "entrypoint", "pages"];
const WITH_INDEX: [&str; 3] = ["indexing", "search", "routing"];
const WITH_OBJECTS: [&str; 4] = ["indexing", "search", "polls", "tallying"];

/// Libraries that stand only where listed; `*` at the end stands for any ending.
const KEPT_APART: [(&str, &[&str]); 11] = [
    ("aws-sdk-*", &["store", "entrypoint", "engines", "vmeste"]),
    ("aws-sdk-dynamodb", &["store", "engines", "vmeste"]),
    ("aws-sdk-sqs", &["entrypoint", "engines", "vmeste"]),
    ("lambda_*", &["entrypoint"]),
    (
        "axum",
        &[
            "entrypoint",
            "pages",
            "engines",
            "vmeste",
            "portal",
            "directory",
            "intake",
            "casework",
            "surveys",
            "polls",
            "search",
        ],
    ),
    ("tantivy", &["search-index"]),
    ("tantivy-query-grammar", &["search-index"]),
    ("object_store", &["objects", "search-index"]),
    ("dynoxide-rs", &["engines"]),
    ("rustack-*", &["engines"]),
    ("saphyr", &["engines"]),
];

fn metadata(arguments: &[&str]) -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--offline"])
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Normal dependencies of every package of the workspace.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let metadata = metadata(&["--no-deps"]);
    let packages = metadata["packages"].as_array().unwrap();
    let name = |value: &Value| value["name"].as_str().unwrap().to_owned();
    let of = |package: &Value| {
        let all = package["dependencies"].as_array().unwrap().iter();
        all.filter(|dependency| dependency["kind"].is_null()).map(name).collect()
    };
    packages.iter().map(|package| (name(package), of(package))).collect()
}

#[test]
fn every_crate_imports_what_it_may_and_nothing_else() {
    let dependencies = dependencies();
    let members: BTreeSet<&String> = dependencies.keys().collect();
    for (name, imports) in &dependencies {
        let inside: BTreeSet<&str> =
            imports.iter().filter(|import| members.contains(import)).map(String::as_str).collect();
        let allowed: BTreeSet<&str> = match SHARED.iter().find(|(shared, _)| shared == name) {
            Some((_, allowed)) => allowed.iter().copied().collect(),
            None if name == "vmeste" => continue,
            None => {
                let index = WITH_INDEX.contains(&name.as_str()).then_some("search-index");
                let objects = WITH_OBJECTS.contains(&name.as_str()).then_some("objects");
                FUNCTION.into_iter().chain(index).chain(objects).collect()
            }
        };
        let wrong: Vec<_> = inside.difference(&allowed).collect();
        assert!(wrong.is_empty(), "{name} must not import {wrong:?}");
    }
}

#[test]
fn engines_and_sdks_stand_where_they_belong() {
    for (name, imports) in dependencies() {
        for (library, allowed) in KEPT_APART {
            let is_it = |import: &String| match library.strip_suffix('*') {
                Some(beginning) => import.starts_with(beginning),
                None => import == library,
            };
            let used = imports.iter().any(is_it);
            assert!(!used || allowed.contains(&name.as_str()), "{name} must not import {library}");
        }
    }
}

/// Everything that a package is built from, on Linux.
fn closure(of: &str) -> BTreeSet<String> {
    let target = ["--filter-platform", "x86_64-unknown-linux-gnu"];
    let metadata = metadata(&target);
    let nodes = metadata["resolve"]["nodes"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let imports: BTreeMap<String, Vec<String>> = nodes
        .iter()
        .map(|node| {
            let normal =
                |dep: &&Value| dep["dep_kinds"].as_array().unwrap().iter().any(|kind| kind["kind"].is_null());
            let found = node["deps"].as_array().unwrap().iter().filter(normal).map(|dep| text(&dep["pkg"]));
            (text(&node["id"]), found.collect())
        })
        .collect();
    let packages = metadata["packages"].as_array().unwrap();
    let names: BTreeMap<String, String> =
        packages.iter().map(|package| (text(&package["id"]), text(&package["name"]))).collect();
    let mut open: Vec<&String> = names.iter().filter(|(_, name)| *name == of).map(|(id, _)| id).collect();
    let mut seen = BTreeSet::new();
    while let Some(id) = open.pop() {
        if seen.insert(id) {
            open.extend(&imports[id]);
        }
    }
    seen.into_iter().map(|id| names[id].clone()).collect()
}

/// What AWS starts carries no engine of the local host, and the index only where it is used.
#[test]
fn no_function_carries_what_it_does_not_use() {
    let engines = ["dynoxide-rs", "rustack-sqs-core", "rusqlite", "saphyr", "clap"];
    let functions = dependencies().into_keys().filter(|name| {
        let is_shared = SHARED.iter().any(|(shared, _)| shared == name);
        name != "vmeste" && !is_shared
    });
    let mut with_tantivy = Vec::new();
    for function in functions {
        let carried = closure(&function);
        for engine in engines {
            assert!(!carried.contains(engine), "{function} carries {engine}");
        }
        if carried.contains("tantivy") {
            with_tantivy.push(function);
        }
    }
    assert_eq!(with_tantivy, ["indexing", "search"]);
    let local = closure("vmeste");
    assert!(engines.iter().all(|engine| local.contains(*engine)), "the local host carries them all");
}

/// A stranger builds the verifier of polls in a minute, from libraries that can be read.
#[test]
fn polls_are_verified_without_aws_a_server_or_an_index() {
    let carried = closure("poll");
    let foreign = |name: &&String| {
        name.starts_with("aws-")
            || name.starts_with("lambda_")
            || ["axum", "hyper", "tokio", "tantivy", "reqwest", "store", "entrypoint"]
                .contains(&name.as_str())
    };
    assert_eq!(carried.iter().filter(foreign).collect::<Vec<_>>(), Vec::<&String>::new());
    assert!(carried.contains("ct-merkle") && carried.contains("ed25519-dalek"), "{carried:?}");
}

/// A panic in a queue function ends one record and not the process; cargo-lambda would change that silently.
#[test]
fn what_is_deployed_unwinds() {
    let manifest = std::fs::read_to_string(super::repository("Cargo.toml")).unwrap();
    let profile = |name: &str| {
        let (_, after) = manifest.split_once(&format!("\n[profile.{name}]")).unwrap();
        after.split("\n[").next().unwrap().to_owned()
    };
    assert!(profile("release").contains("\npanic = \"unwind\""), "{}", profile("release"));
    assert!(profile("lambda").contains("\ninherits = \"release\""), "{}", profile("lambda"));
    assert!(!profile("lambda").contains("panic"), "{}", profile("lambda"));
}

#[test]
fn domain_and_poll_have_no_clock_no_randomness_and_no_io() {
    let dependencies = dependencies();
    for pure in ["domain", "poll"] {
        for library in ["tokio", "getrandom", "rand", "reqwest", "axum", "tracing"] {
            assert!(!dependencies[pure].contains(library), "{pure} must not import {library}");
        }
    }
    let forbidden =
        ["Timestamp::now", "Zoned::now", "SystemTime", "Instant::now", "now_v7", "std::env", "std::fs"];
    let mut files = vec![
        super::repository("functions/shared/domain/src"),
        super::repository("functions/shared/poll/src"),
    ];
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        for word in forbidden {
            assert!(!text.contains(word), "{} uses {word}", path.display());
        }
    }
}

/// The environment is read in one file of the functions' code: `boot.rs`.
#[test]
fn only_boot_reads_the_environment() {
    let mut files = vec![
        super::repository("functions"),
        super::repository("events"),
        super::repository("search-index/src"),
    ];
    let mut readers = Vec::new();
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            if text.contains("env::var") {
                readers.push(path.file_name().unwrap().to_string_lossy().into_owned());
            }
        }
    }
    assert_eq!(readers, ["boot.rs"]);
}

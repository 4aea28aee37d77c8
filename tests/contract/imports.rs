//! The import table of the architecture, held against `cargo metadata`.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

/// Edges inside the workspace: crate -> what it may import. Functions are added below.
const SHARED: [(&str, &[&str]); 6] = [
    ("domain", &[]),
    ("events", &["domain"]),
    ("search-index", &["domain"]),
    ("store", &["domain", "events"]),
    ("entrypoint", &["domain", "events", "store"]),
    ("pages", &["domain", "entrypoint"]),
];

/// What every function may import, and what some may besides.
const FUNCTION: [&str; 5] = ["domain", "events", "store", "entrypoint", "pages"];
const WITH_INDEX: [&str; 3] = ["indexing", "search", "routing"];

/// Libraries that stand only where listed; `*` at the end stands for any ending.
const KEPT_APART: [(&str, &[&str]); 10] = [
    ("aws-sdk-*", &["store", "entrypoint", "vmeste"]),
    ("aws-sdk-dynamodb", &["store", "vmeste"]),
    ("aws-sdk-sqs", &["entrypoint", "vmeste"]),
    ("lambda_*", &["entrypoint"]),
    (
        "axum",
        &["entrypoint", "pages", "vmeste", "portal", "directory", "intake", "casework", "surveys", "search"],
    ),
    ("tantivy", &["search-index"]),
    ("object_store", &["search-index"]),
    ("dynoxide-rs", &["vmeste"]),
    ("rustack-*", &["vmeste"]),
    ("saphyr", &["vmeste"]),
];

fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Normal dependencies of every package of the workspace.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let metadata = metadata();
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
                FUNCTION.into_iter().chain(index).collect()
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

#[test]
fn the_domain_has_no_clock_no_randomness_and_no_io() {
    for crate_name in ["tokio", "getrandom", "rand", "reqwest", "axum", "tracing"] {
        assert!(!dependencies()["domain"].contains(crate_name), "domain must not import {crate_name}");
    }
    let forbidden =
        ["Timestamp::now", "Zoned::now", "SystemTime", "Instant::now", "now_v7", "std::env", "std::fs"];
    let folder = super::repository("functions/shared/domain/src");
    let mut files = vec![folder];
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

//! Contracts: the template, the code, the samples and the descriptions say the same.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on is a failed test")]

mod authorization;
mod circles;
mod imports;
mod openapi;
mod samples;
mod template;
mod texts;

use std::path::{Path, PathBuf};

/// A file of the repository.
fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Compares a checked-in text with what the program says now; `UPDATE=1` writes it.
fn compare(path: &str, now: &str) {
    let file = repository(path);
    if std::env::var("UPDATE").is_ok() {
        std::fs::write(&file, now).unwrap();
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        kept == now,
        "{path} is not what the program says now; look at the difference after UPDATE=1 cargo test"
    );
}

//! Texts of a file, for messages that are put together from their sentences.

use std::path::Path;

use anyhow::{Context, ensure};
use vmeste::generator::Sentences;

/// The sentences of the column `text` of a CSV file.
pub(super) fn read(path: &Path) -> anyhow::Result<Sentences> {
    let named = || format!("{} cannot be read", path.display());
    let mut file = csv::Reader::from_path(path).with_context(named)?;
    let column = file.headers().with_context(named)?.iter().position(|name| name == "text");
    let column = column.with_context(|| format!("{} has no column `text`", path.display()))?;
    let mut texts = Vec::new();
    for record in file.records() {
        texts.push(record.with_context(named)?.get(column).unwrap_or_default().to_owned());
    }
    ensure!(!texts.is_empty(), "{} has no texts", path.display());
    Sentences::of(texts).with_context(|| format!("there is not a word in {}", path.display()))
}

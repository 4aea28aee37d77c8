//! The index itself, asked through what it offers to everybody.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use domain::TerritoryId;
use jiff::Timestamp;
use search_index::{Filter, Hits, IndexWriter, Line, Page, Query, Searcher, SnapshotReader};

use crate::messages::{Messages, region, topic};
use crate::raw::Cell;
use crate::times::worked;

pub(crate) struct Here {
    searcher: Arc<Searcher>,
    /// Every territory that it knows.
    territories: Vec<TerritoryId>,
    // Last: it must be there as long as the files are read.
    _reader: SnapshotReader,
}

/// Publishes an index of all messages in the folder, and says how many seconds of the processor that took. Then what has
/// changed is published as well, batch by batch.
pub(crate) async fn fill(messages: &Messages, folder: &Path, batch: usize) -> anyhow::Result<f64> {
    std::fs::create_dir_all(folder)?;
    let store = objects::open(&format!("file://{}", folder.join("index").display()))?;
    let begun = worked();
    let mut writer = IndexWriter::rebuild(store, &folder.join("work")).await?;
    let numbers: Vec<usize> = (0..messages.documents.len()).collect();
    for numbers in numbers.chunks(batch) {
        writer.apply(numbers.iter().map(|number| messages.first(*number)).collect()).await?;
    }
    writer.publish().await?;
    let took = worked() - begun;
    let changed: Vec<usize> = messages.changed().collect();
    for numbers in changed.chunks(batch) {
        writer.apply(numbers.iter().map(|number| messages.documents[*number].clone()).collect()).await?;
        writer.publish().await?;
    }
    Ok(took)
}

impl Here {
    pub(crate) async fn open(folder: &Path) -> anyhow::Result<Self> {
        let store = objects::open(&format!("file://{}", folder.join("index").display()))?;
        let reader = SnapshotReader::open(store, &folder.join("cache")).await?;
        let searcher = reader.latest().await?;
        let known = searcher.facets(&Query::default())?.territory;
        let territories = known.iter().map(|(id, _)| id.parse()).collect::<Result<_, _>>()?;
        Ok(Self { searcher, territories, _reader: reader })
    }

    pub(crate) fn best(&self, query: &Query, limit: usize) -> anyhow::Result<Hits> {
        Ok(self.searcher.search(query, Page { offset: 0, limit })?)
    }

    /// What was received in the region of this territory since then.
    pub(crate) fn filter(&self, territory: &TerritoryId, from: Timestamp) -> Filter {
        let wanted = region(territory.as_str());
        let territories = self.territories.iter().filter(|id| region(id.as_str()) == wanted);
        Filter {
            territories: Some(territories.cloned().collect()),
            received_from: Some(from),
            ..Filter::default()
        }
    }

    pub(crate) fn grid(&self, query: &Query, now: Timestamp) -> anyhow::Result<search_index::MatrixCounts> {
        Ok(self.searcher.matrix(
            query,
            |category| Some(topic(category)),
            |territory| Some(region(territory)),
            now,
        )?)
    }
}

/// A typed line as a question.
pub(crate) fn typed(line: &str) -> anyhow::Result<Query> {
    let words = Line::read(line).map_err(|mistakes| anyhow::anyhow!("{mistakes:?}"))?.words;
    Ok(Query { words, ..Query::default() })
}

/// The cells of a matrix, in order, as numbers.
pub(crate) fn cells(grid: &search_index::MatrixCounts, messages: &Messages) -> anyhow::Result<Vec<Cell>> {
    let mut cells = Vec::new();
    let places = grid.rows.iter().flat_map(|row| grid.columns.iter().map(move |column| (row, column)));
    for ((row, column), it) in places.zip(&grid.cells).filter(|(_, cell)| cell.count > 0) {
        let (topic, region) = messages.numbers(row, column).context("a name that no message has")?;
        cells.push([topic, region, it.count, it.open, it.overdue, it.marks, it.mark_sum]);
    }
    cells.sort_unstable();
    Ok(cells)
}

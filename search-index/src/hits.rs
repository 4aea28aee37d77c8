//! From documents of tantivy to rows, in blocks.

use tantivy::collector::SegmentCollector;
use tantivy::columnar::Column;
use tantivy::{COLLECT_BLOCK_BUFFER_LEN, DocId, Score};

/// Gathers the rows of the documents of a segment. In segments with deletions tantivy hands documents over one by one.
pub(crate) struct Gathered {
    column: Column<u64>,
    waiting: Vec<DocId>,
    values: Vec<Option<u64>>,
    rows: Vec<u32>,
}

impl Gathered {
    pub(crate) fn new(column: Column<u64>) -> Self {
        let waiting = Vec::with_capacity(COLLECT_BLOCK_BUFFER_LEN);
        Self { column, waiting, values: Vec::new(), rows: Vec::new() }
    }

    fn read(&mut self, docs: &[DocId]) {
        self.values.clear();
        self.values.resize(docs.len(), None);
        self.column.first_vals(docs, &mut self.values);
        self.rows.extend(self.values.iter().flatten().filter_map(|row| u32::try_from(*row).ok()));
    }
}

impl SegmentCollector for Gathered {
    type Fruit = Vec<u32>;

    fn collect(&mut self, doc: DocId, _score: Score) {
        self.waiting.push(doc);
        if self.waiting.len() == COLLECT_BLOCK_BUFFER_LEN {
            let waiting = std::mem::take(&mut self.waiting);
            self.read(&waiting);
            self.waiting = waiting;
            self.waiting.clear();
        }
    }

    fn collect_block(&mut self, docs: &[DocId]) {
        self.read(docs);
    }

    fn harvest(mut self) -> Vec<u32> {
        let waiting = std::mem::take(&mut self.waiting);
        self.read(&waiting);
        self.rows
    }
}

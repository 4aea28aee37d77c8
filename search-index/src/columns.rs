//! Reading columns in blocks, for the collectors that count every matching document.

use tantivy::collector::SegmentCollector;
use tantivy::columnar::{Column, StrColumn};
use tantivy::{COLLECT_BLOCK_BUFFER_LEN, DocId, Score, SegmentReader, TantivyError};

/// Something that counts documents block by block.
pub(crate) trait Blocks: 'static {
    /// What a segment yields.
    type Fruit: Send + 'static;

    /// Counts these documents.
    fn count(&mut self, docs: &[DocId]);

    /// Ends the segment.
    fn finish(self) -> Self::Fruit;
}

/// Gathers single documents into blocks: in segments with deletions tantivy hands them over one by one.
pub(crate) struct Gathered<B> {
    blocks: B,
    waiting: Vec<DocId>,
}

impl<B> Gathered<B> {
    pub(crate) fn new(blocks: B) -> Self {
        Self { blocks, waiting: Vec::with_capacity(COLLECT_BLOCK_BUFFER_LEN) }
    }
}

impl<B: Blocks> SegmentCollector for Gathered<B> {
    type Fruit = B::Fruit;

    fn collect(&mut self, doc: DocId, _score: Score) {
        self.waiting.push(doc);
        if self.waiting.len() == COLLECT_BLOCK_BUFFER_LEN {
            self.blocks.count(&self.waiting);
            self.waiting.clear();
        }
    }

    fn collect_block(&mut self, docs: &[DocId]) {
        self.blocks.count(docs);
    }

    fn harvest(mut self) -> B::Fruit {
        self.blocks.count(&self.waiting);
        self.blocks.finish()
    }
}

/// A column and room for the values of one block. A segment in which no document has a value has no column.
pub(crate) struct Values<T> {
    column: Option<Column<T>>,
    block: Vec<Option<T>>,
}

impl<T: PartialOrd + Copy + std::fmt::Debug + Send + Sync + 'static> Values<T> {
    pub(crate) fn new(column: Option<Column<T>>) -> Self {
        Self { column, block: Vec::new() }
    }

    /// The values of these documents, in their order.
    pub(crate) fn read(&mut self, docs: &[DocId]) -> &[Option<T>] {
        self.block.clear();
        self.block.resize(docs.len(), None);
        if let Some(column) = &self.column {
            column.first_vals(docs, &mut self.block);
        }
        &self.block
    }
}

/// A column of names: documents carry ordinals, the dictionary of the segment says what they mean.
pub(crate) struct Names {
    pub(crate) ordinals: Values<u64>,
    dictionary: Option<StrColumn>,
}

impl Names {
    pub(crate) fn open(segment: &SegmentReader, column: &str) -> tantivy::Result<Self> {
        let dictionary = segment.fast_fields().str(column)?;
        let ordinals = dictionary.as_ref().map(|names| names.ords().clone());
        Ok(Self { ordinals: Values::new(ordinals), dictionary })
    }

    /// How many different names the segment knows, deleted documents included.
    pub(crate) fn len(&self) -> usize {
        self.dictionary.as_ref().map_or(0, |names| names.num_terms())
    }

    /// The names of these ordinals, which must ascend and be such as `ordinals` yields. In one pass: looking up
    /// one by one reads a block of the dictionary each time.
    pub(crate) fn names(&self, ordinals: &[u64]) -> tantivy::Result<Vec<String>> {
        let mut names = Vec::with_capacity(ordinals.len());
        if let Some(dictionary) = &self.dictionary {
            let mut push = |name: &[u8]| names.push(String::from_utf8_lossy(name).into_owned());
            dictionary.dictionary().sorted_ords_to_term_cb(ordinals, &mut push)?;
        }
        if names.len() == ordinals.len() {
            return Ok(names);
        }
        Err(TantivyError::InternalError("an ordinal has no name".to_owned()))
    }
}

//! Russian text: how it falls into words, which spellings are one word, and what the stem of a word is.
//!
//! Everything that reads Russian text reads it with this crate: the index, its queries, and callers that compare texts without
//! an index. It knows nothing of tantivy, of submissions or of the directory, and does no I/O.
//!
//! The words of the index on disk are made by [`stems`]. If [`stems`] gives another result for any text, the format of the
//! index's words changes (`WORDS_FORMAT` in `search-index`), and every index must be made anew.

mod fold;
mod stems;
mod stop_words;
mod tokens;

pub use fold::{compose, fold};
pub use stems::{Stem, Stems, WORD_LIMIT, stem, stems};
pub use stop_words::is_stop_word;
pub use tokens::{Token, Tokens, tokens};

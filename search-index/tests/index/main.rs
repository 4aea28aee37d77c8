//! The index as its callers use it: documents go in through a writer, questions are asked of a reader's snapshot.

mod cleaning;
mod common;
mod damage;
mod earlier_format;
mod killed;
mod lost;
mod matrix;
mod publication;
mod rebuild;
mod report;
mod search;

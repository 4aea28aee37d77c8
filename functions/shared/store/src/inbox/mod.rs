//! What organizations have open: lists by deadline, and counts that are exact at any size.
//!
//! The submissions of an inbox that have the same status, the same caseworker and no or some dispute form a [cell](InboxCell).
//! Counters say how many each cell has, how many end on which day and how many are of which category. They change in the
//! transaction of each change, so they are right at every moment, also after a crash. The index `cell` lists what a cell holds;
//! the index `inbox` lists all that an organization has open.

mod cell;
mod count;
mod entry;
mod list;
mod recount;
mod span;

pub use cell::InboxCell;
pub use count::{InboxCounts, OrganizationCounts};
pub use entry::{InboxEntry, TermEnd};
pub use list::InboxList;
pub use span::Span;

pub(crate) use cell::cell_of;
pub(crate) use count::count;
pub(crate) use entry::cell_attributes;

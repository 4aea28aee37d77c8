//! The platform's state in DynamoDB.
//!
//! Only the portable subset is used: `GetItem`, `PutItem`, `UpdateItem`, `DeleteItem`, `Query`, `BatchGetItem`, `BatchWriteItem` and
//! `TransactWriteItems` of at most 25 actions. The keys stand in [`keys`], the access patterns in the README beside.

mod admin;
mod aggregate;
mod alarm;
mod ballot;
mod commit;
mod delivery;
mod directory;
mod error;
mod follower;
mod inbox;
mod item;
pub mod keys;
mod notice;
mod page;
mod people;
mod poll;
mod read;
mod reply;
mod satisfaction;
mod submission;
mod submission_state;
mod tables;
mod template;
mod totals;
mod transaction;

pub use aws_sdk_dynamodb::Client;

pub use admin::Scanned;
pub use aggregate::{Aggregate, NewEvent};
pub use ballot::LoggedBallots;
pub use commit::{Accompanying, Commit, TransactionParts};
pub use delivery::PendingDelivery;
pub use directory::{DirectoryChange, DirectoryInfo, FoundOrganizations, PlacedOrganization};
pub use error::{CommitError, StoreError};
pub use follower::{FollowerList, FollowersTold, follower_lists};
pub use inbox::{InboxCell, InboxCounts, InboxEntry, InboxList, OrganizationCounts, Span, TermEnd};
pub use notice::Notice;
pub use page::Page;
pub use people::Contact;
pub use poll::PollResult;
pub use reply::StoredReply;
pub use submission::Record;
pub use tables::Store;
pub use totals::{SolvedLately, Totals};
pub use transaction::Transaction;

//! What can go wrong with the database.

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;

/// The database did not do what it was asked to. Nobody's input is at fault; trying again may help.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A call failed.
    #[error("DynamoDB {operation} failed")]
    Call {
        /// Which call.
        operation: &'static str,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// An item is not what it should be.
    #[error("the item {key} cannot be read")]
    Unreadable {
        /// Which item.
        key: String,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// More than an item can hold.
    #[error("{bytes} bytes, and there is room for {room}")]
    TooLong {
        /// Bytes of the body, compressed.
        bytes: usize,
        /// Bytes for which there is room.
        room: usize,
    },
    /// More than one transaction can hold.
    #[error("{actions} actions in one transaction, and there may be {most}")]
    TooManyActions {
        /// Actions that were wanted.
        actions: usize,
        /// Actions that every engine takes.
        most: usize,
    },
    /// A page's cursor does not belong to the list.
    #[error("the cursor does not belong to this list")]
    Cursor,
    /// There is no directory yet.
    #[error("no directory has been loaded: run `vmeste directory load FILE`")]
    NoDirectory,
}

impl StoreError {
    /// Wraps the error of a call.
    pub(crate) fn call<E, R>(operation: &'static str) -> impl FnOnce(SdkError<E, R>) -> Self
    where
        E: std::error::Error + Send + Sync + 'static,
        R: std::fmt::Debug + Send + Sync + 'static,
    {
        move |source| Self::Call { operation, source: source.into() }
    }

    /// Wraps a failure to read an item.
    pub(crate) fn unreadable(
        key: impl Into<String>,
        source: impl std::error::Error + Send + Sync + 'static,
    ) -> Self {
        Self::Unreadable { key: key.into(), source: Box::new(source) }
    }
}

/// Why a commit did not happen.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// Somebody else changed the subject since it was read; a new one exists already.
    #[error("it has been changed by somebody else meanwhile")]
    Conflict,
    /// The delivery is gone: its effect has happened before.
    #[error("this delivery has been handled already")]
    Handled,
    /// A request with the same idempotency key was answered meanwhile.
    #[error("a request with this idempotency key has been answered already")]
    Replied,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The reasons, action by action, why a transaction was cancelled; empty if it failed otherwise.
pub(crate) fn cancellation<R>(error: &SdkError<TransactWriteItemsError, R>) -> Vec<String> {
    let Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) = error.as_service_error()
    else {
        return Vec::new();
    };
    let reasons = cancelled.cancellation_reasons().iter();
    reasons.map(|reason| reason.code().unwrap_or_default().to_owned()).collect()
}

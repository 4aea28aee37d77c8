//! Codes of people who have signed in, on their way to be exchanged for a token.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use domain::PersonId;

/// Codes that wait for their exchange.
pub(super) type Grants = Arc<Mutex<HashMap<String, Grant>>>;

/// What a code stands for.
#[derive(Debug, Clone)]
pub(super) struct Grant {
    pub(super) subject: PersonId,
    pub(super) nonce: Option<String>,
    pub(super) challenge: String,
    pub(super) redirect: String,
    pub(super) given: Instant,
}

/// A code is good for a minute.
pub(super) const CODE_AGE: Duration = Duration::from_mins(1);

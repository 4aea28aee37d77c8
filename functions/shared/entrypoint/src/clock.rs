//! The time, as an argument for the domain.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;

/// Tells the time. Tests may put it forward; on AWS nobody can.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    ahead: Arc<AtomicI64>,
}

impl Clock {
    /// The instant, to the microsecond.
    pub fn now(&self) -> Timestamp {
        let now = Timestamp::now();
        let ahead = jiff::SignedDuration::from_secs(self.ahead.load(Ordering::Relaxed));
        let micros = now.checked_add(ahead).unwrap_or(now).as_microsecond();
        Timestamp::from_microsecond(micros).unwrap_or(now)
    }

    /// Puts every clone of this clock forward by so many seconds.
    pub fn advance(&self, seconds: i64) {
        self.ahead.fetch_add(seconds, Ordering::Relaxed);
    }
}

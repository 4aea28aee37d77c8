//! Journeys through the whole platform, over HTTP, each in a platform of its own.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on is a failed test")]
#![recursion_limit = "256"]

mod analyst;
mod appeal;
mod bad_input;
mod citizen;
mod clerk;
mod client;
mod clock;
mod crash;
mod damage;
mod directory;
mod directory_admin;
mod duplicates;
mod earlier_data;
mod faults;
mod forwarding;
mod generate;
mod idempotency;
mod identity;
mod import;
mod notifications;
mod one_version;
mod page;
mod payload;
mod platform;
mod poison;
mod poll_checks;
mod poll_followers;
mod poll_wizard;
mod polls;
mod polls_under_faults;
mod portal;
mod privilege;
mod rating;
mod recount;
mod reindex;
mod relay;
mod report;
mod search;
mod sight;
mod stack;
mod voter;

//! The pages in a real browser: Chromium through its driver, with scripts on and off, narrow and wide.
//!
//! ```text
//! AXE=…/axe-core/axe.min.js cargo test --features browser --test browser
//! ```
//!
//! Needs `chromium` and `chromedriver` on the path (Debian: `chromium`, `chromium-driver`) and axe-core from npm.
#![recursion_limit = "256"]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on is a failed test")]

mod accessibility;
mod analyst;
mod browser;
mod citizen;
mod clerk;
#[path = "../journeys/client.rs"]
#[expect(dead_code, reason = "the journeys use all of it")]
mod client;
mod hostile;
mod improvements;
#[path = "../journeys/page.rs"]
#[expect(dead_code, reason = "the journeys use all of it")]
mod page;
#[path = "../journeys/platform.rs"]
#[expect(dead_code, reason = "the journeys use all of it")]
mod platform;
mod polls;
#[path = "../journeys/stack.rs"]
mod stack;

//! Logs: one JSON object a line, following a submission by `submission.id`. Never a body, name, phone or token.

use tracing_subscriber::EnvFilter;

/// Starts logging to standard error. `filter` is a `tracing` filter such as `info,store=debug`; `json` for machines,
/// otherwise for people. A second call does nothing.
pub fn init(filter: &str, json: bool) {
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let _already_started = if json {
        builder.json().flatten_event(true).try_init()
    } else {
        builder.compact().without_time().try_init()
    };
}

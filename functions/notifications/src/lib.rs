//! Tells people what happened: a notice in the pages, and mail if they want it.
//!
//! A notice is written once; mail goes out at least once, with the event's id in its `Message-ID`. The recipients who have been
//! mailed are remembered, so that one address that fails does not make the others get the same mail again. An address that
//! cannot be reached keeps its delivery for three days. Then the delivery is given up.

mod dispatch;
mod followers;
mod mail;
mod mailer;
mod matter;
mod notifier;
mod people;

pub use notifier::Notifier;

#[cfg(test)]
mod tests;

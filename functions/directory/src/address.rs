//! Addresses of pages.

use askama::filters::urlencode_strict;
use domain::directory::Section;

/// Where an entry has its page.
pub(crate) fn entry(section: Section, id: &str) -> String {
    let id = urlencode_strict(id).map(|id| id.to_string()).unwrap_or_default();
    format!("/directory/entries/{section}/{id}")
}

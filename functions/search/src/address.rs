//! Addresses of pages: the whole state of a page is in its query, so that a link shows the same to somebody else.

use std::fmt;

/// A path with parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address {
    path: String,
    pairs: Vec<(String, String)>,
}

/// Parameters that belong to one look at a page.
const PASSING: [&str; 4] = ["cursor", "done", "format", "limit"];

impl Address {
    pub(crate) fn new(path: impl Into<String>) -> Self {
        Self { path: path.into(), pairs: Vec::new() }
    }

    /// The address of the page shown, from its path and query.
    pub(crate) fn of(here: &str) -> Self {
        let (path, query) = here.split_once('?').unwrap_or((here, ""));
        let pairs = form_urlencoded::parse(query.as_bytes()).into_owned();
        let kept = pairs.filter(|(name, value)| !value.is_empty() && !PASSING.contains(&name.as_str()));
        Self { path: path.to_owned(), pairs: kept.collect() }
    }

    /// What a parameter says; empty if it is not there.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.pairs.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// With this parameter, in place of what it said before.
    pub(crate) fn with(&self, name: &str, value: impl fmt::Display) -> Self {
        let mut address = self.without(name);
        address.pairs.push((name.to_owned(), value.to_string()));
        address
    }

    /// Without this parameter.
    pub(crate) fn without(&self, name: &str) -> Self {
        let kept = self.pairs.iter().filter(|(known, _)| known != name).cloned();
        Self { path: self.path.clone(), pairs: kept.collect() }
    }

    /// Another page with some of these parameters.
    pub(crate) fn to(&self, path: &str, names: &[&str]) -> Self {
        let kept = self.pairs.iter().filter(|(name, _)| names.contains(&name.as_str())).cloned();
        Self { path: path.to_owned(), pairs: kept.collect() }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)?;
        if self.pairs.is_empty() {
            return Ok(());
        }
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(&self.pairs);
        write!(f, "?{}", query.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_keeps_everything_but_where_one_was_in_the_list() {
        let here = Address::of("/search?q=%D1%8F%D0%BC%D0%B0+%26&status=&cursor=abc&kind=report");
        assert_eq!(here.get("q"), "яма &");
        assert_eq!(here.with("kind", "appeal").to_string(), "/search?q=%D1%8F%D0%BC%D0%B0+%26&kind=appeal");
        assert_eq!(here.without("q").without("kind").to_string(), "/search");
        assert_eq!(here.to("/matrix", &["kind"]).to_string(), "/matrix?kind=report");
    }
}

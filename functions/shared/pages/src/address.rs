//! Addresses of pages: the whole state of a page is in its query, so that a link shows the same to somebody else.

use std::fmt;

/// A path with parameters. An empty parameter is the same as none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    path: String,
    pairs: Vec<(String, String)>,
}

/// Parameters of one visit: they are of no use in a link to the same page.
const PASSING: [&str; 4] = ["cursor", "done", "format", "limit"];

impl Address {
    /// A path without parameters.
    pub fn new(path: impl Into<String>) -> Self {
        Self { path: path.into(), pairs: Vec::new() }
    }

    /// The address with this path and query.
    pub fn of(here: &str) -> Self {
        let (path, query) = here.split_once('?').unwrap_or((here, ""));
        let pairs = form_urlencoded::parse(query.as_bytes()).into_owned();
        Self { path: path.to_owned(), pairs: pairs.filter(|(_, value)| !value.is_empty()).collect() }
    }

    /// Without the parameters of one visit: the place in a list, a message about what was just done, the form of a file.
    #[must_use]
    pub fn lasting(mut self) -> Self {
        self.pairs.retain(|(name, _)| !PASSING.contains(&name.as_str()));
        self
    }

    /// The value of a parameter; empty if it is not there.
    pub fn get(&self, name: &str) -> &str {
        self.pairs.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// With this parameter, in place of its former value.
    #[must_use]
    pub fn with(&self, name: &str, value: impl fmt::Display) -> Self {
        let mut address = self.without(name);
        let value = value.to_string();
        if !value.is_empty() {
            address.pairs.push((name.to_owned(), value));
        }
        address
    }

    /// Without this parameter.
    #[must_use]
    pub fn without(&self, name: &str) -> Self {
        let kept = self.pairs.iter().filter(|(known, _)| known != name).cloned();
        Self { path: self.path.clone(), pairs: kept.collect() }
    }

    /// Another page with some of these parameters.
    #[must_use]
    pub fn to(&self, path: &str, names: &[&str]) -> Self {
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
    fn a_link_keeps_everything_but_the_place_in_the_list() {
        let here = Address::of("/search?q=%D1%8F%D0%BC%D0%B0+%26&status=&cursor=abc&kind=report").lasting();
        assert_eq!(here.get("q"), "яма &");
        assert_eq!(here.with("kind", "appeal").to_string(), "/search?q=%D1%8F%D0%BC%D0%B0+%26&kind=appeal");
        assert_eq!(here.without("q").without("kind").to_string(), "/search");
        assert_eq!(here.to("/matrix", &["kind"]).to_string(), "/matrix?kind=report");
    }

    #[test]
    fn a_list_is_left_and_found_again_with_its_place_and_what_was_done() {
        let list = Address::of("/workspace/inbox?view=mine&cursor=abc");
        assert_eq!(
            list.with("done", "assigned").to_string(),
            "/workspace/inbox?view=mine&cursor=abc&done=assigned"
        );
        assert_eq!(
            Address::of("/workspace/inbox?").with("done", "assigned").to_string(),
            "/workspace/inbox?done=assigned"
        );
        let case = Address::new("/workspace/submissions/7");
        assert_eq!(case.with("list", "").to_string(), "/workspace/submissions/7", "no list, no parameter");
        assert_eq!(
            case.with("list", "view=mine&kind=report").to_string(),
            "/workspace/submissions/7?list=view%3Dmine%26kind%3Dreport"
        );
    }
}

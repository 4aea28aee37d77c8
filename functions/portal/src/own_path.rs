//! Where people are led on to after signing in or choosing a language: only within this site.

/// A path of this site, and nothing that a browser would take for another one.
pub(crate) fn own_path(wanted: Option<&str>) -> &str {
    let own = |path: &&str| {
        path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\r', '\n', '\t'])
    };
    wanted.filter(own).unwrap_or("/")
}

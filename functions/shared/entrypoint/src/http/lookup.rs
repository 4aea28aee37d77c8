//! Entries of the directory as people and programs name them: by id, or by name.
//!
//! The order is the same everywhere: the entry with this id, else the one with exactly this name, else the one with this
//! name in any case. Names need not be unique, so a name may be ambiguous; then the ids of its bearers are told.

use std::fmt;
use std::str::FromStr;

use domain::reason::Reason;
use domain::tree::{Node, Tree};
use store::{PlacedOrganization, Store, StoreError};

/// Longer names are not repeated whole in an error.
const SHOWN: usize = 80;
/// Ids told of an ambiguous name, at most.
const CANDIDATES: usize = 5;

/// Why what was wanted is no single entry of the directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoEntry {
    /// Nothing has this id or this name.
    Unknown {
        /// The id or the name that was given, shortened.
        wanted: String,
    },
    /// Several entries have this name.
    Ambiguous {
        /// The name that was given, shortened.
        wanted: String,
        /// Ids of the first entries with this name.
        candidates: Vec<String>,
    },
}

impl NoEntry {
    fn unknown(wanted: &str) -> Self {
        Self::Unknown { wanted: shortened(wanted) }
    }

    fn wanted(&self) -> &str {
        match self {
            Self::Unknown { wanted } | Self::Ambiguous { wanted, .. } => wanted,
        }
    }
}

impl fmt::Display for NoEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown { wanted } => {
                write!(f, "there is no «{wanted}» in the directory; give the id or the name of an entry")
            }
            Self::Ambiguous { wanted, candidates } => {
                write!(
                    f,
                    "several entries are called «{wanted}»; give the id of one: {}",
                    candidates.join(", ")
                )
            }
        }
    }
}

impl Reason for NoEntry {
    fn code(&self) -> &'static str {
        match self {
            Self::Unknown { .. } => "unknown-entry",
            Self::Ambiguous { .. } => "ambiguous-entry",
        }
    }

    fn parts(&self) -> Vec<(&'static str, String)> {
        let wanted = ("wanted", self.wanted().to_owned());
        match self {
            Self::Unknown { .. } => vec![wanted],
            Self::Ambiguous { candidates, .. } => vec![wanted, ("candidates", candidates.join(", "))],
        }
    }
}

/// The node of a tree.
///
/// # Errors
/// [`NoEntry`] if there is none, or not one alone.
pub fn node<'t, N: Node>(tree: &'t Tree<N>, wanted: &str) -> Result<&'t N, NoEntry>
where
    N::Id: FromStr,
{
    let wanted = wanted.trim();
    if let Some(node) = wanted.parse().ok().and_then(|id| tree.get(&id)) {
        return Ok(node);
    }
    let named = bearers(wanted, || tree.iter(), |node| node.name());
    one(wanted, &named, |node| node.id().to_string())
}

/// The organization, of all.
///
/// # Errors
/// [`NoEntry`] if there is none, or not one alone.
pub fn organization<'o>(
    all: &'o [PlacedOrganization],
    wanted: &str,
) -> Result<&'o PlacedOrganization, NoEntry> {
    one(wanted, &organizations(all, wanted), |organization| organization.id.to_string())
}

/// The organizations that are called so, of all; a filter by a name lets through all of its bearers.
pub fn organizations<'o>(all: &'o [PlacedOrganization], wanted: &str) -> Vec<&'o PlacedOrganization> {
    let wanted = wanted.trim();
    if let Some(found) = all.iter().find(|organization| organization.id.as_str() == wanted) {
        return vec![found];
    }
    bearers(wanted, || all.iter(), |organization| organization.name.as_str())
}

/// The organization of the current directory. An id needs one read; the list of all is read for a name alone.
///
/// # Errors
/// The outer error if the database fails; [`NoEntry`] if there is no such organization, or not one alone.
pub async fn find_organization(
    store: &Store,
    wanted: &str,
) -> Result<Result<PlacedOrganization, NoEntry>, StoreError> {
    if let Ok(id) = wanted.trim().parse()
        && let Some(found) = store.organization(&id).await?
    {
        return Ok(Ok(found));
    }
    Ok(organization(&store.organizations().await?, wanted).cloned())
}

/// The entries with exactly this name, else those with this name in any case.
fn bearers<'e, E, I: Iterator<Item = &'e E>>(
    wanted: &str,
    entries: impl Fn() -> I,
    name: impl Fn(&'e E) -> &'e str,
) -> Vec<&'e E> {
    let exactly: Vec<&E> = entries().filter(|entry| name(entry) == wanted).collect();
    if !exactly.is_empty() {
        return exactly;
    }
    let lower = wanted.to_lowercase();
    entries().filter(|entry| name(entry).to_lowercase() == lower).collect()
}

fn one<'e, E>(wanted: &str, found: &[&'e E], id: impl Fn(&E) -> String) -> Result<&'e E, NoEntry> {
    match found {
        [one] => Ok(one),
        [] => Err(NoEntry::unknown(wanted)),
        several => {
            let mut candidates: Vec<String> = several.iter().map(|entry| id(entry)).collect();
            candidates.sort();
            candidates.truncate(CANDIDATES);
            Err(NoEntry::Ambiguous { wanted: shortened(wanted), candidates })
        }
    }
}

fn shortened(wanted: &str) -> String {
    wanted.chars().take(SHOWN).collect()
}

#[cfg(test)]
mod tests {
    use domain::territory::Territory;

    use super::*;

    fn territory(id: &str, name: &str) -> Territory {
        Territory {
            id: id.parse().unwrap(),
            name: name.into(),
            parent: None,
            time_zone: None,
            calendar: None,
            default_organization: None,
        }
    }

    fn tree() -> Tree<Territory> {
        let named = [
            ("lugovoy", "Луговой"),
            ("c-1", "Центр"),
            ("c-2", "Центр"),
            ("c-3", "центр"),
            ("yama", "lugovoy"),
        ];
        Tree::build(named.map(|(id, name)| territory(id, name)).into()).unwrap()
    }

    #[test]
    fn an_entry_is_meant_by_its_id_else_by_its_name() {
        let tree = tree();
        for (wanted, meant) in [
            ("lugovoy", Ok("lugovoy")), // an id comes before the name of another entry
            (" lugovoy ", Ok("lugovoy")),
            ("Луговой", Ok("lugovoy")),
            ("ЛУГОВОЙ", Ok("lugovoy")),
            ("центр", Ok("c-3")), // exactly this name comes before this name in any case
            ("Центр", Err("ambiguous-entry c-1, c-2")),
            ("ЦЕНТР", Err("ambiguous-entry c-1, c-2, c-3")),
            ("Лугово", Err("unknown-entry")),
            ("", Err("unknown-entry")),
        ] {
            let found = node(&tree, wanted);
            let told = found.as_ref().map(|found| found.id.as_str()).map_err(|error| {
                let candidates = error.parts().into_iter().find(|(part, _)| *part == "candidates");
                let candidates = candidates.map(|(_, ids)| format!(" {ids}")).unwrap_or_default();
                format!("{}{candidates}", error.code())
            });
            assert_eq!(told, meant.map_err(str::to_owned), "{wanted:?}");
        }
    }

    #[test]
    fn a_long_name_is_not_repeated_whole_and_few_candidates_are_told() {
        let many: Vec<Territory> =
            (0..20).map(|number| territory(&format!("t-{number:02}"), "Село")).collect();
        let tree = Tree::build(many).unwrap();
        let NoEntry::Ambiguous { candidates, .. } = node(&tree, "село").unwrap_err() else { panic!() };
        assert_eq!(candidates, ["t-00", "t-01", "t-02", "t-03", "t-04"]);
        let error = node(&tree, &"я".repeat(1_000)).unwrap_err();
        assert_eq!(error.wanted().chars().count(), SHOWN);
    }
}

//! The JSON of a search: hits, facets, timeline.

use domain::rulebook::Rulebook;
use domain::submission::Submission;
use domain::tree::{Node, Tree};
use domain::{OrganizationId, Status, SubmissionId, SubmissionKind};
use jiff::Timestamp;
use pages::submission::Named;
use search_index::{Facets, Fragment};
use serde::Serialize;
use utoipa::ToSchema;

use crate::intervals::Timeline;
use crate::names::{OrganizationNames, node, organization};

/// The largest number of values of a facet; statuses are few.
const FACET_LIMIT: usize = 20;

/// A submission that was found. Text, snippet, place, organization and the number in another system are for those who may read
/// it: analysts, and staff of the organizations that work on it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Found {
    #[schema(value_type = String, format = Uuid)]
    pub(crate) id: SubmissionId,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) external_id: Option<String>,
    #[schema(value_type = String)]
    pub(crate) kind: SubmissionKind,
    #[schema(value_type = String)]
    pub(crate) status: Status,
    pub(crate) category: Option<Named>,
    pub(crate) territory: Named,
    pub(crate) place: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) received: Timestamp,
    /// The first instant after the running term.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) due: Option<Timestamp>,
    pub(crate) mark: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) organization: Option<Named>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) snippet: Option<Vec<SnippetPart>>,
}

/// A part of a snippet, as plain text.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Piece)]
pub(crate) struct SnippetPart {
    pub(crate) text: String,
    /// This part is a word that was searched for.
    pub(crate) highlighted: bool,
}

/// The number of hits with a value.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FacetCount {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) count: u64,
}

/// The hits by value, the most frequent first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FacetView {
    pub(crate) category: Vec<FacetCount>,
    pub(crate) territory: Vec<FacetCount>,
    /// For those who read texts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) organization: Option<Vec<FacetCount>>,
    pub(crate) status: Vec<FacetCount>,
}

/// A page of hits.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SearchResult {
    /// All hits, shown or not.
    pub(crate) total: usize,
    /// The best first if words are searched for, else the newest.
    pub(crate) items: Vec<Found>,
    /// Give it as `cursor` to get the next page.
    pub(crate) next: Option<String>,
    pub(crate) facets: FacetView,
    /// The hits by time of receipt; null without hits.
    pub(crate) timeline: Option<Timeline>,
    /// Quarters, such as `2026q2`, of which submissions may be missing because the index is damaged and being restored;
    /// normally none.
    pub(crate) missing_quarters: Vec<String>,
}

/// A submission as a hit. Without a text, everything that only its readers may see is left out.
pub(crate) fn found(
    submission: Submission,
    text: Option<String>,
    snippet: Option<Vec<Fragment>>,
    names: &OrganizationNames,
    rulebook: &Rulebook,
) -> Found {
    let reads_texts = text.is_some();
    let due = submission.running_term().filter(|_| !submission.is_paused()).map(|term| term.ends);
    let mark = submission.mark();
    let responsible = submission.organization.filter(|_| reads_texts);
    let part = |f: Fragment| SnippetPart { text: f.text, highlighted: f.highlighted };
    Found {
        id: submission.id,
        external_id: submission.external_id.filter(|_| reads_texts),
        kind: submission.kind,
        status: submission.status,
        category: submission.category.map(|id| node(&rulebook.categories, id.as_str())),
        territory: node(&rulebook.territories, submission.territory.as_str()),
        place: submission.place.filter(|_| reads_texts).map(|place| place.address.as_str().to_owned()),
        received: submission.received,
        due,
        mark,
        organization: responsible.map(|id| organization(id.as_str(), names)),
        text,
        snippet: snippet.map(|all| all.into_iter().map(part).collect()),
    }
}

impl FacetView {
    pub(crate) fn of(
        facets: Facets,
        reads_texts: bool,
        names: &OrganizationNames,
        rulebook: &Rulebook,
    ) -> Self {
        let organization = |(id, count): (String, u64)| {
            let Named { id, name } = organization(&id, names);
            FacetCount { id, name, count }
        };
        let status = |(id, count): (String, u64)| FacetCount { name: id.clone(), id, count };
        let organizations = facets.organization.into_iter().take(FACET_LIMIT).map(organization);
        Self {
            category: nodes(facets.category, &rulebook.categories),
            territory: nodes(facets.territory, &rulebook.territories),
            organization: reads_texts.then(|| organizations.collect()),
            status: facets.status.into_iter().map(status).collect(),
        }
    }
}

fn nodes<N: Node>(counts: Vec<(String, u64)>, tree: &Tree<N>) -> Vec<FacetCount>
where
    N::Id: std::str::FromStr,
{
    let shown = counts.into_iter().take(FACET_LIMIT);
    shown.map(|(id, count)| FacetCount { name: node(tree, &id).name, id, count }).collect()
}

/// The organizations that hits and facets name.
pub(crate) fn mentioned(submissions: &[(Submission, String)], facets: &Facets) -> Vec<OrganizationId> {
    let shown = submissions.iter().filter_map(|(submission, _)| submission.organization.clone());
    let counted = facets.organization.iter().take(FACET_LIMIT).filter_map(|(id, _)| id.parse().ok());
    shown.chain(counted).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::rulebook;

    fn facets() -> Facets {
        let many = |n: usize| (0..n).map(|n| (format!("o-{n}"), 9)).collect();
        Facets {
            category: vec![("pothole".into(), 5), ("gone".into(), 1)],
            territory: vec![("north".into(), 6)],
            organization: many(FACET_LIMIT + 1),
            status: vec![("routed".into(), 6)],
            received: None,
        }
    }

    #[test]
    fn facets_have_names_and_organizations_are_for_readers() {
        let names = OrganizationNames::from([("o-0".parse().unwrap(), "Мэрия".to_owned())]);
        let view = FacetView::of(facets(), true, &names, &rulebook());
        let shown = |counts: &[FacetCount]| -> Vec<(String, String, u64)> {
            counts.iter().map(|facet| (facet.id.clone(), facet.name.clone(), facet.count)).collect()
        };
        let of = |id: &str, name: &str, count| (id.to_owned(), name.to_owned(), count);
        assert_eq!(shown(&view.category), [of("pothole", "Яма", 5), of("gone", "gone", 1)]);
        assert_eq!(shown(&view.territory), [of("north", "Северный", 6)]);
        assert_eq!(shown(&view.status), [of("routed", "routed", 6)]);
        let organizations = shown(&view.organization.unwrap());
        assert_eq!(organizations.len(), FACET_LIMIT);
        assert_eq!(organizations[..2], [of("o-0", "Мэрия", 9), of("o-1", "o-1", 9)]);
        assert!(FacetView::of(facets(), false, &names, &rulebook()).organization.is_none());
    }

    #[test]
    fn only_facets_that_are_shown_need_names() {
        assert_eq!(mentioned(&[], &facets()).len(), FACET_LIMIT);
    }
}

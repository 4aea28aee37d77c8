//! `GET /search`.

use std::collections::HashMap;

use axum::extract::State;
use axum::{Extension, Json};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::OrganizationId;
use domain::rulebook::Rulebook;
use domain::tree::{Node, Tree};
use entrypoint::App;
use entrypoint::http::view::Named;
use entrypoint::http::{Caller, Failure, Problem, Query};
use jiff::Timestamp;
use search_index::{DEPTH_LIMIT, Facets, Hit, Page};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::filter::{Given, Sight};
use crate::reader::Reader;

/// What to find.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct SearchQuery {
    /// Words in any Russian form, all of them wanted; "a phrase" in quotes; -word excludes. For analysts, and for staff
    /// in what their organizations work on.
    q: Option<String>,
    /// Id or exact name; a group stands for all its topics.
    category: Option<String>,
    /// Id or exact name; stands for everything in it.
    territory: Option<String>,
    /// Id or exact name.
    organization: Option<String>,
    /// `open`, or statuses with commas between.
    status: Option<String>,
    /// First day or instant of receipt.
    from: Option<String>,
    /// Last day of receipt, or the instant after the last.
    to: Option<String>,
    /// 1 to 100; 20 if left out.
    limit: Option<usize>,
    /// The value of `next` from the page before.
    cursor: Option<String>,
}

/// A submission that was found. Text, snippet, place and organization are shown to those who may read it: analysts, and
/// staff of the organizations that work on it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Found {
    #[schema(value_type = String, format = Uuid)]
    id: domain::SubmissionId,
    external_id: Option<String>,
    #[schema(value_type = String)]
    kind: domain::SubmissionKind,
    #[schema(value_type = String)]
    status: domain::Status,
    category: Option<Named>,
    territory: Named,
    place: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    received: Timestamp,
    /// The first instant after the running term.
    #[schema(value_type = Option<String>, format = DateTime)]
    due: Option<Timestamp>,
    mark: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    organization: Option<Named>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    snippet: Option<Vec<Piece>>,
}

/// A piece of a snippet. Plain text: whoever shows it marks it up.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Piece {
    text: String,
    /// A word that was searched for.
    highlighted: bool,
}

/// How many hits have a value.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FacetCount {
    id: String,
    name: String,
    count: u64,
}

/// How the hits are spread, the most frequent first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FacetView {
    category: Vec<FacetCount>,
    territory: Vec<FacetCount>,
    organization: Vec<FacetCount>,
    status: Vec<FacetCount>,
}

/// A page of hits.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SearchResult {
    /// All hits, shown or not.
    total: usize,
    /// The best first if words are searched for, else the newest.
    items: Vec<Found>,
    /// Give it as `cursor` to get the next page.
    next: Option<String>,
    facets: FacetView,
}

/// Values shown of each facet.
const FACET_VALUES: usize = 20;

/// Find submissions.
#[utoipa::path(get, path = "/search", tag = "search", params(SearchQuery),
    responses((status = 200, body = SearchResult),
        (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn search(
    State(app): State<App>,
    Extension(reader): Extension<Reader>,
    caller: Caller,
    Query(query): Query<SearchQuery>,
) -> Result<Json<SearchResult>, Failure> {
    let sight = Sight::of(&app, &caller, query.q.as_deref()).await?;
    let reads_texts = sight.reads_texts();
    let page = query.page()?;
    let rulebook = app.store.rulebook().await?;
    let mut meant = query.given().meant(&app, &rulebook).await?;
    sight.confine(&mut meant.query.filter);
    let (hits, facets) = reader
        .ask(&app, move |index| {
            let hits = index.search(&meant.query, page, reads_texts)?;
            Ok((hits, index.facets(&meant.query)?))
        })
        .await?;
    let after = page.offset + hits.items.len();
    let next = (after < hits.total && after < DEPTH_LIMIT && !hits.items.is_empty())
        .then(|| URL_SAFE_NO_PAD.encode(format!("offset {after}")));
    let names = app.store.organization_names(mentioned(&hits.items, &facets)).await?;
    let items = hits.items.into_iter().map(|hit| found(hit, reads_texts, &names, &rulebook)).collect();
    let facets = named(facets, &names, &rulebook);
    Ok(Json(SearchResult { total: hits.total, items, next, facets }))
}

impl SearchQuery {
    fn given(&self) -> Given<'_> {
        Given {
            q: self.q.as_deref(),
            category: self.category.as_deref(),
            territory: self.territory.as_deref(),
            organization: self.organization.as_deref(),
            status: self.status.as_deref(),
            from: self.from.as_deref(),
            to: self.to.as_deref(),
        }
    }

    fn page(&self) -> Result<Page, Failure> {
        let limit = self.limit.unwrap_or(20);
        if !(1..=100).contains(&limit) {
            return Err(Failure::field("limit", "must be from 1 to 100"));
        }
        let offset = self.cursor.as_deref().map_or(Some(0), offset_of).filter(|&offset| offset < DEPTH_LIMIT);
        let wrong = "use the value of `next` from the page before, unchanged";
        Ok(Page { offset: offset.ok_or_else(|| Failure::field("cursor", wrong))?, limit })
    }
}

fn offset_of(cursor: &str) -> Option<usize> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    text.strip_prefix("offset ")?.parse().ok()
}

type Names = HashMap<OrganizationId, String>;

/// The organizations whose names a page needs.
fn mentioned(hits: &[Hit], facets: &Facets) -> Vec<OrganizationId> {
    let shown = hits.iter().filter_map(|hit| hit.document.organization.clone());
    let counted = facets.organization.iter().take(FACET_VALUES).filter_map(|(id, _)| id.parse().ok());
    shown.chain(counted).collect()
}

fn found(hit: Hit, reads_texts: bool, names: &Names, rulebook: &Rulebook) -> Found {
    let document = hit.document;
    let organization = document.organization.filter(|_| reads_texts);
    let pieces = hit
        .snippet
        .map(|all| all.into_iter().map(|f| Piece { text: f.text, highlighted: f.highlighted }).collect());
    Found {
        id: document.id,
        external_id: document.external_id,
        kind: document.kind,
        status: document.status,
        category: document.category.map(|id| name(&rulebook.categories, id.as_str())),
        territory: name(&rulebook.territories, document.territory.as_str()),
        place: document.place.filter(|_| reads_texts),
        received: document.received,
        due: document.due,
        mark: document.mark,
        organization: organization.map(|id| organization_name(id.as_str(), names)),
        text: reads_texts.then_some(document.text),
        snippet: pieces.filter(|_| reads_texts),
    }
}

fn organization_name(id: &str, names: &Names) -> Named {
    let name = id.parse().ok().and_then(|parsed: OrganizationId| names.get(&parsed));
    Named { id: id.to_owned(), name: name.map_or(id, String::as_str).to_owned() }
}

fn named(facets: Facets, names: &Names, rulebook: &Rulebook) -> FacetView {
    let organization = |(id, count): (String, u64)| {
        let Named { id, name } = organization_name(&id, names);
        FacetCount { id, name, count }
    };
    let plain = |(id, count): (String, u64)| FacetCount { name: id.clone(), id, count };
    FacetView {
        category: counts(facets.category, &rulebook.categories),
        territory: counts(facets.territory, &rulebook.territories),
        organization: facets.organization.into_iter().take(FACET_VALUES).map(organization).collect(),
        status: facets.status.into_iter().map(plain).collect(),
    }
}

fn counts<N: Node>(facet: Vec<(String, u64)>, tree: &Tree<N>) -> Vec<FacetCount>
where
    N::Id: std::str::FromStr,
{
    let shown = facet.into_iter().take(FACET_VALUES);
    shown.map(|(id, count)| FacetCount { name: name(tree, &id).name, id, count }).collect()
}

/// What an id is called now; one that has left the directory stands for itself.
fn name<N: Node>(tree: &Tree<N>, id: &str) -> Named
where
    N::Id: std::str::FromStr,
{
    let node = id.parse().ok().and_then(|id| tree.get(&id));
    node.map_or_else(|| Named { id: id.to_owned(), name: id.to_owned() }, Named::of)
}

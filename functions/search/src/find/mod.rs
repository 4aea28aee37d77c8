//! `GET /search`.

mod page;

use std::collections::HashMap;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::rulebook::Rulebook;
use domain::submission::Submission;
use domain::tree::{Node, Tree};
use domain::{OrganizationId, SubmissionId};
use entrypoint::App;
use entrypoint::http::{Caller, Failure, Problem, Query, limit};
use jiff::Timestamp;
use pages::Visit;
use pages::submission::Named;
use search_index::{DEPTH_LIMIT, Facets, Fragment, Highlighter, Needs, Page};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::find::page::{export, show};
use crate::question::chosen::Chosen;
use crate::question::filter::{Given, Sight};
use crate::reader::Reader;
use crate::timeline::{Pieces, Timeline};
use pages::table::Format;

/// What to find.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct SearchQuery {
    /// Words in any Russian form, all of them wanted; `"a phrase"` in quotes; `-word` excludes; `word*` is the beginning of a
    /// word, at least two letters, and stands for the 1,000 most frequent words that begin so; `one OR another` (`ИЛИ`).
    /// Words are for analysts, and for staff in what their organizations work on.
    ///
    /// Filters are for everybody, and all of them hold: `category:` (`тема:`), `territory:` (`место:`) and `org:` (`орган:`)
    /// by id or `"exact name"`, each for everything below it; `status:` (`статус:`), also `open`; `kind:` (`вид:`);
    /// `mark:<3` (`оценка:`), `mark:5`, `mark:2..4`; `received:2026-03` (`дата:`), `received:>=2026-01-31`,
    /// `received:2026-01-01..2026-02-01`. Ids with commas between stand for any of them; `-` before a filter excludes.
    ///
    /// What cannot be understood is a problem of the field `q`, which says at which character, counted from 1, and what
    /// would be right.
    q: Option<String>,
    /// Id or exact name; a group stands for all its topics, `-` for no category.
    category: Option<String>,
    /// Id or exact name; stands for everything in it.
    territory: Option<String>,
    /// Id or exact name.
    organization: Option<String>,
    /// `report` or `appeal`.
    kind: Option<String>,
    /// `category`, `territory` or both with a comma between: only what names the chosen one itself, and nothing below it.
    direct: Option<String>,
    /// `open`, or statuses with commas between.
    status: Option<String>,
    /// `overdue`: only what is open though its deadline has passed; `reopened`: only what its author has sent back to work.
    only: Option<String>,
    /// First day or instant of receipt.
    from: Option<String>,
    /// Last day of receipt, or the instant after the last.
    to: Option<String>,
    /// 1 to 100; 20 if left out.
    limit: Option<usize>,
    /// The value of `next` from the page before.
    cursor: Option<String>,
    /// `csv` or `xlsx`: the first 10,000 hits as a file, whose last row says so if there are more.
    format: Option<String>,
}

/// A submission that was found. Text, snippet, place, organization and its number in another system are shown to those who
/// may read it: analysts, and staff of the organizations that work on it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Found {
    #[schema(value_type = String, format = Uuid)]
    pub(crate) id: domain::SubmissionId,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) external_id: Option<String>,
    #[schema(value_type = String)]
    pub(crate) kind: domain::SubmissionKind,
    #[schema(value_type = String)]
    pub(crate) status: domain::Status,
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
    pub(crate) snippet: Option<Vec<Piece>>,
}

/// A piece of a snippet. Plain text: whoever shows it marks it up.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Piece {
    pub(crate) text: String,
    /// A word that was searched for.
    pub(crate) highlighted: bool,
}

/// How many hits have a value.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FacetCount {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) count: u64,
}

/// How the hits are spread, the most frequent first.
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
    /// When they were received; null without hits.
    pub(crate) timeline: Option<Timeline>,
    /// Quarters, such as `2026q2`, of which submissions may be missing because the index is damaged and being restored;
    /// normally none.
    pub(crate) missing_quarters: Vec<String>,
}

/// How a question was understood.
#[derive(Debug)]
pub(crate) struct Understood {
    pub(crate) chosen: Chosen,
    /// Is it the first page of hits?
    pub(crate) first: bool,
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
    visit: Visit,
    Query(query): Query<SearchQuery>,
) -> Result<Response, Failure> {
    let rulebook = app.store.rulebook().await?;
    let sight = Sight::of(&app, &caller).await?;
    if let Some(format) = Format::of(query.format.as_deref())? {
        let page = Page { offset: 0, limit: DEPTH_LIMIT };
        let (result, _) = find(&app, &reader, (&caller, &sight), &rulebook, (&query, page)).await?;
        return export(&visit.layout, &result, sight.reads_texts(), &rulebook).response(format).await;
    }
    let found = match query.page() {
        Ok(page) => find(&app, &reader, (&caller, &sight), &rulebook, (&query, page)).await,
        Err(refused) => Err(refused),
    };
    if visit.page {
        return show(&app, visit.layout, &sight, &rulebook, found).await;
    }
    Ok(Json(found?.0).into_response())
}

/// Searches; gives what was found and how the question was understood.
async fn find(
    app: &App,
    reader: &Reader,
    (caller, sight): (&Caller, &Sight),
    rulebook: &Rulebook,
    (query, page): (&SearchQuery, Page),
) -> Result<(SearchResult, Understood), Failure> {
    let mut meant = query.given().meant(app, rulebook).await?;
    // Words are for those who may read what they are found in.
    if !meant.query.words.is_empty() {
        sight.clone().of_texts(caller)?;
    }
    sight.confine(&mut meant.query.filter);
    let understood = Understood { chosen: Chosen::of(&meant), first: page.offset == 0 };
    let reads_texts = sight.reads_texts();
    // A file has whole texts.
    let mut highlighter =
        (reads_texts && page.limit < DEPTH_LIMIT).then(|| Highlighter::new(meant.query.words.clone()));
    let needs = Needs::of(&meant.query.words).max(Needs::Rows);
    let (hits, facets, timeline, missing_quarters) = reader
        .ask(app, needs, move |index| {
            let missing = index.missing();
            let hits = index.search(&meant.query, page)?;
            let facets = index.facets(&meant.query)?;
            let Some((first, last)) = facets.received else { return Ok((hits, facets, None, missing)) };
            let pieces = Pieces::between(first, last, &meant.zone);
            let counts = index.timeline(&meant.query, &pieces.edges)?;
            Ok((hits, facets, Some(pieces.counted(counts)), missing))
        })
        .await?;
    let after = page.offset + hits.items.len();
    let next = (after < hits.total && after < DEPTH_LIMIT && !hits.items.is_empty())
        .then(|| URL_SAFE_NO_PAD.encode(format!("offset {after}")));
    let submissions = shown(app, sight, hits.items).await?;
    let names = app.store.organization_names(mentioned(&submissions, &facets)).await?;
    let mut items = Vec::with_capacity(submissions.len());
    for (submission, text) in submissions {
        let snippet = highlighter.as_mut().map(|highlighter| highlighter.cut(&text));
        let text = reads_texts.then_some(text);
        items.push(found(submission, text, snippet, &names, rulebook));
    }
    let facets = named(facets, reads_texts, &names, rulebook);
    let total = hits.total;
    Ok((SearchResult { total, items, next, facets, timeline, missing_quarters }, understood))
}

impl SearchQuery {
    fn given(&self) -> Given<'_> {
        Given {
            q: self.q.as_deref(),
            category: self.category.as_deref(),
            territory: self.territory.as_deref(),
            organization: self.organization.as_deref(),
            kind: self.kind.as_deref(),
            direct: self.direct.as_deref(),
            status: self.status.as_deref(),
            only: self.only.as_deref(),
            from: self.from.as_deref(),
            to: self.to.as_deref(),
        }
    }

    fn page(&self) -> Result<Page, Failure> {
        let limit = limit(self.limit, 20, 100)?;
        let offset = self.cursor.as_deref().map_or(Some(0), offset_of).filter(|&offset| offset < DEPTH_LIMIT);
        let wrong = "use the value of `next` from the page before, unchanged";
        Ok(Page { offset: offset.ok_or_else(|| Failure::field("cursor", wrong))?, limit })
    }
}

fn offset_of(cursor: &str) -> Option<usize> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    text.strip_prefix("offset ")?.parse().ok()
}

pub(crate) type Names = HashMap<OrganizationId, String>;

/// The index knows where words are, the table what they say and who may read it: the submissions of a page, in its order.
/// One that is gone meanwhile, or out of sight, is left out.
pub(crate) async fn shown(
    app: &App,
    sight: &Sight,
    ids: Vec<SubmissionId>,
) -> Result<Vec<(Submission, String)>, Failure> {
    let mut read: HashMap<SubmissionId, (Submission, String)> = HashMap::with_capacity(ids.len());
    let found = app.store.submissions(&ids).await?;
    for (submission, text) in found.into_iter().filter(|(submission, _)| sight.reaches(submission)) {
        read.insert(submission.id, (submission, text));
    }
    Ok(ids.iter().filter_map(|id| read.remove(id)).collect())
}

/// The organizations whose names a page needs.
fn mentioned(submissions: &[(Submission, String)], facets: &Facets) -> Vec<OrganizationId> {
    let shown = submissions.iter().filter_map(|(submission, _)| submission.organization.clone());
    let counted = facets.organization.iter().take(FACET_VALUES).filter_map(|(id, _)| id.parse().ok());
    shown.chain(counted).collect()
}

/// A submission as a hit; without its text for whoever may not read it.
pub(crate) fn found(
    submission: Submission,
    text: Option<String>,
    snippet: Option<Vec<Fragment>>,
    names: &Names,
    rulebook: &Rulebook,
) -> Found {
    let reads_texts = text.is_some();
    let due = submission.running_term().filter(|_| !submission.is_paused()).map(|term| term.ends);
    let mark = submission.mark();
    let organization = submission.organization.filter(|_| reads_texts);
    let piece = |f: Fragment| Piece { text: f.text, highlighted: f.highlighted };
    Found {
        id: submission.id,
        external_id: submission.external_id.filter(|_| reads_texts),
        kind: submission.kind,
        status: submission.status,
        category: submission.category.map(|id| name(&rulebook.categories, id.as_str())),
        territory: name(&rulebook.territories, submission.territory.as_str()),
        place: submission.place.filter(|_| reads_texts).map(|place| place.address.as_str().to_owned()),
        received: submission.received,
        due,
        mark,
        organization: organization.map(|id| organization_name(id.as_str(), names)),
        text,
        snippet: snippet.map(|all| all.into_iter().map(piece).collect()),
    }
}

fn organization_name(id: &str, names: &Names) -> Named {
    let name = id.parse().ok().and_then(|parsed: OrganizationId| names.get(&parsed));
    Named { id: id.to_owned(), name: name.map_or(id, String::as_str).to_owned() }
}

fn named(facets: Facets, reads_texts: bool, names: &Names, rulebook: &Rulebook) -> FacetView {
    let organization = |(id, count): (String, u64)| {
        let Named { id, name } = organization_name(&id, names);
        FacetCount { id, name, count }
    };
    let plain = |(id, count): (String, u64)| FacetCount { name: id.clone(), id, count };
    FacetView {
        category: counts(facets.category, &rulebook.categories),
        territory: counts(facets.territory, &rulebook.territories),
        organization: reads_texts
            .then(|| facets.organization.into_iter().take(FACET_VALUES).map(organization).collect()),
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
pub(crate) fn name<N: Node>(tree: &Tree<N>, id: &str) -> Named
where
    N::Id: std::str::FromStr,
{
    let node = id.parse().ok().and_then(|id| tree.get(&id));
    node.map_or_else(|| Named { id: id.to_owned(), name: id.to_owned() }, Named::of)
}

//! `GET /search`: full-text search.

pub(crate) mod hits;
mod page;
mod table;
pub(crate) mod view;

pub(crate) use page::EXAMPLES;
pub(crate) use table::COLUMNS;

use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entrypoint::App;
use entrypoint::http::{Caller, Failure, Query, limit};
use pages::Visit;
use pages::table::Format;
use search_index::{DEPTH_LIMIT, Facets, Highlighter, IndexPart, OpenLevel, Page};
use serde::Deserialize;
use utoipa::IntoParams;

use self::view::{FacetView, SearchResult, found, mentioned};
use crate::intervals::Intervals;
use crate::question::context::ReadContext;
use crate::question::filter::{RawFilter, ResolvedFilter};
use crate::question::refused::RefusedQuestion;
use crate::question::selected::SelectedFilters;
use crate::reader::Reader;

/// The question of a search.
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

/// Find submissions.
#[utoipa::path(get, path = "/search", tag = "search", params(SearchQuery),
    responses((status = 200, body = SearchResult), Failure))]
pub(crate) async fn search(
    app: App,
    Extension(reader): Extension<Reader>,
    caller: Caller,
    visit: Visit,
    Query(query): Query<SearchQuery>,
) -> Result<Response, Failure> {
    let context = ReadContext::of(&app, &reader, &caller).await?;
    if let Some(format) = Format::of(query.format.as_deref())? {
        let page = Page { offset: 0, limit: DEPTH_LIMIT };
        let (result, _) = find(&context, &query, page).await?;
        let table = table::table(&visit.layout, &result, context.reads_texts(), &context.rulebook);
        return table.response(format).await;
    }
    let answer = match query.page() {
        Ok(page) => find(&context, &query, page).await,
        Err(failure) => Err(failure.into()),
    };
    if visit.page {
        let is_first = query.page().is_ok_and(|page| page.offset == 0);
        return page::show(&context, visit.layout, answer, is_first).await;
    }
    let (result, _) = answer?;
    Ok(Json(result).into_response())
}

/// One page of hits, and the filters as they were resolved.
async fn find(
    context: &ReadContext<'_>,
    query: &SearchQuery,
    page: Page,
) -> Result<(SearchResult, SelectedFilters), RefusedQuestion> {
    let mut resolved = query.filter().resolve(context.app, &context.rulebook).await?;
    // Words are for those who may read the texts that have them.
    if !resolved.query.words.is_empty() {
        context.scope.allow_words(context.caller)?;
    }
    context.scope.confine(&mut resolved.query.filter);
    let selected = SelectedFilters::of(&resolved);
    Ok((answer(context, resolved, page).await?, selected))
}

async fn answer(
    context: &ReadContext<'_>,
    resolved: ResolvedFilter,
    page: Page,
) -> Result<SearchResult, Failure> {
    let reads_texts = context.reads_texts();
    // A file has whole texts and no snippets.
    let highlighter =
        (reads_texts && page.limit < DEPTH_LIMIT).then(|| Highlighter::new(resolved.query.words.clone()));
    let needs = OpenLevel::of(&resolved.query.words).max(OpenLevel::Rows);
    let (hits, facets, timeline, missing_quarters) = context
        .reader
        .ask(context.app, needs, move |index| {
            let missing = index.missing();
            let hits = index.search(&resolved.query, page)?;
            let facets = match index.lacks() {
                // Words are found while facts are made anew; nothing can be counted then.
                Some(IndexPart::Facts) => Facets::default(),
                Some(IndexPart::Words) | None => index.facets(&resolved.query)?,
            };
            let Some((first, last)) = facets.received else { return Ok((hits, facets, None, missing)) };
            let intervals = Intervals::between(first, last, &resolved.zone);
            let counts = index.timeline(&resolved.query, &intervals.edges)?;
            Ok((hits, facets, Some(intervals.counted(counts)), missing))
        })
        .await?;
    let after = page.offset + hits.items.len();
    let next = (after < hits.total && after < DEPTH_LIMIT && !hits.items.is_empty())
        .then(|| URL_SAFE_NO_PAD.encode(format!("offset {after}")));
    let total = hits.total;
    let submissions = hits::read(context, hits.items).await?;
    let names = context.app.store.organization_names(mentioned(&submissions, &facets)).await?;
    let mut items = Vec::with_capacity(submissions.len());
    for (submission, text) in submissions {
        let snippet = highlighter.as_ref().map(|highlighter| highlighter.cut(&text));
        let text = reads_texts.then_some(text);
        items.push(found(submission, text, snippet, &names, &context.rulebook));
    }
    let facets = FacetView::of(facets, reads_texts, &names, &context.rulebook);
    Ok(SearchResult { total, items, next, facets, timeline, missing_quarters })
}

impl SearchQuery {
    fn filter(&self) -> RawFilter<'_> {
        RawFilter {
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn query(json: serde_json::Value) -> Result<SearchQuery, serde_json::Error> {
        serde_json::from_value(json)
    }

    #[test]
    fn a_page_begins_where_the_cursor_says() {
        let cursor = URL_SAFE_NO_PAD.encode("offset 40");
        let page = |json| query(json).unwrap().page().map(|page| (page.offset, page.limit));
        assert_eq!(page(json!({})).unwrap(), (0, 20));
        assert_eq!(page(json!({ "cursor": cursor, "limit": 100 })).unwrap(), (40, 100));
        for wrong in ["40".to_owned(), URL_SAFE_NO_PAD.encode("40"), URL_SAFE_NO_PAD.encode("offset 10000")] {
            let Err(Failure::Invalid(errors)) = page(json!({ "cursor": wrong })) else { panic!("{wrong}") };
            assert_eq!(errors[0].field, "cursor");
        }
        for limit in [0, 101] {
            assert!(page(json!({ "limit": limit })).is_err(), "{limit}");
        }
    }

    #[test]
    fn an_unknown_parameter_is_refused_and_none_is_lost() {
        assert!(query(json!({ "catgory": "roads" })).is_err());
        let names =
            ["q", "category", "territory", "organization", "kind", "direct", "status", "only", "from", "to"];
        let all = names.map(|name| (name.to_owned(), name.into())).into_iter().collect();
        let query = query(serde_json::Value::Object(all)).unwrap();
        let raw = query.filter();
        let read = [
            raw.q,
            raw.category,
            raw.territory,
            raw.organization,
            raw.kind,
            raw.direct,
            raw.status,
            raw.only,
            raw.from,
            raw.to,
        ];
        assert_eq!(read, names.map(Some));
    }
}

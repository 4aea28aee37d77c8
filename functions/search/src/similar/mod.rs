//! `GET /search/similar/{id}`: submissions like another one, and how they were answered.

use std::collections::HashMap;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use domain::SubmissionId;
use domain::authorization::Action;
use entrypoint::App;
use entrypoint::http::{Caller, Failure, Path, Problem, Query};
use jiff::Timestamp;
use pages::prelude::*;
use pages::submission::outcome;
use search_index::{Filter, Highlighter, Needs, Words};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::find::{Found, found, shown};
use crate::missing;
use crate::question::filter::Sight;
use crate::reader::Reader;

/// Which of them.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct SimilarQuery {
    /// Only those with an answer, and the answer? No if left out.
    answered: Option<bool>,
}

/// A submission like the one asked about.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Similar {
    #[serde(flatten)]
    submission: Found,
    /// Its latest published answer, if answers are asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<PublishedAnswer>,
}

/// What was answered.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PublishedAnswer {
    /// `solved`, `planned`, `explained` or `refused`.
    outcome: String,
    text: String,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
}

/// Submissions like another one.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SimilarList {
    /// The most similar first, at most 5.
    items: Vec<Similar>,
    /// Quarters, such as `2026q2`, of which submissions may be missing because the index is damaged and being restored;
    /// normally none.
    missing_quarters: Vec<String>,
}

#[derive(Template)]
#[template(path = "similar.html")]
struct SimilarPage {
    l: Layout,
    id: SubmissionId,
    answered: bool,
    items: Vec<Similar>,
    missing: Option<String>,
}

const SHOWN: usize = 5;

/// Submissions like this one, within what the caller may read; for staff who may read this one.
#[utoipa::path(get, path = "/search/similar/{id}", tag = "search", params(("id" = String, Path), SimilarQuery),
    responses((status = 200, body = SimilarList),
        (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn similar(
    State(app): State<App>,
    Extension(reader): Extension<Reader>,
    Path(id): Path<String>,
    caller: Caller,
    visit: Visit,
    Query(query): Query<SimilarQuery>,
) -> Result<Response, Failure> {
    let staff = caller.staff(&app, Action::ReadSubmission).await?;
    let id: SubmissionId = id.parse().map_err(|_| Failure::NotFound)?;
    let submission = app.store.submission(id).await?.ok_or(Failure::NotFound)?;
    if !staff.may(Action::SearchTexts) && !staff.works_on(&app, &submission).await? {
        return Err(Failure::NotFound);
    }
    let sight = Sight::of(&app, &caller).await?.of_texts(&caller)?;
    let answered = query.answered.unwrap_or(false);
    let mut filter = Filter { answered, ..Filter::default() };
    sight.confine(&mut filter);
    let text = app.store.texts(&[id]).await?.remove(&id).unwrap_or_default();
    let (ids, missing_quarters) = reader
        .ask(&app, Needs::Words, move |index| {
            Ok((index.similar(&text, id, &filter, SHOWN)?, index.missing()))
        })
        .await?;

    let mut answers = if answered { app.store.answers(&ids).await? } else { HashMap::new() };
    let rulebook = app.store.rulebook().await?;
    let hits = shown(&app, &sight, ids).await?;
    let organizations = hits.iter().filter_map(|(submission, _)| submission.organization.clone()).collect();
    let names = app.store.organization_names(organizations).await?;
    let mut highlighter = Highlighter::new(Words::default());
    let mut items = Vec::with_capacity(hits.len());
    for (submission, text) in hits {
        let answer = answers.remove(&submission.id).map(|(answer, text)| PublishedAnswer {
            outcome: outcome(answer.outcome).0.to_owned(),
            text,
            at: answer.at,
        });
        let beginning = Some(highlighter.cut(&text));
        items.push(Similar {
            submission: found(submission, Some(text), beginning, &names, &rulebook),
            answer,
        });
    }
    if visit.page {
        let l = visit.layout;
        return html(&SimilarPage { missing: missing::note(&l, &missing_quarters), l, id, answered, items });
    }
    Ok(Json(SimilarList { items, missing_quarters }).into_response())
}

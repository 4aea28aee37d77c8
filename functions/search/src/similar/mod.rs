//! `GET /search/similar/{id}`: submissions that are similar to another one, and their answers.

mod page;
mod view;

use std::collections::HashMap;

use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use domain::authorization::Action;
use domain::{SubmissionId, submission::Submission};
use entrypoint::App;
use entrypoint::http::{Caller, Failure, Path, Query};
use pages::Visit;
use pages::submission::outcome;
use search_index::{Filter, Highlighter, OpenLevel, Words};
use serde::Deserialize;
use utoipa::IntoParams;

use self::view::{PublishedAnswer, Similar, SimilarList};
use crate::find::hits;
use crate::find::view::found;
use crate::question::context::ReadContext;
use crate::reader::Reader;

/// The choice between all similar submissions and answered ones.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct SimilarQuery {
    /// Whether only those with an answer are wanted, and the answer; no if left out.
    answered: Option<bool>,
}

/// The number of submissions shown.
const LIMIT: usize = 5;

/// Submissions like this one, within what the caller may read; for staff who may read this one.
#[utoipa::path(get, path = "/search/similar/{id}", tag = "search", params(("id" = String, Path), SimilarQuery),
    responses((status = 200, body = SimilarList), Failure))]
pub(crate) async fn similar(
    app: App,
    Extension(reader): Extension<Reader>,
    Path(id): Path<SubmissionId>,
    caller: Caller,
    visit: Visit,
    Query(query): Query<SimilarQuery>,
) -> Result<Response, Failure> {
    let staff = caller.staff(&app, Action::ReadSubmission).await?;
    let submission = app.store.submission(id).await?.ok_or(Failure::NotFound)?;
    if !staff.may(Action::SearchTexts) && !staff.works_on(&app, &submission).await? {
        return Err(Failure::NotFound);
    }
    let context = ReadContext::of(&app, &reader, &caller).await?;
    context.scope.allow_words(&caller)?;
    let answered = query.answered.unwrap_or(false);
    let list = similar_to(&context, id, answered).await?;
    if visit.page {
        return page::show(visit.layout, id, answered, list);
    }
    Ok(Json(list).into_response())
}

async fn similar_to(
    context: &ReadContext<'_>,
    id: SubmissionId,
    answered: bool,
) -> Result<SimilarList, Failure> {
    let store = &context.app.store;
    let mut filter = Filter { answered, ..Filter::default() };
    context.scope.confine(&mut filter);
    let text = store.texts(&[id]).await?.remove(&id).unwrap_or_default();
    let (ids, missing_quarters) = context
        .reader
        .ask(context.app, OpenLevel::Words, move |index| {
            Ok((index.similar(&text, id, &filter, LIMIT)?, index.missing()))
        })
        .await?;
    let mut answers = if answered { store.answers(&ids).await? } else { HashMap::new() };
    let hits = hits::read(context, ids).await?;
    let organizations = hits.iter().filter_map(|(submission, _)| submission.organization.clone()).collect();
    let names = store.organization_names(organizations).await?;
    let highlighter = Highlighter::new(Words::default());
    let item = |(submission, text): (Submission, String)| {
        let answer = answers.remove(&submission.id).map(|(answer, text)| PublishedAnswer {
            outcome: outcome(answer.outcome).0.to_owned(),
            text,
            at: answer.at,
        });
        let beginning = Some(highlighter.cut(&text));
        Similar { submission: found(submission, Some(text), beginning, &names, &context.rulebook), answer }
    };
    let items = hits.into_iter().map(item).collect();
    Ok(SimilarList { items, missing_quarters })
}

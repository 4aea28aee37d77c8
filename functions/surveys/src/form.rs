//! `GET /submissions/{id}/rating`: the latest answer with the form to rate it. A refused form comes back on the same page.

use askama::Template;
use axum::Json;
use axum::response::{IntoResponse, Response};
use domain::{Status, SubmissionId};
use entrypoint::App;
use entrypoint::http::{Caller, Failure, FormValues, Path, Query};
use pages::prelude::*;
use pages::submission::{AnswerView, Audience, SubmissionView};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// What a link may say. Other parameters do no harm.
#[derive(Debug, Deserialize, IntoParams)]
pub(crate) struct RatingQuery {
    /// Pages only: the tracking number, in a link that was sent by mail. It becomes a cookie.
    tracking: Option<String>,
    /// Pages only: whether the problem is solved, chosen beforehand.
    solved: Option<bool>,
}

/// The answer that can be rated.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RatingView {
    /// Whether it may be rated now.
    open: bool,
    /// Until when.
    #[schema(value_type = Option<String>, format = Date)]
    until: Option<jiff::civil::Date>,
    /// The latest answer, if there is one.
    answer: Option<AnswerView>,
}

#[derive(Template)]
#[template(path = "rating.html")]
struct RatingPage {
    l: Layout,
    view: SubmissionView,
    rating: RatingView,
    form: Form,
    /// Whether the author came to say that the problem is not solved.
    disputes: bool,
}

/// The latest answer, and whether it can be rated; for the author.
#[utoipa::path(get, path = "/submissions/{id}/rating", tag = "surveys",
    params(RatingQuery, ("id" = String, Path), ("Tracking" = Option<String>, Header)),
    responses((status = 200, body = RatingView),
        Failure))]
pub(crate) async fn show(
    app: App,
    Path(id): Path<SubmissionId>,
    Query(query): Query<RatingQuery>,
    visit: Visit,
    caller: Caller,
) -> Result<Response, Failure> {
    if !visit.page {
        let view = own(&app, id, &caller).await?;
        return Ok(Json(RatingView::of(&view)).into_response());
    }
    if let Some(typed) = &query.tracking
        && let Some(accepted) =
            pages::accept_tracking_link(&app, id, typed, &format!("/submissions/{id}/rating"))?
    {
        return Ok(accepted);
    }
    let mut values = FormValues::default();
    if let Some(solved) = query.solved {
        values.set("solved", solved.to_string());
    }
    page(&app, visit.layout, id, &caller, Form::filled(values)).await
}

/// The page with this form.
///
/// # Errors
/// [`Failure::NotFound`] if the caller is not the author.
pub(crate) async fn page(
    app: &App,
    mut l: Layout,
    id: SubmissionId,
    caller: &Caller,
    form: Form,
) -> Result<Response, Failure> {
    let view = own(app, id, caller).await?;
    if !form.errors.is_empty() {
        l.here = format!("/submissions/{id}/rating");
    }
    let (rating, disputes) = (RatingView::of(&view), form.chosen("solved", "false"));
    html(&RatingPage { l, view, rating, form, disputes })
}

/// Another's submission and an absent one look the same.
async fn own(app: &App, id: SubmissionId, caller: &Caller) -> Result<SubmissionView, Failure> {
    let record = app.store.record(id).await?.ok_or(Failure::NotFound)?;
    if !caller.is_author(app, &record.submission)? {
        return Err(Failure::NotFound);
    }
    let rulebook = app.store.rulebook().await?;
    Ok(SubmissionView::of(&record, Audience::Author, &app.store, &rulebook, app.clock.now()).await?)
}

impl RatingView {
    fn of(view: &SubmissionView) -> Self {
        let answer = view.answers.last().cloned();
        let unrated = answer.as_ref().is_some_and(|answer| answer.mark.is_none());
        let open = view.status == Status::Answered && unrated;
        let until = view.rating_deadline.as_ref().filter(|_| open).map(|term| term.date);
        Self { open, until, answer }
    }
}

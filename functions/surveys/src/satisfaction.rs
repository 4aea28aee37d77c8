//! `GET /organizations/{id}/satisfaction`.

use axum::Json;
use domain::OrganizationId;
use domain::satisfaction::Share;
use entrypoint::App;
use entrypoint::http::{Failure, Path};
use pages::submission::Named;
use serde::Serialize;
use utoipa::ToSchema;

/// How the answers of an organization were received. Public: it holds counts alone.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SatisfactionView {
    organization: Named,
    /// Answers published.
    answers: u64,
    /// Answers rated by their authors.
    ratings: u64,
    /// Ratings per answer, 0 to 1; null without answers.
    response_rate: Option<f64>,
    /// Null without ratings.
    mean_mark: Option<f64>,
    /// Answers rated "solved".
    solved: u64,
    /// The share of marks 4 and 5, with its 95 % Wilson interval; null without ratings.
    satisfied: Option<ShareView>,
}

/// A share, 0 to 1, and the interval in which the true one lies with 95 % confidence.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ShareView {
    share: f64,
    low: f64,
    high: f64,
}

impl From<Share> for ShareView {
    fn from(Share { share, low, high }: Share) -> Self {
        Self { share, low, high }
    }
}

/// How the answers of an organization were received.
#[utoipa::path(get, path = "/organizations/{id}/satisfaction", tag = "surveys", params(("id" = String, Path)),
    responses((status = 200, body = SatisfactionView),
        Failure))]
pub(crate) async fn show(
    app: App,
    Path(id): Path<OrganizationId>,
) -> Result<Json<SatisfactionView>, Failure> {
    let organization = app.store.organization(&id).await?.ok_or(Failure::NotFound)?;
    let counts = app.store.satisfaction(&id).await?;
    Ok(Json(SatisfactionView {
        organization: Named { id: organization.id.to_string(), name: organization.name },
        answers: counts.answers,
        ratings: counts.ratings,
        response_rate: counts.response_rate(),
        mean_mark: counts.mean_mark(),
        solved: counts.solved,
        satisfied: counts.satisfied_share().map(ShareView::from),
    }))
}

//! `GET /`: what one can do here, what has been done, what was solved lately.

use askama::Template;
use axum::Json;
use axum::response::{IntoResponse, Response};
use entrypoint::App;
use entrypoint::http::Failure;
use jiff::Timestamp;
use pages::prelude::*;
use pages::submission::Named;
use serde::Serialize;
use utoipa::ToSchema;

use crate::notices::{self, NoticeView};

/// What the platform has done.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Home {
    /// Submissions received.
    received: u64,
    /// Submissions whose answer stands: their authors have not sent them back to work.
    answered: u64,
    /// Those of them whose answer says "solved".
    solved: u64,
    /// Solved lately and still so, the latest first.
    latest: Vec<Solved>,
}

/// A submission that was answered "solved": what everybody may know about it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Solved {
    category: Option<Named>,
    territory: Option<Named>,
    #[schema(value_type = String, format = DateTime)]
    received: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    answered: Timestamp,
}

impl Solved {
    /// Days from receipt to answer, begun ones included.
    fn days(&self) -> u64 {
        let hours = self.answered.duration_since(self.received).as_hours();
        u64::try_from(hours).unwrap_or_default() / 24 + 1
    }
}

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    l: Layout,
    home: Home,
    /// What the viewer has not read yet.
    notices: Vec<NoticeView>,
    form: Form,
}

/// Shown at most.
const LATEST: usize = 6;
/// Notices shown at most.
const UNREAD: i32 = 3;

/// What can be done here, totals, and what was solved lately.
#[utoipa::path(get, path = "/", tag = "portal", responses((status = 200, body = Home)))]
pub(crate) async fn show(app: App, visit: Visit) -> Result<Response, Failure> {
    let totals = app.store.totals().await?;
    let rulebook = app.store.rulebook().await?;
    let mut latest = Vec::new();
    for solved in totals.latest.into_iter().take(LATEST) {
        let category = solved.category.as_ref().and_then(|id| rulebook.categories.get(id));
        latest.push(Solved {
            category: category.map(Named::of),
            territory: rulebook.territories.get(&solved.territory).map(Named::of),
            received: solved.received,
            answered: solved.answered,
        });
    }
    let home = Home { received: totals.received, answered: totals.answered, solved: totals.solved, latest };
    if visit.page {
        let notices = match &visit.layout.viewer {
            Some(viewer) => notices::unread(&app, &viewer.person, UNREAD).await?,
            None => Vec::new(),
        };
        return html(&HomePage { l: visit.layout, home, notices, form: Form::default() });
    }
    Ok(Json(home).into_response())
}

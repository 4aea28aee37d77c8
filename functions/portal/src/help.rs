//! `GET /help`.

use askama::Template;
use axum::response::Response;
use entrypoint::http::Failure;
use pages::prelude::*;

#[derive(Template)]
#[template(path = "help.html")]
struct HelpPage {
    l: Layout,
}

/// How the platform works, for citizens and clerks.
#[utoipa::path(get, path = "/help", tag = "portal",
    responses((status = 200, body = String, content_type = "text/html")))]
pub(crate) async fn show(visit: Visit) -> Result<Response, Failure> {
    html(&HelpPage { l: visit.layout })
}

//! The page of similar submissions.

use askama::Template;
use axum::response::Response;
use domain::SubmissionId;
use entrypoint::http::Failure;
use pages::prelude::*;

use super::view::{Similar, SimilarList};
use crate::missing;

#[derive(Template)]
#[template(path = "similar.html")]
struct SimilarPage {
    l: Layout,
    id: SubmissionId,
    answered: bool,
    items: Vec<Similar>,
    missing: Option<String>,
}

pub(crate) fn show(
    l: Layout,
    id: SubmissionId,
    answered: bool,
    list: SimilarList,
) -> Result<Response, Failure> {
    let missing = missing::note(&l, &list.missing_quarters);
    html(&SimilarPage { l, id, answered, items: list.items, missing })
}

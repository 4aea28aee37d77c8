//! `GET /submissions/new`: the form for a report or an appeal, and the form again with what is wrong in it.

use askama::Template;
use axum::response::Response;
use domain::rulebook::Rulebook;
use domain::submission::SubmissionKind;
use entrypoint::App;
use entrypoint::http::{Caller, Failure, FormValues, Query, lookup};
use pages::Choice;
use pages::choices::{self, Group};
use pages::prelude::*;
use serde::Deserialize;
use utoipa::IntoParams;

/// What is known before anything is filled in. Other parameters of links from elsewhere do no harm.
#[derive(Debug, Deserialize, IntoParams)]
pub(crate) struct NewQuery {
    /// `report` if left out, or `appeal`.
    #[param(value_type = Option<String>)]
    kind: Option<SubmissionKind>,
    /// Id or exact name of a category, chosen beforehand.
    category: Option<String>,
    /// Id or exact name of a territory, chosen beforehand.
    territory: Option<String>,
}

#[derive(Template)]
#[template(path = "new.html")]
struct NewPage {
    l: Layout,
    form: Form,
    kind: SubmissionKind,
    categories: Vec<Choice>,
    /// None if they are too many for a list: then a name is typed.
    territories: Option<Vec<Choice>>,
    /// Proposals for the name: (value, name).
    names: Vec<(String, String)>,
    /// The other kind, and the way back to this form after signing in.
    other: &'static str,
    here: String,
}

/// The form for a report or an appeal. An appeal is signed by its author, so they sign in first.
#[utoipa::path(get, path = "/submissions/new", tag = "intake", params(NewQuery),
    responses((status = 200, body = String, content_type = "text/html"), Failure))]
pub(crate) async fn show(
    app: App,
    Query(query): Query<NewQuery>,
    caller: Caller,
    visit: Visit,
) -> Result<Response, Failure> {
    let kind = query.kind.unwrap_or(SubmissionKind::Report);
    if kind == SubmissionKind::Appeal && caller.verified.is_none() {
        return Err(Failure::Unauthenticated("An appeal is signed by its author: sign in first.".into()));
    }
    let rulebook = app.store.rulebook().await?;
    let mut values = FormValues::default();
    let category = query.category.and_then(|wanted| lookup::node(&rulebook.categories, &wanted).ok());
    if let Some(category) = category {
        values.set("category", category.id.as_str());
    }
    let territory = query.territory.and_then(|wanted| lookup::node(&rulebook.territories, &wanted).ok());
    let listed = rulebook.territories.len() <= choices::LIST_LIMIT;
    if let Some(territory) = territory.or(rulebook.root_territory().filter(|_| listed)) {
        values.set("territory", territory.id.as_str());
    }
    html(&NewPage::of(visit.layout, Form::filled(values), kind, &rulebook))
}

/// The form as it was filled in, with what is wrong.
pub(crate) async fn again(app: &App, l: Layout, form: Form) -> Result<Response, Failure> {
    let kind = match form.value("kind") {
        "appeal" => SubmissionKind::Appeal,
        _ => SubmissionKind::Report,
    };
    let rulebook = app.store.rulebook().await?;
    html(&NewPage::of(l, form, kind, &rulebook))
}

impl NewPage {
    fn of(mut l: Layout, form: Form, kind: SubmissionKind, rulebook: &Rulebook) -> Self {
        let (here, other) = match kind {
            SubmissionKind::Report => ("/submissions/new", "/submissions/new?kind=appeal"),
            SubmissionKind::Appeal => ("/submissions/new?kind=appeal", "/submissions/new"),
        };
        // A form that came back stands at another address than the one it is opened at.
        here.clone_into(&mut l.here);
        let categories = choices::categories(&l, &rulebook.categories, Group::Other);
        let territories = choices::territories(&l, &rulebook.territories);
        let names = match territories {
            Some(_) => Vec::new(),
            None => choices::territory_names(&rulebook.territories),
        };
        Self { l, form, kind, categories, territories, names, other, here: here.to_owned() }
    }

    const fn is_appeal(&self) -> bool {
        matches!(self.kind, SubmissionKind::Appeal)
    }

    /// A person who is signed in is written to at the address of the identity provider.
    fn asks_for_email(&self) -> bool {
        let unknown = self.l.viewer.is_none() && !self.is_appeal();
        unknown || self.form.error("email").is_some()
    }

    /// The session ended while an appeal was being written.
    fn must_sign_in(&self) -> bool {
        self.is_appeal() && self.l.viewer.is_none()
    }
}

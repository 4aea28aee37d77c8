//! Answer templates of an organization: kept by its coordinators and approvers, used by it and those under it.

use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::authorization::Action;
use domain::rulebook::Rulebook;
use domain::submission::Submission;
use domain::template::{AnswerTemplate, TemplateName};
use domain::text::AnswerText;
use domain::tree::Node;
use domain::{CategoryId, OrganizationId, TemplateId};
use entrypoint::App;
use entrypoint::http::{
    Attempt, Caller, Command, Failure, FieldError, FormValues, Nothing, Path, Posted, Problem, Reply, Staff,
};
use pages::Choice;
use pages::prelude::*;
use pages::submission::Named;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::colleagues::upward;

/// The most templates that one organization has.
const LIMIT: usize = 200;

/// An answer template.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct TemplateView {
    #[schema(value_type = String, format = Uuid)]
    id: TemplateId,
    name: String,
    /// With the blanks `{category}`, `{place}`, `{received}` and `{organization}`.
    text: String,
    #[schema(value_type = Option<String>)]
    category: Option<CategoryId>,
    /// Whose it is.
    organization: Named,
    /// May the caller change it?
    own: bool,
}

/// The templates that an organization may use.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TemplateList {
    items: Vec<TemplateView>,
}

/// A template to be written.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TemplateRequest {
    /// At most 100 characters.
    #[serde(default)]
    name: String,
    /// At most 10,000 characters.
    #[serde(default)]
    text: String,
    /// Id of a category; every category if left out.
    category: Option<String>,
}

/// What was written.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TemplateWritten {
    #[schema(value_type = String, format = Uuid)]
    id: TemplateId,
}

#[derive(Template)]
#[template(path = "templates.html")]
struct TemplatesPage {
    l: Layout,
    list: Vec<TemplateView>,
    form: Form,
    categories: Vec<Choice>,
    may_manage: bool,
}

#[derive(Template)]
#[template(path = "template.html")]
struct TemplatePage {
    l: Layout,
    template: TemplateView,
    form: Form,
    categories: Vec<Choice>,
}

/// The templates of the caller's organization and of those above it.
#[utoipa::path(get, path = "/workspace/templates", tag = "casework",
    responses((status = 200, body = TemplateList),
        (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn list(State(app): State<App>, visit: Visit, caller: Caller) -> Result<Response, Failure> {
    let staff = caller.staff(&app, Action::ReadInbox).await?;
    if visit.page {
        return html(&TemplatesPage::of(&app, &staff, visit.layout, Form::default()).await?);
    }
    Ok(Json(TemplateList { items: usable(&app, &staff).await? }).into_response())
}

/// A new template of the caller's organization.
#[utoipa::path(post, path = "/workspace/templates", tag = "casework", request_body = TemplateRequest,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = TemplateWritten), (status = 303, description = "A form was taken"),
        (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn create(
    State(app): State<App>,
    visit: Visit,
    caller: Caller,
    posted: Posted<TemplateRequest>,
) -> Result<Response, Failure> {
    let staff = caller.staff(&app, Action::ManageTemplates).await?;
    let Posted { form, command } = posted;
    let id = TemplateId::new(uuid::Uuid::now_v7());
    let written = match command {
        Ok(command) => command.once(&app, || write(&app, &staff, id, &command, true)).await,
        Err(failure) => Err(failure),
    };
    match written {
        Ok(reply) if form.is_none() => Ok(reply.into_response()),
        Ok(_) => Ok(see_other("/workspace/templates?done=template-written")),
        Err(failure) if !visit.page => Err(failure),
        Err(failure) => {
            let status = failure.refusal().status;
            let mut l = visit.layout;
            "/workspace/templates".clone_into(&mut l.here);
            let form = Form::refused(&l, form, failure)?;
            html_with(status, &TemplatesPage::of(&app, &staff, l, form).await?)
        }
    }
}

/// One template.
#[utoipa::path(get, path = "/workspace/templates/{id}", tag = "casework", params(("id" = String, Path)),
    responses((status = 200, body = TemplateView),
        (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn show(
    State(app): State<App>,
    Path(id): Path<String>,
    visit: Visit,
    caller: Caller,
) -> Result<Response, Failure> {
    let staff = caller.staff(&app, Action::ReadInbox).await?;
    let template = one(&app, &staff, &id).await?;
    if visit.page {
        let mut values = FormValues::default();
        values.set("name", template.name.as_str());
        values.set("text", template.text.as_str());
        values.set("category", template.category.as_ref().map_or("", CategoryId::as_str));
        return html(&TemplatePage::of(&app, visit.layout, template, Form::filled(values)).await?);
    }
    Ok(Json(template).into_response())
}

/// Change a template of the caller's organization.
#[utoipa::path(post, path = "/workspace/templates/{id}", tag = "casework", request_body = TemplateRequest,
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = TemplateWritten), (status = 303, description = "A form was taken"),
        (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn change(
    State(app): State<App>,
    Path(id): Path<String>,
    visit: Visit,
    caller: Caller,
    posted: Posted<TemplateRequest>,
) -> Result<Response, Failure> {
    let staff = caller.staff(&app, Action::ManageTemplates).await?;
    let template = own(&app, &staff, &id).await?;
    let Posted { form, command } = posted;
    let written = match command {
        Ok(command) => command.once(&app, || write(&app, &staff, template.id, &command, false)).await,
        Err(failure) => Err(failure),
    };
    match written {
        Ok(reply) if form.is_none() => Ok(reply.into_response()),
        Ok(_) => Ok(see_other("/workspace/templates?done=template-written")),
        Err(failure) if !visit.page => Err(failure),
        Err(failure) => {
            let status = failure.refusal().status;
            let form = Form::refused(&visit.layout, form, failure)?;
            html_with(status, &TemplatePage::of(&app, visit.layout, template, form).await?)
        }
    }
}

/// Remove a template of the caller's organization.
#[utoipa::path(post, path = "/workspace/templates/{id}/removal", tag = "casework", request_body = Nothing,
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), (status = 303, description = "A form was taken"),
        (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn remove(
    State(app): State<App>,
    Path(id): Path<String>,
    caller: Caller,
    posted: Posted<Nothing>,
) -> Result<Response, Failure> {
    let staff = caller.staff(&app, Action::ManageTemplates).await?;
    let Posted { form, command } = posted;
    let command = command?;
    let reply = command.once(&app, || take_away(&app, &staff, &id, &command)).await?;
    if form.is_some() {
        return Ok(see_other("/workspace/templates?done=template-removed"));
    }
    Ok(reply.into_response())
}

async fn write(
    app: &App,
    staff: &Staff,
    id: TemplateId,
    command: &Command<TemplateRequest>,
    is_new: bool,
) -> Result<Reply, Attempt> {
    let rulebook = app.store.rulebook().await?;
    let template = command.body.parse(id, &rulebook)?;
    let organization = &staff.person.organization;
    if is_new && app.store.templates(organization).await?.len() >= LIMIT {
        let message = format!("an organization has at most {LIMIT} templates: remove some");
        return Err(Failure::Conflict(FieldError::coded("", "too-many-templates", message)).into());
    }

    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    let reply = Reply::json(status, 0, &TemplateWritten { id })?;
    let stored = command.stored(&reply, None, app.clock.now());
    app.store.put_template(organization, &template, stored.as_ref()).await.map_err(Attempt::Commit)?;
    Ok(reply)
}

async fn take_away(app: &App, staff: &Staff, id: &str, command: &Command<Nothing>) -> Result<Reply, Attempt> {
    let template = own(app, staff, id).await?;
    let reply = Reply::empty(StatusCode::NO_CONTENT, 0);
    let stored = command.stored(&reply, None, app.clock.now());
    let organization = &staff.person.organization;
    app.store.delete_template(organization, template.id, stored.as_ref()).await.map_err(Attempt::Commit)?;
    Ok(reply)
}

impl TemplateRequest {
    fn parse(&self, id: TemplateId, rulebook: &Rulebook) -> Result<AnswerTemplate, Failure> {
        let mut wrong = Vec::new();
        let name = TemplateName::parse(&self.name);
        let text = AnswerText::parse(&self.text);
        for (field, error) in [("name", name.as_ref().err()), ("text", text.as_ref().err())] {
            wrong.extend(error.map(|error| FieldError::because(field, error)));
        }
        let category = self.category.as_ref().map(|wanted| rulebook.categories.find(wanted));
        if let (Some(None), Some(wanted)) = (category, &self.category) {
            let message = format!("there is no category «{wanted}»");
            wrong.push(FieldError::coded("category", "unknown-entry", message).with("wanted", wanted));
        }
        match (name, text) {
            (Ok(name), Ok(text)) if wrong.is_empty() => Ok(AnswerTemplate {
                id,
                name,
                text,
                category: category.flatten().map(|node| node.id.clone()),
            }),
            _ => Err(Failure::Invalid(wrong)),
        }
    }
}

/// The templates that fit a case: those for its category first, then those for every category.
pub(crate) async fn for_case(
    app: &App,
    submission: &Submission,
    rulebook: &Rulebook,
) -> Result<Vec<AnswerTemplate>, Failure> {
    let Some(organization) = &submission.organization else { return Ok(Vec::new()) };
    let Some(placed) = app.store.organization(organization).await? else { return Ok(Vec::new()) };
    let above: Vec<&CategoryId> = match &submission.category {
        Some(category) => rulebook.categories.upward(category).map(|node| &node.id).collect(),
        None => Vec::new(),
    };
    let (mut special, mut general) = (Vec::new(), Vec::new());
    for organization in upward(&placed.path) {
        for template in app.store.templates(&organization).await? {
            match &template.category {
                None => general.push(template),
                Some(category) if above.contains(&category) => special.push(template),
                Some(_) => {}
            }
        }
    }
    special.append(&mut general);
    Ok(special)
}

/// What the caller's organization may use: its own templates and those of the organizations above it.
async fn usable(app: &App, staff: &Staff) -> Result<Vec<TemplateView>, Failure> {
    let organizations = upward(staff.path());
    let names = app.store.organization_names(organizations.clone()).await?;
    let mut views = Vec::new();
    for organization in organizations {
        let name = names.get(&organization).cloned().unwrap_or_else(|| organization.to_string());
        let own = organization == staff.person.organization && staff.may(Action::ManageTemplates);
        for template in app.store.templates(&organization).await? {
            views.push(TemplateView::of(template, &organization, &name, own));
        }
    }
    Ok(views)
}

async fn one(app: &App, staff: &Staff, id: &str) -> Result<TemplateView, Failure> {
    let id: TemplateId = id.parse().map_err(|_| Failure::NotFound)?;
    let all = usable(app, staff).await?;
    all.into_iter().find(|template| template.id == id).ok_or(Failure::NotFound)
}

/// One that the caller may change; another organization's looks like one that does not exist.
async fn own(app: &App, staff: &Staff, id: &str) -> Result<TemplateView, Failure> {
    let template = one(app, staff, id).await?;
    if template.own { Ok(template) } else { Err(Failure::NotFound) }
}

impl TemplateView {
    fn of(template: AnswerTemplate, organization: &OrganizationId, name: &str, own: bool) -> Self {
        Self {
            id: template.id,
            name: template.name.into(),
            text: template.text.into(),
            category: template.category,
            organization: Named { id: organization.to_string(), name: name.to_owned() },
            own,
        }
    }
}

impl TemplatesPage {
    async fn of(app: &App, staff: &Staff, l: Layout, form: Form) -> Result<Self, Failure> {
        let list = usable(app, staff).await?;
        let categories = categories(&*app.store.rulebook().await?);
        Ok(Self { l, list, form, categories, may_manage: staff.may(Action::ManageTemplates) })
    }

    fn category_of(&self, template: &TemplateView) -> Option<String> {
        let id = template.category.as_ref()?;
        let choice = self.categories.iter().find(|choice| choice.value == id.as_str());
        Some(choice.map_or_else(|| id.to_string(), |choice| choice.label.clone()))
    }
}

impl TemplatePage {
    async fn of(app: &App, l: Layout, template: TemplateView, form: Form) -> Result<Self, Failure> {
        let categories = categories(&*app.store.rulebook().await?);
        Ok(Self { l, template, form, categories })
    }
}

/// Groups and the topics in them.
fn categories(rulebook: &Rulebook) -> Vec<Choice> {
    let mut choices = Vec::new();
    for root in rulebook.categories.roots() {
        let group = rulebook.categories.get(root).map(|node| node.name().to_owned());
        for id in rulebook.categories.subtree(root) {
            if let Some(node) = rulebook.categories.get(&id) {
                choices.push(Choice { group: group.clone(), ..Choice::new(id.as_str(), node.name()) });
            }
        }
    }
    choices
}

//! Answer templates of an organization: kept by its coordinators and approvers, used by it and those under it.

use askama::Template;
use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::authorization::Action;
use domain::category::Category;
use domain::rulebook::Rulebook;
use domain::submission::Submission;
use domain::template::{AnswerTemplate, TemplateName};
use domain::text::AnswerText;
use domain::tree::{Node, Tree};
use domain::{CategoryId, OrganizationId, TemplateId};
use entrypoint::App;
use entrypoint::http::{
    Attempt, Caller, Failure, FieldError, FieldErrors, FormValues, HttpCommand, Nothing, Path, Posted, Reply,
    Staff, lookup,
};
use pages::Choice;
use pages::prelude::*;
use pages::submission::Named;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::colleagues::upward;

/// The most templates that one organization has.
const LIMIT: usize = 200;
/// Where a browser goes when a template was written.
const WRITTEN: &str = "/workspace/templates?done=template-written";

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
    /// Whether the caller may change it.
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
    responses((status = 200, body = TemplateList), Failure))]
pub(crate) async fn list(app: App, visit: Visit, caller: Caller) -> Result<Response, Failure> {
    let staff = caller.staff(&app, Action::ReadInbox).await?;
    if visit.page {
        return html(&TemplatesPage::of(&app, &staff, visit.layout, Form::default()).await?);
    }
    Ok(Json(TemplateList { items: usable(&app, &staff).await? }).into_response())
}

/// A new template of the caller's organization.
#[utoipa::path(post, path = "/workspace/templates", tag = "casework", request_body = TemplateRequest,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = TemplateWritten), (status = 303, description = "A form was taken"), Failure))]
pub(crate) async fn create(
    app: App,
    visit: Visit,
    caller: Caller,
    posted: Posted<TemplateRequest>,
) -> Result<Response, Failure> {
    let staff = caller.staff(&app, Action::ManageTemplates).await?;
    let id = TemplateId::new(uuid::Uuid::now_v7());
    let act = async |command: HttpCommand<TemplateRequest>| {
        let reply = command.run_idempotent(&app, || write(&app, &staff, id, &command, true)).await?;
        Ok(Done::new(reply, WRITTEN))
    };
    let again = async |mut l: Layout, form| {
        "/workspace/templates".clone_into(&mut l.here);
        html(&TemplatesPage::of(&app, &staff, l, form).await?)
    };
    visit.answer(posted, act, again).await
}

/// One template.
#[utoipa::path(get, path = "/workspace/templates/{id}", tag = "casework", params(("id" = String, Path)),
    responses((status = 200, body = TemplateView), Failure))]
pub(crate) async fn show(
    app: App,
    Path(id): Path<TemplateId>,
    visit: Visit,
    caller: Caller,
) -> Result<Response, Failure> {
    let staff = caller.staff(&app, Action::ReadInbox).await?;
    let template = one(&app, &staff, id).await?;
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
    responses((status = 200, body = TemplateWritten), (status = 303, description = "A form was taken"), Failure))]
pub(crate) async fn change(
    app: App,
    Path(id): Path<TemplateId>,
    visit: Visit,
    caller: Caller,
    posted: Posted<TemplateRequest>,
) -> Result<Response, Failure> {
    let staff = caller.staff(&app, Action::ManageTemplates).await?;
    let template = own(&app, &staff, id).await?;
    let id = template.id;
    let act = async |command: HttpCommand<TemplateRequest>| {
        let reply = command.run_idempotent(&app, || write(&app, &staff, id, &command, false)).await?;
        Ok(Done::new(reply, WRITTEN))
    };
    let again = async |l, form| html(&TemplatePage::of(&app, l, template, form).await?);
    visit.answer(posted, act, again).await
}

/// Remove a template of the caller's organization.
#[utoipa::path(post, path = "/workspace/templates/{id}/removal", tag = "casework", request_body = Nothing,
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), (status = 303, description = "A form was taken"), Failure))]
pub(crate) async fn remove(
    app: App,
    Path(id): Path<TemplateId>,
    visit: Visit,
    caller: Caller,
    posted: Posted<Nothing>,
) -> Result<Response, Failure> {
    let staff = caller.staff(&app, Action::ManageTemplates).await?;
    let act = async |command: HttpCommand<Nothing>| {
        let reply = command.run_idempotent(&app, || take_away(&app, &staff, id, &command)).await?;
        Ok(Done::new(reply, "/workspace/templates?done=template-removed"))
    };
    visit.answer_button(posted, act).await
}

async fn write(
    app: &App,
    staff: &Staff,
    id: TemplateId,
    command: &HttpCommand<TemplateRequest>,
    is_new: bool,
) -> Result<Reply, Attempt> {
    let rulebook = app.store.rulebook().await?;
    let template = command.body.parse(id, &rulebook.categories)?;
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

async fn take_away(
    app: &App,
    staff: &Staff,
    id: TemplateId,
    command: &HttpCommand<Nothing>,
) -> Result<Reply, Attempt> {
    let template = own(app, staff, id).await?;
    let reply = Reply::empty(StatusCode::NO_CONTENT, 0);
    let stored = command.stored(&reply, None, app.clock.now());
    let organization = &staff.person.organization;
    app.store.delete_template(organization, template.id, stored.as_ref()).await.map_err(Attempt::Commit)?;
    Ok(reply)
}

impl TemplateRequest {
    fn parse(&self, id: TemplateId, categories: &Tree<Category>) -> Result<AnswerTemplate, Failure> {
        let mut errors = FieldErrors::default();
        let name = errors.check("name", TemplateName::parse(&self.name));
        let text = errors.check("text", AnswerText::parse(&self.text));
        let wanted = self.category.as_ref();
        let found = |wanted: &String| errors.check("category", lookup::node(categories, wanted));
        let category = wanted.and_then(found).map(|node| node.id.clone());
        errors.finish(name.zip(text).map(|(name, text)| AnswerTemplate { id, name, text, category }))
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

async fn one(app: &App, staff: &Staff, id: TemplateId) -> Result<TemplateView, Failure> {
    let all = usable(app, staff).await?;
    all.into_iter().find(|template| template.id == id).ok_or(Failure::NotFound)
}

/// One that the caller may change; another organization's looks like one that does not exist.
async fn own(app: &App, staff: &Staff, id: TemplateId) -> Result<TemplateView, Failure> {
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

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn categories() -> Tree<Category> {
        let lamp = json!({ "id": "lamp", "name": "Фонарь" });
        Tree::build(vec![serde_json::from_value(lamp).unwrap()]).unwrap()
    }

    fn parsed(request: Value) -> Result<Option<String>, String> {
        let request: TemplateRequest = serde_json::from_value(request).unwrap();
        let told = |failure: Failure| {
            let reasons = failure.refusal().reasons.into_iter();
            reasons.map(|reason| format!("{} {}", reason.field, reason.code)).collect::<Vec<_>>().join(", ")
        };
        let id = TemplateId::new(uuid::Uuid::nil());
        let template = request.parse(id, &categories()).map_err(told)?;
        Ok(template.category.map(|category| category.to_string()))
    }

    #[test]
    fn everything_that_is_wrong_with_a_template_is_told() {
        assert_eq!(parsed(json!({ "name": "Яма", "text": "Засыпана." })), Ok(None));
        let named = json!({ "name": "Фонарь", "text": "Горит.", "category": "фонарь" });
        assert_eq!(parsed(named), Ok(Some("lamp".to_owned())));
        let wrong = json!({ "category": "pothole" });
        assert_eq!(parsed(wrong), Err("name empty, text empty, category unknown-entry".into()));
    }
}

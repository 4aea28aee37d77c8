//! `GET /settings` and `POST /settings`: what the viewer wants to be told by mail, in which language, and the territory whose
//! polls they follow.

use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::TerritoryId;
use domain::notification::{Group, Settings};
use domain::rulebook::Rulebook;
use domain::territory::Territory;
use domain::tree::Tree;
use entrypoint::App;
use entrypoint::http::{Caller, Command, Failure, FieldError, FormValues, Posted, Problem};
use pages::prelude::*;
use pages::{Choice, Language, choices};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::notices::signed_in;

/// What the caller is told by mail. Notices in the pages always come.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SettingsView {
    /// `own`: one's own submissions; `work`; `deadlines`; `polls`: those of the territory that is followed.
    #[schema(value_type = Vec<String>)]
    mail: Vec<Group>,
    /// The territory whose polls the caller follows; none if they follow none.
    #[schema(value_type = Option<String>)]
    polls_of: Option<TerritoryId>,
    /// Language of mail: `ru` or `en`.
    language: String,
    /// Where mail goes, as the identity provider said; none if it did not say.
    email: Option<String>,
}

/// What the caller wants to be told by mail.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SettingsRequest {
    /// `own`, `work`, `deadlines`, `polls`; what is left out is not sent.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    mail: Vec<Group>,
    /// The territory whose polls the caller wants to be told of, by id or exact name: those of the territory itself, of
    /// those below it and of those above it. No polls if it is left out.
    #[serde(default)]
    polls_of: Option<String>,
    /// `ru` or `en`.
    language: String,
}

impl SettingsRequest {
    fn parse(&self, territories: &Tree<Territory>) -> Result<Settings, Failure> {
        let wanted = self.polls_of.as_deref().map(str::trim).filter(|wanted| !wanted.is_empty());
        let polls_of = match wanted {
            None => None,
            Some(wanted) => Some(territories.find(wanted).ok_or_else(|| {
                let message = "give the id or the exact name of a territory, or leave it out";
                Failure::Invalid(vec![FieldError::coded("polls_of", "unknown-entry", message)])
            })?),
        };
        let language = Language::ALL.into_iter().find(|language| language.tag() == self.language);
        let language = language.ok_or_else(|| {
            Failure::Invalid(vec![FieldError::coded("language", "missing", "there are texts in ru and en")])
        })?;
        Ok(Settings {
            own: self.mail.contains(&Group::Own),
            work: self.mail.contains(&Group::Work),
            deadlines: self.mail.contains(&Group::Deadlines),
            polls: self.mail.contains(&Group::Polls),
            polls_of: polls_of.map(|territory| territory.id.clone()),
            language: language.tag().to_owned(),
        })
    }
}

impl SettingsView {
    fn new(settings: &Settings, email: Option<String>) -> Self {
        let wanted = |group: &Group| settings.wants_mail(*group);
        Self {
            mail: Group::ALL.into_iter().filter(wanted).collect(),
            polls_of: settings.polls_of.clone(),
            language: settings.language.clone(),
            email,
        }
    }

    fn form(&self) -> Form {
        let mut values = FormValues::default();
        for group in &self.mail {
            values.set(GROUPS, group.as_str());
        }
        if let Some(territory) = &self.polls_of {
            values.set("polls_of", territory.as_str());
        }
        values.set("language", &self.language);
        Form::filled(values)
    }
}

/// The boxes of the form.
const GROUPS: &str = "mail[]";

#[derive(Template)]
#[template(path = "settings.html")]
struct SettingsPage {
    l: Layout,
    form: Form,
    email: Option<String>,
    languages: Vec<Choice>,
    /// None: there are so many that the name is typed.
    territories: Option<Vec<Choice>>,
}

impl SettingsPage {
    fn new(l: Layout, form: Form, email: Option<String>, rulebook: &Rulebook) -> Self {
        let choice = |language: Language| Choice::new(language.tag(), l.named("language", language.tag()));
        let nowhere = Choice::new("", l.t("settings-polls-none"));
        let territories = choices::territories(&l, &rulebook.territories);
        let territories =
            territories.map(|territories| std::iter::once(nowhere).chain(territories).collect());
        Self { languages: Language::ALL.map(choice).into(), territories, l, form, email }
    }

    /// What concerns the viewer, and is shown.
    fn groups(&self) -> impl Iterator<Item = Group> {
        let staff = self.l.is_staff();
        Group::ALL.into_iter().filter(move |group| staff || group.is_for_everybody())
    }

    /// What does not concern them now, and stays as it is: a citizen may become a clerk.
    fn kept(&self) -> impl Iterator<Item = Group> {
        let staff = self.l.is_staff();
        let chosen = |group: &Group| self.form.chosen(GROUPS, group.as_str());
        Group::ALL.into_iter().filter(move |group| !staff && !group.is_for_everybody()).filter(chosen)
    }
}

/// What the caller is told by mail.
#[utoipa::path(get, path = "/settings", tag = "portal",
    responses((status = 200, body = SettingsView), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn show(State(app): State<App>, visit: Visit, caller: Caller) -> Result<Response, Failure> {
    let person = signed_in(&caller)?;
    let settings = app.store.settings(person).await?;
    let view = SettingsView::new(&settings, email(&app, &caller).await?);
    if visit.page {
        let form = view.form();
        let rulebook = app.store.rulebook().await?;
        return html(&SettingsPage::new(visit.layout, form, view.email, &rulebook));
    }
    Ok(Json(view).into_response())
}

/// Choose what comes by mail.
#[utoipa::path(post, path = "/settings", tag = "portal", request_body = SettingsRequest,
    responses((status = 200, body = SettingsView), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn change(
    State(app): State<App>,
    visit: Visit,
    caller: Caller,
    posted: Posted<SettingsRequest>,
) -> Result<Response, Failure> {
    let is_form = posted.form.is_some();
    match save(&app, posted.command).await {
        Ok(_) if is_form => Ok(see_other("/settings?done=settings-saved")),
        Ok(view) => Ok(Json(view).into_response()),
        Err(failure) => {
            let status = failure.refusal().status;
            let form = Form::refused(&visit.layout, posted.form, failure)?;
            let (email, rulebook) = (email(&app, &caller).await?, app.store.rulebook().await?);
            html_with(status, &SettingsPage::new(visit.layout, form, email, &rulebook))
        }
    }
}

async fn save(
    app: &App,
    command: Result<Command<SettingsRequest>, Failure>,
) -> Result<SettingsView, Failure> {
    let command = command?;
    let person = signed_in(&command.caller)?;
    let territories = &app.store.rulebook().await?.territories;
    let settings = command.body.parse(territories)?;
    let followed: Vec<TerritoryId> = match &settings.polls_of {
        Some(territory) => territories.upward(territory).map(|place| place.id.clone()).collect(),
        None => Vec::new(),
    };
    app.store.keep_settings(person, &settings, &followed).await?;
    Ok(SettingsView::new(&settings, email(app, &command.caller).await?))
}

/// Where mail goes: what the provider said last.
async fn email(app: &App, caller: &Caller) -> Result<Option<String>, Failure> {
    let contact = app.store.contact(signed_in(caller)?).await?;
    Ok(contact.and_then(|contact| contact.email))
}

//! `GET /settings` and `POST /settings`: what the viewer wants to be told by mail, in which language, and the territory whose
//! polls they follow.

use askama::Template;
use axum::Json;
use axum::response::{IntoResponse, Response};
use domain::TerritoryId;
use domain::notification::{Group, Settings};
use domain::rulebook::Rulebook;
use domain::territory::Territory;
use domain::tree::Tree;
use entrypoint::App;
use entrypoint::http::{Caller, Failure, FieldErrors, FormValues, HttpCommand, Posted, lookup};
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
        let mut errors = FieldErrors::default();
        let wanted = self.polls_of.as_deref().map(str::trim).filter(|wanted| !wanted.is_empty());
        let polls_of = wanted.and_then(|wanted| errors.check("polls_of", lookup::node(territories, wanted)));
        let known = Language::ALL.into_iter().find(|language| language.tag() == self.language);
        let language = known.or_else(|| errors.refuse("language", "missing", "there are texts in ru and en"));
        errors.finish(language.map(|language| Settings {
            own: self.mail.contains(&Group::Own),
            work: self.mail.contains(&Group::Work),
            deadlines: self.mail.contains(&Group::Deadlines),
            polls: self.mail.contains(&Group::Polls),
            polls_of: polls_of.map(|territory| territory.id.clone()),
            language: language.tag().to_owned(),
        }))
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
    responses((status = 200, body = SettingsView), Failure))]
pub(crate) async fn show(app: App, visit: Visit, caller: Caller) -> Result<Response, Failure> {
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
    responses((status = 200, body = SettingsView), Failure))]
pub(crate) async fn change(
    app: App,
    visit: Visit,
    caller: Caller,
    posted: Posted<SettingsRequest>,
) -> Result<Response, Failure> {
    let act = async |command: HttpCommand<SettingsRequest>| {
        Ok(Done::new(Json(save(&app, &command).await?), "/settings?done=settings-saved"))
    };
    let again = async |l, form| {
        let (email, rulebook) = (email(&app, &caller).await?, app.store.rulebook().await?);
        html(&SettingsPage::new(l, form, email, &rulebook))
    };
    visit.answer(posted, act, again).await
}

async fn save(app: &App, command: &HttpCommand<SettingsRequest>) -> Result<SettingsView, Failure> {
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

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn territories() -> Tree<Territory> {
        let named = [("town", "Город", None), ("a", "Центр", Some("town")), ("b", "Центр", Some("town"))];
        let territory = |(id, name, parent)| json!({ "id": id, "name": name, "parent": parent });
        Tree::build(named.map(territory).map(|node| serde_json::from_value(node).unwrap()).into()).unwrap()
    }

    fn parsed(request: Value) -> Result<Option<String>, String> {
        let request: SettingsRequest = serde_json::from_value(request).unwrap();
        let told = |failure: Failure| {
            let reasons = failure.refusal().reasons.into_iter();
            reasons.map(|reason| format!("{} {}", reason.field, reason.code)).collect::<Vec<_>>().join(", ")
        };
        let settings = request.parse(&territories()).map_err(told)?;
        Ok(settings.polls_of.map(|territory| territory.to_string()))
    }

    #[test]
    fn polls_are_followed_by_id_or_name_of_a_territory() {
        for (request, followed) in [
            (json!({ "language": "ru" }), Ok(None)),
            (json!({ "language": "ru", "polls_of": " " }), Ok(None)),
            (json!({ "language": "ru", "polls_of": "a" }), Ok(Some("a"))),
            (json!({ "language": "ru", "polls_of": "город" }), Ok(Some("town"))),
            (json!({ "language": "ru", "polls_of": "Центр" }), Err("polls_of ambiguous-entry")),
            (json!({ "language": "de", "polls_of": "z" }), Err("polls_of unknown-entry, language missing")),
        ] {
            let expected = followed.map(|id| id.map(str::to_owned)).map_err(str::to_owned);
            assert_eq!(parsed(request.clone()), expected, "{request}");
        }
    }
}

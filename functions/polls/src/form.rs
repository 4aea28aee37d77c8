//! The form in which a poll is prepared.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::authorization::Action;
use domain::poll::Question;
use domain::poll::ballot::BallotKind;
use domain::poll::count::{CountingRule, TieBreak};
use domain::tree::Node;
use entrypoint::App;
use entrypoint::http::{Caller, Failure, FormValues, Problem};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use pages::Choice;
use pages::prelude::*;

/// What can be chosen in the form.
pub(crate) struct PollForm {
    pub(crate) territories: Vec<Choice>,
    pub(crate) kinds: Vec<Choice>,
    pub(crate) rules: Vec<Choice>,
    pub(crate) ties: Vec<Choice>,
    pub(crate) answers: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "poll-new.html")]
struct NewPollPage {
    l: Layout,
    form: Form,
    draft: PollForm,
}

/// The form for a new poll; a page.
#[utoipa::path(get, path = "/polls/new", tag = "polls",
    responses((status = 200, body = String, content_type = "text/html"),
        (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn show(State(app): State<App>, visit: Visit, caller: Caller) -> Result<Response, Failure> {
    caller.staff(&app, Action::ManagePolls).await?;
    let form = Form::filled(FormValues::default());
    page(&app, axum::http::StatusCode::OK, visit.layout, form).await
}

/// The page with this form.
pub(crate) async fn page(
    app: &App,
    status: axum::http::StatusCode,
    l: Layout,
    form: Form,
) -> Result<Response, Failure> {
    let draft = PollForm::of(app, &l).await?;
    html_with(status, &NewPollPage { l, form, draft })
}

impl PollForm {
    pub(crate) async fn of(app: &App, l: &Layout) -> Result<Self, Failure> {
        let rulebook = app.store.rulebook().await?;
        let mut territories = Vec::new();
        for root in rulebook.territories.roots() {
            for id in rulebook.territories.subtree(root) {
                if let Some(node) = rulebook.territories.get(&id) {
                    territories.push(Choice::new(id.as_str(), node.name()));
                }
            }
        }
        let choice = |beginning: &str, value: &str| Choice::new(value, l.named(beginning, value));
        Ok(Self {
            territories,
            kinds: BallotKind::ALL.map(|kind| choice("poll-kind", kind.as_str())).into(),
            rules: CountingRule::ALL.map(|rule| choice("poll-rule", rule.name())).into(),
            ties: TieBreak::ALL.map(|ties| choice("poll-ties", ties.as_str())).into(),
            answers: vec![
                Choice::new("true", l.t("poll-form-yes")),
                Choice::new("false", l.t("poll-form-no")),
            ],
        })
    }
}

/// The form as the draft is, with times as clocks show them there.
pub(crate) fn filled(question: &Question, zone: &TimeZone) -> Form {
    let mut values = FormValues::default();
    let instant = |at: Timestamp| at.to_zoned(zone.clone()).strftime("%Y-%m-%dT%H:%M").to_string();
    let mut set = |name: &str, value: String| values.set(name, value);
    set("title", question.title.as_str().to_owned());
    set("text", question.text.as_str().to_owned());
    set("territory", question.territory.to_string());
    let eligibility = &question.eligibility;
    set("eligibility.territory", eligibility.territory.as_ref().map(ToString::to_string).unwrap_or_default());
    set("eligibility.minimum_age", eligibility.minimum_age.map(|age| age.to_string()).unwrap_or_default());
    set("eligibility.identified", eligibility.identified.to_string());
    set("opens", instant(question.opens));
    set("closes", instant(question.closes));
    set("ballot.kind", question.format.kind().as_str().to_owned());
    set("ballot.limit", question.format.limit().map(|limit| limit.to_string()).unwrap_or_default());
    set("rule", question.rule.name().to_owned());
    set("ties", question.ties.as_str().to_owned());
    set("seats", question.seats.to_string());
    set("budget", question.budget.to_string());
    set("threshold", question.threshold.to_string());
    set("revotes", question.revotes.to_string());
    let line = |option: &domain::poll::PollOption| {
        let place = option.place.as_ref().map_or("", |place| place.as_str());
        let description = option.description.as_ref().map_or("", |text| text.as_str());
        let line = format!("{} | {} | {place}", option.name.as_str(), option.cost);
        // Several lines do not fit into one: they are kept as they are.
        if description.is_empty() || description.contains(['\n', '|']) {
            line
        } else {
            format!("{line} | {description}")
        }
    };
    set("lines", question.options.iter().map(line).collect::<Vec<_>>().join("\n"));
    Form::filled(values)
}

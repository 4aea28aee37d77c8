//! The wizard in which a poll is prepared, one step after the other. It needs no scripts, and nothing is stored before the end: what
//! was filled in travels with the form.

pub(crate) mod filled;
pub(crate) mod step;

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use domain::authorization::Action;
use domain::tree::Node;
use domain::{PollId, TerritoryId};
use entrypoint::App;
use entrypoint::http::{Caller, Failure, FormValues, KEY_FIELD, Query, VERSION_FIELD};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use pages::prelude::*;
use pages::{Choice, Markup};
use poll::ballot::BallotKind;
use poll::count::{CountingRule, TieBreak};
use poll::pabulib::{PbFile, without_votes};
use poll::{Poll, PollOption, Question, Stage};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::access::{is_organizer, seen};
use crate::poll::facts;
use crate::poll::request::PollRequest;
use crate::poll::view::{PollView, local};
use crate::wizard::filled::filled;
use crate::wizard::step::WizardStep;

/// Where in the wizard.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct WizardQuery {
    /// `question`, `options`, `voters`, `ballot`, `count` or `check`; the first one if left out.
    step: Option<String>,
    /// The draft that is changed; a new poll if left out.
    draft: Option<String>,
}

#[derive(Template)]
#[template(path = "poll-wizard.html")]
struct WizardPage {
    l: Layout,
    step: WizardStep,
    draft: Option<PollId>,
    form: Form,
    /// What was filled in at the other steps.
    carried: Vec<(String, String)>,
    choices: WizardChoices,
    /// What voters will see; at the last step.
    preview: Option<Markup>,
}

/// What can be chosen at a step.
#[derive(Default)]
struct WizardChoices {
    territories: Vec<Choice>,
    kinds: Vec<Choice>,
    rules: Vec<Choice>,
    ties: Vec<Choice>,
    answers: Vec<Choice>,
    /// Whether anything costs something. Else there is no budget to be spent.
    costs: bool,
}

/// The wizard at a step; a page.
#[utoipa::path(get, path = "/polls/new", tag = "polls", params(WizardQuery),
    responses((status = 200, body = String, content_type = "text/html"), Failure))]
pub(crate) async fn show(
    app: App,
    Query(query): Query<WizardQuery>,
    visit: Visit,
    caller: Caller,
) -> Result<Response, Failure> {
    let draft = draft(&app, query.draft.as_deref(), &caller).await?;
    let values = match &draft {
        Some(poll) => {
            let zone = app.store.rulebook().await?.local_days(&poll.question.territory).zone;
            let mut values = filled(&poll.question, &zone);
            values.set(VERSION_FIELD, poll.version.to_string());
            values
        }
        None => beginning(app.clock.now(), &visit.layout.zone),
    };
    // A new one is filled in from the first step.
    let step = WizardStep::named(query.step.as_deref().filter(|_| draft.is_some()));
    let wizard = Wizard { app: &app, caller: &caller, draft: draft.as_ref(), values };
    wizard.page(StatusCode::OK, visit.layout, step, Vec::new()).await
}

/// The next step, or the one before; a page. What is wrong at a step is told there.
#[utoipa::path(post, path = "/polls/new", tag = "polls", params(WizardQuery),
    request_body(content = String, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, body = String, content_type = "text/html"), Failure))]
pub(crate) async fn advance(
    app: App,
    Query(query): Query<WizardQuery>,
    visit: Visit,
    caller: Caller,
    values: FormValues,
) -> Result<Response, Failure> {
    let draft = draft(&app, query.draft.as_deref(), &caller).await?;
    let step = WizardStep::named(query.step.as_deref());
    let back = values.get("go") == "back";
    let mut values = values.without(&["go"]);
    if step == WizardStep::Options
        && let Some(file) = values.read::<PollRequest>().ok().and_then(|request| request.file())
    {
        values = with_file(&values, &file);
    }
    let wizard = Wizard { app: &app, caller: &caller, draft: draft.as_ref(), values };
    if back {
        return wizard.page(StatusCode::OK, visit.layout, step.back(), Vec::new()).await;
    }
    let Err(failure) = wizard.check_until(step).await else {
        return wizard.page(StatusCode::OK, visit.layout, step.next(), Vec::new()).await;
    };
    let wrong = Form::refused(&visit.layout, Some(FormValues::default()), failure)?;
    wizard.page(StatusCode::UNPROCESSABLE_ENTITY, visit.layout, step, wrong.errors).await
}

/// The wizard after a draft could not be saved: at the first step where something is to be mended.
pub(crate) async fn again(
    app: &App,
    l: Layout,
    caller: &Caller,
    draft: Option<&Poll>,
    form: Form,
) -> Result<Response, Failure> {
    let mut values = form.values.without(&[VERSION_FIELD]);
    if let Some(poll) = draft {
        // Somebody else has changed it; the organizer was told so, and may go on.
        values.set(VERSION_FIELD, poll.version.to_string());
    }
    let wizard = Wizard { app, caller, draft, values };
    wizard.page(StatusCode::OK, l, WizardStep::Check, form.errors).await
}

/// The draft that is changed, if it is one that the caller may change.
async fn draft(app: &App, id: Option<&str>, caller: &Caller) -> Result<Option<Poll>, Failure> {
    caller.staff(app, Action::ManagePolls).await?;
    let Some(id) = id else { return Ok(None) };
    let poll = seen(app, id.parse().map_err(|_| Failure::NotFound)?, caller).await?;
    if poll.stage != Stage::Draft || !is_organizer(app, &poll, caller).await? {
        return Err(Failure::NotFound);
    }
    Ok(Some(poll))
}

/// What a new form begins with.
fn beginning(now: Timestamp, zone: &TimeZone) -> FormValues {
    let day = |days: i64| {
        let at = now + SignedDuration::from_hours(24 * days);
        at.to_zoned(zone.clone()).strftime("%Y-%m-%d").to_string()
    };
    let mut values = FormValues::default();
    values.set("opens", format!("{}T10:00", day(1)));
    values.set("closes", format!("{}T20:00", day(15)));
    values.set("eligibility.identified", "false");
    values.set("revotes", "true");
    values.set("ballot.kind", BallotKind::ChooseOne.as_str());
    values.set("ties", TieBreak::Lot.as_str());
    values.set("seats", "1");
    values
}

/// What a file says of more than the projects, and of the file only what the poll needs: it travels from step to step.
fn with_file(values: &FormValues, file: &PbFile) -> FormValues {
    let mut said = vec![
        ("pb", without_votes(values.get("pb")).to_owned()),
        ("budget", file.budget.to_string()),
        ("ballot.kind", file.format.kind().as_str().to_owned()),
    ];
    // A limit that the file does not name stays empty in the form.
    let limited = ["max_length", "max_points", "max_sum_points"].iter().any(|key| file.about(key).is_some());
    let limit = file.format.limit().filter(|_| limited);
    said.extend(limit.map(|limit| ("ballot.limit", limit.to_string())));
    said.extend((file.threshold() > 0).then(|| ("threshold", file.threshold().to_string())));
    let names: Vec<&str> = said.iter().map(|(name, _)| *name).collect();
    let mut values = values.without(&names);
    for (name, value) in said {
        values.set(name, value);
    }
    values
}

/// What was filled in so far.
struct Wizard<'w> {
    app: &'w App,
    caller: &'w Caller,
    draft: Option<&'w Poll>,
    values: FormValues,
}

impl Wizard<'_> {
    fn before(&self) -> &[PollOption] {
        self.draft.map(|poll| poll.question.options.as_slice()).unwrap_or_default()
    }

    async fn question(&self) -> Result<Question, Failure> {
        self.values.read::<PollRequest>()?.parse(&*self.app.store.rulebook().await?, self.before())
    }

    /// Checks this step and those before it. What belongs to later steps is not read.
    async fn check_until(&self, step: WizardStep) -> Result<(), Failure> {
        let later = WizardStep::ALL.into_iter().filter(|later| *later > step);
        let values = later.fold(self.values.clone(), |values, later| values.without(later.fields()));
        let request: PollRequest = values.read()?;
        request.check_until(step, &*self.app.store.rulebook().await?, self.before())
    }

    /// The page of a step; if something is wrong, of the first one where it can be mended.
    async fn page(
        &self,
        mut status: StatusCode,
        l: Layout,
        mut step: WizardStep,
        mut errors: Vec<(String, String)>,
    ) -> Result<Response, Failure> {
        let first = |errors: &[(String, String)]| {
            errors.iter().filter_map(|(field, _)| WizardStep::of_field(field)).min()
        };
        step = first(&errors).unwrap_or(step);
        let mut preview = None;
        if step == WizardStep::Check {
            match self.preview(&l).await {
                Ok(found) => preview = Some(found),
                Err(failure @ (Failure::Malformed(_) | Failure::Invalid(_))) => {
                    status = failure.refusal().status;
                    errors = Form::refused(&l, Some(FormValues::default()), failure)?.errors;
                    step = first(&errors).unwrap_or(WizardStep::Question);
                }
                Err(failure) => return Err(failure),
            }
        }
        errors.retain(|(field, _)| WizardStep::of_field(field).is_none_or(|of| of == step));
        for (field, _) in errors.iter_mut().filter(|(field, _)| field.starts_with("options")) {
            // The form has a field for all of them.
            "lines".clone_into(field);
        }
        // The last step gives the request a key of its own.
        let shown = [step.fields(), &[KEY_FIELD]].concat();
        let carried = self.values.iter().filter(|(name, _)| !shown.contains(name));
        let page = WizardPage {
            carried: carried.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            choices: self.choices(&l, step).await?,
            draft: self.draft.map(|poll| poll.id),
            form: Form { errors, ..Form::filled(self.values.clone()) },
            preview,
            step,
            l,
        };
        html_with(status, &page)
    }

    async fn choices(&self, l: &Layout, step: WizardStep) -> Result<WizardChoices, Failure> {
        let mut choices = WizardChoices {
            answers: vec![
                Choice::new("true", l.t("poll-form-yes")),
                Choice::new("false", l.t("poll-form-no")),
            ],
            ..WizardChoices::default()
        };
        let choice = |beginning: &str, value: &str| Choice::new(value, l.named(beginning, value));
        match step {
            WizardStep::Question | WizardStep::Voters => {
                let territories = &self.app.store.rulebook().await?.territories;
                let all = territories.roots().iter().flat_map(|root| territories.subtree(root));
                let named =
                    |id: TerritoryId| territories.get(&id).map(|node| Choice::new(id.as_str(), node.name()));
                choices.territories = all.filter_map(named).collect();
            }
            WizardStep::Ballot => {
                choices.kinds = BallotKind::ALL.map(|kind| choice("poll-kind", kind.as_str())).into();
            }
            WizardStep::Count => {
                let request: PollRequest = self.values.without(step.fields()).read()?;
                let kind = self.values.get("ballot.kind");
                choices.costs = request.costs_something(self.before());
                let fits = |rule: &CountingRule| counts(*rule, kind) && (choices.costs || !rule.spends());
                let rules = CountingRule::ALL.into_iter().filter(fits);
                choices.rules = rules.map(|rule| choice("poll-rule", rule.name())).collect();
                choices.ties = TieBreak::ALL.map(|ties| choice("poll-ties", ties.as_str())).into();
            }
            WizardStep::Options | WizardStep::Check => {}
        }
        Ok(choices)
    }

    /// The poll as voters will see it.
    async fn preview(&self, l: &Layout) -> Result<Markup, Failure> {
        let question = self.question().await?;
        let staff = self.caller.staff(self.app, Action::ManagePolls).await?;
        let mut poll = Poll::draft(PollId::new(uuid::Uuid::nil()), &staff.person, question);
        if let Some(draft) = self.draft {
            poll.organization = draft.organization.clone();
        }
        let view = PollView::of(self.app, &poll).await?;
        let l = local(self.app, &poll, l.clone()).await?;
        Ok(facts::preview(&l, &view, poll.question.rule.spends()))
    }
}

impl WizardPage {
    fn title(&self) -> String {
        self.l.t(if self.draft.is_some() { "poll-form-change" } else { "poll-form-title" })
    }

    /// Where the form goes: to the next step, and from the last one to what stores it.
    fn action(&self) -> String {
        match (self.step, &self.draft) {
            (WizardStep::Check, Some(id)) => format!("/polls/{id}"),
            (WizardStep::Check, None) => "/polls".to_owned(),
            (
                WizardStep::Question
                | WizardStep::Options
                | WizardStep::Voters
                | WizardStep::Ballot
                | WizardStep::Count,
                _,
            ) => self.back(),
        }
    }

    /// Where the wizard goes on from this step, forwards or backwards.
    fn back(&self) -> String {
        let draft = self.draft.map(|id| format!("&draft={id}")).unwrap_or_default();
        format!("/polls/new?step={}{draft}", self.step.as_str())
    }
}

fn counts(rule: CountingRule, kind: &str) -> bool {
    BallotKind::ALL.into_iter().any(|known| known.as_str() == kind && rule.counts(known))
}
